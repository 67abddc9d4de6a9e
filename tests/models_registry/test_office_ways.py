"""Ways of offices that nobody asked for: each is read as whoever works there would read it. No database."""

from pathlib import Path
from typing import Any

import pytest

from models_registry.registers import opening
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow
from tests import odd_formats as odd
from tests import registers as made
from tests.models_registry.test_several_models import BODY, CONTEXT, FLOWERS, LAMPS, ROAD, UNION
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
