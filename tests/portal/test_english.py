"""The public pages in English: chosen once, kept, whole; what is said at work stays Vietnamese."""

import re
from typing import Any

import html5lib
import pytest
from django.test import Client

from models_registry.models import Field
from organisation.models import UnitVersion
from portal import services
from portal.enums import RequestKind, StoryKind
from replication.enums import CampaignState, DirectiveKind
from replication.selectors.how_to import PARTS
from reports.figures import FIGURES
from tests.online import person

pytestmark = [pytest.mark.django_db]
MODEL = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
NAMES = re.compile(  # proper names stand in English pages as they are
    "Bình Thuận|Dân vận khéo|Dân vận|Phú Quý|Hồ Chí Minh|Sự thật|lò đốt rác|Tiếng Việt|Ham|Hàm Thuận Bắc|Hàm Hiệp"
)


@pytest.fixture
def english(client: Client) -> Client:
    assert client.get("/ngon-ngu/en/?ve=/so-lieu/")["Location"] == "/so-lieu/"
    return client


def bare(html: str) -> list[str]:
    """The words of a page that are not marked as Vietnamese, attributes that are read aloud too."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found: list[str] = []

    def walk(element: Any) -> None:
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "head"):
            return
        if element.get("lang") == "vi":
            if element.tail:
                found.append(element.tail)
            return
        found.extend(element.get(name, "") for name in ("aria-label", "title", "placeholder", "alt", "data-label"))
        found.append(element.text or "")
        for child in element:
            walk(child)
        found.append(element.tail or "")

    walk(tree.find("body"))
    return found


PAGES = (
    "/",
    "/mo-hinh/",
    "/mo-hinh/?q=rac&linh-vuc=kinh-te",
    "/mo-hinh/?q=zzzz&cap=tinh",
    "/mo-hinh/?nam=1",
    MODEL,
    f"{MODEL}lan-toa/",
    f"{MODEL}cach-lam/",
    "/don-vi/",
    "/don-vi/?q=zzzz",
    "/don-vi/ham-thuan-bac/",
    "/don-vi/ham-thuan-bac/xa-ham-hiep/",
    "/ban-do/",
    "/ban-do/?don-vi=ham-thuan-bac",
    "/nhan-rong/",
    "/so-lieu/",
    "/so-lieu/?ngay=x",
    "/so-lieu/danh-sach/?so=cap-tinh",
    "/so-lieu/danh-sach/?so=trung-uong&ngay=2023-10-15",
    "/xac-minh/",
    "/xac-minh/khong-co/",
    "/du-lieu-mo/",
    "/bai-viet/",
    "/so-tay/",
    "/yeu-cau-sua/",
    "/yeu-cau-sua/aaaa/",
    "/khong-co-trang-nay/",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_word_is_left_in_vietnamese(english: Client, page: str) -> None:
    html = english.get(page).content.decode()
    assert '<html lang="en">' in html
    names = {name for one in UnitVersion.objects.select_related("unit") for name in (one.name, one.place, one.short_name) if name}
    known = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + f"|{NAMES.pattern}")
    assert [text for one in bare(html) if VIETNAMESE.search(known.sub("", text := " ".join(one.split())))] == []


def test_the_choice_is_kept_and_taken_back(english: Client) -> None:
    cookie = english.cookies["ngon-ngu"]
    assert cookie.value == "en" and cookie["httponly"] and int(cookie["max-age"]) > 300 * 24 * 3600
    assert "Skip to the content" in english.get("/").content.decode()
    english.get("/ngon-ngu/vi/")
    assert "Đi tới nội dung" in english.get("/").content.decode()


def test_work_stays_vietnamese_and_a_telephones_wish_does_not_count(english: Client, client: Client) -> None:
    english.force_login(person("tinh.chuyenvien"))
    html = english.get("/lam-viec/").content.decode()
    assert '<html lang="vi">' in html and "Việc" in html
    assert '<html lang="vi">' in Client().get("/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "back, there",
    [
        ("/mo-hinh/?q=r%C3%A1c", "/mo-hinh/?q=r%C3%A1c"),
        ("https://x.example/", "/"),
        ("//x.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_leads_back_to_our_own_pages_alone(client: Client, back: str, there: str) -> None:
    assert client.get("/ngon-ngu/en/", {"ve": back} if back else {})["Location"] == there
    assert client.get("/ngon-ngu/xx/").status_code == 404


def test_each_language_is_kept_by_itself(client: Client, english: Client, settings: Any) -> None:
    settings.PUBLIC_CACHE_SECONDS = 300
    visitor = Client()
    for _ in range(2):
        assert "Đi tới nội dung" in visitor.get("/don-vi/").content.decode()
        assert "Skip to the content" in english.get("/don-vi/").content.decode()


def test_numbers_and_days_as_english_writes_them(english: Client) -> None:
    assert "As of 15 October 2023" in english.get("/").content.decode()


def test_the_portals_own_lists_are_translated() -> None:
    from django.utils import translation

    labels = {str(label) for kind in (StoryKind, RequestKind, CampaignState, DirectiveKind) for label in kind.labels}
    labels |= {figure.label for figure in FIGURES.values()} | {part.label for part in PARTS}
    labels |= set(Field.objects.values_list("name", flat=True))
    with translation.override("en"):
        assert [label for label in sorted(labels) if translation.gettext(label) == label] == []


def test_stories_are_marked_as_vietnamese(english: Client) -> None:
    from datetime import date

    story = services.write_story(
        story_id=None,
        text=services.StoryText("tin", "Đường hoa", "Tóm", "Chữ"),
        actor=person("tinh.chuyenvien"),
    )
    services.publish_story(story_id=story.pk, on=date(2024, 1, 1), actor=person("tinh.chuyenvien"))
    for page in ("/bai-viet/", story.get_absolute_url(), "/"):
        assert [text for text in bare(english.get(page).content.decode()) if "hoa" in text] == []
