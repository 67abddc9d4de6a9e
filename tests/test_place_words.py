"""No province, level or board is named in code, templates or catalogues: `make check` goes through all of them, and finds this."""

from pathlib import Path

import pytest

from deploy import place_words


@pytest.mark.parametrize(
    "text, words",
    [
        ('title = "Dân vận khéo Bình Thuận"', ["Bình Thuận"]),
        ("tỉnh LÂM ĐỒNG", ["LÂM ĐỒNG"]),
        ("{{ n }} huyện, thị xã, thành phố", ["huyện", "thị xã"]),
        ("đảng ủy xã, phường, thị trấn", ["phường", "thị trấn"]),
        ("được cấp xã công nhận", ["cấp xã"]),
        ("Ban Dân vận trả lời", ["Ban Dân vận"]),
        ("của Tỉnh ủy Hà Giang", ["Tỉnh ủy Hà Giang"]),  # a province that is in no list of ours
        ("được tỉnh công nhận; Tỉnh ủy", ["tỉnh", "Tỉnh"]),  # of a city it would be wrong
        ("câu chuyện cấp tỉnh, Trung ương, văn hóa - xã hội", []),
    ],
)
def test_what_is_found(text: str, words: list[str]) -> None:
    assert place_words.found_in(f"một\n{text}") == [(2, word) for word in words]


def test_english_levels_are_looked_for_in_catalogues_alone() -> None:
    text = 'msgstr "models registered with districts"'
    assert (place_words.found_in(text, is_catalogue=True), place_words.found_in(text)) == ([(1, "districts")], [])


@pytest.mark.parametrize(
    "text, suffix, words",
    [
        ('help = "ví dụ 15/10/2023"', ".py", ["2023"]),
        ('help = f"của {who} ở Hàm Hiệp, 2021-2025"', ".py", ["Hàm Hiệp", "2021", "2025"]),
        ('"""Of 2023, in Hàm Hiệp."""\nSINCE = date(2026, 5, 27)  # 2023', ".py", []),  # what engineers alone read
        ("<p>ví dụ 15/10/2023</p>", ".html", ["2023"]),
        ('maxlength = "2000"; size = "1.2024"', ".py", []),
    ],
)
def test_examples_out_of_one_year_or_place_are_found_in_what_users_read(text: str, suffix: str, words: list[str]) -> None:
    assert [word for _, word in place_words.examples_in(text, suffix)] == words


def test_what_is_found_is_told_by_its_place_and_an_allowance_that_nothing_needs_any_more_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place_words.found_in(""), place_words.examples_in("")  # the names are read from the demo
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text('title = "toàn huyện"\n')
    monkeypatch.setattr(place_words, "ROOT", tmp_path)
    monkeypatch.setattr(place_words, "_sources", lambda: sorted(tmp_path.iterdir()))
    monkeypatch.setattr(place_words, "ALLOWED", {"one.py": ("huyện", "here it is data"), "three.py": ("tỉnh", "once")})
    assert place_words.problems() == [
        "two.py:1: “huyện” is data (organisation/naming.py), or an example of one year",
        "place_words.py: nothing to allow in three.py any more",
    ]
