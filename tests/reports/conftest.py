from typing import Any

import pytest
import time_machine

from common import jobs


@pytest.fixture
def autumn(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ten in the morning of the day after the cut-off day of 2023; nothing goes to a queue."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    with time_machine.travel("2023-10-16T03:00:00Z", tick=False):
        yield
