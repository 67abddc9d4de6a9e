"""What a round's page shows: where it stands, what stops the next phase and the one action for each, its list."""

from dataclasses import dataclass

from django.utils import timezone

from common.addresses import PageLink, link_to
from common.dates import VIETNAM, today, write_day
from organisation.models import Reader, Visitor
from recognition.enums import LAST_DAYS, Phase
from recognition.models import CouncilMember, RecognitionRound, RoundStep
from recognition.permissions import can_follow, can_run, seat_of
from recognition.selectors.council import progress_of
from recognition.selectors.dossiers import dossiers_in
from recognition.selectors.meetings import is_voting
from recognition.selectors.phases import Blocker, blockers_of, next_offered, stands_on
from recognition.selectors.rounds import silent_units
from recognition.transitions import NEXT_PHASE, PREVIOUS_PHASE

# The joint phase has no day of its own: it goes on until the meeting, whose day stands beside it.
_LAST: dict[Phase, str] = {phase: name for phase, name in LAST_DAYS.items() if phase != Phase.JOINT}


@dataclass(frozen=True)
class Mark:
    """One phase in the line of seven."""

    phase: Phase
    place: int
    look: str
    """ok, now, next or later."""
    day: str


def marks_of(round_: RecognitionRound) -> list[Mark]:
    """The seven phases with the day on which each ended, ends, or is to come."""
    order = list(Phase)
    at = order.index(Phase(round_.phase))
    left = {step.source: timezone.localtime(step.at, VIETNAM).date() for step in round_.steps.filter(is_reopening=False)}
    marks = []
    for place, phase in enumerate(order):
        planned = getattr(round_, _LAST[phase]) if phase in _LAST else None
        day = left.get(phase, planned) if place < at else planned
        look = "ok" if place < at else "now" if place == at else "next" if place == at + 1 else "later"
        words = f"{'đến ' if look == 'now' and phase != Phase.MEETING else ''}{day:%d/%m}" if day else ""
        marks.append(Mark(phase, place + 1, look, words))
    return marks


@dataclass(frozen=True)
class Line:
    """A blocker on the page: whether it stops the next phase, and its one action."""

    is_must: bool
    words: str
    does: str
    href: PageLink | None


_ACTS = {  # what is done about a blocker, where
    "over": ("Sửa ngày", "edit", ""),
    "waiting": ("Xem hồ sơ", "round", "sent"),
    "none": ("Nhắc đơn vị", "remind", ""),
    "no-council": ("Lập hội đồng", "council", ""),
    "unassigned": ("Phân công", "assignments", ""),
    "silent": ("Nhắc {n} đơn vị", "remind", ""),
    "begun": ("Nhắc gửi", "remind", ""),
    "sheets": ("Nhắc {n} thành viên", "remind", ""),
    "bare": ("Xem phân công", "assignments", ""),
    "reopened": ("Nhắc", "remind", ""),
    "looks": ("Xem bảng điểm", "standings", ""),
    "not-voted": ("Họp hội đồng", "meeting", ""),
    "undecided": ("Soạn quyết định", "decisions", ""),
    "appeals": ("Xem kiến nghị", "waiting", ""),
    "drafts": ("Mở dự thảo", "decisions", ""),
}


def _line(round_: RecognitionRound, one: Blocker) -> Line:
    does, page, tab = _ACTS.get(one.key, ("", "", ""))
    href = link_to(f"recognition:{page}", round_.pk, **({"tt": tab} if tab else {})) if page else None
    return Line(one.stops or one.sheets > 0, one.words, does.format(n=one.count), href)


@dataclass(frozen=True)
class Counts:
    """A round in figures, for who follows the whole of it."""

    dossiers: int
    members: int
    units: int
    silent: tuple[str, ...]
    """Units that proposed nothing."""
    sheets: int
    given: int
    """Score sheets that are handed in, of how many; 0 of 0 but while members score alone."""

    @property
    def proposing(self) -> int:
        return self.units - len(self.silent)

    @property
    def words(self) -> str:
        """“39 hồ sơ của 13/14 đơn vị, trừ … Đã nộp 34/78 phiếu.”"""
        if not self.dossiers:
            return ""
        except_for = f", trừ {', '.join(self.silent)}" if 0 < len(self.silent) <= FEW else ""
        sheets = f" Đã nộp {self.sheets}/{self.given} phiếu." if self.given else ""
        return f"{self.dossiers} hồ sơ của {self.proposing}/{self.units} đơn vị{except_for}.{sheets}"


FEW = 3
"""As many units are named in a sentence."""


def _counts_of(user: Reader, round_: RecognitionRound) -> Counts:
    units, silent = silent_units(round_)
    progress = progress_of(round_) if round_.phase == Phase.SCORING else []
    given = sum(one.given for one in progress)
    return Counts(
        dossiers_in(user, round_).count(),
        round_.members.filter(removed_at__isnull=True).count(),
        len(units),
        tuple(one.name for one in silent),
        given - sum(one.left for one in progress),
        given,
    )


@dataclass(frozen=True)
class RoundPage:
    """What one person sees of a round above its list."""

    marks: list[Mark]
    lines: list[Line]
    following: Phase | None
    """The next phase, for who runs the round; none while the end waits for appeals."""
    later: Phase | None
    reopens: Phase | None
    """The phase that may be opened again."""
    may_run: bool
    may_follow: bool
    seat: CouncilMember | None
    voting: bool
    reopened: RoundStep | None
    """The last step, where it led back."""
    headline: str
    counts: Counts | None

    @property
    def is_clear(self) -> bool:
        return self.following is not None and not self.lines

    @property
    def now(self) -> Mark:
        return next(mark for mark in self.marks if mark.look == "now")

    @property
    def must(self) -> int:
        return sum(line.is_must for line in self.lines)


def page_of(user: Visitor, round_: RecognitionRound) -> RoundPage:
    """A fixed number of queries."""
    may_run = can_run(user, round_.unit)
    later = NEXT_PHASE.get(Phase(round_.phase)) if may_run else None
    before = PREVIOUS_PHASE.get(Phase(round_.phase)) if may_run else None
    last = round_.steps.last()
    may_follow = may_run or can_follow(user, round_)
    counts = _counts_of(user, round_) if may_follow else None
    lines = [_line(round_, one) for one in blockers_of(round_)] if may_run else []
    if may_run and counts and counts.silent and round_.phase == Phase.SCORING:
        lines.append(_left_out(round_, counts))
    return RoundPage(
        marks_of(round_),
        sorted(lines, key=lambda line: not line.is_must),
        next_offered(round_) if may_run else None,
        later,
        before if before and not stands_on(round_) else None,
        may_run,
        may_follow,
        seat_of(user, round_),
        round_.phase == Phase.MEETING and is_voting(round_),
        last if last and last.is_reopening else None,
        " ".join(filter(None, (counts.words if counts else "", _headline(round_)))),
        counts,
    )


def _left_out(round_: RecognitionRound, counts: Counts) -> Line:
    """Units that proposed nothing while proposing was on: it may be given more time, and stops nothing."""
    names = ", ".join(counts.silent[:FEW]) + (f" và {len(counts.silent) - FEW} nơi nữa" if len(counts.silent) > FEW else "")
    words = f"{names} không đề nghị: {counts.proposing}/{counts.units} đơn vị đã gửi."
    return Line(False, words, "Gia hạn cho một đơn vị", link_to("recognition:round-extensions", round_.pk))


def _headline(round_: RecognitionRound) -> str:
    name = _LAST.get(Phase(round_.phase), "")
    if not name:
        return ""
    day = getattr(round_, name)
    left = (day - today()).days
    said = f", còn {left} ngày" if left > 0 else ", hôm nay" if left == 0 else f", quá {-left} ngày"
    what = {
        Phase.PROPOSING: "Nhận hồ sơ đến hết ngày",
        Phase.SCORING: "Thẩm định độc lập đến hết ngày",
        Phase.MEETING: "Họp hội đồng ngày",
        Phase.DECIDING: "Quyết định trước hết ngày",
    }[Phase(round_.phase)]
    return f"{what} {write_day(day)}{said}."
