"""What waits for one person, by deadline."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today, write_day
from models_registry.boxes import BOXES, written
from models_registry.enums import ImportState, State
from models_registry.models import Registration, Season
from models_registry.permissions import acting_day
from models_registry.selectors import board as boards
from models_registry.selectors import sheets
from models_registry.selectors.scope import imports_visible_to, own_units
from models_registry.selectors.seasons import deadlines
from organisation.models import UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import UnitTree, tree_for

LISTED = 20  # drafts and returned ones named one by one; the board has the rest


@dataclass(frozen=True)
class Task:
    """One thing to do: until when, what, why, where."""

    due: date
    title: str
    why: str
    href: str
    button: str

    @property
    def days_left(self) -> int:
        return (self.due - today()).days


@dataclass
class MyWork:
    """What one person finds on coming in."""

    season: Season
    board: boards.Board | None
    writing: list[UnitVersion]
    tasks: list[Task] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)
    states: list[tuple[str, str, int]] = field(default_factory=list)
    """(address of the board's tab, state, how many)"""
    is_open: bool = False

    @property
    def now(self) -> list[Task]:
        return [task for task in self.tasks if task.days_left <= 7]

    @property
    def later(self) -> list[Task]:
        return [task for task in self.tasks if task.days_left > 7]

    @property
    def late(self) -> int:
        return sum(task.days_left < 0 for task in self.tasks)


def tasks_of(user: Any, season: Season) -> MyWork | None:
    """All that waits for the user in a season; None for who has nothing to do with registrations. A fixed number of queries."""
    board = boards.board_of(user, season)
    writing = sheets.writing_units(user, season)
    if board is None and not writing:
        return None
    mine = MyWork(season, board, writing)
    until = _until(tree_for(user), season, writing or (board.units if board else []))
    mine.is_open = season.opens_on <= today() <= until
    if writing:
        mine.tasks += _to_write(user, season, until)
        waiting = _own(user, season, May.WRITE_REGISTRATION).filter(state=State.SUBMITTED)
        mine.waiting = list(waiting.order_by("state_since")[:LISTED]) if not units_where(user, May.CHECK_REGISTRATION) else []
    if board:
        counts = boards.board_counts(board, boards.BoardFilter())
        mine.states = [
            (f"{reverse('models_registry:board', args=[season.year])}?tt={slug}", state, counts.states[state])
            for slug, state in (
                ("da-nhan", State.ACCEPTED),
                ("cho-xet", State.SUBMITTED),
                ("tra-lai", State.RETURNED),
                ("nhap", State.DRAFT),
            )
        ]
        if units_where(user, May.CHECK_REGISTRATION):
            mine.tasks += _to_check(user, season, board, counts, until)
    mine.tasks += _to_confirm(user, season)
    mine.tasks.sort(key=lambda task: task.due)
    return mine


def _until(tree: UnitTree, season: Season, units: list[UnitVersion]) -> date:
    """The last day for sending of the first of these units."""
    granted = deadlines(season)
    above = tree.line(units[0].unit_id, acting_day(season)) if units else []
    return max([season.closes_on, *(day for unit_id, day in granted.items() if unit_id in above)])


def _own(user: Any, season: Season, act: May) -> QuerySet[Registration]:
    return Registration.objects.filter(own_units(user, act), season=season)


def _to_write(user: Any, season: Season, until: date) -> list[Task]:
    tasks = []
    held = tree_for(user).below(units_where(user, May.WRITE_REGISTRATION), acting_day(season))
    rows = Registration.objects.filter(Q(place__in=held) | Q(unit__in=held), season=season)
    open_ones = rows.filter(state__in=[State.DRAFT, State.RETURNED]).select_related("sheet", "season")
    own = units_where(user, May.CHECK_REGISTRATION)
    if own:  # a district's officer helps with what the officer wrote, not with every commune's drafts
        open_ones = open_ones.filter(sheet__writers=user.pk)
    for row in open_ones.prefetch_related("steps__marks").order_by("-state", "state_since")[:LISTED]:
        title = row.title or "chưa có tên"
        if row.state == State.RETURNED:
            back = timezone.localtime(row.state_since, VIETNAM).date()
            due = max(until, back + timedelta(days=season.mend_days))
            steps = [step for step in row.steps.all() if step.action in ("return", "reopen")]
            marks = list(steps[-1].marks.all()) if steps else []
            named = "; ".join(str(mark).rstrip(".")[:90] for mark in marks)
            why = f"Trả lại ngày {write_day(back)}. {named or (steps[-1].note[:160] if steps else '')}"
            tasks.append(
                Task(due, f"Sửa theo ý kiến: “{title}”", why, reverse("models_registry:write", args=[row.pk]), "Sửa tiếp")
            )
        else:
            saved = timezone.localtime(row.sheet.saved_at, VIETNAM)
            why = f"Đã viết {len(written(row.sheet.answers))}/{len(BOXES)} mục, lưu lúc {saved:%H:%M %d/%m/%Y}."
            tasks.append(
                Task(until, f"Viết tiếp bản nháp: “{title}”", why, reverse("models_registry:write", args=[row.pk]), "Viết tiếp")
            )
    offered = sheets.carriable(user, season).rows.count() if today() <= until else 0
    if offered:
        tasks.append(
            Task(
                until,
                f"Chép {offered} mô hình năm trước sang năm {season}",
                "Đang duy trì thì chép lại: vẫn là mô hình cũ, không đếm hai lần.",
                reverse("models_registry:start", args=[season.year]),
                "Xem và chép",
            )
        )
    unmeasured = rows.filter(state=State.ACCEPTED, model__measures__isnull=True).count() if today() <= season.cutoff_on else 0
    if unmeasured and not own:
        tasks.append(
            Task(
                season.cutoff_on,
                f"Ghi kết quả đo được: {unmeasured} mô hình chưa có số đo",
                "Ghi con số, đơn vị tính và ngày đếm; thêm ảnh làm minh chứng.",
                f"{reverse('models_registry:board', args=[season.year])}?tt=da-nhan",
                "Ghi kết quả",
            )
        )
    return tasks


def _to_check(user: Any, season: Season, board: boards.Board, counts: boards.BoardCounts, until: date) -> list[Task]:
    tasks = []
    home = reverse("models_registry:board", args=[season.year])
    waiting = counts.states[State.SUBMITTED]
    if waiting:
        units = [version.unit_id for version in board.units]
        sent = Registration.objects.filter(season=season, unit__in=units, state=State.SUBMITTED)
        oldest = timezone.localtime(sent.aggregate(first=Min("state_since"))["first"], VIETNAM).date()
        tasks.append(
            Task(
                oldest + timedelta(days=season.check_days),
                f"Xét {waiting} đăng ký đang chờ",
                f"Lâu nhất chờ từ ngày {write_day(oldest)}; hẹn trả lời trong {season.check_days} ngày.",
                f"{home}?tt=cho-xet",
                "Xét",
            )
        )
    missing = [one.version.short_name for one in boards.cover(board, counts, boards.places_of(board)) if not one.has_sent]
    if missing and today() <= until:
        named = ", ".join(missing[:6]) + (f" và {len(missing) - 6} nơi nữa" if len(missing) > 6 else "")
        tasks.append(Task(until, f"{len(missing)} nơi chưa đăng ký năm {season}", f"{named}.", home, "Xem và nhắc"))
    return tasks


def _to_confirm(user: Any, season: Season) -> list[Task]:
    """Registers that were read and wait for a yes."""
    read = imports_visible_to(user).filter(season=season, state=ImportState.READ, uploaded_by=user.pk)
    return [
        Task(
            season.cutoff_on,
            f"Xác nhận nạp sổ: {one.file_name}",
            "Cổng đã đọc xong, chưa nạp gì vào sổ năm.",
            reverse("models_registry:import", args=[one.pk]),
            "Xem và nạp",
        )
        for one in read[:5]
    ]
