"""Go through a register row by row: what is data, what is not, what each row says, and what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Any

from common.dates import read_cell, write_day
from common.old_fonts import majority, to_unicode
from common.text import clean, compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.models import SUBJECT_LIMIT, TITLE_LIMIT
from models_registry.registers.headings import SEARCHED_ROWS, Column, Heading, Role, find_heading
from models_registry.registers.opening import RegisterUnreadable, Row, Sheet, open_register
from models_registry.registers.totals import Totals
from models_registry.registers.vocabulary import (
    NOWHERE,
    FieldBook,
    Place,
    PlaceBook,
    PlaceUnknown,
    bare_section,
    is_mark,
    match_kind,
    match_subject_kind,
)

KEPT_SKIPS = 40  # skipped rows named one by one in the report; the rest are counted


@dataclass(frozen=True)
class RegisterContext:
    """What a register is read against: its season's window, its unit's places, the fields."""

    opens_on: date
    closes_on: date
    fields: FieldBook
    places: PlaceBook
    default_day: date | None = None
    """The day for rows of a register that has no column of dates; None refuses them."""


@dataclass(slots=True)
class ReadRow:
    """One registration, as read and understood."""

    source: str
    title: str
    subject: str
    place: Place
    field_id: int
    kind: Kind
    subject_kind: SubjectKind
    content: str
    note: str
    registered_on: date
    identity: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a row is refused: the column's letter, the value found, a code for programs, a sentence for people."""

    column: str
    value: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    sheet: str
    row: int
    flaws: tuple[Flaw, ...]

    def as_dict(self) -> dict[str, Any]:
        first, *more = self.flaws
        found: dict[str, Any] = {"sheet": self.sheet, "row": self.row} | _flaw_dict(first)
        return found | ({"more": [_flaw_dict(flaw) for flaw in more]} if more else {})


def _flaw_dict(flaw: Flaw) -> dict[str, str]:
    return {"column": flaw.column, "value": flaw.value, "code": flaw.code, "message": flaw.message}


@dataclass
class SheetReading:
    """What was understood of one sheet."""

    name: str
    heading_rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    ignored_columns: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    rows: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    skipped_total: int = 0
    note: str = ""

    def skip(self, row: int, why: str) -> None:
        self.skipped_total += 1
        if len(self.skipped) < KEPT_SKIPS:
            self.skipped.append({"row": row, "why": why})


def identity_of(title: str, place_key: str, subject: str) -> str:
    """One model of one unit: equal for the same title, place and subject in any spelling. 32 hex digits."""
    words = "\n".join((compare_key(title), place_key, compare_key(subject)))
    return blake2b(words.encode(), digest_size=16).hexdigest()


def letter(index: int) -> str:
    """0 -> 'A', 26 -> 'AA': a column as the sheet names it."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=32768)
def _known_text(value: str, usual: str) -> str:
    return clean(to_unicode(value, usual)[0])


def _text(value: Any, usual: str) -> str:
    """A cell as stored text: one encoding, NFC, no stray white space; a whole number without its '.0'."""
    if isinstance(value, str):
        if value.isascii():
            return value if value.isalnum() else " ".join(value.split())
        return _known_text(value, usual) if len(value) < 80 else clean(to_unicode(value, usual)[0])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return write_day(value) if isinstance(value, date) else str(value)


class RegisterReader:
    """Reads one file. Iterate `rows()` once; `sheets`, `warnings` and `row_count` are complete after that."""

    def __init__(self, path: Path, context: RegisterContext) -> None:
        self.path = path
        self.context = context
        self.sheets: list[SheetReading] = []
        self.warnings: list[dict[str, Any]] = []
        self.row_count = 0
        self._seen: dict[str, str] = {}
        self._summaries: list[tuple[str, int, Place | None, int]] = []
        self._by_place: Counter[str] = Counter()

    def rows(self) -> Iterator[ReadRow | RefusedRow]:
        """Every row of data, in the file's order. Raises RegisterUnreadable when the file is refused whole."""
        any_heading = False
        for sheet in open_register(self.path):
            reading = SheetReading(sheet.name)
            self.sheets.append(reading)
            head = list(islice(sheet.rows, SEARCHED_ROWS))
            usual = majority(cell for _, row in head for cell in row if isinstance(cell, str) and cell)
            reading.encoding = usual
            texts = [(number, [_text(cell, usual) for cell in row]) for number, row in head]
            heading = find_heading(texts, self.context.fields)
            if heading is None:
                reading.note = "Không thấy dòng tiêu đề bảng, bỏ qua cả trang." if head else "Trang trống."
                continue
            self._describe(reading, heading)
            body = chain([item for item in head if item[0] > heading.last_row], sheet.rows)
            if heading.is_summary:
                reading.note = "Trang tổng hợp: chỉ dùng để đối chiếu số lượng."
                self._read_summary(sheet.name, heading, body, usual)
                continue
            any_heading = True
            if sheet.hidden:
                self._warn(sheet.name, 0, "hidden_sheet", "Trang đang ẩn vẫn được đọc.")
            yield from SheetReader(self, sheet, reading, heading, usual).rows(body)
        if not any_heading:
            raise RegisterUnreadable(
                "Không thấy dòng tiêu đề. Sổ cần một dòng tiêu đề có cột “Tên mô hình” và ít nhất một cột khác."
            )
        self._compare_summaries()

    def _describe(self, reading: SheetReading, heading: Heading) -> None:
        reading.heading_rows = list(range(heading.first_row, heading.last_row + 1))
        reading.columns = {letter(c.index): f"{c.label}: {c.role.value}" for c in heading.columns}
        reading.ignored_columns = {letter(index): label for index, label in heading.ignored}

    def _warn(self, sheet: str, row: int, code: str, message: str) -> None:
        self.warnings.append({"sheet": sheet, "row": row, "code": code, "message": message})

    def _read_summary(self, sheet: str, heading: Heading, body: Iterator[tuple[int, Row]], usual: str) -> None:
        place, count = heading.first(Role.PLACE), heading.first(Role.COUNT)
        for number, row in body:
            cells = [_text(cell, usual) for cell in row]
            if not place or not count or max(place.index, count.index) >= len(cells) or not cells[count.index].isdigit():
                continue
            said = int(cells[count.index])
            label = cells[place.index] or next((cell for cell in cells if cell and not cell.isdigit()), "")
            if not label or _TOTAL.match(label):
                self._summaries.append((sheet, number, None, said))
                continue
            try:
                self._summaries.append((sheet, number, self.context.places.match(label), said))
            except PlaceUnknown as unknown:
                self._warn(sheet, number, "place_unknown", f"Trang tổng hợp: “{label}” {unknown}.")

    def _compare_summaries(self) -> None:
        for sheet, row, place, said in self._summaries:
            read = self.row_count if place is None else self._by_place[place.key]
            if read != said:
                where = "Tổng cộng" if place is None else place.name
                self._warn(sheet, row, "total_mismatch", f"{where}: trang tổng hợp ghi {said}, đọc được {read} dòng.")


_TOTAL = re.compile(
    r"^(?:tổng\s*cộng|tổng\s*số|tổng|cộng)\b(?:\s+(?:mô hình|chung|toàn|lĩnh vực|số|mục|phần|trang|[ivx]+\b).*)?[\s:(\-–]*"
    r"(\d{1,6})?\s*(?:mô hình|mh|đăng ký)?\)?\.?$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(noi nhan|t m|k t|t l|tm|kt|tl|tuq|nguoi lap|thu truong|xac nhan|luu( |$)|ban thuong vu|bi thu|pho bi thu|truong ban|"
    r"pho truong ban|chu tich|pho chu tich|ky ten|ki ten|da ky|nhu tren|ngay \d+ thang|.{0,30} ngay \d+ thang \d+ nam)"
)
_KIND_SECTION = re.compile(r"^(cac )?(mo hinh )?(dang ki |tiep tuc )?(moi|duy tri|nhan rong)\b")
_COLUMN_NUMBER = re.compile(r"^\(?\[?(\d{1,2}|[a-zA-Z])\]?\)?(\s*=.*)?$")
_ROMAN = re.compile(r"^[IVX]{1,5}\.?$")


@dataclass
class _Sections:
    """What the section rows above a row say for it."""

    field_id: int | None = None
    kind: Kind | None = None
    subject_kind: SubjectKind | None = None
    place: Place | None = None


class SheetReader:
    def __init__(self, register: RegisterReader, sheet: Sheet, reading: SheetReading, heading: Heading, usual: str) -> None:
        self.register, self.sheet, self.reading, self.usual = register, sheet, reading, usual
        self.context = register.context
        self.sections = _Sections()
        self.totals = Totals()
        self.tail = False
        self.heading_key = tuple((c.index, c.label) for c in heading.columns)
        by_role: dict[Role, list[Column]] = {}
        for column in heading.columns:
            by_role.setdefault(column.role, []).append(column)
        self.marks = by_role.get(Role.MARK, [])
        self.at: dict[Role, int] = {role: columns[0].index for role, columns in by_role.items() if role != Role.MARK}
        self.contents = [c.index for c in by_role.get(Role.CONTENT, [])]
        self.notes = [c.index for c in by_role.get(Role.NOTE, [])]
        self.meaningful = [c.index for c in heading.columns if c.role not in (Role.NUMBER, Role.NOTE, Role.COUNT)]
        self.field_marks = [c for c in self.marks if c.field_id is not None]
        self.kind_marks = [c for c in self.marks if c.kind]
        self.subject_marks = [c for c in self.marks if c.subject_kind]
        self.width = max(c.index for c in heading.columns) + 1
        if Role.PLACE not in self.at:
            self.sections.place = self._place_of_sheet()

    def _place_of_sheet(self) -> Place | None:
        try:
            place = self.context.places.match(self.sheet.name)
        except PlaceUnknown:
            return None
        return None if place is NOWHERE else place

    def rows(self, body: Iterator[tuple[int, Row]]) -> Iterator[ReadRow | RefusedRow]:
        ahead = list(islice(body, 60))
        self._settle(ahead)
        register = self.register
        for number, raw in chain(ahead, body):
            usual = self.usual
            cells = [_text(cell, usual) if cell != "" else "" for cell in raw]
            if len(cells) < self.width:
                cells += [""] * (self.width - len(cells))
            if not self._is_data(number, cells):
                continue
            register.row_count += 1
            self.reading.rows += 1
            row = self._read(number, raw, cells)
            yield row
        for wrong in self.totals.close_all():
            register._warn(self.sheet.name, 0, "total_mismatch", wrong)
        if self.reading.rows == 0:
            self.reading.note = "Có tiêu đề nhưng không có dòng nào."

    def _settle(self, ahead: list[tuple[int, Row]]) -> None:
        """One heading word is used for several things ("Loại hình", "Đơn vị"): the values below it decide."""
        for role, others in (
            (Role.SUBJECT, ((Role.SUBJECT_KIND, match_subject_kind),)),
            (Role.SUBJECT_KIND, ((Role.KIND, match_kind), (Role.FIELD, self.context.fields.match))),
            (Role.KIND, ((Role.SUBJECT_KIND, match_subject_kind), (Role.FIELD, self.context.fields.match))),
        ):
            index = self.at.get(role)
            if index is None:
                continue
            values = {v for _, row in ahead if index < len(row) and (v := _text(row[index], self.usual))}
            for other, match in others:
                if values and other not in self.at and all(match(value) is not None for value in values):
                    own = match_subject_kind if role == Role.SUBJECT_KIND else match_kind if role == Role.KIND else None
                    if own is None or not any(own(value) for value in values):
                        self.at[other] = self.at.pop(role)
                        break

    def _is_data(self, number: int, cells: list[str]) -> bool:
        """Whether a row is a registration; section, total, signature and heading rows are understood and skipped here."""
        title = cells[self.at[Role.TITLE]]
        filled = 0
        for index in self.meaningful:
            if cells[index]:
                filled += 1
        if filled >= 4 and title and not self.tail and title[:1] not in "TtCc(123456789":
            return True
        words = [cell for cell in cells if cell]
        if not words:
            return False
        if total := self._total(number, cells, words):
            self.reading.skip(number, f"dòng tổng: {total[:80]}")
            self.tail = True
            return False
        texts = [cell for cell in words if not cell.isdigit() and not _ROMAN.match(cell) and not is_mark(cell)]
        if filled <= 2 and any(_SIGNATURE.match(compare_key(cell)) for cell in texts[:3]):
            self.reading.skip(number, f"phần ký, nơi nhận: {texts[0][:80]}")
            self.tail = True
            return False
        if self._is_heading_again(cells) or (len(words) > 2 and all(_COLUMN_NUMBER.match(cell) for cell in words)):
            self.reading.skip(number, "tiêu đề lặp lại hoặc dòng số cột")
            return False
        if filled <= 2 and len(texts) <= 2 and self._section(number, texts, cells):
            return False
        has_number = Role.NUMBER in self.at and cells[self.at[Role.NUMBER]].rstrip(".").isdigit()
        if filled >= 3 or (filled >= 1 and has_number and texts):
            self.tail = False
            return True
        if filled >= 2 and title and not self.tail:
            return True
        if title and filled == 1 and not self.tail and Role.NUMBER not in self.at:
            return True
        self.reading.skip(number, f"không phải dòng đăng ký: {(texts or words)[0][:80]}")
        return False

    def _total(self, number: int, cells: list[str], words: list[str]) -> str:
        """The words of a total row, after comparing its numbers with what was read; '' for any other row."""
        label = next((cell for cell in words if not cell.isdigit()), "")
        match = _TOTAL.match(label)
        numbers = [cell for cell in cells if cell.isdigit()]
        others = [cell for cell in words if cell != label and not cell.isdigit() and cell != "0"]
        if not match or (others and not all(_TOTAL.match(other) for other in others)):
            return ""
        said = []
        if match[1]:
            said.append(("", int(match[1]), "all"))
        marked = {c.index: c for c in self.marks}
        for index, cell in enumerate(cells):
            if cell.isdigit() and index in marked:
                said.append((marked[index].label, int(cell), f"mark:{index}"))
            elif cell.isdigit() and not marked and len(numbers) == 1 and not match[1]:
                said.append(("", int(cell), "all"))
        for where, wrong in self.totals.compare(said):
            named = f" cột “{where}”" if where else ""
            self.register._warn(
                self.sheet.name,
                number,
                "total_mismatch",
                f"Dòng “{label[:60]}”{named} ghi {wrong[0]}, đọc được {wrong[1]}.",
            )
        return label

    def _is_heading_again(self, cells: list[str]) -> bool:
        same = sum(1 for index, label in self.heading_key if index < len(cells) and cells[index] == label)
        return same >= 3

    def _section(self, number: int, texts: list[str], cells: list[str]) -> bool:
        for text in texts:
            words, said = bare_section(text)
            found = self._section_meaning(words)
            if not found:
                continue
            numeric = [int(cell) for cell in cells if cell.isdigit() and cell != cells[self.at.get(Role.NUMBER, 0)]]
            said = said if said is not None else (numeric[0] if len(numeric) == 1 else None)
            for wrong in self.totals.begin(found[0], text, said):
                self.register._warn(self.sheet.name, number, "total_mismatch", wrong)
            setattr(self.sections, found[0], found[1])
            self.reading.skip(number, f"mục: {text[:80]}")
            self.tail = False
            return True
        return False

    def _section_meaning(self, words: str) -> tuple[str, Any] | None:
        if not words:
            return None
        if (field_id := self.context.fields.match(words)) is not None:
            return "field_id", field_id
        if len(words) < 80 and (subject_kind := match_subject_kind(words)):
            return "subject_kind", subject_kind
        if _KIND_SECTION.match(compare_key(words)) and (kind := match_kind(words)):
            return "kind", kind
        try:
            place = self.context.places.match(words)
        except PlaceUnknown:
            return None
        return ("place", place) if place is not NOWHERE and place.unit_id else None

    def _read(self, number: int, raw: Row, cells: list[str]) -> ReadRow | RefusedRow:
        flaws: list[Flaw] = []
        title = self._title(cells, flaws)
        subject = cells[self.at[Role.SUBJECT]] if Role.SUBJECT in self.at else ""
        if len(subject) > SUBJECT_LIMIT:
            at = letter(self.at[Role.SUBJECT])
            flaws.append(Flaw(at, subject[:80] + "…", "subject_too_long", f"Tên tập thể, cá nhân dài quá {SUBJECT_LIMIT} ký tự."))
        place = self._place(cells, flaws)
        field_id = self._field(cells, flaws)
        kind = self._kind(cells, flaws)
        subject_kind = self._subject_kind(cells, subject, flaws)
        day = self._day(raw, cells, flaws)
        identity = identity_of(title, place.key, subject)
        self.register._by_place[place.key] += 1
        self.totals.count([c.index for c in self.marks if cells[c.index] and is_mark(cells[c.index])])
        source = f"{self.sheet.name}!{number}"
        if title and (earlier := self.register._seen.setdefault(identity, source)) != source:
            message = f"Trùng tên, địa bàn và người thực hiện với dòng {earlier.rpartition('!')[2]}"
            where = earlier.rpartition("!")[0]
            message += "." if where == self.sheet.name else f" của trang “{where}”."
            flaws.append(Flaw(letter(self.at[Role.TITLE]), title, "duplicate", message))
        if flaws or not (field_id is not None and kind and subject_kind and day):
            return RefusedRow(self.sheet.name, number, tuple(flaws))
        return ReadRow(
            source=source,
            title=title,
            subject=subject,
            place=place,
            field_id=field_id,
            kind=kind,
            subject_kind=subject_kind,
            content="\n".join(cells[i] for i in self.contents if cells[i]),
            note="\n".join(cells[i] for i in self.notes if cells[i]),
            registered_on=day,
            identity=identity,
        )

    def _title(self, cells: list[str], flaws: list[Flaw]) -> str:
        at = self.at[Role.TITLE]
        title = cells[at]
        if not title:
            flaws.append(Flaw(letter(at), "", "title_missing", "Chưa có tên mô hình."))
        elif len(title) > TITLE_LIMIT:
            message = f"Tên mô hình dài {len(title)} ký tự, quá {TITLE_LIMIT}."
            flaws.append(Flaw(letter(at), title[:80] + "…", "title_too_long", message))
        return title

    def _place(self, cells: list[str], flaws: list[Flaw]) -> Place:
        at = self.at.get(Role.PLACE)
        text = cells[at] if at is not None else ""
        if not text or at is None:
            return self.sections.place or NOWHERE
        try:
            return self.context.places.match(text)
        except PlaceUnknown as unknown:
            flaws.append(Flaw(letter(at), text, "place_unknown", f"Địa bàn “{text}” {unknown}."))
            return NOWHERE

    def _field(self, cells: list[str], flaws: list[Flaw]) -> int | None:
        at = self.at.get(Role.FIELD)
        if at is not None and (text := cells[at]):
            found = self.context.fields.match(text)
            if found is None:
                known = "; ".join(self.context.fields.names)
                flaws.append(Flaw(letter(at), text, "field_unknown", f"Lĩnh vực “{text}” không có. Các lĩnh vực: {known}."))
            return found
        if self.field_marks:
            marked = self._marked(self.field_marks, cells)
            if len(marked) == 1:
                return marked[0].field_id
            if not marked and self.sections.field_id is not None:
                return self.sections.field_id
            span = self._span(self.field_marks)
            said = "Chưa đánh dấu lĩnh vực nào." if not marked else "Đánh dấu hơn một lĩnh vực."
            flaws.append(Flaw(span, ", ".join(c.label for c in marked), "field_unknown", said))
            return None
        if self.sections.field_id is None:
            column = letter(at) if at is not None else ""
            flaws.append(Flaw(column, "", "field_unknown", "Chưa ghi lĩnh vực."))
        return self.sections.field_id

    def _kind(self, cells: list[str], flaws: list[Flaw]) -> Kind | None:
        at = self.at.get(Role.KIND)
        if at is not None and (text := cells[at]):
            if found := match_kind(text):
                return found
            both = "moi" in (words := compare_key(text)).split() and ("duy tri" in words or "nhan rong" in words)
            code, said = ("kind_both", "vừa mới vừa duy trì") if both else ("kind_missing", "không rõ mới hay duy trì")
            flaws.append(Flaw(letter(at), text, code, f"“{text}”: {said}."))
            return None
        marked = self._marked(self.kind_marks, cells)
        if len(marked) == 1:
            return marked[0].kind
        if len(marked) > 1:
            flaws.append(Flaw(self._span(self.kind_marks), "x, x", "kind_both", "Đánh dấu cả “mới” và “duy trì”."))
            return None
        if self.sections.kind is None:
            column = letter(at) if at is not None else self._span(self.kind_marks)
            flaws.append(Flaw(column, "", "kind_missing", "Chưa ghi đăng ký mới hay duy trì, nhân rộng."))
        return self.sections.kind

    def _subject_kind(self, cells: list[str], subject: str, flaws: list[Flaw]) -> SubjectKind | None:
        at = self.at.get(Role.SUBJECT_KIND)
        if at is not None and (text := cells[at]):
            if found := match_subject_kind(text):
                return found
            flaws.append(Flaw(letter(at), text, "subject_kind_unknown", f"“{text}” không phải tập thể hay cá nhân."))
            return None
        marked = self._marked(self.subject_marks, cells)
        if len(marked) == 1:
            return marked[0].subject_kind
        if len(marked) > 1:
            span = self._span(self.subject_marks)
            flaws.append(Flaw(span, "x, x", "subject_kind_both", "Đánh dấu cả “tập thể” và “cá nhân”."))
            return None
        if self.sections.subject_kind is None:
            column = letter(at) if at is not None else self._span(self.subject_marks)
            flaws.append(Flaw(column, "", "subject_kind_missing", "Chưa ghi tập thể hay cá nhân."))
        return self.sections.subject_kind

    def _day(self, raw: Row, cells: list[str], flaws: list[Flaw]) -> date | None:
        at = self.at.get(Role.REGISTERED_ON)
        if at is None or not cells[at]:
            if self.context.default_day is None:
                column = letter(at) if at is not None else ""
                flaws.append(Flaw(column, "", "date_missing", "Chưa ghi ngày đăng ký."))
            return self.context.default_day
        value = raw[at]
        day = read_cell(cells[at] if isinstance(value, str) else value)
        if day is None:
            message = f"Ngày “{cells[at]}” không có thật hoặc không đọc được; viết ngày/tháng/năm, ví dụ 15/3/2023."
            flaws.append(Flaw(letter(at), cells[at], "date_impossible", message))
        elif not self.context.opens_on <= day <= self.context.closes_on:
            window = f"{write_day(self.context.opens_on)} - {write_day(self.context.closes_on)}"
            message = f"Ngày {write_day(day)} ngoài thời gian đăng ký của năm ({window})."
            flaws.append(Flaw(letter(at), cells[at], "date_out_of_season", message))
            return None
        return day

    def _marked(self, columns: list[Column], cells: list[str]) -> list[Column]:
        return [column for column in columns if cells[column.index] and cells[column.index] not in ("0", "-")]

    def _span(self, columns: list[Column]) -> str:
        if not columns:
            return ""
        first, last = letter(columns[0].index), letter(columns[-1].index)
        return first if first == last else f"{first}:{last}"
