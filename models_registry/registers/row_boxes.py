"""What one row says in each box of a registration, and what is wrong with it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.dates import (
    month_before_day,
    no_such_day,
    read_cell,
    read_day,
    read_day_within,
    read_month,
    read_part_of_year,
    write_day,
)
from common.numbers import write_number
from common.text import clean, compare_key
from models_registry.boxes import HAMLET_LIMIT
from models_registry.enums import Kind, SubjectKind
from models_registry.models import SUBJECT_LIMIT, TITLE_LIMIT
from models_registry.registers.cells import ticked
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.guessing import ByValue, parts, without_kind, without_label
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.headings import Column, Role
from models_registry.registers.layouts import Layout
from models_registry.registers.reading import (
    IS_ONE,
    ONE,
    Flaw,
    RegisterContext,
    letter,
)
from models_registry.registers.sections import Sections
from models_registry.registers.vocabulary import (
    NOWHERE,
    Place,
    PlaceUnknown,
    is_mark,
    is_marked,
    match_kind,
    match_subject_kind,
    subject_kind_in,
)
from models_registry.registers.years import kind_by_year

_SEVERAL = re.compile(r"\(?1\s*[.)]\s*\D.*\s\(?2\s*[.)]\s*\D", re.DOTALL)  # "1. Tuyến đường hoa 2. Tủ sách thôn"
_COUNTED = re.compile(  # "Đăng ký 3 mô hình: …", of which the names could not be told apart
    r"^(?:[^\W\d]+\s+){0,4}0?(\d{1,2}|hai|ba|bốn|năm|sáu)\s*(?:mô hình|mh)\b[^:“\"]{0,40}:", re.IGNORECASE
)
_MOST_COUNTED = 20  # models of one row
_REMARK = re.compile(r"(?<=\d)\s*\([^()]*\)\s*$")  # "12/3/2024 (chi bộ họp)"
_ABOUT_TIME = re.compile(r"^(?:đầu|trong)\s+(?=tháng|quý|ngày)", re.IGNORECASE)
_BULLET = re.compile(r"^[-–—+•*]\s*(?=\w)")
PART_OF = {  # of PARTS, those that one column holds
    Role.TITLE: "title",
    Role.SUBJECT: "subject",
    Role.PLACE: "place",
    Role.HAMLET: "hamlet",
    Role.FIELD: "field",
    Role.SUBJECT_KIND: "subject_kind",
    Role.KIND: "kind",
    Role.REGISTERED_ON: "registered_on",
}
LISTED = (Role.PLACE, Role.FIELD, Role.KIND, Role.SUBJECT_KIND)
SHOWN = 2000  # letters of a text that is too long which are told, and can be mended on the page


@dataclass
class RowBoxes:
    """Reads rows of one table; `seen` (identity -> 'sheet!row') is shared by all sheets of the file."""

    sheet: str
    layout: Layout
    context: RegisterContext
    sections: Sections
    seen: dict[str, str]
    noticed: Counter[str] = field(default_factory=Counter)
    """How many rows something was noticed of, by its code; shared by the tables of a sheet."""
    words: dict[Role, dict[str, str]] = field(default_factory=dict)
    """What short words of a list mean, said by hand: folded word -> words that the list knows."""
    tally: dict[Role, Counter[str]] | None = None
    """Where the words of lists are counted, of a sample."""
    by_earlier: bool = False
    """Whether rows that say neither new nor maintained are told by the models of earlier seasons."""
    filled: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Row -> its first cell that has a colour: column, colour."""
    by_fill: dict[Role, dict[str, Any]] = field(default_factory=dict)
    """What the colours of rows say: {role: {colour: value}}, "" for rows without one."""
    counts_row: bool = False
    """Whether the row that is being read says how many models it holds."""
    paper_day: date | None = None
    """The day of the whole paper, for rows of a table that has no column of days."""

    def __post_init__(self) -> None:
        self._at = {role: (letter(index), index) for role, index in self.layout.at.items()}
        tests = ByValue(self.context.fields, self.context.places).tests()
        self._parted = {role: (index, tests[role]) for role, index in self.layout.parted.items()}
        self._typed: dict[str, str] = {}  # over the row that is being read
        self._listed = self._meant if self.words or self.tally is not None else self._cell
        self._tells_kind = self.layout.tells(Role.SUBJECT_KIND)
        self._tells_place = self.layout.tells(Role.PLACE) and not self.layout.leaves_places_open
        self._placed_before: tuple[str, ...] = ()  # of the row that is being read
        self._named_before: tuple[str, ...] = ()
        self._of_fill: dict[Role, Any] = {}
        signs = self.layout.signs
        self._kind_without_sign = match_kind(signs[Role.KIND].otherwise) if Role.KIND in signs else None
        self._doer_without_sign = match_subject_kind(signs[Role.SUBJECT_KIND].otherwise) if Role.SUBJECT_KIND in signs else None
        self._names_kind = self.layout.parted.get(Role.SUBJECT_KIND, -1) == self.layout.at.get(Role.SUBJECT)

    @staticmethod
    def _joined(cells: list[str], indexes: list[int]) -> str:
        return "\n".join(cells[i] for i in indexes if cells[i])

    def _cell(self, cells: list[str], role: Role) -> tuple[str, str]:
        """(the column's letter, its text or what was typed over it); no column: no letter."""
        if self._typed and (typed := self._typed.get(PART_OF.get(role, ""))) is not None:
            at = self._at.get(role)
            return at[0] if at else "", typed
        if role in self._parted:
            index, test = self._parted[role]
            text = cells[index]
            return letter(index), next((part for part in parts(text) if test(part)), text)
        at = self._at.get(role)
        if at is None:
            return "", ""
        return at[0], ticked(cells[at[1]]) if role in LISTED else cells[at[1]]

    def _meant(self, cells: list[str], role: Role) -> tuple[str, str]:
        """As `_cell`, of a list: short words as what they were said to mean."""
        words = self.words.get(role)
        if self.tally is not None and (said := self._cell(cells, role)[1]):
            self.tally.setdefault(role, Counter())[said] += 1
        if words and (index := self.layout.parted.get(role, self.layout.at.get(role))) is not None:
            if meant := words.get(compare_key(cells[index])):
                return letter(index), meant
            column, text = self._cell(cells, role)
            return column, words.get(compare_key(text), text)
        return self._cell(cells, role)

    def _kind_is_open(self, cells: list[str]) -> bool:
        said = self._cell(cells, Role.KIND)[1] or self._marked(self.layout.kind_marks, cells) or self.sections.says("kind")
        return not said

    def _list(self, role: Role, name: str) -> str:
        """The list that a cell's words are chosen from; none where another thing stands in the same cell, which would be lost."""
        return "" if role in self._parted else name

    def _title(self, cells: list[str], flaws: list[Flaw]) -> str:
        column, title = self._cell(cells, Role.TITLE)
        title = title if title[:1].isalnum() else _BULLET.sub("", title)
        is_one = bool(title) and self._typed.get(ONE) == IS_ONE
        counted = _COUNTED.match(title)
        if not is_one and (_SEVERAL.match(title) or (counted and counted[1] != "1")):
            said = "Ô này ghi nhiều mô hình. Xin tách mỗi mô hình một dòng rồi gửi lại tệp."
            flaws.append(Flaw(column, title[:SHOWN], "title_several", said))
        elif not title and (marks := self._named_in_marks(cells)):
            said = f"Dòng này ghi {len(marks)} mô hình ở {len(marks)} cột. Xin tách mỗi mô hình một dòng rồi gửi lại tệp."
            flaws.append(Flaw(_span(marks), "; ".join(cells[it.index] for it in marks)[:SHOWN], "title_several", said))
        elif title and not is_one and (models := self._counted(cells)):
            said = f"Dòng này ghi {models} mô hình, cổng chỉ thấy một tên. Xin tách mỗi mô hình một dòng rồi gửi lại tệp."
            flaws.append(Flaw(column, title[:SHOWN], "title_several", said))
        elif not title or is_mark(title):
            flaws.append(Flaw(column, title, "title_missing", "Chưa có tên mô hình."))
        elif len(title) > TITLE_LIMIT:
            message = f"Tên mô hình dài {write_number(len(title))} ký tự, quá {TITLE_LIMIT}."
            flaws.append(Flaw(column, title[:SHOWN], "title_too_long", message))
        return title

    def _counted(self, cells: list[str]) -> int:
        """How many models the row itself says that it holds, where those are several; 0 of one of them."""
        at = self.layout.at.get(Role.COUNT) if self.counts_row else None
        text = cells[at] if at is not None else ""
        return int(text) if text.isdecimal() and 1 < int(text) <= _MOST_COUNTED else 0

    def _named_in_marks(self, cells: list[str]) -> list[Column]:
        """The columns of fields that hold words instead of marks, where those are several."""
        named = [it for it in self.layout.field_marks if (text := cells[it.index]) and not is_mark(text) and not text.isdecimal()]
        return named if len(named) > 1 else []

    def _subject(self, cells: list[str], flaws: list[Flaw]) -> str:
        column, subject = self._cell(cells, Role.SUBJECT)
        subject = without_kind(subject) if self._names_kind and "subject" not in self._typed else subject
        bare = without_label(subject)
        self._named_before, subject = (subject,) if bare != subject else (), bare
        if subject and (at := self.layout.position) is not None and cells[at] and "subject" not in self._typed:
            self._named_before = (subject,)
            subject = f"{subject}, {cells[at]}"
        if not subject:
            column, subject = self._doer_elsewhere(cells) or (column, subject)
        if not subject and "subject" not in self._typed:
            subject = self.sections.doer
            self._named_before = ("",) if subject else ()
        if is_mark(subject):
            said = f"“{subject}” không phải tên của tập thể, cá nhân."
            flaws.append(Flaw(column, subject, "subject_unclear", said))
        if len(subject) > SUBJECT_LIMIT:
            message = f"Tên tập thể, cá nhân dài quá {SUBJECT_LIMIT} ký tự."
            flaws.append(Flaw(column, subject[:SHOWN], "subject_too_long", message))
        return subject

    def _doer_elsewhere(self, cells: list[str]) -> tuple[str, str] | None:
        """(column, name) where the name stands in another column of doers, under "Tập thể" or "Cá nhân" instead of a mark, or heads
        the columns that are marked.
        """
        further = [c for c in self.layout.further_doers if cells[c.index]]
        named = further or [c for c in self.layout.subject_marks if is_marked(cells[c.index]) and not is_mark(cells[c.index])]
        if len(named) == 1:
            return letter(named[0].index), cells[named[0].index]
        ticked = [c for c in self.layout.doer_marks if is_mark(cells[c.index])]
        return (_span(ticked), ", ".join(c.label for c in ticked)) if ticked else None

    def _place(self, cells: list[str], subject: str, flaws: list[Flaw]) -> Place:
        """The place of its column or section, or where who does it is; within it the hamlet of a column headed so."""
        found = self._unit_place(cells, subject, flaws)
        _, hamlet = self._cell(cells, Role.HAMLET)
        if not hamlet and self.sections.hamlet and not found.hamlet and found in (NOWHERE, self.sections.place):
            self._placed_before += (found.key,)
            self.noticed["hamlet_of_block"] += 1
            return found.at(self.sections.hamlet)
        return found.at(hamlet_in(hamlet) or clean(hamlet)[:HAMLET_LIMIT]) if hamlet and not found.hamlet else found

    def _unit_place(self, cells: list[str], subject: str, flaws: list[Flaw]) -> Place:
        column, text = self._listed(cells, Role.PLACE)
        self._placed_before = ()
        if not text and self.sections.place:
            self._placed_before = ("",) if self.sections.has_block else ()
            return self.sections.place
        try:
            found = self.context.places.match(text) if text else NOWHERE
            if found is NOWHERE and not self._tells_place:
                found = self.context.places.of_doer(subject)
                self._placed_before = ("",) if found.unit_id else ()
            return found
        except PlaceUnknown as unknown:
            if place := self.context.places.elsewhere(text):
                return place
            flaws.append(Flaw(column, text, "place_unknown", f"Địa bàn “{text}” {unknown}.", "place"))
            return NOWHERE

    def _place_on(self, day: date, place: Place, cells: list[str], flaws: list[Flaw]) -> Place:
        """The place that was there on the day of the row."""
        try:
            return self.context.place_on(place, day)
        except PlaceUnknown as unknown:
            said = f"Địa bàn “{place.name}” {unknown}."
            flaws.append(Flaw(self._cell(cells, Role.PLACE)[0], place.name, "place_not_there", said, "place"))
            return place

    def _field(self, cells: list[str], flaws: list[Flaw]) -> int | None:
        column, text = self._listed(cells, Role.FIELD)
        if text:
            found = self.context.fields.match(text)
            if found is None:
                known = "; ".join(self.context.fields.names)
                said = f"Lĩnh vực “{text}” không có. Các lĩnh vực: {known}."
                flaws.append(Flaw(column, text, "field_unknown", said, self._list(Role.FIELD, "field")))
            return found
        marks = self.layout.field_marks
        marked = self._marked(marks, cells)
        if len({column.field_id for column in marked}) == 1:
            return marked[0].field_id
        if marked:
            named = ", ".join(c.label for c in marked)
            flaws.append(Flaw(_span(marks), named, "field_unknown", "Đánh dấu hơn một lĩnh vực."))
        elif (field_id := self._of_fill.get(Role.FIELD)) is not None:
            return int(field_id)
        elif self.sections.field_id is None:
            said = "Chưa đánh dấu lĩnh vực nào." if marks else "Chưa ghi lĩnh vực."
            flaws.append(Flaw(column or _span(marks), "", "field_unknown", said, "field" if column else ""))
        else:
            return self.sections.field_id
        return None

    def _take_fill(self, number: int) -> None:
        """What the colour of a row says; that of a remark behind its name is none of the row."""
        column, colour = self.filled.get(number, (0, ""))
        colour = colour if column <= self.layout.at.get(Role.TITLE, 0) else ""
        self._of_fill = {role: meant[colour] for role, meant in self.by_fill.items() if colour in meant}
        self.noticed["by_fill"] += bool(self._of_fill)

    def _kind(self, cells: list[str], flaws: list[Flaw]) -> Kind | None:
        column, text = self._listed(cells, Role.KIND)
        if text:
            if found := match_kind(text) or kind_by_year(text, self.context.closes_on.year):
                return found
            words = compare_key(text)
            both = "moi" in words.split() and ("duy tri" in words or "nhan rong" in words)
            code, said = ("kind_both", "vừa mới vừa duy trì") if both else ("kind_missing", "không rõ mới hay duy trì")
            flaws.append(Flaw(column, text, code, f"“{text}”: {said}.", self._list(Role.KIND, "kind")))
            return None
        marks = self.layout.kind_marks
        marked = self._marked(marks, cells)
        if self.layout.are_years and marked:
            return self._kind_by_years(marked, flaws)
        if len({column.kind for column in marked}) == 1:
            return marked[0].kind
        if marked:
            flaws.append(Flaw(_span(marks), "x, x", "kind_both", "Đánh dấu cả “mới” và “duy trì”."))
            return None
        kind: Kind | None = self._of_fill.get(Role.KIND) or self.sections.kind or self._kind_without_sign
        if kind is None and (kind := self.layout.kind_if_blank):
            self.noticed["kind_by_blank"] += 1
        if kind is None:
            said = "Chưa ghi đăng ký mới hay duy trì, nhân rộng."
            flaws.append(Flaw(column or _span(marks), "", "kind_missing", said, self._list(Role.KIND, "kind") if column else ""))
        return kind

    def _kind_by_years(self, marked: list[Column], flaws: list[Flaw]) -> Kind | None:
        """New where the season's year alone is marked; a row of earlier years alone is no registration of the season."""
        kinds = {column.kind for column in marked}
        if Kind.NEW not in kinds:
            said = "Chỉ đánh dấu năm trước, không đánh dấu năm của sổ."
            flaws.append(Flaw(_span(marked), "x", "kind_missing", said))
            return None
        return Kind.MAINTAINED if Kind.MAINTAINED in kinds else Kind.NEW

    def _subject_kind(self, cells: list[str], subject: str, flaws: list[Flaw]) -> SubjectKind | None:
        column, text = self._listed(cells, Role.SUBJECT_KIND)
        if text:
            if found := subject_kind_in(text):
                return found
            said = f"“{text}” không phải tập thể hay cá nhân."
            flaws.append(Flaw(column, text, "subject_kind_unknown", said, self._list(Role.SUBJECT_KIND, "subject_kind")))
            return None
        marks = self.layout.subject_marks
        marked = self._marked(marks, cells)
        if len({column.subject_kind for column in marked}) == 1:
            return marked[0].subject_kind
        if marked:
            flaws.append(Flaw(_span(marks), "x, x", "subject_kind_both", "Đánh dấu cả “tập thể” và “cá nhân”."))
            return None
        told = self._of_fill.get(Role.SUBJECT_KIND)
        subject_kind: SubjectKind | None = told or self.sections.subject_kind or self._doer_without_sign
        if subject_kind is None:
            if not self._tells_kind and (found := kind_of_doer(subject) or self._kind_of_heads(subject)):
                self.noticed["kind_by_doer"] += 1
                return found
            said = "Chưa ghi tập thể hay cá nhân."
            flaws.append(Flaw(column or _span(marks), "", "subject_kind_missing", said, "subject_kind" if column else ""))
        return subject_kind

    def _kind_of_heads(self, subject: str) -> SubjectKind | None:
        """Of who heads a column of crosses: what the others are, where its own name does not say it ('HPN' beside 'Đoàn TN')."""
        heads = [column.label for column in self.layout.doer_marks]
        kinds = {kind for head in heads if (kind := kind_of_doer(head))}
        return kinds.pop() if len(kinds) == 1 and any(subject.startswith(head) for head in heads) else None

    def _marked(self, columns: list[Column], cells: list[str]) -> list[Column]:
        """The columns that a row marks. Other words than marks say what the column says, a day or, of doers, a name."""
        return [column for column in columns if is_marked(text := cells[column.index]) and self._may_mark(column, text)]

    def _may_mark(self, column: Column, text: str) -> bool:
        if column.subject_kind or is_mark(text):
            return True
        if column.kind:
            return any(map(str.isdigit, text)) or match_kind(text) == column.kind
        return self.context.fields.match(text) == column.field_id

    def _day_of_mark(self, cells: list[str]) -> str:
        """The day that stands under "Mới" or "Duy trì" instead of a mark, where no column is the day's."""
        if self.layout.tells(Role.REGISTERED_ON):
            return ""
        days = [cells[column.index] for column in self._marked(self.layout.kind_marks, cells)]
        day = read_day(days[0]) if len(days) == 1 else None
        return days[0] if day and self.context.opens_on <= day <= self.context.closes_on else ""

    def _day(self, raw: list[Any], cells: list[str], flaws: list[Flaw]) -> tuple[date | None, str]:
        """The day, and the month's words where the register has no more: it counts from its first day, within the season."""
        column, text = self._cell(cells, Role.REGISTERED_ON)
        of_mark = "" if column or text else self._day_of_mark(cells)
        if of_mark:
            return read_day(of_mark), ""
        if not text:
            day = self.context.default_day or self.paper_day
            if day is None:
                flaws.append(Flaw(column, "", "date_missing", "Chưa ghi ngày đăng ký."))
            self.noticed["day_of_paper"] += day == self.paper_day and day is not None
            return day, ""
        text = _ABOUT_TIME.sub("", _REMARK.sub("", text))
        is_told = "registered_on" in self._typed or Role.REGISTERED_ON in self._parted
        at = len(raw) if is_told else self.layout.at[Role.REGISTERED_ON]
        value = raw[at] if at < len(raw) else ""
        if isinstance(value, str):
            value = month_before_day(text) if self.layout.month_first else text
        day, month = read_cell(value), ""
        if day is None and (first := read_month(text) or read_part_of_year(text, self.context.opens_on.year)):
            opens = self.context.opens_on
            day, month = opens if (first.year, first.month) == (opens.year, opens.month) else first, text
        if day is None and (day := read_day_within(text, self.context.opens_on, self.context.closes_on)):
            self.noticed["year_missing"] += 1
        if day is None:
            example = f"15/3/{self.context.opens_on.year}"
            said = no_such_day(text, example)
            flaws.append(Flaw(column, text, "date_impossible", said))
        elif not self.context.opens_on <= day <= self.context.closes_on:
            window = f"{write_day(self.context.opens_on)} - {write_day(self.context.closes_on)}"
            said = f"Ngày {write_day(day)} ngoài thời gian đăng ký của năm ({window})."
            flaws.append(Flaw(column, text, "date_out_of_season", said))
            return None, ""
        return day, month


def _span(columns: list[Column]) -> str:
    if not columns:
        return ""
    first, last = letter(columns[0].index), letter(columns[-1].index)
    return first if first == last else f"{first}:{last}"
