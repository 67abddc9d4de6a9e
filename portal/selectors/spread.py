"""Models that others took on, and where."""

from collections import defaultdict

from django.db.models import Count, Q, QuerySet

from models_registry import selectors as registry
from models_registry.models import EmulationModel
from organisation.models import Reader, UnitVersion
from portal.selectors.places import placed_reporting, places_of
from replication.selectors.lines import Line


def spread_map(line: Line) -> tuple[list[UnitVersion], list[UnitVersion], dict[int, int]]:
    """(reporting units with a point, the communes, reporting unit -> adopters in it) of a model's line, for its map."""
    tree, counts = line.tree, defaultdict[int, int](int)
    heirs = tree.heirs([node.adoption.unit_id for node in line.nodes], line.day)
    for node in line.nodes:
        above = tree.reporting(heirs[node.adoption.unit_id], line.day)
        if above is not None:
            counts[above] += 1
    units = placed_reporting(line.day)
    return units, places_of(units, line.day), dict(counts)


def spread_models(user: Reader) -> QuerySet[EmulationModel]:
    """Models that others took on, the most taken first, with how many (`taken`) stand."""
    standing = Q(adoptions__ended_on__isnull=True)
    found = registry.models_visible_to(user).annotate(taken=Count("adoptions", filter=standing, distinct=True))
    return found.filter(taken__gt=0).order_by("-taken", "title", "pk")
