from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("portal", "0001_tables")]
    operations = [Protect(correctionrequest="answered_by", story="written_by")]
