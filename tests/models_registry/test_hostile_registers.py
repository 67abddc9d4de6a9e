"""Registers made to take the portal down: counted before anything is built, refused with words."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from models_registry.registers.opening import open_register
from models_registry.registers.refusing import RegisterUnreadable

pytestmark = pytest.mark.usefixtures("started_anew")

CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def packed(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def xlsx(folder: Path, rows: str) -> Path:
    """A workbook of one sheet, by hand: no writer makes such rows."""
    return packed(
        folder / "so.xlsx",
        {
            "[Content_Types].xml": f'<Types xmlns="{CONTENT}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{MEDIA}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{DOC}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{DOC}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{DOC}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
        },
    )


def ods(folder: Path, rows: str, manifest: str = "<x/>") -> Path:
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    return packed(
        folder / "so.ods",
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        },
    )


def refusal(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(RegisterUnreadable) as refused:
        for sheet in open_register(path):
            list(sheet.rows)
    assert time.monotonic() - began < 20
    return str(refused.value)


def cells(path: Path) -> list[tuple[int, list[object]]]:
    return [row for sheet in open_register(path) for row in sheet.rows]


VALUE = "<c><v>1</v></c>"
ods_row = '<table:table-row table:number-rows-repeated="{0}">{1}</table:table-row>'.format
ods_cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="{0}"><text:p>x</text:p></table:table-cell>'.format
ods_gap = '<table:table-cell table:number-columns-repeated="{0}"/>'.format


@pytest.mark.parametrize("columns", [10_000, 100])
def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path: Path, columns: int) -> None:
    rows = f'<row r="1">{VALUE * columns}</row><row r="1000000">{VALUE}</row>'
    path = xlsx(tmp_path, rows)
    assert path.stat().st_size < 5000
    assert f"trải tới dòng 1000000, cột thứ {columns}" in refusal(path)


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{VALUE}</row><row r="2"><c r="XFD1048576"><v>1</v></c></row>',
        f'<row r="1">{VALUE}</row><row r="2"><c r="ZZZ90000000"><v>1</v></c></row>',
        f'<row>{VALUE * 9000}</row><row r="99999999">{VALUE}</row>',
        f'<row r="1"><c r="a1"><v>1</v></c><c r="xfd900000" t="inlineStr"><is><t>x</t></is></c></row><row r="9">{VALUE}</row>',
        '<row r="1048576"><c r="B1048576"><v>1</v></c><x:c xmlns:x="urn:x"/></row>' + f'<row r="1">{VALUE * 16000}</row>',
    ],
)
def test_a_cell_far_away_is_refused_however_it_is_written(tmp_path: Path, rows: str) -> None:
    assert "có ô thừa ở rất xa" in refusal(xlsx(tmp_path, rows))


def test_cells_without_places_are_read_where_they_stand(tmp_path: Path) -> None:
    path = xlsx(tmp_path, f'<row r="1">{VALUE * 3}</row><row r="4"><c r="B4"><v>2</v></c><c><v>3</v></c></row>')
    assert [row for row in cells(path) if any(row[1])] == [(1, [1.0, 1.0, 1.0]), (4, ["", 2.0, 3.0])]


def test_an_empty_cell_far_away_takes_no_place(tmp_path: Path) -> None:
    path = xlsx(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="3"/></row>')
    assert cells(path) == [(1, [1.0])]


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(1_000_000, ods_cell(100)),
        ods_row(1, ods_cell(1)) + ods_row(1_000_000, ods_gap(16_384)) + ods_row(1, ods_gap(1000) + ods_cell(1)),
        ods_row(1, ods_gap(16_000_000) + ods_cell(1)),
    ],
)
def test_cells_and_rows_that_stand_for_many_are_counted(tmp_path: Path, rows: str) -> None:
    path = ods(tmp_path, rows)
    assert path.stat().st_size < 5000
    assert "có ô thừa ở rất xa" in refusal(path)


def test_what_is_empty_at_the_end_of_an_ods_takes_no_place(tmp_path: Path) -> None:
    rows = ods_row(2, ods_cell(2) + ods_gap(16_382)) + ods_row(1_048_574, ods_gap(16_384))
    assert cells(ods(tmp_path, rows)) == [(1, ["x", "x"]), (2, ["x", "x"])]


def test_a_manifest_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    path = ods(tmp_path, ods_row(1, ods_cell(1)), manifest="<x>" + " " * (40 * 1024 * 1024))
    assert path.stat().st_size < 50_000
    assert "bung ra quá" in refusal(path)


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(ods(tmp_path, ods_row(1, ods_cell(1))), "a") as archive:
        for number in range(5000):
            archive.writestr(f"x{number}", b"")
    assert "quá nhiều phần" in refusal(tmp_path / "so.ods")


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    path = ods(tmp_path, ods_row(1, ods_cell(1)))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    parts["content.xml"] = f'<!DOCTYPE x [<!ENTITY a0 "ha">{grown}]>' + parts["content.xml"].replace("<text:p>x", "<text:p>&a8;")
    assert "không phải bảng tính" in refusal(packed(path, parts))


@pytest.mark.parametrize(
    "text, why",
    [
        ("a,b\n" + "," * 9_000_000, "hơn 16384 cột"),
        ("a,b\n" + "x" * 120_000 + ",1\n", "hơn 100 nghìn chữ"),
        ("a,b\n" + "x" * 9_000_000 + ",1\n", "không phải bảng tính"),
    ],
)
def test_a_csv_of_one_endless_row_or_cell_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "so.csv").write_text(text)
    assert why in refusal(tmp_path / "so.csv")


def test_long_texts_are_handed_on_a_few_at_a_time(tmp_path: Path) -> None:
    rows = f'<row><c t="inlineStr"><is><t>{"x" * 90_000}</t></is></c></row>'
    assert sum(len(row) for _, row in cells(xlsx(tmp_path, rows * 200))) == 200


def test_a_file_with_a_piece_cut_out_is_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path, f'<row r="1">{VALUE * 3000}</row>').read_bytes()
    for cut in (10, 300, len(whole) // 2):
        (tmp_path / "so.xlsx").write_bytes(whole[:cut] + whole[cut + 250 :])
        assert "không phải bảng tính" in refusal(tmp_path / "so.xlsx")


def test_bytes_of_a_packed_file_may_not_lie_about_their_size(tmp_path: Path) -> None:
    data = bytearray(xlsx(tmp_path, f'<row r="1">{VALUE * 10_000}</row><row r="1000000">{VALUE}</row>').read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = bytes(data).replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    (tmp_path / "doi.xlsx").write_bytes(lying)
    assert refusal(tmp_path / "doi.xlsx")
