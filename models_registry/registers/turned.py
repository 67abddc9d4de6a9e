"""Tables that lie on their side: the labels in one column, a model in each of the columns beside it."""

from collections import Counter
from collections.abc import Iterator

from common.text import compare_key
from models_registry.registers.finding import heads_register
from models_registry.registers.forms import FEWEST, NUMBER_ALONE, TELLING, Forms, is_label
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.vocabulary import FieldBook

FEWEST_MODELS = 2
MOST_MODELS = 200

Texts = tuple[int, list[str]]
Key = tuple[str, int]
Table = tuple[list[Texts], list[int]]  # its lines, the columns of its models


def turned_in(rows: list[Texts], fields: FieldBook, *, is_told: bool = False) -> Forms | None:
    """The models of the tables on their side, or None where the rows are none. `is_told`: somebody said that there are such; then
    the labels may be any words.
    """
    at = _labels_at(rows)
    lines = [(number, cells) for number, cells in rows if len(cells) > at and len(cells[at]) > 1]
    known = {number: column_of(0, cells[at], fields) for number, cells in lines}
    telling = {number: column for number, column in known.items() if column and column.role in TELLING}
    titles = [item for item in lines if (found := telling.get(item[0])) and found.role == Role.TITLE]
    if not titles and is_told:
        titles = [fullest] if (fullest := _fullest(lines, at)) else []
    if not titles:
        return None
    titles = [item for item in titles if compare_key(item[1][at]) == compare_key(titles[0][1][at])]
    others = [n for n, (_, cells) in enumerate(lines) if heads_register(cells, fields)]
    tables = list(_tables(lines, titles, at, others))
    first, models = tables[0]
    if len(models) < FEWEST_MODELS or len({first[0][1][index] for index in models}) < len(models):
        return None
    if any(is_label(first[0][1][index], fields) for index in models):
        return None
    if len(first) <= FEWEST or (not is_told and sum(1 for number, _ in first if number in telling) <= FEWEST):
        return None
    return _laid_out([table for table in tables if table[1]], at, telling, rows)


def _tables(lines: list[Texts], titles: list[Texts], at: int, others: list[int]) -> Iterator[Table]:
    """Each table from its title's line on, without the line above that heads its columns ("Mô hình 1"). `others`: where tables of
    another sort begin.
    """
    begins = [lines.index(title) for title in titles]
    heads = {lines[begin - 1][1][at] for begin in begins[:1] if begin and _count(lines[begin - 1][1], _models(titles[0], at)) > 1}
    for title, begin, following in zip(titles, begins, [*begins[1:], len(lines)], strict=True):
        models = _models(title, at)
        end = min([following, *(other for other in others if other > begin)])
        own = [item for item in lines[begin:end] if _count(item[1], models) * 2 > len(models)]
        if own and end < len(lines) and lines[end - 1] is own[-1] and own[-1][1][at] in heads:
            own.pop()
        yield own, models


def _models(title: Texts, at: int) -> list[int]:
    return [index for index in range(at + 1, len(title[1])) if title[1][index]][:MOST_MODELS]


def _labels_at(rows: list[Texts]) -> int:
    """The column of the labels: the first in which words stand oftener than numbers."""
    words, numbers = Counter[int](), Counter[int]()
    for _, cells in rows:
        for index, cell in enumerate(cells):
            if cell and len([1 for other in cells if other]) > 1:
                (numbers if NUMBER_ALONE.match(cell) else words)[index] += 1
    return next((index for index in sorted(words) if words[index] > numbers[index] and words[index] > FEWEST), 0)


def _fullest(lines: list[Texts], at: int) -> Texts | None:
    """The first of the lines with the most values: what the forms begin with where no label is known."""
    counts = [sum(map(bool, cells[at + 1 :])) for _, cells in lines]
    return next((line for line, count in zip(lines, counts, strict=True) if count == max(counts)), None)


def _count(cells: list[str], models: list[int]) -> int:
    return sum(1 for index in models if index < len(cells) and cells[index])


def _laid_out(tables: list[Table], at: int, telling: dict[int, Column], rows: list[Texts]) -> Forms:
    """The models of all tables as rows of one; those of the first are numbered by their columns, the others go on from there."""
    begin = tables[0][0][0][0]
    heading = Heading(begin, begin)
    keyed = [(_keyed(lines, at), models) for lines, models in tables]
    places: dict[Key, int] = {}
    for key, (number, cells) in (item for lines, _ in keyed for item in lines.items()):
        if key in places:
            continue
        index = places[key] = len(places)
        if column := telling.get(number):
            heading.columns.append(Column(index, cells[at], column.role, box=column.box))
        else:
            heading.ignored.append((index, cells[at]))
    turned: list[Texts] = []
    for lines, models in keyed:
        for model in models:
            found = [lines.get(key, (0, []))[1] for key in places]
            values = [cells[model] if model < len(cells) else "" for cells in found]
            turned.append((turned[-1][0] + 1 if turned else model + 1, values))
    above = [item for item in rows if item[0] < begin]
    several = f"{len(tables)} bảng" if len(tables) > 1 else "Bảng"
    return Forms(heading, above, turned, f"{several} nằm ngang: {len(turned)} cột, mỗi cột một mô hình.")


def _keyed(lines: list[Texts], at: int) -> dict[Key, Texts]:
    """The lines of a table by their labels, and which of those with the same label each is."""
    met = Counter[str]()
    found: dict[Key, Texts] = {}
    for number, cells in lines:
        label = compare_key(cells[at])
        met[label] += 1
        found[label, met[label]] = (number, cells)
    return found
