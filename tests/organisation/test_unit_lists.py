"""Lists of units out of a spreadsheet, rule by rule: what a line would do, why it is refused. No database."""

from datetime import date
from typing import Any

import pytest

from common.text import compare_key
from organisation.lists.known import KnownLevel, KnownUnits, KnownVersion, PlannedLine
from organisation.lists.planning import Planner
from organisation.lists.reading import Line


def level(key: str, rank: int, *words: str, gathers: bool = False) -> KnownLevel:
    return KnownLevel(key, words[0].capitalize(), rank, gathers, frozenset(compare_key(word) for word in words))


LEVELS = (
    level("province", 3, "tỉnh", gathers=True),
    level("district", 2, "huyện", "thành phố"),
    level("direct", 2, "trực thuộc"),
    level("commune", 1, "xã", "phường"),
)
COLUMNS = ["name", "kind", "parent", "valid_from", "valid_to", "successors", "key", "place", "official_code", "lat", "lon"]
TOP = ("Tỉnh ủy A", "tỉnh", "")
DISTRICT = ("Huyện ủy B", "huyện", "Tỉnh ủy A")


def there(key: str, name: str, kind: str, parent: str, **other: Any) -> KnownVersion:
    given: dict[str, Any] = {"place": "", "official_code": "", "lat": None, "lon": None, "valid_from": None, "valid_to": None}
    return KnownVersion(key=key, name=name, level=kind, parent=parent, **given | other)


KNOWN = (
    there("tinh", "Tỉnh ủy A", "province", ""),
    there("huyen-b", "Huyện ủy B", "district", "tinh"),
    there("huyen-b/xa-c", "Đảng ủy xã C", "commune", "huyen-b", place="Xã C", official_code="101"),
)


def line(number: int, row: tuple[str, ...]) -> Line:
    """A line of a list with the first so many columns, empty where the row is shorter than seven."""
    texts = dict(zip(COLUMNS, row, strict=False))
    return Line(number, dict.fromkeys(COLUMNS[:6], "") | texts)


def planned(*rows: tuple[str, ...], known: tuple[KnownVersion, ...] = (), **other: Any) -> list[PlannedLine]:
    lines = [line(n, row) for n, row in enumerate(rows, start=2)]
    return Planner(lines, KnownUnits(LEVELS, known, **other)).plan()


def outcome(one: PlannedLine) -> tuple[str, str]:
    return one.does, " ".join(one.words)


@pytest.mark.parametrize(
    "rows, keys",
    [
        ((TOP, ("Đảng ủy xã C", "xã", "Tỉnh ủy A")), ["tinh-uy-a", "dang-uy-xa-c"]),
        ((TOP, DISTRICT, ("Đảng ủy xã C", "Xã", "huyện ủy b")), ["tinh-uy-a", "huyen-uy-b", "huyen-uy-b/dang-uy-xa-c"]),
        (
            (("Đảng ủy xã C", "commune", "Huyện ủy B"), DISTRICT, TOP),
            ["huyen-uy-b/dang-uy-xa-c", "huyen-uy-b", "tinh-uy-a"],
        ),
        ((TOP, DISTRICT, ("C", "xã", "b", "", "", "", "c")), None),
    ],
    ids=["two tiers", "three tiers", "in any order", "an unknown parent"],
)
def test_new_units_get_keys_that_say_where_they_are(rows: Any, keys: list[str] | None) -> None:
    found = planned(*rows)
    if keys is None:
        assert found[-1].is_refused
    else:
        assert [one.version.key for one in found if one.version] == keys
        assert {one.does for one in found} == {"new"}


@pytest.mark.parametrize(
    "row, words",
    [
        (("", "xã", "Huyện ủy B"), "Chưa ghi tên đơn vị."),
        (("x" * 201, "xã", "Huyện ủy B"), "Tên đơn vị: dài quá 200 ký tự."),
        (("Xã D", "", "Huyện ủy B"), "Chưa ghi cấp."),
        (("Xã D", "làng", "Huyện ủy B"), "Không có cấp “làng”."),
        (("Xã D", "xã", ""), "Chưa ghi cấp trên."),
        (
            ("Xã D", "xã", "Huyện ủy Z"),
            "Không có đơn vị cấp trên “Huyện ủy Z” trong thời gian này, hoặc dòng của đơn vị ấy chưa ghi được.",
        ),
        (("Xã D", "xã", "Xã D"), "Đơn vị không thể là cấp trên của chính nó."),
        (("Huyện E", "huyện", "Đảng ủy xã C"), "Cấp trên “Đảng ủy xã C” (Xã) không cao hơn cấp của đơn vị này (Huyện)."),
        (("Huyện E", "huyện", "Huyện ủy B"), "Cấp trên “Huyện ủy B” (Huyện) không cao hơn cấp của đơn vị này (Huyện)."),
        (("Xã D", "xã", "Huyện ủy B", "31/02/2025"), "Từ ngày: ngày “31/02/2025” không có thật; viết ngày/tháng/năm."),
        (
            ("Xã D", "xã", "Huyện ủy B", "01/07/2025", "01/07/2025"),
            "Kết thúc 01/07/2025 không sau ngày bắt đầu 01/07/2025.",
        ),
        (("Đảng ủy xã c", "xã", "Huyện ủy B", "", "", "", "moi"), "Trùng tên với Đảng ủy xã C đã có, cùng một cấp trên."),
        (
            ("Tỉnh ủy Khác", "tỉnh", ""),
            "Hai đơn vị cùng đứng đầu trong một thời gian: Tỉnh ủy A đã có. Đơn vị cũ phải có ngày kết thúc.",
        ),
        (("Xã D", "xã", "Huyện ủy B", "", "", "", "", "", "101"), "Mã hành chính 101 trùng với Đảng ủy xã C đã có."),
        (
            ("Xã D", "xã", "Huyện ủy B", "", "", "", "Xã D"),
            "Mã “Xã D” không dùng được: chỉ chữ thường không dấu, số, gạch nối, nhiều nhất một gạch chéo.",
        ),
        (("Xã D", "xã", "Huyện ủy B", "", "", "Xã C"), "Có đơn vị kế tục thì phải ghi ngày kết thúc (Đến trước ngày)."),
        (("Xã D", "xã", "Huyện ủy B", "", "01/07/2025", "Xã Z"), "Không có đơn vị kế tục “Xã Z” vào ngày 01/07/2025."),
        (("Xã D", "xã", "Huyện ủy B", "", "01/07/2025", "Xã D"), "Không có đơn vị kế tục “Xã D” vào ngày 01/07/2025."),
        (("Xã D", "xã", "Huyện ủy B", "", "", "", "", "", "", "bắc"), "Vĩ độ: “bắc” không phải tọa độ; viết như 10,93."),
        (
            ("Xã D", "xã", "Huyện ủy B", "", "", "", "", "", "", "", "1e400"),
            "Kinh độ: “1e400” không phải tọa độ; viết như 10,93.",
        ),
        (("Xã D", "xã", "Huyện ủy B", "", "", "", "", "", "", "91"), "Vĩ độ: “91” không phải tọa độ; viết như 10,93."),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_why(row: tuple[str, ...], words: str) -> None:
    assert outcome(planned(row, known=KNOWN)[0]) == ("refused", words)


def test_all_that_is_wrong_in_a_line_is_said_at_once() -> None:
    (one,) = planned(("", "làng", "", "x"), known=KNOWN)
    assert len(one.words) == 3


def test_a_circle_is_refused_with_all_that_stands_in_it() -> None:
    found = planned(TOP, ("Huyện ủy X", "huyện", "Huyện ủy Y"), ("Huyện ủy Y", "huyện", "Huyện ủy X"))
    assert [one.does for one in found] == ["new", "refused", "refused"]


def test_a_circle_over_two_levels_is_refused_with_all_that_stands_in_it() -> None:
    found = planned(TOP, ("Huyện ủy X", "huyện", "Xã Y"), ("Xã Y", "xã", "Huyện ủy X"))
    assert [one.does for one in found] == ["new", "refused", "refused"]


def test_what_leans_on_a_refused_line_is_refused_too() -> None:
    found = planned(TOP, ("Huyện ủy B", "huyện", "Tỉnh ủy A", "x"), ("Xã D", "xã", "Huyện ủy B"))
    assert [one.does for one in found] == ["new", "refused", "refused"]
    heir = ("Xã E", "xã", "Huyện ủy B", "01/07/2025", "", "", "", "", "101")
    found = planned(("Xã D", "xã", "Huyện ủy B", "", "01/07/2025", "Xã E"), heir, known=KNOWN)
    assert [one.does for one in found] == ["refused", "refused"]


def test_two_of_one_name_below_one_parent_are_refused_from_the_second_on_and_below_two_are_not() -> None:
    other = ("Thành ủy G", "thành phố", "Tỉnh ủy A")
    found = planned(
        TOP, DISTRICT, other, ("Xã T", "xã", "Huyện ủy B"), ("Xã T", "xã", "Thành ủy G"), ("Xã t", "xã", "Huyện ủy B")
    )
    assert outcome(found[-1]) == ("refused", "Trùng tên với dòng 5, cùng một cấp trên.")
    assert {one.does for one in found[:-1]} == {"new"}


def test_a_name_that_two_units_have_is_asked_for_by_its_key() -> None:
    twins = (*KNOWN, there("huyen-b-2", "Huyện ủy B", "district", "tinh", valid_from=date(2025, 7, 1)))
    assert outcome(planned(("Xã D", "xã", "Huyện ủy B"), known=twins)[0]) == (
        "refused",
        "Có 2 đơn vị tên “Huyện ủy B”; xin ghi mã đơn vị cấp trên.",
    )
    assert planned(("Xã D", "xã", "huyen-b-2"), known=twins)[0].does == "new"


def test_the_same_list_again_changes_nothing() -> None:
    rows = (TOP, DISTRICT, ("Đảng ủy xã C", "xã", "Huyện ủy B", "", "", "", "", "Xã C", "101"))
    assert [one.does for one in planned(*rows, known=KNOWN)] == ["same"] * 3


def test_of_a_column_that_the_list_lacks_nothing_changes() -> None:
    assert planned(("Đảng ủy xã C", "xã", "Huyện ủy B"), known=KNOWN)[0].does == "same"


def test_a_change_says_what_was_and_what_will_be() -> None:
    (one,) = planned(("Đảng ủy phường C", "phường", "Tỉnh ủy A", "", "", "", "huyen-b/xa-c"), known=KNOWN)
    assert outcome(one) == ("changed", "tên: Đảng ủy xã C → Đảng ủy phường C cấp trên: Huyện ủy B → Tỉnh ủy A")


def test_an_end_names_who_carries_on() -> None:
    heir = ("Đảng ủy xã Mới", "xã", "Huyện ủy B", "01/07/2025")
    ended, begun = planned(("Đảng ủy xã C", "xã", "Huyện ủy B", "", "01/07/2025", "Đảng ủy xã Mới"), heir, known=KNOWN)
    assert outcome(ended) == ("ended", "đến trước ngày: trống → 01/07/2025 kế tục: Đảng ủy xã Mới")
    assert (ended.followed_by, begun.does) == (["huyen-b/dang-uy-xa-moi"], "new")


def test_an_heir_is_called_by_its_name_on_the_day() -> None:
    before = ("Đảng ủy xã Rú", "xã", "Huyện ủy B", "", "01/07/2025", "", "huyen-b/xa-ru")
    since = ("Đảng ủy phường Rú Mới", "phường", "Huyện ủy B", "01/07/2025", "", "", "huyen-b/xa-ru")
    ended = ("Đảng ủy xã C", "xã", "Huyện ủy B", "", "01/07/2025", "huyen-b/xa-ru")
    assert outcome(planned(before, since, ended, known=KNOWN)[2]) == (
        "ended",
        "đến trước ngày: trống → 01/07/2025 kế tục: Đảng ủy phường Rú Mới",
    )


def test_an_ended_unit_and_its_heir_may_have_one_name() -> None:
    old = ("Đảng ủy xã C", "xã", "Huyện ủy B", "", "01/07/2025", "Đảng ủy xã C")
    new = ("Đảng ủy xã C", "xã", "Huyện ủy B", "01/07/2025")
    ended, begun = planned(old, new, known=KNOWN)
    assert (ended.does, ended.followed_by, begun.does) == ("ended", ["huyen-b/dang-uy-xa-c"], "new")


def test_several_lines_of_one_key_are_one_unit_by_date() -> None:
    old = ("Đảng ủy xã C", "xã", "Huyện ủy B", "", "01/07/2025", "", "huyen-b/xa-c")
    new = ("Đảng ủy phường C", "phường", "Huyện ủy B", "01/07/2025", "", "", "huyen-b/xa-c")
    assert [one.does for one in planned(old, new, known=KNOWN)] == ["ended", "new"]
    assert outcome(planned(new, known=KNOWN)[0]) == (
        "refused",
        "Cùng một đơn vị, cùng thời gian với Đảng ủy xã C đã có.",
    )


def test_the_first_unit_takes_the_name_at_the_top_of_the_list() -> None:
    (one,) = planned(TOP, known=(there("tinh", "Chưa ghi tên", "province", ""),), nameless="tinh")
    assert outcome(one) == ("changed", "tên: Chưa ghi tên → Tỉnh ủy A")
