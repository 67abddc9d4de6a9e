"""Sheets of one model each, a label before its value, read as the rows of a register."""

from models_registry.registers.forms import Forms, forms_in
from models_registry.registers.turned import turned_in
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


def split(text: str) -> list[tuple[int, list[str]]]:
    return [(number, line.split("|")) for number, line in enumerate(text.strip().splitlines(), start=1)]


def read(text: str, *, is_told: bool = False) -> Forms | None:
    return forms_in(split(text), FIELDS, is_told=is_told)


def told(forms: Forms | None) -> list[dict[str, str]]:
    assert forms
    names = {column.index: column.box or column.role.name for column in forms.heading.columns}
    return [{names[at]: cell for at, cell in enumerate(cells) if cell and at in names} for _, cells in forms.rows]


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


OF_ONE_OFFICE = """
CÔNG AN TỈNH|Phan Hiệp, ngày 28 tháng 3 năm 2024
Nội dung|Thông tin
1. Tên mô hình|Nuôi bò
2. Đơn vị thực hiện|Công an huyện Bắc Bình
3. Tập thể/cá nhân|Tập thể
4. Lĩnh vực|Kinh tế
5. Ngày đăng ký|05/03/2024
6. Cách làm|Họp dân
Nội dung|Thông tin
1. Tên mô hình|Trồng cây
2. Đơn vị thực hiện|Phòng Tham mưu
3. Tập thể/cá nhân|Tập thể
4. Lĩnh vực|VHXH
5. Ngày đăng ký|06/03/2024
6. Cách làm|Chia tổ
"""


def test_a_forms_own_day_goes_before_the_letterheads_and_a_tables_head_is_no_answer() -> None:
    forms = told(read(OF_ONE_OFFICE))
    assert [form["REGISTERED_ON"] for form in forms] == ["05/03/2024", "06/03/2024"]
    assert [form["CONTENT"] for form in forms] == ["Họp dân", "Chia tổ"]
    assert [form["SUBJECT_KIND"] for form in forms] == ["Tập thể"] * 2
    assert [form["SUBJECT"] for form in forms] == ["Công an huyện Bắc Bình", "Phòng Tham mưu"]


def test_what_has_few_labels_or_no_title_is_no_form() -> None:
    assert read("1. Tên mô hình: Nuôi bò\n2. Lĩnh vực: Kinh tế") is None
    assert read("1. Lĩnh vực: Kinh tế\n2. Địa bàn: Xã A\n3. Loại hình: Tập thể\n4. Người thực hiện: Bà Hoa") is None
    assert read("") is None
    assert read(TABLE + "1. Tên mô hình: Nuôi bò\n") is None  # a form that tells nothing else: somebody must look


def test_two_labels_in_one_line_each_have_their_value() -> None:
    lines = "1|Tên mô hình:|Nuôi bò|Người thực hiện:|Bà Hoa\n2|Lĩnh vực:|VHXH|Loại hình:|Cá nhân\n3|Đăng ký mới/duy trì:|duy trì"
    assert told(read(lines)) == [{name: value for name, value in SECOND.items() if name != "REGISTERED_ON"}]


def test_a_value_may_stand_in_the_line_below_its_label() -> None:
    lines = (
        "Tên mô hình:\nNuôi bò\nNgười thực hiện: ……\nBà Hoa\nLĩnh vực:\nVHXH\nLoại hình:\nCá nhân\nĐăng ký mới/duy trì:\nduy trì"
    )
    assert told(read(lines)) == [{name: value for name, value in SECOND.items() if name != "REGISTERED_ON"}]


def test_a_heading_of_labels_side_by_side_is_no_form() -> None:
    assert read("Tên mô hình|Lĩnh vực|Loại hình|Đăng ký mới/duy trì|Địa bàn\nNuôi bò|Kinh tế|Cá nhân|Mới|Xã A") is None


OWN = """
PHIẾU SỐ 1
Gọi là|Nuôi bò
Ai đứng ra|Bà Hoa
Về mặt nào|VHXH
NGƯỜI LẬP|TRƯỞNG BAN
PHIẾU SỐ 2
Gọi là|Đường hoa
Về mặt nào|Kinh tế
"""


def labels(forms: Forms | None) -> tuple[list[str], list[list[str]]]:
    assert forms
    return [label for _, label in sorted(forms.labels.items())], [cells for _, cells in forms.rows]


def test_forms_in_labels_that_nobody_knows_are_told_by_hand() -> None:
    """The label that stands there most often begins each; who signed stands once and is none."""
    assert read(OWN) is None
    assert labels(read(OWN.replace("Đường hoa\n", "Đường hoa\nAi đứng ra|Hội\n"), is_told=True)) == (
        ["Gọi là", "Ai đứng ra", "Về mặt nào"],
        [["Nuôi bò", "Bà Hoa", "VHXH"], ["Đường hoa", "Hội", "Kinh tế"]],
    )


def test_one_form_told_by_hand_keeps_every_label() -> None:
    assert labels(read("Gọi là: Nuôi bò\nAi đứng ra: Bà Hoa", is_told=True)) == (
        ["Gọi là", "Ai đứng ra"],
        [["Nuôi bò", "Bà Hoa"]],
    )
    assert read("", is_told=True) is None


TURNED = """
HUYỆN ỦY BẮC BÌNH
STT|Nội dung|Mô hình 1|Mô hình 2
1|Tên mô hình|Đường hoa|Nuôi bò
2|Người thực hiện|Hội|Bà Hoa
3|Lĩnh vực|Kinh tế|VHXH
4|Loại hình|Tập thể|Cá nhân
5|Kết quả khác||5 hộ
6|Đăng ký mới/duy trì|Mới|Duy trì
"""


def test_a_table_on_its_side_has_a_model_in_each_column() -> None:
    found = turned_in(split(TURNED), FIELDS)
    assert told(found) == [
        {"TITLE": "Đường hoa", "SUBJECT": "Hội", "FIELD": "Kinh tế", "SUBJECT_KIND": "Tập thể", "KIND": "Mới"},
        {"TITLE": "Nuôi bò", "SUBJECT": "Bà Hoa", "FIELD": "VHXH", "SUBJECT_KIND": "Cá nhân", "KIND": "Duy trì"},
    ]
    assert found and [number for number, _ in found.rows] == [3, 4]
    assert [cells for _, cells in found.above] == [["HUYỆN ỦY BẮC BÌNH"], ["STT", "Nội dung", "Mô hình 1", "Mô hình 2"]]


def test_a_table_on_its_side_in_labels_that_nobody_knows_is_told_by_hand() -> None:
    own = "Gọi là|Đường hoa|Nuôi bò\nAi|Hội|Bà Hoa\nMặt|Kinh tế|VHXH\nNhóm|Tập thể|Cá nhân\nỞ đâu|Xã A|Xã B"
    assert turned_in(split(own), FIELDS) is None
    assert labels(turned_in(split(own), FIELDS, is_told=True))[1][1] == ["Nuôi bò", "Bà Hoa", "VHXH", "Cá nhân", "Xã B"]


def test_forms_below_one_another_and_a_register_are_no_table_on_its_side() -> None:
    assert turned_in(split(TABLE), FIELDS) is None
    assert turned_in(split(OWN), FIELDS, is_told=True) is None
    assert turned_in(split("STT|Tên mô hình|Lĩnh vực|Loại hình\n1|A|Kinh tế|Tập thể\n2|B|Kinh tế|Tập thể"), FIELDS) is None
