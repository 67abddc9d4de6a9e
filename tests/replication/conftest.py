from typing import Any

import pytest

from tests.replicating import on


@pytest.fixture(autouse=True)
def spring(settings: Any, tmp_path: Any) -> Any:
    """The first of April 2024: the campaign of 8/12/2023 has run for four months."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with on(2024, 4, 1):
        yield
