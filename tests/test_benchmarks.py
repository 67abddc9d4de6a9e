"""The parts of `make bench` that write run to their end on few rows, so that none is found broken when it is needed."""

import json
from pathlib import Path

from tests.databases import empty_database
from tests.portal.test_setting_up import python

WRITING = {"carrying", "store"}  # the parts that go through services; what only reads is found by the types that it is given


def test_parts_that_write_run_to_their_end(tmp_path: Path) -> None:
    at, out = empty_database(tmp_path / "empty.sqlite3"), tmp_path / "out.json"
    words = ("-m", "benchmarks.parts", ",".join(sorted(WRITING)), str(out))
    python(*words, at=at, folder=tmp_path, BENCH_SIZE="800", BENCH_ROWS="8")
    assert len(json.loads(out.read_text())) >= len(WRITING)
