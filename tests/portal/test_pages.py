"""The public pages: what they say, what they link to, how many queries they need."""

import io
import re
from datetime import date
from typing import Any

import html5lib
import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from models_registry import selectors
from models_registry.models import Registration
from models_registry.selectors import CatalogueFilter
from models_registry.services import refresh_counts
from tests.pages import plain

HAM_HIEP = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"


@pytest.fixture
def page(client: Client, db: None) -> Any:
    def get(address: str, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status
        text = response.content.decode()
        html5lib.HTMLParser(strict=True).parse(text)
        return text

    return get


def test_home_shows_the_published_figures(page: Any) -> None:
    text = plain(page("/"))
    assert "746 mô hình đăng ký cấp huyện 480 mới, 266 duy trì, nhân rộng. Tính đến 15/10/2023" in text
    assert "155 được cấp huyện công nhận 13/14 đơn vị đã công nhận" in text
    assert "39 được đề nghị lên tỉnh 13/14 đơn vị, trừ Đức Linh" in text
    assert "22 được tỉnh công nhận 20 tập thể, 2 cá nhân" in text
    assert "3 được giới thiệu Trung ương" in text
    assert "Dữ liệu minh họa" in text


def test_figures_of_the_cut_off_day(page: Any) -> None:
    text = plain(page("/so-lieu/?nam=2023&ngay=2023-10-15"))
    assert "toàn tỉnh có 746 mô hình đăng ký ở cấp huyện, gồm 480 đăng ký mới và 266 duy trì, nhân rộng" in text
    assert "13/14 đơn vị (trừ Đức Linh) đã công nhận 155 mô hình" in text
    assert "13/14 đơn vị (trừ Đức Linh) đề nghị tỉnh xét 39 mô hình" in text
    assert "Đến ngày này tỉnh chưa ra quyết định công nhận" in text


def test_figures_of_the_last_day(page: Any) -> None:
    text = plain(page("/so-lieu/?nam=2023&ngay=31/12/2023"))
    assert "Tỉnh đã công nhận 22 mô hình , gồm 20 tập thể và 2 cá nhân" in text
    assert "3 mô hình được giới thiệu Trung ương" in text


@pytest.mark.parametrize("day", ["2023-10-15", pytest.param("2023-12-31", marks=pytest.mark.long)])
def test_every_figure_opens_a_list_of_as_many(page: Any, day: str) -> None:
    html = page(f"/so-lieu/?nam=2023&ngay={day}")
    links = re.findall(r'<a href="(/so-lieu/danh-sach/[^"]+)"[^>]*>(?:<b>)?([\d.]+)', html)
    assert len(links) > 60
    for href, number in dict.fromkeys(links):
        heading = re.search(r'<h1><span class="num">([\d.]+)</span>', page(href.replace("&amp;", "&")))
        assert heading and heading[1] == number, href


@pytest.mark.parametrize(
    "query, words_said",
    [
        ("ngay=abc", "Ngày “abc” không có thật"),
        ("nam=1999", "Không có số liệu năm “1999”"),
        ("ngay=1/1/1999", "Năm 2023 bắt đầu"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_kept(page: Any, query: str, words_said: str) -> None:
    html = page(f"/so-lieu/?{query}")
    assert words_said in plain(html)
    if query.startswith("ngay"):
        assert f'value="{query.removeprefix("ngay=")}"' in html


def test_search_without_marks_finds_the_incinerators_first(page: Any) -> None:
    html = page("/mo-hinh/?q=lo%20dot%20rac")
    assert html.index("Đảng ủy xã Hàm Hiệp") < html.index("Hội Cựu chiến binh xã Đông Tiến")
    assert "22 mô hình" in plain(html)
    assert "<mark>lò đốt rác</mark>" in html


@pytest.mark.parametrize(
    "query, number",
    [
        ("nam=2023", 755),
        ("q=rac&nam=2023", 68),
        ("q=RÁC", 68),
        ("cap=tinh", 22),
        ("cap=trung-uong", 3),
        ("cap=huyen", 155),
        ("cap=dang-ky", 600),
        ("don-vi=duc-linh", 58),
        ("don-vi=duc-linh&linh-vuc=kinh-te", 17),
        ("loai=duy-tri", 266),
        ("ai=ca-nhan", 81),
        ("q=zzzz", 0),
    ],
)
def test_filters_and_their_counts(page: Any, query: str, number: int) -> None:
    html = page(f"/mo-hinh/?{query}")
    assert f"{number} mô hình" in plain(html)
    wanted = Registration.objects.filter(withdrawn_on__isnull=True)
    assert number <= wanted.count()


def test_counts_kept_equal_counts_made(db: None) -> None:
    """The kept counts against a count of the rows, for every filter by itself."""
    everyone = AnonymousUser()
    counts = selectors.count(everyone, CatalogueFilter())
    for dimension, choices in counts.by.items():
        for value, number in choices.items():
            if value is False:  # "not taken on" is no filter
                continue
            wanted = CatalogueFilter(**{dimension: value})
            assert selectors.find(everyone, wanted).count() == number, (dimension, value)


def test_counts_follow_a_change_made_by_hand(season: Any) -> None:
    one = Registration.objects.filter(season=season, unit__key="la-gi", withdrawn_on__isnull=True)[:1].get()
    Registration.objects.filter(pk=one.pk).update(withdrawn_on=date(2023, 12, 30), state="withdrawn")
    refresh_counts(season_ids=[season.pk], unit_ids=[one.unit_id])
    assert selectors.count(AnonymousUser(), CatalogueFilter(season=season.pk)).total == 754


@pytest.mark.parametrize("query", ["linh-vuc=the-thao", "don-vi=xa-la", "nam=abcd", "cap=x"])
def test_a_filter_that_names_nothing_is_told(page: Any, query: str) -> None:
    text = plain(page(f"/mo-hinh/?{query}"))
    assert "điều kiện lọc cổng không hiểu" in text
    assert query in text


def test_the_page_of_ham_hiep(page: Any) -> None:
    text = plain(page(HAM_HIEP))
    for fact in (
        "136",
        "12/2023",
        "10/2020",
        "thôn Xuân Điền",
        "02 năm liền",
        "08/12/2023",
        "61-QĐ/BDVTU",
        "Báo Bình Thuận, 17/01/2024",
        "Dữ liệu minh họa",
    ):
        assert fact in text
    for invented in ("41", "97 lò", "67"):
        assert invented not in text


def test_three_models_carry_a_text(page: Any) -> None:
    html = page("/mo-hinh/?cap=trung-uong")
    slugs = re.findall(r'<h3><a href="([^"]+)/"', html)
    assert len(slugs) == 3
    for slug in slugs:
        assert "Chưa ghi lý do" not in page(f"/mo-hinh/{slug}/")


def test_a_withdrawn_registration_has_a_page_that_says_so(page: Any, season: Any) -> None:
    one = Registration.objects.filter(season=season, withdrawn_on__isnull=False).select_related("model")[0]
    assert "Đã rút" in plain(page(f"/mo-hinh/{one.model.slug}/", status=410))


@pytest.mark.parametrize(
    "address",
    [
        "/mo-hinh/khong-co/",
        "/khong-co/",
        "/so-lieu/danh-sach/?so=khong-co",
        "/so-lieu/danh-sach/?don-vi=khong-co",
        "/so-lieu/danh-sach/?ngay=abc",
    ],
)
def test_what_is_not_there(page: Any, address: str) -> None:
    assert "Không có trang này" in page(address, status=404)


@pytest.mark.parametrize(
    "address, heading, rows",
    [
        ("/mo-hinh/?don-vi=duc-linh&tai=xlsx", "Tên mô hình", 58),
        ("/so-lieu/?nam=2023&ngay=2023-10-15&tai=xlsx", "Đơn vị", 14),
        ("/so-lieu/danh-sach/?nam=2023&ngay=2023-10-15&so=de-nghi&tai=xlsx", "Tên mô hình", 39),
    ],
)
def test_excel_holds_exactly_what_is_shown(client: Client, db: None, address: str, heading: str, rows: int) -> None:
    response = client.get(address)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    lines = list(sheet.values)
    start = next(i for i, line in enumerate(lines) if line[0] == heading)
    total = lines.pop()
    assert len(lines) - start - 1 == rows and str(total[0]).startswith('="Cộng: "')
    assert sheet.auto_filter.ref.endswith(str(len(lines)))
    assert "Dữ liệu minh họa" in str(lines[1][0])


def test_the_tally_as_excel_has_its_sums(client: Client, db: None) -> None:
    response = client.get("/so-lieu/?nam=2023&ngay=2023-10-15&tai=xlsx")
    book = io.BytesIO(b"".join(response.streaming_content))
    assert list(openpyxl.load_workbook(book, data_only=True).active.values)[-1] == ("Cộng: 14 dòng", 746, 480, 266, 155, 39, 0)
    assert str(list(openpyxl.load_workbook(book).active.values)[-1][1]).startswith("=SUBTOTAL(109")


def test_no_cell_becomes_a_formula(client: Client, season: Any) -> None:
    one = Registration.objects.filter(season=season, unit__key="duc-linh")[0]
    Registration.objects.filter(pk=one.pk).update(title="=1+1")
    response = client.get("/mo-hinh/?don-vi=duc-linh&xep=ten&tai=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [cell.data_type for row in sheet for cell in row if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize(
    "address, queries",
    [
        ("/", 10),
        (HAM_HIEP, 10 if connection.vendor == "postgresql" else 11),
        ("/so-lieu/?nam=2023&ngay=2023-10-15", 10),
        ("/so-lieu/danh-sach/?nam=2023&so=dang-ky", 3),
        ("/mo-hinh/", 10),
        ("/mo-hinh/?q=rac&linh-vuc=kinh-te&nam=2023", 8),
        ("/mo-hinh/?q=lo+dot+racs", 10),
        ("/don-vi/", 4),
        ("/don-vi/ham-thuan-bac/", 10),
        ("/ban-do/", 3),
        ("/ban-do/?don-vi=ham-thuan-bac", 6),
        ("/nhan-rong/", 4),
        ("/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/lan-toa/", 10),
        ("/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/cach-lam/", 6),
        ("/bai-viet/", 2),
        ("/so-tay/", 2),
        ("/du-lieu-mo/", 3),
        ("/api/v1/dang-ky/?nam=2023", 4),
        ("/feed/", 3),
    ],
)
def test_number_of_queries(client: Client, db: None, django_assert_max_num_queries: Any, address: str, queries: int) -> None:
    """In a process that remembers the names on the filters, as each does after its first page."""
    client.get(address)
    with django_assert_max_num_queries(queries):
        client.get(address)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("make", ["/mo-hinh/?don-vi={}&nam=2023", "/so-lieu/danh-sach/?nam=2023&so=dang-ky&don-vi={}"])
def test_a_list_needs_as_many_queries_for_three_as_for_one(client: Client, season: Any, unit: Any, make: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = []
    small = Registration.objects.filter(season=season, unit__key="bien-phong-tinh", withdrawn_on__isnull=True)
    for keep in (1, 3):
        hidden = list(small.order_by("pk").values_list("pk", flat=True)[keep:])
        moved = Registration.objects.filter(pk__in=hidden)
        moved.update(unit=unit("cong-an-tinh"))
        refresh_counts(season_ids=[season.pk], unit_ids=[unit("cong-an-tinh").pk, unit("bien-phong-tinh").pk])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(make.format("bien-phong-tinh")).status_code == 200
        numbers.append(len(queries))
        moved.update(unit=unit("bien-phong-tinh"))
    assert numbers[0] == numbers[1]


def test_headers_are_strict(client: Client, db: None) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Frame-Options"] == "DENY"
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_an_empty_portal_says_what_to_do(client: Client, db: None) -> None:
    from recognition.models import CentralIntroduction, Dossier, Recognition

    for table in (CentralIntroduction, Dossier, Recognition, Registration):
        table.objects.all().delete()
    from models_registry.models import CatalogueCount, RegisterImport, Season, SeasonExtension

    for table in (RegisterImport, CatalogueCount, SeasonExtension, Season):
        table.objects.all().delete()
    for address in ("/", "/so-lieu/", "/mo-hinh/"):
        assert client.get(address).status_code == 200
    assert "Cổng đang được thiết lập" in client.get("/").content.decode()
