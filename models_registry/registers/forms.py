"""Sheets of one model each, a label beside, before or above its value, read as the rows of a table."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from common.text import compare_key
from models_registry.registers.cells import ticked
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.vocabulary import FieldBook, match_kind, match_subject_kind

FEWEST = 3  # labels besides the title that make a form
MOST_LINES = 5000  # lines of a document that are looked at for forms
MOST_COLUMNS = 200  # labels that are no role's, of forms told by hand
_TEXTS = (Role.BOX, Role.CONTENT)  # what may go on in paragraphs of its own
_ENDED = (Role.SUBJECT, Role.SUBJECT_KIND, Role.FIELD, Role.KIND, Role.PLACE, Role.HAMLET, Role.REGISTERED_ON)
_HEAD = 25  # letters of a column's heading in a form
_LINE = 100  # letters of a line that names place and day of signing
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\s*[.)/\-:]\s*(?=\S)")
NUMBER_ALONE = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\s*[.)]{0,2}$")
_SIGNED_ON = re.compile(r"\bngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE)
_LABEL = re.compile(r"^([^:]{2,100}?)\s*:\s*(.*)$", re.DOTALL)
_TO_FILL_IN = re.compile(r"^[.…_\s]+$")
TELLING = frozenset(Role) - {Role.NUMBER, Role.COUNT, Role.MARK, Role.NOTE}

Texts = tuple[int, list[str]]
Key = tuple[Role | None, str]  # a role and the name of the sheet's box; for a label that is no role's, its folded words
_TITLE: Key = (Role.TITLE, "")
_DAY, _SIGNED = (Role.REGISTERED_ON, ""), (Role.REGISTERED_ON, "signed")  # a form's own day, and that of who signs it


@dataclass(frozen=True)
class Pair:
    """A label and what stands beside it. Without a `key`: words that are no label. `words`: all of it, as it stands."""

    row: int
    label: str
    value: str
    words: str
    key: Key | None = None
    column: Column | None = None
    is_apart: bool = False
    """Whether the value stands in a cell of its own."""


@dataclass
class Form:
    """One filled form: the row of its title, and what stands beside each label."""

    row: int
    values: dict[Key, list[str]] = field(default_factory=dict)


@dataclass
class Forms:
    """Forms laid out as a table: a heading of the labels met, and a row for each form."""

    heading: Heading
    above: list[Texts]
    """What stands before the first form: whose it is."""
    rows: list[tuple[int, list[str]]]
    note: str
    """What was found, for who sent it."""
    is_list: bool = False
    is_doubtful: bool = False
    """Whether labels stand there so much more often than that of the title that each may be of a model of its own."""
    unread: list[int] = field(default_factory=list)
    """Rows that head further tables of the sheet, which are none of these."""

    @property
    def labels(self) -> dict[int, str]:
        """A column's place -> what stands over it."""
        return {column.index: column.label for column in self.heading.columns} | dict(self.heading.ignored)

    @property
    def head(self) -> tuple[str, ...]:
        """The labels of forms, folded, by which they are remembered; none of a list, whose columns have no words of its own."""
        return () if self.is_list else tuple(compare_key(label) for _, label in sorted(self.labels.items()))


def forms_in(rows: list[Texts], fields: FieldBook, *, is_told: bool = False) -> Forms | None:
    """The forms of a sheet, or None where it holds none. A form begins with the title's label. `is_told`: somebody said that the
    sheet holds forms; then each may say little, and where the title's label is not known it begins with the first of those labels
    that stand there most often.
    """
    pairs = _without_heads(list(_pairs(rows, fields)))
    often = Counter(pair.key for pair in pairs if pair.key)
    if not often or (_TITLE not in often and not is_told):
        return None
    first = _TITLE if _TITLE in often else next(key for key, count in often.items() if count == max(often.values()))
    forms, labels = _filled(list(_labelled(pairs, often, first)), first)
    enough = is_told or all(sum(1 for key in form.values if key[0]) > FEWEST for form in forms)
    if not forms or not enough:
        return None
    repeated = [key for key, count in often.items() if key[0] and count >= 2 * often[first]]
    return replace(_table(forms, labels, rows), is_doubtful=not is_told and len(repeated) >= FEWEST)


def _without_heads(pairs: list[Pair]) -> list[Pair]:
    """The pairs without those that only head their columns: of a text of its own, the same few words beside it each time."""
    said: dict[str, list[str]] = {}
    for pair in pairs:
        said.setdefault(pair.label, []).append(pair.value)
    heads = {label for label, values in said.items() if len(values) > 1 and len(set(values)) == 1 and 0 < len(values[0]) < _HEAD}
    return [pair for pair in pairs if not (pair.key and pair.key[0] in _TEXTS and pair.label in heads)]


def _labelled(pairs: list[Pair], often: Counter[Key], first: Key) -> Iterator[Pair]:
    """The pairs whose labels are those of forms; the others as words. What stands in one of several forms alone is no label."""
    unknown = set[Key]()
    for pair in pairs:
        if pair.key and not pair.key[0]:
            is_of_one = often[first] == 1 and (pair.is_apart or first != _TITLE)
            if (often[pair.key] > 1 or is_of_one) and (pair.key in unknown or len(unknown) < MOST_COLUMNS):
                unknown.add(pair.key)
            else:
                yield replace(pair, label=pair.words, value="", key=None)
                continue
        yield pair


def _filled(pairs: list[Pair], first: Key) -> tuple[list[Form], dict[Key, Pair]]:
    """The forms, each begun by a label `first`, and the labels met. What a known label says before the first (the day in a form's
    head) is of the form that follows.
    """
    forms: list[Form] = []
    labels: dict[Key, Pair] = {}
    goes_on: list[str] | None = None
    waiting: Pair | None = None  # a label whose value stands in the next line
    ahead: dict[Key, list[str]] = {}
    for found in pairs:
        if found.key is None and waiting is None:
            if goes_on is not None and found.label:
                goes_on.append(found.label)  # a value that goes on in a paragraph of its own
            continue
        pair = found if found.key or waiting is None else replace(waiting, value=found.label)
        key = pair.key or first
        waiting = goes_on = None
        may_go_on = key[0] in _TEXTS
        if not pair.value and (key == first or not may_go_on):
            waiting = pair
            continue
        if key == first:
            forms.append(Form(pair.row, ahead))
            ahead = {}
        if not forms and (not key[0] or may_go_on):
            continue
        values = forms[-1].values if forms else ahead
        if key not in values or key[0] == Role.REGISTERED_ON:
            labels.setdefault(key, pair)
            kept = (values if key not in values else ahead)[key] = [pair.value] if pair.value else []
            goes_on = kept if may_go_on else None
    for form in forms:
        if day := form.values.pop(_SIGNED, None):
            form.values.setdefault(_DAY, day)
    return forms, {_DAY if key == _SIGNED else key: pair for key, pair in labels.items() if key != _SIGNED or _DAY not in labels}


def _pairs(rows: list[Texts], fields: FieldBook) -> Iterator[Pair]:
    """Each label with its value; words that are no label stand without a key."""
    for number, cells in rows:
        words = [cell for at, cell in enumerate(cells) if cell and (not at or cell != cells[at - 1])]
        if len(words) > 1 and NUMBER_ALONE.match(words[0]):
            words = words[1:]
        if not words:
            continue
        if len(words[0]) < _LINE and (signed := _SIGNED_ON.search(words[-1])) and not _LABEL.match(words[-1]):
            column = Column(0, "Ngày ký phiếu", Role.REGISTERED_ON)
            yield Pair(number, column.label, signed[0], words[-1], _SIGNED, column)
            continue
        begins = [0] + [at for at in range(2, len(words) - 1) if is_label(words[at], fields)]  # two labels in one line
        for begin, end in zip(begins, [*begins[1:], len(words)], strict=True):
            yield from _pair(number, words[begin:end], fields)


def is_label(words: str, fields: FieldBook) -> bool:
    column = column_of(0, _bare(words), fields)
    return words.endswith(":") or (column is not None and column.role in TELLING)


def _bare(label: str) -> str:
    return _NUMBER.sub("", label).strip(" :.")


def _pair(number: int, words: list[str], fields: FieldBook) -> Iterator[Pair]:
    label, values, whole = words[0], list(dict.fromkeys(words[1:])), " ".join(words)
    is_apart = bool(values)
    if not values and (said := _LABEL.match(label)):
        label, values = said[1], [said[2].rstrip(" ;")]
    label = _bare(label)
    column = column_of(0, label, fields)
    value = ticked("\n".join(value for value in values if not _TO_FILL_IN.match(value)))
    if value and any(is_label(one, fields) for one in value.split("\n")):  # two labels side by side: a table's heading
        column, value = None, ""
    if column is not None and column.role == Role.SUBJECT and match_subject_kind(value):  # "Tập thể/cá nhân"
        column = replace(column, role=Role.SUBJECT_KIND)
    if column is not None and column.role == Role.SUBJECT_KIND and match_kind(value) and not match_subject_kind(value):
        column = replace(column, role=Role.KIND)  # "Loại mô hình: duy trì"
    if column is not None and column.role in _ENDED and not is_apart:
        value = value.rstrip(" .")  # of a sentence
    if column is not None and column.role in TELLING:
        yield Pair(number, label, value, whole, (column.role, column.box), column)
    elif column is not None and column.role != Role.MARK:
        return
    elif values and value and len(label) <= _LINE and (key := compare_key(label)):
        yield Pair(number, label, value, whole, (None, key), is_apart=is_apart)
    else:
        yield Pair(number, whole, "", whole)


def _table(forms: list[Form], labels: dict[Key, Pair], rows: list[Texts]) -> Forms:
    at = forms[0].row
    heading = Heading(at, at)
    for index, pair in enumerate(labels.values()):
        if pair.column:
            heading.columns.append(replace(pair.column, index=index))
        else:
            heading.ignored.append((index, pair.label))
    filled = [(form.row, ["\n".join(form.values.get(key, ())) for key in labels]) for form in forms]
    above = [item for item in rows if item[0] < at]
    return Forms(heading, above, filled, f"{len(filled)} phiếu, mỗi phiếu một mô hình.")
