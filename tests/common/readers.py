"""Readers that do what no reader may; `common.apart` runs them as it runs those of the house."""

import ctypes
import os
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from common.exceptions import DomainError

HOUSE = Path(__file__).resolve().parent.parent.parent


def echo(file: IO[bytes], *arguments: Any) -> Iterator[Any]:
    yield list(arguments)
    yield file.read()


def refuse(file: IO[bytes]) -> Iterator[Any]:
    yield "một phần"
    raise DomainError("Tệp này không phải.")


def fail(file: IO[bytes]) -> Iterator[Any]:
    yield 1 / 0


def take_memory(file: IO[bytes]) -> Iterator[Any]:
    yield len(bytearray(600 * 1024 * 1024))


def crash(file: IO[bytes]) -> Iterator[Any]:
    yield ctypes.string_at(0)


def sleep(file: IO[bytes]) -> Iterator[Any]:
    yield "bắt đầu"
    time.sleep(60)


def chatter(file: IO[bytes]) -> Iterator[Any]:
    print("một thư viện nói xen vào")
    os.write(1, b"v\0\0\0\4null")
    yield "xong"


def flood(file: IO[bytes]) -> Iterator[Any]:
    while True:
        yield bytes(1024 * 1024)


def limits(file: IO[bytes]) -> Iterator[Any]:
    yield [resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]
    yield sorted(os.environ)


def escape(file: IO[bytes], folder: str) -> Iterator[Any]:
    """What is refused, by name: all that a reader has no need of."""
    there = Path(folder) / "co-san"
    tries: dict[str, Callable[[], Any]] = {
        "network": socket.socket,
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "program": lambda: subprocess.run(["/bin/true"], check=False),
        "fork": os.fork,
        "signal": lambda: os.kill(os.getppid(), 0),
        "new file": lambda: (Path(folder) / "moi").open("wb"),
        "read": there.read_text,
        "write": lambda: there.open("r+b"),
        "remove": there.unlink,
        "rename": lambda: there.rename(Path(folder) / "khac"),
        "settings": (HOUSE / "danvan" / "settings.py").read_text,
        "passwords": lambda: Path("/etc/passwd").read_text(),
    }
    refused = []
    for name, attempt in tries.items():
        try:
            attempt()
        except OSError:
            refused.append(name)
    yield [refused, list(tries)]
    worker = threading.Thread(target=lambda: None)  # decoders of pictures have threads
    worker.start()
    worker.join()
