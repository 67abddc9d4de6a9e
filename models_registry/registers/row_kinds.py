"""What each row below a heading is: a registration, a section, a total, a signature, another heading."""

import re
from collections.abc import Collection
from functools import cached_property, lru_cache
from itertools import islice

from common.text import compare_key, quoted
from models_registry.registers.blocks import heads_block, is_counted_block
from models_registry.registers.cells import texts_of
from models_registry.registers.finding import DEEPEST, heading_at, heads_register
from models_registry.registers.guessing import ByValue, Test
from models_registry.registers.headings import Column, Role, column_of
from models_registry.registers.layouts import Layout
from models_registry.registers.no_rows import COLUMN_NUMBER, COUNT, NOTHING_SENT, NUMBERED, SECTION_NUMBER, SIGNATURE, TOTAL
from models_registry.registers.reading import ReadRow
from models_registry.registers.sections import DIGIT, PLAIN, numbering_of
from models_registry.registers.table_titles import TITLE_LINES, TitleReader
from models_registry.registers.totals import doubles_told
from models_registry.registers.vocabulary import FieldBook, is_mark

_OF_VALUES = (Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON)
_COUNTS = re.compile(r"\b(so luong|so mo hinh|tong so|cong)\b")  # of a table of totals
_EXAMPLES = frozenset(("vd", "vi du", "mau", "vi du mau"))
_EXAMPLE = re.compile(r"\W*(?:vd|ví dụ)\s*[:)]", re.IGNORECASE)
_ENOUGH_VALUES = 2  # of lists, days and marks


def tests_of_values(layout: Layout, known: ByValue) -> dict[int, Test]:
    """Of each column of a list or of days, whether a text is one of its values."""
    tests = known.tests()
    return {at: lru_cache(4096)(tests[role]) for role, at in layout.at.items() if role in _OF_VALUES}


def _heads_numbers(cell: str, fields: FieldBook) -> bool:
    column = column_of(0, cell, fields) if cell else None
    return column is not None and column.role == Role.NUMBER


class Line:
    """A row as its classifiers look at it."""

    def __init__(
        self, number: int, cells: list[str], *, title: int, numbered: int | None, meaningful: Collection[int], day: int | None
    ) -> None:
        self.number, self.cells, self.title = number, cells, cells[title]
        self.has_number = numbered is not None and bool(NUMBERED.match(cells[numbered]))
        self.filled = len([1 for i in meaningful if (cell := cells[i]) and (i == day or not cell.isdecimal())])

    @cached_property
    def words(self) -> list[str]:
        return [cell for cell in self.cells if cell]

    @cached_property
    def texts(self) -> list[str]:
        """The words that are no numbers, of rows or sections, and no marks."""
        return [cell for cell in self.words if not NUMBERED.match(cell) and not SECTION_NUMBER.match(cell) and not is_mark(cell)]


class RowSorter(TitleReader):
    """Asks one classifier after another what a row is; the first that knows it settles it."""

    _title: int
    _day: int | None
    _marks: list[Column]
    _tells_value: dict[int, Test]
    _meaningful: Collection[int]

    def _is_data(self, number: int, cells: list[str]) -> bool:
        """Whether a row is a registration; what the other rows say is taken in here."""
        line = Line(number, cells, title=self._title, numbered=self._number, meaningful=self._meaningful, day=self._day)
        for knows in self._CLASSIFIERS:
            if (is_data := knows(self, line)) is not None:
                return is_data
        return self._skip(number, f"không phải dòng đăng ký: {(line.texts or line.words)[0][:80]}")

    def _within_other_table(self, line: Line) -> bool | None:
        return self._skip(line.number, "dòng của bảng khác") if self._in_other and line.words else None

    def _other_table(self, line: Line) -> bool | None:
        """The heading of a table that is no register: numbers beside other things than names of models."""
        at, fields = self._number, self.context.fields
        if at is None or len(line.words) < 2 or not _heads_numbers(line.cells[at], fields):
            return None
        ahead = [(number, texts_of(raw, self.usual)) for number, raw in islice(self.waiting, DEEPEST - 1)]
        if (found := heading_at([(line.number, line.cells), *ahead], fields)) and found.is_register:
            return None
        self._in_other = self.tail = True
        if not any(_COUNTS.search(compare_key(cell)) for cell in line.words):
            said = "Bảng có tiêu đề ở dòng này không có cột tên mô hình, cổng không đọc."
            self._warn(self.sheet.name, line.number, "table_unread", said)
        return self._skip(line.number, "tiêu đề của bảng khác")

    def _full_row(self, line: Line) -> bool | None:
        if line.filled >= 3 and line.has_number and len(line.title) > 2:
            self.tail = False
            return True
        return None

    def _empty_row(self, line: Line) -> bool | None:
        if not line.words:
            return False
        self._lines = [*self._lines, *line.words][-TITLE_LINES:]
        return None

    def _example(self, line: Line) -> bool | None:
        """A row that shows how to write: “VD” where a number should be, “Ví dụ: …” for a name."""
        is_one = self._number is not None and compare_key(line.cells[self._number]) in _EXAMPLES
        return self._skip(line.number, "dòng ví dụ") if is_one or _EXAMPLE.match(line.title) else None

    def _numbers_of_columns(self, line: Line) -> bool | None:
        if len(line.words) > 2 and all(COLUMN_NUMBER.match(cell) for cell in line.words):
            return self._skip(line.number, "dòng số cột")
        return None

    def _same_heading(self, line: Line) -> bool | None:
        return self._skip(line.number, "tiêu đề lặp lại") if self._is_heading_again(line.cells) else None

    def _row_of_values(self, line: Line) -> bool | None:
        """A row without a number that has values where the table has them, as no other heading, total or signature does."""
        if self._number is not None or line.filled < 3 or len(line.title) < 3:
            return None
        told = sum(tells(line.cells[at]) for at, tells in self._tells_value.items() if line.cells[at])
        told += sum(is_mark(line.cells[column.index]) for column in self._marks)
        if told < _ENOUGH_VALUES:
            return None
        self.tail = False
        return True

    def _next_heading(self, line: Line) -> bool | None:
        return False if not line.has_number and self._is_another_heading(line.number, line.cells) else None

    def _form_within(self, line: Line) -> bool | None:
        """The lines of a form, or of a table on its side, below a table: they are told, and no rows."""
        words = line.words[1:] if len(line.words) > 2 and NUMBERED.match(line.words[0]) else line.words
        label = column_of(0, words[0].strip(" :"), self.context.fields)
        is_title = label is not None and label.role == Role.TITLE and len(words) > 1
        if is_title and not any(column_of(0, word.strip(" :"), self.context.fields) for word in words[1:]):
            self._in_form = True
            said = f"Dòng {quoted(words[0][:40])} thuộc một phiếu hoặc bảng nằm ngang, cổng chưa đọc. Xin để sang tệp khác rồi nạp thêm."
            self._warn(self.sheet.name, line.number, "table_unread", said)
        self._in_form = self._in_form and label is not None
        return self._skip(line.number, f"dòng của phiếu: {words[0][:80]}") if self._in_form else None

    def _note_of_heading(self, line: Line) -> bool | None:
        are_notes = all(cell.startswith("(") and not ((total := TOTAL.match(cell)) and total[1]) for cell in line.texts)
        if line.texts and are_notes and not line.has_number:
            return self._skip(line.number, "ghi chú của tiêu đề")
        return None

    def _nothing_sent(self, line: Line) -> bool | None:
        """'(Chưa có báo cáo)' in the place of rows."""
        is_told = len(line.texts) == 1 and NOTHING_SENT.match(compare_key(line.texts[0]))
        return self._skip(line.number, f"không có dòng nào: {line.texts[0]}") if is_told else None

    def _unit_row(self, line: Line) -> bool | None:
        """'II. XÃ ĐỒI CAO' between the rows of a paper of several units: the rows below are that unit's."""
        words = [text for text in line.texts if not COUNT.match(text)]
        if line.filled > 2 or len(words) != 1 or line.cells.index(words[0]) > self._title:
            return None
        named = self._unit_of_section(words[0])
        if named is None or (self.tail and not words[0].isupper() and self._numbering(line.cells, words[0]) == PLAIN):
            return None
        if self._around_units is None:
            self._around_units = 0 if self.reading.rows else self.sections.depth
        if named != self.unit:
            self._tell(line.number, self.sections.end_all(self.totals.rows, within=self._around_units))
        self._begin_unit(named)
        if not named[0]:
            return None  # its own section, that may count its rows
        self.parts_units, self.tail = True, False
        return self._skip(line.number, f"mục: {words[0][:80]}")

    def _doer_row(self, line: Line) -> bool | None:
        """'1', 'Phòng Tham mưu' above '1.1', its first model: who does what follows."""
        if not line.has_number or line.filled != 1 or not line.title or not (doer := self._doer_in(line.title)):
            return None
        own, below = line.cells[self._number or 0].rstrip(" .)"), self._number_below()
        if below != "1" and not below.startswith(f"{own}."):
            return None
        self._tell(line.number, self.sections.begin_block("doer", doer, line.title, self.totals.rows, DIGIT))
        self.tail = False
        self._is_section(line.number, line.title, line.texts, is_place=False)
        return False

    def _number_below(self) -> str:
        """The number of the row that follows."""
        cells, at = self._row_below(), self._number
        return cells[at].rstrip(" .)") if at is not None and at < len(cells) else ""

    def _row_below(self) -> list[str]:
        if not self.waiting:
            self.waiting.extend(islice(self._body, 1))
        return texts_of(self.waiting[0][1], self.usual) if self.waiting else []

    def _total_row(self, line: Line) -> bool | None:
        if (not line.has_number or line.filled <= 1) and self._total(line.number, line.cells, line.words):
            self.tail = True
            return False
        return None

    def _section_row(self, line: Line) -> bool | None:
        if line.filled <= (1 if line.has_number else 2) and self._section(line.number, line.cells, line.texts):
            self.tail = False
            return False
        return None

    def _signatures(self, line: Line) -> bool | None:
        found = [cell for cell in line.texts if len(cell) < 60 and SIGNATURE.match(compare_key(cell))]
        if found and not line.has_number and (line.filled <= 2 or len(found) >= 2):
            self.tail = True
            return self._skip(line.number, f"phần ký, nơi nhận: {line.texts[0][:80]}")
        return None

    def _sparse_row(self, line: Line) -> bool | None:
        is_numbered = line.has_number and line.filled and line.texts
        if is_numbered or line.filled >= 3 or (line.filled == 2 and line.title and not self.tail):
            self.tail = False
            return True
        return None

    def _bare_title(self, line: Line) -> bool | None:
        is_narrow = self._number is None and len(self._meaningful) < 3
        return True if line.title and line.filled == 1 and not self.tail and is_narrow else None

    def _section_unknown(self, line: Line) -> bool | None:
        if not self.tail and len(line.texts) == 1:
            self._unknown_section(line.number, line.cells, line.texts[0])
            self._doubt_name_above(line)
        return None

    def _doubt_name_above(self, line: Line) -> None:
        """A few words right below a model, where its name stands, may be the rest of it."""
        is_alone = self._number is not None and line.words == [line.title] and not self._between
        if is_alone and isinstance(self.latest, ReadRow) and not self.latest.doubt and not heads_block(line.title):
            said = f"Dòng ngay dưới chỉ ghi {quoted(line.title[:80])}: nếu đó là phần tiếp của tên mô hình, xin ghi thêm vào tên."
            self.latest.doubt = said

    _CLASSIFIERS = (
        _within_other_table,
        _example,
        _full_row,
        _empty_row,
        _numbers_of_columns,
        _same_heading,
        _row_of_values,
        _next_heading,
        _other_table,
        _form_within,
        _note_of_heading,
        _nothing_sent,
        _unit_row,
        _doer_row,
        _total_row,
        _section_row,
        _signatures,
        _sparse_row,
        _bare_title,
        _section_unknown,
    )

    def _skip(self, number: int, why: str) -> bool:
        self.reading.skip(number, why)
        return False

    def _is_another_heading(self, number: int, cells: list[str]) -> bool:
        return heads_register(cells, self.context.fields) or self._loose_heading(number, cells) is not None

    def _total(self, number: int, cells: list[str], words: list[str]) -> bool:
        """Whether a row is a total; its numbers are compared with what was read."""
        label = next((cell for cell in words if not cell.isdecimal() and not SECTION_NUMBER.match(cell)), "")
        match = TOTAL.match(label)
        counted = {cell: int(found[1]) for cell in words if (found := COUNT.match(cell))}
        others = [cell for cell in words if cell != label and cell not in counted and cell not in ("-", "mô hình")]
        if not match or any(not TOTAL.match(cell) for cell in others):
            return False
        marked = {column.index: column.label for column in self.layout.marks}
        numbers = [(index, counted[cell]) for index, cell in enumerate(cells) if cell in counted]
        said: list[tuple[int | None, int]] = [(index, n) for index, n in numbers if index in marked]
        rest = [n for index, n in numbers if index not in marked]
        if match[1] or len(rest) == 1:
            said.append((None, int(match[1]) if match[1] else rest[0]))
        for column, stated, read in self.totals.compare(said):
            where = f" cột {quoted(marked[column])}" if column is not None else ""
            twice = doubles_told(self.totals.doubles) if column is None else ""
            self._tell(number, [f"Dòng {quoted(label[:60])}{where} ghi {stated}, đọc được {read}{twice}."])
        self.reading.skip(number, f"dòng tổng: {label[:80]}")
        return True

    def _section(self, number: int, cells: list[str], texts: list[str]) -> bool:
        """Whether a row opens a section; it then speaks for the rows below."""
        if len(texts) > 2:
            return False
        for text in texts:
            meant = self.sections.meaning(text)
            if meant is None:
                continue
            numbering, said = self._numbering(cells, text), self._counted_beside(cells)
            self._tell(number, self.sections.begin(text, numbering, self.totals.rows, said))
            self._begin_doer(number, text, numbering)
            return self._is_section(number, text, texts, is_place=meant[0] == "place")
        is_numbered = self._number is not None and bool(NUMBERED.match(cells[self._number]))
        for text in texts:
            if is_numbered and not any(map(str.isdigit, text)):  # "1", "THÔN VĂN HÓA": a model of which little is said
                continue
            numbering = self._numbering(cells, text)
            hamlet = self._hamlet_in(text)
            doer = (hamlet or not is_numbered) and self._begin_doer(number, text, numbering, self._counted_beside(cells))
            if hamlet and not doer:
                self._tell(number, self.sections.end_beside("doer", numbering, self.totals.rows))
            if hamlet:
                self._tell(number, self.sections.begin_block("hamlet", hamlet, text, self.totals.rows, numbering))
            if hamlet or doer:
                return self._is_section(number, text, texts, is_place=bool(hamlet))
        return False

    def _counted_beside(self, cells: list[str]) -> int | None:
        """How many rows a section says that it has in a cell of its own: '3', '03 mô hình'."""
        counts = [int(found[1]) for at, cell in enumerate(cells) if at != self._number and (found := COUNT.match(cell))]
        return counts[0] if len(counts) == 1 else None

    def _begin_doer(self, number: int, text: str, numbering: str, said: int | None = None) -> bool:
        """Whether a line of its own says who does what stands below: one that is numbered, counts its models or names a hamlet. Below a
        total bodies sign without a number.
        """
        is_numbered = numbering != PLAIN or is_counted_block(text)
        if not is_numbered and (self.tail or not self._hamlet_in(text)):
            return False
        doer = self._doer_in(text, is_numbered=is_numbered)
        if doer:
            self._tell(number, self.sections.begin_block("doer", doer, text, self.totals.rows, numbering, said=said))
        return bool(doer)

    def _is_section(self, number: int, text: str, texts: list[str], *, is_place: bool) -> bool:
        """Note a section, and the day that stands beside its name or in it: that of one place is not the next one's."""
        self.reading.skip(number, f"mục: {text[:80]}")
        if Role.REGISTERED_ON in self.layout.at or self.context.default_day:
            return True
        settles, found = self._days.of_section(texts, is_place=is_place)
        if settles:
            self._take_day(found)
        return True

    def _unknown_section(self, number: int, cells: list[str], text: str) -> None:
        closed, wrong = self.sections.unknown(self._numbering(cells, text), self.totals.rows)
        self._tell(number, wrong)
        if closed:
            said = f"Không hiểu mục {quoted(text[:80])}: các dòng dưới không lấy theo mục trước nữa."
            self._doubts.append((number, said))

    def _numbering(self, cells: list[str], text: str) -> str:
        before = next((cell for cell in cells if cell and cell != text), "")
        return numbering_of(before) if before and numbering_of(before) != PLAIN and len(before) < 8 else numbering_of(text)
