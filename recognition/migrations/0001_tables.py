import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("recognition", "0001_initial"),
        ("recognition", "0002_rounds"),
        ("recognition", "0003_levels_of_dossiers"),
        ("recognition", "0004_level_of_each_dossier"),
        ("recognition", "0005_interests_and_bodies"),
        ("recognition", "0006_meetings_decisions_certificates"),
        ("recognition", "0007_level_of_each_recognition"),
        ("recognition", "0008_level_is_there"),
        ("recognition", "0010_certificate_stock"),
        ("recognition", "0011_as_they_were_at_the_meeting"),
        ("recognition", "0013_commendations_decided"),
        ("recognition", "0014_term_of_a_seat"),
    ]

    initial = True

    dependencies = [
        ("common", "0001_tables"),
        ("models_registry", "0001_tables"),
        ("organisation", "0001_tables"),
        ("papers", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CriteriaSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="của đơn vị",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên bộ tiêu chí")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="bản")),
                ("minimum_total", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="tổng điểm tối thiểu")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "bộ tiêu chí",
                "verbose_name_plural": "bộ tiêu chí",
                "ordering": ["name", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name", "version"), name="criteria_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("unit__isnull", True)), fields=("version",), name="default_criteria_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("minimum_total__gte", 0)), name="criteria_minimum_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "criteria",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="recognition.criteriaset"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("name", models.CharField(max_length=200, verbose_name="tiêu chí")),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="điểm tối đa")),
                ("weight", models.DecimalField(decimal_places=2, default=Decimal("1"), max_digits=6, verbose_name="hệ số")),
                ("minimum", models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name="tối thiểu")),
                ("is_knockout", models.BooleanField(default=False, verbose_name="tiêu chí loại")),
            ],
            options={
                "verbose_name": "tiêu chí",
                "verbose_name_plural": "tiêu chí",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("criteria", "position"), name="criterion_position_once"),
                    models.CheckConstraint(condition=models.Q(("maximum__gt", 0), ("weight__gt", 0)), name="criterion_counts"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum__isnull", True),
                            models.Q(("minimum__gte", 0), ("minimum__lte", models.F("maximum"))),
                            _connector="OR",
                        ),
                        name="criterion_minimum_in_reach",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_knockout", False), ("minimum__isnull", False), _connector="OR"),
                        name="knockout_has_minimum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Band",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "criteria",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bands", to="recognition.criteriaset"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="mức")),
                ("from_total", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="từ điểm")),
                ("to_total", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="đến dưới")),
            ],
            options={
                "verbose_name": "mức xếp loại",
                "verbose_name_plural": "mức xếp loại",
                "ordering": ["from_total"],
                "constraints": [
                    models.UniqueConstraint(fields=("criteria", "from_total"), name="band_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_total__gte", 0), ("to_total__gt", models.F("from_total"))), name="band_goes_up"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecognitionRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.level",
                        verbose_name="cấp công nhận",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="organisation.unit",
                        verbose_name="đơn vị tổ chức",
                    ),
                ),
                ("unit_name", models.CharField(max_length=200, verbose_name="tên đơn vị lúc mở")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="đợt")),
                ("basis", models.TextField(blank=True, verbose_name="văn bản căn cứ")),
                ("propose_from", models.DateField(verbose_name="nhận đề nghị từ ngày")),
                ("propose_until", models.DateField(verbose_name="nhận đề nghị đến hết ngày")),
                ("score_until", models.DateField(verbose_name="thẩm định đến hết ngày")),
                ("meet_on", models.DateField(verbose_name="họp hội đồng ngày")),
                ("decide_by", models.DateField(verbose_name="quyết định trước hết ngày")),
                (
                    "criteria",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="recognition.criteriaset",
                        verbose_name="bộ tiêu chí",
                    ),
                ),
                ("papers", models.JSONField(default=list, verbose_name="giấy tờ phải có")),
                ("quota_total", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="chỉ tiêu chung")),
                (
                    "drops_extremes",
                    models.BooleanField(default=False, verbose_name="bỏ phiếu cao nhất và thấp nhất khi có từ năm phiếu"),
                ),
                (
                    "spread_limit",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("15"), max_digits=6, verbose_name="chênh lệch phải xem lại"
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="số ngày được kiến nghị sau quyết định"),
                ),
                ("cut_after", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="số hồ sơ trên vạch")),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("preparing", "Chuẩn bị"),
                            ("proposing", "Nhận đề nghị"),
                            ("scoring", "Thẩm định độc lập"),
                            ("joint", "Đối chiếu điểm"),
                            ("meeting", "Họp hội đồng"),
                            ("deciding", "Ra quyết định"),
                            ("closed", "Đã xong"),
                        ],
                        default="preparing",
                        max_length=12,
                        verbose_name="bước",
                    ),
                ),
                ("phase_since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt xét",
                "verbose_name_plural": "đợt xét",
                "ordering": ["-season__year", "-level__rank", "unit__position", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("season", "unit", "number"), name="round_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phase__in", ["preparing", "proposing", "scoring", "joint", "meeting", "deciding", "closed"])
                        ),
                        name="round_phase_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decide_by__gte", models.F("meet_on")),
                            ("meet_on__gte", models.F("score_until")),
                            ("propose_until__gte", models.F("propose_from")),
                            ("score_until__gte", models.F("propose_until")),
                        ),
                        name="round_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitQuota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="quotas", to="recognition.recognitionround"
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
                ("number", models.PositiveSmallIntegerField(verbose_name="chỉ tiêu")),
            ],
            options={
                "verbose_name": "chỉ tiêu đơn vị",
                "verbose_name_plural": "chỉ tiêu đơn vị",
                "constraints": [models.UniqueConstraint(fields=("round", "unit"), name="quota_once")],
            },
        ),
        migrations.CreateModel(
            name="RoundExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="recognition.recognitionround"
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
                ("granted_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "gia hạn đợt xét",
                "verbose_name_plural": "gia hạn đợt xét",
                "ordering": ["-granted_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "unit", "until"), name="round_extension_once"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="round_extension_has_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="models_registry.registration",
                        verbose_name="đăng ký",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.level",
                        verbose_name="đề nghị công nhận ở cấp",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="recognition.recognitionround",
                        verbose_name="đợt xét",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị đề nghị",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(null=True, verbose_name="hồ sơ số")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Đang chuẩn bị"),
                            ("sent", "Chờ xem hồ sơ"),
                            ("returned", "Trả lại bổ sung"),
                            ("complete", "Đủ hồ sơ"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True, verbose_name="lý do đề nghị khi cấp dưới chưa công nhận")),
                ("summary", models.TextField(blank=True, verbose_name="tóm tắt thành tích")),
                ("proposed_on", models.DateField(null=True, verbose_name="ngày đề nghị")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="ngày rút")),
                ("writers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="người đã viết")),
            ],
            options={
                "verbose_name": "hồ sơ đề nghị",
                "verbose_name_plural": "hồ sơ đề nghị",
                "ordering": ["round", "number", "pk"],
                "indexes": [models.Index(fields=["proposed_on"], name="dossier_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("registration", "level"),
                        name="dossier_once_per_level",
                    ),
                    models.UniqueConstraint(fields=("round", "number"), name="dossier_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True), ("withdrawn_on__gte", models.F("proposed_on")), _connector="OR"
                        ),
                        name="dossier_withdrawn_after_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "preparing"), ("proposed_on__isnull", False), _connector="OR"),
                        name="dossier_sent_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="recognition.dossier"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposal", "Tờ trình"),
                            ("achievement", "Báo cáo thành tích"),
                            ("minutes", "Biên bản họp xét"),
                            ("summary", "Biểu tổng hợp"),
                            ("evidence", "Minh chứng"),
                            ("opinion", "Ý kiến cấp ủy nơi thực hiện"),
                            ("earlier", "Quyết định công nhận trước đó"),
                        ],
                        max_length=12,
                        verbose_name="loại giấy tờ",
                    ),
                ),
                ("file", models.FileField(upload_to="dossiers/%Y/")),
                ("file_name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="lúc có bản thay")),
            ],
            options={
                "verbose_name": "giấy tờ của hồ sơ",
                "verbose_name_plural": "giấy tờ của hồ sơ",
                "ordering": ["kind", "-sent_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)), fields=("dossier", "kind"), name="one_paper_in_force"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="recognition.dossier"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("send", "Gửi"), ("return", "Trả lại"), ("complete", "Nhận đủ hồ sơ"), ("withdraw", "Rút")],
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
                ("actor_name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "bước của hồ sơ",
                "verbose_name_plural": "bước của hồ sơ",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PaperFlaw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flaws", to="recognition.dossierstep"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposal", "Tờ trình"),
                            ("achievement", "Báo cáo thành tích"),
                            ("minutes", "Biên bản họp xét"),
                            ("summary", "Biểu tổng hợp"),
                            ("evidence", "Minh chứng"),
                            ("opinion", "Ý kiến cấp ủy nơi thực hiện"),
                            ("earlier", "Quyết định công nhận trước đó"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.CharField(max_length=500, verbose_name="cần bổ sung")),
            ],
            options={
                "verbose_name": "giấy tờ phải bổ sung",
                "verbose_name_plural": "giấy tờ phải bổ sung",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "kind"), name="flaw_once_per_paper"),
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="flaw_has_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="số, ký hiệu")),
                ("decided_on", models.DateField(verbose_name="ngày ban hành")),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="organisation.unit",
                        verbose_name="cơ quan ban hành",
                    ),
                ),
                ("issuer_name", models.CharField(max_length=250, verbose_name="tên cơ quan ban hành lúc ấy")),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.level",
                        verbose_name="cấp công nhận",
                    ),
                ),
                ("signer", models.CharField(blank=True, max_length=100, verbose_name="người ký")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("recognise", "Công nhận"),
                            ("withdraw", "Thu hồi công nhận"),
                            ("correct", "Đính chính"),
                            ("commend", "Khen thưởng"),
                        ],
                        default="recognise",
                        max_length=10,
                        verbose_name="nội dung",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="recognition.recognitionround",
                        verbose_name="đợt xét",
                    ),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="recognition.decision",
                        verbose_name="quyết định bị thu hồi, đính chính",
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="papers.papernumber",
                        verbose_name="số đã cấp",
                    ),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="lúc ban hành trên cổng")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "quyết định",
                "verbose_name_plural": "quyết định",
                "ordering": ["-decided_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "number", "decided_on"), name="decision_once"),
                    models.CheckConstraint(condition=models.Q(("number", ""), _negated=True), name="decision_has_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amends__isnull", False),
                            models.Q(("purpose__in", ["withdraw", "correct"]), _negated=True),
                            ("published_at__isnull", True),
                            _connector="OR",
                        ),
                        name="amending_names_the_amended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="recognition.decision"
                    ),
                ),
                ("kind", models.CharField(choices=[("word", "Bản Word lúc ban hành"), ("signed", "Bản đã ký")], max_length=6)),
                ("file", models.FileField(upload_to="decisions/%Y/")),
                ("file_name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="lúc có bản thay")),
            ],
            options={
                "verbose_name": "tệp của quyết định",
                "verbose_name_plural": "tệp của quyết định",
                "ordering": ["kind", "-sent_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("decision", "kind"),
                        name="one_decision_file_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recognition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="models_registry.registration",
                        verbose_name="đăng ký",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="recognition.decision",
                        verbose_name="quyết định",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.level",
                        verbose_name="cấp công nhận",
                    ),
                ),
                ("title", models.CharField(max_length=500, verbose_name="tên mô hình trong quyết định")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="tập thể, cá nhân trong quyết định")),
                (
                    "renews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="recognition.recognition",
                        verbose_name="công nhận lại của năm trước",
                    ),
                ),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="ngày hủy")),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocations",
                        to="recognition.decision",
                        verbose_name="quyết định hủy",
                    ),
                ),
            ],
            options={
                "verbose_name": "công nhận",
                "verbose_name_plural": "công nhận",
                "constraints": [
                    models.UniqueConstraint(fields=("registration", "decision"), name="recognised_once_per_decision"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_on__isnull", True)),
                        fields=("registration", "level"),
                        name="recognised_once_per_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_by__isnull", True), ("revoked_on__isnull", True)),
                            models.Q(("revoked_by__isnull", False), ("revoked_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="revoked_by_a_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("recognise", "Công nhận"),
                            ("withdraw", "Thu hồi công nhận"),
                            ("correct", "Đính chính"),
                            ("commend", "Khen thưởng"),
                        ],
                        default="recognise",
                        max_length=10,
                        verbose_name="nội dung",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="recognition.recognitionround",
                        verbose_name="đợt xét",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị ban hành",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.level",
                        verbose_name="cấp công nhận",
                    ),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recognition.decision",
                        verbose_name="thu hồi, đính chính",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "Đang soạn"), ("checked", "Đã kiểm tra"), ("published", "Đã ban hành")],
                        default="preparing",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("suffix", models.CharField(blank=True, max_length=20, verbose_name="cơ quan ký")),
                ("number", models.PositiveIntegerField(null=True, verbose_name="số")),
                ("decided_on", models.DateField(null=True, verbose_name="ngày")),
                ("grounds", models.TextField(blank=True, verbose_name="căn cứ")),
                ("request", models.TextField(blank=True, verbose_name="xét đề nghị")),
                ("benefits", models.TextField(blank=True, verbose_name="Điều 2, quyền lợi")),
                ("duties", models.TextField(blank=True, verbose_name="Điều 3, thi hành")),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="lần lưu")),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True, verbose_name="lúc kiểm tra")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decision",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="recognition.decision"
                    ),
                ),
                ("writers", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="người đã soạn")),
            ],
            options={
                "verbose_name": "dự thảo quyết định",
                "verbose_name_plural": "dự thảo quyết định",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("state", "published")),
                            models.Q(models.Q(("state", "published"), _negated=True), ("decision__isnull", True)),
                            _connector="OR",
                        ),
                        name="published_draft_has_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "preparing"), ("checked_at__isnull", False), _connector="OR"),
                        name="checked_draft_has_checker",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CentralIntroduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="central_introduction",
                        to="models_registry.registration",
                        verbose_name="đăng ký",
                    ),
                ),
                ("introduced_on", models.DateField(verbose_name="ngày giới thiệu")),
                ("programme", models.CharField(blank=True, max_length=300, verbose_name="đợt giới thiệu")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="ngày rút giới thiệu")),
                ("withdrawn_why", models.CharField(blank=True, max_length=300, verbose_name="lý do rút")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "giới thiệu Trung ương",
                "verbose_name_plural": "giới thiệu Trung ương",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True),
                            models.Q(
                                ("withdrawn_on__gte", models.F("introduced_on")), models.Q(("withdrawn_why", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="introduction_ends_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_layouts",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="tên phôi")),
                (
                    "subject_kind",
                    models.CharField(
                        blank=True,
                        choices=[("collective", "Tập thể"), ("individual", "Cá nhân")],
                        max_length=10,
                        verbose_name="dùng cho",
                    ),
                ),
                ("width", models.PositiveSmallIntegerField(default=297, verbose_name="rộng (mm)")),
                ("height", models.PositiveSmallIntegerField(default=210, verbose_name="cao (mm)")),
                ("is_blank", models.BooleanField(default=False, verbose_name="in lên phôi có sẵn hoa văn")),
                ("shift_x", models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="dịch ngang (mm)")),
                ("shift_y", models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="dịch dọc (mm)")),
                ("blocks", models.JSONField(default=dict, verbose_name="vị trí các khối")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu phôi giấy công nhận",
                "verbose_name_plural": "mẫu phôi giấy công nhận",
                "ordering": ["unit", "name", "subject_kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name", "subject_kind"), name="certificate_layout_once"),
                    models.CheckConstraint(
                        condition=models.Q(("height__gte", 100), ("height__lte", 500), ("width__gte", 100), ("width__lte", 500)),
                        name="sheet_has_a_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shift_x__gte", -20), ("shift_x__lte", 20), ("shift_y__gte", -20), ("shift_y__lte", 20)
                        ),
                        name="shift_is_fine",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="recognition.decision"
                    ),
                ),
                ("stock", models.CharField(blank=True, max_length=100, verbose_name="phôi")),
                (
                    "job",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="common.job"),
                ),
                ("file", models.FileField(blank=True, upload_to="certificates/%Y/")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "lần in giấy công nhận",
                "verbose_name_plural": "lần in giấy công nhận",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recognition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificate", to="recognition.recognition"
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="papers.papernumber",
                        verbose_name="số sổ cấp",
                    ),
                ),
                ("code", models.SlugField(max_length=32, unique=True, verbose_name="mã tra cứu")),
                ("printed", models.JSONField(default=dict, verbose_name="chữ trên giấy")),
                ("file", models.FileField(blank=True, upload_to="certificates/%Y/")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "giấy công nhận",
                "verbose_name_plural": "giấy công nhận",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code", ""), _negated=True), name="certificate_has_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
                        to="recognition.recognition",
                        verbose_name="công nhận",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị đề nghị",
                    ),
                ),
                (
                    "award",
                    models.CharField(
                        choices=[("giay-khen", "Giấy khen"), ("bang-khen", "Bằng khen")], max_length=10, verbose_name="hình thức"
                    ),
                ),
                ("recipient", models.CharField(max_length=300, verbose_name="tập thể, cá nhân")),
                (
                    "recipient_kind",
                    models.CharField(
                        choices=[("collective", "Tập thể"), ("individual", "Cá nhân")], max_length=10, verbose_name="loại"
                    ),
                ),
                ("reason", models.TextField(verbose_name="thành tích")),
                ("proposed_on", models.DateField(verbose_name="ngày đề nghị")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
                        to="recognition.decision",
                        verbose_name="quyết định",
                    ),
                ),
            ],
            options={
                "verbose_name": "đề nghị khen thưởng",
                "verbose_name_plural": "đề nghị khen thưởng",
                "ordering": ["recipient_kind", "recipient", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("recognition", "award", "recipient"), name="commended_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("recipient", ""), _negated=True)),
                        name="commendation_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="recognition.decisiondraft"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="recognition.dossier",
                        verbose_name="hồ sơ",
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="recognition.recognition",
                        verbose_name="công nhận",
                    ),
                ),
                (
                    "commendation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="recognition.commendation",
                        verbose_name="đề nghị khen thưởng",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("recognise", "Công nhận"),
                            ("refuse", "Không công nhận"),
                            ("later", "Để quyết định sau"),
                            ("revoke", "Thu hồi"),
                            ("retitle", "Đính chính tên"),
                            ("commend", "Khen thưởng"),
                        ],
                        max_length=10,
                        verbose_name="kết luận",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="lý do")),
                ("mend", models.TextField(blank=True, verbose_name="cần bổ sung, khắc phục")),
                ("title", models.CharField(blank=True, max_length=500, verbose_name="tên ghi lại")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="tập thể, cá nhân ghi lại")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "dòng của quyết định",
                "verbose_name_plural": "dòng của quyết định",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "dossier"), name="line_once_per_dossier"),
                    models.UniqueConstraint(fields=("draft", "recognition"), name="line_once_per_recognition"),
                    models.UniqueConstraint(fields=("draft", "commendation"), name="line_once_per_commendation"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("commendation__isnull", True), ("dossier__isnull", False), ("recognition__isnull", True)),
                            models.Q(("commendation__isnull", True), ("dossier__isnull", True), ("recognition__isnull", False)),
                            models.Q(("commendation__isnull", False), ("dossier__isnull", True), ("recognition__isnull", True)),
                            _connector="OR",
                        ),
                        name="line_is_about_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="recognition.draftline"
                    ),
                ),
                ("words", models.TextField(verbose_name="kiến nghị")),
                ("sent_on", models.DateField(verbose_name="ngày gửi")),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="trả lời")),
                ("is_upheld", models.BooleanField(null=True, verbose_name="chấp nhận")),
                ("answered_on", models.DateField(null=True, verbose_name="ngày trả lời")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "kiến nghị",
                "verbose_name_plural": "kiến nghị",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="appeal_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", True), ("is_upheld__isnull", True)),
                            models.Q(
                                ("answered_on__isnull", False),
                                ("is_upheld__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="answer_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
                        to="organisation.unit",
                        verbose_name="đơn vị tổ chức",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conferences",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên hội nghị")),
                ("held_on", models.DateField(verbose_name="ngày")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="địa điểm")),
            ],
            options={
                "verbose_name": "hội nghị tuyên dương",
                "verbose_name_plural": "hội nghị tuyên dương",
                "ordering": ["-held_on"],
                "constraints": [models.UniqueConstraint(fields=("unit", "season", "name"), name="conference_once")],
            },
        ),
        migrations.CreateModel(
            name="ConferenceEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="recognition.conference"
                    ),
                ),
                (
                    "recognition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recognition.recognition",
                        verbose_name="công nhận",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("story", models.TextField(blank=True, verbose_name="câu chuyện")),
            ],
            options={
                "verbose_name": "mô hình tại hội nghị",
                "verbose_name_plural": "mô hình tại hội nghị",
                "ordering": ["position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("conference", "recognition"), name="conference_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="CouncilMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="recognition.recognitionround"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="council_seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên lúc vào hội đồng")),
                (
                    "task",
                    models.CharField(
                        choices=[
                            ("chair", "Chủ tịch"),
                            ("deputy", "Phó chủ tịch"),
                            ("secretary", "Thư ký"),
                            ("member", "Ủy viên"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="nhiệm vụ",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("removed_at", models.DateTimeField(null=True, verbose_name="lúc thôi")),
                ("removed_why", models.TextField(blank=True, verbose_name="lý do thôi")),
            ],
            options={
                "verbose_name": "thành viên hội đồng",
                "verbose_name_plural": "thành viên hội đồng",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "user"), name="member_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True), ("task", "chair")), fields=("round",), name="one_chair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="term_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at__isnull", True), models.Q(("removed_why", ""), _negated=True), _connector="OR"
                        ),
                        name="removed_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredConflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="declared", to="recognition.councilmember"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="declared_conflicts", to="recognition.dossier"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="lý do")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "xung đột lợi ích tự nêu",
                "verbose_name_plural": "xung đột lợi ích tự nêu",
                "constraints": [
                    models.UniqueConstraint(fields=("member", "dossier"), name="conflict_once"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="conflict_has_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="recognition.councilmember"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="recognition.dossier"
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("assigned_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "phân công",
                "verbose_name_plural": "phân công",
                "ordering": ["dossier", "pk"],
                "constraints": [models.UniqueConstraint(fields=("member", "dossier"), name="assigned_once")],
            },
        ),
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="recognition.dossier"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("own", "Đơn vị tự chấm"), ("member", "Thành viên hội đồng"), ("official", "Điểm chính thức")],
                        default="member",
                        max_length=8,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="recognition.councilmember",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang chấm"), ("sent", "Đã nộp"), ("absent", "Vắng, không đánh giá")],
                        default="draft",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("absent_why", models.CharField(blank=True, max_length=300, verbose_name="lý do vắng")),
                ("remark", models.TextField(blank=True, verbose_name="nhận xét chung")),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="lúc nộp")),
            ],
            options={
                "verbose_name": "phiếu chấm",
                "verbose_name_plural": "phiếu chấm",
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "member"), name="sheet_once_per_member"),
                    models.UniqueConstraint(condition=models.Q(("kind", "own")), fields=("dossier",), name="one_own_sheet"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "official")), fields=("dossier",), name="one_official_sheet"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "member"), ("member__isnull", False)),
                            models.Q(("kind__in", ["own", "official"]), ("member__isnull", True)),
                            _connector="OR",
                        ),
                        name="sheet_is_somebodys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "absent"), _negated=True),
                            models.Q(("absent_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="absence_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="sent_sheet_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="recognition.scoresheet"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recognition.criterion"),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=6)),
                ("weight", models.DecimalField(decimal_places=2, max_digits=6)),
                ("points", models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name="điểm")),
                ("comment", models.TextField(blank=True, verbose_name="nhận xét")),
            ],
            options={
                "verbose_name": "điểm",
                "verbose_name_plural": "điểm",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "criterion"), name="score_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points__isnull", True),
                            models.Q(("points__gte", 0), ("points__lte", models.F("maximum"))),
                            _connector="OR",
                        ),
                        name="points_within_maximum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoreChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="recognition.score"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("comment", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "điểm trước đó",
                "verbose_name_plural": "điểm trước đó",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meeting",
                        to="recognition.recognitionround",
                        verbose_name="đợt xét",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="ngày họp")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="địa điểm")),
                (
                    "way",
                    models.CharField(
                        choices=[("there", "Trực tiếp"), ("online", "Trực tuyến"), ("both", "Trực tiếp kết hợp trực tuyến")],
                        default="there",
                        max_length=10,
                        verbose_name="hình thức",
                    ),
                ),
                (
                    "ballot",
                    models.CharField(
                        choices=[("open", "Biểu quyết công khai"), ("secret", "Bỏ phiếu kín")],
                        default="open",
                        max_length=10,
                        verbose_name="cách biểu quyết",
                    ),
                ),
                (
                    "quorum",
                    models.CharField(
                        choices=[("half", "quá nửa"), ("two-thirds", "từ hai phần ba"), ("three-quarters", "từ ba phần tư")],
                        default="two-thirds",
                        max_length=20,
                        verbose_name="họp khi có mặt",
                    ),
                ),
                (
                    "needed",
                    models.CharField(
                        choices=[("half", "quá nửa"), ("two-thirds", "từ hai phần ba"), ("three-quarters", "từ ba phần tư")],
                        default="half",
                        max_length=20,
                        verbose_name="thông qua khi tán thành",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "Chưa biểu quyết"),
                            ("voting", "Đang biểu quyết"),
                            ("closed", "Đã biểu quyết xong"),
                        ],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True, verbose_name="lúc mở biểu quyết")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="lúc đóng biểu quyết")),
                ("conclusion", models.TextField(blank=True, verbose_name="kết luận của hội đồng")),
            ],
            options={
                "verbose_name": "cuộc họp hội đồng",
                "verbose_name_plural": "cuộc họp hội đồng",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("opened_at__isnull", True), ("state", "preparing")),
                            models.Q(("closed_at__isnull", True), ("opened_at__isnull", False), ("state", "voting")),
                            models.Q(("closed_at__isnull", False), ("opened_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="meeting_times_follow_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to="recognition.meeting"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="recognition.councilmember"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="họ tên lúc họp")),
                (
                    "task",
                    models.CharField(
                        choices=[
                            ("chair", "Chủ tịch"),
                            ("deputy", "Phó chủ tịch"),
                            ("secretary", "Thư ký"),
                            ("member", "Ủy viên"),
                        ],
                        max_length=10,
                        verbose_name="nhiệm vụ lúc họp",
                    ),
                ),
                ("is_present", models.BooleanField(default=False, verbose_name="có mặt")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="lý do vắng")),
            ],
            options={
                "verbose_name": "có mặt, vắng mặt",
                "verbose_name_plural": "có mặt, vắng mặt",
                "ordering": ["member"],
                "constraints": [models.UniqueConstraint(fields=("meeting", "member"), name="attendance_once")],
            },
        ),
        migrations.CreateModel(
            name="OpenVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="open_votes", to="recognition.meeting"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="open_votes", to="recognition.dossier"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="open_votes", to="recognition.councilmember"
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "Tán thành"), ("against", "Không tán thành"), ("blank", "Không có ý kiến")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "phiếu công khai",
                "verbose_name_plural": "phiếu công khai",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("dossier", "member"),
                        name="one_open_vote_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretCast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="casts", to="recognition.meeting"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="casts", to="recognition.dossier"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="casts", to="recognition.councilmember"
                    ),
                ),
            ],
            options={
                "verbose_name": "đã bỏ phiếu kín",
                "verbose_name_plural": "đã bỏ phiếu kín",
                "constraints": [models.UniqueConstraint(fields=("dossier", "member"), name="cast_once")],
            },
        ),
        migrations.CreateModel(
            name="SecretBox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="boxes", to="recognition.meeting"
                    ),
                ),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="box", to="recognition.dossier"
                    ),
                ),
                ("in_favour", models.PositiveSmallIntegerField(default=0)),
                ("against", models.PositiveSmallIntegerField(default=0)),
                ("blank", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "hòm phiếu kín",
                "verbose_name_plural": "hòm phiếu kín",
            },
        ),
        migrations.CreateModel(
            name="BallotResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="recognition.meeting"
                    ),
                ),
                (
                    "dossier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballot", to="recognition.dossier"
                    ),
                ),
                ("in_favour", models.PositiveSmallIntegerField(verbose_name="tán thành")),
                ("against", models.PositiveSmallIntegerField(verbose_name="không tán thành")),
                ("blank", models.PositiveSmallIntegerField(verbose_name="không có ý kiến")),
                ("voters", models.PositiveSmallIntegerField(verbose_name="được biểu quyết")),
                ("aside", models.JSONField(default=list, verbose_name="đứng ngoài")),
                ("score", models.DecimalField(decimal_places=2, max_digits=6, null=True, verbose_name="điểm")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="thứ hạng")),
                ("passed", models.BooleanField(verbose_name="thông qua")),
            ],
            options={
                "verbose_name": "kết quả biểu quyết",
                "verbose_name_plural": "kết quả biểu quyết",
                "ordering": ["rank", "dossier__number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "voters__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("in_favour"), "+", models.F("against")
                                    ),
                                    "+",
                                    models.F("blank"),
                                ),
                            )
                        ),
                        name="votes_within_voters",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="recognition.dossier",
                        verbose_name="hồ sơ",
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("planned_on", models.DateField(verbose_name="dự kiến ngày")),
                ("visitors", models.CharField(max_length=300, verbose_name="đoàn khảo sát")),
                ("visited_on", models.DateField(null=True, verbose_name="đã khảo sát ngày")),
                ("people_met", models.TextField(blank=True, verbose_name="đã gặp ai")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("as-claimed", "Đúng như hồ sơ"),
                            ("partly", "Đúng một phần"),
                            ("not-found", "Chưa đúng như hồ sơ"),
                        ],
                        max_length=12,
                        verbose_name="kết luận",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="nhận xét")),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="lúc gửi")),
            ],
            options={
                "verbose_name": "khảo sát thực tế",
                "verbose_name_plural": "khảo sát thực tế",
                "ordering": ["planned_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("visited_on__isnull", True)),
                            models.Q(
                                ("sent_at__isnull", False),
                                ("visited_on__isnull", False),
                                models.Q(("verdict", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="visit_made_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="recognition.sitevisit"
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="đo cái gì")),
                ("counting_unit", models.CharField(max_length=30, verbose_name="đơn vị tính")),
                ("claimed", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="theo hồ sơ")),
                ("found", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="đếm được")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
            ],
            options={
                "verbose_name": "kết quả kiểm tra",
                "verbose_name_plural": "kết quả kiểm tra",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "what"), name="check_once"),
                    models.CheckConstraint(
                        condition=models.Q(("found__isnull", True), ("found__gte", 0), _connector="OR"), name="found_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="recognition.sitevisit"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("file", models.FileField(upload_to="visits/%Y/")),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "ảnh khảo sát",
                "verbose_name_plural": "ảnh khảo sát",
                "ordering": ["sent_at", "pk"],
            },
        ),
    ]
