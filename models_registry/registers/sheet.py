"""One sheet, row by row: which rows are registrations, and what the others say (sections, totals, signatures)."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from common.dates import write_day
from common.text import quoted
from models_registry.registers.cells import text_of, texts_of
from models_registry.registers.columns import lay_out
from models_registry.registers.filling import as_above
from models_registry.registers.fills import fills_in
from models_registry.registers.finding import DEEPEST, heading_at
from models_registry.registers.guessing import ByValue
from models_registry.registers.headings import Column, Heading, Role
from models_registry.registers.layouts import Layout
from models_registry.registers.legends import LISTED, MOST_READ, Legend, codes_in, legends_in
from models_registry.registers.mapping import BY_EARLIER
from models_registry.registers.no_rows import NUMBERED, ROW_NUMBER
from models_registry.registers.opening import Row
from models_registry.registers.reading import CARRIED_ON, OVERPRINTED, ReadRow, RefusedRow, index_of, letter
from models_registry.registers.refusing import HeadingUnclear
from models_registry.registers.row_kinds import RowSorter, tests_of_values
from models_registry.registers.rows import RowReader
from models_registry.registers.several import OneOf, SeveralModels
from models_registry.registers.vocabulary import Place, is_marked

AHEAD = 60  # rows looked at to settle what a column holds

_NOTICED = {
    "year_missing": "{rows} dòng ghi ngày đăng ký không có năm: cổng lấy năm của sổ.",
    "kind_by_doer": "{rows} dòng không ghi tập thể hay cá nhân: cổng lấy theo tên người, đơn vị thực hiện. Xin xem lại.",
    "kind_by_blank": "{rows} dòng để trống cột đánh dấu mới hay duy trì, sổ chỉ có một cột: cổng hiểu là loại kia. Xin xem lại.",
    "by_fill": "{rows} dòng lấy theo màu của dòng, như chú thích của sổ. Xin xem lại.",
    "overprinted": "{rows} dòng in chồng chữ lên nhau trong tệp: cổng ghép theo khoảng cách dòng. Xin xem lại.",
    "carried_on": "{rows} dòng có chữ viết tiếp xuống dòng dưới: cổng ghép lại thành một. Xin xem lại.",
    "doer_missing": "{rows} dòng không ghi ai thực hiện. Xin xem lại có cột nào ghi mà cổng chưa hiểu.",
    "hamlet_of_block": "{rows} dòng lấy thôn, khu phố theo tên mục, tên bảng hoặc tên trang. Xin xem lại.",
}  # how many rows something was noticed of, in words


class SheetReader(RowSorter):
    """Goes through the rows below a heading."""

    def rows(
        self,
        above: list[tuple[int, list[str]]],
        heading: Heading,
        body: Iterator[tuple[int, Row]],
        title: Iterable[Row] = (),
    ) -> Iterator[tuple[ReadRow | RefusedRow, Place]]:
        """Every row of data with its place, each once it is known whether a total follows that does not hold. `above`: the sheet's
        rows before the heading; `title`: the same as the file has them.
        """
        held: tuple[ReadRow | RefusedRow, Place] | None = None
        for found in self._rows(above, heading, body, title):
            if held:
                yield held
            held, self.latest = found, found[0]
        if held:
            yield held

    def _rows(
        self, above: list[tuple[int, list[str]]], heading: Heading, body: Iterator[tuple[int, Row]], title: Iterable[Row]
    ) -> Iterator[tuple[ReadRow | RefusedRow, Place]]:
        most = self.context.most
        waiting = self.waiting = deque(islice(body, AHEAD))
        self._above, self._body = [row for _, row in above], body
        lines = self._lines_of(title) or [cell for row in self._above for cell in row if cell]
        self._take_heading(heading, waiting)
        self._listen_above(above)
        self._begin_table(0, lines, waiting, is_first=True)
        self._find_unit([cell for _, row in above for cell in row if cell])
        for number, told in self._models(waiting, body):
            nth, of, own = (told.nth, told.of, told.own) if isinstance(told, OneOf) else (0, 0, {})
            cells = texts_of(told, self.usual)
            if len(cells) < self.layout.width:
                cells += [""] * (self.layout.width - len(cells))
            raw = self._filling.fill(number, told, cells, self.layout)
            if not self._is_data(number, cells):
                waiting.extend(islice(body, DEEPEST - len(waiting)) if len(waiting) < DEEPEST else ())
                self._between.append(raw)
                self._take_another_heading(number, cells, waiting)
                continue
            if self._between:
                self._go_on()
            self._prepare(cells, nth)
            self.noticed["several"] += nth == 1
            self.noticed["of_several"] += nth > 0
            own_cells = {letter(at): text_of(cell, self.usual) for at, cell in own.items()}
            self.reading.rows += 1
            self.rows_of[self.unit[0]] += 1
            left_out = self._left_out(number, cells) if self.unit[0] or self._year or self._asks else None
            if left_out is None or self.unit[0]:
                self.totals.count([column.index for column in self._marks if is_marked(cells[column.index])])
            if left_out:
                yield replace(left_out[0], nth=nth, of=of, cells=own_cells), left_out[1]
                continue
            row, place = self.row_reader.read(number, raw, cells, nth)
            row = replace(row, of=of, cells=own_cells) if of else row
            if isinstance(row, RefusedRow) and row.doubles:
                self.totals.doubles.append(row.doubles)
            if isinstance(row, ReadRow):
                self._notice(number, row)
            yield row, place
            if self.reading.rows == most:
                return
        self._tell(0, self.sections.end_all(self.totals.rows))
        self._tell_noticed()

    def _notice(self, number: int, row: ReadRow) -> None:
        """What is told of a row that is taken as it is."""
        if row.month:
            said = f"Ghi “{row.month}”, không có ngày: cổng lấy ngày {write_day(row.registered_on)}."
            self._warn(self.sheet.name, number, "month_only", said)
        if number in self.sheet.overprinted:
            row.doubt = OVERPRINTED
            self.noticed["overprinted"] += 1
        if number in self.carried:
            row.doubt = row.doubt or (CARRIED_ON if self.carried[number] else "")
            self.noticed["carried_on"] += 1

    def _models(self, waiting: deque[tuple[int, Row]], body: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """The rows to come, one that lists several models as a row for each."""
        while item := waiting.popleft() if waiting else next(body, None):
            number, raw = item
            models = [raw] if self.context.is_one(self.sheet.name, number) else self._several.of_row(raw)
            if len(models) > 1 and not self._stands_as_one(raw):
                waiting.extendleft((number, model) for model in reversed(models))
                continue
            yield item

    def _stands_as_one(self, raw: Row) -> bool:
        cells = texts_of(raw, self.usual)
        return self.row_reader.stands_as_one(cells + [""] * (self.layout.width - len(cells)))

    def _prepare(self, cells: list[str], nth: int) -> None:
        """Take a name's number away; see whether the row's count is its own."""
        if self.layout.numbers_titles:
            cells[self._title] = ROW_NUMBER.sub("", cells[self._title])
        self.row_reader.counts_row = self.layout.counts_models and not nth and not self._counts_below()

    def _counts_below(self) -> bool:
        """Whether the row's count is of the next row, too: it names a model and counts none."""
        at, below = self.layout.at[Role.COUNT], self._row_below()
        return at < len(below) and self._title < len(below) and not below[at] and bool(below[self._title])

    def _left_out(self, number: int, cells: list[str]) -> tuple[RefusedRow, Place] | None:
        """A row that is another register's, or that the file itself seems not to want."""
        if self.unit[0] and self.context.apart:
            return self.row_reader.of_another(number, cells, self.unit[1])
        if self._year:
            return self.row_reader.of_other_year(number, cells, self._year)
        code = self._set_aside(number, cells) if self._asks else ""
        return self.row_reader.set_aside(number, cells, code) if code else None

    def _go_on(self) -> None:
        """Rows of data follow: what stood between is done with."""
        self._lines = []
        self._between.clear()
        for number, said in self._doubts:
            self._warn(self.sheet.name, number, "section_unknown", said)
        self._doubts.clear()

    def _tell_noticed(self) -> None:
        """What was taken of many rows from elsewhere than their own cells."""
        for code, said in _NOTICED.items():
            if rows := self.noticed[code]:
                self._warn(self.sheet.name, 0, code, said.format(rows=rows))
        if several := self.noticed["several"]:
            said = f"{several} dòng ghi nhiều mô hình: cổng tách thành {self.noticed['of_several']} mô hình. Xin xem lại."
            self._warn(self.sheet.name, 0, "several_models", said)
        self._take_day(None)
        if said := self._days.told():
            self._warn(self.sheet.name, 0, "day_of_paper", said)
        if self._filling.dittos:
            said = f"{self._filling.dittos} ô ghi như trên: cổng lấy theo dòng trên."
            self._warn(self.sheet.name, 0, "as_above", said)
        if self._filling.carried:
            said = f"{self._filling.carried} ô trống lấy theo dòng đầu của nhóm ở trên. Xin xem lại."
            self._warn(self.sheet.name, 0, "carried_down", said)
        if self.reading.rows == 0:
            self.reading.note = "Có tiêu đề nhưng không có dòng nào."
            self._warn(self.sheet.name, 0, "no_rows", f"Trang “{self.sheet.name}” có tiêu đề nhưng không có dòng nào.")

    def _set_aside(self, number: int, cells: list[str]) -> str:
        """Why the file itself seems not to want a row: a code of SET_ASIDE; empty for a row to be taken."""
        struck = self.sheet.struck.get(number, ())
        is_struck = self._title in struck or 2 * len(struck) > sum(1 for cell in cells if cell)
        signs = (
            ("sheet_hidden", self.sheet.hidden),
            ("row_hidden", number in self.sheet.hidden_rows),
            ("row_struck", bool(struck) and is_struck),
            ("row_overprinted", self.sheet.overprinted.get(number) is False),
        )
        return next((code for code, there in signs if there and code not in self.context.takes), "")

    def _take_heading(self, heading: Heading, waiting: deque[tuple[int, Row]]) -> None:
        self.heading = heading
        window = self.context.opens_on, self.context.closes_on
        known = ByValue(self.context.fields, self.context.places, window, self._written_on(waiting))
        values = self._values(heading, waiting, known)
        self.layout: Layout = lay_out(heading, values, known, self._legends(heading, values, known, waiting))
        if any(top > heading.last_row for top, _, _ in self.sheet.merged):  # what is empty below is not said above
            self.layout.sparse, self.layout.leaves_places_open = [], False
        if not self.first_layout.width:
            self.first_layout = self.layout
        self.row_reader = RowReader(
            self.sheet.name,
            self.layout,
            self.context,
            self.sections,
            self.seen,
            self.noticed,
            words=self.layout.words | (self.by_hand.words() if self.by_hand else {}),
            tally=self.tally,
            by_earlier=self.by_hand is not None and self.by_hand.said.fills.kind == BY_EARLIER,
        )
        if self.sheet.filled:
            self._take_fills(waiting)
        self._several = SeveralModels(self.layout.at, known.tests(), self.context.fields, self.usual, self.layout)
        self._meaningful, self._marks = self.layout.meaningful, self.layout.marks
        self._title = self.layout.at.get(Role.TITLE, -1)
        self._number = self.layout.at.get(Role.NUMBER)
        self.reading.letters |= self.row_reader.letters
        self._day = self.layout.at.get(Role.REGISTERED_ON)
        self._tells_value = tests_of_values(self.layout, known)
        self.reading.heading_rows += range(heading.first_row, heading.last_row + 1)
        self._tell_columns(heading)
        self._tell_codes()
        if self._title < 0:
            raise HeadingUnclear(f"Trang “{self.sheet.name}”: chưa cột nào là “tên mô hình”.")
        used = {index_of(column) for column in self.reading.columns}
        unused = {column.index: column.label for column in self.layout.unused} | dict(heading.ignored)
        for index, label in unused.items():
            if index in used:
                continue
            self.reading.ignored_columns[letter(index)] = label
            if len(values.get(index, [])) >= max(3, len(waiting) // 2):
                said = f"Cột {letter(index)} {quoted(label)} có dữ liệu nhưng cổng không dùng."
                self._warn(self.sheet.name, heading.last_row, "column_unused", said)

    def _values(self, heading: Heading, waiting: deque[tuple[int, Row]], known: ByValue) -> dict[int, list[str]]:
        """What stands in each column of the first rows."""
        at: dict[Role, int] = {column.role: column.index for column in reversed(heading.columns) if column.role != Role.MARK}
        several = SeveralModels(at, known.tests(), self.context.fields, self.usual)
        rows = as_above([texts_of(raw, self.usual) for _, row in islice(waiting, AHEAD) for raw in several.of_row(row)])
        numbered = heading.first(Role.NUMBER)
        if numbered:  # values of numbered rows only: sections and totals would speak for their columns otherwise
            counted = [row for row in rows if numbered.index < len(row) and NUMBERED.match(row[numbered.index])]
            rows = counted if 4 * len(counted) > len(rows) else rows  # a number that is a formula nobody worked out is none
        width = max(map(len, rows), default=0)
        columns = ([row[at] for row in rows if at < len(row) and row[at]] for at in range(width))
        return {at: found for at, found in enumerate(columns) if found}

    def _take_fills(self, waiting: deque[tuple[int, Row]]) -> None:
        """What notes above and below the table say of the colours of its rows, of what no column says."""
        ahead = [(number, texts_of(raw, self.usual)) for number, raw in waiting]
        numbered = self.layout.at.get(Role.NUMBER)
        rows = [
            number for number, cells in ahead if numbered is None or (numbered < len(cells) and NUMBERED.match(cells[numbered]))
        ]
        last = self.layout.at.get(Role.TITLE, 0)
        colours = {
            colour for number in rows if (found := self.sheet.filled.get(number)) and found[0] <= last and (colour := found[1])
        }
        lines = (words for cells in (*self._above, *(cells for _, cells in ahead)) if len(words := [*filter(None, cells)]) < 3)
        notes = [cell for words in lines for cell in words]
        told = fills_in(notes, colours, self.context.fields) if colours else {}
        self.row_reader.filled = self.sheet.filled
        self.row_reader.by_fill = {role: meant for role, meant in told.items() if not self.layout.tells(role)}

    def _legends(
        self, heading: Heading, values: dict[int, list[str]], known: ByValue, waiting: deque[tuple[int, Row]]
    ) -> list[Legend]:
        """What is said above and below the table of the short words in it; read on for only where there are such words."""
        tests = {role: test for role, test in known.tests().items() if role in LISTED}
        codes = codes_in(heading, values, tests)
        if not codes:
            return []
        waiting.extend(islice(self._body, MOST_READ))
        numbered = heading.first(Role.NUMBER)
        at = numbered.index if numbered else -1
        lines = [*self._above, *heading.words, *(texts_of(raw, self.usual) for _, raw in waiting)]
        beside = [row for row in lines if at < 0 or at >= len(row) or not NUMBERED.match(row[at]) or sum(map(bool, row)) < 3]
        return legends_in(([cell for cell in row if cell] for row in beside), codes, tests)

    def _tell_columns(self, heading: Heading) -> None:
        labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
        meant: dict[str, list[str]] = {}
        for guess in sorted(self.layout.guesses, key=lambda guess: index_of(guess.column)):
            meant.setdefault(guess.column, []).append(guess.role)
        for column, roles in meant.items():
            label = labels.get(index_of(column), "(không có tiêu đề)")
            self.reading.columns[column] = f"{label}: {' và '.join(dict.fromkeys(roles))}"
        self.reading.guesses += [guess.as_dict() for guess in self.layout.guesses]

    def _tell_codes(self) -> None:
        for role, words in self.layout.words.items():
            at = self.layout.parted.get(role, self.layout.at.get(role))
            if at is not None:
                self.reading.codes.setdefault(letter(at), {}).update(words)

    def _take_another_heading(self, number: int, cells: list[str], waiting: deque[tuple[int, Row]]) -> None:
        """A second table on the sheet, with columns of its own."""
        if sum(1 for cell in cells if cell) < 3 or any(NUMBERED.match(cell) for cell in cells if cell):
            return
        ahead = [(n, texts_of(raw, self.usual)) for n, raw in islice(waiting, DEEPEST - 1)]
        found = heading_at([(number, cells), *ahead], self.context.fields) or self._loose_heading(number, cells)
        if found is None or not found.is_register:
            return
        self._in_other = False
        title = self._lines_of(list(self._between)[:-1])
        unit, lines = self.unit, self._lines[: -sum(1 for cell in cells if cell)]
        self._find_unit(self._lines)
        if self.unit != unit:
            self._end_sections(number, lines)
        is_same = found.columns == self.heading.columns or self._is_of_heading(cells)
        if is_same or (self.heading.guessed is not None and _meant(found.columns) == _meant(self.heading.guessed)):
            self._begin_table(number, title, waiting, may_go_on=True)
            return  # what was said by hand of its columns holds
        if self.by_hand and not self.reading.rows:
            self.by_hand.settle(found)
        for _ in range(found.last_row - number):
            waiting.popleft()
        self._take_heading(found, waiting)
        self._begin_table(number, title, waiting)
        self.tail = False


def _meant(columns: list[Column]) -> list[Column]:
    return [replace(column, label="") for column in columns]
