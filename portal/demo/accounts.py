"""The demo's accounts and letterheads: those of the first season, and those of the units of today beside them."""

import os
import secrets
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from organisation.audit import record
from organisation.models import Unit
from organisation.services import give_role, open_account
from papers.enums import Layout
from papers.models import Letterhead
from papers.services import save_letterhead
from portal.audit_actions import AuditAction
from portal.demo.files import DEMO, Row, of_season, rows_of

SIGNER = "Người ký (minh họa)"


def names() -> list[str]:
    return [row["username"] for row in rows_of(DEMO / "accounts.csv")]


def unit_of(username: str) -> Unit:
    """The unit that an account is opened in; it may hold roles in others since."""
    key = next(row["unit"] for row in rows_of(DEMO / "accounts.csv") if row["username"] == username)
    return Unit.objects.get(key=key)


def password() -> str:
    """Of all accounts: DEMO_PASSWORD, else one made the first time and kept in var/demo_password."""
    kept: Path = settings.VAR_DIR / "demo_password"
    if settings.DEMO_PASSWORD:
        return str(settings.DEMO_PASSWORD)
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(9))
    return kept.read_text().strip()


@cache
def _hashed(shared: str) -> str:
    """One hash for all accounts: it takes a quarter of a second."""
    return make_password(shared)


@transaction.atomic
def open_accounts(*, first: bool) -> int:
    """Open what is missing; an account that is there keeps its password, unless DEMO_PASSWORD names another."""
    shared, opened = password(), 0
    units = {unit.key: unit for unit in Unit.objects.all()}
    for row in of_season("accounts.csv", first=first):
        user, created = open_account(username=row["username"], full_name=row["full_name"], password=None, actor=None)
        changed = settings.DEMO_PASSWORD and not created and not user.check_password(shared)
        if created or changed:
            user.password = _hashed(shared)
            user.save(update_fields=["password"])
        if changed:
            record(actor=None, action=AuditAction.SET_DEMO_PASSWORD, target=user)
        give_role(
            user=user, role=row["role"], unit=units[row["unit"]], starts_on=date.fromisoformat(row["starts_on"]), actor=None
        )
        opened += created
    return opened


def head_papers(*, first: bool) -> None:
    """Letterheads of the demo's bodies; who signs is marked as made up."""
    for row in of_season("letterheads.csv", first=first):
        head_unit(Unit.objects.get(key=row["unit"]), row)


def head_unit(unit: Unit, row: Row) -> None:
    """A letterhead of a unit as a row of `letterheads.csv` says, unless it has one."""
    if Letterhead.objects.filter(unit=unit, suffix=row["suffix"]).exists():
        return
    named = ("suffix", "body_name", "superior_name", "place", "authority", "signer_title", "term")
    save_letterhead(
        unit=unit,
        actor=None,
        valid_from=date.fromisoformat(row["valid_from"]),
        layout=Layout.PARTY,
        signer_name=SIGNER,
        recipients="Như Điều 3\nLưu",
        **{name: row[name] for name in named},
    )
