"""Lists of units that lack what they need, successions put right, roles that do not exist."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.dates import today
from common.exceptions import NotAllowed
from organisation.models import AuditEvent, LevelName, Membership, Unit, UnitSuccession, UnitVersion
from organisation.selectors.ended import ended_unit_words
from organisation.services import (
    NewPerson,
    UnitsRefused,
    confirm_by_command,
    confirm_role,
    end_role,
    give_role,
    load_units,
    open_account_in_unit,
    password_was_chosen,
    password_was_set,
    refuse_password,
    renew_encryption,
    save_name,
    undo_people,
)
from organisation.tree import tree_for, unit_tree
from organisation.validators import check_succession, check_version
from tests.online import person
from tests.organisation.test_units import load
from tests.pages import refused

pytestmark = pytest.mark.django_db
TWO = "a,A,,commune,,,,,,2021-01-01\nb,B,,commune,,,,,,\n"


@pytest.mark.parametrize(
    "line, words",
    [
        ("a,b,,merge\n", "Kế tục, dòng 2: thiếu ngày hoặc hình thức “merge” không có."),
        ("a,b,2021-01-01,gift\n", "Kế tục, dòng 2: thiếu ngày hoặc hình thức “gift” không có."),
    ],
    ids=["no-day", "no-such-way"],
)
def test_a_succession_has_a_day_and_a_way(tmp_path: Path, line: str, words: str) -> None:
    with refused(words, UnitsRefused):
        load(tmp_path, TWO, line)
    assert Unit.objects.filter(key__in=["a", "b"]).count() == 0


def test_a_succession_is_put_right_by_loading_it_again(tmp_path: Path) -> None:
    load(tmp_path, TWO, "a,b,2021-01-01,merge\n")
    assert load(tmp_path, TWO, "a,b,2021-02-01,rename\n")["changed"] == 1
    assert load(tmp_path, TWO, "a,b,2021-02-01,rename\n")["changed"] == 0
    found = UnitSuccession.objects.get(predecessor__key="a")
    assert (found.effective_on, found.kind) == (date(2021, 2, 1), "rename")


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text("key,name,kind,parent\n", encoding="utf-8")
    with refused("u.csv: thiếu cột valid_from, valid_to.", UnitsRefused):
        load_units(units=path, successions=path)


def test_a_role_is_one_of_those_that_there_are() -> None:
    before = Membership.objects.count()
    with refused("Không có vai trò “vua”."):
        give_role(user=person("quantri"), role="vua", unit=Unit.objects.get(key="tw"), starts_on=date(2023, 1, 1), actor=None)
    assert Membership.objects.count() == before


def test_a_new_unit_has_nothing_to_overlap_and_one_without_versions_no_end() -> None:
    level = UnitVersion.objects.filter(unit__key="phan-thiet")[0].level
    check_version(UnitVersion(unit=Unit(key="moi"), name="Mới", level=level))
    empty = Unit.objects.create(key="rong")
    heir = Unit.objects.get(key="phan-thiet")
    with pytest.raises(ValidationError) as caught:
        check_succession(UnitSuccession(predecessor=empty, successor=heir, effective_on=date(2021, 1, 1), kind="merge"))
    assert caught.value.messages == ["Đơn vị “rong” chưa có thông tin theo thời gian."]


def test_the_tree_of_a_request_is_kept_with_its_user_and_of_nobody_with_no_one() -> None:
    user: Any = person("quantri")
    assert tree_for(user) is tree_for(user)
    assert tree_for(None) is unit_tree()


def test_roles_are_given_and_ended_by_who_administers() -> None:
    officer, unit = person("hamhiep.canbo"), Unit.objects.get(key="la-gi")
    with refused("Vai trò của đồng chí không giao vai trò.", NotAllowed):
        give_role(user=officer, role="can-bo-co-so", unit=unit, starts_on=today(), actor=officer)
    held = officer.memberships.get()
    with refused("Vai trò của đồng chí không kết thúc vai trò.", NotAllowed):
        end_role(membership_id=held.pk, ends_on=today(), actor=officer)
    with refused("Vai trò của đồng chí không hủy danh sách này.", NotAllowed):
        undo_people(opened=[officer.pk], given=[held.pk], since=timezone.now(), actor=officer)
    assert list(officer.memberships.values_list("ends_on", flat=True)) == [None] and person("hamhiep.canbo").is_active


def test_a_role_that_has_begun_is_ended_and_not_made_longer() -> None:
    held = person("hamhiep.canbo").memberships.get()
    with refused("Vai trò đã bắt đầu thì chỉ kết thúc được, không xóa."):
        end_role(membership_id=held.pk, ends_on=None, actor=person("quantri"))
    end_role(membership_id=held.pk, ends_on=today(), actor=person("quantri"))
    with refused("Vai trò đã ghi ngày kết thúc thì không kéo dài; xin giao lại."):
        end_role(membership_id=held.pk, ends_on=today() + timedelta(days=1), actor=person("quantri"))
    assert Membership.objects.get(pk=held.pk).ends_on == today()


def test_a_role_that_ran_out_while_it_waited_is_not_confirmed() -> None:
    unit = Unit.objects.get(key="binh-thuan")
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        days = {"starts_on": today(), "ends_on": today() + timedelta(days=1)}
        waits = give_role(user=person("hamhiep.canbo"), role="lanh-dao-ban", unit=unit, actor=person("quantri"), **days)
    with refused("Việc này do người khác xác nhận, hoặc đã được xử lý.", NotAllowed):
        confirm_role(membership_id=waits.pk, actor=person("tinh.lanhdao"))
    assert Membership.objects.get(pk=waits.pk).waits


def test_a_password_is_refused_with_a_reason_and_one_that_nobody_set_is_ones_own() -> None:
    leader = person("tinh.chuyenvien")
    password_was_set(user_id=leader.pk, actor=person("quantri"))
    with refused("Xin ghi lý do từ chối."):
        refuse_password(user_id=leader.pk, reason="  ", actor=person("tinh.lanhdao"))
    assert person("tinh.chuyenvien").password_waits
    before = AuditEvent.objects.count()
    password_was_chosen(user=person("hamhiep.canbo"))
    assert AuditEvent.objects.count() == before


def test_the_command_confirms_a_role_alone() -> None:
    user, unit = person("hamhiep.canbo"), Unit.objects.get(key="binh-thuan")
    give_role(user=user, role="lanh-dao-ban", unit=unit, starts_on=today(), actor=person("quantri"))
    assert (confirm_by_command(user_id=user.pk), confirm_by_command(user_id=user.pk)) == (1, 0)
    assert not user.memberships.waiting().exists()


def test_no_account_is_opened_over_one_that_is_there() -> None:
    there = NewPerson("hamhiep.canbo", "Người khác", "khac@b.vn", "mat-khau-cua-nguoi-khac")
    unit, before = Unit.objects.get(key="la-gi"), person("hamhiep.canbo")
    with refused("Đã có tài khoản “hamhiep.canbo”. Xin chọn tên đăng nhập khác."):
        open_account_in_unit(person=there, role="can-bo-co-so", unit=unit, actor=person("quantri"))
    after = person("hamhiep.canbo")
    assert (after.full_name, after.email, after.password) == (before.full_name, before.email, before.password)


def test_a_name_of_a_level_is_written_and_renames_no_unit() -> None:
    row = LevelName.objects.filter(level__key="commune").latest("valid_from")
    row.honour_name = "Cấp xóm"
    save_name(row=row, actor=person("quantri"))
    event = AuditEvent.objects.get(action="correct-name")
    assert {name: after for name, (_, after) in event.changes.items()} == {"honour_name": "Cấp xóm"}


def test_a_unit_that_was_not_there_yet_is_said_to_begin() -> None:
    unit = Unit.objects.get(key="2025/phuong-binh-thuan")
    assert ended_unit_words(unit_tree(), unit.pk, date(2023, 1, 1)) == "Đơn vị thành lập từ ngày 01/07/2025"


def test_secrets_that_are_none_are_not_encrypted() -> None:
    key = Authenticator.objects.create(
        user=person("hamhiep.canbo"), type=Authenticator.Type.WEBAUTHN, data={"name": "Khóa", "credential": {"id": "x"}}
    )
    assert renew_encryption(actor=None) == 0
    key.refresh_from_db()
    assert key.data == {"name": "Khóa", "credential": {"id": "x"}} and not AuditEvent.objects.filter(action="renew-encryption")
