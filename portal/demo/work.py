"""What the demo's communes have under way: a draft, one returned with reasons, three that wait to be accepted. Typed by their accounts."""

import json
from datetime import date, timedelta
from typing import Any

from common.dates import today
from models_registry.enums import Action, State
from models_registry.models import Registration, Season
from models_registry.services import Mark, begin_registration, change_state, save_sheet
from organisation.models import User
from portal.demo.accounts import unit_of
from portal.demo.clock import as_on
from portal.demo.files import DEMO

Sheet = dict[str, Any]
BEGUN, RETURNED = 6, 2  # days before today; the sheets between were sent one a day


def show_work(season: Season, *, first: bool) -> int:
    """The work that is to be seen in the first season, or in the newest. Returns how many registrations were begun."""
    wanted = "first" if first else "newest"
    listed = json.loads((DEMO / "work.json").read_text(encoding="utf-8"))
    return sum(_show(season, desk) for desk in listed if desk["season"] == wanted)


def _show(season: Season, desk: dict[str, Any]) -> int:
    writer, checker = (User.objects.get(username=desk[who]) for who in ("writer", "checker"))
    if not (writer.is_active and checker.is_active):  # closed since, by who tries the demo
        return 0
    unit, joined = unit_of(writer.username), writer.memberships.earliest("starts_on").starts_on

    def days_ago(number: int) -> date:
        return max(today() - timedelta(days=number), season.opens_on, joined)

    for number, sheet in enumerate(desk["sheets"]):
        with as_on(days_ago(max(BEGUN - number, RETURNED))):
            row = begin_registration(season_id=season.pk, unit=unit, actor=writer)
            texts = {name: text.replace("{year}", str(season)) for name, text in sheet["answers"].items()}
            save_sheet(registration_id=row.pk, texts=texts, bases=row.sheet.answers, actor=writer)
            if sheet["state"] != State.DRAFT:
                change_state(registration_id=row.pk, action=Action.SUBMIT, actor=writer)
        if sheet["state"] == State.RETURNED:
            with as_on(days_ago(RETURNED)):
                _return(row, sheet, checker)
    return len(desk["sheets"])


def _return(row: Registration, sheet: Sheet, checker: User) -> None:
    marks = [Mark(box=mark["box"], words=mark["words"]) for mark in sheet["marks"]]
    change_state(registration_id=row.pk, action=Action.RETURN, actor=checker, marks=marks)
