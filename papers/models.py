"""How a body's papers look on a day, which numbers were given, and the Word files that an office wrote for itself."""

import uuid
from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from organisation.models import Unit
from papers.enums import Layout, Spelling, Symbol
from papers.signatures import Signature


class Letterhead(models.Model):
    """The head and the signature of a body's papers from a day on. A change is a new row: papers keep those of their day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="letterheads", verbose_name="đơn vị")
    suffix = models.CharField("ký hiệu cơ quan", max_length=20, help_text="Phần sau dấu gạch chéo: BDVTU, HU, ThU, TU.")
    valid_from = models.DateField("dùng từ ngày")
    layout = models.CharField("thể thức", max_length=5, choices=Layout.choices, default=Layout.PARTY)
    body_name = models.CharField("tên cơ quan trên giấy", max_length=150)
    superior_name = models.CharField("tên cơ quan cấp trên trên giấy", max_length=150, blank=True)
    place = models.CharField("địa danh", max_length=80, help_text="Viết trước ngày tháng trên giấy tờ.")
    authority = models.CharField(
        "thẩm quyền ký", max_length=120, blank=True, help_text="T/M BAN THƯỜNG VỤ; để trống nếu ký trực tiếp."
    )
    signer_title = models.CharField("chức vụ người ký", max_length=120)
    signer_name = models.CharField("người ký", max_length=100)
    term = models.CharField(
        "nhiệm kỳ", max_length=20, help_text="Số văn bản của Đảng chạy theo nhiệm kỳ: năm đầu, gạch nối, năm cuối.", blank=True
    )
    recipients = models.TextField("nơi nhận", blank=True, help_text="Mỗi dòng một nơi.")
    spelling = models.CharField("viết ủy hay uỷ", max_length=2, choices=Spelling.choices, default=Spelling.UY)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "thể thức giấy tờ"
        ordering = ["unit", "suffix", "-valid_from"]
        constraints = [
            models.UniqueConstraint(name="letterhead_once", fields=["unit", "suffix", "valid_from"]),
            models.CheckConstraint(name="party_numbers_by_term", condition=Q(layout=Layout.STATE) | ~Q(term="")),
        ]

    def __str__(self) -> str:
        return self.body_name


class PaperNumber(models.Model):
    """A number that was given: never twice for one body, kind of paper and term (the State counts by year)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="paper_numbers", verbose_name="đơn vị")
    suffix = models.CharField("ký hiệu cơ quan", max_length=20)
    symbol = models.CharField("loại giấy tờ", max_length=5, choices=Symbol.choices)
    term = models.CharField("nhiệm kỳ hoặc năm", max_length=20)
    number = models.PositiveIntegerField("số")
    dated_on = models.DateField("ngày")
    subject = models.CharField("trích yếu", max_length=300, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "số đã cấp"
        ordering = ["unit", "symbol", "-number"]
        constraints = [
            models.UniqueConstraint(name="paper_number_once", fields=["unit", "suffix", "symbol", "term", "number"]),
            models.CheckConstraint(name="paper_number_counts_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.symbol}/{self.suffix}"


class PaperTemplate(models.Model):
    """A Word file that an office wrote for a kind of paper. The newest is in force; earlier ones are kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="paper_templates", verbose_name="đơn vị")
    form = models.SlugField("mẫu", max_length=40)
    file = models.FileField(upload_to="templates/%Y/")
    file_name = models.CharField(max_length=255)
    placeholders = models.JSONField(default=list)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField("lúc có bản thay", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu Word"
        ordering = ["form", "-sent_at"]
        constraints = [
            models.UniqueConstraint(name="one_template_in_force", fields=["unit", "form"], condition=Q(replaced_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.file_name


class FormRecord(models.Model):
    """A form that somebody prescribed, as an officer entered it: what it is called, by which document, from when until when, and
    which one replaces it. The portal prints no number of a form that is not here.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="form_records", verbose_name="đơn vị")
    form = models.SlugField("giấy tờ của cổng", max_length=40, blank=True)
    number = models.CharField("ký hiệu mẫu", max_length=60)
    title = models.CharField("tên mẫu", max_length=200)
    issuer = models.CharField("cơ quan ban hành", max_length=150)
    document = models.CharField("theo văn bản", max_length=200)
    valid_from = models.DateField("dùng từ ngày")
    valid_to = models.DateField("dùng đến hết ngày", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="thay bằng"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "mẫu biểu"
        ordering = ["form", "-valid_from", "number"]
        constraints = [
            models.UniqueConstraint(name="form_record_once", fields=["unit", "number", "document"]),
            models.UniqueConstraint(
                name="one_form_record_in_force", fields=["unit", "form"], condition=Q(valid_to=None) & ~Q(form="")
            ),
            models.CheckConstraint(
                name="form_record_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from"))
            ),
            models.CheckConstraint(name="a_form_in_force_is_not_replaced", condition=Q(replaced_by=None) | ~Q(valid_to=None)),
        ]

    def __str__(self) -> str:
        return self.number

    def is_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class SentPaper(models.Model):
    """A paper that somebody sent, with what its digital signatures said when it came."""

    signatures = models.JSONField("chữ ký số lúc nhận", null=True, encoder=DjangoJSONEncoder)
    """Plain values of `Signature`; null where nobody looked."""

    class Meta:
        abstract = True

    @property
    def signed(self) -> list[Signature] | None:
        return None if self.signatures is None else [Signature.kept(plain) for plain in self.signatures]
