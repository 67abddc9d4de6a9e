"""One sheet, row by row: which rows are registrations, and what the others say (sections, totals, signatures)."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain, islice

from common.dates import write_day
from common.text import compare_key
from models_registry.registers.blocks import hamlet_of_block, names_year, other_year, place_of_block, title_of_block
from models_registry.registers.by_hand import ByHand
from models_registry.registers.cells import text_of, texts_of
from models_registry.registers.columns import lay_out
from models_registry.registers.filling import Filling, as_above
from models_registry.registers.finding import DEEPEST, ENOUGH, find_heading, heading_at, heads_register
from models_registry.registers.guessing import ByValue
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.layouts import Layout
from models_registry.registers.legends import LISTED, MOST_READ, Legend, codes_in, legends_in
from models_registry.registers.letterheads import NAMES_DAY, PaperDays, day_of_paper
from models_registry.registers.mapping import BY_EARLIER
from models_registry.registers.no_rows import COLUMN_NUMBER, NUMBERED, SECTION_NUMBER, SIGNATURE, TOTAL
from models_registry.registers.opening import Row, Sheet
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext, SheetReading, index_of, letter
from models_registry.registers.refusing import HeadingUnclear
from models_registry.registers.rows import RowReader
from models_registry.registers.sections import PLAIN, Sections, numbering_of
from models_registry.registers.totals import Totals, doubles_told
from models_registry.registers.vocabulary import NOWHERE, Place, bare_name, is_mark, is_marked

TITLE_LINES = 12  # cells above a heading that may say whose register it is
TITLE_ROWS = 40  # rows between two tables
AHEAD = 60  # rows looked at to settle what a column holds

_SAID = {"field": Role.FIELD, "subject_kind": Role.SUBJECT_KIND, "kind": Role.KIND}

Warn = Callable[[str, int, str, str], None]


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


class SheetReader:
    """Goes through the rows below a heading. `seen` is shared by all sheets, so that a row is found twice across them."""

    def __init__(
        self,
        sheet: Sheet,
        reading: SheetReading,
        usual: str,
        context: RegisterContext,
        seen: dict[str, str],
        warn: Warn,
        by_hand: ByHand | None = None,
    ) -> None:
        self.sheet, self.reading, self.usual = sheet, reading, usual
        self.context, self.seen, self._warn = context, seen, warn
        self.by_hand, self.first_layout = by_hand, Layout()
        self.totals, self.sections = Totals(), Sections(context, by_hand.fills() if by_hand else {})
        self.tail, self.noticed = False, Counter[str]()
        self.tally: dict[Role, Counter[str]] | None = None  # of a sample: the words of its lists
        self.is_named = False  # whether the sheet has a name of its own, not the file's
        self.unit = ("", "")  # key and name of the other unit whose register is being read; "" for the register's own
        self.rows_of: Counter[str] = Counter()  # key of a unit -> its rows; "" for the register's own
        self._above: list[list[str]] = []
        self._body: Iterator[tuple[int, Row]] = iter(())
        self._lines: list[str] = []  # what stood between the tables
        self._between: deque[Row] = deque(maxlen=TITLE_ROWS)  # the same as rows
        self._doubts: list[tuple[int, str]] = []  # what is said of them once a row of data follows
        self._year = 0  # whose models a table has, where not the season's
        self._had_season = False
        self._days = PaperDays(context.opens_on, context.closes_on)
        self._in_form = False  # whether the last line was one of a form's
        self._asks = bool(sheet.hidden or sheet.hidden_rows or sheet.struck)
        self._filling = Filling(sheet.merged)

    def rows(
        self,
        above: list[tuple[int, list[str]]],
        heading: Heading,
        body: Iterator[tuple[int, Row]],
        title: Iterable[Row] = (),
    ) -> Iterator[tuple[ReadRow | RefusedRow, Place]]:
        """Every row of data with its place. `above`: the sheet's rows before the heading; `title`: the same as the file has them."""
        most = self.context.most
        waiting = deque(islice(body, AHEAD))
        self._above, self._body = [row for _, row in above], body
        lines = self._lines_of(title) or [cell for row in self._above for cell in row if cell]
        self._take_heading(heading, waiting)
        self._listen_above(above)
        self._begin_table(0, lines, waiting, is_first=True)
        self._find_unit([cell for _, row in above for cell in row if cell])
        while item := waiting.popleft() if waiting else next(body, None):
            number, raw = item
            cells = texts_of(raw, self.usual)
            if len(cells) < self.layout.width:
                cells += [""] * (self.layout.width - len(cells))
            raw = self._filling.fill(number, raw, cells, self.layout)
            if not self._is_data(number, cells):
                waiting.extend(islice(body, DEEPEST - len(waiting)) if len(waiting) < DEEPEST else ())
                self._between.append(raw)
                self._take_another_heading(number, cells, waiting)
                continue
            if self._between:
                self._go_on()
            self.reading.rows += 1
            self.rows_of[self.unit[0]] += 1
            if (self.unit[0] or self._year or self._asks) and (left_out := self._left_out(number, cells)):
                yield left_out
                continue
            self.totals.count([column.index for column in self._marks if is_marked(cells[column.index])])
            row, place = self.row_reader.read(number, raw, cells)
            if isinstance(row, RefusedRow) and row.doubles:
                self.totals.doubles.append(row.doubles)
            if isinstance(row, ReadRow) and row.month:
                said = f"Ghi “{row.month}”, không có ngày: cổng lấy ngày {write_day(row.registered_on)}."
                self._warn(self.sheet.name, number, "month_only", said)
            yield row, place
            if self.reading.rows == most:
                return
        self._tell(0, self.sections.end_all(self.totals.rows))
        self._tell_noticed()

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
        if without_year := self.noticed["year_missing"]:
            said = f"{without_year} dòng ghi ngày đăng ký không có năm: cổng lấy năm của sổ."
            self._warn(self.sheet.name, 0, "year_missing", said)
        if by_doer := self.noticed["kind_by_doer"]:
            said = f"{by_doer} dòng không ghi tập thể hay cá nhân: cổng lấy theo tên người, đơn vị thực hiện. Xin xem lại."
            self._warn(self.sheet.name, 0, "kind_by_doer", said)
        if doer_missing := self.noticed["doer_missing"]:
            said = f"{doer_missing} dòng không ghi ai thực hiện. Xin xem lại có cột nào ghi mà cổng chưa hiểu."
            self._warn(self.sheet.name, 0, "doer_missing", said)
        self._take_day(None)
        if said := self._days.told():
            self._warn(self.sheet.name, 0, "day_of_paper", said)
        if of_block := self.noticed["hamlet_of_block"]:
            said = f"{of_block} dòng lấy thôn, khu phố theo tên mục, tên bảng hoặc tên trang. Xin xem lại."
            self._warn(self.sheet.name, 0, "hamlet_of_block", said)
        if self._filling.dittos:
            said = f"{self._filling.dittos} ô ghi như trên: cổng lấy theo dòng trên."
            self._warn(self.sheet.name, 0, "as_above", said)
        if self._filling.carried:
            said = f"{self._filling.carried} ô trống lấy theo dòng đầu của nhóm ở trên. Xin xem lại."
            self._warn(self.sheet.name, 0, "carried_down", said)
        if self.reading.rows == 0:
            self.reading.note = "Có tiêu đề nhưng không có dòng nào."
            self._warn(self.sheet.name, 0, "no_rows", f"Trang “{self.sheet.name}” có tiêu đề nhưng không có dòng nào.")

    def _find_unit(self, lines: list[str]) -> None:
        """Whose register follows, by the lines above its heading; the one before goes on where they name nobody."""
        if lines and (named := self.context.whose(lines[-TITLE_LINES:])):
            self.unit = named
            if named[0]:
                self.reading.units[named[0]] = named[1]

    def _set_aside(self, number: int, cells: list[str]) -> str:
        """Why the file itself seems not to want a row: a code of SET_ASIDE; empty for a row to be taken."""
        struck = self.sheet.struck.get(number, ())
        is_struck = self._title in struck or 2 * len(struck) > sum(1 for cell in cells if cell)
        signs = (
            ("sheet_hidden", self.sheet.hidden),
            ("row_hidden", number in self.sheet.hidden_rows),
            ("row_struck", bool(struck) and is_struck),
        )
        return next((code for code, there in signs if there and code not in self.context.takes), "")

    def _tell(self, number: int, sentences: list[str]) -> None:
        for sentence in sentences:
            self._warn(self.sheet.name, number, "total_mismatch", sentence)

    # The heading and its columns

    def _take_heading(self, heading: Heading, waiting: deque[tuple[int, Row]]) -> None:
        self.heading = heading
        rows = as_above([texts_of(raw, self.usual) for _, raw in islice(waiting, AHEAD)])
        numbered = heading.first(Role.NUMBER)
        if numbered:  # values of numbered rows only: sections and totals would speak for their columns otherwise
            counted = [row for row in rows if numbered.index < len(row) and NUMBERED.match(row[numbered.index])]
            rows = counted if 4 * len(counted) > len(rows) else rows  # a number that is a formula nobody worked out is none
        width = max(map(len, rows), default=0)
        columns = ([row[at] for row in rows if at < len(row) and row[at]] for at in range(width))
        values: dict[int, list[str]] = {at: found for at, found in enumerate(columns) if found}
        window = self.context.opens_on, self.context.closes_on
        known = ByValue(self.context.fields, self.context.places, window, self._written_on(waiting))
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
        self._meaningful, self._marks = self.layout.meaningful, self.layout.marks
        self._title = self.layout.at.get(Role.TITLE, -1)
        self._number = self.layout.at.get(Role.NUMBER)
        self.reading.letters |= self.row_reader.letters
        self._day = self.layout.at.get(Role.REGISTERED_ON)
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
                said = f"Cột {letter(index)} “{label}” có dữ liệu nhưng cổng không dùng."
                self._warn(self.sheet.name, heading.last_row, "column_unused", said)

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

    def _written_on(self, waiting: deque[tuple[int, Row]]) -> date | None:
        """The day in the letterhead, or over the signature where it stands among the first rows."""
        above = (cell for row in self._above for cell in row)
        below = (text_of(cell, self.usual) for _, raw in waiting for cell in raw if isinstance(cell, str))
        found = day_of_paper(chain(above, below), self.context.opens_on, self.context.closes_on, signed=True)
        return found[0] if found and NAMES_DAY.search(found[1]) else None

    # Whose a table is and of which day, by its own title

    def _lines_of(self, rows: Iterable[Row]) -> list[str]:
        """The texts of rows; the lines of a cell are each a text."""
        cells = (cell for row in rows for cell in row if cell != "")
        pieces = (piece for cell in cells for piece in (cell.split("\n") if isinstance(cell, str) else (cell,)))
        return [text for piece in pieces if (text := text_of(piece, self.usual))]

    def _begins(self, lines: list[str]) -> int | None:
        return title_of_block(lines, self.context.places, or_body=self.sections.has_block)

    def _begin_table(
        self,
        number: int,
        lines: list[str],
        waiting: deque[tuple[int, Row]],
        *,
        is_first: bool = False,
        may_go_on: bool = False,
    ) -> None:
        """Hear what stands above a table. `may_go_on`: without a title of its own it is the one before, on a further page."""
        begin = self._begins(lines)
        season = {self.context.opens_on.year, self.context.closes_on.year}
        if names_year(lines):
            self._year = year if (year := other_year(lines, season)) and self._has_season(waiting, season) else 0
            self._had_season = self._had_season or not self._year
        if begin is not None:
            self._take_title(number, lines[begin:])
        elif may_go_on:
            return
        if Role.REGISTERED_ON in self.layout.at or self.context.default_day:
            self._take_day(None)
        else:
            above = None if is_first else [cell for row in self._above for cell in row]
            self._take_day(self._days.of_table(lines, begin, self._below(waiting), above=above))

    def _take_title(self, number: int, lines: list[str]) -> None:
        """What a table's own title says of place and hamlet speaks for its rows, and no title before it does any more."""
        self._doubts.clear()
        said, places = self.totals.rows, self.context.places
        self._tell(number, self.sections.end_blocks(said))
        of_heading = {word for words in self.heading.words for word in words}
        for line in lines:
            if line in of_heading:
                continue
            place, meant = place_of_block(line, places), self.sections.meaning(line)
            if place is not NOWHERE and not self.layout.tells(Role.PLACE):
                self._tell(number, self.sections.begin_block("place", place, line, said))
            elif hamlet := self._hamlet_in(line):
                self._tell(number, self.sections.begin_block("hamlet", hamlet, line, said))
            elif meant and meant[0] != "place" and not self.sections.says(meant[0]):
                self._tell(number, self.sections.begin(line, numbering_of(line), said, None))

    def _take_day(self, found: tuple[date, str] | None) -> None:
        """From here on rows without a day have this one."""
        self._days.take(found, self.noticed.pop("day_of_paper", 0))
        self.row_reader.paper_day = found[0] if found else None

    def _has_season(self, waiting: deque[tuple[int, Row]], season: set[int]) -> bool:
        """Whether another table of the sheet has the season's models by its title, and no column of days tells of which year rows are."""
        if Role.REGISTERED_ON in self.layout.at:
            return False
        waiting.extend(islice(self._body, max(0, MOST_READ - len(waiting))))
        ahead = (self._lines_of([raw]) for _, raw in waiting if sum(cell != "" for cell in raw) < ENOUGH)
        return self._had_season or any(names_year(lines) and not other_year(lines, season) for lines in ahead)

    def _may_head(self, cells: list[str], *, stands_apart: bool) -> bool | None:
        """Whether a row ahead heads a table with a title; None for one of data. `stands_apart`: whether something is between them."""
        if not stands_apart and self._number is None and sum(map(bool, cells)) > ENOUGH:
            return None
        if self._number is not None and self._number < len(cells) and NUMBERED.match(cells[self._number]):
            return None
        if self._is_heading_again(cells) or heads_register(cells, self.context.fields):
            return True
        return None if self._number is None and sum(map(bool, cells)) > ENOUGH else False

    def _below(self, waiting: deque[tuple[int, Row]]) -> Iterator[list[str]]:
        """What stands below the rows of this table; then, of each further one that has a title of its own, below its rows."""
        waiting.extend(islice(self._body, max(0, MOST_READ - len(waiting))))
        lines, between = list[str](), list[str]()
        for _, raw in waiting:
            cells = texts_of(raw, self.usual)
            is_heading = self._may_head(cells, stands_apart=bool(between))
            if is_heading is None:
                lines, between = lines + between, []
            elif is_heading:
                begin = self._begins(between)
                if begin is not None:
                    yield lines + between[:begin]
                    lines = []
                between = []
            else:
                between += self._lines_of([raw])
        yield lines + between

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

    def _loose_heading(self, number: int, cells: list[str]) -> Heading | None:
        """A heading that does not say which column has the models' names, below words that stand outside of the table."""
        words = sum(1 for cell in cells if cell)
        if len(self._lines) <= words or any(any(char.isdigit() for char in cell) for cell in cells):
            return None
        found = find_heading([(number, cells)], self.context.fields)
        return found if found and found.is_register and min(len(found.columns), words - 1) > ENOUGH else None

    def _end_sections(self, number: int, lines: list[str]) -> None:
        """Under another unit's title block no section goes on but those that the block itself opens."""
        self._tell(number, self.sections.end_all(self.totals.rows))
        for line in lines:
            if self.sections.meaning(line):
                self.sections.begin(line, numbering_of(line), self.totals.rows, None)

    def _listen_above(self, above: list[tuple[int, list[str]]]) -> None:
        """A section or a commune named above the heading speaks for the whole sheet, as the sheet's own name does."""
        called = bare_name(self.sheet.name)
        if (meant := self.sections.meaning(called)) and meant[0] != "place":
            self.sections.begin(called, PLAIN, 0, None)
        if self.is_named and (hamlet := self._hamlet_in(self.sheet.name)):
            self.sections.begin_block("hamlet", hamlet, self.sheet.name, 0)
        if Role.PLACE not in self.layout.at:
            named = self.context.places.of_sheet(self.sheet.name)
            titles = [self.sections.meaning(cell) for _, row in above for cell in row if cell and len(cell) < 60]
            place = named or next((m[1] for m in titles if m and m[0] == "place" and m[1] is not NOWHERE), None)
            if place:
                self.sections.begin(place.name, PLAIN, 0, None)
        for _, row in above[-3:]:
            words = [cell for cell in row if cell]
            texts = [cell for cell in words if not SECTION_NUMBER.match(cell) and not NUMBERED.match(cell)]
            meaning = self.sections.meaning(texts[0]) if len(texts) == 1 else None
            if meaning and meaning[0] != "place":
                self.sections.begin(texts[0], numbering_of(words[0]), 0, None)

        heard = dict(said for _, row in above for cell in row if cell for said in self.sections.hear(cell))
        for what, of_all in heard.items():
            if not self.sections.says(what) and not self.layout.tells(_SAID[what]):
                self.sections.begin(of_all, PLAIN, 0, None)

    # What a row is: asked of one classifier after another, the first that knows it settles it

    def _is_data(self, number: int, cells: list[str]) -> bool:
        """Whether a row is a registration; what the other rows say is taken in here."""
        line = Line(number, cells, title=self._title, numbered=self._number, meaningful=self._meaningful, day=self._day)
        for knows in self._CLASSIFIERS:
            if (is_data := knows(self, line)) is not None:
                return is_data
        return self._skip(number, f"không phải dòng đăng ký: {(line.texts or line.words)[0][:80]}")

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

    def _numbers_of_columns(self, line: Line) -> bool | None:
        if len(line.words) > 2 and all(COLUMN_NUMBER.match(cell) for cell in line.words):
            return self._skip(line.number, "dòng số cột")
        return None

    def _same_heading(self, line: Line) -> bool | None:
        return self._skip(line.number, "tiêu đề lặp lại") if self._is_heading_again(line.cells) else None

    def _next_heading(self, line: Line) -> bool | None:
        return False if not line.has_number and self._is_another_heading(line.number, line.cells) else None

    def _form_within(self, line: Line) -> bool | None:
        """The lines of a form, or of a table on its side, below a table: they are told, and no rows."""
        words = line.words[1:] if len(line.words) > 2 and NUMBERED.match(line.words[0]) else line.words
        label = column_of(0, words[0].strip(" :"), self.context.fields)
        is_title = label is not None and label.role == Role.TITLE and len(words) > 1
        if is_title and not any(column_of(0, word.strip(" :"), self.context.fields) for word in words[1:]):
            self._in_form = True
            said = (
                f"Dòng “{words[0][:40]}” thuộc một phiếu hoặc bảng nằm ngang, cổng chưa đọc. Xin để sang tệp khác rồi nạp thêm."
            )
            self._warn(self.sheet.name, line.number, "table_unread", said)
        self._in_form = self._in_form and label is not None
        return self._skip(line.number, f"dòng của phiếu: {words[0][:80]}") if self._in_form else None

    def _note_of_heading(self, line: Line) -> bool | None:
        are_notes = all(cell.startswith("(") and not ((total := TOTAL.match(cell)) and total[1]) for cell in line.texts)
        if line.texts and are_notes and not line.has_number:
            return self._skip(line.number, "ghi chú của tiêu đề")
        return None

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
        return None

    _CLASSIFIERS = (
        _full_row,
        _empty_row,
        _numbers_of_columns,
        _same_heading,
        _next_heading,
        _form_within,
        _note_of_heading,
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

    def _is_heading_again(self, cells: list[str]) -> bool:
        if self._is_of_heading(cells):
            return True
        columns = {column.index: column.label for column in self.heading.columns if column.label}
        same = sum(1 for index, label in columns.items() if index < len(cells) and cells[index] == label)
        return same >= 3 or (same == len(columns) and same > 1)

    def _is_of_heading(self, cells: list[str]) -> bool:
        """Whether a row is one of the heading's own, word for word: a head of several rows may be repeated in part."""
        return [cell for cell in cells if cell] in self.heading.words

    def _is_another_heading(self, number: int, cells: list[str]) -> bool:
        return heads_register(cells, self.context.fields) or self._loose_heading(number, cells) is not None

    def _total(self, number: int, cells: list[str], words: list[str]) -> bool:
        """Whether a row is a total; its numbers are compared with what was read."""
        label = next((cell for cell in words if not cell.isdecimal() and not SECTION_NUMBER.match(cell)), "")
        match = TOTAL.match(label)
        others = [cell for cell in words if cell != label and not cell.isdecimal() and cell not in ("-", "mô hình")]
        if not match or any(not TOTAL.match(cell) for cell in others):
            return False
        marked = {column.index: column.label for column in self.layout.marks}
        numbers = [(index, int(cell)) for index, cell in enumerate(cells) if cell.isdecimal()]
        said: list[tuple[int | None, int]] = [(index, n) for index, n in numbers if index in marked]
        rest = [n for index, n in numbers if index not in marked]
        if match[1] or len(rest) == 1:
            said.append((None, int(match[1]) if match[1] else rest[0]))
        for column, stated, read in self.totals.compare(said):
            where = f" cột “{marked[column]}”" if column is not None else ""
            twice = doubles_told(self.totals.doubles) if column is None else ""
            self._tell(number, [f"Dòng “{label[:60]}”{where} ghi {stated}, đọc được {read}{twice}."])
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
            own = self._number
            counts = [int(cell) for index, cell in enumerate(cells) if cell.isdecimal() and index != own]
            said = counts[0] if len(counts) == 1 else None
            self._tell(number, self.sections.begin(text, self._numbering(cells, text), self.totals.rows, said))
            return self._is_section(number, text, texts, is_place=meant[0] == "place")
        is_numbered = self._number is not None and bool(NUMBERED.match(cells[self._number]))
        for text in texts:
            if is_numbered and not any(map(str.isdigit, text)):  # "1", "THÔN VĂN HÓA": a model of which little is said
                continue
            if hamlet := self._hamlet_in(text):
                numbering = self._numbering(cells, text)
                self._tell(number, self.sections.begin_block("hamlet", hamlet, text, self.totals.rows, numbering))
                return self._is_section(number, text, texts, is_place=True)
        return False

    def _is_section(self, number: int, text: str, texts: list[str], *, is_place: bool) -> bool:
        """Note a section, and the day that stands beside its name or in it: that of one place is not the next one's."""
        self.reading.skip(number, f"mục: {text[:80]}")
        if Role.REGISTERED_ON in self.layout.at or self.context.default_day:
            return True
        settles, found = self._days.of_section(texts, is_place=is_place)
        if settles:
            self._take_day(found)
        return True

    def _hamlet_in(self, line: str) -> str:
        """The hamlet that a title or a section names, where no column says where a model is."""
        return "" if self.layout.tells(Role.PLACE) or self.layout.tells(Role.HAMLET) else hamlet_of_block(line)

    def _unknown_section(self, number: int, cells: list[str], text: str) -> None:
        closed, wrong = self.sections.unknown(self._numbering(cells, text), self.totals.rows)
        self._tell(number, wrong)
        if closed:
            said = f"Không hiểu mục “{text[:80]}”: các dòng dưới không lấy theo mục trước nữa."
            self._doubts.append((number, said))

    def _numbering(self, cells: list[str], text: str) -> str:
        before = next((cell for cell in cells if cell and cell != text), "")
        return numbering_of(before) if before and numbering_of(before) != PLAIN and len(before) < 8 else numbering_of(text)


def _meant(columns: list[Column]) -> list[Column]:
    return [replace(column, label="") for column in columns]
