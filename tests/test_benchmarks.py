"""Each part of `make bench` runs to its end on few rows, so that none is found broken when it is needed."""

import json
from pathlib import Path

import pytest

from benchmarks.run import PARTS
from tests.databases import empty_database
from tests.portal.test_setting_up import python

LEFT_OUT = {"photo", "calls"}  # seconds of processes of their own, which nothing of the portal but its photos takes part in
CHANGING = {"carrying", "store"}  # make registrations of their own; the others begin with those that are filled in


@pytest.mark.long
def test_every_part_runs_to_its_end(tmp_path: Path) -> None:
    for names in ({*PARTS, "papers"} - LEFT_OUT - CHANGING, CHANGING):
        at, out = empty_database(tmp_path / f"{len(names)}.sqlite3"), tmp_path / "out.json"
        words = ("-m", "benchmarks.parts", ",".join(sorted(names)), str(out))
        python(*words, at=at, folder=tmp_path, BENCH_SIZE="800", BENCH_ROWS="8")
        assert len(json.loads(out.read_text())) >= len(names)
