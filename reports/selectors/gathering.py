"""Gathering what a report says: its facts as of a day, and which registrations it counted."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet

from common.numbers import write_number
from models_registry.enums import Kind, SubjectKind
from models_registry.models import Registration, Season, ThemeTag
from models_registry.selectors import season_of
from models_registry.selectors.heirs import Standing, rows_of_unit, standing_on
from models_registry.selectors.verdicts import SLUGS
from organisation.grouping import grouped, told_apart
from organisation.models import Unit, UnitVersion
from organisation.naming import head_level_on
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree
from recognition import selectors as recognition
from recognition.models import Recognition
from replication.models import Adoption
from replication.selectors.campaigns import boards_of, campaigns_visible_to
from replication.selectors.lines import live_on
from reports import figures
from reports.counted import BITS, Counted, pack_ids
from reports.kinds import Before, Facts, Named, ReportKind, Span, Spread, UnitFacts
from reports.selectors.likened import Likened, likened, registered_in, same_day
from reports.selectors.tallied import Tally, UnitTally
from reports.selectors.tally import tally

CAMPAIGNS = 50
NAMED = 1000  # names in a list of a report; of more the page of the figure has all
ARRIVED = ("dang-ky", "moi", "duy-tri", "cap-huyen", "de-nghi", "cap-tinh", "trung-uong")


def gatherer_on(day: date) -> UnitVersion | None:
    """The unit to which the others report on a day: of the level that gathers registers, with units below it."""
    found = UnitVersion.objects.on(day).filter(level__gathers_registers=True).select_related("unit", "level")
    return next((one for one in found.order_by("unit__position") if unit_tree().below([one.unit_id], day) - {one.unit_id}), None)


def span_of(kind: ReportKind, season: Season, day: date) -> Span:
    return kind.span(season.year, season.cutoff_on, day)


def facts_of(kind: ReportKind, season: Season, unit: Unit, day: date) -> Facts:
    """What a report of a unit says of a season as of a day. A fixed number of queries, whatever the size."""
    version = unit_on(unit, day)
    whole = version.level.gathers_registers
    only = None if whole else unit
    span, now = span_of(kind, season, day), tally(season, day, only)
    since = min(max(span.since, season.opens_on), day)
    came = _arrived(season, only, since, day) if since > season.opens_on else {}
    versions = [one.unit for one in now.units] if whole else []
    names = told_apart(versions)
    return Facts(
        season=season.year,
        since=since.isoformat(),
        as_of=day.isoformat(),
        label=span.label,
        unit=version.name,
        short=version.short_name,
        whole=whole,
        own_level=now.own_level.honour,
        head=head_level_on(day).place,
        numbers=_numbers(now),
        arrived={slug: len(ids) for slug, ids in came.items()} if came else _numbers(now),
        units=_lines(now.units, names) if whole else [],
        fields=now.by_field,
        before=_before(season, only, now),
        **_lists(season, only, day, _marked(versions, names)) if "recognised" in kind.tables else {},
        grades=now.grades,
        themes=[(label, number) for _, label, number in now.themes],
        spread=_spread(unit, since, day, whole=whole) if "spread" in kind.tables else Spread(),
        cutoff=season.cutoff_on.isoformat(),
        arrived_rows={slug: pack_ids(ids) for slug, ids in came.items()},
        theme_rows={label: _of_theme(season, only, day, pk) for pk, label, _ in now.themes},
    )


def _of_theme(season: Season, unit: Unit | None, day: date, theme_id: int) -> str:
    tags = ThemeTag.objects.filter(
        theme=theme_id, registration__in=figures.registered(_rows(season, unit, day), day).values("pk")
    )
    return pack_ids(tags.order_by("registration").values_list("registration", flat=True))


def _numbers(found: Tally) -> dict[str, int]:
    return {
        "dang-ky": found.registered,
        "moi": found.new,
        "duy-tri": found.maintained,
        "tap-the": found.collective,
        "ca-nhan": found.individual,
        "cap-huyen": found.district_recognised,
        "de-nghi": found.province_proposed,
        "cap-tinh": found.province_recognised,
        "cap-tinh-tap-the": found.province_collective,
        "cap-tinh-ca-nhan": found.province_individual,
        "trung-uong": found.central_introduced,
        **_verdicts(found),
        "ghi-muc": sum(found.graded.values()),
        "de-nghi-khen": found.praised,
    }


def _verdicts(found: Tally | UnitTally) -> dict[str, int]:
    return {slug: getattr(found, verdict) for slug, verdict in SLUGS.items()}


def _lines(units: list[UnitTally], names: dict[int, str]) -> list[UnitFacts]:
    short = told_apart((one.unit for one in units), short=True)
    return [_line(one, names[one.unit.unit_id], short[one.unit.unit_id]) for one in units]


def _line(one: UnitTally, name: str, short: str) -> UnitFacts:
    return UnitFacts(
        key=one.unit.unit.key,
        name=name,
        short=short,
        reports=one.reports,
        numbers={
            "dang-ky": one.registered,
            "moi": one.new,
            "duy-tri": one.maintained,
            "tap-the": one.collective,
            "ca-nhan": one.individual,
            "cap-huyen": one.district_recognised,
            "de-nghi": one.province_proposed,
            "cap-tinh": one.province_recognised,
            "cap-tinh-tap-the": one.province_collective,
            "cap-tinh-ca-nhan": one.province_individual,
            "trung-uong": one.central_introduced,
            **_verdicts(one),
            "ghi-muc": one.graded.total(),
            "de-nghi-khen": one.praised,
        },
        by_field=dict(one.by_field),
    )


def _rows(season: Season, unit: Unit | None, day: date) -> QuerySet[Registration]:
    return rows_of_unit(figures.rows_of(season), season, unit, day)


def _arrived(season: Season, unit: Unit | None, since: date, day: date) -> dict[str, list[int]]:
    """What counts on the day and did not on the day before the span."""
    eve, rows = since - timedelta(days=1), _rows(season, unit, day)
    found = {}
    for slug in ARRIVED:
        figure = figures.FIGURES[slug]
        came = figure.rows(rows, day).exclude(pk__in=figure.rows(rows, eve).values("pk"))
        found[slug] = list(came.order_by("unit__position", "sort_key", "pk").values_list("pk", flat=True))
    return found


def _before(season: Season, unit: Unit | None, now: Tally) -> Before | None:
    """The same day of the season before; of all units, of those that had one then."""
    earlier, day = season_of(season.year - 1), now.as_of
    if earlier is None:
        return None
    then, cutoff = same_day(day, earlier.year), earlier.cutoff_on
    like = Likened(())
    if unit is None and (registered := registered_in(earlier)):
        like = likened(earlier, registered, grouped((line.unit for line in now.reporting), day), day)
        if not like.units:
            return None
    same = (cutoff.month, cutoff.day) == (season.cutoff_on.month, season.cutoff_on.day)
    return Before(
        earlier.year,
        then.isoformat(),
        _numbers(tally(earlier, then, unit)),
        "" if same else cutoff.isoformat(),
        [line.unit.unit.key for line in now.units if line.unit.unit_id in like.reporters] if like.reporters else [],
        list(like.areas),
    )


def _marked(versions: list[UnitVersion], names: dict[int, str]) -> dict[int, str]:
    """The names of units that had to be told apart."""
    return {one.unit_id: names[one.unit_id] for one in versions if names[one.unit_id] != one.name}


def _lists(season: Season, unit: Unit | None, day: date, marked: dict[int, str]) -> dict[str, list[Named]]:
    return {
        "recognised": _named(recognition.by_province(day), season, unit, day, marked),
        "recognised_below": _named(recognition.by_own_unit(day), season, unit, day, marked),
        "proposed": _proposed(season, unit, day, marked),
    }


def _named(facts: QuerySet[Recognition], season: Season, unit: Unit | None, day: date, marked: dict[int, str]) -> list[Named]:
    found = facts.filter(registration__season=season).select_related("decision", "registration__field", "registration__unit")
    found = rows_of_unit(found, season, unit, day, "registration__")
    return [
        Named(
            title=one.title,
            subject=one.subject,
            unit=marked.get(one.registration.unit_id, one.registration.unit_name),
            field=one.registration.field.name if one.registration.field else "",
            individual=one.registration.subject_kind == SubjectKind.INDIVIDUAL,
            decision=f"{one.decision.number}, {one.decision.decided_on:%d/%m/%Y}",
        )
        for one in found.order_by("registration__subject_kind", "registration__unit__position", "title", "pk")[:NAMED]
    ]


def _proposed(season: Season, unit: Unit | None, day: date, marked: dict[int, str]) -> list[Named]:
    rows = figures.proposed(_rows(season, unit, day), day).select_related("field")
    return [
        Named(
            title=row.title,
            subject=row.subject,
            unit=marked.get(row.unit_id, row.unit_name),
            field=row.field.name if row.field else "",
            individual=row.subject_kind == SubjectKind.INDIVIDUAL,
            decision="",
        )
        for row in rows.order_by("subject_kind", "unit__position", "title", "pk")[:NAMED]
    ]


def _spread(unit: Unit, since: date, day: date, *, whole: bool) -> Spread:
    reach = unit_tree().answered_for([unit.pk], day)
    places = Adoption.objects.filter(live_on(day), unit__in=reach)
    campaigns = campaigns_visible_to(None).filter(starts_on__lte=day, ends_on__gte=since)
    campaigns = campaigns if whole else campaigns.filter(unit__in=reach)
    listed = list(places.order_by("unit__position", "adopted_on", "pk").values_list("pk", "adopted_on"))
    counted = {
        "chien-dich": list(campaigns.order_by("starts_on", "pk").values_list("pk", flat=True)),
        "noi-lam": [pk for pk, _ in listed],
        "noi-lam-moi": [pk for pk, adopted_on in listed if adopted_on >= since],
    }
    return Spread(
        campaigns=len(counted["chien-dich"]),
        places=len(counted["noi-lam"]),
        new_places=len(counted["noi-lam-moi"]),
        rows={name: pack_ids(ids) for name, ids in counted.items()},
        outputs=[
            (
                board.campaign.title,
                f"{write_number(board.done)} {board.campaign.counted.counting_unit}" if board.campaign.counted else "",
            )
            for board in boards_of(campaigns.order_by("starts_on", "pk")[:CAMPAIGNS], day)
        ],
    )


def counted_of(season: Season, unit: Unit, day: date) -> Counted:
    """Every registration that a figure of the day counts, in the order in which lists show them. Memory: 18 bytes a row."""
    only = None if unit_on(unit, day).level.gathers_registers else unit
    marks = {
        slug: _ids(slug, season, only, day)
        for slug in ("cap-huyen", "de-nghi", "cap-tinh", "trung-uong", *SLUGS, "ghi-muc", "de-nghi-khen")
    }
    others: dict[int, int] = {}
    for slug, ids in marks.items():
        for pk in ids:
            others[pk] = others.get(pk, 0) | BITS[slug]
    found = Counted()
    rows, standing = _rows(season, only, day), standing_on(season, day)
    registered = figures.registered(rows, day).order_by("unit__position", "sort_key", "pk")
    for pk, unit_id, field_id, kind, subject in _in_steps(registered, standing):
        more = others.pop(pk, 0)
        found.add(pk, unit_id, field_id or 0, _bits(kind, subject) | more | _by_subject(subject, more))
    left = rows.filter(pk__in=list(others)).order_by("unit__position", "sort_key", "pk")  # recognised, and withdrawn since
    for pk, unit_id, field_id, _kind, subject in _in_steps(left, standing):
        found.add(pk, unit_id, field_id or 0, others[pk] | _by_subject(subject, others[pk]))
    return found


def _in_steps(rows: QuerySet[Registration], standing: Standing | None) -> Iterator[tuple[int, int, int | None, str, str]]:
    """(id, the unit in whose line it counts, field, kind, subject kind)"""
    columns = ("pk", "unit_id", "field_id", "kind", "subject_kind")
    if standing is None:
        yield from rows.values_list(*columns).iterator(chunk_size=10_000)
        return
    placed = rows.annotate(given=standing.given_to()).values_list(*columns, "place_id", "given")
    for pk, unit_id, field_id, kind, subject, place_id, given in placed.iterator(chunk_size=10_000):
        yield pk, standing.unit_of(unit_id, place_id, given), field_id, kind, subject


def _ids(slug: str, season: Season, unit: Unit | None, day: date) -> list[int]:
    return list(figures.FIGURES[slug].rows(_rows(season, unit, day), day).order_by().values_list("pk", flat=True))


def _bits(kind: str, subject: str) -> int:
    found = BITS["dang-ky"]
    found |= BITS["moi"] if kind == Kind.NEW else BITS["duy-tri"] if kind == Kind.MAINTAINED else 0
    return found | (BITS["tap-the"] if subject == SubjectKind.COLLECTIVE else BITS["ca-nhan"])


def _by_subject(subject: str, marks: int) -> int:
    if not marks & BITS["cap-tinh"]:
        return 0
    return BITS["cap-tinh-tap-the" if subject == SubjectKind.COLLECTIVE else "cap-tinh-ca-nhan"]
