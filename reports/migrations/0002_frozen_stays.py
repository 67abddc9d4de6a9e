from django.db import migrations

TABLE, WORDS = "reports_report", "a frozen report is never changed"
COLUMNS = (
    "kind season_id unit_id unit_name as_of state facts counted problems answers texts build built_at corrects_id correction "
    "correction_why number_id suffix frozen_at frozen_by_id checksum docx xlsx pdf"
).split()


def guard(apps, schema_editor):
    """The database itself refuses to change or to delete a frozen report. Who asked for it and its job may be forgotten."""
    if schema_editor.connection.vendor == "postgresql":
        json = ("facts", "problems", "answers", "texts")
        changed = " OR ".join(
            f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" if name in json else f"OLD.{name} IS DISTINCT FROM NEW.{name}"
            for name in COLUMNS
        )
        schema_editor.execute(
            f"CREATE FUNCTION {TABLE}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN (OLD.state = 'frozen' AND ({changed})) EXECUTE FUNCTION {TABLE}_stays()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW "
            f"WHEN (OLD.state = 'frozen') EXECUTE FUNCTION {TABLE}_stays()"
        )
        return
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COLUMNS)
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN OLD.state = 'frozen' AND ({changed}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW "
        f"WHEN OLD.state = 'frozen' BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_stays ON {TABLE}")
        schema_editor.execute(f"DROP TRIGGER {TABLE}_kept ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {TABLE}_stays()")
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_stays")
    schema_editor.execute(f"DROP TRIGGER {TABLE}_kept")


class Migration(migrations.Migration):

    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
