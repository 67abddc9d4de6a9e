from typing import Any

import pytest

from tests.rounds import on


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    """Files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def september() -> Any:
    """The tenth of September 2023, while the rounds of `tests.rounds` take proposals."""
    with on(9, 10):
        yield


@pytest.fixture
def meeting_day() -> Any:
    """The fifth of October 2023, when the councils of `tests.rounds` meet."""
    with on(10, 5):
        yield


@pytest.fixture
def decision_day() -> Any:
    """The tenth of October 2023, when the bodies of `tests.rounds` decide."""
    with on(10, 10):
        yield
