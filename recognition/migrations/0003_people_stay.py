from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay."""

    dependencies = [("recognition", "0002_guards")]
    operations = [
        Protect(
            appeal="answered_by sent_by",
            assignment="assigned_by",
            centralintroduction="recorded_by",
            certificatebatch="asked_by",
            certificatelayout="made_by",
            commendation="proposed_by",
            criteriaset="made_by",
            decision="recorded_by",
            decisiondraft="checked_by prepared_by",
            decisionfile="sent_by",
            dossierfile="sent_by",
            dossierstep="actor",
            recognitionround="made_by",
            roundextension="granted_by",
            sitevisit="planned_by sent_by",
        )
    ]
