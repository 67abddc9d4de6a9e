"""The officers' manuals in the portal, where each page is explained, the first day's tour."""

import json
import re
from datetime import date, timedelta
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from models_registry.models import Registration
from models_registry.services import NewSeason, open_season
from organisation.models import User
from portal.manuals import ORDER, manuals, search, section_about
from portal.models import TourEnd
from portal.tours import TOURS
from tests.access_matrix import MATRIX
from tests.online import sent
from tests.test_access import enter

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "huong-dan"
PICTURES = ROOT / "static" / "manuals"
MADE_OF = ROOT / "tests" / "pictures.json"
WHO = {
    "can-bo-co-so": "hamhiep.canbo",
    "chuyen-vien-huyen": "hamthuanbac.chuyenvien",
    "lanh-dao-huyen": "hamthuanbac.lanhdao",
    "chuyen-vien-tinh": "tinh.chuyenvien",
    "lanh-dao-ban": "tinh.lanhdao",
    "thanh-vien-hoi-dong": "hoidong1",
    "quan-tri": "quantri",
}


def digest(templates: list[str]) -> str:
    """Of the templates of a page as they stand in the repository."""
    whole = blake2b(digest_size=8)
    for name in sorted(templates):
        whole.update((ROOT / "templates" / name).read_bytes())
    return whole.hexdigest()


def test_every_manual_of_the_folder_is_shown() -> None:
    assert sorted(ORDER) == sorted(path.stem for path in FOLDER.glob("*.md"))


def test_every_page_that_a_manual_names_is_there() -> None:
    named = {name for manual in manuals().values() for section in manual.sections for name in section.pages if "*" not in name}
    assert named - MATRIX.keys() == set()


@pytest.mark.parametrize(
    "page, manual, title",
    [
        ("models_registry:write", "dang-ky", "Cán bộ cơ sở"),
        ("models_registry:work", "dang-ky", "Việc của tôi"),
        ("models_registry:queue", "dang-ky", "Xét, trả lại đăng ký"),
        ("models_registry:board", "dang-ky", "Bảng đăng ký của năm"),
        ("models_registry:verdicts", "dang-ky", "Đánh giá cuối năm"),
        ("models_registry:remind", "dang-ky", "Hạn, gia hạn, nhắc"),
        ("recognition:packet-send", "dot-xet", "Đơn vị đề nghị"),
        ("reports:freeze", "bao-cao", "Chốt"),
        ("reports:progress", "bao-cao", "Báo cáo"),
        ("admin:organisation_unit_change", "quan-tri", "Quản trị"),
        ("no-such-page", "dang-ky", "Đăng ký mô hình trên cổng"),
    ],
)
def test_a_page_is_explained_where_a_section_names_it_or_its_app(page: str, manual: str, title: str) -> None:
    section = section_about(page)
    assert (section.manual, section.title) == (manual, title)


def test_every_page_of_the_workplace_leads_to_a_section_about_it() -> None:
    """“?” on a page; only those that are reached on the way to any other are explained by the first manual."""
    outside = ("portal:", "api:", "help:", "sitemap", "file", "django.contrib.sitemaps")
    named = {name for manual in manuals().values() for section in manual.sections for name in section.pages}
    anchors = {section.url for manual in manuals().values() for section in manual.sections}
    pages = [page for page in MATRIX if not page.startswith(outside)]
    assert len(pages) > 200
    assert [page for page in pages if not any(fnmatchcase(page, name) for name in named)] == []
    assert {section_about(page).url for page in pages} <= anchors


def test_links_between_the_files_lead_to_sections_that_are_there() -> None:
    anchors = {slug: {section.anchor for section in manual.sections} for slug, manual in manuals().items()}
    inside = re.compile(r'href="(?:/lam-viec/huong-dan/([a-z-]+)/)?(?:#([^"]*))?"')
    for slug, manual in manuals().items():
        for section in manual.sections:
            for other, anchor in inside.findall(section.html):
                assert unquote(anchor) in anchors[other or slug], f"{slug}: {section.title}: #{anchor}"


def test_a_picture_keeps_its_room_before_it_is_there() -> None:
    """What loads later moves no heading that “?” led to."""
    sizes = {path.name: Image.open(path).size for path in PICTURES.glob("*.webp")}
    seen = 0
    for section in [section for manual in manuals().values() for section in manual.sections]:
        for tag in re.findall(r"<img [^>]*>", section.html):
            name = re.search(r"manuals/([a-z-]+)\.[^\"]*", tag)[1] + ".webp"  # type: ignore[index]
            width, height = sizes[name]
            assert f'width="{width}" height="{height}"' in tag, tag
            seen += 1
    assert seen == len(sizes)


def test_what_names_the_pages_is_not_shown() -> None:
    for manual in manuals().values():
        for section in manual.sections:
            assert "!--" not in section.words + section.html


@pytest.mark.parametrize(
    "asked, first",
    [
        ("tra lai dang ky", "Xét, trả lại đăng ký"),
        ("chuyen buoc", "Chuyển bước, mở lại bước"),
        ("KHẢO SÁT thực", "Khảo sát thực tế"),
        ("ky so giay", "Ký số giấy công nhận"),
    ],
)
def test_a_search_needs_no_marks_and_puts_titles_first(asked: str, first: str) -> None:
    found = search(asked)
    assert found[0].section.title == first


def test_a_search_finds_every_word_or_nothing() -> None:
    assert search("đính chính zzz") == [] == search("  ")
    (one, *_) = search("đính chính")
    assert "đính chính" in one.words.lower()


def test_each_picture_shows_its_page_as_it_is_now() -> None:
    """Where this fails, `make pictures` takes them anew; look at what changed."""
    shown = set(re.findall(r"static/manuals/([a-z-]+)\.webp", "".join(path.read_text() for path in FOLDER.glob("*.md"))))
    made_of = json.loads(MADE_OF.read_text(encoding="utf-8"))
    assert shown == made_of.keys() == {path.stem for path in PICTURES.glob("*.webp")}
    assert [name for name, made in made_of.items() if digest(made["templates"]) != made["digest"]] == []


@pytest.mark.django_db
@pytest.mark.stage("world")
def test_the_page_of_manuals_searches_and_says_when_nothing_is_there(client: Client) -> None:
    enter(client, "hamhiep.canbo")
    home = reverse("help:home")
    assert "<mark>đính chính" in client.get(home, {"q": "dinh chinh"}).content.decode().lower()
    assert "Không mục nào có chữ ấy" in client.get(home, {"q": "<script>zzz"}).content.decode()
    assert client.get(home, {"q": "a", "trang": "x"}).status_code == 200
    assert client.get(reverse("help:manual", args=["khong-co"])).status_code == 404


@pytest.mark.django_db
@pytest.mark.stage("world")
def test_a_page_leads_to_its_section(client: Client) -> None:
    enter(client, "hamhiep.canbo")
    shown = client.get(reverse("models_registry:work")).content.decode()
    assert f'href="{section_about("models_registry:work").url}"' in shown


def walked(client: Client) -> list[str]:
    """The addresses of the tour from the offer to the last step, each followed as a browser does; closed at its end."""
    shown = client.get(reverse("models_registry:work"), follow=True).content.decode()
    seen: list[str] = []
    while after := re.search(r'href="([^"]*lam-quen=\d)">' + ("Bước sau" if seen else ""), shown):
        page: Any = client.get(after[1], follow=True)
        seen.append(page.redirect_chain[-1][0] if page.redirect_chain else after[1])
        shown = page.content.decode()
        assert page.status_code == 200 and f"{len(seen)}/5</span>" in shown, seen
    assert "Xong, không hiện nữa" in shown
    client.post(reverse("help:end-tour"))
    assert "lam-quen=" not in client.get(reverse("models_registry:work")).content.decode()
    return seen


@pytest.mark.django_db
@pytest.mark.stage("world")
@pytest.mark.parametrize("role", TOURS)
def test_a_role_walks_its_five_steps(client: Client, role: str) -> None:
    enter(client, WHO[role])
    assert len(walked(client)) == len(TOURS[role]) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["chuyen-vien-huyen", "lanh-dao-huyen"])
def test_a_step_goes_on_to_where_its_page_sends(client: Client, role: str) -> None:
    """The queue opens what waits longest."""
    row = sent()
    Registration.objects.filter(pk=row.pk).update(state_since=row.state_since - timedelta(days=900))
    enter(client, WHO[role])
    assert f"/lam-viec/dang-ky/{row.pk}/xet/?lam-quen=3" in walked(client)


@pytest.mark.django_db
def test_the_tour_of_an_empty_portal_begins_where_it_is_set_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_registry.selectors.working_season", lambda user: None)
    enter(client, "quantri")
    page = client.get(reverse("models_registry:work"), {"lam-quen": "1"}, follow=True)
    assert page.redirect_chain == [(reverse("setting-up:home") + "?lam-quen=1", 302)] and "1/5</span>" in page.content.decode()


@pytest.mark.django_db
def test_whose_unit_ended_walks_in_a_season_in_which_it_was_there(client: Client) -> None:
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))  # the unit ended on 1/7/2025
    enter(client, "hamhiep.canbo")
    shown = client.get(reverse("models_registry:work"), {"lam-quen": "1"}).content.decode()
    after = re.search(r'href="([^"]*lam-quen=2)">Bước sau', shown)
    assert after and after[1].startswith("/lam-viec/nam/2023/") and client.get(after[1]).status_code == 200


@pytest.mark.django_db
@pytest.mark.stage("world")
def test_a_closed_tour_stays_closed_and_can_be_walked_from_the_manuals(client: Client) -> None:
    enter(client, "hamhiep.canbo")
    for _ in range(2):  # pressed twice
        assert client.post(reverse("help:end-tour"))["Location"] == reverse("models_registry:work")
    assert TourEnd.objects.filter(user=User.objects.get(username="hamhiep.canbo")).count() == 1
    assert "lam-quen=" not in client.get(reverse("models_registry:work")).content.decode()
    assert "lam-quen=1" in client.get(reverse("help:home")).content.decode()


@pytest.mark.django_db
@pytest.mark.stage("world")
@pytest.mark.parametrize("asked", ["0", "6", "-1", "²", "999999", "x"])
def test_a_step_that_is_none_shows_nothing(client: Client, asked: str) -> None:
    enter(client, "hamhiep.canbo")
    assert 'class="tour' not in client.get(reverse("models_registry:work"), {"lam-quen": asked}).content.decode()
