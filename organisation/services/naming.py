"""What things are called: levels and names read from files, and written by an administrator."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from common.dates import no_such_day, read_day, write_day
from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from common.text import clean
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import Level, UnitVersion, User
from organisation.naming import THERE_ALREADY, Dated, LevelName, ProvinceRecord, RoleName, in_force
from organisation.permissions import can_administer
from organisation.roles import ROLES
from organisation.services.beginnings import name_first_unit, rename_head

DATED: dict[str, type[ProvinceRecord | LevelName | RoleName]] = {
    "provinces.csv": ProvinceRecord,
    "level_names.csv": LevelName,
    "role_names.csv": RoleName,
}


def load_levels(folder: Path) -> int:
    """Make the levels of `levels.csv`; those that are there stay as an administrator left them. Returns how many were made."""
    made = 0
    for _, row in _read(folder / "levels.csv"):
        given = {"rank": row["rank"], "honour_slug": row["honour_slug"], "gathers_registers": bool(row["gathers_registers"])}
        made += Level.objects.get_or_create(key=row["key"], defaults=given)[1]
    return made


def load_names(folder: Path, *files: str) -> int:
    """Make the names of the files that the folder has, or of these alone. A name that is there stays as an administrator left it; only what is
    empty in it is filled. Returns how many were made or filled.
    """
    changed = 0
    levels = {level.key: level for level in Level.objects.all()}
    for file in files or DATED:
        for line, row in _read(folder / file):
            changed += _load(DATED[file], row, levels, f"{file}, dòng {line}")
    if changed:
        transaction.on_commit(forget)
    return changed


def _load(kind: type[ProvinceRecord | LevelName | RoleName], row: dict[str, str], levels: dict[str, Level], where: str) -> bool:
    since = read_day(row["valid_from"]) if row["valid_from"] else None
    if row["valid_from"] and since is None:
        raise DomainError(no_such_day(row["valid_from"], label=where))
    given: dict[str, Any] = {name: value for name, value in row.items() if name != "valid_from"}
    key: dict[str, Any] = {"valid_from": since}
    if kind is LevelName:
        if given["level"] not in levels:
            raise DomainError(f"{where}: không có cấp “{given['level']}”.")
        key["level"] = levels[given.pop("level")]
    elif kind is RoleName:
        if given["role"] not in ROLES:
            raise DomainError(f"{where}: không có vai trò “{given['role']}”.")
        key["role"] = given.pop("role")
    known = kind._default_manager.filter(**key).first()
    if known is None:
        kind._default_manager.create(**key, **given)
        return True
    if known.name != row["name"]:
        return False
    empty = [name for name, value in given.items() if value and not getattr(known, name)]
    for name in empty:
        setattr(known, name, given[name])
    if empty:
        known.save(update_fields=empty)
    return bool(empty)


def _read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            yield line, {name: clean(value or "") for name, value in row.items() if name}


@transaction.atomic
def save_name(*, row: Dated, actor: User) -> UnitVersion | None:
    """Write a new name, or correct one. This process shows it at once, others within settings.REMEMBER_SECONDS. Returns the unit
    that was renamed with it: with the province's committee the one that bears its name.

    Raises DomainError where another begins on its day.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không sửa tên gọi.")
    kind = type(row)._default_manager
    before = kind.select_for_update().filter(pk=row.pk).first() if row.pk else None
    was = before or _in_force_before(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(THERE_ALREADY) from error
    changes = {
        field.name: ["" if before is None else str(field.value_from_object(before) or ""), str(new or "")]
        for field in row._meta.concrete_fields
        if not field.primary_key
        and (new := field.value_from_object(row)) != (field.value_from_object(before) if before else None)
    }
    note = f"dùng từ {write_day(row.valid_from)}" if row.valid_from else "dùng từ đầu"
    record(
        actor=actor, action=AuditAction.CORRECT_NAME if before else AuditAction.ADD_NAME, target=row, note=note, changes=changes
    )
    renamed = None
    if isinstance(row, ProvinceRecord):
        name_first_unit(row, actor)
        renamed = rename_head(row, was, actor) if isinstance(was, ProvinceRecord) else None
    transaction.on_commit(forget)
    return renamed


def _in_force_before(row: Dated) -> Dated | None:
    """The record of the province that a new one follows."""
    if not isinstance(row, ProvinceRecord) or row.valid_from is None:
        return None
    return in_force(list(ProvinceRecord.objects.all()), row.valid_from - timedelta(days=1))
