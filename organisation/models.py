import re
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone

from common.dates import today
from organisation.audit_words import action_words
from organisation.naming import LevelName, names, role_name
from organisation.roles import CHOICES, GUARDED, ROLES
from organisation.validators import check_succession, check_version


class Level(models.Model):
    """A level of the organisation, as data: the list changes, and what a level is called (`LevelName`)."""

    key = models.SlugField("mã", max_length=30, unique=True)
    rank = models.PositiveSmallIntegerField("bậc", help_text="Càng lên cao càng lớn; hai cấp ngang nhau cùng một bậc.")
    honour_slug = models.SlugField("mã mức công nhận trên địa chỉ", max_length=30)
    gathers_registers = models.BooleanField(
        "nhận sổ đăng ký", default=False, help_text="Các đơn vị trực thuộc cấp này báo cáo lên cấp này."
    )

    class Meta:
        verbose_name = verbose_name_plural = "cấp"
        ordering = ["-rank", "key"]

    def __str__(self) -> str:
        return self.names_on(today()).name

    def names_on(self, day: date) -> LevelName:
        return names().of_level(self.pk, day)


class Unit(models.Model):
    """A Party unit, known by its own key for ever. All that can change stands in its dated versions."""

    key = models.CharField("mã", max_length=100, unique=True)
    position = models.PositiveIntegerField("thứ tự", default=0, help_text="Thứ tự chính thức trong danh sách.")

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị"
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key

    def day_within(self, day: date) -> date:
        """The day, or the nearest one on which the unit was there."""
        return min((version.day_within(day) for version in self.versions.all()), key=lambda near: abs(near - day), default=day)


class VersionQuerySet(models.QuerySet["UnitVersion"]):
    def on(self, day: date) -> "VersionQuerySet":
        return self.filter(on_day(day))


def on_day(day: date, prefix: str = "") -> Q:
    """Valid on a day: from its first day on, up to the day before its end."""
    starts = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return starts & ends


PLACE_KINDS = "Thành phố|Thị xã|Huyện|Thị trấn|Phường|Xã|Đặc khu|Tỉnh"  # as the front of an official name says it
_PLACE_KIND = re.compile(rf"^({PLACE_KINDS})\s+(?=\D)")


class UnitVersion(models.Model):
    """What a unit was from a day to a day: name, level, parent, official code, coordinates."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="versions", verbose_name="đơn vị")
    name = models.CharField("tên", max_length=200)
    place = models.CharField("địa bàn", max_length=200, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp")
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="child_versions", verbose_name="đơn vị cấp trên"
    )
    official_code = models.CharField("mã hành chính", max_length=10, blank=True)
    latitude = models.DecimalField("vĩ độ", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("kinh độ", max_digits=9, decimal_places=6, null=True, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến trước ngày", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "thông tin đơn vị theo thời gian"
        ordering = ["unit__position", F("valid_from").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(name="unit_version_once", fields=["unit", "valid_from"]),
            models.UniqueConstraint(name="unit_version_first_once", fields=["unit"], condition=Q(valid_from__isnull=True)),
            models.CheckConstraint(
                name="unit_version_ends_after_start",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="unit_version_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
                violation_error_message="Một đơn vị không thể là cấp trên của chính nó.",
            ),
        ]
        indexes = [models.Index(fields=["parent", "valid_from", "valid_to"], name="unit_version_children")]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """'Hàm Thuận Bắc' for Huyện ủy Hàm Thuận Bắc; 'TT Ma Lâm' for a town; a committee without a place keeps its name."""
        if not self.place:
            return self.name
        match = _PLACE_KIND.match(self.place)
        if match and match[1] == "Thị trấn":
            return "TT " + self.place[match.end() :]
        return _PLACE_KIND.sub("", self.place)

    @property
    def place_kind(self) -> str:
        """'Xã', 'Phường', 'Thị trấn', 'Huyện' …; empty for a committee without a place."""
        match = _PLACE_KIND.match(self.place)
        return match[1] if match else ""

    def day_within(self, day: date) -> date:
        """The day, or the nearest one on which the unit was this."""
        day = max(day, self.valid_from) if self.valid_from else day
        return min(day, self.valid_to - timedelta(days=1)) if self.valid_to else day

    def clean(self) -> None:
        check_version(self)


class UnitSuccession(models.Model):
    """Who carries on what a unit did: renamed, merged into another, split into several."""

    class Kind(models.TextChoices):
        RENAME = "rename", "Đổi tên"
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="đơn vị trước")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins", verbose_name="đơn vị kế tục")
    effective_on = models.DateField("từ ngày")
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "kế tục đơn vị"
        ordering = ["effective_on", "predecessor__position"]
        constraints = [
            models.UniqueConstraint(name="succession_once", fields=["predecessor", "successor"]),
            models.CheckConstraint(
                name="succession_not_to_itself",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Một đơn vị không thể kế tục chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    def clean(self) -> None:
        check_succession(self)


class User(AbstractUser):
    """A person with an account. What the person may do follows from memberships alone."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("họ và tên", max_length=100, blank=True)
    password_set_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="người đặt mật khẩu"
    )
    """An administrator who set the password; none again once the person has chosen their own."""
    password_set_at = models.DateTimeField("lúc đặt mật khẩu", null=True, editable=False)
    password_confirmed_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name="người xác nhận mật khẩu"
    )
    password_confirmed_at = models.DateTimeField("lúc xác nhận mật khẩu", null=True, editable=False)

    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = "tài khoản"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def password_waits(self) -> bool:
        """An administrator set it, and a second person has not confirmed yet that its owner asked for it."""
        return self.password_set_by_id is not None and self.password_confirmed_at is None

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.username


Visitor = User | AnonymousUser
Reader = Visitor | None
"""Who asks for something: an officer or a visitor; None for what is read for everybody alike."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, day: date) -> "MembershipQuerySet":
        """Those that give rights on a day."""
        return self.confirmed().ending(day).filter(starts_on__lte=day)

    def confirmed(self) -> "MembershipQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> "MembershipQuerySet":
        return self.ending(today()).filter(confirmed_at__isnull=True)

    def ending(self, day: date) -> "MembershipQuerySet":
        """Those whose end, if there is one, is not before a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Membership(models.Model):
    """A role held in a unit, from a day to a day (both included), once it is confirmed.

    One that no second person must confirm is confirmed as it is given. `given_by` is empty for what a command gave: who has the
    machine's shell has everything anyway.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name="tài khoản")
    role = models.CharField("vai trò", max_length=30, choices=CHOICES)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="đơn vị")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="người giao"
    )
    given_at = models.DateTimeField("lúc giao", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="người xác nhận"
    )
    confirmed_at = models.DateTimeField("lúc xác nhận", null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "vai trò của tài khoản"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(name="membership_known_role", condition=Q(role__in=sorted(ROLES))),
            models.UniqueConstraint(name="membership_once", fields=["user", "role", "unit", "starts_on"]),
            models.CheckConstraint(
                name="membership_second_person",
                condition=~Q(role__in=GUARDED)
                | Q(given_by__isnull=True)
                | Q(confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_not_confirmed_by_giver",
                condition=Q(confirmed_by__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("given_by")) & ~Q(confirmed_by=F("user"))),
            ),
            models.CheckConstraint(
                name="membership_given_at_a_time", condition=Q(given_by__isnull=True) | Q(given_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{role_name(self.role, self.unit.day_within(self.starts_on))}, {self.unit}"

    @property
    def has_begun(self) -> bool:
        """Who it was given to may have acted by it: it is ended, neither changed nor deleted."""
        return self.pk is not None and not self.waits and self.starts_on <= today()

    @property
    def waits(self) -> bool:
        """For a second person to confirm it: it gives no right yet."""
        return self.confirmed_at is None


class RoleDemand(models.Model):
    """A role whose holders need a second step, besides those that settings.MFA_REQUIRED_ROLES names."""

    role = models.CharField("vai trò", max_length=30, choices=CHOICES, unique=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người đặt")
    since = models.DateTimeField("từ lúc", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "bước xác minh thứ hai"
        constraints = [models.CheckConstraint(name="demand_known_role", condition=Q(role__in=sorted(ROLES)))]

    def __str__(self) -> str:
        return role_name(self.role, today())


class AuditEvent(models.Model):
    """What was done, when, by whom, to what and why. Written once by `audit.record`, never changed: the database refuses it."""

    at = models.DateTimeField("lúc")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người làm")
    actor_name = models.CharField("tên người làm", max_length=150)
    action = models.CharField("việc", max_length=60)
    target_type = models.CharField("loại", max_length=60)
    target_id = models.CharField("mã", max_length=60)
    target_name = models.CharField("đối tượng", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị")
    note = models.TextField("lý do, ghi chú", blank=True)
    changes = models.JSONField("thay đổi", default=dict)
    digest = models.CharField("mã nội dung", max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-at"], name="audit_target"),
            models.Index(fields=["unit", "-at"], name="audit_unit"),
            models.Index(fields=["-at"], name="audit_at"),
        ]
        constraints = [models.CheckConstraint(name="audit_has_digest", condition=Exact(Length("digest"), 64))]

    def __str__(self) -> str:
        return f"{self.actor_name}: {action_words(self.action)} {self.target_name}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise ValidationError("Nhật ký chỉ được ghi thêm, không được sửa.")
        super().save(*args, **kwargs)


class AuditLink(models.Model):
    """An entry's place in the audit trail, without gaps from 1 on. The hash covers the entry and, through the hash before it, all
    earlier ones. Only the database writes it, by a trigger on AuditEvent.
    """

    number = models.PositiveBigIntegerField("số", primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="link", verbose_name="nhật ký")
    hash = models.CharField("mã", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "mắt xích nhật ký"
        ordering = ["number"]
        constraints = [models.CheckConstraint(name="audit_link_from_one", condition=Q(number__gte=1))]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
