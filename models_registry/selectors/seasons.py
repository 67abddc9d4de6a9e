"""Reads of seasons: which there are, until when a unit may send, their fields, themes and places."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.functional import cached_property

from common.dates import today
from common.remember import remembered
from models_registry.models import BasisPaper, Field, Period, Registration, Season, SeasonExtension, Theme
from models_registry.permissions import acting_day
from models_registry.registers.vocabulary import FieldBook, PlaceBook, place_key
from organisation.models import Reader, Unit, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors.units import reporting_within, versions_on
from organisation.tree import UnitTree, tree_for, unit_tree


def seasons() -> QuerySet[Season]:
    return Season.objects.select_related("period")


def last_season() -> Season | None:
    """The one of the latest year."""
    return seasons().first()


def seasons_for(user: Reader, read: Callable[[], list[Season]] = lambda: list(seasons())) -> list[Season]:
    """All seasons as a request has read them: kept on the user object, as its tree is."""
    kept: list[Season] | None = getattr(user, "_seasons", None)
    if kept is None:
        kept = read()
        if user is not None:
            user._seasons = kept  # type: ignore[union-attr]
    return kept


def newest_season() -> Season | None:
    """The newest season that has registrations in a register, else the newest of all."""
    return newest_of(with_filled())


def with_filled() -> list[Season]:
    """All seasons, each told whether it has registrations in a register (`is_filled`)."""
    filled = Registration.objects.in_register().filter(season=OuterRef("pk"))
    return list(seasons().annotate(is_filled=Exists(filled)))


def newest_of(listed: list[Any]) -> Season | None:
    """`newest_season` among those of `with_filled`."""
    return next((season for season in listed if season.is_filled), listed[0] if listed else None)


def current_season() -> Season | None:
    """The season that officers work in: the newest that has opened, else the newest of all."""
    return current_of(seasons())


def current_of(listed: Iterable[Season]) -> Season | None:
    """`current_season` of a list that was read already, newest first."""
    every = list(listed)
    return next((season for season in every if season.opens_on <= today()), every[0] if every else None)


def seasons_of(user: Reader, listed: Iterable[Season] | None = None) -> list[Season]:
    """The seasons whose board a person may follow, newest first: of a unit that registered in them, of those below it, and of all
    that they have followed. A unit that ended keeps what it had.
    """
    held = units_where(user, May.SEE_BOARD)
    if not held:
        return []
    tree = tree_for(user)
    reach = tree.with_followed(held, today())
    return [season for season in (seasons() if listed is None else listed) if _registers(tree, reach, season)]


def _registers(tree: UnitTree, unit_ids: Iterable[int], season: Season) -> bool:
    """Whether any of the units, or of those below them, registers in the season, or did when it opened."""
    days = tree.distinct((acting_day(season), season.opens_on))
    return any(tree.reporting(unit_id, day) is not None for day in days for unit_id in tree.below(unit_ids, day))


def working_season(user: Reader, listed: list[Season] | None = None) -> Season | None:
    """The season that a person works in: `current_season` of their own, else of all."""
    every = seasons_for(user) if listed is None else listed
    return current_of(seasons_of(user, every)) or current_of(every)


def basis_paper(season: Season) -> BasisPaper | None:
    """The file of what a season rests on."""
    return season.basis_papers.filter(replaced_at=None).first()


def season_of(year: int) -> Season | None:
    return seasons().filter(year=year).first()


class Deadlines:
    """Until when units may send, in any season: one query, once it is asked, beside the tree's."""

    def __init__(self, tree: UnitTree) -> None:
        self._tree = tree

    @cached_property
    def _granted(self) -> dict[tuple[int, int], date]:
        granted = (
            SeasonExtension.objects.filter(taken_back_at__isnull=True)
            .order_by()
            .values_list("season", "unit")
            .annotate(last=Max("until"))
        )
        return {(season_id, unit_id): last for season_id, unit_id, last in granted}

    def any_after(self, season: Season, day: date) -> bool:
        """Whether any unit may still send after a day."""
        return season.closes_on > day or any(at == season.pk and last > day for (at, _), last in self._granted.items())

    def of(self, season: Season, unit_id: int) -> date:
        """The last day: the season's, or a later one that was granted to the unit or to one above it."""
        day = acting_day(season)
        heirs = () if self._tree.exists(unit_id, day) else self._tree.successors(unit_id, day)
        line = [*self._tree.line(unit_id, day), *(one for heir in heirs for one in self._tree.line(heir, day))]
        return max([season.closes_on, *(self._granted.get((season.pk, one), season.closes_on) for one in line)])


def deadline_of(season: Season, unit: Unit) -> date:
    """The last day on which one unit may send."""
    return Deadlines(unit_tree()).of(season, unit.pk)


@dataclass(frozen=True)
class Window:
    """Until when one unit may send in a season, and which days what it sends may carry: one rule, so that they never disagree."""

    season: Season
    until: date
    """The last day on which it may send."""

    @property
    def registered_until(self) -> date:
        """The last day that a registration may be dated: in the time granted too, but never after the season's year."""
        return min(self.until, self.season.ends_on)

    @property
    def begins_until(self) -> date:
        """The last day on which what is registered may begin."""
        return max(self.season.last_day, self.until)


def window_of(season: Season, unit: Unit) -> Window:
    return Window(season, deadline_of(season, unit))


def extensions(user: Reader, season: Season) -> QuerySet[SeasonExtension]:
    """More time that was granted in the units where the user may grant it, and in those above, which it comes down from."""
    held, day, tree = units_where(user, May.EXTEND_SEASON), acting_day(season), tree_for(user)
    units = tree.below(held, day).union(*(tree.line(unit_id, day) for unit_id in held))
    granted = SeasonExtension.objects.filter(season=season, unit__in=units)
    return granted.select_related("unit", "granted_by", "taken_back_by").order_by("-granted_at", "-pk")


def importable_units(user: Reader, season: Season) -> list[UnitVersion]:
    """The units whose register of the season this user may upload, each as it was last in it."""
    return reporting_within(user, May.IMPORT_REGISTER, (season.last_day, season.opens_on))


def themes(period: Period) -> QuerySet[Theme]:
    return Theme.objects.filter(period=period)


def theme_numbered(period: Period, number: str) -> Theme | None:
    """A named theme of a period by its id as text; None for what is none."""
    known = {str(theme.pk): theme for theme in themes(period) if theme.label}
    return known.get(number)


def field_book() -> FieldBook:
    return FieldBook((field.pk, field.name, [field.short_name, *field.synonyms.splitlines()]) for field in Field.objects.all())


def places_within(unit: Unit, season: Season) -> list[UnitVersion]:
    """The places inside one unit, as they were at any time of the season; one that changed its name, under each."""
    below: dict[tuple[int, str], UnitVersion] = {}
    tree = unit_tree()
    for day in tree.distinct((season.opens_on, season.cutoff_on, season.last_day)):
        for version in tree.right_below(unit.pk, day):
            below[version.unit_id, version.place] = version
    return list(below.values())


def place_book(unit: Unit, season: Season) -> PlaceBook:
    """The places that a unit's register may name."""
    tree, below = unit_tree(), places_within(unit, season)
    own = tree.were([unit.pk], season.last_day)[unit.pk]
    return PlaceBook(
        own.name,
        [own.place, own.name, own.short_name],
        [(v.unit_id, v.unit.key, v.place, v.name) for v in below],
        former=_former_places(tree, unit, below, season.last_day),
        successor_name=successor_names(season.last_day),
        is_of_place=bool(own.place_kind),
    )


def _former_places(tree: UnitTree, unit: Unit, below: list[UnitVersion], day: date) -> list[tuple[str, int | None, str]]:
    """(a place that ended, the id and key of the place in the unit that it went into; none for the unit itself)"""
    there = {version.unit_id: version.unit.key for version in below}
    into: dict[int, tuple[int | None, str]] = {}
    for pk, key in [(unit.pk, ""), *there.items()]:
        for old in tree.with_followed([pk], day) - {pk, *there}:
            into[old] = (pk if key else None, key)
    if not into:
        return []
    names = UnitVersion.objects.filter(unit__in=into).values_list("place", "unit")
    return [(place, *into[old]) for place, old in names]


def successor_names(day: date) -> Callable[[str], str]:
    """The name of the unit that a former place went into by a day, by the place's key; read when it is first asked for."""
    names = cache(lambda: _heirs_of_places(day))
    return lambda key: names().get(key, "")


@remembered(size=4)
def _heirs_of_places(day: date) -> dict[str, str]:
    tree = unit_tree()
    ended = [pk for pk, _, since in tree.successions() if since <= day and not tree.exists(pk, day)]
    heirs = {pk: tree.successors(pk, day) for pk in ended}
    names = versions_on({heir for listed in heirs.values() for heir in listed}, day)
    found: dict[str, set[str]] = {}
    for pk, place in UnitVersion.objects.filter(unit__in=ended).exclude(place="").values_list("unit", "place"):
        found.setdefault(place_key(place), set()).update(names[heir].name for heir in heirs[pk])
    return {key: " hoặc ".join(sorted(listed)) for key, listed in found.items() if listed}


def fields() -> QuerySet[Field]:
    return Field.objects.all()


def field_named(slug: str) -> Field | None:
    return Field.objects.filter(slug=slug).first()
