"""The figures page of many units: who is missing, bars that fold, one table by group; a search. What HTTP asks of `figures`."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.bars import Bar, bars
from common.text import clean
from organisation.grouping import MANY, Former, UnitGroup, find, grouped, told_apart
from reports.selectors import Tally, UnitTally

MISSING_IN_A_ROW = 40  # of more the names stand under their groups
COLUMNS = (
    ("registered", "dang-ky"),
    ("new", "moi"),
    ("maintained", "duy-tri"),
    ("district_recognised", "cap-huyen"),
    ("province_proposed", "de-nghi"),
    ("province_recognised", "cap-tinh"),
)
Href = Callable[..., str]
"""(figure, unit=key, nhom=keys) -> the list that a number counts"""


@dataclass(frozen=True)
class Name:
    """A unit that has nothing, and where it is."""

    name: str
    small: str
    key: str


@dataclass(frozen=True)
class FoldedBar:
    """A group's bar, the bars of its units below it."""

    bar: Bar
    done: int
    units: tuple[Bar, ...]


@dataclass(frozen=True)
class Area:
    title: str
    words: str
    groups: tuple[FoldedBar, ...]


@dataclass(frozen=True)
class Row:
    """A line of the table: an area, a group or a unit."""

    name: str
    done: str
    """'5/6'; of a unit nothing."""
    cells: tuple[tuple[int, str], ...]
    small: str = ""
    is_area: bool = False


@dataclass(frozen=True)
class ByUnit:
    """What stands on the page instead of a list of all units."""

    total: int
    done: int
    missing: tuple[tuple[str, tuple[Name, ...]], ...]
    """The units without a registration, under their groups where there are many, else under no name."""
    areas: tuple[Area, ...]
    rows: tuple[Row, ...]
    shown: str
    """Which rows the table has: '' of groups, 'don-vi' each unit's, 'chua' those without a registration."""
    groups: int
    q: str = ""
    hits: tuple[tuple[Bar, str], ...] = ()
    former: tuple[Former, ...] = ()
    is_open: bool = False

    @property
    def not_done(self) -> int:
        return self.total - self.done

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        """(which rows, what they are called, how many)"""
        tabs = [("", _("Theo nhóm"), self.groups), ("don-vi", _("Từng đơn vị"), self.total)]
        return [*tabs, ("chua", _("Chưa đăng ký"), self.not_done)] if self.not_done else tabs


def by_unit(found: Tally, asked: QueryDict, list_href: Href) -> ByUnit | None:
    """None for so few units that a list of them is read at a glance."""
    reporting = {line.unit.unit_id: line for line in found.reporting}
    if len(reporting) <= MANY:
        return None
    groups, names = (
        grouped([line.unit for line in reporting.values()], found.as_of),
        told_apart([line.unit for line in found.units], by_place=True),
    )
    q, shown = clean(asked.get("q", ""))[:100], asked.get("bang", "")
    group_of = {version.unit_id: group.title for group in groups for version in group.units}

    def bar(line: UnitTally) -> tuple[str, str, int, int]:
        return names[line.unit.unit_id], list_href("dang-ky", line.unit.unit.key), line.new, line.maintained

    hits: list[tuple[Bar, str]] = []
    former: list[Former] = []
    if q:
        versions, former = find([line.unit for line in reporting.values()], q, found.as_of)
        hits = [(made, group_of[pk]) for made, pk in _bars_of([reporting[one.unit_id] for one in versions], bar)]
    missing = [line for line in reporting.values() if not line.registered]
    return ByUnit(
        total=len(reporting),
        done=len(reporting) - len(missing),
        missing=_missing(missing, groups, names),
        areas=() if q else _areas(groups, reporting, bar, list_href),
        rows=_rows(found, groups, names, list_href, shown),
        shown=shown if shown in ("don-vi", "chua") else "",
        groups=len(groups),
        q=q,
        hits=tuple(hits),
        former=tuple(former),
        is_open=asked.get("mo") == "het",
    )


def _bars_of(lines: list[UnitTally], bar: Callable[[UnitTally], tuple[str, str, int, int]]) -> list[tuple[Bar, int]]:
    ordered = sorted(lines, key=lambda line: -line.registered)
    return list(zip(bars([bar(line) for line in ordered], as_given=True), (line.unit.unit_id for line in ordered), strict=True))


def _missing(lines: list[UnitTally], groups: list[UnitGroup], names: dict[int, str]) -> tuple[tuple[str, tuple[Name, ...]], ...]:
    without = {line.unit.unit_id for line in lines}
    is_long = len(without) > MISSING_IN_A_ROW
    parts = [
        (
            group.title,
            tuple(
                Name(names[one.unit_id], "" if is_long else group.title, one.unit.key)
                for one in group.units
                if one.unit_id in without
            ),
        )
        for group in groups
    ]
    if is_long:
        return tuple((name, units) for name, units in parts if units)
    return (("", tuple(name for _title, units in parts for name in units)),) if without else ()


def _parted(groups: list[UnitGroup]) -> list[tuple[str, list[UnitGroup]]]:
    """The groups of each area, under what it is called on the page."""
    areas: dict[str, list[UnitGroup]] = {}
    for group in groups:
        title = _("Vùng %(place)s cũ") % {"place": group.area} if group.area else ""
        title = title or (_("Theo đơn vị cũ") if group.is_former else _("Theo loại đơn vị"))
        areas.setdefault(title, []).append(group)
    return list(areas.items())


def _areas(
    groups: list[UnitGroup],
    lines: dict[int, UnitTally],
    bar: Callable[[UnitTally], tuple[str, str, int, int]],
    list_href: Href,
) -> tuple[Area, ...]:
    """All bars on one scale; in an area the longest first, in a group too."""
    sums = {group.key: [lines[one.unit_id] for one in group.units] for group in groups}
    order = sorted(groups, key=lambda group: -_sum(sums[group.key], "registered"))
    wanted: list[tuple[str, str, int, int]] = []
    for group in order:
        own = sorted(sums[group.key], key=lambda line: -line.registered)
        new, maintained = _sum(own, "new"), _sum(own, "maintained")
        wanted += [(group.name, list_href("dang-ky", nhom=[group.key]), new, maintained), *(bar(line) for line in own)]
    made = iter(bars(wanted, as_given=True))
    folded = {}
    for group in order:
        head, below = next(made), tuple(next(made) for _one in group.units)
        folded[group.key] = FoldedBar(head, _done(sums[group.key]), below)
    found = []
    for title, parts in _parted(groups):
        parts.sort(key=order.index)
        units = [line for group in parts for line in sums[group.key]]
        words = _("%(models)s mô hình, %(done)s/%(total)s đơn vị") % {
            "models": _sum(units, "registered"),
            "done": _done(units),
            "total": len(units),
        }
        found.append(Area(title, words, tuple(folded[group.key] for group in parts)))
    return tuple(found)


def _sum(lines: Iterable[UnitTally], figure: str) -> int:
    return sum(getattr(line, figure) for line in lines)


def _done(lines: Iterable[UnitTally]) -> int:
    return sum(1 for line in lines if line.registered)


def origins_of(lines: Iterable[UnitTally]) -> str:
    """Whose it was, of what these units have from units that ended."""
    numbers = sum((line.origins for line in lines), Counter[str]())
    return _("trong đó từ %s") % ", ".join(f"{name}\u00a0{number}" for name, number in numbers.items()) if numbers else ""


def _rows(found: Tally, groups: list[UnitGroup], names: dict[int, str], list_href: Href, shown: str) -> tuple[Row, ...]:
    lines = {line.unit.unit_id: line for line in found.units}

    def row(name: str, own: list[UnitTally], keys: list[str], *, is_area: bool = False) -> Row:
        cells = tuple((_sum(own, figure), list_href(slug, nhom=keys)) for figure, slug in COLUMNS)
        return Row(name, f"{_done(own)}/{len(own)}", cells, "" if is_area else origins_of(own), is_area)

    def unit_row(line: UnitTally) -> Row:
        cells = tuple((getattr(line, figure), list_href(slug, line.unit.unit.key)) for figure, slug in COLUMNS)
        return Row(names[line.unit.unit_id], "", cells, origins_of([line]))

    rows: list[Row] = []
    for title, parts in _parted(groups):
        units = [lines[one.unit_id] for group in parts for one in group.units]
        if shown == "chua":
            units = [line for line in units if not line.registered]
        if units:
            rows.append(row(title, units, [group.key for group in parts], is_area=True))
        if shown in ("don-vi", "chua"):
            rows += [unit_row(line) for line in units]
        else:
            rows += [row(group.name, [lines[one.unit_id] for one in group.units], [group.key]) for group in parts]
    left = [line for line in found.units if not line.reports]
    if left and shown != "chua":
        rows.append(Row(_("Không còn báo cáo vào ngày này"), "", (), is_area=True))
        rows += [unit_row(line) for line in left]
    return tuple(rows)
