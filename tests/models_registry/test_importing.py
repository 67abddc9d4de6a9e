"""Storing a register: again, corrected, in another season, twice at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from models_registry.models import CatalogueCount, EmulationModel, Registration
from models_registry.services import ImportReport, NewSeason, import_register, open_season
from organisation.models import AuditEvent
from tests import registers as made
from tests.conftest import DEMO
from tests.threads import at_once

pytestmark = pytest.mark.both

Take = Callable[..., ImportReport]


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def book(tmp_path: Path, *lines: list[Any]) -> Path:
    return made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines])


def test_the_same_files_again_change_nothing(season: Any, unit: Any) -> None:
    for path in sorted((DEMO / "season-2023" / "registers").iterdir()):
        report = import_register(path=path, season=season, unit=unit(path.stem), actor=None)
        assert counts(report) == (0, 0, report.rows), path.name


def test_a_dry_run_tells_and_stores_nothing(take: Take, tmp_path: Path) -> None:
    report = take(book(tmp_path, made.row(), made.row("Khác")), dry_run=True)
    assert (counts(report), report.saved) == ((2, 0, 0), False)
    assert not Registration.objects.filter(season__year=2024).exists()


THREE = [made.row("Một"), made.row("Hai", place="Phường Phú Thủy"), made.row("Ba", subject="Đoàn Thanh niên")]


@pytest.mark.parametrize(
    "name, value, field, stored",
    [
        ("title", "Hai, sửa tên", "title", "Hai, sửa tên"),
        ("place", "Phường Phú Tài", "place_name", "Phường Phú Tài"),
        ("subject", "Hội Nông dân", "subject", "Hội Nông dân"),
        ("day", "20/4/2024", "registered_on", date(2024, 4, 20)),
        ("field", "Kinh tế", "field__name", "Kinh tế"),
        ("kind", "Duy trì", "kind", "maintained"),
        ("subject_kind", "Cá nhân", "subject_kind", "individual"),
        ("content", "Cách làm mới", "content", "Cách làm mới"),
    ],
)
def test_a_corrected_file_updates_only_what_changed(
    take: Take, tmp_path: Path, name: str, value: str, field: str, stored: Any
) -> None:
    take(book(tmp_path, *THREE))
    before = dict(Registration.objects.filter(season__year=2024).values_list("title", "pk"))
    mended = made.row(**({"title": "Hai", "place": "Phường Phú Thủy"} | {name: value}))
    report = take(book(tmp_path, THREE[0], mended, THREE[2]))
    assert counts(report) == (0, 1, 2)
    changed = Registration.objects.filter(pk=before["Hai"]).values(field, "model__title", "title").get()
    assert changed[field] == stored
    assert changed["model__title"] == changed["title"]
    event = AuditEvent.objects.filter(action="correct-registration").get()
    assert event.target_id == str(before["Hai"])
    assert len(event.changes) == 1


def test_a_row_added_to_the_file_is_added(take: Take, tmp_path: Path) -> None:
    take(book(tmp_path, *THREE))
    assert counts(take(book(tmp_path, *THREE, made.row("Bốn", number=4)))) == (1, 0, 3)


def test_a_supplement_adds_and_says_what_is_not_in_it(take: Take, tmp_path: Path) -> None:
    take(book(tmp_path, *THREE))
    report = take(book(tmp_path, made.row("Một", subject="Hội Nông dân")))
    assert counts(report) == (1, 0, 0)
    assert Registration.objects.filter(season__year=2024).count() == 4
    (warning,) = report.warnings
    assert warning["code"] == "not_in_file"
    assert warning["message"].startswith("3 đăng ký đã nạp trước đây không có trong tệp này")


def test_a_withdrawn_registration_stays_withdrawn(take: Take, tmp_path: Path) -> None:
    take(book(tmp_path, *THREE))
    Registration.objects.filter(season__year=2024, title="Một").update(withdrawn_on=date(2024, 5, 1), state="withdrawn")
    assert counts(take(book(tmp_path, *THREE))) == (0, 0, 3)
    assert Registration.objects.get(season__year=2024, title="Một").withdrawn_on == date(2024, 5, 1)


def test_a_maintained_model_is_the_same_model_in_the_next_season(take: Take, tmp_path: Path, unit: Any) -> None:
    take(book(tmp_path, *THREE))
    later, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    lines = [
        made.row("Một", kind="Duy trì", day="1/3/2025"),
        made.row("Hai", place="Phường Phú Thủy", day="1/3/2025"),
        made.row("Mới tinh", day="1/3/2025"),
    ]
    report = import_register(path=book(tmp_path, *lines), season=later, unit=unit("phan-thiet"), actor=None)
    assert counts(report) == (3, 0, 0)
    mine = EmulationModel.objects.filter(registrations__season__year__in=(2024, 2025)).distinct()
    assert set(mine.values_list("title", flat=True)) == {"Một", "Hai", "Ba", "Mới tinh"}
    both = Registration.objects.filter(model__title="Một").order_by("season__year")
    assert list(both.values_list("season__year", "is_latest")) == [(2024, False), (2025, True)]
    assert [w["code"] for w in report.warnings] == ["known_model"]


def test_counts_of_the_catalogue_follow_the_import(take: Take, tmp_path: Path, new_season: Any, unit: Any) -> None:
    take(book(tmp_path, *THREE))
    kept = CatalogueCount.objects.filter(season=new_season, unit=unit("phan-thiet"))
    assert sum(kept.values_list("total", flat=True)) == 3
    take(book(tmp_path, THREE[0], made.row("Hai", place="Phường Phú Thủy", field="Kinh tế"), THREE[2]))
    assert kept.get(field__name="Kinh tế").total == 1


def test_the_source_of_a_row_is_kept(take: Take, tmp_path: Path) -> None:
    take(book(tmp_path, *THREE))
    stored = Registration.objects.get(season__year=2024, title="Hai")
    assert (stored.imported_by.file_name, stored.imported_from) == ("so.xlsx", "Danh sách!3")


def test_names_are_those_of_the_day(take: Take, tmp_path: Path) -> None:
    take(book(tmp_path, made.row(place="P. Phú Hài")))
    stored = Registration.objects.get(season__year=2024)
    assert (stored.unit_name, stored.place_name) == ("Thành ủy Phan Thiết", "Phường Phú Hài")


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_on": date(2022, 1, 1)},
        {"title": ""},
        {"kind": "other"},
        {"subject_kind": "other"},
    ],
    ids=["withdrawn before registered", "no title", "unknown kind", "unknown subject kind"],
)
def test_the_database_refuses_what_must_never_be(season: Any, changes: dict[str, Any]) -> None:
    one = Registration.objects.filter(season=season)[:1].get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=one.pk).update(**changes)


def test_one_registration_per_model_and_season(season: Any) -> None:
    one = Registration.objects.filter(season=season)[:1].get()
    one.pk, one.identity_key = None, "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_double(transactional_db: None, tmp_path: Path) -> None:
    from models_registry.models import Season
    from organisation.models import Unit

    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    path = book(tmp_path, *(made.row(f"Mô hình số {n}", number=n) for n in range(300)))
    unit = Unit.objects.get(key="phan-thiet")

    def store() -> tuple[int, int, int]:
        return counts(import_register(path=path, season=Season.objects.get(pk=season.pk), unit=unit, actor=None))

    results = at_once(store, store)
    assert sorted(results) == [(0, 0, 300), (300, 0, 0)]
    assert Registration.objects.filter(season=season).count() == 300
    assert sum(CatalogueCount.objects.filter(season=season).values_list("total", flat=True)) == 300
