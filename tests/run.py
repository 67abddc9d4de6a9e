"""`make test`: the whole suite on PostgreSQL and Redis, then what can differ there on the embedded default (SQLite, a queue of
files). Which tests those are: README.md beside this file.

`make test-fast`: all but the browser and what takes long, on SQLite, for the loop while writing. `make coverage`: branches
reached on SQLite without a browser, by app and layer. `make walk`: a whole province round by hand of a browser, some minutes
long. `make fuzz`: thousands of hostile requests. `make pictures`: those of the officers' manuals. Further words go to pytest: `make test-fast ARGS="-k tally"`.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import tests.settings  # noqa: E402, F401  a wrong variable is told here, once
from danvan.environment import env  # noqa: E402
from tests import coverage_table, servers  # noqa: E402

OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE")
# A server of one run: its databases are copies that come with their statistics, and nothing is to be restored from its log.
# Looking for the best order of many joins takes twice as long as the demo's rows in any.
SERVER = ("jit=off", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0", "join_collapse_limit=3", "from_collapse_limit=3")
WORKERS = ("-n", str(os.cpu_count() or 2), "--dist", "worksteal")


MEMORY, ROOM = Path("/dev/shm"), 4 << 30


@contextlib.contextmanager
def in_memory() -> Iterator[None]:
    """Keep what a run throws away (databases, profiles of browsers, files) in memory, where there is room for it: a database is
    cloned some two hundred times, and each copy on a disk waits for those before it to be written.
    """
    if env.text("TMPDIR") or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        yield
        return
    folder = tempfile.mkdtemp(prefix="danvan-", dir=MEMORY)
    os.chmod(folder, 0o755)  # PostgreSQL runs as another user
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(name: str, *arguments: str, under: tuple[str, ...] = (), **environment: str) -> int:
    """Run pytest, `under` another module's command line where one is named."""
    print(f"\n=== {name}", flush=True)
    begun = time.monotonic()
    code = _begun(*arguments, under=under, **environment).wait()
    print(f"=== {name}: {time.monotonic() - begun:.0f} s", flush=True)
    return code


@contextlib.contextmanager
def beside(name: str, *arguments: str) -> Iterator[Callable[[], int]]:
    """Run pytest while another run does, in what that leaves of the cores while it waits for browsers and servers: what is given
    waits for its end, and says what it said.
    """
    with tempfile.TemporaryFile() as said:
        process = _begun(*arguments, said=said)
        _only_when_idle(process.pid)

        def ended() -> int:
            code = process.wait()
            said.seek(0)
            print(f"\n=== {name}\n{said.read().decode()}", flush=True)
            return code

        try:
            yield ended
        finally:
            process.kill()
            process.wait()


def _begun(
    *arguments: str,
    under: tuple[str, ...] = (),
    said: IO[bytes] | None = None,
    **environment: str,
) -> subprocess.Popen[bytes]:
    command = [sys.executable, *under, "-m", "pytest", "-q", *arguments, *sys.argv[2:]]
    return subprocess.Popen(command, cwd=ROOT, env=_kept() | environment, stdout=said, stderr=said)


def _only_when_idle(process: int) -> None:
    """Give a process, and those that it begins, of the processor what nobody else asks for: so it lasts as long as there are gaps."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.setpriority(os.PRIO_PROCESS, process, 19)


def _kept() -> dict[str, str]:
    """The environment without what is ours. Bytecode is kept: compiling all tests and apps takes each process four seconds."""
    return {key: value for key, value in os.environ.items() if key not in (*OURS, "PYTHONDONTWRITEBYTECODE")}


def compile_tests() -> None:
    """Where none is compiled yet, once, before several processes would do the same beside one another."""
    if not any(ROOT.glob("tests/*/__pycache__/test_*.pyc")):
        command = [sys.executable, "-m", "pytest", "--collect-only", "-qq"]
        subprocess.run(command, cwd=ROOT, env=_kept(), stdout=subprocess.DEVNULL, check=False)


@contextlib.contextmanager
def templates(*urls: str) -> Iterator[None]:
    """The databases to copy, made beside what comes first; whoever needs one waits for it."""
    command = [sys.executable, "-m", "tests.databases", "template"]
    building = [subprocess.Popen(command, cwd=ROOT, env=_kept() | ({"DATABASE_URL": url} if url else {})) for url in urls]
    yield
    for process in building:
        if process.wait():
            raise SystemExit("a template database could not be made")


def whole() -> int:
    """Both runs beside one another, so that no core waits: as many processes as cores, and the run on SQLite in their gaps. One more
    process for PostgreSQL spends a tenth more of the processor, and is no sooner done.
    """
    with servers.postgres(*SERVER, by_socket=True) as database, servers.redis() as queue:
        with templates(database, ""):
            compile_tests()
        with beside("SQLite and the embedded queue", "-m", "both and not page and not postgres and not browser") as embedded:
            first = run("PostgreSQL and Redis", *WORKERS, DATABASE_URL=database, REDIS_URL=queue)
            second = embedded()
    return first or second


def fast() -> int:
    with templates(""):
        return run("SQLite, no browser", *WORKERS, "-m", "not postgres and not browser and not long")


def coverage() -> int:
    """Measure every process of the run; the demo's template is made before, unmeasured, so that each run counts the same."""
    with templates(""):
        pass
    measured = [sys.executable, "-m", "coverage"]
    subprocess.run([*measured, "erase"], cwd=ROOT, check=True)
    (ROOT / "var").mkdir(exist_ok=True)
    code = run("SQLite, measured", *WORKERS, "-m", "not postgres and not browser", under=("-m", "coverage", "run"))
    for step in ("combine", "json"):
        subprocess.run([*measured, step, "-q"], cwd=ROOT, check=True)
    print(coverage_table.table(ROOT / "var" / "coverage.json"))
    return code


def walk() -> int:
    with servers.postgres() as database, servers.redis() as queue:
        walks = ("-o", "python_files=walk_*.py", "tests/walk_province.py")
        return run("a province round, PostgreSQL and Redis", *walks, DATABASE_URL=database, REDIS_URL=queue)


def fuzz() -> int:
    """Some thousands of hostile requests for each group of roles; FUZZ_SEED sends the same again."""
    sent = {"FUZZ_SEED": env.text("FUZZ_SEED", str(int(time.time()))), "FUZZ_NUMBER": env.text("FUZZ_NUMBER", "2000")}
    name = f"hostile requests, FUZZ_SEED={sent['FUZZ_SEED']}"
    with servers.postgres() as database, servers.redis() as queue:
        first = run(
            f"{name}, PostgreSQL and Redis", *WORKERS, "tests/test_fuzz.py", DATABASE_URL=database, REDIS_URL=queue, **sent
        )
    return first or run(f"{name}, SQLite", *WORKERS, "tests/test_fuzz.py", **sent)


def pictures() -> int:
    """The pictures of the officers' manuals, taken anew."""
    with servers.postgres() as database, servers.redis() as queue:
        return run("pictures of the manuals", "-n0", "tests/pictures.py", DATABASE_URL=database, REDIS_URL=queue)


if __name__ == "__main__":
    runs = {"whole": whole, "fast": fast, "coverage": coverage, "walk": walk, "fuzz": fuzz, "pictures": pictures}
    with in_memory():
        ended = runs[sys.argv[1]]()
    sys.exit(ended)
