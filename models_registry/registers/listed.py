"""Registers written as lists, without a table: a numbered paragraph for each model, read as the rows of a table."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from statistics import median

from common.dates import read_day, read_day_within, read_month
from common.text import compare_key
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.forms import NUMBER_ALONE, TELLING, Forms
from models_registry.registers.guessing import ByValue, share
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.no_rows import SIGNATURE, TOTAL
from models_registry.registers.reading import RegisterContext
from models_registry.registers.sections import Sections
from models_registry.registers.sentences import Sentence, doer_within, sentence_in, without_saying
from models_registry.registers.vocabulary import bare_section, heads_kind, match_subject_kind

ENOUGH = 0.6  # share of the items that must say several things of a model
FEWEST = 2  # things beside the name
LONGEST = 2000  # letters of a paragraph that may say several things
MOST_CELLS = 5  # that tabs keep apart, below a heading that nobody knows
MOST_LETTERS = 1_000_000  # of a list: five thousand models of two hundred
_NEARLY_ALL = 0.8  # share of the items that name who does it before the model
_SAMPLE = 50  # models that are looked at before the rest is
_MARKERS = (  # how a line begins, the outermost first; the last four may begin a model
    re.compile(r"^(?:phần\s+|mục\s+)?[IVX]{1,5}\s*[.)/:\-–]\s*(?=\S)", re.IGNORECASE),
    re.compile(r"^[A-ZĐ]\s*[.)/:\-–]\s+"),
    re.compile(r"^(?:(?:mô hình|MH)(?:\s+số)?\s+)?\(?\d{1,4}\s*[.)/:\-–]+\s*(?=[^\d\s])", re.IGNORECASE),
    re.compile(r"^\d{1,3}(?:\.\d{1,3})+\s*[.)/:\-–]?\s+(?=\D)"),
    re.compile(r"^[a-zđ]\s*[.)]\s*(?=\S)"),
    re.compile(r"^[-–—+•*●▪➢✓]+\s*(?=\S)"),
)
_SENTENCE, _PLAIN = len(_MARKERS), len(_MARKERS) + 1  # a paragraph that tells of a model; any other
_OF_MODELS = range(2, _PLAIN)
_STRONG, _COMMA, _DASH = re.compile(r"\s*[;|]\s*"), re.compile(r"\s*,\s+"), re.compile(r"\s+[-–—]+\s+")
_BRACKETS = re.compile(r"\s*\(([^()]{2,80})\)")
_LABEL = re.compile(r"([^:;.,\n()]{2,60}?)\s*:\s*")
_DOER_BEFORE = re.compile(r"^([^:“\"]{5,150}?)\s*:\s+(\S.*)$", re.DOTALL)  # 'Chi bộ thôn 3: Tuyến đường hoa'
_BY = re.compile(r"[\s,;–-]+do\s+([^,;]+?)\s+(?:thực hiện|đăng ký|chủ trì|xây dựng)(?=\s*(?:$|[.,;–(-]))", re.IGNORECASE)
_NAMED = re.compile(r"^(?:ông|bà|anh|chị|hộ|đ/c|đồng chí|hội|chi|ban|tổ|đoàn|công an|trường)\b", re.IGNORECASE)
_AT = re.compile(r"^(?:tại|ở|thuộc|địa bàn|thực hiện tại)\s+", re.IGNORECASE)
_ON = re.compile(r"^(?:(?:đăng ký|đk)\s+)?(?:vào\s+)?(?:ngày|tháng)?\s*(?=\d)", re.IGNORECASE)
_SECTION = re.compile(r"^(lĩnh vực|đăng ký|các mô hình|mô hình|địa bàn)\b[^:]*:?$", re.IGNORECASE)

_IS_TOLD = re.compile(r"^nơi nhận\b", re.IGNORECASE)
_STAMP = re.compile(r"^\[\d{1,2}:\d{2}\b")  # "[08:16, 31/03/2024] Hoa: ...", of a chat

Key = tuple[Role, str]  # a column's role, and the name of the sheet's box
Texts = tuple[int, list[str]]


@dataclass
class _Line:
    number: int
    level: int
    text: str
    """Without its number; cells that a tab keeps apart are parted by a bar."""


@dataclass
class _Item:
    """One model: its paragraphs; or a line of its own between models (a section, who signs)."""

    number: int
    chunks: list[str]
    level: int
    is_model: bool = True
    said: dict[Key, str] = field(default_factory=dict)


def listed_in(rows: list[Texts], context: RegisterContext, *, is_told: bool = False) -> Forms | None:
    """The models of a list, or None where the rows are none: rows of many cells below another such row are a table, whose
    columns are said by hand. `is_told`: somebody said that it is a list, however little is known of its words.
    """
    lines = [line for row in rows if (line := _line_of(*row))]
    if not is_told and _is_table(rows, lines):
        return None
    if sum(len(line.text) for line in lines) > MOST_LETTERS:
        return None
    reading = _Reading(context, 0 if is_told else ENOUGH)
    found = [one for level in _OF_MODELS if (one := reading.read(lines, level))]
    return max(found, key=lambda one: one[0])[1] if found else None


def _is_table(rows: list[Texts], lines: list[_Line]) -> bool:
    if not rows or median(sum(map(bool, cells)) for _, cells in rows) <= MOST_CELLS:
        return False
    first = next((line.number for line in lines if line.level in _OF_MODELS), 0)
    return not first or any(sum(map(bool, cells)) > MOST_CELLS for number, cells in rows if number < first)


def _line_of(number: int, cells: list[str]) -> _Line | None:
    words = [cell for cell in cells if cell]
    if len(words) > 1 and NUMBER_ALONE.match(words[0]):
        words[:2] = [f"{words[0].rstrip('.)')}. {words[1]}"]
    if words and not any(map(str.isalnum, words[0])):  # "-----" below a title, "*" beside a day
        words = words[1:]
    text = " | ".join(words)
    level, marker = next(((n, found) for n, it in enumerate(_MARKERS) if (found := it.match(text))), (_PLAIN, None))
    text = text[marker.end() :].strip() if marker else text.strip()
    if not marker and (told := sentence_in(text)) and told.facts:
        level = _SENTENCE
    return _Line(number, level, text) if text else None


class _Reading:
    def __init__(self, context: RegisterContext, enough: float) -> None:
        self.context, self.enough = context, enough
        known = ByValue(context.fields, context.places, (context.opens_on, context.closes_on))
        self._meaning = Sections(context).meaning
        self._is_doer_first = False
        self._tests: dict[Role, Callable[[str], bool]] = {
            Role.SUBJECT_KIND: lambda text: match_subject_kind(text) is not None,
            Role.KIND: lambda text: heads_kind(text) is not None,
            Role.FIELD: known.tests()[Role.FIELD],
            Role.REGISTERED_ON: self._is_day,
            Role.PLACE: lambda text: context.places.is_name(text) or (bool(hamlet_in(text)) and known.is_place(text)),
        }

    def read(self, lines: list[_Line], level: int) -> tuple[int, Forms] | None:
        """(how much is said so, the models as a table) where numbers of one sort begin the models."""
        items = list[_Item]()
        names = [line.text for line in lines if line.level == level and not self._is_section(line, numbered=True)]
        self._is_doer_first = len(names) > 1 and share(self._has_doer_before, names) >= _NEARLY_ALL
        models, told, good, open_sections = 0, 0, 0, set[str]()
        for item in self._items(lines, level):
            items.append(item)
            if not item.is_model:
                meant = self._meaning(item.chunks[0])
                open_sections |= {meant[0]} if meant else set()
                continue
            item.said = self._said(item.chunks)
            roles = _roles_of(item)
            told += len(roles)
            models += 1
            own = len(roles - {Role.SUBJECT}) or (Role.SUBJECT in roles and bool(open_sections))
            good += bool(own) and len(roles) + len(open_sections) >= FEWEST + 1
            if models == _SAMPLE and good < self.enough * models:
                return None
        if self.enough:
            models -= self._leave_out(items, level)
        return (told, _table(items)) if models and good >= self.enough * models else None

    def _leave_out(self, items: list[_Item], level: int) -> int:
        """Take what is numbered under a section of another matter for no models: it says nothing of any. How many they are."""
        part, parts = list[_Item](), list[list[_Item]]()
        for item in items:
            if item.is_model:
                part.append(item)
            elif item.level < level and self._meaning(item.chunks[0]) is None:
                part = []
                parts.append(part)
        others = [item for part in parts if not any(map(_roles_of, part)) for item in part]
        if len(others) == sum(item.is_model for item in items):
            return 0
        for item in others:
            item.is_model = False
        return len(others)

    def _items(self, lines: list[_Line], level: int) -> Iterator[_Item]:
        """Models with the lines that belong to them, and the lines between them."""
        current: _Item | None = None
        is_told = False  # whether who is told of the paper was reached
        for line in lines:
            is_told = _IS_TOLD.match(line.text) is not None or (is_told and self._meaning(line.text) is None)
            if line.level == level and not is_told and not self._is_section(line, numbered=True):
                if current:
                    yield current
                current = _Item(line.number, [line.text], level)
            elif current and line.level > level and not self._ends(line):
                current.chunks.append(line.text)
            else:
                if current:
                    yield current
                    current = None
                yield _Item(line.number, [line.text], line.level, is_model=False)
        if current:
            yield current

    def _ends(self, line: _Line) -> bool:
        """Whether a line belongs to no model: a section without a number, a total, who signs."""
        if line.level < _PLAIN:
            return False
        if _STAMP.match(line.text):
            return True
        return bool(SIGNATURE.match(compare_key(line.text)) or TOTAL.match(line.text)) or self._is_section(line)

    def _is_section(self, line: _Line, *, numbered: bool = False) -> bool:
        if not numbered and not (line.text.isupper() or line.text.endswith(":") or _SECTION.match(line.text)):
            return False
        meant = self._meaning(line.text)
        words, _ = bare_section(line.text)
        return meant is not None and (meant[0] != "place" or self.context.places.is_name(words))

    def _said(self, chunks: list[str]) -> dict[Key, str]:
        """What a model's paragraphs say, its words parted in the way that tells most; a semicolon before others."""
        found = [self._parted(chunks, separator) for separator in (_STRONG, _COMMA, _DASH)]
        return max(found, key=lambda one: (one[0], (Role.TITLE, "") in one[1] and (Role.SUBJECT, "") in one[1]))[1]

    def _parted(self, chunks: list[str], separator: re.Pattern[str]) -> tuple[int, dict[Key, str]]:
        """(how many things are said beyond doubt, all that is said)."""
        said: dict[Key, str] = {}
        free: list[str] = []
        for n, chunk in enumerate(chunks):
            self._take_chunk(chunk, separator, said, free, is_first=n == 0)
        known = len(said)
        self._take_free(free, separator, said)
        return known, said

    def _take_chunk(
        self, chunk: str, separator: re.Pattern[str], said: dict[Key, str], free: list[str], *, is_first: bool
    ) -> None:
        if len(chunk) > LONGEST:
            _add(said, (Role.CONTENT, ""), chunk)
            return
        if is_first and (told := self._sentence(chunk)):
            said |= {(Role.TITLE, ""): told.title, (Role.SUBJECT, ""): told.subject}
            _add(said, (Role.KIND, ""), told.kind)
            chunk, is_first = "; ".join(told.facts), False
        elif is_first and self._is_doer_first and self._has_doer_before(chunk) and (before := _DOER_BEFORE.match(chunk)):
            said[Role.SUBJECT, ""], chunk = before[1], before[2]
        labelled = list(self._labels(chunk))
        ends = [start for start, _, _ in labelled[1:]] + [len(chunk)]
        for (_, begin, column), end in zip(labelled, ends, strict=False):
            text = chunk[begin:end].strip(" ;,.|-–")
            if column.role not in self._tests or not self._take_known(text, said):  # "Đăng ký: mới, ngày 15/3/2024"
                _add(said, (column.role, column.box), text)
        rest = chunk[: labelled[0][0]] if labelled else chunk
        rest = _BRACKETS.sub(lambda found: "" if self._take_known(found[1], said) else found[0], rest)
        if doer := _BY.search(rest):
            _add(said, (Role.SUBJECT, ""), doer[1])
            rest = rest[: doer.start()] + rest[doer.end() :]
        elif is_first and (parted := doer_within(rest)):  # 'do bà Lê Thị Hoa, hội viên phụ nữ thôn 3 thực hiện'
            name, who, behind = parted
            _add(said, (Role.SUBJECT, ""), who)
            rest = f"{name}{behind}"
        if separator is _DASH:
            rest = self._without_known_end(rest, said)
        pieces = [piece.strip(" .;,-–") for it in rest.split(" | ") for piece in separator.split(it)]
        pieces = [piece for piece in pieces if piece]
        at = 1 if is_first and pieces else 0
        free += pieces[:at]
        begin = len(free)
        while at < len(pieces):
            at += self._take_pieces(pieces[at:], said, free)
        free[begin:] = [self._without_known_end(piece, said) for piece in free[begin:]]

    def _sentence(self, chunk: str) -> Sentence | None:
        """What a sentence says, be it with known things in brackets between the name and who does it."""
        told = sentence_in(chunk)
        if told is None and (within := [known for known in _BRACKETS.findall(chunk) if self._take_known(known, {})]):
            told = sentence_in(_BRACKETS.sub(lambda found: "" if found[1] in within else found[0], chunk))
            told = replace(told, facts=(*within, *told.facts)) if told else None
        return told if told and (told.is_sure or self._knows(told.facts)) else None

    def _has_doer_before(self, text: str) -> bool:
        """Whether a body or a person and a colon stand before the model's name, and are no label."""
        found = _DOER_BEFORE.match(text)
        return found is not None and kind_of_doer(found[1]) is not None and column_of(0, found[1], self.context.fields) is None

    def _knows(self, facts: Iterable[str]) -> bool:
        """Whether the facts of a sentence say as much as a model needs."""
        return len({role for fact in facts if (role := self._role_of(fact)[0])}) >= FEWEST

    def _labels(self, chunk: str) -> Iterator[tuple[int, int, Column]]:
        """(where it begins, where its value begins, what it means) of each label that is known."""
        for found in _LABEL.finditer(chunk):
            words = re.split(r"\s[-–—|]\s", found[1])[-1]
            column = column_of(0, words.strip(), self.context.fields)
            if column and column.role in TELLING:
                yield found.end(1) - len(words), found.end(), column

    def _take_known(self, text: str, said: dict[Key, str]) -> bool:
        """Take words of which each is known and says something new: 'tập thể, đăng ký mới'. Whether they are."""
        whole = [piece.strip() for piece in re.split(r"[,;]", text)]
        apart = [it for piece in whole for it in ([piece] if self._role_of(piece)[0] else _DASH.split(piece))]
        pieces = [self._role_of(piece) for piece in apart]
        known = [(role, piece) for role, piece in pieces if role and (role, "") not in said]
        is_known = len(dict(known)) == len(pieces)
        if is_known:
            said |= {(role, ""): piece for role, piece in known}
        return is_known

    def _take_pieces(self, pieces: list[str], said: dict[Key, str], free: list[str]) -> int:
        """Take the first piece, or the first few that are one thing ('Văn hóa - xã hội'); how many were taken."""
        for many in (3, 2, 1):
            if many <= len(pieces):
                for joint in (" - ", ", ") if many > 1 else ("",):
                    role, text = self._role_of(joint.join(pieces[:many]))
                    if role and (role, "") not in said:
                        said[role, ""] = text
                        return many
        if not self._take_known(pieces[0], said):
            free.append(pieces[0])
        return 1

    def _without_known_end(self, text: str, said: dict[Key, str]) -> str:
        """'Hội Phụ nữ, tập thể, mới' -> 'Hội Phụ nữ'; the rest is taken."""
        whole = _COMMA.split(text)
        while len(whole) > 1 and self._take_known(whole[-1].strip(" .;"), said):
            whole.pop()
        return ", ".join(whole)

    def _role_of(self, piece: str) -> tuple[Role | None, str]:
        bare = _AT.sub("", piece)
        texts = {Role.REGISTERED_ON: _ON.sub("", piece), Role.PLACE: bare}
        for role, test in self._tests.items():
            if test(text := texts.get(role, piece)):
                return role, text
        plain = without_saying(piece)
        return self._role_of(plain) if plain != piece and plain else (None, piece)

    def _take_free(self, free: list[str], separator: re.Pattern[str], said: dict[Key, str]) -> None:
        """Name, who does it, what is done, in this order, where no label says so."""
        title, subject, content = (Role.TITLE, ""), (Role.SUBJECT, ""), (Role.CONTENT, "")
        open_roles = [key for key in (title, subject) if key not in said]
        is_sure = separator is _STRONG or (
            all(text[:1].isupper() or _NAMED.match(text) for text in free[1:])
            and (separator is _DASH or len(free) <= len(open_roles))
        )
        if not is_sure:  # commas and dashes may stand within a name: nobody can tell where it ends
            _add(said, content, ", ".join(free))
            return
        for key, text in zip(open_roles, free, strict=False):
            said[key] = text
        _add(said, content, "\n".join(free[len(open_roles) :]))

    def _is_day(self, text: str) -> bool:
        opens, closes = self.context.opens_on, self.context.closes_on
        if (day := read_day(text) or read_day_within(text, opens, closes)) is not None:
            return opens <= day <= closes
        month = read_month(text)
        return month is not None and month.year == opens.year


def _roles_of(item: _Item) -> set[Role]:
    """What is said of a model beside its name."""
    return {role for role, _ in item.said if role not in (Role.TITLE, Role.CONTENT, Role.NOTE)}


def _add(said: dict[Key, str], key: Key, text: str) -> None:
    if text:
        said[key] = f"{said[key]}\n{text}" if key in said else text


def _table(items: list[_Item]) -> Forms:
    keys: dict[Key, None] = {(Role.NUMBER, ""): None, (Role.TITLE, ""): None, (Role.SUBJECT, ""): None}
    keys |= dict.fromkeys(key for item in items for key in item.said)
    columns = [Column(index, role.value, role, box=box) for index, (role, box) in enumerate(keys)]
    first = next(n for n, item in enumerate(items) if item.is_model)
    above = [(item.number, item.chunks) for item in items[:first]]
    rows, counted = [], 0
    for item in items[first:]:
        counted += item.is_model
        cells = item.said | {(Role.NUMBER, ""): str(counted)} if item.is_model else {(Role.TITLE, ""): item.chunks[0]}
        rows.append((item.number, [cells.get(key, "") for key in keys]))
    at = items[first].number
    return Forms(Heading(at, at, columns), above, rows, f"Danh sách không kẻ bảng: {counted} mô hình.", is_list=True)
