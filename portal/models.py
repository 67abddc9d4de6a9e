"""What the portal itself keeps: texts, stories and guides, requests to correct, the yearly booklet."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.dates import today
from common.models import Job
from common.text import paragraphs
from models_registry.models import EmulationModel, Season
from organisation.models import Unit
from portal.enums import RequestKind, RequestState, StoryKind
from portal.validators import contact_uri


class PortalText(models.Model):
    """A text of the public pages that an administrator chooses, in Markdown."""

    class Key(models.TextChoices):
        LICENCE = "giay-phep", "Giấy phép dữ liệu mở"
        SECURITY = "bao-mat", "Nơi nhận báo lỗi bảo mật"

    key = models.CharField("chỗ", max_length=20, choices=Key.choices, primary_key=True)
    body = models.TextField(
        "nội dung",
        help_text="Viết chữ thường; **đậm**, *nghiêng*, - gạch đầu dòng, [chữ](địa chỉ). Nơi nhận báo lỗi bảo mật: mỗi dòng một "
        "thư điện tử, số điện thoại dạng +84… hoặc địa chỉ https://…, cách nào nên dùng trước viết trước.",
    )
    changed_at = models.DateTimeField("sửa lúc", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "chữ trên cổng"

    def __str__(self) -> str:
        return str(self.get_key_display())

    def clean(self) -> None:
        if self.key == self.Key.SECURITY and (wrong := [line for line in paragraphs(self.body) if not contact_uri(line)]):
            raise ValidationError({"body": f"Không phải thư điện tử, số điện thoại dạng +84… hay địa chỉ https://…: {wrong[0]}"})


class Story(models.Model):
    """News, a story, or a guide: Markdown, tied to the models that it tells of. Public from `published_on` on."""

    slug = models.SlugField("địa chỉ", max_length=120, unique=True)
    kind = models.CharField("loại", max_length=10, choices=StoryKind.choices)
    title = models.CharField("tên bài", max_length=200)
    summary = models.CharField("tóm tắt", max_length=400)
    body = models.TextField("nội dung")
    about = models.ManyToManyField(EmulationModel, related_name="stories", blank=True, verbose_name="mô hình")
    published_on = models.DateField("ngày đăng", null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "bài viết"
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="story_kind_known", condition=Q(kind__in=StoryKind.values)),
            models.CheckConstraint(name="story_is_whole", condition=~Q(title="") & ~Q(summary="") & ~Q(body="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:story", args=[self.slug])

    @property
    def is_told(self) -> bool:
        """Whether everybody reads it by now."""
        return self.published_on is not None and self.published_on <= today()


class CorrectionRequest(models.Model):
    """Somebody asks that something public be corrected or taken away. How to reach them is forgotten FORGET days after the
    answer; the code lets them read it without saying who they are.
    """

    FORGET = timedelta(days=90)

    page = models.CharField("trang", max_length=300)
    kind = models.CharField("việc", max_length=10, choices=RequestKind.choices)
    words = models.TextField("nội dung")
    name = models.CharField("người gửi", max_length=100, blank=True)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    sent_at = models.DateTimeField("gửi lúc", auto_now_add=True)
    state = models.CharField("trạng thái", max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True)
    code = models.CharField("mã tra cứu", max_length=24, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "yêu cầu sửa, gỡ"
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["state", "-sent_at"], name="request_by_state")]
        constraints = [
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="request_answered_whole",
                condition=Q(state=RequestState.OPEN, answered_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.page}"

    @property
    def audit_name(self) -> str:
        return f"Yêu cầu số {self.pk}"


class PublicContact(models.Model):
    """Whom the public asks about a unit's models: an office, or a person who agreed to it on a day."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="public_contact", verbose_name="đơn vị")
    office = models.CharField("bộ phận hoặc người trả lời", max_length=150)
    phone = models.CharField("số điện thoại", max_length=40, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    address = models.CharField("địa chỉ", max_length=200, blank=True)
    is_person = models.BooleanField("là số, thư riêng của một người", default=False)
    agreed_on = models.DateField("người ấy đồng ý ngày", null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "liên hệ công khai"
        constraints = [
            models.CheckConstraint(
                name="contact_leads_somewhere", condition=~Q(office="") & (~Q(phone="") | ~Q(email="") | ~Q(address=""))
            ),
            models.CheckConstraint(
                name="contact_of_person_agreed",
                condition=Q(is_person=False, agreed_on__isnull=True) | Q(is_person=True, agreed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.office


class Booklet(models.Model):
    """The booklet of a season's recognised models as PDF (Sổ tay mô hình), made in the background."""

    season = models.OneToOneField(Season, models.CASCADE, related_name="booklet")
    file = models.FileField(upload_to="so-tay", blank=True)
    number = models.PositiveIntegerField("số mô hình", default=0)
    size = models.PositiveIntegerField("số byte", default=0)
    made_at = models.DateTimeField("lập lúc", null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "sổ tay"

    def __str__(self) -> str:
        return f"Sổ tay mô hình {self.season}"


class TourEnd(models.Model):
    """Who has closed the tour of the first day, for good."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    closed_at = models.DateTimeField("đóng lúc", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "đã đóng phần làm quen"

    def __str__(self) -> str:
        return f"{self.user}"
