"""What stands on the page “Cột nào là gì”, out of a sample of the file and of what was said by hand."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import QueryDict

from common.dates import write_day
from common.numbers import write_number
from common.text import compare_key
from models_registry.boxes import BOX_OF
from models_registry.enums import Kind, SubjectKind
from models_registry.mapping_forms import (
    DEEPEST_ON_PAGE,
    LAYOUTS,
    SEPARATORS,
    Option,
    code_of,
    column_options,
    join_options,
    layout_of,
    words_for,
)
from models_registry.mapping_parts import Fill, PageColumn, PageJoin, PageRow, Word
from models_registry.registers.by_hand import moved
from models_registry.registers.headings import Role
from models_registry.registers.mapping import BY_EARLIER, FONTS, LAST_HEADING_ROW, Join, Mapping, SheetMapping
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext, letter
from models_registry.registers.vocabulary import match_kind, match_subject_kind
from models_registry.selectors.mapping import SAMPLE, Sample
from models_registry.selectors.opening import Check
from models_registry.sources import row_in_words, where

ABOVE, BELOW, STEP = 8, 8, 20  # rows shown over the heading, under it, at a time when one looks further
SHOWN_COLUMNS, SHOWN_WORDS, SHOWN_ROWS = 256, 40, 8
LONGEST_CELL = 120
NEEDED = {  # what each row must have: its words, the field's id, the codes of flaws that say it is not there
    Role.TITLE: ("Tên mô hình", "", ("title_missing", "title_too_long")),
    Role.FIELD: ("Lĩnh vực", "dien-field", ("field_unknown",)),
    Role.SUBJECT_KIND: ("Tập thể hay cá nhân", "dien-subject_kind", ("subject_kind_missing", "subject_kind_unknown")),
    Role.KIND: ("Mới hay duy trì", "dien-kind", ("kind_missing", "kind_both")),
    Role.REGISTERED_ON: ("Ngày đăng ký", "dien-registered_on", ("date_missing", "date_impossible", "date_out_of_season")),
}
_LISTED_LABELS = {Role.FIELD: "field", Role.SUBJECT_KIND: "subject_kind", Role.KIND: "kind"}


def first_shown(posted: QueryDict) -> int:
    """The row from which the page is asked to show the sheet; 0 for around its heading."""
    told = posted.get("tu", "")
    return min(int(told), LAST_HEADING_ROW) if told.isascii() and told.isdecimal() and len(told) < 6 else 0


class MappingPage:
    """All of the page. `typed_day`: what was typed where a day should be, right or not."""

    def __init__(
        self,
        sample: Sample,
        mapping: Mapping,
        context: RegisterContext,
        places: Iterable[str],
        *,
        sheet: str = "",
        first: int = 0,
        faults: Iterable[tuple[str, str]] = (),
        typed_day: str = "",
    ) -> None:
        self.sample, self.mapping, self.context, self.places = sample, mapping, context, list(places)
        self.sheets = list(sample.heads)
        self.sheet = sheet if sheet in sample.heads else self._first_sheet()
        read_as = sample.read_as.named(self.sheet)
        said = mapping.of(self.sheet)
        self.is_for_all = bool(said and not said.sheet)
        self.said = moved(said, read_as.head if read_as else ()) if said else _as_remembered(read_as or SheetMapping())
        self.read_as = read_as or self.said
        self.rows_read = sample.rows_of(self.sheet)
        self.faults = dict(reversed(list(faults)))
        self.typed_day = typed_day
        self.first = first
        self.flaws = Counter(role for row in self.rows_read if isinstance(row, RefusedRow) for role in _lacking(row))

    def _first_sheet(self) -> str:
        read = {sheet.sheet for sheet in self.sample.read_as.sheets}
        named = [name for name in self.sheets if name in read or self.mapping.named(name)]
        return next(iter([*named, *(name for name in self.sheets if self.sample.heads[name]), *self.sheets]), "")

    # The sheet as it is

    @property
    def head_rows(self) -> range:
        return range(self.read_as.row, self.read_as.row + self.read_as.rows)

    @property
    def heading_row(self) -> int:
        return self.read_as.row

    @property
    def is_empty(self) -> bool:
        return not self.sample.heads.get(self.sheet)

    @property
    def width(self) -> int:
        shown = (len(cells) for _, cells in self.sample.heads.get(self.sheet, []))
        return min(max(shown, default=0), SHOWN_COLUMNS)

    @cached_property
    def rows(self) -> list[PageRow]:
        head = self.sample.heads.get(self.sheet, [])
        if self.layout:  # models, whose numbers are far apart
            return [self._row(number, cells) for number, cells in head if number >= self.first][:STEP]
        start = self.first or max(1, self.read_as.row - ABOVE)
        end = start + STEP if self.first or not self.read_as.row else self.read_as.row + self.read_as.rows + BELOW
        return [self._row(number, cells) for number, cells in head if start <= number < end]

    def _row(self, number: int, cells: list[str]) -> PageRow:
        kind = "head" if number in self.head_rows else "top" if number < self.read_as.row else "data"
        texts = [text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…" for text in cells[: self.width]]
        return PageRow(number, kind, (*texts, *[""] * (self.width - len(texts))))

    @property
    def hidden_row(self) -> int:
        """The heading's row where it is not among the rows shown, so that it is not lost."""
        return 0 if any(row.number == self.read_as.row for row in self.rows) else self.read_as.row

    @property
    def before(self) -> int:
        shown, head = self.rows, self.sample.heads.get(self.sheet, [])
        if self.layout:
            earlier = [number for number, _ in head if shown and number < shown[0].number]
            return earlier[-STEP:][0] if earlier else 0
        return max(1, shown[0].number - STEP) if shown and shown[0].number > 1 else 0

    @property
    def after(self) -> int:
        shown, head = self.rows, self.sample.heads.get(self.sheet, [])
        return shown[-1].number + 1 if shown and shown[-1].number < min(head[-1][0], LAST_HEADING_ROW) else 0

    @property
    def encoding(self) -> str:
        return self.sample.encodings.get(self.sheet, "")

    @property
    def fonts(self) -> list[Option]:
        return [("", f"{self.encoding or 'Unicode'} (cổng nhận ra)"), *((font, font) for font in FONTS)]

    @property
    def layout(self) -> str:
        return layout_of(self.read_as)

    @property
    def layout_words(self) -> str:
        return dict(LAYOUTS)[self.layout].partition(",")[0].lower()

    @property
    def layouts(self) -> list[Option]:
        return LAYOUTS

    @property
    def depths(self) -> list[tuple[int, str]]:
        found = [(0, "Không có: dữ liệu từ dòng đã chọn")]
        return found + [(n, f"{n} dòng") for n in range(1, max(DEEPEST_ON_PAGE, self.read_as.rows) + 1)]

    # Columns

    @cached_property
    def columns(self) -> list[PageColumn]:
        joined = {column: join for join in self.said.joins for column in join.columns}
        whys: dict[str, list[str]] = {}
        for guess in self.sample.guesses.get(self.sheet, []):
            whys.setdefault(guess.column, []).append(f"{guess.why} ({guess.sure}%)" if guess.sure < 100 else guess.why)
        return [self._column(at, joined, whys) for at in range(self.width)]

    def _column(self, at: int, joined: dict[str, Join], whys: dict[str, list[str]]) -> PageColumn:
        column = letter(at)
        uses = self.read_as.columns.get(column, ())
        code, said = code_of(uses), column in self.said.columns
        bad = self.faults.get(f"cot-{column.lower()}", "")
        label = self._label(at)
        known = {value for _, options in self.options for value, _ in options}
        extra = ((code, words_for(uses)),) if code and code not in known else ()
        why = "; ".join(dict.fromkeys(whys.get(column, [])))
        if column in joined:
            return PageColumn(column, label, "", "", "chosen", "Đã nối", words_for([joined[column].use]), bad=bad)
        if said:
            uses = self.said.columns[column]
            code = code_of(uses) or "none"
            state, words = ("chosen", "Đồng chí chọn") if uses else ("unused", "Không dùng")
            return PageColumn(column, label, code, "", state, words, "", extra, bad)
        if self._is_remembered(column):
            state, words = ("remembered", "Đã nhớ") if uses else ("unused", "Không dùng")
            return PageColumn(column, label, code or "none", "", state, words, "Như lần nạp trước của đơn vị", extra, bad)
        if uses:
            return PageColumn(column, label, code, code, "guessed", "Cổng đoán", why, extra, bad)
        is_blank = not any(at < len(row.cells) and row.cells[at] for row in self.rows if row.kind != "top")
        state, words = ("unused", "Trống") if is_blank else ("unclear" if self.heading_row else "unsaid", "Chưa rõ")
        return PageColumn(column, label, "", "", state, words, "", (), bad)

    def _is_remembered(self, column: str) -> bool:
        guesses = self.sample.guesses.get(self.sheet, [])
        remembered = [guess for guess in guesses if guess.sure == 100 and guess.why.startswith("Đã nhớ")]
        return bool(remembered) and (
            any(guess.column == column for guess in remembered) or not self.read_as.columns.get(column, ())
        )

    def _label(self, at: int) -> str:
        if not self.read_as.is_table:
            return self.sample.labels.get(self.sheet, {}).get(at, "")[:LONGEST_CELL]
        if not self.read_as.row:
            return ""
        cells = (cells for number, cells in self.sample.heads.get(self.sheet, []) if number in self.head_rows)
        words = " ".join(texts[at] for texts in cells if at < len(texts) and texts[at])
        return words[:LONGEST_CELL]

    @property
    def looks(self) -> dict[int, str]:
        """A column's place -> the class of its cells."""
        return {at: column.look for at, column in enumerate(self.columns)}

    @cached_property
    def options(self) -> list[tuple[str, list[Option]]]:
        return column_options(self.context.fields.names)

    @property
    def unclear(self) -> list[PageColumn]:
        return [column for column in self.columns if column.state == "unclear"]

    @property
    def known(self) -> int:
        return sum(1 for column in self.columns if column.code)

    @property
    def used(self) -> int:
        return sum(1 for column in self.columns if column.words != "Trống")

    # Below the sheet

    @property
    def joins(self) -> list[PageJoin]:
        there = [
            PageJoin(f"noi-{n}", (*join.columns, "", "")[:3], join.use.code, join.separator)
            for n, join in enumerate(self.said.joins, 1)
        ]
        return [*there, PageJoin(f"noi-{len(there) + 1}", ("", "", ""), "", " ")]

    join_options = property(lambda self: join_options())
    separators = SEPARATORS

    @property
    def fills(self) -> list[Fill]:
        said, none = self.said.fills, ("", "Không điền")
        kinds = [(Kind.NEW.value, "Mới, cho ô trống"), (Kind.MAINTAINED.value, "Duy trì, cho ô trống")]
        kinds.append((BY_EARLIER, "Theo năm trước: có thì duy trì, không thì mới"))
        who = [(kind.value, f"{kind.label}, cho ô trống") for kind in SubjectKind]
        day = self.typed_day or (write_day(said.registered_on) if said.registered_on else "")
        return [
            self._fill(Role.KIND, "kind", said.kind, (none, *kinds)),
            self._fill(Role.SUBJECT_KIND, "subject_kind", said.subject_kind, (none, *who)),
            self._fill(Role.REGISTERED_ON, "registered_on", day, ()),
            self._fill(Role.FIELD, "field", said.field, (none, *((name, name) for name in self.context.fields.names))),
            Fill("place", "Địa bàn", "cho ô trống", said.place, (none, *((name, name) for name in self.places))),
        ]

    def _fill(self, role: Role, name: str, value: str, options: tuple[Option, ...]) -> Fill:
        label, at, _ = NEEDED[role]
        lacking, total = self.flaws[role], len(self.rows_read)
        more = f"{write_number(lacking)} dòng chưa đọc được" if lacking else f"đủ cả {write_number(total)} dòng" if total else ""
        needed = "Bắt buộc: chọn ở đây hoặc ở một cột." if self._is_missing(role) else ""
        return Fill(name, label, more, value, options, self.faults.get(at, ""), needed)

    @cached_property
    def words(self) -> list[Word]:
        """The words of lists that are not the list's own."""
        labels = {
            "kind": [(kind.value, str(kind.label)) for kind in Kind],
            "subject_kind": [(kind.value, str(kind.label)) for kind in SubjectKind],
            "field": [(name, name) for name in self.context.fields.names],
        }
        found: list[Word] = []
        for role, name in _LISTED_LABELS.items():
            own = {compare_key(label) for _, label in labels[name]}
            for text, count in self.sample.words.get(self.sheet, {}).get(role, Counter()).most_common(SHOWN_WORDS):
                if (key := compare_key(text)) and key not in own:
                    means = self.said.words.get(name, self.read_as.words.get(name, {})).get(key) or self._meaning(name, text)
                    found.append(
                        Word(name, NEEDED[role][0], text[:200], count, means, (("", "Để sửa ở bước sau"), *labels[name]))
                    )
        return found[:SHOWN_WORDS]

    def _meaning(self, name: str, text: str) -> str:
        if name == "field":
            return self.context.fields.name_of.get(self.context.fields.match(text) or 0, "")
        return str((match_kind(text) if name == "kind" else match_subject_kind(text)) or "")

    @property
    def preview(self) -> list[dict[str, Any]]:
        return [self._previewed(row) for row in self.rows_read[:SHOWN_ROWS]]

    def _previewed(self, row: ReadRow | RefusedRow) -> dict[str, Any]:
        if isinstance(row, RefusedRow):
            return {
                "row": row_in_words(row.row, row.nth, row.of),
                "title": row.title,
                "why": " ".join(flaw.message for flaw in row.flaws)[:400],
            }
        _, number, nth = where(row.source)
        said = {"row": row_in_words(number, nth, row.of), "title": row.title, "subject": row.subject, "place": row.place.name}
        said |= {"field": self.context.fields.name_of[row.field_id], "who": row.subject_kind.label, "kind": row.kind.label}
        return said | {
            "day": write_day(row.registered_on),
            "boxes": len({BOX_OF[name] for name in row.answers if name in BOX_OF}),
        }

    # Is it enough

    def _is_missing(self, role: Role) -> bool:
        """Whether no row at all has it."""
        if not self.rows_read:
            return False
        lacking = sum(1 for row in self.rows_read if isinstance(row, RefusedRow) and role in _lacking(row, empty=True))
        return lacking == len(self.rows_read)

    @cached_property
    def missing(self) -> list[tuple[str, str]]:
        """(the field's id, what is missing) of what must be said before the file is read."""
        if not self.rows_read:
            if self.layout and self.sheet not in self.sample.labels:
                what = "danh sách" if self.read_as.is_list else "phiếu"
                return [("cach", f"Trang này không đọc được như {what}: chọn cách trình bày khác.")]
            if not self.heading_row and self.rows:
                return [(f"dong-{self.rows[0].number}", "Dòng tiêu đề: chọn nút tròn bên trái dòng ấy.")]
            start = self.columns[0].id if self.columns else "may-dong"
            return [(start, self.sample.error or "Trang này không có dòng đăng ký nào với cách đọc đã chọn.")]
        found = []
        for role, (label, at, _) in NEEDED.items():
            if self._is_missing(role):
                unclear = next(iter(self.unclear or self.columns)).id
                said = f"{label}: chọn cột, hoặc điền một giá trị cho cả cột." if at else f"{label}: chọn cột."
                found.append((at or unclear, said))
        return found

    @property
    def unread(self) -> str:
        """What no row says in words that can be read, though something stands there: each would have to be mended."""
        lost = [label for role, (label, *_) in NEEDED.items() if 0 < self.flaws[role] == len(self.rows_read)]
        return ", ".join(label[:1].lower() + label[1:] for label in lost)

    @property
    def checks(self) -> list[Check]:
        if not self.rows_read:
            return [Check("stop", self.missing[0][1])]
        total, found = len(self.rows_read), []
        where = {use.role: column for column, use in self.read_as.uses()}
        for role, (label, _, _) in NEEDED.items():
            lacking = self.flaws[role]
            named = f"{label}: cột {where[role]}" if role in where else label
            if self._is_missing(role):
                found.append(Check("stop", f"{label}: chưa rõ", "bắt buộc"))
            elif lacking == total:
                found.append(Check("stop", named, f"không đọc được dòng nào trong {write_number(total)} dòng"))
            elif lacking:
                found.append(Check("warn", named, f"{write_number(lacking)} trong {write_number(total)} dòng sửa ở bước sau"))
            else:
                found.append(Check("ok", named, f"đọc được cả {write_number(total)} dòng"))
            if role == Role.TITLE:
                found.append(self._check_of_doer(where.get(Role.SUBJECT, "")))
        boxes = sorted({BOX_OF[use.value] for _, use in self.read_as.uses() if use.role == Role.BOX and use.value in BOX_OF})
        if boxes:
            found.append(Check("ok", f"Mục {', '.join(map(str, boxes))} của đăng ký", "các mục còn lại đơn vị viết sau"))
        return found

    def _check_of_doer(self, column: str) -> Check:
        """Who does it may be left out, and is told only of rows that are read."""
        read = [row for row in self.rows_read if isinstance(row, ReadRow)]
        empty = sum(1 for row in read if not row.subject)
        named = f"Người thực hiện: cột {column}" if column else "Người thực hiện"
        if empty < len(read) or (column and not read):
            said = f"{write_number(empty)} trong {write_number(len(read))} dòng để trống" if empty else ""
            return Check("warn" if empty else "ok", named, said or (f"có ở cả {write_number(len(read))} dòng" if read else ""))
        return Check("warn", f"{named}: chưa rõ", "không bắt buộc, nên có để phân biệt các mô hình cùng tên")

    @property
    def is_part(self) -> bool:
        """Whether the sheet has more rows than the sample."""
        return len(self.rows_read) >= SAMPLE

    @property
    def to_remember(self) -> tuple[SheetMapping, list[str]] | None:
        """How the sheet is read, with its head's words; None for a sheet without a head."""
        head = [self._label(at) for at in range(self.width)]
        return (self.read_as, head) if self.read_as.rows and any(head) else None


def _as_remembered(read_as: SheetMapping) -> SheetMapping:
    """What stands in the fields below the sheet where nobody said anything of this file: what is remembered, if it is."""
    return SheetMapping(fills=read_as.fills, joins=read_as.joins, font=read_as.font, words=read_as.words)


def _lacking(row: RefusedRow, *, empty: bool = False) -> set[Role]:
    """What a refused row lacks; `empty`: only where nothing stands at all."""
    flaws = [flaw for flaw in row.flaws if not (empty and flaw.value)]
    return {role for role, (_, _, codes) in NEEDED.items() if any(flaw.code in codes for flaw in flaws)}
