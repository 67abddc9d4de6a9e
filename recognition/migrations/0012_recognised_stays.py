from django.db import migrations

NAMED = ("registration_id", "decision_id", "level_id", "title", "subject")


def guard(apps, schema_editor):
    """What a decision published here recognises is not edited: only withdrawn. What stood aside in a ballot stays too."""
    vendor = schema_editor.connection.vendor
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in NAMED)
    published = "SELECT 1 FROM recognition_decision d WHERE d.id = OLD.decision_id AND d.published_at IS NOT NULL"
    words = "what a published decision recognises is never edited"
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION recognition_recognition_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS ({published}) THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER recognition_recognition_stays BEFORE UPDATE ON recognition_recognition FOR EACH ROW "
            f"WHEN ({changed}) EXECUTE FUNCTION recognition_recognition_stays()"
        )
    elif vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER recognition_recognition_stays BEFORE UPDATE ON recognition_recognition FOR EACH ROW "
            f"WHEN ({changed}) AND EXISTS ({published}) BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER recognition_recognition_stays ON recognition_recognition")
        schema_editor.execute("DROP FUNCTION recognition_recognition_stays()")
    else:
        schema_editor.execute("DROP TRIGGER recognition_recognition_stays")


class Migration(migrations.Migration):

    dependencies = [("recognition", "0011_as_they_were_at_the_meeting")]
    operations = [migrations.RunPython(guard, unguard)]
