"""Units that are not there on a day: what became of them, who carries them on, whose accounts move."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from common.dates import today, write_day
from organisation.models import Membership, Reader, UnitVersion, User
from organisation.permissions import unit_of
from organisation.roles import ROLES
from organisation.selectors.units import versions_on
from organisation.tree import UnitTree, tree_for, unit_tree


def ended_words(user: Reader) -> str:
    """What became of the unit that a user works for; empty while it exists, and without a role."""
    unit, day = unit_of(user), today()
    tree = tree_for(user)
    return ended_unit_words(tree, unit.pk, day) if unit and not tree.exists(unit.pk, day) else ""


def ended_unit_words(tree: UnitTree, unit_id: int, day: date) -> str:
    """“Đơn vị đã sáp nhập vào ... từ ngày ...” of a unit that is not there on a day."""
    last, heirs = tree.last_day(unit_id, day), tree.successors(unit_id, day)
    if last > day:
        return f"Đơn vị thành lập từ ngày {write_day(last)}"
    names = [version.name for version in tree.were(heirs, day).values()]
    since = f"từ ngày {write_day(last + timedelta(days=1))}"
    if not names:
        places = tree.heirs(tree.below([unit_id], last) - {unit_id}, day).values()
        now = {place for place in places if tree.exists(place, day)}
        return f"Đơn vị đã kết thúc {since}, " + (f"địa bàn nay thuộc {len(now)} đơn vị" if now else "chưa ghi đơn vị kế tục")
    verb = "đã sáp nhập vào" if len(names) == 1 else "đã chia về"
    return f"Đơn vị {verb} {' và '.join([', '.join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]} {since}"


@dataclass(frozen=True)
class Move:
    """An account whose unit ended, with the units that carry on what its unit did."""

    user: User
    unit: UnitVersion
    roles: list[Membership]
    heirs: list[UnitVersion]

    @property
    def key(self) -> str:
        return f"{self.user.pk}-{self.unit.unit_id}"

    @property
    def last_day(self) -> date | None:
        return self.unit.valid_to - timedelta(days=1) if self.unit.valid_to else None

    @property
    def role_names(self) -> str:
        return ", ".join(ROLES[membership.role].name for membership in self.roles)


def accounts_to_move() -> list[Move]:
    """Open accounts with roles in a unit that ended, but none of these in a unit that carries it on: those with one heir first,
    then those with several, then those with none. A fixed number of queries.
    """
    day, tree = today(), unit_tree()
    held: dict[tuple[int, int], list[Membership]] = defaultdict(list)
    there: set[tuple[int, str, int]] = set()
    for membership in Membership.objects.ending(day).filter(user__is_active=True).select_related("user", "unit"):
        there.add((membership.user_id, membership.role, membership.unit_id))
        has_begun = membership.confirmed_at is not None and membership.starts_on <= day
        if has_begun and not tree.exists(membership.unit_id, day) and tree.last_day(membership.unit_id, day) < day:
            held[membership.user_id, membership.unit_id].append(membership)
    heirs = {unit_id: tree.successors(unit_id, day) for _, unit_id in held}
    names = versions_on({*heirs, *(pk for listed in heirs.values() for pk in listed)}, day)
    moves = []
    for (user_id, unit_id), roles in held.items():
        left = [one for one in roles if not any((user_id, one.role, heir) in there for heir in heirs[unit_id])]
        if left:
            moves.append(Move(left[0].user, names[unit_id], left, [names[pk] for pk in heirs[unit_id]]))
    return sorted(moves, key=lambda move: (_RANK.get(len(move.heirs), 1), move.heirs[0].name if move.heirs else "", move.key))


_RANK = {1: 0, 0: 2}


def instead_of(unit_id: int, day: date, place_id: int | None = None) -> list[UnitVersion]:
    """The units that stood in a unit's stead on a day on which it was not there: after its end its heirs (of a place in it, that
    place's), before its first day the reporting units of those that it followed.
    """
    tree = unit_tree()
    last = tree.last_day(unit_id, day)
    if last < day:
        below = tree.below_then([unit_id], day) - {unit_id}
        found = tree.successors(place_id or unit_id, day) or [heir for pk in sorted(below) for heir in tree.successors(pk, day)]
    else:
        before = sorted(tree.with_followed([unit_id], last) - {unit_id})
        found = [tree.reporting(pk, day) or pk for pk in before if tree.exists(pk, day)]
    names = versions_on(found, day)
    return sorted(names.values(), key=lambda version: (version.unit.position, version.unit.key))


def not_there_words(unit_id: int, day: date, place_id: int | None = None) -> str:
    """Why a unit could do nothing on a day, with the name of the unit that it should be; empty where it was there."""
    tree = unit_tree()
    if tree.exists(unit_id, day):
        return ""
    name = versions_on([unit_id], day)[unit_id].name
    is_over = tree.last_day(unit_id, day) < day
    said = f"Ngày {write_day(day)} {name} {'đã kết thúc' if is_over else 'chưa thành lập'}"
    instead = [version.name for version in instead_of(unit_id, day, place_id)]
    return f"{said}; {'nay' if is_over else 'khi ấy'} là {', '.join(instead)}." if instead else f"{said}."
