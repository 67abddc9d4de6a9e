"""Rows that hold a model in each of several groups of columns with the same headings ('Mô hình thứ nhất', 'Mô hình thứ hai'), or in each
of several columns that are numbered ('Tên mô hình 1', 'Tên mô hình 2').
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from models_registry.registers.cells import text_of
from models_registry.registers.headings import Heading, Role, plain
from models_registry.registers.opening import Row
from models_registry.registers.several import all_of

_FEWEST_CELLS = 2  # of a group, that nobody's signature fills
_ORDINAL = re.compile(r" ((so|thu) )?(\d{1,2}|nhat|mot|hai|ba|bon|nam)$")

Groups = tuple[range, ...]


def take_groups(heading: Heading) -> Groups:
    """The groups of a heading's columns, of which each has one of titles; the heading keeps the columns of the first."""
    titles = [column.index for column in heading.columns if column.role == Role.TITLE]
    own = {at: _ORDINAL.sub("", plain(labels[-1])) for at, labels in heading.levels.items() if labels}
    widths = {behind - at for at, behind in pairwise(titles)}
    width = next(iter(widths)) if len(widths) == 1 else 0
    if not width or (width == 1 and not all(_ORDINAL.search(plain(heading.levels[at][-1])) for at in titles)):
        return ()
    for begin in range(max(titles[0] - width + 1, 0), titles[0] + 1):
        groups = tuple(range(begin + n * width, begin + (n + 1) * width) for n in range(len(titles)))
        labels = [[own.get(at, "") for at in group] for group in groups]
        if all(labels[0]) and all(other == labels[0] for other in labels):
            further = {at for group in groups[1:] for at in group}
            heading.columns = [column for column in heading.columns if column.index not in further]
            heading.ignored = [(at, label) for at, label in heading.ignored if at not in further]
            return groups
    return ()


def apart(
    body: Iterator[tuple[int, Row]], groups: Groups, title: int, usual: str, is_whole: Callable[[int], bool]
) -> Iterator[tuple[int, Row]]:
    """The rows below such a heading, each of its models as a row that holds it in the first group; a row that is known to be one
    has the names together.
    """
    for number, row in body:
        models = _models_of(row, groups, title, usual)
        if len(models) > 1 and is_whole(number):
            models[0][title] = "; ".join(text_of(model[title], usual) for model in models)
            models = models[:1]
        for model in all_of(models, row) or [row]:
            yield number, model


def _models_of(row: Row, groups: Groups, title: int, usual: str) -> list[Row]:
    """A row for each model beside what is of all; none for a row without a model in a further group. Beside a model a name alone is
    one, too, and its row is refused for what it lacks; else it may be who signs, as where groups are a column each.
    """
    texts = [[text_of(row[at], usual) if at < len(row) else "" for at in group] for group in groups]
    if all(own == texts[0] for own in texts[1:]):  # the heading again, or an empty row
        return []
    named = [n for n, own in enumerate(texts) if own[title - groups[0].start]]
    filled = [n for n in named if sum(map(bool, texts[n])) >= _FEWEST_CELLS]
    is_begun = named[:1] == [0] if len(groups[0]) == 1 else filled[:1] == [0]
    models = named if is_begun else filled
    return [_as_first(row, groups, n) for n in models] if any(models) else []


def _as_first(row: Row, groups: Groups, nth: int) -> Row:
    cells = [*row, *[""] * (groups[-1].stop - len(row))]
    own = [cells[at] for at in groups[nth]]
    for group in groups[1:]:
        cells[group.start : group.stop] = [""] * len(group)
    cells[groups[0].start : groups[0].stop] = own
    return cells
