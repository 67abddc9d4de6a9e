"""What the page of a draft shows: its lines by the cut, what each still lacks, what publishing it will do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from common.dates import VIETNAM, write_day
from common.text import fold
from recognition.enums import MeetingState, Purpose, Verdict
from recognition.models import DecisionDraft, DraftLine, Meeting
from recognition.models.dossiers import Proposer

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
UNREASONED = "chua-ly-do"


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

    def is_of(self, kind: str) -> bool:
        """Whether it is among those looked at: a verdict's value, UNREASONED, '' for all."""
        return self.lacks_reason if kind == UNREASONED else kind in ("", self.verdict)

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


def kinds_of(draft: DecisionDraft, rows: list[Row]) -> list[tuple[str, str, int]]:
    """(value, words, how many): what of a list may be looked at by itself."""
    verdicts = OFFERED[Purpose(draft.purpose)]
    found = [(UNREASONED, "Chưa có lý do", sum(row.lacks_reason for row in rows))]
    found += [(one.value, one.label, sum(row.verdict == one for row in rows)) for one in verdicts]
    return [one for one in found if one[2]]


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
        units[line.dossier.proposer.name if line.dossier else Proposer.of(row, draft.unit_id).name] = None
    return Effects(dict(counts), kinds["collective"], kinds["individual"], dict(grades), sorted(units))


def unwritten(draft: DecisionDraft) -> str:
    """What of the text nobody wrote, '' for nothing: a decision may go out without it, but not unnoticed."""
    parts = (("căn cứ", draft.grounds), ("xét đề nghị của ai, tại Tờ trình nào", draft.request))
    return "; ".join(name for name, text in parts if not text.strip())


def checks_of(draft: DecisionDraft, number: str, effects: Effects) -> list[str]:
    """What holds of a draft that nothing keeps from being published, in sentences. One query."""
    assert draft.decided_on is not None
    found = [f"Số {number} chưa dùng trong năm {draft.decided_on.year}"]
    meeting = Meeting.objects.filter(round=draft.round, state=MeetingState.CLOSED).first() if draft.round else None
    if meeting and draft.purpose == Purpose.RECOGNISE:
        found.append(f"Ngày {write_day(draft.decided_on)} không trước ngày họp {write_day(meeting.held_on)}")
    if reasoned := sum(effects.counts.get(verdict, 0) for verdict in REASONED):
        found.append(f"{reasoned}/{reasoned} dòng không công nhận, thu hồi có lý do")
    if recognised := effects.counts.get(Verdict.RECOGNISE):
        found.append(f"{effects.collectives} tập thể + {effects.individuals} cá nhân = {recognised}")
    if draft.checked_by and draft.checked_at:
        at = timezone.localtime(draft.checked_at, VIETNAM)
        found.append(f"{draft.checked_by} kiểm tra lúc {at:%H:%M %d/%m/%Y}")
    return found
