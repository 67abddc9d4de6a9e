"""What one row of a register says, and each flaw with its column, its value and its sentence. Tables made up here, no database."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.headings import Column, Role
from models_registry.registers.layouts import Layout
from models_registry.registers.reading import Flaw, ReadRow, RefusedRow, RegisterContext, identity_of
from models_registry.registers.rows import RowReader
from models_registry.registers.sections import Sections
from models_registry.registers.vocabulary import NOWHERE, FieldBook, Place, PlaceBook

HIEP = Place(7, "xa-ham-hiep", "Xã Hàm Hiệp")
CONTEXT = RegisterContext(
    date(2024, 1, 1),
    date(2024, 11, 30),
    FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", ["VHXH"])]),
    PlaceBook("Huyện ủy Hàm Thuận Bắc", ["Hàm Thuận Bắc"], [(7, "xa-ham-hiep", "Xã Hàm Hiệp", "Đảng ủy xã Hàm Hiệp")]),
)
WORDS = Layout(
    at={
        Role.TITLE: 1,
        Role.SUBJECT: 2,
        Role.PLACE: 3,
        Role.FIELD: 4,
        Role.SUBJECT_KIND: 5,
        Role.KIND: 6,
        Role.REGISTERED_ON: 7,
    },
    contents=[8, 9],
    notes=[10, 11],
)
MARKS = Layout(
    at={Role.TITLE: 1, Role.SUBJECT: 2, Role.REGISTERED_ON: 9},
    field_marks=[Column(3, "Kinh tế", Role.FIELD, field_id=1), Column(4, "VHXH", Role.FIELD, field_id=2)],
    subject_marks=[
        Column(5, "Tập thể", Role.SUBJECT_KIND, subject_kind=SubjectKind.COLLECTIVE),
        Column(6, "Cá nhân", Role.SUBJECT_KIND, subject_kind=SubjectKind.INDIVIDUAL),
    ],
    kind_marks=[
        Column(7, "Đăng ký mới", Role.KIND, kind=Kind.NEW),
        Column(8, "Duy trì", Role.KIND, kind=Kind.MAINTAINED),
    ],
)
GOOD = ["1", "Đường hoa", "Hội Phụ nữ", "Hàm Hiệp", "VHXH", "Tập thể", "Mới", "15/3/2024", "Bước một", "Bước hai", "Ghi", "Thêm"]
MARKED = ["1", "Đường hoa", "Hội Phụ nữ", "x", "", "x", "", "x", "", "15/3/2024"]


def reader(
    layout: Layout, sections: Any = None, default_day: date | None = None, seen: dict[str, str] | None = None
) -> RowReader:
    context = RegisterContext(CONTEXT.opens_on, CONTEXT.closes_on, CONTEXT.fields, CONTEXT.places, default_day)
    return RowReader("Sổ", layout, context, sections or Sections(context), {} if seen is None else seen)


def changed(line: list[str], cells: dict[int, str]) -> list[str]:
    return [cells.get(at, text) for at, text in enumerate(line)]


def flaws(layout: Layout, line: list[str], cells: dict[int, str], **other: Any) -> list[tuple[str, ...]]:
    texts = changed(line, cells)
    found, _ = reader(layout, **other).read(5, list(texts), texts)
    assert isinstance(found, RefusedRow)
    assert (found.sheet, found.row, found.title) == ("Sổ", 5, texts[1])
    return [(flaw.column, flaw.value, flaw.code, flaw.message, flaw.choose) for flaw in found.flaws]


def good(layout: Layout, line: list[str], cells: dict[int, str], **other: Any) -> ReadRow:
    texts = changed(line, cells)
    found, _ = reader(layout, **other).read(5, list(texts), texts)
    assert isinstance(found, ReadRow), found
    return found


def test_a_row_of_words_is_read_box_by_box() -> None:
    found, place = reader(WORDS).read(5, list(GOOD), GOOD)
    assert place == HIEP
    assert found == ReadRow(
        "Sổ!5",
        "Đường hoa",
        "Hội Phụ nữ",
        HIEP,
        2,
        Kind.NEW,
        SubjectKind.COLLECTIVE,
        "Bước một\nBước hai",
        "Ghi\nThêm",
        date(2024, 3, 15),
        identity_of("Đường hoa", "xa-ham-hiep", "Hội Phụ nữ"),
    )
    sparse = good(WORDS, GOOD, {3: "", 8: "", 11: ""})
    assert (sparse.place, sparse.content, sparse.note) == (NOWHERE, "Bước hai", "Ghi")


def test_a_row_of_crosses_is_read_by_its_columns() -> None:
    found = good(MARKS, MARKED, {})
    assert (found.field_id, found.kind, found.subject_kind, found.subject) == (1, "new", "collective", "Hội Phụ nữ")
    other = good(MARKS, MARKED, {3: "", 4: "x", 5: "", 6: "X", 7: "-", 8: "v"})
    assert (other.field_id, other.kind, other.subject_kind) == (2, "maintained", "individual")


def test_a_name_under_collective_or_individual_is_who_does_it() -> None:
    found = good(MARKS, MARKED, {2: "", 5: "", 6: "Ông Tám"})
    assert (found.subject, found.subject_kind) == ("Ông Tám", "individual")
    assert good(MARKS, MARKED, {2: ""}).subject == ""  # a cross is no name
    assert good(MARKS, MARKED, {2: "Hội", 5: "Ông Tám"}).subject == "Hội"
    named = "Ô" * 301
    assert flaws(MARKS, MARKED, {2: "", 5: "", 6: named}) == [
        ("G", named, "subject_too_long", "Tên tập thể, cá nhân dài quá 300 ký tự.", "")
    ]


@pytest.mark.parametrize(
    "cells, flaw",
    [
        ({1: ""}, ("B", "", "title_missing", "Chưa có tên mô hình.", "")),
        ({1: "x" * 501}, ("B", "x" * 501, "title_too_long", "Tên mô hình dài 501 ký tự, quá 500.", "")),
        ({1: "x" * 2001}, ("B", "x" * 2000, "title_too_long", "Tên mô hình dài 2.001 ký tự, quá 500.", "")),
        ({2: "x" * 301}, ("C", "x" * 301, "subject_too_long", "Tên tập thể, cá nhân dài quá 300 ký tự.", "")),
        ({2: "x" * 2001}, ("C", "x" * 2000, "subject_too_long", "Tên tập thể, cá nhân dài quá 300 ký tự.", "")),
        (
            {3: "Xã Lạ"},
            ("D", "Xã Lạ", "place_unknown", "Địa bàn “Xã Lạ” không có trong Huyện ủy Hàm Thuận Bắc.", "place"),
        ),
        (
            {4: "Thể thao"},
            ("E", "Thể thao", "field_unknown", "Lĩnh vực “Thể thao” không có. Các lĩnh vực: Kinh tế; Văn hóa - xã hội.", "field"),
        ),
        ({4: ""}, ("E", "", "field_unknown", "Chưa ghi lĩnh vực.", "field")),
        (
            {5: "Hộ"},
            ("F", "Hộ", "subject_kind_unknown", "“Hộ” không phải tập thể hay cá nhân.", "subject_kind"),
        ),
        ({5: ""}, ("F", "", "subject_kind_missing", "Chưa ghi tập thể hay cá nhân.", "subject_kind")),
        ({6: ""}, ("G", "", "kind_missing", "Chưa ghi đăng ký mới hay duy trì, nhân rộng.", "kind")),
        ({6: "Có"}, ("G", "Có", "kind_missing", "“Có”: không rõ mới hay duy trì.", "kind")),
        (
            {6: "Tiếp tục, lần đầu"},
            ("G", "Tiếp tục, lần đầu", "kind_missing", "“Tiếp tục, lần đầu”: không rõ mới hay duy trì.", "kind"),
        ),
        ({6: "Mới, cũ"}, ("G", "Mới, cũ", "kind_missing", "“Mới, cũ”: không rõ mới hay duy trì.", "kind")),
        (
            {6: "Duy trì, lần đầu"},
            ("G", "Duy trì, lần đầu", "kind_missing", "“Duy trì, lần đầu”: không rõ mới hay duy trì.", "kind"),
        ),
        ({6: "Mới/Duy trì"}, ("G", "Mới/Duy trì", "kind_both", "“Mới/Duy trì”: vừa mới vừa duy trì.", "kind")),
        ({6: "Mới, nhân rộng"}, ("G", "Mới, nhân rộng", "kind_both", "“Mới, nhân rộng”: vừa mới vừa duy trì.", "kind")),
        ({7: ""}, ("H", "", "date_missing", "Chưa ghi ngày đăng ký.", "")),
        (
            {7: "30/2/2024"},
            (
                "H",
                "30/2/2024",
                "date_impossible",
                "Ngày “30/2/2024” không có thật; viết ngày/tháng/năm, ví dụ 15/3/2024.",
                "",
            ),
        ),
        (
            {7: "31/12/2023"},
            (
                "H",
                "31/12/2023",
                "date_out_of_season",
                "Ngày 31/12/2023 ngoài thời gian đăng ký của năm (01/01/2024 - 30/11/2024).",
                "",
            ),
        ),
        (
            {7: "1.12.2024"},
            (
                "H",
                "1.12.2024",
                "date_out_of_season",
                "Ngày 01/12/2024 ngoài thời gian đăng ký của năm (01/01/2024 - 30/11/2024).",
                "",
            ),
        ),
    ],
)
def test_each_flaw_of_a_row_of_words_stands_at_its_cell(cells: dict[int, str], flaw: tuple[str, ...]) -> None:
    assert flaws(WORDS, GOOD, cells) == [flaw]


@pytest.mark.parametrize("at, text", [(1, "x" * 500), (2, "x" * 300), (7, "1/1/2024"), (7, "30/11/2024")])
def test_what_just_fits_is_no_flaw(at: int, text: str) -> None:
    assert good(WORDS, GOOD, {at: text})


@pytest.mark.parametrize(
    "cells, flaw",
    [
        ({4: "x"}, ("D:E", "Kinh tế, VHXH", "field_unknown", "Đánh dấu hơn một lĩnh vực.", "")),
        ({3: ""}, ("D:E", "", "field_unknown", "Chưa đánh dấu lĩnh vực nào.", "")),
        ({6: "x"}, ("F:G", "x, x", "subject_kind_both", "Đánh dấu cả “tập thể” và “cá nhân”.", "")),
        ({5: ""}, ("F:G", "", "subject_kind_missing", "Chưa ghi tập thể hay cá nhân.", "")),
        ({8: "x"}, ("H:I", "x, x", "kind_both", "Đánh dấu cả “mới” và “duy trì”.", "")),
        ({7: ""}, ("H:I", "", "kind_missing", "Chưa ghi đăng ký mới hay duy trì, nhân rộng.", "")),
    ],
)
def test_each_flaw_of_a_row_of_crosses_names_its_columns(cells: dict[int, str], flaw: tuple[str, ...]) -> None:
    assert flaws(MARKS, MARKED, cells) == [flaw]


def test_one_column_of_crosses_is_named_alone_and_none_not_at_all() -> None:
    one = Layout(at=MARKS.at, field_marks=MARKS.field_marks[:1], subject_marks=MARKS.subject_marks, kind_marks=MARKS.kind_marks)
    assert flaws(one, MARKED, {3: ""}) == [("D", "", "field_unknown", "Chưa đánh dấu lĩnh vực nào.", "")]
    bare = Layout(at={Role.TITLE: 1})
    assert flaws(bare, GOOD, {}) == [
        ("", "", "field_unknown", "Chưa ghi lĩnh vực.", ""),
        ("", "", "kind_missing", "Chưa ghi đăng ký mới hay duy trì, nhân rộng.", ""),
        ("", "", "subject_kind_missing", "Chưa ghi tập thể hay cá nhân.", ""),
        ("", "", "date_missing", "Chưa ghi ngày đăng ký.", ""),
    ]


def test_what_a_row_leaves_out_its_section_says() -> None:
    section = SimpleNamespace(
        place=HIEP, hamlet="", has_block=False, field_id=1, kind=Kind.MAINTAINED, subject_kind=SubjectKind.INDIVIDUAL
    )
    empty = {3: "", 4: "", 5: "", 6: "", 7: ""}
    found = good(WORDS, GOOD, empty, sections=section, default_day=date(2024, 5, 2))
    assert (found.place, found.field_id, found.kind, found.subject_kind) == (HIEP, 1, "maintained", "individual")
    assert found.registered_on == date(2024, 5, 2)
    crosses = good(MARKS, MARKED, {3: "", 5: "", 7: ""}, sections=section)
    assert (crosses.place, crosses.field_id, crosses.kind, crosses.subject_kind) == (HIEP, 1, "maintained", "individual")
    own = good(WORDS, GOOD, {}, sections=section, default_day=date(2024, 5, 2))
    assert (own.field_id, own.kind, own.subject_kind, own.registered_on) == (2, "new", "collective", date(2024, 3, 15))
    assert [flaw[2] for flaw in flaws(MARKS, MARKED, {4: "x", 6: "x", 8: "x"}, sections=section)] == [
        "field_unknown",
        "kind_both",
        "subject_kind_both",
    ]


def told(layout: Layout, line: list[str], sections: Any = None, raw: list[Any] | None = None, **context: Any) -> dict[str, str]:
    """What a page is told that the file says of a row."""
    telling = replace(CONTEXT, tells=True, **context)
    found, _ = RowReader("Sổ", layout, telling, sections or Sections(telling), {}).read(5, list(raw or line), line)
    return found.said


def test_a_page_is_told_what_the_file_says_of_a_row() -> None:
    words = {
        "title": "Đường hoa",
        "subject": "Hội Phụ nữ",
        "place": "Hàm Hiệp",
        "field": "VHXH",
        "subject_kind": "Tập thể",
        "kind": "Mới",
        "registered_on": "15/3/2024",
        "content": "Bước một\nBước hai",
        "note": "Ghi\nThêm",
    }
    assert told(WORDS, GOOD) == words
    assert told(WORDS, GOOD, raw=[*GOOD[:7], datetime(2024, 4, 2), *GOOD[8:]]) == words  # no number: its text
    assert told(WORDS, GOOD, raw=[*GOOD[:7], 45384, *GOOD[8:]]) == words | {"registered_on": "02/04/2024"}
    assert told(replace(WORDS, month_first=True), changed(GOOD, {7: "3/15/2024"})) == words | {"registered_on": "15/3/2024"}
    assert reader(WORDS).read(5, list(GOOD), GOOD)[0].said == {}


def test_a_page_is_told_what_crosses_and_sections_say_of_a_row() -> None:
    row = {"title": "Đường hoa", "subject": "Hội Phụ nữ", "registered_on": "15/3/2024"}
    crosses = row | {"field": "Kinh tế", "subject_kind": "Tập thể", "kind": "Đăng ký mới"}
    assert told(MARKS, MARKED) == crosses
    both = changed(MARKED, {4: "x", 8: "x"})
    assert told(MARKS, both) == crosses | {"field": "Kinh tế, Văn hóa - xã hội", "kind": "Đăng ký mới, Duy trì, nhân rộng"}
    section = SimpleNamespace(
        place=HIEP, hamlet="", has_block=False, field_id=2, kind=Kind.MAINTAINED, subject_kind=SubjectKind.INDIVIDUAL
    )
    bare = changed(MARKED, {3: "", 5: "", 7: "", 9: ""})
    of_section = {"place": "Xã Hàm Hiệp", "field": "Văn hóa - xã hội", "subject_kind": "Cá nhân", "kind": "Duy trì, nhân rộng"}
    assert told(MARKS, bare, section, default_day=date(2024, 5, 2)) == row | of_section | {"registered_on": "02/05/2024"}
    assert told(MARKS, MARKED, section) == crosses | {"place": "Xã Hàm Hiệp"}  # the row's own words come first


def test_a_row_that_is_not_taken_says_where_it_stands_and_why() -> None:
    telling = replace(CONTEXT, tells=True)
    rows = RowReader("Sổ", WORDS, telling, Sections(telling), {})
    aside, place = rows.set_aside(6, GOOD, "row_struck")
    identity = identity_of("Đường hoa", "xa-ham-hiep", "Hội Phụ nữ")
    assert (aside.sheet, aside.row, aside.identity, aside.title, place) == ("Sổ", 6, identity, "Đường hoa", HIEP)
    assert aside.flaws == (Flaw("", "", "row_struck", "Dòng này bị gạch ngang trong tệp."),)
    other, nowhere = rows.of_another(7, GOOD, "Huyện ủy Đức Linh")
    said = "Dòng này thuộc sổ của Huyện ủy Đức Linh. Xin nạp tệp này một lần nữa cho đơn vị ấy."
    assert (other.sheet, other.row, other.title, nowhere) == ("Sổ", 7, "Đường hoa", NOWHERE)
    assert other.flaws == (Flaw("", "", "other_unit", said),)
    assert aside.said == other.said == told(WORDS, GOOD)


def test_short_words_of_a_list_mean_what_was_said_of_them_and_are_counted() -> None:
    tally: dict[Role, Counter[str]] = {}
    words = {Role.KIND: {"m": "Đăng ký mới"}, Role.FIELD: {"kt": "Kinh tế"}}
    rows = RowReader("Sổ", WORDS, CONTEXT, Sections(CONTEXT), {}, words=words, tally=tally)
    short = changed(GOOD, {4: "KT", 6: "M"})
    found, _ = rows.read(5, list(short), short)
    assert isinstance(found, ReadRow) and (found.field_id, found.kind) == (1, "new")
    assert (tally[Role.FIELD], tally[Role.KIND]) == (Counter(["KT"]), Counter(["M"]))
    whole = changed(GOOD, {1: "Đường cờ", 6: "Duy trì"})  # what no short word stands for is read as ever
    found, _ = rows.read(6, list(whole), whole)
    assert isinstance(found, ReadRow) and (found.field_id, found.kind) == (2, "maintained")


def test_a_day_that_a_sheet_holds_as_a_day_is_taken_as_it_is() -> None:
    raw: list[Any] = [*GOOD]
    raw[7] = datetime(2024, 4, 2, 0, 0)
    found, _ = reader(WORDS).read(5, raw, changed(GOOD, {7: "thứ Ba"}))  # however its text looks
    assert isinstance(found, ReadRow) and found.registered_on == date(2024, 4, 2)
    short, _ = reader(WORDS).read(5, raw[:7], GOOD)  # a cell that was typed over beyond the row's end
    assert isinstance(short, ReadRow) and short.registered_on == date(2024, 3, 15)


def test_a_row_that_repeats_an_earlier_one_names_it() -> None:
    seen: dict[str, str] = {}
    first = reader(WORDS, seen=seen)
    assert isinstance(first.read(5, list(GOOD), GOOD)[0], ReadRow)
    assert isinstance(first.read(5, list(GOOD), GOOD)[0], ReadRow)  # the same row read again
    again, _ = first.read(9, list(GOOD), GOOD)
    assert isinstance(again, RefusedRow)
    assert [(flaw.column, flaw.value, flaw.code, flaw.message, flaw.choose) for flaw in again.flaws] == [
        ("B", "Đường hoa", "duplicate", "Trùng tên, địa bàn và người thực hiện với dòng 5.", "")
    ]
    other = RowReader("Trang!2", WORDS, CONTEXT, Sections(CONTEXT), seen)
    far, _ = other.read(5, list(GOOD), GOOD)
    assert isinstance(far, RefusedRow) and far.identity == again.identity
    assert [flaw.message for flaw in far.flaws] == ["Trùng tên, địa bàn và người thực hiện với dòng 5 của trang “Sổ”."]
    second = changed(GOOD, {1: "Đường cờ"})
    assert isinstance(other.read(6, list(second), second)[0], ReadRow)
    back, _ = first.read(12, list(second), second)
    assert isinstance(back, RefusedRow)
    assert [flaw.message for flaw in back.flaws] == ["Trùng tên, địa bàn và người thực hiện với dòng 6 của trang “Trang!2”."]
    nameless = changed(GOOD, {1: ""})
    for number in (10, 11):  # rows without a name are not one another's doubles
        found, _ = first.read(number, list(nameless), nameless)
        assert isinstance(found, RefusedRow) and [flaw.code for flaw in found.flaws] == ["title_missing"]
