"""The figures page of 128 units: a count with who is missing, groups, a search, no list of 128 unless it is asked for."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.remember import forget
from models_registry.models import Registration
from organisation.models import Level
from tests.many_units import DAY
from tests.pages import plain
from tests.portal.test_units import words

pytestmark = [pytest.mark.django_db, pytest.mark.stage("many-units")]
PAGE = f"/so-lieu/?nam=2026&ngay={DAY:%Y-%m-%d}"


def rows(client: Client, address: str) -> list[str]:
    """The first cells of the table by unit."""
    table = client.get(address).content.decode().split('id="bang"')[1].split("</table>")[0].split("<tbody>")[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r'<th scope="row">(.*?)</th>', table, re.S)]


def test_coverage_is_said_first_with_the_missing_behind_it(client: Client) -> None:
    page = words(client, PAGE)
    said = re.search(r"(\d+)/128 đơn vị đã đăng ký [\d.]+ mô hình ; (\d+) đơn vị chưa", page)
    assert said and int(said[1]) + int(said[2]) == 128
    assert f"Xem {said[2]} đơn vị chưa đăng ký" in page
    assert page.index("128 đơn vị đã đăng ký") < page.index("Tóm tắt")


def test_units_stand_under_the_districts_that_their_places_were_in_and_the_others_under_their_kinds(client: Client) -> None:
    shown = rows(client, PAGE)
    assert shown[0] == "Vùng Bình Thuận cũ" and "Hàm Thuận Bắc" in shown and len(shown) < 20
    by_kind = shown[shown.index("Theo loại đơn vị") : -1]
    assert by_kind[1:] == ["Phường", "Xã", "Đảng ủy trực thuộc Tỉnh ủy"]


def test_the_numbers_of_the_groups_add_up_to_the_total(client: Client) -> None:
    table = client.get(PAGE).content.decode().split('id="bang"')[1].split("</table>")[0]
    lines = re.findall(r'<tr ?>\s*<th scope="row">.*?</tr>', table, re.S)
    numbers = [re.findall(r">([\d.]+)</(?:a|span)>", line)[0] for line in lines]
    *groups, total = [int(number.replace(".", "")) for number in numbers]
    assert sum(groups) == total > 0


def test_a_number_of_a_group_opens_exactly_what_it_counts(client: Client) -> None:
    table = client.get(PAGE).content.decode().split('id="bang"')[1]
    link = re.search(r'href="([^"]*nhom=ham-thuan-bac[^"]*so=dang-ky|[^"]*so=dang-ky[^"]*nhom=ham-thuan-bac)">(\d+)<', table)
    assert link
    listed = words(client, unescape(link[1]))
    assert "Hàm Thuận Bắc cũ" in listed and f"{link[2]} mô hình" in listed
    assert client.get("/so-lieu/danh-sach/?nam=2026&so=dang-ky&nhom=khong-co").status_code == 404


def test_128_rows_stand_there_only_when_they_are_asked_for(client: Client) -> None:
    every, missing = rows(client, PAGE + "&bang=don-vi"), rows(client, PAGE + "&bang=chua")
    assert len(every) - 3 == 128 and 0 < len(missing) - 3 < 60
    assert "<details open" not in client.get(PAGE).content.decode()
    assert client.get(PAGE + "&mo=het").content.decode().count("<details open") == 13


@pytest.mark.parametrize(("typed", "unit"), [("ham liem", "Xã Hàm Liêm"), ("Hàm Hiệp", "Phường Bình Thuận")])
def test_a_unit_is_found_without_marks_and_by_a_former_name(client: Client, typed: str, unit: str) -> None:
    page = words(client, f"{PAGE}&q={typed}")
    assert "trong 128 đơn vị có chữ" in page and unit in page
    assert ("nay thuộc Phường Bình Thuận" in page) == (typed == "Hàm Hiệp")


def test_what_is_found_nowhere_says_so_and_leads_back(client: Client) -> None:
    page = client.get(f"{PAGE}&q=<b>zzz").content.decode()
    assert "0 trong 128 đơn vị có chữ" in plain(page) and "Xem lại cả 128" in plain(page) and "<b>zzz" not in page


def test_few_units_stay_a_list(client: Client) -> None:
    page = client.get("/so-lieu/?nam=2023").content.decode()
    assert "14 đơn vị" not in page.split("Tóm tắt")[0] and "foldbars" not in page and "Huyện ủy Phú Quý" in page


@pytest.mark.parametrize("more", ["", "&bang=don-vi&mo=het", "&q=tân"])
def test_the_page_takes_at_most_15_queries(client: Client, more: str) -> None:
    """Of a process that has just begun: it remembers nothing yet."""
    forget()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE + more).status_code == 200
    assert len(asked) <= 15, "\n".join(query["sql"][:150] for query in asked)


def test_what_is_featured_stands_beside_the_news_of_a_long_home_page(client: Client) -> None:
    row = Registration.objects.in_register().filter(season__year=2026, is_latest=True, withdrawn_on__isnull=True)[0]
    Registration.objects.filter(pk=row.pk).update(honour_rank=max(level.rank for level in Level.objects.all()))
    forget()
    page = client.get("/").content.decode()
    assert row.title in page.split('id="moi"')[1] and "Nổi bật" in page and "feature--lead" not in page


@pytest.fixture
def of_2023(client: Client) -> str:
    forget()
    return client.get("/?nam=2023").content.decode()


def test_the_home_page_of_an_earlier_season_is_opened_by_its_year_and_speaks_of_that_year_alone(
    client: Client, of_2023: str
) -> None:
    assert 'href="/?nam=2023#nam"' in client.get("/").content.decode()
    assert "năm 2023" in " ".join(of_2023.split("</title>", maxsplit=1)[0].split())
    main = of_2023.split("<main")[1].split("</main>", maxsplit=1)[0]
    assert "nam=2026" not in main and "Vừa được công nhận" not in main and "128 đơn vị" not in main
    assert re.findall(r'href="(/[^"]*#nam)"\s+aria-current', main) == ["/?nam=2023#nam"]


def test_each_number_of_an_earlier_home_page_opens_a_list_of_as_many(client: Client, of_2023: str) -> None:
    main = of_2023.split("<main")[1].split("</main>", maxsplit=1)[0]
    steps = re.findall(r'<a href="([^"]+)">\s*<b class="num">([\d.]+)</b>', main)
    units = re.findall(r'<a href="([^"]+)">[^<]+</a>\s*<span class="num">([\d.]+)</span>', main)
    assert len(steps) == 5 and len(units) == 14
    for address, number in [*steps, *units[:3]]:
        assert f" {number} mô hình" in words(client, unescape(address)), address
    fields = re.findall(r'<a class="chip" href="([^"]+)">[^<]*<span class="num">([\d.]+)</span>', main)
    for address, number in fields[:2]:
        assert f"{number} mô hình" in words(client, unescape(address)), address


def test_a_year_without_a_season_is_told_and_the_newest_is_shown(client: Client) -> None:
    page = words(client, "/?nam=1999")
    assert "Không có số liệu năm “1999”." in page and "Năm 2026" in page
