import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("common", "0001_initial"), ("common", "0002_initial")]

    initial = True

    dependencies = [("organisation", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60, verbose_name="việc")),
                ("arguments", models.JSONField(default=dict, verbose_name="tham số")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Đang chờ"),
                            ("running", "Đang làm"),
                            ("done", "Xong"),
                            ("failed", "Hỏng"),
                            ("cancelled", "Đã dừng"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("doing", models.CharField(blank=True, max_length=200, verbose_name="đang làm")),
                ("progress", models.PositiveIntegerField(default=0, verbose_name="đã xong")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="tổng số")),
                ("error", models.TextField(blank=True, verbose_name="lỗi")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="số lần thử")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người yêu cầu",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc yêu cầu")),
                ("heard_at", models.DateTimeField(null=True, verbose_name="lúc báo gần nhất")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="lúc xong")),
            ],
            options={
                "verbose_name": "việc chạy nền",
                "verbose_name_plural": "việc chạy nền",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])), fields=["state", "created_at"], name="job_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ["queued", "running"])),
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed", "cancelled"])),
                            _connector="OR",
                        ),
                        name="job_ended_has_time",
                    )
                ],
            },
        ),
    ]
