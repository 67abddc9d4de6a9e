"""`make test`: the whole suite on PostgreSQL and Redis, then on the embedded default (SQLite, a queue of files)."""

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


def main() -> int:
    with servers.postgres() as database, servers.redis() as queue:
        first = run("PostgreSQL and Redis", "-n", "2", DATABASE_URL=database, REDIS_URL=queue)
    second = run("SQLite and the embedded queue", "-n", "2", "-m", "not postgres and not browser")
    return first or second


if __name__ == "__main__":
    sys.exit(main())
