from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX registration_search ON models_registry_registration USING gin (search_text gin_trgm_ops)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX registration_search")


class Migration(migrations.Migration):
    """The trigram index is PostgreSQL's alone; SQLite answers the same question by reading its own column."""

    dependencies = [("models_registry", "0002_initial")]
    operations = [TrigramExtension(), migrations.RunPython(create, drop)]
