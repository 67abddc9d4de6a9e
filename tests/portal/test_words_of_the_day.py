"""Pages of a season say the words of its days: those of 2023 what they always said, those of 2026 none of it."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.test import Client

from models_registry.services import NewSeason, import_register, open_season
from organisation.models import Unit, User
from organisation.services import give_role
from portal.exports.share import share_picture
from recognition.models import Decision, Recognition
from tests import registers as made
from tests.commands import commanded
from tests.conftest import DEMO
from tests.databases import empty_database
from tests.pages import plain
from tests.replicating import on

OF_2023 = re.compile(r"huyện|thị xã|thị trấn|(?:tỉnh|ủy|khéo) Bình Thuận|Ban Dân vận", re.IGNORECASE)  # a ward has the old name
IN_2026 = (2026, 11, 26)


def shown(address: str, language: str = "vi") -> str:
    client = Client()
    client.cookies[house.LANGUAGE_COOKIE_NAME] = language
    with on(*IN_2026):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return plain(answer.content.decode())


@pytest.fixture
def season_2026(db: None, tmp_path: Path) -> Any:
    """Two communes of today that registered."""
    with on(*IN_2026):
        season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
        for key, title in (("2025/xa-ham-thuan", "Tuyến đường hoa"), ("2025/xa-cat-tien", "Nước sạch về thôn")):
            row = made.row(title, subject="Hội Nông dân xã", place="", day=date(2026, 3, 2))
            path = made.xlsx(tmp_path / f"{len(title)}.xlsx", [made.HEAD, row])
            report = import_register(path=path, season=season, unit=Unit.objects.get(key=key), actor=None)
            assert report.saved, report.rejected
    return season


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/so-lieu/",
        "/so-lieu/?nam=2026",
        "/so-lieu/danh-sach/?nam=2026&so=cap-huyen",
        "/mo-hinh/?nam=2026",
        "/ban-do/?nam=2026",
    ],
)
def test_a_page_of_2026_has_no_word_of_2023(season_2026: Any, address: str) -> None:
    page = shown(address)
    main = re.sub(r"Vừa được công nhận.*?Bài viết", "", page)  # news of whatever year
    assert OF_2023.findall(main) == []


PEOPLE = {  # role -> where it is held today; a commune that follows none, whose lists hold no name of before
    "chuyen-vien-huyen": "2025/xa-cat-tien",
    "lanh-dao-huyen": "2025/xa-cat-tien",
    "can-bo-co-so": "2025/xa-cat-tien",
    "chuyen-vien-tinh": "lam-dong",
    "lanh-dao-ban": "lam-dong",
}
PAGES = {  # role -> how many of WORK it has of 2026, of 2023
    "chuyen-vien-huyen": (8, 4),
    "lanh-dao-huyen": (4, 3),
    "can-bo-co-so": (5, 3),
    "chuyen-vien-tinh": (9, 7),
    "lanh-dao-ban": (5, 5),
}
WORK = (  # pages of a year in the workplace; some are not every role's
    "/lam-viec/",
    "/lam-viec/nam/{year}/",
    "/lam-viec/nam/{year}/dang-ky/",
    "/lam-viec/nam/{year}/nap-so/",
    "/lam-viec/nam/{year}/cac-lan-nap/",
    "/lam-viec/nam/{year}/gia-han/",
    "/lam-viec/nam/{year}/moi/",
    "/lam-viec/bao-cao/?nam={year}",
    "/lam-viec/noi-nam-truoc/?nam={year}",
    "/lam-viec/dot-xet/",
)
NEGATIVE = re.compile(r"(?<![\w/.–-])[-−]\d+ ngày")
OF_TODAY = re.compile(r"cấp xã|cấp cơ sở|cấp trên cơ sở|đặc khu|xã, phường, đặc", re.IGNORECASE)


def works(role: str) -> Client:
    person, client = User.objects.create(username=f"nay-{role}"), Client()
    unit = Unit.objects.get(key=PEOPLE[role])
    give_role(user=person, role=role, unit=unit, starts_on=date(2025, 7, 1), actor=None)
    client.force_login(person, backend=house.AUTHENTICATION_BACKENDS[-1])
    return client


def pages_of(client: Client, year: int) -> Iterator[tuple[str, str, str]]:
    """(address, what the page itself says, the options that it offers)"""
    for address in WORK:
        answer = client.get(address.format(year=year))
        assert answer.status_code in (200, 404), address
        if answer.status_code == 200:
            page = answer.content.decode()
            inside = page.partition("<main")[2].partition("</main")[0]
            yield address, plain("<main" + inside), " | ".join(re.findall(r"<option[^>]*>([^<]*)", inside))


@pytest.mark.parametrize("role", PEOPLE)
def test_the_workplace_says_the_words_of_its_year_and_counts_no_day_below_nothing(season_2026: Any, role: str) -> None:
    with on(*IN_2026):
        client = works(role)
        found = list(pages_of(client, 2026))
        assert (len(found), len(list(pages_of(client, 2023)))) == PAGES[role]
        for address, page, options in found:
            assert (OF_2023.findall(page), NEGATIVE.findall(page)) == ([], []), address
            assert OF_2023.findall(options) == [], address
        for address, page, _ in pages_of(client, 2023):
            if "{year}" in address and not address.endswith("/moi/"):  # who has no account is asked of today's units
                assert (OF_TODAY.findall(page), NEGATIVE.findall(page)) == ([], []), address


def test_home_of_2026(season_2026: Any) -> None:
    page = shown("/")
    for words in (
        "Dân vận khéo Lâm Đồng",
        "Tỉnh ủy Lâm Đồng",
        "2 mô hình “Dân vận khéo” năm 2026 của tỉnh Lâm Đồng: làm vì sao",
        "2 mô hình đăng ký cấp cơ sở",
        "được cấp cơ sở công nhận",
        "124 xã, phường, đặc khu",
        "chấm nhỏ là xã, phường, đặc khu.",
        "Lâm Đồng lấy ngày này làm mốc chốt số liệu năm 2026.",
        "Cơ quan chủ quản: Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng.",
    ):
        assert words in page, words


def test_home_of_2026_in_english(season_2026: Any) -> None:
    page = shown("/", "en")
    for words in ("models registered at grassroots level", "in Lâm Đồng province: why", "124 communes, wards and special zones"):
        assert words in page, words
    assert "district" not in page.lower()


def test_home_of_2023_says_what_it_said_under_the_province_of_today(db: None) -> None:
    page = shown("/")
    for words in (
        "Tỉnh ủy Lâm Đồng",
        "755 mô hình “Dân vận khéo” năm 2023 của tỉnh Bình Thuận: làm vì sao, làm thế nào, kết quả đo được, hỏi ai.",
        "746 mô hình đăng ký cấp huyện",
        "155 được cấp huyện công nhận",
        "10 huyện, thị xã, thành phố",
        "4 đảng ủy trực thuộc tỉnh",
        "Bình Thuận lấy ngày này làm mốc chốt số liệu năm 2023.",
        "Tổng số toàn tỉnh: Báo Bình Thuận, 17/01/2024",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    "address, words",
    [
        ("/so-lieu/?nam=2023", ["mô hình đăng ký ở cấp huyện, gồm", "Huyện công nhận", "Huyện ủy, thị ủy, thành ủy"]),
        ("/so-lieu/?nam=2026", ["mô hình đăng ký ở cấp cơ sở, gồm", "Cơ sở công nhận", "Theo loại đơn vị", "Phường"]),
        ("/so-lieu/danh-sach/?nam=2023&so=cap-huyen", ["mô hình được cấp huyện công nhận"]),
        ("/so-lieu/danh-sach/?nam=2026&so=dang-ky", ["mô hình đăng ký cấp cơ sở"]),
        ("/ban-do/?nam=2023", ["chấm nhỏ là xã, phường, thị trấn. Quần đảo Phú Quý"]),
        ("/ban-do/?nam=2026", ["chấm nhỏ là xã, phường, đặc khu. Đặc khu Phú Quý"]),
        ("/mo-hinh/?nam=2023", ["Cấp huyện"]),
        ("/mo-hinh/?nam=2026&cap=huyen", ["Cấp trên cơ sở"]),
        ("/mo-hinh/?cap=huyen", ["Cấp huyện, cấp trên cơ sở"]),
    ],
)
def test_each_season_has_its_words(season_2026: Any, address: str, words: list[str]) -> None:
    page = shown(address)
    assert [missing for missing in words if missing not in page] == []


def test_a_decision_of_each_year_names_its_honour(season_2026: Any) -> None:
    """The same level gave “Cấp huyện” in 2023; what a committee directly under the province gives today is called otherwise."""
    old = Recognition.objects.filter(decision__level__key="direct").select_related("decision__level")[0].decision
    new = Decision(level=old.level, decided_on=date(2026, 9, 1))
    assert [one.level_names.honour for one in (old, new)] == ["cấp huyện", "cấp trên cơ sở"]


def test_feeds_and_data_for_engines_name_the_province_of_today(db: None) -> None:
    with on(*IN_2026):
        for address, ending in (("/feed/", "mới đăng ký"), ("/feed/cong-nhan/", "vừa được công nhận")):
            assert f"<title>Mô hình “Dân vận khéo” Lâm Đồng: {ending}</title>" in Client().get(address).content.decode()
        page = Client().get("/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/").content.decode()
    assert '"publisher":{"@type":"Organization","name":"Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng"}' in page
    assert 'content="Mô hình “Dân vận khéo” Lâm Đồng"' in page


def test_the_licence_tells_whom_to_ask_today(db: None) -> None:
    assert "xin hỏi Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng và ghi rõ nguồn" in shown("/du-lieu-mo/")


def test_the_shared_picture_of_a_model_names_the_province_of_its_year(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    from models_registry.models import EmulationModel
    from portal.exports import share
    from portal.selectors.models import model_page

    drawn: dict[str, Any] = {}

    class Paper:
        def picture(self, data: dict[str, Any]) -> bytes:
            drawn.update(data)
            return b""

    monkeypatch.setattr(share, "_press", Paper)
    share_picture(model_page(None, EmulationModel.objects.get(slug="lo-dot-rac-ho-gia-dinh-ham-hiep")))
    assert drawn["province"] == "Bình Thuận"


UNITS = """key,name,place,kind,parent,valid_from,valid_to
song-may,Thành ủy Sông Mây,Thành phố Sông Mây,province,,,
ban-mot,Đảng ủy mường Một,Mường Một,muong,song-may,,
ban-hai,Đảng ủy mường Hai,Mường Hai,muong,song-may,,
"""
LEVELS = "key,rank,honour_slug,gathers_registers\nprovince,2,tinh,1\nmuong,1,muong,\n"
NAMES = """level,valid_from,name,honour_name,counted
province,,Thành ủy,Cấp thành phố,thành phố
muong,,Đảng ủy mường,Cấp mường,mường
"""
RECORD = """valid_from,name,full_name,committee,board
,Sông Mây,thành phố Sông Mây,Thành ủy Sông Mây,Ban Vận động Thành ủy Sông Mây
"""
WALK = """
from django.test import Client
for address in ("/", "/so-lieu/", "/so-lieu/danh-sach/?nam=2024&so=cap-tinh", "/don-vi/ban-mot/", "/ban-do/", "/mo-hinh/"):
    print(Client().get(address, secure=True, headers={"host": "localhost"}).content.decode())
"""


@pytest.mark.long
def test_an_invented_province_of_two_levels_says_its_own_words_alone(db: None, tmp_path: Path) -> None:
    """From files alone, in a database of its own: neither code nor template knows the name of a province or a level."""
    files = {"units": UNITS, "levels": LEVELS, "level_names": NAMES, "provinces": RECORD}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "none.csv").write_text("predecessor,successor,effective_on,kind\n")
    row = made.row(subject="Chi bộ", place="", day=date(2024, 3, 2))
    register = made.xlsx(tmp_path / "ban-mot.xlsx", [made.HEAD, row])
    units = ["--units", str(tmp_path / "units.csv"), "--successions", str(tmp_path / "none.csv")]
    *_, tally, pages = commanded(
        f"sqlite:///{empty_database(tmp_path / 'new.sqlite3')}",
        tmp_path,
        ["load_units", *units],
        ["open_season", "2024", "--period", "2021-2025", "--cutoff", "2024-11-30"],
        ["import_register", "--season", "2024", "--unit", "ban-mot", str(register)],
        ["tally", "--season", "2024", "--as-of", "2024-11-30"],
        ["shell", "-c", WALK],
        settings="tests.settings",
    )
    assert "cấp mường công nhận 0" in tally
    page = plain(pages)
    for words in ("Dân vận khéo Sông Mây", "Thành ủy Sông Mây", "đăng ký ở cấp mường, gồm", "Mường công nhận", "Toàn thành phố"):
        assert words in page, words
    assert OF_2023.findall(page) + re.findall("Lâm Đồng|xã, phường|tỉnh", page) == []


def test_the_demo_says_its_names_in_files() -> None:
    assert {path.name for path in DEMO.glob("*.csv")} >= {"levels.csv", "level_names.csv", "role_names.csv", "provinces.csv"}


@pytest.mark.parametrize(
    "day, words", [("2023-10-15", "Đảng ủy xã, phường, thị trấn"), ("2026-10-15", "Đảng ủy xã, phường, đặc khu")]
)
def test_the_api_names_levels_as_on_the_day_asked_for(db: None, day: str, words: str) -> None:
    units = Client().get(f"/api/v1/don-vi/?ngay={day}").json()
    assert {unit["level"] for unit in units if unit["level"].startswith("Đảng ủy xã")} == {words}
