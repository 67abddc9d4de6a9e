from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("papers", "0001_tables")]
    operations = [Protect(formrecord="made_by", letterhead="made_by", papernumber="given_by", papertemplate="sent_by")]
