"""A portal for another province, from an empty database on: by links alone, without code."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from organisation.models import User
from organisation.setting_up import steps_of
from tests.databases import ROOT, empty_database

OURS = (
    "organisation_user",
    "organisation_unit",
    "organisation_provincerecord",
    "models_registry_season",
    "models_registry_field",
)


def python(*words: str, at: Path, folder: Path, **more: str) -> str:
    """What Python says with these words, on a database of its own. Fails with all of it where it ends badly."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{at}",
        "VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "REDIS_URL": "",
        **more,
    }
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db
def test_the_guide_has_the_steps_of_the_page() -> None:
    guide = (ROOT / "docs/huong-dan/tinh-moi.md").read_text()
    steps = [f"{n}. {step.title}" for n, step in enumerate(steps_of(User.objects.get(username="quantri")), 1)]
    assert re.findall(r"^## (.*)$", guide, re.M) == steps
    assert [f"{n}. {title}" for n, title in re.findall(r"^\| (\d+) \| \[(.*?)\]", guide, re.M)] == steps


@pytest.mark.long
@pytest.mark.parametrize("tiers", ["2", "3"])
def test_a_province_is_set_up_by_links_from_the_first_administrator_to_a_registration(tiers: str, tmp_path: Path) -> None:
    said = python("-m", "tests.walk_empty", tiers, at=empty_database(tmp_path / "portal.sqlite3"), folder=tmp_path)
    assert said.strip().endswith("walked")


@pytest.mark.long
def test_with_empty_asked_for_no_demo_is_loaded(tmp_path: Path) -> None:
    at = empty_database(tmp_path / "portal.sqlite3")
    python("deploy/prepare.py", at=at, folder=tmp_path, EMPTY="1")
    with sqlite3.connect(at) as database:
        counts = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in OURS]
    assert counts == [0] * len(OURS)
