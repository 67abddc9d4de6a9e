"""The way of a registration, clause by clause."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.enums import Action, State
from models_registry.models import (
    BoardCount,
    CatalogueCount,
    Registration,
    RegistrationStep,
    ReturnReason,
    Season,
    SeasonExtension,
)
from models_registry.selectors import in_register, visible_to
from models_registry.selectors.sheets import changes_since_last, due_on, open_marks, taken_until
from models_registry.selectors.tasks import tasks_of
from models_registry.services import (
    Mark,
    SheetIncomplete,
    change_many,
    discard_draft,
    grant_extension,
    remind,
)
from models_registry.transitions import TRANSITIONS, InvalidTransition, next_state
from notifications.models import Message
from organisation.models import AuditEvent, Membership, Unit
from reports.selectors import tally
from tests.online import HAM_HIEP, WHOLE, accepted, begin, do, fill, person, sent, write
from tests.pages import plain

TITLES = ("Tổ tự quản an ninh thôn Xuân Điền", "Ngày thứ Sáu nghe dân nói", "Hiến đất mở đường", "Quỹ khuyến học dòng họ")
CHECKER, LEADER, WRITER = "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao", "hamhiep.canbo"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("action", list(Action))
def test_the_whole_table(state: State, action: Action) -> None:
    moves = {
        ("draft", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "return"): "returned",
        ("submitted", "accept"): "accepted",
        ("submitted", "withdraw"): "withdrawn",
        ("returned", "withdraw"): "withdrawn",
        ("accepted", "withdraw"): "withdrawn",
        ("accepted", "reopen"): "returned",
        ("withdrawn", "reopen"): "returned",
        ("accepted", "undo"): "submitted",
        ("returned", "undo"): "submitted",
    }
    wanted = moves.get((state.value, action.value))
    if wanted:
        assert next_state(state, action) == wanted
    else:
        with pytest.raises(InvalidTransition, match=r"không .* được nữa"):
            next_state(state, action)
    assert len(TRANSITIONS) == len(Action)


def test_from_draft_to_the_register() -> None:
    draft = fill(begin())
    assert (draft.state, draft.registered_on, draft.model) == ("draft", None, None)
    assert (draft.title, draft.place_name, draft.unit_name) == (WHOLE["title"], "Xã Hàm Hiệp", "Huyện ủy Hàm Thuận Bắc")
    do(draft, Action.SUBMIT, WRITER)
    row = do(draft, Action.ACCEPT, CHECKER)
    assert (row.state, row.is_latest, row.kind, row.subject_kind) == ("accepted", True, "new", "collective")
    assert row.registered_on == date(2023, 12, 31)  # sent in the time granted
    assert row.model is not None
    assert (row.model.title, row.model.how, row.model.why) == (WHOLE["title"], WHOLE["method"], WHOLE["situation"])
    assert row.content == WHOLE["method"]
    assert [(s.action, s.actor_name) for s in row.steps.all()] == [
        ("submit", "Cán bộ Đảng ủy xã Hàm Hiệp"),
        ("accept", "Chuyên viên Huyện ủy Hàm Thuận Bắc"),
    ]
    actions = AuditEvent.objects.filter(target_type="models_registry.registration", target_id=str(row.pk))
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "begin-registration",
        "submit-registration",
        "accept-registration",
    ]


def test_it_counts_from_the_day_it_was_first_sent() -> None:
    season = Season.objects.get(year=2023)
    before, day_before = (tally(season, date(2023, 10, day)).registered for day in (15, 9))
    with time_machine.travel(datetime(2023, 10, 10, 8, tzinfo=UTC), tick=False):
        row = sent()
        assert tally(season, date(2023, 10, 15)).registered == before
    with time_machine.travel(datetime(2023, 10, 12, 8, tzinfo=UTC), tick=False):
        do(row, Action.RETURN, CHECKER, "Viết rõ hơn")
        do(row, Action.SUBMIT, WRITER)
    with time_machine.travel(datetime(2023, 10, 20, 8, tzinfo=UTC), tick=False):
        row = do(row, Action.ACCEPT, CHECKER)
    assert row.registered_on == date(2023, 10, 10)
    assert tally(season, date(2023, 10, 15)).registered == before + 1
    assert tally(season, date(2023, 10, 9)).registered == day_before


def test_what_is_on_its_way_is_seen_by_its_own_units_alone() -> None:
    row = sent()
    for name, sees in {
        WRITER: True,
        CHECKER: True,
        LEADER: True,
        "tinh.chuyenvien": True,
        "duclinh.chuyenvien": False,
        "phanthiet.chuyenvien": False,
        "hoidong1": False,
        "quantri": False,
    }.items():
        assert visible_to(person(name)).filter(pk=row.pk).exists() == sees, name
        assert not in_register(person(name)).filter(pk=row.pk).exists()
    do(row, Action.ACCEPT, CHECKER)
    assert in_register(person("duclinh.chuyenvien")).filter(pk=row.pk).exists()


def test_nobody_accepts_what_they_wrote() -> None:
    row = fill(begin())
    write(row, CHECKER, partners="Mặt trận thôn")
    do(row, Action.SUBMIT, WRITER)
    with pytest.raises(NotAllowed, match="viết trong đăng ký này"):
        do(row, Action.ACCEPT, CHECKER)
    assert do(row, Action.ACCEPT, LEADER).state == "accepted"


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.RETURN])
@pytest.mark.parametrize("name", [WRITER, "duclinh.chuyenvien", "hoidong1", "quantri", "tinh.lanhdao"])
def test_who_may_not_check(action: Action, name: str) -> None:
    row = sent()
    with pytest.raises(NotAllowed):
        do(row, action, name, "vì thế")
    assert Registration.objects.get(pk=row.pk).state == "submitted"


def test_a_sheet_with_gaps_is_not_sent_and_every_gap_is_named() -> None:
    row = fill(begin(), title="Rác", starts_on="31/02/2023", leads="", target_quantity="1.5", target_what="lò")
    with pytest.raises(SheetIncomplete) as refused:
        do(row, Action.SUBMIT, WRITER)
    errors = refused.value.errors
    assert set(errors) == {"title", "starts_on", "leads", "target_quantity", "target_on"}
    assert errors["title"] == "Tên mô hình: viết ít nhất 10 chữ cái, nói rõ việc làm."
    assert "31/02/2023" in errors["starts_on"]
    row.refresh_from_db()
    assert (row.state, row.sheet.answers["starts_on"], row.sheet.answers["title"]) == ("draft", "31/02/2023", "Rác")


def test_returned_with_reasons_at_the_boxes_and_only_these_open() -> None:
    row = sent()
    reason = ReturnReason.objects.get(words="Chưa đo được kết quả")
    do(row, Action.RETURN, CHECKER, marks=[Mark(8, reason.pk, "Đếm cái gì?"), Mark(1, None, "Tên chưa rõ")])
    row = Registration.objects.get(pk=row.pk)
    marks = open_marks(row)
    assert {number: (mark.reason_words, mark.words) for number, mark in marks.items()} == {
        1: ("", "Tên chưa rõ"),
        8: ("Chưa đo được kết quả", "Đếm cái gì?"),
    }
    saved = write(row, WRITER, outputs="Đến 30/11: 60 hộ ký cam kết.", aims="Sửa chui")
    assert (saved.changed, saved.refused) == (["outputs"], {"aims": "Mục này không mở để sửa."})
    row = do(row, Action.SUBMIT, WRITER)
    changed = changes_since_last(row)
    assert [(change.box, change.label) for change in changed] == [(8, "Kết quả kiểm chứng được")]
    kinds = [kind for kind, text in changed[0].pieces if text.strip()]
    assert kinds == ["same", "gone", "new"] and ("new", "30/11: 60 hộ ký cam kết.") in changed[0].pieces
    ReturnReason.objects.all().delete()
    assert row.steps.filter(action="return").get().marks.get(box=8).reason_words == "Chưa đo được kết quả"


def test_a_return_needs_a_reason() -> None:
    row = sent()
    with pytest.raises(DomainError, match="lý do"):
        do(row, Action.RETURN, CHECKER)
    with pytest.raises(DomainError, match="Mục 3"):
        do(row, Action.RETURN, CHECKER, marks=[Mark(3)])
    with pytest.raises(DomainError, match="chín mục"):
        do(row, Action.RETURN, CHECKER, marks=[Mark(10, None, "x")])
    assert not RegistrationStep.objects.filter(action="return").exists()


@pytest.mark.parametrize("action, by", [(Action.WITHDRAW, WRITER), (Action.REOPEN, CHECKER)])
def test_withdrawing_and_reopening_need_a_reason(action: Action, by: str) -> None:
    row = accepted()
    with pytest.raises(DomainError, match="lý do"):
        do(row, action, by, "  ")
    assert Registration.objects.get(pk=row.pk).state == "accepted"


def test_reopened_it_stays_in_the_register_as_it_was_until_accepted_anew() -> None:
    row = accepted()
    day = row.registered_on
    do(row, Action.REOPEN, CHECKER, "Số liệu sai")
    row = fill(Registration.objects.get(pk=row.pk), title="Tuyến đường hoa mới của thôn Phú Nhang")
    assert (row.state, row.title, row.registered_on) == ("returned", WHOLE["title"], day)
    assert in_register(None).filter(pk=row.pk).exists()
    do(row, Action.SUBMIT, WRITER)
    row = do(row, Action.ACCEPT, CHECKER)
    assert (row.title, row.registered_on) == ("Tuyến đường hoa mới của thôn Phú Nhang", day)
    assert row.model is not None and row.model.title == row.title


def test_a_line_that_came_with_a_file_can_be_reopened() -> None:
    row = Registration.objects.filter(season__year=2023, place__key=HAM_HIEP, state="accepted")[0]
    do(row, Action.REOPEN, CHECKER, "Thiếu cách làm")
    row = Registration.objects.get(pk=row.pk)
    assert row.sheet.answers["title"] == row.title
    assert row.sheet.answers["method"] == row.content


def test_withdrawn_it_counts_no_more_from_that_day() -> None:
    row = accepted()
    season = Season.objects.get(year=2023)
    counted = tally(season, date(2031, 1, 1)).registered
    row = do(row, Action.WITHDRAW, WRITER, "Không làm nữa")
    assert row.withdrawn_on is not None
    assert tally(season, date(2031, 1, 1)).registered == counted - 1
    other = do(sent(title="Một mô hình khác hẳn của xã"), Action.WITHDRAW, WRITER, "Gửi nhầm")
    assert (other.registered_on, other.state) == (None, "withdrawn")
    assert tally(season, date(2031, 1, 1)).registered == counted - 1


@pytest.mark.parametrize("there", [accepted, sent])
def test_a_twin_is_neither_sent_nor_accepted(there: Any) -> None:
    row = there()
    twin = fill(begin(), title=WHOLE["title"].upper())
    with pytest.raises(DomainError, match="Năm nay đã có một đăng ký cùng tên"):
        do(twin, Action.SUBMIT, WRITER)
    Registration.objects.filter(pk=row.pk).update(identity_key="0" * 32)
    from models_registry.services import say_different

    say_different(registration_id=twin.pk, others=[row.pk], reason="Ở tổ khác", actor=person(WRITER))
    do(twin, Action.SUBMIT, WRITER)
    Registration.objects.filter(pk=row.pk).update(identity_key=Registration.objects.get(pk=twin.pk).identity_key)
    with pytest.raises(DomainError, match="Năm nay đã có một đăng ký cùng tên"):  # another one came in meanwhile
        do(twin, Action.ACCEPT, CHECKER)


def test_a_draft_is_thrown_away_and_a_sent_one_is_not() -> None:
    draft = fill(begin())
    discard_draft(registration_id=draft.pk, actor=person(WRITER))
    assert not Registration.objects.filter(pk=draft.pk).exists()
    row = sent()
    with pytest.raises(DomainError):
        discard_draft(registration_id=row.pk, actor=person(WRITER))


def test_the_windows_last_second_is_in_vietnam() -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 12, 31, 16, 59, 59, tzinfo=UTC), tick=False):
        row = fill(begin())
        do(row, Action.SUBMIT, WRITER)
    with time_machine.travel(datetime(2023, 12, 31, 16, 59, 0, tzinfo=UTC), tick=False):
        late = fill(begin(), title="Mô hình gửi muộn một giây của xã")
    with time_machine.travel(datetime(2023, 12, 31, 17, 0, 0, tzinfo=UTC), tick=False):
        with pytest.raises(DomainError, match="đến hết ngày 31/12/2023"):
            do(late, Action.SUBMIT, WRITER)
        with pytest.raises(DomainError, match="Đã hết hạn"):
            begin()
    with time_machine.travel(datetime(2022, 12, 31, 16, 59, tzinfo=UTC), tick=False), pytest.raises(DomainError):
        begin()


def test_more_time_for_one_unit_is_a_dated_record_with_a_reason() -> None:
    SeasonExtension.objects.all().delete()
    season = Season.objects.get(year=2023)
    with time_machine.travel(datetime(2024, 1, 5, 3, tzinfo=UTC), tick=False):
        with pytest.raises(DomainError, match="hết hạn"):
            begin()
        unit = Unit.objects.get(key=HAM_HIEP)
        province = person("tinh.chuyenvien")
        with pytest.raises(NotAllowed):
            grant_extension(season_id=season.pk, unit=unit, until=date(2024, 1, 10), reason="Lũ", actor=person(CHECKER))
        with pytest.raises(DomainError, match="lý do"):
            grant_extension(season_id=season.pk, unit=unit, until=date(2024, 1, 10), reason=" ", actor=province)
        grant_extension(season_id=season.pk, unit=unit, until=date(2024, 1, 10), reason="Lũ lụt", actor=province)
        row = do(fill(begin()), Action.SUBMIT, WRITER)
        assert due_on(row) == date(2024, 1, 10)
        with pytest.raises(DomainError, match="hết hạn"):
            begin("ham-thuan-bac/xa-ham-duc", by=CHECKER)
    assert AuditEvent.objects.filter(action="extend-season", actor=province).count() == 1


def test_a_returned_one_has_days_for_mending_after_the_window() -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 12, 30, 3, tzinfo=UTC), tick=False):
        row = sent()
    with time_machine.travel(datetime(2024, 1, 3, 3, tzinfo=UTC), tick=False):
        row = do(row, Action.RETURN, CHECKER, "Sửa tên")
        assert due_on(row) == date(2024, 1, 10)
    with time_machine.travel(datetime(2024, 1, 11, 3, tzinfo=UTC), tick=False), pytest.raises(DomainError, match="hết hạn sửa"):
        do(row, Action.SUBMIT, WRITER)
    with time_machine.travel(datetime(2024, 1, 10, 16, tzinfo=UTC), tick=False):
        assert do(row, Action.SUBMIT, WRITER).state == "submitted"


def test_a_returned_one_is_due_in_the_days_for_mending_and_taken_as_long_as_its_unit_may_send() -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 5, 2, 3, tzinfo=UTC), tick=False):
        row = do(sent(), Action.RETURN, CHECKER, "Sửa tên")
        assert (due_on(row), taken_until(row)) == (date(2023, 5, 9), date(2023, 12, 31))
        assert "Sửa và gửi lại đến hết ngày 09/05/2023." in Message.objects.filter(recipient__username=WRITER).latest("pk").body
    with time_machine.travel(datetime(2023, 5, 8, 3, tzinfo=UTC), tick=False):
        remind()
        subject = Message.objects.filter(recipient__username=WRITER).latest("pk").subject
        assert subject == "Năm 2023: còn 1 đăng ký trả lại chưa gửi lại, hạn gửi đến hết ngày 09/05/2023"
    with time_machine.travel(datetime(2023, 5, 12, 3, tzinfo=UTC), tick=False):
        work = tasks_of(person(WRITER), row.season)
        assert work is not None
        assert [task.days_left for task in work.tasks if task.title.startswith("Sửa theo ý kiến")] == [-3]
        client = Client()
        client.force_login(person(WRITER))
        html = " ".join(client.get(f"/lam-viec/dang-ky/{row.pk}/").content.decode().split())
        assert "đã quá 3 ngày; vẫn gửi được đến hết ngày 31/12/2023." in html
        assert "-3" not in plain(client.get("/lam-viec/").content.decode())
        assert do(row, Action.SUBMIT, WRITER).state == "submitted"


def test_a_unit_that_ended_registers_nothing() -> None:
    season = Season.objects.get(year=2023)
    Season.objects.filter(pk=season.pk).update(
        year=2026, opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31), cutoff_on=date(2026, 10, 15)
    )
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False), pytest.raises(DomainError, match="đã kết thúc"):
        begin(year=2026)


def test_many_at_once_name_what_failed() -> None:
    good, other = sent(), sent(title="Tổ tự quản an ninh thôn Xuân Điền")
    wrote = fill(begin(), title="Ngày thứ Sáu nghe dân nói")
    write(wrote, CHECKER, partners="x")
    do(wrote, Action.SUBMIT, WRITER)
    do(other, Action.RETURN, CHECKER, "Sửa")
    ids = [good.pk, other.pk, wrote.pk, good.pk]
    done = change_many(registration_ids=ids, action=Action.ACCEPT, actor=person(CHECKER))
    assert [(one.registration_id, bool(one.error)) for one in done] == [(good.pk, False), (other.pk, True), (wrote.pk, True)]
    assert "trả lại" in done[1].error
    assert "viết trong" in done[2].error


def test_each_step_tells_whom_it_concerns_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = sent()
    told = Message.objects.filter(event_key__startswith="step:")
    assert set(told.values_list("recipient__username", flat=True)) == {CHECKER, LEADER}
    do(row, Action.RETURN, CHECKER, "Viết rõ hơn")
    back = told.filter(subject__startswith="Trả lại").get()
    assert (back.recipient.username, "Viết rõ hơn" in back.body) == (WRITER, True)
    assert back.get_absolute_url() == f"/lam-viec/dang-ky/{row.pk}/"


def test_a_person_who_lost_the_role_is_told_and_nothing_is_stored() -> None:
    from models_registry.services import RoleLost

    row = fill(begin())
    Membership.objects.filter(user=person(WRITER)).update(ends_on=date(2023, 6, 1))
    with pytest.raises(RoleLost, match="đã hết"):
        write(row, WRITER, title="Khác")
    with pytest.raises(NotAllowed):
        do(row, Action.SUBMIT, WRITER)


def test_the_boards_and_the_catalogues_counts_follow() -> None:
    def counts() -> dict[str, int]:
        place = Unit.objects.get(key=HAM_HIEP)
        rows = BoardCount.objects.filter(place=place, season__year=2023).values_list("state", "total")
        found: dict[str, int] = {}
        for state, total in rows:
            found[state] = found.get(state, 0) + total
        return found

    def catalogue() -> int:
        return sum(CatalogueCount.objects.filter(season__isnull=True).values_list("total", flat=True))

    before, listed = counts(), catalogue()
    row = fill(begin())
    assert counts() == before | {"draft": 1}
    do(row, Action.SUBMIT, WRITER)
    assert counts() == before | {"submitted": 1}
    assert catalogue() == listed
    do(row, Action.ACCEPT, CHECKER)
    assert counts() == before | {"accepted": before["accepted"] + 1}
    assert catalogue() == listed + 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "accepted"},
        {"state": "withdrawn"},
        {"state": "unknown"},
        {"registered_on": date(2023, 5, 5), "state": "submitted"},
        {"withdrawn_on": date(2023, 5, 5)},
    ],
)
def test_the_database_refuses_what_must_never_be(changes: dict[str, Any]) -> None:
    draft = begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=draft.pk).update(**changes)


def test_a_job_that_the_queue_did_not_take_waits(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from common import jobs

    def down(*args: Any, **kwargs: Any) -> None:
        raise OSError("broker down")

    monkeypatch.setattr(jobs.current_app, "send_task", down)
    checker = person(CHECKER)
    checker.email = "chuyenvien@example.vn"
    checker.save()
    with django_capture_on_commit_callbacks(execute=True):
        row = sent()
    assert Registration.objects.get(pk=row.pk).state == "submitted"
    assert Message.objects.get(recipient=checker).mail == "waiting"
    assert Job.objects.get(kind="send_mail").state == "queued"
