"""What waits for one person, by deadline."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

from django.db.models import Count, Exists, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from common.addresses import PageLink, link_to
from common.dates import VIETNAM, today, write_day
from common.text import quoted
from models_registry.boxes import BOXES
from models_registry.enums import Action, ImportState, State
from models_registry.models import RegisterImport, Registration, RegistrationStep, ReturnMark, Season
from models_registry.permissions import acting_day
from models_registry.selectors import board as boards
from models_registry.selectors import sheets
from models_registry.selectors.batches import waiting_batches
from models_registry.selectors.board_counting import BoardCounts, board_counts, cover, places_of
from models_registry.selectors.continuity import open_questions
from models_registry.selectors.heirs import nobody_carries_on, to_assign
from models_registry.selectors.repeats import open_repeats
from models_registry.selectors.scope import imports_visible_to, own_units, without_reports
from models_registry.selectors.seasons import Deadlines
from models_registry.validators import readable_boxes
from organisation.models import Reader, UnitVersion, User, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for

KINDS = {
    "dang-ky": "Đăng ký",
    "dot-xet": "Đợt xét",
    "nhan-rong": "Nhân rộng",
    "bao-cao": "Báo cáo",
    "cong": "Trang công khai",
    "tai-khoan": "Tài khoản",
}
LISTED = 20  # named one by one; the board has the rest


@dataclass(frozen=True)
class Task:
    """One thing to do: until when, what, why, where."""

    due: date
    title: str
    why: str
    href: PageLink
    button: str
    kind: str = "dang-ky"
    """Of which part of the work: a key of KINDS."""

    @property
    def days_left(self) -> int:
        return (self.due - today()).days

    @property
    def is_of_this_year(self) -> bool:
        return self.due.year == today().year


@dataclass
class MyWork:
    """What a person has to do, as the start page shows it."""

    season: Season
    board: boards.Board | None
    writing: list[UnitVersion]
    tasks: list[Task] = field(default_factory=list)
    kind: str = ""
    """The one kind of tasks that is shown; of all, empty."""
    waiting: list[Registration] = field(default_factory=list)
    more_waiting: int = 0
    states: list[tuple[PageLink, str, int]] = field(default_factory=list)
    """(address of the board's tab, state, how many)"""

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """(kind, its name, how many wait), of those that have some."""
        counted = Counter(task.kind for task in self.tasks)
        return [(kind, name, counted[kind]) for kind, name in KINDS.items() if counted[kind]]

    @property
    def shown(self) -> list[Task]:
        return [task for task in self.tasks if self.kind in ("", task.kind)]

    @property
    def now(self) -> list[Task]:
        return [task for task in self.shown if task.days_left <= 7]

    @property
    def later(self) -> list[Task]:
        return [task for task in self.shown if task.days_left > 7]

    @property
    def late(self) -> int:
        return sum(task.days_left < 0 for task in self.tasks)


Source = Callable[[Any], Iterable[Task]]
Rows = Callable[[Any], Iterable[QuerySet[Any]]]
_sources: list[tuple[str, Source, Rows | None]] = []


def asks(kind: str, of: Rows | None = None) -> Callable[[Source], Source]:
    """Register what waits for a user, under its kind: a function from a user to tasks. It is called where `of` has any row at all,
    which is asked for all of them together.
    """

    def registered(source: Source) -> Source:
        _sources.append((kind, source, of))
        return source

    return registered


def sourced_tasks(user: Visitor) -> list[Task]:
    """What the registered sources say: one query, then those of the sources that have any row."""
    asked = {str(at): [*of(user)] for at, (_, _, of) in enumerate(_sources) if of}
    told = {f"{at}_{number}": Exists(rows) for at, every in asked.items() for number, rows in enumerate(every)}
    there = {
        name.partition("_")[0] for name, any_row in User.objects.filter(pk=user.pk or 0).values(**told).get().items() if any_row
    }
    called = [(kind, source) for at, (kind, source, of) in enumerate(_sources) if of is None or str(at) in there]
    return [replace(task, kind=kind) for kind, source in called for task in source(user)]


def tasks_of(user: Visitor, season: Season) -> MyWork | None:
    """What waits for the user in a season, and what earlier ones left open; None for who has nothing to do here.

    A fixed number of queries. Of what is many, the LISTED most urgent stand by name, then one line for the rest.
    """
    board = boards.board_of(user, season)
    writing = sheets.writing_units(user, season)
    mine, deadlines = MyWork(season, board, writing), Deadlines(tree_for(user))
    mine.tasks += sourced_tasks(user)
    mine.tasks += _to_write(user, season, deadlines)  # of units that ended, too: what was returned is still theirs to mend
    if board is None and not writing and not mine.tasks:
        return None
    if writing:
        until = max(deadlines.of(season, version.unit_id) for version in writing)
        mine.tasks += _to_begin(user, season, until)
        if not units_where(user, May.CHECK_REGISTRATION):
            mine.tasks += _to_measure(user, season)
            waiting = _own(user, May.WRITE_REGISTRATION).filter(state=State.SUBMITTED).order_by("state_since")
            mine.waiting = list(waiting[:LISTED])
            mine.more_waiting = waiting.count() - LISTED if len(mine.waiting) == LISTED else 0
    if board:
        counts = board_counts(board, boards.BoardFilter())
        mine.states = [
            (_board(season, slug), state, counts.states[state])
            for slug, state in (
                ("da-nhan", State.ACCEPTED),
                ("cho-xet", State.SUBMITTED),
                ("tra-lai", State.RETURNED),
                ("nhap", State.DRAFT),
            )
        ]
        if units_where(user, May.CHECK_REGISTRATION):
            mine.tasks += _to_check(user, season)
            mine.tasks += _to_remind(season, board, counts, deadlines)
    mine.tasks += _to_link(user, season)
    mine.tasks += _to_assign(user, season)
    mine.tasks.sort(key=lambda task: task.due)
    return mine


def _board(season: Season, tab: str = "") -> PageLink:
    return link_to("models_registry:board", season.year, **({"tt": tab} if tab else {}))


def _of_another(year: int, season: Season) -> str:
    """' năm 2023', said of what is not of the season that is worked in."""
    return "" if year == season.year else f" năm {year}"


def _own(user: Reader, act: May) -> QuerySet[Registration]:
    """But for what waits to be assigned, which nobody can go on with."""
    return Registration.objects.filter(own_units(user, act)).exclude(nobody_carries_on(user))


def _to_write(user: Visitor, season: Season, deadlines: Deadlines) -> list[Task]:
    """Returned ones and drafts, of whichever season: what was returned at the end of a year is mended in the next."""
    rows = _own(user, May.WRITE_REGISTRATION).filter(state__in=[State.RETURNED, State.DRAFT])
    rows = rows.exclude(~Q(season=season), state=State.DRAFT)  # a draft of a year that is over is nobody's task
    if units_where(user, May.CHECK_REGISTRATION):  # a district's officer helps with what the officer wrote, not with all drafts
        rows = rows.filter(sheet__writers=user.pk)
    found = list(rows.select_related("sheet", "season").order_by("-state", "state_since", "pk")[:LISTED])
    found.sort(key=lambda row: row.season_id != season.pk)  # of what is due on one day, this season's first
    said = _said_on_return([row.pk for row in found if row.state == State.RETURNED])
    tasks = [
        _to_mend(row, said.get(row.pk, ""), season, deadlines) if row.state == State.RETURNED else _to_go_on(row, deadlines)
        for row in found
    ]
    left = rows.count() - LISTED if len(found) == LISTED else 0
    if left:
        due = max(task.due for task in tasks)
        where = "Mở bảng năm để xem tất cả."
        tasks.append(Task(due, f"Còn {left} bản nháp, bản trả lại nữa", where, _board(season, "nhap"), "Xem"))
    return tasks


def _said_on_return(ids: list[int]) -> dict[int, str]:
    """id of a registration -> what its last return that stands asks to mend: at its boxes, else in general. One query."""
    steps = RegistrationStep.objects.filter(registration__in=ids, action__in=[Action.RETURN, Action.REOPEN])
    steps = steps.filter(takeback__undone_at__isnull=True).order_by("at", "pk", "marks__box")
    last = dict[int, tuple[int, str, list[str]]]()
    of_mark = ("marks__box", "marks__reason_words", "marks__words")
    for at, pk, note, box, reason, words in steps.values_list("registration", "pk", "note", *of_mark):
        if at not in last or last[at][0] != pk:
            last[at] = pk, note, []
        if box:
            last[at][2].append(str(ReturnMark(box=box, reason_words=reason, words=words)).rstrip("."))
    return {at: "; ".join(marks) or note for at, (_, note, marks) in last.items()}


def _to_mend(row: Registration, said: str, season: Season, deadlines: Deadlines) -> Task:
    back = timezone.localtime(row.state_since, VIETNAM).date()
    named = shorten(said, 240, placeholder=" …")
    title, why = row.title or "chưa có tên", f"Trả lại ngày {write_day(back)}. {named}"
    href = link_to("models_registry:write", row.pk)
    return Task(
        sheets.due_on(row, deadlines),
        f"Sửa theo ý kiến{_of_another(row.season.year, season)}: {quoted(title)}",
        why,
        href,
        "Sửa tiếp",
    )


def _to_go_on(row: Registration, deadlines: Deadlines) -> Task:
    saved = timezone.localtime(row.sheet.saved_at, VIETNAM)
    why = f"Đã viết {len(readable_boxes(row.sheet.answers))}/{len(BOXES)} mục, lưu lúc {saved:%H:%M %d/%m/%Y}."
    title, href = row.title or "chưa có tên", link_to("models_registry:write", row.pk)
    return Task(sheets.due_on(row, deadlines), f"Viết tiếp bản nháp: {quoted(title)}", why, href, "Viết tiếp")


def _to_begin(user: Reader, season: Season, until: date) -> list[Task]:
    offered = sheets.number_carriable(user, season) if today() <= until else 0
    why = "Đang duy trì thì chép lại: vẫn là mô hình cũ, không đếm hai lần."
    href = link_to("models_registry:start", season.year)
    return [Task(until, f"Chép {offered} mô hình năm trước sang năm {season}", why, href, "Xem và chép")] if offered else []


def _to_measure(user: Reader, season: Season) -> list[Task]:
    if today() > season.cutoff_on:
        return []
    accepted = _own(user, May.WRITE_REGISTRATION).filter(season=season, state=State.ACCEPTED)
    number = accepted.filter(model__measures__isnull=True).count()
    why = "Ghi con số, đơn vị tính và ngày đếm; thêm ảnh làm minh chứng."
    what = f"Ghi kết quả đo được: {number} mô hình chưa có số đo"
    return [Task(season.cutoff_on, what, why, _board(season, "da-nhan"), "Ghi kết quả")] if number else []


def _to_check(user: Reader, season: Season) -> list[Task]:
    """What was sent and waits, a line for each season that has some."""
    sent = _own(user, May.CHECK_REGISTRATION).filter(state=State.SUBMITTED)
    grouped = sent.order_by("season").values_list("season__year", "season__check_days")
    tasks = []
    for year, check_days, number, first in grouped.annotate(number=Count("pk"), first=Min("state_since")):
        oldest = timezone.localtime(first, VIETNAM).date()
        why = f"Lâu nhất chờ từ ngày {write_day(oldest)}; hẹn trả lời trong {check_days} ngày."
        href = link_to("models_registry:queue", year)
        title = f"Xét {number} đăng ký{_of_another(year, season)} đang chờ"
        tasks.append(Task(oldest + timedelta(days=check_days), title, why, href, "Xét"))
    return tasks


def _to_remind(season: Season, board: boards.Board, counts: BoardCounts, deadlines: Deadlines) -> list[Task]:
    if not deadlines.any_after(season, today() - timedelta(days=1)):
        return []
    missing = [one.version for one in cover(board, counts, places_of(board)) if not one.has_sent]
    if not missing:
        return []
    until = min(deadlines.of(season, version.unit_id) for version in missing)
    if today() > until:
        return []
    named = ", ".join(version.short_name for version in missing[:6])
    named += f" và {len(missing) - 6} nơi nữa" if len(missing) > 6 else ""
    return [Task(until, f"{len(missing)} nơi chưa đăng ký năm {season}", f"{named}.", _board(season), "Xem và nhắc")]


def _to_link(user: Reader, season: Season) -> list[Task]:
    """Maintained registrations that may carry on a model of an earlier year: until the cut-off, or within the season's days for
    checking where they came later.
    """
    if not units_where(user, May.IMPORT_REGISTER):
        return []
    found, page = [], "models_registry:links"
    number, asked = open_questions(user, season)
    if asked:
        due = max(season.cutoff_on, timezone.localtime(asked, VIETNAM).date() + timedelta(days=season.check_days))
        why = "Nối thì công nhận và lịch sử các năm theo mô hình; không phải thì ghi là không."
        found.append(Task(due, f"Nối {number} đăng ký duy trì với năm trước", why, link_to(page, nam=season.year), "Xem và nối"))
    if tree_for(user).ended_between(season.opens_on, acting_day(season)) and (number := open_repeats(user, season)):
        why = "Đơn vị cũ đã đăng ký trước khi sáp nhập: là một thì tính một lần."
        title = f"Xem {number} đăng ký có thể gửi hai lần"
        repeated = link_to(page, nam=season.year, xem="hai-lan")
        found.append(Task(season.cutoff_on, title, why, repeated, "Xem và trả lời"))
    return found


def _to_assign(user: Reader, season: Season) -> list[Task]:
    """What units that ended left over and nobody carries on by itself, a line for each season that has some; due within the
    season's days for checking from the day on which the last of the units ended, or on which the last of it came.
    """
    tree, left = tree_for(user), dict[tuple[int, int], tuple[int, date]]()
    grouped = to_assign(user).order_by().values_list("season__year", "season__check_days", "unit", "place", "given")
    counted = grouped.annotate(number=Count("pk"), came=Max(Coalesce("imported_by__created_at", "state_since")))
    for year, check_days, *units, number, came in counted:
        before, since = left.get((year, check_days), (0, date.min))
        ended = max(tree.last_day(pk, today()) for pk in units if pk) + timedelta(days=1)
        left[year, check_days] = before + number, max(since, ended, timezone.localtime(came, VIETNAM).date())
    return [
        Task(
            since + timedelta(days=check_days),
            f"Giao {number} đăng ký{_of_another(year, season)} của đơn vị đã kết thúc",
            "Đơn vị đã chia, hoặc chưa ghi ai kế tục: chọn đơn vị làm tiếp.",
            link_to("models_registry:assign", year),
            "Xem và giao",
        )
        for (year, check_days), (number, since) in left.items()
    ]


def _read(user: Visitor) -> QuerySet[RegisterImport]:
    return imports_visible_to(user).filter(state=ImportState.READ, uploaded_by=user.pk, batch_file__isnull=True)


@asks("dang-ky", lambda user: (waiting_batches(user), _read(user)))
def _to_confirm(user: Visitor) -> list[Task]:
    """Registers that were read and wait for a yes, within the season's days for checking from the day they were sent."""
    sent = [
        Task(
            timezone.localtime(batch.created_at, VIETNAM).date() + timedelta(days=batch.season.check_days),
            f"Xem {batch.number} tệp của lần gửi {timezone.localtime(batch.created_at, VIETNAM):%H:%M %d/%m/%Y}"
            + ("" if batch.sent_by_id == user.pk else f", {batch.sent_by} gửi"),
            "Có tệp chờ trả lời hoặc chờ xác nhận nạp.",
            link_to("models_registry:batch", batch.pk),
            "Xem và nạp",
        )
        for batch in waiting_batches(user)[:LISTED]
    ]
    return sent + [
        Task(
            timezone.localtime(one.created_at, VIETNAM).date() + timedelta(days=one.season.check_days),
            f"Xác nhận nạp sổ: {one.file_name}",
            "Cổng đã đọc xong, chưa nạp gì vào sổ năm.",
            link_to("models_registry:import", one.pk),
            "Xem và nạp",
        )
        for one in without_reports(_read(user))[:LISTED]
    ]
