"""Several registers in one sheet, each under its own title and heading: each row finds its unit. No database."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.text import compare_key
from models_registry.registers import opening
from models_registry.registers.glance import glance
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import registers as made
from tests.odd_formats import read_here

FIELDS = FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", [])])
PLACES = PlaceBook("Thành ủy Phan Thiết", ["Phan Thiết"], [(1, "phu-hai", "Phường Phú Hài", "Đảng ủy phường Phú Hài")])
OWN: list[list[Any]] = [["THÀNH ỦY PHAN THIẾT"], ["DANH SÁCH"], made.HEAD, made.row("Mô hình một", number=1), made.row(number=2)]
OTHER = ["Số TT", "Tên mô hình", "Đơn vị", "Lĩnh vực", "TT/CN", "Mới/Duy trì", "Ngày đăng ký"]
LOOSE = ["Số TT", "Nội dung đăng ký", "Đơn vị thực hiện", "Lĩnh vực", "TT/CN", "Mới/Duy trì", "Ngày đăng ký"]
ROW = [1, "Tổ tự quản", "Hội Phụ nữ", "Kinh tế", "Tập thể", "Mới", "15/3/2024"]
SIGNED = [["", "Tổng cộng: 2"], ["", "", "", "", "", "", "", "TM. BAN THƯỜNG VỤ"], ["", "", "", "", "", "", "", "Nguyễn Văn A"]]


def whose(lines: list[str]) -> tuple[str, str] | None:
    for line in reversed(lines):
        for words, key in (("phan thiet", ""), ("bac binh", "bac-binh")):
            if words in compare_key(line):
                return key, words
    return None


def read(tmp_path: Path, rows: list[list[Any]], **context: Any) -> tuple[list[ReadRow | RefusedRow], RegisterReader]:
    given = RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES, whose=whose, **context)
    reader = RegisterReader(made.xlsx(tmp_path / "so.xlsx", rows), given)
    return list(reader.rows()), reader


@pytest.mark.parametrize("head", [OTHER, LOOSE, made.HEAD], ids=["other words", "no word for the title", "the same"])
@pytest.mark.parametrize("between", [[[]], SIGNED], ids=["a blank row", "a total and who signs"])
def test_a_second_table_finds_its_unit(tmp_path: Path, head: list[str], between: list[list[Any]]) -> None:
    row = made.row("Tổ tự quản") if head is made.HEAD else ROW
    found, reader = read(tmp_path, [*OWN, *between, ["HUYỆN ỦY BẮC BÌNH"], ["BAN DÂN VẬN"], head, row])
    assert reader.rows_of == {"": 2, "bac-binh": 1}
    assert [row.title for row in found if isinstance(row, ReadRow)] == ["Mô hình một", "Tuyến đường hoa", "Tổ tự quản"]


def test_sections_of_one_register_say_nothing_of_the_next(tmp_path: Path) -> None:
    head, row = [*OTHER[:3], *OTHER[4:]], [*ROW[:3], *ROW[4:]]
    rows = [*OWN[:3], ["I. Lĩnh vực kinh tế"], *OWN[3:], ["HUYỆN ỦY BẮC BÌNH"], head, row]
    last = read(tmp_path, rows)[0][-1]
    assert isinstance(last, RefusedRow)
    assert [flaw.code for flaw in last.flaws] == ["field_unknown"]
    rows[-2:-2] = [["II. Lĩnh vực văn hóa - xã hội"]]
    last = read(tmp_path, rows)[0][-1]
    assert isinstance(last, ReadRow)
    assert last.field_id == 2


@pytest.mark.parametrize("before", [40, 81, 700])
def test_a_glance_finds_a_heading_and_its_title_far_down(tmp_path: Path, before: int) -> None:
    rows = [[f"Căn cứ số {n}"] for n in range(before)]
    found = glance(made.xlsx(tmp_path / "so.xlsx", [*rows, ["THÀNH ỦY PHAN THIẾT"], made.HEAD, made.row()]), FIELDS)
    assert found.title[-1] == "THÀNH ỦY PHAN THIẾT"
    assert found.rows == ["Phường Phú Hài | Hội Liên hiệp Phụ nữ phường Phú Hài"]
    assert found.days == [date(2024, 3, 15)]


# Communes of a group in one table, each below its name

COMMUNES = {"xa-doi-cao": "Đảng ủy xã Đồi Cao", "xa-doi-cao-2": "Đảng ủy xã Đồi Cao 2", "xa-bai-dai": "Đảng ủy xã Bãi Dài"}
TABLE = ["TT", "Tên mô hình", "Tập thể, cá nhân", "Lĩnh vực", "Loại hình", "ĐK mới/DT", "Ngày đăng ký"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "read_apart", read_here)


def of_group(first: str, second: str, third: str) -> list[list[Any]]:
    def model(number: int, title: str) -> list[Any]:
        return [number, title, "Hội Phụ nữ", "Kinh tế", "Tập thể", "Mới", "15/3/2024"]

    rows = [["CỤM THI ĐUA SỐ 6"], ["TỔNG HỢP ĐĂNG KÝ CỦA CÁC XÃ TRONG CỤM"], TABLE, [first], model(1, "Một"), model(2, "Hai")]
    rows += [[second], model(1, "Ba"), ["Trang 1/2"], TABLE, ["", "Cộng", 1], [third], model(1, "Bốn"), ["", "Tổng cộng: 4"]]
    return rows


SECTIONS = {
    "Roman numbers": ("I. XÃ ĐỒI CAO", "II. XÃ ĐỒI CAO 2", "III. XÃ BÃI DÀI"),
    "committees": ("1. Đảng ủy xã Đồi Cao", "2. Đảng ủy xã Đồi Cao 2", "3. Đảng ủy xã Bãi Dài"),
    "counts": ("I. Xã Đồi Cao (2 mô hình)", "II. Xã Đồi Cao 2: 1 mô hình", "III. Xã Bãi Dài - 01 mô hình"),
    "bare counts": ("I. Xã Đồi Cao: 02", "II. Xã Đồi Cao 2 (1)", "III. Xã Bãi Dài: 1"),
    "no numbers": ("XÃ ĐỒI CAO", "XÃ ĐỒI CAO 2", "XÃ BÃI DÀI"),
}
OF_UNIT = {"xa-doi-cao": ["Một", "Hai"], "xa-doi-cao-2": ["Ba"], "xa-bai-dai": ["Bốn"]}


def read_as(tmp_path: Path, unit: str, rows: list[list[Any]], **places: Any) -> RegisterReader:
    """A reader that has read the rows as a commune's, as an import does."""

    def named(lines: list[str]) -> tuple[str, str] | None:
        said = " | ".join(map(compare_key, lines))
        hits = {key: name for key, name in COMMUNES.items() if compare_key(name.removeprefix("Đảng ủy ")) in said}
        longest = max(hits, key=lambda key: len(hits[key]), default=None)
        return None if longest is None else ("", "") if longest == unit else (longest, hits[longest])

    name = COMMUNES.get(unit, "Công an tỉnh")
    book = PlaceBook(name, [name.removeprefix("Đảng ủy ")], [], **places)
    context = RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, book, whose=named)
    path = made.xlsx(tmp_path / "so.xlsx", rows)
    reader = RegisterReader(path, context)
    found = list(reader.rows())
    if reader.is_of_several:
        reader = RegisterReader(path, replace(context, apart=True))
        found = list(reader.rows())
    reader.found = found  # type: ignore[attr-defined]
    return reader


def titles(reader: RegisterReader) -> tuple[list[str], list[str]]:
    """(of the rows that are taken, of those that are another unit's)."""
    found = reader.found  # type: ignore[attr-defined]
    refused = [row for row in found if isinstance(row, RefusedRow)]
    assert {flaw.code for row in refused for flaw in row.flaws} <= {"other_unit"}
    return [row.title for row in found if isinstance(row, ReadRow)], [row.title for row in refused]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("unit", OF_UNIT)
@pytest.mark.parametrize("way", SECTIONS)
def test_each_commune_of_a_group_takes_its_rows_of_one_table(tmp_path: Path, way: str, unit: str) -> None:
    reader = read_as(tmp_path, unit, of_group(*SECTIONS[way]))
    others = [title for other, own in OF_UNIT.items() if other != unit for title in own]
    assert titles(reader) == (OF_UNIT[unit], others)
    assert not [told["message"] for told in reader.warnings if told["code"] == "total_mismatch"]


@pytest.mark.usefixtures("here")
def test_a_commune_that_has_sent_nothing_takes_nothing(tmp_path: Path) -> None:
    rows = of_group(SECTIONS["counts"][0], "II. XÃ BÃI DÀI", "III. XÃ ĐỒI CAO 2")
    at = rows.index(["II. XÃ BÃI DÀI"])
    for said in ("(Chưa có báo cáo)", "Chưa gửi danh sách", "Không đăng ký"):
        silent = [*rows[:at], ["II. XÃ BÃI DÀI"], [said], *rows[-3:]]
        assert titles(read_as(tmp_path, "xa-bai-dai", silent)) == ([], ["Một", "Hai", "Bốn"])
        assert titles(read_as(tmp_path, "xa-doi-cao-2", silent)) == (["Bốn"], ["Một", "Hai"])


@pytest.mark.usefixtures("here")
def test_a_table_with_the_rows_of_one_other_commune_alone_is_refused(tmp_path: Path) -> None:
    rows = of_group(*SECTIONS["Roman numbers"])[:6]
    assert titles(read_as(tmp_path, "xa-bai-dai", rows)) == ([], ["Một", "Hai"])


@pytest.mark.usefixtures("here")
def test_communes_between_the_rows_of_a_committee_of_no_place_say_where(tmp_path: Path) -> None:
    reader = read_as(tmp_path, "", of_group(*SECTIONS["Roman numbers"]), is_of_place=False)
    assert titles(reader) == (["Một", "Hai", "Ba", "Bốn"], [])


@pytest.mark.usefixtures("here")
def test_what_is_said_around_the_communes_is_said_of_all_and_within_one_of_that_alone(tmp_path: Path) -> None:
    def model(title: str) -> list[Any]:
        return [1, title, "Hội Phụ nữ", "Tập thể", "15/3/2024"]

    first, second, _ = SECTIONS["Roman numbers"]
    rows: list[list[Any]] = [["DANH SÁCH MÔ HÌNH ĐĂNG KÝ MỚI"], [*TABLE[:3], TABLE[4], TABLE[6]]]
    rows += [[first], ["1. Lĩnh vực kinh tế"], model("Một"), [second], ["1. Lĩnh vực văn hóa - xã hội"], model("Hai")]
    for unit, title, field_id in (("xa-doi-cao", "Một", 1), ("xa-doi-cao-2", "Hai", 2)):
        taken = [row for row in read_as(tmp_path, unit, rows).found if isinstance(row, ReadRow)]  # type: ignore[attr-defined]
        assert [(row.title, row.kind, row.field_id) for row in taken] == [(title, "new", field_id)]
    last = read_as(tmp_path, "xa-doi-cao-2", [*rows[:6], *rows[7:]]).found[-1]  # type: ignore[attr-defined]
    assert [flaw.code for flaw in last.flaws] == ["field_unknown"]
