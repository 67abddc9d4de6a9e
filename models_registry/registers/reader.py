"""Read a register whole: sheet after sheet, rows that are registrations, and what was understood of the rest."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from common.old_fonts import UNICODE
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.headings import SEARCHED_ROWS, Heading, Role, find_heading
from models_registry.registers.opening import Row, open_register
from models_registry.registers.reading import Mends, ReadRow, RefusedRow, RegisterContext, SheetReading, mended
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.registers.sheet import TOTAL, SheetReader
from models_registry.registers.vocabulary import Place, PlaceUnknown

TITLE_CELLS = 60


class RegisterReader:
    """Reads one file. Iterate `rows()` once; `sheets`, `warnings` and `row_count` are complete after that."""

    def __init__(self, path: Path, context: RegisterContext, mends: Mends | None = None, called: str = "") -> None:
        self.path, self.called = path, called
        self.mends = mends or {}
        self.context = replace(context, mends=self.mends)
        self.sheets: list[SheetReading] = []
        self.warnings: list[dict[str, Any]] = []
        self.row_count = 0
        self.title: list[str] = []
        """What stands above the tables: whose register it is."""
        self.rows_of: Counter[str] = Counter()
        """How many rows stand under whose title, by the unit's key; "" for the register's own or nobody's."""
        self._unit = ("", "")
        self._seen: dict[str, str] = {}
        self._summaries: list[tuple[str, int, Place | None, int]] = []
        self._by_place: Counter[str] = Counter()

    def rows(self) -> Iterator[ReadRow | RefusedRow]:
        """Every row of data, in the file's order. Raises RegisterUnreadable when the file is refused whole."""
        any_heading = False
        for opened in open_register(self.path, self.called):
            sheet = replace(opened, rows=mended(opened.name, opened.rows, self.mends)) if self.mends else opened
            reading = SheetReading(sheet.name)
            self.sheets.append(reading)
            head = list(islice(sheet.rows, SEARCHED_ROWS))
            usual = reading.encoding = usual_encoding(head)
            heading, texts = self._find_heading(head, usual)
            if heading is None:
                reading.note = "Không thấy dòng tiêu đề bảng, bỏ qua cả trang." if head else "Trang trống."
                continue
            above = [(number, cells) for number, cells in texts if number < heading.first_row]
            body = chain([item for item in head if item[0] > heading.last_row], sheet.rows)
            if heading.is_summary:
                reading.heading_rows = list(range(heading.first_row, heading.last_row + 1))
                reading.note = "Trang tổng hợp: chỉ dùng để đối chiếu số lượng."
                self._read_summary(sheet.name, heading, body, usual)
                continue
            any_heading = True
            self.title += [cell for _, cells in above for cell in cells if cell and len(self.title) < TITLE_CELLS]
            if sheet.hidden and "sheet_hidden" in self.context.takes:
                self._warn(sheet.name, 0, "hidden_sheet", f"Trang “{sheet.name}” đang ẩn vẫn được đọc.")
            reader = SheetReader(sheet, reading, usual, self.context, self._seen, self._warn)
            reader.unit = self._unit  # a sheet that names nobody goes on with the one before
            for row, place in reader.rows(above, heading, body):
                self.row_count += 1
                self._by_place[place.key] += 1
                yield row
            self.rows_of += reader.rows_of
            self._unit = reader.unit
        if not any_heading:
            raise RegisterUnreadable(
                "Không thấy dòng tiêu đề. Sổ cần một dòng tiêu đề có cột “Tên mô hình” và ít nhất một cột khác."
            )
        if not self.row_count:
            raise RegisterUnreadable("Sổ có dòng tiêu đề nhưng không có dòng đăng ký nào. Xin xem lại có đúng tệp cần gửi không.")
        self._compare_summaries()

    @property
    def is_of_several(self) -> bool:
        """Whether title blocks name different units."""
        return len(self.rows_of) > 1

    def _find_heading(self, head: list[tuple[int, Row]], usual: str) -> tuple[Heading | None, list[tuple[int, list[str]]]]:
        """The heading, in the sheet's encoding or, over a body in another font, in Unicode; and the rows as texts."""
        found: Heading | None = None
        texts: list[tuple[int, list[str]]] = []
        for encoding in dict.fromkeys((usual, UNICODE)):
            tried = [(number, texts_of(row, encoding)) for number, row in head]
            heading = find_heading(tried, self.context.fields)
            if heading and (
                found is None or (heading.is_register, len(heading.columns)) > (found.is_register, len(found.columns))
            ):
                found, texts = heading, tried
        return found, texts

    def _warn(self, sheet: str, row: int, code: str, message: str) -> None:
        self.warnings.append({"sheet": sheet, "row": row, "code": code, "message": message})

    def _read_summary(self, sheet: str, heading: Heading, body: Iterator[tuple[int, Row]], usual: str) -> None:
        place, count = heading.first(Role.PLACE), heading.first(Role.COUNT)
        for number, row in body:
            cells = texts_of(row, usual)
            if not place or not count or max(place.index, count.index) >= len(cells) or not cells[count.index].isdecimal():
                continue
            said = int(cells[count.index])
            label = cells[place.index] or next((cell for cell in cells if cell and not cell.isdecimal()), "")
            if not label or TOTAL.match(label):
                self._summaries.append((sheet, number, None, said))
                continue
            try:
                self._summaries.append((sheet, number, self.context.places.match(label), said))
            except PlaceUnknown as unknown:
                self._warn(sheet, number, "place_unknown", f"Trang tổng hợp: “{label}” {unknown}.")

    def _compare_summaries(self) -> None:
        for sheet, row, place, said in self._summaries:
            read = self.row_count if place is None else self._by_place[place.key]
            if read != said:
                where = "Tổng cộng" if place is None else place.name
                self._warn(sheet, row, "total_mismatch", f"{where}: trang tổng hợp ghi {said}, đọc được {read} dòng.")
