"""Places of a register: as they were on the day, under the names of before, and the hamlets within them."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from common.remember import forget
from models_registry.models import RegisterImport, Registration, Season
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.vocabulary import PlaceBook, PlaceUnknown
from models_registry.selectors import board as boards
from models_registry.services import NewSeason, open_season, undo_import
from organisation.models import UnitVersion
from organisation.selectors.units import unit_on
from tests import registers as made
from tests.models_registry.conftest import HEIR, Take
from tests.online import HAM_HIEP, Action, accepted, begin, do, fill, person
from tests.pages import entered
from tests.replicating import on

pytestmark = pytest.mark.django_db


# --- former places, hamlets


def test_former_places_find_the_unit_that_they_went_into_and_keep_their_words(season_2026: Season, take_rows: Take) -> None:
    places = (
        "Xã Hàm Hiệp cũ",
        "xã Hàm Hiệp",
        "Khu phố 3 (xã Hàm Hiệp cũ)",
        "Phường Phú Tài (cũ)",
        "P. Bình Thuận (xã Hàm Hiệp cũ)",
    )
    rows = [made.row(f"Tuyến đường hoa số {n}", place=place, day="1/3/2026") for n, place in enumerate(places)]
    assert take_rows(season_2026, HEIR, *rows).saved
    kept = Registration.objects.filter(season=season_2026).order_by("title")
    assert [(row.unit.key, row.place, row.place_name) for row in kept] == [(HEIR, None, place) for place in places]


def test_a_former_place_of_another_unit_is_refused_with_that_units_name(season_2026: Season, take_rows: Take) -> None:
    report = take_rows(season_2026, HEIR, made.row(place="Xã Hàm Phú", day="1/3/2026"))
    assert report.rejected[0]["message"] == (
        "Địa bàn “Xã Hàm Phú” nay thuộc Đảng ủy xã Hàm Thuận Bắc, không thuộc Đảng ủy phường Bình Thuận."
    )


def test_a_place_that_went_into_another_of_the_same_district_is_that_one(season_2025: Season, take_rows: Take) -> None:
    assert take_rows(season_2025, "phan-thiet", made.row(place="Phường Đức Nghĩa", day="1/3/2025")).saved
    row = Registration.objects.get(season=season_2025)
    assert row.place and (row.place.key, row.place_name) == ("phan-thiet/phuong-lac-dao", "Phường Đức Nghĩa")
    both = "Phường Lạc Đạo (phường Đức Nghĩa cũ)"
    assert take_rows(season_2025, "phan-thiet", made.row("Hai", place=both, day="1/3/2025")).saved
    row = Registration.objects.get(season=season_2025, title="Hai")
    assert row.place and (row.place.key, row.place_name) == ("phan-thiet/phuong-lac-dao", both)


LAC_DAO, BINH_HUNG = "phan-thiet/phuong-lac-dao", "phan-thiet/phuong-binh-hung"


@pytest.fixture
def season_2024() -> Season:
    """A year in which three wards of one city went into two, which are taken to have begun that day."""
    UnitVersion.objects.filter(unit__key__in=[LAC_DAO, BINH_HUNG]).update(valid_from=date(2024, 12, 1))
    forget()
    return open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))[0]


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
    season_2024: Season, take_rows: Take, place: str, day: str, key: str
) -> None:
    report = take_rows(season_2024, "phan-thiet", made.row(place=place, day=day))
    row = Registration.objects.get(season=season_2024)
    assert report.saved and row.place and (row.place.key, row.place_name) == (key, place)
    noted = [warning["message"] for warning in report.warnings if warning["code"] == "place_of_another_day"]
    assert bool(noted) == (unit_on(row.place, date(2024, 6, 1)).place != place)


def test_one_model_under_an_old_and_a_new_name_is_one(season_2024: Season, take_rows: Take) -> None:
    rows = [made.row(place=place, day="15/12/2024") for place in ("Phường Đức Nghĩa", "Phường Lạc Đạo")]
    report = take_rows(season_2024, "phan-thiet", *rows)
    assert [flaw["code"] for flaw in report.rejected] == ["duplicate"]


def test_a_place_that_was_several_on_the_day_is_asked_about(season_2024: Season, take_rows: Take) -> None:
    report = take_rows(season_2024, "phan-thiet", made.row(place="Phường Lạc Đạo", day="15/11/2024"))
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
        ("K.phố 5", "Khu phố 5"),
        ("kp5", "Khu phố 5"),
        ("Tổ DP 2", "Tổ dân phố 2"),
        ("TDP 3/4 và TDP 5", "Tổ dân phố 3/4 và TDP 5"),
        ("Thôn 3/Xã Hàm Hiệp", "Thôn 3"),
        ("T.D.P 2", "Tổ dân phố 2"),
        ("thôn3", "Thôn 3"),
        ("Thông tin, cổ động", ""),
        ("Tổng hợp", ""),
        ("Khu phố 5", "Khu phố 5"),
        ("Xã Hàm Hiệp", ""),
        ("Toàn xã", ""),
        ("Toàn đặc khu", ""),
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


def test_hamlets_are_read_from_columns_headed_so_searched_and_filtered(season_2026: Season, take_rows: Take) -> None:
    told = {"subject": "Hội Phụ nữ phường", "place": "", "day": "1/3/2026"}
    rows = [
        [*made.row("Tuyến đường hoa", **told), "TDP 2"],
        [*made.row("Tuyến đường hoa", **told), "Thôn 3"],  # the same elsewhere: two models
        [*made.row("Đội bóng đá nữ", **told), ""],
    ]
    assert take_rows(season_2026, HEIR, *rows, head=HAMLET_HEAD).created == 3
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
    for query in (f"nam=2026&don-vi={HEIR}&thon=Thôn 3", f"nam=2026&don-vi={HEIR}&thon=thôn3", "nam=2026&q=thon 3"):
        html = public.get(f"/mo-hinh/?{query}").content.decode()
        assert "Tuyến đường hoa" in html and "Đội bóng đá nữ" not in html, query


@pytest.mark.parametrize("typed", ["TDP 2", "tdp2", "Tổ DP 2", "tổ dân phố 2"])
def test_hamlets_are_found_by_what_registers_shorten_them_to(season_2026: Season, take_rows: Take, typed: str) -> None:
    told = {"subject": "Hội Phụ nữ phường", "place": "", "day": "1/3/2026"}
    rows = [[*made.row("Tuyến đường hoa", **told), "TDP 2"], [*made.row("Đội bóng đá nữ TDP2", **told), ""]]
    rows.append([*made.row("Toàn dân phòng cháy 2 mùa khô", **told), ""])  # each of its words begins as one of a hamlet's does
    assert take_rows(season_2026, HEIR, *rows, head=HAMLET_HEAD).created == 3
    for address in ("/mo-hinh/?nam=2026&q=", "/tim/?q="):
        html = Client().get(address + typed).content.decode()
        assert all(words in html.replace("<mark>", "").replace("</mark>", "") for words in ("Tuyến đường hoa", "Đội bóng đá")), (
            address
        )
        assert "phòng cháy 2 mùa" not in html.replace("<mark>", "").replace("</mark>", "")
    board = entered("hoidong1").get(f"/lam-viec/nam/2026/?q={typed}").content.decode()
    assert "2 đăng ký, thay đổi" in board


def test_what_was_stored_with_short_words_is_found_after_migrating(season_2026: Season, take_rows: Take) -> None:
    take_rows(season_2026, HEIR, made.row("Tuyến đường hoa KP5", subject="Hội Phụ nữ", place="", day="1/3/2026"))
    row = Registration.objects.filter(season=season_2026)
    row.update(search_text=" tuyen duong hoa kp5 hoi phu nu")
    import_module("models_registry.migrations.0030_hamlets_in_full").spell(apps, None)
    assert row.get().search_text == " tuyen duong hoa khu pho 5 hoi phu nu"


def test_a_hamlet_stands_within_the_commune_of_its_row(season_2025: Season, take_rows: Take) -> None:
    row = [*made.row(place="Xã Hàm Hiệp", day="1/3/2025"), "Xuân Điền"]
    assert take_rows(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
    kept = Registration.objects.get(season=season_2025)
    assert kept.place and (kept.place.key, kept.hamlet, kept.place_name) == (HAM_HIEP, "Xuân Điền", "Xuân Điền, Xã Hàm Hiệp")


def test_a_row_stored_with_its_hamlets_number_alone_gets_its_kind_and_is_not_doubled(
    season_2025: Season, take_rows: Take
) -> None:
    row = [*made.row(place="Xã Hàm Hiệp", day="1/3/2025"), "3"]
    for head, hamlet in ((HAMLET_HEAD, "3"), ([*made.HEAD, "Khu phố"], "Khu phố 3")):
        take_rows(season_2025, "ham-thuan-bac", row, head=head)
        assert [kept.hamlet for kept in Registration.objects.filter(season=season_2025)] == [hamlet]


def test_the_same_register_again_changes_nothing(season_2026: Season, take_rows: Take) -> None:
    row = [*made.row(place="", subject="Chi bộ khu phố 2", day="1/3/2026"), "TDP 2"]
    assert take_rows(season_2026, HEIR, row, head=HAMLET_HEAD).created == 1
    again = take_rows(season_2026, HEIR, row, head=HAMLET_HEAD)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)


# --- a hamlet that is typed


def test_a_hamlet_that_is_typed_is_the_place_that_a_register_would_tell(season_2025: Season, take_rows: Take) -> None:
    typed = fill(begin(), hamlet="tdp  2")
    assert (typed.place and typed.place.key, typed.hamlet, typed.place_name) == (
        HAM_HIEP,
        "Tổ dân phố 2",
        "Tổ dân phố 2, Xã Hàm Hiệp",
    )
    row = [*made.row(typed.title, subject=typed.subject, place="Xã Hàm Hiệp", day="1/3/2025"), "TDP 2"]
    assert take_rows(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
    assert Registration.objects.get(season=season_2025).identity_key == typed.identity_key
    assert "to dan pho 2" in typed.search_text


def test_a_typed_hamlet_goes_with_the_registration_into_the_register_and_on_its_page() -> None:
    there = accepted(hamlet="Thôn Xuân Điền")
    assert (there.hamlet, there.place_name) == ("Thôn Xuân Điền", "Thôn Xuân Điền, Xã Hàm Hiệp")
    html = entered("hamhiep.canbo").get(f"/lam-viec/dang-ky/{there.pk}/").content.decode()
    assert "Thôn, khu phố, tổ dân phố" in html and "Thôn Xuân Điền" in html


def test_what_a_register_said_of_the_place_survives_reopening(season_2025: Season, take_rows: Take) -> None:
    with on(2025, 3, 2):
        row = [*made.row(place="Xã Hàm Hiệp", day="1/3/2025"), "Xuân Điền"]
        assert take_rows(season_2025, "ham-thuan-bac", row, head=HAMLET_HEAD).saved
        old = Registration.objects.get(season=season_2025)
        do(old, Action.REOPEN, "hamthuanbac.chuyenvien", "Ghi rõ hộ nào.")
        fill(old, title=old.title, subject=old.subject)
        do(old, Action.SUBMIT, "hamhiep.canbo")
        again = do(old, Action.ACCEPT, "hamthuanbac.chuyenvien")
    assert (again.hamlet, again.place_name, again.identity_key) == (old.hamlet, old.place_name, old.identity_key)


def test_undoing_an_upload_puts_hamlet_and_words_of_the_place_back(season_2026: Season, take_rows: Take) -> None:
    row = made.row("Tuyến đường hoa", place="Xã Hàm Hiệp cũ", day="1/3/2026")
    others = [made.row(f"Đội bóng đá nữ số {n}", place="", day="1/3/2026") for n in range(3)]
    assert take_rows(season_2026, HEIR, [*row, ""], *others, head=HAMLET_HEAD).created == 4
    before = Registration.objects.get(title="Tuyến đường hoa")
    assert take_rows(season_2026, HEIR, [*row, "Thôn 3"], *others, head=HAMLET_HEAD).updated == 1
    changed = Registration.objects.get(pk=before.pk)
    assert (changed.hamlet, changed.place_name) == ("Thôn 3", "Thôn 3, Xã Hàm Hiệp cũ")
    undo_import(import_id=RegisterImport.objects.order_by("-created_at")[0].pk, actor=person("hoidong2"))
    back = Registration.objects.get(pk=before.pk)
    for name in ("hamlet", "place_name", "identity_key", "search_text"):
        assert getattr(back, name) == getattr(before, name), name
