"""Who may do what with registers and registrations. When it is possible stands in `transitions`."""

from collections.abc import Iterable
from datetime import date

from common.dates import today
from common.exceptions import NotAllowed
from models_registry.enums import Action
from models_registry.models import EmulationModel, Registration, Season, UploadBatch
from organisation.models import Reader, Unit, Visitor
from organisation.permissions import may, units_where
from organisation.roles import May
from organisation.tree import UnitTree, tree_for


def acting_day(season: Season) -> date:
    """The day on which a season's units are looked at: today, but never outside the season."""
    return min(max(today(), season.opens_on), season.last_day)


def season_days(season: Season) -> tuple[date, date, date]:
    """The days that decide which units a season is of: now, its first, its last. Units end and begin in between."""
    return acting_day(season), season.opens_on, season.last_day


def days_of_rights(season: Season, tree: UnitTree) -> list[date]:
    """The days on which a right in a unit, or above it, counts for its season: those, and each between on which units changed."""
    return tree.distinct((*season_days(season), *tree.changing(season.opens_on, acting_day(season))))


def heir_of(registration: Registration, tree: UnitTree) -> int | None:
    """The id of the unit that carries a registration on today: its place, or its unit where it has none, or the one heir of that,
    or the unit that it was assigned to; None where nobody does.
    """
    if hasattr(registration, "handover"):
        given = registration.handover.unit_id
        heir = tree.heir(given, today())
        return heir if heir is not None else tree.heir(registration.handover.last_unit_id, today())
    return tree.heir((registration.place or registration.unit).pk, today())


def acts_as_heir(user: Reader, act: May, registration: Registration) -> bool:
    """Whether the user may do this for the unit that carries the registration on, or above it."""
    held, tree = units_where(user, act), tree_for(user)
    heir = heir_of(registration, tree) if held else None
    return heir is not None and not held.isdisjoint(tree.line(heir, today()))


def can_import_register(user: Reader, unit: Unit, season: Season) -> bool:
    return any(may(user, May.IMPORT_REGISTER, unit, day) for day in days_of_rights(season, tree_for(user)))


def can_handle_send(user: Reader, batch: UploadBatch) -> bool:
    """Whoever holds the right to import in each unit where the sender held it: what its files say may be of any unit below those."""
    held = units_where(user, May.IMPORT_REGISTER)
    units = set(batch.sent_from.values_list("pk", flat=True))
    return (user is not None and batch.sent_by_id == user.pk) or (bool(units) and units <= held)


def can_write(user: Reader, registration: Registration) -> bool:
    """Write in it, send it, add photos: whoever writes for its place, or for the unit above; and for their heir."""
    place, act = registration.place or registration.unit, May.WRITE_REGISTRATION
    return may(user, act, place, acting_day(registration.season)) or acts_as_heir(user, act, registration)


def can_check(user: Reader, registration: Registration) -> bool:
    act, day = May.CHECK_REGISTRATION, acting_day(registration.season)
    if may(user, act, registration.unit, day):
        return True
    return not tree_for(user).exists(registration.unit.pk, today()) and acts_as_heir(user, act, registration)


def has_written(user: Reader, registration: Registration) -> bool:
    if user is None or not hasattr(registration, "sheet"):
        return False
    return registration.sheet.writers.filter(pk=user.pk or 0).exists()


def can_measure(user: Reader, registration: Registration) -> bool:
    return can_write(user, registration) or can_check(user, registration)


def can_comment(user: Reader, registration: Registration) -> bool:
    """Read and write in the threads at its boxes: whoever writes it or checks it."""
    return can_write(user, registration) or can_check(user, registration)


def can_settle_verdict(user: Reader, registration: Registration) -> bool:
    """Give a year-end verdict that counts, or confirm the unit's own: as with accepting, nobody for what they wrote."""
    return can_check(user, registration) and not has_written(user, registration)


def can_say_verdict(user: Reader, registration: Registration) -> bool:
    return can_write(user, registration) or can_settle_verdict(user, registration)


def can_join(user: Reader, models: Iterable[EmulationModel]) -> bool:
    """Join models or part them: whoever may in the units of all their registrations, or in units that followed those."""
    held = units_where(user, May.JOIN_MODELS)
    rows = Registration.objects.filter(model__in=[model.pk for model in models])
    within = tree_for(user).answered_for(held, today()) if held else frozenset[int]()
    units = set(rows.values_list("unit", flat=True))
    return bool(units) and units <= within


def can_extend(user: Reader) -> bool:
    return bool(units_where(user, May.EXTEND_SEASON))


_WRITERS, _CHECKERS = (
    frozenset({Action.SUBMIT, Action.WITHDRAW}),
    frozenset({Action.RETURN, Action.ACCEPT, Action.REOPEN, Action.UNDO}),
)


def check(action: Action, user: Visitor, registration: Registration) -> None:
    """Raise NotAllowed when this person may not do this to the registration."""
    if action in _WRITERS and not can_write(user, registration):
        raise NotAllowed("Vai trò của đồng chí không còn quyền gửi hoặc rút đăng ký của đơn vị này.")
    if action in _CHECKERS and not can_check(user, registration):
        raise NotAllowed("Vai trò của đồng chí không còn quyền xét đăng ký của đơn vị này.")
    if action == Action.ACCEPT and has_written(user, registration):
        raise NotAllowed("Đồng chí đã viết trong đăng ký này nên không tự nhận được; xin để đồng chí khác của đơn vị nhận.")
