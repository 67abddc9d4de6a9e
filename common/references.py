"""Foreign keys in migrations."""

from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import PROTECT


class Protect(Operation):
    """Let nothing be deleted that these foreign keys point at: `Protect(report="made_by frozen_by")`.

    `on_delete` is Django's alone, so only the state of the models changes. AlterField would draw every related model anew for each
    key, which is a third of the time that a new database takes.
    """

    reversible = True

    def __init__(self, **keys: str) -> None:
        self.keys = keys

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model, names in self.keys.items():
            fields = state.models[app_label, model].fields
            for name in names.split():
                fields[name] = fields[name].clone()
                fields[name].remote_field.on_delete = PROTECT

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    database_backwards = database_forwards

    def describe(self) -> str:
        return f"Protect what {', '.join(f'{model}.{name}' for model, names in self.keys.items() for name in names.split())} need"
