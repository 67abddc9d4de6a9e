"""Setting up a portal: the steps from its first administrator to the first account of a unit, as the database has them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.addresses import PageLink, link_to
from common.dates import today
from common.text import compare_key
from organisation.models import Level, Membership, Reader, UnitSuccession, UnitVersion
from organisation.naming import LevelName, in_force, names
from organisation.roles import ROLES, May, keys_that_may
from organisation.selectors.people import people_who
from organisation.tree import unit_tree


@dataclass(frozen=True)
class Step:
    """One line of the page “Thiết lập cổng”. `lacks` says what is missing; empty where it is done. `does` is what the link says,
    `who` whose work it is where the reader has no link to it. A step that `may_wait` keeps nothing closed.
    """

    place: int
    title: str
    why: str
    lacks: str = ""
    has: str = ""
    does: str = ""
    href: PageLink | None = None
    who: str = ""
    may_wait: bool = False

    @property
    def is_done(self) -> bool:
        return not self.lacks


Rule = Callable[[Any], Iterable[Step]]
_rules: list[Rule] = []


def step_of_setting_up(rule: Rule) -> Rule:
    """Register steps: a function of the person who reads."""
    _rules.append(rule)
    return rule


def steps_of(user: Reader) -> list[Step]:
    """All steps in their order. A fixed number of queries."""
    return sorted((step for rule in _rules for step in rule(user)), key=lambda step: step.place)


@dataclass(frozen=True)
class LevelLine:
    """A level as the page of levels shows it."""

    level: Level
    called: LevelName
    units: int


def level_lines() -> list[LevelLine]:
    """All levels, the highest first, with what they are called and how many units they have today. Two queries, and the names."""
    day = today()
    units = Counter(UnitVersion.objects.on(day).values_list("level", flat=True))
    return [LevelLine(level, level.names_on(day), units[level.pk]) for level in Level.objects.all()]


def list_rows() -> list[dict[str, Any]]:
    """All units with all their days, as a list of units has them. Two queries."""
    follows: dict[tuple[int, date], list[str]] = defaultdict(list)
    for before, after, day in UnitSuccession.objects.values_list("predecessor", "successor__key", "effective_on"):
        follows[before, day].append(after)
    rows = UnitVersion.objects.select_related("unit", "level", "parent").order_by("unit__position", "unit__key", "valid_from")
    return [
        {
            "key": row.unit.key,
            "name": row.name,
            "place": row.place,
            "kind": row.level.key,
            "parent": row.parent.key if row.parent else "",
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "successors": "; ".join(follows[row.unit_id, row.valid_to]) if row.valid_to else "",
            "official_code": row.official_code,
            "lat": "" if row.latitude is None else str(row.latitude),
            "lon": "" if row.longitude is None else str(row.longitude),
        }
        for row in rows
    ]


def unit_choices(day: date) -> list[tuple[str, Any]]:
    """The units of a day to choose from: those at the top, then the units of each in a group of its name. One query."""
    versions = list(UnitVersion.objects.on(day).select_related("unit", "level").order_by("unit__position", "unit__key"))
    names_of = {version.unit_id: version.name for version in versions}
    groups: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for version in versions:
        groups[version.parent_id if version.parent_id in names_of else None].append((version.unit.key, version.name))
    top: list[tuple[str, Any]] = list(groups.pop(None, []))
    return top + [(names_of[parent or 0], listed) for parent, listed in groups.items()]


def words_of_levels() -> dict[int, frozenset[str]]:
    """level id -> what a list may call it, as `compare_key` has it: its names of any day, and each word that they list."""
    found: dict[int, set[str]] = {pk: set() for pk in Level.objects.values_list("pk", flat=True)}
    for row in LevelName.objects.all():
        said = [row.name, *row.name.split(","), *row.counted.split(",")]
        found[row.level_id] |= {compare_key(words) for words in said if words.strip()}
    return {pk: frozenset(words) for pk, words in found.items()}


def highest_units(day: date) -> list[UnitVersion]:
    """Of the units that gather registers on a day, those of the highest level, in official order."""
    there = UnitVersion.objects.on(day).filter(level__gathers_registers=True).select_related("unit", "level")
    found = list(there.order_by("unit__position", "unit__key"))
    highest = max((version.level.rank for version in found), default=0)
    return [version for version in found if version.level.rank == highest]


@step_of_setting_up
def _administrators(user: Reader) -> Iterable[Step]:
    number = len(people_who(May.ADMINISTER))
    command = "Người giữ máy chủ chạy: manage.py create_admin"
    first = "" if number else "Chưa có ai."
    yield Step(
        10, "Người quản trị đầu tiên", "Thiết lập cổng, mở tài khoản, giao vai trò.", first, f"{number} người", who=command
    )
    yield Step(
        15,
        "Người quản trị thứ hai",
        "Vai trò có quyền với điểm chấm, quyết định do một người giao, người kia xác nhận.",
        lacks="" if number > 1 else "Chưa có; cần trước khi giao vai trò cho chuyên viên, lãnh đạo.",
        has=f"{number} người",
        who=command,
        may_wait=True,
    )


@step_of_setting_up
def _province(user: Reader) -> Iterable[Step]:
    record = in_force(names().provinces, today())
    yield Step(
        20,
        "Tên địa phương, cơ quan chủ quản",
        "Đứng ở đầu trang, chân trang, trên giấy tờ, trong nguồn tin.",
        lacks="" if record else "Chưa ghi tên địa phương, cấp ủy, ban tham mưu giữ cổng.",
        has=record.committee if record else "",
        does="Xem, sửa tên" if record else "Ghi tên",
        href=link_to("naming:home") if record else link_to("naming:add", "tinh"),
    )
    heads = [version.name for version in highest_units(today())]
    if record and heads and record.committee not in heads:
        yield Step(
            22,
            "Tên của đơn vị đứng đầu",
            f"Đầu trang ghi {record.committee}; trang đơn vị, số liệu, giấy tờ ghi tên trong danh sách đơn vị.",
            lacks=f"Danh sách còn ghi {', '.join(heads)}: nạp lại với tên mới và ngày bắt đầu của tên ấy.",
            does="Sửa danh sách",
            href=link_to("units:upload"),
            may_wait=True,
        )


@step_of_setting_up
def _levels(user: Reader) -> Iterable[Step]:
    levels = list(Level.objects.all())
    is_enough = len(levels) > 1
    yield Step(
        30,
        "Các cấp",
        "Hai cấp hoặc ba cấp; tên cấp, tên mức công nhận.",
        lacks="" if is_enough else "Chưa chọn có mấy cấp.",
        has=f"{len(levels)} cấp",
        does="Xem, sửa cấp" if is_enough else "Chọn cấp",
        href=link_to("setting-up:levels"),
    )


@step_of_setting_up
def _roles(user: Reader) -> Iterable[Step]:
    yield Step(
        50,
        "Tên vai trò",
        "Cổng có sẵn tên; nơi nào gọi khác thì ghi lại.",
        has=", ".join(names().of_role(role, today()) for role in ROLES),
        does="Xem, sửa tên vai trò",
        href=link_to("naming:home"),
        may_wait=True,
    )


@step_of_setting_up
def _accounts(user: Reader) -> Iterable[Step]:
    top, tree = {version.unit_id for version in highest_units(today())}, unit_tree()
    roles = Membership.objects.ending(today()).filter(user__is_active=True)
    held = [row for row in roles.values_list("user", "unit", "role", "confirmed_at") if tree.exists(row[1], today())]
    writers, checkers = set(keys_that_may(May.WRITE_REGISTRATION)), set(keys_that_may(May.CHECK_REGISTRATION))
    writing = {pk for pk, unit, role, confirmed_at in held if role in writers and unit not in top and confirmed_at}
    checking = {pk for pk, unit, role, confirmed_at in held if role in checkers and unit in top and confirmed_at}
    waiting = sum(confirmed_at is None for *_, confirmed_at in held)
    yield Step(
        90,
        "Tài khoản đầu tiên của một đơn vị",
        "Người viết đăng ký của một đơn vị; các đơn vị khác mở theo cùng cách.",
        lacks="" if writing else "Chưa đơn vị nào có người viết đăng ký.",
        has=f"{len(writing)} tài khoản viết đăng ký",
        does="Mở thêm tài khoản" if writing else "Mở tài khoản",
        href=link_to("setting-up:account"),
    )
    waits = f" {waiting} vai trò đang chờ người quản trị thứ hai xác nhận." if waiting else ""
    yield Step(
        100,
        "Chuyên viên, lãnh đạo của cơ quan chủ quản",
        "Nhận đăng ký, lập đợt xét, ban hành quyết định. Vai trò do một quản trị giao, người kia xác nhận.",
        lacks="" if checking else f"Chưa có chuyên viên nào của cơ quan chủ quản.{waits}",
        has=f"{len(checking)} tài khoản nhận đăng ký.{waits}",
        does="Mở tài khoản",
        href=link_to("setting-up:account"),
        may_wait=True,
    )
