from django.db import migrations

TABLE = "replication_adoption"
BAD = (
    f"(NEW.parent_id IS NOT NULL AND NEW.depth <= (SELECT above.depth FROM {TABLE} above WHERE above.id = NEW.parent_id)) "
    f"OR EXISTS (SELECT 1 FROM {TABLE} below WHERE below.parent_id = NEW.id AND below.depth <= NEW.depth)"
)
WORDS = "the depth of a line grows: no adoption is its own origin"


def guard(apps, schema_editor):
    """Depth grows from each adoption to the next: a line cannot run in a circle, whoever writes."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {BAD} THEN "
            f"RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_line BEFORE INSERT OR UPDATE OF parent_id, depth ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_line()"
        )
        return
    for event in ("INSERT", "UPDATE OF parent_id, depth"):
        name = f"{TABLE}_line_{event.split()[0].lower()}"
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW WHEN {BAD} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_line ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_line()")
        return
    for event in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_line_{event}")


class Migration(migrations.Migration):

    dependencies = [("replication", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
