"""`make test`: the whole suite on PostgreSQL and Redis, then on the embedded default (SQLite, a queue of files).

`make walk` (this with the word `walk`): a whole province round by hand of a browser, ten minutes long.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402


def run(name: str, *arguments: str, **environment: str) -> int:
    print(f"\n=== {name}", flush=True)
    keep = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "VAR_DIR")}
    command = [sys.executable, "-m", "pytest", "-q", *arguments, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=keep | environment, check=False).returncode


def walk() -> int:
    sys.argv.remove("walk")
    with servers.postgres() as database, servers.redis() as queue:
        walks = ("-o", "python_files=walk_*.py", "tests/walk_province.py")
        return run("a province round, PostgreSQL and Redis", *walks, DATABASE_URL=database, REDIS_URL=queue)


def main() -> int:
    if "walk" in sys.argv:
        return walk()
    with servers.postgres() as database, servers.redis() as queue:
        first = run("PostgreSQL and Redis", "-n", "2", DATABASE_URL=database, REDIS_URL=queue)
    second = run("SQLite and the embedded queue", "-n", "2", "-m", "not postgres and not browser")
    return first or second


if __name__ == "__main__":
    sys.exit(main())
