"""Whatever is wrong with a file, it is read or refused with words: no reader fails, none takes long."""

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.apart.packing import pack, unpack
from models_registry.registers import opening, unpacking
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import RegisterContext
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import mutating

FIELDS = FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", [])])
PLACES = PlaceBook("Thành ủy Phan Thiết", ["Phan Thiết"], [(1, "phu-hai", "Phường Phú Hài", "Đảng ủy phường Phú Hài")])


def read_here(reader: str, file: Any, *arguments: Any, refused: type[Exception]) -> Iterator[Any]:
    """As `read_apart`, in this process: thousands of files would wait for thousands of processes."""
    for piece in unpacking.sheets(io.BytesIO(file.read()), *arguments):
        yield unpack(pack(piece))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return mutating.whole(tmp_path_factory.mktemp("whole"))


@pytest.mark.long
@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    from datetime import date

    monkeypatch.setattr(opening, "read_apart", read_here)
    name, spoiled = data.draw(mutating.spoiled(files))
    path = Path(tmp_path_factory.mktemp("spoiled") / name)
    path.write_bytes(spoiled)
    began = time.monotonic()
    try:
        list(RegisterReader(path, RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES)).rows())
    except RegisterUnreadable as refused:
        assert str(refused)
    assert time.monotonic() - began < 20
