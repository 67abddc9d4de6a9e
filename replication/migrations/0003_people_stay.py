from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("replication", "0002_guards")]
    operations = [
        Protect(
            adoption="recorded_by",
            adoptionoutput="recorded_by",
            howto="updated_by",
            replicationcampaign="made_by",
            studyphoto="sent_by",
            studyvisit="answered_by asked_by",
        )
    ]
