"""Reads of the organisation as it was on a day."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from common.dates import today, write_day
from common.remember import remembered
from organisation.models import Level, Membership, RoleDemand, Unit, UnitVersion, User, on_day
from organisation.naming import Dated, LevelName, Names, in_force, names, role_name
from organisation.permissions import can_administer, membership_of, unit_of, units_where
from organisation.roles import GUARDED, ROLES, May, keys_that_may
from organisation.tree import UnitTree, tree_for, unit_tree, versions_among


def reporting_units(day: date) -> QuerySet[UnitVersion]:
    """The units that report on a day, as they were then: those right below a unit whose level gathers registers."""
    return (
        UnitVersion.objects.on(day)
        .filter(on_day(day, "parent__versions__"), parent__versions__level__gathers_registers=True)
        .select_related("unit", "level")
        .order_by("unit__position", "unit__key")
    )


def unit_on(unit: Unit, day: date) -> UnitVersion:
    """What the unit was on a day; before its first day what it first was, after its last day what it last was."""
    return versions_on([unit.pk], day)[unit.pk]


def versions_of(unit_ids: Iterable[int]) -> QuerySet[UnitVersion]:
    """All that units were, each from its first day on; for `versions_among`."""
    versions = UnitVersion.objects.filter(unit__in=set(unit_ids)).select_related("unit", "level")
    return versions.order_by(F("valid_from").asc(nulls_first=True))


def versions_on(unit_ids: Iterable[int], day: date) -> dict[int, UnitVersion]:
    """unit id -> what it was on a day (one query); outside its life the nearest version."""
    return versions_among(versions_of(unit_ids), day)


def children(unit: Unit, day: date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.on(day).filter(parent=unit).select_related("unit", "level").order_by("unit__position", "unit__key")


def holders(act: May, unit: Unit, day: date, *, climbs: bool = True) -> list[User]:
    """The users who may do this in the unit: by a role there, else (`climbs`) in the nearest unit above where anyone may."""
    return holders_of(act, [unit.pk], day, climbs=climbs)[unit.pk]


def holders_of(act: May, unit_ids: Iterable[int], day: date, *, climbs: bool = True) -> dict[int, list[User]]:
    """`holders` of several units at once: unit id -> users. One query."""
    keys, now, tree = keys_that_may(act), today(), unit_tree()
    lines = {pk: tree.line(pk, day) if climbs else [pk] for pk in unit_ids}
    there = Membership.objects.in_force(now).filter(
        role__in=keys, unit__in={pk for line in lines.values() for pk in line}, user__is_active=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for membership in there.select_related("user"):
        found[membership.unit_id].append(membership.user)
    return {pk: next((list(dict.fromkeys(found[one])) for one in line if one in found), []) for pk, line in lines.items()}


def people_who(act: May) -> list[User]:
    """Everybody who may do this today, in whatever unit."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(act))
    return list(User.objects.filter(memberships__in=held, is_active=True).distinct())


_over_results: list[Callable[[User], bool]] = []


def counts_as_over_results(rule: Callable[[User], bool]) -> Callable[[User], bool]:
    """Register what an app above knows of who reaches scores or decisions, besides by a role."""
    _over_results.append(rule)
    return rule


def is_over_results(user: User) -> bool:
    """Whether the account reaches scores or decisions, now or later: by a confirmed role, or as an app above says."""
    held = Membership.objects.confirmed().ending(today()).filter(user=user, role__in=GUARDED)
    return held.exists() or any(rule(user) for rule in _over_results)


def board_units() -> set[int]:
    """Of the units in which somebody decides today, the highest that gather registers, or did until they ended. One query."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.DECIDE), user__is_active=True)
    versions = unit_tree().were(held.values_list("unit", flat=True), today())
    ranks = {unit: version.level.rank for unit, version in versions.items() if version.level.gathers_registers}
    return {unit for unit, rank in ranks.items() if rank == max(ranks.values())}


def board_leaders() -> list[User]:
    """Who decides there."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.DECIDE), unit__in=board_units())
    return list(User.objects.filter(memberships__in=held, is_active=True).distinct())


def confirmers(giver: User, holder: User) -> list[User]:
    """Who may confirm what `giver` gave `holder`: other administrators; where there is none, the leaders of the board."""
    others = [user for user in people_who(May.ADMINISTER) if user.pk not in (giver.pk, holder.pk)]
    return others or [user for user in board_leaders() if user.pk not in (giver.pk, holder.pk)]


def may_confirm(user: Any) -> bool:
    """Whether what waits may be this person's to confirm: administrators, and the leaders of the board."""
    return can_administer(user) or _leads_board(user)


def _leads_board(user: Any) -> bool:
    held = units_where(user, May.DECIDE)
    return bool(held) and not held.isdisjoint(board_units())


Rows = TypeVar("Rows", bound=QuerySet[Any])


def _confirmable(rows: Rows, user: Any, giver: str, holder: str) -> Rows:
    """`confirmers` from the other side: of what waits, the rows that this person may confirm."""
    if not may_confirm(user):
        return rows.none()
    rows = rows.exclude(**{giver: user.pk}).exclude(**{holder: user.pk})
    if can_administer(user):
        return rows
    administrators = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.ADMINISTER), user__is_active=True)
    return rows.filter(~Exists(administrators.exclude(user=OuterRef(giver)).exclude(user=OuterRef(holder))))


def confirmable_roles(user: Any) -> QuerySet[Membership]:
    waiting = Membership.objects.waiting().filter(user__is_active=True)
    return _confirmable(waiting, user, "given_by", "user").select_related("user", "unit", "given_by").order_by("given_at", "pk")


def passwords_waiting() -> QuerySet[User]:
    """The accounts whose password an administrator set and nobody has confirmed."""
    return User.objects.filter(is_active=True, password_set_by__isnull=False, password_confirmed_at__isnull=True)


def confirmable_passwords(user: Any) -> QuerySet[User]:
    rows = _confirmable(passwords_waiting(), user, "password_set_by", "pk")
    return rows.select_related("password_set_by").order_by("password_set_at", "pk")


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits for a second person: a role (`role` is its id), or a password that an administrator set."""

    what: str
    holder: User
    giver: User | None
    given_at: datetime | None
    unit_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    role: int | None = None


def waiting_for(user: Any) -> list[WaitingLine]:
    """What waits for this person to confirm it, the oldest first. A fixed number of queries."""
    roles, passwords = list(confirmable_roles(user)), list(confirmable_passwords(user))
    names = versions_on([membership.unit_id for membership in roles], today())
    lines = [
        WaitingLine(
            f"vai trò {role_of(membership, names[membership.unit_id])}",
            membership.user,
            membership.given_by,
            membership.given_at,
            names[membership.unit_id].name,
            membership.starts_on,
            membership.ends_on,
            membership.pk,
        )
        for membership in roles
    ]
    lines += [WaitingLine("mật khẩu mới", account, account.password_set_by, account.password_set_at) for account in passwords]
    return sorted(lines, key=lambda line: (line.given_at is not None, line.given_at))


def extendable_units(user: object, day: date) -> list[UnitVersion]:
    """The reporting units, and the units below them, to which this user may give more time, in official order."""
    allowed = tree_for(user).below(units_where(user, May.EXTEND_SEASON), day) - units_where(user, May.EXTEND_SEASON)
    found = UnitVersion.objects.on(day).filter(unit__in=allowed).select_related("unit", "level")
    return list(found.order_by("-level__rank", "unit__position"))


def reporting_within(user: Any, act: May, days: Iterable[date]) -> list[UnitVersion]:
    """The units that report on any of the days and for which a role of the user allows the act, there or above; for reading
    also those that the user's units have followed. Each as on the first of the days on which it reports.
    """
    tree, found = tree_for(user), dict[int, UnitVersion]()
    held = frozenset(units_where(user, act))
    if not held:
        return []
    held = tree.with_followed(held, today()) if act == May.SEE_BOARD else held
    for day in tree.distinct(days):
        for version in tree.reporting_within(tree.below(held, day), day):
            found.setdefault(version.unit_id, version)
    return sorted(found.values(), key=lambda version: (version.unit.position, version.unit.key))


def demanded_roles() -> frozenset[str]:
    """The roles whose holders need a second step: the administrators' ticks over the floor of the settings."""
    return _ticked_roles().union(settings.MFA_REQUIRED_ROLES)


@remembered(1)
def _ticked_roles() -> frozenset[str]:
    return frozenset(RoleDemand.objects.values_list("role", flat=True))


@dataclass(frozen=True)
class DemandLine:
    """One role on the page of demands; `demand` is the administrators', `is_fixed` the settings'."""

    key: str
    name: str
    is_fixed: bool
    demand: RoleDemand | None


def demand_lines() -> list[DemandLine]:
    demands = {demand.role: demand for demand in RoleDemand.objects.select_related("given_by")}
    return [DemandLine(key, role_name(key, today()), key in settings.MFA_REQUIRED_ROLES, demands.get(key)) for key in ROLES]


def level_of_most(versions: Iterable[UnitVersion], day: date) -> LevelName:
    """What the level of most of these units is called on a day; of none at all, the lowest level."""
    level = next((level for level, _ in Counter(version.level for version in versions).most_common(1)), None)
    level = level or Level.objects.last()
    return level.names_on(day) if level else LevelName()


@remembered()
def own_level_on(day: date) -> LevelName:
    """What the units that report on a day, most of them, and the honour that they give are called."""
    return level_of_most(reporting_units(day), day)


@remembered()
def lowest_level_on(day: date) -> LevelName:
    """What the lowest units of a day are called: those that places are."""
    return level_of_most(UnitVersion.objects.on(day).select_related("level").order_by("level__rank", "pk")[:1], day)


def honours_on(days: Iterable[date], levels: Sequence[Level]) -> dict[int, list[LevelName]]:
    """rank -> what its honour is called on these days, each name once: by the level that most units of the rank have on the day;
    where none has it, by the one that was named last.
    """
    held = names()
    lives = [(version.level_id, version.valid_from, version.valid_to) for version in unit_tree().versions]
    found: dict[int, list[LevelName]] = defaultdict(list)
    for day in sorted(set(days)):
        units = Counter(pk for pk, since, until in lives if (since or date.min) <= day < (until or date.max))
        named = [(level, held.of_level(level.pk, day)) for level in levels]
        named.sort(key=lambda pair: (units[pair[0].pk], pair[1].valid_from or date.min))
        for rank, called in {level.rank: name for level, name in named}.items():
            if called.honour_name not in [other.honour_name for other in found[rank]]:
                found[rank].append(called)
    return dict(found)


@remembered()
def honours_of(day: date) -> dict[int, LevelName]:
    """`honours_on` a single day."""
    return {rank: called[0] for rank, called in honours_on([day], list(Level.objects.all())).items()}


def role_of(membership: Membership, unit: UnitVersion) -> str:
    """What the role is called today in the unit as `unit_on` tells it; in one that has ended, on its last day."""
    return role_name(membership.role, unit.day_within(today()))


@dataclass(frozen=True)
class NameLine:
    row: Dated
    is_in_force: bool


@dataclass(frozen=True)
class NameGroup:
    """One thing that has names: the province, a level, a role; the newest name first."""

    kind: str
    title: str
    asked: str
    """What the form for a new name begins with, as in an address."""
    lines: list[NameLine]
    is_used: bool = True
    """False for a level that no unit has today."""


def name_groups() -> list[NameGroup]:
    """All names with their days. A fixed number of queries."""
    held, day = Names(), today()
    alive = set(UnitVersion.objects.on(day).values_list("level", flat=True))
    groups = [_name_group("tinh", "Tỉnh và cơ quan chủ quản", "", held.provinces)]
    for level in Level.objects.all():
        title = f"Cấp: {held.of_level(level.pk, day).name}"
        rows = held.levels.get(level.pk, [])
        groups.append(_name_group("cap", title, f"level={level.pk}", rows, is_used=level.pk in alive))
    for key in ROLES:
        groups.append(_name_group("vai-tro", f"Vai trò: {held.of_role(key, day)}", f"role={key}", held.roles.get(key, [])))
    return groups


def _name_group(kind: str, title: str, asked: str, rows: Sequence[Dated], *, is_used: bool = True) -> NameGroup:
    now = in_force(list(rows), today()) if is_used else None
    ordered = sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)
    return NameGroup(kind, title, asked, [NameLine(row, row == now) for row in ordered], is_used)


def user_named(username: str) -> User | None:
    """An active account by its name."""
    return User.objects.filter(username__iexact=username.strip(), is_active=True).first()


def ended_words(user: Any) -> str:
    """What became of the unit that a user works for; empty while it is there, and for who has no role."""
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
        return f"Đơn vị đã kết thúc {since}" + (f", địa bàn nay thuộc {len(now)} đơn vị" if now else "")
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


def work_of(user: Any) -> tuple[str, str]:
    """(the unit that a user works for, the role there), as both are called today; empty for who has no role."""
    membership = membership_of(user)
    if membership is None:
        return "", ""
    unit = unit_tree().were([membership.unit_id], today())[membership.unit_id]
    return unit.name, role_of(membership, unit)
