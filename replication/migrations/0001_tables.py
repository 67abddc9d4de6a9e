import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("replication", "0001_initial"),
        ("replication", "0003_visits_and_how_to"),
        ("replication", "0004_tell_catalogue"),
    ]

    initial = True

    dependencies = [
        ("models_registry", "0001_tables"),
        ("organisation", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedOutput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_outputs",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình gốc",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="đếm cái gì")),
                ("counting_unit", models.CharField(max_length=30, verbose_name="đơn vị tính")),
                ("key", models.CharField(editable=False, max_length=250)),
                ("own_what", models.CharField(blank=True, max_length=200, verbose_name="tên số đo của mô hình gốc")),
            ],
            options={
                "verbose_name": "kết quả được đếm",
                "verbose_name_plural": "kết quả được đếm",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "key"), name="counted_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("what", ""), _negated=True), models.Q(("counting_unit", ""), _negated=True)),
                        name="counted_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplicationCampaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="tên chiến dịch")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="organisation.unit",
                        verbose_name="cơ quan phát động",
                    ),
                ),
                ("unit_name", models.CharField(max_length=200, verbose_name="tên cơ quan lúc phát động")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình gốc",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="lý do chọn mô hình chưa được công nhận")),
                ("is_recognised", models.BooleanField(default=False, verbose_name="mô hình gốc đã được công nhận")),
                (
                    "directive_kind",
                    models.CharField(
                        choices=[
                            ("CV", "Công văn"),
                            ("KH", "Kế hoạch"),
                            ("TB", "Thông báo"),
                            ("KL", "Kết luận"),
                            ("CT", "Chỉ thị"),
                            ("NQ", "Nghị quyết"),
                            ("other", "Văn bản khác"),
                        ],
                        max_length=6,
                        verbose_name="loại văn bản",
                    ),
                ),
                ("directive_number", models.CharField(blank=True, max_length=60, verbose_name="số, ký hiệu")),
                ("directive_on", models.DateField(verbose_name="ngày ban hành")),
                ("directive_issuer", models.CharField(max_length=250, verbose_name="cơ quan ban hành")),
                ("directive_signer", models.CharField(blank=True, max_length=100, verbose_name="người ký")),
                ("directive_file", models.FileField(blank=True, upload_to="campaigns/%Y/", verbose_name="tệp")),
                ("directive_name", models.CharField(blank=True, max_length=255)),
                ("directive_type", models.CharField(blank=True, max_length=100)),
                (
                    "counted",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="replication.countedoutput",
                        verbose_name="kết quả được đếm",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(verbose_name="đến hết ngày")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Đang chuẩn bị"), ("running", "Đang nhân rộng"), ("closed", "Đã kết thúc")],
                        default="planned",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("closing_note", models.TextField(blank=True, verbose_name="kết luận")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("is_illustrative", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
            ],
            options={
                "verbose_name": "chiến dịch nhân rộng",
                "verbose_name_plural": "chiến dịch nhân rộng",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="campaign_ends_after_start"
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="campaign_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("is_recognised", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="campaign_source_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "running", "closed"])), name="campaign_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="replication.replicationcampaign"
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
                ("unit_name", models.CharField(max_length=200, verbose_name="tên đơn vị lúc giao")),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="chỉ tiêu")),
            ],
            options={
                "verbose_name": "đơn vị được giao",
                "verbose_name_plural": "đơn vị được giao",
                "ordering": ["unit__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "unit"), name="target_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__isnull", True), ("quantity__gt", 0), _connector="OR"),
                        name="target_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình gốc",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="replication.adoption",
                        verbose_name="học từ",
                    ),
                ),
                ("depth", models.PositiveSmallIntegerField(default=1, verbose_name="đời")),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="replication.replicationcampaign",
                        verbose_name="chiến dịch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adoptions",
                        to="organisation.unit",
                        verbose_name="đơn vị nhân rộng",
                    ),
                ),
                ("unit_name", models.CharField(max_length=200, verbose_name="tên đơn vị lúc ấy")),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Để trống: cả đơn vị. Ví dụ: thôn Đại Thiện 1.",
                        max_length=200,
                        verbose_name="nơi làm",
                    ),
                ),
                ("place_key", models.CharField(blank=True, editable=False, max_length=200)),
                ("who", models.CharField(max_length=300, verbose_name="ai làm")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("visit", "Tham quan"),
                            ("conference", "Hội nghị"),
                            ("directive", "Văn bản chỉ đạo"),
                            ("own", "Tự tìm hiểu"),
                        ],
                        max_length=10,
                        verbose_name="cách biết đến",
                    ),
                ),
                ("adopted_on", models.DateField(verbose_name="ngày bắt đầu")),
                ("ended_on", models.DateField(null=True, verbose_name="ngày thôi làm")),
                ("ended_why", models.CharField(blank=True, max_length=300, verbose_name="lý do thôi")),
                (
                    "registration",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="adoption",
                        to="models_registry.registration",
                        verbose_name="đăng ký của đơn vị nhân rộng",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "nơi nhân rộng",
                "verbose_name_plural": "nơi nhân rộng",
                "ordering": ["adopted_on", "pk"],
                "indexes": [models.Index(fields=["unit", "-adopted_on"], name="adoptions_of_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("origin", "unit", "place_key"),
                        name="adopted_once_per_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("depth", 1), ("parent__isnull", True)),
                            models.Q(("depth__gt", 1), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="first_from_origin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="adoption_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            models.Q(("ended_on__gte", models.F("adopted_on")), models.Q(("ended_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="adoption_ends_with_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("who", ""), _negated=True), name="adoption_has_doer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdoptionOutput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "adoption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outputs", to="replication.adoption"
                    ),
                ),
                (
                    "counted",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outputs",
                        to="replication.countedoutput",
                        verbose_name="kết quả được đếm",
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="số lượng")),
                ("as_of", models.DateField(verbose_name="tính đến")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="nguồn, ai đếm")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do giảm")),
                ("file", models.FileField(blank=True, upload_to="adoptions/%Y/", verbose_name="minh chứng")),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("file_type", models.CharField(blank=True, max_length=100)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "kết quả nhân rộng",
                "verbose_name_plural": "kết quả nhân rộng",
                "ordering": ["as_of", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("adoption", "counted", "as_of"), name="counted_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="counted_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HowTo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "model",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="how_to",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình",
                    ),
                ),
                ("steps", models.TextField(blank=True, verbose_name="các bước")),
                ("cost", models.TextField(blank=True, verbose_name="chi phí")),
                ("people", models.TextField(blank=True, verbose_name="cần những ai")),
                ("pitfalls", models.TextField(blank=True, verbose_name="chỗ dễ vấp")),
                ("papers", models.TextField(blank=True, verbose_name="giấy tờ cần có")),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "cách làm theo",
                "verbose_name_plural": "cách làm theo",
            },
        ),
        migrations.CreateModel(
            name="StudyVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="study_visits",
                        to="models_registry.emulationmodel",
                        verbose_name="mô hình",
                    ),
                ),
                (
                    "at",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="study_visits",
                        to="replication.adoption",
                        verbose_name="đến nơi làm theo",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị đón",
                    ),
                ),
                ("host_name", models.CharField(max_length=200, verbose_name="tên đơn vị đón lúc ấy")),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị đến học",
                    ),
                ),
                ("visitor_name", models.CharField(max_length=200, verbose_name="tên đơn vị đến học lúc ấy")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Chờ trả lời"),
                            ("agreed", "Đã hẹn"),
                            ("declined", "Chưa đón được"),
                            ("cancelled", "Đã thôi"),
                            ("done", "Đã đến học"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("wanted_on", models.DateField(verbose_name="muốn đến ngày")),
                ("people", models.PositiveSmallIntegerField(null=True, verbose_name="số người")),
                ("purpose", models.TextField(blank=True, verbose_name="muốn học gì")),
                ("contact", models.CharField(blank=True, max_length=150, verbose_name="người liên hệ")),
                ("planned_on", models.DateField(null=True, verbose_name="ngày hẹn")),
                ("planned_at", models.TimeField(null=True, verbose_name="giờ hẹn")),
                ("meeting_place", models.CharField(blank=True, max_length=300, verbose_name="nơi đón")),
                ("answer", models.TextField(blank=True, verbose_name="lời đơn vị đón")),
                ("cancelled_why", models.CharField(blank=True, max_length=300, verbose_name="lý do thôi")),
                ("visited_on", models.DateField(null=True, verbose_name="đã đến ngày")),
                ("party", models.CharField(blank=True, max_length=300, verbose_name="đoàn gồm ai")),
                ("learned", models.TextField(blank=True, verbose_name="đã học được gì")),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "chuyến tham quan",
                "verbose_name_plural": "chuyến tham quan",
                "ordering": ["-wanted_on", "-pk"],
                "indexes": [
                    models.Index(fields=["host", "-wanted_on"], name="visits_to_host"),
                    models.Index(fields=["visitor", "-wanted_on"], name="visits_of_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed", "declined", "cancelled", "done"])),
                        name="visit_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("host", models.F("visitor")), _negated=True), name="visit_elsewhere"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True), ("planned_on__isnull", False), _connector="OR"
                        ),
                        name="visit_agreed_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), ("visited_on__isnull", False), models.Q(("learned", ""), _negated=True)),
                            models.Q(models.Q(("state", "done"), _negated=True), ("visited_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="visit_done_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_refused_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_cancelled_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed"])),
                        fields=("model", "host", "visitor"),
                        name="visit_asked_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StudyPhoto",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="replication.studyvisit"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to="study-visits/%Y/")),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "ảnh tham quan",
                "verbose_name_plural": "ảnh tham quan",
                "ordering": ["sent_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("visit", "digest"), name="study_photo_once")],
            },
        ),
        migrations.AddField(
            model_name="adoption",
            name="visit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="adoptions",
                to="replication.studyvisit",
                verbose_name="sau chuyến tham quan",
            ),
        ),
    ]
