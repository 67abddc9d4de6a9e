"""Whose register a file is, by the words above its table."""

import re
from collections.abc import Iterable

from common.text import compare_key
from models_registry.models import Season
from organisation.models import Unit, UnitVersion
from organisation.selectors import reporting_units
from organisation.tree import unit_tree

_YEAR = re.compile(r" nam \d{4}\b")  # "xã Hàm Thuận năm 2026" is not Hàm Thuận Nam
_SHORTEST = 2  # words of a name: one alone is part of too many others


def unit_in_title(lines: Iterable[str], season: Season, chosen: Unit) -> UnitVersion | None:
    """The reporting unit of the season that the title names, where it is another than the chosen one and that is not named."""
    named = unit_named(lines, season, chosen)
    return named if isinstance(named, UnitVersion) else None


def unit_named(lines: Iterable[str], season: Season, chosen: Unit) -> UnitVersion | Unit | None:
    """The one other reporting unit that the lines name, or the chosen one where they name it; None where they name none, or several."""
    said = f" {' | '.join(_YEAR.sub('', compare_key(line)) for line in lines)} "
    tree, found = unit_tree(), dict[int, UnitVersion]()
    for day in tree.distinct((season.last_day, season.opens_on)):
        found |= {version.unit_id: version for version in reporting_units(day)}
    of_chosen = tree.with_followed([chosen.pk], season.last_day)
    named = [
        (name, version)
        for version in [*found.values(), *UnitVersion.objects.filter(unit__in=of_chosen).select_related("unit")]
        for name in {compare_key(version.name), compare_key(version.place)}
        if len(name.split()) > _SHORTEST and f" {name} " in said
    ]
    whole = [(name, version) for name, version in named if not any(name in other and name != other for other, _ in named)]
    if any(version.unit_id in of_chosen for _, version in whole):
        return chosen
    units = {version.unit_id: version for _, version in whole}
    return next(iter(units.values())) if len(units) == 1 else None
