"""Registers written as lists without a table: each numbered paragraph is a row. No database."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.mapping import Mapping, MappingInvalid
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.refusing import HeadingUnclear
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import odd_formats as odd
from tests import registers as made

FIELDS = FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", [])])
PLACES = PlaceBook(
    "Huyện ủy Bắc Bình",
    ["Huyện Bắc Bình"],
    [(1, "phan-hiep", "Xã Phan Hiệp", "Đảng ủy xã Phan Hiệp"), (2, "phan-tien", "Xã Phan Tiến", "Đảng ủy xã Phan Tiến")],
)
FIRST = ("Tuyến đường hoa", "Hội Phụ nữ xã Phan Hiệp", "Xã Phan Hiệp", 1, Kind.NEW, SubjectKind.COLLECTIVE, date(2024, 3, 15))
SECOND = ("Nuôi bò, trồng cỏ", "Bà Lê Thị Hoa", "Xã Phan Tiến", 2, Kind.MAINTAINED, SubjectKind.INDIVIDUAL, date(2024, 3, 16))
HEAD = "HUYỆN ỦY BẮC BÌNH\nDANH SÁCH MÔ HÌNH DÂN VẬN KHÉO NĂM 2024\n"
FOOT = "\nBắc Bình, ngày 20 tháng 3 năm 2024\nTM. BAN THƯỜNG VỤ\nNguyễn Văn A"
LISTS = {
    "semicolons": """
1. Tuyến đường hoa; Hội Phụ nữ xã Phan Hiệp; tập thể; xã Phan Hiệp; Kinh tế; đăng ký mới; 15/3/2024
2. Nuôi bò, trồng cỏ; Bà Lê Thị Hoa; cá nhân; xã Phan Tiến; Văn hóa - xã hội; duy trì; 16/3/2024""",
    "dashes": """
1/ Tuyến đường hoa - Hội Phụ nữ xã Phan Hiệp (tập thể) - Xã Phan Hiệp - Kinh tế - Đăng ký mới - ngày 15/3/2024
2/ Nuôi bò, trồng cỏ - Bà Lê Thị Hoa (cá nhân) - Xã Phan Tiến - Văn hóa - xã hội - Duy trì - ngày 16/3/2024""",
    "labels in one line": """
1. Tên mô hình: Tuyến đường hoa. Đơn vị thực hiện: Hội Phụ nữ xã Phan Hiệp. Loại hình: Tập thể. Địa bàn: Xã Phan Hiệp. Lĩnh vực: Kinh tế. Đăng ký: mới. Ngày đăng ký: 15/3/2024.
2. Tên mô hình: Nuôi bò, trồng cỏ. Đơn vị thực hiện: Bà Lê Thị Hoa. Loại hình: Cá nhân. Địa bàn: Xã Phan Tiến. Lĩnh vực: Văn hóa - xã hội. Đăng ký: duy trì. Ngày đăng ký: 16/3/2024.""",
    "labels below a name": """
1. Tuyến đường hoa
- Đơn vị thực hiện: Hội Phụ nữ xã Phan Hiệp
- Địa bàn: Xã Phan Hiệp; Loại hình: Tập thể
- Lĩnh vực: Kinh tế
- Đăng ký mới, ngày 15/3/2024
2. Nuôi bò, trồng cỏ
- Đơn vị thực hiện: Bà Lê Thị Hoa
- Địa bàn: Xã Phan Tiến; Loại hình: Cá nhân
- Lĩnh vực: Văn hóa - xã hội
- Duy trì, ngày 16/3/2024""",
    "below a line that looks like a label": """
mô hình “Dân vận khéo” năm 2024
Huyện ủy Bắc Bình đăng ký 02 mô hình “Dân vận khéo” năm 2024, cụ thể như sau:
1. Tuyến đường hoa
- Đơn vị thực hiện: Hội Phụ nữ xã Phan Hiệp.
- Hình thức: Tập thể.
- Địa bàn: Xã Phan Hiệp.
- Lĩnh vực: Kinh tế.
- Loại mô hình: đăng ký mới.
- Ngày đăng ký: 15/3/2024
2. Nuôi bò, trồng cỏ
- Người thực hiện: Bà Lê Thị Hoa.
- Hình thức: Cá nhân.
- Địa bàn: Xã Phan Tiến.
- Lĩnh vực: Văn hóa - xã hội.
- Loại mô hình: duy trì.
- Ngày đăng ký: 16/3/2024""",
    "sections, letters": """
I. LĨNH VỰC KINH TẾ
1. Đăng ký mới
a) Tuyến đường hoa, do Hội Phụ nữ xã Phan Hiệp thực hiện (tập thể, 15/3/2024, xã Phan Hiệp)
II. LĨNH VỰC VĂN HÓA - XÃ HỘI
1. Duy trì
a) Nuôi bò, trồng cỏ; bà Lê Thị Hoa (cá nhân, 16/3/2024, xã Phan Tiến)""",
    "sections, dashes as numbers": """
1. Lĩnh vực kinh tế
1.1. Đăng ký mới
- Tuyến đường hoa; Hội Phụ nữ xã Phan Hiệp; tập thể; tại xã Phan Hiệp; 15/3/2024
2. Lĩnh vực văn hóa - xã hội
2.1. Duy trì, nhân rộng
- Nuôi bò, trồng cỏ; Bà Lê Thị Hoa; cá nhân; tại xã Phan Tiến; 16/3/2024""",
    "a dash, brackets, commas": """
1. Tuyến đường hoa - Hội Phụ nữ xã Phan Hiệp (Xã Phan Hiệp), lĩnh vực kinh tế, tập thể, mới, đăng ký ngày 15/03/2024.
2. Nuôi bò, trồng cỏ - Bà Lê Thị Hoa (Xã Phan Tiến), lĩnh vực văn hóa - xã hội, cá nhân, duy trì, đăng ký ngày 16/03/2024.""",
    "a label that says two things": """
1. Tuyến đường hoa
- Đơn vị thực hiện: Hội Phụ nữ xã Phan Hiệp (tập thể)
- Địa bàn: Xã Phan Hiệp. Đăng ký: mới, ngày 15/03/2024. Lĩnh vực: Kinh tế
2. Nuôi bò, trồng cỏ
- Đơn vị thực hiện: Bà Lê Thị Hoa (cá nhân)
- Địa bàn: Xã Phan Tiến. Đăng ký: duy trì, ngày 16/03/2024. Lĩnh vực: Văn hóa - xã hội""",
    "columns set with tabs": """
1.\tTuyến đường hoa\tHội Phụ nữ xã Phan Hiệp\tTập thể\tXã Phan Hiệp\tKinh tế\tMới\t15/3/2024
2.\tNuôi bò, trồng cỏ\tBà Lê Thị Hoa\tCá nhân\tXã Phan Tiến\tVăn hóa - xã hội\tDuy trì\t16/3/2024""",
}


def document(text: str) -> str:
    return "".join(
        odd.paragraph(line).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">') for line in text.splitlines() if line
    )


def read(path: Path) -> list[ReadRow | RefusedRow]:
    return list(RegisterReader(path, RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES)).rows())


def told(row: ReadRow | RefusedRow) -> tuple[object, ...]:
    assert isinstance(row, ReadRow), row.flaws
    subject = row.subject[:1].upper() + row.subject[1:]
    return (row.title, subject, row.place.name, row.field_id, row.kind, row.subject_kind, row.registered_on)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_a_document_is_read_as_rows(tmp_path: Path, name: str) -> None:
    assert [told(row) for row in read(odd.docx(tmp_path / "so.docx", document(HEAD + LISTS[name] + FOOT)))] == [FIRST, SECOND]


@pytest.mark.parametrize("name", ["Tuyến đường hoa", "Nuôi bò, trồng cỏ", "Mô hình “Rau sạch do phụ nữ, thanh niên trồng”"])
@pytest.mark.parametrize(
    "doer", ["Chi hội Phụ nữ", "Bà Lê Thị Hoa, hội viên phụ nữ thôn 3", "Ông Thông Văn Én, Trưởng thôn, người có uy tín"]
)
def test_a_sentence_says_who_does_a_model_and_labels_the_rest(tmp_path: Path, name: str, doer: str) -> None:
    behind = "địa bàn: xã Phan Hiệp; lĩnh vực: kinh tế; loại hình: {}; ngày đăng ký: 15/3/2024."
    kind = "cá nhân" if "," in doer else "tập thể"
    lines = [
        "I. Mô hình đăng ký mới",
        f"1. {name} do {doer[:1].lower()}{doer[1:]} thực hiện; {behind.format(kind)}",
        f"2. Đường cờ do Hội Cựu chiến binh đăng ký; {behind.format('tập thể')}",
        "Ban Thường vụ kính báo cáo./.",
    ]
    found = read(odd.docx(tmp_path / "so.docx", document("\n".join([HEAD, *lines]))))
    assert [told(row)[:2] for row in found] == [(name, doer), ("Đường cờ", "Hội Cựu chiến binh")]
    assert isinstance(found[0], ReadRow) and found[0].subject_kind.label.casefold() == kind


def test_a_long_list_of_many_cells_is_read_without_a_heading(tmp_path: Path) -> None:
    lines = [f"{n}.\tTổ hợp tác số {n}\tChi bộ thôn {n}\tTập thể\tXã Phan Hiệp\tKinh tế\tMới\t15/3/2024" for n in range(1, 9)]
    rows = read(odd.docx(tmp_path / "so.docx", document(HEAD + "\n".join(lines))))
    assert [told(row)[:2] for row in rows] == [(f"Tổ hợp tác số {n}", f"Chi bộ thôn {n}") for n in range(1, 9)]


def test_the_same_below_a_heading_that_nobody_knows_is_left_to_be_said_by_hand(tmp_path: Path) -> None:
    lines = [f"{n}.\tTổ {n}\tChi bộ {n}\tTập thể\tXã Phan Hiệp\tKinh tế\tMới\t15/3/2024" for n in range(1, 9)]
    with pytest.raises(HeadingUnclear):
        read(odd.docx(tmp_path / "so.docx", document("Một\tHai\tBa\tBốn\tNăm\tSáu\tBảy\tTám\n" + "\n".join(lines))))


def by_hand(path: Path, **said: Any) -> RegisterReader:
    mapping = Mapping.from_json({"version": 1, "sheets": [{"list": True, **said}]})
    return RegisterReader(path, RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES, mapping=mapping, most=500))


def test_the_columns_of_a_list_are_what_was_said_by_hand(tmp_path: Path) -> None:
    """The doer stands first in each line: the portal cannot know."""
    lines = "1. Chi bộ thôn 1; Đường hoa; tập thể; Kinh tế; mới; 15/3/2024\n2. Chi bộ thôn 2; Nuôi bò; tập thể; Kinh tế; mới; 15/3/2024"
    path = odd.docx(tmp_path / "so.docx", document(HEAD + lines))
    reader = by_hand(path, columns={"B": "subject", "C": "title"})
    rows = list(reader.rows())
    assert [(row.title, row.subject) for row in rows if isinstance(row, ReadRow)] == [
        ("Đường hoa", "Chi bộ thôn 1"),
        ("Nuôi bò", "Chi bộ thôn 2"),
    ]
    assert [cells[1:3] for _, cells in reader.heads["so"]] == [["Chi bộ thôn 1", "Đường hoa"], ["Chi bộ thôn 2", "Nuôi bò"]]
    (said,) = reader.mapping.to_json()["sheets"]
    assert (said["list"], said["columns"]["B"], said["columns"]["C"]) == (True, "subject", "title")
    again = RegisterReader(path, replace(reader.context, mapping=reader.mapping))
    assert list(again.rows()) == rows


def test_what_says_too_little_to_be_known_for_a_list_is_one_when_somebody_says_so(tmp_path: Path) -> None:
    path = odd.docx(tmp_path / "so.docx", document("1. Đường hoa; Chi bộ thôn 1\n2. Nuôi bò; Chi bộ thôn 2"))
    fills = {"field": "Kinh tế", "kind": "new", "subject_kind": "collective", "registered_on": "15/3/2024"}
    rows = list(by_hand(path, fills=fills).rows())
    assert [(row.title, row.subject) for row in rows if isinstance(row, ReadRow)] == [
        ("Đường hoa", "Chi bộ thôn 1"),
        ("Nuôi bò", "Chi bộ thôn 2"),
    ]


@pytest.mark.parametrize(
    "said, why", [({"list": 1}, "true hoặc false"), ({"list": True, "heading": {"row": 3}}, "không có dòng tiêu đề")]
)
def test_a_list_said_wrongly_is_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(MappingInvalid, match=why):
        Mapping.from_json({"version": 1, "sheets": [said]})


def test_a_list_has_no_other_columns_than_it_is_parted_into(tmp_path: Path) -> None:
    path = odd.docx(tmp_path / "so.docx", document(LISTS["semicolons"]))
    with pytest.raises(MappingInvalid, match="chỉ có 8 cột"):
        list(by_hand(path, columns={"K": "title"}).rows())


def test_a_list_in_the_first_column_of_a_sheet_is_read_too(tmp_path: Path) -> None:
    lines = [[line] for line in (HEAD + LISTS["semicolons"] + FOOT).splitlines()]
    assert [told(row) for row in read(made.xlsx(tmp_path / "so.xlsx", lines))] == [FIRST, SECOND]


def test_numbers_that_word_counts_begin_the_models(tmp_path: Path) -> None:
    lines = LISTS["semicolons"].strip().splitlines()
    about = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = document(HEAD) + "".join(odd.paragraph(line[3:], about=about) for line in lines) + document(FOOT)
    assert [told(row) for row in read(odd.docx(tmp_path / "so.docx", body))] == [FIRST, SECOND]


def test_words_that_stand_apart_by_commas_alone_are_not_guessed(tmp_path: Path) -> None:
    """A name may have a comma of its own."""
    lines = "1. Tuyến đường hoa, Hội Phụ nữ, tập thể, Kinh tế, mới, 15/3/2024\n2. Nuôi bò, trồng cỏ, Bà Hoa, cá nhân, Kinh tế, mới, 15/3/2024"
    first, second = read(odd.docx(tmp_path / "so.docx", document(lines)))
    assert (isinstance(first, ReadRow), first.title) == (True, "Tuyến đường hoa")
    assert isinstance(second, RefusedRow)
    assert "title_missing" in [flaw.code for flaw in second.flaws]


@pytest.mark.parametrize(
    "line, title, subject",
    [
        ("Tuyến đường sáng - xanh - sạch - đẹp; Hội Phụ nữ; tập thể; Kinh tế; mới; 15/3/2024", "Tuyến đường sáng - xanh - sạch - đẹp", "Hội Phụ nữ"),
        ("Đội bóng; Trưởng thôn 13, xã Phan Tiến; xã Phan Tiến; tập thể; Kinh tế; mới; 15/3/2024", "Đội bóng", "Trưởng thôn 13, xã Phan Tiến"),
        ("Đội bóng - Trưởng thôn 13, xã Phan Tiến - Xã Phan Tiến (tập thể, Kinh tế, mới, 15/3/2024)", "Đội bóng", "Trưởng thôn 13, xã Phan Tiến"),
        ("Tuyến đường sáng - xanh, do Hội Phụ nữ thực hiện (tập thể, Kinh tế, mới, 15/3/2024)", "Tuyến đường sáng - xanh", "Hội Phụ nữ"),
        ("Mô hình “Ba không, hai sạch” - Hội Phụ nữ - tập thể - Kinh tế - mới - 15/3/2024", "Mô hình “Ba không, hai sạch”", "Hội Phụ nữ"),
        ("Nông thôn mới, bà Lê Thị Hoa, cá nhân, Văn hóa - xã hội, duy trì, tháng 3/2024", "Nông thôn mới", "bà Lê Thị Hoa"),
    ],
)  # fmt: skip
def test_what_stands_within_a_name_stays_there(tmp_path: Path, line: str, title: str, subject: str) -> None:
    (row,) = read(odd.docx(tmp_path / "so.docx", document(f"1. {line}")))
    assert isinstance(row, ReadRow), row.flaws
    assert (row.title, row.subject) == (title, subject)


def test_a_model_of_which_too_little_is_said_is_shown_and_refused(tmp_path: Path) -> None:
    rows = read(odd.docx(tmp_path / "so.docx", document(LISTS["semicolons"] + "\n3. Đội bóng; Chi đoàn thôn 3")))
    assert [row.title for row in rows] == ["Tuyến đường hoa", "Nuôi bò, trồng cỏ", "Đội bóng"]
    assert isinstance(rows[2], RefusedRow)


def test_a_letter_with_numbered_points_is_no_register(tmp_path: Path) -> None:
    letter = """KẾ HOẠCH
1. Công tác tuyên truyền; vận động Nhân dân tham gia, đăng ký mới các mô hình
2. Phát triển kinh tế; chăm lo đời sống
3. Tổ chức thực hiện: Ban Dân vận tham mưu; các xã, thị trấn đăng ký trước ngày 15/3/2024"""
    with pytest.raises(HeadingUnclear, match="Không thấy dòng tiêu đề"):
        read(odd.docx(tmp_path / "so.docx", document(letter)))


def test_a_line_that_ends_with_a_colon_opens_a_section_however_it_begins(tmp_path: Path) -> None:
    lines = """Về lĩnh vực kinh tế:
- Nuôi bò (xã Phan Tiến; cá nhân; đăng ký mới; 15/3/2024).
- Trồng cỏ (xã Phan Tiến; tập thể; đăng ký mới; 15/3/2024).
Về lĩnh vực văn hóa - xã hội:
- Đội bóng (xã Phan Tiến; tập thể; duy trì; 15/3/2024)."""
    rows = read(odd.docx(tmp_path / "so.docx", document(lines)))
    assert [(row.title, FIELDS.name_of[row.field_id]) for row in rows if isinstance(row, ReadRow)] == [
        ("Nuôi bò", "Kinh tế"),
        ("Trồng cỏ", "Kinh tế"),
        ("Đội bóng", "Văn hóa - xã hội"),
    ]
