"""`make run`: the database (with the demo season, unless EMPTY=1) beside the static files, then web server and worker, until Ctrl-C.

Needs no server of its own: SQLite and a queue of files under var/, unless DATABASE_URL and REDIS_URL name others.
"""

import csv
import hashlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)  # where relative paths of settings begin, here as in the processes below

from danvan import settings  # noqa: E402  a wrong variable is told here, once, before anything starts
from danvan.environment import SQLITE, env, refuse  # noqa: E402

BIN = Path(sys.executable).parent
VARIABLES = {name: value for name, value in os.environ.items() if value.strip()}
VARIABLES["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)  # gunicorn reads it, and stops at one that is empty
VARIABLES.setdefault("DEMO", "1")  # the login page says what to try, where the database is the demo's
PAUSE = 2  # seconds before a worker that ended is started again
MIGRATED = settings.VAR_DIR / ".migrated"


def start(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=VARIABLES, start_new_session=True)


def prepare(*arguments: str) -> subprocess.Popen[bytes]:
    return start(sys.executable, "deploy/prepare.py", *arguments)


def check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.PORT))
        except PermissionError:
            refuse(f"Không được phép mở cổng mạng {settings.PORT}; hãy đặt biến PORT từ 1024 trở lên, ví dụ PORT=8000.")
        except OSError:
            refuse(f"Cổng mạng {settings.PORT} đang có chương trình khác dùng; hãy dừng chương trình ấy hoặc đặt biến PORT khác.")


def collect_static() -> None:
    """Collect static files when one of them, or the list of packages, is newer than the last collection."""
    mark = settings.STATIC_ROOT / ".collected"
    sources = [*(ROOT / "static").rglob("*"), ROOT / "requirements.lock", ROOT / "danvan" / "static.py"]
    newest = max(path.stat().st_mtime for path in sources)
    if not mark.exists() or mark.stat().st_mtime < newest:
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
        if code := subprocess.run(command, env=VARIABLES, check=False).returncode:
            sys.exit(code)
        mark.touch()


def migrations() -> str:
    """The database and the migrations of this checkout, as one word: as at the last start, nothing is to be waited for."""
    names = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/migrations/0*.py"))
    return hashlib.sha256("\n".join([env.text("DATABASE_URL"), *names]).encode()).hexdigest()


def was_here() -> bool:
    """Whether the last start left a database of these migrations; one of SQLite may have been thrown away meanwhile."""
    database = settings.DATABASES["default"]
    kept = MIGRATED.exists() and MIGRATED.read_text() == migrations()
    return kept and (database["ENGINE"] != SQLITE or Path(database["NAME"]).exists())


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  our own address  # nosec
            return bool(response.status == 200)
    except OSError:
        return False


def web_server() -> subprocess.Popen[bytes]:
    command = [str(BIN / "gunicorn"), "danvan.wsgi", "--bind", f"127.0.0.1:{settings.PORT}", "--preload"]
    command += ["--threads", "4"]  # preloaded: read once for all processes, nobody reloads it
    command += ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108  # nosec
    return start(*command, "--config", str(ROOT / "deploy" / "gunicorn.conf.py"))


def worker() -> subprocess.Popen[bytes]:
    command = [str(BIN / "celery"), "-A", "danvan", "worker", "--beat", "--loglevel", "warning", "--pool", "threads"]
    return start(*command, "--concurrency", "4" if settings.REDIS_URL else "1")


def main() -> int:
    begun = time.monotonic()
    check_port()
    running: list[subprocess.Popen[bytes]] = []
    for name in (signal.SIGINT, signal.SIGTERM):  # also when started in the background, where SIGINT comes in ignored
        signal.signal(name, signal.default_int_handler)
    try:
        preparing = prepare()
        running.append(preparing)
        collect_static()
        if not was_here() and preparing.wait():
            return preparing.returncode
        web = web_server()
        running.append(web)
        if preparing.wait():
            return preparing.returncode
        MIGRATED.write_text(migrations())
        while not answers(f"http://127.0.0.1:{settings.PORT}/"):
            if web.poll() is not None:
                return 1
            time.sleep(0.1)
        tell(time.monotonic() - begun)
        working = worker()
        running += [working, prepare("extras")]
        while web.poll() is None:
            if working.poll() is not None:  # the pages go on; what it was doing is swept up (common.jobs)
                print(f"Tiến trình làm việc nền đã dừng (mã {working.returncode}); đang khởi động lại.", flush=True)
                running.remove(working)
                time.sleep(PAUSE)
                working = worker()
                running.append(working)
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stop(running)


def stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def tell(seconds: float) -> None:
    print(f"\nCổng Dân vận khéo: http://127.0.0.1:{settings.PORT}/   (sẵn sàng sau {seconds:.0f} giây)")
    print(*_who_comes_in(), "Ctrl-C để dừng.", sep="\n", flush=True)


def _who_comes_in() -> list[str]:
    if settings.EMPTY:
        command = "EMPTY=1 .venv/bin/python manage.py create_admin"
        return [f"Cổng trống, không có dữ liệu minh họa. Chưa có người quản trị thì tạo ở cửa sổ khác: {command}"]
    kept = settings.VAR_DIR / "demo_password"
    password = settings.DEMO_PASSWORD or (kept.read_text().strip() if kept.exists() else "(đã đặt từ trước)")
    with (ROOT / "demo" / "accounts.csv").open(encoding="utf-8") as file:
        names = ", ".join(row["username"] for row in csv.DictReader(file))
    return [
        textwrap.fill(f"Tài khoản thử: {names}", 110, subsequent_indent="  "),
        "Các năm sau năm đầu và tài khoản của những năm ấy vào tiếp ở phía sau; vào đủ thì trang đăng nhập ghi việc để thử.",
        f"Mật khẩu chung: {password}",
    ]


if __name__ == "__main__":
    sys.exit(main())
