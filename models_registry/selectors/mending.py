"""What a mend of many rows of an upload would change, before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from django.db.models import Q, QuerySet

from common.text import clean, clean_lines, replace_words
from models_registry.enums import RowLink, RowState
from models_registry.models import ImportRow, RegisterImport
from models_registry.registers.reading import SET_ASIDE, Mends

MEND_LIMIT = 2000  # letters typed over one cell
LONG_LIMIT = 20_000  # over its contents, its note
_LONG = ("content", "note")
_UNTOUCHED = {*SET_ASIDE, "other_unit"}  # codes of rows that are not read at all, so that nothing typed over them counts
STATES = {"moi": RowState.NEW, "doi": RowState.CHANGED, "giu": RowState.UNCHANGED, "tu-choi": RowState.REFUSED}
LINKS = {"noi": RowLink.LINKED, "hoi": RowLink.ASKED, "khong": RowLink.NONE}


def rows_seen(upload: RegisterImport, chips: Iterable[str]) -> QuerySet[ImportRow]:
    """The rows that an address asks for (`xem`): of one state, of one kind of link, or both; those to look at first on top."""
    asked = Q()
    for chip in chips:
        if chip in STATES:
            asked &= Q(state=STATES[chip])
        elif chip in LINKS:
            asked &= Q(link=LINKS[chip])
    return upload.rows.filter(asked).order_by("rank", "sheet_no", "row", "nth")


def rows_at(upload: RegisterImport, sources: Iterable[str]) -> list[ImportRow]:
    """The upload's rows of these 'sheet!row'; what names none is left out."""
    wanted = set(sources)
    numbers = {
        int(number)
        for source in wanted
        if (number := source.rpartition("!")[2].partition(".")[0]).isdecimal() and len(number) < 8
    }
    rows = upload.rows.filter(row__in=numbers) if len(numbers) < 1000 else upload.rows.all()
    return [row for row in rows.iterator(1000) if row.source in wanted]


def holders(upload: RegisterImport, earlier: Iterable[int]) -> dict[int, list[str]]:
    """Which rows carry on these earlier registrations, by an answer or as the portal found: {earlier: ['sheet!row']}."""
    wanted, answers = set(earlier), upload.answers or {}
    found: dict[int, list[str]] = {}
    for source, answer in answers.items():
        if answer in wanted:
            found.setdefault(answer, []).append(source)
    for row in upload.rows.filter(told__linked__pk__in=wanted).exclude(link="") if wanted else ():
        if row.linked_to and row.source not in answers:
            found.setdefault(row.linked_to, []).append(row.source)
    return found


def is_mendable(row: ImportRow) -> bool:
    return not any(flaw["code"] in _UNTOUCHED for flaw in row.flaws)


def lists_several(row: ImportRow) -> bool:
    """Whether a row is one of several models of its row of the file, or is refused because that may list some."""
    return is_mendable(row) and (row.of > 1 or any(flaw["code"] == "title_several" for flaw in row.flaws))


def cleaned(part: str, text: str) -> str:
    """A text as it is typed over a part of a row."""
    return clean_lines(text)[:LONG_LIMIT] if part in _LONG else clean(text)[:MEND_LIMIT]


def stands(row: ImportRow, mends: Mends, part: str) -> str:
    """What a part of a row says now: what was typed over it, else the file's text."""
    return mends.get(row.source, {}).get(part, row.said.get(part, ""))


def mark_of(part: str, text: str) -> str:
    """A short mark of a part's text, by which a page says what it had shown."""
    return blake2b(cleaned(part, text).encode(), digest_size=4).hexdigest()


@dataclass(frozen=True)
class Change:
    """One thing done to one column: a value for all, or words replaced."""

    part: str
    value: str = ""
    find: str = ""
    put: str = ""
    exact: bool = False

    def of(self, text: str) -> str:
        return cleaned(self.part, replace_words(text, self.find, self.put, exact=self.exact) if self.find else self.value)


@dataclass(frozen=True)
class Chosen:
    """Which rows of an upload: those named, or all that the chips leave."""

    sources: frozenset[str] = frozenset()
    chips: tuple[str, ...] = ()
    is_all: bool = False


@dataclass(frozen=True)
class Planned:
    """{'sheet!row': (before, after)} of the cells that change; how many rows were looked at."""

    rows: int = 0
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)


def planned(upload: RegisterImport, chosen: Chosen, change: Change) -> Planned:
    """What a change would do to the chosen rows; rows that the file sets aside stay as they are."""
    rows = rows_seen(upload, chosen.chips if chosen.is_all else ())
    seen, cells = 0, {}
    for row in rows.iterator(1000):
        if not (chosen.is_all or row.source in chosen.sources) or not is_mendable(row):
            continue
        seen += 1
        before = stands(row, upload.mends, change.part)
        if (after := change.of(before)) != before:
            cells[row.source] = (before, after)
    return Planned(seen, cells)
