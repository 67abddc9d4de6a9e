"""What stands above and between the tables of a sheet: whose a table is, of which day and place, and where another begins."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain, islice

from models_registry.registers.blocks import (
    doer_of_block,
    hamlet_of_block,
    is_counted_block,
    names_year,
    other_year,
    place_of_block,
    title_of_block,
)
from models_registry.registers.by_hand import ByHand
from models_registry.registers.cells import text_of, texts_of
from models_registry.registers.filling import Filling
from models_registry.registers.finding import ENOUGH, find_heading, heads_register
from models_registry.registers.headings import Heading, Role
from models_registry.registers.layouts import Layout
from models_registry.registers.legends import MOST_READ
from models_registry.registers.letterheads import NAMES_DAY, PaperDays, day_of_paper
from models_registry.registers.no_rows import NUMBERED, SECTION_NUMBER
from models_registry.registers.opening import Row, Sheet
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext, SheetReading
from models_registry.registers.rows import RowReader
from models_registry.registers.sections import PLAIN, Sections, numbering_of
from models_registry.registers.totals import Totals
from models_registry.registers.vocabulary import NOWHERE, bare_name, plain_place, without_numbering

TITLE_LINES = 12  # cells above a heading that may say whose register it is
TITLE_ROWS = 40  # rows between two tables
COUNT_OF_UNIT = re.compile(
    r"\s*[:(–-]\s*(?:có )?\d{1,4}\s*(?:mô hình|mh|đăng ký)\b.*$|\s*[:(]\s*\d{1,4}\s*\)?$", re.IGNORECASE
)  # "XÃ ĐỒI CAO 2 (5 mô hình)", "XÃ ĐỒI CAO 2: 05"

_SAID = {"field": Role.FIELD, "subject_kind": Role.SUBJECT_KIND, "kind": Role.KIND}

Warn = Callable[[str, int, str, str], None]


class TitleReader:
    """One sheet with the table that is being read. `seen` is shared by all sheets, so that a row is found twice across them."""

    heading: Heading
    layout: Layout
    row_reader: RowReader
    _number: int | None

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
        self._around_units: int | None = None  # how many sections were open where the first row is a unit's name
        self.parts_units = False  # whether a section within a table names another unit
        self.carried: dict[int, bool] = {}  # rows put together of several (`CarriedOn.rows`)
        self.latest: ReadRow | RefusedRow | None = None  # the last row of data
        self.rows_of: Counter[str] = Counter()  # key of a unit -> its rows; "" for the register's own
        self._above: list[list[str]] = []
        self._body: Iterator[tuple[int, Row]] = iter(())
        self.waiting: deque[tuple[int, Row]] = deque()
        """The rows that were taken from the body to look ahead."""
        self._lines: list[str] = []  # what stood between the tables
        self._between: deque[Row] = deque(maxlen=TITLE_ROWS)  # the same as rows
        self._doubts: list[tuple[int, str]] = []  # what is said of them once a row of data follows
        self._year = 0  # whose models a table has, where not the season's
        self._had_season = False
        self._days = PaperDays(context.opens_on, context.closes_on)
        self._in_form = False  # whether the last line was one of a form's
        self._in_other = False  # whether the rows are of a table that is no register
        self._asks = bool(sheet.hidden or sheet.hidden_rows or sheet.struck or sheet.overprinted)
        self._filling = Filling(sheet.merged)

    def _tell(self, number: int, sentences: list[str]) -> None:
        for sentence in sentences:
            self._warn(self.sheet.name, number, "total_mismatch", sentence)
            if isinstance(self.latest, ReadRow) and not self.latest.doubt:
                self.latest.doubt = f"{sentence} Xin xem có sót hay thừa dòng nào không."

    def _find_unit(self, lines: list[str]) -> None:
        """Whose register follows, by the lines above its heading; the one before goes on where they name nobody."""
        if lines and (named := self.context.whose(lines[-TITLE_LINES:])):
            self._begin_unit(named)

    def _begin_unit(self, named: tuple[str, str]) -> None:
        if named != self.unit:
            self.totals.begin_part()
        self.unit = named
        if named[0]:
            self.reading.units[named[0]] = named[1]

    def _unit_of_section(self, line: str) -> tuple[str, str] | None:
        """The unit whose name a line within a table is and nothing else, numbered or counted or not; None for other lines. Below a
        committee of no place a commune's name says where its models are.
        """
        counted, places = COUNT_OF_UNIT.sub("", without_numbering(line)).strip(" :.–-"), self.context.places
        if line.startswith(("-", "–", "+")) or not counted or places.elsewhere(counted):
            return None
        named = self.context.whose([counted])
        if named is None:
            return None
        is_its_name = (
            plain_place(counted) == plain_place(named[1]) if named[0] else places.is_own(counted) or places.is_name(counted)
        )
        return named if is_its_name else None

    def _end_sections(self, number: int, lines: list[str]) -> None:
        """Under another unit's title block no section goes on but those that the block itself opens."""
        self._tell(number, self.sections.end_all(self.totals.rows))
        self._around_units = None
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

        right_above = next((words[0] for _, row in above[-1:] if len(words := [cell for cell in row if cell]) == 1), "")
        if is_counted_block(right_above) and (doer := self._doer_in(right_above)):
            self.sections.begin_block("doer", doer, right_above, 0, numbering_of(right_above))
        heard = dict(said for _, row in above for cell in row if cell for said in self.sections.hear(cell))
        for what, of_all in heard.items():
            if not self.sections.says(what) and not self.layout.tells(_SAID[what]):
                self.sections.begin(of_all, PLAIN, 0, None)

    def _written_on(self, waiting: deque[tuple[int, Row]]) -> date | None:
        """The day in the letterhead, or over the signature where it stands among the first rows."""
        above = (cell for row in self._above for cell in row)
        below = (text_of(cell, self.usual) for _, raw in waiting for cell in raw if isinstance(cell, str))
        found = day_of_paper(chain(above, below), self.context.opens_on, self.context.closes_on, signed=True)
        return found[0] if found and NAMES_DAY.search(found[1]) else None

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
            if is_counted_block(line) and (doer := self._doer_in(line)):
                self._tell(number, self.sections.begin_block("doer", doer, line, said))
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

    def _may_head(self, cells: list[str], *, stands_apart: bool) -> bool | None:
        """Whether a row ahead heads a table with a title; None for one of data. `stands_apart`: whether something is between them."""
        if not stands_apart and self._number is None and sum(map(bool, cells)) > ENOUGH:
            return None
        if self._number is not None and self._number < len(cells) and NUMBERED.match(cells[self._number]):
            return None
        if self._is_heading_again(cells) or heads_register(cells, self.context.fields):
            return True
        return None if self._number is None and sum(map(bool, cells)) > ENOUGH else False

    def _is_heading_again(self, cells: list[str]) -> bool:
        if self._is_of_heading(cells):
            return True
        columns = {column.index: column.label for column in self.heading.columns if column.label}
        same = sum(1 for index, label in columns.items() if index < len(cells) and cells[index] == label)
        return same >= 3 or (same == len(columns) and same > 1)

    def _is_of_heading(self, cells: list[str]) -> bool:
        """Whether a row is one of the heading's own, word for word: a head of several rows may be repeated in part."""
        return [cell for cell in cells if cell] in self.heading.words

    def _loose_heading(self, number: int, cells: list[str]) -> Heading | None:
        """A heading that does not say which column has the models' names, below words that stand outside of the table."""
        words = sum(1 for cell in cells if cell)
        if len(self._lines) <= words or any(any(char.isdigit() for char in cell) for cell in cells):
            return None
        found = find_heading([(number, cells)], self.context.fields)
        return found if found and found.is_register and min(len(found.columns), words - 1) > ENOUGH else None

    def _doer_in(self, line: str, *, is_numbered: bool = True) -> str:
        """Who a title or a section says does what stands below, where no column says it. A committee of a place below says where;
        the unit's own among other numbered bodies is one of them.
        """
        if self.layout.tells(Role.SUBJECT) or self.layout.is_doer_marked or self.layout.further_doers:
            return ""
        meant = self.sections.meaning(line)
        return doer_of_block(line) if meant is None or (is_numbered and meant[0] == "place" and meant[1] is NOWHERE) else ""

    def _hamlet_in(self, line: str) -> str:
        """The hamlet that a title or a section names, where no column says where a model is."""
        return "" if self.layout.tells(Role.PLACE) or self.layout.tells(Role.HAMLET) else hamlet_of_block(line)
