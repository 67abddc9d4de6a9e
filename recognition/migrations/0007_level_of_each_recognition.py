from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Recognition, Decision = apps.get_model("recognition", "Recognition"), apps.get_model("recognition", "Decision")
    level = Decision.objects.filter(pk=OuterRef("decision")).values("level")
    Recognition.objects.filter(level__isnull=True).update(level=Subquery(level))


class Migration(migrations.Migration):
    """A recognition's level stands in its own row, so that the database can hold it to one per registration and level."""

    dependencies = [("recognition", "0006_meetings_decisions_certificates")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
