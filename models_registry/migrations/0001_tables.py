import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("models_registry", "0001_initial"),
        ("models_registry", "0002_initial"),
        ("models_registry", "0004_online_registration"),
        ("models_registry", "0005_bring_rows_along"),
        ("models_registry", "0006_guards"),
        ("models_registry", "0007_taken_back"),
        ("models_registry", "0008_taken_on_and_words"),
        ("models_registry", "0009_former_slugs"),
    ]

    initial = True

    dependencies = [
        ("common", "0001_tables"),
        ("organisation", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="giai đoạn")),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(verbose_name="đến hết ngày")),
                ("basis", models.TextField(blank=True, verbose_name="văn bản căn cứ")),
            ],
            options={
                "verbose_name": "giai đoạn",
                "verbose_name_plural": "giai đoạn",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="period_ends_after_start"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="năm")),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seasons",
                        to="models_registry.period",
                        verbose_name="giai đoạn",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="nhận đăng ký từ ngày")),
                ("closes_on", models.DateField(verbose_name="đến hết ngày")),
                ("cutoff_on", models.DateField(verbose_name="ngày chốt số liệu")),
                (
                    "check_days",
                    models.PositiveSmallIntegerField(
                        default=7, help_text="Đăng ký chờ xét lâu hơn số ngày này thì báo quá hạn.", verbose_name="số ngày xét"
                    ),
                ),
                (
                    "mend_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Đăng ký bị trả lại được sửa thêm chừng này ngày, kể cả khi đã hết hạn gửi.",
                        verbose_name="số ngày sửa",
                    ),
                ),
                ("basis", models.TextField(blank=True, help_text="Số, ngày, cơ quan ban hành.", verbose_name="văn bản căn cứ")),
                ("basis_source", models.CharField(blank=True, max_length=300, verbose_name="nguồn")),
                (
                    "is_illustrative",
                    models.BooleanField(
                        default=False,
                        help_text="Mọi trang có số liệu của năm này đều ghi “Dữ liệu minh họa”.",
                        verbose_name="dữ liệu minh họa",
                    ),
                ),
            ],
            options={
                "verbose_name": "năm thi đua",
                "verbose_name_plural": "năm thi đua",
                "ordering": ["-year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1990), ("year__lte", 2100)),
                        name="season_year_in_reach",
                        violation_error_message="Năm thi đua nằm trong khoảng 1990 đến 2100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="season_window_in_order",
                        violation_error_message="Ngày cuối nhận đăng ký không được trước ngày đầu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cutoff_on__gte", models.F("opens_on"))),
                        name="season_cutoff_after_opening",
                        violation_error_message="Ngày chốt số liệu không được trước ngày mở đăng ký.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeasonExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("until", models.DateField(verbose_name="đến hết ngày")),
                ("reason", models.TextField(verbose_name="lý do")),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("granted_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc cho")),
                ("taken_back_at", models.DateTimeField(null=True, verbose_name="lúc bỏ")),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "gia hạn",
                "verbose_name_plural": "gia hạn",
                "ordering": ["-granted_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("season", "unit", "until"),
                        name="extension_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="extension_has_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Field",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="lĩnh vực")),
                ("short_name", models.CharField(max_length=30, verbose_name="tên ngắn")),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="mã trên địa chỉ")),
                (
                    "synonyms",
                    models.TextField(
                        blank=True, help_text="Mỗi dòng một cách viết gặp trong sổ, ví dụ QP-AN.", verbose_name="cách viết khác"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "lĩnh vực",
                "verbose_name_plural": "lĩnh vực",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="themes",
                        to="models_registry.period",
                        verbose_name="giai đoạn",
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        help_text="Số, ngày văn bản, ví dụ: Kế hoạch 189, 30/3/2020.", max_length=200, verbose_name="kế hoạch"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="nội dung")),
            ],
            options={
                "verbose_name": "chủ đề",
                "verbose_name_plural": "chủ đề",
                "ordering": ["period", "plan", "position"],
                "constraints": [models.UniqueConstraint(fields=("period", "plan", "position"), name="theme_once")],
            },
        ),
        migrations.CreateModel(
            name="EmulationModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=150, unique=True, verbose_name="địa chỉ")),
                ("title", models.CharField(max_length=500, verbose_name="tên mô hình")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("identity_key", models.CharField(editable=False, max_length=32)),
                ("why", models.TextField(blank=True, verbose_name="vì sao phải làm")),
                (
                    "how",
                    models.TextField(
                        blank=True, help_text="Mỗi dòng một bước; phần trước dấu hai chấm in đậm.", verbose_name="làm thế nào"
                    ),
                ),
                ("cost", models.TextField(blank=True, verbose_name="chi phí")),
                ("outcome", models.TextField(blank=True, verbose_name="kết quả")),
                ("spread", models.TextField(blank=True, verbose_name="lan tỏa")),
                (
                    "began",
                    models.CharField(
                        blank=True, help_text="Ví dụ: 10/2020, tại thôn Xuân Điền.", max_length=60, verbose_name="bắt đầu"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="nguồn")),
            ],
            options={
                "verbose_name": "mô hình",
                "verbose_name_plural": "mô hình",
                "indexes": [models.Index(fields=["unit", "identity_key"], name="model_identity")],
                "constraints": [models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="model_has_title")],
            },
        ),
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=150, unique=True)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="models_registry.emulationmodel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to="registers/%Y/", verbose_name="tệp")),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Đang đọc"),
                            ("read", "Đã đọc, chờ xác nhận"),
                            ("storing", "Đang nạp"),
                            ("stored", "Đã nạp"),
                            ("refused", "Không đọc được"),
                            ("undone", "Đã hủy"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("accept_valid", models.BooleanField(default=False, verbose_name="nạp dòng đúng, bỏ dòng sai")),
                ("report", models.JSONField(default=dict, verbose_name="kết quả")),
                ("error", models.TextField(blank=True, verbose_name="lỗi")),
                ("mends", models.JSONField(default=dict, verbose_name="ô đã sửa")),
                ("undo", models.JSONField(default=dict, verbose_name="giá trị cũ")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="lúc hủy")),
                (
                    "job",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="common.job"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nạp",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc gửi")),
                ("stored_at", models.DateTimeField(null=True, verbose_name="lúc nạp")),
            ],
            options={
                "verbose_name": "lần nạp sổ",
                "verbose_name_plural": "lần nạp sổ",
                "ordering": ["-created_at"],
                "indexes": [models.Index(fields=["season", "unit", "-created_at"], name="import_by_unit")],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="địa bàn (đơn vị)",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Nháp"),
                            ("submitted", "Chờ xét"),
                            ("returned", "Trả lại"),
                            ("accepted", "Đã nhận"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="accepted",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="models_registry.field",
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("new", "Đăng ký mới"), ("maintained", "Duy trì, nhân rộng")],
                        max_length=10,
                        verbose_name="đăng ký",
                    ),
                ),
                (
                    "subject_kind",
                    models.CharField(
                        blank=True,
                        choices=[("collective", "Tập thể"), ("individual", "Cá nhân")],
                        max_length=10,
                        verbose_name="loại hình",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="tên mô hình")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="tập thể, cá nhân thực hiện")),
                ("unit_name", models.CharField(max_length=200, verbose_name="tên đơn vị lúc đăng ký")),
                ("place_name", models.CharField(blank=True, max_length=200, verbose_name="địa bàn lúc đăng ký")),
                ("content", models.TextField(blank=True, verbose_name="nội dung, cách làm")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="ở trạng thái này từ lúc")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="ngày đăng ký")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="ngày rút")),
                ("honour_rank", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("is_latest", models.BooleanField(default=True, editable=False)),
                ("taken", models.PositiveIntegerField(default=0, editable=False)),
                ("identity_key", models.CharField(editable=False, max_length=32)),
                ("title_key", models.CharField(default="", editable=False, max_length=500)),
                ("title_mask", models.BinaryField(default=bytes, max_length=64)),
                ("search_text", models.TextField(editable=False)),
                ("sort_key", models.CharField(editable=False, max_length=256)),
                (
                    "imported_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="registrations",
                        to="models_registry.registerimport",
                    ),
                ),
                ("imported_from", models.CharField(blank=True, editable=False, max_length=60, verbose_name="dòng trong sổ")),
            ],
            options={
                "verbose_name": "đăng ký",
                "verbose_name_plural": "đăng ký",
                "indexes": [
                    models.Index(
                        fields=["season", "unit", "field", "kind", "subject_kind", "registered_on", "withdrawn_on"],
                        name="tally_cover",
                    ),
                    models.Index(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=["season", "-honour_rank", "sort_key", "id"],
                        name="catalogue_season",
                    ),
                    models.Index(
                        condition=models.Q(("is_latest", True), ("withdrawn_on__isnull", True)),
                        fields=["-honour_rank", "sort_key", "id"],
                        name="catalogue_latest",
                    ),
                    models.Index(
                        condition=models.Q(("is_latest", True), ("withdrawn_on__isnull", True)),
                        fields=["-taken", "-honour_rank", "sort_key", "id"],
                        name="catalogue_taken",
                    ),
                    models.Index(fields=["season", "unit", "place"], name="register_by_place"),
                    models.Index(fields=["season", "unit", "-state_since", "-id"], name="board_of_unit"),
                    models.Index(fields=["season", "-state_since", "-id"], name="board_of_season"),
                    models.Index(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                        fields=["season", "unit", "state", "-state_since"],
                        name="board_unfinished",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("model", "season"), name="one_registration_per_season"),
                    models.UniqueConstraint(
                        condition=models.Q(("registered_on__isnull", False)),
                        fields=("season", "unit", "identity_key"),
                        name="one_row_per_register",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_latest", True)), fields=("model",), name="one_latest_per_model"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            ("registered_on__isnull", True),
                            ("withdrawn_on__gte", models.F("registered_on")),
                            _connector="OR",
                        ),
                        name="withdrawn_not_before_registered",
                        violation_error_message="Ngày rút không được trước ngày đăng ký.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned", "accepted", "withdrawn"])),
                        name="registration_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_on__isnull", True),
                            models.Q(
                                ("field__isnull", False),
                                ("kind__in", ["new", "maintained"]),
                                ("model__isnull", False),
                                ("subject_kind__in", ["collective", "individual"]),
                                models.Q(("title", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registered_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True), ("registered_on__isnull", False), _connector="OR"
                        ),
                        name="accepted_is_registered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "draft"), _negated=True), ("registered_on__isnull", True), _connector="OR"
                        ),
                        name="draft_is_not_registered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_on__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="withdrawn_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.season"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"),
                ),
                (
                    "field",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.field"),
                ),
                ("kind", models.CharField(max_length=10)),
                ("subject_kind", models.CharField(max_length=10)),
                ("honour_rank", models.PositiveSmallIntegerField()),
                ("is_taken", models.BooleanField(default=False)),
                ("total", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["season", "unit"], name="count_by_season_unit")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("total", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="BoardCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.season"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.field"
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                ("total", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["season", "unit"], name="board_count_by_unit")],
            },
        ),
        migrations.CreateModel(
            name="RegistrationSheet",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sheet",
                        serialize=False,
                        to="models_registry.registration",
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("accepted", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(auto_now_add=True)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("writers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "phiếu đăng ký",
                "verbose_name_plural": "phiếu đăng ký",
            },
        ),
        migrations.CreateModel(
            name="RegistrationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="models_registry.registration"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("submit", "Gửi"),
                            ("return", "Trả lại"),
                            ("accept", "Nhận"),
                            ("withdraw", "Rút"),
                            ("reopen", "Mở lại"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("actor_name", models.CharField(max_length=150)),
                ("note", models.TextField(blank=True)),
                ("snapshot", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "bước xử lý",
                "verbose_name_plural": "bước xử lý",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["registration", "-at"], name="step_by_registration")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action__in", ["withdraw", "reopen"]), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="step_against_has_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200, unique=True, verbose_name="lý do")),
                (
                    "box",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Số mục (1 đến 9) mà lý do này thường nói tới.", null=True, verbose_name="mục"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_offered", models.BooleanField(default=True, verbose_name="đang dùng")),
            ],
            options={
                "verbose_name": "lý do trả lại",
                "verbose_name_plural": "lý do trả lại",
                "ordering": ["position", "words"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("box__isnull", True), models.Q(("box__gte", 1), ("box__lte", 9)), _connector="OR"),
                        name="return_reason_box_exists",
                        violation_error_message="Phiếu có chín mục, từ 1 đến 9.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="models_registry.registrationstep"
                    ),
                ),
                ("box", models.PositiveSmallIntegerField()),
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="models_registry.returnreason",
                    ),
                ),
                ("reason_words", models.CharField(blank=True, max_length=200)),
                ("words", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "mục phải sửa",
                "verbose_name_plural": "mục phải sửa",
                "ordering": ["box"],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "box"), name="mark_once_per_box"),
                    models.CheckConstraint(condition=models.Q(("box__gte", 1), ("box__lte", 9)), name="mark_box_exists"),
                    models.CheckConstraint(
                        condition=models.Q(("reason_words", ""), ("words", ""), _negated=True), name="mark_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="models_registry.registration"
                    ),
                ),
                ("kind", models.CharField(choices=[("photo", "Ảnh"), ("paper", "Tệp")], max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Đang xử lý"), ("ready", "Xong"), ("failed", "Hỏng")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to="attachments/%Y/")),
                ("file_name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("variants", models.JSONField(default=dict)),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="chú thích")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_cover", models.BooleanField(default=False, verbose_name="ảnh bìa")),
                ("may_be_shown", models.BooleanField(default=False, verbose_name="được phép công khai")),
                ("error", models.TextField(blank=True)),
                (
                    "job",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="common.job"),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "ảnh và tệp",
                "verbose_name_plural": "ảnh và tệp",
                "ordering": ["position", "sent_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "digest"), name="attachment_once"),
                    models.UniqueConstraint(condition=models.Q(("is_cover", True)), fields=("registration",), name="one_cover"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "photo"), models.Q(("is_cover", False), ("may_be_shown", False)), _connector="OR"
                        ),
                        name="only_photos_are_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutputMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="đo cái gì")),
                ("counting_unit", models.CharField(max_length=30, verbose_name="đơn vị tính")),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="số lượng")),
                (
                    "qualifier",
                    models.CharField(blank=True, help_text="Ví dụ: hơn, gần.", max_length=20, verbose_name="mức chính xác"),
                ),
                ("as_of", models.DateField(verbose_name="tính đến")),
                (
                    "as_of_precision",
                    models.CharField(
                        choices=[("day", "ngày"), ("month", "tháng")], default="day", max_length=5, verbose_name="chính xác đến"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="nguồn, ai đếm")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="models_registry.attachment",
                        verbose_name="minh chứng",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "kết quả đo được",
                "verbose_name_plural": "kết quả đo được",
                "ordering": ["as_of", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="measure_not_negative"),
                    models.UniqueConstraint(fields=("model", "what", "as_of"), name="measure_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="theme_tags", to="models_registry.registration"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tags", to="models_registry.theme"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="làm gì cho chủ đề")),
            ],
            options={
                "verbose_name": "chủ đề của đăng ký",
                "verbose_name_plural": "chủ đề của đăng ký",
                "ordering": ["theme__plan", "theme__position"],
                "constraints": [models.UniqueConstraint(fields=("registration", "theme"), name="theme_tag_once")],
            },
        ),
        migrations.CreateModel(
            name="DifferenceNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="differences", to="models_registry.registration"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="models_registry.registration"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="khác ở chỗ")),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("said_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "lời xác nhận khác",
                "verbose_name_plural": "lời xác nhận khác",
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "other"), name="difference_once"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="difference_has_reason"),
                ],
            },
        ),
    ]
