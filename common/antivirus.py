"""Ask a ClamAV daemon about a file, where settings.CLAMAV names one: its protocol of streams (man clamd, INSTREAM)."""

import logging
import socket
import struct
from typing import IO

from django.conf import settings

from common.exceptions import FileRefused

logger = logging.getLogger(__name__)

SECONDS = 30
CHUNK = 256 * 1024


def scan(file: IO[bytes]) -> None:
    """Raises FileRefused for a file in which a virus was found, and for every file while the daemon does not answer."""
    if not settings.CLAMAV:
        return
    try:
        said = _asked(file)
    except OSError as error:
        logger.error("the antivirus daemon does not answer: %s", error)
        said = ""
    if said.endswith("FOUND"):
        logger.warning("a file was refused: %s", said)
        raise FileRefused("Tệp có vi-rút hoặc mã độc, nên cổng không nhận. Xin quét máy rồi gửi lại tệp sạch.")
    if not said.endswith("OK"):
        raise FileRefused("Cổng chưa quét vi-rút được nên chưa nhận tệp. Xin thử lại sau ít phút; nếu vẫn vậy, báo quản trị.")


def _asked(file: IO[bytes]) -> str:
    """What the daemon says of a file: 'stream: OK', 'stream: Eicar-Test-Signature FOUND', 'INSTREAM size limit exceeded. ERROR'."""
    file.seek(0)
    with _connected() as daemon:
        daemon.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            daemon.sendall(struct.pack(">I", len(chunk)) + chunk)
        daemon.sendall(struct.pack(">I", 0))
        said = b""
        while b"\0" not in said and len(said) < 4096 and (part := daemon.recv(4096)):
            said += part
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    where: str = settings.CLAMAV
    if where.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        daemon.settimeout(SECONDS)
        daemon.connect(where)
        return daemon
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
