from django.db import migrations, models

TABLE, WORDS = "reports_report", "a frozen report is never changed"
COLUMNS = (
    "id kind season_id unit_id unit_name as_of state facts counted problems answers texts build built_at corrects_id correction "
    "correction_why number_id suffix frozen_at frozen_by_id checksum file_sums docx xlsx pdf"
).split()
JSON = ("facts", "problems", "answers", "texts", "file_sums")
ONCE = "kind season_id unit_id as_of correction".split()


def guard(apps, schema_editor):
    """As 0002, with the row's id and the sums of its files; and on SQLite no row can be put in a frozen one's place."""
    if schema_editor.connection.vendor == "postgresql":
        changed = " OR ".join(
            f"OLD.{name}::text IS DISTINCT FROM NEW.{name}::text" if name in JSON else f"OLD.{name} IS DISTINCT FROM NEW.{name}"
            for name in COLUMNS
        )
        schema_editor.execute(f"DROP TRIGGER {TABLE}_stays ON {TABLE}")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW "
            f"WHEN (OLD.state = 'frozen' AND ({changed})) EXECUTE FUNCTION {TABLE}_stays()"
        )
        return
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COLUMNS)
    same = " AND ".join(f"there.{name} IS NEW.{name}" for name in ONCE)
    for name in ("stays", "kept"):  # a new column makes the table anew, without its triggers
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW "
        f"WHEN OLD.state = 'frozen' BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN OLD.state = 'frozen' AND ({changed}) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_place BEFORE INSERT ON {TABLE} FOR EACH ROW WHEN EXISTS (SELECT 1 FROM {TABLE} there "
        f"WHERE there.state = 'frozen' AND (there.id = NEW.id OR ({same}))) BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


class Migration(migrations.Migration):

    dependencies = [("reports", "0002_frozen_stays")]
    operations = [
        migrations.AddField("report", "file_sums", models.JSONField(default=dict)),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
