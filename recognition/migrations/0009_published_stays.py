from django.db import migrations

DECISION = ("number", "decided_on", "issuer_id", "issuer_name", "level_id", "signer", "purpose", "round_id", "amends_id", "published_at")
RESULT = ("in_favour", "against", "blank", "voters", "score", "rank", "passed", "dossier_id", "meeting_id")
TABLES = (
    ("recognition_decision", DECISION, "OLD.published_at IS NOT NULL", "a published decision is never edited"),
    ("recognition_ballotresult", RESULT, "1 = 1", "the result of a ballot is never edited"),
)


def guard(apps, schema_editor):
    """The database itself refuses to change what was published or voted."""
    vendor = schema_editor.connection.vendor
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    for table, columns, when, words in TABLES:
        changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in columns)
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({when} AND ({changed})) EXECUTE FUNCTION {table}_stays()"
            )
        elif vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN {when} AND ({changed}) BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )


def unguard(apps, schema_editor):
    for table, *_ in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_stays ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_stays()")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_stays")


class Migration(migrations.Migration):

    dependencies = [("recognition", "0008_level_is_there")]
    operations = [migrations.RunPython(guard, unguard)]
