import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.old_fonts import TCVN3, UNICODE, VNI, is_syllable, majority, to_unicode
from common.text import clean, compare_key, fold, quoted, search_text, search_words, sort_key
from tests.registers import to_tcvn3, to_vni

SYLLABLES = [
    "lò",
    "đốt",
    "rác",
    "tại",
    "hộ",
    "gia",
    "đình",
    "tổ",
    "tự",
    "quản",
    "về",
    "an",
    "ninh",
    "trật",
    "tự",
    "vận",
    "động",
    "nhân",
    "dân",
    "phường",
    "xã",
    "hội",
    "nông",
    "thôn",
    "người",
    "khuyết",
    "tật",
    "giúp",
    "nghĩa",
    "tình",
    "quý",
]


def test_fold() -> None:
    assert fold("  Lò ĐỐT\n rác, (tại hộ)!") == "lo dot rac tai ho"
    assert fold(unicodedata.normalize("NFD", "Đường Nguyễn Huệ")) == "duong nguyen hue"


@pytest.mark.parametrize(
    "one, other",
    [
        ("Hòa Thắng", "Hoà Thắng"),
        ("Thị ủy", "THỊ UỶ"),
        ("Phú Quý", "Phú Quí"),
        ("kỹ thuật", "kĩ thuật"),
        ("Mỹ Thạnh", "Mĩ Thạnh"),
    ],
)
def test_two_spellings_compare_equal(one: str, other: str) -> None:
    assert compare_key(one) == compare_key(other)


@pytest.mark.parametrize("one, other", [("tay", "tai"), ("Tân Hà", "Tân Hải"), ("thôn 1", "thôn 11")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert compare_key(one) != compare_key(other)


def test_clean_composes_and_loses_stray_space() -> None:
    assert clean("  Vận\u00a0động \n nhân\u200b dân ") == "Vận động nhân dân"
    assert clean(unicodedata.normalize("NFD", "Quý")) == "Quý"


def test_search_words_find_beginnings_of_words() -> None:
    text = search_text("Đảng viên phụ trách hộ dân", "", "Xã Hàm Hiệp")
    assert " trac" in text
    assert " rac" not in text
    assert search_words("hộ DÂN, hộ") == ["dan", "ho"]


@pytest.mark.parametrize("typed", ["KP 5", "kp5", "K.P 5", "K.phố 5", "kphố 5", "khu phố 5"])
def test_hamlets_are_searched_by_any_short_word_for_them(typed: str) -> None:
    assert search_words(f"đèn {typed}") == ["khu pho 5", "den"]
    assert search_text(typed) == " khu pho 5"


@pytest.mark.parametrize("name", ["K'Phúc", "Tô Dũng", "kpi", "Tổ đổi công", "thôn 30a"])
def test_other_words_are_searched_as_they_are(name: str) -> None:
    assert search_text(name) == f" {compare_key(name)}"


def test_order_of_the_vietnamese_alphabet() -> None:
    names = ["Đức Linh", "Ánh", "An", "Ăn", "Âm", "Đa", "Dã", "Da", "Ba", "ủy", "Ưu", "vẽ"]
    assert sorted(names, key=sort_key) == ["An", "Ánh", "Ăn", "Âm", "Ba", "Da", "Dã", "Đa", "Đức Linh", "ủy", "Ưu", "vẽ"]


@settings(deadline=None)  # a busy machine is no fault of the text
@given(st.lists(st.sampled_from(SYLLABLES), min_size=4, max_size=12))
def test_old_fonts_come_back_whole(words: list[str]) -> None:
    text = " ".join(words)
    assert to_unicode(text, UNICODE)[0] == text
    assert to_unicode(to_tcvn3(text), TCVN3)[0].lower() == text
    assert to_unicode(to_vni(text), VNI)[0] == text


@pytest.mark.parametrize("how, name", [(to_tcvn3, TCVN3), (to_vni, VNI), (str, UNICODE)])
def test_the_majority_is_told_from_the_text(how: object, name: str) -> None:
    assert majority(how(text) for text in ("Tên mô hình", "Tập thể, cá nhân thực hiện", "Địa bàn", "Xã")) == name  # type: ignore[operator]


@pytest.mark.parametrize("text", ["Tªn m« h×nh", "Teân moâ hình"])
def test_the_examples_of_the_domain(text: str) -> None:
    assert to_unicode(text)[0] == "Tên mô hình"


@pytest.mark.parametrize("lost, meant", [("ñy ban MTTQ", "Ủy ban MTTQ"), ("§¶NG ñY QU¢N Sù TØNH", "ĐẢNG ỦY QUÂN SỰ TỈNH")])
def test_capitals_lost_by_a_font(lost: str, meant: str) -> None:
    assert to_unicode(lost, TCVN3)[0] == meant


@pytest.mark.parametrize("word", ["nghĩa", "quý", "giêng", "gì", "khuỷu", "Đảng", "ủy", "xoong", "thuở"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["ñy", "đy", "mọt\u0301", "cẻ", "nghả", "tªn", "xyz"])
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_a_name_stands_in_one_pair_of_quotation_marks() -> None:
    written = ("Tuyến hoa", "“Tuyến hoa”", '"Tuyến hoa"', "“Tuyến hoa", "“Nhà sạch” thôn 3", "“Nhà sạch”, “Vườn đẹp”")
    shown = ["“Tuyến hoa”"] * 4 + ["“‘Nhà sạch’ thôn 3”", "“‘Nhà sạch’, ‘Vườn đẹp’”"]
    assert [quoted(words) for words in written] == shown
