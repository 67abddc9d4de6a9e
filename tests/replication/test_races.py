"""Two officers at once, on PostgreSQL with threads."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from common.exceptions import DomainError
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from replication.enums import CampaignAction
from replication.models import (
    Adoption,
    AdoptionOutput,
    CampaignTarget,
    CountedOutput,
    HowTo,
    StudyPhoto,
    StudyVisit,
)
from replication.services import (
    StaleHowTo,
    VisitAnswered,
    VisitAsked,
    VisitTold,
    add_study_photo,
    add_targets,
    agree_visit,
    ask_visit,
    cancel_visit,
    change_campaign,
    end_adoption,
    link_registration,
    move_campaign,
    record_visit,
    save_how_to,
)
from tests.online import person
from tests.photos import photo
from tests.replicating import COMMUNES, HTB_DAY, STAFF, adopted, campaign_typed, counted, opened, source, unit
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("transactional_db")]


def test_two_who_write_the_same_place_down_write_one() -> None:
    results = at_once(lambda: adopted(place="Thôn 1").pk, lambda: adopted(place="thôn  1").pk)
    assert results[0] == results[1] == Adoption.objects.get().pk


def test_two_different_numbers_for_one_day_one_is_told() -> None:
    one = adopted()
    results = at_once(lambda: counted(one, "12").quantity, lambda: counted(one, "15").quantity)
    kept = AdoptionOutput.objects.get().quantity
    assert CountedOutput.objects.count() == 1
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
    told = next(result for result in results if isinstance(result, DomainError))
    assert f"đã ghi {kept:.0f} lò" in str(told) and kept in (Decimal(12), Decimal(15))


def test_two_who_start_a_campaign_tell_once() -> None:
    campaign = opened()
    add_targets(campaign_id=campaign.pk, unit_ids=[unit(COMMUNES[0]).pk], on=HTB_DAY, quantity=None, actor=person(STAFF))
    start = {"campaign_id": campaign.pk, "action": CampaignAction.START}
    results = at_once(*[lambda: move_campaign(**start, actor=person(STAFF)).state] * 2)
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]


def test_two_who_ask_the_same_units_ask_once() -> None:
    campaign = opened()
    ids = [unit(key).pk for key in COMMUNES]
    given: dict[str, Any] = {"campaign_id": campaign.pk, "unit_ids": ids, "on": HTB_DAY, "quantity": None}
    results = at_once(*[lambda: add_targets(**given, actor=person(STAFF))] * 2)
    assert sorted(results) == [0, 4] and CampaignTarget.objects.count() == 4


def test_two_ties_that_would_make_a_circle_make_a_line() -> None:
    """Hàm Phú's own model is tied under Hàm Hiệp's, and Hàm Hiệp's under Hàm Phú's, at once: one of the two is refused."""
    from models_registry.models import Registration

    theirs = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).earliest("pk")
    home = Registration.objects.get(model=source(), season__year=2023)
    down, up = adopted(), adopted("ham-thuan-bac/xa-ham-hiep", model_id=theirs.model_id)
    staff = person(STAFF)
    results = at_once(
        lambda: link_registration(adoption_id=down.pk, registration_id=theirs.pk, actor=staff).pk,
        lambda: link_registration(adoption_id=up.pk, registration_id=home.pk, actor=staff).pk,
    )
    assert sum(isinstance(result, Exception) for result in results) == 1
    above = dict(Adoption.objects.values_list("pk", "parent"))
    for start in above:
        line = [start]
        while above[line[-1]]:
            line.append(above[line[-1]])  # type: ignore[arg-type]
            assert len(line) == len(set(line))


def test_taken_on_while_the_model_is_tied_into_another_line_stands_in_that_line() -> None:
    """Whoever waited for the lock decides anew: nothing hangs on a model that is no origin any more."""
    from models_registry.models import Registration

    theirs = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).earliest("pk")
    down, staff = adopted(), person(STAFF)
    results = at_once(
        lambda: link_registration(adoption_id=down.pk, registration_id=theirs.pk, actor=staff).pk,
        lambda: adopted(COMMUNES[1], model_id=theirs.model_id).pk,
        lambda: opened(title="Một chiến dịch khác").pk,
    )
    assert not isinstance(results[0], Exception)
    assert not isinstance(results[1], Exception) or "bấm lại" in str(results[1])
    assert set(Adoption.objects.values_list("origin", flat=True)) == {source().pk}
    assert set(CountedOutput.objects.values_list("origin", flat=True)) == {source().pk}


def test_writers_of_one_line_wait_for_each_other_and_never_in_a_circle() -> None:
    from models_registry.models import Registration

    staff = person(STAFF)
    for number in range(4):
        one = adopted(place=f"Thôn {number}")
        campaign = opened(title=f"Chiến dịch {number}")
        theirs = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).order_by("pk")[
            number
        ]
        results = at_once(
            lambda one=one: counted(one, "12").pk,
            lambda one=one: end_adoption(adoption_id=one.pk, ended_on="1/4/2024", why="Thôi", actor=staff).pk,
            lambda one=one, theirs=theirs: link_registration(adoption_id=one.pk, registration_id=theirs.pk, actor=staff).pk,
            lambda campaign=campaign, number=number: (
                change_campaign(campaign_id=campaign.pk, typed=campaign_typed(title=f"Tên mới {number}"), actor=staff).pk
            ),
        )
        assert not [error for error in results if isinstance(error, OperationalError)], results


def test_two_who_ask_for_a_visit_ask_once() -> None:
    def ask() -> int:
        typed = VisitAsked("15/4/2024", "5", "Xem lò", "Lan")
        given: dict[str, Any] = {"model_id": source().pk, "visitor": unit(COMMUNES[0]), "typed": typed}
        return ask_visit(**given, actor=person(STAFF))[0].pk

    results = at_once(ask, ask)
    assert results[0] == results[1] == StudyVisit.objects.get().pk
    assert Message.objects.filter(recipient__username="hamhiep.canbo").count() == 1


def test_the_host_agrees_while_the_visitors_cancel() -> None:
    typed = VisitAsked("15/4/2024", "5", "Xem lò", "Lan")
    visit = ask_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=typed, actor=person(STAFF))[0]
    results = at_once(
        lambda: agree_visit(visit_id=visit.pk, typed=VisitAnswered("20/4/2024"), actor=person("hamhiep.canbo")).state,
        lambda: cancel_visit(visit_id=visit.pk, why="Mưa", actor=person(STAFF)).state,
    )
    visit.refresh_from_db()
    assert visit.state == "cancelled"
    assert results[1] == "cancelled" and (results[0] == "agreed" or isinstance(results[0], InvalidTransition))


def test_two_who_write_how_to_copy_one_is_told() -> None:
    def save(steps: str) -> Any:
        return save_how_to(model_id=source().pk, texts={"steps": steps}, seen=0, actor=person(STAFF)).steps

    results = at_once(lambda: save("Một"), lambda: save("Hai"))
    assert sorted(isinstance(result, StaleHowTo) for result in results) == [False, True]
    assert HowTo.objects.get().steps in results


def test_one_photo_sent_twice_is_kept_once(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    typed = VisitTold("1/3/2024", "", "", "Học")
    visit = record_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=typed, actor=person(STAFF))
    data = photo()

    def send() -> Any:
        return add_study_photo(visit_id=visit.pk, file=SimpleUploadedFile("a.jpg", data), actor=person(STAFF)).pk

    results = at_once(send, send)
    assert results[0] == results[1] == StudyPhoto.objects.get().pk
