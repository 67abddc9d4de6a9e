from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

TABLE = "models_registry_registration"
INDEXES = {"registration_search": "search_text", "registration_title": "title_key"}


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, column in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {TABLE} USING gin ({column} gin_trgm_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """The trigram indexes are PostgreSQL's alone; SQLite answers the same questions by reading its own columns."""

    replaces = [("models_registry", "0003_search_index")]
    dependencies = [("models_registry", "0001_tables")]
    operations = [TrigramExtension(), migrations.RunPython(create, drop)]
