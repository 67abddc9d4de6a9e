"""Pinned packages against what is known of their weaknesses, without a network."""

import json
import re
import subprocess
import tomllib
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

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
DOCUMENTS = {
    "read_on": DAY,
    "packages": {
        "django": {"read_to": "5.2.19", "document": "security.txt", "known": {">=5.2,<5.2.20": ["CVE-2026-1", "CVE-2026-2"]}}
    },
}


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


def test_what_runs_is_what_is_held_against_the_lists() -> None:
    """One lock is read; the other one names the same versions."""
    runs = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (advisories.ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert runs and set(runs) <= set(advisories.locked().items())


@pytest.mark.parametrize("version", ["5.2", "5.2.19rc1", "5.2.19"])
def test_a_version_within_a_documented_range_fails(version: str) -> None:
    told = f"django {version} is among >=5.2,<5.2.20, of which security.txt tells: CVE-2026-1, CVE-2026-2"
    assert advisories.documented_problems({"django": version}, DOCUMENTS) == [told]


def test_a_version_outside_of_it_and_what_was_accepted_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for pinned in ({"django": "5.2.20"}, {"django": "5.1.15"}, {"pillow": "13.0.0"}):
        assert advisories.documented_problems(pinned, DOCUMENTS) == []
    monkeypatch.setitem(advisories.ACCEPTED, "CVE-2026-1", "asks for a feature that the portal has not")
    (told,) = advisories.documented_problems(PINNED, DOCUMENTS)
    assert told.endswith("tells: CVE-2026-2")


def test_the_day_and_the_reach_of_the_documents_are_told() -> None:
    read = "what is known is kept by hand in weaknesses.toml, from documents last read on 2026-11-26"
    assert advisories.documented_warnings({"django": "5.2.19"}, DOCUMENTS, DAY) == [read]
    later = advisories.documented_warnings({"django": "5.2.20", "pillow": "13.0.0"}, DOCUMENTS, date(2026, 12, 27))
    assert later == [
        read,
        "they were read 31 days ago: read them anew",
        "pinned newer than the documents reach: django",
        "no document was read of: pillow",
    ]


@pytest.mark.parametrize(("pinned", "ends"), [("5.2.19", 1), ("5.2.20", 0)])
def test_the_step_fails_by_the_documents_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pinned: str, ends: int
) -> None:
    monkeypatch.setattr(advisories, "locked", lambda: {"django": pinned})
    monkeypatch.setattr(advisories.tomllib, "loads", lambda _: DOCUMENTS)
    monkeypatch.setattr(advisories.sys, "argv", ["advisories.py"])
    assert advisories.main() == ends
    assert ("django 5.2.19 is among" in capsys.readouterr().out) is bool(ends)


def test_the_kept_list_can_be_read() -> None:
    kept = tomllib.loads(advisories.BY_HAND.read_text())
    assert kept["read_on"] <= date.today()
    for package in kept["packages"].values():
        assert package["document"] and Version(package["read_to"])
        assert all(str(SpecifierSet(affected)) and found for affected, found in package.get("known", {}).items())
