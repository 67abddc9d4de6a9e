"""Checking registrations: the queue and its filters, marks beside the boxes, accepting and returning from the page."""

import json
import re
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from models_registry.marking import joined, marked_boxes, read_marks, unsaid_boxes
from models_registry.models import (
    Attachment,
    PendingMarks,
    Registration,
    RegistrationSheet,
    RegistrationStep,
    ReturnReason,
)
from models_registry.services import change_many
from tests.online import WHOLE, Action, Mark, begin, do, fill, person, sent, write

pytestmark = pytest.mark.django_db
WRITER, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"
MANY = "/lam-viec/nam/2023/hang-loat/"
TITLES = ("Một việc của xã Hàm Hiệp", "Hai việc khác hẳn nhau", "Ba là chuyện nước sạch")


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


def test_a_box_says_that_it_must_be_mended_only_where_it_is_marked(checker: Client) -> None:
    page = f"/lam-viec/dang-ky/{three()[0].pk}/xet/"
    said = re.findall(r"data-mark>(.*?) sửa<", checker.get(page).content.decode())
    assert said == ["Cần"] * 9
    marked = checker.post(page, {"ly-do-8": "khac", "viec": "tra-lai"}).content.decode()  # refused: without words
    assert re.findall(r"data-mark>(.*?) sửa<", marked) == ["Cần"] * 7 + ["Phải", "Cần"]


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
    assert response["Location"].startswith(at(rows[1], "?q=viec&vua="))
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
    assert 'value="nhan"' not in html and 'class="mend' not in html


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


# --- marks that were not sent


def keep(client: Client, row: Registration, base: dict[str, str] | None = None, **marks: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in marks.items()}
    return client.post(at(row) + "luu/", named | {"goc": json.dumps(base or {})}).json()


def test_marks_are_kept_for_their_own_reviewer_until_sent(checker: Client) -> None:
    row = sent()
    assert keep(checker, row, ly_do_8="khac", loi_8="Ai đếm?")["conflicts"] == {}
    assert checker.post(at(row) + "luu/", {"loi-8": "Ai đếm?", "goc": "[" * 100_000}).status_code == 200  # it counts as nothing
    assert "Ai đếm?</textarea>" in page(checker, row) and "Trả lại (1 mục)" in page(checker, row)
    leader = Client()
    leader.force_login(person(LEADER))
    assert "Ai đếm?" not in page(leader, row)
    assert PendingMarks.objects.get().checker == person(CHECKER)
    response = checker.post(at(row), {"viec": "tra-lai", "ly-do-8": "khac", "loi-8": "Ai đếm?", "goc": "{}"})
    assert response.status_code == 302 and not PendingMarks.objects.exists()


def test_a_second_tab_is_told_and_loses_nothing(checker: Client) -> None:
    row = sent()
    keep(checker, row, loi_1="Tên chưa rõ")
    told = keep(checker, row, loi_8="Ai đếm?")  # a tab that was opened before
    assert (told["others"], told["conflicts"]) == ([1], {})
    told = keep(checker, row, base={"loi-8": "Ai đếm?"}, loi_8="Ai đếm?", loi_1="Đổi tên")
    assert told["conflicts"] == {"loi-1": "Tên chưa rõ"}
    response = checker.post(at(row), {"viec": "nhan"})  # a tab that shows no marks
    html = response.content.decode()
    assert response.status_code == 409 and "Tên chưa rõ</textarea>" in html and "Ai đếm?</textarea>" in html
    assert Registration.objects.get(pk=row.pk).state == "submitted"
    response = checker.post(at(row), {"viec": "tra-lai", "loi-1": "Đổi tên", "loi-8": "Ai đếm?", "goc": '{"loi-8": "Ai đếm?"}'})
    assert response.status_code == 409 and "Ở thẻ khác đồng chí ghi: “Tên chưa rõ”" in response.content.decode()


def test_what_was_sent_again_meanwhile_is_told_and_keeps_the_marks(checker: Client) -> None:
    row = sent()
    seen = re.search(r'name="lan" value="(\d+)"', page(checker, row))
    assert seen
    marks = {"loi-8": "Ai đếm?", "lan": seen[1], "goc": "{}"}
    checker.post(at(row) + "luu/", marks)
    do(row, Action.RETURN, LEADER, marks=[Mark(3, None, "Bao nhiêu?")])
    write(row, WRITER, aims="Đến 30/11 phủ hoa 2 km.")
    do(row, Action.SUBMIT, WRITER)
    assert "Đơn vị đã gửi lại sau khi đồng chí đánh dấu" in page(checker, row)
    response = checker.post(at(row), marks | {"viec": "tra-lai", "goc": '{"loi-8": "Ai đếm?"}'})
    html = response.content.decode()
    assert (response.status_code, "Đơn vị vừa gửi lại đăng ký này" in html, "Ai đếm?</textarea>" in html) == (409, True, True)
    assert Registration.objects.get(pk=row.pk).state == "submitted"


# --- keys


def test_keys_are_on_until_their_owner_switches_them_off(checker: Client) -> None:
    row = sent()
    assert "data-keys" in page(checker, row)
    checker.post("/lam-viec/phim-tat/", {})
    assert "data-keys" not in page(checker, row)
    checker.post("/lam-viec/phim-tat/", {"dung": "1"})
    assert "data-keys" in page(checker, row)


def test_photos_and_papers_are_counted_together(checker: Client) -> None:
    row = sent()
    for n, kind in enumerate(("photo", "photo", "paper")):
        Attachment.objects.create(
            registration=row, kind=kind, state="failed", file_name=f"{n}", content_type="x", size=1, digest=str(n)
        )
    assert 'Ảnh và tệp <span class="quiet fw-normal num">3</span>' in page(checker, row)


# --- beside another one


def test_two_registrations_stand_beside_each_other_with_their_differences_marked(checker: Client) -> None:
    row = sent()
    other = copied(row, 1)[0]
    changed = other.sheet.answers | {"aims": WHOLE["aims"].replace("1,2 km", "2 km")}
    RegistrationSheet.objects.filter(pk=other.pk).update(answers=changed)
    html = re.sub(r"\s+", " ", checker.get(f"{at(row)[:-4]}so-sanh/{other.pk}/").content.decode())
    this, that = html[html.index("Mục tiêu, tiêu chí") :].split('data-label="Bản kia"')[:2]
    assert "<ins >1,2</ins>" in this and "<del" not in this
    assert "<del >2</del>" in that[: that.index("</td>")] and "<ins" not in that[: that.index("</td>")]
    assert "2 mục khác nhau" in html


def test_of_another_units_registration_no_more_than_its_line_is_compared(checker: Client) -> None:
    """Its sheet is not public, what it sent before anybody accepted it still less."""
    row, theirs = sent(), Registration.objects.filter(unit__key="duc-linh", registered_on__isnull=False)[0]
    RegistrationSheet.objects.update_or_create(registration=theirs, defaults={"answers": WHOLE | {"aims": "Điều chưa ai biết"}})
    html = checker.get(f"{at(row)[:-4]}so-sanh/{theirs.pk}/").content.decode()
    assert theirs.title.split()[0] in html and "Điều chưa ai biết" not in html and "chỉ đối chiếu các mục ấy" in html
    Registration.objects.filter(pk=theirs.pk).update(registered_on=None, state="submitted", model=None)
    assert checker.get(f"{at(row)[:-4]}so-sanh/{theirs.pk}/").status_code == 404


# --- many at once


def copied(row: Registration, count: int) -> list[Registration]:
    """Sent registrations like one, each under a name of its own; of all that sending writes, what accepting reads."""
    names = [f.attname for f in Registration._meta.concrete_fields if f.name not in ("id", "title", "identity_key")]
    values, step = {name: getattr(row, name) for name in names}, row.steps.get()
    titles = [f"{word} số {n} ở thôn Phú Nhang" for n, word in zip(range(count), cycle(DISTINCT), strict=False)]
    rows = Registration.objects.bulk_create(
        [Registration(title=title, identity_key=f"{n:032}", **values) for n, title in enumerate(titles)]
    )
    RegistrationSheet.objects.bulk_create(
        [RegistrationSheet(registration=one, answers=row.sheet.answers | {"title": one.title}) for one in rows]
    )
    RegistrationStep.objects.bulk_create(
        [RegistrationStep(registration=one, action=step.action, actor=step.actor) for one in rows]
    )
    return rows


DISTINCT = ("Lò đốt rác", "Đường hoa", "Camera an ninh", "Quỹ khuyến học", "Nước sạch", "Tổ tự quản", "Bò sinh sản")


@pytest.mark.long
def test_of_fifty_accepted_at_once_each_that_failed_says_why(checker: Client) -> None:
    mine = fill(begin(by=CHECKER, unit="ham-thuan-bac"), by=CHECKER, title="Việc mà người xét tự viết")
    do(mine, Action.SUBMIT, CHECKER)
    rows = copied(sent(), 49)
    Registration.objects.filter(pk__in=[row.pk for row in rows[9:]]).update(state="returned")  # a colleague was quicker
    RegistrationSheet.objects.filter(pk=rows[0].pk).update(answers=WHOLE | {"title": "Ngắn"})
    response = checker.post(MANY, {"viec": "nhan", "chon": [str(row.pk) for row in (mine, *rows)]}, follow=True)
    html = re.sub(r"\s+", " ", response.content.decode())
    assert "Đã nhận 8 đăng ký, 42 chưa được" in html
    failed = html[html.index('id="chua-duoc"') : html.index("</ul>", html.index('id="chua-duoc"'))]
    assert failed.count("<li>") == 42
    for words in ("Đồng chí đã viết trong đăng ký này", "đang ở trạng thái", "Chưa nhận được: "):
        assert words.lower() in failed.lower(), words
    assert Registration.objects.filter(pk__in=[row.pk for row in rows], state="accepted").count() == 8


def test_each_of_many_costs_the_same(checker: Client) -> None:
    numbers, rows = [], copied(sent(), 6)
    for chosen in (rows[:1], rows[1:2], rows[2:6]):
        with CaptureQueriesContext(connection) as queries:
            done = change_many(registration_ids=[row.pk for row in chosen], action=Action.ACCEPT, actor=person(CHECKER))
        assert [one.error for one in done] == [""] * len(chosen)
        numbers.append(len(queries))
    assert numbers[2] <= 4 * numbers[1] + 4 and numbers[1] <= 70
