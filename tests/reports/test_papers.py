"""The three files of a report, read again by other libraries, against the published figures."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pypdf import PdfReader

from models_registry.models import Registration
from papers.enums import Layout
from papers.models import Letterhead
from papers.services import enter_form, keep_template
from papers.word.filling import TemplateRefused
from reports.counted import Counted
from reports.exports.files import papers_of
from reports.kinds import kinds
from reports.services import make_now
from tests.online import person

pytestmark = [pytest.mark.django_db]
EXPECTED = json.loads((Path(__file__).resolve().parents[2] / "demo/season-2023/expected.json").read_text(encoding="utf-8"))
TALLY = next(one for one in EXPECTED["tallies"] if one["as_of"] == "2023-10-15")


@pytest.fixture
def made(season: Any, tmp_path: Path, capsys: Any) -> dict[str, Path]:
    call_command("build_report", "tong-hop-15-10", season=2023, as_of="2023-10-15", out=tmp_path, json=True)
    files = json.loads(capsys.readouterr().out)["files"]
    return {Path(one).suffix[1:]: Path(one) for one in files}


SENTENCE = (
    "Tính đến ngày 15/10/2023, toàn tỉnh có 746 mô hình được đăng ký ở cấp huyện, trong đó đăng ký năm 2023 là 480, tiếp tục duy trì và "
    "nhân rộng từ năm 2022 là 266; 13/14 đơn vị (trừ Đức Linh) công nhận 155; 13/14 đơn vị (trừ Đức Linh) đề nghị 39."
)


def test_the_word_paper(made: dict[str, Path]) -> None:
    paper = docx.Document(str(made["docx"]))
    words = [one.text for one in paper.paragraphs]
    assert SENTENCE in words
    assert "BÁO CÁO" in words and "I- KẾT QUẢ ĐĂNG KÝ, CÔNG NHẬN, ĐỀ NGHỊ" in words
    assert any("đến ngày 15/10/2023" in text for text in words)
    head = paper.tables[0]
    assert "TỈNH ỦY BÌNH THUẬN" in head.rows[0].cells[0].text and "ĐẢNG CỘNG SẢN VIỆT NAM" in head.rows[0].cells[1].text
    table = next(one for one in paper.tables if len(one.columns) > 10)
    heads = [cell.text for cell in table.rows[0].cells]
    rows = {row.cells[1].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
    total = dict(zip(heads, rows["Tổng cộng"], strict=True))
    assert (total["Tổng số"], total["Mới"], total["Duy trì, nhân rộng"]) == ("746", "480", "266")
    assert (total["Công nhận"], total["Đề nghị"]) == ("155", "39")
    for name, number in TALLY["by_field"].items():
        assert total[name] == str(number)
    duc_linh = dict(zip(heads, rows["Huyện ủy Đức Linh"], strict=True))
    assert duc_linh["Tổng số"] == str(TALLY["by_unit"]["duc-linh"]["registered"]) and duc_linh["Công nhận"] == "0"
    assert "{" not in "\n".join(words) and "DANH SÁCH MÔ HÌNH ĐƯỢC CẤP HUYỆN CÔNG NHẬN" in words
    named = [one for one in paper.tables if one.rows[0].cells[1].text == "Tên mô hình"]
    assert sum(row.cells[0].text.isdecimal() for row in named[0].rows) == 155
    assert (
        len(named) == 2 and "DANH SÁCH MÔ HÌNH ĐƯỢC CÔNG NHẬN CẤP TỈNH" not in words
    )  # the province has decided nothing by the day
    assert any("Dữ liệu minh họa" in text for text in words)


def test_the_excel_file(made: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(made["xlsx"])
    assert book.sheetnames == ["Báo cáo", "Biểu 2", "Theo lĩnh vực", "Đơn vị công nhận", "Đề nghị", "Cần kiểm tra", "Ghi chú"]
    sheet = book["Biểu 2"]
    heads = [cell.value for cell in sheet[3]]
    assert sheet.freeze_panes == "C5" and sheet.page_setup.orientation == "landscape"
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=5) if row[1].value}
    total = dict(zip(heads, rows["Tổng cộng"], strict=False))
    assert (total["Tổng số"].value, total["Mới"].value, total["Duy trì, nhân rộng"].value) == (746, 480, 266)
    for key, line in TALLY["by_unit"].items():
        row = next(
            cells
            for cells in rows.values()
            if cells[2].hyperlink and f"don-vi={key}" in cells[2].hyperlink.target and "so=dang-ky" in cells[2].hyperlink.target
        )
        mine = dict(zip(heads, row, strict=False))
        assert (mine["Tổng số"].value, mine["Công nhận"].value, mine["Đề nghị"].value) == (
            line["registered"], line["district_recognised"], line["province_proposed"]
        ), key  # fmt: skip
    assert sheet._charts and book["Theo lĩnh vực"]._charts
    fields = {row[0]: row[1] for row in book["Theo lĩnh vực"].iter_rows(min_row=4, values_only=True) if row[0]}
    assert fields == TALLY["by_field"] | {"Tổng cộng": 746}
    named = list(book["Đơn vị công nhận"].iter_rows(min_row=4, values_only=True))
    assert len(named) == 155 and [row[0] for row in named] == [str(n) for n in range(1, 156)]
    notes = dict(row[:2] for row in book["Ghi chú"].iter_rows(min_row=3, values_only=True) if row[0])
    assert notes["Số liệu tính đến hết ngày"] == "15/10/2023" and notes["Trạng thái"] == "Bản nháp, chưa chốt"
    checked = [row[0] for row in book["Cần kiểm tra"].iter_rows(min_row=4, values_only=True)]
    assert any("Đức Linh: chưa công nhận, chưa đề nghị" in str(words) for words in checked)


def test_the_pdf(made: dict[str, Path]) -> None:
    reader = PdfReader(made["pdf"])
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert SENTENCE in text
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "BIỂU 2", "Huyện ủy Đức Linh", "Tổng cộng", "BẢN NHÁP"):
        assert words in text, words


def test_word_and_pdf_have_the_same_parts_and_numbers(made: dict[str, Path]) -> None:
    paper = docx.Document(str(made["docx"]))
    words = [one.text for one in paper.paragraphs if one.text.strip()]
    pages = " ".join(" ".join(page.extract_text() for page in PdfReader(made["pdf"]).pages).split())
    parts = [text for text in words[words.index("-----") :] if text.isupper() or text == words[words.index("-----") + 1]]
    assert "DANH SÁCH MÔ HÌNH ĐƯỢC ĐỀ NGHỊ LÊN TỈNH" in parts and "ĐĂNG KÝ THEO ĐƠN VỊ" in parts and "BIỂU 2" in parts
    places = [pages.index(part) for part in parts]
    assert places == sorted(places)
    proposed = [one for one in paper.tables if one.rows[0].cells[1].text == "Tên mô hình"][1]
    rows = [row.cells[0].text for row in proposed.rows]
    groups = [rows.index("I- Tập thể"), rows.index("II- Cá nhân")]
    assert [rows[place + 1] for place in groups] == ["1", "1"] and sum(one.isdecimal() for one in rows) == 39
    listed = pages[pages.index(parts[-3]) : pages.index(parts[-2])]
    assert "I- Tập thể 1 " in listed and "II- Cá nhân 1 " in listed and f" {rows[groups[1] - 1]} " in listed
    assert len(list(openpyxl.load_workbook(made["xlsx"])["Đề nghị"].iter_rows(min_row=4))) == 39


def test_a_signature_is_never_alone_on_a_page(season: Any, unit: Any) -> None:
    report = make_now(kind="tong-hop-15-10", season=season, unit=unit("binh-thuan"), day=date(2023, 10, 15))
    line = "Phong trào có chiều sâu, cấp ủy quan tâm chỉ đạo, các ngành phối hợp chặt chẽ, tuyên truyền rộng rãi trong nhân dân."
    report.texts = {"danh-gia": "\n".join([line] * 9)}  # so many that all of the text fills the first page
    files = papers_of(report)
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(files["pdf"])).pages]
    signed = next(page for page in pages if "Nơi nhận" in page)
    assert line in signed and signed != pages[0]
    held = [one.text for one in docx.Document(io.BytesIO(files["docx"])).paragraphs if one.paragraph_format.keep_with_next]
    assert line in held and held[held.index(line) + 1] == ""  # the last one, and the blank line under it


@pytest.mark.parametrize("kind", ["individual", "collective"])
def test_a_list_whose_one_group_is_empty_is_printed(season: Any, unit: Any, kind: str) -> None:
    """Individuals alone too: the title of the empty group stands right above theirs."""
    Registration.objects.filter(season=season).update(subject_kind=kind)
    report = make_now(kind="tong-hop-15-10", season=season, unit=unit("binh-thuan"), day=date(2023, 10, 15))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(papers_of(report)["pdf"])).pages]
    listed = " ".join(pages)
    assert ("I- Tập thể (Không có)" in listed, "II- Cá nhân (Không có)" in listed) == (kind == "individual", kind == "collective")


def test_the_columns_of_the_table_are_numbered_in_each_paper(made: dict[str, Path]) -> None:
    numbers = ["A", "B", "1 = 2 + 3", *(str(n) for n in range(2, 14))]
    table = next(one for one in docx.Document(str(made["docx"])).tables if len(one.columns) > 10)
    assert [cell.text for cell in table.rows[1].cells] == [*numbers, ""]
    assert len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]")) == 2  # both lines stand on every page of it
    sheet = openpyxl.load_workbook(made["xlsx"])["Biểu 2"]
    assert [cell.value or "" for cell in sheet[4]] == [*numbers, ""]
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(made["pdf"]).pages]
    assert any(" ".join(numbers) in page for page in pages)


def test_a_state_body_has_the_states_head_in_word_and_pdf(season: Any, unit: Any, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    Letterhead.objects.filter(unit=unit("binh-thuan")).update(layout=Layout.STATE)
    call_command("build_report", "tong-hop-15-10", season=2023, as_of="2023-10-15", out=tmp_path)
    word = docx.Document(str(next(tmp_path.glob("*.docx")))).tables[0].rows[0].cells[1].text
    page = " ".join(PdfReader(next(tmp_path.glob("*.pdf"))).pages[0].extract_text().split())
    for text in (word, page):
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "Độc lập - Tự do - Hạnh phúc" in text
        assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in text
    assert "/BC-" in page and "*" not in page.partition("BÁO CÁO")[0]


@pytest.mark.parametrize("kind", [kind.slug for kind in kinds()])
@pytest.mark.parametrize("unit", ["", "ham-thuan-bac"])
def test_every_kind_for_the_province_and_for_a_district(season: Any, tmp_path: Path, kind: str, unit: str) -> None:
    call_command("build_report", kind, season=2023, as_of="2023-12-31", out=tmp_path, unit=unit)
    found = {path.suffix: path for path in tmp_path.iterdir()}
    assert set(found) == {".docx", ".xlsx", ".pdf"}
    assert "{" not in "\n".join(one.text for one in docx.Document(str(found[".docx"])).paragraphs)
    assert len(PdfReader(found[".pdf"]).pages) >= 1
    openpyxl.load_workbook(found[".xlsx"])


def test_a_season_without_anything(new_season: Any, tmp_path: Path) -> None:
    call_command("build_report", "tong-hop-15-10", season=2024, as_of="2024-03-01", out=tmp_path)
    words = [one.text for one in docx.Document(str(next(tmp_path.glob("*.docx")))).paragraphs]
    assert "Tính đến ngày 01/03/2024, toàn tỉnh chưa có mô hình nào được đăng ký ở cấp huyện." in words
    tables = docx.Document(str(next(tmp_path.glob("*.docx")))).tables
    (compared,) = [one for one in tables if [cell.text for cell in one.rows[0].cells][1:3] == ["Năm nay", "Năm trước"]]
    assert [cell.text for cell in compared.rows[1].cells][1] == "0"


@pytest.mark.parametrize(
    "given, words",
    [
        ({"as_of": "2022-12-01"}, "trước ngày mở đăng ký"),
        ({"as_of": "2099-01-01"}, "chưa tới"),
        ({"as_of": "hôm nay"}, "không đọc được"),
        ({"season": 1999}, "Chưa mở năm 1999"),
        ({"unit": "khong-co"}, "Không có đơn vị"),
    ],
)
def test_what_the_command_refuses(season: Any, tmp_path: Path, capsys: Any, given: dict[str, Any], words: str) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("build_report", "tong-hop-15-10", **({"season": 2023, "as_of": "2023-10-15", "out": tmp_path} | given))
    assert left.value.code == 2 and words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_memory_of_what_was_counted_is_small() -> None:
    counted = Counted()
    for number in range(100_000):
        counted.add(number * 3, number % 14, number % 4, 1)
    assert len(counted.packed()) < 400_000


def own_file(*lines: str) -> SimpleUploadedFile:
    paper, data = docx.Document(), io.BytesIO()
    for line in lines:
        paper.add_paragraph(line)
    paper.save(data)
    return SimpleUploadedFile("mau-bao-cao.docx", data.getvalue())


FORM = "bao-cao-tong-hop-15-10"


def test_an_officers_own_word_file_prints_the_report(season: Any, unit: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    given = own_file("Kính gửi {{ co_quan_cap_tren }}", "{% for x in muc_ket_qua %}{{ x.chu }}{% endfor %}")
    _, asked = keep_template(unit=unit("binh-thuan"), form=FORM, file=given, actor=person("tinh.chuyenvien"))
    assert not asked.missing
    call_command("build_report", "tong-hop-15-10", season=2023, as_of="2023-10-15", out=tmp_path)
    words = [one.text for one in docx.Document(str(next(tmp_path.glob("*.docx")))).paragraphs]
    assert words[0].startswith("Kính gửi") and SENTENCE in words


@pytest.mark.parametrize(
    "lines, words",
    [
        (["{{ tong_so }}"], "tong_so"),
        (["{% for x in muc_ket_qua %}{{ x.so }}{% endfor %}"], "x.so"),
        (["{{ trich_yeu"], "trich_yeu"),
        (["{% for x in muc_ket_qua %}{{ x.chu }}"], "for"),
    ],
)
def test_a_broken_template_is_refused_with_its_place(season: Any, unit: Any, lines: list[str], words: str) -> None:
    with pytest.raises(TemplateRefused, match=words):
        keep_template(unit=unit("binh-thuan"), form=FORM, file=own_file(*lines), actor=person("tinh.chuyenvien"))


def test_a_template_without_a_needed_part_is_told(season: Any, unit: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    given = own_file("{{ trich_yeu }}")
    _, asked = keep_template(unit=unit("binh-thuan"), form=FORM, file=given, actor=person("tinh.chuyenvien"))
    assert asked.missing == ["muc_ket_qua"]


def test_the_number_of_a_form_is_printed_only_when_it_was_entered(season: Any, unit: Any, tmp_path: Path) -> None:
    enter_form(
        unit=unit("binh-thuan"), actor=person("tinh.chuyenvien"), form=FORM, number="Biểu số 02-DVK", title="Tổng hợp",
        issuer="Ban Dân vận Tỉnh ủy", document="Hướng dẫn số 12-HD/BDVTU", valid_from=date(2023, 10, 1),
    )  # fmt: skip
    for day, printed in (("2023-10-15", True), ("2023-09-30", False)):
        call_command("build_report", "tong-hop-15-10", season=2023, as_of=day, out=tmp_path / day)
        words = [one.text for one in docx.Document(str(next((tmp_path / day).glob("*.docx")))).paragraphs]
        pages = PdfReader(next((tmp_path / day).glob("*.pdf"))).pages
        said = "(Biểu số 02-DVK, Hướng dẫn số 12-HD/BDVTU)"
        assert (said in words) == (said in " ".join(pages[0].extract_text().split())) == printed


def test_both_layouts_of_the_party_by_the_day(season: Any, unit: Any, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    spacing = {}
    for moment in ("2023-10-16T03:00:00Z", "2026-06-01T03:00:00Z"):
        with time_machine.travel(moment, tick=False):
            call_command("build_report", "tong-hop-15-10", season=2023, as_of="2023-10-15", out=tmp_path / moment[:4])
        paper = docx.Document(str(next((tmp_path / moment[:4]).glob("*.docx"))))
        (said,) = [one for one in paper.paragraphs if one.text == SENTENCE]
        spacing[moment[:4]] = said.paragraph_format.line_spacing.pt  # type: ignore[union-attr]
    assert spacing == {"2023": 18, "2026": 20}
