"""How a register is to be read, said by hand: heading rows, what each column is, values for empty cells. JSON in and out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.dates import no_such_day, read_day
from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.headings import Role
from models_registry.registers.reading import index_of
from models_registry.registers.refusing import HeadingUnclear

VERSION = 1
BY_EARLIER = "earlier"  # new or maintained, by whether the row carries on a model of an earlier season
DOER = "doer"  # of a mark: the heading names who does it
FONTS = ("Unicode", "TCVN3", "VNI")
LISTED = {"field": Role.FIELD, "kind": Role.KIND, "subject_kind": Role.SUBJECT_KIND, "place": Role.PLACE}
SEVERAL = (Role.CONTENT, Role.NOTE, Role.BOX, Role.MARK)  # roles that several columns may have
BOXES = ("situation", "aims", "audience", "leads", "partners", "participants", "resources", "schedule", "outputs", "upkeep")
MOST = 1000  # columns, words, sheets that a mapping names
LAST_HEADING_ROW, DEEPEST_HEADING = 5000, 12
LONGEST = 300  # letters of a name or a word
_PLAIN = {role.name.lower(): role for role in Role if role not in (Role.MARK, Role.BOX)}


class MappingInvalid(HeadingUnclear):
    """A mapping that cannot be followed; the sentence names the key."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"Cách đọc sổ, mục “{key}”: {why}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Use:
    """What a column is used for. `value`: the name of a box; of a mark 'field:Kinh tế', 'kind:new', 'subject_kind:collective' or
    'doer', who is named by the heading.
    `part`: the role is one of several things in each cell.
    """

    role: Role
    value: str = ""
    part: bool = False

    @property
    def code(self) -> str:
        words = [self.role.name.lower(), *([self.value] if self.value else [])]
        return ":".join(["part", *words] if self.part else words)


def use_of(code: str) -> Use | None:
    """'title', 'box:aims', 'mark:kind:new', 'part:subject_kind'; None for what is no use of a column."""
    name, _, value = code.partition(":")
    if name == "part":
        role = _PLAIN.get(value)
        return Use(role, part=True) if role in (Role.FIELD, Role.KIND, Role.SUBJECT_KIND) else None
    if name == "box":
        return Use(Role.BOX, value) if value in BOXES else None
    if name == "mark":
        of, _, what = value.partition(":")
        known = {"kind": Kind.values, "subject_kind": SubjectKind.values, "field": [what] if what else [], DOER: [""]}
        return Use(Role.MARK, value) if what in known.get(of, []) else None
    return Use(_PLAIN[name]) if name in _PLAIN and not value else None


@dataclass(frozen=True, slots=True)
class Join:
    """Columns (letters) whose texts together are one thing."""

    columns: tuple[str, ...]
    use: Use
    separator: str = " "


@dataclass(frozen=True, slots=True)
class Fills:
    """What stands for the empty cells of a whole column: names of a field and a place, codes, a day."""

    field: str = ""
    kind: str = ""
    subject_kind: str = ""
    place: str = ""
    registered_on: date | None = None


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read, or every sheet with the same head. What it leaves open is guessed.

    `head`: the heading's words, folded, by column. `row`: the heading's first row; with `rows` 0 the first row of data of a sheet
    without a heading. Neither: the heading is looked for. `columns`: letter -> its uses, none of them for a column that is not used.
    `is_list`: the sheet holds no table but a list, or forms; its columns are those that the portal parts it into. `is_forms`: it
    holds forms, one model each, whose columns are their labels, `head`.
    `words`: for a list (field, kind, subject_kind, place) the short words and what each means.
    """

    sheet: str = ""
    head: tuple[str, ...] = ()
    row: int = 0
    rows: int = 1
    columns: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    fills: Fills = Fills()
    font: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    is_list: bool = False
    is_forms: bool = False
    is_remembered: bool = field(default=False, compare=False)

    @property
    def is_table(self) -> bool:
        return not (self.is_list or self.is_forms)

    def uses(self) -> list[tuple[str, Use]]:
        """(letter, what it is used for) of columns and of joined ones, which go by their first."""
        single = [(column, use) for column, uses in self.columns.items() for use in uses]
        return single + [(join.columns[0], join.use) for join in self.joins]

    def clashes(self) -> list[tuple[Role, list[str]]]:
        """Roles that only one column may have, with the columns that both have them."""
        found: dict[Role, list[str]] = {}
        for column, use in self.uses():
            if use.role not in SEVERAL and column not in found.setdefault(use.role, []):
                found[use.role].append(column)
        return [(role, columns) for role, columns in found.items() if len(columns) > 1]

    def as_json(self) -> dict[str, Any]:
        fills = {name: getattr(self.fills, name) for name in ("field", "kind", "subject_kind", "place")}
        day = self.fills.registered_on
        said: dict[str, Any] = {
            "sheet": self.sheet,
            "head": list(self.head),
            "heading": {"row": self.row, "rows": self.rows} if self.row or (self.head and self.is_table) else {},
            "list": self.is_list,
            "forms": self.is_forms,
            "columns": {at: [use.code for use in uses] or "none" for at, uses in self.columns.items()},
            "joins": [{"columns": list(j.columns), "role": j.use.code, "separator": j.separator} for j in self.joins],
            "fills": {name: value for name, value in fills.items() if value} | ({"registered_on": f"{day}"} if day else {}),
            "font": self.font,
            "words": {name: dict(words) for name, words in self.words.items() if words},
        }
        said["columns"] = {at: codes[0] if len(codes) == 1 else codes for at, codes in said["columns"].items()}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Mapping:
    """How a file is read; empty: all is guessed."""

    sheets: tuple[SheetMapping, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sheets)

    def of(self, sheet: str) -> SheetMapping | None:
        """What is said of a sheet by its name, else of every sheet."""
        return self.named(sheet) or next((said for said in self.sheets if not said.sheet), None)

    def named(self, sheet: str) -> SheetMapping | None:
        return next((found for found in self.sheets if found.sheet == sheet), None)

    def to_json(self) -> dict[str, Any]:
        return {"version": VERSION, "sheets": [sheet.as_json() for sheet in self.sheets]} if self.sheets else {}

    @classmethod
    def from_json(cls, data: Any) -> "Mapping":
        """Raises MappingInvalid. `{}` is the empty one."""
        if data == {}:
            return cls()
        told = _Told(data, "")
        told.only("version", "sheets")
        if told.data.get("version") != VERSION:
            raise MappingInvalid("version", f"phải là {VERSION}.")
        return cls(tuple(_sheet(_Told(one, f"sheets[{n}]")) for n, one in enumerate(told.list("sheets"))))


def head_key(head: tuple[str, ...]) -> str:
    """The set of a heading's words, whatever the order of its columns."""
    return "|".join(sorted({words for words in head if words}))


@dataclass(frozen=True)
class _Told:
    """A JSON object on its way in; `key` says where it stands in the file."""

    data: Any
    key: str

    def __post_init__(self) -> None:
        if not isinstance(self.data, dict):
            raise MappingInvalid(self.key or "(cả tệp)", "phải là một đối tượng { … }.")

    def at(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name

    def only(self, *names: str) -> None:
        for name in self.data:
            if name not in names:
                raise MappingInvalid(self.at(name), f"không có mục này. Các mục: {', '.join(names)}.")

    def list(self, name: str) -> list[Any]:
        found = self.data.get(name, [])
        if not isinstance(found, list) or len(found) > MOST:
            raise MappingInvalid(self.at(name), f"phải là một danh sách, không quá {MOST} phần tử.")
        return found

    def object(self, name: str) -> "_Told":
        found = _Told(self.data.get(name, {}), self.at(name))
        if len(found.data) > MOST:
            raise MappingInvalid(found.key, f"không quá {MOST} mục.")
        return found

    def text(self, name: str, among: tuple[str, ...] = (), default: str = "") -> str:
        found = self.data.get(name, default)
        if not isinstance(found, str) or not _may_be_kept(found):
            raise MappingInvalid(self.at(name), f"phải là chữ, không quá {LONGEST} ký tự.")
        if found and among and found not in among:
            raise MappingInvalid(self.at(name), f"“{found}” không có; chọn một trong: {', '.join(among)}.")
        return found

    def flag(self, name: str) -> bool:
        found = self.data.get(name, False)
        if not isinstance(found, bool):
            raise MappingInvalid(self.at(name), "phải là true hoặc false.")
        return found

    def number(self, name: str, default: int, most: int) -> int:
        found = self.data.get(name, default)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
            raise MappingInvalid(self.at(name), f"phải là số từ 0 đến {most}.")
        return found


def _sheet(told: _Told) -> SheetMapping:
    told.only("sheet", "head", "heading", "list", "forms", "columns", "joins", "fills", "font", "words")
    heading = told.object("heading")
    heading.only("row", "rows")
    head = tuple(compare_key(words) if isinstance(words, str) else "" for words in told.list("head"))
    found = SheetMapping(
        sheet=told.text("sheet"),
        head=head,
        row=heading.number("row", 0, LAST_HEADING_ROW),
        rows=heading.number("rows", 1, DEEPEST_HEADING),
        columns=_columns(told.object("columns")),
        joins=tuple(_join(_Told(one, f"{told.at('joins')}[{n}]")) for n, one in enumerate(told.list("joins"))),
        fills=_fills(told.object("fills")),
        font=told.text("font", FONTS),
        words=_words(told.object("words")),
        is_list=told.flag("list"),
        is_forms=told.flag("forms"),
    )
    if found.is_list and found.is_forms:
        raise MappingInvalid(told.at("forms"), "một trang là danh sách (list) hoặc phiếu (forms), không cả hai.")
    if (found.is_list and (found.row or found.head)) or (found.is_forms and found.row):
        key, what = ("list", "danh sách không kẻ bảng") if found.is_list else ("forms", "phiếu")
        raise MappingInvalid(told.at(key), f"{what} thì không có dòng tiêu đề.")
    if heading.data and not found.rows and not found.row:
        raise MappingInvalid(heading.at("row"), "sổ không có tiêu đề (rows là 0) thì phải nói dữ liệu bắt đầu ở dòng nào.")
    joined = [column for join in found.joins for column in join.columns]
    if twice := next((at for at in joined if at in found.columns or joined.count(at) > 1), ""):
        raise MappingInvalid(told.at("joins"), f"cột {twice} được dùng hai lần.")
    for role, columns in found.clashes():
        raise MappingInvalid(told.at("columns"), f"{name_columns(columns)} cùng là “{role}”; chỉ một cột được là “{role}”.")
    return found


def name_columns(columns: list[str]) -> str:
    """['B', 'C'] -> 'cột B và cột C'."""
    return " và ".join(f"cột {column}" for column in columns)


def _may_be_kept(text: str) -> bool:
    """Neither too long nor what a database refuses: NUL, half characters."""
    return len(text) <= LONGEST and "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _columns(told: _Told) -> dict[str, tuple[Use, ...]]:
    found: dict[str, tuple[Use, ...]] = {}
    for column, codes in told.data.items():
        if index_of(column) < 0 or column != column.upper():
            raise MappingInvalid(told.at(column), "không phải chữ của một cột, ví dụ A, B, AA.")
        several = codes if isinstance(codes, list) else [] if codes == "none" else [codes]
        found[column] = tuple(_use(code, told.at(column)) for code in several)
    return found


def _use(code: Any, key: str) -> Use:
    found = use_of(code) if isinstance(code, str) and _may_be_kept(code) else None
    if found is None:
        known = [*_PLAIN, "none", "box:…", "mark:field:…", "mark:kind:…", "mark:subject_kind:…", "mark:doer", "part:…"]
        raise MappingInvalid(key, f"“{str(code)[:60]}” không phải vai trò của cột; có: {', '.join(known)}.")
    return found


def _join(told: _Told) -> Join:
    told.only("columns", "role", "separator")
    columns = told.list("columns")
    if len(columns) < 2 or not all(isinstance(at, str) and index_of(at) >= 0 and at == at.upper() for at in columns):
        raise MappingInvalid(told.at("columns"), "phải là chữ của ít nhất hai cột.")
    use = _use(told.data.get("role"), told.at("role"))
    if use.role == Role.MARK or use.part:
        raise MappingInvalid(told.at("role"), "không nối được cột đánh dấu.")
    return Join(tuple(columns), use, told.text("separator", default=" ")[:10])


def _fills(told: _Told) -> Fills:
    told.only("field", "kind", "subject_kind", "place", "registered_on")
    words = told.text("registered_on")
    day = read_day(words)
    if words and day is None:
        raise MappingInvalid(told.at("registered_on"), no_such_day(words))
    kind = told.text("kind", (*Kind.values, BY_EARLIER))
    return Fills(told.text("field"), kind, told.text("subject_kind", tuple(SubjectKind.values)), told.text("place"), day)


def _words(told: _Told) -> dict[str, dict[str, str]]:
    told.only(*LISTED)
    among = {"kind": tuple(Kind.values), "subject_kind": tuple(SubjectKind.values)}
    found: dict[str, dict[str, str]] = {}
    for name in told.data:
        listed = told.object(name)
        found[name] = {key: listed.text(word, among.get(name, ())) for word in listed.data if (key := compare_key(word))}
    return found
