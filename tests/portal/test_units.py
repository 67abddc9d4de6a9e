"""The public pages of units: listed, found without marks, one page each, also of those that are no more."""

import csv
import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.remember import forget
from models_registry.models import Registration, Season
from organisation.models import Unit, UnitVersion
from portal.exports import booklet
from portal.selectors.booklets import chapters
from portal.selectors.vocabulary import vocabulary
from tests.online import person
from tests.pages import plain

pytestmark = pytest.mark.django_db


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return plain(answer.content.decode())


def test_the_units_of_the_season_and_of_today(client: Client) -> None:
    page = words(client, "/don-vi/")
    assert "14 đơn vị đăng ký" in page and "Huyện ủy Phú Quý 18" in page and "Đảng ủy Công an tỉnh 20" in page
    assert "Hiện nay" in page and "124 đơn vị đăng ký" in words(client, "/don-vi/?nam=nay")
    assert "14 đơn vị đăng ký" in words(client, "/don-vi/?nam=1999&trang=99999999999")


@pytest.mark.parametrize("typed", ["Hàm Hiệp", "ham hiep", "HAM  HIEP", "Ha\u0300m Hiê\u0323p"])
def test_a_commune_is_found_without_marks(client: Client, typed: str) -> None:
    page = words(client, f"/don-vi/?q={typed}")
    assert "1 đơn vị khớp" in page and "Đảng ủy xã Hàm Hiệp" in page


def test_a_place_that_went_into_another_finds_the_unit_that_it_went_into(client: Client) -> None:
    page = words(client, "/don-vi/?nam=nay&q=ham hiep")
    assert "1 đơn vị khớp" in page and "Đảng ủy phường Bình Thuận Phường Bình Thuận. Tên cũ: Xã Hàm Hiệp" in page


@pytest.mark.parametrize("typed", ["Xã Hàm Hiệp cũ", "ham hiep cu"])
def test_a_former_name_is_found_with_the_word_that_says_so(client: Client, typed: str) -> None:
    page = words(client, f"/don-vi/?nam=nay&q={typed}")
    assert "1 đơn vị khớp" in page and "Đảng ủy phường Bình Thuận" in page


@pytest.mark.parametrize("typed", ["zzz", "'; DROP TABLE", "<script>", "%00", "a" * 5000])
def test_what_is_not_found_has_a_way_on(client: Client, typed: str) -> None:
    answer = client.get("/don-vi/", {"q": typed})
    assert answer.status_code == 200 and "Xem mọi đơn vị" in answer.content.decode() and "<script>" not in answer.content.decode()


def test_a_unit_that_is_no_more_names_its_heir_and_keeps_its_models(client: Client) -> None:
    page = words(client, "/don-vi/ham-thuan-bac/xa-ham-hiep/")
    assert "Đã kết thúc hoạt động" in page and "đến hết ngày 30/06/2025" in page
    assert "Sáp nhập từ 01/07/2025 thành Đảng ủy phường Bình Thuận" in page and "lò đốt rác" in page
    at = Registration.objects.filter(
        place__key="ham-thuan-bac/xa-ham-hiep", withdrawn_on=None, registered_on__isnull=False
    ).count()
    assert f"{at} mô hình" in page and f"2023 {at} 3 1" in page
    heir = words(client, "/don-vi/ham-thuan-bac/")
    assert "96 mô hình" in heir and "17 đơn vị cấp dưới" in heir and "2023 96 22 3" in heir


def test_the_catalogue_of_a_place(client: Client) -> None:
    at = Registration.objects.filter(place__key="ham-thuan-bac/xa-ham-hiep", withdrawn_on=None, registered_on__isnull=False)
    page = words(client, "/mo-hinh/?don-vi=ham-thuan-bac/xa-ham-hiep")
    assert f"{at.count()} mô hình" in page and "Đảng ủy xã Hàm Hiệp" in page
    field = at.filter(field__slug="kinh-te").count()
    assert f"{field} mô hình" in words(client, "/mo-hinh/?don-vi=ham-thuan-bac/xa-ham-hiep&linh-vuc=kinh-te")
    assert "cổng không hiểu" in words(client, "/mo-hinh/?don-vi=khong-co/xa")


@pytest.mark.parametrize("key", ["khong-co", "ham-thuan-bac/khong-co", "ham-thuan-bac/a/b"])
def test_no_such_unit(client: Client, key: str) -> None:
    assert client.get(f"/don-vi/{key}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/don-vi/", "/don-vi/?q=ham", "/don-vi/ham-thuan-bac/", "/don-vi/ham-thuan-bac/xa-ham-hiep/", "/don-vi/?nam=nay"]
)
def test_at_most_ten_queries(client: Client, settings: Any, address: str) -> None:
    settings.REMEMBER_SECONDS = 3600
    client.get(address)  # names are remembered
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 10, [query["sql"][:90] for query in queries]


def test_two_communes_of_one_name_are_told_apart_in_a_list_and_in_a_choice(client: Client) -> None:
    page = words(client, "/don-vi/?q=tan+ha&nam=2023")
    assert "Đảng ủy xã Tân Hà (thuộc Hàm Tân)" in page and "Đảng ủy xã Tân Hà (thuộc Đức Linh)" in page
    client.force_login(person("tinh.chuyenvien"))
    choices = client.get("/lam-viec/nam/2023/gia-han/").content.decode()
    assert "Đảng ủy xã Tân Hà (thuộc Hàm Tân)</option>" in choices and "Đảng ủy xã Tân Hà (thuộc Đức Linh)</option>" in choices


def test_two_units_of_one_name_are_told_apart_in_rows_of_the_catalogue(client: Client) -> None:
    names = of_one_name("cong-an-tinh", "bien-phong-tinh")
    assert list(names.values()) == ["Đảng ủy Trùng tên (đến 30/06/2025)", "Đảng ủy Trùng tên (từ 01/01/2022 đến 30/06/2025)"]
    for key, name in names.items():
        assert name in words(client, f"/mo-hinh/?don-vi={key}")


def of_one_name(first: str, second: str) -> dict[str, str]:
    """Give two units one name: key -> how each is told from the other."""
    one, other = (Unit.objects.get(key=key) for key in (first, second))
    UnitVersion.objects.filter(unit__in=(one, other)).update(name="Đảng ủy Trùng tên")
    UnitVersion.objects.filter(unit=other).update(valid_from=date(2022, 1, 1))
    Registration.objects.filter(unit__in=(one, other)).update(unit_name="Đảng ủy Trùng tên")
    forget()
    return {unit.key: f"Đảng ủy Trùng tên{vocabulary().marks[unit.pk]}" for unit in (one, other)}


def test_two_units_of_one_name_are_told_apart_in_feeds(client: Client) -> None:
    for key, name in of_one_name("phan-thiet", "ham-thuan-bac").items():
        entries = feedparser.parse(client.get(f"/feed/don-vi/{key}/").content).entries
        assert {entry.author for entry in entries} == {name} and all(name in entry.summary for entry in entries)
    recognised = {entry.summary.partition(". ")[0] for entry in feedparser.parse(client.get("/feed/cong-nhan/").content).entries}
    assert "Đảng ủy Trùng tên (đến 30/06/2025)" in recognised and "Đảng ủy Trùng tên" not in recognised


def test_two_units_of_one_name_are_told_apart_in_the_api(client: Client) -> None:
    names = of_one_name("phan-thiet", "ham-thuan-bac")
    labels = {one["key"]: (one["name"], one["label"]) for one in client.get("/api/v1/don-vi/?ngay=2023-10-15").json()}
    for key, name in names.items():
        (row,) = client.get(f"/api/v1/dang-ky/?don-vi={key}&so-dong=1").json()["results"]
        assert (row["unit_name"], row["unit_label"]) == labels[key] == ("Đảng ủy Trùng tên", name)
        (year,) = client.get(f"/api/v1/mo-hinh/{row['model']}/").json()["registrations"]
        assert year["unit_label"] == name
    assert labels["duc-linh"] == ("Huyện ủy Đức Linh", "Huyện ủy Đức Linh")


def test_two_units_of_one_name_are_told_apart_in_open_data(client: Client) -> None:
    names = of_one_name("phan-thiet", "ham-thuan-bac")
    for address in ("/du-lieu-mo/2023/dang-ky.csv", "/du-lieu-mo/2023/so-lieu.csv", "/so-lieu/?nam=2023&bang=don-vi&tai=csv"):
        text = b"".join(client.get(address).streaming_content).decode().removeprefix("\ufeff")  # type: ignore[attr-defined]
        told = {row["don_vi"]: (row["ten_don_vi"], row["nhan_don_vi"]) for row in csv.DictReader(io.StringIO(text))}
        assert {key: told[key] for key in names} == {key: ("Đảng ủy Trùng tên", name) for key, name in names.items()}
        assert told["duc-linh"] == ("Huyện ủy Đức Linh", "Huyện ủy Đức Linh")


def test_two_units_of_one_name_are_told_apart_in_the_booklet(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    names = of_one_name("phan-thiet", "ham-thuan-bac")
    printed: list[dict[str, Any]] = []
    monkeypatch.setattr(booklet, "_press", lambda: SimpleNamespace(print=printed.append))
    booklet.print_booklet(season, chapters(season))
    units = {entry["unit"] for chapter in printed[0]["chapters"] for entry in chapter["entries"]}
    assert {unit for unit in units if "Trùng tên" in unit} == set(names.values())
