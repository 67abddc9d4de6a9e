"""Ruled tables whose rows are too low for their words, as spreadsheets print them: a second line stands in the next row, over its text."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

_OVER = 0.25  # of a letter's height, on both sides of a rule: more than the box of any letter that stands within its row
_SAME_LINE = 0.3  # of a letter's height
_LEADING = (0.95, 1.25)  # of a letter's height, from one line of a cell to its next

Texts = list[list[str | None]]


@dataclass
class _TextLine:
    row: int
    top: float
    height: float
    letters: list[dict[str, Any]]


def gathered(table: Any, letters: list[dict[str, Any]], texts: Texts) -> Texts:
    """The texts of a table's cells, where lines that reach over a rule go with the cell whose they are."""
    tops = [row.bbox[1] for row in table.rows]
    over = [letter for letter in letters if letter["text"].strip() and _reaches_over(letter, tops)]
    if not over:
        return texts
    texts = [list(row) for row in texts]
    for at in range(max(len(row.cells) for row in table.rows)):
        boxes = [row.cells[at] for row in table.rows if at < len(row.cells)]
        if None in boxes or len({(box[0], box[2]) for box in boxes}) > 1 or not any(_is_in(letter, boxes[0]) for letter in over):
            continue
        lines = _lines([letter for letter in letters if _is_in(letter, boxes[0])], tops, table.bbox[3])
        moved = _move(lines)
        for n in moved:
            texts[n][at] = "\n".join(_text(line) for line in lines if line.row == n)
    return texts


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
    return found


def _move(lines: list[_TextLine]) -> set[int]:
    """Put lines of one cell that fell into several rows into the one where nothing else stands. Returns the rows that changed."""
    changed: set[int] = set()
    begin = 0
    for n in range(1, len(lines) + 1):
        least, most = (share * lines[n - 1].height for share in _LEADING)
        if n < len(lines) and least <= lines[n].top - lines[n - 1].top <= most:
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
