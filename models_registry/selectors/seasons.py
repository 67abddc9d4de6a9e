"""Reads of seasons: which there are, until when a unit may send, their fields, themes and places."""

from datetime import date

from django.db.models import Max, QuerySet

from common.dates import today
from models_registry.models import Field, Period, Registration, Season, SeasonExtension, Theme
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from organisation.models import Unit, UnitVersion
from organisation.selectors import children, unit_on
from organisation.tree import UnitTree


def seasons() -> QuerySet[Season]:
    return Season.objects.select_related("period")


def newest_season() -> Season | None:
    """The newest season that has registrations in a register, else the newest of all."""
    filled = seasons().filter(pk__in=Registration.objects.in_register().values("season"))
    return filled.first() or seasons().first()


def current_season() -> Season | None:
    """The season that officers work in: the newest that has opened, else the newest of all."""
    return seasons().filter(opens_on__lte=today()).first() or seasons().first()


def season_of(year: int) -> Season | None:
    return seasons().filter(year=year).first()


def deadline_of(season: Season, unit: Unit, day: date, tree: UnitTree | None = None) -> date:
    """The last day on which a unit may send: the season's, or a later one that was granted to it or to a unit above it."""
    granted = SeasonExtension.objects.filter(season=season, unit__in=(tree or UnitTree()).line(unit.pk, day))
    until = granted.aggregate(last=Max("until"))["last"]
    return max(season.closes_on, until) if until else season.closes_on


def deadlines(season: Season) -> dict[int, date]:
    """unit id -> the last day granted to it, for units with an extension of their own."""
    granted = SeasonExtension.objects.filter(season=season).order_by().values_list("unit")
    return dict(granted.annotate(last=Max("until")).values_list("unit", "last"))


def extensions(season: Season) -> QuerySet[SeasonExtension]:
    return SeasonExtension.objects.filter(season=season).select_related("unit", "granted_by")


def themes(period: Period) -> QuerySet[Theme]:
    return Theme.objects.filter(period=period)


def theme_numbered(period: Period, number: str) -> Theme | None:
    """A named theme of a period by its id as text; None for what is none."""
    known = {str(theme.pk): theme for theme in themes(period) if theme.label}
    return known.get(number)


def field_book() -> FieldBook:
    return FieldBook((field.pk, field.name, [field.short_name, *field.synonyms.splitlines()]) for field in Field.objects.all())


def place_book(unit: Unit, season: Season) -> PlaceBook:
    """The places inside one unit, as they were at any time of the season."""
    own = unit_on(unit, season.last_day)
    below: dict[tuple[int, str], UnitVersion] = {}
    for day in (season.opens_on, season.cutoff_on, season.last_day):
        for version in children(unit, day):
            below[version.unit_id, version.place] = version
    return PlaceBook(
        own.name,
        [own.place, own.name, own.short_name],
        [(v.unit_id, v.unit.key, v.place, v.name) for v in below.values()],
    )


def fields() -> QuerySet[Field]:
    return Field.objects.all()


def field_slugs() -> list[str]:
    return list(Field.objects.values_list("slug", flat=True))


def field_named(slug: str) -> Field | None:
    return Field.objects.filter(slug=slug).first()
