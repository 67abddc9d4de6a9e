"""What things are called, by date: the province, its levels, the roles. A row is in force from its day until the next one's."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, gettext

from common.remember import remembered
from organisation.roles import CHOICES, ROLES

FROM_THE_FIRST = Coalesce("valid_from", Value(date.min))


THERE_ALREADY = "Đã có bản dùng từ ngày này; xin sửa bản ấy."


def _once(*expressions: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(*expressions, FROM_THE_FIRST, name=name, violation_error_message=THERE_ALREADY)


class Dated(models.Model):
    """No row has an end: two cannot be in force on one day, and no day is without one."""

    valid_from = models.DateField("dùng từ ngày", null=True, blank=True, help_text="Để trống: dùng từ đầu.")

    class Meta:
        abstract = True

    def said(self, field: str) -> str:
        """A field in the page's language; in Vietnamese where no English was written."""
        english = getattr(self, f"{field}_en", "") if get_language() == "en" else ""
        return str(english or getattr(self, field))


class ProvinceRecord(Dated):
    """What the portal calls the province, its committee and the board that runs the movement, and how these are reached."""

    name = models.CharField("tên gọn", max_length=100, help_text="Bỏ chữ “tỉnh”, “thành phố”. Ghi trên tên trang, nguồn tin.")
    full_name = models.CharField("tên đủ", max_length=120, help_text="Như viết giữa câu: tỉnh A, thành phố B.")
    committee = models.CharField("cấp ủy", max_length=150, help_text="Tỉnh ủy A, Thành ủy B.")
    committee_symbol = models.CharField("ký hiệu của cấp ủy", max_length=20, blank=True, help_text="Sau dấu gạch chéo: TU.")
    board = models.CharField("cơ quan chủ quản", max_length=200, help_text="Ban tham mưu giữ cổng, ghi đủ tên.")
    board_symbol = models.CharField("ký hiệu của cơ quan chủ quản", max_length=20, blank=True)
    contact = models.TextField("liên hệ", blank=True, help_text="Mỗi dòng một cách: địa chỉ, điện thoại, thư.")
    foot = models.CharField("ghi thêm ở chân trang", max_length=300, blank=True)
    map_title = models.CharField("tên trang bản đồ", max_length=150, blank=True)
    map_note = models.CharField("ghi chú dưới bản đồ", max_length=300, blank=True)
    name_en = models.CharField("tên gọn, tiếng Anh", max_length=100, blank=True)
    full_name_en = models.CharField("tên đủ, tiếng Anh", max_length=120, blank=True)
    committee_en = models.CharField("cấp ủy, tiếng Anh", max_length=150, blank=True)
    board_en = models.CharField("cơ quan chủ quản, tiếng Anh", max_length=200, blank=True)
    foot_en = models.CharField("ghi thêm ở chân trang, tiếng Anh", max_length=300, blank=True)
    map_title_en = models.CharField("tên trang bản đồ, tiếng Anh", max_length=150, blank=True)
    map_note_en = models.CharField("ghi chú dưới bản đồ, tiếng Anh", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tên tỉnh và cơ quan chủ quản"
        ordering = ["-valid_from"]
        constraints = [
            _once(name="province_record_once"),
            models.CheckConstraint(name="province_record_has_names", condition=~Q(name="") & ~Q(committee="") & ~Q(board="")),
        ]

    def __str__(self) -> str:
        return self.committee


class LevelName(Dated):
    """What the units of a level, and the honour that they give, are called."""

    level = models.ForeignKey("organisation.Level", models.PROTECT, related_name="names", verbose_name="cấp")
    name = models.CharField("tên nhóm đơn vị", max_length=100)
    honour_name = models.CharField("tên mức công nhận", max_length=60, help_text="Viết hoa chữ đầu, như trên quyết định: Cấp A.")
    counted = models.CharField(
        "gọi khi đếm", max_length=100, blank=True, help_text="Viết thường, theo địa bàn. Để trống thì dùng tên nhóm đơn vị."
    )
    name_en = models.CharField("tên nhóm đơn vị, tiếng Anh", max_length=100, blank=True)
    honour_name_en = models.CharField("tên mức công nhận, tiếng Anh", max_length=60, blank=True)
    counted_en = models.CharField("gọi khi đếm, tiếng Anh", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tên cấp"
        ordering = ["-level__rank", "level__key", "-valid_from"]
        constraints = [
            _once("level", name="level_name_once"),
            models.CheckConstraint(name="level_name_has_words", condition=~Q(name="") & ~Q(honour_name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def said_name(self) -> str:
        return self.said("name")

    @property
    def said_honour(self) -> str:
        return self.said("honour_name")

    @property
    def said_counted(self) -> str:
        """As after a number, or in a sentence."""
        written = self.said("counted")
        return written or _lowered(self.said_name)

    @property
    def honour(self) -> str:
        """As in a sentence: 'cấp tỉnh'."""
        return _lowered(self.honour_name)

    @property
    def said_level(self) -> str:
        """`honour` in the page's language."""
        return _lowered(self.said_honour)

    @property
    def tier(self) -> str:
        """Who recognises, over a column: 'Tỉnh' for 'Cấp tỉnh'."""
        return _raised(self.place)

    @property
    def place(self) -> str:
        """What the level's units are, in a sentence: 'tỉnh' for 'Cấp tỉnh'."""
        return self.honour.removeprefix("cấp ")

    @property
    def said_place(self) -> str:
        """`place` in the page's language."""
        english = self.honour_name_en if get_language() == "en" else ""
        return english.removesuffix(" level").lower() or self.place

    @property
    def said_tier(self) -> str:
        english = get_language() == "en" and self.honour_name_en
        return english or self.tier


class RoleName(Dated):
    """What a role is called."""

    role = models.CharField("vai trò", max_length=30, choices=CHOICES)
    name = models.CharField("tên", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "tên vai trò"
        ordering = ["role", "-valid_from"]
        constraints = [
            _once("role", name="role_name_once"),
            models.CheckConstraint(name="role_name_known_role", condition=Q(role__in=sorted(ROLES)) & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


def _raised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


Row = TypeVar("Row", bound=Dated)


def in_force(rows: list[Row], day: date) -> Row | None:
    """The row of a day; before the first one's day that one."""
    begun = [row for row in rows if row.valid_from is None or row.valid_from <= day]
    return max(begun, key=_begins) if begun else min(rows, key=_begins, default=None)


def _begins(row: Dated) -> date:
    return row.valid_from or date.min


@dataclass(frozen=True)
class Province:
    """`ProvinceRecord` as a page or a paper says it. Empty where an administrator has written none yet."""

    name: str = ""
    full_name: str = "tỉnh"
    committee: str = ""
    board: str = ""
    contact: str = ""
    foot: str = ""
    map_title: str = ""
    map_note: str = ""


class Names:
    """All names there are, read as they are asked for: one query for each kind."""

    @cached_property
    def provinces(self) -> list[ProvinceRecord]:
        return list(ProvinceRecord.objects.all())

    @cached_property
    def levels(self) -> dict[int, list[LevelName]]:
        return _grouped(LevelName.objects.order_by().select_related("level"), "level_id")

    @cached_property
    def head(self) -> list[LevelName]:
        """Of the highest level that gathers registers."""
        gathering = [rows for rows in self.levels.values() if rows[0].level.gathers_registers]
        return max(gathering, key=lambda rows: rows[0].level.rank, default=[])

    @cached_property
    def roles(self) -> dict[str, list[RoleName]]:
        return _grouped(RoleName.objects.order_by(), "role")

    def of_level(self, level_id: int, day: date) -> LevelName:
        return in_force(self.levels.get(level_id, []), day) or LevelName(name="–", honour_name="–")

    def of_role(self, role: str, day: date) -> str:
        found = in_force(self.roles.get(role, []), day)
        return found.name if found else ROLES[role].name


def _grouped(rows: Any, field: str) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return dict(found)


_of_request: ContextVar[Names | None] = ContextVar("names_of_request", default=None)


@remembered(size=1)
def _names() -> Names:
    return Names()


def names() -> Names:
    """The names as this request, else this process, remembers them."""
    return _of_request.get() or _names()


@contextmanager
def names_of_request() -> Iterator[None]:
    """Read them once for all that happens within."""
    token = _of_request.set(_names())
    try:
        yield
    finally:
        _of_request.reset(token)


def head_level_on(day: date) -> LevelName:
    """What the highest level that gathers registers is called on a day: a province, or a city directly under the centre."""
    return in_force(names().head, day) or LevelName(honour_name="Cấp tỉnh")


def province_on(day: date) -> Province:
    """The province as papers call it on a day."""
    found = in_force(names().provinces, day)
    return Province(**{field.name: getattr(found, field.name) for field in fields(Province)}) if found else Province()


def said_province(day: date) -> Province:
    """The province as a page calls it on a day, in the page's language."""
    found = in_force(names().provinces, day)
    if found is None:
        return Province(full_name=gettext(Province.full_name))
    return Province(**{field.name: found.said(field.name) for field in fields(Province)})


@dataclass(frozen=True)
class BoardSymbol:
    """How an advising board's papers are signed for any committee: 'BDV' before the committee's own symbol."""

    prefix: str
    board: str
    """Its name without the committee's."""


def committee_symbols() -> frozenset[str]:
    """The symbols of the province's committee, of any day."""
    return frozenset(record.committee_symbol for record in names().provinces if record.committee_symbol)


def board_symbols(day: date) -> list[BoardSymbol]:
    """The advising boards that there have been, that of the day first."""
    records = names().provinces
    now = in_force(records, day)
    return [
        BoardSymbol(
            record.board_symbol.removesuffix(record.committee_symbol), record.board.removesuffix(record.committee).strip()
        )
        for record in sorted(records, key=lambda record: record is not now)
        if record.board_symbol
    ]


def role_name(role: str, day: date) -> str:
    return names().of_role(role, day)
