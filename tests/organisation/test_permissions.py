"""Rights come through a membership that is valid today, in a unit or above it; nothing else gives one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.dates import today
from organisation.models import AuditEvent, Membership, User
from organisation.permissions import may, units_where
from organisation.roles import ROLES, May
from organisation.selectors.units import reporting_within

DAY = date(2023, 10, 15)


@pytest.mark.parametrize(
    "name, key, allowed",
    [
        ("tinh.chuyenvien", "binh-thuan", True),
        ("tinh.chuyenvien", "duc-linh", True),
        ("tinh.chuyenvien", "duc-linh/xa-tan-ha", True),
        ("hamthuanbac.chuyenvien", "ham-thuan-bac", True),
        ("hamthuanbac.chuyenvien", "ham-thuan-bac/xa-ham-hiep", True),
        ("hamthuanbac.chuyenvien", "duc-linh", False),
        ("hamthuanbac.chuyenvien", "binh-thuan", False),
        ("hamhiep.canbo", "ham-thuan-bac/xa-ham-hiep", False),
        ("hoidong1", "binh-thuan", False),
        ("quantri", "phan-thiet", False),
    ],
)
def test_who_may_import_where(user: Any, unit: Any, name: str, key: str, allowed: bool) -> None:
    assert may(user(name), May.IMPORT_REGISTER, unit(key), DAY) is allowed


def test_a_province_of_another_time_has_no_say(user: Any, unit: Any) -> None:
    assert not may(user("tinh.chuyenvien"), May.SEE_BOARD, unit("2025/xa-tuyen-quang"), date(2026, 1, 1))


@pytest.mark.parametrize("starts, ends, holds", [(0, None, True), (-5, 0, True), (-5, -1, False), (1, None, False)])
def test_a_role_is_held_from_a_day_to_a_day(db: None, unit: Any, starts: int, ends: int | None, holds: bool) -> None:
    person = User.objects.create(username="nguoi.moi")
    Membership.objects.create(
        user=person,
        role="chuyen-vien-huyen",
        unit=unit("la-gi"),
        starts_on=today() + timedelta(days=starts),
        ends_on=None if ends is None else today() + timedelta(days=ends),
        confirmed_at=timezone.now(),
    )
    assert bool(units_where(person, May.IMPORT_REGISTER)) is holds


def test_nobody_and_the_blocked_have_no_rights(user: Any) -> None:
    blocked = user("tinh.chuyenvien")
    blocked.is_active = False
    assert units_where(blocked, May.SEE_BOARD) == set()
    assert units_where(AnonymousUser(), May.SEE_BOARD) == set()


def test_a_superuser_flag_gives_nothing(db: None) -> None:
    person = User.objects.create_superuser(username="root", password="x")
    assert all(units_where(person, act) == set() for act in May)


def test_boards(user: Any) -> None:
    assert len(reporting_within(user("tinh.lanhdao"), May.SEE_BOARD, [DAY])) == 14
    assert [v.unit.key for v in reporting_within(user("duclinh.chuyenvien"), May.SEE_BOARD, [DAY])] == ["duc-linh"]
    assert not reporting_within(user("hoidong2"), May.SEE_BOARD, [DAY])


def test_every_role_of_the_domain_is_there() -> None:
    assert [role.name for role in ROLES.values()] == [
        "Cán bộ cơ sở",
        "Chuyên viên đơn vị",
        "Lãnh đạo đơn vị",
        "Chuyên viên tỉnh",
        "Thành viên hội đồng",
        "Lãnh đạo Ban",
        "Quản trị",
    ]


def test_an_unknown_role_and_an_end_before_the_start_are_refused(user: Any, unit: Any) -> None:
    given = {"user": user("quantri"), "unit": unit("la-gi"), "starts_on": DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(role="vua", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(role="quan-tri", ends_on=DAY - timedelta(days=1), **given)


def test_the_audit_trail_is_only_added_to(db: None) -> None:
    event = AuditEvent.objects.first()
    event.note = "khác"
    with pytest.raises(ValidationError):
        event.save()
