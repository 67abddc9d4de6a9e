"""A PDF without any table that tells of models in a list: its lines as paragraphs, each a row of one cell as in a document."""

import re
from itertools import pairwise

from models_registry.registers.formats.aligned import Line, Word, lines_of
from models_registry.registers.formats.table import Row

FEWEST = 2  # items that name a model
_BEGINS = re.compile(r"^(?:[-–—+•*]\s*(?=[^\s\-–—])|(?:[IVX]{1,5}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*|[a-zđ])\s*[.)/]\s*\S)")
_NAMES = re.compile(r"[“\"][^“”\"]{5,}[”\"]")
_FULL = 0.85  # of the width of the text: where a line ends that goes on
_APART = 3  # letters' heights between what stands in columns
_YEAR = re.compile(r"\d{4}\W*")  # of a day in a letterhead


def paragraphs_of(words: list[Word]) -> list[Row] | None:
    """All paragraphs of a document; None where hardly any names a model in a list."""
    rows = [row for row in _joined(lines_of(words)) if not (len(row) == 1 and row[0].isdecimal() and len(row[0]) < 4)]
    named = sum(len(row) == 1 and bool(_BEGINS.match(row[0]) and _NAMES.search(row[0])) for row in rows)
    return rows if named >= FEWEST else None


def _joined(lines: list[Line]) -> list[Row]:
    """Lines that go on with the one before, with it; a page's number between them is left out by who asks."""
    parted = [_cells(line) for line in lines]
    whole = [cells[0] for cells in parted if len(cells) == 1]
    left, right = min((word.left for word in whole), default=0), max((word.right for word in whole), default=0)
    full = left + _FULL * (right - left)
    rows: list[Row] = []
    before: list[Word] = []
    for cells in parted:
        at = _carried_on(before, cells, full) if before else None
        if at is None:
            rows.append([word.text for word in cells])
        else:
            rows[-1][at] = f"{rows[-1][at]} {cells[0].text}"
        before = cells if at is None or len(before) == 1 else before
    return rows


def _carried_on(before: list[Word], cells: list[Word], full: float) -> int | None:
    """Which cell of the previous line a line continues; None if it starts a cell of its own."""
    word = cells[0]
    if len(cells) > 1 or _BEGINS.match(word.text):
        return None
    if len(before) > 1:
        goes_on = _goes_on(word.text)
        return next((n for n, it in enumerate(before) if goes_on and it.left <= word.left and word.right <= it.right), None)
    return 0 if before[0].right >= full or _goes_on(word.text) else None


def _goes_on(text: str) -> bool:
    """Whether words begin as no sentence and no title does."""
    return text[0].islower() or text[0] in "(,;" or bool(_YEAR.fullmatch(text))


def _cells(line: Line) -> list[Word]:
    """A line's words together, as far as no wide space is between them: those of a text that is set to both margins."""
    found = [line.words[0]]
    for last, word in pairwise(line.words):
        if word.left - last.right < _APART * (word.bottom - word.top):
            before = found[-1]
            text = f"{before.text} {word.text}"
            found[-1] = Word(word.page, before.left, word.right, min(before.top, word.top), max(before.bottom, word.bottom), text)
        else:
            found.append(word)
    return found
