"""Where a registration of a unit that ended goes on, written down: from a day on it stands there."""

from datetime import date

from common.dates import today
from models_registry.audit_actions import AuditAction
from models_registry.enums import LinkState
from models_registry.models import Handover, HandoverAgain, Registration, Repeat
from models_registry.permissions import acting_day
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree


def hand_over(registration: Registration, unit: Unit, actor: User, *, note: str, again: bool) -> Handover | HandoverAgain | None:
    """Give a locked registration to a unit from today; `again`: the unit that it had been given to ended as well. None where it was
    given on this day, or before, already.
    """
    told = {"unit": unit, "since": today(), "given_by": actor}
    made: Handover | HandoverAgain
    if again:
        made, is_new = HandoverAgain.objects.get_or_create(handover_id=registration.pk, since=today(), defaults=told)
    else:
        made, is_new = Handover.objects.get_or_create(registration=registration, defaults=told)
    if not is_new:
        return None
    keeps = {
        unit.pk,
        unit_tree().reporting(unit.pk, acting_day(registration.season)),
    }  # who else was asked about it is asked no more
    Repeat.objects.filter(state=LinkState.OPEN, earlier=registration).exclude(registration__unit__in=keeps - {None}).delete()
    record(actor=actor, action=AuditAction.ASSIGN_REGISTRATION, target=registration, unit=unit, note=note)
    return made


def take_back(registration: Registration, since: date, actor: User) -> None:
    """Undo what was given on a day by an answer, unless it was given on since. On record."""
    agains = HandoverAgain.objects.filter(handover=registration.pk).select_related("unit")
    if agains.filter(since__gt=since).exists():
        return
    first = Handover.objects.filter(registration=registration, since=since).select_related("unit")
    given = agains.filter(since=since).first() or first.first()
    if given is None:
        return
    given.delete()
    note = f"{unit_on(given.unit, today()).name} → {registration.unit_name}"
    record(actor=actor, action=AuditAction.TAKE_BACK_REGISTRATION, target=registration, unit=given.unit, note=note)
