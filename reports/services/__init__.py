"""Every write of reports."""

from reports.services.building import (
    NO_ROOM,
    STEPS,
    ask_report,
    build_report,
    make_now,
    rebuild_report,
    stop_building,
    tell_failed,
)
from reports.services.clock import make_due, remind_due, remind_missing
from reports.services.freezing import correct_report, drop_draft, freeze_report
from reports.services.writing import NewQuoted, StaleText, answer_finding, drop_quoted, keep_quoted, write_text

__all__ = [
    "NO_ROOM",
    "STEPS",
    "NewQuoted",
    "StaleText",
    "answer_finding",
    "ask_report",
    "build_report",
    "correct_report",
    "drop_draft",
    "drop_quoted",
    "freeze_report",
    "keep_quoted",
    "make_due",
    "make_now",
    "rebuild_report",
    "remind_due",
    "remind_missing",
    "stop_building",
    "tell_failed",
    "write_text",
]
