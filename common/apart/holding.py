"""Whether a reader is held."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO


def held(file: IO[bytes]) -> Iterator[bool]:
    """Whether the reader that runs this is held: it finds no network and no file but the code."""
    with suppress(OSError):
        socket.socket().close()
        yield False
        return
    with suppress(OSError):
        Path("/etc/passwd").open("rb").close()
        yield False
        return
    yield True
