from django.db import migrations

from common.triggers import Refuse, changed

DECISION = "number decided_on issuer_id issuer_name level_id signer purpose round_id amends_id published_at".split()
RESULT = "in_favour against blank voters score rank passed dossier_id meeting_id".split()
RECOGNISED = "registration_id decision_id level_id title subject".split()
OF_PUBLISHED = "EXISTS (SELECT 1 FROM recognition_decision d WHERE d.id = OLD.decision_id AND d.published_at IS NOT NULL)"


class Migration(migrations.Migration):
    """What was published or voted is never edited: a decision, what it recognises (which may be withdrawn), a ballot's result."""

    replaces = [("recognition", "0009_published_stays"), ("recognition", "0012_recognised_stays")]
    dependencies = [("recognition", "0001_tables")]
    operations = [
        Refuse(
            "recognition_decision",
            "stays",
            "UPDATE",
            when=f"OLD.published_at IS NOT NULL AND ({changed(DECISION)})",
            message="a published decision is never edited",
        ),
        Refuse(
            "recognition_ballotresult",
            "stays",
            "UPDATE",
            when=changed(RESULT),
            message="the result of a ballot is never edited",
        ),
        Refuse(
            "recognition_recognition",
            "stays",
            "UPDATE",
            when=f"({changed(RECOGNISED)}) AND {OF_PUBLISHED}",
            message="what a published decision recognises is never edited",
        ),
    ]
