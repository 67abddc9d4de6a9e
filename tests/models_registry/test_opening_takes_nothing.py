"""A season opens after the units of earlier ones ended: nobody loses what they had."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from common.dates import today
from models_registry.models import Season
from models_registry.selectors import board as boards
from models_registry.selectors import seasons_of, window_of, working_season
from models_registry.selectors.tasks import tasks_of
from models_registry.services import NewSeason, SheetIncomplete, open_season
from organisation.models import Unit
from organisation.selectors.ended import ended_unit_words, ended_words
from organisation.services import give_role
from organisation.tree import UnitTree
from tests.online import HAM_HIEP, Action, Mark, accepted, begin, do, fill, person, sent
from tests.pages import entered

pytestmark = pytest.mark.django_db
ENDED = (
    "hamhiep.canbo",
    "hamthuanbac.chuyenvien",
    "hamthuanbac.lanhdao",
    "duclinh.chuyenvien",
    "tinh.chuyenvien",
    "tinh.lanhdao",
)
HEIR = "2025/phuong-binh-thuan"


@pytest.fixture
def opened(db: None) -> Season:
    """The season of 2026, of the units that are there since 1/7/2025."""
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    return season


def heir(unit: str = HEIR, role: str = "can-bo-co-so") -> Any:
    user = person("hoidong1")
    give_role(user=user, role=role, unit=Unit.objects.get(key=unit), starts_on=date(2025, 7, 1), actor=None)
    return user


@pytest.mark.parametrize("name", ENDED)
def test_whose_unit_ended_keeps_board_menu_and_seasons(opened: Season, name: str) -> None:
    client = entered(name)
    html = client.get("/lam-viec/").content.decode()
    assert 'href="/lam-viec/nam/2023/"' in html and 'href="/lam-viec/nam/2026/"' not in html
    assert client.get("/lam-viec/nam/2023/").status_code == 200
    assert client.get("/lam-viec/nam/2026/").status_code == 404
    assert [season.year for season in seasons_of(person(name))] == [2023]


def test_the_menu_leads_to_a_board_of_ones_own_on_a_page_about_another_season(opened: Season) -> None:
    html = entered("hamhiep.canbo").get("/lam-viec/bao-cao/?nam=2026").content.decode()
    assert 'href="/lam-viec/nam/2023/"' in html and 'href="/lam-viec/nam/2026/"' not in html


def test_the_work_list_keeps_what_waits(opened: Season) -> None:
    do(sent(), Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(8, None, "Đếm cái gì?")])
    html = entered("hamhiep.canbo").get("/lam-viec/").content.decode()
    assert "Sửa theo ý kiến" in html


def test_the_heir_has_the_new_season_and_those_of_its_predecessors(opened: Season) -> None:
    user = heir()
    assert [season.year for season in seasons_of(user)] == [2026, 2023]
    assert working_season(user) == opened
    old = boards.board_of(user, Season.objects.get(year=2023))
    assert old is not None and old.units == []
    assert [version.short_name for version in old.places] == ["Phú Tài", "Phong Nẫm", "Hàm Hiệp"]
    html = entered("hoidong1").get("/lam-viec/nam/2023/").content.decode()
    assert "Năm 2023 của Phú Tài, Phong Nẫm, Hàm Hiệp" in html
    assert set(boards.rows_of(old).values_list("place__key", flat=True)) <= {version.unit.key for version in old.places}
    one = boards.narrowed(old, HAM_HIEP)
    assert one is not None and set(boards.rows_of(one).values_list("place__key", flat=True)) == {HAM_HIEP}


def test_the_new_province_has_the_registers_of_the_old(opened: Season) -> None:
    user = heir("lam-dong", "chuyen-vien-tinh")
    board = boards.board_of(user, Season.objects.get(year=2023))
    assert board is not None and len(board.units) == 14 and board.places == ()
    now = boards.board_of(user, opened)
    assert now is not None and len(now.units) == 124


def test_a_new_unit_has_no_season_before_it_without_predecessors(opened: Season) -> None:
    user = heir("2025/xa-nhan-co")
    assert [season.year for season in seasons_of(user)] == [2026]
    assert entered("hoidong1").get("/lam-viec/nam/2023/").status_code == 404


@pytest.mark.parametrize(
    "name, words",
    [
        ("hamhiep.canbo", "Đơn vị đã sáp nhập vào Đảng ủy phường Bình Thuận từ ngày 01/07/2025"),
        ("tinh.chuyenvien", "Đơn vị đã sáp nhập vào Tỉnh ủy Lâm Đồng từ ngày 01/07/2025"),
        ("duclinh.chuyenvien", "Đơn vị đã kết thúc từ ngày 01/07/2025, địa bàn nay thuộc 4 đơn vị"),
    ],
)
def test_an_old_account_reads_what_became_of_its_unit(name: str, words: str) -> None:
    assert ended_words(person(name)) == words
    assert words in entered(name).get("/lam-viec/").content.decode()


def test_who_works_for_a_unit_that_is_there_reads_nothing_of_it() -> None:
    assert ended_words(heir("2025/xa-nhan-co")) == "" == ended_words(None)


def test_a_split_unit_names_all_its_heirs() -> None:
    said = ended_unit_words(UnitTree(), Unit.objects.get(key="tuy-phong/xa-phong-phu").pk, date(2026, 1, 1))
    assert said == "Đơn vị đã chia về Đảng ủy xã Phan Rí Cửa và Đảng ủy xã Tuy Phong từ ngày 01/07/2025"


def test_a_year_that_is_over_says_so_and_leads_back(opened: Season) -> None:
    heir()
    html = entered("hoidong1").get("/lam-viec/nam/2023/").content.decode()
    assert '<aside class="year-strip' in html  # within a landmark, for who goes by these
    strip = " ".join(re.sub(r"<[^>]+>", "", html.partition('class="year-strip')[2].partition("Về năm")[0]).split())
    assert strip.endswith("Đang xem năm 2023, đã chốt số liệu ngày 15/10/2023.") and "Về năm 2026" in html
    assert "Về năm" not in entered("hoidong1").get("/lam-viec/nam/2026/").content.decode()


def test_the_year_that_is_shown_goes_along_to_the_reports(opened: Season) -> None:
    heir()
    pages = [entered("hoidong1").get(f"/lam-viec/nam/{year}/").content.decode() for year in (2023, 2026)]
    assert ['href="/lam-viec/bao-cao/?nam=2023"' in page for page in pages] == [True, False]
    assert "Đang xem năm 2023" in entered("hoidong1").get("/lam-viec/bao-cao/?nam=2023").content.decode()


# --- days


def test_no_page_counts_days_below_nothing(opened: Season, client: Client) -> None:
    sent()
    for name in (*ENDED, "quantri"):
        browser = entered(name)
        for address in ("/lam-viec/", "/lam-viec/nam/2023/", "/lam-viec/nam/2023/dang-ky/"):
            html = browser.get(address).content.decode()
            assert "quá hạn -" not in html and "đã quá -" not in html, (name, address)


def test_a_register_that_was_read_is_due_from_the_day_it_was_sent() -> None:
    from models_registry.models import RegisterImport

    user, season = person("hamthuanbac.chuyenvien"), Season.objects.get(year=2023)
    RegisterImport.objects.create(
        season=season, unit=Unit.objects.get(key="ham-thuan-bac"), file_name="so.xlsx", state="read", uploaded_by=user
    )
    mine = tasks_of(user, season)
    assert mine is not None
    assert [task.days_left for task in mine.tasks if task.title == "Xác nhận nạp sổ: so.xlsx"] == [season.check_days]


def test_the_deadline_and_the_days_that_a_registration_carries_agree() -> None:
    """The demo's season of 2023 takes registrations until 2030: what begins in between is no error."""
    row = sent(starts_on=f"{today():%d/%m/%Y}")
    until = window_of(row.season, row.unit)
    assert (until.until, until.begins_until, until.registered_until) == (
        date(2030, 12, 31),
        date(2030, 12, 31),
        date(2023, 12, 31),
    )
    with pytest.raises(SheetIncomplete) as refused:
        do(fill(begin(), title="Đường hoa ở thôn khác", starts_on="01/01/2031"), Action.SUBMIT, "hamhiep.canbo")
    assert refused.value.errors["starts_on"] == "Bắt đầu từ ngày: 01/01/2031 sau hạn đăng ký (31/12/2030)."


def test_what_is_sent_in_granted_time_counts_as_of_the_years_last_day() -> None:
    assert accepted().registered_on == date(2023, 12, 31)


# --- figures of a past season


def test_a_past_season_is_asked_by_the_units_of_its_days(capsys: pytest.CaptureFixture[str]) -> None:
    def told(day: str) -> Any:
        call_command("tally", season=2023, as_of=day, json=True)
        return json.loads(capsys.readouterr().out)

    last = told("2023-12-31")
    assert last["by_unit"]["ham-thuan-bac"]["registered"] > 0
    assert told("2026-11-26") == last
    answer = Client().get("/api/v1/so-lieu/?nam=2023&ngay=2026-11-26").json()
    assert answer == last | {"verdicts": dict.fromkeys(("effective", "strengthen", "paused", "ended"), 0)}


def test_the_page_of_a_past_season_says_as_of_when_it_answers() -> None:
    html = Client().get("/so-lieu/?nam=2023&ngay=2026-11-26").content.decode()
    assert "Năm 2023 kết thúc ngày 31/12/2023: số liệu tính đến ngày ấy" in html
    assert "Không còn báo cáo vào ngày này" not in html
    assert "kết thúc ngày" not in Client().get("/so-lieu/?nam=2023&ngay=2023-10-15").content.decode()
    shown = Client().get("/so-lieu/danh-sach/?nam=2023&ngay=2026-11-26&so=dang-ky").content.decode()
    assert "31/12/2023" in shown
