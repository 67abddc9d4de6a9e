"""The demo season as a database to copy: made once for each backend, cloned for each worker and after each test that commits.

A template is known by a hash of what it is made of. On SQLite it is a file under var/test, kept between runs, and so is the
migrated database that it is made from (two thirds of the work, and seldom another); on PostgreSQL a database of the server,
which goes with it unless the server was there before.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(os.environ.get("TEST_TEMPLATES") or ROOT / "var" / "test")
APPS = ["common", "organisation", "notifications", "papers", "models_registry", "recognition", "replication", "reports", "portal"]
PASSWORD = "mat-khau-thu"  # of the demo's accounts in tests


def template_key() -> str:
    """What a template is made of: the demo's papers, the apps that read and store them, the packages."""
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return _hash([*sources, *(path for path in (ROOT / "demo").rglob("*") if path.is_file())])


def schema_key() -> str:
    """What a migrated database is made of: the migrations, the models, and what both are written with."""
    return _hash([path for app in APPS for path in (ROOT / app).rglob("*.py") if _is_schema(path.relative_to(ROOT / app))])


def _is_schema(path: Path) -> bool:
    """Besides migrations and models, all that stands directly in an app: constants, enumerations, triggers."""
    return len(path.parts) == 1 or path.parts[0] in ("migrations", "models")


def _hash(sources: list[Path]) -> str:
    """Of some files, the packages and the settings: twelve hex digits."""
    made_of = hashlib.sha256()
    for path in sorted([*sources, ROOT / "requirements.lock", ROOT / "danvan" / "settings.py", Path(__file__)]):
        made_of.update(str(path.relative_to(ROOT)).encode())
        made_of.update(path.read_bytes())
    return made_of.hexdigest()[:12]


def database_url(name: str = "", settings: dict[str, Any] | None = None) -> str:
    """Where a database is, for another process: this process's own, or another one of its server."""
    from django.db import connection

    at = settings or connection.settings_dict
    name = name or at["NAME"]
    if at["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    secret = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    host, port = at["HOST"] or "127.0.0.1", at["PORT"] or 5432
    where = f":{port}/{host}" if host.startswith("/") else f"{host}:{port}"  # a folder that the server's socket lies in
    return f"postgres://{at['USER']}{secret}@{where}/{name}"


def build(url: str, migrated: Path | None = None) -> None:
    """Migrate a database and load the demo season into it, in a process of its own; a copy of the `migrated` file is kept."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", "DEMO_PASSWORD": PASSWORD}
    environment.pop("VAR_DIR", None)
    command = [sys.executable, "-m", "tests.databases", "fill", *([str(migrated)] if migrated else [])]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def fill(migrated: str = "") -> None:
    """The work of `build`, on the database that the settings name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from portal import demo

    def settle(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    call_command("migrate", verbosity=0, skip_checks=True)
    if migrated:
        settle("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(connection.settings_dict["NAME"], migrated)
    demo.load()
    # Without statistics a page of the catalogue takes the planner's worst way.
    settle("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


class SqliteTemplate:
    """A file, copied."""

    def __init__(self) -> None:
        self.file = KEPT / f"demo-{template_key()}.sqlite3"
        self.migrated = migrated = KEPT / f"migrated-{schema_key()}.sqlite3"
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.file.exists() and migrated.exists():
                return
            for older in {*KEPT.glob("*.sqlite3")} - {migrated}:
                older.unlink()
            with tempfile.TemporaryDirectory(dir=KEPT) as folder:
                begun, kept = Path(folder) / "demo.sqlite3", Path(folder) / migrated.name
                if migrated.exists():
                    shutil.copyfile(migrated, begun)
                build(f"sqlite:///{begun}", kept)
                kept.rename(migrated)
                begun.rename(self.file)

    def clone(self, name: str) -> str:
        """Put a fresh copy in the place of `name`, a path; return the path."""
        for rest in ("-wal", "-shm"):
            Path(name + rest).unlink(missing_ok=True)
        shutil.copyfile(self.file, name)
        return name

    def drop(self, name: str) -> None:
        for rest in ("", "-wal", "-shm"):
            Path(name + rest).unlink(missing_ok=True)


class PostgresTemplate:
    """A database of the server, copied by the server."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = dict(settings)
        self.name = f"danvan_demo_{template_key()}"
        with self.server(settings) as cursor:
            cursor.execute("SELECT pg_advisory_lock(746)")  # the other worker waits for the one that builds
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            if not cursor.fetchone():
                cursor.execute(f"DROP DATABASE IF EXISTS {self.name}_begun WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {self.name}_begun TEMPLATE template0 ENCODING 'UTF8'")
                build(database_url(f"{self.name}_begun", settings))
                cursor.execute(f"ALTER DATABASE {self.name}_begun RENAME TO {self.name}")

    @staticmethod
    @contextlib.contextmanager
    def server(settings: dict[str, Any], name: str = "postgres") -> Iterator[Any]:
        """A cursor outside any transaction, on another database of the server."""
        import psycopg2

        at = {key.lower(): settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        connection = psycopg2.connect(**at, dbname=name)
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def clone(self, name: str) -> str:
        """Put a fresh copy in the place of the database `name`; whoever is still connected is thrown out. Return the name."""
        with self.server(self.settings) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {self.name} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        with self.server(self.settings) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def empty_database(at: Path) -> Path:
    """A migrated SQLite database without a row of ours, for a process of its own: the one that the demo was loaded into, copied."""
    return Path(shutil.copyfile(SqliteTemplate().migrated, at))


def template_for(settings: dict[str, Any]) -> SqliteTemplate | PostgresTemplate:
    """The template of the backend that a Django database setting names, built when it is missing."""
    return SqliteTemplate() if settings["ENGINE"].endswith("sqlite3") else PostgresTemplate(settings)


def make_template() -> None:
    """The template of the database server, or of SQLite, that the settings name."""
    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE") or "tests.settings"
    from django.conf import settings

    template_for(settings.DATABASES["default"])


if __name__ == "__main__":
    {"fill": fill, "template": make_template}[sys.argv[1]](*sys.argv[2:])
