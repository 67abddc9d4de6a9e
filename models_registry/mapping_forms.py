"""What is said on the page “Cột nào là gì”: parsed into a mapping of one sheet, with each fault at its field."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from common.dates import no_such_day, read_day, today, write_day
from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.headings import Role
from models_registry.registers.mapping import (
    BY_EARLIER,
    DEEPEST_HEADING,
    DOER,
    FONTS,
    LAST_HEADING_ROW,
    LISTED,
    LONGEST,
    MOST,
    Fills,
    Join,
    Mapping,
    MappingInvalid,
    SheetMapping,
    Use,
    name_columns,
    use_of,
)
from models_registry.registers.reading import RegisterContext, index_of

Option = tuple[str, str]
SEPARATORS = (
    (" ", "dấu cách"),
    (", ", "dấu phẩy"),
    (" - ", "gạch ngang"),
    (": ", "hai chấm"),
    ("/", "gạch chéo"),
    ("\n", "xuống dòng"),
)
LIST, FORMS = "danh-sach", "phieu"
LAYOUTS = [("", "Bảng có dòng tiêu đề"), (LIST, "Danh sách không kẻ bảng"), (FORMS, "Phiếu, mỗi phiếu một mô hình")]
DEEPEST_ON_PAGE = 3
BOX_LABELS = {
    "situation": "2. Thực trạng, lý do",
    "aims": "3. Mục tiêu, tiêu chí",
    "audience": "5. Địa bàn, đối tượng",
    "leads": "6. Lực lượng: chủ trì",
    "partners": "6. Lực lượng: phối hợp",
    "participants": "6. Lực lượng: tham gia",
    "resources": "7. Nguồn lực",
    "schedule": "7. Thời gian, tiến độ",
    "outputs": "8. Sản phẩm, kết quả đầu ra",
    "upkeep": "9. Khả năng duy trì, nhân rộng",
}
_SINGLE = (
    Role.TITLE,
    Role.SUBJECT,
    Role.FIELD,
    Role.SUBJECT_KIND,
    Role.KIND,
    Role.PLACE,
    Role.HAMLET,
    Role.REGISTERED_ON,
    Role.NUMBER,
    Role.NOTE,
)
_IN_ONE = (
    ("part:subject_kind,part:kind", "tập thể hay cá nhân, và mới hay duy trì"),
    ("subject,part:subject_kind", "người thực hiện, kèm tập thể hay cá nhân"),
    ("part:field,part:kind", "lĩnh vực, và mới hay duy trì"),
)
_JOINED = (Role.TITLE, Role.SUBJECT, Role.PLACE, Role.REGISTERED_ON, Role.CONTENT, Role.NOTE)


def code_of(uses: Iterable[Use]) -> str:
    return ",".join(use.code for use in uses)


def uses_in(code: str) -> tuple[Use, ...] | None:
    """What a choice means; () for “Không dùng”, None for what is no choice."""
    if code == "none":
        return ()
    found = [use_of(one) for one in code.split(",")]
    return tuple(use for use in found if use) if code and all(found) else None


def words_for(uses: Iterable[Use]) -> str:
    """What a column is, in words: 'Tên mô hình', 'đánh dấu x: Kinh tế'."""
    said = []
    for use in uses:
        of, _, what = use.value.partition(":")
        labels = {"kind": dict(Kind.choices), "subject_kind": dict(SubjectKind.choices)}
        if use.role == Role.BOX:
            said.append(BOX_LABELS[use.value])
        elif use.value == DOER:
            said.append("đánh dấu x: người thực hiện ghi ở tiêu đề")
        elif use.role == Role.MARK:
            said.append(f"đánh dấu x: {labels.get(of, {}).get(what, what)}")
        else:
            said.append("4. Nội dung, cách thức" if use.role == Role.CONTENT else use.role.value)
    words = " và ".join(dict.fromkeys(said))
    return words[:1].upper() + words[1:]


def layout_of(said: SheetMapping) -> str:
    """Which of LAYOUTS a sheet is read as."""
    return LIST if said.is_list else FORMS if said.is_forms else ""


def column_options(fields: Iterable[str]) -> list[tuple[str, list[Option]]]:
    """The choices for a column, in groups."""
    marks = [f"mark:field:{name}" for name in fields]
    marks += [f"mark:kind:{kind}" for kind in Kind.values] + [f"mark:subject_kind:{kind}" for kind in SubjectKind.values]
    marks.append(f"mark:{DOER}")
    return [
        ("Cột của sổ", [(use.code, words_for([use])) for use in map(Use, _SINGLE)]),
        ("Hai điều trong một cột", [(code, words[:1].upper() + words[1:]) for code, words in _IN_ONE]),
        ("Chín mục của đăng ký", _boxes()),
        ("Cột đánh dấu x", [(code, words_for(uses_in(code) or ())) for code in marks]),
    ]


def _boxes() -> list[Option]:
    found = [(f"box:{name}", label) for name, label in BOX_LABELS.items()] + [("content", "4. Nội dung, cách thức")]
    return sorted(found, key=lambda option: option[1])


def join_options() -> list[Option]:
    return [(use.code, words_for([use])) for use in map(Use, _JOINED)]


@dataclass
class MappingForm:
    """One sheet's part of the form. `errors`: (the field's id, what is wrong)."""

    data: QueryDict
    context: RegisterContext
    errors: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = self.data.get("trang-cu", "")[:LONGEST]
        self.to_sheet = self.data.get("trang", "")[:LONGEST] or self.sheet
        self.said = self._said()
        self.also = frozenset(self.data.getlist("cung")) if self.data.get("chung") else frozenset[str]()
        """Ids of the other uploads that are to be read so, as the page had listed them."""
        self.typed_day = self.data.get("dien-registered_on", "").strip()[:40]
        self.seen = self.data.get("ban", "")
        """Which reading the page had shown."""
        self.remembers = "nho" in self.data

    @property
    def mapping(self) -> Mapping:
        """What the page said before of the other sheets, with this one's."""
        try:
            before = Mapping.from_json(_json(self.data.get("cach-doc", "")))
        except MappingInvalid:
            before = Mapping()
        if self.said.is_forms and "moi-trang" in self.data:
            return Mapping((replace(self.said, sheet=""),))
        others = tuple(it for it in before.sheets if it.sheet != self.sheet and (it.sheet or it.is_table))
        return Mapping((replace(self.said, sheet=self.sheet), *others)) if self.sheet else before

    def _said(self) -> SheetMapping:
        layout, was = self.data.get("cach", ""), self.data.get("cach-cu", "")
        same = layout == was  # else the columns were those of another layout
        joins = self._joins() if same else ()
        joined = {column for join in joins for column in join.columns}
        columns = self._columns(joined) if same else {}
        found = SheetMapping(
            row=0 if layout or not same else _number(self.data.getlist("tieu-de")[-1:], LAST_HEADING_ROW),
            rows=_number(self.data.getlist("may-dong") or ["1"], DEEPEST_HEADING),
            columns=columns,
            joins=joins,
            fills=self._fills(),
            font=font if (font := self.data.get("chu", "")) in FONTS else "",
            words=self._words(),
            head=self._labels() if layout == FORMS and same else (),
            is_list=layout == LIST,
            is_forms=layout == FORMS,
        )
        for role, letters in found.clashes():
            said = f"C{name_columns(letters)[1:]} cùng là “{role}”: chỉ một cột được là “{role}”."
            self.errors += [(f"cot-{letter.lower()}", said) for letter in letters]
        return found

    def _labels(self) -> tuple[str, ...]:
        """What stands over the columns of forms, by which they are known in another sheet."""
        return tuple(compare_key(label[:LONGEST]) for label in self.data.getlist("nhan")[:MOST])

    def _columns(self, joined: set[str]) -> dict[str, tuple[Use, ...]]:
        """What was chosen otherwise than the portal guessed: a guess that stands is left a guess."""
        found: dict[str, tuple[Use, ...]] = {}
        for name in self.data:
            column = name.removeprefix("cot-")
            if column == name or index_of(column) < 0 or column != column.upper():
                continue
            code, guessed = self.data.get(name, ""), self.data.get(f"doan-{column}", "")
            uses = uses_in(code)
            if code == guessed or (uses is None and code):
                continue
            if column in joined:
                if uses:
                    said = f"Cột {column} đã nối với cột khác, không thể vừa là “{words_for(uses)}”."
                    self.errors.append((f"cot-{column.lower()}", said))
                continue
            found[column] = uses or ()
        return found

    def _joins(self) -> tuple[Join, ...]:
        found: list[Join] = []
        seen: set[str] = set()
        names = ("noi-1", "noi-2", "noi-3", "noi-la", "noi-bang")
        for n, (*picked, code, separator) in enumerate(zip(*(self.data.getlist(name) for name in names), strict=False), 1):
            columns = [column for column in dict.fromkeys(picked) if index_of(column) >= 0]
            use = use_of(code)
            if not columns:
                continue
            if len(columns) < 2 or use is None or use.role not in _JOINED:
                self.errors.append((f"noi-{n}", "Nối cột: xin chọn ít nhất hai cột khác nhau và nghĩa của chúng."))
            elif twice := seen & set(columns):
                self.errors.append((f"noi-{n}", f"Cột {min(twice)} được nối hai lần."))
            else:
                seen |= set(columns)
                found.append(Join(tuple(columns), use, separator if separator in dict(SEPARATORS) else " "))
        return tuple(found)

    def _fills(self) -> Fills:
        """Values for empty cells; a day that is none or outside the season is told at its field."""
        kind, who, words = (self.data.get(f"dien-{name}", "").strip() for name in ("kind", "subject_kind", "registered_on"))
        day = read_day(words) if words else None
        window = (self.context.opens_on, self.context.closes_on)
        if words and day is None:
            self.errors.append(("dien-registered_on", no_such_day(words, write_day(today()))))
        elif day and not window[0] <= day <= window[1]:
            said = f"Ngày {write_day(day)} ngoài thời gian đăng ký của năm ({write_day(window[0])} - {write_day(window[1])})."
            self.errors.append(("dien-registered_on", said))
            day = None
        return Fills(
            field=name if (name := self.data.get("dien-field", "")) in self.context.fields.names else "",
            kind=kind if kind in (*Kind.values, BY_EARLIER) else "",
            subject_kind=who if who in SubjectKind.values else "",
            place=self._place(),
            registered_on=day,
        )

    def _place(self) -> str:
        name = self.data.get("dien-place", "")[:LONGEST]
        try:
            return name if name and self.context.places.match(name) else ""
        except ValueError:
            return ""

    def _words(self) -> dict[str, dict[str, str]]:
        known = {"kind": Kind.values, "subject_kind": SubjectKind.values, "field": self.context.fields.names}
        found: dict[str, dict[str, str]] = {}
        told = zip(*(self.data.getlist(name) for name in ("chu-cot", "chu-tat", "chu-nghia")), strict=False)
        for name, word, meaning in told:
            if name in LISTED and word and meaning in known.get(name, ()):
                found.setdefault(name, {})[word[:LONGEST]] = meaning
        return Mapping.from_json({"version": 1, "sheets": [{"words": found}]}).sheets[0].words


def _number(told: list[str], most: int) -> int:
    return int(told[0]) if told and told[0].isascii() and told[0].isdecimal() and len(told[0]) < 6 and int(told[0]) <= most else 0


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
