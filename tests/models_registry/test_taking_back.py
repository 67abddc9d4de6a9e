"""A checker's decision is taken back: with its marks, within its time, unless something has come of it."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import F
from django.test import Client
from django.utils import timezone

from models_registry.models import (
    BoardCount,
    Continuity,
    EmulationModel,
    OutputMeasure,
    Registration,
    RegistrationStep,
    Repeat,
    Takeback,
)
from models_registry.selectors.sheets import last_return
from models_registry.transitions import UNDO_WITHIN
from notifications.models import Message
from organisation.models import AuditEvent, Level
from recognition.models import Dossier
from tests.models_registry.test_checking import CHECKER, LEADER, WRITER, at, page
from tests.online import WHOLE, Action, accepted, do, fill, person, sent

pytestmark = pytest.mark.django_db


# --- taking a decision back


def undone(client: Client, row: Registration) -> str:
    """What is told after pressing the button."""
    step = row.steps.exclude(action="undo").latest("pk")
    response = client.post(at(row) + "hoan-tac/", {"buoc": step.pk}, follow=True)
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def board_counts() -> set[tuple[Any, ...]]:
    return set(BoardCount.objects.values_list("unit", "place", "field", "state", "total"))


def test_a_return_is_taken_back_with_its_marks_and_its_place_in_the_queue(checker: Client) -> None:
    row = sent()
    since = row.state_since
    response = checker.post(at(row), {"viec": "tra-lai", "loi-8": "Ai đếm?", "loi": "Gấp"}, follow=True)
    assert "Hoàn tác được đến" in response.content.decode()
    told = Message.objects.filter(recipient__username=WRITER, subject__startswith="Trả lại để sửa")
    assert told.exists()
    html = undone(checker, row)
    assert "Đã hoàn tác" in html and "Ai đếm?</textarea>" in html and "Gấp</textarea>" in html
    row = Registration.objects.get(pk=row.pk)
    assert (row.state, row.state_since) == ("submitted", since)
    assert not told.exists()  # nobody had read it
    assert AuditEvent.objects.filter(action="undo-check-registration", target_id=str(row.pk)).count() == 1
    assert last_return(row) is None
    assert "gửi lại" not in page(checker, row)[-3000:]
    assert "Việc này đã hoàn tác" in undone(checker, row)


def test_an_acceptance_is_taken_back_wholly(checker: Client) -> None:
    row = sent()
    models, counted = EmulationModel.objects.count(), board_counts()
    checker.post(at(row), {"viec": "nhan"})
    assert Registration.objects.get(pk=row.pk).registered_on
    assert "Đã hoàn tác" in undone(checker, row)
    row = Registration.objects.get(pk=row.pk)
    assert (row.state, row.registered_on, row.model, row.sheet.accepted) == ("submitted", None, None, {})
    assert EmulationModel.objects.count() == models
    assert board_counts() == counted
    assert do(row, Action.ACCEPT, LEADER).state == "accepted"


def test_a_model_that_was_corrected_by_an_acceptance_says_again_what_it_said(checker: Client) -> None:
    row = accepted()
    do(row, Action.REOPEN, LEADER, "Tên sai")
    fill(Registration.objects.get(pk=row.pk), title="Tuyến đường hoa ở thôn Phú Lễ", situation="Khác hẳn.")
    do(row, Action.SUBMIT, WRITER)
    before = EmulationModel.objects.filter(registrations=row).values().get()
    checker.post(at(row), {"viec": "nhan"})
    assert EmulationModel.objects.get(registrations=row).title == "Tuyến đường hoa ở thôn Phú Lễ"
    undone(checker, row)
    assert EmulationModel.objects.filter(registrations=row).values().get() == before
    row = Registration.objects.get(pk=row.pk)
    assert (row.state, row.title, row.sheet.accepted["title"]) == ("submitted", WHOLE["title"], WHOLE["title"])
    assert row.registered_on


def test_what_the_unit_has_opened_stands(checker: Client) -> None:
    row = sent()
    checker.post(at(row), {"viec": "tra-lai", "loi-8": "Ai đếm?"})
    colleague = Client()
    colleague.force_login(person(LEADER))
    colleague.get(f"/lam-viec/dang-ky/{row.pk}/")  # the office itself opens it: that is not the unit
    assert Takeback.objects.get().opened_at is None
    unit = Client()
    unit.force_login(person(WRITER))
    assert unit.get(f"/lam-viec/dang-ky/{row.pk}/viet/").status_code == 200
    assert "Đơn vị đã mở xem nên không hoàn tác được nữa" in undone(checker, row)
    assert Registration.objects.get(pk=row.pk).state == "returned"


def test_after_ten_minutes_it_stands(checker: Client) -> None:
    row = sent()
    checker.post(at(row), {"viec": "nhan"})
    RegistrationStep.objects.filter(registration=row).update(at=F("at") - UNDO_WITHIN)
    assert "Đã quá 10 phút" in undone(checker, row)


def test_nobody_else_takes_it_back(checker: Client) -> None:
    row = sent()
    checker.post(at(row), {"viec": "nhan"})
    leader = Client()
    leader.force_login(person(LEADER))
    assert undone(leader, row) == "404"
    assert checker.post(at(row) + "hoan-tac/", {"buoc": "x"}).status_code == 404


def test_what_hangs_on_an_acceptance_keeps_it(checker: Client) -> None:
    row = sent()
    checker.post(at(row), {"viec": "nhan"})
    model = Registration.objects.get(pk=row.pk).model
    OutputMeasure.objects.create(model=model, what="Đường hoa", counting_unit="km", quantity=1, as_of="2023-11-30")
    assert "Không hoàn tác được: mô hình đã có kết quả đo được" in undone(checker, row)
    assert Registration.objects.get(pk=row.pk).state == "accepted"


def test_the_database_keeps_what_was_opened() -> None:
    row = do(sent(), Action.RETURN, CHECKER, "Nói rõ hơn")
    with pytest.raises(IntegrityError):
        Takeback.objects.filter(step__registration=row).update(opened_at=timezone.now(), undone_at=timezone.now())


def _called_other(row: Registration) -> None:
    Repeat.objects.create(registration=row, earlier=Registration.objects.in_register()[0], score=90)
    Repeat.objects.update(state="refused", decided_by=person(LEADER), decided_at=timezone.now())


@pytest.mark.parametrize(
    "hang_on, words",
    [
        (
            lambda row: Dossier.objects.create(
                registration=row, level=Level.objects.all()[0], unit=row.unit, proposed_on="2023-12-01"
            ),
            "đã có hồ sơ đề nghị",
        ),
        (
            lambda row: Continuity.objects.update_or_create(registration=row, defaults={"state": "open", "is_by_hand": True}),
            "đã có người quyết định đăng ký nối với mô hình nào",
        ),
        (
            _called_other,
            "đã có người trả lời đăng ký có phải gửi hai lần",
        ),
    ],
)
def test_what_others_did_with_an_acceptance_keeps_it(checker: Client, hang_on: Any, words: str) -> None:
    row = sent()
    checker.post(at(row), {"viec": "nhan"})
    hang_on(Registration.objects.get(pk=row.pk))
    assert f"Không hoàn tác được: {words}. Cần sửa thì dùng “Mở lại để sửa”." in undone(checker, row)
    assert Registration.objects.get(pk=row.pk).state == "accepted"
