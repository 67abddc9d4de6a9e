"""What a portal begins with: administrators from the shell, levels, the first unit and its name, a first account."""

import io
import os
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from organisation.models import AuditEvent, Level, Membership, Unit, UnitVersion, User
from organisation.naming import ProvinceRecord
from organisation.permissions import can_administer
from organisation.services import NewPerson, create_admin, give_role, open_account, open_account_in_unit, set_up_levels
from organisation.services.beginnings import FIRST_UNIT, UNNAMED, name_first_unit
from organisation.setting_up import steps_of
from papers.permissions import body_headed_by
from papers.permissions import can_keep as can_keep_papers
from recognition.permissions import can_run, can_set_criteria
from tests.online import person
from tests.pages import confirmed, entered, refused

PASSWORD = "mat-khau-moi-dat"


def made(**other: str) -> User:
    given = {"username": "an", "full_name": "Nguyễn Văn An", "email": "an@example.vn", "password": PASSWORD}
    return create_admin(**given | other)


def test_an_administrator_from_the_shell_waits_for_nobody(db: None) -> None:
    user = made()
    (membership,) = Membership.objects.filter(user=user)
    assert (membership.role, membership.unit.key, membership.given_by, membership.waits) == ("quan-tri", "lam-dong", None, False)
    assert can_administer(user) and user.check_password(PASSWORD) and user.email == "an@example.vn" and not user.password_waits
    events = AuditEvent.objects.filter(target_id=str(user.pk), target_type="organisation.user").order_by("pk")
    assert [(event.action, event.actor) for event in events] == [("open-account", None), ("give-role", None)]


@pytest.mark.parametrize(
    "other, words",
    [
        ({"username": "QuanTri"}, "Đã có tài khoản “QuanTri”. Xin chọn tên đăng nhập khác."),
        ({"username": ""}, "Chưa ghi tên đăng nhập."),
        ({"email": "an"}, "Nhập một địa chỉ email hợp lệ."),
        ({"password": "ngan"}, "Mật khẩu ngắn quá, cần ít nhất 10 ký tự."),
        ({"unit_key": "khong-co"}, "Không có đơn vị mã “khong-co”."),
    ],
)
def test_what_makes_no_administrator_is_refused(db: None, other: dict[str, str], words: str) -> None:
    before = User.objects.count()
    with pytest.raises(DomainError) as caught:
        made(**other)
    assert words in str(caught.value)
    assert User.objects.count() == before


def test_where_no_unit_stands_above_all_it_is_asked_for(db: None) -> None:
    Level.objects.update(gathers_registers=False)
    with pytest.raises(DomainError, match="Xin ghi thêm --unit"):
        made()
    assert can_administer(made(unit_key="lam-dong"))


def run(*words: str, stdin: str = "") -> tuple[int, str]:
    """(exit code, what was said)"""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            call_command(*words, stdout=out, stderr=err)
        except SystemExit as end:
            return int(str(end.code)), err.getvalue()
    return 0, out.getvalue()


def test_the_command_takes_the_password_from_a_variable_or_from_its_input(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "FIRST", PASSWORD)
    assert run("create_admin", "--username", "an", "--password-env", "FIRST")[0] == 0
    assert run("create_admin", "--username", "binh", "--stdin", stdin=f"{PASSWORD}\n")[0] == 0
    assert all(person(name).check_password(PASSWORD) for name in ("an", "binh"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("again, made_now", [(PASSWORD, True), ("mat-khau-khac-han", False)])
def test_the_command_asks_who_sits_before_it(db: None, monkeypatch: pytest.MonkeyPatch, again: str, made_now: bool) -> None:
    answers, passwords = iter(["an", "Nguyễn Văn An", ""]), iter([PASSWORD, again])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda words: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda words: next(passwords))
    err = io.StringIO()
    if made_now:
        call_command("create_admin", stdout=io.StringIO())
    else:
        with pytest.raises(SystemExit):
            call_command("create_admin", stderr=err)
        assert "Hai lần gõ mật khẩu không giống nhau." in err.getvalue()
    assert User.objects.filter(username="an", full_name="Nguyễn Văn An").exists() == made_now


@pytest.mark.parametrize(
    "words, said",
    [
        (("create_admin",), "Chưa có tên đăng nhập."),
        (("create_admin", "--username", "an"), "Chưa có mật khẩu."),
        (("create_admin", "--username", "an", "--password-env", "NO_SUCH"), "Biến môi trường NO_SUCH chưa có mật khẩu."),
        (("create_admin", "--username", "an", "--stdin"), "Mật khẩu ngắn quá"),
        (("createsuperuser", "--username", "an", "--noinput"), "Xin dùng: manage.py create_admin"),
    ],
)
def test_the_command_refuses_with_a_sentence(db: None, words: tuple[str, ...], said: str) -> None:
    code, answer = run(*words)
    assert code == 2 and said in answer
    assert not User.objects.filter(username="an").exists()


def test_the_first_unit_takes_the_name_of_the_committee_once(db: None) -> None:
    unit = Unit.objects.create(key=FIRST_UNIT)
    version = UnitVersion.objects.create(unit=unit, name=UNNAMED, level=Level.objects.get(key="province"))
    for committee in ("Tỉnh ủy A", "Tỉnh ủy B"):
        name_first_unit(ProvinceRecord(committee=committee, full_name="tỉnh A"), None)
    version.refresh_from_db()
    assert (version.name, version.place) == ("Tỉnh ủy A", "Tỉnh A")


def test_usual_levels_are_made_where_they_lack_and_named_where_nameless(db: None) -> None:
    assert set_up_levels(tiers=3, actor=person("quantri")) == 0
    level = Level.objects.create(key="khac", rank=9, honour_slug="khac")
    assert set_up_levels(tiers=2, actor=person("quantri")) == 0 and not level.names.exists()
    with pytest.raises(NotAllowed):
        set_up_levels(tiers=2, actor=person("tinh.chuyenvien"))


def test_levels_are_made_by_who_chose_how_many(db: None) -> None:
    client = entered("quantri")
    page = client.post(reverse("setting-up:levels"), {"so-cap": "9"})
    assert page.status_code == 422 and "Chưa chọn có mấy cấp." in page.content.decode()
    assert "không có gì thay đổi" in client.post(reverse("setting-up:levels"), {"so-cap": "2"}, follow=True).content.decode()


SENT = {"unit": "ham-thuan-bac/xa-ham-hiep", "full_name": "Lê Thị Bình", "username": "le.thi.binh", "password": PASSWORD}


def unit_there(key: str) -> Unit:
    """A unit that has a version of today, whatever the demo's have come to."""
    UnitVersion.objects.filter(unit__key=key).update(valid_to=None)
    return Unit.objects.get(key=key)


@pytest.mark.parametrize("role, waits", [("can-bo-co-so", False), ("chuyen-vien-huyen", True)])
def test_an_account_comes_with_its_role_and_chooses_its_own_password(db: None, role: str, waits: bool) -> None:
    unit = unit_there(SENT["unit"])
    answer = confirmed(entered("quantri")).post(reverse("setting-up:account"), SENT | {"role": role}, follow=True)
    assert (
        "chờ người thứ hai xác nhận" in answer.content.decode().split("</main>")[0].split("Đã mở tài khoản")[1][:200]
    ) == waits
    user = person("le.thi.binh")
    assert (user.password_set_by, user.password_waits) == (person("quantri"), False)
    (membership,) = Membership.objects.filter(user=user)
    assert (membership.role, membership.unit, membership.waits, membership.starts_on) == (role, unit, waits, today())


@pytest.mark.parametrize(
    "other, words",
    [
        ({"username": "HAMHIEP.canbo"}, "Đã có tài khoản “HAMHIEP.canbo”"),
        ({"password": "le.thi.binh"}, "quá giống"),
        ({"unit": "khong-co"}, "khong-co"),
        ({"role": ""}, "Chưa chọn vai trò."),
        ({"email": "x"}, "Địa chỉ thư không đúng."),
    ],
)
def test_what_opens_no_account_is_said_at_its_field(db: None, other: dict[str, str], words: str) -> None:
    unit_there(SENT["unit"])
    page = confirmed(entered("quantri")).post(reverse("setting-up:account"), SENT | {"role": "can-bo-co-so"} | other)
    assert page.status_code == 422 and words in page.content.decode()
    assert not User.objects.filter(username="le.thi.binh").exists()


def test_only_an_administrator_opens_an_account(db: None) -> None:
    with refused("Vai trò của đồng chí không mở tài khoản.", NotAllowed):
        open_account_in_unit(
            person=NewPerson("binh", "Bình", "", PASSWORD),
            role="can-bo-co-so",
            unit=Unit.objects.get(key="phan-thiet"),
            actor=person("tinh.chuyenvien"),
        )


def test_the_steps_say_what_is_done_and_what_is_missing(db: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):
        steps = {step.place: step for step in steps_of(person("quantri"))}
    assert sorted(steps) == [10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert [place for place, step in steps.items() if not step.is_done] == [15, 60, 70, 90, 100]
    assert steps[60].lacks == "Chưa khai thể thức của Tỉnh ủy Lâm Đồng."
    made()
    assert {step.place: step.is_done for step in steps_of(person("quantri"))}[15]


def test_the_step_of_the_province_says_what_it_is_called_today(db: None) -> None:
    ProvinceRecord.objects.create(valid_from=date(2031, 7, 1), name="Sông Mây", committee="Tỉnh ủy Sông Mây", board="Ban Dân vận")
    forget()
    (step,) = [step for step in steps_of(person("quantri")) if step.place == 20]
    assert step.has == "Tỉnh ủy Lâm Đồng"


def test_a_head_that_the_list_of_units_calls_otherwise_is_a_step(db: None) -> None:
    UnitVersion.objects.filter(unit__key="lam-dong").update(name="Tỉnh ủy Trường Hà")
    (step,) = [step for step in steps_of(person("quantri")) if step.place == 22]
    assert step.lacks.startswith("Danh sách còn ghi Tỉnh ủy Trường Hà") and "Tỉnh ủy Lâm Đồng" in step.why


def alone(unit: str) -> User:
    user, _ = open_account(username="mot-minh", full_name="Một mình", password=PASSWORD, actor=None)
    give_role(user=user, role="quan-tri", unit=Unit.objects.get(key=unit), starts_on=today(), actor=None)
    return User.objects.get(pk=user.pk)


def test_while_nobody_keeps_papers_or_runs_rounds_the_administrator_writes_heads_and_criteria(db: None) -> None:
    unit = Unit.objects.get(key="lam-dong")
    user = alone("lam-dong")
    assert body_headed_by(user) == unit and can_set_criteria(user, unit)
    assert not can_keep_papers(user, unit) and not can_run(user, unit)  # nothing else of an officer's
    officer, _ = open_account(username="chuyen-vien", full_name="Chuyên viên", password=PASSWORD, actor=None)
    give_role(user=officer, role="chuyen-vien-tinh", unit=unit, starts_on=today(), actor=None)
    user = User.objects.get(pk=user.pk)
    assert body_headed_by(user) is None and not can_set_criteria(user, unit)


def test_nobody_stands_in_who_does_not_administer_there(db: None) -> None:
    user = alone("phan-thiet")
    assert not can_set_criteria(user, Unit.objects.get(key="lam-dong"))
    leader = person("tinh.lanhdao")
    assert body_headed_by(leader) is None
