"""Accounts of units that ended, moved to the units that carry on what these did."""

from collections.abc import Mapping

from django.db import transaction

from common.dates import today
from common.exceptions import NotAllowed
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import User
from organisation.permissions import can_administer
from organisation.selectors.ended import accounts_to_move
from organisation.services.roles import give_role


@transaction.atomic
def move_accounts(*, wanted: Mapping[tuple[int, int], int], actor: User) -> tuple[int, int]:
    """Give accounts the roles that they had in a unit that ended in one of its heirs too, from today on: (id of the account, id of
    the unit) -> id of the heir. The old roles stay as they are: what was done keeps its unit, past years stay open.

    Returns how many accounts were moved, and how many of the roles wait for a second person. What was moved meanwhile, or may not
    go there, is left out. Raises NotAllowed.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không chuyển tài khoản.")
    list(User.objects.select_for_update().filter(pk__in={user_id for user_id, _ in wanted}).order_by("pk"))
    moved, waiting = set[int](), 0
    for move in accounts_to_move():
        target = wanted.get((move.user.pk, move.unit.unit_id))
        heir = next((version for version in move.heirs if version.unit_id == target), None)
        if heir is None:
            continue
        for held in move.roles:
            given = give_role(
                user=move.user, role=held.role, unit=heir.unit, starts_on=today(), ends_on=held.ends_on, actor=actor
            )
            waiting += given.waits
        record(
            actor=actor, action=AuditAction.MOVE_ACCOUNT, target=move.user, unit=heir.unit, note=f"{move.unit.name} → {heir.name}"
        )
        moved.add(move.user.pk)
    return len(moved), waiting
