from django.db import migrations

from common.text import spell_hamlets

SHORT = r" (tdp|t d p|to d ?p|kp|k ?p|k ?pho|(thon|khu pho|to dan pho|ap|to|khu|xom|buon|bon)[0-9])"


def spell(apps, schema_editor):
    """Find what is stored by the same words as what is stored from now on."""
    registrations = apps.get_model("models_registry", "Registration").objects
    changed = []
    for registration in registrations.filter(search_text__regex=SHORT).only("pk", "search_text"):
        if (text := spell_hamlets(registration.search_text)) != registration.search_text:
            registration.search_text = text
            changed.append(registration)
    registrations.bulk_update(changed, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0029_undone_lists")]

    operations = [migrations.RunPython(spell, migrations.RunPython.noop, elidable=True)]
