"""Every write to the organisation."""

import csv
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from common.dates import read_day, today
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.ciphers import encrypted_again
from organisation.models import Level, Membership, Unit, UnitSuccession, UnitVersion, User
from organisation.permissions import can_close_account
from organisation.roles import ROLES
from organisation.validators import check_succession, check_version

LEVELS = (  # key, name, rank, name and address of its honour, whether registers are gathered there
    ("central", "Trung ương", 4, "Giới thiệu Trung ương", "trung-uong", False),
    ("province", "Tỉnh ủy", 3, "Cấp tỉnh", "tinh", True),
    ("district", "Huyện ủy, thị ủy, thành ủy", 2, "Cấp huyện", "huyen", False),
    ("direct", "Đảng ủy trực thuộc Tỉnh ủy", 2, "Cấp huyện", "huyen", False),
    ("commune", "Đảng ủy xã, phường, thị trấn", 1, "Cấp cơ sở", "co-so", False),
)


class UnitsRefused(DomainError):
    """The list of units contradicts itself; nothing was loaded."""


def ensure_levels() -> dict[str, Level]:
    """The levels by key; missing ones are made, edited ones stay as an administrator left them."""
    for key, name, rank, honour, slug, gathers in LEVELS:
        Level.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "rank": rank,
                "honour_name": honour,
                "honour_slug": slug,
                "gathers_registers": gathers,
            },
        )
    return {level.key: level for level in Level.objects.all()}


@transaction.atomic
def load_units(*, units: Path, successions: Path, actor: User | None = None) -> dict[str, int]:
    """Load units.csv and unit_successions.csv; again changes nothing.

    Returns counts: units, versions, successions, changed. Raises UnitsRefused with the line at fault.
    """
    levels = ensure_levels()
    rows = _read(units, "key name kind parent valid_from valid_to")
    known = {unit.key: unit for unit in Unit.objects.select_for_update()}
    changed = 0
    for position, (_, row) in enumerate(rows):
        if row["key"] not in known:
            known[row["key"]] = Unit.objects.create(key=row["key"], position=position)
            changed += 1
    versions = []
    for line, row in rows:
        version, is_changed = _save_version(line, row, known, levels)
        versions.append((line, version))
        changed += is_changed
    for line, version in versions:
        _check(line, check_version, version)
    changed += _load_successions(_read(successions, "predecessor successor effective_on kind"), known)
    if changed:
        record(actor=actor, action="load-units", target=versions[0][1].unit, note=f"{units.name}: {changed} thay đổi")
    return {
        "units": len(known),
        "versions": UnitVersion.objects.count(),
        "successions": UnitSuccession.objects.count(),
        "changed": changed,
    }


def _save_version(line: int, row: dict[str, str], known: dict[str, Unit], levels: dict[str, Level]) -> tuple[UnitVersion, bool]:
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
    version = UnitVersion.objects.filter(unit=known[row["key"]], valid_from=starts).first()
    if version and all(getattr(version, name) == value for name, value in wanted.items()):
        return version, False
    version = version or UnitVersion(unit=known[row["key"]], valid_from=starts)
    for name, value in wanted.items():
        setattr(version, name, value)
    if starts and version.valid_to and version.valid_to <= starts:
        raise UnitsRefused(f"Dòng {line}: “{row['key']}” kết thúc trước khi bắt đầu.")
    if version.parent_id == version.unit_id:
        raise UnitsRefused(f"Dòng {line}: “{row['key']}” không thể là cấp trên của chính nó.")
    version.save()
    return version, True


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
        succession, created = UnitSuccession.objects.get_or_create(
            predecessor=known[row["predecessor"]],
            successor=known[row["successor"]],
            defaults={"effective_on": day, "kind": row["kind"]},
        )
        if not created and (succession.effective_on, succession.kind) != (day, row["kind"]):
            succession.effective_on, succession.kind, created = day, row["kind"], True
            succession.save()
        _check(line, check_succession, succession, "Kế tục, dòng")
        changed += created
    return changed


def _check(line: int, check: Any, row: object, where: str = "Dòng") -> None:
    try:
        check(row)
    except ValidationError as error:
        raise UnitsRefused(f"{where} {line}: {error.messages[0]}") from error


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
        raise UnitsRefused(f"Dòng {line}: ngày “{text}” không đọc được.")
    return day


def _number(line: int, text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal("0.000001")) if text else None
    except InvalidOperation as error:
        raise UnitsRefused(f"Dòng {line}: tọa độ “{text}” không phải là số.") from error


@transaction.atomic
def give_role(*, user: User, role: str, unit: Unit, starts_on: date, actor: User | None) -> Membership:
    """Give a role in a unit from a day on; giving it again changes nothing."""
    if role not in ROLES:
        raise DomainError(f"Không có vai trò “{role}”.")
    membership, created = Membership.objects.get_or_create(user=user, role=role, unit=unit, starts_on=starts_on)
    if created:
        record(actor=actor, action="give-role", target=user, unit=unit, note=ROLES[role].name)
    return membership


@transaction.atomic
def open_account(*, username: str, full_name: str, password: str | None, actor: User | None) -> tuple[User, bool]:
    """(the account, whether it was made now). An existing account keeps its password; None makes it unusable."""
    user, created = User.objects.get_or_create(username=username, defaults={"full_name": full_name})
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
        record(actor=actor, action="open-account", target=user)
    return user, created


@transaction.atomic
def renew_encryption(*, actor: User | None) -> int:
    """Encrypt the secrets of the second step with the newest key. Returns how many there are; again changes no secret."""
    renewed = 0
    for one in Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk"):
        again = encrypted_again(one.data)
        if again != one.data:
            one.data = again
            one.save(update_fields=["data"])
            record(actor=actor, action="renew-encryption", target=one.user)
            renewed += 1
    return renewed


def close_account(*, user_id: int, reason: str, actor: Any) -> User:
    """Nobody comes in by the account any more; what was done by it stays. Closing it again changes nothing.

    Its roles end with yesterday, those of today with today, those to come are dropped. The password is gone, and with it every
    session, which carries its hash.
    """
    user = _locked_account(user_id, actor)
    if not user.is_active:
        return user
    ended = _end_roles(user)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    record(actor=actor, action="close-account", target=user, note=reason, changes={"roles": [ended, []]})
    return user


@transaction.atomic
def reopen_account(*, user_id: int, actor: Any) -> User:
    """The account opens again, without role, password or second step: each is given anew."""
    user = _locked_account(user_id, actor)
    if user.is_active:
        return user
    if user.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today())).exists():
        raise DomainError(
            "Tài khoản còn vai trò chưa hết hạn, mở lại thì vai trò ấy có hiệu lực trở lại. Xin kết thúc vai trò trước; vai trò "
            "giao trong ngày đóng thì hết ngày mới hết hạn."
        )
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    record(actor=actor, action="reopen-account", target=user)
    return user


def _locked_account(user_id: int, actor: Any) -> User:
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not can_close_account(actor, user):
        raise NotAllowed("Vai trò của đồng chí không đóng, mở tài khoản này.")
    return user


def _end_roles(user: User) -> list[str]:
    """The roles that ran or were to come, as they were called."""
    day, ended = today(), []
    for membership in user.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).select_related("unit"):
        ended.append(str(membership))
        if not membership.has_begun:
            membership.delete()
            continue
        membership.ends_on = max(membership.starts_on, day - timedelta(days=1))
        membership.save(update_fields=["ends_on"])
    return ended
