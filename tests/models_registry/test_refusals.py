"""What is refused: row by row with its place and reason, or the whole file."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from common.sizes import FILE_LIMIT
from models_registry.models import Registration
from models_registry.registers.refusing import RegisterUnreadable, not_a_spreadsheet
from models_registry.services import ImportReport
from tests import registers as made

Take = Callable[..., ImportReport]

REFUSED = [
    ({"title": ""}, "title_missing", "B", ""),
    ({"title": "x" * 501}, "title_too_long", "B", "x" * 501),
    ({"field": "Thể thao"}, "field_unknown", "E", "Thể thao"),
    ({"field": ""}, "field_unknown", "E", ""),
    ({"place": "Xã Hàm Hiệp"}, "place_unknown", "D", "Xã Hàm Hiệp"),
    ({"kind": "Mới và duy trì"}, "kind_both", "G", "Mới và duy trì"),
    ({"kind": ""}, "kind_missing", "G", ""),
    ({"subject_kind": "Nhóm"}, "subject_kind_unknown", "F", "Nhóm"),
    ({"day": "31/2/2024"}, "date_impossible", "I", "31/2/2024"),
    ({"day": "15/13/2024"}, "date_impossible", "I", "15/13/2024"),
    ({"day": "15/3/2023"}, "date_out_of_season", "I", "15/3/2023"),
    ({"day": ""}, "date_missing", "I", ""),
]


@pytest.mark.parametrize("given, code, column, value", REFUSED, ids=[f"{code}-{value[:12]}" for _, code, _, value in REFUSED])
def test_a_row_is_refused_with_its_place_and_reason(
    take: Take, tmp_path: Path, given: dict[str, str], code: str, column: str, value: str
) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Dòng đúng"), made.row(**({"title": "Dòng sai"} | given))])
    report = take(path)
    (refused,) = report.rejected
    assert (refused["sheet"], refused["row"], refused["column"]) == ("Danh sách", 3, column)
    assert (refused["code"], refused["value"]) == (code, value)
    assert refused["message"]
    assert (report.saved, report.created, Registration.objects.filter(season__year=2024).count()) == (False, 0, 0)


def test_valid_rows_are_stored_when_asked(take: Take, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Dòng đúng"), made.row("Dòng sai", field="Thể thao")])
    report = take(path, accept_valid=True)
    assert (report.saved, report.created, len(report.rejected)) == (True, 1, 1)
    assert list(Registration.objects.filter(season__year=2024).values_list("title", flat=True)) == ["Dòng đúng"]


@pytest.mark.parametrize("marks, code", [(("x", "x"), "kind_both"), (("", ""), "kind_missing")])
def test_marks_for_both_kinds_or_neither(take: Take, tmp_path: Path, marks: tuple[str, str], code: str) -> None:
    head = [*made.HEAD[:6], "Mới", "Duy trì", *made.HEAD[7:]]
    line = made.row()
    report = take(made.xlsx(tmp_path / "so.xlsx", [head, [*line[:6], *marks, *line[7:]]]))
    (refused,) = report.rejected
    assert (refused["code"], refused["column"]) == (code, "G:H")


def test_the_same_model_twice_in_other_spellings(take: Take, tmp_path: Path) -> None:
    twice = [
        made.row("Hoà giải ở cơ sở"),
        made.row("HÒA GIẢI  Ở CƠ SỞ", number=2),
        made.row("Hòa giải ở cơ sở", place="Phường Phú Thủy"),
    ]
    (refused,) = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *twice])).rejected
    assert (refused["row"], refused["code"]) == (3, "duplicate")
    assert refused["message"] == "Trùng tên, địa bàn và người thực hiện với dòng 2."


def test_rows_that_say_the_same_are_taken_where_the_command_says_so_and_stay(take: Take, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *[made.row("Hoà giải ở cơ sở", number=n) for n in (1, 2, 3)]])
    assert (take(path).saved, take(path, takes=["duplicate"]).created) == (False, 3)
    assert take(path).unchanged == 3


def test_all_that_is_wrong_with_a_row_is_told(take: Take, tmp_path: Path) -> None:
    (refused,) = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(field="?", day="32/1/2024")])).rejected
    assert refused["code"] == "field_unknown"
    assert [more["code"] for more in refused["more"]] == ["date_impossible"]


def zip_of(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def lying_about_sizes(raw: bytes) -> bytes:
    """The same zip, with every stated unpacked size changed to 10."""
    raw = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(mark)
        while at >= 0:
            struct.pack_into("<I", raw, at + offset, 10)
            at = raw.find(mark, at + 4)
    return bytes(raw)


def bomb() -> bytes:
    return zip_of(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b" " * (210 * 1024 * 1024))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("so.xlsx", b"", "rỗng"),
        ("so.xlsx", b"%PDF-1.7 ...", "không phải bảng tính"),
        ("so.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "là ảnh"),
        ("so.xls", b"<html><table><tr><td>a,b</td></tr></table></html>", "tiêu đề"),
        ("so.xlsx", zip_of(word__document_xml=b"<x/>"), "tiêu đề"),
        ("so.xlsx", zip_of(xl__workbook_xml=b"<x/>")[:60], "không phải bảng tính"),
        ("so.xlsx", OLE, "mật khẩu"),
        ("so.xlsx", bomb, "200 MB"),
        ("so.xlsx", lambda: lying_about_sizes(bomb()), "200 MB"),
        ("so.csv", b"Danh sach,So mo hinh\n1,2\n", "tiêu đề"),
        ("so.csv", b"khong co gi", "không phải bảng tính"),
    ],
    ids=["empty", "pdf", "png", "html", "docx", "truncated", "encrypted", "bomb", "lying bomb", "no heading", "text"],
)
def test_a_file_is_refused_whole(take: Take, tmp_path: Path, name: str, content: bytes | Callable[[], bytes], words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content() if callable(content) else content)
    with pytest.raises(RegisterUnreadable, match=words):
        take(path)


def test_a_file_over_the_limit(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    with path.open("wb") as file:
        file.truncate(FILE_LIMIT + 1)
    with pytest.raises(RegisterUnreadable, match="20 MB"):
        take(path)


def test_a_stray_cell_in_the_far_corner(take: Take, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "so.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, made.HEAD)
        sheet.write(1048575, 16383, "x")
    with pytest.raises(RegisterUnreadable, match="ô thừa"):
        take(path)


def test_macros_are_ignored(take: Take, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert take(path.rename(tmp_path / "so.xlsm")).created == 1


def command(*arguments: str) -> tuple[int, str, str]:
    """Run the command -> (exit code, stdout, stderr)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_register", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_exit_codes_and_json(new_season: Any, tmp_path: Path) -> None:
    good = made.xlsx(tmp_path / "good.xlsx", [made.HEAD, made.row()])
    bad = made.xlsx(tmp_path / "bad.xlsx", [made.HEAD, made.row("Khác", field="?")])
    ugly = tmp_path / "ugly.xlsx"
    ugly.write_bytes(b"not a sheet")
    at = ("--season", "2024", "--unit", "phan-thiet", "--json")
    code, out, _ = command(*at, str(good))
    answer = json.loads(out)
    assert code == 0
    assert {
        key: answer[key] for key in ("file", "season", "unit", "rows", "created", "updated", "unchanged", "rejected", "warnings")
    } == {
        "file": "good.xlsx",
        "season": 2024,
        "unit": "phan-thiet",
        "rows": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "warnings": [],
    }
    assert json.loads(command(*at, str(good))[1])["unchanged"] == 1
    code, out, _ = command(*at, str(bad))
    assert (code, [r["code"] for r in json.loads(out)["rejected"]]) == (1, ["field_unknown"])
    code, out, err = command(*at, str(ugly))
    assert (code, out, err.strip()) == (2, "", str(not_a_spreadsheet()))


@pytest.mark.parametrize(
    "season, unit, words", [("2031", "phan-thiet", "Chưa mở năm 2031"), ("2024", "khong-co", "Không có đơn vị “khong-co”")]
)
def test_unknown_season_or_unit(new_season: Any, tmp_path: Path, season: str, unit: str, words: str) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()])
    code, _, err = command("--season", season, "--unit", unit, str(path))
    assert code == 2
    assert words in err


def test_a_file_that_is_not_there(new_season: Any) -> None:
    code, _, err = command("--season", "2024", "--unit", "phan-thiet", "/khong/co.xlsx")
    assert (code, err.strip()) == (2, "Không mở được tệp /khong/co.xlsx. Xin xem lại đường dẫn và quyền đọc.")
