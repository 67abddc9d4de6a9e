"""Models, their registrations of each season, measured results, uploads of registers, kept counts."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from common.models import Job
from common.numbers import write_number
from models_registry.enums import Action, ImportState, Kind, State, SubjectKind
from models_registry.models.seasons import Field, Season
from models_registry.transitions import can_happen
from organisation.models import Unit

TITLE_LIMIT = 500
SUBJECT_LIMIT = 300


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
    began = models.CharField("bắt đầu", max_length=60, blank=True, help_text="Tháng, năm và nơi làm đầu tiên.")
    source = models.CharField("nguồn", max_length=300, blank=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    """The model that it was found to be one with: it has no registration of its own, its address leads there."""

    class Meta:
        verbose_name = verbose_name_plural = "mô hình"
        indexes = [models.Index(fields=["unit", "identity_key"], name="model_identity")]
        constraints = [models.CheckConstraint(name="model_has_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:model", args=[self.slug])


class FormerSlug(models.Model):
    """An address that a model had: whoever keeps it is led to the one it has now."""

    slug = models.SlugField(max_length=150, unique=True)
    model = models.ForeignKey(EmulationModel, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


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
    source = models.CharField("nguồn, ai đếm", max_length=300, blank=True)
    evidence = models.ForeignKey(
        "models_registry.Attachment", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="minh chứng"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "kết quả đo được"
        ordering = ["as_of", "pk"]
        constraints = [
            models.CheckConstraint(name="measure_not_negative", condition=Q(quantity__gte=0)),
            models.UniqueConstraint(name="measure_once", fields=["model", "what", "as_of"]),
        ]

    def __str__(self) -> str:
        return f"{write_number(self.quantity)} {self.counting_unit}"


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
    mends = models.JSONField("ô đã sửa", default=dict)
    """What was typed over its cells on the page: {"sheet!row": {part of a row (`registers.reading.PARTS`): text}}; in uploads of before
    the review table, a column's letter instead of the part.
    """
    answers = models.JSONField("đã trả lời", null=True)
    """What was answered before storing of what rows carry on: {"sheet!row": id of the earlier registration, 0 for none of them}."""
    takes = models.JSONField("nhận cả dòng ẩn, gạch ngang", default=list)
    """Which rows that the file hides or strikes through count: codes of `registers.reading.SET_ASIDE`."""
    mapping = models.JSONField("cách đọc", default=dict)
    """What was said by hand of how the file is read (`registers.mapping`); empty: all is guessed."""
    mapped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    mappable = models.BooleanField("đọc được nếu chỉ cột", default=False)
    """Whether the file was refused for its table alone, which somebody can explain by hand."""
    head_keys = models.JSONField("tiêu đề", default=list)
    """`selectors.mapping.key_of` of the headings that it was read by, or, where none was found, of each of its first rows."""
    undo = models.JSONField("giá trị cũ", default=dict)
    """What an undo puts back: {registration id: {column: old value}} of the rows that this upload changed."""
    undone_at = models.DateTimeField("lúc hủy", null=True)
    discarded_at = models.DateTimeField("lúc bỏ", null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người nạp"
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

    @property
    def may_be_mapped(self) -> bool:
        """Whether it can be said by hand how its file is read."""
        unread = self.state == ImportState.REFUSED and self.mappable
        return bool(self.file) and (self.state == ImportState.READ or unread)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def in_register(self) -> "RegistrationQuerySet":
        """Those that stand in a register, withdrawn since or not: what the public sees and what figures count."""
        return self.filter(registered_on__isnull=False)


class Registration(models.Model):
    """One model in one season by one unit: the line of the unit's register.

    Written online it begins as a draft; `state` says where it is on its way. It stands in the register from the moment
    that `registered_on` is set, which accepting it does; figures count by the dated facts and never by `state`.
    `own_rank` (the highest honour decided of this registration), `honour_rank` (of its model, by this season), `is_latest` and
    `taken` (places that took the model on) repeat, for the catalogue's order and filters, what the dated facts say today.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="registrations", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registrations", verbose_name="đơn vị")
    place = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa bàn (đơn vị)")
    model = models.ForeignKey(
        EmulationModel, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name="mô hình"
    )
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.ACCEPTED)
    field = models.ForeignKey(Field, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lĩnh vực")
    kind = models.CharField("đăng ký", max_length=10, choices=Kind.choices, blank=True)
    subject_kind = models.CharField("loại hình", max_length=10, choices=SubjectKind.choices, blank=True)
    title = models.CharField("tên mô hình", max_length=TITLE_LIMIT, blank=True)
    subject = models.CharField("tập thể, cá nhân thực hiện", max_length=SUBJECT_LIMIT, blank=True)
    unit_name = models.CharField("tên đơn vị lúc đăng ký", max_length=200)
    place_name = models.CharField("địa bàn lúc đăng ký", max_length=200, blank=True)
    hamlet = models.CharField("thôn, khu phố", max_length=100, null=True, blank=True)
    """A place within the commune; null while none is told, so that the table was not rebuilt for it."""
    content = models.TextField("nội dung, cách làm", blank=True)
    note = models.TextField("ghi chú", blank=True)
    state_since = models.DateTimeField("ở trạng thái này từ lúc", default=timezone.now)
    registered_on = models.DateField("ngày đăng ký", null=True, blank=True)
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)
    own_rank = models.PositiveSmallIntegerField(null=True, editable=False)
    honour_rank = models.PositiveSmallIntegerField(default=0, editable=False)
    is_latest = models.BooleanField(default=True, editable=False)
    taken = models.PositiveIntegerField(default=0, editable=False)
    identity_key = models.CharField(max_length=32, editable=False)
    title_key = models.CharField(max_length=TITLE_LIMIT, editable=False, default="")
    title_mask = models.BinaryField(max_length=64, editable=False, default=bytes)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=256, editable=False)
    imported_by = models.ForeignKey(RegisterImport, models.SET_NULL, null=True, editable=False, related_name="registrations")
    imported_from = models.CharField("dòng trong sổ", max_length=60, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "đăng ký"
        constraints = [
            models.UniqueConstraint(name="one_registration_per_season", fields=["model", "season"]),
            models.UniqueConstraint(
                name="one_row_per_register",
                fields=["season", "unit", "identity_key"],
                condition=Q(registered_on__isnull=False),
            ),
            models.UniqueConstraint(name="one_latest_per_model", fields=["model"], condition=Q(is_latest=True)),
            models.CheckConstraint(
                name="withdrawn_not_before_registered",
                condition=Q(withdrawn_on__isnull=True) | Q(registered_on__isnull=True) | Q(withdrawn_on__gte=F("registered_on")),
                violation_error_message="Ngày rút không được trước ngày đăng ký.",
            ),
            models.CheckConstraint(name="registration_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="registered_is_whole",
                condition=Q(registered_on__isnull=True)
                | (
                    Q(model__isnull=False, field__isnull=False, kind__in=Kind.values, subject_kind__in=SubjectKind.values)
                    & ~Q(title="")
                ),
            ),
            models.CheckConstraint(
                name="accepted_is_registered", condition=~Q(state=State.ACCEPTED) | Q(registered_on__isnull=False)
            ),
            models.CheckConstraint(
                name="draft_is_not_registered", condition=~Q(state=State.DRAFT) | Q(registered_on__isnull=True)
            ),
            models.CheckConstraint(
                name="withdrawn_has_day",
                condition=Q(state=State.WITHDRAWN, withdrawn_on__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_on__isnull=True)),
            ),
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
            models.Index(
                name="catalogue_taken",
                fields=["-taken", "-honour_rank", "sort_key", "id"],
                condition=Q(withdrawn_on__isnull=True, is_latest=True),
            ),
            models.Index(fields=["season", "unit", "place"], name="register_by_place"),
            models.Index(fields=["season", "unit", "-state_since", "-id"], name="board_of_unit"),
            models.Index(fields=["season", "-state_since", "-id"], name="board_of_season"),
            models.Index(
                fields=["season", "unit", "state", "-state_since"],
                name="board_unfinished",
                condition=Q(state__in=["draft", "submitted", "returned"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title or "(chưa có tên)"

    @property
    def audit_name(self) -> str:
        """Its title once it is public; before that its number, which tells an administrator nothing."""
        return str(self) if self.registered_on else f"Đăng ký số {self.pk}"

    @property
    def is_illustrative(self) -> bool:
        """Whether its details are made up: the demo brought it, nobody typed or uploaded it."""
        return self.season.is_illustrative and self.imported_by is not None and self.imported_by.uploaded_by_id is None

    @property
    def is_editable(self) -> bool:
        return can_happen(self.state, Action.SUBMIT)


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
    is_taken = models.BooleanField(default=False)
    total = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["season", "unit"], name="count_by_season_unit")]

    def __str__(self) -> str:
        return f"{self.total}"


class SearchWord(models.Model):
    """A folded word of titles, doers and units in the register, and how often it stands there: what a typing error is
    measured against. Recounted in the background (`services.count_words`).
    """

    word = models.CharField(max_length=40, primary_key=True)
    total = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.word


class BoardCount(models.Model):
    """How many registrations of a unit's season there are by state, place and field: what the board's tabs say.

    Kept like `CatalogueCount`, so that the board costs the same at a thousand registrations and at fifty thousand.
    """

    season = models.ForeignKey(Season, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    place = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10)
    total = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["season", "unit"], name="board_count_by_unit")]

    def __str__(self) -> str:
        return f"{self.total}"
