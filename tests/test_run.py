"""`make run` as a whole: the web server and the worker start beside each other on the embedded queue, and both stop."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent


def children(parent: int, name: str) -> list[int]:
    """The processes that a process started, of a program of this name."""
    own = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in own if name in Path(f"/proc/{pid}/cmdline").read_text()]


@pytest.mark.browser  # once is enough: with the slow tests, not again on SQLite
def test_run_serves_the_demo_and_stops(tmp_path: Path) -> None:
    port = free_port()
    keep = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    environment = keep | {"VAR_DIR": str(tmp_path), "PORT": str(port), "DEMO_PASSWORD": "mat-khau-thu"}
    log = (tmp_path / "log").open("w+")
    server = subprocess.Popen(
        [sys.executable, "deploy/run.py"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        for _ in range(1500):  # on a machine that tests beside it, the first start takes minutes
            if server.poll() is not None or "Ctrl-C" in (tmp_path / "log").read_text():
                break
            time.sleep(0.2)
        said = (tmp_path / "log").read_text()
        assert "hamhiep.canbo" in said, said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/so-lieu/?nam=2023&ngay=2023-10-15") as response:
            assert "746" in response.read().decode()
        (worker,) = children(server.pid, "celery")
        os.killpg(worker, signal.SIGKILL)  # as the system does with a process that takes too much memory
        for _ in range(300):
            if (again := children(server.pid, "celery")) and again != [worker]:
                break
            time.sleep(0.2)
        assert again and again != [worker], (tmp_path / "log").read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as response:
            assert response.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
