"""Units: levels, lists of units and their successions loaded from files."""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from common.dates import no_such_day, read_day
from common.exceptions import DomainError
from common.text import clean
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import Level, Unit, UnitSuccession, UnitVersion, User
from organisation.services.naming import load_levels, load_names
from organisation.validators import check_succession, check_version

USUAL_LEVELS = settings.BASE_DIR / "demo"


class UnitsRefused(DomainError):
    """The list of units contradicts itself; nothing was loaded."""


@transaction.atomic
def load_units(*, units: Path, successions: Path, actor: User | None = None) -> dict[str, int]:
    """Load units.csv, with the levels and names that lie beside it, and unit_successions.csv; again changes nothing.

    Returns counts: units, versions, successions, changed. Raises UnitsRefused with the line at fault.
    """
    if not Level.objects.exists() and not (units.parent / "levels.csv").exists():
        load_levels(USUAL_LEVELS)
        load_names(USUAL_LEVELS, "level_names.csv")
    named = load_levels(units.parent) + load_names(units.parent)
    levels = {level.key: level for level in Level.objects.all()}
    rows = _read(units, "key name kind parent valid_from valid_to")
    known = {unit.key: unit for unit in Unit.objects.select_for_update()}
    positions = {row["key"]: position for position, (_, row) in reversed(list(enumerate(rows))) if row["key"] not in known}
    fresh = [Unit(key=key, position=position) for key, position in sorted(positions.items(), key=lambda item: item[1])]
    known |= {unit.key: unit for unit in Unit.objects.bulk_create(fresh)}
    changed = named + len(fresh)
    there = {(version.unit_id, version.valid_from): version for version in UnitVersion.objects.all()}
    lines = {}
    for line, row in rows:
        version, is_changed = _save_version(line, row, known, levels, there)
        lines[line] = version.pk
        changed += is_changed
    versions = _read_versions(known)
    for line, pk in lines.items():
        check_row(f"Dòng {line}", check_version, versions[pk])
    changed += _load_successions(_read(successions, "predecessor successor effective_on kind"), known)
    if changed:
        record(
            actor=actor, action=AuditAction.LOAD_UNITS, target=known[rows[0][1]["key"]], note=f"{units.name}: {changed} thay đổi"
        )
    return {
        "units": len(known),
        "versions": UnitVersion.objects.count(),
        "successions": UnitSuccession.objects.count(),
        "changed": changed,
    }


def _read_versions(units: dict[str, Unit]) -> dict[int, UnitVersion]:
    """The versions of all units by their ids, known to the units and to each other, so that checking one asks for nothing more."""
    by_pk = {unit.pk: unit for unit in units.values()}
    prefetch_related_objects(list(by_pk.values()), "versions")
    versions = {version.pk: version for unit in by_pk.values() for version in unit.versions.all()}
    for version in versions.values():
        version.parent = by_pk[version.parent_id] if version.parent_id else None
    return versions


Versions = dict[tuple[int, date | None], UnitVersion]


def _save_version(
    line: int, row: dict[str, str], known: dict[str, Unit], levels: dict[str, Level], there: Versions
) -> tuple[UnitVersion, bool]:
    """`there`: the versions by their units and first days, to which this one is added."""
    if row["kind"] not in levels:
        raise UnitsRefused(f"Dòng {line}: không có cấp “{row['kind']}”.")
    if row["parent"] and row["parent"] not in known:
        raise UnitsRefused(f"Dòng {line}: không có đơn vị cấp trên “{row['parent']}”.")
    wanted: dict[str, Any] = {
        "name": clean(row["name"]),
        "place": clean(row.get("place", "")),
        "level_id": levels[row["kind"]].pk,
        "parent_id": known[row["parent"]].pk if row["parent"] else None,
        "official_code": row.get("official_code", ""),
        "latitude": _number(line, row.get("lat", "")),
        "longitude": _number(line, row.get("lon", "")),
        "valid_to": _day(line, row["valid_to"]),
    }
    if not wanted["name"]:
        raise UnitsRefused(f"Dòng {line}: đơn vị “{row['key']}” chưa có tên.")
    starts = _day(line, row["valid_from"])
    unit = known[row["key"]]
    version = there.setdefault((unit.pk, starts), UnitVersion(unit=unit, valid_from=starts))
    if starts and wanted["valid_to"] and wanted["valid_to"] <= starts:
        raise UnitsRefused(f"Dòng {line}: “{row['key']}” kết thúc trước khi bắt đầu.")
    if wanted["parent_id"] == version.unit_id:
        raise UnitsRefused(f"Dòng {line}: “{row['key']}” không thể là cấp trên của chính nó.")
    return version, write_version(version, wanted)


def write_version(version: UnitVersion, wanted: dict[str, Any]) -> bool:
    """Make a version what is wanted. Returns whether it was not so already."""
    if version.pk and all(getattr(version, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(version, name, value)
    version.save()
    return True


def _load_successions(rows: list[tuple[int, dict[str, str]]], known: dict[str, Unit]) -> int:
    changed = 0
    for line, row in rows:
        for column in ("predecessor", "successor"):
            if row[column] not in known:
                raise UnitsRefused(f"Kế tục, dòng {line}: không có đơn vị “{row[column]}”.")
        day = _day(line, row["effective_on"])
        if day is None or row["kind"] not in UnitSuccession.Kind.values:
            raise UnitsRefused(f"Kế tục, dòng {line}: thiếu ngày hoặc hình thức “{row['kind']}” không có.")
        if row["predecessor"] == row["successor"]:
            raise UnitsRefused(f"Kế tục, dòng {line}: “{row['successor']}” không thể kế tục chính nó.")
        changed += save_succession(known[row["predecessor"]], known[row["successor"]], day, row["kind"], f"Kế tục, dòng {line}")
    return changed


def save_succession(before: Unit, after: Unit, day: date, kind: str, where: str) -> bool:
    """That one unit carries on another. Returns whether it was not so already. Raises UnitsRefused."""
    said = {"effective_on": day, "kind": kind}
    succession, changed = UnitSuccession.objects.get_or_create(predecessor=before, successor=after, defaults=said)
    if not changed and (succession.effective_on, succession.kind) != (day, kind):
        succession.effective_on, succession.kind, changed = day, kind, True
        succession.save()
    check_row(where, check_succession, succession)
    return changed


def check_row(where: str, check: Any, row: object) -> None:
    """Raise UnitsRefused, with where it stands, for what a check has against a row."""
    try:
        check(row)
    except ValidationError as error:
        raise UnitsRefused(f"{where}: {error.messages[0]}") from error


def _read(path: Path, needed: str) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(needed.split()) - set(reader.fieldnames or ())
        if missing:
            raise UnitsRefused(f"{path.name}: thiếu cột {', '.join(sorted(missing))}.")
        return [(n, {k: (v or "").strip() for k, v in row.items() if k}) for n, row in enumerate(reader, start=2)]


def _day(line: int, text: str) -> date | None:
    day = read_day(text) if text else None
    if text and day is None:
        raise UnitsRefused(no_such_day(text, label=f"Dòng {line}"))
    return day


def _number(line: int, text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.000001")) if text else None
    except InvalidOperation as error:
        raise UnitsRefused(f"Dòng {line}: tọa độ “{text}” không phải là số.") from error
