"""What was proposed before there were rounds was proposed to the level that gathers the registers."""

from django.db import migrations


def name_level(apps, schema_editor):
    dossiers = apps.get_model("recognition", "Dossier").objects.filter(level=None)
    level = apps.get_model("organisation", "Level").objects.filter(gathers_registers=True).first()
    if level:
        dossiers.update(level=level)
    dossiers.filter(proposed_on__isnull=False, withdrawn_on__isnull=False).update(state="withdrawn")


class Migration(migrations.Migration):
    dependencies = [("recognition", "0002_rounds"), ("organisation", "0001_initial")]
    operations = [migrations.RunPython(name_level, migrations.RunPython.noop)]
