"""What must stand before the first page: an up-to-date database, with the demo season when it was empty. Run by `run.py`.

`prepare.py extras`, after the first page: what of the demo no first page shows; begun again where it was cut off.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danvan.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from portal import demo  # noqa: E402

UNFINISHED = settings.VAR_DIR / "demo_unfinished"


def main() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if not demo.is_loaded() or left_to_do() == "all":
        UNFINISHED.write_text("all")
        demo.load()
        UNFINISHED.write_text("extras")


def left_to_do() -> str:
    """What a start that was cut off left of the demo: all, its extras, or nothing."""
    return UNFINISHED.read_text() if UNFINISHED.exists() else ""


def extras() -> None:
    if left_to_do():
        demo.load_extras()
        UNFINISHED.unlink()


if __name__ == "__main__":
    extras() if sys.argv[1:] == ["extras"] else main()
