"""Criteria on their page, and the few clauses of criteria and ballots that only odd entries meet."""

from decimal import Decimal
from typing import Any

import pytest

from organisation.models import Unit
from recognition.models import BallotResult, CouncilMember, CriteriaSet, Meeting
from recognition.services import close_voting, ensure_criteria, open_voting, save_criteria
from recognition.validators import BandLine, CriterionLine
from tests.online import person
from tests.pages import entered, last_message, refused
from tests.rounds import COMMUNE, DISTRICT_STAFF, JUDGES, on, plan, seat, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF
PAGE = "/lam-viec/tieu-chi/"
FORM = {
    "ten": "Bộ của huyện",
    "toi-thieu": "50",
    "tc-0-ten": "Hiệu quả",
    "tc-0-diem": "60",
    "tc-0-he-so": "",
    "tc-0-toi-thieu": "30,5",
    "tc-0-loai": "on",
    "tc-1-ten": "Lan tỏa",
    "tc-1-diem": "40",
    "tc-1-he-so": "1",
    "muc-0-ten": "Đạt",
    "muc-0-tu": "0",
    "muc-0-den": "100",
}


def test_criteria_are_saved_on_the_page_as_a_version_of_the_body() -> None:
    saved = entered(STAFF).post(PAGE, FORM)
    made = CriteriaSet.objects.latest("pk")
    assert (saved["Location"], last_message(saved)) == (f"{PAGE}?bo={made.pk}", f"Đã lưu {made}. Đợt xét đã lập giữ bản cũ.")
    assert (made.name, made.minimum_total) == ("Bộ của huyện", 50)
    lines = made.criteria.order_by("position").values_list("name", "maximum", "weight", "minimum", "is_knockout")
    assert list(lines) == [
        ("Hiệu quả", Decimal(60), Decimal(1), Decimal("30.5"), True),
        ("Lan tỏa", Decimal(40), Decimal(1), None, False),
    ]
    assert list(made.bands.values_list("name", "from_total", "to_total")) == [("Đạt", 0, 100)]


@pytest.mark.parametrize(
    "changed, place, words",
    [
        ({"tc-1-diem": "bốn"}, "tc-1-diem", "Điểm tối đa của “Lan tỏa”: “bốn” không phải số; viết 10 hoặc 7,5."),
        ({"muc-0-den": ""}, "muc-0-den", "Mức “Đạt”: “” không phải số; viết 10 hoặc 7,5."),
        ({"muc-0-ten": ""}, "muc-0-ten", "Có mức xếp loại chưa ghi tên."),
    ],
)
def test_a_number_or_name_that_is_missing_is_said_and_nothing_is_saved(changed: dict[str, str], place: str, words: str) -> None:
    ensure_criteria()
    before = CriteriaSet.objects.count()
    response = entered(STAFF).post(PAGE, FORM | changed)
    assert (response.status_code, response.context["errors"]) == (422, [(place, words)])
    assert f'id="{place}"' in response.content.decode()
    assert response.context["typed"]["name"] == "Bộ của huyện"
    assert CriteriaSet.objects.count() == before


def test_who_runs_no_rounds_has_no_criteria() -> None:
    assert entered(COMMUNE).get(PAGE).status_code == 404


def test_names_of_criteria_and_bands_have_their_limits() -> None:
    body, staff = Unit.objects.get(key="ham-thuan-bac"), person(STAFF)
    long = CriterionLine("x" * 201, Decimal(100))
    with refused(f"Tên tiêu chí “{'x' * 40}…” dài quá 200 ký tự."):
        save_criteria(name="Bộ", lines=[long], bands=[], minimum_total=Decimal(0), unit=body, actor=staff)
    nameless = BandLine(" ", Decimal(0), Decimal(100))
    with refused("Có mức xếp loại chưa ghi tên."):
        save_criteria(
            name="Bộ",
            lines=[CriterionLine("Một", Decimal(100))],
            bands=[nameless],
            minimum_total=Decimal(0),
            unit=body,
            actor=staff,
        )


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_ballot_of_three_closes_without_the_fourth(stage: Any) -> None:
    (round_, dossiers) = stage
    with on(9, 10):
        CouncilMember.objects.create(
            round=round_, user=person("tinh.lanhdao"), name="Người thứ tư", task="member", starts_on=round_.propose_from
        )
        plan(round_, (*JUDGES, "tinh.lanhdao"), ballot="secret")
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        for judge in JUDGES:
            vote(round_, judge, dict.fromkeys(dossiers, "for"))
        close_voting(round_id=round_.pk, even_so=True, actor=person(STAFF))
    assert [str(result) for result in BallotResult.objects.all()] == ["3/4", "3/4"]


@pytest.mark.stage("meeting")
def test_an_open_vote_of_who_turned_out_to_have_an_interest_does_not_count(stage: Any) -> None:
    (round_, (first, second)) = stage
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        for judge in JUDGES:
            vote(round_, judge, {first: "for", second: "for"})
        first.writers.add(person(JUDGES[2]))
        close_voting(round_id=round_.pk, actor=person(STAFF))
    results = {result.dossier: (str(result), [who["name"] for who in result.aside]) for result in BallotResult.objects.all()}
    assert results == {first: ("2/2", [str(seat(round_, JUDGES[2]))]), second: ("3/3", [])}
    assert Meeting.objects.get(round=round_).state == "closed"
