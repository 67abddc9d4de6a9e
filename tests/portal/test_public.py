"""The map, the figures over the years, and rubbish at every public address."""

import csv
import io
import re
import unicodedata
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from models_registry.models import Registration, Season
from organisation.models import Unit
from portal.selectors.years import years
from reports.selectors import tally, totals

pytestmark = [pytest.mark.django_db]
MODEL = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
PUBLIC = (
    "/",
    "/mo-hinh/",
    MODEL,
    f"{MODEL}lan-toa/",
    f"{MODEL}cach-lam/",
    "/don-vi/",
    "/don-vi/ham-thuan-bac/",
    "/ban-do/",
    "/nhan-rong/",
    "/so-lieu/",
    "/so-lieu/danh-sach/",
    "/xac-minh/",
    "/du-lieu-mo/",
    "/bai-viet/",
    "/so-tay/",
    "/yeu-cau-sua/",
    "/tim/",
    "/api/v1/dang-ky/",
    "/api/v1/don-vi/",
    "/api/v1/so-lieu/",
    "/feed/",
)
API = ("/api/v1/dang-ky/", "/api/v1/don-vi/", "/api/v1/so-lieu/")
NO_LIST = {"/so-lieu/danh-sach/": 404}  # a figure that is none
RUBBISH = (
    "1'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "\u202e\u0301\ufffd",
    "a" * 5000,
    "-1",
    "1000000000",
    "99999999999999999999",
    "١٢",
    "%",
    "../../etc/passwd",
    "{{7*7}}",
    "2023-13-45",
)
NAMES = ("q", "linh-vuc", "don-vi", "nam", "cap", "loai", "ai", "chu-de", "anh", "nhan-rong", "xep", "sau", "truoc", "trang")
NAMES += ("ngay", "so", "tai", "bang", "ma", "so-dong", "con", "ve")


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_no_address_breaks_over_rubbish(client: Client, rubbish: str) -> None:
    refused = (
        NO_LIST | dict.fromkeys(API, 400) | {"/xac-minh/": 302 if re.fullmatch(r"[0-9-]+", rubbish) else 422}
    )  # a code's page
    for address in PUBLIC:
        answer = client.get(address, dict.fromkeys(NAMES, rubbish))
        assert answer.status_code == refused.get(address, 200), address
        if not answer.streaming and "text/html" in answer["Content-Type"]:
            assert "<script>alert" not in answer.content.decode() and "DROP TABLE x; --</" not in answer.content.decode()


def test_a_parameter_that_comes_twice(client: Client) -> None:
    refused = NO_LIST | dict.fromkeys((API[0], API[2]), 400)  # of units no year is asked
    for address in PUBLIC:
        assert client.get(f"{address}?nam=2023&nam=x&q=a&q=b&trang=2&trang=1").status_code == refused.get(address, 200), address


def test_words_composed_otherwise_find_the_same(client: Client) -> None:
    typed = "lò đốt rác"
    found = [client.get("/mo-hinh/", {"q": one}).content for one in (typed, unicodedata.normalize("NFD", typed))]
    assert found[0].count(b'class="item"') == found[1].count(b'class="item"') > 0
    decomposed = unicodedata.normalize("NFD", "/don-vi/phan-thiết/")
    assert client.get(decomposed).status_code == 404


def test_the_map_of_the_province_has_its_islands(client: Client) -> None:
    html = client.get("/ban-do/").content.decode()
    assert html.count('class="bubble"') == 10 and "Phú Quý" in html
    for key in ("ham-thuan-bac", "phu-quy"):
        assert f'href="?don-vi={key}"' in html


@pytest.mark.parametrize("key, places", [("ham-thuan-bac", 17), ("phu-quy", 3)])
def test_a_unit_from_near_is_its_communes_with_their_models(client: Client, key: str, places: int) -> None:
    html = " ".join(client.get(f"/ban-do/?don-vi={key}").content.decode().split())
    total = Registration.objects.filter(unit__key=key, withdrawn_on__isnull=True, is_latest=True).count()
    assert html.count('class="bubble"') == places and f'<b class="num">{total}</b> mô hình' in html
    inner = " ".join(client.get(f"/mo-hinh/?don-vi={key}").content.decode().split())
    assert f'<span class="num">{total}</span> mô hình' in inner


def test_the_map_follows_the_filters(client: Client) -> None:
    html = " ".join(client.get("/ban-do/?linh-vuc=kinh-te").content.decode().split())
    total = Registration.objects.filter(field__slug="kinh-te", withdrawn_on__isnull=True, is_latest=True).count()
    assert f'<b class="num">{total}</b> mô hình' in html and "don-vi=ham-thuan-bac" in html
    assert "linh-vuc=xx" in client.get("/ban-do/?linh-vuc=xx").content.decode()


@pytest.fixture
def two_seasons(season: Season) -> Season:
    """A season before, in which Hàm Hiệp registered two."""
    made = Season.objects.create(
        year=2022,
        period=season.period,
        opens_on=date(2022, 1, 1),
        closes_on=date(2022, 12, 31),
        cutoff_on=date(2022, 11, 30),
    )
    for number, row in enumerate(Registration.objects.filter(season=season, unit__key="ham-thuan-bac")[:2]):
        row.pk, row.season, row.registered_on, row.identity_key = None, made, date(2022, 2, 1), f"x{number}"
        row.imported_by, row.is_latest, row.withdrawn_on = None, False, None
        row.save()
    return made


def test_the_years_are_what_each_tally_says(season: Season, two_seasons: Season) -> None:
    lines, more = years([season, two_seasons], date(2024, 5, 1), (season, season.last_day))
    assert [line.season.year for line in lines] == [2022, 2023]
    for line in lines:
        honoured = ("as_of", "province_recognised", "province_collective", "central_introduced")
        names = (*honoured, "registered", "new", "collective", "district_recognised", "province_proposed")
        whole, at_end = tally(line.season, line.season.cutoff_on), tally(line.season, date(2024, 5, 1))
        assert [getattr(line.counted, name) for name in names] == [getattr(whole, name) for name in names]
        assert [getattr(line.final, name) for name in honoured] == [getattr(at_end, name) for name in honoured]
    assert (lines[1].final.province_recognised, lines[1].final.province_collective) == (22, 20)
    assert more.province_recognised == 22 and totals([]) == ([], [])


def test_each_table_as_csv_and_excel(client: Client, two_seasons: Season) -> None:
    html = client.get("/so-lieu/?nam=2023&ngay=2023-10-15").content.decode()
    assert "Qua các năm" in html and html.count("bars--chart") == 2
    sizes = {"don-vi": 14, "linh-vuc": 4, "chu-de": 0, "nam": 2}
    for table, size in sizes.items():
        answer = client.get("/so-lieu/", {"nam": "2023", "ngay": "2023-10-15", "bang": table, "tai": "csv"})
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert text.startswith("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(rows) == size, table
        if rows and table != "nam":
            assert sum(int(row["dang_ky"]) for row in rows) == 746
        sheet = client.get("/so-lieu/", {"nam": "2023", "ngay": "2023-10-15", "bang": table, "tai": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))  # type: ignore[attr-defined]
        assert "Dữ liệu minh họa" in str(book.active["A2"].value)  # type: ignore[index]
    last = rows[-1]
    assert (last["nam"], last["dang_ky"], last["moi"], last["cong_nhan"], last["de_nghi"]) == ("2023", "746", "480", "155", "39")
    assert (last["tinh_cong_nhan"], last["trung_uong"]) == ("22", "3")
    assert client.get("/so-lieu/", {"bang": "x", "tai": "csv"}).status_code == 404


def test_no_officer_is_named_in_public(client: Client) -> None:
    from organisation.models import User

    secrets = [value for row in User.objects.values_list("username", "email") for value in row if value and "." in value]
    assert len(secrets) > 5
    for address in PUBLIC:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert not [one for one in secrets if one in body.decode()], address


def test_home_tells_what_is_new_and_how_to_take_part(client: Client, unit: Any) -> None:
    html = client.get("/").content.decode()
    assert "Vừa được công nhận" in html and "Muốn làm theo, muốn tham gia" in html and "ký bút danh X.Y.Z" in html
    assert Unit.objects.filter(key="phu-quy").exists()
