"""Lists of units out of a spreadsheet: planned against the database, shown, then stored whole."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.lists.known import KnownLevel, KnownUnits, KnownVersion, PlannedLine, settled
from organisation.lists.planning import Planner
from organisation.lists.reading import Line
from organisation.models import Level, Unit, UnitSuccession, UnitVersion, User
from organisation.permissions import can_administer
from organisation.services.beginnings import FIRST_UNIT, UNNAMED
from organisation.services.units import check_row, save_succession, write_version
from organisation.setting_up import level_lines, words_of_levels
from organisation.validators import check_version


def plan_list(lines: Sequence[Line]) -> list[PlannedLine]:
    """What the lines would do to the units that are there. A fixed number of queries."""
    return Planner(lines, _known()).plan()


def digest_of(planned: Sequence[Any]) -> str:
    """Equal for two plans, of units or of people, that would do the same."""
    said = repr(planned)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@transaction.atomic
def store_list(*, lines: Sequence[Line], shown: str, actor: User) -> list[PlannedLine]:
    """Store the lines that are right, all at once; the same list again changes nothing.

    `shown` is the digest of the plan that was looked at. Raises NotAllowed, UnitsRefused; DomainError where the units changed
    meanwhile, so that the list would now do something else.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không nạp đơn vị.")
    units = {unit.key: unit for unit in Unit.objects.select_for_update()}
    planned = plan_list(lines)
    if digest_of(planned) != shown:
        raise DomainError("Danh sách đơn vị trên cổng vừa có thay đổi. Xin xem lại từng dòng rồi ghi.")
    kept = [(one, version) for one, version in settled(planned) if one.is_kept]
    position = Unit.objects.aggregate(last=Max("position"))["last"] or 0
    for _, new in kept:
        if new.key not in units:
            position += 1
            units[new.key] = Unit.objects.create(key=new.key, position=position)
    levels = dict(Level.objects.values_list("key", "pk"))
    stored = [(one.line.number, _store(new, one.before, units, levels)) for one, new in kept]
    for number, version in stored:
        check_row(f"Dòng {number}", check_version, version)
    for one, new in kept:
        _store_successions(one, new, units)
    if kept:
        done = {new.key: f"{one.does}: {'; '.join(one.words)}" for one, new in kept}
        record(actor=actor, action=AuditAction.LOAD_UNITS, target=stored[0][1].unit, note=f"{len(kept)} dòng", changes=done)
        transaction.on_commit(forget)
    return planned


def _store(new: KnownVersion, before: KnownVersion | None, units: dict[str, Unit], levels: dict[str, int]) -> UnitVersion:
    unit = units[new.key]
    version = UnitVersion.objects.filter(unit=unit, valid_from=before.valid_from).first() if before else None
    wanted = {
        "name": new.name,
        "place": new.place,
        "level_id": levels[new.level],
        "parent_id": units[new.parent].pk if new.parent else None,
        "official_code": new.official_code,
        "latitude": new.lat,
        "longitude": new.lon,
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
    }
    version = version or UnitVersion(unit=unit)
    write_version(version, wanted)
    return version


def _store_successions(one: PlannedLine, new: KnownVersion, units: dict[str, Unit]) -> None:
    kind = UnitSuccession.Kind.SPLIT if len(one.followed_by) > 1 else UnitSuccession.Kind.MERGE
    if new.valid_to is not None:
        for key in one.followed_by:
            save_succession(units[new.key], units[key], new.valid_to, kind, f"Dòng {one.line.number}")


def _known() -> KnownUnits:
    """The existing units, as a plan compares lists with them."""
    words = words_of_levels()
    levels = [
        KnownLevel(line.level.key, line.called.name, line.level.rank, line.level.gathers_registers, words[line.level.pk])
        for line in level_lines()
    ]
    rows = UnitVersion.objects.select_related("unit", "level", "parent").order_by("unit__position", "unit__key", "valid_from")
    versions = [
        KnownVersion(
            row.unit.key,
            row.name,
            row.place,
            row.level.key,
            row.parent.key if row.parent else "",
            row.official_code,
            row.latitude,
            row.longitude,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]
    follows = UnitSuccession.objects.values_list("predecessor__key", "successor__key", "effective_on")
    nameless = any(one.key == FIRST_UNIT and one.name == UNNAMED for one in versions)
    return KnownUnits(tuple(levels), tuple(versions), frozenset(follows), FIRST_UNIT if nameless else "")
