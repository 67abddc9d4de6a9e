import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from common.models import Job
from models_registry.enums import ImportState, Kind, SubjectKind
from organisation.models import Unit

TITLE_LIMIT = 500
SUBJECT_LIMIT = 300


class Period(models.Model):
    """A period of the movement, e.g. 2021-2025."""

    name = models.CharField("giai đoạn", max_length=20, unique=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    basis = models.TextField("văn bản căn cứ", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "giai đoạn"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(name="period_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """A year of the movement: when one may register, on which day the figures close, on what paper it rests."""

    year = models.PositiveSmallIntegerField("năm", unique=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="seasons", verbose_name="giai đoạn")
    opens_on = models.DateField("nhận đăng ký từ ngày")
    closes_on = models.DateField("đến hết ngày")
    cutoff_on = models.DateField("ngày chốt số liệu")
    basis = models.TextField("văn bản căn cứ", blank=True, help_text="Số, ngày, cơ quan ban hành.")
    basis_source = models.CharField("nguồn", max_length=300, blank=True)
    is_illustrative = models.BooleanField(
        "dữ liệu minh họa", default=False, help_text="Mọi trang có số liệu của năm này đều ghi “Dữ liệu minh họa”."
    )

    class Meta:
        verbose_name = verbose_name_plural = "năm thi đua"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="season_year_in_reach",
                condition=Q(year__gte=1990, year__lte=2100),
                violation_error_message="Năm thi đua nằm trong khoảng 1990 đến 2100.",
            ),
            models.CheckConstraint(
                name="season_window_in_order",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="Ngày cuối nhận đăng ký không được trước ngày đầu.",
            ),
            models.CheckConstraint(
                name="season_cutoff_after_opening",
                condition=Q(cutoff_on__gte=F("opens_on")),
                violation_error_message="Ngày chốt số liệu không được trước ngày mở đăng ký.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def last_day(self) -> date:
        return max(self.closes_on, self.cutoff_on)


class Field(models.Model):
    """One of the fields that models are registered in."""

    name = models.CharField("lĩnh vực", max_length=100, unique=True)
    short_name = models.CharField("tên ngắn", max_length=30)
    slug = models.SlugField("mã trên địa chỉ", max_length=40, unique=True)
    synonyms = models.TextField("cách viết khác", blank=True, help_text="Mỗi dòng một cách viết gặp trong sổ, ví dụ QP-AN.")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "lĩnh vực"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A theme that a plan gives a period, in an officer's words: an empty label is printed nowhere."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="themes", verbose_name="giai đoạn")
    plan = models.CharField("kế hoạch", max_length=200, help_text="Số, ngày văn bản, ví dụ: Kế hoạch 189, 30/3/2020.")
    position = models.PositiveSmallIntegerField("thứ tự")
    label = models.CharField("nội dung", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chủ đề"
        ordering = ["period", "plan", "position"]
        constraints = [models.UniqueConstraint(name="theme_once", fields=["period", "plan", "position"])]

    def __str__(self) -> str:
        return self.label or f"{self.plan} ({self.position})"


class EmulationModel(models.Model):
    """A model "Dân vận khéo": it lives for years; each year has a registration of its own."""

    slug = models.SlugField("địa chỉ", max_length=150, unique=True)
    title = models.CharField("tên mô hình", max_length=TITLE_LIMIT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    identity_key = models.CharField(max_length=32, editable=False)
    why = models.TextField("vì sao phải làm", blank=True)
    how = models.TextField("làm thế nào", blank=True, help_text="Mỗi dòng một bước; phần trước dấu hai chấm in đậm.")
    cost = models.TextField("chi phí", blank=True)
    outcome = models.TextField("kết quả", blank=True)
    spread = models.TextField("lan tỏa", blank=True)
    began = models.CharField("bắt đầu", max_length=60, blank=True, help_text="Ví dụ: 10/2020, tại thôn Xuân Điền.")
    source = models.CharField("nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mô hình"
        indexes = [models.Index(fields=["unit", "identity_key"], name="model_identity")]
        constraints = [models.CheckConstraint(name="model_has_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:model", args=[self.slug])


class OutputMeasure(models.Model):
    """A measured result on a day: what, counted in what, how many. "hơn 136" keeps its qualifier."""

    class Precision(models.TextChoices):
        DAY = "day", "ngày"
        MONTH = "month", "tháng"

    model = models.ForeignKey(EmulationModel, models.CASCADE, related_name="measures", verbose_name="mô hình")
    what = models.CharField("đo cái gì", max_length=200)
    counting_unit = models.CharField("đơn vị tính", max_length=30)
    quantity = models.DecimalField("số lượng", max_digits=14, decimal_places=2)
    qualifier = models.CharField("mức chính xác", max_length=20, blank=True, help_text="Ví dụ: hơn, gần.")
    as_of = models.DateField("tính đến")
    as_of_precision = models.CharField("chính xác đến", max_length=5, choices=Precision.choices, default=Precision.DAY)
    source = models.CharField("nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả đo được"
        ordering = ["as_of", "pk"]
        constraints = [
            models.CheckConstraint(name="measure_not_negative", condition=Q(quantity__gte=0)),
            models.UniqueConstraint(name="measure_once", fields=["model", "what", "as_of"]),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:g} {self.counting_unit}"


class RegisterImport(models.Model):
    """A unit's register that was uploaded or given to a command: the file, what was understood, what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="imports", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imports", verbose_name="đơn vị")
    file = models.FileField("tệp", upload_to="registers/%Y/", blank=True)
    file_name = models.CharField("tên tệp", max_length=255)
    state = models.CharField("trạng thái", max_length=10, choices=ImportState.choices, default=ImportState.READING)
    accept_valid = models.BooleanField("nạp dòng đúng, bỏ dòng sai", default=False)
    report = models.JSONField("kết quả", default=dict)
    error = models.TextField("lỗi", blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="người nạp"
    )
    created_at = models.DateTimeField("lúc gửi", auto_now_add=True)
    stored_at = models.DateTimeField("lúc nạp", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "lần nạp sổ"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["season", "unit", "-created_at"], name="import_by_unit")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.season})"

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has, or will have, something to do for it."""
        waits = self.state in (ImportState.READING, ImportState.STORING)
        return waits and (self.job is None or self.job.is_open)


class Registration(models.Model):
    """One model in one season by one unit, as it stood in the unit's register. Facts have dates; nothing here is a status.

    `honour_rank` and `is_latest` repeat, for the catalogue's order and filters, what the dated facts say today; no
    figure is ever counted from them.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="registrations", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registrations", verbose_name="đơn vị")
    place = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa bàn (đơn vị)")
    model = models.ForeignKey(EmulationModel, models.PROTECT, related_name="registrations", verbose_name="mô hình")
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", verbose_name="lĩnh vực")
    kind = models.CharField("đăng ký", max_length=10, choices=Kind.choices)
    subject_kind = models.CharField("loại hình", max_length=10, choices=SubjectKind.choices)
    title = models.CharField("tên mô hình", max_length=TITLE_LIMIT)
    subject = models.CharField("tập thể, cá nhân thực hiện", max_length=SUBJECT_LIMIT, blank=True)
    unit_name = models.CharField("tên đơn vị lúc đăng ký", max_length=200)
    place_name = models.CharField("địa bàn lúc đăng ký", max_length=200, blank=True)
    content = models.TextField("nội dung, cách làm", blank=True)
    note = models.TextField("ghi chú", blank=True)
    registered_on = models.DateField("ngày đăng ký")
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)
    honour_rank = models.PositiveSmallIntegerField(default=0, editable=False)
    is_latest = models.BooleanField(default=True, editable=False)
    identity_key = models.CharField(max_length=32, editable=False)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=256, editable=False)
    imported_by = models.ForeignKey(RegisterImport, models.SET_NULL, null=True, editable=False, related_name="+")
    imported_from = models.CharField("dòng trong sổ", max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "đăng ký"
        constraints = [
            models.UniqueConstraint(name="one_registration_per_season", fields=["model", "season"]),
            models.UniqueConstraint(name="one_row_per_register", fields=["season", "unit", "identity_key"]),
            models.UniqueConstraint(name="one_latest_per_model", fields=["model"], condition=Q(is_latest=True)),
            models.CheckConstraint(
                name="withdrawn_not_before_registered",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("registered_on")),
                violation_error_message="Ngày rút không được trước ngày đăng ký.",
            ),
            models.CheckConstraint(name="registration_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="registration_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="subject_kind_known", condition=Q(subject_kind__in=SubjectKind.values)),
        ]
        indexes = [
            # The tally reads this index alone: a season's rows in the order they are grouped by, with every dated fact.
            models.Index(
                name="tally_cover",
                fields=["season", "unit", "field", "kind", "subject_kind", "registered_on", "withdrawn_on"],
            ),
            models.Index(
                name="catalogue_season",
                fields=["season", "-honour_rank", "sort_key", "id"],
                condition=Q(withdrawn_on__isnull=True),
            ),
            models.Index(
                name="catalogue_latest",
                fields=["-honour_rank", "sort_key", "id"],
                condition=Q(withdrawn_on__isnull=True, is_latest=True),
            ),
            models.Index(fields=["season", "unit", "place"], name="register_by_place"),
        ]

    def __str__(self) -> str:
        return self.title


class CatalogueCount(models.Model):
    """How many registrations stand in the catalogue, by everything it can be filtered by.

    Kept by `services.refresh_counts` in the transaction that changes a registration, so that the filters' counts cost
    the same at a thousand models and at a million. `season` empty: each model once, by its latest registration.
    """

    season = models.ForeignKey(Season, models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    field = models.ForeignKey(Field, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=10)
    honour_rank = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["season", "unit"], name="count_by_season_unit")]

    def __str__(self) -> str:
        return f"{self.total}"
