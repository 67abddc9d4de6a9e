from django.db import migrations

from common.triggers import Refuse, changed

COLUMNS = ("registration_id", "unit_id", "since", "given_by_id", "given_at")


class Migration(migrations.Migration):
    """Figures count by it: what was assigned to whom, and from when, is never changed."""

    dependencies = [("models_registry", "0007_hamlets")]
    operations = [
        Refuse("models_registry_handover", "stays", "UPDATE", when=changed(COLUMNS), message="a handover is never changed"),
    ]
