"""The year at a glance, for who follows several units: five figures, deadlines, a trend, every unit by stage. HTTP only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.dates import today, write_day, write_weekday
from common.numbers import write_number
from common.text import clean
from models_registry.models import Season
from models_registry.selectors import Deadlines, seasons_for, working_season
from models_registry.services import reminder_text
from models_registry.views.common import address, excel
from organisation.grouping import MANY, Former, UnitGroup, find
from organisation.naming import head_level_on
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from organisation.selectors.units import reporting_within
from organisation.tree import tree_for
from recognition.enums import Phase
from reports.charts import Curves, curves
from reports.exports.dashboard import dashboard_columns
from reports.figures import counted_day
from reports.permissions import can_see_dashboard
from reports.selectors.dashboard import Dashboard, UnitStages, dashboard
from reports.selectors.likened import same_day

TAKING = (Phase.PREPARING, Phase.PROPOSING)  # phases of a round whose last day for proposing lies ahead
TO_MEET = (*TAKING, Phase.SCORING, Phase.JOINT, Phase.MEETING)
Has = Callable[[UnitStages], bool]
STAGES: tuple[tuple[str, str, Has], ...] = (  # filter for those that are not there yet, heading, who is there
    ("chua-dang-ky", "Đăng ký", lambda line: bool(line.registered)),
    ("chua-nhan-het", "Nhận hết", lambda line: line.is_settled),
    ("chua-cong-nhan", "Công nhận", lambda line: bool(line.recognised)),
    ("chua-de-nghi", "Đề nghị", lambda line: bool(line.proposed)),
    ("chua-bao-cao", "Báo cáo", lambda line: line.has_reported),
)
FILTERS: tuple[tuple[str, str, Has], ...] = (  # address, label, who has done it; those that have not are shown
    ("chua-dang-ky", "Chưa đăng ký", STAGES[0][2]),
    ("con-cho", "Còn chờ xét hoặc sửa", lambda line: not line.unfinished),
    ("chua-bao-cao", "Chưa báo cáo", STAGES[4][2]),
)


@dataclass(frozen=True)
class Pulse:
    """One of the five figures: units that are there, of all; it opens the list of those that are not."""

    done: int
    total: int
    title: str
    href: str
    words: str
    late: str = ""


@dataclass(frozen=True)
class Deadline:
    day: date
    said: str
    words: str
    href: str
    linked: str
    is_late: bool = False
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """A fold of the matrix: how many of its units are at each stage, then each unit."""

    name: str
    total: int
    silent: int
    shares: tuple[tuple[str, int], ...]
    lines: tuple[UnitStages, ...]


@dataclass(frozen=True)
class Area:
    title: str
    words: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class OverviewPage:
    """A season as who follows several units sees it on a day."""

    season: Season
    found: Dashboard
    board: str
    excel: str
    left: int
    """Days until it closes, and until its figures are cut off; below zero once that is past."""
    to_cutoff: int
    is_over: bool
    weekday: str
    silent: int
    reminder: str
    report_late: bool
    pulses: list[Pulse]
    deadlines: list[Deadline]
    curves: Curves
    trend_rows: list[tuple[int, int | None, int | None]]
    trend_now: int
    trend_then: int
    trend_end: int
    areas: list[Area]
    heads: list[str]
    hits: int
    """How many units are shown of those that are asked for by name or by a filter."""
    asked: dict[str, str]
    q: str
    former: Sequence[Former]
    """Units that were called so, with those that they are now."""
    filters: list[tuple[str, int, str, bool]]
    slowest: tuple[str, bool]
    """(the address that sorts the slowest first or no more, whether they stand so)"""
    is_open: bool
    open_all: str
    whole: str


@require_safe
def overview(request: OfficerRequest) -> HttpResponseBase:
    if not can_see_dashboard(request.user):
        raise Http404
    season = _season(request)
    day = _day_there(request, season)
    units = reporting_within(request.user, May.SEE_BOARD, [day])
    if not units:
        raise Http404
    found = dashboard(request.user, season, units, day)
    if request.GET.get("tai") == "xlsx":
        title = f"Tổng quan năm {season}, ngày {write_day(day)}"
        columns = dashboard_columns(found)
        return excel(f"tong-quan-{season}", title, columns, found.lines, illustrative=season.is_illustrative)
    asked = {name: clean(value)[:100] for name in ("nam", "q", "tt", "xep", "mo") if (value := request.GET.get(name, ""))}
    shown = _shown(found, asked)
    trend = found.trend
    page = OverviewPage(
        season=season,
        found=found,
        left=(season.closes_on - day).days,
        to_cutoff=(season.cutoff_on - day).days,
        is_over=found.is_over,
        weekday=write_weekday(found.day),
        silent=sum(not line.registered for line in found.lines),
        reminder=_reminder(request, found),
        pulses=_pulses(found, asked),
        deadlines=_deadlines(found, asked),
        curves=curves(trend.now, trend.before, day),
        trend_rows=_months(found),
        trend_now=trend.now[-1][1] if trend.now else 0,
        trend_then=_sum_until(trend.before, same_day(day, season.year - 1)),
        trend_end=trend.before[-1][1] if trend.before else 0,
        areas=_areas(found, shown, asked),
        hits=len(shown),
        q=asked.get("q", ""),
        former=find([line.version for line in found.lines], asked["q"], day)[1][:6] if asked.get("q") else (),
        asked=asked,
        filters=_filters(found, asked),
        slowest=(address(asked, xep="" if asked.get("xep") else "cham"), bool(asked.get("xep"))),
        is_open=asked.get("mo") == "het" or len(units) <= MANY or bool(asked.keys() & {"q", "tt"}),
        open_all=address(asked, mo="het"),
        whole=address(asked, q="", tt="", xep=""),
        heads=[heading for _slug, heading, _has in STAGES],
        excel=address(asked, tai="xlsx"),
        board=reverse("models_registry:board", args=[season.year]),
        report_late=found.is_report_late,
    )
    context = {"page": page, "season": season, "illustrative": season.is_illustrative}
    return render(request, "reports/dashboard.html", context)


def _season(request: OfficerRequest) -> Season:
    year = request.GET.get("nam", "")
    every = seasons_for(request.user)
    is_asked = year.isascii() and year.isdecimal() and len(year) == 4
    named = next((season for season in every if str(season.year) == year), None)
    found = named if is_asked else working_season(request.user, every)
    if found is None:
        raise Http404
    return found


def _day_there(request: OfficerRequest, season: Season) -> date:
    """The day of the season as of which it is shown; for who works in a unit that ended, its last one."""
    tree, day = tree_for(request.user), max(counted_day(season, today()), season.opens_on)
    last = max((tree.last_day(pk, day) for pk in units_where(request.user, May.SEE_BOARD)), default=day)
    return max(min(day, last), season.opens_on)


def _reminder(request: OfficerRequest, found: Dashboard) -> str:
    """What is copied into Zalo or a mail for the units that have registered nothing and still may."""
    silent = [line.version for line in found.lines if not line.registered]
    if found.is_over or not silent:
        return ""
    deadlines = Deadlines(tree_for(request.user))
    due = [(version, deadlines.of(found.season, version.unit_id)) for version in silent]
    return reminder_text(found.season, [(version, until) for version, until in due if until >= found.day])


def _has(slug: str) -> Has | None:
    return next((has for known, _words, has in (*STAGES, *FILTERS) if known == slug), None)


def _shown(found: Dashboard, asked: dict[str, str]) -> set[int]:
    """The units that the filter and the search leave."""
    has = _has(asked.get("tt", ""))
    left = [line.version for line in found.lines if has is None or not has(line)]
    return {version.unit_id for version in find(left, asked.get("q", ""), found.day)[0]}


def _count(lines: Iterable[UnitStages], has: Has) -> int:
    return sum(1 for line in lines if has(line))


def _pulses(found: Dashboard, asked: dict[str, str]) -> list[Pulse]:
    lines, total, season = found.lines, len(found.lines), found.season
    num, left = write_number, (season.closes_on - found.day).days
    silent, late = total - _count(lines, STAGES[0][2]), sum(line.late for line in lines)
    waiting, returned = found.of_state("submitted"), found.of_state("returned")
    open_round = next((one for one in found.rounds if one.phase in TAKING and one.propose_until >= found.day), None)
    report = found.report
    unsent = total - _count(lines, STAGES[4][2])
    said = (
        (
            "đơn vị đã đăng ký",
            f"{num(found.registered)} mô hình: {num(found.new)} mới, {num(found.registered - found.new)} duy trì",
            f"{silent} chưa" + ("" if found.is_over else f", {_until(left)}") if silent else "",
        ),
        (
            "đã nhận hết",
            f"{num(found.of_state('accepted'))} đã nhận, {num(waiting)} chờ, {num(returned)} trả lại",
            f"{num(late)} đăng ký chờ quá {season.check_days} ngày" if late and not found.is_over else "",
        ),
        ("đã công nhận", f"{num(sum(line.recognised for line in lines))} mô hình", ""),
        (
            f"đã đề nghị {head_level_on(found.day).said_place}",
            f"{num(sum(line.proposed for line in lines))} hồ sơ"
            + (f", nhận đến {open_round.propose_until:%d/%m}" if open_round else ""),
            "",
        ),
        (
            f"đã gửi báo cáo: {report.called}" if report else "đã gửi báo cáo",
            f"hạn {write_day(report.send_by)}" if report else "chưa đến kỳ báo cáo nào",
            f"{unsent} trễ {(found.day - report.send_by).days} ngày" if report and unsent and found.is_report_late else "",
        ),
    )
    return [
        Pulse(_count(lines, has), total, title, address({"nam": asked.get("nam", "")}, tt=slug) + "#don-vi", words, late_words)
        for (slug, _heading, has), (title, words, late_words) in zip(STAGES, said, strict=True)
    ]


def _until(days: int) -> str:
    if days < 0:
        return "đã hết hạn"
    return f"còn {days} ngày" if days else "hôm nay là ngày cuối"


def _deadlines(found: Dashboard, asked: dict[str, str]) -> list[Deadline]:
    """Late first, then by day; none of a year that is over."""
    if found.is_over:
        return []
    season, day, board = found.season, found.day, reverse("models_registry:board", args=[found.season.year])
    own = {"nam": asked.get("nam", "")}
    reports = f"{reverse('reports:home')}?nam={season.year}"
    listed: list[tuple[date, str, str, str, tuple[tuple[str, str], ...]]] = []
    silent = [line for line in found.lines if not line.registered]
    unsent = [line for line in found.lines if not line.has_reported]
    if found.report and unsent:
        words = f"{found.report.called}:"
        links = ((f"Nhắc {len(unsent)} đơn vị", reports),)
        listed.append(
            (found.report.send_by, words, f"{len(unsent)} đơn vị chưa gửi", address(own, tt="chua-bao-cao") + "#don-vi", links)
        )
    if found.next_report:
        listed.append((found.next_report.send_by, "Hạn gửi báo cáo:", found.next_report.called, reports, ()))
    if season.closes_on >= day:
        linked = f"{len(silent)} đơn vị chưa đăng ký" if silent else ""
        listed.append(
            (
                season.closes_on,
                "Hết nhận đăng ký" + (":" if silent else ""),
                linked,
                address(own, tt="chua-dang-ky") + "#don-vi",
                (),
            )
        )
    if found.returned_since:
        until = season.mend_until(found.returned_since)
        linked = f"{write_number(found.of_state('returned'))} đăng ký đã trả lại"
        listed.append((until, "Hết hạn sửa:", linked, f"{board}?tt=tra-lai", ()))
    if season.cutoff_on >= day:
        listed.append((season.cutoff_on, f"Chốt số liệu năm {season}", "", "", ()))
    for round_ in found.rounds:
        there = reverse("recognition:round", args=[round_.pk])
        steps = (("Hết nhận đề nghị:", round_.propose_until, TAKING), ("Hội đồng họp:", round_.meet_on, TO_MEET))
        for words, on, phases in steps:
            if on >= day and round_.phase in phases:
                listed.append((on, words, f"đợt {round_.number} năm {season}", there, ()))
    said = [
        Deadline(on, _said(on, day), words, href, linked, on < day, more if on < day or more else ())
        for on, words, linked, href, more in sorted(listed, key=lambda one: one[0])
    ]
    late = [line for line in found.lines if line.late]
    if late:
        linked = f"{write_number(sum(line.late for line in late))} đăng ký chờ xét quá lâu"
        href = f"{board}?tt=cho-xet&tre=1"
        said.insert(0, Deadline(day, f"quá {season.check_days} ngày", f"Ở {len(late)} đơn vị:", href, linked, True))
    return said


def _said(on: date, day: date) -> str:
    days = (on - day).days
    return f"trễ {-days} ngày" if days < 0 else f"còn {days} ngày" if days else "hôm nay"


def _sum_until(points: Iterable[tuple[date, int]], day: date) -> int:
    return max((value for on, value in points if on <= day), default=0)


def _months(found: Dashboard) -> list[tuple[int, int | None, int | None]]:
    """(month, this year's sum, last year's) at the end of each month: the table beside the curve."""
    season, trend = found.season, found.trend
    rows = []
    for month in range(1, 13):
        ends = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for year in (season.year, season.year - 1)]
        now = _sum_until(trend.now, ends[0]) if ends[0].replace(day=1) <= found.day else None
        rows.append((month, now, _sum_until(trend.before, ends[1]) if trend.before else None))
    return rows


def _filters(found: Dashboard, asked: dict[str, str]) -> list[tuple[str, int, str, bool]]:
    """(what is called, how many units, address, whether it is chosen)"""
    tt = asked.get("tt", "")
    chips = [("Tất cả", len(found.lines), address(asked, tt=""), not _has(tt))]
    for slug, words, has in FILTERS:
        chips.append((words, len(found.lines) - _count(found.lines, has), address(asked, tt=slug), slug == tt))
    return chips


def _areas(found: Dashboard, shown: set[int], asked: dict[str, str]) -> list[Area]:
    lines = {line.version.unit_id: line for line in found.lines}
    areas = []
    for area, parts in groupby(found.groups, key=lambda group: (group.area, group.is_former)):
        folds = [_group(part, lines, shown) for part in parts]
        folds = [fold for fold in folds if fold.lines]
        if not folds:
            continue
        if asked.get("xep"):
            folds.sort(key=lambda fold: sum(number for _heading, number in fold.shares) / fold.total)
        total, silent = sum(fold.total for fold in folds), sum(fold.silent for fold in folds)
        title = f"Vùng {area[0]} cũ" if area[0] else "Theo đơn vị cũ" if area[1] else "Theo loại đơn vị"
        areas.append(Area(title, f"{len(folds)} nhóm, {total} đơn vị; {total - silent}/{total} đã đăng ký", tuple(folds)))
    return areas


def _group(group: UnitGroup, lines: dict[int, UnitStages], shown: set[int]) -> Group:
    whole = [lines[version.unit_id] for version in group.units]
    shares = tuple((heading, _count(whole, has)) for _slug, heading, has in STAGES)
    return Group(
        group.name, len(whole), len(whole) - shares[0][1], shares, tuple(line for line in whole if line.version.unit_id in shown)
    )
