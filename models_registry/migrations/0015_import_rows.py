import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def read_again(apps, schema_editor):
    """Registers that wait for their officer have no rows to show yet: they are read again."""
    job, upload = apps.get_model("common", "Job"), apps.get_model("models_registry", "RegisterImport")
    for found in upload.objects.filter(state="read").only("pk", "uploaded_by_id"):
        asked = job.objects.create(kind="read_register", arguments={"import_id": str(found.pk)}, asked_by_id=found.uploaded_by_id)
        upload.objects.filter(pk=found.pk).update(state="reading", job=asked)
    if schema_editor and schema_editor.connection.vendor == "postgresql":  # the keys of the new tables are added after this
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("common", "0001_tables"),
        ("models_registry", "0014_mapping"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="registerimport",
            name="discarded_at",
            field=models.DateTimeField(null=True, verbose_name="lúc bỏ"),
        ),
        migrations.AlterField(
            model_name="registerimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "Đang đọc"),
                    ("read", "Đã đọc, chờ xác nhận"),
                    ("storing", "Đang nạp"),
                    ("stored", "Đã nạp"),
                    ("refused", "Không đọc được"),
                    ("undone", "Đã hủy"),
                    ("discarded", "Đã bỏ"),
                ],
                default="reading",
                max_length=10,
                verbose_name="trạng thái",
            ),
        ),
        migrations.CreateModel(
            name="ImportEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=300, verbose_name="đã làm gì")),
                ("cells", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="models_registry.registerimport"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet_no", models.PositiveSmallIntegerField()),
                ("sheet", models.CharField(max_length=255)),
                ("row", models.PositiveIntegerField()),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Mới"), ("changed", "Đổi"), ("unchanged", "Giữ nguyên"), ("refused", "Từ chối")],
                        max_length=10,
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        blank=True, choices=[("linked", "Tự nối"), ("asked", "Có phải là…?"), ("none", "Không có")], max_length=10
                    ),
                ),
                ("identity", models.CharField(max_length=32)),
                ("told", models.JSONField(default=dict)),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="models_registry.registerimport"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["upload", "rank", "sheet_no", "row"], name="import_rows_in_order"),
                    models.Index(fields=["upload", "identity"], name="import_rows_alike"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "sheet", "row"), name="import_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "changed", "unchanged", "refused"])),
                        name="import_row_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link__in", ["", "linked", "asked", "none"])), name="import_row_link_known"
                    ),
                ],
            },
        ),
        migrations.RunPython(read_again, migrations.RunPython.noop),
    ]
