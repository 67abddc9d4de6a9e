"""A table of a PDF that has no rules: columns by the gaps that run down through its rows, rows by their numbers. What does not stand
apart clearly is no table.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from models_registry.registers.formats.table import Row

NUMBER = re.compile(r"^\(?\d{1,4}[.)]?$")
_SECTION = re.compile(r"^(?:phần\s+)?(?:[IVX]{1,5}|[A-ZĐ])\s*[.)/:]")
GAP = 0.5  # of a letter's height: what keeps columns apart, and is wider than a space
SAME_LINE = 0.5  # of a letter's height
FEWEST_COLUMNS, FEWEST_ROWS = 3, 2
CROSSING = 0.03  # share of a table's lines that may reach over a gap
IN_ORDER = 0.9  # share of the numbers that must follow on the one before
DEEPEST_HEAD = 6  # lines
APART = 1.75  # of a letter's height from line to line: another row, or none
MID_SENTENCE = 0.1  # lines of rows for each that may show that a number stands below its row's first line


@dataclass(frozen=True, slots=True)
class Word:
    page: int
    left: float
    right: float
    top: float
    bottom: float
    text: str


@dataclass
class Line:
    """Words that stand beside one another, those that only a space parts together."""

    words: list[Word]

    @property
    def top(self) -> float:
        return self.words[0].top

    @property
    def page(self) -> int:
        return self.words[0].page

    @property
    def texts(self) -> Row:
        return [word.text for word in self.words]

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def rows_of(words: list[Word]) -> list[Row] | None:
    """All lines of a document as rows, those of its table parted in columns; None where they do not stand apart clearly."""
    return _rows_of(lines_of(words)) or _rows_of(lines_of(words, has_close_numbers=True), has_close_numbers=True)


def _rows_of(lines: list[Line], *, has_close_numbers: bool = False) -> list[Row] | None:
    """`has_close_numbers`: numbers stand at the right of their column, right before the next, as a sheet prints them."""
    begins = [n for n, line in enumerate(lines) if len(line.words) >= FEWEST_COLUMNS and NUMBER.match(line.words[0].text)]
    if len(begins) < FEWEST_ROWS:
        return None
    numbers = [int(lines[n].words[0].text.strip("().")) for n in begins]
    if sum(after in (before + 1, 1) for before, after in pairwise(numbers)) < IN_ORDER * (len(numbers) - 1):
        return None
    gaps = _gaps([lines[n] for n in begins])
    if has_close_numbers:
        edge = max(lines[n].words[0].right for n in begins), min(lines[n].words[1].left for n in begins)
        if edge[0] > edge[1]:
            return None
        gaps = [edge, *(gap for gap in gaps if gap[0] > edge[1])]
    if len(gaps) + 1 < FEWEST_COLUMNS:
        return None
    return _Reading(lines, set(begins), gaps).rows()


def lines_of(words: list[Word], *, has_close_numbers: bool = False) -> list[Line]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.page, word.top + word.bottom, word.left)):
        last = lines[-1][-1] if lines else None
        height = word.bottom - word.top
        if last and last.page == word.page and abs((last.top + last.bottom) - (word.top + word.bottom)) < 2 * SAME_LINE * height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(_joined(sorted(line, key=lambda word: word.left), has_close_numbers)) for line in lines]


def _joined(words: list[Word], has_close_numbers: bool) -> list[Word]:
    """Words that only a space parts as one; a number at the beginning alone where the next column is as close."""
    found = [words[0]]
    for word in words[1:]:
        last = found[-1]
        is_number = has_close_numbers and last is words[0] and NUMBER.match(last.text)
        if word.left - last.right < GAP * (word.bottom - word.top) and not is_number:
            top, bottom = min(last.top, word.top), max(last.bottom, word.bottom)
            found[-1] = Word(last.page, last.left, max(last.right, word.right), top, bottom, f"{last.text} {word.text}")
        else:
            found.append(word)
    return found


def _gaps(lines: list[Line]) -> list[tuple[float, float]]:
    """(left, right) of what hardly any of these lines has a word in, between the first and the last column."""
    height = median(word.bottom - word.top for line in lines for word in line.words)
    edges = sorted(edge for line in lines for word in line.words for edge in ((word.left, 1), (word.right, -1)))
    found, open_words, since = [], 0, None
    most = int(CROSSING * len(lines))
    for at, change in edges:
        before, open_words = open_words, open_words + change
        if open_words <= most < before:
            since = at
        elif before <= most < open_words and since is not None:
            if at - since >= GAP * height:
                found.append((since, at))
            since = None
    return found


class _Reading:
    """Goes through the lines; `begins`: those that have a row's number."""

    def __init__(self, lines: list[Line], begins: set[int], gaps: list[tuple[float, float]]) -> None:
        self.lines, self.begins, self.gaps = lines, begins, gaps
        self.ends = [right for _, right in gaps]  # where the columns after the first begin
        self.height = median(word.bottom - word.top for line in lines for word in line.words)
        self.blocks = self._blocks()
        self.is_close = any(sum(n in begins for n in block) > 1 for block in self.blocks)  # nothing but its number parts a row

    def rows(self) -> list[Row] | None:
        first = min(self.begins)
        start, end = self._head(first)
        heads = self.lines[start:end]
        if not self._is_full(heads) or not self._is_clear(end):
            return None
        self._add_empty_column(heads)
        found: list[Row] = [line.texts for line in self.lines[:start]]
        found += self._head_rows(heads)
        repeated = {line.text for line in heads}
        page = self.lines[first].page
        for block in self.blocks:
            rest = [n for n in block if n >= end and not self._is_repeated(n, repeated, is_alone=len(block) == 1)]
            if rest:  # a row goes on where a page ends, and nowhere else
                is_first, page = self.lines[rest[0]].page != page, self.lines[rest[0]].page
                self._take(rest, found, is_open=is_first)
        return found

    def _take(self, block: list[int], found: list[Row], *, is_open: bool) -> None:
        """Take the lines of a block. `is_open`: whether its first ones may be the rest of the row before."""
        if sum(n in self.begins for n in block) == 1 and not (
            is_open and self.is_close
        ):  # wherever the number stands, all lines are of its row
            row = [self.lines[n] for n in block if self._is_of_row(self.lines[n])]
            found += [self.lines[n].texts for n in block if self.lines[n] not in row]
            found.append(self._row(row))
            return
        is_open = is_open and len(found[-1]) > len(self.gaps)
        for n in block:
            line = self.lines[n]
            if n in self.begins:
                found.append(self._row([line]))
                is_open = True
            elif is_open and self._is_of_row(line):
                _add(found[-1], self._cells(line))
            else:
                found.append(line.texts)
                is_open = False

    def _is_repeated(self, n: int, head: set[str], *, is_alone: bool) -> bool:
        """Whether a line is the heading's on a further page, or the page's number, which stands alone."""
        return n not in self.begins and (self.lines[n].text in head or (is_alone and self.lines[n].text.isdecimal()))

    def _blocks(self) -> list[list[int]]:
        """Lines that stand close together."""
        blocks: list[list[int]] = []
        for n, line in enumerate(self.lines):
            above = self.lines[n - 1] if n else None
            if above and above.page == line.page and line.top - above.top <= APART * self.height:
                blocks[-1].append(n)
            else:
                blocks.append([n])
        return blocks

    def _head(self, first: int) -> tuple[int, int]:
        """The lines of the heading: right above the first row, keeping to its columns."""
        at = next(k for k, block in enumerate(self.blocks) if first in block)
        block = self.blocks[at]
        end = first if sum(n in self.begins for n in block) > 1 else block[0]
        start = end
        while start > 0 and end - start < DEEPEST_HEAD and self._is_over(self.lines[start - 1], self.lines[start:end]):
            is_close = any(start in block and start - 1 in block for block in self.blocks)
            if start < end and not is_close and self._is_full(self.lines[start:end]):
                break
            start -= 1
        return start, end

    def _is_full(self, head: list[Line]) -> bool:
        """Whether hardly any column lacks a heading."""
        filled = {self._column(word) for line in head for word in line.words}
        return len(filled) >= max(FEWEST_COLUMNS, len(self.gaps))

    def _is_over(self, line: Line, below: list[Line]) -> bool:
        """Whether a line may be of the heading: no word reaches over a gap but one over columns that have headings below it."""
        headed = {self._column(word) for lower in below for word in lower.words}
        return all(
            {at, at + 1} <= headed
            for word in line.words
            for at, (left, right) in enumerate(self.gaps)
            if word.left < left and word.right > right
        )

    def _head_rows(self, head: list[Line]) -> list[Row]:
        """The heading as one row; as two where words stand well over others: the names of groups, and of the columns in them."""
        columns: dict[int, list[Word]] = {}
        for line in head:
            for word in line.words:
                columns.setdefault(self._column(word), []).append(word)
        cuts = {at: cut for at, words in columns.items() if (cut := self._cut(words))}
        if not cuts:
            return [self._row(head)]
        level = min(columns[at][cut].top for at, cut in cuts.items()) - SAME_LINE * self.height
        under = {at for at, words in columns.items() if at not in cuts and words[0].top >= level}
        upper, lower = ([""] * (len(self.gaps) + 1) for _ in range(2))
        for at, words in columns.items():
            cut = cuts.get(at, 0 if at in under else len(words))
            lower[at] = " ".join(word.text for word in words[cut:])
            first = at
            while at in cuts and first - 1 in under and self._nearest(columns[first - 1][0], cuts, columns) == at:
                first -= 1  # a group's name stands in the middle over its columns
            upper[first] = upper[first] or " ".join(word.text for word in words[:cut])
        return [upper, lower]

    def _cut(self, words: list[Word]) -> int:
        """Before which of a column's words there is the space between two rows; 0 for none."""
        steps = (n for n, (above, word) in enumerate(pairwise(words), 1) if word.top - above.top > APART * self.height)
        return next(steps, 0)

    @staticmethod
    def _nearest(word: Word, groups: dict[int, int], columns: dict[int, list[Word]]) -> int:
        """The column of the group whose name stands nearest over a word."""
        middle = word.left + word.right
        return min(groups, key=lambda at: abs(columns[at][0].left + columns[at][0].right - middle))

    def _is_clear(self, end: int) -> bool:
        """Whether it is beyond doubt of which row each line is. Rows that stand close to one another must begin with their number:
        what stands beside it begins as sentences do.
        """
        close = [n for block in self.blocks if sum(n in self.begins for n in block) > 1 for n in block if n >= end]
        others = [n for n in close if n not in self.begins and self._is_of_row(self.lines[n])]
        within = sum(word.text[:1].islower() for n in close if n in self.begins for word in self.lines[n].words)
        return not others or within <= MID_SENTENCE * len(others)

    def _add_empty_column(self, head: list[Line]) -> None:
        """A last column may have a heading and nothing below it."""
        edge = max(word.right for n in self.begins for word in self.lines[n].words)
        beyond = [word.left for line in head for word in line.words if word.left > edge]
        if beyond:
            self.gaps.append((edge, min(beyond)))
            self.ends.append(min(beyond))

    def _row(self, lines: list[Line]) -> Row:
        cells: Row = [""] * (len(self.gaps) + 1)
        for line in lines:
            _add(cells, self._cells(line))
        return cells

    def _cells(self, line: Line) -> Row:
        cells: Row = [""] * (len(self.gaps) + 1)
        for word in line.words:
            at = self._column(word)
            cells[at] = f"{cells[at]} {word.text}".strip()
        return cells

    def _column(self, word: Word) -> int:
        """The column in which a word begins, or most of a short one stands."""
        middle = (word.left + min(word.right, word.left + 4 * self.height)) / 2
        return sum(1 for end in self.ends if middle >= end or word.left >= end - 1)

    def _keeps(self, line: Line) -> bool:
        """Whether no word reaches over the columns' gaps."""
        return not any(word.left < left and word.right > right for word in line.words for left, right in self.gaps)

    def _is_of_row(self, line: Line) -> bool:
        """Whether a line may be part of a row: in its columns, no section."""
        is_number = bool(NUMBER.match(line.words[0].text))
        return self._keeps(line) and not _SECTION.match(line.text) and (is_number or self._column(line.words[0]) > 0)


def _add(cells: Row, more: Row) -> None:
    for at, text in enumerate(more):
        cells[at] = f"{cells[at]} {text}".strip()
