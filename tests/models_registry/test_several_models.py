"""Rows that list several models become a row for each; what only looks like a list stays one model."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.registers import opening
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from tests import registers as made
from tests.models_registry.test_shapes import FIELDS, PLACES
from tests.models_registry.test_spoiled import read_here

ROAD, FLOWERS, LAMPS = "Hiến đất mở đường", "Tuyến đường hoa", "Thắp sáng đường quê"
BODY, UNION = "Chi bộ thôn 3", "Hội Nông dân xã Đồi Cao"
HEAD = ["TT", "Tên mô hình", "Đơn vị thực hiện", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký", "Nội dung, cách làm"]
CONTEXT = RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def rows(*lines: list[Any], head: list[str] = HEAD, **options: Any) -> list[ReadRow | RefusedRow]:
        mends = options.pop("mends", None)
        path = made.text_file(tmp_path / "so.csv", [head, *lines])
        reader = RegisterReader(path, replace(CONTEXT, **options), mends, "so")
        found = list(reader.rows())
        rows.warnings = {told["code"]: told["message"] for told in reader.warnings}  # type: ignore[attr-defined]
        return found

    return rows


def line(
    title: str, doer: str = BODY, field: str = "Kinh tế", kind: str = "mới", day: str = "5/3/2024", how: str = ""
) -> list[Any]:
    return ["7", title, doer, field, kind, day, how]


LISTS = {
    "numbers in a line": f"1. {ROAD} 2. {FLOWERS}",
    "numbers and semicolons": f"1. {ROAD}; 2. {FLOWERS}.",
    "numbers in lines": f"1. {ROAD}\n2. {FLOWERS}",
    "numbers without a space": f"1.{ROAD}\n2.{FLOWERS}",
    "brackets": f"1) {ROAD};\n2) {FLOWERS}",
    "two brackets": f"(1) {ROAD}, (2) {FLOWERS}",
    "strokes": f"1/ {ROAD}\n2/ {FLOWERS}",
    "numbers and dashes": f"1- {ROAD}\n2- {FLOWERS}",
    "zeros": f"01. {ROAD}\n02. {FLOWERS}",
    "letters": f"a) {ROAD}; b) {FLOWERS}",
    "named numbers": f"Mô hình 1: {ROAD}\nMô hình 2: {FLOWERS}",
    "short names": f"MH1: {ROAD}; MH2: {FLOWERS}",
    "dashes": f"- {ROAD}\n- {FLOWERS}",
    "dashes and semicolons": f"- {ROAD};\n- {FLOWERS}.",
    "points": f"• {ROAD}\r\n• {FLOWERS}",
    "what is told above": f"Đăng ký 02 mô hình:\n- {ROAD}\n- {FLOWERS}",
    "what is told before": f"Gồm 2 mô hình: 1. {ROAD}; 2. {FLOWERS}",
    "small letters": f"1. {ROAD.lower()}\n2. {FLOWERS.lower()}",
    "wrapped": f"1. Hiến đất\nmở đường\n2. {FLOWERS}",
    "wrapped dashes": f"- Hiến đất\nmở đường\n- {FLOWERS}",
    "quotes": f"“{ROAD}”; “{FLOWERS}”",
    "quotes in lines": f"“{ROAD}”\n“{FLOWERS}”",
    "the same word": f"Mô hình {ROAD}\nMô hình {FLOWERS}",
}


@pytest.mark.parametrize("title", LISTS.values(), ids=LISTS)
def test_a_row_that_lists_two_models_is_two(read: Any, title: str) -> None:
    found = read(line(title))
    names = [row.title.casefold().removeprefix("mô hình ").strip("“”") for row in found]
    assert names == [ROAD.casefold(), FLOWERS.casefold()]
    assert {(row.subject, row.field_id, row.kind, row.of) for row in found} == {(BODY, 1, "new", 2)}
    assert [row.source for row in found] == ["so!2.1", "so!2.2"]
    assert read.warnings["several_models"].startswith("1 dòng ghi nhiều mô hình: cổng tách thành 2 mô hình.")


ONE = {
    "a semicolon": "Xanh ngoài đồng; sạch trong nhà",
    "capitals behind a semicolon": "Tuyến đường hoa nông thôn; Ngõ xóm xanh sạch",
    "wrapped": "Vận động nhân dân\nHiến đất mở đường",
    "numbers in a name": "2 không, 3 sạch trong hội viên phụ nữ",
    "a stage": "Tuyến đường hoa giai đoạn 2",
    "a row's number": "1. Tuyến đường hoa thôn 2",
    "a number that is not the first": "2. Tuyến đường hoa",
    "quoted words": "“5 không”, “3 sạch”",
    "short quotes": "“Nhà sạch”; “Vườn đẹp”",
    "what is within it": "Khu dân cư kiểu mẫu\n- Đường hoa nở\n- Nhà sạch vườn đẹp",
    "what is within it, numbered": "Khu dân cư kiểu mẫu:\n1. Đường hoa nở\n2. Nhà sạch vườn đẹp",
    "dashes in a name": "Sáng - xanh - sạch - đẹp",
    "one dash": "- Tuyến đường hoa",
    "a point": "Tiết kiệm 1.500 đồng mỗi ngày; góp 2.000 đồng",
    "who does it below": f"{ROAD}\n{BODY}",
    "small words in lines": "- tuyến đường hoa\n- và ngõ sạch",
    "single words": "- Xanh\n- Sạch",
    "labels": "- Tên mô hình: Tuyến đường hoa\n- Lĩnh vực: kinh tế",
}


@pytest.mark.parametrize("title", ONE.values(), ids=ONE)
def test_what_looks_like_a_list_stays_one(read: Any, title: str) -> None:
    (row,) = read(line(title))
    assert not row.of
    assert row.source == "so!2" if isinstance(row, ReadRow) else row.flaws


def test_other_cells_are_parted_as_the_titles_are(read: Any) -> None:
    titles = f"1. {ROAD}\n2. {FLOWERS}"
    found = read(
        line(
            titles,
            f"1. {BODY}\n2. {UNION}",
            "Kinh tế\nVăn hóa - xã hội",
            "mới; duy trì",
            "5/3/2024\n6/3/2024",
            "- Góp đất\n- Trồng hoa",
        ),
        line(f"1. {LAMPS} (a)\n2. {FLOWERS} (b)", "Hội Nông dân xã\nĐồi Cao", how="Góp tiền\nvà góp công"),
    )
    told = [(row.title, row.subject, row.field_id, row.kind.value, row.registered_on.day, row.content) for row in found]
    assert told == [
        (ROAD, BODY, 1, "new", 5, "Góp đất"),
        (FLOWERS, UNION, 2, "maintained", 6, "Trồng hoa"),
        (f"{LAMPS} (a)", UNION, 1, "new", 5, "Góp tiền và góp công"),
        (f"{FLOWERS} (b)", UNION, 1, "new", 5, "Góp tiền và góp công"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        line(f"1. {ROAD}\n2. {FLOWERS}", f"1. {BODY}\n2. {UNION}\n3. Hội Phụ nữ xã Đồi Cao"),
        line(f"1. {ROAD}\n2. {FLOWERS}\n3. {LAMPS}", f"{BODY}\n{UNION}"),
        line(f"1. {ROAD}\n2. {FLOWERS}\n3. {LAMPS}", kind="mới; duy trì"),
        line(f"1. {ROAD} 2. Lĩnh vực: kinh tế"),
        line(f"Đăng ký 3 mô hình: 1. {ROAD} 2. {FLOWERS}"),
        line(f"Đăng ký 03 mô hình:\n- {ROAD}\n- {FLOWERS}"),
        line(f"Gồm ba mô hình: {ROAD}; {FLOWERS}"),
    ],
)
def test_a_row_that_cannot_be_parted_honestly_is_refused_whole(read: Any, row: list[Any]) -> None:
    (refused,) = read(row)
    assert isinstance(refused, RefusedRow) and (refused.row, refused.nth) == (2, 0)
    assert "tách mỗi mô hình một dòng" in " ".join(flaw.message for flaw in refused.flaws) or refused.flaws[0].code == "kind_both"


def test_lines_alone_are_models_where_another_cell_says_so(read: Any) -> None:
    titles = f"{ROAD}\n{FLOWERS}"
    assert [row.title for row in read(line(titles))] == [f"{ROAD} {FLOWERS}"]
    assert [row.subject for row in read(line(titles, f"{BODY}\n{UNION}"))] == [BODY, UNION]
    assert [row.title for row in read(line(titles, "Ông Lê Văn Ba\nBí thư Chi bộ thôn 3"))] == [f"{ROAD} {FLOWERS}"]
    counted = [*HEAD, "Số mô hình"]
    assert [row.title for row in read([*line(titles), "02"], head=counted)] == [ROAD, FLOWERS]
    assert [row.title for row in read([*line(f"- {ROAD}\n- {FLOWERS}"), "1"], head=counted)] == [f"{ROAD} - {FLOWERS}"]
    (refused,) = read([*line(titles), "3"], head=counted)
    assert [flaw.code for flaw in refused.flaws] == ["title_several"] and "ghi 3 mô hình" in refused.flaws[0].message
    over = [[*line(ROAD), "2"], [*line(FLOWERS), ""], [*line(LAMPS), "1"]]
    assert [row.title for row in read(*over, head=counted) if isinstance(row, ReadRow)] == [ROAD, FLOWERS, LAMPS]


def test_brackets_behind_each_of_the_titles_say_its_field_and_kind(read: Any) -> None:
    head = ["TT", "Tập thể", "Tên mô hình đăng ký (lĩnh vực; mới hoặc duy trì)", "Số mô hình", "Ngày đăng ký"]
    rows = [
        ["1", BODY, f"1. {ROAD} (kinh tế; duy trì)\n2. {FLOWERS} (văn hóa - xã hội; đăng ký mới)", "02", "4/3/2024"],
        ["2", UNION, f"{LAMPS} (kinh tế; đăng ký mới)", "01", "5/3/2024"],
        ["", "Cộng", "", "3", ""],
    ]
    found = read(*rows, head=head)
    assert [(row.title, row.subject, row.field_id, row.kind, row.of) for row in found] == [
        (ROAD, BODY, 1, "maintained", 2),
        (FLOWERS, BODY, 2, "new", 2),
        (LAMPS, UNION, 1, "new", 0),
    ]
    assert "total_mismatch" not in read.warnings


def test_a_row_names_a_model_in_each_of_its_fields(read: Any) -> None:
    head = ["TT", "Đơn vị", "Tên mô hình theo lĩnh vực", "", "Mới/duy trì", "Ngày đăng ký"]
    rows = [
        ["", "", "Kinh tế", "Văn hóa - xã hội"],
        ["1", BODY, ROAD, f"1. {FLOWERS}\n2. {LAMPS}", "mới", "12/3/2024"],
        ["2", UNION, LAMPS, "", "mới", "12/3/2024"],
        ["", "Tổng cộng", "2", "2", "", ""],
    ]
    found = read(*rows, head=head)
    assert [(row.title, row.subject, row.field_id, row.of) for row in found] == [
        (ROAD, BODY, 1, 3),
        (FLOWERS, BODY, 2, 3),
        (LAMPS, BODY, 2, 3),
        (LAMPS, UNION, 1, 0),
    ]
    assert [row.source for row in found] == ["so!3.1", "so!3.2", "so!3.3", "so!4"]


def test_what_is_typed_over_one_of_the_models_is_of_that_one(read: Any) -> None:
    row = line(f"1. {ROAD} 2. {FLOWERS}")
    assert [row.title for row in read(row, mends={"so!2.2": {"title": LAMPS}})] == [ROAD, LAMPS]
    (whole,) = read(row, mends={"so!2": {"title": f"{ROAD} và {FLOWERS}"}})
    assert (whole.title, whole.of) == (f"{ROAD} và {FLOWERS}", 0)
    (whole,) = read(row, mends={"so!2": {"one": "Là một mô hình"}})
    assert isinstance(whole, ReadRow) and (whole.title, whole.of) == (f"1. {ROAD} 2. {FLOWERS}", 0)
