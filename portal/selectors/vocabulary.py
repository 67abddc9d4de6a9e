"""The lists that the catalogue's addresses name things from, and how a unit is named in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.dates import today
from common.remember import remembered
from models_registry import selectors as registry
from models_registry.models import Field, Season, Theme
from organisation.grouping import told_apart
from organisation.models import Level, UnitVersion
from organisation.naming import LevelName
from organisation.selectors.names import honours_on
from organisation.selectors.units import reporting_units
from organisation.tree import unit_tree
from recognition import selectors as recognition


@dataclass(frozen=True)
class Vocabulary:
    """The lists that addresses name things from."""

    seasons: list[Season]
    fields: list[Field]
    levels: list[Level]
    units: list[UnitVersion]
    unit_names: dict[int, str]
    """unit -> its short name, told from others of that name in the list"""
    marks: dict[int, str]
    """unit -> what tells it from another of its full name in the list: ' (từ 01/07/2025)'"""
    themes: list[Theme]
    reach: dict[int, frozenset[int]]
    """unit -> whose models count as its own, for each unit of the list that followed others; in several seasons for each, since of
    what it registered something may have gone on elsewhere"""
    honours: dict[int, list[LevelName]]
    """rank of a level -> what its honour is or was called in these seasons, or in the year"""
    grades: list[str]
    """What bodies call the best of what they recognise."""
    newest: Season | None
    """The newest season with registrations in a register, else the newest of all."""


def vocabulary(year: str = "") -> Vocabulary:
    """The lists that the catalogue's address is read with. Units: those that reported in the year, or all that have models.

    Each process remembers them.
    """
    asked = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
    return _vocabulary(asked)


@remembered()
def _vocabulary(year: int) -> Vocabulary:
    seasons = registry.with_filled()
    chosen = next((season for season in seasons if season.year == year), None)
    newest, tree, day = registry.newest_of(seasons), unit_tree(), today()
    if chosen:
        units = list(reporting_units(chosen.cutoff_on))
    else:
        found = tree.were(registry.units_in_catalogue(), newest.cutoff_on) if newest else {}
        units = sorted(found.values(), key=lambda version: (version.unit.position, version.unit.key))
    over_years = not chosen and len(seasons) > 1
    wide = [one.unit_id for one in units if over_years or len(tree.with_followed([one.unit_id], day)) > 1]
    reach = {pk: tree.reach(pk, day) for pk in wide}
    days = [at for season in ([chosen] if chosen else seasons) for at in (season.opens_on, season.last_day)]
    levels, fields = list(Level.objects.all()), list(Field.objects.all())
    honours = honours_on(days or [day], levels)
    names = told_apart(units, tree=tree)
    return Vocabulary(
        seasons,
        fields,
        levels,
        units,
        told_apart(units, short=True, tree=tree),
        {one.unit_id: names[one.unit_id].removeprefix(one.name) for one in units if names[one.unit_id] != one.name},
        registry.named_themes(),
        reach,
        honours,
        recognition.grade_names(),
        newest,
    )


def unit_teller(words: Vocabulary | None = None) -> Callable[[Any], str]:
    """What names the unit of a row as in the row's year, told from another unit of that name in the catalogue."""
    marks = (words or vocabulary()).marks
    return lambda row: row.unit_name + marks.get(row.unit_id, "")


def honour_slugs(words: Vocabulary | None = None) -> dict[int, str]:
    """rank of a level -> its name in addresses."""
    return {level.rank: level.honour_slug for level in (words or vocabulary()).levels}
