"""Where an antivirus daemon is named, no file is kept that it did not find clean."""

import io
import logging
import re
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.antivirus import scan
from common.exceptions import FileRefused
from common.files import receive, shrunk_photo
from tests.photos import PDF, photo

# The test file of the European institute for antivirus research, which every scanner knows; in halves, so that none finds this one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon:
    """Speaks clamd's protocol of streams: FOUND for what holds the test file, else `answer`."""

    def __init__(self, listening: socket.socket, answer: str = "stream: OK") -> None:
        self.listening, self.answer, self.sizes = listening, answer, list[int]()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    data += stream.read(size)
                self.sizes.append(len(data))
                said = "stream: Eicar-Test-Signature FOUND" if EICAR in data else self.answer
                stream.write(said.encode() + b"\0")


@pytest.fixture
def daemon(tmp_path: Path, settings: Any) -> Iterator[Daemon]:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "clamd"))
    listening.listen()
    settings.CLAMAV = str(tmp_path / "clamd")
    yield Daemon(listening)
    listening.close()


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("tep", data)


def test_a_clean_file_is_kept_whole(daemon: Daemon) -> None:
    data = PDF + bytes(700_000)
    assert receive(sent(data)).content.read() == data
    assert daemon.sizes == [len(data)]


def test_a_file_with_a_virus_is_refused_and_noted(daemon: Daemon, caplog: pytest.LogCaptureFixture) -> None:
    for take in (receive, shrunk_photo):
        with pytest.raises(FileRefused, match="vi-rút hoặc mã độc"):
            take(sent((photo() if take is shrunk_photo else PDF) + EICAR))
    assert caplog.text.count("Eicar-Test-Signature") == 2


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", ""])
def test_what_could_not_be_scanned_is_not_kept(daemon: Daemon, answer: str) -> None:
    daemon.answer = answer
    with pytest.raises(FileRefused, match="chưa quét vi-rút được"):
        receive(sent(PDF))


def test_nothing_is_kept_while_the_daemon_is_away(settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for where in (str(tmp_path / "khong-co"), "127.0.0.1:1"):
        settings.CLAMAV = where
        with pytest.raises(FileRefused, match="chưa quét vi-rút được"):
            scan(io.BytesIO(b"x"))
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_a_daemon_on_another_machine_is_asked_too(settings: Any) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    daemon = Daemon(listening)
    settings.CLAMAV = f"127.0.0.1:{listening.getsockname()[1]}"
    scan(io.BytesIO(b"sach"))
    listening.close()
    assert daemon.sizes == [4]


def test_whoever_opens_files_that_people_send_takes_them_by_this_door() -> None:
    """Views hand files to services, and a service takes one through common.files or scans it itself."""
    root = Path(__file__).resolve().parent.parent.parent
    takes = re.compile(r"\b(receive|shrunk_photo|scan)\(")
    for path in root.glob("*/services/*.py"):
        text = path.read_text()
        if "UploadedFile" in text:
            assert takes.search(text), path
    assert takes.search((root / "papers" / "services.py").read_text())
