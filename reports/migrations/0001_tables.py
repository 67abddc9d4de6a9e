import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("reports", "0001_initial")]

    initial = True

    dependencies = [
        ("common", "0001_tables"),
        ("models_registry", "0001_tables"),
        ("organisation", "0001_tables"),
        ("papers", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="loại")),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="models_registry.season",
                        verbose_name="năm",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="organisation.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                ("unit_name", models.CharField(max_length=200, verbose_name="tên đơn vị vào ngày ấy")),
                ("as_of", models.DateField(verbose_name="tính đến ngày")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Bản nháp"), ("frozen", "Đã chốt")],
                        default="draft",
                        max_length=6,
                        verbose_name="trạng thái",
                    ),
                ),
                ("facts", models.JSONField(null=True)),
                ("counted", models.BinaryField(default=bytes)),
                ("problems", models.JSONField(default=list)),
                ("answers", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=dict)),
                ("build", models.PositiveIntegerField(default=0, verbose_name="lần lập")),
                ("built_at", models.DateTimeField(null=True, verbose_name="lúc lập")),
                (
                    "job",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="common.job"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="reports.report",
                        verbose_name="đính chính cho",
                    ),
                ),
                ("correction", models.PositiveSmallIntegerField(default=0, verbose_name="lần đính chính")),
                ("correction_why", models.TextField(blank=True, verbose_name="lý do đính chính")),
                (
                    "number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.papernumber",
                        verbose_name="số",
                    ),
                ),
                ("suffix", models.CharField(blank=True, max_length=20, verbose_name="ký hiệu cơ quan")),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="lúc chốt")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người chốt",
                    ),
                ),
                ("checksum", models.CharField(blank=True, max_length=64, verbose_name="mã kiểm tra")),
                ("file_sums", models.JSONField(default=dict)),
                ("docx", models.FileField(blank=True, upload_to="reports/%Y/")),
                ("xlsx", models.FileField(blank=True, upload_to="reports/%Y/")),
                ("pdf", models.FileField(blank=True, upload_to="reports/%Y/")),
            ],
            options={
                "verbose_name": "báo cáo",
                "verbose_name_plural": "báo cáo",
                "ordering": ["-as_of", "kind", "unit__position", "-correction"],
                "indexes": [models.Index(fields=["season", "kind", "as_of"], name="reports_of_season")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "season", "unit", "as_of", "correction"), name="report_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checksum", ""), ("frozen_at__isnull", True), ("state", "draft")),
                            models.Q(
                                ("facts__isnull", False),
                                ("frozen_at__isnull", False),
                                ("frozen_by__isnull", False),
                                ("state", "frozen"),
                                models.Q(("checksum", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_frozen_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction", 0), ("corrects__isnull", True)),
                            models.Q(
                                ("correction__gt", 0),
                                ("corrects__isnull", False),
                                models.Q(("correction_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_names_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True), models.Q(("corrects", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="correction_not_of_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quoted_figures",
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
                ("figure", models.CharField(max_length=30, verbose_name="số liệu")),
                ("as_of", models.DateField(verbose_name="tính đến ngày")),
                ("qualifier", models.CharField(blank=True, max_length=20, verbose_name="mức chính xác")),
                ("number", models.PositiveIntegerField(verbose_name="số")),
                ("parts", models.PositiveIntegerField(blank=True, null=True, verbose_name="các phần cộng lại")),
                ("source", models.CharField(max_length=300, verbose_name="nguồn")),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("kept_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "số liệu trích dẫn",
                "verbose_name_plural": "số liệu trích dẫn",
                "ordering": ["as_of", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("season", "unit", "figure", "as_of", "source"), name="quoted_once"),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="quoted_has_source"),
                ],
            },
        ),
    ]
