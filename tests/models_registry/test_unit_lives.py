"""A unit's life is checked on every way in; a file says whose it is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import jobs
from common.models import Job
from models_registry.models import RegisterImport, Registration, Season
from models_registry.selectors.sheets import carriable
from models_registry.selectors.titles import unit_in_title
from models_registry.services import carry_on
from organisation.models import Unit, UnitVersion
from organisation.selectors.ended import not_there_words
from organisation.services import give_role
from recognition.forms.rounds import RoundExtensionForm
from replication.forms import AdoptionForm, VisitRecordForm, VisitRequestForm
from tests import registers as made
from tests.models_registry.conftest import HEIR, PROVINCE, Take, unit_of
from tests.online import HAM_HIEP, begin, person
from tests.pages import entered, refused
from tests.replicating import on

pytestmark = pytest.mark.django_db


# --- before it was born, after it ended


@pytest.mark.parametrize(
    "unit, day, place, words",
    [
        ("ham-thuan-bac", "15/8/2025", "Xã Hàm Hiệp", "đã kết thúc; nay là Đảng ủy phường Bình Thuận."),
        (
            HEIR,
            "15/3/2025",
            "",
            "chưa thành lập; khi ấy là Thành ủy Phan Thiết, Huyện ủy Hàm Thuận Bắc.",
        ),
    ],
)
def test_a_row_outside_its_units_life_is_refused_with_the_unit_that_it_should_be(
    season_2025: Season, take_rows: Take, unit: str, day: str, place: str, words: str
) -> None:
    report = take_rows(season_2025, unit, made.row(day=day, place=place))
    assert [(flaw["code"], flaw["column"]) for flaw in report.rejected] == [("unit_not_there", "I")]
    assert report.rejected[0]["message"].endswith(words)
    assert not report.saved and not Registration.objects.filter(season=season_2025).exists()


def test_a_row_within_its_units_life_is_taken(season_2025: Season, take_rows: Take) -> None:
    assert take_rows(season_2025, "ham-thuan-bac", made.row(day="30/6/2025", place="Xã Hàm Hiệp")).saved
    assert take_rows(season_2025, HEIR, made.row(day="1/7/2025", subject="Chi bộ khu phố 3", place="")).saved


def test_what_is_typed_or_copied_where_the_unit_is_no_more_names_its_heir(season_2026: Season) -> None:
    said = "Đơn vị này không lập đăng ký của năm 2026 nữa: đã kết thúc hoặc chưa thành lập. Xin đăng ký ở {}."
    with on(2026, 3, 1):
        with refused(said.format("Đảng ủy phường Bình Thuận")):
            begin(HAM_HIEP, "hamhiep.canbo", 2026)
        old = Registration.objects.filter(place__key=HAM_HIEP)[0]
        assert carry_on(season_id=season_2026.pk, registration_ids=[old.pk], actor=person("hamhiep.canbo")) == []
        assert len(carry_on(season_id=season_2026.pk, registration_ids=[old.pk], actor=person("hoidong1"))) == 1


def test_a_unit_that_was_silent_for_a_year_copies_from_the_last_one_in_which_it_was_not(
    season_2025: Season, season_2026: Season, take_rows: Take
) -> None:
    assert take_rows(season_2025, "la-gi", made.row(subject="Chi bộ khu phố 3", place="", day="1/3/2025")).saved
    with on(2026, 3, 1):
        offered = carriable(person("hoidong1"), season_2026)
        assert offered.before and offered.before.year == 2023 and HAM_HIEP in {row.place.key for row in offered.rows if row.place}
        assert (
            "mô hình của năm 2023 chưa đăng ký năm 2026"
            in entered("hoidong1").get("/lam-viec/nam/2026/dang-ky/").content.decode()
        )


@pytest.mark.parametrize(
    "key, day, words",
    [
        ("tuy-phong/xa-phong-phu", date(2025, 8, 1), "đã kết thúc; nay là Đảng ủy xã Phan Rí Cửa, Đảng ủy xã Tuy Phong."),
        ("phan-thiet/phuong-duc-nghia", date(2024, 12, 5), "đã kết thúc; nay là Đảng ủy phường Lạc Đạo."),
        ("phan-thiet/phuong-duc-nghia", date(2025, 12, 5), "đã kết thúc; nay là Đảng ủy phường Phan Thiết."),
        ("2025/xa-nhan-co", date(2025, 3, 1), "Ngày 01/03/2025 Đảng ủy xã Nhân Cơ chưa thành lập."),
        ("2025/xa-nhan-co", date(2025, 8, 1), ""),
    ],
)
def test_mergers_upon_mergers_splits_and_units_without_past(key: str, day: date, words: str) -> None:
    assert not_there_words(unit_of(key).pk, day).endswith(words)
    assert bool(not_there_words(unit_of(key).pk, day)) == bool(words)


# --- whose register it is


def uploaded(client: Client, season: Season, tmp_path: Path, unit: str, title: str) -> RegisterImport:
    path = made.xlsx(tmp_path / "so.xlsx", [[title], [], made.HEAD, made.row(day="1/3/2026", place="")])
    file = SimpleUploadedFile("so.xlsx", path.read_bytes())
    response = client.post(f"/lam-viec/nam/{season}/nap-so/", {"unit": unit, "file": file})
    assert response.status_code == 302
    run_jobs()
    return RegisterImport.objects.get(file_name="so.xlsx")


def run_jobs() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def test_the_list_of_units_starts_empty(season_2026: Season) -> None:
    browser = entered(PROVINCE)
    html = browser.get("/lam-viec/nam/2026/nap-so/").content.decode()
    assert '<option value="" selected>Cổng tự nhận ra</option>' in html
    response = browser.post("/lam-viec/nam/2026/nap-so/", {"file": SimpleUploadedFile("so.xlsx", b"PK")})
    assert response.status_code == 302 and "/lan-gui/" in response["Location"]
    assert not RegisterImport.objects.filter(season=season_2026).exists()  # nobody's, until it is known whose it is


@pytest.mark.parametrize("form", [AdoptionForm, VisitRequestForm, VisitRecordForm, RoundExtensionForm])
def test_where_several_units_may_be_meant_none_is_chosen_beforehand(form: Any) -> None:
    two = [UnitVersion(unit=Unit(key=key), name=key) for key in ("mot", "hai")]
    assert form(units=two).fields["unit"].choices[0] == ("", "Chọn đơn vị…")
    assert form(units=two[:1]).fields["unit"].choices == [("mot", "mot")]
    assert "Chưa chọn đơn vị." in str(RoundExtensionForm({"unit": ""}, units=two).errors["unit"])


def test_a_title_that_names_another_unit_stops_and_asks(season_2026: Season, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    with on(2026, 3, 2):
        browser = entered(PROVINCE)
        upload = uploaded(browser, season_2026, tmp_path, "2025/xa-ham-thuan", "ĐẢNG ỦY XÃ HÀM THUẬN BẮC")
        page = f"/lam-viec/nap-so/{upload.pk}/"
        assert "Đầu sổ ghi Đảng ủy xã Hàm Thuận Bắc. Sổ này của đơn vị nào?" in browser.get(page).content.decode()
        browser.post(f"{page}xac-nhan/")
        assert RegisterImport.objects.get(pk=upload.pk).state == "read"
        browser.post(f"{page}xac-nhan/", {"cua": "2025/xa-ham-thuan-bac"})
        run_jobs()
        upload.refresh_from_db()
        assert (upload.unit.key, upload.state, upload.report.get("other_unit")) == ("2025/xa-ham-thuan-bac", "read", None)
        browser.post(f"{page}xac-nhan/")
        run_jobs()
    assert Registration.objects.get(season=season_2026).unit.key == "2025/xa-ham-thuan-bac"


def test_the_officers_word_that_it_is_of_the_chosen_unit_is_taken(season_2026: Season, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    with on(2026, 3, 2):
        browser = entered(PROVINCE)
        upload = uploaded(browser, season_2026, tmp_path, "2025/xa-ham-thuan", "ĐẢNG ỦY XÃ HÀM THUẬN BẮC")
        browser.post(f"/lam-viec/nap-so/{upload.pk}/xac-nhan/", {"cua": "2025/xa-ham-thuan"})
        run_jobs()
    assert Registration.objects.get(season=season_2026).unit.key == "2025/xa-ham-thuan"


@pytest.mark.parametrize(
    "chosen, title, named",
    [
        ("2025/xa-ham-thuan", "Đảng ủy xã Hàm Thuận Bắc", ["2025/xa-ham-thuan-bac"]),  # the longer name, not the one within it
        ("2025/xa-ham-thuan-bac", "DANH SÁCH MÔ HÌNH CỦA XÃ HÀM THUẬN NĂM 2026", ["2025/xa-ham-thuan"]),
        (HEIR, "ĐẢNG ỦY PHƯỜNG BÌNH THUẬN", None),
        (HEIR, "Đảng ủy xã Hàm Hiệp (cũ)", None),  # one that it follows
        (HEIR, "HUYỆN ỦY HÀM THUẬN BẮC | ĐẢNG ỦY XÃ HÀM HIỆP", None),
        (HEIR, "TỈNH ỦY LÂM ĐỒNG", None),  # those above are named, too
        (HEIR, "TỈNH ỦY BÌNH THUẬN", None),  # and those that they follow
        (HEIR, "Xã Hàm Thuận, phường Bình Thuận", None),
        (HEIR, "Danh sách mô hình", None),
        (HEIR, "ĐẢNG ỦY XÃ HÀM PHÚ", ["2025/xa-ham-thuan-bac"]),  # it ended, and went elsewhere
        (HEIR, "HUYỆN ỦY PHÚ QUÝ", ["2025/dac-khu-phu-quy"]),  # of its places
        (HEIR, "ĐẢNG ỦY CÔNG AN TỈNH", []),  # it ended without an heir
    ],
)
def test_whose_title_it_is(season_2026: Season, chosen: str, title: str, named: list[str] | None) -> None:
    found = unit_in_title([title], season_2026, unit_of(chosen))
    assert (found and [version.unit.key for version in found.units]) == named


@pytest.mark.parametrize(
    "chosen, title, named",
    [
        ("ham-thuan-bac", "Đảng ủy xã Hàm Hiệp", None),  # a place within it
        ("phan-thiet", "Đảng ủy xã Hàm Hiệp", ["ham-thuan-bac"]),  # a place elsewhere
        ("ham-thuan-bac", "ĐẢNG ỦY PHƯỜNG BÌNH THUẬN", [HEIR]),
        (HEIR, "HUYỆN ỦY HÀM THUẬN BẮC", ["ham-thuan-bac"]),  # it registered itself when the season opened
    ],
)
def test_whose_title_it_is_in_a_year_of_two_orders(season_2025: Season, chosen: str, title: str, named: list[str] | None) -> None:
    found = unit_in_title([title], season_2025, unit_of(chosen))
    assert (found and [version.unit.key for version in found.units]) == named


def test_a_title_that_names_a_unit_of_before_stops_and_asks(season_2026: Season, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    give_role(user=person("hoidong1"), role="chuyen-vien-huyen", unit=unit_of(HEIR), starts_on=date(2025, 7, 1), actor=None)
    with on(2026, 3, 2):
        browser = entered("hoidong1")
        upload = uploaded(browser, season_2026, tmp_path, HEIR, "ĐẢNG ỦY XÃ HÀM PHÚ")
        page = f"/lam-viec/nap-so/{upload.pk}/"
        html = browser.get(page).content.decode()
        assert "Đầu sổ ghi Đảng ủy xã Hàm Phú, nay không còn. Sổ này của đơn vị nào?" in html
        assert "2025/xa-ham-thuan-bac" not in html and "gửi lại tệp" in html  # not for this officer to upload
        browser.post(f"{page}xac-nhan/")
        run_jobs()
        assert RegisterImport.objects.get(pk=upload.pk).state == "read"
        browser.post(f"{page}xac-nhan/", {"cua": HEIR})
        run_jobs()
    assert Registration.objects.get(season=season_2026).unit.key == HEIR


def test_the_command_stores_nothing_of_another_units_register_unless_told_so(season_2026: Season, take_rows: Take) -> None:
    row, above = made.row(place="", day="1/3/2026"), [["HUYỆN ỦY PHÚ QUÝ"], []]
    report = take_rows(season_2026, HEIR, row, above=above, accept_valid=True)
    assert (report.saved, report.created, [warning["code"] for warning in report.warnings]) == (False, 0, ["other_unit"])
    assert take_rows(season_2026, HEIR, row, above=above, is_of_unit=True).saved
