"""Similar titles: the same question answered alike on every database, in the order that the rule asks for."""

import random
import re
from typing import Any

import pytest
from django.db import connection

from common.text import compare_key
from common.trigrams import Sieve, grams, mask, similarity
from models_registry.models import Registration
from models_registry.selectors.similar import ALIKE, similar
from models_registry.services import SimilarUnanswered, say_different
from tests.online import HAM_HIEP, Action, accepted, begin, do, fill, person
from tests.pages import entered

pytestmark = [pytest.mark.both, pytest.mark.django_db]
INCINERATORS = "Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình"


def test_the_trigrams_of_a_word() -> None:
    assert grams("lo dot") == {"  l", " lo", "lo ", "  d", " do", "dot", "ot "}
    assert similarity("lo dot rac", "lo dot rac") == 1
    assert similarity("lo dot rac", "") == 0


def test_the_sieve_lets_every_like_title_through_and_few_others() -> None:
    titles = list(Registration.objects.values_list("title_key", flat=True).distinct())
    passed = alike = 0
    for one in titles[:40]:
        sieve = Sieve(one, ALIKE)
        for other in titles:
            through = sieve.lets_through(mask(other))
            passed += through
            if similarity(one, other) >= ALIKE:
                alike += 1
                assert through, (one, other)
    assert alike <= passed < 40 * len(titles) / 4


@pytest.mark.postgres
def test_our_likeness_is_that_of_pg_trgm() -> None:
    titles = list(Registration.objects.values_list("title_key", flat=True).distinct()[:60])
    chance = random.Random(3)
    with connection.cursor() as cursor:
        for _ in range(200):
            one, other = chance.choice(titles), chance.choice(titles)
            cursor.execute("SELECT similarity(%s, %s)", [one, other])
            assert similarity(one, other) == pytest.approx(cursor.fetchone()[0], abs=1e-5), (one, other)


def test_found_across_units_however_it_is_spelled() -> None:
    draft = begin()
    for title in (
        INCINERATORS,
        INCINERATORS.upper(),
        "van dong nhan dan xay dung lo dot rac",
        "Xây dựng lò đốt rác ở hộ gia đình",
    ):
        hits = similar(person("hamhiep.canbo"), title, to=draft)
        assert hits, title
        assert hits[0].row.place is not None and hits[0].row.place.key == HAM_HIEP
        assert hits[0].is_same_place
        assert len({hit.row.unit_id for hit in hits}) > 1
        assert all(hit.ratio >= ALIKE for hit in hits)
    assert similar(person("hamhiep.canbo"), "rác", to=draft) == []
    assert similar(person("hamhiep.canbo"), "Zzzz qqqq xxxx wwww", to=draft) == []


def test_every_hit_is_the_latest_of_its_model_and_none_is_left_out() -> None:
    draft = begin()
    hits = similar(person("hamhiep.canbo"), INCINERATORS, to=draft)
    best = max(
        similarity(compare_key(INCINERATORS), key)
        for key in Registration.objects.filter(registered_on__isnull=False).values_list("title_key", flat=True)
    )
    assert max(hit.ratio for hit in hits) == pytest.approx(best, abs=1e-5)
    assert len(hits) == 6


def test_a_movement_of_a_mass_organisation_at_the_place_comes_first_for_a_party_cell() -> None:
    front = accepted(
        title="Tiếng kẻng an ninh ở thôn Xuân Điền", subject="Ủy ban MTTQ Việt Nam xã Hàm Hiệp", field="quoc-phong-an-ninh"
    )
    fill(begin(), title="Tiếng kẻng an ninh thôn Xuân Điền", subject="Trưởng thôn Xuân Điền")
    draft = fill(begin(), title="Tiếng kẻng an ninh thôn Xuân Điền", subject="Chi bộ thôn Xuân Điền")
    hits = similar(person("hamhiep.canbo"), draft.title, to=draft)
    assert (hits[0].row.pk, hits[0].is_movement) == (front.pk, True)
    assert not any(hit.is_movement for hit in hits[1:])
    shown = entered("hamhiep.canbo").get(f"/lam-viec/dang-ky/{draft.pk}/viet/").content.decode()
    typing = entered("hamhiep.canbo").get(f"/lam-viec/dang-ky/{draft.pk}/giong/", {"title": draft.title}).content.decode()
    box = re.compile(r'<details class="fold fold--box alike" *(open)?>')
    assert [found and found[1] for found in (box.search(shown), box.search(typing))] == ["open", None]
    draft = fill(draft, subject="Hội Nông dân xã")
    assert not any(hit.is_movement for hit in similar(person("hamhiep.canbo"), draft.title, to=draft))


def test_at_the_same_place_sending_needs_a_word_and_keeps_it() -> None:
    accepted()
    draft = fill(begin(), subject="Chi bộ thôn Phú Nhang")
    with pytest.raises(SimilarUnanswered) as asked:
        do(draft, Action.SUBMIT, "hamhiep.canbo")
    others = [hit.row.pk for hit in asked.value.hits]
    assert asked.value.hits[0].is_movement
    assert say_different(registration_id=draft.pk, others=others, reason="Làm ở xóm khác", actor=person("hamhiep.canbo")) == 1
    assert do(draft, Action.SUBMIT, "hamhiep.canbo").state == "submitted"
    note = draft.differences.get()
    assert (note.reason, note.said_by.username) == ("Làm ở xóm khác", "hamhiep.canbo")


def test_another_units_draft_is_not_shown() -> None:
    fill(begin(), title="Điều rất riêng của Hàm Hiệp chưa ai biết")
    mine = begin("duc-linh", by="duclinh.chuyenvien")
    assert similar(person("duclinh.chuyenvien"), "Điều rất riêng của Hàm Hiệp chưa ai biết", to=mine) == []


def test_the_fragment_while_typing(client: Any) -> None:
    draft = begin()
    client.force_login(person("hamhiep.canbo"))
    html = client.get(f"/lam-viec/dang-ky/{draft.pk}/giong/", {"title": "lo dot rac tai ho gia dinh"}).content.decode()
    assert "mô hình có tên gần giống" in html
    assert "<b>Cùng nơi.</b>" in html
    client.get(f"/lam-viec/dang-ky/{draft.pk}/giong/", {"title": "x" * 5000})


def test_titles_whose_syllables_only_begin_alike_are_not_similar() -> None:
    """“cam hoa giup do nguoi lam loi tai cong dong” is 0.31 like it by its trigrams and has no word of it."""
    hits = similar(person("hamhiep.canbo"), "Ngày hội đổi vỏ chai lấy cây giống", to=begin())
    assert "Cảm hóa, giúp đỡ người lầm lỗi tại cộng đồng" not in {hit.row.title for hit in hits}


def test_words_that_any_title_may_have_make_none_similar() -> None:
    """“cho người” and a syllable: alike by their trigrams, and another model altogether."""
    accepted(title="Cấp căn cước lưu động cho người già")
    hits = similar(person("hamhiep.canbo"), "Bữa sáng không đồng cho người lao động nghèo", to=begin())
    assert "Cấp căn cước lưu động cho người già" not in {hit.row.title for hit in hits}
    assert similar(person("hamhiep.canbo"), "Cấp căn cước lưu động cho người già yếu", to=begin())
