"""Files of strangers are read in a process of its own, which may do little and may die."""

import io
import logging
import os
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest

from common.apart import parent
from common.exceptions import DomainError

pytestmark = pytest.mark.usefixtures("started_anew")
READERS = "tests.common.readers"


class Refused(DomainError):
    pass


def read(name: str, *arguments: Any, data: bytes = b"") -> list[Any]:
    return list(parent.read_apart(f"{READERS}:{name}", io.BytesIO(data), *arguments, refused=Refused))


def test_values_dates_and_bytes_go_there_and_back() -> None:
    plain = ["Dân vận khéo", 1, 2.5, None, True, {"a": [1]}]
    dated = [date(2023, 3, 2), datetime(2023, 3, 2, 7, 30), clock(7, 30), timedelta(hours=1, seconds=5)]
    assert read("echo", plain, dated, data=b"\0\xff" * 400_000) == [[plain, dated], b"\0\xff" * 400_000]


def test_the_file_is_read_from_its_start_and_stays_usable() -> None:
    file = io.BytesIO(b"0123456789")
    file.read(7)
    assert list(parent.read_apart(f"{READERS}:echo", file, refused=Refused)) == [[], b"0123456789"]
    assert file.read() == b"0123456789"


def test_a_reader_refuses_in_its_own_words_after_what_it_told() -> None:
    pieces = parent.read_apart(f"{READERS}:refuse", io.BytesIO(), refused=Refused)
    assert next(pieces) == "một phần"
    with pytest.raises(Refused, match="Tệp này không phải"):
        next(pieces)


def test_a_fault_of_ours_is_logged_and_the_file_refused(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Refused, match="không đọc được tệp này"):
        read("fail")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("name", ["take_memory", "crash"])
def test_a_reader_that_dies_hurts_nobody(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Refused, match="quá nhiều bộ nhớ hoặc thời gian"):
        read(name)
    assert caplog.records[0].levelno == logging.WARNING
    assert read("echo") == [[], b""]


def test_a_reader_that_says_nothing_for_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "SILENCE", 0.5)
    began = time.monotonic()
    with pytest.raises(Refused, match="quá nhiều bộ nhớ hoặc thời gian"):
        read("sleep")
    assert time.monotonic() - began < 20


def test_a_reader_that_says_too_much_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "LARGEST", 5 * 1024 * 1024)
    with pytest.raises(Refused, match="quá nhiều bộ nhớ"):
        read("flood")


def test_who_stops_listening_leaves_no_process_behind() -> None:
    before = children()
    pieces = parent.read_apart(f"{READERS}:flood", io.BytesIO(), refused=Refused)
    next(pieces)
    assert children() - before
    pieces.close()  # type: ignore[attr-defined]
    assert children() == before


def children() -> set[str]:
    own = Path(f"/proc/{os.getpid()}/task")
    return {pid for task in own.iterdir() for pid in (task / "children").read_text().split()}


def test_what_a_library_prints_is_no_word_of_the_reader() -> None:
    assert read("chatter") == ["xong"]


def test_memory_time_and_what_it_may_write_are_limited_and_no_secret_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "bi-mat")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:bi-mat@h/d")
    bounds, variables = read("limits")
    assert bounds == [512 * 1024 * 1024, 18, 0]
    assert variables == ["LC_ALL", "MALLOC_ARENA_MAX", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"]


def test_no_network_no_program_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "co-san").write_text("của người khác")
    ((refused, tried),) = read("escape", str(tmp_path))
    assert refused == tried
    assert [path.name for path in tmp_path.iterdir()] == ["co-san"]
