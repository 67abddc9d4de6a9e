from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0011_season_drafts")]
    operations = [
        migrations.AddField(
            "registerimport",
            "takes",
            models.JSONField(default=list, verbose_name="nhận cả dòng ẩn, gạch ngang"),
        ),
    ]
