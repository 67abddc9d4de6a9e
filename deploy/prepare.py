"""What must stand before the first page: an up-to-date database, with the demo season when it was empty and no EMPTY was asked for. Run by
`run.py`.

`prepare.py extras`, after the first page: what of the demo no first page shows, and the seasons up to this year's; begun again
where it was cut off.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from danvan.environment import refuse, use_settings  # noqa: E402

use_settings()

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from portal import demo  # noqa: E402


def connect() -> None:
    """Connect to the database, or tell which one was tried and what to look at."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        at = connection.settings_dict
        reason = str(error).strip().partition("\n")[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip()
        if connection.vendor == "sqlite":
            refuse(f"Không mở được tệp cơ sở dữ liệu {at['NAME']} ({reason}); hãy xem lại tệp ấy, hoặc đặt DATABASE_URL.")
        user, host = f"{at['USER']}@" if at["USER"] else "", at["HOST"] or "localhost"
        where = f"{user}{host}:{at['PORT'] or 5432}/{at['NAME']}"
        refuse(
            f"Không kết nối được cơ sở dữ liệu {where} ({reason}); hãy xem máy chủ PostgreSQL đã chạy chưa, "
            "tên máy, tên đăng nhập, mật khẩu và tên cơ sở dữ liệu trong DATABASE_URL đã đúng chưa."
        )


def main() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    if not settings.EMPTY and (not demo.is_loaded() or demo.was_cut_off()):
        demo.load()


def extras() -> None:
    if not settings.EMPTY and demo.is_demo() and not demo.is_whole():  # also in a new year: its season opens
        os.nice(10)  # whoever looks at the first pages goes first
        demo.load_extras()
        demo.load_living()


if __name__ == "__main__":
    connect()
    extras() if sys.argv[1:] == ["extras"] else main()
