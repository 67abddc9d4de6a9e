"""A unit's life is checked on every way in; a file says whose it is; former places and hamlets are found."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import jobs
from common.models import Job
from common.remember import forget
from models_registry.models import RegisterImport, Registration, Season
from models_registry.registers.vocabulary import PlaceBook, PlaceUnknown, hamlet_in
from models_registry.selectors import board as boards
from models_registry.selectors.sheets import carriable
from models_registry.selectors.titles import unit_in_title
from models_registry.services import ImportReport, carry_on, import_register, open_season, undo_import
from organisation.models import Unit, UnitVersion
from organisation.selectors import not_there_words, unit_on
from organisation.services import give_role
from recognition.forms import RoundExtensionForm
from replication.forms import AdoptionForm, VisitRecordForm, VisitRequestForm
from tests import registers as made
from tests.online import HAM_HIEP, Action, accepted, begin, do, fill, person
from tests.pages import entered, refused

pytestmark = pytest.mark.django_db
HEIR, PROVINCE = "2025/phuong-binh-thuan", "hoidong2"


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


def unit_of(key: str) -> Unit:
    return Unit.objects.get(key=key)


@pytest.fixture
def season_2025() -> Season:
    return open_season(year=2025, period="2021-2025", cutoff_on=date(2025, 11, 30))[0]


@pytest.fixture
def season_2026() -> Season:
    season, _ = open_season(year=2026, period="2026-2030", cutoff_on=date(2026, 10, 15))
    give_role(user=person(PROVINCE), role="chuyen-vien-tinh", unit=unit_of("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
    give_role(user=person("hoidong1"), role="can-bo-co-so", unit=unit_of(HEIR), starts_on=date(2025, 7, 1), actor=None)
    return season


Take = Callable[..., ImportReport]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    def run(season: Season, unit: str, *rows: list[Any], above: Any = (), head: Any = None, **options: Any) -> ImportReport:
        path = made.xlsx(tmp_path / "so.xlsx", [*above, head or made.HEAD, *rows])
        return import_register(path=path, season=season, unit=unit_of(unit), actor=None, **options)

    return run


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
    season_2025: Season, take: Take, unit: str, day: str, place: str, words: str
) -> None:
    report = take(season_2025, unit, made.row(day=day, place=place))
    assert [(flaw["code"], flaw["column"]) for flaw in report.rejected] == [("unit_not_there", "I")]
    assert report.rejected[0]["message"].endswith(words)
    assert not report.saved and not Registration.objects.filter(season=season_2025).exists()


def test_a_row_within_its_units_life_is_taken(season_2025: Season, take: Take) -> None:
    assert take(season_2025, "ham-thuan-bac", made.row(day="30/6/2025", place="Xã Hàm Hiệp")).saved
    assert take(season_2025, HEIR, made.row(day="1/7/2025", place="")).saved


def test_what_is_typed_or_copied_where_the_unit_is_no_more_names_its_heir(season_2026: Season) -> None:
    said = "Đơn vị này không lập đăng ký của năm 2026 nữa: đã kết thúc hoặc chưa thành lập. Xin đăng ký ở {}."
    with on(2026, 3, 1):
        with refused(said.format("Đảng ủy phường Bình Thuận")):
            begin(HAM_HIEP, "hamhiep.canbo", 2026)
        old = Registration.objects.filter(place__key=HAM_HIEP)[0]
        assert carry_on(season_id=season_2026.pk, registration_ids=[old.pk], actor=person("hamhiep.canbo")) == []
        assert len(carry_on(season_id=season_2026.pk, registration_ids=[old.pk], actor=person("hoidong1"))) == 1


def test_a_unit_that_was_silent_for_a_year_copies_from_the_last_one_in_which_it_was_not(
    season_2025: Season, season_2026: Season, take: Take
) -> None:
    assert take(season_2025, "la-gi", made.row(place="", day="1/3/2025")).saved
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
    assert '<option value="" selected>Chọn đơn vị…</option>' in html
    response = browser.post("/lam-viec/nam/2026/nap-so/", {"file": SimpleUploadedFile("so.xlsx", b"PK")})
    assert response.status_code == 422 and "Chưa chọn đơn vị của sổ này." in response.content.decode()


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


def test_the_command_stores_nothing_of_another_units_register_unless_told_so(season_2026: Season, take: Take) -> None:
    row, above = made.row(place="", day="1/3/2026"), [["HUYỆN ỦY PHÚ QUÝ"], []]
    report = take(season_2026, HEIR, row, above=above, accept_valid=True)
    assert (report.saved, report.created, [warning["code"] for warning in report.warnings]) == (False, 0, ["other_unit"])
    assert take(season_2026, HEIR, row, above=above, is_of_unit=True).saved


# --- former places, hamlets


def test_former_places_find_the_unit_that_they_went_into_and_keep_their_words(season_2026: Season, take: Take) -> None:
    places = ("Xã Hàm Hiệp cũ", "xã Hàm Hiệp", "Khu phố 3 (xã Hàm Hiệp cũ)", "Phường Phú Tài (cũ)")
    rows = [made.row(f"Tuyến đường hoa số {n}", place=place, day="1/3/2026") for n, place in enumerate(places)]
    assert take(season_2026, HEIR, *rows).saved
    kept = Registration.objects.filter(season=season_2026).order_by("title")
    assert [(row.unit.key, row.place, row.place_name) for row in kept] == [(HEIR, None, place) for place in places]


def test_a_former_place_of_another_unit_is_refused_with_that_units_name(season_2026: Season, take: Take) -> None:
    report = take(season_2026, HEIR, made.row(place="Xã Hàm Phú", day="1/3/2026"))
    assert report.rejected[0]["message"] == (
        "Địa bàn “Xã Hàm Phú” nay thuộc Đảng ủy xã Hàm Thuận Bắc, không thuộc Đảng ủy phường Bình Thuận."
    )


def test_a_place_that_went_into_another_of_the_same_district_is_that_one(season_2025: Season, take: Take) -> None:
    assert take(season_2025, "phan-thiet", made.row(place="Phường Đức Nghĩa", day="1/3/2025")).saved
    row = Registration.objects.get(season=season_2025)
    assert row.place and (row.place.key, row.place_name) == ("phan-thiet/phuong-lac-dao", "Phường Đức Nghĩa")


LAC_DAO, BINH_HUNG = "phan-thiet/phuong-lac-dao", "phan-thiet/phuong-binh-hung"


@pytest.fixture
def season_2024() -> Season:
    """A year in which three wards of one city went into two, which are taken to have begun that day."""
    UnitVersion.objects.filter(unit__key__in=[LAC_DAO, BINH_HUNG]).update(valid_from=date(2024, 12, 1))
    forget()
    return open_season(year=2024, period="2021-2025", cutoff_on=date(2024, 11, 30))[0]


@pytest.mark.parametrize(
    "place, day, key",
    [
        ("Phường Đức Nghĩa", "30/11/2024", "phan-thiet/phuong-duc-nghia"),
        ("Phường Đức Nghĩa", "15/12/2024", LAC_DAO),  # an old name, weeks after
        ("Phường Lạc Đạo", "15/12/2024", LAC_DAO),
        ("Phường Bình Hưng", "15/11/2024", "phan-thiet/phuong-hung-long"),  # a new name, before its day
    ],
)
def test_a_place_is_the_one_that_was_there_on_the_day_and_keeps_its_words(
    season_2024: Season, take: Take, place: str, day: str, key: str
) -> None:
    report = take(season_2024, "phan-thiet", made.row(place=place, day=day))
    row = Registration.objects.get(season=season_2024)
    assert report.saved and row.place and (row.place.key, row.place_name) == (key, place)
    noted = [warning["message"] for warning in report.warnings if warning["code"] == "place_of_another_day"]
    assert bool(noted) == (unit_on(row.place, date(2024, 6, 1)).place != place)


def test_one_model_under_an_old_and_a_new_name_is_one(season_2024: Season, take: Take) -> None:
    rows = [made.row(place=place, day="15/12/2024") for place in ("Phường Đức Nghĩa", "Phường Lạc Đạo")]
    report = take(season_2024, "phan-thiet", *rows)
    assert [flaw["code"] for flaw in report.rejected] == ["duplicate"]


def test_a_place_that_was_several_on_the_day_is_asked_about(season_2024: Season, take: Take) -> None:
    report = take(season_2024, "phan-thiet", made.row(place="Phường Lạc Đạo", day="15/11/2024"))
    assert [(flaw["code"], flaw["choose"]) for flaw in report.rejected] == [("place_not_there", "place")]
    assert report.rejected[0]["message"] == (
        "Địa bàn “Phường Lạc Đạo” chưa thành lập; ngày 15/11/2024 là Phường Đức Nghĩa hoặc Phường Đức Thắng. "
        "Xin chọn nơi có vào ngày ấy."
    )


@pytest.mark.parametrize(
    "text, hamlet",
    [
        ("Thôn 3", "Thôn 3"),
        ("thôn  Xuân Điền (xã Hàm Hiệp cũ)", "Thôn Xuân Điền"),
        ("TDP 2", "Tổ dân phố 2"),
        ("KP. 5, phường Bình Thuận", "Khu phố 5"),
        ("Khu phố 5", "Khu phố 5"),
        ("Xã Hàm Hiệp", ""),
        ("Toàn xã", ""),
    ],
)
def test_hamlets_are_understood(text: str, hamlet: str) -> None:
    assert hamlet_in(text) == hamlet


def test_a_place_of_several_former_names_is_not_guessed() -> None:
    book = PlaceBook("Xã A", ["Xã A"], [], former=[("Xã B", None, "")])
    assert book.match("Xã B cũ").name == "Xã B cũ"
    with pytest.raises(PlaceUnknown):
        book.match("Xã C")


HAMLET_HEAD = [*made.HEAD, "Thôn, khu phố"]


def test_hamlets_are_read_from_columns_headed_so_searched_and_filtered(season_2026: Season, take: Take) -> None:
    rows = [
        [*made.row("Tuyến đường hoa", place="", day="1/3/2026"), "TDP 2"],
        [*made.row("Tuyến đường hoa", place="", day="1/3/2026"), "Thôn 3"],  # the same elsewhere: two models
        [*made.row("Đội bóng đá nữ", place="", day="1/3/2026"), ""],
    ]
    assert take(season_2026, HEIR, *rows, head=HAMLET_HEAD).created == 3
    kept = Registration.objects.filter(season=season_2026)
    assert set(kept.values_list("hamlet", "place_name")) == {
        ("Tổ dân phố 2", "Tổ dân phố 2"),
        ("Thôn 3", "Thôn 3"),
        (None, ""),
    }
    board = boards.board_of(person("hoidong1"), season_2026)
    assert board is not None and boards.hamlets_of(board) == ["Thôn 3", "Tổ dân phố 2"]
    html = entered("hoidong1").get("/lam-viec/nam/2026/?thon=Thôn 3").content.decode()
    assert "1 đăng ký, thay đổi" in html
    public = Client()
    assert "Thôn 3" in public.get(f"/mo-hinh/?nam=2026&don-vi={HEIR}").content.decode()
    for query in (f"nam=2026&don-vi={HEIR}&thon=Thôn 3", "nam=2026&q=thon 3"):
        html = public.get(f"/mo-hinh/?{query}").content.decode()
        assert "Tuyến đường hoa" in html and "Đội bóng đá nữ" not in html, query


def test_a_hamlet_stands_within_the_commune_of_its_row(season_2025: Season, take: Take) -> None:
    row = [*made.row(place="Xã Hàm Hiệp", day="1/3/2025"), "Xuân Điền"]
    assert take(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
    kept = Registration.objects.get(season=season_2025)
    assert kept.place and (kept.place.key, kept.hamlet, kept.place_name) == (HAM_HIEP, "Xuân Điền", "Xuân Điền, Xã Hàm Hiệp")


def test_the_same_register_again_changes_nothing(season_2026: Season, take: Take) -> None:
    row = [*made.row(place="", day="1/3/2026"), "TDP 2"]
    assert take(season_2026, HEIR, row, head=HAMLET_HEAD).created == 1
    again = take(season_2026, HEIR, row, head=HAMLET_HEAD)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


# --- a hamlet that is typed


def test_a_hamlet_that_is_typed_is_the_place_that_a_register_would_tell(season_2025: Season, take: Take) -> None:
    typed = fill(begin(), hamlet="tdp  2")
    assert (typed.place and typed.place.key, typed.hamlet, typed.place_name) == (
        HAM_HIEP,
        "Tổ dân phố 2",
        "Tổ dân phố 2, Xã Hàm Hiệp",
    )
    row = [*made.row(typed.title, subject=typed.subject, place="Xã Hàm Hiệp", day="1/3/2025"), "TDP 2"]
    assert take(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
    assert Registration.objects.get(season=season_2025).identity_key == typed.identity_key
    assert "to dan pho 2" in typed.search_text


def test_a_typed_hamlet_goes_with_the_registration_into_the_register_and_on_its_page() -> None:
    there = accepted(hamlet="Thôn Xuân Điền")
    assert (there.hamlet, there.place_name) == ("Thôn Xuân Điền", "Thôn Xuân Điền, Xã Hàm Hiệp")
    html = entered("hamhiep.canbo").get(f"/lam-viec/dang-ky/{there.pk}/").content.decode()
    assert "Thôn, khu phố, tổ dân phố" in html and "Thôn Xuân Điền" in html


def test_what_a_register_said_of_the_place_survives_reopening(season_2025: Season, take: Take) -> None:
    with on(2025, 3, 2):
        row = [*made.row(place="Xã Hàm Hiệp", day="1/3/2025"), "Xuân Điền"]
        assert take(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
        old = Registration.objects.get(season=season_2025)
        do(old, Action.REOPEN, "hamthuanbac.chuyenvien", "Ghi rõ hộ nào.")
        fill(old, title=old.title, subject=old.subject)
        do(old, Action.SUBMIT, "hamhiep.canbo")
        again = do(old, Action.ACCEPT, "hamthuanbac.chuyenvien")
    assert (again.hamlet, again.place_name, again.identity_key) == (old.hamlet, old.place_name, old.identity_key)


def test_undoing_an_upload_puts_hamlet_and_words_of_the_place_back(season_2026: Season, take: Take) -> None:
    row = made.row("Tuyến đường hoa", place="Xã Hàm Hiệp cũ", day="1/3/2026")
    others = [made.row(f"Đội bóng đá nữ số {n}", place="", day="1/3/2026") for n in range(3)]
    assert take(season_2026, HEIR, [*row, ""], *others, head=HAMLET_HEAD).created == 4
    before = Registration.objects.get(title="Tuyến đường hoa")
    assert take(season_2026, HEIR, [*row, "Thôn 3"], *others, head=HAMLET_HEAD).updated == 1
    changed = Registration.objects.get(pk=before.pk)
    assert (changed.hamlet, changed.place_name) == ("Thôn 3", "Thôn 3, Xã Hàm Hiệp cũ")
    undo_import(import_id=RegisterImport.objects.order_by("-created_at")[0].pk, actor=person("hoidong2"))
    back = Registration.objects.get(pk=before.pk)
    for name in ("hamlet", "place_name", "identity_key", "search_text"):
        assert getattr(back, name) == getattr(before, name), name
