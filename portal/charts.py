"""Shapes for charts and the map: plain numbers for SVG attributes. Words stand around them in HTML."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import hypot, sqrt
from typing import Any

from django.utils.safestring import SafeString

from common.numbers import write_number
from organisation.grouping import told_apart
from organisation.models import UnitVersion

FALL_HEIGHT, FALL_TOP, FALL_FLOOR = 144, 14, 2


@dataclass(frozen=True)
class Step:
    """One fact of the season's flow: its width as a bar, and the curve that falls to the next fact."""

    percent: str
    part_percent: str
    fall: str
    part_fall: str


def flow(values: list[int], part: int) -> list[Step]:
    """Bars and falling curves for a row of counts, linear from zero; `part` is the first count's darker share."""
    top = max(values, default=0) or 1

    def y(value: int) -> str:
        return f"{FALL_HEIGHT - (FALL_HEIGHT - FALL_TOP) * value / top:.1f}"

    def fall(value: int, following: int) -> str:
        return f"M0 {FALL_HEIGHT}V{y(value)}H38C70 {y(value)} 68 {y(following)} 100 {y(following)}V{FALL_HEIGHT}Z"

    steps = []
    for index, value in enumerate(values):
        following = values[index + 1] if index + 1 < len(values) else value
        share = part if index == 0 else value
        steps.append(Step(f"{100 * value / top:.1f}", f"{100 * share / top:.1f}", fall(value, following), fall(share, following)))
    return steps


@dataclass
class Bubble:
    """A unit on the map, or several where they stand too close to be named each."""

    unit: UnitVersion
    """Of several the one with the most."""
    count: int
    x: float
    y: float
    r: float
    label: str = ""
    is_named: bool = True
    """Its label has room; without, the list beside the map names it."""
    members: tuple[UnitVersion, ...] = ()
    label_x: float = 0
    label_y: float = 0
    anchor: str = "middle"
    number_y: float = 0
    is_small: bool = False
    href: str = ""


@dataclass
class Map:
    view_box: str
    land: list[tuple[int, int, int]] = field(default_factory=list)
    bubbles: list[Bubble] = field(default_factory=list)
    sea: tuple[int, int] | None = None

    @property
    def is_crowded(self) -> bool:
        return any(len(bubble.members) > 1 for bubble in self.bubbles)

    def around(self, key: str) -> tuple[UnitVersion, ...]:
        """The units of the bubble of several that has a unit's name; none where there is no such bubble."""
        found = (bubble.members for bubble in self.bubbles if bubble.unit.unit.key == key and len(bubble.members) > 1)
        return next(found, ())


WIDTH = 640
LAND, ISLAND, TOWN_MARGIN = 34, 11, 48
BIGGEST, SMALLEST, SMALL = 30, 4.0, 16
NAMED_EACH = 20  # units of which each has a bubble of its own; of more those that crowd are one
CROWDED = 52  # between two bubbles under which they are one
LETTER, LINE = 8.6, 17  # about the width of a letter, the height of a label
NUMBER_AT, DIGIT, NUMBER_HALF, NUMBER_ROOM = 18, 9.6, 8, 3  # a number beside a small bubble: where it begins, how large it is
TOUCHING = 20  # square pixels of a bubble's edge that a label may cover
Box = tuple[float, float, float, float]


def district_map(
    units: list[UnitVersion],
    places: list[UnitVersion],
    counts: dict[int, int],
    href: Callable[[UnitVersion], str] = lambda unit: "",
    *,
    only_counted: bool = False,
    crowd_href: Callable[[UnitVersion], str] = lambda unit: "",
) -> Map | None:
    """The units' bubbles (area by count; each leads to `href`, one of several to `crowd_href`) over the land that their communes'
    own points make; None without coordinates. `only_counted`: no bubble where nothing is counted.
    """
    points = [p for p in [*places, *units] if p.latitude is not None and p.longitude is not None]
    shown = [u for u in units if u.latitude is not None and u.longitude is not None]
    if not shown:
        return None
    lats = [float(p.latitude) for p in points if p.latitude is not None]
    lons = [float(p.longitude) for p in points if p.longitude is not None]
    scale = (WIDTH - 2 * TOWN_MARGIN) / max(0.01, max(lons) - min(lons))

    def at(unit: UnitVersion) -> tuple[float, float]:
        x = TOWN_MARGIN + (float(unit.longitude or 0) - min(lons)) * scale
        return x, TOWN_MARGIN + (max(lats) - float(unit.latitude or 0)) * scale * 1.017

    height = TOWN_MARGIN * 2 + (max(lats) - min(lats)) * scale * 1.017
    of_unit: dict[int | None, int] = {}
    for place in places:
        of_unit[place.parent_id] = of_unit.get(place.parent_id, 0) + 1
    chart = Map(f"0 0 {WIDTH} {height:.0f}")
    for place in places:
        if place.latitude is not None:
            x, y = at(place)
            chart.land.append((round(x), round(y), LAND if of_unit[place.parent_id] > 3 else ISLAND))
    placed: list[tuple[UnitVersion, float, float]] = []
    for unit in shown:
        own = [at(place) for place in places if place.parent_id == unit.unit_id and place.latitude is not None] or [at(unit)]
        if counts.get(unit.unit_id) or not only_counted:
            placed.append((unit, sum(p[0] for p in own) / len(own), sum(p[1] for p in own) / len(own)))  # amid its communes
    chart.bubbles = _bubbles(placed, counts, height)
    for bubble in chart.bubbles:
        bubble.href = href(bubble.unit) if len(bubble.members) == 1 else crowd_href(bubble.unit)
    return chart


def _bubbles(placed: list[tuple[UnitVersion, float, float]], counts: dict[int, int], height: float) -> list[Bubble]:
    """One for each unit; of many units one for those that crowd, until every label has room of its own."""
    names = told_apart((unit for unit, _x, _y in placed), short=True)
    order = sorted(placed, key=lambda one: -counts.get(one[0].unit_id, 0))
    groups: list[list[tuple[UnitVersion, float, float]]] = []
    for one in order:
        near = next((group for group in groups if _distance(group[0], one) < CROWDED), None) if len(placed) > NAMED_EACH else None
        if near is None:
            groups.append([one])
        else:
            near.append(one)
    while True:
        bubbles = _drawn(groups, counts, names)
        cramped = _place_labels(bubbles, height)
        if cramped is None or len(groups) <= NAMED_EACH:
            break
        left = groups.pop(cramped)
        min(groups, key=lambda group: _distance(group[0], left[0])).extend(left)
    named: list[Box] = []
    for bubble in bubbles:
        bubble.is_named = not any(overlap(box_of(bubble), box) for box in named)
        named += [box_of(bubble)] if bubble.is_named else []
    return bubbles


def _distance(one: tuple[UnitVersion, float, float], other: tuple[UnitVersion, float, float]) -> float:
    return hypot(one[1] - other[1], one[2] - other[2])


def _drawn(groups: list[list[tuple[UnitVersion, float, float]]], counts: dict[int, int], names: dict[int, str]) -> list[Bubble]:
    sums = [sum(counts.get(unit.unit_id, 0) for unit, _x, _y in group) for group in groups]
    most, bubbles = max(sums, default=0) or 1, []
    for group, number in zip(groups, sums, strict=True):
        unit, x, y = group[0]
        r = max(SMALLEST, BIGGEST * sqrt(number / most))
        label = names[unit.unit_id] + (f" +{len(group) - 1}" if len(group) > 1 else "")
        members = tuple(member for member, _x, _y in group)
        bubbles.append(
            Bubble(
                unit, number, round(x), round(y), round(r, 1), label, members=members, number_y=round(y) + 7, is_small=r < SMALL
            )
        )
    return bubbles


def box_of(bubble: Bubble) -> Box:
    """Where its label stands: left, top, right, bottom."""
    width = LETTER * len(bubble.label)
    left = bubble.label_x - {"middle": width / 2, "start": 0, "end": width}[bubble.anchor]
    return left, bubble.label_y - 13, left + width, bubble.label_y - 13 + LINE


def drawn_of(bubble: Bubble) -> list[Box]:
    """What is drawn of it beside its label: the bubble, and the number that stands beside a small one."""
    found = [(bubble.x - bubble.r, bubble.y - bubble.r, bubble.x + bubble.r, bubble.y + bubble.r)]
    if bubble.is_small:
        left, width = bubble.x + NUMBER_AT, DIGIT * len(write_number(bubble.count) or "0")
        high = NUMBER_HALF + NUMBER_ROOM
        found.append((left - NUMBER_ROOM, bubble.y - high, left + width + NUMBER_ROOM, bubble.y + high))
    return found


def overlap(one: Box, other: Box) -> float:
    """The area that two boxes have in common: of nearly all pairs none."""
    if one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]:
        return 0.0
    return (min(one[2], other[2]) - max(one[0], other[0])) * (min(one[3], other[3]) - max(one[1], other[1]))


def _place_labels(bubbles: list[Bubble], height: float) -> int | None:
    """Each name around its bubble where it covers least of other names and bubbles. The number of the first bubble that lies on another,
    or whose name covers some all the same or ends outside; None where there is none.
    """
    drawn = [drawn_of(bubble) for bubble in bubbles]
    labels: list[Box] = []
    cramped = None
    for index, bubble in enumerate(bubbles):
        side = bubble.r + (26 if bubble.is_small else 0)
        options = [
            ("middle", bubble.x, bubble.y + bubble.r + 17),
            ("middle", bubble.x, bubble.y - bubble.r - 7),
            ("start", bubble.x + side + 6, bubble.y + 5),
            ("end", bubble.x - bubble.r - 6, bubble.y + 5),
            ("start", bubble.x + bubble.r, bubble.y + bubble.r + 14),
            ("start", bubble.x + bubble.r, bubble.y - bubble.r - 4),
            ("end", bubble.x - bubble.r, bubble.y + bubble.r + 14),
            ("end", bubble.x - bubble.r, bubble.y - bubble.r - 4),
        ]

        others = [box for at, boxes in enumerate(drawn) if at != index for box in boxes]

        def covered(option: tuple[str, float, float], bubble: Bubble = bubble, others: list[Box] = others) -> float:
            bubble.anchor, bubble.label_x, bubble.label_y = option[0], round(option[1]), round(option[2])
            box = box_of(bubble)
            outside = 500.0 if box[0] < 2 or box[2] > WIDTH - 2 or box[1] < 2 or box[3] > height - 2 else 0.0
            return outside + 100 * sum(overlap(box, label) for label in labels) + sum(overlap(box, other) for other in others)

        best = min(options, key=covered)
        hidden = max((overlap(own, box) for own in drawn[index] for box in others), default=0.0)
        if max(covered(best), hidden) > TOUCHING and cramped is None:
            cramped = index
        labels.append(box_of(bubble))
    return cramped


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    when: str


def line(values: list[tuple[float, float, str, str]]) -> tuple[list[Point], str, list[tuple[float, str]]]:
    """(day number, value, label, when) -> points in a 380 x 190 box, the polyline, and the grid's lines with their labels."""
    top = max(value for _, value, _, _ in values) or 1
    step = 10 ** (len(str(int(top))) - 1)
    step = next((s for s in (step, step * 2, step * 5, step * 10) if top / s <= 4), step * 10)
    ceiling = step * -(-top // step)
    first, last = values[0][0], values[-1][0]
    points = [
        Point(
            round(56 + 278 * (day - first) / ((last - first) or 1), 1),
            round(150 - 120 * value / ceiling, 1),
            label,
            when,
        )
        for day, value, label, when in values
    ]
    grid = [(round(150 - 120 * level / ceiling, 1), write_number(level)) for level in _levels(step, ceiling)]
    return points, " ".join(f"{p.x},{p.y}" for p in points), grid


def _levels(step: float, ceiling: float) -> list[float]:
    return [step * n for n in range(1, int(ceiling // step) + 1)]


ROW, COLUMN, SHOWN_CHILDREN, SHOWN_ROWS = 34, 30, 8, 80


@dataclass(frozen=True)
class Twig:
    """One line of a tree: where its dot stands, the curve to what it hangs from, its words; `more`: so many that are not drawn.
    `before`: the tags that lead to it in the nested list.
    """

    x: int
    y: int
    curve: str
    depth: int
    adoption: Any = None
    value: str = ""
    more: int = 0
    is_ended: bool = False
    before: str = ""


@dataclass
class Tree:
    """A line as rows for SVG, and the same rows nested for a list, which `after` ends."""

    height: int
    twigs: list[Twig]
    after: SafeString

    @property
    def width(self) -> int:
        return 640


def tree(roots: list[Any]) -> Tree:
    """Rows of a model's line, each under what it learned from; at most SHOWN_CHILDREN of each, SHOWN_ROWS in all: what is left
    out, with all below it, is told in rows of their own.
    """
    sizes = _sizes(roots)
    twigs: list[Twig] = []
    stack: list[tuple[Any, int, int, int]] = [(roots, 1, 12, ROW // 2)]  # nodes or a number, depth, x and y that it hangs from
    left = 0
    while stack:
        what, depth, x0, y0 = stack.pop()
        if isinstance(what, list):
            drawn, rest = what[:SHOWN_CHILDREN], sum(sizes[id(node)] for node in what[SHOWN_CHILDREN:])
            if rest:
                stack.append((rest, depth, x0, y0))
            stack += [(node, depth, x0, y0) for node in reversed(drawn)]
            continue
        if len(twigs) >= SHOWN_ROWS:
            left += what if isinstance(what, int) else sizes[id(what)]
            continue
        y, x = ROW * (len(twigs) + 1) + ROW // 2, 12 + COLUMN * depth
        curve = f"M{x0} {y0}V{y - 10}Q{x0} {y} {x0 + 10} {y}H{x}"
        if isinstance(what, int):
            twigs.append(Twig(x, y, curve, depth, more=what))
            continue
        value = f"{write_number(what.value.quantity)} {what.value.counted.counting_unit}" if what.value else ""
        value = "" if what.is_ended else value
        twigs.append(Twig(x, y, curve, depth, what.adoption, value, is_ended=what.is_ended))
        if what.children:
            stack.append((what.children, depth + 1, x, y))
    if left:
        y, x = ROW * (len(twigs) + 1) + ROW // 2, 12 + COLUMN
        twigs.append(Twig(x, y, f"M12 {ROW // 2}V{y - 10}Q12 {y} 22 {y}H{x}", 1, more=left))
    nested = _nested(twigs)
    return Tree(ROW * (len(twigs) + 1) + 8, nested, _ends(twigs[-1].depth - 1) if twigs else SafeString(""))


def _sizes(roots: list[Any]) -> dict[int, int]:
    """id of a node -> how many adopters that stand are in it and below it."""
    ordered, stack = [], list(roots)
    while stack:
        node = stack.pop()
        ordered.append(node)
        stack += node.children
    sizes: dict[int, int] = {}
    for node in reversed(ordered):
        sizes[id(node)] = (not node.is_ended) + sum(sizes[id(child)] for child in node.children)
    return sizes


def _nested(twigs: list[Twig]) -> list[Twig]:
    """Each with the tags before it: `depth` grows by one at a time and falls by any number. Tags that cross a template's blocks
    can be read in no template.
    """
    before = [0, *(twig.depth for twig in twigs)]
    return [replace(twig, before=_tags(last, twig.depth)) for last, twig in zip(before, twigs, strict=False)]


def _tags(last: int, depth: int) -> SafeString:
    return SafeString("<li>" if not last else "<ol><li>" if depth > last else f"{_ends(last - depth)}<li>")  # nosec  tags only


def _ends(levels: int) -> SafeString:
    """The end of an item and of so many lists around it."""
    return SafeString("</li>" + "</ol></li>" * levels)  # nosec  tags only
