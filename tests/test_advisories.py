"""Pinned packages against what is known of their weaknesses, without a network."""

import json
import subprocess
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import advisories

PINNED = {"django": "5.2.19", "pillow": "13.0.0"}
ANSWER = {
    "dependencies": [
        {"name": "django", "version": "5.2.19", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.20"], "aliases": []}]},
        {"name": "pillow", "version": "13.0.0", "vulns": []},
        {"name": "uv", "skip_reason": "not found"},
    ]
}
DAY = date(2026, 11, 26)


def test_the_lock_is_read_whole() -> None:
    pinned = advisories.locked()
    assert pinned["django"] == "5.2.19" and {"pip-audit", "bandit", "psycopg2-binary", "crispy-bootstrap5"} <= set(pinned)
    assert all(version[0].isdigit() and version.isascii() for version in pinned.values())


def test_what_the_service_does_not_know_was_not_asked_about() -> None:
    snapshot = advisories.read_answer(ANSWER, DAY)
    assert snapshot["asked"] == PINNED and snapshot["asked_on"] == "2026-11-26"
    assert advisories.read_answer({"dependencies": ANSWER["dependencies"][2:]}, DAY)["asked_on"] is None


def test_a_known_weakness_of_a_pinned_version_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = advisories.read_answer(ANSWER, DAY)
    assert advisories.problems(PINNED, snapshot) == ["django 5.2.19: PYSEC-2026-1, mended in 5.2.20"]
    assert advisories.problems(PINNED | {"django": "5.2.20"}, snapshot) == []
    monkeypatch.setitem(advisories.ACCEPTED, "PYSEC-2026-1", "asks for a feature that the portal has not")
    assert advisories.problems(PINNED, snapshot) == []


def test_what_the_snapshot_cannot_tell_warns_and_does_not_fail() -> None:
    snapshot = advisories.read_answer(ANSWER, DAY)
    assert advisories.warnings(PINNED, snapshot, date(2026, 12, 26)) == []
    assert advisories.warnings(PINNED, snapshot, date(2026, 12, 27)) == ["the advisories are 31 days old: make advisories"]
    newer = PINNED | {"django": "5.2.20", "redis": "8.1.0"}
    assert advisories.warnings(newer, snapshot, DAY) == ["not asked about as pinned: django, redis: make advisories"]
    never = {"asked_on": None, "asked": {}, "found": {}}
    assert len(advisories.warnings(PINNED, never, DAY)) == 1 and advisories.problems(PINNED, never) == []


@pytest.mark.parametrize("printed", ["", '{"dependencies": [{"name": "django", "skip_reason": "not found"}]}'])
def test_where_no_service_answers_the_snapshot_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, printed: str) -> None:
    kept = tmp_path / "advisories.json"
    kept.write_text(json.dumps(advisories.read_answer(ANSWER, DAY)))
    monkeypatch.setattr(advisories, "SNAPSHOT", kept)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=printed, stderr="no route to host"))
    monkeypatch.setattr(advisories.sys, "argv", ["advisories.py", "ask"])
    before = kept.read_text()
    assert advisories.main() == 1 and kept.read_text() == before


def test_the_snapshot_of_the_repository_can_be_read() -> None:
    assert set(json.loads(advisories.SNAPSHOT.read_text())) == {"asked", "asked_on", "found"}
