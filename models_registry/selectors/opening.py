"""What opening a season would meet: who reports, what is left over, who is told, what should be looked at first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

from common.dates import today, write_day
from common.numbers import write_number
from models_registry.models import Period, Season, SeasonDraft
from models_registry.permissions import acting_day
from models_registry.selectors.leftovers import Leftover, leftovers
from models_registry.selectors.seasons import newest_season, seasons
from models_registry.validators import read_period, season_flaws
from organisation.models import Membership, Reader, Unit, UnitVersion, User
from organisation.roles import May, keys_that_may
from organisation.selectors.units import reporting_units, versions_on
from organisation.tree import UnitTree, unit_tree
from papers.selectors import letterheads_on

TERM = 5  # years
NAMED = 6  # of more units the number is said


@dataclass(frozen=True)
class NewSeason:
    """A season that is to be opened, as it is typed on the page that opens it."""

    year: int
    period: str
    opens_on: date
    closes_on: date
    cutoff_on: date
    check_days: int = 7
    mend_days: int = 7
    basis: str = ""
    basis_source: str = ""
    paper: UUID | None = None
    """The file of the basis, received before."""
    is_illustrative: bool = False

    @classmethod
    def of_year(cls, year: int, period: str, cutoff_on: date, **more: Any) -> Self:
        """Its window is the calendar year unless said otherwise."""
        window = {"opens_on": date(year, 1, 1), "closes_on": date(year, 12, 31)}
        return cls(year=year, period=period, cutoff_on=cutoff_on, **(window | more))

    def flaws(self) -> dict[str, str]:
        names = ("year", "period", "opens_on", "closes_on", "cutoff_on")
        found = season_flaws(**{name: getattr(self, name) for name in names})
        if Season.objects.filter(year=self.year).exists():
            found["year"] = f"Năm {self.year} đã mở rồi."
        return found


@dataclass(frozen=True)
class Check:
    """One line of what is looked at before opening: it is right (`ok`), worth a look (`warn`), or keeps it closed (`stop`)."""

    kind: str
    words: str
    more: str = ""
    href: str = ""


UNREAD = Check("stop", "Có ô chưa đọc được", "sửa rồi bấm xem lại; phần dưới tính tạm theo các ngày của năm trước")


Rule = Callable[[date, list[int]], Iterable[Check]]
_rules: list[Rule] = []


def looks_before_opening(rule: Rule) -> Rule:
    """Register what an app above looks at: a function of the first day and the ids of the units that gather registers on it."""
    _rules.append(rule)
    return rule


@dataclass(frozen=True)
class Ended:
    """A unit that reported in the last season and is there no more, with those that carry on what it did."""

    version: UnitVersion
    heirs: list[str]


@dataclass(frozen=True)
class Change:
    """A day within a season on which other units report than the day before."""

    day: date
    ended: list[UnitVersion]
    begun: list[UnitVersion]
    now: int
    """How many report from the day on."""

    @property
    def words(self) -> str:
        told = (("kết thúc", self.ended), ("bắt đầu", self.begun))
        return "; ".join(f"{what}: {_named(versions)}" for what, versions in told if versions)


def _named(versions: list[UnitVersion]) -> str:
    return ", ".join(version.name for version in versions) if len(versions) <= NAMED else f"{len(versions)} đơn vị"


def changes_within(first: date, last: date) -> list[Change]:
    """The changes after the first day, up to the last. No query beside the tree's."""
    tree, changes = unit_tree(), list[Change]()
    before = {version.unit_id: version for version in tree.reporting_within(None, first)}
    for day in tree.changing(first, last):
        now = {version.unit_id: version for version in tree.reporting_within(None, day)}
        ended = [version for pk, version in before.items() if pk not in now]
        begun = [version for pk, version in now.items() if pk not in before]
        if ended or begun:
            changes.append(Change(day, ended, begun, len(now)))
        before = now
    return changes


@dataclass
class Plan:
    """What the page says beside the form."""

    checks: list[Check] = field(default_factory=list)
    before: int = 0
    ended: list[Ended] = field(default_factory=list)
    begun: list[UnitVersion] = field(default_factory=list)
    now: int = 0
    within: list[Change] = field(default_factory=list)
    """What becomes of the units in the course of the season."""
    left: list[Leftover] = field(default_factory=list)
    told: list[User] = field(default_factory=list)
    without: list[UnitVersion] = field(default_factory=list)
    """The units in which nobody has an account to write with."""

    @property
    def is_possible(self) -> bool:
        return all(check.kind != "stop" for check in self.checks)

    @property
    def left_number(self) -> int:
        return sum(leftover.number for leftover in self.left)

    @property
    def left_until(self) -> date | None:
        """The last day on which any of what is left would still be in time."""
        return max((leftover.until for leftover in self.left if leftover.until), default=None)


def next_season(year: int | None = None) -> NewSeason:
    """The season after the newest one, or that of a year, with the newest one's days; without any, this year's."""
    last, now = seasons().first(), today().year
    year = year or (max(last.year + 1, now) if last else now)
    whole = (date(year, 1, 1), date(year, 12, 31), date(year, 11, 30))
    opens, closes, cutoff = (_in_year(day, year) for day in (last.opens_on, last.closes_on, last.cutoff_on)) if last else whole
    days = (last.check_days, last.mend_days) if last else (7, 7)
    return NewSeason(year, period_for(year), opens, closes, cutoff, *days)


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day else day.replace(year=year)


def period_for(year: int) -> str:
    """The period that holds a year: one that is there, else the one that would follow the newest; without any, the term of five
    years of congresses and plans (2021-2025, 2026-2030).
    """
    known = [years for name in Period.objects.values_list("name", flat=True) if (years := read_period(name))]
    if not known:
        first = year - (year - 1) % TERM
        return f"{first}-{first + TERM - 1}"
    first, last = next((years for years in known if years[0] <= year <= years[1]), max(known))
    length = last - first + 1
    while year > last:
        first, last = first + length, last + length
    return f"{first}-{last}"


def plan_of(new: NewSeason, user: Reader, *, is_read: bool = True) -> Plan:
    """All that stands beside the form, for who asks. A fixed number of queries, however many units there are.

    `is_read`: every field of the form could be read; else `new` stands for what could not, and its days are not judged.
    """
    tree, last = unit_tree(), newest_season()
    flaws = new.flaws() if is_read else {}
    now = list(reporting_units(new.opens_on))
    before = list(reporting_units(last.opens_on)) if last and last.year < new.year else []
    plan = Plan(before=len(before), now=len(now))
    known = {version.unit_id for version in before}
    plan.begun = [version for version in now if version.unit_id not in known] if before else []
    plan.ended = _ended([version for version in before if not tree.exists(version.unit_id, new.opens_on)], tree, new.opens_on)
    plan.left = leftovers(user, new.year)
    memberships = list(Membership.objects.in_force(today()).filter(user__is_active=True).select_related("user"))
    plan.told = _told(memberships, tree, new.opens_on)
    until = max(new.closes_on, new.cutoff_on)
    plan.within = changes_within(new.opens_on, until)
    there = min(max(today(), new.opens_on), until)  # whom the page of letters lists once the season is open
    plan.without = _without_account(tree.reporting_within(None, there), memberships, tree, there)
    gathering = sorted({version.parent_id for version in now if version.parent_id})
    plan.checks = [
        *(Check("stop", words) for words in flaws.values()),
        *(_of_days(new, flaws) if is_read else [UNREAD]),
        *_of_units(now, plan, memberships, tree, new.opens_on),
        *_of_papers(gathering, new),
        *(check for rule in _rules for check in rule(new.opens_on, gathering)),
        _of_what_is_open(plan),
    ]
    return plan


def _ended(versions: list[UnitVersion], tree: UnitTree, day: date) -> list[Ended]:
    """With the heirs of a unit, else of the places that lay below it."""
    heirs = {}
    for version in versions:
        own = tree.successors(version.unit_id, day)
        below = tree.below_then([version.unit_id], day) - {version.unit_id} if not own else frozenset()
        heirs[version.unit_id] = own or sorted({heir for place in below for heir in tree.successors(place, day)})
    names = versions_on([pk for ids in heirs.values() for pk in ids], day)
    return [Ended(version, [names[pk].short_name for pk in heirs[version.unit_id]]) for version in versions]


def _told(memberships: list[Membership], tree: UnitTree, day: date) -> list[User]:
    """Who works in a unit that registers on the day, or above one."""
    keys = set(keys_that_may(May.SEE_BOARD))
    there = {one.user_id: one.user for one in memberships if one.role in keys and tree.exists(one.unit_id, day)}
    return list(there.values())


def _of_days(new: NewSeason, flaws: dict[str, str]) -> Iterable[Check]:
    if not flaws.keys() & {"opens_on", "closes_on"}:
        yield Check("ok", f"Thời gian nhận đăng ký nằm trọn trong năm {new.year}")
    if "period" not in flaws:
        yield Check("ok", f"Giai đoạn {new.period} có năm {new.year}")
    if not flaws.keys() & {"closes_on", "cutoff_on"}:
        if new.cutoff_on < new.closes_on:
            more = f"đăng ký từ sau {write_day(new.cutoff_on)} không vào số liệu chốt"
            yield Check("warn", f"Chốt số liệu trước ngày hết nhận đăng ký {write_day(new.closes_on)}", more)
        else:
            yield Check("ok", "Ngày chốt không trước ngày hết nhận đăng ký")


def _without_account(units: list[UnitVersion], memberships: list[Membership], tree: UnitTree, day: date) -> list[UnitVersion]:
    writers = set(keys_that_may(May.WRITE_REGISTRATION)) | set(keys_that_may(May.IMPORT_REGISTER))
    manned = {one.unit_id for one in memberships if one.role in writers}
    return [version for version in units if manned.isdisjoint(tree.below([version.unit_id], day))]


def invited(season: Season) -> list[UnitVersion]:
    """The units of a season in which nobody has an account to write with, as of now. Two queries, beside the tree's."""
    day = acting_day(season)
    memberships = list(Membership.objects.in_force(today()).filter(user__is_active=True))
    return _without_account(list(reporting_units(day)), memberships, unit_tree(), day)


def season_draft() -> SeasonDraft | None:
    return SeasonDraft.objects.select_related("saved_by").first()


def _of_units(now: list[UnitVersion], plan: Plan, memberships: list[Membership], tree: UnitTree, day: date) -> Iterable[Check]:
    if not now:
        said = f"Không có đơn vị nào báo cáo vào ngày {write_day(day)}"
        yield Check("stop", said, "nạp danh sách đơn vị, hoặc xem lại ngày đầu nhận đăng ký")
        return
    yield Check("ok", f"{len(now)} đơn vị báo cáo, đều còn hoạt động ngày {write_day(day)}")
    for change in plan.within:
        yield Check("warn", f"Từ ngày {write_day(change.day)} là {change.now} đơn vị", change.words)
    if lost := [ended.version.name for ended in plan.ended if not ended.heirs]:
        said = f"{len(lost)} đơn vị kết thúc mà chưa ghi đơn vị kế tục: {'; '.join(lost[:NAMED])}"
        said += f" và {len(lost) - NAMED} nơi nữa" if len(lost) > NAMED else ""
        yield Check("warn", said, "mở được; việc còn lại do cấp trên giao, quản trị ghi kế tục bằng danh sách đơn vị")
    if plan.without:
        yield Check("warn", f"{len(plan.without)} đơn vị chưa có tài khoản", "mở được; chưa ai ở đó viết được")
    gone = {one.user_id for one in memberships if not tree.exists(one.unit_id, day)}
    stay = {one.user_id for one in memberships if tree.exists(one.unit_id, day)}
    if moved := gone - stay:
        said = f"{len(moved)} tài khoản thuộc đơn vị đã kết thúc"
        yield Check("warn", said, "vẫn xem các năm cũ; quản trị chuyển về đơn vị kế tục")


def _of_papers(gathering: list[int], new: NewSeason) -> Iterable[Check]:
    units = Unit.objects.in_bulk(gathering)
    without = [pk for pk, unit in units.items() if not letterheads_on(unit, new.opens_on)]
    names = versions_on(without, new.opens_on)
    for pk in without:
        yield Check("warn", f"{names[pk].name} chưa khai thể thức giấy tờ", "tờ trình, quyết định ra thiếu tên cơ quan, người ký")
    if not new.basis:
        yield Check("warn", "Chưa có văn bản căn cứ", "mở được, bổ sung sau")
    elif not new.paper:
        yield Check("warn", "Chưa có tệp văn bản căn cứ", "mở được, bổ sung sau")


def _of_what_is_open(plan: Plan) -> Check:
    if not plan.left:
        return Check("ok", "Năm cũ không còn việc dở")
    late = sum(leftover.number for leftover in plan.left if leftover.is_late)
    said = f"{write_number(plan.left_number)} việc dở của năm cũ giữ nguyên năm của mình"
    if late:
        return Check("warn", said, f"{write_number(late)} việc đã quá hạn; mở được, nơi giữ việc vẫn làm nốt")
    return Check("ok", said)
