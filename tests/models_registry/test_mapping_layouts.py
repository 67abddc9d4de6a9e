"""The page “Cột nào là gì” where it is said whether a sheet holds a table, a list without one, or forms of one model each."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import html as lxml_html

from models_registry.models import RegisterImport, RememberedMapping
from tests import odd_formats as odd
from tests import registers as made
from tests.models_registry.test_mapping_page import fields, officer, page, say, send, work

assert officer
PAIRS = [
    ("Gọi là", "Tuyến đường hoa", "Tiếng loa an ninh"),
    ("Ai đứng ra làm", "Hội Phụ nữ", "Bà Hoa"),
    ("Nhóm hay người", "Tập thể", "Cá nhân"),
    ("Về mặt nào", "Kinh tế", "Văn hóa - xã hội"),
    ("Ở đâu", "Phường Phú Hài", "Phường Phú Hài"),
    ("Làm từ ngày", "15/3/2024", "16/3/2024"),
]


def form(which: int, *, without: str = "") -> list[list[str]]:
    return [["PHIẾU ĐĂNG KÝ"], *([pair[0], pair[which]] for pair in PAIRS if pair[0] != without), []]


def chosen(response: Any) -> str:
    (select,) = lxml_html.fromstring(response.content.decode()).xpath("//select[@id='cach']")
    return str(select.value)


def titles(upload: RegisterImport) -> list[tuple[str, str]]:
    upload.refresh_from_db()
    assert upload.report["rejected_total"] == 0, upload.report
    return sorted((row.told["said"]["title"], row.told["said"]["subject"]) for row in upload.rows.all())


ALL = {
    "cot-A": "title",
    "cot-B": "subject",
    "cot-C": "subject_kind",
    "cot-D": "field",
    "cot-E": "place",
    "cot-F": "registered_on",
}
BOTH = [("Tiếng loa an ninh", "Bà Hoa"), ("Tuyến đường hoa", "Hội Phụ nữ")]


def test_a_table_is_said_to_be_forms_and_back(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [*form(1), *form(2)]))
    assert (upload.state, chosen(officer.get(page(upload)))) == ("refused", "")
    looked = say(officer, upload, "xem", cach="phieu")
    shown = " ".join(looked.content.decode().split())
    assert chosen(looked) == "phieu"
    assert "Mỗi phiếu một mô hình" in shown
    assert fields(looked)["nhan"] == [pair[0] for pair in PAIRS]
    assert "chưa cột nào là “tên mô hình”" in shown
    assert [name in shown for name in ("Tuyến đường hoa", "Tiếng loa an ninh", "Xem các dòng")] == [True, True, False]
    assert 'name="tieu-de"' not in shown
    back = officer.post(page(upload), fields(looked) | {"viec": "xem", "cach": ""})
    assert (chosen(back), 'name="tieu-de"' in back.content.decode()) == ("", True)
    told = fields(looked) | {"viec": "doc", "cot-A": "title", "cot-B": "subject", "dien-kind": "new"}
    assert officer.post(page(upload), told).status_code == 302
    work()
    assert titles(upload) == BOTH


def test_forms_on_several_sheets_are_said_once_by_their_labels(officer: Client, tmp_path: Path) -> None:
    """The second sheet lacks a label: what was said goes with the labels, not with the letters."""
    sheets = {"Một": form(1), "Hai": [*form(2, without="Gọi là"), ["Gọi là", "Tiếng loa an ninh"]]}
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", sheets))
    looked = say(officer, upload, "xem", cach="phieu")
    said = ALL | {"dien-kind": "new", "moi-trang": "1"}
    assert officer.post(page(upload), fields(looked) | said | {"viec": "doc"}).status_code == 302
    work()
    assert titles(upload) == BOTH
    assert [sheet.get("sheet", "") for sheet in upload.mapping["sheets"]] == [""]


def test_how_forms_were_said_is_remembered_by_their_labels(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", form(1)))
    looked = say(officer, upload, "xem", cach="phieu")
    said = ALL | {"dien-kind": "new", "nho": "1"}
    assert officer.post(page(upload), fields(looked) | said | {"viec": "doc"}).status_code == 302
    assert RememberedMapping.objects.get().head == [pair[0] for pair in PAIRS]
    work()
    again = send(officer, made.xlsx(tmp_path / "so 2.xlsx", [["ĐẢNG ỦY"], *form(2)[::-1]]))
    assert titles(again) == BOTH[:1]
    assert "Ai đứng ra làm" in officer.get("/lam-viec/cach-doc/").content.decode()


def test_a_sheet_taken_for_a_list_is_said_to_be_a_table_and_back(officer: Client, tmp_path: Path) -> None:
    lines = [f"{n}. {title}; {who}; tập thể; Phường Phú Hài; Kinh tế; mới; 15/3/2024" for n, (title, who) in enumerate(BOTH, 1)]
    upload = send(officer, odd.docx(tmp_path / "so.docx", "".join(odd.paragraph(line) for line in lines)))
    assert chosen(officer.get(page(upload))) == "danh-sach"
    table = say(officer, upload, "xem", cach="")
    assert (chosen(table), fields(table).get("tieu-de")) == ("", None)
    assert "Cổng chưa thấy dòng tiêu đề" in table.content.decode()
    back = officer.post(page(upload), fields(table) | {"viec": "doc", "cach": "danh-sach"})
    assert back.status_code == 302
    work()
    assert titles(upload) == BOTH


def test_what_holds_no_forms_says_so_at_its_choice(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [["Một"], ["Hai"]]))
    refused = say(officer, upload, "doc", cach="phieu")
    shown = lxml_html.fromstring(refused.content.decode())
    assert refused.status_code == 422
    assert [(link.get("href"), link.text) for link in shown.xpath("//*[@id='loi']//a")] == [
        ("#cach", "Trang này không đọc được như phiếu: chọn cách trình bày khác.")
    ]


@pytest.mark.parametrize("layout", ["", "phieu", "danh-sach"])
def test_what_was_chosen_of_columns_is_not_taken_over_to_another_layout(officer: Client, tmp_path: Path, layout: str) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [*form(1), *form(2)]))
    told = fields(officer.get(page(upload))) | {"viec": "xem", "cach": layout, "cach-cu": "khac", "cot-ZZ": "title"}
    assert officer.post(page(upload), told | {"tieu-de": "2"}).status_code == 200
