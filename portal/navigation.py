"""The masthead of the workplace: which doors a person has, in which row they stand, which one is open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from common.dates import today
from common.remember import remembered
from models_registry.models import Season
from models_registry.permissions import acting_day
from models_registry.selectors import current_of, seasons, seasons_for, seasons_of
from notifications.selectors import messages_of
from organisation.models import Reader, User, Visitor
from organisation.permissions import can_administer, can_edit_themes, can_open_season, roles_of, unit_of, units_where
from organisation.roles import May
from organisation.selectors.ended import ended_words
from organisation.selectors.people import work_of
from organisation.tree import tree_for
from portal.models import TourEnd
from portal.tours import PARAMETER, TOURS, WORK, Step
from reports.permissions import can_see_dashboard

IN_ROW = 5  # entries in the row; the others stand in “Thêm”
IN_TABS = 4  # entries in the bar at the foot of a telephone, beside “Thêm”


@dataclass(frozen=True)
class Entry:
    """One door: `label` where there is room, `short` in the bar of a telephone."""

    key: str
    label: str
    short: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class YearLink:
    year: int
    words: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Masthead:
    """What stands on every page of the workplace."""

    unit: str
    role: str
    unread: int
    row: tuple[Entry, ...]
    more: tuple[Group, ...]
    tabs: tuple[Entry, ...]
    tabs_more: tuple[Group, ...]
    year: int | None
    years: tuple[YearLink, ...]
    now: int | None
    """The year that the person works in."""
    closed_on: date | None
    """The cut-off day of the year that is shown, once it is over."""
    ended: str
    """What became of the person's unit, where it is there no more."""

    may_open_year: bool

    @property
    def is_past_year(self) -> bool:
        return None not in (self.year, self.now) and self.year != self.now

    @property
    def open_in_more(self) -> str:
        """The name of the open page where it is one of those in “Thêm”."""
        return _open_in(self.more)

    @property
    def open_in_tabs_more(self) -> str:
        return _open_in(self.tabs_more)


def _open_in(groups: tuple[Group, ...]) -> str:
    return next((entry.label for group in groups for entry in group.entries if entry.is_current), "")


@remembered(size=1)
def _seasons() -> list[Season]:
    return list(seasons())


def masthead(user: Visitor, *, current: str, season: Any = None) -> Masthead:
    """The masthead for a person. `current` is the key of the open page; `season` the one that it is about, if any."""
    sees_board = bool(units_where(user, May.SEE_BOARD))
    every = seasons_for(user, _seasons)
    own = seasons_of(user, every)
    now = current_of(own)
    shown = season if isinstance(season, Season) else now or current_of(every)

    def entry(key: str, label: str, icon: str, address: str, *arguments: Any, short: str = "", query: str = "") -> Entry:
        return Entry(key, label, short or label, icon, reverse(address, args=arguments) + query, key == current)

    row = [entry("work", "Việc của tôi", "check2-square", "models_registry:work", short="Việc")]
    if own and shown and can_see_dashboard(user):
        row.append(entry("overview", "Tổng quan", "clipboard-data", "dashboard"))
    if board := shown if shown in own else now:
        row.append(entry("board", "Đăng ký", "journal-text", "models_registry:board", board.year))
    row.append(entry("rounds", "Đợt xét", "clipboard-check", "recognition:rounds"))
    row.append(entry("replication", "Nhân rộng", "diagram-3", "replication:home"))
    if sees_board:
        row.append(entry("reports", "Báo cáo", "bar-chart", "reports:home", query=_past(shown, now)))

    lists = _allowed(
        (bool(units_where(user, May.KEEP_PAPERS)), lambda: entry("papers", "Giấy tờ", "folder2-open", "papers:home")),
        (can_edit_themes(user), lambda: entry("themes", "Chủ đề", "tags", "models_registry:themes")),
    )
    portal = _allowed(
        (bool(units_where(user, May.KEEP_PORTAL)), lambda: entry("desk", "Giữ cổng", "window", "desk:home")),
        (can_administer(user), lambda: entry("admin", "Quản trị", "gear", "admin:index")),
        (True, lambda: entry("public", "Trang công khai", "globe2", "portal:home", short="Công khai")),
    )
    rest = [Group("Giấy tờ, danh mục", lists), Group("Cổng", portal)]
    in_row, more = _placed(row, rest, IN_ROW)
    # On a telephone reports come before replication: they are asked for each month.
    on_phone = sorted(row, key=lambda found: found.key == "replication")
    tabs, tabs_more = _placed(on_phone, rest, IN_TABS)
    unit, role = work_of(user)
    return Masthead(
        unit=unit or "Làm việc",
        role=role or str(user),
        unread=_asked_of(user)[0],
        row=in_row,
        more=more,
        tabs=tabs,
        tabs_more=tabs_more,
        year=shown.year if shown and own else None,
        years=tuple(_year_link(found, shown) for found in own) if shown else (),
        now=now.year if now else None,
        closed_on=shown.cutoff_on if shown and shown.cutoff_on < today() else None,
        ended=ended_words(user),
        may_open_year=can_open_season(user),
    )


def _past(shown: Season | None, now: Season | None) -> str:
    """What keeps the year that is shown on the way to a page that begins with the year one works in."""
    return f"?nam={shown}" if shown and shown != now else ""


def _allowed(*offered: tuple[bool, Callable[[], Entry]]) -> tuple[Entry, ...]:
    return tuple(make() for is_allowed, make in offered if is_allowed)


def _placed(row: list[Entry], rest: list[Group], places: int) -> tuple[tuple[Entry, ...], tuple[Group, ...]]:
    """The entries that stand in the row and the groups behind “Thêm”. One that would stand there alone stands in the row."""
    groups = [Group("", tuple(row[places:])), *rest] if row[places:] else rest
    groups = [group for group in groups if group.entries]
    left = [found for group in groups for found in group.entries]
    if len(left) == 1:
        return (*row[:places], *left), ()
    return tuple(row[:places]), tuple(groups)


def _year_link(season: Season, shown: Season) -> YearLink:
    words = f"{'đã chốt' if season.cutoff_on < today() else 'chốt'} {season.cutoff_on:%d/%m/%Y}"
    return YearLink(season.year, words, reverse("models_registry:board", args=[season.year]), season.year == shown.year)


@dataclass(frozen=True)
class TourStep:
    """Where a person stands on the tour of the first day; the addresses around it are empty where there is none."""

    number: int
    total: int
    title: str
    words: str
    before: str
    after: str


def first_step(user: Reader) -> str:
    """The address at which the tour of the person's role begins; empty for who has no role."""
    steps = _tour_of(user)
    return _step_address(user, steps, 1) if steps else ""


def is_tour_offered(user: Visitor) -> bool:
    return bool(_tour_of(user)) and not _asked_of(user)[1]


def _asked_of(user: Visitor) -> tuple[int, bool]:
    """(unread messages, whether the tour was closed): one query, kept on the user object, which lives as long as the request."""
    if not hasattr(user, "_asked_of_messages_and_tour"):
        unread = messages_of(user).filter(read_at__isnull=True).order_by().values("recipient").annotate(n=Count("pk")).values("n")
        ended = Exists(TourEnd.objects.filter(user=user.pk))
        told = User.objects.filter(pk=user.pk or 0).values_list(Coalesce(Subquery(unread), 0), ended)
        user._asked_of_messages_and_tour = told.first() or (0, True)  # type: ignore[union-attr]
    found: tuple[int, bool] = user._asked_of_messages_and_tour  # type: ignore[union-attr]
    return found


def tour_step(user: Reader, asked: str) -> TourStep | None:
    """The step that the address asks for, on whichever page it led to; None where the person's tour has no such step."""
    steps = _tour_of(user)
    number = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    if not 1 <= number <= len(steps):
        return None
    step = steps[number - 1]
    before, after = (_step_address(user, steps, number + way) for way in (-1, 1))
    return TourStep(number, len(steps), step.title, step.words, before, after)


def _tour_of(user: Reader) -> tuple[Step, ...]:
    return next((TOURS[role] for role in roles_of(user) if role in TOURS), ())


def _step_address(user: Reader, steps: tuple[Step, ...], number: int) -> str:
    """A step about a year stands on the first page while there is no season yet; whose unit ended is led to its last whole one."""
    if not 1 <= number <= len(steps):
        return ""
    step = steps[number - 1]
    season = current_of(_worked_in(user)) if step.takes_year else None
    if step.takes_year and season is None:
        path = reverse(WORK)
    else:
        path = reverse(step.page, args=[season.year] if season else [])
    return f"{path}?{PARAMETER}={number}"


def _worked_in(user: Reader) -> list[Season]:
    """The seasons of a person's own in which the unit is there to write and to check."""
    unit, tree, own = unit_of(user), tree_for(user), seasons_of(user, seasons_for(user, _seasons))
    return [season for season in own if unit is None or tree.exists(unit.pk, acting_day(season))]
