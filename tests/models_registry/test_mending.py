"""Registers on the web: mended in place, handed back with the errors marked, an empty one to fill in."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.test import Client

from common import jobs
from common.models import Job
from models_registry.models import RegisterImport, Registration
from models_registry.registers.reading import BOTH_STAND
from models_registry.services import import_register
from tests import registers as made
from tests.online import person
from tests.reviewing import cell

pytestmark = pytest.mark.django_db
OFFICER = "phanthiet.chuyenvien"


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def send(officer: Client, path: Path) -> RegisterImport:
    with path.open("rb") as file:
        officer.post("/lam-viec/nam/2024/nap-so/", {"unit": "phan-thiet", "file": file})
    work()
    return RegisterImport.objects.first()  # type: ignore[return-value]


def confirm(officer: Client, upload: RegisterImport) -> RegisterImport:
    officer.post(f"/lam-viec/nap-so/{upload.pk}/xac-nhan/")
    work()
    upload.refresh_from_db()
    return upload


def test_a_refused_row_is_mended_on_the_page_and_stored(officer: Client, tmp_path: Path) -> None:
    lines = [made.row("Một"), made.row("Hai", field="Thể thao", day="31/2/2024"), made.row("Ba", place="Xã Không Có")]
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines]))
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    names = [cell(upload, 3, "field"), cell(upload, 3, "registered_on"), cell(upload, 4, "place")]
    assert all(f'name="{name}"' in html for name in names)
    assert 'value="Thể thao"' in html and ">Kinh tế</option>" in html and ">Phường Phú Hài</option>" in html
    mends = dict(zip(names, ("Kinh tế", "29/02/2024", "Phường Phú Hài"), strict=True))
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", mends)
    upload.refresh_from_db()
    assert (upload.state, upload.report["rejected_total"], upload.report["created"]) == ("read", 0, 3)
    assert confirm(officer, upload).state == "stored"
    two = Registration.objects.get(season__year=2024, title="Hai")
    assert (two.field.slug, two.registered_on) == ("kinh-te", date(2024, 2, 29))  # type: ignore[union-attr]


def test_hidden_and_struck_rows_are_taken_only_when_their_officer_says_so(officer: Client, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "so.xlsx") as book:
        sheet, struck = book.add_worksheet("DS"), book.add_format({"font_strikeout": True})
        for number, line in enumerate([made.HEAD, made.row("Một"), made.row("Hai"), made.row("Ba")]):
            sheet.write_row(number, 0, line, struck if number == 3 else None)
        sheet.set_row(2, None, None, {"hidden": True})
    upload = send(officer, tmp_path / "so.xlsx")
    page = f"/lam-viec/nap-so/{upload.pk}/"
    html = officer.get(page).content.decode()
    assert "Nhận 1 dòng đang ẩn" in html and "Nhận 1 dòng bị gạch ngang" in html and "Nạp 1 dòng đúng" in html
    officer.post(f"{page}sua/", {"nhan": ["row_hidden", "nothing_of_ours"]})
    work()
    html = officer.get(page).content.decode()
    assert "Nhận 1 dòng bị gạch ngang" in html and "đang ẩn" not in html
    officer.post(f"{page}xac-nhan/", {"chi-dong-dung": "1"})
    work()
    assert set(Registration.objects.filter(season__year=2024).values_list("title", flat=True)) == {"Một", "Hai"}


def test_a_cell_that_says_two_things_is_mended_in_the_part_at_fault(officer: Client, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Loại", "Lĩnh vực", "Ngày đăng ký"]
    lines = [[n, f"Mô hình {n}", "Tập thể, mới", "Kinh tế", "15/3/2024"] for n in range(1, 6)]
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [head, *lines, [6, "Mô hình 6", "Nhóm, mới", "Kinh tế", "15/3/2024"]]))
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    name = cell(upload, 7, "subject_kind")
    assert f'name="{name}"' in html and '<option value="Nhóm, mới">' in html
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", {name: "Cá nhân"})
    upload.refresh_from_db()
    assert (upload.report["created"], upload.report["rejected_total"]) == (6, 0)


def test_a_missing_cross_is_chosen_from_the_list(officer: Client, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Kinh tế", "Văn hóa - xã hội", "Tập thể/cá nhân", "Mới/duy trì", "Ngày đăng ký"]
    lines = [[1, "Một", "x", "", "Tập thể", "Mới", "1/3/2024"], [2, "Hai", "", "", "Tập thể", "Mới", "1/3/2024"]]
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [head, *lines]))
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert f'name="{cell(upload, 3, "field")}"' in html and "Chưa đánh dấu lĩnh vực nào." in html
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", {cell(upload, 3, "field"): "Văn hóa - xã hội"})
    upload.refresh_from_db()
    assert upload.report["rejected_total"] == 0
    confirm(officer, upload)
    assert Registration.objects.get(season__year=2024, title="Hai").field.slug == "van-hoa-xa-hoi"  # type: ignore[union-attr]


def test_what_is_typed_over_a_sheet_in_an_old_font_is_unicode(officer: Client, tmp_path: Path) -> None:
    lines = made.spelled([made.HEAD, made.row("Một"), made.row("Hai", field="Thể thao")], made.to_tcvn3)
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", lines))
    mends = {cell(upload, 3, "field"): "Văn hóa - xã hội", cell(upload, 3, "title"): "Tuyến đường hoà bình"}
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", mends)
    confirm(officer, upload)
    assert Registration.objects.filter(season__year=2024, title="Tuyến đường hoà bình").exists()


def test_what_no_row_has_is_not_typed_over(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai", field="Thể thao")]))
    rubbish = {"o|Danh sách!9|title|": "x", "o|Danh sách!3|??|": "x", "o|Danh sách!3|E|": "x", "o|": "x", "q|": "1", "x|": "|"}
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", rubbish)
    upload.refresh_from_db()
    assert upload.mends == {}
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", {cell(upload, 3, "field"): "Thể thao"})
    upload.refresh_from_db()
    assert (upload.mends, upload.state) == ({}, "read")
    assert "Chưa ô nào được sửa." in officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()


@pytest.mark.parametrize("maker", [made.xlsx, made.xls, made.ods, made.text_file])
def test_the_file_with_its_errors_marked(officer: Client, tmp_path: Path, maker: Any) -> None:
    lines = [made.HEAD, made.row("Một"), made.row("Hai", field="Thể thao", day="31/2/2024")]
    path = tmp_path / f"so.{ {made.xlsx: 'xlsx', made.xls: 'xls', made.ods: 'ods', made.text_file: 'csv'}[maker] }"
    upload = send(officer, maker(path, lines))
    response = officer.get(f"/lam-viec/nap-so/{upload.pk}/danh-dau-loi/")
    assert response["Content-Disposition"] == 'attachment; filename="so-can-sua.xlsx"'
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    assert (sheet["B2"].value, sheet["B3"].value, sheet["E3"].value) == ("Một", "Hai", "Thể thao")
    assert sheet["E3"].fill.fgColor.rgb == "FFFDE3DC" and sheet["I3"].fill.fgColor.rgb == "FFFDE3DC"
    assert sheet["E2"].fill.fgColor.rgb != "FFFDE3DC"
    last = [cell.value for cell in sheet[3] if cell.value][-1]
    assert last.startswith("Cần sửa: Lĩnh vực “Thể thao” không có") and "31/2/2024" in last


def test_a_file_without_names_of_sheets_is_called_as_its_officer_calls_it(officer: Client, tmp_path: Path) -> None:
    lines = [made.HEAD, made.row("Một"), made.row("Hai", field="Thể thao")]
    upload = send(officer, made.text_file(tmp_path / "Sổ tháng 3 [bản cuối] của khối vận xã.csv", lines))
    name = "Sổ tháng 3  bản cuối  của khối"
    assert upload.rows.get(state="refused").source == f"{name}!3"
    response = officer.get(f"/lam-viec/nap-so/{upload.pk}/danh-dau-loi/")
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Sổ tháng 3  bản cuối  của khối"]
    assert book.worksheets[0]["E3"].fill.fgColor.rgb == "FFFDE3DC"
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", {cell(upload, 3, "field", name): "Kinh tế"})
    upload.refresh_from_db()
    assert upload.report["rejected_total"] == 0


def test_the_marked_file_can_be_sent_again(officer: Client, tmp_path: Path) -> None:
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai", field="Thể thao")]))
    response = officer.get(f"/lam-viec/nap-so/{upload.pk}/danh-dau-loi/")
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    book.worksheets[0]["E3"] = "Kinh tế"
    book.save(tmp_path / "sua.xlsx")
    assert send(officer, tmp_path / "sua.xlsx").report["created"] == 2


def test_the_empty_register_is_read_back(officer: Client, tmp_path: Path) -> None:
    response = officer.get("/lam-viec/nam/2024/mau-so/?don-vi=phan-thiet")
    path = tmp_path / "mau.xlsx"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules["E4:E504"] == ("list", "'Danh mục'!$B$1:$B$4")
    assert rules["I4:I504"][0] == "date"
    places = [row[0].value for row in book.worksheets[1].iter_rows(max_col=1)]
    assert "Phường Phú Hài" in places and len(places) == 18
    for column, text in enumerate(made.row("Từ mẫu")):
        sheet.cell(4, column + 1).value = text
    book.save(path)
    assert send(officer, path).report["created"] == 1


def test_a_row_that_is_open_for_mending_online_is_left_to_that(
    officer: Client, tmp_path: Path, new_season: Any, unit: Any
) -> None:
    from models_registry.enums import Action
    from models_registry.services import change_state

    path = made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một")])
    import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
    row = Registration.objects.get(season=new_season, title="Một")
    change_state(registration_id=row.pk, action=Action.REOPEN, actor=person(OFFICER), note="Sửa")
    path = made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một", content="Nội dung khác")])
    report = import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
    assert [one["code"] for one in report.rejected] == ["online_pending"]


def test_a_cell_that_was_not_touched_is_not_mended_by_what_is_shown_of_it(officer: Client, tmp_path: Path) -> None:
    long = "Tổ dài " * 400
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(long), made.row("Hai", field="Thể thao")]))
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert f'value="{long.strip()}"' in html
    sent = {cell(upload, 2, "title"): long.strip(), cell(upload, 3, "field"): "Kinh tế"}
    officer.post(f"/lam-viec/nap-so/{upload.pk}/sua/", sent)
    upload.refresh_from_db()
    assert upload.mends == {"Danh sách!3": {"field": "Kinh tế"}}
    assert [flaw["code"] for row in upload.rows.filter(state="refused") for flaw in row.flaws] == ["title_too_long"]


def test_the_preview_says_what_will_change(officer: Client, tmp_path: Path) -> None:
    confirm(officer, send(officer, made.xlsx(tmp_path / "a.xlsx", [made.HEAD, made.row("Một", day="1/3/2024")])))
    changed = made.row("Một", day="2/3/2024", field="Kinh tế", kind="Duy trì")
    upload = send(officer, made.xlsx(tmp_path / "b.xlsx", [made.HEAD, changed]))
    told = {part: (old, new) for part, _, old, new in upload.rows.get().told["changes"]}
    assert told["registered_on"] == ("01/03/2024", "02/03/2024")
    assert told["kind"] == ("Đăng ký mới", "Duy trì, nhân rộng")
    html = officer.get(f"/lam-viec/nap-so/{upload.pk}/").content.decode()
    assert "<del>01/03/2024</del> <ins>02/03/2024</ins>" in html


def test_both_of_two_rows_that_say_the_same_stand_where_their_officer_says_so(officer: Client, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai"), made.row("MỘT")])
    upload = send(officer, path)
    page = f"/lam-viec/nap-so/{upload.pk}/"
    html = officer.get(page).content.decode()
    name = cell(upload, 4, "double")
    assert (
        f'name="{name}"' in html and "Không nạp dòng này" in html and "Trùng tên, địa bàn và người thực hiện với dòng 2." in html
    )
    officer.post(f"{page}sua/", {name: BOTH_STAND})
    upload.refresh_from_db()
    assert (upload.report["created"], upload.report["rejected_total"]) == (3, 0)
    officer.post(f"{page}sua/", {cell(upload, 4, "double"): ""})
    upload.refresh_from_db()
    assert (upload.report["created"], upload.report["rejected_total"], upload.mends) == (2, 1, {})
    officer.post(f"{page}sua/", {cell(upload, 4, "double"): BOTH_STAND})
    upload.refresh_from_db()
    confirm(officer, upload)
    rows = Registration.objects.filter(season__year=2024, title__in=["Một", "MỘT"])
    assert (rows.count(), rows.values("model").distinct().count()) == (2, 2)
    again = send(officer, path)
    assert (again.report["unchanged"], again.report["rejected_total"]) == (3, 0)


def test_each_model_of_a_row_is_mended_by_itself_and_stored_once(officer: Client, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("1. Tuyến đường hoa; 2. Tủ sách thôn"), made.row("Tổ tự quản")])
    upload = send(officer, path)
    page = f"/lam-viec/nap-so/{upload.pk}/"
    html = " ".join(officer.get(page).content.decode().split())
    assert (
        "Mô hình 2 trong 2 của dòng 2, cổng tách ra. Xin xem lại." in html
        and 'aria-label="Sửa dòng 2, mô hình 1 trong 2"' in html
    )
    assert html.index("Tuyến đường hoa") < html.index("Tủ sách thôn") < html.index("Tổ tự quản")
    officer.post(f"{page}sua/", {cell(upload, 2, "title", nth=2): "Tủ sách khu phố"})
    html = officer.get(page).content.decode()
    assert "Mô hình 1 trong 2" in html and "Mô hình 2 trong 2" not in html
    assert confirm(officer, upload).report["created"] == 3
    stored = dict(Registration.objects.filter(season__year=2024).values_list("title", "imported_from"))
    sheet = stored["Tổ tự quản"].partition("!")[0]
    assert stored == {"Tuyến đường hoa": f"{sheet}!2.1", "Tủ sách khu phố": f"{sheet}!2.2", "Tổ tự quản": f"{sheet}!3"}
    again = send(officer, path)
    assert (again.report["unchanged"], again.report["rejected_total"]) == (2, 0)


def test_a_wrongly_parted_row_is_one_again_and_back_and_stays_one(officer: Client, tmp_path: Path) -> None:
    listed = "1. Tuyến đường hoa; 2. Tủ sách thôn"
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(listed), made.row("Tổ tự quản")])
    upload = send(officer, path)
    page = f"/lam-viec/nap-so/{upload.pk}/"
    first = cell(upload, 2, "title", nth=1)
    html = officer.get(page).content.decode()
    source = first.split("|")[1]
    assert f'name="mot"\n            value="{source}"' in html and html.count('name="mot"') == 2
    typed = {first: "Tuyến đường hoa mới", cell(upload, 2, "field", nth=2): "Kinh tế", "mot": source}
    answer = officer.post(f"{page}sua/", typed, follow=True)
    assert "Dòng 2: 2 mô hình là một." in answer.content.decode()
    work()
    upload.refresh_from_db()
    (whole, other) = upload.rows.order_by("row")
    assert (whole.source, whole.state, whole.of, whole.said["title"]) == (source.removesuffix(".1"), "new", 0, listed)
    assert upload.mends[whole.source] == {"one": "Là một mô hình", "field": "Kinh tế"} and other.said["title"] == "Tổ tự quản"
    assert 'name="mot"' not in officer.get(page).content.decode()

    officer.post(f"{page}nhieu-dong/", {"hoan-tac": upload.edits.get().pk})
    work()
    upload.refresh_from_db()
    assert upload.rows.filter(row=2).count() == 2 and upload.mends[source] == {"title": "Tuyến đường hoa mới"}

    officer.post(f"{page}sua/", {"mot": f"{whole.source}.2"})
    work()
    upload.refresh_from_db()
    assert confirm(officer, upload).report["created"] == 2
    again = send(officer, path)
    assert (again.rows.count(), again.report["created"], again.report["rejected_total"]) == (2, 0, 0)


def test_a_row_that_may_list_several_models_is_one_where_its_officer_says_so(officer: Client, tmp_path: Path) -> None:
    listed = "Đăng ký 3 mô hình: 1. Tuyến đường hoa 2. Tủ sách thôn"
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(listed), made.row("Tổ tự quản")]))
    row, page = upload.rows.get(row=2), f"/lam-viec/nap-so/{upload.pk}/"
    assert (upload.report["created"], [flaw["code"] for flaw in row.flaws]) == (1, ["title_several"])
    officer.post(f"{page}sua/", {"mot": row.source})
    work()
    upload.refresh_from_db()
    assert (upload.report["created"], upload.report["rejected_total"]) == (2, 0)
    answer = officer.post(f"{page}sua/", {"mot": upload.rows.get(row=3).source}, follow=True)
    assert "Dòng này không còn ghi nhiều mô hình." in answer.content.decode()


def test_models_of_one_row_are_handed_back_as_rows_with_what_was_typed_over_them(officer: Client, tmp_path: Path) -> None:
    rows = [
        made.row("1. Tuyến đường hoa; 2. Tủ sách thôn"),
        made.row("Hai", field="Thể thao"),
        made.row("1. Ba sạch; 2. Bốn không"),
    ]
    upload = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *rows]))
    page = f"/lam-viec/nap-so/{upload.pk}/"
    typed = {cell(upload, 2, "title", nth=2): "Tủ sách khu phố", cell(upload, 2, "field", nth=1): "Bơi lội"}
    officer.post(f"{page}sua/", typed)
    answer = officer.get(f"{page}danh-dau-loi/")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    said = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    title, field = made.HEAD.index("Tên mô hình"), made.HEAD.index("Lĩnh vực")
    assert [(row[title], row[field]) for row in said[1:]] == [
        ("Tuyến đường hoa", "Bơi lội"),
        ("Tủ sách khu phố", rows[0][field]),
        ("Hai", "Thể thao"),
        ("1. Ba sạch; 2. Bốn không", rows[2][field]),
    ]
    assert ["Cần sửa" in " ".join(row) for row in said[1:]] == [True, False, True, False]
