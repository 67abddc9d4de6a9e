"""What the public pages of units show."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Window

from common.text import search_words, sort_key
from models_registry import selectors as registry
from models_registry.models import Registration, Season
from organisation.grouping import find, told_apart
from organisation.models import Reader, Unit, UnitSuccession, UnitVersion
from organisation.selectors.units import children, reporting_units
from organisation.tree import unit_tree
from portal.models import PublicContact
from portal.selectors.cards import Card, cards
from portal.selectors.vocabulary import Vocabulary
from recognition import selectors as recognition
from replication.models import Adoption
from replication.selectors.lines import live_on
from reports.figures import counts_on

CARDS = 6


@dataclass(frozen=True)
class UnitLine:
    """A unit in a list: as it was on the day, and how many models stand there."""

    version: UnitVersion
    models: int
    name: str = ""
    """Its name, told from others of that name in the list."""
    former: str = ""
    """What it was found by, where that is a place that went into it."""


def all_units(day: date, words: str = "") -> list[UnitLine]:
    """The units that report on a day, with how many models the catalogue has of each; with words every unit whose name, or
    whose former name, has them, whatever its level, by the alphabet.
    """
    if not search_words(words):
        return _lines(list(reporting_units(day)))
    there = UnitVersion.objects.on(day).filter(parent__isnull=False).select_related("unit", "level", "parent")
    hits, former = find(list(there), words, day)
    hits.sort(key=lambda one: (-one.level.rank, sort_key(one.short_name), one.unit_id))
    found_by: dict[int, list[str]] = defaultdict(list)
    for old in former:
        found_by[old.now.unit_id].append(old.version.place or old.version.name)
    return [replace(line, former=", ".join(found_by[line.version.unit_id])) for line in _lines(hits)]


def _lines(listed: list[UnitVersion]) -> list[UnitLine]:
    names, numbers = told_apart(listed), _numbers([one.unit_id for one in listed])
    return [UnitLine(one, number, names[one.unit_id]) for one, number in zip(listed, numbers, strict=True)]


def _numbers(unit_ids: list[int]) -> list[int]:
    """How many models of the catalogue stood at each unit: the more of those that it registered and those at its place. One query."""
    rows = registry.in_register(None).filter(withdrawn_on__isnull=True).order_by()
    of_unit, of_place = (
        rows.filter(**{f"{column}__in": unit_ids}).values_list(column).annotate(n=Count("model", distinct=True))
        for column in ("unit", "place")
    )
    numbers = dict(sorted(of_unit.union(of_place, all=True)))  # of two numbers of one unit the higher comes last
    return [numbers.get(pk, 0) for pk in unit_ids]


@dataclass
class Year:
    """A season of a unit, as it stands on the day."""

    season: Season
    registered: int
    recognised: int
    by_province: int


@dataclass
class UnitPage:
    version: UnitVersion
    """As it is on the day; of a unit that ended as it last was."""
    ended: date | None
    """Its last day, where that is over."""
    parent: UnitVersion | None
    before: list[tuple[UnitVersion, date, str]] = field(default_factory=list)
    """(whom it followed, since when, how)"""
    after: list[tuple[UnitVersion, date, str]] = field(default_factory=list)
    today: list[UnitVersion] = field(default_factory=list)
    """Where these have ended too, who carries its work on."""
    years: list[Year] = field(default_factory=list)
    below: list[UnitLine] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    total: int = 0
    """Models in the catalogue that stood there, in whatever year."""
    went_on: list[tuple[UnitVersion, int]] = field(default_factory=list)
    """Of these, those that are elsewhere now: (where, how many)."""
    inherited: list[Card] = field(default_factory=list)
    inherited_total: int = 0
    """Models of the units that it followed, which it did not register itself."""
    heirs: list[tuple[UnitVersion, int]] = field(default_factory=list)
    """Of a unit that ended: (who has its places now, how many of them)."""
    taken: list[Adoption] = field(default_factory=list)
    """What it took on of others' models, the newest first."""
    is_illustrative: bool = False
    contact: PublicContact | None = None


def unit_page(user: Reader, key: str, day: date, words: Vocabulary) -> UnitPage | None:
    """All that is public of a unit; None where no unit has the key. At most ten queries."""
    version = _on(key, day)
    if version is None:
        return None
    unit = version.unit
    ended = version.valid_to - timedelta(days=1) if version.valid_to and version.valid_to <= day else None
    then = ended or day
    ties = list(UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit)))
    others = {tie.predecessor_id for tie in ties} | {tie.successor_id for tie in ties} | {version.parent_id or unit.pk}
    below = _below(unit, then)
    is_parted = ended and not any(tie.predecessor_id == unit.pk for tie in ties)
    now = _heirs([line.version.unit_id for line in below], day) if is_parted else Counter[int]()
    after = [tie for tie in ties if tie.predecessor_id == unit.pk]
    carriers = [pk for pk in unit_tree().successors(unit.pk, day) if pk not in {tie.successor_id for tie in after}]
    names = unit_tree().were(others | now.keys(), then)
    mine = Q(unit=unit) | Q(place=unit)
    found = registry.find(user, registry.CatalogueFilter(within=frozenset((unit.pk,))))
    counted = found.annotate(whole=Window(Count("pk")))
    shown = list(counted.select_related("model", "unit")[:CARDS])
    page = UnitPage(
        version=version,
        ended=ended,
        parent=names[version.parent_id] if version.parent_id else None,
        before=[(names[t.predecessor_id], t.effective_on, t.get_kind_display()) for t in ties if t.successor_id == unit.pk],
        after=[(names[tie.successor_id], tie.effective_on, tie.get_kind_display()) for tie in after],
        today=list(unit_tree().were(carriers, day).values()),
        years=_years(mine, day, words.seasons),
        below=below,
        heirs=[(names[pk], number) for pk, number in sorted(now.items(), key=lambda one: (-one[1], one[0]))],
        cards=cards(shown, words.levels),
        taken=list(
            Adoption.objects.filter(live_on(day), unit=unit).select_related("origin").order_by("-adopted_on", "-pk")[:CARDS]
        ),
    )
    page.total = shown[0].whole if shown else 0
    page.went_on = _went_on(found.exclude(mine), day)
    if page.before:
        left = registry.CatalogueFilter(within=unit_tree().reach(unit.pk, day))
        rows = registry.find(user, left).exclude(pk__in=found.order_by().values("pk")).annotate(whole=Window(Count("pk")))
        inherited = list(rows.select_related("model", "field")[:CARDS])
        page.inherited = cards(inherited, words.levels)
        page.inherited_total = inherited[0].whole if inherited else 0
    page.contact = getattr(unit, "public_contact", None)
    page.is_illustrative = any(year.season.is_illustrative for year in page.years)
    return page


def _on(key: str, day: date) -> UnitVersion | None:
    """The unit with a key as it is on a day; outside its life the nearest version."""
    versions = UnitVersion.objects.filter(unit__key=key).select_related("unit__public_contact", "level")
    listed = list(versions.order_by(F("valid_from").asc(nulls_first=True)))
    begun = [one for one in listed if one.valid_from is None or one.valid_from <= day]
    return begun[-1] if begun else next(iter(listed), None)


def _heirs(places: list[int], day: date) -> Counter[int]:
    """Who has these places now, and how many of them."""
    return Counter(unit_tree().heirs(places, day).values())


def _went_on(rows: QuerySet[Registration], day: date) -> list[tuple[UnitVersion, int]]:
    numbers = dict(rows.order_by().values_list("unit").annotate(n=Count("pk")).order_by("-n", "unit"))
    versions = unit_tree().were(numbers, day)
    return [(versions[pk], number) for pk, number in numbers.items()]


def _years(mine: Q, day: date, seasons: list[Season]) -> list[Year]:
    """One query for all seasons: what stands on the day, what was recognised at its own level, and by the province."""
    own, province = recognition.by_own_unit(day), recognition.by_province(day)
    rows = (
        Registration.objects.filter(mine, registered_on__lte=day)
        .order_by()
        .values("season")
        .annotate(
            registered=Count("pk", filter=counts_on(day)),
            recognised=Count("pk", filter=Q(pk__in=own.values("registration"))),
            by_province=Count("pk", filter=Q(pk__in=province.values("registration"))),
        )
    )
    numbers = {row["season"]: row for row in rows}
    return [
        Year(one, numbers[one.pk]["registered"], numbers[one.pk]["recognised"], numbers[one.pk]["by_province"])
        for one in seasons
        if one.pk in numbers
    ]


def _below(unit: Unit, day: date) -> list[UnitLine]:
    """The units right below, with how many models stand at each, by the alphabet."""
    listed = sorted(children(unit, day), key=lambda one: (sort_key(one.short_name), one.unit_id))
    return [UnitLine(one, number) for one, number in zip(listed, _numbers([one.unit_id for one in listed]), strict=True)]
