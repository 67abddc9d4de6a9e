"""A database of today migrates on: a dump of the demo of 26/11/2026, made by the migrations of then, comes to the schema that a
new database has, triggers included, and to the same figures.
"""

import json
import lzma
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.commands import commanded
from tests.conftest import DEMO
from tests.databases import PostgresTemplate, database_url

pytestmark = pytest.mark.both

KINDS = ("provincerecord", "levelname", "rolename")
DUMPS = Path(__file__).parent.parent / "data"
Ask = Callable[[str], list[tuple[Any, ...]]]


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
    _, planned = commanded(old, tmp_path, ["migrate", "--noinput"], ["migrate", "--plan"])
    assert "No planned migration operations" in planned
    migrated, new = schema_at(old), schema_at(database_url())
    for part, found in new.items():
        assert migrated[part] - found == found - migrated[part] == set(), part
    guards = (
        "recognition_decision_stays reports_report_stays reports_report_kept organisation_auditevent_stays organisation_user_kept"
    )
    assert set(guards.split()) <= {row[1] for row in migrated["triggers"]}
    wanted = json.loads((DEMO / "season-2023" / "expected.json").read_text())["tallies"][-1]
    names = ["dumpdata", *(f"organisation.{kind}" for kind in KINDS)]
    tally = ["tally", "--season", "2023", "--as-of", wanted["as_of"], "--json"]
    audit, figures, *named = commanded(old, tmp_path, ["verify_audit", "--json"], tally, names, ["load_units"], names)
    chained, counted = json.loads(audit), json.loads(figures)
    assert (chained["number"] > 50, chained["broken"]) == (True, "")
    assert {name: counted[name] for name in wanted} == wanted
    before, after = _names(named[0]), _names(named[2])["levelname"]
    told = ("valid_from", "full_name", "committee", "committee_symbol", "board", "board_symbol")
    assert [[row[name] for name in told] for row in before["provincerecord"]] == [
        [None, "tỉnh Bình Thuận", "Tỉnh ủy Bình Thuận", "TU", "Ban Dân vận Tỉnh ủy Bình Thuận", "BDVTU"],
        ["2025-07-01", "tỉnh Lâm Đồng", "Tỉnh ủy Lâm Đồng", "TU", "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng", "BTGDVTU"],
    ]
    assert (None, "Cấp huyện") in {(row["valid_from"], row["honour_name"]) for row in before["levelname"]}
    roles = {(row["role"], row["valid_from"], row["name"]) for row in before["rolename"]}
    assert ("lanh-dao-huyen", None, "Lãnh đạo huyện") in roles
    assert ("2025-07-01", "Cấp trên cơ sở") in {(row["valid_from"], row["honour_name"]) for row in after}


def _names(dumped: str) -> dict[str, list[dict[str, Any]]]:
    """What things are called, by the kind of dated row."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for row in json.loads(dumped):
        found[row["model"].partition(".")[2]].append(row["fields"])
    return found
