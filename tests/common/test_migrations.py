"""A database of today migrates on: a dump of the demo of 26/11/2026, made by the migrations of then, comes to the schema that a
new database has, triggers included, and to the same figures.
"""

import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.conftest import DEMO
from tests.databases import ROOT, PostgresTemplate, database_url

pytestmark = pytest.mark.both

DUMPS = Path(__file__).parent.parent / "data"
Ask = Callable[[str], list[tuple[Any, ...]]]


def manage(url: str, folder: Path, *arguments: str) -> str:
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "danvan.settings"}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def old(tmp_path: Path, db: None) -> Iterator[str]:
    """The dump of this backend, read into a database of its own: its URL."""
    script = lzma.decompress((DUMPS / f"demo-2026-11-26.{connection.vendor}.sql.xz").read_bytes()).decode()
    if connection.vendor == "sqlite":
        path = tmp_path / "old.sqlite3"
        with closing(sqlite3.connect(path)) as opened:
            opened.executescript(script)
        yield f"sqlite:///{path}"
        return
    name = f"{connection.settings_dict['NAME']}_old"
    with PostgresTemplate.server(connection.settings_dict) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    with PostgresTemplate.server(connection.settings_dict, name) as cursor:
        cursor.execute(script)
    yield database_url(name)
    with PostgresTemplate.server(connection.settings_dict) as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def plain(definition: str) -> str:
    """Without casts and brackets: a dump that was read again writes the same condition with others."""
    return re.sub(r"::(character varying|text|\w+)(\[\])?|[()]", "", definition)


def schema_of_postgres(ask: Ask) -> dict[str, set[Any]]:
    return {
        "columns": set(
            ask(
                "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, is_nullable, "
                "column_default IS NULL, is_identity FROM information_schema.columns WHERE table_schema = 'public'"
            )
        ),
        "indexes": {
            (table, name, plain(definition))
            for table, name, definition in ask(
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            )
        },
        "constraints": {
            (table, name, plain(definition))
            for table, name, definition in ask(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
            )
        },
        "triggers": set(ask("SELECT tgrelid::regclass::text, tgname, tgtype FROM pg_trigger WHERE NOT tgisinternal")),
    }


def schema_of_sqlite(ask: Ask) -> dict[str, set[Any]]:
    tables = dict(ask("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"))
    return {
        "columns": {(name, *row[1:4]) for name in tables for row in ask(f"PRAGMA table_info({name})")},
        "keys": {(name, *row[2:7]) for name in tables for row in ask(f"PRAGMA foreign_key_list({name})")},
        "checks": {
            (name, found) for name, sql in tables.items() for found in re.findall(r'CONSTRAINT "\w+" (?:UNIQUE|CHECK)', sql)
        },
        "indexes": set(ask("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")),
        "triggers": set(ask("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")),
    }


def schema_at(url: str) -> dict[str, set[Any]]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened:
            return schema_of_sqlite(lambda sql: opened.execute(sql).fetchall())
    with PostgresTemplate.server(connection.settings_dict, url.rpartition("/")[2]) as cursor:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        return schema_of_postgres(ask)


@pytest.mark.long
def test_a_database_of_today_migrates_on(old: str, tmp_path: Path) -> None:
    manage(old, tmp_path, "migrate", "--noinput")
    assert "No planned migration operations" in manage(old, tmp_path, "migrate", "--plan")
    migrated, new = schema_at(old), schema_at(database_url())
    for part, found in new.items():
        assert migrated[part] - found == found - migrated[part] == set(), part
    guards = (
        "recognition_decision_stays reports_report_stays reports_report_kept organisation_auditevent_stays organisation_user_kept"
    )
    assert set(guards.split()) <= {row[1] for row in migrated["triggers"]}
    chained = json.loads(manage(old, tmp_path, "verify_audit", "--json"))
    assert (chained["number"] > 50, chained["broken"]) == (True, "")
    wanted = json.loads((DEMO / "season-2023" / "expected.json").read_text())["tallies"][-1]
    counted = json.loads(manage(old, tmp_path, "tally", "--season", "2023", "--as-of", wanted["as_of"], "--json"))
    assert {name: counted[name] for name in wanted} == wanted
    before = _names(old, tmp_path)
    told = ("valid_from", "full_name", "committee", "committee_symbol", "board", "board_symbol")
    assert [[row[name] for name in told] for row in before["provincerecord"]] == [
        [None, "tỉnh Bình Thuận", "Tỉnh ủy Bình Thuận", "TU", "Ban Dân vận Tỉnh ủy Bình Thuận", "BDVTU"],
        ["2025-07-01", "tỉnh Lâm Đồng", "Tỉnh ủy Lâm Đồng", "TU", "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng", "BTGDVTU"],
    ]
    assert (None, "Cấp huyện") in {(row["valid_from"], row["honour_name"]) for row in before["levelname"]}
    roles = {(row["role"], row["valid_from"], row["name"]) for row in before["rolename"]}
    assert ("lanh-dao-huyen", None, "Lãnh đạo huyện") in roles
    manage(old, tmp_path, "load_units")
    after = _names(old, tmp_path)["levelname"]
    assert ("2025-07-01", "Cấp trên cơ sở") in {(row["valid_from"], row["honour_name"]) for row in after}


def _names(url: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What things are called, by the kind of dated row."""
    found: dict[str, list[dict[str, Any]]] = {"provincerecord": [], "levelname": [], "rolename": []}
    for row in json.loads(manage(url, folder, "dumpdata", *(f"organisation.{kind}" for kind in found))):
        found[row["model"].partition(".")[2]].append(row["fields"])
    return found
