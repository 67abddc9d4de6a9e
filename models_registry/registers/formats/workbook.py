"""xlsx, xlsm, xlsb, xls and ods, by calamine. What a file holds is counted before anything is built of it (`measuring`)."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from models_registry.registers.formats import binary
from models_registry.registers.formats.measuring import measure
from models_registry.registers.formats.table import Marks, Row, Table
from models_registry.registers.refusing import encrypted, not_a_spreadsheet


def tables(raw: bytes, name: str) -> Iterator[Table]:
    is_packed = raw.startswith(b"PK")
    marks: dict[Any, Marks] = measure(raw) if is_packed else binary.survey(raw)
    book = _guarded(CalamineWorkbook.from_filelike, io.BytesIO(raw))
    for number, meta in enumerate(book.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = _guarded(book.get_sheet_by_name, meta.name)
        ranges = sheet.merged_cell_ranges or []
        merged = [(top + 1, end + 1, c) for (top, left), (end, right) in ranges for c in range(left, right + 1) if end > top]
        marked = marks.get(meta.name if is_packed else number) or Marks()
        yield Table(meta.name, _numbered(sheet), meta.visible != SheetVisibleEnum.Visible, merged, marked)


def _guarded(read: Callable[..., Any], *arguments: Any) -> Any:
    """Call the reader; whatever it cannot read, and its own crash on a damaged file, is a file refused whole."""
    try:
        return read(*arguments)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise not_a_spreadsheet() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the Rust side's crash, which is no Exception
            raise
        raise not_a_spreadsheet() from error


def _numbered(sheet: Any) -> Iterator[tuple[int, Row]]:
    """calamine's rows begin at the first used cell: put the empty columns back and count rows as the sheet does."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    before: Row = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > first_row or any(cell != "" for cell in row):
            yield number, (row if len(row) > sheet.end[1] else before + row)
