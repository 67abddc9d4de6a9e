"""What the page of a draft shows: its lines by the cut, what each still lacks, what publishing it will do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.text import fold
from recognition.enums import Purpose, Verdict
from recognition.models import DecisionDraft, DraftLine

OFFERED = {
    Purpose.RECOGNISE: (Verdict.RECOGNISE, Verdict.REFUSE, Verdict.LATER),
    Purpose.WITHDRAW: (Verdict.REVOKE, Verdict.LATER),
    Purpose.CORRECT: (Verdict.RETITLE, Verdict.LATER),
    Purpose.COMMEND: (Verdict.COMMEND, Verdict.LATER),
    Purpose.GRADE: (Verdict.GRADE, Verdict.LATER),
    Purpose.UNGRADE: (Verdict.UNGRADE, Verdict.LATER),
}
REASONED = (Verdict.REFUSE, Verdict.REVOKE, Verdict.UNGRADE)
"""The units are told why."""


@dataclass(frozen=True)
class Row:
    """A line as it is shown: as it was typed a moment ago, else as it is kept."""

    line: DraftLine
    verdict: str
    reason: str
    mend: str
    title: str
    subject: str
    grade: str

    @classmethod
    def of(cls, line: DraftLine, typed: Mapping[str, str]) -> "Row":
        def text(key: str, kept: str) -> str:
            return typed.get(f"{key}-{line.pk}", kept)

        return cls(
            line,
            text("kl", line.verdict),
            text("ly", line.reason),
            text("sua", line.mend),
            text("ten", line.title),
            text("nguoi", line.subject),
            text("bac", str(line.grade_id or "")),
        )

    @property
    def name(self) -> str:
        """What the line is about."""
        line = self.line
        if line.dossier:
            return line.dossier.registration.title
        return line.recognition.title if line.recognition else line.commendation.recipient if line.commendation else ""

    @property
    def words(self) -> str:
        """What a search in the list reads: name, people, unit, number, folded."""
        line, dossier = self.line, self.line.dossier
        held = line.recognition or line.commendation
        told = (dossier.number, dossier.registration.subject, dossier.proposer) if dossier else (getattr(held, "subject", ""),)
        return fold(" ".join(str(part or "") for part in (self.name, *told, self.subject)))

    def has(self, asked: str) -> bool:
        return fold(asked) in self.words

    @property
    def place(self) -> int:
        """Its rank, else the number of the dossier, else its place in the list."""
        if self.ballot:
            return int(self.ballot.rank)
        return (self.line.dossier.number if self.line.dossier else None) or self.line.position + 1

    @property
    def ballot(self) -> Any:
        return getattr(self.line.dossier, "ballot", None) if self.line.dossier else None

    @property
    def is_against_council(self) -> bool:
        return self.ballot is not None and not self.ballot.passed

    @property
    def lacks_reason(self) -> bool:
        recognised_against = self.verdict == Verdict.RECOGNISE and self.is_against_council
        return not self.reason and (self.verdict in REASONED or recognised_against)

    @property
    def asks_reason(self) -> bool:
        """Whether the reason is always asked for, whatever is concluded."""
        return self.line.dossier is None or self.is_against_council


@dataclass(frozen=True)
class Group:
    """Lines above or below the cut, or all."""

    title: str
    rows: list[Row]
    is_below: bool = False


def groups_of(draft: DecisionDraft, rows: Iterable[Row]) -> list[Group]:
    """In two groups where the council ranked them and a line was drawn."""
    rows = list(rows)
    cut = draft.round.cut_after if draft.round and draft.purpose == Purpose.RECOGNISE else None
    if cut is None or any(row.ballot is None for row in rows):
        return [Group("", rows)]
    above = [row for row in rows if row.ballot.rank <= cut]
    below = [row for row in rows if row.ballot.rank > cut]
    parts = [Group(f"Trên vạch: {len(above)} hồ sơ", above), Group(f"Dưới vạch: {len(below)} hồ sơ", below, is_below=True)]
    return [part for part in parts if part.rows]


@dataclass(frozen=True)
class Effects:
    """What publishing a draft does, in figures."""

    counts: dict[str, int]
    """verdict -> how many lines"""
    collectives: int
    individuals: int
    """Of those that are recognised."""
    grades: dict[str, int]
    """name of a grade -> how many are given it"""
    units: list[str]
    """Whose people are told."""


def effects_of(draft: DecisionDraft) -> Effects:
    """Of the draft as it is kept. One query."""
    lines = draft.lines.select_related(
        "grade", "dossier__registration", "dossier__unit", "recognition__registration", "commendation__recognition__registration"
    )
    counts, kinds, grades, units = Counter[str](), Counter[str](), Counter[str](), dict[str, None]()
    for line in lines:
        counts[line.verdict] += 1
        if line.verdict == Verdict.LATER:
            continue
        held = line.recognition or (line.commendation.recognition if line.commendation else None)
        row = line.dossier.registration if line.dossier else held.registration if held else None
        assert row is not None  # the database holds a line to one of the three
        if line.verdict == Verdict.RECOGNISE:
            kinds[row.subject_kind] += 1
        if line.grade and line.verdict != Verdict.UNGRADE:
            grades[line.grade.name] += 1
        units[line.dossier.proposer.name if line.dossier else row.place_name or row.unit_name] = None
    return Effects(dict(counts), kinds["collective"], kinds["individual"], dict(grades), sorted(units))
