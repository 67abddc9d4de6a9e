"""What the public pages show, read through the apps below."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common.dates import today
from common.remember import remembered
from common.text import compare_key, paragraphs, search_words
from models_registry import selectors as registry
from models_registry.enums import Kind, SubjectKind
from models_registry.models import Attachment, EmulationModel, Field, OutputMeasure, Registration, Season, Theme
from organisation.grouping import told_apart
from organisation.models import Level, Unit, UnitVersion
from organisation.naming import LevelName, names, said_province
from organisation.selectors import children, honours_on, reporting_units, unit_on, versions_on
from organisation.tree import unit_tree
from portal.models import PortalText, PublicContact, Story
from portal.selectors.stories import stories_about, stories_told
from portal.validators import contact_uri
from recognition import selectors as recognition
from recognition.models import Recognition
from replication.selectors.lines import Line
from reports.selectors import Tally, tallies, totals


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
    """unit -> whose models count as its own, for each unit of the list that followed others"""
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
    followers = [one.unit_id for one in units if len(tree.with_followed([one.unit_id], day)) > 1]
    reach = {pk: tree.reach(pk, day) for pk in followers}
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


def count_more(user: Any, wanted: registry.CatalogueFilter, words: Vocabulary, counts: registry.Counts) -> registry.Counts:
    """The counts with those of seasons, themes and photos; with one season alone its number is what was counted already."""
    more: dict[str, dict[Any, int]] = {"theme": registry.count_themes(user, wanted) if words.themes else {}}
    if words.grades:
        everything = replace(wanted, among=None)
        more["grade"] = recognition.count_grades(registry.find(user, everything).order_by().values("model"))
    more["hamlet"] = registry.count_hamlets(user, wanted)
    if "has_photos" not in counts.by:
        more["has_photos"] = {True: registry.count_photos(user, wanted)}
    if "season" not in counts.by:
        alone = len(words.seasons) == 1 and not counts.is_capped
        more["season"] = {words.seasons[0].pk: counts.total} if alone else registry.count_by_season(user, wanted)
    more["honoured"] = registry.count_honoured(user, wanted) if len(words.seasons) > 1 else {}
    if words.reach:
        more["unit"] = counts.by["unit"] | registry.count_within(user, wanted, words.reach)
    return replace(counts, by=counts.by | more)


@dataclass
class Card:
    """One line of a list: a registration with the honours that stand and the newest measured result."""

    row: Any
    """A Registration, or one of `registry.card_page`."""
    honours: list[tuple[str, str]] = field(default_factory=list)
    measure: OutputMeasure | None = None
    cover: registry.Cover | None = None
    unit: str = ""
    """The unit's name, where it is told from another of that name."""

    @property
    def who(self) -> str:
        unit = self.unit or self.row.unit_name
        return f"{self.row.subject} · {unit}" if self.row.subject else unit

    @property
    def kinds(self) -> str:
        return f"{_(_SUBJECT_KINDS[self.row.subject_kind])} · {_(_KINDS[self.row.kind])}"


_KINDS = {kind.value: kind.label.lower() for kind in Kind}
_SUBJECT_KINDS = {kind.value: kind.label for kind in SubjectKind}


def cards(rows: Iterable[Any], levels: list[Level], until: int | None = None, *, with_covers: bool = False) -> list[Card]:
    """Cards for one page of rows: two more queries, three with covers, whatever the number of rows. Honours are those of each row's model in all
    seasons, or in those until a year.
    """
    listed = list(rows)
    highest = max((level.rank for level in levels), default=0)
    measures = registry.measures_of(row.model_id for row in listed)
    honoured = [row for row in listed if row.honour_rank]
    honours = _honours(honoured, highest, until) if honoured else {}
    covers = registry.covers_of(row.model_id for row in listed) if with_covers else {}
    told = unit_teller()
    return [
        Card(row, honours.get(row.model_id, []), measures.get(row.model_id), covers.get(row.model_id), told(row))
        for row in listed
    ]


def _honours(rows: list[Any], highest: int, until: int | None) -> dict[int, list[tuple[str, str]]]:
    """model id -> (look, words) of each standing honour, the highest first, of one level the newest first."""
    found: dict[int, list[tuple[int, int, str, str]]] = defaultdict(list)
    for row in rows:
        if row.honour_rank == highest:
            found[row.model_id].append((highest, 0, "central", _("Giới thiệu Trung ương")))
    for model, year, rank, is_province, level, decided_on, grade in recognition.standing_honours(row.model_id for row in rows):
        if until is None or year <= until:
            name = names().of_level(level, decided_on).said_honour
            name = f"{name}, {grade}" if grade else name
            found[model].append((rank, year, "province" if is_province else "committee", f"{name} {year}"))
    return {pk: [(look, words) for *_, look, words in sorted(named, reverse=True)] for pk, named in found.items()}


@dataclass
class Home:
    season: Season
    counted: Tally
    final: Tally
    """As of the day, of what is decided above alone."""
    fields: list[tuple[Field, int]]
    featured: list[Card]
    units: list[tuple[UnitVersion, int]]
    places: list[UnitVersion]
    recognised: list[tuple[Recognition, registry.Cover | None]]
    """The newest recognitions, each with the cover of its model."""
    stories: list[Story]
    """The newest of what is told."""

    @property
    def in_catalogue(self) -> int:
        return sum(number for _, number in self.fields)


def home(user: Any, day: date) -> Home | None:
    """The newest season's facts: as of its cut-off; what is decided above its units, maybe after its year, as of the day."""
    words = vocabulary()
    season = words.newest
    if season is None:
        return None
    (counted,) = tallies([(season, min(day, season.cutoff_on))], has_themes=False)
    _, (final,) = totals((), [(season, day)])
    numbers = registry.fields_count(season)
    top = max((level.rank for level in words.levels), default=0)
    rows = registry.find(user, registry.CatalogueFilter(season=season.pk, honour=top)).select_related("model", "field")
    featured = list(rows.annotate(**registry.cover_columns("model"))[:FEATURED])
    measures = registry.measures_of(row.model_id for row in featured if row.model_id)
    told = unit_teller()
    shown = [Card(row, [], measures.get(row.model_id or 0), registry.cover_on(row), told(row)) for row in featured]
    shown.sort(key=lambda card: card.measure is None)
    lines = [(line.unit, line.registered) for line in counted.reporting]
    ids = [unit.unit_id for unit, _ in lines if unit.latitude is not None]
    return Home(
        season=season,
        counted=counted,
        final=final,
        fields=[(f, numbers.get(f.pk, 0)) for f in words.fields],
        featured=shown,
        units=lines,
        places=_placed_in(tuple(ids), counted.as_of),
        recognised=[(given, registry.cover_on(given)) for given in recognition.newest(NEWS)],
        stories=list(stories_told()[:NEWS]),
    )


NEWS = FEATURED = 3


@remembered()
def _placed_reporting(day: date) -> list[UnitVersion]:
    """The units that report on a day and have a point."""
    return [version for version in reporting_units(day) if version.latitude is not None]


@remembered()
def _placed_in(unit_ids: tuple[int, ...], day: date) -> list[UnitVersion]:
    """The units right below these that have a point."""
    return list(UnitVersion.objects.on(day).filter(parent__in=unit_ids, latitude__isnull=False))


@dataclass(frozen=True)
class ModelYear:
    """One season of a model: who did it, where and for which unit, as it stood then; what came of it."""

    row: Registration
    title: str
    """Where it was called otherwise than now."""
    honours: list[tuple[str, str]]
    outputs: list[OutputMeasure]


@dataclass
class ModelPage:
    model: EmulationModel
    newest: Registration
    years: list[Registration]
    history: list[ModelYear]
    honours: list[tuple[str, str]]
    decisions: list[dict[str, Any]]
    series: list[OutputMeasure]
    photos: list[Attachment]
    place: UnitVersion | None
    unit: UnitVersion
    spread: int
    """How many places took it on, from it and from each other."""
    learned_from: EmulationModel | None
    alike: list[Card]
    """Other models like it."""
    contact: PublicContact | None
    """Of the place, else of the unit that keeps the register."""
    stories: list[Story]
    """What is told of it."""

    @property
    def is_illustrative(self) -> bool:
        return any(row.is_illustrative for row in self.years)


def model_page(user: Any, model: EmulationModel) -> ModelPage:
    """All that is known of one model; the model must come from `registry.models_visible_to(user)`."""
    rows = registry.model_years(user, model)
    years = list(rows.select_related("unit__public_contact", "place__public_contact", "adoption__origin", "imported_by"))
    newest = years[0]
    ids = {row.pk: row.season.year for row in years}
    decisions: list[dict[str, Any]] = [
        {
            "on": given.introduced_on,
            "year": ids[given.registration_id],
            "look": "central",
            "words": _("Giới thiệu Trung ương"),
            "text": given.programme,
        }
        for given in recognition.introductions_of(ids)
        if given.withdrawn_on is None
    ]
    decisions += [
        {
            "on": given.decision.decided_on,
            "year": ids[given.registration_id],
            "look": "province" if given.decision.level.gathers_registers else "committee",
            "words": f"{given.decision.level_names.said_honour}, {given.standing_grade}"
            if given.standing_grade
            else given.decision.level_names.said_honour,
            "text": f"{given.decision.number}, {given.decision.issuer_name}",
            "revoked": _("đã hủy từ %(day)s theo %(paper)s") % {"day": f"{given.revoked_on:%d/%m/%Y}", "paper": given.revoked_by}
            if given.revoked_on
            else "",
        }
        for given in recognition.honours_of(ids)
    ]
    decisions.sort(key=lambda item: item["on"], reverse=True)
    standing = [item for item in decisions if not item.get("revoked")]
    series, told = list(model.measures.all()), unit_teller()
    names = versions_on(
        [newest.unit_id, *([newest.place_id] if newest.place_id else [])], newest.registered_on or newest.season.cutoff_on
    )
    return ModelPage(
        model=model,
        newest=newest,
        years=years,
        history=_history(model, years, standing, series),
        honours=[(item["look"], f"{item['words']} {item['year']}") for item in standing],
        decisions=decisions,
        series=series,
        photos=list(registry.photos_of(model)),
        place=names.get(newest.place_id) if newest.place_id else None,
        unit=names[newest.unit_id],
        spread=newest.taken,
        learned_from=_learned_from(model, years),
        alike=[Card(row, unit=told(row)) for row in registry.alike(user, newest, ALIKE)],
        contact=_contact_for(newest),
        stories=stories_about(model),
    )


ALIKE = 4


def _history(
    model: EmulationModel, years: list[Registration], standing: list[dict[str, Any]], series: list[OutputMeasure]
) -> list[ModelYear]:
    return [
        ModelYear(
            row,
            "" if row.title == model.title else row.title,
            [(item["look"], item["words"]) for item in standing if item["year"] == row.season.year],
            [one for one in series if row.season.opens_on <= one.as_of <= row.season.last_day],
        )
        for row in years
    ]


def _learned_from(model: EmulationModel, years: list[Registration]) -> EmulationModel | None:
    """Where it was taken on from, before it was registered as the unit's own."""
    adoptions = (getattr(row, "adoption", None) for row in years)
    return next((one.origin for one in adoptions if one and one.origin_id != model.pk), None)


def _contact_for(row: Registration) -> PublicContact | None:
    """Of the place, else of the unit that keeps the register."""
    units = (row.place, row.unit)
    return next((unit.public_contact for unit in units if unit and hasattr(unit, "public_contact")), None)


def reporting_unit(key: str) -> Unit | None:
    return Unit.objects.filter(key=key).first()


def place_named(key: str) -> UnitVersion | None:
    """Any unit by its key, as it last was."""
    found = UnitVersion.objects.filter(unit__key=key).select_related("unit")
    return found.order_by(F("valid_from").desc(nulls_last=True)).first()


def unit_words(unit: Unit, day: date) -> UnitVersion:
    return unit_on(unit, day)


def communes(unit: Unit, day: date) -> QuerySet[UnitVersion]:
    return children(unit, day)


def spread_map(line: Line) -> tuple[list[UnitVersion], list[UnitVersion], dict[int, int]]:
    """(reporting units with a point, the communes, reporting unit -> adopters in it) of a model's line, for its map."""
    tree, counts = line.tree, defaultdict[int, int](int)
    heirs = tree.heirs([node.adoption.unit_id for node in line.nodes], line.day)
    for node in line.nodes:
        above = tree.reporting(heirs[node.adoption.unit_id], line.day)
        if above is not None:
            counts[above] += 1
    units = _placed_reporting(line.day)
    return units, places_of(units, line.day), dict(counts)


def places_of(units: Iterable[UnitVersion], day: date) -> list[UnitVersion]:
    """The units right below these that have a point."""
    return _placed_in(tuple(one.unit_id for one in units), day)


def spread_models(user: Any) -> QuerySet[EmulationModel]:
    """Models that others took on, the most taken first, with how many (`taken`) stand."""
    standing = Q(adoptions__ended_on__isnull=True)
    found = registry.models_visible_to(user).annotate(taken=Count("adoptions", filter=standing, distinct=True))
    return found.filter(taken__gt=0).order_by("-taken", "title", "pk")


@dataclass(frozen=True)
class Suggestion:
    """One line under the search box: what it is, where it leads."""

    kind: str
    label: str
    where: str
    href: str


def suggest(user: Any, typed: str, words: Vocabulary, limit: int) -> list[Suggestion]:
    """What may be meant: fields and units whose names have the words, then models. One query."""
    asked = search_words(typed)
    if not asked:
        return []
    catalogue = reverse("portal:catalogue")

    def matches(name: str) -> bool:
        return all(any(part.startswith(word) for part in compare_key(name).split()) for word in asked)

    named = [
        Suggestion(_("Lĩnh vực"), one.name, "", f"{catalogue}?linh-vuc={one.slug}") for one in words.fields if matches(one.name)
    ]
    called = told_apart(words.units)
    named += [
        Suggestion(_("Đơn vị"), called[one.unit_id], "", reverse("portal:unit", args=[one.unit.key]))
        for one in words.units
        if matches(one.name)
    ]
    told = unit_teller()
    found = [
        Suggestion(_("Mô hình"), row.title, told(row), reverse("portal:model", args=[row.model__slug]))
        for row in registry.suggest(user, typed, limit)
    ]
    return [*named[: limit // 2], *found]


def honour_slugs(words: Vocabulary | None = None) -> dict[int, str]:
    """rank of a level -> its name in addresses."""
    return {level.rank: level.honour_slug for level in (words or vocabulary()).levels}


def newest_of(unit: Unit, limit: int) -> QuerySet[Registration]:
    """The registrations of a unit, or at it as a place, that came last and stand."""
    found = registry.find(None, registry.CatalogueFilter(order="moi")).filter(Q(unit=unit) | Q(place=unit))
    return found.select_related("model", "field")[:limit]


def licence() -> str:
    """The licence of open data, in Markdown, as an administrator chose it."""
    return PortalText.objects.filter(pk=PortalText.Key.LICENCE).values_list("body", flat=True).first() or _no_licence()


def _no_licence() -> str:
    board = said_province(today()).board or _("cơ quan chủ quản")
    words = _("Cơ quan chủ quản chưa chọn giấy phép. Muốn dùng lại dữ liệu, xin hỏi %(board)s và ghi rõ nguồn.")
    return words % {"board": board}


def security_contacts() -> list[str]:
    """Where faults in the portal's security are reported, as URIs, the preferred first; none until an administrator wrote one."""
    body = PortalText.objects.filter(pk=PortalText.Key.SECURITY).values_list("body", flat=True).first() or ""
    return [uri for line in paragraphs(body) if (uri := contact_uri(line))]
