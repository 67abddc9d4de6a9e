"""Who may do what, and where. A right is held through a membership that is in force today; nothing else gives one."""

from datetime import date

from django.conf import settings
from django.db.models import Exists, Min, OuterRef

from common.dates import today
from organisation.models import Membership, Reader, RoleDemand, Unit, User
from organisation.roles import May, keys_that_may
from organisation.tree import tree_for


def _valid_today(user: Reader) -> list[Membership]:
    """The user's memberships of today; kept on the user object, which lives as long as the request."""
    if user is None or not user.is_authenticated or not user.is_active:
        return []
    kept: list[Membership] | None = getattr(user, "_memberships_today", None)
    if kept is None:
        ticked = Exists(RoleDemand.objects.filter(role=OuterRef("role")))  # with them: each page asks for both
        kept = list(Membership.objects.in_force(today()).filter(user=user).select_related("unit").annotate(is_ticked=ticked))
        user._memberships_today = kept  # type: ignore[attr-defined]
    return kept


def unit_of(user: Reader) -> Unit | None:
    """The unit that a user works for today; None without a role."""
    membership = membership_of(user)
    return membership.unit if membership else None


def membership_of(user: Reader) -> Membership | None:
    """By which a user works today, of several one in a unit that is there; None for who has no role."""
    held = _valid_today(user)
    if len(held) < 2:
        return next(iter(held), None)
    tree = tree_for(user)
    return next((membership for membership in held if tree.exists(membership.unit_id, today())), held[0])


def roles_of(user: Reader) -> list[str]:
    return [membership.role for membership in _valid_today(user)]


def needs_second_step(user: Reader) -> bool:
    """Whether a role of today demands one: by the administrators' ticks or the floor of the settings."""
    return any(one.is_ticked or one.role in settings.MFA_REQUIRED_ROLES for one in _valid_today(user))  # type: ignore[attr-defined]


def units_where(user: Reader, act: May) -> set[int]:
    """The ids of the units in which a role of this user allows the act (units below them not listed)."""
    keys = keys_that_may(act)
    return {membership.unit_id for membership in _valid_today(user) if membership.role in keys}


def first_held(units: set[int], act: May) -> date:
    """Since when somebody's role allows the act in one of the units."""
    given = Membership.objects.filter(unit__in=units, role__in=keys_that_may(act))
    return given.aggregate(first=Min("starts_on"))["first"] or today()


def may(user: Reader, act: May, unit: Unit, day: date) -> bool:
    """Whether the user may do this in the unit: by a role there, or in a unit above it on that day."""
    held = units_where(user, act)
    return bool(held) and not held.isdisjoint(tree_for(user).line(unit.pk, day))


def may_still(user: Reader, act: May, unit: Unit) -> bool:
    """Whether the user may do this for the unit today: by a role there or above it; for a unit that ended, above it on its last
    day, or in its heir.
    """
    held, tree = units_where(user, act), tree_for(user)
    if not held:
        return False
    if not held.isdisjoint(tree.line_then(unit.pk, today())):
        return True
    heir = tree.heirs([unit.pk], today())[unit.pk]
    return heir != unit.pk and not held.isdisjoint(tree.line(heir, today()))


def stands_in_for(user: Reader, act: May) -> set[int]:
    """The ids of the units that a user administers and where nobody may do the act yet: while a portal is being set up, the
    administrator does it.
    """
    held = units_where(user, May.ADMINISTER)
    if not held:
        return set()
    manned = Membership.objects.in_force(today()).filter(unit__in=held, role__in=keys_that_may(act), user__is_active=True)
    return held - set(manned.values_list("unit", flat=True))


def can_administer(user: Reader) -> bool:
    return bool(units_where(user, May.ADMINISTER))


def can_close_account(user: Reader, account: User) -> bool:
    """Close or reopen an account. Nobody closes their own, so that an administrator always remains."""
    return user is not None and can_administer(user) and user.pk != account.pk


def can_open_season(user: Reader) -> bool:
    return bool(units_where(user, May.OPEN_SEASON))


def can_edit_themes(user: Reader) -> bool:
    return bool(units_where(user, May.EDIT_THEMES))
