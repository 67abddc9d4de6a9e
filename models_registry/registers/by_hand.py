"""A mapping on its way through one sheet: the heading that it names, its columns, what fills empty cells."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from common.old_fonts import decoded
from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.cells import Told, Typed, text_of, whole_day
from models_registry.registers.finding import SEARCHED_ROWS, find_heading
from models_registry.registers.headings import GIVEN, REMEMBERED, Column, Heading, Role, understand
from models_registry.registers.layouts import Layout
from models_registry.registers.mapping import (
    BY_EARLIER,
    DOER,
    LISTED,
    Join,
    MappingInvalid,
    SheetMapping,
    Use,
    head_key,
)
from models_registry.registers.opening import Row
from models_registry.registers.reading import RegisterContext, index_of, letter
from models_registry.registers.vocabulary import FieldBook, PlaceUnknown

Texts = list[tuple[int, list[str]]]


def labels_of(stack: Texts) -> tuple[str, ...]:
    """A heading's words by column, folded: what a head is recognised by."""
    width = max((len(cells) for _, cells in stack), default=0)
    columns = ([cells[at] for _, cells in stack if at < len(cells) and cells[at]] for at in range(width))
    found = [compare_key(" ".join(words)) for words in columns]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def head_in(rows: Texts, head: tuple[str, ...], depth: int) -> Texts:
    """The rows among a sheet's first that have these words in any order; none where they stand nowhere."""
    sought = head_key(head)
    for start in range(min(len(rows), SEARCHED_ROWS)):
        stack = rows[start : start + depth]
        if head_key(labels_of(stack)) == sought:
            return stack
    return []


def moved(said: SheetMapping, head: tuple[str, ...]) -> SheetMapping:
    """The mapping for a head whose columns stand in another order: each goes with its words."""
    if not said.head or head == said.head:
        return said
    free = list(enumerate(head))
    places: dict[str, str] = {}
    for at, words in enumerate(said.head):
        if words and (found := next((item for item in free if item[1] == words), None)):
            free.remove(found)
            places[letter(at)] = letter(found[0])
    columns = {places[at]: uses for at, uses in said.columns.items() if at in places}
    joins = tuple(replace(join, columns=tuple(places.get(at, at) for at in join.columns)) for join in said.joins)
    return replace(said, head=head, columns=columns, joins=joins)


@dataclass(frozen=True)
class ByHand:
    """What a mapping says of one sheet."""

    said: SheetMapping
    context: RegisterContext
    sheet: str

    @property
    def how(self) -> str:
        return REMEMBERED if self.said.is_remembered else GIVEN

    def decoded(self, rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """The rows in the font that was named; what was typed on the portal is left alone."""
        font = self.said.font
        for number, row in rows:
            yield number, [Told(decoded(cell, font)) if cell.__class__ is str and cell else cell for cell in row]

    def joined(self, rows: Iterator[tuple[int, Row]], usual: str) -> Iterator[tuple[int, Row]]:
        """The rows with joined columns together in the first of them; a text that was typed over it stands for all."""
        joins = [([index_of(column) for column in join.columns], join) for join in self.said.joins]
        for number, row in rows:
            cells = copy(row)  # which of several models it is of, it keeps
            for columns, join in joins:
                there = [at for at in columns if at < len(cells)]
                first = columns[0]
                if first < len(cells) and type(cells[first]) is Typed:
                    continue
                texts = [text_of(cells[at], usual) if cells[at] != "" else "" for at in there]
                for at in there:
                    cells[at] = ""
                said = whole_day(texts) if join.use.role == Role.REGISTERED_ON else join.separator.join(filter(None, texts))
                if said:
                    cells += [""] * (first + 1 - len(cells))
                    cells[first] = Told(said)
            yield number, cells

    def heading(self, texts: Texts) -> tuple[Heading | None, "ByHand"]:
        """The heading that the mapping means among a sheet's first rows, and the mapping with its columns as they stand here."""
        said = self.said
        if not said.is_table:
            return None, self
        if said.row and not said.rows:
            return Heading(said.row, said.row - 1), self
        if said.row:
            stack = [item for item in texts if said.row <= item[0] < said.row + said.rows]
            heading = understand(stack, self.context.fields) if stack else Heading(said.row, said.row)
            heading.first_row, heading.last_row = said.row, max(heading.last_row, said.row)
            return heading, self
        if said.head:
            stack = head_in(texts, said.head, said.rows)
            if not stack:
                return None, self
            return understand(stack, self.context.fields), self.moved(labels_of(stack))
        return find_heading(texts, self.context.fields), self

    def moved(self, head: tuple[str, ...]) -> "ByHand":
        return replace(self, said=moved(self.said, head))

    def settle(self, heading: Heading) -> None:
        """Give a heading the columns that were said by hand; what it says of the others stands."""
        labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
        told = {index_of(column): uses for column, uses in self.said.columns.items()}
        for join in self.said.joins:
            told |= {index_of(column): () for column in join.columns} | {index_of(join.columns[0]): (join.use,)}
        heading.guessed = list(heading.columns)
        heading.columns = [column for column in heading.columns if column.index not in told]
        heading.ignored = [(at, label) for at, label in heading.ignored if at not in told]
        for at, uses in sorted(told.items()):
            own = heading.levels.get(at, [""])[-1]
            heading.columns += [self._column(at, own if use.value == DOER else labels.get(at, ""), use) for use in uses]
            heading.ignored += [(at, labels[at])] if not uses and at in labels else []
        heading.columns.sort(key=lambda column: column.index)
        heading.barred = frozenset(at for at, uses in told.items() if not uses)

    def _column(self, at: int, label: str, use: Use) -> Column:
        if use.role == Role.BOX:
            return Column(at, label, use.role, box=use.value, how=self.how)
        if use.role != Role.MARK:
            return Column(at, label, use.role, how=self.how, part=use.part)
        of, _, what = use.value.partition(":")
        if of == DOER:
            return Column(at, label, use.role, how=self.how)
        if of == "kind":
            return Column(at, label, use.role, kind=Kind(what), how=self.how)
        if of == "subject_kind":
            return Column(at, label, use.role, subject_kind=SubjectKind(what), how=self.how)
        field_id = self._field(what, f"columns.{letter(at)}")
        return Column(at, label, use.role, field_id=field_id, how=self.how)

    def check_columns(self, width: int) -> None:
        """Raise MappingInvalid for a column that the sheet does not have."""
        named = [*self.said.columns, *(column for join in self.said.joins for column in join.columns)]
        if missing := next((column for column in named if index_of(column) >= width), ""):
            there = f"chỉ có {width} cột, đến cột {letter(width - 1)}" if width else "không có cột nào"
            raise MappingInvalid(f"columns.{missing}", f"trang “{self.sheet}” {there}.")

    def fills(self) -> dict[str, Any]:
        """What speaks for empty cells (`Sections.fills`)."""
        said = self.said.fills
        found: dict[str, Any] = {}
        if said.field:
            found["field"] = self._field(said.field, "fills.field")
        if said.kind:
            found["kind"] = Kind.NEW if said.kind == BY_EARLIER else Kind(said.kind)
        if said.subject_kind:
            found["subject_kind"] = SubjectKind(said.subject_kind)
        if said.place:
            try:
                found["place"] = self.context.places.match(said.place)
            except PlaceUnknown as unknown:
                raise MappingInvalid("fills.place", f"địa bàn “{said.place}” {unknown}.") from None
        day = said.registered_on
        if day and not self.context.opens_on <= day <= self.context.closes_on:
            window = f"{self.context.opens_on:%d/%m/%Y} - {self.context.closes_on:%d/%m/%Y}"
            raise MappingInvalid("fills.registered_on", f"ngày {day:%d/%m/%Y} ngoài thời gian đăng ký của năm ({window}).")
        return found

    def words(self) -> dict[Role, dict[str, str]]:
        """What short words of a list mean, as words that the list knows."""
        labels = {"kind": dict(Kind.choices), "subject_kind": dict(SubjectKind.choices)}
        return {
            LISTED[name]: {word: str(labels.get(name, {}).get(meant, meant)) for word, meant in words.items()}
            for name, words in self.said.words.items()
        }

    def _field(self, name: str, key: str) -> int:
        found = self.context.fields.match(name)
        if found is None:
            raise MappingInvalid(key, f"không có lĩnh vực “{name}”. Các lĩnh vực: {'; '.join(self.context.fields.names)}.")
        return found


def as_read(
    sheet: str, heading: Heading, layout: Layout, *, head: Texts, fields: FieldBook, by_hand: ByHand | None
) -> SheetMapping:
    """How a sheet was read, as a mapping that reads it so again. `head`: the heading's rows."""
    said = by_hand.said if by_hand else SheetMapping()
    joins = said.joins
    if layout.day_parts:
        joins += (Join(tuple(map(letter, layout.day_parts)), Use(Role.REGISTERED_ON), "/"),)
    if layout.further_doers and Role.SUBJECT in layout.at:
        doers = (layout.at[Role.SUBJECT], *(column.index for column in layout.further_doers))
        joins += (Join(tuple(map(letter, doers)), Use(Role.SUBJECT)),)
    joined = {column for join in joins for column in join.columns}
    named = {*(column.index for column in heading.columns), *(at for at, _ in heading.ignored), *heading.barred}
    uses: dict[int, list[Use]] = {at: [] for at in named}
    for role, at in layout.at.items():
        is_behind = role in layout.behind_title or (role == Role.PLACE and layout.behind_doer)
        if not is_behind and (role != Role.SUBJECT or layout.doer_of is None):
            uses.setdefault(at, []).append(Use(role))
    for role, at in layout.parted.items():
        uses.setdefault(at, []).append(Use(role, part=True))
    for role, indexes in ((Role.CONTENT, layout.contents), (Role.NOTE, layout.notes)):
        for at in indexes:
            uses.setdefault(at, []).append(Use(role))
    for column in (*layout.boxes, *layout.marks):
        uses.setdefault(column.index, []).append(Use(column.role, column.box or _marked(column, fields)))
    depth = heading.last_row - heading.first_row + 1
    return SheetMapping(
        sheet=sheet,
        head=labels_of(head),
        row=heading.first_row,
        rows=depth,
        columns={letter(at): tuple(uses[at]) for at in sorted(uses) if letter(at) not in joined},
        joins=joins,
        fills=said.fills,
        font=said.font,
        words=said.words,
    )


def _marked(column: Column, fields: FieldBook) -> str:
    if column.kind:
        return f"kind:{column.kind}"
    if column.subject_kind:
        return f"subject_kind:{column.subject_kind}"
    return f"field:{fields.name_of[column.field_id]}" if column.field_id is not None else DOER
