"""Who is waited for in a round of 128 units: short where one decides, paged where one looks, told apart by who can be reached."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from models_registry.models import Season
from organisation.models import Unit, User
from organisation.selectors.units import reporting_units, unit_on
from organisation.services import give_role
from recognition.enums import Phase
from recognition.models import RecognitionRound, RoundReminder, UnitQuota
from recognition.services import ensure_criteria
from tests.many_units import DAY, STAFF
from tests.pages import entered, last_message, plain

pytestmark = [pytest.mark.django_db, pytest.mark.stage("many-units")]


@pytest.fixture
def round_(stage: Season) -> Any:
    """A round that takes proposals of 128 units, of which one can be reached on the portal."""
    body, first = Unit.objects.get(key="lam-dong"), next(iter(reporting_units(DAY)))
    account = User.objects.create(username="mot-noi", full_name="Một nơi")
    give_role(user=account, role="chuyen-vien-huyen", unit=first.unit, starts_on=date(2025, 7, 1), actor=None)
    with time_machine.travel(f"{DAY}T03:00:00Z", tick=False):
        yield RecognitionRound.objects.create(
            season=stage,
            unit=body,
            unit_name=unit_on(body, DAY).name,
            level=unit_on(body, DAY).level,
            phase=Phase.PROPOSING,
            propose_from=DAY,
            propose_until=DAY + timedelta(days=20),
            score_until=DAY + timedelta(days=30),
            meet_on=DAY + timedelta(days=40),
            decide_by=DAY + timedelta(days=50),
            criteria=ensure_criteria(),
        )


def at(round_: RecognitionRound, page: str) -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}/"


@pytest.fixture
def staff() -> Client:
    return entered(STAFF)


def test_the_ways_to_go_on_stand_under_the_first_of_those_waited_for(round_: RecognitionRound, staff: Client) -> None:
    page = staff.get(at(round_, "chuyen-buoc")).content.decode()
    assert page.count('class="card-title"') == 5
    assert "và 123 nơi nữa" in plain(page) and f'href="{at(round_, "cho-ai")}"' in page


def test_those_waited_for_are_paged(round_: RecognitionRound, staff: Client) -> None:
    pages = [staff.get(at(round_, "cho-ai"), {"trang": number}).content.decode() for number in (1, 3)]
    assert [page.count('class="card-title"') for page in pages] == [50, 28]
    assert all("Đơn vị 128" in plain(page) for page in pages)


def test_whom_no_message_reaches_stands_apart_and_is_told_so(round_: RecognitionRound, staff: Client) -> None:
    page = staff.get(at(round_, "nhac"))
    apart = page.content.decode().partition("127 nơi chưa có ai nhận tin trên cổng")
    assert apart[0].count('name="ai"') == 1 and apart[2].count('name="ai"') == 127
    given = {"ai": [one.key for one, _ in page.context["lines"]], "loi": "Xin gửi: {liên kết}", "lan": str(uuid4())}
    looked_at = staff.post(at(round_, "nhac"), given | {"viec": "xem"}).content.decode()
    assert "1 nơi nhận tin trên cổng" in plain(looked_at) and "Gửi 1 nơi, lấy lời nhắc 127 nơi" in plain(looked_at)
    assert looked_at.partition("Xem 118 lời nhắc nữa")[0].count('class="paper-text"') == 10
    gone = staff.post(at(round_, "nhac"), given | {"viec": "gui"})
    assert last_message(gone) == (
        "Đã nhắc 1 nơi lúc 10:00. 127 nơi chưa có ai nhận tin trên cổng: xin chép lời dưới đây gửi Zalo, thư."
    )
    assert RoundReminder.objects.filter(reached=0).count() == 127


def test_units_and_what_they_are_advised_are_paged_and_one_page_keeps_the_others(round_: RecognitionRound, staff: Client) -> None:
    first, second = (staff.get(at(round_, "don-vi"), {"trang": number}) for number in (1, 2))
    assert [len(page.context["units"]) for page in (first, second)] == [50, 50]
    one, other = (page.context["units"][0][0] for page in (first, second))
    UnitQuota.objects.create(round=round_, unit=one.unit, number=3)
    gone = staff.post(at(round_, "chi-tieu"), {f"ct-{other.unit_id}": "2", "trang": "2"})
    assert gone["Location"] == f"{at(round_, 'don-vi')}?trang=2"
    assert dict(UnitQuota.objects.values_list("unit", "number")) == {one.unit_id: 3, other.unit_id: 2}
    wrong = staff.post(at(round_, "chi-tieu"), {f"ct-{other.unit_id}": "hai", "trang": "2"})
    assert wrong.status_code == 422 and other in [version for version, *_ in wrong.context["units"]]
    found = staff.get(at(round_, "don-vi"), {"q": other.name.lower()})
    assert other in [version for version, *_ in found.context["units"]] and len(found.context["units"]) < 50


def test_reminding_takes_as_many_queries_for_one_page_as_for_another(
    round_: RecognitionRound, staff: Client, django_assert_max_num_queries: Any
) -> None:
    for page in ("nhac", "cho-ai", "chuyen-buoc", "don-vi"):
        with django_assert_max_num_queries(40):
            staff.get(at(round_, page))
