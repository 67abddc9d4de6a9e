"""Strangers' files are read in a process of its own: it has little memory and time, no network, no other file, and may die.

`read_apart` runs a reader, a generator `function(file, *arguments)` in a module that needs no Django, and hands on what it yields:
plain values, dates among them, or bytes. Nothing else can come back.
"""

import io
import logging
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from common.apart.packing import BYTES, END, FAILED, HEAD, REFUSED, VALUE, pack, unpack
from common.exceptions import DomainError

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
SILENCE = 30  # seconds without a word from the reader; it has as many of the processor in all
LARGEST = 512 * 1024 * 1024  # bytes that may come back
PIECE = 64 * 1024 * 1024  # of them at once

TOO_HEAVY = (
    "Tệp cần quá nhiều bộ nhớ hoặc thời gian để đọc, nên cổng đã dừng: tệp hỏng, hoặc có phần thừa rất lớn bên trong "
    "(ô thừa ở rất xa, ảnh quá to). Xin lưu lại thành tệp mới, gọn hơn, rồi gửi."
)
BROKEN = "Cổng không đọc được tệp này: tệp hỏng hoặc viết khác lạ. Xin mở ra rồi lưu lại thành tệp mới."


class _Died(Exception):
    """The reader said no last word."""


def read_apart(reader: str, file: IO[bytes], *arguments: Any, refused: type[DomainError]) -> Iterator[Any]:
    """What `module:function` yields for a file and arguments. Raises `refused` with the reader's words, or with ours where the
    reader died. `file` is read from its start and left there.
    """
    with ExitStack() as open_files:
        told, copy = (open_files.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        told.write(pack(list(arguments)))
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        for one in (file, told, copy):
            one.seek(0)  # and what was written is there for the other process
        child = start(reader, copy, told)
        open_files.callback(child.wait)
        open_files.callback(child.kill)
        assert child.stdout is not None
        pipe = open_files.enter_context(child.stdout)
        try:
            yield from _pieces(pipe, reader, refused)
        except _Died as death:
            logger.warning("the reader %s died", reader)
            raise refused(TOO_HEAVY) from death


def start(reader: str, file: IO[bytes], told: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own program; the file is no part of the command
        [sys.executable, "-c", "from common.apart.child import main; main()", reader, str(told.fileno())],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=[told.fileno()],
        cwd=ROOT,
        env=ENVIRONMENT,
    )


def is_held() -> bool:
    """Whether this machine's system keeps readers from the network and from other files."""
    return all(read_apart("common.apart.holding:held", io.BytesIO(), refused=DomainError))


def _pieces(pipe: IO[bytes], reader: str, refused: type[DomainError]) -> Iterator[Any]:
    left = LARGEST
    while True:
        kind, length = HEAD.unpack(_taken(pipe, HEAD.size))
        left -= length
        if left < 0 or length > PIECE:
            raise _Died
        data = _taken(pipe, length)
        if kind == END:
            return
        if kind == BYTES:
            yield data
        elif kind == VALUE:
            yield unpack(data)
        elif kind == REFUSED:
            raise refused(str(unpack(data)))
        elif kind == FAILED:
            logger.error("the reader %s failed: %s", reader, data.decode("utf-8", "replace"))
            raise refused(BROKEN)
        else:
            raise _Died


def _taken(pipe: IO[bytes], length: int) -> bytes:
    """Exactly so many bytes. The pipe is unbuffered reading: `select` sees all that waits."""
    parts = []
    while length:
        if not select.select([pipe], [], [], SILENCE)[0]:
            raise _Died
        part = pipe.read1(min(length, 1024 * 1024))  # type: ignore[attr-defined]
        if not part:
            raise _Died
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
