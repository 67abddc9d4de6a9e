"""Words beside a table that say what the short ones in it mean: 'Lĩnh vực: 1. Kinh tế; 2. Văn hóa - xã hội. Loại: 1. Tập thể ...'."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from common.text import compare_key
from models_registry.registers.abbreviations import stands_for
from models_registry.registers.guessing import ENOUGH, Test, share
from models_registry.registers.headings import BY_HAND, Column, Heading, Role, plain
from models_registry.registers.signs import is_sign, signs_in

LISTED = (Role.FIELD, Role.KIND, Role.SUBJECT_KIND)
LONGEST_CODE = 4  # letters
MOST_READ = 5000  # rows behind the first ones that are held until what stands below the table is known
_ENDS = re.compile(r"[;\n()]|[.,](?=\s|$)|$")
_LABEL = re.compile(r"^(?:ghi chu|chu thich|chu giai|quy uoc|ki hieu|trong do)\b\s*")
_HOW_WRITTEN = re.compile(
    r"(?: (?:duoc|ghi|danh|viet|theo|ki hieu|quy uoc|ma|bang|chu|so|tat|nhu sau|la))+$"
)  # "Lĩnh vực ghi số: …"
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_NOTE_MARK = re.compile(r"\(?(\*+)\)?[\s:.]*$")

Lines = Iterable[list[str]]


@dataclass
class Legend:
    """One list of short words. `label`: the folded words before it, mostly those of the column's heading."""

    label: str
    role: Role
    meanings: dict[str, str] = field(default_factory=dict)

    def is_of(self, column: Column, values: list[str]) -> bool:
        """Whether a column's values are its short words, and neither heading speaks against it."""
        if not values or share(lambda text: compare_key(text) in self.meanings, values) < ENOUGH:
            return False
        if stars := _stars(column.label):
            return stars == self.label
        label = _HOW_WRITTEN.sub("", self.label)
        heads = (plain(column.label), plain(_REMARK.sub("", column.label)))  # "Lĩnh vực (1-4)"
        named = bool(label) and any(
            label.endswith(words) or stands_for(words, label) or stands_for(label, words) for words in heads if words
        )
        return named or (not self.label and self.role == column.role)


def codes_in(heading: Heading, values: dict[int, list[str]], tests: dict[Role, Test]) -> set[str]:
    """The short words below a heading that no list knows, of columns that may be lists; the signs behind titles."""
    title = heading.first(Role.TITLE)
    signs = signs_in(values.get(title.index, [])) if title else set()
    doubtful = [
        column.index for column in heading.columns if column.role in (*LISTED, Role.SUBJECT) and column.how not in BY_HAND
    ]
    codes = signs
    for at in (*doubtful, *(at for at, _ in heading.ignored if at not in heading.barred)):
        short = {
            text for text in values.get(at, []) if len(text) <= LONGEST_CODE and not any(test(text) for test in tests.values())
        }
        if len(short) > 1 and share(lambda text: len(text) <= LONGEST_CODE, values[at]) >= ENOUGH:
            codes |= short
    return codes


def legends_in(lines: Lines, codes: set[str], tests: dict[Role, Test]) -> list[Legend]:
    """The lists among a table's surroundings, each of at least two short words or of a sign. A word with two meanings has none."""
    found: list[Legend] = []
    spelled = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    coded = re.compile(rf"(?<![\w/.\-*])({spelled})\s*(?:[:=)]|\.(?!\d)|[-–]|\blà\b)\s*", re.IGNORECASE)
    label = ""
    for line in lines:
        text = " ; ".join(line) if len(line) != 2 or not coded.fullmatch(f"{line[0]}:") else f"{line[0]}: {line[1]}"
        marks = list(coded.finditer(text))
        begin = text[: marks[0].start()] if marks else text
        label = _label(begin) or label
        for n, mark in enumerate(marks):
            chunk = text[mark.end() : marks[n + 1].start() if n + 1 < len(marks) else len(text)]
            meaning, role = _meaning(chunk, tests)
            if role is None:
                continue
            key = compare_key(mark[1]) or mark[1]
            if not found or found[-1].role != role or found[-1].label != label or key in found[-1].meanings:
                found.append(Legend(label, role))
            found[-1].meanings[key] = meaning
            label = _label(chunk[len(meaning) :]) or label
    return [legend for legend in found if len(legend.meanings) > 1 or all(map(is_sign, legend.meanings))]


def _stars(text: str) -> str:
    """The mark that stands for a note below the table: 'Loại (**)' -> '**'."""
    found = _NOTE_MARK.search(text)
    return found[1] if found else ""


def _label(text: str) -> str:
    if stars := _stars(text):
        return stars
    words = _LABEL.sub("", compare_key(re.split(r"[;\n]|\.\s", text.strip(" ;.:(-"))[-1]))
    return words if len(words) < 40 else ""


def _meaning(chunk: str, tests: dict[Role, Test]) -> tuple[str, Role | None]:
    """The shortest beginning that some list knows, and the role whose list it is."""
    for mark in _ENDS.finditer(chunk):
        words = chunk[: mark.start()].rstrip()
        if 1 < len(words) < 80 and (role := next((role for role, test in tests.items() if test(words)), None)):
            return words, role
    return "", None
