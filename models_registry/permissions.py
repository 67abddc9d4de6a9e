"""Who may do what with registers and registrations. When it is possible stands in `transitions`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from common.dates import today
from common.exceptions import NotAllowed
from models_registry.enums import Action
from models_registry.models import EmulationModel, Registration, Season
from organisation.models import Unit
from organisation.permissions import may, units_where
from organisation.roles import May
from organisation.tree import tree_for


def acting_day(season: Season) -> date:
    """The day on which a season's units are looked at: today, but never outside the season."""
    return min(max(today(), season.opens_on), season.last_day)


def season_days(season: Season) -> tuple[date, date, date]:
    """The days that decide which units a season is of: now, its first, its last. Units end and begin in between."""
    return acting_day(season), season.opens_on, season.last_day


def can_import_register(user: Any, unit: Unit, season: Season) -> bool:
    return any(may(user, May.IMPORT_REGISTER, unit, day) for day in season_days(season))


def can_write(user: Any, registration: Registration) -> bool:
    """Write in it, send it, add photos: whoever writes for its place, or for the unit above."""
    return may(user, May.WRITE_REGISTRATION, registration.place or registration.unit, acting_day(registration.season))


def can_check(user: Any, registration: Registration) -> bool:
    return may(user, May.CHECK_REGISTRATION, registration.unit, acting_day(registration.season))


def has_written(user: Any, registration: Registration) -> bool:
    return registration.sheet.writers.filter(pk=user.pk).exists() if hasattr(registration, "sheet") else False


def can_measure(user: Any, registration: Registration) -> bool:
    return can_write(user, registration) or can_check(user, registration)


def can_join(user: Any, models: Iterable[EmulationModel]) -> bool:
    """Join models or part them: whoever may in the units of all their registrations, or in units that followed those."""
    held = units_where(user, May.JOIN_MODELS)
    rows = Registration.objects.filter(model__in=[model.pk for model in models])
    tree, day = tree_for(user), today()
    within = tree.below_then(tree.with_followed(held, day), day) if held else frozenset[int]()
    units = set(rows.values_list("unit", flat=True))
    return bool(units) and units <= within


def can_extend(user: Any) -> bool:
    return bool(units_where(user, May.EXTEND_SEASON))


_WRITERS, _CHECKERS = frozenset({Action.SUBMIT, Action.WITHDRAW}), frozenset({Action.RETURN, Action.ACCEPT, Action.REOPEN})


def check(action: Action, user: Any, registration: Registration) -> None:
    """Raise NotAllowed when this person may not do this to the registration."""
    if action in _WRITERS and not can_write(user, registration):
        raise NotAllowed("Vai trò của đồng chí không còn quyền gửi hoặc rút đăng ký của đơn vị này.")
    if action in _CHECKERS and not can_check(user, registration):
        raise NotAllowed("Vai trò của đồng chí không còn quyền xét đăng ký của đơn vị này.")
    if action == Action.ACCEPT and has_written(user, registration):
        raise NotAllowed("Đồng chí đã viết trong đăng ký này nên không tự nhận được; xin để đồng chí khác của đơn vị nhận.")
