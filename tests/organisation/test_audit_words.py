"""Administrators read the audit trail in words, whatever writes into it."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.text import camel_case_to_spaces

from models_registry.transitions import TRANSITIONS as registering
from organisation.audit_actions import Audited
from organisation.audit_changes import NAMES, change_lines
from organisation.audit_words import action_words, kind_words
from organisation.models import AuditEvent
from recognition.transitions import TRANSITIONS as proposing
from replication.enums import VisitState
from replication.transitions import TRANSITIONS as campaigning
from tests.pages import entered

APPS = ("common", "models_registry", "notifications", "organisation", "papers", "portal", "recognition", "replication", "reports")


@pytest.mark.parametrize(
    "action, words",
    [
        ("open-season", "Mở năm thi đua"),
        ("send-back-decision", "Trả lại quyết định"),
        ("undo-check-registration", "Hoàn tác việc xét đăng ký"),
        ("drop-season-draft", "Bỏ nháp mở năm"),
        ("change-by-administrator", "Quản trị sửa"),
        ("other-registration", "Ghi là hai đăng ký khác nhau"),
        ("remind-members", "Nhắc thành viên hội đồng"),
        ("of-a-later-year", "of-a-later-year"),
    ],
)
def test_an_action_is_said_in_words(action: str, words: str) -> None:
    assert action_words(action) == words


def test_an_action_is_one_apps_alone_and_has_words_of_its_own() -> None:
    """That every entry is written with such an action mypy holds (`organisation.audit.record`)."""
    actions = [action for kind in Audited.__subclasses__() for action in kind]
    assert len(actions) == len({action.value for action in actions}) > 200
    assert [action for action in actions if not action.label[:1].isupper()] == []


def test_every_step_of_a_workflow_has_its_action() -> None:
    """Their codes are put together of the step and what it is done to."""
    steps = {f"{step}-registration" for step in registering if step != "undo"} | {f"{step}-dossier" for step in proposing}
    steps |= {f"{step}-campaign" for step in campaigning} | {f"visit-{state}" for state in VisitState}
    assert {step for step in steps if action_words(step) == step} == set()


@pytest.mark.django_db
def test_the_page_of_the_trail_and_its_filter_say_words() -> None:
    client, event = entered("quantri"), AuditEvent.objects.filter(action="load-demo").latest("pk")
    html = client.get("/lam-viec/quan-tri/organisation/auditevent/").content.decode()
    assert "Nạp dữ liệu thử" in html and ">load-demo<" not in html
    one = client.get(f"/lam-viec/quan-tri/organisation/auditevent/{event.pk}/change/").content.decode()
    assert "Nạp dữ liệu thử" in one and "&quot;" not in one
    assert "Năm thi đua" in one and event.target_type == "models_registry.season" and event.target_type not in one


UNNAMED = {  # tables that the portal keeps for itself: nobody acts on a row of them
    "models_registry.boardcount",
    "models_registry.cataloguecount",
    "models_registry.formerslug",
    "models_registry.importedit",
    "models_registry.importrow",
    "models_registry.searchword",
    "recognition.outcomerow",
}


def test_every_kind_of_thing_that_an_entry_may_be_about_has_words() -> None:
    """Whatever an app writes of: without words of its own a model is called by its class."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    unnamed = {model._meta.label_lower for model in models if model._meta.verbose_name == camel_case_to_spaces(model.__name__)}
    assert unnamed == UNNAMED
    assert kind_words("recognition.dossier") == "Hồ sơ đề nghị" and kind_words("of.alateryear") == "of.alateryear"


@pytest.mark.parametrize(
    "target, changes, lines",
    [
        (
            "models_registry.registration",
            {"state": ["draft", "submitted"], "withdrawn_on": [None, "2026-07-16"]},
            ["Trạng thái: Nháp → Chờ xét", "Ngày rút: (trống) → 16/07/2026"],
        ),
        ("organisation.user", {"is_active": ["True", "False"]}, ["Kích hoạt: có → không"]),
        ("organisation.unit", {"8023": 2372, "rows": 8}, ["Đăng ký số 8023: 2372", "Số dòng: 8"]),
        (
            "models_registry.seasondraft",
            {"answers": {"year": "2026", "basis": ""}},
            ["Các ô đã ghi: Năm thi đua: 2026; Văn bản căn cứ: (trống)"],
        ),
        ("of.alateryear", {"mapping": [{"title": "B"}, {"title": "C"}]}, ["Cách đọc các cột: Tên: B → Tên: C"]),
    ],
)
def test_changes_are_read_by_names_and_labels(target: str, changes: dict[str, Any], lines: list[str]) -> None:
    assert change_lines(AuditEvent(target_type=target, changes=changes)) == lines


def test_every_change_that_is_written_has_a_name() -> None:
    """Keys of `changes={...}` and of `changes["..."] =` that are written out in the code."""
    written: set[str] = set()
    for path in (path for app in APPS for path in (Path(settings.BASE_DIR) / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                given = [keyword.value for keyword in node.keywords if keyword.arg == "changes"]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "changes":
                given = [node.value]
            else:
                continue
            dicts = (part for value in given for part in ast.walk(value) if isinstance(part, ast.Dict))
            written |= {str(key.value) for found in dicts for key in found.keys if isinstance(key, ast.Constant)}
    assert len(written) > 30 and written - NAMES.keys() == set()
