"""Administrators read the audit trail in words, whatever writes into it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from organisation.audit_words import action_words
from organisation.models import AuditEvent
from tests.pages import entered

APPS = ("common", "models_registry", "notifications", "organisation", "papers", "portal", "recognition", "replication", "reports")
WRITTEN = re.compile(r'(?:action=|ACTION = |action: str = )"([a-z-]+)"')


@pytest.mark.parametrize(
    "action, words",
    [
        ("open-season", "Mở năm thi đua"),
        ("send-back-decision", "Trả lại quyết định"),
        ("undo-check-registration", "Hoàn tác việc xét đăng ký"),
        ("drop-season-draft", "Bỏ nháp mở năm"),
        ("change-by-administrator", "Quản trị sửa"),
        ("of-a-later-year", "of-a-later-year"),
    ],
)
def test_an_action_is_said_by_its_verb_and_what_it_is_done_to(action: str, words: str) -> None:
    assert action_words(action) == words


def test_every_action_that_is_written_has_words() -> None:
    sources = (path for app in APPS for path in (Path(settings.BASE_DIR) / app).rglob("*.py"))
    written = {action for path in sources for action in WRITTEN.findall(path.read_text(encoding="utf-8"))}
    assert len(written) > 150 and {action for action in written if action_words(action) == action} == set()


@pytest.mark.django_db
def test_the_page_of_the_trail_and_its_filter_say_words() -> None:
    client, event = entered("quantri"), AuditEvent.objects.filter(action="load-demo").latest("pk")
    html = client.get("/lam-viec/quan-tri/organisation/auditevent/").content.decode()
    assert "Nạp dữ liệu thử" in html and ">load-demo<" not in html
    one = client.get(f"/lam-viec/quan-tri/organisation/auditevent/{event.pk}/change/").content.decode()
    assert "Nạp dữ liệu thử" in one
