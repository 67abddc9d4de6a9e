"""A season of a province of 128 units: the 124 communes of the reform and four committees; made once for all tests at its stage."""

from datetime import date, timedelta

from common.text import search_text, sort_key
from models_registry.enums import Kind, State, SubjectKind
from models_registry.models import EmulationModel, Field, Registration, Season
from models_registry.services import NewSeason, open_season
from models_registry.services.catalogue import refresh_counts
from organisation.models import Level, Unit, UnitVersion, User
from organisation.selectors.units import reporting_units
from organisation.services import give_role
from tests.stages import step

YEAR, DAY = 2026, date(2026, 10, 15)
SILENT_EVERY = 8
STAFF, LEADER = "lamdong.chuyenvien", "lamdong.lanhdao"
COMMITTEES = ("các cơ quan Đảng tỉnh", "UBND tỉnh", "Quân sự tỉnh", "Công an tỉnh")


@step("many-units")
def many_units() -> Season:
    """112 units have registered, each a new model and every other one that it maintains; one in ten waits to be checked."""
    province = Unit.objects.get(key="lam-dong")
    committees = Unit.objects.bulk_create(Unit(key=f"dang-uy-{n}", position=9000 + n) for n in range(len(COMMITTEES)))
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit, name=f"Đảng ủy {name}", level=Level.objects.get(key="direct"), parent=province, valid_from=date(2025, 7, 1)
        )
        for unit, name in zip(committees, COMMITTEES, strict=True)
    )
    season, _ = open_season(NewSeason.of_year(YEAR, "2026-2030", DAY))
    fields, units = list(Field.objects.all()), list(reporting_units(DAY))
    rows = [
        row_of(season, version, fields[number % len(fields)], kind, waits=number % 10 == 3)
        for number, version in enumerate(units)
        if number % SILENT_EVERY
        for kind in (Kind.NEW, Kind.MAINTAINED)[: 1 + number % 2]
    ]
    EmulationModel.objects.bulk_create(row.model for row in rows if row.model)
    Registration.objects.bulk_create(rows)
    refresh_counts(season_ids=[season.pk], unit_ids=[version.unit_id for version in units])
    _people(province)
    return season


def _people(province: Unit) -> None:
    for name, role in ((STAFF, "chuyen-vien-tinh"), (LEADER, "lanh-dao-ban")):
        account = User.objects.create(username=name, full_name=name)
        give_role(user=account, role=role, unit=province, starts_on=date(2025, 7, 1), actor=None)


def row_of(season: Season, version: UnitVersion, field: Field, kind: Kind, *, waits: bool) -> Registration:
    key, title = f"{version.unit_id}-{kind}", f"Tuyến đường hoa của {version.name}, {kind.label.lower()}"
    return Registration(
        season=season,
        unit=version.unit,
        unit_name=version.name,
        model=None if waits else EmulationModel(slug=key, title=title, unit=version.unit, identity_key=key),
        state=State.SUBMITTED if waits else State.ACCEPTED,
        registered_on=None if waits else season.opens_on + timedelta(days=40),
        field=field,
        kind=kind,
        subject_kind=SubjectKind.COLLECTIVE,
        title=title,
        subject="Hội Phụ nữ",
        identity_key=key,
        sort_key=sort_key(title),
        search_text=search_text(title),
    )
