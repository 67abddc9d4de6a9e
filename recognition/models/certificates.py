"""Certificates: where things stand on the sheet, what was printed, the batch that made the files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import Job
from models_registry.enums import SubjectKind
from organisation.models import Unit
from papers.models import PaperNumber
from recognition.models.decisions import Decision, Recognition


class CertificateLayout(models.Model):
    """Where the ten blocks stand, in millimetres, for one kind of sheet of one unit and one kind of subject."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="certificate_layouts", verbose_name="đơn vị")
    name = models.CharField("tên phôi", max_length=100)
    subject_kind = models.CharField("dùng cho", max_length=10, choices=SubjectKind.choices, blank=True)
    """Empty for both kinds."""
    width = models.PositiveSmallIntegerField("rộng (mm)", default=297)
    height = models.PositiveSmallIntegerField("cao (mm)", default=210)
    is_blank = models.BooleanField("in lên phôi có sẵn hoa văn", default=False)
    shift_x = models.DecimalField("dịch ngang (mm)", default=0, max_digits=4, decimal_places=1)
    shift_y = models.DecimalField("dịch dọc (mm)", default=0, max_digits=4, decimal_places=1)
    blocks = models.JSONField("vị trí các khối", default=dict)
    """{block: {"x", "y", "width" in mm, "size" in points, "align", "bold"}}; a block that is not there is not printed."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "mẫu phôi giấy công nhận"
        ordering = ["unit", "name", "subject_kind"]
        constraints = [
            models.UniqueConstraint(name="certificate_layout_once", fields=["unit", "name", "subject_kind"]),
            models.CheckConstraint(
                name="sheet_has_a_size", condition=Q(width__gte=100, width__lte=500, height__gte=100, height__lte=500)
            ),
            models.CheckConstraint(
                name="shift_is_fine", condition=Q(shift_x__gte=-20, shift_x__lte=20, shift_y__gte=-20, shift_y__lte=20)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CertificateBatch(models.Model):
    """The certificates of one decision, made in the background: one file each, and one of all for the printer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="batches")
    stock = models.CharField("phôi", max_length=100, blank=True)
    """The name of the sheets printed on; empty for plain A4."""
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    file = models.FileField(upload_to="certificates/%Y/", blank=True)
    note = models.CharField("lưu ý", max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "lần in giấy công nhận"
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"Giấy công nhận theo {self.decision}"


class Certificate(models.Model):
    """The certificate of one recognition: its number from the register, the code behind its QR, what was printed."""

    recognition = models.OneToOneField(Recognition, models.PROTECT, related_name="certificate")
    paper = models.OneToOneField(PaperNumber, models.PROTECT, related_name="certificate", verbose_name="số sổ cấp")
    code = models.SlugField("mã tra cứu", max_length=32, unique=True)
    printed = models.JSONField("chữ trên giấy", default=dict)
    file = models.FileField(upload_to="certificates/%Y/", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    signer = models.CharField("người ký số", max_length=200, blank=True)
    """Of the digital signature in the file, as its certificate names them; this and the rest are empty for a file without one."""
    signed_at = models.DateTimeField("lúc ký số", null=True)
    digest = models.CharField("SHA-256 của tệp đã ký", max_length=64, blank=True)
    signed_with = models.CharField("SHA-256 của chứng thư đã ký", max_length=64, blank=True)
    earlier = models.JSONField("SHA-256 của các bản ký đã được thay", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "giấy công nhận"
        constraints = [
            models.CheckConstraint(name="certificate_has_code", condition=~Q(code="")),
            models.CheckConstraint(
                name="certificate_is_signed_whole",
                condition=Q(signed_at__isnull=True, signer="", digest="", signed_with="")
                | (Q(signed_at__isnull=False) & ~Q(file="") & ~Q(signer="") & ~Q(digest="") & ~Q(signed_with="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Giấy số {self.paper.number}"
