"""Read a register whole: sheet after sheet, rows that are registrations, and what was understood of the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from common.old_fonts import UNICODE
from common.text import compare_key
from models_registry.registers.by_hand import ByHand, as_read, head_in
from models_registry.registers.by_shape import heading_by_values
from models_registry.registers.carried_on import carried_on
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.finding import DEEPEST, FURTHEST, SEARCHED_ROWS, find_further, find_heading, heads_register
from models_registry.registers.forms import MOST_LINES, Forms, forms_in
from models_registry.registers.groups import apart as apart_by_groups
from models_registry.registers.groups import take_groups
from models_registry.registers.headings import Heading, Role
from models_registry.registers.labelled_lines import parted_lines
from models_registry.registers.listed import listed_in
from models_registry.registers.mapping import Mapping, MappingInvalid, SheetMapping
from models_registry.registers.no_rows import TOTAL, is_counted
from models_registry.registers.opening import Row, Sheet, open_register
from models_registry.registers.reading import Mends, ReadRow, RefusedRow, RegisterContext, SheetReading, index_of, mended
from models_registry.registers.refusing import HeadingUnclear
from models_registry.registers.second_lines import joined_lines
from models_registry.registers.several import SeveralModels
from models_registry.registers.sheet import SheetReader
from models_registry.registers.side_by_side import apart
from models_registry.registers.title_columns import named
from models_registry.registers.totals import doubles_told
from models_registry.registers.turned import turned_in
from models_registry.registers.vocabulary import Place, PlaceUnknown

TITLE_CELLS = 60


@dataclass
class _Table:
    """One sheet on its way: its first rows as texts, its heading, what stands below."""

    sheet: Sheet
    reading: SheetReading
    usual: str
    heading: Heading
    texts: list[tuple[int, list[str]]]
    body: Iterator[tuple[int, Row]]
    by_hand: ByHand | None
    title: list[Row] = field(default_factory=list)
    """The rows before the heading as the file has them."""
    forms: Forms | None = None
    """What the table was laid out of, where the sheet holds none."""
    carried: dict[int, bool] = field(default_factory=dict)
    """`CarriedOn.rows`: known of a row once it is read."""


class RegisterReader:
    """Reads one file. Iterate `rows()` once; `sheets`, `warnings` and `row_count` are complete after that."""

    def __init__(self, path: Path, context: RegisterContext, mends: Mends | None = None, called: str = "") -> None:
        self.path, self.called = path, called
        self.mends = mends or {}
        self.context = replace(context, mends=self.mends)
        self.sheets: list[SheetReading] = []
        self.warnings: list[dict[str, Any]] = []
        self.row_count = 0
        self.title: list[str] = []
        """What stands above the tables: whose register it is."""
        self.rows_of: Counter[str] = Counter()
        """How many rows stand under whose title, by the unit's key; "" for the register's own or nobody's."""
        self.read_as: list[SheetMapping] = []
        self.heads: dict[str, list[tuple[int, list[str]]]] = {}
        """Of a sample: each sheet's first rows as text."""
        self.labels: dict[str, dict[int, str]] = {}
        """Of a sample: what stands over the columns of a sheet that was laid out as a table."""
        self.words: dict[str, dict[Role, Counter[str]]] = {}
        """Of a sample: the words in the columns of each sheet's lists."""
        self.remembered: list[tuple[str, ...]] = []
        """The heads that were known from the unit's earlier registers."""
        self._unit = ("", "")
        self._parts_units = False
        self._any_heading = False
        self._seen: dict[str, str] = {}
        self._summaries: list[tuple[str, int, Place | None, int]] = []
        self._by_place: Counter[str] = Counter()
        self._doubles: defaultdict[str, list[str]] = defaultdict(list)

    def rows(self) -> Iterator[ReadRow | RefusedRow]:
        """Every row of data, in the file's order. Raises RegisterUnreadable when the file is refused whole: HeadingUnclear
        where it was opened and a mapping may help.
        """
        sheets = open_register(self.path, self.called, is_ours=self.context.is_ours)
        season = {self.context.opens_on.year, self.context.closes_on.year}
        for opened, year in chain.from_iterable(apart(sheet, self.context.fields, season) for sheet in sheets):
            if year:
                self._leave_out(opened, year)
                continue
            table = self._table(opened)
            if table is None:
                continue
            if table.heading.is_summary:
                table.reading.heading_rows = list(range(table.heading.first_row, table.heading.last_row + 1))
                table.reading.note = "Trang tổng hợp: chỉ dùng để đối chiếu số lượng."
                self._read_summary(table)
                continue
            yield from self._rows_of(table)
        if self.context.mapping:
            self._check_sheets(self.context.mapping)
        if not self._any_heading:
            raise HeadingUnclear("Không thấy dòng tiêu đề. Sổ cần một dòng tiêu đề có cột “Tên mô hình” và ít nhất một cột khác.")
        if not self.row_count:
            raise HeadingUnclear("Sổ có dòng tiêu đề nhưng không có dòng đăng ký nào. Xin xem lại có đúng tệp cần gửi không.")
        self._compare_summaries()

    def _leave_out(self, opened: Sheet, year: int) -> None:
        """Tell of a table of another year beside that of the season."""
        self.sheets.append(SheetReading(opened.name, note=f"Bảng của năm {year}, không nạp."))
        self._warn(
            opened.name, 0, "table_unread", f"“{opened.name}” là bảng của năm {year} cạnh bảng của năm nay: cổng không nạp."
        )
        for _ in opened.rows:
            pass

    def _table(self, opened: Sheet) -> "_Table | None":
        """What a sheet holds below which heading; None for one that holds no table and no forms."""
        first = list(islice(opened.rows, SEARCHED_ROWS))
        sheet = replace(opened, rows=mended(opened.name, opened.rows, self.mends)) if self.mends else opened
        reading = SheetReading(sheet.name)
        self.sheets.append(reading)
        head = list(mended(sheet.name, iter(first), self.mends))
        by_hand = self._by_hand(sheet, head)
        usual = reading.encoding = usual_encoding(head)
        if by_hand:
            head += islice(sheet.rows, max(0, by_hand.said.row + by_hand.said.rows - len(head)))
            if by_hand.said.font:
                sheet = replace(sheet, rows=by_hand.decoded(sheet.rows))
                head, reading.encoding, usual = list(by_hand.decoded(iter(head))), by_hand.said.font, UNICODE
        heading, texts, by_hand = self._find_heading(head, usual, by_hand)
        are_forms = by_hand is None and self._are_forms(texts or [(number, texts_of(row, usual)) for number, row in head])
        if are_forms:  # two labels in one line look like a heading, too
            heading, texts = None, []
        while heading is None and by_hand is None and not are_forms and len(first) < FURTHEST:
            more = list(islice(opened.rows, SEARCHED_ROWS - DEEPEST))
            if not more:
                break
            first += more
            head += mended(sheet.name, iter(more), self.mends)
            heading, texts = self._find_further(head[-2 * SEARCHED_ROWS :], usual, len(more))
        while self.context.shown > (head[-1][0] if head else 0) and (more := list(islice(sheet.rows, SEARCHED_ROWS))):
            head += more
            texts += [(number, texts_of(row, usual)) for number, row in more] if texts else []
        if self.context.most:
            self.heads[sheet.name] = texts or [(number, texts_of(row, usual)) for number, row in head]
        if heading is None and by_hand is None and not are_forms and not self._any_heading:
            heading, texts = self._by_values(head, usual)
        if heading is None:
            if (not by_hand or not by_hand.said.is_table) and (forms := self._forms(first, opened, usual, by_hand)):
                return self._of_forms(forms, opened, reading, usual, by_hand)
            reading.note = "Không thấy dòng tiêu đề bảng, bỏ qua cả trang." if head else "Trang trống."
            return None
        return self._of_heading(heading, sheet, reading, usual=usual, head=head, texts=texts, by_hand=by_hand)

    def _of_heading(
        self,
        heading: Heading,
        sheet: Sheet,
        reading: SheetReading,
        *,
        usual: str,
        head: list[tuple[int, Row]],
        texts: list[tuple[int, list[str]]],
        by_hand: ByHand | None,
    ) -> "_Table":
        """What a sheet holds below its heading. `head`, `texts`: its first rows, as they are and as texts."""
        body: Iterator[tuple[int, Row]] = chain([item for item in head if item[0] > heading.last_row], sheet.rows)
        stack = [item for item in texts if heading.first_row <= item[0] <= heading.last_row]
        body, carried = carried_on(heading, body, usual, self.context.fields)
        if carried and self.context.most:
            self.heads[sheet.name] = carried.shown(self.heads[sheet.name])
        body, second = joined_lines(heading, stack, body, usual, self.context.fields)
        if second and self.context.most:
            self.heads[sheet.name] = second.shown(self.heads[sheet.name])
        if second is None:
            body, parted = parted_lines(heading, body, usual, self.context.fields)
            if parted and self.context.most:
                self.heads[sheet.name] = parted.shown(self.heads[sheet.name], head, usual)
        if heading.names_under:
            body = named(
                heading, body, SeveralModels({}, {}, self.context.fields, usual), partial(self.context.is_one, sheet.name)
            )
        if groups := take_groups(heading):
            title = next(column.index for column in heading.columns if column.role == Role.TITLE)
            body = apart_by_groups(body, groups, title, usual, partial(self.context.is_one, sheet.name))
        if by_hand:
            by_hand.check_columns(max([heading.width, *(len(cells) for _, cells in texts)]))
            by_hand.settle(heading)
            body = by_hand.joined(body, usual) if by_hand.said.joins else body
        above = [row for number, row in head if number < heading.first_row]
        rows = carried.rows if carried else {}
        return _Table(sheet, reading, usual, heading, texts, body, by_hand, above, carried=rows)

    def _of_forms(self, forms: Forms, opened: Sheet, reading: SheetReading, usual: str, by_hand: ByHand | None) -> "_Table":
        """The table that forms or a list are laid out as."""
        reading.note = forms.note
        for number in forms.unread:
            said = "Bảng có tiêu đề ở dòng này nằm cùng trang với phiếu, cổng chưa đọc. Xin để bảng sang tệp khác rồi nạp thêm."
            self._warn(opened.name, number, "table_unread", said)
        if self.context.most:
            self.heads[opened.name] = forms.rows[: self.context.most]
            self.labels[opened.name] = forms.labels
        if by_hand:
            by_hand = by_hand.moved(forms.head)
            by_hand.check_columns(len(forms.labels))
            by_hand.settle(forms.heading)
        filled: Iterator[tuple[int, Row]] = mended(opened.name, iter(forms.rows), self.mends)
        if by_hand and by_hand.said.joins:
            filled = by_hand.joined(filled, usual)
        sheet = replace(opened, merged=(), struck={})
        return _Table(sheet, reading, usual, forms.heading, forms.above, filled, by_hand, forms=forms)

    def _rows_of(self, table: "_Table") -> Iterator[ReadRow | RefusedRow]:
        heading, by_hand, sheet = table.heading, table.by_hand, table.sheet
        self._any_heading = True
        above = [(number, cells) for number, cells in table.texts if number < heading.first_row]
        self.title += [cell for _, cells in above for cell in cells if cell and len(self.title) < TITLE_CELLS]
        if sheet.hidden and "sheet_hidden" in self.context.takes:
            self._warn(sheet.name, 0, "hidden_sheet", f"Trang “{sheet.name}” đang ẩn vẫn được đọc.")
        reader = SheetReader(sheet, table.reading, table.usual, self._filled(by_hand), self._seen, self._warn, by_hand)
        if self.context.most:
            reader.tally = self.words.setdefault(sheet.name, {})
        reader.is_named = compare_key(sheet.name) not in compare_key(self.called or self.path.stem)
        reader.carried = table.carried
        reader.unit = self._unit  # a sheet that names nobody goes on with the one before
        try:
            for row, place in reader.rows(above, heading, table.body, table.title):
                self.row_count += 1
                self._by_place[place.key] += 1
                if isinstance(row, RefusedRow) and row.doubles:
                    self._doubles[place.key].append(row.doubles)
                yield row
        finally:
            stack = [item for item in table.texts if heading.first_row <= item[0] <= heading.last_row]
            said = as_read(sheet.name, heading, reader.first_layout, head=stack, fields=self.context.fields, by_hand=by_hand)
            if forms := table.forms:
                said = replace(said, head=forms.head, row=0, rows=1, is_list=forms.is_list, is_forms=not forms.is_list)
            self.read_as.append(said)
        self.rows_of += reader.rows_of
        self._parts_units |= reader.parts_units
        self._unit = reader.unit
        if by_hand and by_hand.said.is_remembered:
            self.remembered.append(by_hand.said.head)

    @property
    def mapping(self) -> Mapping:
        """How the file was read: fed back, it is read so again."""
        return Mapping(tuple(self.read_as))

    def _by_hand(self, sheet: Sheet, head: list[tuple[int, Row]]) -> ByHand | None:
        """What was said by hand of a sheet: by its name, by its head, of every sheet; else what is remembered of its head."""
        mapping, remembered = self.context.mapping, self.context.remembered
        if not mapping and not remembered:
            return None
        texts: dict[str, list[tuple[int, list[str]]]] = {}

        def has(said: SheetMapping) -> bool:
            if said.font not in texts:
                rows = ByHand(said, self.context, sheet.name).decoded(iter(head)) if said.font else iter(head)
                usual = UNICODE if said.font else usual_encoding(head)
                texts[said.font] = [(number, texts_of(row, usual)) for number, row in rows]
            if said.is_forms:
                return self._has_labels(texts[said.font], said)
            return bool(head_in(texts[said.font], said.head, said.rows))

        if mapping:
            named = mapping.named(sheet.name)
            if said := named or next(
                (it for it in mapping.sheets if not it.sheet and (not it.head or it.is_forms or has(it))), None
            ):
                return ByHand(said, self.context, sheet.name)
        if said := next((it for it in remembered if has(it)), None):
            return ByHand(replace(said, is_remembered=True), self.context, sheet.name)
        return None

    def _has_labels(self, texts: list[tuple[int, list[str]]], said: SheetMapping) -> bool:
        """Whether forms among these rows have every label that a mapping uses."""
        fields = self.context.fields
        forms = turned_in(texts, fields, is_told=True) or forms_in(texts, fields, is_told=True)
        used = {said.head[at] for column in said.columns if (at := index_of(column)) < len(said.head)}
        return forms is not None and used <= set(forms.head)

    def _filled(self, by_hand: ByHand | None) -> RegisterContext:
        """The context with the day that was said to stand for empty ones."""
        day = by_hand.said.fills.registered_on if by_hand else None
        return replace(self.context, default_day=day) if day else self.context

    def _check_sheets(self, mapping: Mapping) -> None:
        there = [sheet.name for sheet in self.sheets]
        for n, said in enumerate(mapping.sheets):
            if said.sheet and said.sheet not in there:
                named = ", ".join(f"“{name}”" for name in there[:10])
                raise MappingInvalid(f"sheets[{n}].sheet", f"tệp không có trang “{said.sheet}”; có: {named}.")

    @property
    def is_of_several(self) -> bool:
        """Whether title blocks name different units, or sections within a table another one."""
        return len(self.rows_of) > 1 or (self._parts_units and any(self.rows_of))

    def _find_heading(
        self, head: list[tuple[int, Row]], usual: str, by_hand: ByHand | None
    ) -> tuple[Heading | None, list[tuple[int, list[str]]], ByHand | None]:
        """The heading, in the sheet's encoding or, over a body in another font, in Unicode; the rows as texts; the mapping for it."""
        found: Heading | None = None
        texts: list[tuple[int, list[str]]] = []
        said = by_hand
        for encoding in dict.fromkeys((usual, UNICODE)):
            tried = [(number, texts_of(row, encoding)) for number, row in head]
            heading, moved = by_hand.heading(tried) if by_hand else (find_heading(tried, self.context.fields), None)
            if heading and (
                found is None or (heading.is_register, len(heading.columns)) > (found.is_register, len(found.columns))
            ):
                found, texts, said = heading, tried, moved
        return found, texts, said

    def _find_further(
        self, rows: list[tuple[int, Row]], usual: str, new: int
    ) -> tuple[Heading | None, list[tuple[int, list[str]]]]:
        """A heading that begins among the last rows, `new` of them or right before; the rows as texts."""
        texts = [(number, texts_of(row, usual)) for number, row in rows]
        found = find_further(texts[-new - DEEPEST :], self.context.fields)
        return found, texts if found else []

    def _by_values(self, head: list[tuple[int, Row]], usual: str) -> tuple[Heading | None, list[tuple[int, list[str]]]]:
        """A heading in words that nobody knows, by the values below it; the rows as texts."""
        texts = [(number, texts_of(row, usual)) for number, row in head]
        return heading_by_values(texts, self.context), texts

    def _are_forms(self, texts: list[tuple[int, list[str]]]) -> bool:
        fields = self.context.fields
        forms = turned_in(texts, fields) or forms_in(texts, fields)
        if forms is None:
            return False
        begins = next((number for number, cells in texts if heads_register(cells, fields)), None)
        counted = [number for number, cells in texts if begins and number > begins and is_counted(cells)]
        return len(counted) <= len(forms.rows)  # a register with a form below it is a register

    def _forms(self, first: list[tuple[int, Row]], opened: Sheet, usual: str, by_hand: ByHand | None) -> Forms | None:
        """The models of a sheet that has no table: forms with a label in each line, on their side or not, or a list; which of
        them it is may be told by hand.
        """
        rows = [(number, texts_of(row, usual)) for number, row in chain(first, islice(opened.rows, MOST_LINES))]
        if by_hand and by_hand.said.is_list:
            return listed_in(rows, self.context, is_told=True)
        fields, is_told = self.context.fields, by_hand is not None
        forms = turned_in(rows, fields, is_told=is_told) or forms_in(rows, fields, is_told=is_told)
        if forms and forms.is_doubtful and (models := listed_in(rows, self.context)) and len(models.rows) > len(forms.rows):
            return models  # below a title's line "Mô hình “Dân vận khéo” năm …" that looks like the first label of a form
        if forms:
            forms.unread = [number for number, cells in rows if heads_register(cells, fields)]
        return forms or listed_in(rows, self.context)

    def _warn(self, sheet: str, row: int, code: str, message: str) -> None:
        self.warnings.append({"sheet": sheet, "row": row, "code": code, "message": message})

    def _read_summary(self, table: "_Table") -> None:
        sheet, place, count = table.sheet.name, table.heading.first(Role.PLACE), table.heading.first(Role.COUNT)
        for number, row in table.body:
            cells = texts_of(row, table.usual)
            if not place or not count or max(place.index, count.index) >= len(cells) or not cells[count.index].isdecimal():
                continue
            said = int(cells[count.index])
            label = cells[place.index] or next((cell for cell in cells if cell and not cell.isdecimal()), "")
            if not label or TOTAL.match(label):
                self._summaries.append((sheet, number, None, said))
                continue
            try:
                self._summaries.append((sheet, number, self.context.places.match(label), said))
            except PlaceUnknown as unknown:
                self._warn(sheet, number, "place_unknown", f"Trang tổng hợp: “{label}” {unknown}.")

    def _compare_summaries(self) -> None:
        for sheet, row, place, said in self._summaries:
            twice = list(chain(*self._doubles.values())) if place is None else self._doubles.get(place.key, [])
            read = (self.row_count if place is None else self._by_place[place.key]) - len(twice)
            if read != said:
                where = "Tổng cộng" if place is None else place.name
                told = f"{where}: trang tổng hợp ghi {said}, đọc được {read} dòng{doubles_told(twice)}."
                self._warn(sheet, row, "total_mismatch", told)
