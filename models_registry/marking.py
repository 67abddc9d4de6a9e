"""What a checker marks on a registration, as raw texts by the names of the page's fields: `ly-do-3` the reason of box 3 (the id of a
listed one, or OTHER), `loi-3` the words to it, `loi` the words to the whole. Empty ones are left out.
"""

from collections.abc import Iterable, Mapping

from models_registry.boxes import BOXES

OTHER = "khac"
NOTE = "loi"
WORDS_LIMIT, NOTE_LIMIT = 1000, 2000
Marks = dict[str, str]

NAMES = (*(f"{part}-{box.number}" for box in BOXES for part in ("ly-do", "loi")), NOTE)


def typed_in(marks: Marks) -> list[tuple[str, str]]:
    """What was written by hand: where, the words."""
    names = {f"loi-{box.number}": f"Mục {box.number}" for box in BOXES} | {NOTE: "Lời chung"}
    return [(name, words) for key, name in names.items() if (words := marks.get(key, "").strip())]


def read_marks(posted: Mapping[str, str]) -> Marks:
    """What a form holds, trimmed to what the page takes."""
    limits = {NOTE: NOTE_LIMIT}
    texts = {name: posted.get(name, "")[: limits.get(name, WORDS_LIMIT)] for name in NAMES}
    return {name: text for name, text in texts.items() if _is_said(name, text)}


def _is_said(name: str, text: str) -> bool:
    if name.startswith("ly-do-"):
        return text == OTHER or (text.isascii() and text.isdigit() and len(text) < 10)
    return bool(text.strip())


def marked_boxes(marks: Marks) -> list[int]:
    """The boxes for which a reason is chosen or words are written."""
    return [box.number for box in BOXES if f"ly-do-{box.number}" in marks or f"loi-{box.number}" in marks]


def unsaid_boxes(marks: Marks) -> list[int]:
    """The boxes marked for another reason than those listed, which no words say."""
    return [n for n in marked_boxes(marks) if marks.get(f"ly-do-{n}") == OTHER and f"loi-{n}" not in marks]


def joined(base: Marks, mine: Marks, theirs: Marks, names: Iterable[str] = NAMES) -> tuple[Marks, Marks]:
    """(both hands' texts since `base`; where both wrote differently: what stands in `theirs`, which is kept)."""
    kept, conflicts = dict[str, str](), dict[str, str]()
    for name in names:
        was, my, their = base.get(name, ""), mine.get(name, ""), theirs.get(name, "")
        if my not in (was, their) and their != was:
            conflicts[name] = their
        kept[name] = their if my == was or name in conflicts else my
    return {name: text for name, text in kept.items() if text}, conflicts
