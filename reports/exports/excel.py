"""A report as an Excel file: real numbers that open their rows, charts, print set-up, a sheet of notes."""

import tempfile
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from common.addresses import absolute
from reports.enums import Weight
from reports.exports.values import Line, Printed, first_up, rows_address
from reports.figures import FIGURES
from reports.kinds import Named

SHEETS = {"below": "Đơn vị công nhận", "proposed": "Đề nghị", "province": "Công nhận cấp tỉnh"}
BASE = {"font_name": "Times New Roman", "font_size": 12}
EDGE = {"border": 1, "border_color": "#8b8074"}


class _Book:
    """The file with its looks."""

    def __init__(self, file: IO[bytes], found: Printed) -> None:
        self.book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy", "in_memory": True})
        self.found = found
        add = self.book.add_format
        self.title = add(BASE | {"bold": True, "font_size": 14})
        self.italic = add(BASE | {"italic": True})
        self.head = add(
            BASE | EDGE | {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#f3ece2"}
        )
        self.small = add(BASE | EDGE | {"italic": True, "align": "center", "font_size": 10})
        self.text = add(BASE | EDGE | {"text_wrap": True, "valign": "top"})
        self.bold = add(BASE | EDGE | {"bold": True, "text_wrap": True})
        self.number = add(BASE | EDGE | {"num_format": "#,##0"})
        self.linked = add(BASE | EDGE | {"num_format": "#,##0", "font_color": "#8f1d21", "underline": 1})
        self.sum = add(BASE | EDGE | {"num_format": "#,##0", "bold": True, "font_color": "#8f1d21", "underline": 1})
        self.wrapped = add(BASE | {"text_wrap": True, "valign": "top"})
        self.subtitle = add(BASE | {"bold": True})

    def sheet(self, name: str, heading: str, *, landscape: bool = False) -> Any:
        made = self.book.add_worksheet(name)
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.7, right=0.5, top=0.7, bottom=0.7)
        made.set_footer("&L&8" + self.found.report.checksum[:16] + "&R&8Trang &P/&N")
        if landscape:
            made.set_landscape()
        made.write_string(0, 0, heading, self.title)
        return made

    def figure(self, sheet: Any, at: tuple[int, int], number: int, address: str, look: Any) -> None:
        """A real number that opens its rows."""
        if number:
            sheet.write_url(*at, address, look)
        sheet.write_number(*at, number, look if number else self.number)


def write_excel(found: Printed) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the caller closes it
    book = _Book(file, found)
    _text(book)
    if found.lines:
        _units(book)
    _by_field(book)
    if found.facts.themes:
        _by_theme(book)
    if found.compared:
        _compared(book)
    for one in found.named:
        _named(book, SHEETS[one.key], one.title, one.rows)
    if found.annexes:
        _annexes(book)
    if found.report.problems:
        _problems(book)
    if found.quoted:
        _quoted(book)
    _notes(book)
    book.book.close()
    file.seek(0)
    return file


def _text(book: _Book) -> None:
    found = book.found
    sheet = book.sheet("Báo cáo", f"{found.report.title}: {found.title}")
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 16)
    row = 2
    for one in found.sections:
        sheet.write_string(row, 0, one.section.heading, book.subtitle)
        row += 1
        for text in one.texts:
            sheet.set_row(row, 18 * (len(text) // 62 + 1))
            sheet.write_string(row, 0, text, book.wrapped)
            row += 1
        row += 1
    sheet.write_string(row, 0, "Số liệu", book.head)
    sheet.write_string(row, 1, "Số", book.head)
    for slug, figure in FIGURES.items():
        if not figure.is_shown(found.facts.numbers.get(slug)):
            continue
        row += 1
        sheet.write_string(row, 0, first_up(figure.said(found.facts.own_level, found.facts.head)), book.text)
        book.figure(sheet, (row, 1), found.facts.numbers[slug], rows_address(found.report, slug), book.linked)


def _units(book: _Book) -> None:
    found = book.found
    sheet = book.sheet("Biểu 2", f"Biểu 2: kết quả theo đơn vị, tính đến {found.report.as_of:%d/%m/%Y}", landscape=True)
    heads = found.columns
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 38)
    sheet.set_column(2, len(heads) + 1, 11)
    sheet.set_column(len(heads) + 2, len(heads) + 2, 24)
    top = 2
    for column, words in enumerate(["TT", "Đơn vị", *(one.heading for one in heads), "Ghi chú"]):
        sheet.write_string(top, column, words, book.head)
    for column, words in enumerate(["A", "B", *(one.number for one in heads), ""]):
        sheet.write_string(top + 1, column, words, book.small)
    sheet.set_row(top, 62)
    sheet.freeze_panes(top + 2, 2)
    sheet.repeat_rows(top, top + 1)
    rows: list[Line] = [*found.lines, found.total]
    for number, one in enumerate(rows, start=1):
        row, last = top + 1 + number, number == len(rows)
        sheet.write_string(row, 0, "" if last else str(number), book.text)
        sheet.write_string(row, 1, one.name, book.bold if last else book.text)
        for column, head in enumerate(heads, start=2):
            address = rows_address(found.report, head.figure, one.key, head.about)
            book.figure(sheet, (row, column), head.of(one), address, book.sum if last else book.linked)
        sheet.write_string(row, len(heads) + 2, one.note, book.text)
    end = top + 1 + len(found.lines)
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in ((3, "#8f1d21"), (4, "#c79432")):
        chart.add_series(
            {
                "name": ["Biểu 2", top, column],
                "categories": ["Biểu 2", top + 2, 1, end, 1],
                "values": ["Biểu 2", top + 2, column, end, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": "Đăng ký theo đơn vị", "name_font": {"name": "Times New Roman", "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": {"name": "Times New Roman"}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 120 + 26 * len(found.lines)})
    sheet.insert_chart(end + 3, 1, chart, {"description": "Biểu đồ số đăng ký mới và duy trì của từng đơn vị"})


def _by_field(book: _Book) -> None:
    found = book.found
    sheet = book.sheet("Theo lĩnh vực", f"Đăng ký theo lĩnh vực, tính đến {found.report.as_of:%d/%m/%Y}")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 2, 14)
    for column, words in enumerate(("Lĩnh vực", "Số mô hình", "Tỷ lệ")):
        sheet.write_string(2, column, words, book.head)
    share = book.book.add_format(BASE | EDGE | {"num_format": "0.0%"})
    end = 2 + len(found.fields)
    for row, name in enumerate(found.fields, start=3):
        sheet.write_string(row, 0, name, book.text)
        book.figure(sheet, (row, 1), found.facts.fields[name], rows_address(found.report, "dang-ky", "", name), book.linked)
        cell, whole = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(end + 1, 1, row_abs=True)
        total = found.facts.numbers["dang-ky"]
        sheet.write_formula(row, 2, f"=IF({whole}=0,0,{cell}/{whole})", share, found.facts.fields[name] / total if total else 0)
    sheet.write_string(end + 1, 0, "Tổng cộng", book.bold)
    book.figure(sheet, (end + 1, 1), found.facts.numbers["dang-ky"], rows_address(found.report, "dang-ky"), book.sum)
    sheet.freeze_panes(3, 1)
    if found.fields:
        chart = book.book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": "Số mô hình",
                "categories": ["Theo lĩnh vực", 3, 0, end, 0],
                "values": ["Theo lĩnh vực", 3, 1, end, 1],
                "fill": {"color": "#8f1d21"},
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": "Đăng ký theo lĩnh vực", "name_font": {"name": "Times New Roman", "size": 12}})
        chart.set_legend({"none": True})
        sheet.insert_chart(end + 3, 0, chart, {"description": "Biểu đồ số mô hình đăng ký theo lĩnh vực"})


def _compared(book: _Book) -> None:
    found = book.found
    sheet = book.sheet("So sánh", "So với cùng kỳ năm trước")
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 4, 13)
    if found.warning:
        sheet.write_string(1, 0, found.warning, book.italic)
    for column, words in enumerate(("Số liệu", "Năm nay", "Năm trước", "Tăng, giảm", "Tỷ lệ")):
        sheet.write_string(2, column, words, book.head)
    for row, one in enumerate(found.compared, start=3):
        sheet.write_string(row, 0, one.words, book.text)
        book.figure(sheet, (row, 1), one.now, absolute(one.now_path), book.linked)
        book.figure(sheet, (row, 2), one.then, absolute(one.then_path), book.linked)
        sheet.write_number(row, 3, one.more, book.number)
        sheet.write_string(row, 4, one.rate, book.text)
    sheet.freeze_panes(3, 1)
    end = 2 + len(found.compared)
    chart = book.book.add_chart({"type": "bar"})
    for column, colour in ((1, "#8f1d21"), (2, "#c79432")):
        chart.add_series(
            {
                "name": ["So sánh", 2, column],
                "categories": ["So sánh", 3, 0, end, 0],
                "values": ["So sánh", 3, column, end, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": "So với cùng kỳ năm trước", "name_font": {"name": "Times New Roman", "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": {"name": "Times New Roman"}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 120 + 40 * len(found.compared)})
    sheet.insert_chart(end + 2, 0, chart, {"description": "Biểu đồ số liệu năm nay và cùng kỳ năm trước"})


def _by_theme(book: _Book) -> None:
    sheet = book.sheet("Theo chủ đề", "Đăng ký theo chủ đề; một đăng ký có thể phục vụ nhiều chủ đề")
    sheet.set_column(0, 0, 50)
    sheet.set_column(1, 1, 14)
    for column, words in enumerate(("Chủ đề", "Số mô hình")):
        sheet.write_string(2, column, words, book.head)
    for row, (label, number) in enumerate(book.found.facts.themes, start=3):
        sheet.write_string(row, 0, label, book.text)
        address = rows_address(book.found.report, "dang-ky", theme=label)
        book.figure(sheet, (row, 1), number, address, book.linked)
    sheet.freeze_panes(3, 1)


def _named(book: _Book, name: str, heading: str, named: list[Named]) -> None:
    sheet = book.sheet(name, heading, landscape=True)
    for column, (words, width) in enumerate(
        (("TT", 5), ("Tên mô hình", 60), ("Tập thể, cá nhân", 36), ("Đơn vị", 34), ("Lĩnh vực", 26), ("Quyết định", 28))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, words, book.head)
    for row, one in enumerate(named, start=3):
        for column, words in enumerate((str(row - 2), one.title, one.subject, one.unit, one.field, one.decision)):
            sheet.write_string(row, column, words, book.text)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)


def _annexes(book: _Book) -> None:
    """The lists of units that the text only counts, one below the other."""
    sheet = book.sheet("Phụ lục", "Phụ lục")
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 60)
    row = 2
    for title, names in book.found.annexes:
        sheet.write_string(row, 1, title, book.subtitle)
        for number, name in enumerate(names, start=1):
            sheet.write_number(row + number, 0, number, book.number)
            sheet.write_string(row + number, 1, name, book.text)
        row += len(names) + 2


def _problems(book: _Book) -> None:
    sheet = book.sheet("Cần kiểm tra", "Chỗ cần đối chiếu", landscape=True)
    for column, (words, width) in enumerate((("Chỗ lệch", 80), ("Xử lý", 24), ("Ảnh hưởng", 16), ("Trả lời", 60))):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, words, book.head)
    report = book.found.report
    for row, one in enumerate(report.problems, start=3):
        answer = report.answers.get(one["key"], "")
        state = "Đã trả lời" if answer and one["weight"] == Weight.ASKS else Weight(one["weight"]).label
        for column, words in enumerate((one["words"], state, one["effect"], answer)):
            sheet.write_string(row, column, words, book.text)
    sheet.freeze_panes(3, 0)


def _quoted(book: _Book) -> None:
    sheet = book.sheet("Số trích", "Số trích từ giấy tờ, đặt cạnh số của cổng", landscape=True)
    columns = (("Số liệu", 40), ("Số của cổng", 14), ("Mức", 10), ("Số trích", 14), ("Các phần cộng lại", 14), ("Nguồn", 60))
    for column, (words, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, words, book.head)
    for row, (one, label, ours) in enumerate(book.found.quoted, start=3):
        sheet.write_string(row, 0, first_up(label), book.text)
        book.figure(sheet, (row, 1), ours, rows_address(book.found.report, one.figure), book.linked)
        sheet.write_string(row, 2, one.qualifier, book.text)
        sheet.write_number(row, 3, one.number, book.number)
        if one.parts is None:
            sheet.write_blank(row, 4, None, book.number)
        else:
            sheet.write_number(row, 4, one.parts, book.number)
        sheet.write_string(row, 5, one.source, book.text)
    sheet.freeze_panes(3, 0)


def _notes(book: _Book) -> None:
    sheet = book.sheet("Ghi chú", "Ghi chú")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    for row, (name, words) in enumerate(book.found.notes, start=2):
        sheet.write_string(row, 0, name, book.text)
        sheet.write_string(row, 1, words, book.text)
