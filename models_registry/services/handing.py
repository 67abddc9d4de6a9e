"""Registrations of units that ended: assigned to a unit that carries them on, moved with a draft that is sent."""

from collections.abc import Iterable

from django.db import transaction

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from models_registry.models import Registration, RegistrationSheet
from models_registry.permissions import acting_day, acts_as_heir, heir_of
from models_registry.selectors.heirs import assignable_units, left_by, to_assign
from models_registry.selectors.sheets import sheet_context
from models_registry.services.catalogue import refresh_counts
from models_registry.services.handovers import hand_over
from models_registry.services.lines import place_in, stand_at
from models_registry.services.repeats import ask_repeats
from models_registry.validators import read_sheet
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree


@transaction.atomic
def assign(*, registration_ids: Iterable[int], unit: Unit, actor: User) -> int:
    """Assign what units that ended left over to a unit that carries it on, from today. Returns how many; what was assigned
    meanwhile, or is not this person's to assign, is left out. Raises NotAllowed.
    """
    target = next((version for version in assignable_units(actor) if version.unit_id == unit.pk), None)
    if target is None:
        raise NotAllowed("Vai trò của đồng chí không giao việc cho đơn vị này.")
    ids = list(registration_ids)
    chosen = Registration.objects.filter(pk__in=ids)
    units = {unit.pk, *chosen.order_by().values_list("unit", flat=True)}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    list(chosen.select_for_update(of=("self",), no_key=True).order_by("pk"))
    made = 0
    left = list(to_assign(actor).filter(pk__in=ids))
    names = left_by(left)
    for registration in left:
        note = f"{names[registration.pk]} → {target.name}"
        made += hand_over(registration, target.unit, actor, note=note, again=bool(registration.given)) is not None
    for season in {registration.season for registration in left}:
        ask_repeats(season, target.unit)
    return made


def check_carried(registration: Registration, actor: User, act: May) -> None:
    """Raise where the registration's unit registers in the season no more and the actor does not act for the unit that carries it
    on, or no unit does.
    """
    place = registration.place or registration.unit
    if unit_tree().reporting(place.pk, acting_day(registration.season)) is not None:
        return
    heir = heir_of(registration, unit_tree())
    if heir is None:
        said = f"Đơn vị này không lập đăng ký của năm {registration.season} nữa: đã kết thúc hoặc chưa thành lập."
        raise DomainError(f"{said} Xin cấp trên giao đăng ký cho đơn vị kế thừa.")
    if not acts_as_heir(actor, act, registration):
        name = unit_on(Unit.objects.get(pk=heir), today()).name
        raise NotAllowed(f"Đơn vị này đã kết thúc hoặc chưa thành lập vào lúc này; đăng ký nay do {name} làm tiếp.")


def move_to_heir(registration: Registration, sheet: RegistrationSheet) -> None:
    """A draft of a unit that ended is sent by its heir, and is the heir's own from then on: it was never in the old register."""
    tree, day, heir = unit_tree(), acting_day(registration.season), heir_of(registration, unit_tree())
    if heir is None or tree.exists(registration.unit_id, day):
        return
    register, before = tree.reporting(heir, day), registration.unit_id
    if register is None:
        return
    units = Unit.objects.in_bulk([register, heir])
    registration.unit, registration.place = units[register], units[heir] if heir != register else None
    registration.unit_name = unit_on(registration.unit, day).name
    sheet.answers = sheet.answers | {"place": registration.place.key if registration.place else ""}
    context, registration.place_name = sheet_context(registration), ""
    stand_at(registration, place_in(read_sheet(sheet.answers, context).values, context))
    sheet.save(update_fields=["answers"])
    refresh_counts(season_ids=[registration.season_id], unit_ids=[before])
