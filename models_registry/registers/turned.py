"""Tables that lie on their side: the labels in one column, a model in each of the columns beside it."""

from collections import Counter

from models_registry.registers.forms import FEWEST, NUMBER_ALONE, TELLING, Forms, is_label
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.vocabulary import FieldBook

FEWEST_MODELS = 2
MOST_MODELS = 200

Texts = tuple[int, list[str]]


def turned_in(rows: list[Texts], fields: FieldBook, *, is_told: bool = False) -> Forms | None:
    """The models of a table on its side, or None where the rows are none. `is_told`: somebody said that there are such; then the
    labels may be any words.
    """
    at = _labels_at(rows)
    lines = [(number, cells) for number, cells in rows if len(cells) > at and len(cells[at]) > 1]
    known = {number: column_of(0, cells[at], fields) for number, cells in lines}
    telling = {number: column for number, column in known.items() if column and column.role in TELLING}
    first = next((item for item in lines if (found := telling.get(item[0])) and found.role == Role.TITLE), None)
    if first is None and is_told:
        first = _fullest(lines, at)
    if first is None:
        return None
    models = [index for index in range(at + 1, len(first[1])) if first[1][index]][:MOST_MODELS]
    if len(models) < FEWEST_MODELS or len({first[1][index] for index in models}) < len(models):
        return None
    if any(is_label(first[1][index], fields) for index in models):
        return None
    below = [item for item in lines if item[0] >= first[0] and _count(item[1], models) * 2 > len(models)]
    if len(below) <= FEWEST or (not is_told and sum(1 for number, _ in below if number in telling) <= FEWEST):
        return None
    return _table(below, at, models, {number: column for number, column in telling.items() if column}, rows)


def _labels_at(rows: list[Texts]) -> int:
    """The column of the labels: the first in which words stand oftener than numbers."""
    words, numbers = Counter[int](), Counter[int]()
    for _, cells in rows:
        for index, cell in enumerate(cells[:4]):
            if cell and len([1 for other in cells if other]) > 1:
                (numbers if NUMBER_ALONE.match(cell) else words)[index] += 1
    return next((index for index in range(4) if words[index] > numbers[index] and words[index] > FEWEST), 0)


def _fullest(lines: list[Texts], at: int) -> Texts | None:
    """The first of the lines with the most values: what the forms begin with where no label is known."""
    counts = [sum(map(bool, cells[at + 1 :])) for _, cells in lines]
    return next((line for line, count in zip(lines, counts, strict=True) if count == max(counts)), None)


def _count(cells: list[str], models: list[int]) -> int:
    return sum(1 for index in models if index < len(cells) and cells[index])


def _table(lines: list[Texts], at: int, models: list[int], telling: dict[int, Column], rows: list[Texts]) -> Forms:
    begin = lines[0][0]
    heading = Heading(begin, begin)
    for index, (number, cells) in enumerate(lines):
        if column := telling.get(number):
            heading.columns.append(Column(index, cells[at], column.role, box=column.box))
        else:
            heading.ignored.append((index, cells[at]))
    turned = [(model + 1, [cells[model] if model < len(cells) else "" for _, cells in lines]) for model in models]
    above = [item for item in rows if item[0] < begin]
    return Forms(heading, above, turned, f"Bảng nằm ngang: {len(turned)} cột, mỗi cột một mô hình.")
