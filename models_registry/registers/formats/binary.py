"""The records of binary Excel files: .xlsb (in parts) and .xls (in one stream). How far a sheet spans, what of it is hidden or
struck through or coloured; the cells themselves calamine reads.

Sources: [MS-XLSB] 2.4 (BrtRowHdr, BrtFont, BrtFill, BrtXF, BrtBundleSh), [MS-XLS] 2.4 (Row, Font, XF, Palette, BoundSheet8).
"""

import io
import struct
from collections.abc import Iterator

from models_registry.registers.formats.colours import PALETTE, WHITE, of_palette
from models_registry.registers.formats.table import CELL_LIMIT, Marks
from models_registry.registers.refusing import not_a_spreadsheet, too_far

_ROW, _CELLS, _FONT, _FILL, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS, _BUNDLE = 0, range(1, 12), 43, 45, 47, 617, 618, 156
_STRIKE, _SOLID = 0x0008, 1


class SheetSpan:
    """Rows and columns that a sheet of an .xlsb spans."""

    def __init__(self, struck: set[int], filled: dict[int, str]) -> None:
        self.rows = self.columns = 0
        self.marks = Marks()
        self._struck, self._filled, self._left, self._row = struck, filled, b"", 0

    def take(self, chunk: bytes) -> None:
        data = self._left + chunk
        end = 0
        for kind, start, end in _records(data):
            if kind == _ROW and end - start >= 12:
                self._row = int.from_bytes(data[start : start + 4], "little") + 1
                if data[start + 11] & 0x10:
                    self.marks.hidden_rows.append(self._row)
            elif kind in _CELLS and end - start >= 8:
                column = int.from_bytes(data[start : start + 4], "little")
                if kind > 1:
                    self.rows, self.columns = max(self.rows, self._row), max(self.columns, column + 1)
                style = int.from_bytes(data[start + 4 : start + 7], "little")
                if kind > 1 and style in self._struck:
                    self.marks.struck.setdefault(self._row, []).append(column)
                if style in self._filled:
                    self.marks.filled.setdefault(self._row, (column, self._filled[style]))
        self._left = data[end:]


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Whole records of an .xlsb part: (kind, first byte, byte behind the last)."""
    at, size = 0, len(data)
    while at + 2 <= size:
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        length = 0
        for shift in range(0, 28, 7):
            if at >= size:
                return
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        if at + length > size:
            return
        yield kind, at, at + length
        at += length


def styles_in(data: bytes) -> tuple[set[int], dict[int, str]]:
    """The numbers of the cell styles of an .xlsb that are struck through; of those that have a colour, with it."""
    fonts: list[bool] = []
    fills: list[str] = []
    styles: list[tuple[int, int]] = []
    is_cells = False
    for kind, start, end in _records(data):
        if kind == _FONT and end - start >= 4:
            fonts.append(bool(int.from_bytes(data[start + 2 : start + 4], "little") & _STRIKE))
        elif kind == _FILL and end - start >= 12:
            fills.append(_fill(data[start:end]))
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            is_cells = kind == _BEGIN_CELL_XFS
        elif kind == _XF and is_cells and end - start >= 8:
            styles.append(struct.unpack_from("<HH", data, start + 4))
    struck = {n for n, (font, _) in enumerate(styles) if font < len(fonts) and fonts[font]}
    return struck, {n: fills[fill] for n, (_, fill) in enumerate(styles) if fill < len(fills) and fills[fill]}


def _fill(record: bytes) -> str:
    """The colour of a solid pattern, or how else it is told: one of a theme has its number."""
    pattern, how, number, tint, parts = struct.unpack_from("<IBBh3s", record)
    if pattern != _SOLID:
        return ""
    colour = parts.hex().upper()
    match how >> 1:
        case 1:
            return of_palette(number)
        case 2:
            return "" if colour == WHITE else colour
        case 3 if number or tint:
            return f"theme={number} tint={tint}"
    return ""


def sheet_names(data: bytes) -> dict[str, str]:
    """Relation -> name of the sheet, of an .xlsb workbook."""
    found = {}
    for kind, start, end in _records(data):
        if kind == _BUNDLE:
            texts, at = [], start + 8
            for _ in range(2):
                length = int.from_bytes(data[at : at + 4], "little") * 2
                texts.append(data[at + 4 : min(at + 4 + length, end)].decode("utf-16-le", "replace"))
                at += 4 + length
            found[texts[0]] = texts[1]
    return found


_XLS_CELLS = frozenset((0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6, 0x00BD))
_XLS_BLANK, _XLS_BLANKS, _XLS_MULTIPLE = 0x201, 0xBE, 0xBD
_XLS_ROW, _XLS_FONT, _XLS_XF, _XLS_PALETTE, _XLS_SHEET, _XLS_BEGIN, _XLS_END = 0x208, 0x31, 0xE0, 0x92, 0x85, 0x809, 0x0A


def survey(raw: bytes) -> dict[int, Marks]:
    """What to mark of the sheets of an .xls, by their order in the workbook. Raises RegisterUnreadable."""
    from olefile import OleFileIO

    try:
        with OleFileIO(io.BytesIO(raw)) as parts:
            name = next(name for name in ("Workbook", "Book") if parts.exists(name))
            stream = parts.openstream(name).read()
    except Exception as error:  # a damaged file fails in many ways
        raise not_a_spreadsheet() from error
    fonts: list[bool] = []
    styles: list[int] = []
    fills: list[int] = []
    palette = PALETTE
    sheets: list[int] = []
    for kind, start, end in _xls_records(stream, 0):
        if kind == _XLS_FONT and end - start >= 4:
            fonts += [bool(stream[start + 2] & _STRIKE)] * (2 if len(fonts) == 3 else 1)  # there is no font 4
        elif kind == _XLS_XF and end - start >= 2:
            styles.append(int.from_bytes(stream[start : start + 2], "little"))
            fills.append(_xls_fill(stream[start:end]))
        elif kind == _XLS_PALETTE and end - start >= 2:
            told = stream[start + 2 : end]
            palette = PALETTE[:8] + [told[at : at + 3].hex().upper() for at in range(0, len(told) - 3, 4)]
        elif kind == _XLS_SHEET and end - start >= 6:
            sheets.append(int.from_bytes(stream[start : start + 4], "little"))
    struck = {n for n, font in enumerate(styles) if font < len(fonts) and fonts[font]}
    filled = {n: colour for n, fill in enumerate(fills) if (colour := of_palette(fill, palette))}
    return {n: _xls_sheet(stream, at, struck, filled) for n, at in enumerate(sheets[:1000])}


def _xls_fill(record: bytes) -> int:
    """The number of the colour of a solid pattern, in the format of Excel 97 and later; 65, the system's, for none."""
    is_solid = len(record) >= 20 and record[17] >> 2 == _SOLID
    return record[18] & 0x7F if is_solid else 65


def _xls_sheet(stream: bytes, at: int, struck: set[int], filled: dict[int, str]) -> Marks:
    marks, rows, columns = Marks(), 0, 0
    for kind, start, end in _xls_records(stream, at):
        if kind in _XLS_CELLS and end - start >= 6:
            row, column, style = struct.unpack_from("<HHH", stream, start)
            last = column if kind != _XLS_MULTIPLE else int.from_bytes(stream[end - 2 : end], "little")
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if rows * columns > CELL_LIMIT:
                raise too_far(rows, columns)
            if style in struck:
                marks.struck.setdefault(row + 1, []).append(column)
            if style in filled:
                marks.filled.setdefault(row + 1, (column, filled[style]))
        elif filled and kind in (_XLS_BLANK, _XLS_BLANKS) and end - start >= 6:
            row, first, *styled = struct.unpack_from(f"<{(end - start) // 2}H", stream, start)
            for column, style in enumerate(styled if kind == _XLS_BLANK else styled[:-1], first):
                if style in filled:
                    marks.filled.setdefault(row + 1, (column, filled[style]))
        elif kind == _XLS_ROW and end - start >= 14 and stream[start + 12] & 0x20:
            marks.hidden_rows.append(int.from_bytes(stream[start : start + 2], "little") + 1)
    return marks


def _xls_records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The records of one part of the stream, without what is nested in it (charts)."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _XLS_BEGIN) - (kind == _XLS_END)
        if depth == 1:
            yield kind, at + 4, min(at + 4 + length, len(stream))
        at += 4 + length
        if depth <= 0:
            return
