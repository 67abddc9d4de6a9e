"""`make run`: migrate, load the demo season into an empty database, then web server and worker until Ctrl-C.

Needs no server of its own: SQLite and a queue of files under var/, unless DATABASE_URL and REDIS_URL name others.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PORT = os.environ.get("PORT", "8000")
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True)


def collect_static() -> None:
    """Collect static files when one of them, or the list of packages, is newer than the last collection."""
    mark = VAR / "static" / ".collected"
    sources = [*(ROOT / "static").rglob("*"), ROOT / "requirements.lock", ROOT / "danvan" / "static.py"]
    newest = max(path.stat().st_mtime for path in sources)
    if not mark.exists() or mark.stat().st_mtime < newest:
        manage("collectstatic", "--noinput", "-v", "0")
        mark.touch()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  our own address
            return response.status == 200
    except OSError:
        return False


def main() -> int:
    begun = time.monotonic()
    manage("migrate", "--noinput", "-v", "0")
    collect_static()
    manage("load_demo", "--if-empty")
    embedded = not os.environ.get("REDIS_URL")
    worker = [str(BIN / "celery"), "-A", "danvan", "worker", "--beat", "--loglevel", "warning", "--pool", "threads"]
    web = [str(BIN / "gunicorn"), "danvan.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2", "--threads", "4"]
    web += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108
    web += ["--config", str(ROOT / "deploy" / "gunicorn.conf.py")]
    running = [
        subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        for command in (web, [*worker, "--concurrency", "1" if embedded else "4"])
    ]
    for stop in (signal.SIGINT, signal.SIGTERM):  # also when started in the background, where SIGINT comes in ignored
        signal.signal(stop, signal.default_int_handler)
    try:
        while not answers(f"http://127.0.0.1:{PORT}/") and all(process.poll() is None for process in running):
            time.sleep(0.2)
        tell(time.monotonic() - begun)
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def tell(seconds: float) -> None:
    kept = VAR / "demo_password"
    password = os.environ.get("DEMO_PASSWORD") or (kept.read_text().strip() if kept.exists() else "(đã đặt từ trước)")
    print(f"\nCổng Dân vận khéo: http://127.0.0.1:{PORT}/   (sẵn sàng sau {seconds:.0f} giây)")
    print("Tài khoản thử: quantri, tinh.chuyenvien, tinh.lanhdao, hoidong1, hoidong2, hoidong3,")
    print("  hamthuanbac.chuyenvien, hamthuanbac.lanhdao, hamhiep.canbo, phanthiet.chuyenvien, duclinh.chuyenvien")
    print(f"Mật khẩu chung: {password}\nCtrl-C để dừng.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
