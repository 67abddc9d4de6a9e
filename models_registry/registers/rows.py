"""One row whole: a registration, or a row that is refused with its reasons."""

from itertools import count
from typing import Any

from common.dates import month_before_day, read_cell, write_day
from models_registry.enums import SubjectKind
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.headings import Column, Role
from models_registry.registers.nine import answers_of
from models_registry.registers.reading import (
    BOTH_STAND,
    DOUBLE,
    SET_ASIDE,
    Flaw,
    ReadRow,
    RefusedRow,
    identity_of,
)
from models_registry.registers.row_boxes import LISTED, PART_OF, RowBoxes
from models_registry.registers.vocabulary import (
    NOWHERE,
    Place,
)
from models_registry.sources import row_in_words, source_of, where


class RowReader(RowBoxes):
    """Reads rows of one table."""

    @property
    def letters(self) -> dict[str, str]:
        """Which column each part of a row stands in, where it has one of its own."""
        return {part: self._at[role][0] for role, part in PART_OF.items() if role in self._at}

    def read(self, number: int, raw: list[Any], cells: list[str], nth: int = 0) -> tuple[ReadRow | RefusedRow, Place]:
        """`nth`: which of the models that the row lists."""
        source = source_of(self.sheet, number, nth)
        if self.by_fill:
            self._take_fill(number)
        shown = self._said(raw, cells)
        self._typed = self.context.mends.get(source, {})
        flaws: list[Flaw] = []
        title = self._title(cells, flaws)
        subject = self._subject(cells, flaws)
        self.noticed["doer_missing"] += not subject
        place = self._place(cells, subject, flaws)
        field_id = self._field(cells, flaws)
        kind = self._kind(cells, flaws)
        subject_kind = self._subject_kind(cells, subject, flaws)
        day, month = self._day(raw, cells, flaws)
        if day and (said := self.context.not_there(day, place.unit_id)):
            flaws.append(Flaw(self._cell(cells, Role.REGISTERED_ON)[0], write_day(day), "unit_not_there", said))
        elif day:
            place = self._place_on(day, place, cells, flaws)
        identity, doubles = identity_of(title, place.key, subject), ""
        if self.context.stands(identity):  # its officer said before that it is one
            flaws = [flaw for flaw in flaws if flaw.code != "title_several"]
        is_of_season = not any(flaw.code == "date_out_of_season" for flaw in flaws)  # another year's is nobody's double
        earlier = (self.seen.setdefault if is_of_season else self.seen.get)(identity, source) if title else source
        if earlier != source and (beside := self._beside(source, title, place.key, subject)):
            identity = beside
        elif earlier != source:
            sheet, row, its_nth = where(earlier)
            other = f"dòng {row_in_words(row, its_nth)}" + (f" của trang “{sheet}”" if sheet != self.sheet else "")
            doubles = f"dòng {row_in_words(number, nth)} trùng {other}"
            message = f"Trùng tên, địa bàn và người thực hiện với {other}."
            flaws.append(Flaw(self._cell(cells, Role.TITLE)[0], title, "duplicate", message))
        if flaws or not (field_id is not None and kind and subject_kind and day):
            return RefusedRow(self.sheet, number, identity, tuple(flaws), title, shown, doubles, nth), place
        content = self._typed.get("content", self._joined(cells, self.layout.contents))
        notes = self._typed.get("note", self._joined(cells, self.layout.notes))
        note = "\n".join(line for line in (notes, f"Sổ chỉ ghi tháng đăng ký: {month}." if month else "") if line)
        good = ReadRow(source, title, subject, place, field_id, kind, subject_kind, content, note, day, identity, month=month)
        if self.by_earlier:
            good.kind_open = self._kind_is_open(cells)
        good.placed_before = self._placed_before
        good.named_before = self._named_before
        good.said = shown
        if self.layout.boxes:
            good.answers = answers_of(self.layout.boxes, raw, cells, content)
        return good, place

    def _beside(self, source: str, title: str, place_key: str, subject: str) -> str:
        """The identity of a row that stands beside another of the same words; empty where nobody said that it does."""
        nth = next(n for n in count(2) if self.seen.get(identity_of(title, place_key, subject, n), source) == source)
        identity = identity_of(title, place_key, subject, nth)
        is_kept = self._typed.get(DOUBLE) == BOTH_STAND or "duplicate" in self.context.takes
        if not is_kept and not self.context.stands(identity):
            return ""
        self.seen[identity] = source
        return identity

    def stands_as_one(self, cells: list[str]) -> bool:
        """Whether a row that lists several models is in the register as one, because its officer said so."""
        self._typed, self._of_fill = {}, {}
        _, title = self._cell(cells, Role.TITLE)
        subject = self._subject(cells, [])
        return self.context.stands(identity_of(title, self._place(cells, subject, []).key, subject))

    def set_aside(self, number: int, cells: list[str], code: str) -> tuple[RefusedRow, Place]:
        """A row that the file hides or strikes through: not taken, and no row is its double."""
        self._of_fill = {}
        said = self._said([], cells)
        _, title = self._cell(cells, Role.TITLE)
        subject = self._subject(cells, [])
        place = self._place(cells, subject, [])
        identity = identity_of(title, place.key, subject)
        return RefusedRow(self.sheet, number, identity, (Flaw("", "", code, SET_ASIDE[code]),), title, said), place

    def of_other_year(self, number: int, cells: list[str], year: int) -> tuple[RefusedRow, Place]:
        """A row of a table of another year beside that of the season."""
        self._of_fill = {}
        shown = self._said([], cells)
        _, title = self._cell(cells, Role.TITLE)
        flaws = (Flaw("", "", "other_year", f"Dòng này ở bảng của năm {year}, cạnh bảng của năm nay."),)
        return RefusedRow(self.sheet, number, identity_of(title, "", ""), flaws, title, shown), NOWHERE

    def of_another(self, number: int, cells: list[str], name: str) -> tuple[RefusedRow, Place]:
        """A row of a register of another unit in the same file."""
        self._of_fill = {}
        shown = self._said([], cells)
        _, title = self._cell(cells, Role.TITLE)
        said = f"Dòng này thuộc sổ của {name}. Xin nạp tệp này một lần nữa cho đơn vị ấy."
        flaws = (Flaw("", "", "other_unit", said),)
        return RefusedRow(self.sheet, number, identity_of(title, "", ""), flaws, title, shown), NOWHERE

    def _said(self, raw: list[Any], cells: list[str]) -> dict[str, str]:
        """What the file says in each part of a row: its cells, else what its marks or the section above it say."""
        if not self.context.tells:
            return {}
        self._typed = {}
        said = {part: (self._listed if role in LISTED else self._cell)(cells, role)[1] for role, part in PART_OF.items()}
        said |= {"subject": self._subject(cells, []), "content": self._joined(cells, self.layout.contents)}
        said["note"] = self._joined(cells, self.layout.notes)
        at = self.layout.at.get(Role.REGISTERED_ON, len(raw))
        if at < len(raw) and isinstance(raw[at], int | float) and (day := read_cell(raw[at])):
            said["registered_on"] = write_day(day)
        elif self.layout.month_first:
            said["registered_on"] = month_before_day(said["registered_on"])
        said["registered_on"] = said["registered_on"] or self._day_of_mark(cells)
        if not said["registered_on"] and (day := self.context.default_day or self.paper_day):
            said["registered_on"] = write_day(day)
        marked = ("field", self.layout.field_marks), ("kind", self.layout.kind_marks), ("subject_kind", self.layout.subject_marks)
        for part, columns in marked:
            said[part] = said[part] or ", ".join(self._words_of_mark(column) for column in self._marked(columns, cells))
        section = self.sections
        said["hamlet"] = said["hamlet"] or section.hamlet
        there = section.place or (None if self._tells_place else self.context.places.of_doer(said["subject"]))
        said["place"] = said["place"] or (there.name if there else "")
        fill = self._of_fill
        field_id = fill.get(Role.FIELD) or section.field_id or 0
        said["field"] = said["field"] or self.context.fields.name_of.get(field_id, "")
        said["kind"] = said["kind"] or str(getattr(fill.get(Role.KIND) or section.kind or self._kind_without_sign, "label", ""))
        kind: SubjectKind | None = (
            fill.get(Role.SUBJECT_KIND)
            or section.subject_kind
            or self._doer_without_sign
            or (None if self._tells_kind else kind_of_doer(said["subject"]))
        )
        said["subject_kind"] = said["subject_kind"] or (str(kind.label) if kind else "")
        return {part: text for part, text in said.items() if text}

    def _words_of_mark(self, column: Column) -> str:
        """What a mark in the column says, in the words of the portal."""
        kind = column.kind or column.subject_kind
        return str(kind.label) if kind else self.context.fields.name_of.get(column.field_id or 0, column.label)
