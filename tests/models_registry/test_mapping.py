"""A register read as somebody said by hand: heading, columns, values for empty cells. Files made up here, no database."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.mapping import Mapping, MappingInvalid, Use, use_of
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.refusing import HeadingUnclear
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import odd_formats as odd
from tests import registers as made

PLACES = [(7, "phu-hai", "Phường Phú Hài", "Đảng ủy phường Phú Hài"), (8, "tien-loi", "Xã Tiến Lợi", "Đảng ủy xã Tiến Lợi")]
CONTEXT = RegisterContext(
    date(2024, 1, 1),
    date(2024, 11, 30),
    FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", ["VHXH"]), (3, "Quốc phòng - an ninh", [])]),
    PlaceBook("Thành ủy Phan Thiết", ["Phan Thiết"], PLACES),
)
PLAIN = ["Cột 1", "Cột 2", "Cột 3", "Cột 4", "Cột 5", "Cột 6", "Cột 7", "Cột 8"]
USES = ["number", "title", "subject", "place", "field", "subject_kind", "kind", "registered_on"]
COLUMNS = dict(zip("ABCDEFGH", USES, strict=True))


def line(number: int = 1, title: str = "Tuyến đường hoa", **given: Any) -> list[Any]:
    values = {"subject": "Hội Phụ nữ", "place": "Phường Phú Hài", "field": "Kinh tế", "who": "Tập thể", "kind": "Đăng ký mới"}
    values |= {"day": "15/3/2024"} | given
    return [number, title, *values.values()]


def said(**sheet: Any) -> Mapping:
    return Mapping.from_json({"version": 1, "sheets": [sheet]})


def reader_of(path: Path, mapping: Mapping | None = None, **context: Any) -> tuple[RegisterReader, list[ReadRow | RefusedRow]]:
    values = CONTEXT.__dict__ | context
    reader = RegisterReader(path, RegisterContext(**values | {"mapping": mapping}))
    return reader, list(reader.rows())


def read(path: Path, mapping: Mapping | None = None, **context: Any) -> list[ReadRow | RefusedRow]:
    return reader_of(path, mapping, **context)[1]


def good(path: Path, mapping: Mapping | None = None, **context: Any) -> list[ReadRow]:
    rows = read(path, mapping, **context)
    assert [row.flaws for row in rows if isinstance(row, RefusedRow)] == []
    return [row for row in rows if isinstance(row, ReadRow)]


def test_the_heading_row_and_each_column_are_what_was_said(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [["DANH SÁCH"], PLAIN, line(), line(2, "Hai", who="Cá nhân", kind="Duy trì")])
    with pytest.raises(HeadingUnclear):
        read(path)
    one, two = good(path, said(heading={"row": 2}, columns=COLUMNS))
    assert (one.title, one.subject, one.place.unit_id, one.field_id) == ("Tuyến đường hoa", "Hội Phụ nữ", 7, 1)
    assert (one.registered_on, one.kind, two.kind, two.subject_kind) == (
        date(2024, 3, 15),
        Kind.NEW,
        Kind.MAINTAINED,
        SubjectKind.INDIVIDUAL,
    )


def test_what_was_said_beats_the_guess_and_a_guess_fills_the_rest(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Tên gọi", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, line(subject="Đường hoa phụ nữ")])
    (row,) = good(path, said(columns={"C": "title", "B": "subject"}))
    assert (row.title, row.subject, row.field_id, row.kind) == ("Đường hoa phụ nữ", "Tuyến đường hoa", 1, Kind.NEW)
    reader, _ = reader_of(path, said(columns={"C": "title", "B": "subject"}))
    sure = {guess["column"]: (guess["sure"], guess["why"]) for guess in reader.sheets[0].guesses}
    assert sure["C"] == (100, "Cán bộ chọn")
    assert sure["E"] == (95, "Tiêu đề “Lĩnh vực”")


def test_a_column_said_to_be_of_no_use_is_not_guessed(tmp_path: Path) -> None:
    head = [*made.HEAD[:-1], "Nhóm"]
    path = made.xlsx(
        tmp_path / "so.xlsx",
        [head[:4] + head[5:], made.row()[:4] + made.row(note="Kinh tế")[5:]]
        + [made.row(f"Số {n}", number=n)[:4] + made.row(note="Kinh tế")[5:] for n in (2, 3)],
    )
    assert [row.field_id for row in good(path)] == [1, 1, 1]
    rows = read(path, said(columns={"I": "none"}))
    assert [row.flaws[0].code for row in rows if isinstance(row, RefusedRow)] == ["field_unknown"] * 3


def test_a_heading_of_two_rows(tmp_path: Path) -> None:
    rows = [["Sổ"], ["", "", "", "", "Phân loại"], [*PLAIN[:4], "a", "b", "c", "d"], line()]
    mapping = said(heading={"row": 2, "rows": 2}, columns=COLUMNS)
    reader, found = reader_of(made.xlsx(tmp_path / "so.xlsx", rows), mapping)
    assert len(found) == 1
    assert reader.sheets[0].heading_rows == [2, 3]


def test_a_sheet_without_a_heading_begins_with_its_data(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [["DANH SÁCH ĐĂNG KÝ"], line(), line(2, "Hai")])
    assert [row.title for row in good(path, said(heading={"row": 2, "rows": 0}, columns=COLUMNS))] == ["Tuyến đường hoa", "Hai"]


def test_a_heading_far_down(tmp_path: Path) -> None:
    rows = [[f"dòng {n}"] for n in range(1, 121)] + [PLAIN, line()]
    assert len(good(made.xlsx(tmp_path / "so.xlsx", rows), said(heading={"row": 121}, columns=COLUMNS))) == 1


def test_values_for_a_whole_column_fill_empty_cells_alone(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    empty = line(2, "Hai", field="", who="", kind="", day="", place="")
    path = made.xlsx(tmp_path / "so.xlsx", [head, line(kind="Duy trì"), empty])
    fills = {"field": "VHXH", "kind": "new", "subject_kind": "individual", "place": "Xã Tiến Lợi", "registered_on": "1/4/2024"}
    one, two = good(path, said(fills=fills))
    assert (one.kind, one.field_id, one.subject_kind, one.place.unit_id) == (Kind.MAINTAINED, 1, SubjectKind.COLLECTIVE, 7)
    assert (two.kind, two.field_id, two.subject_kind, two.place.unit_id) == (Kind.NEW, 2, SubjectKind.INDIVIDUAL, 8)
    assert (one.registered_on, two.registered_on) == (date(2024, 3, 15), date(2024, 4, 1))


def test_columns_that_are_missing_are_filled_for_all(tmp_path: Path) -> None:
    head, row = ["STT", "Tên mô hình", "Chủ thể", "Lĩnh vực"], [1, "Một", "Chi bộ", "Kinh tế"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, row, [2, "Hai", "Chi bộ", "VHXH"]])
    fills = {"kind": "maintained", "subject_kind": "collective", "registered_on": "2024-05-02"}
    assert [(r.kind, r.registered_on) for r in good(path, said(fills=fills))] == [(Kind.MAINTAINED, date(2024, 5, 2))] * 2


def test_a_section_speaks_before_a_fill(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Ngày ĐK"]
    without = [cell for n, cell in enumerate(line()) if n != 6]
    path = made.xlsx(tmp_path / "so.xlsx", [head, without, ["II", "Duy trì, nhân rộng"], [2, "Hai", *without[2:]]])
    assert [row.kind for row in good(path, said(fills={"kind": "new"}))] == [Kind.NEW, Kind.MAINTAINED]


def test_new_or_maintained_is_left_open_for_rows_that_do_not_say(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, line(), line(2, "Hai", kind="")])
    assert [row.kind_open for row in good(path, said(fills={"kind": "earlier"}))] == [False, True]


def test_a_title_in_two_columns(tmp_path: Path) -> None:
    head = ["STT", "Tên", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK", "Việc"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, [*line(), "giữ sạch"], [*line(2, "Chỉ một phần")]])
    join = {"columns": ["B", "I"], "role": "title", "separator": ": "}
    assert [row.title for row in good(path, said(heading={"row": 1}, joins=[join]))] == [
        "Tuyến đường hoa: giữ sạch",
        "Chỉ một phần",
    ]


def test_a_day_in_three_columns(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "N", "T", "Năm"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, [*line()[:7], 5, 4, 2024]])
    join = {"columns": ["H", "I", "J"], "role": "registered_on", "separator": "/"}
    assert [row.registered_on for row in good(path, said(joins=[join]))] == [date(2024, 4, 5)]


def test_what_was_typed_over_a_joined_cell_stands_for_all_of_it(tmp_path: Path) -> None:
    head = ["STT", "Tên", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK", "Việc"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, [*line(), "giữ sạch"]])
    mapping = said(heading={"row": 1}, joins=[{"columns": ["B", "I"], "role": "title"}])
    reader = RegisterReader(path, RegisterContext(**CONTEXT.__dict__ | {"mapping": mapping}), {"Danh sách!2": {"B": "Tên mới"}})
    assert [row.title for row in reader.rows() if isinstance(row, ReadRow)] == ["Tên mới"]


def test_two_things_in_one_column(tmp_path: Path) -> None:
    rows = [[*PLAIN[:6], "Ngày"], [*line()[:5], "Tập thể, đăng ký mới", "15/3/2024"]]
    rows += [[2, "Hai", *line()[2:5], "Cá nhân - duy trì", "15/3/2024"]]
    uses = {name: COLUMNS[name] for name in "ABCDE"} | {"F": ["part:subject_kind", "part:kind"], "G": "registered_on"}
    found = good(made.xlsx(tmp_path / "so.xlsx", rows), said(heading={"row": 1}, columns=uses))
    assert [(row.subject_kind, row.kind) for row in found] == [("collective", "new"), ("individual", "maintained")]


def test_crosses_and_boxes_by_hand(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[f"c{n}" for n in range(9)], [1, "Một", "x", "", "", "x", "x", "15/3/2024", "Đường bẩn"]]
    rows += [[2, "Hai", "", "x", "x", "", "x", "15/3/2024", ""]]
    uses = ["number", "title", "mark:field:Kinh tế", "mark:field:VHXH", "mark:kind:maintained", "mark:kind:new"]
    uses += ["mark:subject_kind:individual", "registered_on", "box:situation"]
    found = good(
        made.xlsx(tmp_path / "so.xlsx", rows), said(heading={"row": 1}, columns=dict(zip("ABCDEFGHI", uses, strict=True)))
    )
    assert [(row.field_id, row.kind, row.subject_kind) for row in found] == [
        (1, "new", "individual"),
        (2, "maintained", "individual"),
    ]
    assert found[0].answers == {"situation": "Đường bẩn"}


def test_short_words_of_a_list(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "Ai", "Loại đăng ký", "Ngày ĐK"]
    short = line(field="ANTT", who="tập.t", kind="L1", place="PH")
    words = {"field": {"ANTT": "Quốc phòng - an ninh"}, "kind": {"l1": "maintained"}, "place": {"ph": "Phường Phú Hài"}}
    mapping = said(columns={"F": "subject_kind"}, words=words | {"subject_kind": {"Tập.T": "collective"}})
    (row,) = good(made.xlsx(tmp_path / "so.xlsx", [head, short]), mapping)
    assert (row.field_id, row.subject_kind, row.kind, row.place.unit_id) == (3, "collective", "maintained", 7)


@pytest.mark.parametrize("font, how", [("TCVN3", made.to_tcvn3), ("VNI", made.to_vni)])
def test_a_font_that_was_named(tmp_path: Path, font: str, how: Callable[[str], str]) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", made.spelled([PLAIN, line(title="Hòa giải")], how))
    reader, rows = reader_of(path, said(heading={"row": 1}, columns=COLUMNS, font=font))
    assert [row.title for row in rows] == ["Hòa giải"]
    assert reader.sheets[0].encoding == font


def test_each_sheet_has_its_own(tmp_path: Path) -> None:
    other = dict(zip("HGFEDCBA", COLUMNS.values(), strict=True))
    path = made.xlsx(tmp_path / "so.xlsx", {"Một": [PLAIN, line()], "Hai": [PLAIN, line(2, "Hai")[::-1]]})
    sheets = [{"sheet": "Hai", "heading": {"row": 1}, "columns": other}, {"heading": {"row": 1}, "columns": COLUMNS}]
    mapping = Mapping.from_json({"version": 1, "sheets": sheets})
    assert [(row.source, row.title) for row in good(path, mapping)] == [("Một!2", "Tuyến đường hoa"), ("Hai!2", "Hai")]


def test_a_known_head_is_found_wherever_it_stands_and_its_columns_in_any_order(tmp_path: Path) -> None:
    known = said(head=PLAIN, columns=COLUMNS).sheets
    path = made.xlsx(tmp_path / "so.xlsx", [["Tiêu đề"], [], PLAIN[::-1], line()[::-1], line(2, "Hai")[::-1]])
    reader, rows = reader_of(path, remembered=known)
    assert [row.title for row in rows] == ["Tuyến đường hoa", "Hai"]
    assert {guess["why"] for guess in reader.sheets[0].guesses} == {"Đã nhớ từ lần nạp trước"}
    assert [len(head) for head in reader.remembered] == [8]
    with pytest.raises(HeadingUnclear):
        read(made.xlsx(tmp_path / "khac.xlsx", [PLAIN[:7], line()[:7]]), remembered=known)


def test_a_repeated_head_keeps_what_was_said(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Tên gọi", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    again = [*head[:7], "Ngày đăng ký"]
    path = made.xlsx(tmp_path / "so.xlsx", [head, line(), [], again, line(2, "Hai", subject="B")])
    assert [row.title for row in good(path, said(columns={"C": "title", "B": "subject"}))] == ["Hội Phụ nữ", "B"]


def test_two_hundred_columns(tmp_path: Path) -> None:
    rows = [[*PLAIN, *(f"Thêm {n}" for n in range(192))], [*line(), *range(192)]]
    assert len(good(made.xlsx(tmp_path / "so.xlsx", rows), said(heading={"row": 1}, columns=COLUMNS))) == 1


@pytest.mark.parametrize(
    "sheet, key, words",
    [
        ({"columns": {"ZZ": "title"}}, "columns.ZZ", "chỉ có 8 cột, đến cột H"),
        ({"sheet": "Không có"}, "sheets[0].sheet", "tệp không có trang “Không có”; có: “Danh sách”"),
        ({"fills": {"field": "Thể thao"}}, "fills.field", "không có lĩnh vực “Thể thao”"),
        ({"fills": {"place": "Xã Lạ"}}, "fills.place", "không có trong Thành ủy Phan Thiết"),
        ({"fills": {"registered_on": "1/1/2023"}}, "fills.registered_on", "ngoài thời gian đăng ký"),
        ({"columns": {"E": "mark:field:Thể thao"}}, "columns.E", "không có lĩnh vực “Thể thao”"),
    ],
)
def test_what_does_not_fit_the_file_is_told_by_its_key(tmp_path: Path, sheet: dict[str, Any], key: str, words: str) -> None:
    head = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "TT/CN", "Mới/Cũ", "Ngày ĐK"]
    with pytest.raises(MappingInvalid, match="Cách đọc sổ") as refused:
        read(made.xlsx(tmp_path / "so.xlsx", [head, line()]), said(**sheet))
    assert refused.value.key == key
    assert words in str(refused.value)


def test_a_heading_that_has_no_title_is_asked_about(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [PLAIN, line()])
    with pytest.raises(HeadingUnclear, match="chưa cột nào là “tên mô hình”"):
        read(path, said(heading={"row": 1}, columns={"C": "subject"}))


def test_a_sheet_without_rows_is_asked_about(tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [PLAIN])
    with pytest.raises(HeadingUnclear, match="không có dòng đăng ký nào"):
        read(path, said(heading={"row": 1}, columns=COLUMNS))


@pytest.mark.parametrize(
    "data, key",
    [
        ([], "(cả tệp)"),
        ({"version": 2, "sheets": []}, "version"),
        ({"version": 1, "cot": {}}, "cot"),
        ({"version": 1, "sheets": {}}, "sheets"),
        ({"version": 1, "sheets": [3]}, "sheets[0]"),
        ({"version": 1, "sheets": [{"columns": {"1": "title"}}]}, "sheets[0].columns.1"),
        ({"version": 1, "sheets": [{"columns": {"A": "tên"}}]}, "sheets[0].columns.A"),
        ({"version": 1, "sheets": [{"columns": {"A": 7}}]}, "sheets[0].columns.A"),
        ({"version": 1, "sheets": [{"columns": {"A": "title", "C": "title"}}]}, "sheets[0].columns"),
        ({"version": 1, "sheets": [{"joins": [{"columns": ["A"], "role": "title"}]}]}, "sheets[0].joins[0].columns"),
        ({"version": 1, "sheets": [{"joins": [{"columns": ["A", "B"], "role": "x"}]}]}, "sheets[0].joins[0].role"),
        (
            {"version": 1, "sheets": [{"columns": {"A": "title"}, "joins": [{"columns": ["A", "B"], "role": "subject"}]}]},
            "sheets[0].joins",
        ),
        ({"version": 1, "sheets": [{"heading": {"row": -1}}]}, "sheets[0].heading.row"),
        ({"version": 1, "sheets": [{"heading": {"row": True}}]}, "sheets[0].heading.row"),
        ({"version": 1, "sheets": [{"heading": {"row": 3, "rows": 99}}]}, "sheets[0].heading.rows"),
        ({"version": 1, "sheets": [{"heading": {"rows": 0}}]}, "sheets[0].heading.row"),
        ({"version": 1, "sheets": [{"fills": {"kind": "mới"}}]}, "sheets[0].fills.kind"),
        ({"version": 1, "sheets": [{"fills": {"registered_on": "31/2/2024"}}]}, "sheets[0].fills.registered_on"),
        ({"version": 1, "sheets": [{"font": "VIQR"}]}, "sheets[0].font"),
        ({"version": 1, "sheets": [{"words": {"kind": {"M": "mới"}}}]}, "sheets[0].words.kind.M"),
        ({"version": 1, "sheets": [{"words": {"ai": {}}}]}, "sheets[0].words.ai"),
        ({"version": 1, "sheets": [{"sheet": "a" * 301}]}, "sheets[0].sheet"),
        ({"version": 1, "sheets": [{"sheet": "a\x00"}]}, "sheets[0].sheet"),
        ({"version": 1, "sheets": [{"columns": {"A": "mark:field:\ud800"}}]}, "sheets[0].columns.A"),
        ({"version": 1, "sheets": [{}] * 1001}, "sheets"),
    ],
)
def test_a_bad_file_is_refused_by_its_key(data: Any, key: str) -> None:
    with pytest.raises(MappingInvalid) as refused:
        Mapping.from_json(data)
    assert refused.value.key == key


@pytest.mark.parametrize("code", ["title", "box:aims", "mark:kind:new", "mark:field:Kinh tế", "part:kind", "count"])
def test_a_use_is_its_code(code: str) -> None:
    found = use_of(code)
    assert isinstance(found, Use)
    assert found.code == code


@pytest.mark.parametrize("code", ["", "none", "box:x", "mark:kind:x", "mark:field:", "part:title", "title:x", "mark", "box"])
def test_other_words_are_no_use(code: str) -> None:
    assert use_of(code) is None


KEYS = [
    "version",
    "sheets",
    "sheet",
    "head",
    "heading",
    "row",
    "rows",
    "columns",
    "joins",
    "role",
    "separator",
    "fills",
    "font",
    "words",
]
HABITS: dict[str, Any] = {
    "plain": [["Sổ đăng ký"], made.HEAD, made.row(), made.row("Hai", number=2, kind="")],
    "two rows": [
        ["STT", "Tên mô hình", "Lĩnh vực", "", "Loại hình", "", "Đăng ký", "", "Ngày ĐK"],
        ["", "", "Kinh tế", "VHXH", "Tập thể", "Cá nhân", "Mới", "Duy trì"],
        [1, "Một", "x", "", "x", "", "x", "", "15/3/2024"],
        [2, "Hai", "", "x", "", "x", "", "x", "16/3/2024"],
    ],
    "two in one": [
        ["STT", "Tên MH", "Chủ thể", "ĐB", "LV", "Loại", "Nội dung", "Ngày ĐK"],
        [1, "Một", "Chi bộ", "Phường Phú Hài", "Kinh tế", "Tập thể, mới", "a", "15/3/2024"],
        [2, "Hai", "Chi bộ", "Phường Phú Hài", "Kinh tế", "Cá nhân, duy trì", "b", "15/3/2024"],
    ],
    "by values": [
        ["STT", "Tên mô hình", "Chủ thể", "", "Nhóm", "Hạng mục", "Thông tin", "Ghi nhận"],
        [1, "Một", "Chi bộ", "Phường Phú Hài", "Kinh tế", "Tập thể", "Mới", "15/3/2024"],
        [2, "Hai", "Chi bộ", "Xã Tiến Lợi", "VHXH", "Cá nhân", "Duy trì", "16/3/2024"],
    ],
    "sections": [
        [*made.HEAD[:4], *made.HEAD[5:]],
        ["I", "LĨNH VỰC KINH TẾ (1 mô hình)"],
        [*made.row()[:4], *made.row()[5:]],
        ["", "Tổng cộng: 1"],
    ],
    "kind in the doer's cell": [
        ["STT", "Tên MH", "Chủ thể", "ĐB", "LV", "Loại", "Nội dung", "Ngày ĐK"],
        [1, "Một", "Tập thể: Chi bộ 1", "Phường Phú Hài", "Kinh tế", "Mới", "a", "15/3/2024"],
        [2, "Hai", "Cá nhân: bà Hoa", "Phường Phú Hài", "Kinh tế", "Mới", "b", "15/3/2024"],
    ],
    "boxes": [
        [*made.HEAD[:7], "Thực trạng", "Mục tiêu", "Kết quả", "Ngày đăng ký", "Nội dung"],
        [*made.row()[:7], "Bẩn", "Sạch", "3 km", "15/3/2024", "Dọn"],
    ],
    "second table": [made.HEAD, made.row(), [], made.HEAD[:2] + made.HEAD[2:][::-1], made.row("Hai")[:2] + made.row()[2:][::-1]],
    "tcvn3": made.spelled([made.HEAD, made.row(), made.row("Hòa giải", number=2)], made.to_tcvn3),
}  # fmt: skip


def _as_docx(path: Path, rows: Any) -> Path:
    return odd.docx(path.with_suffix(".docx"), rows)


def _as_csv(path: Path, rows: Any) -> Path:
    return made.text_file(path.with_suffix(".csv"), rows)


@pytest.mark.parametrize("write", [made.xlsx, _as_docx, _as_csv])
@pytest.mark.parametrize("habit", HABITS)
def test_a_reading_told_as_a_mapping_reads_the_same_again(tmp_path: Path, habit: str, write: Any) -> None:
    path = write(tmp_path / "so.xlsx", HABITS[habit])
    first, rows = reader_of(path)
    told = first.mapping.to_json()
    assert Mapping.from_json(told).to_json() == told
    again, reread = reader_of(path, Mapping.from_json(told))
    assert reread == rows
    assert again.mapping.to_json() == told
    assert [sheet.rows for sheet in again.sheets] == [sheet.rows for sheet in first.sheets]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["title", "none", "A", "B", "new"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(data=JSON)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_file_is_read_or_refused(data: Any) -> None:
    for told in (data, {"version": 1, "sheets": [data]}):
        with suppress(MappingInvalid):
            found = Mapping.from_json(told)
            assert Mapping.from_json(found.to_json()).to_json() == found.to_json()
