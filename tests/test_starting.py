"""Whichever way the portal starts: an empty variable is none, and what hinders the start is told in one sentence."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import free_port
from tests.test_settings import ENGINES, OF_FILES, PORTS, PROCESSES, READERS, TRUTH, modes

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def start(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the portal in a way of its own, with these variables and no others of ours."""
    keep = {k: v for k, v in os.environ.items() if k not in (*READERS, *OF_FILES, "DJANGO_SETTINGS_MODULE")}
    environment = keep | {"VAR_DIR": str(folder)} | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_what_the_portal_writes_is_read_by_its_own_account_alone(tmp_path: Path) -> None:
    """Of static files those of the house alone: compressing the packages' takes seven seconds."""
    write = (
        "from django.core.cache import cache; from django.core.files.base import ContentFile; from django.core.mail import send_mail;"
        "from django.core.files.storage import default_storage as media; cache.set('a', 1); send_mail('a', 'b', 'a@b.vn', ['b@b.vn']);"
        "media.save('a/b/c.txt', ContentFile('x')); from django.core.management import call_command;"
        "from django.conf import settings; settings.STATICFILES_FINDERS = settings.STATICFILES_FINDERS[:1];"
        "call_command('migrate', 'contenttypes', verbosity=0); call_command('collectstatic', interactive=False, verbosity=0)"
    )
    ran = start(tmp_path / "var", sys.executable, "manage.py", "shell", "-v", "0", "-c", write)
    assert ran.returncode == 0, ran.stderr
    found = modes(tmp_path / "var")
    assert {"danvan.sqlite3", "secret_key", "c.txt", "cache", "mail", "queue", "static", "media"} <= set(found)
    assert {name: oct(mode) for name, mode in found.items() if mode & 0o077} == {}


def test_settings_of_empty_variables_are_those_of_none(tmp_path: Path) -> None:
    show = (
        "import danvan.settings as s, pprint\npprint.pprint({name: value for name, value in vars(s).items() if name.isupper()})\n"
    )
    names = (set(READERS) | OF_FILES) - {"VAR_DIR"}
    none = start(tmp_path, sys.executable, "-c", show)
    empty = start(tmp_path, sys.executable, "-c", show, **dict.fromkeys(names, ""))
    assert (none.returncode, empty.returncode) == (0, 0) and "danvan.sqlite3" in none.stdout
    assert empty.stdout == none.stdout


WAYS: dict[str, tuple[str | Path, ...]] = {
    "manage.py": (sys.executable, "manage.py", "check"),
    "run.py": (sys.executable, "deploy/run.py"),
    "prepare.py": (sys.executable, "deploy/prepare.py"),
    "serve.py": (sys.executable, "deploy/serve.py"),
    "celery worker": (BIN / "celery", "-A", "danvan", "worker"),
    "celery beat": (BIN / "celery", "-A", "danvan", "beat"),
    "pytest": (sys.executable, "-m", "pytest", "-n", "2", "tests/test_settings.py"),
    "tests": (sys.executable, "tests/run.py", "fast"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_start_tells_it_once(tmp_path: Path, way: str) -> None:
    started = start(tmp_path, *WAYS[way], DATABASE_URL="mysql://u:bi-mat@db/danvan")
    assert started.stderr == f"Biến DATABASE_URL đang đặt là “mysql://***@db/danvan”; {ENGINES}.\n"
    assert (started.returncode, started.stdout) == (2, "")


@pytest.mark.parametrize(("variable", "value", "advice"), [("PORT", "70000", PORTS), ("WEB_CONCURRENCY", "abc", PROCESSES)])
@pytest.mark.parametrize("way", ["run.py", "serve.py"])
def test_what_gunicorn_reads_by_itself_is_told_before_it_starts(
    tmp_path: Path, way: str, variable: str, value: str, advice: str
) -> None:
    """gunicorn ends in a traceback where WEB_CONCURRENCY is no number."""
    started = start(tmp_path, *WAYS[way], **{variable: value})
    assert (started.returncode, started.stdout) == (2, "")
    assert started.stderr == f"Biến {variable} đang đặt là “{value}”; {advice}.\n"


@pytest.mark.parametrize(
    ("processes", "port", "read"),
    [("", "", {"workers = 2", "bind = ['127.0.0.1:8000']"}), (" 3\r", "8123", {"workers = 3", "bind = ['0.0.0.0:8123']"})],
)
def test_gunicorn_is_given_what_was_read(tmp_path: Path, processes: str, port: str, read: set[str]) -> None:
    command = (*WAYS["serve.py"], "--print-config")
    started = start(tmp_path, *command, WEB_CONCURRENCY=processes, PORT=port)
    assert started.returncode == 0, started.stderr
    assert read <= {" ".join(line.split()) for line in started.stdout.splitlines()}


def test_gunicorn_started_by_itself_halts(tmp_path: Path) -> None:
    command = (BIN / "gunicorn", "danvan.wsgi", "--log-level", "critical", "--no-control-socket")
    started = start(tmp_path, *command, "--bind", f"127.0.0.1:{free_port()}", DEBUG="maybe")
    assert (started.returncode, started.stderr) == (4, f"Biến DEBUG đang đặt là “maybe”; {TRUTH}.\n")


@pytest.mark.parametrize("script", ["deploy/run.py", "deploy/prepare.py"])
def test_a_database_that_does_not_answer_is_told(tmp_path: Path, script: str) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / ".collected").touch()  # nothing to collect
    closed, port = free_port(), str(free_port())
    started = start(tmp_path, sys.executable, script, PORT=port, DATABASE_URL=f"postgres://u:bi-mat@127.0.0.1:{closed}/danvan")
    assert started.stderr == (
        f"Không kết nối được cơ sở dữ liệu u@127.0.0.1:{closed}/danvan (Connection refused); hãy xem máy chủ PostgreSQL đã chạy "
        "chưa, tên máy, tên đăng nhập, mật khẩu và tên cơ sở dữ liệu trong DATABASE_URL đã đúng chưa.\n"
    )
    assert (started.returncode, started.stdout) == (2, "")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "danvan.sqlite3").write_text("không phải cơ sở dữ liệu")
    started = start(tmp_path, sys.executable, "deploy/prepare.py")
    assert (started.returncode, started.stderr) == (
        2,
        f"Không mở được tệp cơ sở dữ liệu {tmp_path}/danvan.sqlite3 (file is not a database); "
        "hãy xem lại tệp ấy, hoặc đặt DATABASE_URL.\n",
    )


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        started = start(tmp_path, sys.executable, "deploy/run.py", PORT=str(port))
    assert (started.returncode, started.stderr) == (
        2,
        f"Cổng mạng {port} đang có chương trình khác dùng; hãy dừng chương trình ấy hoặc đặt biến PORT khác.\n",
    )


def test_static_files_that_cannot_be_written_are_told_when_they_are_collected(tmp_path: Path) -> None:
    assert start(tmp_path, sys.executable, "manage.py", "check", STATIC_ROOT="/proc").returncode == 0
    started = start(tmp_path, sys.executable, "manage.py", "collectstatic", "--noinput", STATIC_ROOT="/proc")
    assert (started.returncode, started.stderr) == (
        2,
        "Biến STATIC_ROOT đang đặt là “/proc”; không tạo được hoặc không ghi được thư mục này; hãy đặt một thư mục ghi được.\n",
    )
