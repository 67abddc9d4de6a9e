"""Open data, API, feeds, sitemap: they say what the pages say, hold under rubbish, and are read by other libraries."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from models_registry.models import Registration, Season
from portal.models import PortalText

pytestmark = pytest.mark.django_db


def get(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.content[:300])
    return answer


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


# Files


def test_the_three_forms_of_a_set_say_the_same_and_the_figures_come_out(client: Client, season: Season) -> None:
    text = body(get(client, "/du-lieu-mo/2023/dang-ky.csv"))
    assert text.startswith("\ufeffso,mo_hinh,ten,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    told = json.loads(body(get(client, "/du-lieu-mo/2023/dang-ky.json")))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(get(client, "/du-lieu-mo/2023/dang-ky.xlsx").streaming_content))).active
    lines = [line for line in book.values if isinstance(line[0], int)]
    assert len(rows) == len(told["rows"]) == len(lines) == Registration.objects.in_register().filter(season=season).count()
    assert [row["ten"] for row in rows] == [row["ten"] for row in told["rows"]] == [line[2] for line in lines]
    counted = [r for r in rows if r["ngay_dang_ky"] <= "2023-10-15" and (not r["ngay_rut"] or r["ngay_rut"] > "2023-10-15")]
    assert len(counted) == 746
    assert sum(row["dang_ky"] == "moi" for row in counted) == 480
    assert told["licence"] and "minh họa" in told["note"]


def test_figures_and_recognitions_of_a_season(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(body(get(client, "/du-lieu-mo/2023/so-lieu.csv")).removeprefix("\ufeff"))))
    sums = {name: sum(int(row[name]) for row in rows) for name in ("dang_ky", "moi", "duy_tri", "cong_nhan", "de_nghi")}
    assert sums == {"dang_ky": 746, "moi": 480, "duy_tri": 266, "cong_nhan": 155, "de_nghi": 39}
    given = json.loads(body(get(client, "/du-lieu-mo/2023/cong-nhan.json")))["rows"]
    assert sum("tỉnh" in row["muc"].lower() for row in given) == 22


def test_no_cell_of_a_csv_is_a_formula(client: Client, season: Season) -> None:
    Registration.objects.filter(pk=Registration.objects.filter(season=season)[0].pk).update(title='=HYPERLINK("x")')
    assert "'=HYPERLINK" in body(get(client, "/du-lieu-mo/2023/dang-ky.csv"))


@pytest.mark.parametrize("name", ["1999/dang-ky.csv", "2023/x.csv", "2023/dang-ky.exe", "99999999999/dang-ky.csv"])
def test_no_such_file(client: Client, name: str) -> None:
    get(client, f"/du-lieu-mo/{name}", 404)


def test_the_page_explains_every_column_and_shows_the_licence_chosen(client: Client) -> None:
    page = body(get(client, "/du-lieu-mo/"))
    assert "chưa chọn giấy phép" in page
    for name in ("mo_hinh", "ngay_rut", "so_quyet_dinh", "tinh_cong_nhan"):
        assert f"<code>{name}</code>" in page
    PortalText.objects.create(
        key="giay-phep", body="Dùng lại **tự do**, ghi nguồn. <script>alert(1)</script> [x](javascript:alert)"
    )
    page = body(get(client, "/du-lieu-mo/"))
    assert "<strong>tự do</strong>" in page and "<script>alert" not in page and 'href="javascript' not in page


# API


def everything(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while address:
        page = get(client, address).json()
        found += page["results"]
        address = (page["next"] or "").removeprefix("http://testserver")
    return found


@pytest.mark.both(pages=True)
def test_the_api_lists_every_registration_once(client: Client, season: Season) -> None:
    rows = everything(client, "/api/v1/dang-ky/?nam=2023&so-dong=200")
    assert len({row["id"] for row in rows}) == len(rows) == Registration.objects.in_register().filter(season=season).count()
    assert len(everything(client, "/api/v1/dang-ky/?con=true&so-dong=200")) == 755
    assert len(everything(client, "/api/v1/dang-ky/?con=true&don-vi=duc-linh&linh-vuc=kinh-te")) == 17
    assert len(everything(client, "/api/v1/dang-ky/?con=true&loai=duy-tri&so-dong=200")) == 266
    found = everything(client, "/api/v1/dang-ky/?q=lo+dot+rac&don-vi=ham-thuan-bac/xa-ham-hiep")
    assert [(row["model"], row["honour"], row["unit"]) for row in found] == [
        ("lo-dot-rac-ho-gia-dinh-ham-hiep", "trung-uong", "ham-thuan-bac")
    ]


@pytest.mark.both(pages=True)
def test_the_api_gives_the_published_figures(client: Client) -> None:
    told = get(client, "/api/v1/so-lieu/?nam=2023&ngay=15/10/2023").json()
    assert [told["registered"][name] for name in ("total", "new", "maintained")] == [746, 480, 266]
    assert told["district_recognised"]["total"] == 155 and told["province_proposed"]["missing"] == ["duc-linh"]
    assert get(client, "/api/v1/so-lieu/?don-vi=duc-linh").json()["registered"]["total"] == 58


def test_one_model(client: Client) -> None:
    told = get(client, "/api/v1/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/").json()
    assert told["measures"][0]["quantity"] == 136 and len(told["recognitions"]) == 2
    assert get(client, "/api/v1/mo-hinh/khong-co/", 404).json()
    gone = Registration.objects.filter(withdrawn_on__isnull=False).select_related("model")[0]
    get(client, f"/api/v1/mo-hinh/{gone.model.slug}/", 404)  # type: ignore[union-attr]


def test_units_and_seasons(client: Client) -> None:
    units = get(client, "/api/v1/don-vi/?ngay=2023-10-15").json()
    hiep = next(one for one in units if one["key"] == "ham-thuan-bac/xa-ham-hiep")
    assert hiep["parent"] == "ham-thuan-bac" and 10 < hiep["latitude"] < 12
    assert [one["year"] for one in get(client, "/api/v1/nam/").json()] == [2023]
    assert len(get(client, "/api/v1/linh-vuc/").json()) == 4
    for address in get(client, "/api/v1/").json().values():
        get(client, urlsplit(address).path)


@pytest.mark.parametrize(
    "query",
    ["nam=abc", "nam=99999999999", "linh-vuc=<b>", "loai=x", "ai=y", "don-vi=A B", "q=" + "x" * 300, "con=maybe"],
)
def test_what_the_api_does_not_understand_it_says(client: Client, query: str) -> None:
    told = get(client, f"/api/v1/dang-ky/?{query}", 400).json()
    assert list(told) == [query.split("=", maxsplit=1)[0]]


@pytest.mark.parametrize(
    "query, status", [("ngay=abc", 400), ("ngay=1/1/1990", 400), ("nam=1999", 404), ("don-vi=khong-co", 404)]
)
def test_figures_of_what_is_not_there(client: Client, query: str, status: int) -> None:
    get(client, f"/api/v1/so-lieu/?{query}", status)


def test_the_api_only_reads(client: Client) -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/api/v1/dang-ky/").status_code == 405


@pytest.mark.parametrize("address", ["/api/v1/dang-ky/", "/api/v1/so-lieu/", "/mo-hinh/", "/feed/", "/so-lieu/"])
def test_what_has_not_changed_is_not_sent_again(client: Client, address: str) -> None:
    first = get(client, address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("nothing_kept")
def test_a_list_of_the_api_has_a_fixed_number_of_queries(client: Client) -> None:
    numbers = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as ran:
            get(client, f"/api/v1/dang-ky/?so-dong={size}")
        numbers.append(len(ran))
    assert numbers[0] == numbers[1] <= 12


# Feeds, sitemap, robots, health


@pytest.mark.parametrize(
    "address", ["/feed/", "/feed/cong-nhan/", "/feed/don-vi/ham-thuan-bac/", "/feed/don-vi/ham-thuan-bac/xa-ham-hiep/"]
)
def test_a_feed_reader_reads_the_feeds(client: Client, address: str) -> None:
    answer = get(client, address)
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.version == "atom10" and feed.feed.title and feed.feed.language == "vi"
    assert feed.entries and len({entry.id for entry in feed.entries}) == len(feed.entries) <= 30
    days = [entry.updated_parsed for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    for entry in feed.entries[:3]:
        get(client, urlsplit(entry.link).path)
    get(client, "/feed/don-vi/khong-co/", 404)


def test_every_address_of_the_sitemap_is_there(client: Client) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ElementTree.fromstring(get(client, "/sitemap.xml").content)
    parts = [urlsplit(one.text or "").path for one in index.findall("s:sitemap/s:loc", space)]
    assert len(parts) == 3
    found = [
        urlsplit(one.text or "").path
        for part in parts
        for one in ElementTree.fromstring(get(client, part).content).findall("s:url/s:loc", space)
    ]
    assert len(found) == len(set(found)) > 755 + 124
    assert sum(path.startswith("/mo-hinh/") for path in found) == 756
    for path in [path for path in found if not path.startswith(("/mo-hinh/", "/don-vi/"))] + found[50:60] + found[-5:]:
        get(client, path)


def test_robots_are_led_away_from_officers_and_filters(client: Client) -> None:
    text = get(client, "/robots.txt").content.decode()
    assert "Disallow: /lam-viec/" in text and "Disallow: /mo-hinh/?" in text
    get(client, urlsplit(re.search(r"Sitemap: (\S+)", text)[1]).path)  # type: ignore[index]


def test_health(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert get(client, "/healthz").content == b"ok"
    assert get(client, "/readyz").json() == {"database": True, "cache": True}
    from portal.views import machines

    class Broken:
        def set(self, *_: Any) -> None:
            raise ConnectionError

    monkeypatch.setattr(machines, "cache", Broken())
    assert get(client, "/readyz", 503).json() == {"database": True, "cache": False}
