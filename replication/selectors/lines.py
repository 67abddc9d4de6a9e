"""Reads of a model's line: who took it on from whom, where, what was counted. A fixed number of queries, however long it is."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, QuerySet

from common.dates import read_day
from models_registry.models import EmulationModel, Registration
from organisation.models import UnitVersion
from organisation.tree import UnitTree, unit_tree
from replication.figures import Found, total
from replication.models import Adoption, AdoptionOutput, CountedOutput, output_key

LOWEST = 1  # rank of communes


def live_on(day: date) -> Q:
    """Adoptions that stand on a day: begun, and not ended."""
    return Q(adopted_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def adoption_behind(model: EmulationModel | int) -> Adoption | None:
    """The adoption that a model (or its id) came of: it was taken on from elsewhere before it was registered as the unit's own."""
    return Adoption.objects.filter(registration__model=model).exclude(origin=model).select_related("origin").first()


def taken_on(model: EmulationModel | int) -> int:
    """How many places took a model (or its id) on, and stand."""
    return Adoption.objects.filter(origin=model, ended_on__isnull=True).count()


def began_on(model: EmulationModel) -> date | None:
    """The first day of a model: by its own words (“10/2020, ở thôn …”), else the day of its first registration."""
    first = Registration.objects.in_register().filter(model=model).order_by("registered_on")
    return _first_day(model.began) or first.values_list("registered_on", flat=True).first()


def _first_day(words: str) -> date | None:
    """The first day, month or year in the words: '08/12/2023', 'tháng 10/2020, ở thôn …', 'từ năm 2019'."""
    for match in _WHEN.finditer(words):
        text = match[0].replace(" ", "")
        parts = len(re.split(r"[/.-]", text))
        if day := read_day(("1/1/", "1/", "")[parts - 1] + text):
            return day
    return None


_WHEN = re.compile(r"(?<!\d)(?:\d{1,2}\s*[/.-]\s*){0,2}(?:19|20)\d{2}(?!\d)")


def home_of(model: EmulationModel) -> tuple[int, str]:
    """(id of the place, or of the unit, where a model is done; its name then): by its newest registration."""
    home = Registration.objects.in_register().filter(model=model).order_by("-season__year").first()
    return (home.place_id or home.unit_id, home.place_name or home.unit_name) if home else (model.unit_id, "")


@dataclass
class Node:
    """One adopter in the line."""

    adoption: Adoption
    children: list["Node"] = field(default_factory=list)
    values: dict[int, AdoptionOutput] = field(default_factory=dict)
    """counted output id -> the last value by the day"""
    is_ended: bool = False
    """It does the model no more; it stands in the tree for those who learned from it, and counts nowhere."""

    @property
    def value(self) -> AdoptionOutput | None:
        return next(iter(self.values.values()), None)


@dataclass
class Line:
    """A model's whole line as of a day."""

    origin: EmulationModel
    day: date
    roots: list[Node]
    nodes: list[Node]
    """Those that stand, in the order of the line: each after what it learned from."""
    teachers: dict[int, Adoption]
    """adoption id -> what others learned from, ended ones too"""
    counted: list[CountedOutput]
    own: dict[int, Found]
    """counted output id -> what the origin itself had"""
    home: int
    """The place, or the unit, of the origin."""
    home_name: str
    tree: UnitTree

    @property
    def depth(self) -> int:
        return max((node.adoption.depth for node in self.nodes), default=0)

    @cached_property
    def totals(self) -> list[tuple[CountedOutput, Decimal]]:
        """What was counted in the whole line, without counting anything twice; the greatest first."""
        sums = []
        for one in self.counted:
            found = [_found(node, one.pk) for node in self.nodes if one.pk in node.values]
            found += [self.own[one.pk]] if one.pk in self.own else []
            if found:
                sums.append((one, total(found, self.tree, self.day)))
        return sorted(sums, key=lambda pair: -pair[1])

    @cached_property
    def by_year(self) -> list[tuple[int, int]]:
        """(year, how many took it on in it)"""
        years: dict[int, int] = defaultdict(int)
        for node in self.nodes:
            years[node.adoption.adopted_on.year] += 1
        return sorted(years.items())

    @cached_property
    def communes(self) -> set[int]:
        """The units of the lowest level on the day."""
        lowest = UnitVersion.objects.on(self.day).filter(level__rank=LOWEST).exclude(place="")
        return set(lowest.values_list("unit", flat=True))

    @cached_property
    def reached(self) -> set[int]:
        """Those of them that took it on, by who carries them on; the origin's own too."""
        heirs = self.tree.heirs([*(node.adoption.unit_id for node in self.nodes), self.home], self.day)
        return set(heirs.values()) & self.communes


def _found(node: Node, counted: int) -> Found:
    one = node.values[counted]
    return Found(node.adoption.unit_id, node.adoption.place_key, one.as_of, one.quantity)


def line_of(origin: EmulationModel, day: date) -> Line:
    """The line as it stood on a day."""
    rows = Adoption.objects.filter(adopted_on__lte=day, origin=origin).select_related("unit", "campaign")
    everyone, roots = _in_order(rows.order_by("depth", "adopted_on", "pk"), day)
    nodes = [node for node in everyone if not node.is_ended]
    values = latest_values(AdoptionOutput.objects.filter(adoption__origin=origin), day)
    for node in nodes:
        node.values = values.get(node.adoption.pk, {})
    counted = list(CountedOutput.objects.filter(origin=origin))
    place, place_name = home_of(origin)
    return Line(
        origin=origin,
        day=day,
        roots=roots,
        nodes=nodes,
        teachers={node.adoption.pk: node.adoption for node in everyone},
        counted=counted,
        own=_own_values(origin, counted, place, day),
        home=place,
        home_name=place_name,
        tree=unit_tree(),
    )


def _in_order(rows: Iterable[Adoption], day: date) -> tuple[list[Node], list[Node]]:
    """(nodes with their children, each after its parent; those that begin). Of those that ended by the day only who taught
    somebody that goes on.
    """
    by_id = {row.pk: Node(row, is_ended=row.ended_on is not None and row.ended_on <= day) for row in rows}
    needed: set[int] = set()
    for node in by_id.values():
        at = node.adoption.pk
        while not node.is_ended and at in by_id and at not in needed:
            needed.add(at)
            at = by_id[at].adoption.parent_id or 0
    by_id = {pk: node for pk, node in by_id.items() if pk in needed}
    roots: list[Node] = []
    for node in by_id.values():
        above = by_id.get(node.adoption.parent_id or 0)
        (above.children if above else roots).append(node)
    ordered: list[Node] = []
    stack = roots[::-1]
    while stack:
        node = stack.pop()
        ordered.append(node)
        stack += node.children[::-1]
    return ordered, roots


def latest_values(outputs: QuerySet[AdoptionOutput], day: date) -> dict[int, dict[int, AdoptionOutput]]:
    """adoption id -> counted output id -> the last value by a day (one query)."""
    found: dict[int, dict[int, AdoptionOutput]] = defaultdict(dict)
    for one in outputs.filter(as_of__lte=day).select_related("counted").order_by("as_of", "pk"):
        found[one.adoption_id][one.counted_id] = one
    return found


def _own_values(origin: EmulationModel, counted: list[CountedOutput], place: int, day: date) -> dict[int, Found]:
    """The origin's own measured outputs of what its line counts."""
    by_what: dict[str, list[int]] = defaultdict(list)
    by_key = {one.key: one.pk for one in counted if not one.own_what}
    for one in counted:
        by_what[one.own_what].append(one.pk)
    found: dict[int, Found] = {}
    for measure in origin.measures.filter(as_of__lte=day).order_by("as_of"):
        same = by_key.get(output_key(measure.what, measure.counting_unit))
        for counted_id in [*(by_what[measure.what] if measure.what else ()), *([same] if same else ())]:
            found[counted_id] = Found(place, "", measure.as_of, measure.quantity)
    return found
