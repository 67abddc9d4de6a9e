from django.db import migrations

from common.text import spell_hamlets

BATCH = 500  # at once in memory
SHORT = r" (tdp|t d p|to d ?p|kp|k ?p|k ?pho|(thon|khu pho|to dan pho|ap|to|khu|xom|buon|bon)[0-9])"


def spell(apps, schema_editor):
    """Find what is stored by the same words as what is stored from now on."""
    registrations = apps.get_model("models_registry", "Registration").objects
    short = registrations.filter(search_text__regex=SHORT).only("pk", "search_text").order_by("pk")
    last, found = 0, list(short[:BATCH])
    while found:
        last = found[-1].pk
        changed = [one for one in found if spell_hamlets(one.search_text) != one.search_text]
        for one in changed:
            one.search_text = spell_hamlets(one.search_text)
        registrations.bulk_update(changed, ["search_text"])
        found = list(short.filter(pk__gt=last)[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0029_undone_lists")]

    operations = [migrations.RunPython(spell, migrations.RunPython.noop, elidable=True)]
