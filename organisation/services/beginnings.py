"""What a province begins with: its levels, its first unit, its first administrator."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from common.text import clean
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import Level, Unit, UnitVersion, User
from organisation.naming import LevelName, ProvinceRecord
from organisation.permissions import can_administer
from organisation.services.accounts import open_account
from organisation.services.roles import give_role
from organisation.setting_up import highest_units

USUAL = Path(__file__).resolve().parent.parent / "usual"
FIRST_UNIT = "tinh"  # key
FIRST_LEVEL = "province"
UNNAMED = "Cơ quan chủ quản (chưa ghi tên)"
ADMINISTRATOR = "quan-tri"


@transaction.atomic
def set_up_levels(*, tiers: int, actor: User) -> int:
    """The levels of a province of two or three tiers, with their usual names. What is there stays as an administrator left it.
    Returns how many levels were made.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không lập cấp.")
    made = [level for row in _usual("levels.csv", tiers) if (level := _make_level(row))]
    _name_levels(tiers)
    for level in made:
        record(actor=actor, action=AuditAction.SET_UP_LEVEL, target=level)
    transaction.on_commit(forget)
    return len(made)


def _make_level(row: dict[str, str]) -> Level | None:
    given = {"rank": row["rank"], "honour_slug": row["honour_slug"], "gathers_registers": bool(row["gathers_registers"])}
    level, is_new = Level.objects.get_or_create(key=row["key"], defaults=given)
    return level if is_new else None


def _name_levels(tiers: int) -> None:
    nameless = {level.key: level for level in Level.objects.filter(names__isnull=True)}
    for row in _usual("level_names.csv", tiers):
        if level := nameless.get(row.pop("level")):
            LevelName.objects.create(level=level, **row)


def _usual(name: str, tiers: int) -> Iterator[dict[str, str]]:
    with (USUAL / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if str(tiers) in row.pop("tiers").split():
                yield row


@transaction.atomic
def create_admin(*, username: str, full_name: str, email: str, password: str, unit_key: str = "") -> User:
    """Open an account that administers, from the machine's shell: nobody confirms it. In a portal without units it stands in a first
    one, which takes the name of the province's committee when that is written.

    Raises DomainError.
    """
    person = NewPerson(clean(username), clean(full_name), clean(email), password)
    if flaws := person.flaws():
        raise DomainError(" ".join(words for said in flaws.values() for words in said))
    return _open(person, ADMINISTRATOR, _unit_of_admins(unit_key), actor=None)[0]


@transaction.atomic
def open_account_in_unit(*, person: "NewPerson", role: str, unit: Unit, actor: User) -> tuple[User, bool]:
    """(an account with a role in a unit from today on, whether the role waits for a second person). Raises NotAllowed, DomainError."""
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không mở tài khoản.")
    return _open(person, role, unit, actor)


@dataclass(frozen=True)
class NewPerson:
    """Somebody who gets an account."""

    username: str
    full_name: str
    email: str
    password: str

    def flaws(self) -> dict[str, list[str]]:
        """field -> why no account can be opened so."""
        account, found = User(username=self.username, full_name=self.full_name, email=self.email), dict[str, list[str]]()
        try:
            account.clean_fields(exclude=["password"])
        except ValidationError as error:
            found |= error.message_dict
        if not self.username:
            found["username"] = ["Chưa ghi tên đăng nhập."]
        if User.objects.filter(username__iexact=self.username).exists():
            found["username"] = [f"Đã có tài khoản “{self.username}”. Xin chọn tên đăng nhập khác."]
        try:
            validate_password(self.password, account)
        except ValidationError as error:
            found["password"] = error.messages
        return found


def _open(person: NewPerson, role: str, unit: Unit, actor: User | None) -> tuple[User, bool]:
    user, is_new = open_account(username=person.username, full_name=person.full_name, password=person.password, actor=actor)
    if not is_new:
        raise DomainError(f"Đã có tài khoản “{person.username}”. Xin chọn tên đăng nhập khác.")
    user.email = person.email
    user.save(update_fields=["email"])
    return user, give_role(user=user, role=role, unit=unit, starts_on=today(), actor=actor).waits


def _unit_of_admins(key: str) -> Unit:
    """The unit of that key, else the one above all; the first unit where there is none at all."""
    if key:
        unit = Unit.objects.filter(key=key).first()
        if unit is None:
            raise DomainError(f"Không có đơn vị mã “{key}”.")
        return unit
    if not Unit.objects.exists():
        return _first_unit()
    found = highest_units(today())
    if len(found) != 1:
        keys = ", ".join(version.unit.key for version in found) or "không có đơn vị nào nhận sổ đăng ký"
        raise DomainError(f"Chưa rõ quản trị thuộc đơn vị nào ({keys}). Xin ghi thêm --unit MÃ.")
    return found[0].unit


def _first_unit() -> Unit:
    for row in _usual("levels.csv", 2):
        if row["key"] == FIRST_LEVEL:
            _make_level(row)
    _name_levels(2)
    unit = Unit.objects.create(key=FIRST_UNIT)
    UnitVersion.objects.create(unit=unit, name=UNNAMED, level=Level.objects.get(key=FIRST_LEVEL))
    record(actor=None, action=AuditAction.BEGIN_PROVINCE, target=unit)
    transaction.on_commit(forget)
    return unit


def rename_head(province: ProvinceRecord, was: ProvinceRecord | None, actor: User) -> UnitVersion | None:
    """The unit that bears the committee's former name bears the new one from the record's day on; where that day is corrected,
    from the day that is right. Returns what it is then.

    None where no unit of the highest level was called so, as where another unit took its place.
    """
    day = province.valid_from
    if day is None or was is None or (was.committee, was.valid_from) == (province.committee, day):
        return None
    bearers = UnitVersion.objects.filter(name=was.committee).values("unit")
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=bearers).order_by("pk"))
    changes = _move_start(was, day) if was.pk == province.pk else {}
    found = next((version for version in highest_units(day) if version.name == was.committee), None)
    if found is None or (was.committee == province.committee and not changes):
        return None
    if was.committee != province.committee:
        if found.valid_from != day:
            UnitVersion.objects.filter(pk=found.pk).update(valid_to=day)
            found.pk, found.valid_from, found._state.adding = None, day, True
        found.name, found.place = province.committee, _place_of(province)
        found.save()
        changes["name"] = [was.committee, province.committee]
    note = f"dùng từ {write_day(day)}"
    record(actor=actor, action=AuditAction.NAME_UNIT, target=found.unit, unit=found.unit, note=note, changes=changes)
    return found


def _move_start(was: ProvinceRecord, day: date) -> dict[str, list[str]]:
    """Let the unit that took its name on a record's former day have it from another day on: {field: [before, after]}. Nothing where
    it took none then, or was not there under the name before.
    """
    if was.valid_from is None or was.valid_from == day:
        return {}
    named = next(
        (one for one in highest_units(was.valid_from) if (one.name, one.valid_from) == (was.committee, was.valid_from)), None
    )
    earlier = UnitVersion.objects.exclude(name=was.committee).filter(valid_to=was.valid_from)
    before = earlier.filter(unit=named.unit).first() if named else None
    is_between = named and before and (before.valid_from or date.min) < day < (named.valid_to or date.max)
    if not (named and before and is_between):
        return {}
    moves = [(before, {"valid_to": day}), (named, {"valid_from": day})]
    for version, given in moves if day < was.valid_from else reversed(moves):  # no day has two
        UnitVersion.objects.filter(pk=version.pk).update(**given)
    return {"valid_from": [str(was.valid_from), str(day)]}


def _place_of(province: ProvinceRecord) -> str:
    return province.full_name[:1].upper() + province.full_name[1:]


def name_first_unit(province: ProvinceRecord, actor: User) -> None:
    """The first unit, as long as it has no name, takes that of the province's committee."""
    version = UnitVersion.objects.select_related("unit").filter(unit__key=FIRST_UNIT, name=UNNAMED).first()
    if version is None:
        return
    version.name = province.committee
    version.place = _place_of(province)
    version.save(update_fields=["name", "place"])
    record(actor=actor, action=AuditAction.NAME_UNIT, target=version.unit, changes={"name": [UNNAMED, version.name]})
