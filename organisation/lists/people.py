"""What a list of people would do: each line held against the units, the roles and the accounts that are there. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from common.text import clean, compare_key, fold
from organisation.lists.known import CHANGED, NEW, REFUSED, SAME
from organisation.lists.reading import Line

_USERNAME = re.compile(r"[\w.@+-]{1,150}")
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_LONGEST_NAME, _LONGEST_EMAIL = 100, 254


@dataclass(frozen=True)
class KnownUnit:
    """A unit as a list may call it. `words`: what it is and was called, as `compare_key` has it; `now`: what it is called today, so
    too; `heirs`: of one that ended, those that carry on.
    """

    id: int
    key: str
    name: str
    is_there: bool
    words: frozenset[str]
    now: frozenset[str]
    heirs: tuple[int, ...] = ()
    ended_on: str = ""


@dataclass(frozen=True)
class KnownRole:
    key: str
    name: str
    words: frozenset[str]
    is_guarded: bool


@dataclass(frozen=True)
class KnownPerson:
    username: str
    full_name: str
    email: str
    roles: frozenset[tuple[str, int]] = frozenset()
    """(role, unit id)"""
    is_active: bool = True
    line: int = 0
    """Of a list, the line that opens the account; 0 for one that is there."""

    @property
    def name_key(self) -> str:
        return compare_key(self.full_name)


@dataclass(frozen=True)
class KnownPeople:
    units: tuple[KnownUnit, ...]
    roles: tuple[KnownRole, ...]
    people: tuple[KnownPerson, ...] = ()


@dataclass
class PlannedPerson:
    """A line with what it would do, in words."""

    line: Line
    does: str = ""
    words: list[str] = field(default_factory=list)
    full_name: str = ""
    email: str = ""
    username: str = ""
    role: str = ""
    unit_id: int = 0

    @property
    def name(self) -> str:
        return self.line.texts.get("full_name", "")

    @property
    def is_refused(self) -> bool:
        return self.does == REFUSED

    @property
    def is_kept(self) -> bool:
        return self.does in (NEW, CHANGED)

    def refuse(self, *reasons: str) -> None:
        self.does = REFUSED
        self.words += reasons


class PeoplePlanner:
    """Plans a list of people, line after line: what one opens, the next may add to."""

    def __init__(self, lines: Sequence[Line], known: KnownPeople) -> None:
        self.lines, self.known = lines, known
        self.units = {unit.id: unit for unit in known.units}
        self.people = {person.username.casefold(): person for person in known.people}
        self.by_email: dict[str, list[str]] = {}
        self.by_name: dict[str, list[str]] = {}
        for person in known.people:
            self._note(person)

    def plan(self) -> list[PlannedPerson]:
        return [self._planned(line) for line in self.lines]

    def _note(self, person: KnownPerson) -> None:
        login = person.username.casefold()
        self.people[login] = person
        for book, word in ((self.by_email, person.email.casefold()), (self.by_name, person.name_key)):
            if word and login not in book.setdefault(word, []):
                book[word].append(login)

    def _planned(self, line: Line) -> PlannedPerson:
        texts = line.texts
        one = PlannedPerson(line, full_name=clean(texts.get("full_name", "")), email=texts.get("email", "").strip())
        unit, role = self._unit(one, texts.get("unit", "")), self._role(one, texts.get("role", ""))
        self._check_texts(one)
        if one.is_refused or unit is None or role is None:
            return one
        one.unit_id, one.role = unit.id, role.key
        person = self._person(one, unit)
        if one.is_refused:
            return one
        if person is None:
            person = self._opened(one)
        elif (role.key, unit.id) in person.roles:
            one.does = SAME
            one.words.insert(0, f"Trùng dòng {person.line}" if person.line else f"Đã có tài khoản {person.username}, không đổi")
        else:
            one.does = CHANGED
            one.words.insert(0, f"Thêm vai trò cho tài khoản {person.username}")
        one.username = person.username
        if one.is_kept and role.is_guarded:
            one.words.append("Vai trò chờ người thứ hai xác nhận")
        opened_by = line.number if one.does == NEW else person.line
        self._note(replace(person, roles=person.roles | {(role.key, unit.id)}, line=opened_by))
        return one

    def _check_texts(self, one: PlannedPerson) -> None:
        username = one.line.texts.get("username", "").strip()
        if not one.full_name:
            one.refuse("Chưa ghi họ và tên.")
        elif len(one.full_name) > _LONGEST_NAME:
            one.refuse(f"Họ và tên dài quá {_LONGEST_NAME} ký tự.")
        if one.email and (len(one.email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(one.email)):
            one.refuse(f"“{one.email[:60]}” không phải địa chỉ thư điện tử.")
        if username and not _USERNAME.fullmatch(username):
            one.refuse("Tên đăng nhập: chỉ chữ, số, dấu chấm, gạch dưới, gạch nối.")

    def _unit(self, one: PlannedPerson, text: str) -> KnownUnit | None:
        """The unit that a text names today; of one that ended, its heir. The line is refused where there is none, or no single one."""
        if not text:
            one.refuse("Chưa ghi đơn vị.")
            return None
        words = compare_key(text)
        named = [unit for unit in self.known.units if unit.key == text or words in unit.words]
        there = [unit for unit in named if unit.is_there]
        there = [unit for unit in there if unit.key == text or words in unit.now] or there
        if len(there) == 1:
            return there[0]
        if there:
            several = "; ".join(f"{unit.name} ({unit.key})" for unit in there[:4])
            one.refuse(f"Có {len(there)} đơn vị tên “{text}”, phải chọn: {several}.")
            return None
        heirs = {heir for unit in named for heir in unit.heirs}
        if len(heirs) == 1:
            heir = self.units[heirs.pop()]
            one.words.append(f"Đơn vị ghi là đơn vị cũ; cổng hiểu là {heir.name}")
            return heir
        if heirs:
            names = "; ".join(sorted(self.units[heir].name for heir in heirs))
            one.refuse(f"“{text}” đã tách thành nhiều đơn vị, phải chọn: {names}.")
        elif named:
            one.refuse(f"Đơn vị kết thúc {named[0].ended_on}, không có đơn vị kế tục.")
        else:
            one.refuse(f"Không có đơn vị “{text}”.")
        return None

    def _role(self, one: PlannedPerson, text: str) -> KnownRole | None:
        words = compare_key(text)
        found = [role for role in self.known.roles if role.key == text or words in role.words]
        if len(found) == 1:
            return found[0]
        one.refuse(f"Không có vai trò “{text}”." if text else "Chưa ghi vai trò.")
        return None

    def _person(self, one: PlannedPerson, unit: KnownUnit) -> KnownPerson | None:
        """Whose account a line means, by its login, its address for mail, its name within the unit; None for somebody new."""
        username, email, name = one.line.texts.get("username", "").strip(), one.email.casefold(), compare_key(one.full_name)
        if username:
            person = self.people.get(username.casefold())
        elif email:
            person = self._first(self.by_email.get(email, ()))
        else:
            namesakes = (self.people[login] for login in self.by_name.get(name, ()))
            person = next((known for known in namesakes if any(held == unit.id for _, held in known.roles)), None)
        if person is None:
            return None
        if person.name_key != name:
            by = f"Tên đăng nhập “{username}”" if username else f"Thư điện tử “{one.email}”"
            one.refuse(f"{by} là của {person.full_name or person.username}, không phải của {one.full_name}.")
        elif not person.is_active:
            one.refuse(f"Tài khoản {person.username} đã đóng; mở lại ở trang tài khoản rồi nạp.")
        return person

    def _first(self, logins: Iterable[str]) -> KnownPerson | None:
        return next((self.people[login] for login in logins), None)

    def _opened(self, one: PlannedPerson) -> KnownPerson:
        base = fold(one.full_name).replace(" ", ".")[:60].strip(".") or "nguoi.dung"
        wanted, number = one.line.texts.get("username", "").strip() or base, 2
        while wanted.casefold() in self.people:
            wanted, number = f"{base}{number}", number + 1
        one.does = NEW
        one.words.insert(0, f"Tên đăng nhập {wanted}")
        return KnownPerson(wanted, one.full_name, one.email)
