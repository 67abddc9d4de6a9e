from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from models_registry.services import ImportReport, import_register


@pytest.fixture
def take(new_season: Any, unit: Any) -> Callable[..., ImportReport]:
    """Import a file into the season of 2024, for Phan Thiết unless told otherwise."""

    def run(path: Path, unit_key: str = "phan-thiet", **options: Any) -> ImportReport:
        return import_register(path=path, season=new_season, unit=unit(unit_key), actor=None, **options)

    return run


@pytest.fixture
def writer(client: Client, user: Any) -> Client:
    """A browser in which the officer of Hàm Hiệp is logged in."""
    client.force_login(user("hamhiep.canbo"), backend="django.contrib.auth.backends.ModelBackend")
    return client
