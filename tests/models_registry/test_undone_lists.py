"""A list of people undone as a list: unused accounts go, used ones stay and are named; remembered lists forgotten by who sends them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.dates import today
from common.exceptions import NotAllowed
from models_registry import services
from models_registry.models import LISTS_KEPT, RememberedList, SentList
from models_registry.registers.lists.mapping import ListMapping
from organisation.models import AuditEvent, Membership, Unit, UnitVersion, User
from tests.clicking import workbook
from tests.models_registry.test_sent_lists import act, send
from tests.online import person
from tests.pages import confirmed, entered, refused

HEADING = ["Họ và tên", "Email", "Đơn vị", "Vai trò"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(settings: Any, db: None) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    return confirmed(entered("quantri"))


def stored(admin: Client) -> SentList:
    """Two accounts opened, a role given to one that was there."""
    unit = UnitVersion.objects.on(today()).values_list("unit__key", flat=True)[0]
    known = person("hoidong1")
    rows = [
        HEADING,
        ["Lê Thị Chi", "chi@x.vn", unit, "Cán bộ cơ sở"],
        ["Vũ Dũng", "dung@x.vn", unit, "Cán bộ cơ sở"],
        [known.full_name, known.email or "", unit, "Cán bộ cơ sở"],
    ]
    if not known.email:
        rows[0], rows[3] = [*HEADING, "Tên đăng nhập"], [*rows[3], known.username]
        rows[1:3] = [[*row, ""] for row in rows[1:3]]
    send(admin, workbook(rows), of="people")
    sent = SentList.objects.get()
    act(admin, reverse("people:review", args=[sent.pk]), "ghi")
    sent.refresh_from_db()
    assert (len(sent.opened), len(sent.given)) == (2, 3)
    return sent


def test_unused_accounts_are_closed_and_the_list_is_stored_again_under_the_same_logins(admin: Client) -> None:
    sent = stored(admin)
    page, undo = reverse("people:review", args=[sent.pk]), reverse("people:undo", args=[sent.pk])
    assert undo in admin.get(page).content.decode()
    said = admin.get(undo).content.decode()
    assert "Đóng 2 tài khoản" in said and "Kết thúc 1 vai trò đã thêm" in said and "le.thi.chi" in said
    assert "Đã hủy: đóng 2 tài khoản chưa dùng, kết thúc 1 vai trò thêm." in admin.post(undo, follow=True).content.decode()
    assert not User.objects.filter(username="le.thi.chi").exists()
    assert set(User.objects.filter(pk__in=sent.opened).values_list("is_active", "email")) == {(False, "")}
    assert set(Membership.objects.filter(pk__in=sent.given).values_list("ends_on", flat=True)) == {today()}
    assert AuditEvent.objects.filter(action="undo-list").count() == 1
    assert admin.get(undo).status_code == 404
    again = act(admin, page, "ghi").context["handed"]
    assert [user.username for user, _ in again] == ["le.thi.chi", "vu.dung"]


def test_an_account_that_somebody_came_in_by_stays_and_is_named(admin: Client) -> None:
    sent = stored(admin)
    now = timezone.now() + timedelta(minutes=1)
    User.objects.filter(username__in=["le.thi.chi", "hoidong1"]).update(last_login=now)
    undo = reverse("people:undo", args=[sent.pk])
    assert "Giữ nguyên 2 tài khoản đã có người vào" in admin.get(undo).content.decode()
    said = admin.post(undo, follow=True).content.decode()
    assert "đóng 1 tài khoản chưa dùng, kết thúc 0 vai trò thêm. Còn giữ vì đã có người vào: le.thi.chi, hoidong1." in said
    assert User.objects.get(username="le.thi.chi").is_active
    given = Membership.objects.filter(pk__in=sent.given)
    assert set(given.filter(ends_on=None).values_list("user__username", flat=True)) == {"le.thi.chi", "hoidong1"}


def test_a_list_that_wrote_nothing_is_not_undone(admin: Client) -> None:
    send(admin, workbook([HEADING, ["Lê Thị Chi", "", "Không có đơn vị", "Vua"]]), of="people")
    assert admin.post(reverse("people:undo", args=[SentList.objects.get().pk])).status_code == 404


def test_lists_of_outcomes_are_listed_and_forgotten_beside_registers_by_who_sends_them(db: None) -> None:
    unit = Unit.objects.get(key="phan-thiet")
    kept = RememberedList.objects.create(
        kind="outcomes",
        unit=unit,
        head_key="0" * 32,
        head=["Mô hình được khen", "Cơ quan"],
        said={"columns": {"mo hinh duoc khen": "title", "co quan": "subject"}, "fills": {}},
        made_by=person("tinh.chuyenvien"),
    )
    mine, other = entered("tinh.chuyenvien"), entered("duclinh.chuyenvien")
    page = mine.get(reverse("models_registry:remembered")).content.decode()
    assert "“Mô hình được khen”: tên mô hình;" in page and "Danh sách kết quả" in page
    forget = reverse("models_registry:forget-list", args=[kept.pk])
    assert (other.get(forget).status_code, other.post(forget).status_code) == (404, 404)
    assert "Danh sách kết quả" not in other.get(reverse("models_registry:remembered")).content.decode()
    assert mine.get(forget).status_code == 200 and RememberedList.objects.exists()
    mine.post(forget)
    assert not RememberedList.objects.exists()
    assert AuditEvent.objects.filter(action="forget-list", unit=unit).count() == 1


def test_what_is_no_cell_of_a_list_is_not_typed_over(admin: Client) -> None:
    send(admin, workbook([HEADING, ["Lê Thị Chi", "", "Không có đơn vị", "Vua"]]), of="people")
    sent = SentList.objects.get()
    typed = {(0, "name"): "Lê Thị Chi", (7, "name"): "Khác", (0, "colour"): "đỏ"}
    assert services.mend_list(list_id=sent.pk, typed=typed, actor=person("quantri")) == 0
    assert services.mend_list(list_id=sent.pk, typed={(0, "role"): "Cán bộ cơ sở"}, actor=person("quantri")) == 1
    assert services.mend_list(list_id=sent.pk, typed={(0, "role"): "Vua"}, actor=person("quantri")) == 1
    sent.refresh_from_db()
    assert sent.mends == {} and AuditEvent.objects.filter(action="mend-list").count() == 2
    with refused("Danh sách này chưa ghi gì, hoặc đã hủy rồi."):
        services.undo_sent(list_id=sent.pk, actor=person("quantri"))
    words = "Vai trò của đồng chí không nạp danh sách này."
    with refused(words, NotAllowed):
        services.mend_list(list_id=sent.pk, typed=typed, actor=person("tinh.lanhdao"))


def test_a_list_is_kept_for_a_while_and_read_by_hand_without_being_remembered(
    admin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    send(admin, workbook([HEADING, ["Lê Thị Chi", "", "Không có đơn vị", "Vua"]]), of="people")
    old = SentList.objects.get()
    services.map_list(list_id=old.pk, mapping=ListMapping(), remember=False, actor=person("quantri"))
    assert not RememberedList.objects.exists()
    SentList.objects.update(created_at=timezone.now() - timedelta(days=LISTS_KEPT, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        send(admin, workbook([HEADING, ["Vũ Dũng", "", "Không có đơn vị", "Vua"]]), of="people")
    assert SentList.objects.count() == 1 and not old.file.storage.exists(old.file.name)
    with refused("Danh sách này vừa được bỏ."):
        services.undo_sent(list_id=old.pk, actor=person("quantri"))


def test_a_heading_is_forgotten_once_by_who_may(db: None) -> None:
    said = {"columns": {"co quan": "name"}, "fills": {}}
    kept = RememberedList.objects.create(kind="units", head_key="0" * 32, head=["Cơ quan"], said=said, made_by=person("quantri"))
    with refused("Vai trò của đồng chí không bỏ cách đọc này.", NotAllowed):
        services.forget_list(remembered_id=kept.pk, actor=person("duclinh.chuyenvien"))
    for _ in range(2):
        services.forget_list(remembered_id=kept.pk, actor=person("quantri"))
    assert AuditEvent.objects.filter(action="forget-list").count() == 1 and not RememberedList.objects.exists()
