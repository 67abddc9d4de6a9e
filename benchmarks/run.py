"""`make bench`: how fast, as ratios within one run: to bare SQL, to a bare Django view, to the parser alone.

Prints a table and writes benchmarks/latest.json. Names of parts as arguments run only those: read store tally search page portal
board similar photo ranking certificates report list carrying calls.
BENCH_SIZE (1000000) is the number of registrations of tally and search, BENCH_ROWS (50000) the rows of the big register.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import serving  # noqa: E402
from tests import servers  # noqa: E402

PARTS = (
    "read",
    "store",
    "tally",
    "search",
    "page",
    "portal",
    "board",
    "similar",
    "photo",
    "ranking",
    "certificates",
    "report",
    "list",
    "carrying",
    "calls",
)
SERVED = {"page": ("catalogue, 24 cards, counts", "<= 2", 10), "board": ("board, 50 rows", "<= 5", 15)}


def part(name: str, **environment: str) -> list[dict[str, object]]:
    out = Path(tempfile.mkdtemp(prefix="danvan-bench-")) / "out.json"
    keep = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    settings = {"DJANGO_SETTINGS_MODULE": "danvan.settings", "SECRET_KEY": "bench", "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "benchmarks.parts", name, str(out)]
    subprocess.run(command, cwd=ROOT, env=keep | settings | environment, check=True)
    return json.loads(out.read_text())


def another_database(url: str, name: str = "bench_store") -> str:
    """An empty database beside the given one."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    return url.rpartition("/")[0] + f"/{name}"


def served(name: str, sizes: dict[int, str], folder: str) -> list[dict[str, object]]:
    """A page over two databases (size -> its address), both filled first and then asked by turns."""
    pages = {}
    for size, database in sizes.items():
        environment = {"DATABASE_URL": database, "VAR_DIR": folder, "BENCH_SIZE": str(size)}
        pages[size] = serving.Page(environment=environment, **part(name, **environment)[0])
    return serving.compared(*SERVED[name], pages)


def portal(pages: dict[str, Any], environment: dict[str, str], redis: str) -> list[dict[str, Any]]:
    """Pages ({what: [address, the bare view's, queries]}) made anew beside the bare view, and kept beside a constant page."""
    rows, title = list[dict[str, Any]](), f"portal, {os.environ.get('BENCH_SIZE') or 1000000} models"
    anew = {what: (ours, bare, "" if what in ("home", "a model") else "<= 2") for what, (ours, bare, _) in pages.items()}
    home = {"home": anew.pop("home")}
    rows += serving.under_load(f"{title}, made anew / bare view", anew, environment)
    rows += serving.under_load(f"{title}, made anew / bare view", home, environment, times=10)
    kept = {what: (ours, "/constant/", "<= 3") for what, (ours, _, _) in pages.items()}
    rows += serving.under_load(
        f"{title}, kept / constant page", kept, environment | {"PUBLIC_CACHE_SECONDS": "600", "REDIS_URL": redis}
    )
    rows += [
        {"what": f"{title}: {what}, queries", "measured": str(queries), "aim": "<= 10"} for what, (_, _, queries) in pages.items()
    ]
    return rows + serving.weights(title, {what: ours for what, (ours, _, _) in pages.items()}, environment)


def _beside_others(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """With the rows of the parts that did not run now, as they were."""
    kept = ROOT / "benchmarks" / "latest.json"
    before = json.loads(kept.read_text())["rows"] if kept.exists() else []
    now = {row["what"] for row in rows}
    return [*(row for row in before if row["what"] not in now), *rows]


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    rows: list[dict[str, object]] = []
    with (
        servers.redis() as redis,
        servers.postgres("shared_buffers=1GB", "work_mem=64MB", "max_wal_size=8GB", "random_page_cost=1.1") as database,
    ):
        folders = {name: tempfile.mkdtemp(prefix=f"danvan-bench-{name}-") for name in ("pg", "sqlite")}
        on_postgres = {"DATABASE_URL": database, "VAR_DIR": folders["pg"]}
        if "read" in wanted:
            rows += part("read", VAR_DIR=folders["sqlite"])
            rows += part("papers", VAR_DIR=tempfile.mkdtemp(prefix="danvan-bench-"))
        if "store" in wanted:
            rows += part("store", DATABASE_URL=another_database(database), VAR_DIR=folders["pg"])
            rows += part("store", VAR_DIR=folders["sqlite"])
        for name in ("tally", "search", "report"):
            if name in wanted:
                rows += part(name, **on_postgres)
        if "tally" in wanted:
            rows += part("tally", VAR_DIR=tempfile.mkdtemp(prefix="danvan-bench-"))
        if "page" in wanted:
            sizes = {1000: another_database(database, "bench_page_small"), 1_000_000: database}
            rows += served("page", sizes, folders["pg"])
        if "portal" in wanted:
            rows += portal(part("portal", **on_postgres)[0], on_postgres, redis)
        if "board" in wanted:
            sizes = {size: another_database(database, f"bench_board_{size}") for size in (1000, 50_000)}
            rows += served("board", sizes, folders["pg"])
        if "similar" in wanted:
            rows += part("similar", DATABASE_URL=another_database(database, "bench_similar"), VAR_DIR=folders["pg"])
            rows += part("similar", VAR_DIR=tempfile.mkdtemp(prefix="danvan-bench-"))
        if "carrying" in wanted:
            rows += part("carrying", DATABASE_URL=another_database(database, "bench_carrying"), VAR_DIR=folders["pg"])
            rows += part("carrying", VAR_DIR=tempfile.mkdtemp(prefix="danvan-bench-"))
        if "calls" in wanted:
            rows += part("calls", VAR_DIR=folders["sqlite"])
        if "photo" in wanted:
            rows += part("photo", VAR_DIR=folders["sqlite"])
        for name in ("ranking", "certificates"):
            if name in wanted:
                rows += part(name, DATABASE_URL=another_database(database, f"bench_{name}"), VAR_DIR=folders["pg"])
        if "list" in wanted:
            on_list = {"DATABASE_URL": another_database(database, "bench_list"), "VAR_DIR": folders["pg"]}
            part("fill", **on_list)  # in a process of its own: what filling leaves free would hide what the list takes
            rows += part("list", **on_list)
    print(f"\n{'what':62} {'measured':>14} {'beside':>14} {'ratio':>7}  aim")
    for row in rows:
        ratio = f"{row['ratio']:.2f}" if row.get("ratio") is not None else ""
        print(f"{row['what']:62} {row['measured']:>14} {row.get('beside', ''):>14} {ratio:>7}  {row.get('aim', '')}")
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "machine": platform.machine()}
    (ROOT / "benchmarks" / "latest.json").write_text(
        json.dumps({"machine": machine, "rows": _beside_others(rows)}, indent=1, ensure_ascii=False) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
