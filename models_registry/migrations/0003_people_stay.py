from django.db import migrations

from common.references import Protect


class Migration(migrations.Migration):
    """The accounts of those who did something here stay; so does a season for which a unit got more time."""

    dependencies = [("models_registry", "0002_search_indexes")]
    operations = [
        Protect(
            attachment="sent_by",
            differencenote="said_by",
            outputmeasure="recorded_by",
            registerimport="uploaded_by",
            registrationsheet="saved_by",
            registrationstep="actor",
            seasonextension="granted_by season taken_back_by",
        )
    ]
