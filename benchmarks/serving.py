"""Pages under gunicorn, asked by turns over HTTP: beside a bare view, and at two sizes of the database."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
TIMES = 200
ROUNDS = 5


@dataclass(frozen=True)
class Page:
    """A page over one database, made ready by its part."""

    environment: dict[str, str]
    ours: str
    bare: str
    cookie: str
    queries: int


@dataclass(frozen=True)
class Server:
    """One gunicorn with one worker."""

    pid: int
    address: str

    def get(self, path: str, cookie: str = "") -> bytes:
        asked = urllib.request.Request(self.address + path, headers={"Cookie": cookie} if cookie else {})
        with urllib.request.urlopen(asked, timeout=60) as response:
            return response.read()

    def memory(self) -> float:
        """Megabytes at the worker's peak."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return max(_memory(int(child)) for child in children)


def compared(title: str, aim: str, most_queries: int, pages: dict[int, Page]) -> list[dict[str, Any]]:
    """The page against the bare view at each size, how much it grew from the first size to the last, and its cost there.

    All servers stand at once and every round asks each address once, so that all meet the same machine.
    """
    with ExitStack() as stack:
        servers = {size: stack.enter_context(serving(page.environment)) for size, page in pages.items()}
        taken: dict[tuple[int, str], list[float]] = {}
        for turn in range(TIMES + 5):
            for size, page in pages.items():
                for name, path in (("ours", page.ours), ("bare", page.bare)):
                    start = time.perf_counter()
                    servers[size].get(path, page.cookie)
                    if turn >= 5:
                        taken.setdefault((size, name), []).append(time.perf_counter() - start)
        first, last = min(pages), max(pages)
        html, memory = len(servers[last].get(pages[last].ours, pages[last].cookie)), servers[last].memory()
    seconds = {key: statistics.median(values) for key, values in taken.items()}
    rows: list[dict[str, Any]] = [
        _ratio(f"{title}, {size:,} / bare view", seconds[size, "ours"], seconds[size, "bare"], aim) for size in pages
    ]
    rows.append(_ratio(f"{title}: {last:,} / {first:,}", seconds[last, "ours"], seconds[first, "ours"], "<= 1.3"))
    queries = {"what": f"{title}: queries", "measured": str(pages[last].queries), "beside": str(pages[first].queries)}
    rows.append(queries | {"aim": f"<= {most_queries}"})
    rows.append({"what": f"{title}: HTML", "measured": f"{html / 1024:.0f} KB", "aim": "<= 60 KB"})
    return [*rows, {"what": f"{title}: worker's memory", "measured": f"{memory:.0f} MB", "aim": "<= 120 MB"}]


Pages = dict[str, tuple[str, str, str]]
"""{what: (address, the address beside it, aim)}"""


def under_load(title: str, pages: Pages, environment: dict[str, str], times: int = TIMES) -> list[dict[str, Any]]:
    """Each page and the one beside it, asked by turns by one connection and by sixteen: half of the answers, and nineteen of
    twenty, within so long. One gunicorn of two workers.
    """
    rows: list[dict[str, Any]] = []
    with serving(environment, workers=2) as server:
        addresses = list(dict.fromkeys(one for ours, other, _ in pages.values() for one in (ours, other)))
        for connections in (1, 16):
            taken = _asked_at_once(server, addresses, connections, times)
            for what, (ours, other, aim) in pages.items():
                for share, called in ((0.5, "p50"), (0.95, "p95")):
                    mine, beside = (_share_of(taken[one], share) for one in (ours, other))
                    rows.append(_ratio(f"{title}: {what}, {connections} connections, {called}", mine, beside, aim))
    return rows


def weights(title: str, pages: dict[str, str], environment: dict[str, str]) -> list[dict[str, Any]]:
    """How heavy the HTML of each address is, before it is compressed."""
    with serving(environment) as server:
        sizes = {what: len(server.get(address)) / 1024 for what, address in pages.items()}
    return [
        {"what": f"{title}: {what}, HTML", "measured": f"{size:.0f} KB", "aim": "<= 30 KB" if what == "a model" else "<= 60 KB"}
        for what, size in sizes.items()
    ]


def _asked_at_once(server: Server, addresses: list[str], connections: int, times: int) -> dict[str, list[float]]:
    """Seconds of each answer. The addresses take turns, so that all meet the same machine, but each is asked alone: what waits
    behind another page says nothing of its own.
    """
    taken: dict[str, list[float]] = {address: [] for address in addresses}

    def ask(address: str) -> float:
        start = time.perf_counter()
        server.get(address)
        return time.perf_counter() - start

    with ThreadPoolExecutor(connections) as pool:
        for turn in range(ROUNDS + 1):
            for address in addresses:
                asked = list(pool.map(ask, [address] * max(times // ROUNDS, connections)))
                taken[address] += asked if turn else []  # the first turn warms up
    return taken


def _share_of(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _ratio(what: str, ours: float, other: float, aim: str) -> dict[str, Any]:
    measured, beside = f"{ours * 1000:.1f} ms", f"{other * 1000:.1f} ms"
    return {"what": what, "measured": measured, "beside": beside, "ratio": round(ours / other, 3), "aim": aim}


@contextmanager
def serving(environment: dict[str, str], workers: int = 1) -> Iterator[Server]:
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "SECRET_KEY": "bench", "LOG_LEVEL": "ERROR"}
    settings |= {"PUBLIC_CACHE_SECONDS": "0", "PUBLIC_RATE": "0"}  # every page is made; a part that measures the cache says so
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        "danvan.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
    ]
    command += ["--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings | environment)
    server = Server(process.pid, f"http://127.0.0.1:{port}")
    try:
        for _ in range(100):
            try:
                server.get("/bare/?season=1")
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait()


def _memory(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
