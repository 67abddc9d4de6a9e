"""Checking registrations: the queue and its filters, marks beside the boxes, accepting and returning from the page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from models_registry.marking import joined, marked_boxes, read_marks, unsaid_boxes
from models_registry.models import Registration, ReturnReason
from tests.online import Action, Mark, begin, do, fill, person, sent, write

pytestmark = pytest.mark.django_db
WRITER, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"
TITLES = ("Một việc của xã Hàm Hiệp", "Hai việc khác hẳn nhau", "Ba là chuyện nước sạch")


@pytest.fixture
def checker(client: Client) -> Client:
    client.force_login(person(CHECKER))
    return client


def three() -> list[Registration]:
    """Three that wait, sent ten, nine and eight days ago, beside what the demo has waiting."""
    rows = []
    for number, title in enumerate(TITLES):
        row = sent(title=title)
        row.state_since = timezone.now() - timedelta(days=10 - number)
        row.save()
        rows.append(row)
    return rows


def at(row: Registration, query: str = "") -> str:
    return f"/lam-viec/dang-ky/{row.pk}/xet/{query}"


def page(client: Client, row: Registration, query: str = "") -> str:
    response = client.get(at(row, query))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


# --- marks, without a database


def test_a_box_is_marked_by_a_reason_or_by_words_alone() -> None:
    marks = read_marks(
        {"ly-do-1": "12", "ly-do-2": "", "loi-2": " \n ", "loi-3": "Bao nhiêu?", "ly-do-4": "khac", "loi": "Chung"}
    )
    assert marked_boxes(marks) == [1, 3, 4]
    assert unsaid_boxes(marks) == [4]
    assert read_marks({"ly-do-1": "x", "ly-do-10": "1", "muc": "3"}) == {}


def test_two_tabs_keep_what_each_wrote_and_are_told_where_both_did() -> None:
    base = {"loi-1": "a", "loi-2": "b"}
    kept, conflicts = joined(base, base | {"loi-1": "tôi"}, base | {"loi-2": "kia", "ly-do-3": "khac"})
    assert (kept, conflicts) == ({"loi-1": "tôi", "loi-2": "kia", "ly-do-3": "khac"}, {})
    kept, conflicts = joined(base, base | {"loi-1": "tôi"}, base | {"loi-1": "kia"})
    assert (kept["loi-1"], conflicts) == ("kia", {"loi-1": "kia"})
    assert joined(base, {"loi-2": "b"}, base) == ({"loi-2": "b"}, {})  # what one tab took away stays away


# --- the queue


def test_the_queue_stands_oldest_first_and_says_what_is_late(checker: Client) -> None:
    rows = three()
    html = page(checker, rows[1])
    queue = html[html.index('id="hang-cho"') :]
    assert [queue.index(title) for title in TITLES] == sorted(queue.index(title) for title in TITLES)
    assert "chờ 10 ngày, quá hạn" in queue
    assert queue.count('aria-current="true"') == 1
    assert re.search(rf'rel="prev" href="{at(rows[0])}"', html) and re.search(rf'rel="next" href="{at(rows[2])}"', html)


def test_the_next_one_stays_within_the_boards_filters(checker: Client) -> None:
    rows = three()
    html = page(checker, rows[0], "?q=viec")
    assert f'rel="next" href="{at(rows[1], "?q=viec")}"' in html
    html = page(checker, rows[1], "?q=viec")
    assert 'rel="next"' not in html and TITLES[2] not in html[html.index('id="hang-cho"') :]
    response = checker.post(at(rows[0], "?q=viec"), {"viec": "nhan"})
    assert (response.status_code, response["Location"]) == (302, at(rows[1], "?q=viec"))
    response = checker.post(at(rows[1], "?q=viec"), {"viec": "nhan"}, follow=True)
    assert "Không còn đăng ký nào chờ" in response.content.decode()


def test_the_queues_address_opens_the_oldest(checker: Client) -> None:
    rows = three()
    assert checker.get("/lam-viec/nam/2023/xet/?q=viec")["Location"] == at(rows[0], "?q=viec")
    html = checker.get("/lam-viec/nam/2023/xet/?q=khong+co+gi+nhu+the").content.decode()
    assert "Không còn đăng ký nào chờ" in html and "Xem hàng chờ của cả bảng" in html


@pytest.mark.usefixtures("nothing_kept")
def test_as_many_queries_with_three_in_the_queue_as_with_one(checker: Client) -> None:
    first, numbers = sent(title=TITLES[0]), []
    for title in (None, *TITLES[1:]):
        if title:
            sent(title=title)
        with CaptureQueriesContext(connection) as queries:
            page(checker, first)
        numbers.append(len(queries))
    assert numbers[0] == numbers[-1] <= 60


# --- the page


def test_reasons_stand_in_their_box_and_mark_nothing_by_themselves(checker: Client) -> None:
    row = sent()
    html = page(checker, row)
    reason = ReturnReason.objects.filter(box=8, is_offered=True).first()
    assert reason
    box = html[html.index('id="muc-8"') : html.index('id="muc-9"')]
    assert reason.words in box and "Mục này được, không phải sửa" in box and '<details class="mend no-print" >' in box
    assert "Chưa đánh dấu mục nào." in html
    assert re.search(r'class="btn btn-primary"[^>]*value="nhan"', html)


def test_marks_that_cannot_be_sent_are_shown_again_where_they_were(checker: Client) -> None:
    row = sent()
    response = checker.post(at(row), {"viec": "tra-lai", "ly-do-8": "khac", "loi-3": "Bao nhiêu hộ?"})
    html = re.sub(r"\s+", " ", response.content.decode())
    assert response.status_code == 422
    assert 'href="#loi-8"' in html and 'aria-describedby="loi-8-error"' in html and "Bao nhiêu hộ?</textarea>" in html
    assert "Trả lại (2 mục)" in html and re.search(r'class="btn btn-primary"[^>]*value="tra-lai"', html)
    assert checker.post(at(row), {"viec": "tra-lai"}).status_code == 409  # neither marks nor words


def test_accepting_with_marks_asks_first_and_drops_them(checker: Client) -> None:
    row = sent()
    marks = {"loi-3": "Bao nhiêu hộ?", "viec": "nhan"}
    asked = checker.post(at(row), marks).content.decode()
    assert "Nhận và bỏ 1 mục đã đánh dấu?" in asked
    assert Registration.objects.get(pk=row.pk).state == "submitted"
    assert "Bao nhiêu hộ?</textarea>" in checker.post(at(row), marks | {"viec": "xem-lai"}).content.decode()
    assert checker.post(at(row), marks | {"bo-dau": "1"}).status_code == 302
    row = Registration.objects.get(pk=row.pk)
    assert row.state == "accepted" and not row.steps.latest("pk").marks.exists()


def test_what_was_asked_is_shown_beside_what_became_of_it(checker: Client) -> None:
    row = sent()
    do(row, Action.RETURN, LEADER, marks=[Mark(3, None, "Bao nhiêu?"), Mark(8, None, "Ai đếm?")])
    write(row, WRITER, aims="Đến 30/11 phủ hoa 2 km, 60 hộ tự chăm.")
    do(row, Action.SUBMIT, WRITER)
    html = page(checker, row)
    assert re.search(r'href="#muc-3">Mục 3</a> đã sửa', html)
    assert re.search(r'href="#muc-8">Mục 8</a> chưa sửa gì', html)
    assert "7 mục kia giữ nguyên" in html and "Gửi lại lần 2" in html
    assert "gửi lại" in html[html.index('id="hang-cho"') :]


def test_who_wrote_in_it_has_no_buttons_and_is_told_who_may(checker: Client) -> None:
    row = fill(begin(unit="ham-thuan-bac", by=CHECKER), by=CHECKER)
    do(row, Action.SUBMIT, CHECKER)
    html = page(checker, row)
    assert "Đồng chí có viết trong đăng ký này" in html and str(person(LEADER)) in html
    assert 'value="nhan"' not in html and "Cần sửa" not in html


def test_what_waits_no_more_is_told_on_its_page(checker: Client) -> None:
    row = sent()
    do(row, Action.RETURN, LEADER, "Nói rõ hơn")
    response = checker.post(at(row), {"viec": "nhan"})
    assert (response.status_code, "không nhận được nữa" in response.content.decode()) == (409, True)
    assert checker.get(at(row))["Location"] == f"/lam-viec/dang-ky/{row.pk}/"


@pytest.mark.parametrize("name", [WRITER, "duclinh.chuyenvien", "tinh.lanhdao", "hoidong1"])
def test_nobody_else_finds_the_page(client: Client, name: str) -> None:
    row = sent()
    client.force_login(person(name))
    assert client.get(at(row)).status_code == 404
    assert client.post(at(row), {"viec": "nhan"}).status_code == 404
