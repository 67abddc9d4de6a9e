import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("models_registry", "0010_same_registration"),
    ]
    operations = [
        migrations.CreateModel(
            name="SeasonDraft",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("answers", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "nháp mở năm",
                "verbose_name_plural": "nháp mở năm",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_season_draft")],
            },
        ),
    ]
