import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import Refuse, changed

COLUMNS = ("handover_id", "unit_id", "since", "given_by_id", "given_at")


class Migration(migrations.Migration):
    """What was assigned to a unit that is split in its turn is assigned again. Like the first, it is never changed."""

    dependencies = [
        ("models_registry", "0008_handovers_stay"),
        ("organisation", "0007_nobody_emptied_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverAgain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="từ ngày")),
                ("given_at", models.DateTimeField(auto_now_add=True, verbose_name="lúc giao")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người giao",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="again", to="models_registry.handover"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="đơn vị kế tục",
                    ),
                ),
            ],
            options={
                "verbose_name": "giao lại cho đơn vị kế tục",
                "verbose_name_plural": "giao lại cho đơn vị kế tục",
                "ordering": ["since", "pk"],
                "constraints": [models.UniqueConstraint(fields=("handover", "since"), name="handed_over_once_a_day")],
            },
        ),
        Refuse("models_registry_handoveragain", "stays", "UPDATE", when=changed(COLUMNS), message="a handover is never changed"),
    ]
