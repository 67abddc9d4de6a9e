"""Readers of strangers' files, begun ahead: a process that has loaded what they need, and forks one for each file.

Each is held as `common.apart` holds it (its `main` runs whole: limits, Landlock, seccomp, the pipe), and has the same environment;
spared is the start of Python, ten times what most files take. Tests of the start itself, and one of each format, take
`started_anew`, where the reader begins as it does in the house.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import IO

from common.apart import parent

FORMATS = ("sniffing", "spreadsheet_xml", "text", "web", "word", "workbook")
AHEAD = (
    *(f"models_registry.registers.formats.{name}" for name in FORMATS),
    "common.photos",
    "common.office",
    "papers.word.filling",
)


class Ahead:
    """The process, begun when the first reader is asked for."""

    def __init__(self) -> None:
        self.instead_of = parent.start
        self._line: socket.socket | None = None
        self._one_asks = threading.Lock()

    def start(self, reader: str, file: IO[bytes], told: IO[bytes]) -> "Forked":
        """Instead of `common.apart.parent.start`."""
        with self._one_asks:
            self._line = line = self._line or self._begun()
            ours, its_end = os.pipe()
            socket.send_fds(line, [reader.encode()], [file.fileno(), told.fileno(), its_end])
            os.close(its_end)
            _, (process,), *_ = socket.recv_fds(line, 1, 1)
        return Forked(os.fdopen(ours, "rb"), process)

    def _begun(self) -> socket.socket:
        line, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its_end:
            command = [sys.executable, "-c", "from tests.readers_ahead import serve; serve()", str(its_end.fileno())]
            self._process = subprocess.Popen(
                command, stderr=subprocess.DEVNULL, pass_fds=[its_end.fileno()], cwd=parent.ROOT, env=parent.ENVIRONMENT
            )
        return line

    def end(self) -> None:
        if self._line:
            self._line.close()
            self._process.wait()


class Forked:
    """What `read_apart` asks of a process."""

    def __init__(self, stdout: IO[bytes], process: int) -> None:
        self.stdout, self._process = stdout, process

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def wait(self) -> None:
        select.select([self._process], [], [])
        os.close(self._process)


def serve() -> None:
    """Fork a reader for each name and its three files, until nobody listens."""
    from common.apart.child import main

    line = socket.socket(fileno=int(sys.argv[1]))
    for module in AHEAD:
        import_module(module)
    while True:
        name, files, *_ = socket.recv_fds(line, 1000, 3)
        if not name:
            return
        import_module(name.decode().partition(":")[0])
        if pid := os.fork():
            process = os.pidfd_open(pid)
            socket.send_fds(line, [b"."], [process])
            for one in (process, *files):
                os.close(one)
            _bury()
            continue
        line.close()
        file, told, out = files
        os.dup2(file, 0)
        os.dup2(out, 1)
        os.close(file)
        os.close(out)
        sys.argv[1:] = [name.decode(), str(told)]
        main()


def _bury() -> None:
    """Take note of those that ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
