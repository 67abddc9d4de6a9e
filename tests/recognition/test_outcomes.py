"""What became of registrations, as dated facts: matched or refused, once and again."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from common.exceptions import DomainError
from models_registry.models import Registration, YearVerdict
from models_registry.services import import_register
from organisation.models import Level, UnitVersion
from recognition.models import CentralIntroduction, Decision, Dossier, Grade, Recognition
from recognition.services import COLUMNS, import_outcomes, revoke
from reports.selectors import tally
from tests import registers as made
from tests.conftest import DEMO

pytestmark = pytest.mark.both

FULL = {
    "unit": "phan-thiet",
    "title": "Tuyến đường hoa",
    "subject": "Hội Phụ nữ",
    "place": "Phường Phú Hài",
    "district_decision": "12-QĐ/ThU",
    "district_on": "2024-09-18",
    "proposed_on": "2024-10-01",
    "province_decision": "61-QĐ/BDVTU",
    "province_on": "2024-12-20",
    "central_on": "2024-12-28",
}


@pytest.fixture
def registered(new_season: Any, unit: Any, tmp_path: Path) -> Any:
    """Three registrations of Phan Thiết in 2024; two bear one title."""
    lines = [
        made.row("Tuyến đường hoa", subject="Hội Phụ nữ"),
        made.row("Tuyến đường hoa", subject="Hội Nông dân"),
        made.row("Tổ tự quản", subject="Công an"),
    ]
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines])
    assert import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None).created == 3
    return new_season


def take(season: Any, tmp_path: Path, *rows: dict[str, str], **options: Any) -> Any:
    path = tmp_path / "ket-qua.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return import_outcomes(path=path, season=season, actor=None, **options)


def counts(report: Any) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def test_the_demo_outcomes_again_change_nothing(season: Any) -> None:
    report = import_outcomes(path=DEMO / "season-2023" / "outcomes.csv", season=season, actor=None)
    assert (counts(report), report.rejected) == ((0, 0, 159), [])
    assert [w["code"] for w in report.warnings] == ["before_registered"]


def test_a_full_row_makes_every_fact(registered: Any, tmp_path: Path, unit: Any) -> None:
    assert counts(take(registered, tmp_path, FULL)) == (1, 0, 0)
    one = Registration.objects.get(season=registered, subject="Hội Phụ nữ")
    decisions = list(Decision.objects.filter(recognitions__registration=one).order_by("decided_on"))
    assert [(d.number, d.issuer.key, d.issuer_name, d.level.key) for d in decisions] == [
        ("12-QĐ/ThU", "phan-thiet", "Thành ủy Phan Thiết", "district"),
        ("61-QĐ/BDVTU", "binh-thuan", "Ban Dân vận Tỉnh ủy Bình Thuận", "province"),
    ]
    assert Dossier.objects.get(registration=one).proposed_on == date(2024, 10, 1)
    assert CentralIntroduction.objects.get(registration=one).introduced_on == date(2024, 12, 28)
    assert one.honour_rank == Level.objects.get(key="central").rank


def test_a_corrected_row_updates_the_fact(registered: Any, tmp_path: Path) -> None:
    take(registered, tmp_path, FULL)
    assert counts(take(registered, tmp_path, FULL | {"proposed_on": "2024-10-02"})) == (0, 1, 0)
    assert Dossier.objects.get(registration__season=registered).proposed_on == date(2024, 10, 2)


def test_a_withdrawal(registered: Any, tmp_path: Path) -> None:
    assert counts(take(registered, tmp_path, {**FULL, **dict.fromkeys(list(FULL)[4:], ""), "withdrawn_on": "2024-07-12"})) == (
        1,
        0,
        0,
    )
    assert tally(registered, date(2024, 7, 11)).registered == 3
    assert tally(registered, date(2024, 7, 12)).registered == 2


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"title": "Không có"}, "not_found"),
        ({"subject": "", "place": ""}, "ambiguous"),
        ({"unit": "khong-co"}, "unit_unknown"),
        ({"place": "Xã Hàm Hiệp"}, "place_unknown"),
        ({"proposed_on": "2024-02-31"}, "date_impossible"),
        ({"proposed_on": "0001-02-03"}, "date_out_of_season"),
        ({"province_on": "2034-02-03"}, "date_out_of_season"),
        ({"district_decision": "x" * 61}, "number_too_long"),
        ({"district_on": ""}, "decision_incomplete"),
        ({"withdrawn_on": "2024-01-01"}, "before_registered"),
    ],
)
def test_what_does_not_match_is_refused_and_listed(registered: Any, tmp_path: Path, changes: dict[str, str], code: str) -> None:
    report = take(registered, tmp_path, FULL | {"title": "Tổ tự quản", "subject": "Công an"}, FULL | changes)
    assert [(r["row"], r["code"]) for r in report.rejected] == [(3, code)]
    assert report.rejected[0]["message"]
    assert not report.saved
    assert not Recognition.objects.filter(registration__season=registered).exists()


def test_one_registration_twice_in_the_file(registered: Any, tmp_path: Path) -> None:
    report = take(registered, tmp_path, FULL, FULL | {"title": "TUYẾN ĐƯỜNG HOA"}, accept_valid=True)
    assert ([r["code"] for r in report.rejected], counts(report)) == (["duplicate"], (1, 0, 0))


def test_titles_are_matched_folded(registered: Any, tmp_path: Path) -> None:
    assert counts(take(registered, tmp_path, FULL | {"title": "tuyen duong  HOA", "subject": "hội phụ nữ"})) == (1, 0, 0)


@pytest.mark.parametrize("place", ["P. Phú Hài", "phú hài", "Đảng ủy phường Phú Hài"])
def test_places_are_matched_as_registers_write_them(registered: Any, tmp_path: Path, place: str) -> None:
    assert counts(take(registered, tmp_path, FULL | {"place": place}, dict.fromkeys(FULL, ""))) == (1, 0, 0)


def test_a_revoked_recognition_stops_counting_on_that_day(registered: Any, tmp_path: Path, unit: Any) -> None:
    take(registered, tmp_path, FULL)
    recognition = Recognition.objects.get(decision__number="12-QĐ/ThU")
    level = Level.objects.get(key="district")
    later = Decision.objects.create(
        number="20-QĐ/ThU",
        decided_on=date(2024, 11, 5),
        issuer=unit("phan-thiet"),
        issuer_name="Thành ủy Phan Thiết",
        level=level,
    )
    revoke(recognition_id=recognition.pk, decision=later, actor=None)
    assert tally(registered, date(2024, 11, 4)).district_recognised == 1
    assert tally(registered, date(2024, 11, 5)).district_recognised == 0
    with pytest.raises(DomainError, match="đã bị hủy"):
        revoke(recognition_id=recognition.pk, decision=later, actor=None)


def test_only_a_later_decision_revokes(registered: Any, tmp_path: Path) -> None:
    take(registered, tmp_path, FULL)
    recognition = Recognition.objects.get(decision__number="12-QĐ/ThU")
    with pytest.raises(DomainError, match="quyết định mới"):
        revoke(recognition_id=recognition.pk, decision=recognition.decision, actor=None)


@pytest.mark.parametrize("changes", [{"revoked_on": date(2024, 12, 1)}, {"decision": None}])
def test_the_database_refuses_half_a_revocation(registered: Any, tmp_path: Path, changes: dict[str, Any]) -> None:
    take(registered, tmp_path, FULL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recognition.objects.filter(registration__season=registered).update(**changes)


def test_a_file_without_its_columns(new_season: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("unit,title\n", encoding="utf-8")
    with pytest.raises(DomainError, match="thiếu cột subject, place"):
        import_outcomes(path=path, season=new_season, actor=None)


def test_a_dry_run_counts_and_writes_nothing(registered: Any, tmp_path: Path) -> None:
    report = take(registered, tmp_path, FULL, dry_run=True)
    assert (report.saved, counts(report)) == (False, (1, 0, 0))
    assert Recognition.objects.filter(registration__season=registered).count() == 0


def test_a_unit_without_a_superior_proposes_to_nobody(registered: Any, tmp_path: Path, unit: Any) -> None:
    UnitVersion.objects.filter(unit=unit("phan-thiet")).update(parent=None)
    (told,) = take(registered, tmp_path, FULL).rejected
    assert (told["code"], told["message"]) == ("no_province", "“phan-thiet” không có cấp trên vào 01/10/2024.")


def test_the_command_says_what_it_refused(registered: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take(registered, tmp_path, FULL | {"title": "Không có"}, dry_run=True)
    path = tmp_path / "ket-qua.csv"
    with pytest.raises(SystemExit) as ended:
        call_command("import_outcomes", str(path), season=2024)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "ket-qua.csv: 1 dòng; mới 0, đổi 0, giữ nguyên 0, bị từ chối 1. Chưa nạp gì.",
        "  TỪ CHỐI dòng 2, cột title: Không tìm thấy đăng ký “Không có” của Hội Phụ nữ trong năm 2024.",
    ]


def test_the_command_says_that_a_season_is_missing(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_outcomes", "ket-qua.csv", season=1999)
    assert (ended.value.code, capsys.readouterr().err) == (2, "Chưa mở năm 1999.\n")


def test_the_command_takes_verdicts_of_a_person_and_grades(registered: Any, tmp_path: Path, unit: Any, user: Any) -> None:
    Grade.objects.create(unit=unit("phan-thiet"), name="tiêu biểu", valid_from=date(2024, 1, 1))
    path = tmp_path / "ket-qua.csv"
    names = ("unit", "title", "subject", "place", "district_decision", "district_on")
    told = [FULL[name] for name in names] + ["tiêu biểu", "hiệu quả"]
    with path.open("w", encoding="utf-8", newline="") as file:
        rest = [name for name in COLUMNS if name not in names]
        csv.writer(file).writerows([[*names, "district_grade", "verdict", *rest], told + [""] * len(rest)])
    report = import_outcomes(path=path, season=registered, actor=None)
    assert [row["code"] for row in report.rejected] == ["verdict_refused"]
    call_command("import_outcomes", str(path), season=2024, by=user("phanthiet.chuyenvien").username)
    assert [str(row.grade) for row in Recognition.objects.filter(registration__season=registered)] == ["tiêu biểu"]
    assert YearVerdict.objects.get().verdict == "effective"
