"""A PDF with text: its ruled tables, page after page, and the lines above and below them, as one sheet; without rules `aligned`."""

import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

from models_registry.registers.formats.aligned import Word, rows_of
from models_registry.registers.formats.paragraphs import paragraphs_of
from models_registry.registers.formats.spilled import are_overprinted, gathered
from models_registry.registers.formats.table import Lines, Row, Table
from models_registry.registers.refusing import RegisterUnreadable, encrypted, not_a_spreadsheet

MOST_PAGES = 300
SECONDS = 15  # of the processor; a register of a thousand rows takes six
TO_OPEN = 4  # of them until its pages are known; what takes longer is broken
DEEPEST_HEAD = 3  # rows
MOST_OBJECTS = 200_000  # letters and lines of a page

SCANNED = "Tệp PDF chỉ có ảnh quét, không có chữ để đọc. Xin gửi tệp Word hoặc Excel mà tờ này in ra; nếu chỉ còn giấy, gõ vào mẫu sổ của cổng."
TOO_LONG = "Tệp PDF dài quá, cổng không đọc hết được. Xin gửi tệp Word hoặc Excel, hoặc chia thành nhiều tệp."
NO_TABLE = (
    "Tệp PDF có chữ nhưng không thấy bảng kẻ ô, các cột cũng không đứng thẳng hàng đủ rõ. Xin gửi tệp Word hoặc Excel của danh sách này; "
    "nếu chỉ còn PDF, mở tệp bằng Word, xem lại bảng rồi lưu thành .docx."
)
OVERPRINTED = (
    "Chữ trong tệp PDF in chồng lên nhau, cổng không biết chữ nào của dòng nào. Xin gửi tệp Word hoặc Excel của danh sách này, hoặc kéo giãn dòng "
    "rồi in lại ra PDF."
)
_CUT = 3  # letters from which on a line is a word
CLOSE = 0.1  # of a letter's height: more than there is between two letters of a word
MOST_WORDS = 100_000  # of a document without rules


def tables(raw: bytes, name: str) -> Iterator[Table]:
    import pdfplumber
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    lines = Lines(name[:31])
    reading = _Reading(lines)
    try:
        with _within(TO_OPEN, str(not_a_spreadsheet())):
            book = pdfplumber.open(io.BytesIO(raw))
            pages = book.pages
        with book, _within(SECONDS, TOO_LONG):
            if len(pages) > MOST_PAGES:
                raise RegisterUnreadable(TOO_LONG)
            for page in pages:
                reading.page(page)
                page.close()
    except MalformedPDFException as error:
        raise not_a_spreadsheet() from error
    except PdfminerException as error:
        why = error.args[0] if error.args else None
        if isinstance(why, RegisterUnreadable):  # of our own clock, while a page was taken apart
            raise why from None
        if "Password" in type(why).__name__:
            raise encrypted() from error
        raise not_a_spreadsheet() from error
    if not reading.letters:
        raise RegisterUnreadable(SCANNED)
    if not reading.found:
        reading.take_aligned()
    yield reading.lines.table


@contextmanager
def _within(seconds: int, refusal: str) -> Iterator[None]:
    """Refuse the file after so much of the processor, wherever the library is then: one string without an end keeps it for
    minutes.
    """

    def stop(*_: Any) -> None:
        raise RegisterUnreadable(refusal)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class _Reading:
    """Page after page. A row that a page's end cuts in two is put together again."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.letters = 0
        self.found = False
        self._words: list[Word] = []  # until a ruled table is found
        self._goes_on = False  # whether the table before ended at the foot of its page
        self._head: list[Row] = []  # the first rows of the table that goes on: they may stand on each page

    def page(self, page: Any) -> None:
        self.letters += len(page.chars)
        if len(page.chars) + len(page.rects) + len(page.lines) + len(page.curves) > MOST_OBJECTS:
            raise RegisterUnreadable(TOO_LONG)
        found = page.find_tables()
        if not self.found and not found:
            self._keep_words(page)
        top = 0.0
        for table in found:
            _, upper, _, lower = table.bbox
            self._between(page, top, upper)
            texts, overprinted = gathered(table, page.chars, table.extract())
            self._table(texts, _merged_down(table), overprinted)
            top = lower
            self.found = True
        self._between(page, top, float(page.height))

    def _keep_words(self, page: Any) -> None:
        for word in page.extract_words(return_chars=True):
            for text, letters in _number_apart(word["text"], word["chars"]):
                left, right = letters[0]["x0"], letters[-1]["x1"]
                self._words.append(Word(page.page_number, left, right, word["top"], word["bottom"], text))
        if len(self._words) > MOST_WORDS:
            raise RegisterUnreadable(TOO_LONG)

    def take_aligned(self) -> None:
        """The table that stands in columns without rules, else the paragraphs of a list. Raises RegisterUnreadable where neither
        stands apart clearly.
        """
        if are_overprinted(self._words):
            raise RegisterUnreadable(OVERPRINTED)
        rows = rows_of(self._words) or paragraphs_of(self._words)
        if rows is None:
            raise RegisterUnreadable(NO_TABLE)
        self.lines = Lines(self.lines.table.name)
        for row in rows:
            self.lines.line(row)

    def _between(self, page: Any, top: float, bottom: float) -> None:
        if bottom - top < 2:
            return

        def is_between(found: dict[str, Any]) -> bool:  # a letter of a table's first row may reach over its rule
            return found["object_type"] != "char" or bool(top <= (found["top"] + found["bottom"]) / 2 < bottom)

        for line in page.filter(is_between).extract_text_lines() if page.chars else []:
            if not line["text"].strip().isdecimal():  # the page's number
                self.lines.line([line["text"].strip()])
                self._goes_on = False

    def _table(
        self,
        rows: list[list[str | None]],
        merged: dict[tuple[int, int], int] | None = None,
        overprinted: dict[int, bool] | None = None,
    ) -> None:
        """`merged`: how many rows the cells reach down that reach over more than one, by row and column. `overprinted`: rows in which
        lines are printed over one another, and whether it is settled which is whose.
        """
        self.lines.begin_table()
        said = [[_one_line(cell or "") for cell in row] for row in rows]
        total = len(said)
        if self._goes_on:
            same = next((n for n, (row, head) in enumerate(zip(said, self._head, strict=False)) if row != head), len(self._head))
            said = said[same:]
            said = said[1:] if said and self._carry_on(said[0]) else said
            self._go_on_merged(said[:1], {at: down for (n, at), down in (merged or {}).items() if n == total - len(said)})
        else:
            self._head = said[:DEEPEST_HEAD]
        for n, cells in enumerate(said, total - len(said)):
            self.lines.begin_row(is_settled=(overprinted or {}).get(n))
            for at, cell in enumerate(cells):
                self.lines.cell(cell, at=at, down=(merged or {}).get((n, at), 1) if cell else 1)
            self.lines.end_row()
        self._goes_on = True

    def _go_on_merged(self, first: list[Row], down: dict[int, int]) -> None:
        """Let cells that were merged down to the end of a page go on over the next page's first cells, where those are empty."""
        above, cells = self.lines.rows[-1] if self.lines.rows else (0, [])
        merged = self.lines.table.merged
        open_at = {column: n for n, (_, end, column) in enumerate(merged) if end == above}
        for at, cell in enumerate(first[0] if first else []):
            if cell == "" and (at in open_at or (at in down and at < len(cells) and cells[at])):
                top = merged.pop(open_at[at])[0] if at in open_at else above
                merged.append((top, above + down.get(at, 1), at))
                open_at = {column: n for n, (_, end, column) in enumerate(merged) if end == above}

    def _carry_on(self, cells: Row) -> bool:
        """Whether a page's first row is the rest of the row before: no number of its own, words in the columns behind, or such as
        go on in the name alone.
        """
        before: Row = self.lines.rows[-1][1] if self.lines.rows else []
        filled = [n for n, cell in enumerate(cells) if cell]
        if not filled or len(before) != len(cells) or cells[0] or not before[0].rstrip(".").isdecimal():
            return False
        if filled[-1] < 2 and not _goes_on(before[filled[-1]], cells[filled[-1]]):
            return False
        for n in filled:
            before[n] = f"{before[n]} {cells[n]}".strip()
        return True


def _number_apart(text: str, letters: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """A word and its letters; a number apart from the next column, which begins so close behind it that no space is seen."""
    digits = sum(1 for _ in takewhile(lambda one: one["text"].isdecimal(), letters))
    if not 0 < digits < len(letters) or not letters[digits]["text"].isalpha():
        return [(text, letters)]
    behind = letters[digits]
    is_apart = behind["x0"] - letters[digits - 1]["x1"] > CLOSE * (behind["bottom"] - behind["top"])
    return [(text[:digits], letters[:digits]), (text[digits:], letters[digits:])] if is_apart else [(text, letters)]


def _merged_down(table: Any) -> dict[tuple[int, int], int]:
    """(row, column) of each cell of words that reaches over several rows -> how many."""
    tops = [row.bbox[1] for row in table.rows]
    found = {}
    for n, row in enumerate(table.rows):
        for at, cell in enumerate(row.cells):
            if cell and (rows := sum(1 for top in tops[n:] if top < cell[3] - 1)) > 1:
                found[n, at] = rows
    return found


def _one_line(cell: str) -> str:
    """A cell's lines as one. In a column too narrow for its words letters stand below one another: 'T', 'T' is 'TT'."""
    lines = cell.split()
    is_cut = len(lines) > 1 and all(len(line) < _CUT and (line.isupper() or line.isdecimal()) for line in cell.split("\n"))
    return ("" if is_cut else " ").join(lines)


def _goes_on(before: str, words: str) -> bool:
    """Whether words are the rest of others, not a section of their own."""
    return words[0].islower() or before.count("“") > before.count("”")
