"""`import_registers`: a folder or a zip of registers, each file an import of its own."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from models_registry.models import RegisterImport, Registration, Season
from tests import registers as made

WARD, PLACE = "Đảng ủy xã Tân Lập", "Xã Tân Lập"


def _row(title: str, **given: Any) -> list[Any]:
    return made.row(title, subject="UBND xã", place="", day="15/3/2026", **given)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(source: Path, *options: str) -> tuple[int, Any]:
        code = 0
        try:
            call_command("import_registers", source, "--season", "2026", *options)
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, json.loads(told.out)["files"] if "--json" in options and told.out else told.out + told.err

    return call


def _folder(path: Path) -> Path:
    folder = path / "sổ"
    (folder / "Đợt 1").mkdir(parents=True)
    made.xlsx(folder / "Đợt 1" / "a.xlsx", [["ĐẢNG ỦY XÃ TÂN LẬP"], made.HEAD, _row("Một"), _row("Hai")])
    made.xlsx(folder / "xa la da.xlsx", [made.HEAD, _row("Ba"), _row("Bốn", field="Thể thao")])
    made.xlsx(folder / "tan thanh.xlsx", [["ĐẢNG ỦY XÃ TÂN LẬP"], made.HEAD, _row("Năm")])
    (folder / "xa ham thuan.docx").write_bytes(b"\x89PNG")
    return folder


EXPECTED = {
    "Đợt 1/a.xlsx": ("2025/xa-tan-lap", "title", 2, 2, 0),
    "tan thanh.xlsx": ("", "", 0, 0, 0),
    "xa ham thuan.docx": ("", "", 0, 0, 0),
    "xa la da.xlsx": ("2025/xa-la-da", "name", 2, 1, 1),
}


def told(files: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {one["file"]: (one["unit"], one["how"], one["rows"], one["created"], len(one["rejected"])) for one in files}


def test_each_file_finds_its_unit_and_one_that_fails_stops_no_other(run: Any, season_2026: Season, tmp_path: Path) -> None:
    code, files = run(_folder(tmp_path), "--accept-valid", "--json")
    assert (code, told(files)) == (1, EXPECTED)
    assert list(files[0]) == ["file", "unit", "how", "rows", "created", "updated", "unchanged", "rejected", "error"]
    errors = {one["file"]: one["error"] for one in files}
    assert "tên tệp ghi “tan thanh”" in errors["tan thanh.xlsx"]
    assert "Tệp là ảnh" in errors["xa ham thuan.docx"]
    assert sorted(Registration.objects.filter(season=season_2026).values_list("title", flat=True)) == ["Ba", "Hai", "Một"]


def test_rows_that_say_the_same_are_taken_where_the_command_says_so(run: Any, season_2026: Season, tmp_path: Path) -> None:
    folder = tmp_path / "sổ"
    folder.mkdir()
    made.xlsx(folder / "xa la da.xlsx", [made.HEAD, _row("Một"), _row("Một")])
    assert [one["created"] for one in run(folder, "--json")[1]] == [0]
    code, files = run(folder, "--with-doubles", "--json")
    assert (code, [one["created"] for one in files]) == (0, [2])


@pytest.mark.usefixtures("started_anew")
def test_a_zip_says_the_same_and_again_changes_nothing(run: Any, season_2026: Season, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with zipfile.ZipFile(tmp_path / "so.zip", "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder))
    code, files = run(tmp_path / "so.zip", "--accept-valid", "--json")
    assert (code, told(files)) == (1, EXPECTED)
    code, again = run(tmp_path / "so.zip", "--accept-valid", "--json")
    assert {one["file"]: one["unchanged"] for one in again if one["rows"]} == {"Đợt 1/a.xlsx": 2, "xa la da.xlsx": 1}
    assert Registration.objects.filter(season=season_2026).count() == 3


def test_a_wrong_row_holds_back_its_own_file_alone(run: Any, season_2026: Season, tmp_path: Path) -> None:
    code, text = run(_folder(tmp_path))
    assert code == 1
    assert "Có 1 dòng sai nên chưa nạp dòng nào." in text
    assert "4 tệp, 1 tệp trọn vẹn, 2 dòng đã nằm trong sổ." in text
    assert RegisterImport.objects.filter(season=season_2026).count() == 1


def test_what_is_no_folder_and_no_zip_is_refused_whole(run: Any, season_2026: Season, tmp_path: Path) -> None:
    (tmp_path / "so.zip").write_bytes(b"PK\x03\x04")
    assert run(tmp_path / "khong-co") == (2, f"Không có thư mục hay tệp {tmp_path / 'khong-co'}.\n")
    assert run(tmp_path / "so.zip") == (2, "Tệp nén hỏng, không mở được. Xin nén lại rồi gửi.\n")


def test_links_in_a_folder_are_refused_by_name_and_locks_passed_over(run: Any, season_2026: Season, tmp_path: Path) -> None:
    folder = tmp_path / "so"
    folder.mkdir()
    (folder / "link.xlsx").symlink_to("/etc/passwd")
    (folder / "~$a.xlsx").write_bytes(b"x")
    (folder / "a.zip").write_bytes(b"PK\x03\x04")
    code, files = run(folder, "--json")
    assert code == 1
    assert [(one["file"], one["error"][:18]) for one in files] == [
        ("a.zip", "Tệp nén hỏng, khôn"),
        ("link.xlsx", "Đường dẫn tắt, khô"),
    ]


def test_a_list_that_is_no_register_is_no_units(run: Any, season_2026: Season, tmp_path: Path) -> None:
    folder = tmp_path / "so"
    folder.mkdir()
    (folder / "ket-qua.csv").write_text("unit,title,subject,place\nxã Tân Lập,Một,Hội,thôn 1\n")
    code, files = run(folder, "--json")
    assert (code, files[0]["unit"]) == (1, "")
    assert "Không thấy tên đơn vị" in files[0]["error"]
