"""Sheets of one model each, a label before its value, read as the rows of a register."""

from models_registry.registers.forms import Forms, forms_in
from models_registry.registers.vocabulary import FieldBook

FIELDS = FieldBook([(1, "Kinh tế", ["KT"]), (2, "Văn hóa - xã hội", ["VHXH"])])
TABLE = """
HUYỆN ỦY BẮC BÌNH|ĐẢNG CỘNG SẢN VIỆT NAM
XÃ PHAN HIỆP|Phan Hiệp, ngày 15 tháng 3 năm 2024
MÔ HÌNH “DÂN VẬN KHÉO” NĂM 2024
1.|Tên mô hình|Tuyến đường hoa
2.|Tập thể, cá nhân thực hiện|Chi bộ thôn 3
3.|Loại hình|☒ Tập thể  ☐ Cá nhân
4.|Lĩnh vực|Kinh tế
5.|Đăng ký mới/duy trì|[x] Mới  [ ] Duy trì
6.|Địa bàn|Xã Phan Hiệp
7.|Mục tiêu|100% hộ
Nội dung, cách làm: Họp dân
Vận động từng hộ
NGƯỜI ĐĂNG KÝ
Nguyễn Văn A
"""
LINES = """
Xã Phan Tiến, ngày 16 tháng 3 năm 2024
PHIẾU ĐĂNG KÝ
1. Tên mô hình: Nuôi bò
2. Người thực hiện: Bà Hoa
3. Loại hình: Cá nhân
4. Lĩnh vực: VHXH
5. Đăng ký mới/duy trì: duy trì
"""


def read(text: str) -> Forms | None:
    rows = [(number, line.split("|")) for number, line in enumerate(text.strip().splitlines(), start=1)]
    return forms_in(rows, FIELDS)


def told(forms: Forms | None) -> list[dict[str, str]]:
    assert forms
    names = [column.box or column.role.name for column in forms.heading.columns]
    return [{name: cell for name, cell in zip(names, cells, strict=True) if cell} for _, cells in forms.rows]


FIRST = {
    "REGISTERED_ON": "ngày 15 tháng 3 năm 2024",
    "TITLE": "Tuyến đường hoa",
    "SUBJECT": "Chi bộ thôn 3",
    "SUBJECT_KIND": "Tập thể",
    "FIELD": "Kinh tế",
    "KIND": "Mới",
    "PLACE": "Xã Phan Hiệp",
    "aims": "100% hộ",
    "CONTENT": "Họp dân\nVận động từng hộ",
}
SECOND = {
    "REGISTERED_ON": "ngày 16 tháng 3 năm 2024",
    "TITLE": "Nuôi bò",
    "SUBJECT": "Bà Hoa",
    "SUBJECT_KIND": "Cá nhân",
    "FIELD": "VHXH",
    "KIND": "duy trì",
}


def test_one_form_is_one_row_in_table_or_in_lines() -> None:
    assert told(read(TABLE)) == [FIRST]
    assert told(read(LINES)) == [SECOND]


def test_forms_behind_one_another_are_rows_of_one_table_each_with_its_own_day() -> None:
    forms = read(TABLE + LINES.strip())
    assert told(forms) == [FIRST, SECOND]
    assert forms and [number for number, _ in forms.rows] == [4, 17]


def test_a_day_below_a_form_is_its_own() -> None:
    head, *lines = LINES.strip().splitlines()
    assert told(read("\n".join([*lines, head]))) == [SECOND]


def test_what_has_few_labels_or_no_title_is_no_form() -> None:
    assert read("1. Tên mô hình: Nuôi bò\n2. Lĩnh vực: Kinh tế") is None
    assert read("1. Lĩnh vực: Kinh tế\n2. Địa bàn: Xã A\n3. Loại hình: Tập thể\n4. Người thực hiện: Bà Hoa") is None
    assert read("") is None
    assert read(TABLE + "1. Tên mô hình: Nuôi bò\n") is None  # a form that tells nothing else: somebody must look
