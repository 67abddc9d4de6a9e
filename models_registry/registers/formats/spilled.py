"""Ruled tables whose rows are too low for their words, as spreadsheets print them: a second line stands in the next row, over its text."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from models_registry.registers.formats.aligned import Word

_OVER = 0.25  # of a letter's height, on both sides of a rule: more than the box of any letter that stands within its row
_SAME_LINE = 0.3  # of a letter's height
_OVERPRINTED = 0.75  # of a letter's height, from a line that reaches over a rule to the next
_DENSE = 0.55  # the same of any lines: those of a table without room between its rows stand closer than others
_UPON = 0.5  # of a letter's width
_BESIDE = 40  # words that are looked at for one that stands upon another
_FEWEST = 4  # letters of a line that is printed over another: less may be a footnote's mark
_LEADING = (0.95, 1.25)  # of a letter's height, from one line of a cell to its next

Texts = list[list[str | None]]


@dataclass
class _TextLine:
    row: int
    top: float
    height: float
    letters: list[dict[str, Any]]
    is_over: bool = False
    """Whether it reaches over a rule."""

    @property
    def begin(self) -> float:
        return float(min(letter["x0"] for letter in self.letters))

    @property
    def end(self) -> float:
        return float(max(letter["x1"] for letter in self.letters))

    @property
    def is_blurred(self) -> bool:
        """Whether letters stand upon others, not the same once more, as bold ones are printed."""
        row = sorted((letter for letter in self.letters if letter["text"].strip()), key=lambda one: one["x0"])
        upon = 0
        for left, right in pairwise(row):
            covered = left["x1"] - right["x0"]
            upon += covered > _UPON * (left["x1"] - left["x0"]) and left["text"] != right["text"]
        return upon >= _FEWEST


def gathered(table: Any, letters: list[dict[str, Any]], texts: Texts) -> tuple[Texts, dict[int, bool]]:
    """The texts of a table's cells, where lines that reach over a rule go with the cell whose they are; and the rows in which lines
    are printed over one another: whether it is settled which line is whose.
    """
    tops = [row.bbox[1] for row in table.rows]
    over = [letter for letter in letters if letter["text"].strip() and _reaches_over(letter, tops)]
    texts, doubtful = [list(row) for row in texts], dict[int, bool]()
    for at in range(max(len(row.cells) for row in table.rows)):
        boxes = {n: row.cells[at] for n, row in enumerate(table.rows) if at < len(row.cells) and row.cells[at]}
        widths = Counter((round(box[0]), round(box[2])) for box in boxes.values())
        if not widths:
            continue
        usual = widths.most_common(1)[0][0]  # a line that is merged across the columns is another
        own = {n for n, box in boxes.items() if (round(box[0]), round(box[2])) == usual}
        box = boxes[min(own)]
        column = [letter for letter in letters if _is_in(letter, box)]
        lines = [line for line in _lines(column, tops, table.bbox[3]) if line.row in own]
        moved = _move(lines) if any(_is_in(letter, box) for letter in over) else set()
        for n in moved & own:
            texts[n][at] = "\n".join(_text(line) for line in lines if line.row == n)
        for rows in _printed_over(lines):
            doubtful |= {n: len(rows) > 1 and doubtful.get(n, True) for n in rows}
    return texts, doubtful


def _printed_over(lines: list[_TextLine]) -> list[set[int]]:
    """The rows of lines that stand closer than lines can without being printed over one another, or of letters that do."""
    found = []
    for upper, lower in pairwise(lines):
        closest = _OVERPRINTED if upper.is_over or lower.is_over else _DENSE
        is_near = lower.top - upper.top < closest * min(upper.height, lower.height)
        if is_near and len(upper.letters) >= _FEWEST and len(lower.letters) >= _FEWEST and _meet(upper, lower):
            found.append({upper.row, lower.row})
    return [*found, *({line.row} for line in lines if line.is_blurred)]


def are_overprinted(words: list[Word]) -> bool:
    """Whether words of a page without rules stand upon others, between the lines."""
    row = sorted((word for word in words if len(word.text) >= _FEWEST), key=lambda one: (one.page, one.top))
    return any(_stands_upon(upper, lower) for n, upper in enumerate(row) for lower in islice(row, n + 1, n + 1 + _BESIDE))


def _stands_upon(upper: Word, lower: Word) -> bool:
    height, down = upper.bottom - upper.top, lower.top - upper.top
    is_between = upper.page == lower.page and _SAME_LINE * height < down < _DENSE * height
    return is_between and lower.left < upper.right and upper.left < lower.right


def _meet(upper: _TextLine, lower: _TextLine) -> bool:
    return min(upper.end, lower.end) > max(upper.begin, lower.begin)


def _reaches_over(letter: dict[str, Any], tops: list[float]) -> bool:
    n, slack = bisect_right(tops, letter["bottom"]) - 1, _OVER * (letter["bottom"] - letter["top"])
    return n > 0 and letter["top"] + slack < tops[n] < letter["bottom"] - slack


def _is_in(letter: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    return bool(box[0] <= (letter["x0"] + letter["x1"]) / 2 < box[2])


def _lines(letters: list[dict[str, Any]], tops: list[float], end: float) -> list[_TextLine]:
    """The lines of a column from above; each in the row where its middle is."""
    found: list[_TextLine] = []
    for letter in sorted(letters, key=lambda one: (one["top"], one["x0"])):
        height = letter["bottom"] - letter["top"]
        middle = letter["top"] + height / 2
        if not tops[0] <= middle < end:
            continue
        if not found or letter["top"] - found[-1].top > _SAME_LINE * height:
            found.append(_TextLine(bisect_right(tops, middle) - 1, letter["top"], height, []))
        found[-1].letters.append(letter)
        found[-1].is_over = found[-1].is_over or (letter["text"].strip() != "" and _reaches_over(letter, tops))
    return [line for line in found if any(letter["text"].strip() for letter in line.letters)]


def _move(lines: list[_TextLine]) -> set[int]:
    """Put lines of one cell that fell into several rows into the one where nothing else stands. Returns the rows that changed."""
    changed: set[int] = set()
    begin = 0
    for n in range(1, len(lines) + 1):
        least, most = (share * lines[n - 1].height for share in _LEADING)
        is_near = n < len(lines) and least <= lines[n].top - lines[n - 1].top <= most
        if is_near and (lines[n].row == lines[n - 1].row or lines[n].is_over or lines[n - 1].is_over):
            continue
        block, begin = lines[begin:n], n
        rows = {line.row for line in block}
        free = [row for row in rows if all(line.row != row or line in block for line in lines)]
        if len(rows) > 1 and len(free) == 1:
            for line in block:
                line.row = free[0]
            changed |= rows
    return changed


def _text(line: _TextLine) -> str:
    from pdfplumber.utils.text import extract_text

    return str(extract_text(line.letters)).strip()
