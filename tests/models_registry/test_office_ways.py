"""Ways of offices that nobody asked for: each is read as whoever works there would read it. No database."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models_registry.registers import opening
from models_registry.registers.headings import Role, column_of
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import IS_ONE, ReadRow, RefusedRow
from models_registry.registers.reading import ONE as ONE_MODEL
from models_registry.registers.vocabulary import PlaceBook
from tests import odd_formats as odd
from tests import registers as made
from tests.models_registry.test_several_models import BODY, CONTEXT, FIELDS, FLOWERS, LAMPS, ROAD, UNION
from tests.odd_formats import read_here

PERSON = "Bà Lê Thị Hoa"
DAY = "10/3/2024"
HEAD = ["STT", "Tên mô hình", "Đơn vị thực hiện", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"]
FIRST, SECOND = ["1", ROAD, BODY, "Kinh tế", "Mới", DAY], ["2", FLOWERS, PERSON, "Văn hóa - xã hội", "Duy trì", "12/3/2024"]
ONE, TWO = (ROAD, BODY, "new", 1, 10), (FLOWERS, PERSON, "maintained", 2, 12)
Lines = list[list[str]]

WAYS: dict[str, tuple[Lines, list[Any]]] = {
    "an e-mail address is no place": (
        [["Dấu thời gian", "Địa chỉ email", *HEAD[1:5]], ["10/03/2024 8:01:02", "a@b.vn", *FIRST[1:5]]],
        [ONE],
    ),
    "who is in charge beside who does it": (
        [
            [*HEAD[:2], "Họ tên, chức vụ người phụ trách", "Đơn vị đăng ký", *HEAD[3:]],
            [*FIRST[:2], "Lê Văn An, Chủ tịch Hội", *FIRST[2:]],
            [*FIRST[:1], LAMPS, "Trần Thị Bé, Bí thư chi bộ", UNION, *FIRST[3:]],
        ],
        [ONE, (LAMPS, UNION, "new", 1, 10)],
    ),
    "notes in a table of their own below": (
        [
            HEAD,
            FIRST,
            SECOND,
            [],
            ["GHI CHÚ"],
            ["STT", "Nội dung ghi chú"],
            ["1", "Mô hình 1 làm cùng Hội Phụ nữ"],
            ["2", "Đã họp dân"],
        ],
        [ONE, TWO],
    ),
    "totals in a table of their own below": (
        [
            HEAD,
            FIRST,
            SECOND,
            [],
            ["STT", "Lĩnh vực", "Số mô hình", "Mới", "Duy trì"],
            ["1", "Kinh tế", "1", "1", "0"],
            ["", "Cộng", "1"],
        ],
        [ONE, TWO],
    ),
    "a register goes on below totals": (
        [HEAD, FIRST, [], ["STT", "Lĩnh vực", "Số mô hình"], ["1", "Kinh tế", "1"], [], HEAD, SECOND],
        [ONE, TWO],
    ),
    "numbers before the names": (
        [HEAD[1:], [f"1. {FIRST[1]}", *FIRST[2:]], [f"2. {SECOND[1]}", *SECOND[2:]]],
        [ONE, TWO],
    ),
    "a label before who does it, in a line below": (
        [
            ["STT", "Tên mô hình", *HEAD[3:]],
            *(line for row in (FIRST, SECOND) for line in ([*row[:2], *row[3:]], ["", f"Đơn vị thực hiện: {row[2]}"])),
        ],
        [ONE, TWO],
    ),
    "since when": (
        [
            [*HEAD[:4], "Tình trạng", HEAD[5]],
            [*FIRST[:4], "Bắt đầu năm 2024", DAY],
            [*SECOND[:4], "Đang thực hiện từ năm 2021", SECOND[5]],
        ],
        [ONE, TWO],
    ),
    "a part of a month, a remark behind a day": (
        [HEAD, [*FIRST[:5], "Đầu tháng 3/2024"], [*SECOND[:5], "12/3/2024 (chi bộ họp)"]],
        [(*ONE[:4], 1), TWO],
    ),
    "crosses in one column of kinds": (
        [
            [*HEAD[:4], "Duy trì", HEAD[5]],
            [*FIRST[:4], "", DAY],
            [*SECOND[:4], "x", SECOND[5]],
            ["3", LAMPS, BODY, "Kinh tế", "x", DAY],
        ],
        [ONE, TWO, (LAMPS, BODY, "maintained", 1, 10)],
    ),
    "yes and no in one column of kinds": (
        [
            [*HEAD[:4], "Mô hình mới (Có/Không)", HEAD[5]],
            [*FIRST[:4], "Có", DAY],
            [*SECOND[:4], "Không", SECOND[5]],
            ["3", LAMPS, BODY, "Kinh tế", "Có", DAY],
        ],
        [ONE, TWO, (LAMPS, BODY, "new", 1, 10)],
    ),
    "from which year it is kept": (
        [
            [*HEAD[:4], "Duy trì từ năm", HEAD[5]],
            [*FIRST[:4], "", DAY],
            [*SECOND[:4], "2022", SECOND[5]],
            ["3", LAMPS, BODY, "Phát triển kinh tế", "2021", DAY],
        ],
        [ONE, TWO, (LAMPS, BODY, "maintained", 1, 10)],
    ),
    "who and field in one column, a field with a dash of its own; kind and day in another": (
        [
            [*HEAD[:3], "Tập thể/cá nhân - Lĩnh vực", "Mới/duy trì, ngày đăng ký"],
            [*FIRST[:3], "Tập thể - Kinh tế", "Mới, 10/3/2024"],
            [*SECOND[:3], "Cá nhân - Văn hóa - xã hội", "Duy trì, 12/3/2024"],
        ],
        [ONE, TWO],
    ),
    "day before kind, field before who": (
        [
            [*HEAD[:3], "Lĩnh vực - tập thể/cá nhân", "Ngày đăng ký, mới/duy trì"],
            [*FIRST[:3], "Kinh tế - Tập thể", "10/3/2024, mới"],
            [*SECOND[:3], "Văn hóa - xã hội - Cá nhân", "12/3/2024; duy trì"],
        ],
        [ONE, TWO],
    ),
    "two models side by side in a row": (
        [
            ["TT", "Đơn vị đăng ký", "Ngày đăng ký", "Mô hình thứ nhất", "", "", "Mô hình thứ hai"],
            ["", "", "", "Tên mô hình", "Lĩnh vực", "Mới/ duy trì", "Tên mô hình", "Lĩnh vực", "Mới/ duy trì"],
            ["1", BODY, DAY, ROAD, "Kinh tế", "Mới", FLOWERS, "Văn hóa - xã hội", "Duy trì"],
            ["2", UNION, DAY, LAMPS, "Kinh tế", "Mới"],
            ["", "Cộng: 2 đơn vị, 3 mô hình"],
            ["", "", "", "", "", "", "T/M ĐẢNG ỦY"],
        ],
        [ONE, (FLOWERS, BODY, "maintained", 2, 10), (LAMPS, UNION, "new", 1, 10)],
    ),
    "two models side by side, numbered in their headings": (
        [
            ["TT", "Lĩnh vực 1", "Tên mô hình 1", "Mới/duy trì 1", "Lĩnh vực 2", "Tên mô hình 2", "Mới/duy trì 2", *HEAD[2:6:3]],
            ["1", "Kinh tế", ROAD, "Mới", "Văn hóa - xã hội", FLOWERS, "Duy trì", BODY, DAY],
            ["2", "Kinh tế", LAMPS, "Mới", "", "", "", UNION, DAY],
        ],
        [ONE, (FLOWERS, BODY, "maintained", 2, 10), (LAMPS, UNION, "new", 1, 10)],
    ),
    "who does it above its models, counted, and a total of two cells": (
        [
            ["TT", "Chi bộ, đảng bộ/ Tên mô hình", *HEAD[3:]],
            ["I", BODY, "", "", "02 mô hình"],
            ["1.1", ROAD, *FIRST[3:]],
            ["1.2", LAMPS, *FIRST[3:]],
            ["II", "Đảng bộ Công an", "", "", "01 mô hình"],
            ["2.1", FLOWERS, *SECOND[3:]],
            ["", "TỔNG CỘNG", "", "", "03 mô hình"],
            [],
            ["", "", "", "T/M BAN THƯỜNG VỤ"],
        ],
        [ONE, (LAMPS, BODY, "new", 1, 10), (FLOWERS, "Đảng bộ Công an", "maintained", 2, 12)],
    ),
    "a text goes on in the rows below": (
        [
            HEAD,
            ["1", "Hiến đất", "Chi bộ", "Kinh tế", "Mới", DAY],
            ["", "mở đường", "thôn 3"],
            ["2", "Tuyến", "Bà Lê", "Văn hóa -", "Duy trì", "12/3/2024"],
            ["", "đường", "Thị", "xã"],
            ["", "hoa", "Hoa", "hội"],
            ["3", LAMPS, "Hội Nông dân xã", "Kinh tế", "Mới", DAY],
            ["", "", "Đồi Cao"],
            [],
            ["", "", "", "Người lập"],
        ],
        [ONE, TWO, (LAMPS, UNION, "new", 1, 10)],
    ),
    "names and doers that each go on in one row below": (
        [
            HEAD,
            *(
                line
                for number in "12"
                for line in (
                    [number, "Hiến đất", f"Chi bộ thôn {number}", "Kinh tế", "Mới", DAY],
                    ["", "mở đường", "và các chi hội"],
                )
            ),
        ],
        [(ROAD, f"Chi bộ thôn {number} và các chi hội", "new", 1, 10) for number in "12"],
    ),
    "members who take it on, beside where": (
        [
            [*HEAD[:2], "CĐCS/ đoàn viên đảm nhận", "Nơi thực hiện", *HEAD[3:]],
            [*FIRST[:3], "Toàn huyện", *FIRST[3:]],
            [*SECOND[:3], "Tại đơn vị", *SECOND[3:]],
        ],
        [ONE, TWO],
    ),
    "groups and persons who take it on, beside forms of a school": (
        [
            [*HEAD[:2], "Tổ, cá nhân đảm nhận", "Số ĐT liên hệ", "Khối lớp áp dụng", *HEAD[3:]],
            [*FIRST[:2], "Tổ Ngữ văn", "0903 000 000", "Khối 9", *FIRST[3:]],
            [*SECOND[:3], "0903 000 001", "Khối 6, 7", *SECOND[3:]],
        ],
        [(ROAD, "Tổ Ngữ văn", "new", 1, 10), TWO],
    ),
    "where it is done says who does it": (
        [[*HEAD[:2], "Nơi thực hiện", *HEAD[3:]], FIRST, [*SECOND[:2], UNION, *SECOND[3:]]],
        [ONE, (FLOWERS, UNION, "maintained", 2, 12)],
    ),
    "a row that shows how to write": (
        [HEAD, ["VD", LAMPS, "Chi hội Phụ nữ thôn A", *FIRST[3:]], FIRST, SECOND, ["3", f"Ví dụ: {LAMPS}", *FIRST[2:]]],
        [ONE, TWO],
    ),
    "names alone side by side, numbered in their headings": (
        [
            ["TT", "Đơn vị đăng ký", "Tên mô hình 1", "Tên mô hình 2", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"],
            ["1", BODY, ROAD, FLOWERS, "Kinh tế", "Mới", DAY],
            ["2", UNION, LAMPS, "", "Kinh tế", "Mới", DAY],
            ["", "", "", "T/M ĐẢNG ỦY"],
        ],
        [ONE, (FLOWERS, BODY, "new", 1, 10), (LAMPS, UNION, "new", 1, 10)],
    ),
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def rows(path: Path) -> list[Any]:
        found = list(RegisterReader(path, CONTEXT, None, "so").rows())
        return [
            (row.title, row.subject, row.kind, row.field_id, row.registered_on.day) if isinstance(row, ReadRow) else row
            for row in found
        ]

    return rows


@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_writing_is_read(read: Any, tmp_path: Path, way: str) -> None:
    lines, expected = WAYS[way]
    assert read(made.text_file(tmp_path / "so.csv", lines)) == expected


@pytest.mark.parametrize("dash", [" - ", " – ", "; ", ", "])
def test_where_stands_behind_who_does_it_as_the_heading_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dash: str) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    head = [*HEAD[:2], "Đơn vị, cá nhân - địa bàn thực hiện", *HEAD[3:]]
    lines = [head, [*FIRST[:2], f"{BODY}{dash}Thôn 3", *FIRST[3:]], [*SECOND[:2], f"{PERSON}{dash}Thôn 7", *SECOND[3:]]]
    commune = replace(CONTEXT, places=PlaceBook("Đảng ủy xã Đồi Cao", ["Xã Đồi Cao"], []))
    reader = RegisterReader(made.text_file(tmp_path / "so.csv", lines, separator="\t"), commune, None, "so")
    rows = [(row.subject, row.place.hamlet) if isinstance(row, ReadRow) else row for row in reader.rows()]
    assert rows == [(BODY, "Thôn 3"), (PERSON, "Thôn 7")]
    again = RegisterReader(
        made.text_file(tmp_path / "so.csv", lines, separator="\t"), replace(commune, mapping=reader.mapping), None, "so"
    )
    assert [(row.subject, row.place.hamlet) if isinstance(row, ReadRow) else row for row in again.rows()] == rows


@pytest.mark.parametrize(
    "role, labels",
    [
        (Role.TITLE, "Mô hình, việc làm khéo; Tên mô hình (việc làm khéo); Tên việc làm; Tên phần việc; Mô hình đăng ký xây dựng; Tiêu đề"),
        (Role.SUBJECT, "Chủ trì; Đầu mối thực hiện; Do ai làm; Giao cho ai; Phân công; Chịu trách nhiệm; Người đứng đầu mô hình"),
        (Role.SUBJECT, "Chi bộ đăng ký; Ban, ngành, đoàn thể; Hội, đoàn thể; Đoàn thể phụ trách; Hội viên đảm nhận; Cá nhân chịu trách nhiệm"),
        (Role.PLACE, "Nơi thực hiện; Nơi triển khai; Ở đâu"),
    ],
)  # fmt: skip
def test_a_heading_in_an_offices_words_is_understood(role: Role, labels: str) -> None:
    found = {label: column.role if (column := column_of(0, label, FIELDS)) else None for label in labels.split("; ")}
    assert found == dict.fromkeys(found, role)


@pytest.mark.parametrize("label", ["Số đoàn viên thực hiện", "Lực lượng thực hiện", "Đăng ký mô hình", "Nội dung đăng ký"])
def test_a_heading_of_something_else_names_nobody_who_does_it(label: str) -> None:
    column = column_of(0, label, FIELDS)
    assert column is None or column.role not in (Role.TITLE, Role.SUBJECT)


WHERE = {
    "a preposition": ("Ở thôn", ["Lạc Hóa", "3"], ["Lạc Hóa", "Thôn 3"]),
    "another": ("Tại khu phố", ["2", "Chăm"], ["Khu phố 2", "Chăm"]),
    "a question": ("Làm ở thôn nào?", ["1", "2"], ["Thôn 1", "Thôn 2"]),
    "where": ("Ở đâu?", ["Thôn 3", "thôn 4"], ["Thôn 3", "Thôn 4"]),
    "nothing that is known": ("Nơi chốn", ["Thôn 3", "thôn 4"], ["Thôn 3", "Thôn 4"]),
}


@pytest.mark.parametrize("way", WHERE)
def test_the_hamlet_under_any_heading_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    head, cells, hamlets = WHERE[way]
    lines = [[*HEAD, head], [*FIRST, cells[0]], [*SECOND, cells[1]]]
    commune = replace(CONTEXT, places=PlaceBook("Đảng ủy xã Đồi Cao", ["Xã Đồi Cao"], []))
    rows = RegisterReader(made.text_file(tmp_path / "so.csv", lines), commune, None, "so").rows()
    assert [row.place.hamlet if isinstance(row, ReadRow) else row for row in rows] == hamlets


@pytest.mark.parametrize(
    ("said", "kept"), [("Thôn 3, xã Đồi Cao", "Thôn 3, xã Đồi Cao"), ("TDP 2", "Tổ dân phố 2"), ("Tại cơ quan", "Tại cơ quan")]
)
def test_where_a_committee_of_no_place_is_at_work_keeps_the_commune(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, kept: str
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    everywhere = replace(CONTEXT, places=PlaceBook("Công an tỉnh", [], [], is_of_place=False))
    path = made.text_file(tmp_path / "so.csv", [[*HEAD, "Nơi triển khai"], [*FIRST, said], [*SECOND, "Xã Bãi Dài"]])
    rows = RegisterReader(path, everywhere, None, "so").rows()
    assert [row.place.hamlet if isinstance(row, ReadRow) else row for row in rows] == [kept, "Xã Bãi Dài"]


@pytest.mark.parametrize("font", [made.to_tcvn3, made.to_vni])
def test_a_text_in_an_old_font_goes_on_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, font: Any) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    lines = [[font(cell) for cell in line] for line in WAYS["a text goes on in the rows below"][0]]
    rows = list(RegisterReader(made.xlsx(tmp_path / "so.xlsx", lines), CONTEXT, None, "so").rows())
    assert [(row.title, row.subject) for row in rows if isinstance(row, ReadRow)] == [
        (ROAD, BODY),
        (FLOWERS, PERSON),
        (LAMPS, UNION),
    ]


def test_models_side_by_side_are_one_where_the_officer_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    path = made.text_file(tmp_path / "so.csv", WAYS["two models side by side in a row"][0])
    reader = RegisterReader(path, CONTEXT, {"so!3": {ONE_MODEL: IS_ONE}}, "so")
    titles = [row.title if isinstance(row, ReadRow) else row for row in reader.rows()]
    assert titles == [f"{ROAD}; {FLOWERS}", LAMPS]


def test_a_name_alone_beside_a_model_is_refused_and_not_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    head, below, first, *_ = WAYS["two models side by side in a row"][0]
    path = made.text_file(tmp_path / "so.csv", [head, below, first[:7]])
    one, other = RegisterReader(path, CONTEXT, None, "so").rows()
    assert isinstance(one, ReadRow) and one.title == ROAD
    assert isinstance(other, RefusedRow) and (other.title, [flaw.code for flaw in other.flaws]) == (
        FLOWERS,
        ["field_unknown", "kind_missing"],
    )


def test_one_whose_name_is_too_long_is_refused_though_it_is_said_to_be_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    long = [f"1. {'Tuyến đường hoa ' * 20} 2. {'Tủ sách thôn ' * 20}" if text == ROAD else text for text in FIRST]
    path = made.text_file(tmp_path / "so.csv", [HEAD, long, SECOND])
    rows = list(RegisterReader(path, CONTEXT, {"so!2": {ONE_MODEL: IS_ONE}}, "so").rows())
    assert isinstance(rows[0], RefusedRow) and [flaw.code for flaw in rows[0].flaws] == ["title_too_long"]


@pytest.mark.parametrize("said", ["Cuối tháng 3/2024", "cuối quý IV", "khoảng ngày 12/3/2024", "giữa tháng 5"])
def test_a_day_that_is_no_day_by_its_own_words_is_asked_about(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    path = made.text_file(tmp_path / "so.csv", [HEAD, [*FIRST[:5], said], SECOND])
    first, _ = RegisterReader(path, CONTEXT, None, "so").rows()
    assert isinstance(first, RefusedRow) and [flaw.code for flaw in first.flaws] == ["date_impossible"]


def test_a_total_that_counts_bodies_before_models_is_set_against_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    lines = [HEAD, FIRST, SECOND, ["", "Cộng: 2 đơn vị, 5 mô hình"]]
    reader = RegisterReader(made.text_file(tmp_path / "so.csv", lines), CONTEXT, None, "so")
    doubts = [row.doubt if isinstance(row, ReadRow) else row for row in reader.rows()]
    told = [warning["message"] for warning in reader.warnings if warning["code"] == "total_mismatch"]
    assert told == ["Dòng “Cộng: 2 đơn vị, 5 mô hình” ghi 5, đọc được 2."]
    assert doubts == ["", f"{told[0]} Xin xem có sót hay thừa dòng nào không."]


def test_whose_a_model_is_under_a_heading_that_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    lines = [[*HEAD, "Mô hình này của"], [*FIRST, "Một cá nhân"], [*SECOND, "Một tập thể"]]
    rows = RegisterReader(made.text_file(tmp_path / "so.csv", lines), CONTEXT, None, "so").rows()
    assert [row.subject_kind if isinstance(row, ReadRow) else row for row in rows] == ["individual", "collective"]


def test_a_text_parted_by_bars(read: Any, tmp_path: Path) -> None:
    (tmp_path / "so.txt").write_text("\n".join("|".join(row) for row in (HEAD, FIRST, SECOND)), encoding="utf-8")
    assert read(tmp_path / "so.txt") == [ONE, TWO]


def test_a_word_table_within_the_cell_of_another(read: Any, tmp_path: Path) -> None:
    inner = odd.table([HEAD, FIRST, SECOND])
    around = f"<w:tc><w:tcPr></w:tcPr>{odd.paragraph('DANH SÁCH')}{inner}{odd.paragraph('')}</w:tc>"
    assert read(odd.docx(tmp_path / "so.docx", odd.table([[around]]))) == [ONE, TWO]


def test_a_drawing_that_word_says_twice_is_read_once(read: Any, tmp_path: Path) -> None:
    box = f"<w:txbxContent>{odd.table([HEAD, FIRST, SECOND])}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = f'<w:p><w:r><mc:AlternateContent xmlns:mc="{markup}">{both}</mc:AlternateContent></w:r></w:p>'
    assert read(odd.docx(tmp_path / "so.docx", body)) == [ONE, TWO]


CUT = [HEAD, ["1", "Hiến đất", BODY, "Kinh tế", "Mới", DAY], ["", "mở đường"]]
OFTEN = [*CUT, ["2", "Thắp sáng", *FIRST[2:]], ["", "đường quê"], ["3", "Tuyến đường", *FIRST[2:]], ["", "hoa"]]


@pytest.mark.parametrize(
    ("lines", "titles", "doubtful"),
    [
        (CUT, [ROAD], [True]),
        (OFTEN, [ROAD, LAMPS, FLOWERS], [False] * 3),
        ([*OFTEN, ["4", "Bản tin", *FIRST[2:]], ["", "Zalo"]], [ROAD, LAMPS, FLOWERS, "Bản tin Zalo"], [False] * 3 + [True]),
        ([*OFTEN, ["", "Chi bộ thôn 4"], ["4", "Bản tin Zalo", *FIRST[2:]]], [ROAD, LAMPS, FLOWERS, "Bản tin Zalo"], [False] * 4),
        ([*CUT[:2], ["", "Mở đường"], SECOND], ["Hiến đất", FLOWERS], [True, False]),
        ([*CUT[:2], ["", "CÁC ĐOÀN THỂ"], SECOND], ["Hiến đất", FLOWERS], [False, False]),
    ],
    ids=["once", "often", "a capital", "a body between rows", "a capital, once", "a title between rows"],
)
def test_a_name_that_may_be_cut_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: Lines, titles: list[str], doubtful: list[bool]
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    rows = list(RegisterReader(made.text_file(tmp_path / "so.csv", lines), CONTEXT, None, "so").rows())
    assert [(row.title, bool(row.doubt)) for row in rows if isinstance(row, ReadRow)] == list(zip(titles, doubtful, strict=True))


BELOW = {
    "a doer in small letters": ["", "chi bộ thôn 4"],
    "a label": ["", "lĩnh vực: kinh tế"],
    "a model without a number": ["", "thắp sáng đường quê", "Hội Nông dân", "Kinh tế", "Mới", DAY],
    "a total": ["", "tổng cộng: 2 mô hình"],
    "a remark": ["", "(tiếp theo)"],
    "a cell below none": ["", "", "", "", "", "", "đã họp"],
}


@pytest.mark.parametrize("way", BELOW)
def test_what_stands_below_a_name_and_is_no_more_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    path = made.text_file(tmp_path / "so.csv", [HEAD, FIRST, BELOW[way], SECOND])
    titles = [row.title for row in RegisterReader(path, CONTEXT, None, "so").rows()]
    assert [titles[0], titles[-1]] == [ROAD, FLOWERS]


def test_a_text_typed_over_one_that_goes_on_stands_for_all_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    path = made.text_file(tmp_path / "so.csv", CUT)
    (row,) = RegisterReader(path, CONTEXT, {"so!2": {"B": FLOWERS}}, "so").rows()
    assert row.title == FLOWERS


def test_a_page_shows_texts_that_go_on_as_they_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    reader = RegisterReader(made.text_file(tmp_path / "so.csv", CUT), replace(CONTEXT, most=500), None, "so")
    assert len(list(reader.rows())) == 1
    assert reader.heads["so"] == [(1, HEAD), (2, ["1", ROAD, *FIRST[2:]])]


def test_a_body_above_its_models_that_counts_other_than_stand_there_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    lines = WAYS["who does it above its models, counted, and a total of two cells"][0]
    reader = RegisterReader(made.text_file(tmp_path / "so.csv", [*lines[:3], *lines[4:6]]), CONTEXT, None, "so")
    list(reader.rows())
    told = [warning["message"] for warning in reader.warnings if warning["code"] == "total_mismatch"]
    assert told == [f"Mục “{BODY}” ghi 2, đọc được 1 dòng."]


@pytest.mark.parametrize("own_day", [True, False], ids=["a day each", "a day for all"])
@pytest.mark.parametrize(
    ("name", "content"),
    [("Tuyến đường hoa", "vận động từng hộ"), ("tuyến đường hoa", "Vận động từng hộ"), ("tuyến đường hoa", "")],
    ids=["content in small letters", "all names in small letters", "names alone"],
)
def test_models_of_a_merged_group_stay_models_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str, own_day: bool
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    lines: list[list[str]] = [["STT", "Đơn vị thực hiện", "Tên mô hình", *HEAD[3:], "Nội dung, cách làm"]]
    merged = []
    for group, size in enumerate((2, 3, 1, 2), 1):
        top = len(lines)
        lines.append([str(group), f"Chi bộ thôn {group}", f"{name} {top}", "Kinh tế", "Mới", DAY, content])
        lines += [["", "", f"{name} {top + n}", "", "", DAY if own_day else "", content] for n in range(1, size)]
        merged += [(top, at, top + size - 1, at) for at in (0, 1, 3, 4, *(() if own_day else (5,))) if size > 1]
    rows = list(RegisterReader(made.xlsx(tmp_path / "so.xlsx", lines, merged), CONTEXT, None, "so").rows())
    assert [row.title for row in rows if isinstance(row, ReadRow)] == [f"{name} {n}" for n in range(1, 9)]


@pytest.mark.parametrize("at, words", [(1, "HIỆU TRƯỞNG"), (2, "ĐẢNG ỦY XÃ ĐỒI CAO"), (5, "GIÁM ĐỐC"), (5, "Đồi Cao, 10/3/2024")])
def test_who_signs_right_below_texts_that_go_on_is_no_more_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: int, words: str
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    path = made.text_file(tmp_path / "so.csv", [*OFTEN, [*[""] * at, words]])
    rows = list(RegisterReader(path, CONTEXT, None, "so").rows())
    assert [(row.title, row.subject) for row in rows if isinstance(row, ReadRow)] == [(it, BODY) for it in (ROAD, LAMPS, FLOWERS)]


def test_rows_that_are_no_models_are_not_counted_among_those_of_several(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    head = ["TT", "Đơn vị đăng ký", "Tên mô hình 1", "Tên mô hình 2", *HEAD[3:]]
    lines = [head, ["1", BODY, ROAD, FLOWERS, *FIRST[3:]], ["", "Tổng cộng", "1", "1"], ["", "", "NGƯỜI LẬP", "T/M ĐẢNG ỦY"]]
    reader = RegisterReader(made.text_file(tmp_path / "so.csv", lines), CONTEXT, None, "so")
    assert len(list(reader.rows())) == 2
    told = [warning["message"] for warning in reader.warnings if warning["code"] == "several_models"]
    assert told == ["1 dòng ghi nhiều mô hình: cổng tách thành 2 mô hình. Xin xem lại."]


@pytest.mark.parametrize("doer", ["Ông Lê A, tổ trưởng", "Hội Phụ nữ, tổ vay vốn", "Ông A (thôn 3), bà B (thôn 4)"])
def test_what_stands_behind_who_does_it_and_is_no_place_stays_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, doer: str
) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)
    head = [*HEAD[:2], "Đơn vị, cá nhân - địa bàn thực hiện", *HEAD[3:]]
    lines = [[str(n), f"{ROAD} {n}", f"Hội Nông dân, Thôn {n}", *FIRST[3:]] for n in range(1, 9)]
    commune = replace(CONTEXT, places=PlaceBook("Đảng ủy xã Đồi Cao", ["Xã Đồi Cao"], []))
    path = made.text_file(tmp_path / "so.csv", [head, *lines, ["9", LAMPS, doer, *FIRST[3:]]], separator="\t")
    *_, before, last = RegisterReader(path, commune, None, "so").rows()
    assert isinstance(before, ReadRow) and isinstance(last, ReadRow)
    assert (before.subject, before.place.hamlet) == ("Hội Nông dân", "Thôn 8")
    assert (last.subject, last.place.hamlet) == (doer, "")
