from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recognition", "0012_grades_taken_away"),
    ]

    operations = [
        migrations.AddField(
            model_name="conference",
            name="starts_at",
            field=models.TimeField(blank=True, null=True, verbose_name="giờ"),
        ),
    ]
