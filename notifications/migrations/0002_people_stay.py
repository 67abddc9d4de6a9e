from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("notifications", "0001_tables")]
    operations = [Protect(message="recipient")]
