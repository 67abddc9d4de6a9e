"""What the words of a heading say of its columns: any order, many words for one thing, one to three rows."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.abbreviations import stands_for
from models_registry.registers.vocabulary import FieldBook, heads_kind, match_kind, match_subject_kind, subject_kind_in


class Role(StrEnum):
    """What a column holds. The value is what an officer reads."""

    NUMBER = "số thứ tự"
    TITLE = "tên mô hình"
    SUBJECT = "tập thể, cá nhân thực hiện"
    PLACE = "địa bàn"
    HAMLET = "thôn, khu phố"
    FIELD = "lĩnh vực"
    SUBJECT_KIND = "tập thể hay cá nhân"
    KIND = "mới hay duy trì"
    CONTENT = "nội dung, cách làm"
    REGISTERED_ON = "ngày đăng ký"
    NOTE = "ghi chú"
    COUNT = "số mô hình"
    MARK = "đánh dấu x"
    BOX = "mục của phiếu"


_PATTERNS = [
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.NUMBER, r"^(stt|tt|so tt|so thu tu|thu tu|so)$"),
        (Role.NOTE, r"\bghi chu\b|\bchu thich\b"),
        (Role.COUNT, r"^(tong )?so (luong )?(mo hinh|dang ki|luong)|^so luong$|^tong so$|^tong cong$"),
        (
            Role.REGISTERED_ON,
            r"\b(ngay|thoi gian|thoi diem)\b.*\b(dang ki|dk|lap|gui|nop|tra loi)\b|^ngay( thang)?( nam)?$|^thoi gian$|^dau thoi gian\b"
            r"|^timestamp$|^submi(tted|ssion)\b.*\b(at|date|time)$",
        ),
        (
            Role.KIND,
            r"\bmoi\b.*\b(duy tri|nhan rong)\b|\b(duy tri|nhan rong)\b.*\bmoi\b|^(loai|hinh thuc|tinh chat) dang ki",
        ),
        (Role.FIELD, r"\blinh vuc\b"),
        (Role.SUBJECT, r"^(ho (va )?)?ten (cua )?(cac )?(tap the|ca nhan|co quan|to chuc|chu the|nguoi)\b"),
        (
            Role.TITLE,
            r"^ten\b.*\b(mo hinh|dien hinh|cong trinh|dan van kheo)\b|^ten goi\b"
            r"|^(noi dung )?mo hinh( dien hinh)?( dan van kheo)?( dang ki)?( nam \d+)?$"
            r"|^(noi dung )?mo hinh( dang ki)?( dan van kheo)?$|^mo hinh( dang ki)? (xay dung|thuc hien)$|^tieu de( mo hinh)?$"
            r"|^(ten )?(mo hinh )?viec lam( dan van)?( kheo)?( cu the)?$|^ten (phan viec|hoat dong|cong viec)$",
        ),
        (Role.KIND, r"^(mo hinh )?(dang ki )?moi( hay)? cu$"),
        (Role.SUBJECT_KIND, r"\b(tap the)\b.*\bhay\b.*\bca nhan\b|^loai mo hinh\b"),
        (
            Role.SUBJECT,
            r"\b(tap the|ca nhan|don vi|to chuc|nguoi|co quan|chu the|tac gia)\b.*"
            r"\b(thuc hien|dang ki|chu tri|xay dung|phu trach|dai dien|tham muu|dam nhan|dam trach|chiu trach nhiem)\b"
            r"|^(?!so\b).*\b((doan|hoi|dang) vien|can bo|bo phan)\b.*\b(thuc hien|dang ki|phu trach|dam nhan|dam trach)\b"
            r"|^(ho (va )?)?ten\b.*\b(tap the|ca nhan|don vi|to chuc|co quan)\b"
            r"|^ai\b.*\b(thuc hien|dang ki|lam)\b|^(nguoi )?thuc hien$"
            r"|^(chu tri|dau moi|ben|dai dien)( thuc hien)$|^chu tri$|^(chiu )?trach nhiem( thuc hien)?$|^thuc hien boi$|^do ai( lam)?$"
            r"|^(giao cho|phan cong)( ai)?$|^nguoi (lam|dung dau( mo hinh)?)$|^ban chu nhiem$|^chu mo hinh$"
            r"|^(chi bo|chi hoi|doan the|hoi|ban nganh)\b.*\b(dang ki|phu trach|thuc hien|doan the)$"
            r"|^khu dan cu\b.*\bdon vi\b|^(tap the|ca nhan)\b.*\b(tap the|ca nhan)\b|^(don vi|co quan|to chuc|chu the|tac gia|nguoi dang ki)\b",
        ),
        (Role.SUBJECT_KIND, r"^loai hinh|^doi tuong$|^loai (chu the|doi tuong|mo hinh)$|^hinh thuc$"),
        (Role.KIND, r"^dang ki$|^phan loai$|^loai$|^tinh trang$|^tinh chat$"),
        (
            Role.HAMLET,
            r"^(ten )?(thon|ap|khu pho|kp|to dan pho|tdp|buon|bon|xom)( (va )?(thon|ap|khu pho|kp|to dan pho|tdp|buon|bon|xom|to))*$"
            r"|^(ten )?(to|ban|lang)$",
        ),
        (
            Role.PLACE,
            r"\bdia (ban|diem|phuong)\b|\bdia chi\b(?!.*\b(mail|email|gmail|thu dien tu|web|ip)\b)|^khu vuc|^noi (thuc hien|ap dung|trien khai)|^(mo hinh )?((lam|dat|thuc hien|trien khai|xay dung) )?(o|tai) (dau|noi nao|cho nao)$|^xa( phuong)?( thi tran| tt)?$"
            r"|^phuong xa|^(ten )?xa phuong",
        ),
        (Role.CONTENT, r"\bnoi dung\b|\bcach (lam|thuc)\b|\btom tat\b|\bmo ta\b|\bbien phap\b"),
    )
]


_BOXES = [
    (name, re.compile(pattern))
    for name, pattern in (
        ("situation", r"\bthuc trang\b|^su can thiet\b|^li do\b(?! danh gia)"),
        ("aims", r"^muc (tieu|dich)\b|^tieu chi\b"),
        ("audience", r"^dia ban\b.*\bdoi tuong\b|^doi tuong\b.*\b(dia ban|van dong|tac dong|huong loi|thu huong)\b"),
        ("leads", r"^luc luong\b"),
        ("partners", r"^(don vi |co quan )?phoi hop\b"),
        ("participants", r"^(thanh phan )?tham gia\b"),
        ("resources", r"\bnguon luc\b|^kinh phi\b"),
        (
            "schedule",
            r"^tien do\b|^thoi gian (thuc hien|bat dau|trien khai|hoan thanh|ket thuc|du kien)\b"
            r"|^(du kien )?((thoi (han|diem|gian)|ngay|moc) )?(du kien )?(bat dau|hoan thanh|ket thuc)( (truoc )?ngay)?$|^thoi han( thuc hien)?$"
            r"|^(tu|den) (ngay|thang)$",
        ),
        ("outputs", r"^san pham\b|^ket qua( dau ra| du kien| dat duoc)?$|^ket qua (dau ra|du kien)\b"),
        ("upkeep", r"^kha nang\b.*\b(duy tri|nhan rong)\b|^(phuong )?huong (duy tri|nhan rong)\b"),
    )
]
_PHRASES = (  # what a heading may be short for, the more usual first
    (Role.NUMBER, ("so thu tu",)),
    (Role.SUBJECT_KIND, ("tap the ca nhan", "tap the hay ca nhan", "loai hinh")),
    (
        Role.KIND,
        (
            "moi duy tri",
            "dang ki moi duy tri",
            "moi hay duy tri",
            "moi nhan rong",
            "moi cu",
            "dang ki moi cu",
            "hinh thuc dang ki",
        ),
    ),
    (Role.TITLE, ("ten mo hinh", "ten mo hinh dan van kheo", "ten mo hinh dang ki", "mo hinh", "mo hinh dan van kheo")),
    (Role.SUBJECT, ("don vi thuc hien", "tap the ca nhan thuc hien", "tap the ca nhan dang ki", "don vi dang ki", "chu the")),
    (Role.SUBJECT, ("nguoi thuc hien", "co quan thuc hien", "to chuc thuc hien", "don vi chu tri", "don vi", "ten don vi")),
    (Role.FIELD, ("linh vuc", "linh vuc dang ki", "thuoc linh vuc")),
    (Role.PLACE, ("dia ban", "dia ban thuc hien", "noi thuc hien", "xa phuong", "xa phuong thi tran")),
    (Role.REGISTERED_ON, ("ngay dang ki", "ngay thang dang ki", "thoi gian dang ki", "ngay thang nam")),
    (Role.CONTENT, ("noi dung", "noi dung cach lam", "noi dung thuc hien", "cach lam", "tom tat noi dung")),
    (Role.NOTE, ("ghi chu",)),
)
_WHOLE = {"dk": "dang ki", "dv": "don vi", "dvk": "dan van kheo", "mh": "mo hinh", "th": "thuc hien"}  # never anything else
_WHERE = re.compile(r"^(mo hinh )?(duoc )?((lam|dat|thuc hien|trien khai|xay dung) )?(o|tai|thuoc) (?=\w)")
OF_A_DAY = ("thang", "nam")  # columns beside that of a day which are the rest of it

_TO_MARK = re.compile(r"\s*\((?:đánh )?(?:dấu )?x\)\s*$", re.IGNORECASE)  # "Cá nhân (x)"
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_NAMES_MODELS = re.compile(r"\bten\b.*\b(mo hinh|mh)\b|^(cac )?(mo hinh|mh)( (dan van kheo|dvk))?( dang ki)?( nam \d{4})?$")
_MODELS = re.compile(r"^(cac )?(mo hinh|mh)\b")
_SPEAKS = re.compile(r"\b(ten|mo hinh|mh|noi dung)\b")
_OF_FIELD = re.compile(r"^ten\b.*\b(mo hinh|mh)\b.*\b(linh vuc|lv)\b")
_OF_NAMES = re.compile(r"^ten (cac )?(mo hinh|mh)( (dan van kheo|dvk))?( (dang ki|thuoc|trong|ve|cua))*")
_NAMED_BY_KIND = re.compile(r"^(ho (va )?)?ten (cua )?(tap the|ca nhan)$")

HEADED, SHORT, LOOSE = "heading", "short", "loose"  # how a heading said what its column is
SHAPED = "shaped"  # no heading said it, what stands below does
GIVEN, REMEMBERED = "given", "remembered"  # it was said by hand, now or for an earlier register
BY_HAND = (GIVEN, REMEMBERED)


@dataclass(frozen=True)
class Column:
    """One column: its role and, for a column of marks, what a mark there says; for one of the sheet's boxes, its name."""

    index: int
    label: str
    role: Role
    field_id: int | None = None
    kind: Kind | None = None
    subject_kind: SubjectKind | None = None
    box: str = ""
    how: str = field(default=HEADED, compare=False)
    part: bool = False
    """Whether the role is one of several things in each cell; said by hand alone."""


@dataclass
class Heading:
    first_row: int
    last_row: int
    columns: list[Column] = field(default_factory=list)
    ignored: list[tuple[int, str]] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    """Its rows as they stand, without empty cells."""
    guessed: list[Column] | None = None
    """The columns as they would be without a mapping; None where there is none."""
    barred: frozenset[int] = frozenset()
    """Columns that are of no use, said by hand: nothing is sought in them."""
    width: int = 0
    """Of its rows, where what stands below a model's first row stands behind it in columns of its own (`second_lines`)."""
    other_years: frozenset[int] = frozenset()
    """Of those, such as stand under another year than the season's."""
    names_under: tuple[int, ...] = ()
    """Columns of marks in which the names of models stand instead (`title_columns`)."""
    levels: dict[int, list[str]] = field(default_factory=dict)
    """All that stands over a column, the name of its group first, its own words last."""

    def has(self, role: Role) -> bool:
        return any(column.role == role for column in self.columns)

    def first(self, role: Role) -> Column | None:
        return next((column for column in self.columns if column.role == role), None)

    @property
    def is_register(self) -> bool:
        return self.has(Role.TITLE) and len(self.columns) > 1

    @property
    def is_summary(self) -> bool:
        return not self.has(Role.TITLE) and self.has(Role.PLACE) and self.has(Role.COUNT)


def understand(stack: list[tuple[int, list[str]]], fields: FieldBook) -> Heading:
    """What these rows say as a heading, be it nothing."""
    words = [[cell for cell in cells if cell] for _, cells in stack]
    heading = Heading(first_row=stack[0][0], last_row=stack[-1][0], words=words)
    width = max(len(cells) for _, cells in stack)
    groups = [spread(cells, stack[level + 1 :], width) for level, (_, cells) in enumerate(stack)]
    for index in range(width):
        labels = [label for level in groups if (label := level[index])]
        own = [label for _, cells in stack if (label := cell_at(cells, index))]
        if not labels:
            continue
        if not own and len(stack) == 1:
            continue
        heading.levels[index] = labels
        if own and plain(own[-1]) in OF_A_DAY:  # "Ngày đăng ký" over "Ngày", "Tháng", "Năm"
            heading.ignored.append((index, own[-1]))
            continue
        column = None
        whole = list(dict.fromkeys(labels))
        for label in (*reversed(labels), " ".join(whole), " ".join(reversed(whole))):  # "Tên" under "Thông tin mô hình"
            if column := column_of(index, label, fields):
                break
        if len(stack) > 1 and own and _SUM.match(plain(own[-1])):
            column = Column(index, own[-1], Role.COUNT)  # a sum under a group: no part of it
        if column and column.role == Role.NUMBER and _under_kinds(labels):
            column = Column(index, labels[-1], Role.MARK, subject_kind=SubjectKind.COLLECTIVE)
        inherited = column is not None and not own
        if column and not inherited:
            heading.columns.append(column)
        elif own:
            heading.ignored.append((index, " ".join(own)))
    _part_subjects(heading)
    _pair_with_individuals(heading)
    _take_titles(heading, width, fields)
    return heading


def _take_titles(heading: Heading, width: int, fields: FieldBook) -> None:
    """'Tên mô hình thuộc lĩnh vực' over the fields, 'Tên mô hình mới' beside 'Tên mô hình duy trì': the names stand below what they
    are, and are read from a column behind the last.
    """
    titles = [column for column in heading.columns if column.role == Role.TITLE]
    if not titles:
        titles = _below_title(heading) or _heads_of_models(heading)
    if len(titles) < 2:
        return
    named = [_mark_of_names(column, heading.levels.get(column.index, [column.label]), fields) for column in titles]
    meant = [(column.kind, column.subject_kind, column.field_id) for column in named]
    told = {tuple(part is not None for part in parts) for parts in meant}
    if len(set(meant)) < len(meant) or len(told) > 1:
        return
    marks = {column.index: column for column in named}
    heading.columns = [marks.get(column.index, column) for column in heading.columns]
    label = " ".join(heading.levels.get(named[0].index, [])[:-1]) or " / ".join(column.label for column in named)
    heading.columns.append(Column(width, label, Role.TITLE))
    heading.width = width + 1
    heading.names_under = tuple(marks)


def _mark_of_names(column: Column, levels: list[str], fields: FieldBook) -> Column:
    """What stands over a column of names as a mark of what they are."""
    words = [plain(label) for label in reversed(levels)]
    return replace(
        column,
        role=Role.MARK,
        kind=next(filter(None, map(match_kind, words)), None),
        subject_kind=next(filter(None, map(subject_kind_in, words)), None),
        field_id=next(filter(None, (fields.match(_OF_NAMES.sub("", label)) for label in words)), None),
    )


def _below_title(heading: Heading) -> list[Column]:
    """The columns below one heading that speaks of the models' names; of fields that each name models."""
    groups: dict[str, list[Column]] = {}
    for column in heading.columns:
        first, *below = heading.levels.get(column.index, [column.label])
        is_named = column.role == Role.FIELD and _OF_FIELD.search(plain(first))
        if is_named or (column.role == Role.MARK and below and _NAMES_MODELS.search(plain(first))):
            groups.setdefault("" if is_named else first, []).append(column)
    named = [columns for columns in groups.values() if len(columns) > 1]
    return named[0] if len(named) == 1 else []


def _heads_of_models(heading: Heading) -> list[Column]:
    """'Mô hình mới' beside 'Mô hình duy trì' where no other heading speaks of models or of what they are."""
    own = {column.index: plain(heading.levels.get(column.index, [""])[-1]) for column in heading.columns}
    named = [it for it in heading.columns if it.role == Role.MARK and _MODELS.search(own[it.index])]
    others = [label for at, label in own.items() if at not in {it.index for it in named}]
    others += [plain(label) for _, label in heading.ignored]
    is_told = heading.has(Role.CONTENT) or any(_SPEAKS.search(label) for label in others)
    return [] if is_told else named


def _part_subjects(heading: Heading) -> None:
    """'Tên tập thể' beside 'Họ tên cá nhân': the name stands under what it is the name of."""
    named = [column for column in heading.columns if column.role == Role.SUBJECT and _NAMED_BY_KIND.match(plain(column.label))]
    kinds = ["tap the" in plain(column.label) for column in named]
    if sorted(kinds) == [False, True]:
        for column, collective in zip(named, kinds, strict=True):
            kind = SubjectKind.COLLECTIVE if collective else SubjectKind.INDIVIDUAL
            heading.columns[heading.columns.index(column)] = replace(column, role=Role.MARK, subject_kind=kind)


def _pair_with_individuals(heading: Heading) -> None:
    """'TT' is a number's heading, but a second one beside 'CN' is short for 'tập thể'."""
    numbers = [column for column in heading.columns if column.role == Role.NUMBER]
    marks = {column.index for column in heading.columns if column.subject_kind == SubjectKind.INDIVIDUAL}
    if len(numbers) > 1 and plain(numbers[-1].label) == "tt" and numbers[-1].index + 1 in marks:
        at = heading.columns.index(numbers[-1])
        heading.columns[at] = replace(numbers[-1], role=Role.MARK, subject_kind=SubjectKind.COLLECTIVE)


_SUM = re.compile(r"^(tong|cong|tong so|tong cong)$")


def _under_kinds(labels: list[str]) -> bool:
    """'TT' is a number's heading, but under 'Loại hình' it is short for 'tập thể'."""
    return len(labels) > 1 and any(re.match(r"^(loai hinh|hinh thuc|doi tuong)", plain(label)) for label in labels[:-1])


def spread(cells: list[str], below: list[tuple[int, list[str]]], width: int) -> list[str]:
    """A merged heading stands in its first cell: give it to the empty cells right of it that have a heading below."""
    spread, last = [], ""
    for index in range(width):
        own = cell_at(cells, index)
        under = any(cell_at(row, index) for _, row in below)
        last = own or (last if under else "")
        spread.append(last)
    return spread


def cell_at(cells: list[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def column_of(index: int, label: str, fields: FieldBook) -> Column | None:
    """What a column, or a line of a form, holds by its label; None for words that are no label."""
    found = _role_of(label, fields)
    if found is None:
        return None
    role, value, how = found
    match value:
        case Kind():
            return Column(index, label, role, kind=value)
        case SubjectKind():
            return Column(index, label, role, subject_kind=value)
        case int():
            return Column(index, label, role, field_id=value)
        case str():
            return Column(index, label, role, box=value)
    return Column(index, label, role, how=how)


def _role_of(label: str, fields: FieldBook) -> tuple[Role, Any, str] | None:
    """(role, what a mark says or the name of a box, how the words said it); None for words that are no heading."""
    if len(label) > 120:
        return None
    label = _TO_MARK.sub("", label)
    found, remark = _by_label(label, fields), _REMARK.search(label)
    bare = label[: remark.start()] if remark else ""
    if not remark or not bare:
        return found
    outside = _by_label(bare, fields)
    if found is None or (outside and outside[0] == Role.TITLE):  # "Tập thể (ghi tên)", "Tên mô hình (lĩnh vực; mới hay duy trì)"
        return outside
    if found[0] == Role.CONTENT and (inside := _by_label(remark[0].strip(" ()"), fields)) and inside[0] == Role.TITLE:
        return inside  # "Nội dung đăng ký (tên mô hình)"
    return found


def _by_label(label: str, fields: FieldBook) -> tuple[Role, Any, str] | None:
    if (field_id := fields.match(label)) is not None:
        return Role.MARK, field_id, HEADED
    words = plain(label)
    if _PATTERNS[0][1].search(words):
        return Role.NUMBER, None, HEADED
    if subject_kind := match_subject_kind(words):
        return Role.MARK, subject_kind, HEADED
    if kind := heads_kind(words):
        return Role.MARK, kind, HEADED
    return _by_words(words)


@lru_cache(maxsize=4096)
def _by_words(words: str) -> tuple[Role, Any, str] | None:
    if box := next((name for name, pattern in _BOXES if pattern.search(words)), ""):
        return Role.BOX, box, HEADED
    if role := next((role for role, pattern in _PATTERNS if pattern.search(words)), None):
        return role, None, HEADED
    whole = " ".join(_WHOLE.get(word, word) for word in words.split())
    if whole != words and (role := next((role for role, pattern in _PATTERNS if pattern.search(whole)), None)):
        return role, None, SHORT
    if len(words) <= 40:
        short = next((role for role, phrases in _PHRASES if any(stands_for(words, phrase) for phrase in phrases)), None)
        if short:
            return short, None, SHORT
    where = _WHERE.sub("", words)
    if where != words and (found := _by_words(where.removesuffix(" nao"))) and found[0] in (Role.PLACE, Role.HAMLET):
        return found  # "Ở thôn", "Làm ở thôn nào"
    return None


@lru_cache(maxsize=4096)
def plain(label: str) -> str:
    """A label's words, folded and without their number."""
    return re.sub(r"\s+", " ", re.sub(r"^\(?\d{1,2}\)?\s+", "", compare_key(label))).strip()
