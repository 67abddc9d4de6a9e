from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("reports", "0002_guards")]
    operations = [Protect(quotedfigure="kept_by", report="made_by")]
