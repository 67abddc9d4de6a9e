"""Whose register a file is, by the words above its table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.remember import remembered
from common.text import compare_key
from models_registry.models import Season
from organisation.models import Unit, UnitVersion
from organisation.selectors.ended import instead_of
from organisation.selectors.units import versions_on
from organisation.tree import UnitTree, unit_tree

_YEAR = re.compile(r" nam \d{4}\b")  # "xã Hàm Thuận năm 2026" is not Hàm Thuận Nam
_SHORTEST = 2  # words of a name: one alone is part of too many others


def without_year(key: str) -> str:
    """A folded line without “năm 2026”."""
    return _YEAR.sub("", f" {key} ").strip()


@dataclass(frozen=True)
class Named:
    """Whom a title names instead of the chosen unit, and the reporting units of the season whose register it may be: none
    where what it names ended without an heir.
    """

    name: str
    has_ended: bool
    units: list[UnitVersion]


def unit_in_title(lines: Sequence[str], season: Season, chosen: Unit) -> Named | None:
    """What the title names, where neither the chosen unit nor anything within it or before it is named."""
    found = _named(lines, season, chosen)
    return found if isinstance(found, Named) else None


def unit_named(lines: Sequence[str], season: Season, chosen: Unit) -> UnitVersion | Unit | None:
    """The one other unit whose register the lines name, or the chosen one where they name it; None where they name none, or several."""
    found = _named(lines, season, chosen)
    if isinstance(found, Named):
        return found.units[0] if len(found.units) == 1 else None
    return found


def _named(lines: Sequence[str], season: Season, chosen: Unit) -> Named | Unit | None:
    if not lines:
        return None
    said = f" {' | '.join(without_year(compare_key(line)) for line in lines)} "
    tree, day = unit_tree(), season.last_day
    above = tree.with_followed(tree.line_then(chosen.pk, day)[1:], day)
    named = [(name, version) for name, version in _names() if f" {name} " in said and version.unit_id not in above]
    whole = [version for name, version in named if not any(name in other and name != other for other, _ in named)]
    own = tree.reach(chosen.pk, day)
    if not whole:
        return None
    if any(version.unit_id in own for version in whole):
        return chosen
    units = dict.fromkeys(pk for version in whole for pk in registering(tree, version.unit_id, season))
    names = dict.fromkeys(version.name for version in whole)
    has_ended = not any(tree.exists(version.unit_id, day) for version in whole)
    return Named(" và ".join(names), has_ended, list(versions_on(units, day).values()))


@remembered(size=1)
def _names() -> list[tuple[str, UnitVersion]]:
    """Each name that a unit had, folded, long enough to be told from other words."""
    versions = UnitVersion.objects.select_related("unit")
    named = ((name, it) for it in versions for name in {compare_key(it.name), compare_key(it.place)})
    return [(name, version) for name, version in named if len(name.split()) > _SHORTEST]


def registering(tree: UnitTree, unit_id: int, season: Season) -> list[int]:
    """The units in whose register of the season a unit's models stand: its own, else that of those in its stead."""
    days = (season.last_day, season.opens_on)
    found = [above for day in days if (above := tree.reporting(unit_id, day)) is not None]
    stead = [] if found else [version.unit_id for version in instead_of(unit_id, season.last_day)]
    return found + [above for pk in stead if (above := tree.reporting(pk, season.last_day)) is not None]
