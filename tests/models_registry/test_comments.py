"""Comments at a box: between who writes and who checks, on record, for nobody else."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.exceptions import DomainError, NotAllowed
from models_registry.models import BoxComment
from models_registry.selectors.comments import threads_of
from models_registry.services import comment_box
from notifications.models import Message
from organisation.models import AuditEvent
from tests.online import Action, accepted, begin, do, fill, person, sent
from tests.pages import entered

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER, CHECKER = "hamhiep.canbo", "hamthuanbac.chuyenvien"


def say(row: Any, by: str, words: str = "60 hộ là những hộ nào?", box: int = 3) -> BoxComment:
    return comment_box(registration_id=row.pk, box=box, words=words, actor=person(by))


def test_both_sides_read_the_thread_and_each_is_told_of_the_other() -> None:
    row = sent()
    say(row, CHECKER)
    say(row, WRITER, "60 hộ ven đường.")
    for name in (WRITER, CHECKER):
        assert [one.words for one in threads_of(person(name), row)[3]] == ["60 hộ là những hộ nào?", "60 hộ ven đường."]
    told = Message.objects.filter(event_key__startswith="comment:")
    assert told.filter(recipient__username=WRITER).count() == 1 and told.filter(recipient__username=CHECKER).count() == 1
    assert AuditEvent.objects.filter(action="comment-box").count() == 2


def test_others_neither_read_nor_write() -> None:
    row = sent()
    say(row, CHECKER)
    for name in ("duclinh.chuyenvien", "tinh.lanhdao", "quantri"):
        assert threads_of(person(name), row) == {}
        with pytest.raises(NotAllowed):
            say(row, name)


def test_it_is_never_public(client: Client) -> None:
    row = accepted()
    say(row, CHECKER, "Lời riêng giữa hai bên")
    assert row.model
    for page in (f"/mo-hinh/{row.model.slug}/", reverse("api:model", args=[row.model.slug])):
        answer = client.get(page)
        assert answer.status_code == 200 and "Lời riêng" not in answer.content.decode()


@pytest.mark.parametrize("words, box, why", [(" ", 3, "Chưa ghi"), ("x" * 2001, 3, "dài quá"), ("Lời", 10, "chín mục")])
def test_what_cannot_be_said_is_refused(words: str, box: int, why: str) -> None:
    with pytest.raises(DomainError, match=why):
        say(sent(), CHECKER, words, box)


def test_a_draft_has_no_other_side_and_what_was_withdrawn_is_done_with() -> None:
    with pytest.raises(DomainError, match="đã gửi"):
        say(fill(begin()), WRITER)
    with pytest.raises(DomainError, match="chưa rút"):
        say(do(sent(title="Mô hình khác của xã Hàm Hiệp"), Action.WITHDRAW, WRITER, "Thôi làm"), WRITER)


def test_the_database_lets_nobody_edit_what_was_said() -> None:
    said = say(sent(), CHECKER)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoxComment.objects.filter(pk=said.pk).update(words="Khác")


def test_it_is_said_on_the_page_of_checking_and_read_where_it_is_written(client: Client, user: Any) -> None:
    row = sent()
    there = f"/lam-viec/dang-ky/{row.pk}/"
    client.force_login(user(CHECKER), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(there + "trao-doi/", {"muc": "3", "loi-trao-doi": "x" * 2001}).status_code == 422
    told = client.post(there + "trao-doi/", {"muc": "3", "loi-trao-doi": "Hộ nào?", "ve": "xet"})
    assert told["Location"] == there + "xet/#trao-doi-3"
    assert "Hộ nào?" in client.get(there + "xet/").content.decode()
    do(row, Action.RETURN, CHECKER, "Xin bổ sung")
    client.force_login(user(WRITER), backend="django.contrib.auth.backends.ModelBackend")
    assert "Hộ nào?" in client.get(there + "viet/?muc=3").content.decode()
    assert "Hộ nào?" not in client.get(there + "viet/?muc=4").content.decode()


@pytest.mark.parametrize("said", [[], ["Hộ nào?"]])
def test_the_page_of_writing_says_once_what_a_thread_is_about(said: list[str]) -> None:
    row = sent()
    for words in said:
        say(row, CHECKER, words)
    do(row, Action.RETURN, CHECKER, "Xin bổ sung")
    page = entered(WRITER).get(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3").content.decode()
    assert page.count("Trao đổi về mục 3") == 1
    assert ("Trả lời" if said else "Hỏi người xét") in page
