"""The catalogue's search: what it forgives, how it orders, its pages, its suggestions."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.dates import today
from common.keyset import read_cursor, write_cursor
from common.remember import forget
from models_registry import selectors
from models_registry.models import Attachment, EmulationModel, Registration, SearchWord, Season, Theme, ThemeTag
from models_registry.selectors import KINDS, ORDERS, CatalogueFilter, catalogue
from models_registry.selectors.typos import rarest
from models_registry.services import count_words, set_taken
from organisation.models import Unit
from organisation.tree import unit_tree
from tests.pages import plain

pytestmark = [pytest.mark.both(pages=True), pytest.mark.django_db]
VISITOR = AnonymousUser()


@pytest.fixture(autouse=True)
def words_counted(db: None) -> Any:
    count_words()
    forget()
    yield
    forget()


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def slugs(page: str) -> list[str]:
    return re.findall(r'<h3><a href="([^"]+)/"', page)


def link(page: str, label: str) -> str:
    found = re.search(rf'<a href="([^"]+)"[^>]*>{label}</a>', page)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("query", ["don-vi=ham-thuan-bac", "q=rac&xep=muc"])
def test_pages_lead_through_everything_once_and_back(client: Client, query: str) -> None:
    address, seen, pages = f"?{query}", list[str](), list[list[str]]()
    while address:
        page = html(client, f"/mo-hinh/{address}")
        pages.append(slugs(page))
        seen += pages[-1]
        following = link(page, "Trang sau")
        if not following:
            break
        address = following
    total = int(re.search(r'id="dem">\s*<span class="num">([\d.]+)', page)[1].replace(".", ""))  # type: ignore[index]
    assert len(pages) > 1 and (len(seen), len(set(seen))) == (total, total)
    for earlier in reversed(pages[:-1]):
        page = html(client, f"/mo-hinh/{link(page, 'Trang trước')}")
        assert slugs(page) == earlier
    assert "Trang trước" not in page


@pytest.mark.parametrize("words", ["", "nong thon"])
@pytest.mark.parametrize("order", ORDERS)
def test_each_order_leads_through_the_whole_season_and_back(order: str, words: str) -> None:
    kinds = [KINDS[name.lstrip("-")] for name in ORDERS[order]]
    rows = catalogue.find(VISITOR, CatalogueFilter(words=words, order=order))
    page, pages = catalogue.card_page(rows, order, None), list[list[int]]()
    while True:
        pages.append([row.id for row in page.rows])
        if not page.following:
            break
        page = catalogue.card_page(rows, order, read_cursor(page.following, kinds))
    seen = [pk for ids in pages for pk in ids]
    assert len(pages) > 1 and len(seen) == len(set(seen)) and set(seen) == set(rows.values_list("pk", flat=True))
    for earlier in reversed(pages[:-1]):
        page = catalogue.card_page(rows, order, read_cursor(page.previous, kinds, is_before=True))
        assert [row.id for row in page.rows] == earlier
    assert not page.previous


def test_a_row_that_comes_or_goes_moves_no_page(client: Client) -> None:
    """What an offset gets wrong: a row that vanishes before the next page is asked for hides none."""
    first = html(client, "/mo-hinh/?xep=ten")
    second = slugs(html(client, f"/mo-hinh/{link(first, 'Trang sau')}"))
    gone = Registration.objects.get(model__slug=slugs(first)[3])
    Registration.objects.filter(pk=gone.pk).update(state="withdrawn", withdrawn_on=gone.registered_on)
    assert slugs(html(client, f"/mo-hinh/{link(first, 'Trang sau')}")) == second


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "W10",
        "WzEsMl0",
        "9" * 3000,
        write_cursor(["a", 1, 2], 1),
        write_cursor([2**70, "a", 1], 1),
        "W1tbW1tbW10=",
        "Ā",
    ],
)
@pytest.mark.parametrize("way", ["sau", "truoc", "trang"])
def test_a_cursor_that_is_none_opens_the_first_page(client: Client, cursor: str, way: str) -> None:
    if cursor == "%00":
        assert client.get("/mo-hinh/?sau=%00").status_code == 400
        return
    assert slugs(html(client, f"/mo-hinh/?{way}={cursor}")) == slugs(html(client, "/mo-hinh/"))


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = read_cursor(write_cursor([1, "ô", 3], 48), [int, str, int])
    assert cursor and (cursor.values, cursor.at) == ((1, "ô", 3), 48)
    assert read_cursor(write_cursor([1, "ô"], 48), [int, str, int]) is None


@pytest.mark.parametrize(
    "typed, written",
    [
        ("lò đốt rát", "lò đốt rác"),  # a letter wrong; every word is a word
        ("lo dott rac", "lò đốt rác"),  # one too many
        ("lò đố rácc", ""),  # "đố" begins words that are there, "rácc" nothing: found by the nearest
        ("lodotrac", "lò đốt rác"),  # run together
        ("hàm hiêp lò đót rcá", "hàm hiệp lò đốt rác"),  # swapped
        ("hamhiep", "hàm hiệp"),
    ],
)
def test_a_typing_error_finds_what_was_meant_and_says_so(client: Client, typed: str, written: str) -> None:
    page = html(client, f"/mo-hinh/?q={typed}")
    said = re.search(r"Đang hiện kết quả của “([^”]+)”", plain(page))
    assert said and "Không có mô hình nào có chữ “" + typed in plain(page)
    assert not written or said[1] == written
    assert "lo-dot-rac-ho-gia-dinh-ham-hiep" in slugs(page)
    assert f'value="{typed}"' in page  # what was typed stays


@pytest.mark.parametrize(
    "typed", ["zzzz", "xqwv kkkk", "1234567", "tổ dân phố 2", "TDP 2", "☃", "%", "_", "'; drop table", "a" * 5000]
)
def test_what_nothing_is_near_to_stays_not_found(client: Client, typed: str) -> None:
    page = plain(html(client, f"/mo-hinh/?q={typed}".replace("%", "%25").replace(";", "%3B")))
    assert "Đang hiện kết quả" not in page


def test_an_error_is_forgiven_within_the_filters(client: Client) -> None:
    page = html(client, "/mo-hinh/?q=lo+dott+rac&don-vi=ham-thuan-bac")
    assert "Đang hiện kết quả của" in plain(page)
    units = set(Registration.objects.filter(model__slug__in=slugs(page), is_latest=True).values_list("unit__key", flat=True))
    assert units == {"ham-thuan-bac"}


def test_without_counted_words_a_search_finds_what_it_found_before(client: Client) -> None:
    SearchWord.objects.all().delete()
    forget()
    assert "Không có mô hình nào khớp" in plain(html(client, "/mo-hinh/?q=lodotrac"))


def test_the_best_match_stands_first(client: Client) -> None:
    titles = [row.title.lower() for row in selectors.find(VISITOR, CatalogueFilter(words="phân loại rác", order="khop"))]
    begins = [title.startswith("phân loại rác") for title in titles]
    holds = ["phân loại rác" in title for title in titles]
    assert titles and begins == sorted(begins, reverse=True) and holds == sorted(holds, reverse=True)
    page = html(client, "/mo-hinh/?q=phan+loai+rac")
    assert "<b>khớp nhất</b>" in page and "xep=muc" in page
    assert "<b>mức công nhận</b>" in html(client, "/mo-hinh/?q=phan+loai+rac&xep=muc")
    assert "<b>mức công nhận</b>" in html(client, "/mo-hinh/?xep=khop")  # nothing to match


def test_the_most_replicated_stand_first_and_are_counted(client: Client) -> None:
    set_taken({row.model_id: number for number, row in enumerate(Registration.objects.filter(is_latest=True)[:4], start=1)})
    taken = {row.model_id: row.taken for row in selectors.find(VISITOR, CatalogueFilter(is_taken=True))}
    assert taken and selectors.count(VISITOR, CatalogueFilter(is_taken=True)).total == len(taken)
    listed = [row.taken for row in selectors.find(VISITOR, CatalogueFilter(order="nhan-rong"))]
    assert listed == sorted(listed, reverse=True) and listed[0] == max(taken.values())
    page = html(client, "/mo-hinh/?nhan-rong=co")
    assert f"{len(taken)} mô hình" in plain(page) and "nơi làm theo" in plain(page)
    one = EmulationModel.objects.exclude(pk__in=taken).filter(registrations__is_latest=True)[0]
    set_taken({one.pk: 999})
    assert slugs(html(client, "/mo-hinh/?xep=nhan-rong"))[0] == one.slug
    assert selectors.count(VISITOR, CatalogueFilter(is_taken=True)).total == len(taken) + 1
    assert selectors.count(VISITOR, CatalogueFilter(is_taken=True, words=one.title)).by["is_taken"].get(True, 0) > 0


def test_models_with_photos_are_found_only_while_they_show_them(client: Client) -> None:
    row = Registration.objects.filter(is_latest=True, withdrawn_on__isnull=True, taken=0)[0]
    before = selectors.count_photos(VISITOR, CatalogueFilter())
    photo = Attachment.objects.create(
        registration=row, kind="photo", state="ready", may_be_shown=True, file_name="a.jpg", content_type="image/jpeg", size=1
    )
    assert selectors.count_photos(VISITOR, CatalogueFilter()) == before + 1
    page = html(client, "/mo-hinh/?anh=co")
    assert row.model.slug in slugs(page) and f"{before + 1} mô hình" in plain(page)  # type: ignore[union-attr]
    Attachment.objects.filter(pk=photo.pk).update(may_be_shown=False)
    assert selectors.count_photos(VISITOR, CatalogueFilter()) == before


def test_themes_are_offered_by_their_words_and_counted(client: Client, season: Any) -> None:
    theme = Theme.objects.create(period=season.period, plan="Kế hoạch thử", position=9, label="Bốn không")
    rows = list(Registration.objects.filter(is_latest=True, withdrawn_on__isnull=True)[:3])
    ThemeTag.objects.bulk_create(ThemeTag(registration=row, theme=theme) for row in rows)
    page = html(client, f"/mo-hinh/?chu-de={theme.pk}")
    assert sorted(slugs(page)) == sorted(row.model.slug for row in rows)  # type: ignore[union-attr]
    assert 'aria-current="true"><span>Bốn không</span><span class="num">3</span>' in page
    assert "cổng không hiểu" in plain(html(client, "/mo-hinh/?chu-de=999999"))


def test_suggestions_name_fields_units_and_models(client: Client) -> None:
    assert "Kinh tế" in html(client, "/tim/?q=kinh+te") and "?linh-vuc=kinh-te" in html(client, "/tim/?q=kinh+te")
    assert "/don-vi/duc-linh/" in html(client, "/tim/?q=duc+linh")
    page = html(client, "/tim/?q=lo+dot")
    assert page.count('role="option"') == 6 and "<mark>lò đốt</mark>" in page.lower()
    for typed in ("", "a", "%25", "☃", "zzzz"):
        assert 'role="option"' not in html(client, f"/tim/?q={typed}")


@pytest.mark.parametrize("typed", ["Xã Hàm Phú", "ham phu", "Hàm Phú cũ"])
def test_a_former_name_suggests_the_unit_that_the_place_went_into(client: Client, typed: str) -> None:
    (heir,) = unit_tree().successors(Unit.objects.get(key="ham-thuan-bac/xa-ham-phu").pk, today())
    version = unit_tree().were([heir], today())[heir]
    page = html(client, f"/tim/?q={typed}")
    first = page.partition("</li>")[0]
    assert f"/don-vi/{version.unit.key}/" in first and "Tên cũ: Xã Hàm Phú" in first


@pytest.mark.parametrize(
    "typed, address, said",
    [
        ("cấp tỉnh 2023", "?cap=tinh&amp;cong-nhan=2023", "Lọc theo: Cấp tỉnh, Công nhận năm 2023"),
        ("vườn rau zzz cap tinh nam 2023", "?q=v%C6%B0%E1%BB%9Dn+rau+zzz&amp;cap=tinh&amp;cong-nhan=2023", "Lọc theo: Từ khóa"),
        ("zzz năm 2023", "?q=zzz&amp;nam=2023", "Lọc theo: Từ khóa: zzz, Năm 2023"),
    ],
)
def test_a_search_in_vain_offers_the_filters_that_its_words_name(client: Client, typed: str, address: str, said: str) -> None:
    page = html(client, f"/mo-hinh/?q={typed}")
    assert f'href="{address}"' in page and said in plain(page)
    assert "22 mô hình" in plain(html(client, "/mo-hinh/?cap=tinh&cong-nhan=2023"))


@pytest.mark.parametrize(
    "names", [["q"], ["linh-vuc", "don-vi", "cap", "loai", "ai", "chu-de", "anh", "nhan-rong", "xep"], ["nam"], ["sau"]]
)
@pytest.mark.parametrize(
    "value", ["x" * 4000, "-1", "1e9", "999999999999999999999", "<script>alert(1)</script>", "' or 1=1 --", "\ud7ff", "٣"]
)
def test_rubbish_in_a_filter_breaks_nothing(client: Client, names: list[str], value: str) -> None:
    page = client.get("/mo-hinh/", {name: [value, value, "x"] for name in names}).content.decode()
    assert "<h1>Mô hình</h1>" in page and "<script>alert" not in page


@pytest.mark.parametrize(
    "query", ["", "?q=rac&linh-vuc=kinh-te&don-vi=duc-linh", "?nam=2023&cap=huyen", "?q=lodotrac", "?anh=co&nhan-rong=co"]
)
def test_at_most_ten_queries(client: Client, settings: Any, query: str) -> None:
    settings.REMEMBER_SECONDS = 3600
    address = f"/mo-hinh/{query}"
    client.get(address)
    with CaptureQueriesContext(connection) as ran:
        client.get(address)
    assert len(ran) <= 10, [one["sql"][:90] for one in ran]


@pytest.mark.parametrize("typed", ["rác", "hội", "lò đốt rác", "tổ", "chi hội phụ nữ", "an ninh trật tự"])
def test_no_more_have_the_words_than_the_counted_words_say(typed: str) -> None:
    found = rarest(typed)
    assert found and 0 < selectors.find(VISITOR, CatalogueFilter(words=typed)).count() <= found[0]


@pytest.mark.parametrize("typed, found", [("", None), ("2023", None), ("zzzz", (0, "zzzz")), ("rác zzzz 12", (0, "zzzz"))])
def test_what_the_counted_words_cannot_say(typed: str, found: tuple[int, str] | None) -> None:
    assert rarest(typed) == found
    SearchWord.objects.all().delete()
    forget()
    assert rarest("rác") is None


def test_a_search_that_finds_very_many_is_shown_first_and_counted_after(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = html(client, "/mo-hinh/?q=rac&xep=muc")
    monkeypatch.setattr(catalogue, "BROAD", 3)
    with CaptureQueriesContext(connection) as queries:
        first = html(client, "/mo-hinh/?q=rac")
    assert slugs(first) == slugs(usual) and link(first, "Trang sau")
    assert (
        "Rất nhiều mô hình" in plain(first)
        and 'class="facet"' not in first
        and "trong" not in plain(first).partition("Lọc kết")[0][-80:]
    )
    assert not any("GROUP BY" in one["sql"] for one in queries)
    counts = re.search(r'href="([^"]+)"[^>]*data-counted', first)
    assert counts
    counted = html(client, "/mo-hinh/" + counts[1].replace("&amp;", "&"))
    assert slugs(counted) == slugs(first) and "Đếm, lọc kết quả" not in counted
    assert re.findall('<h2 id="dem">.*?</h2>|<aside id="loc".*?</aside>', counted) == [
        part.replace("&amp;xep=muc", "") for part in re.findall('<h2 id="dem">.*?</h2>|<aside id="loc".*?</aside>', usual)
    ]


def test_words_that_many_have_but_none_together_find_nothing_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BROAD", 3)
    page = html(client, "/mo-hinh/?q=rac+phu+nu&don-vi=cong-an-tinh&cap=trung-uong")
    assert "Không có mô hình nào khớp" in plain(page) and "data-counted" not in page
    assert "Lọc kết quả" in plain(page) and 'id="loc"' not in html(client, "/mo-hinh/?q=zzzz")  # nothing to filter, no empty box


@pytest.mark.parametrize("words", ["rác", "hội phụ nữ", "lò đốt", "rac 2", "zzzz"])
@pytest.mark.parametrize(
    "other", [{}, {"honour": 2}, {"honour": 0}, {"kind": "new", "subject_kind": "collective"}, {"season": True}]
)
def test_what_is_read_row_by_row_is_counted_as_what_is_counted_by_the_database(
    season: Season, monkeypatch: pytest.MonkeyPatch, words: str, other: dict[str, Any]
) -> None:
    given = other | ({"season": season.pk} if "season" in other else {})
    photo = Registration.objects.filter(title__icontains="rác", honour_rank__gt=0)[0]
    Attachment.objects.create(
        registration=photo, kind="photo", state="ready", may_be_shown=True, file="a.jpg", digest="1" * 64, size=1
    )
    for wanted in (
        CatalogueFilter(words=words, **given),
        CatalogueFilter(words=words, field=photo.field_id, **given),
        CatalogueFilter(words=words, unit=photo.unit_id, has_photos=True, **given),
    ):
        few = selectors.count(VISITOR, wanted)
        rows = list(selectors.find(VISITOR, wanted))
        assert few.ids is not None and list(selectors.find(VISITOR, wanted, few)) == rows and len(rows) == few.total
        with monkeypatch.context() as patched:
            patched.setattr(catalogue, "rarest", lambda _: None)
            counted = selectors.count(VISITOR, wanted)
        expected = counted.by | {
            "season": selectors.count_by_season(VISITOR, wanted),
            "has_photos": {True: selectors.count_photos(VISITOR, wanted)},
        }
        assert counted.ids is None and (few.total, few.by) == (counted.total, expected)


def test_a_search_for_few_reads_them_once(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        html(client, "/mo-hinh/?q=lo+dot+rac&nam=2023")
    assert sum('search_text" LIKE' in one["sql"] or 'search_text"::text LIKE' in one["sql"] for one in queries) == 1
