"""Rounds and their dossiers, clause by clause."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from common.exceptions import DomainError, NotAllowed
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from recognition.enums import DossierAction, Phase
from recognition.models import RecognitionRound
from recognition.selectors.rounds import criteria_sets, proposing_units, rounds_visible_to
from recognition.services import (
    RoundPlan,
    advance,
    change_round,
    ensure_criteria,
    save_criteria,
    set_quotas,
)
from recognition.transitions import NEXT_PHASE
from recognition.validators import BandLine, CriterionLine, default_lines, read_points
from tests.online import person
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    PROVINCE_STAFF,
    do,
    opened,
    proposed,
    proposing,
    rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]


# --- criteria


def test_the_default_criteria_are_of_a_hundred_points_and_none_under_half() -> None:
    made = ensure_criteria()
    assert (made.top, made.minimum_total, made.criteria.count()) == (100, 70, 7)
    assert all(one.minimum == one.maximum / 2 for one in made.criteria.all())
    assert ensure_criteria() == made


@pytest.mark.parametrize(
    "change, said",
    [
        ({"lines": []}, "ít nhất một tiêu chí"),
        ({"lines": [CriterionLine("", Decimal(10))]}, "chưa ghi tên"),
        ({"lines": [CriterionLine("Một", Decimal(10)), CriterionLine("một ", Decimal(90))]}, "ghi hai lần"),
        ({"lines": [CriterionLine("Một", Decimal(0))]}, "phải lớn hơn 0"),
        ({"lines": [CriterionLine("Một", Decimal(10), minimum=Decimal(11))]}, "tối thiểu phải từ 0 đến 10"),
        ({"lines": [CriterionLine("Một", Decimal(10), is_knockout=True)]}, "tiêu chí loại nên cần điểm tối thiểu"),
        ({"minimum_total": Decimal(101)}, "từ 0 đến 100"),
        ({"bands": [BandLine("Đạt", Decimal(0), Decimal(50)), BandLine("Tốt", Decimal(60), Decimal(100))]}, "hở"),
        ({"bands": [BandLine("Đạt", Decimal(0), Decimal(60)), BandLine("Tốt", Decimal(50), Decimal(100))]}, "chồng nhau"),
        ({"bands": [BandLine("Đạt", Decimal(0), Decimal(90))]}, "phải đến đúng 100"),
        ({"bands": [BandLine("Đạt", Decimal(10), Decimal(10))]}, "điểm cuối phải lớn hơn"),
        ({"name": " "}, "đặt tên"),
        ({"lines": [CriterionLine("Một", Decimal(99999))]}, "nhiều nhất 9999"),
        ({"lines": [CriterionLine("Một", Decimal(10), weight=Decimal("0.0001"))]}, "hai chữ số lẻ"),
        ({"lines": [CriterionLine("Một", Decimal(9000), weight=Decimal(9))], "bands": []}, "không quá 9999"),
        ({"bands": [BandLine("x" * 61, Decimal(0), Decimal(100))]}, "dài quá 60"),
    ],
)
def test_criteria_that_cannot_be_are_refused(change: dict[str, Any], said: str) -> None:
    lines, bands = default_lines()
    given = {"name": "Bộ thử", "lines": lines, "bands": bands, "minimum_total": Decimal(70)} | change
    with pytest.raises(DomainError, match=said):
        save_criteria(actor=person(PROVINCE_STAFF), unit=Unit.objects.get(key="binh-thuan"), **given)


def test_a_round_keeps_the_version_that_it_took() -> None:
    lines, bands = default_lines()
    unit, staff = Unit.objects.get(key="ham-thuan-bac"), person(DISTRICT_STAFF)
    mine = save_criteria(name="Của huyện", lines=lines, bands=bands, minimum_total=Decimal(70), unit=unit, actor=staff)
    round_ = opened(criteria=mine)
    changed = [*lines[:-1], CriterionLine("Nhân rộng", Decimal(10))]
    later = save_criteria(name="Của huyện", lines=changed, bands=bands, minimum_total=Decimal(75), unit=unit, actor=staff)
    kept = RecognitionRound.objects.get(pk=round_.pk).criteria
    assert (kept.version, later.version, kept.minimum_total) == (1, 2, 70)
    assert kept.criteria.last().name == "Khả năng nhân rộng"  # type: ignore[union-attr]
    assert opened(criteria=later).criteria.version == 2


def test_criteria_belong_to_the_body_that_edits_them() -> None:
    default = ensure_criteria()
    lines, bands = default_lines()
    unit = Unit.objects.get(key="ham-thuan-bac")
    given: dict[str, Any] = {"name": default.name, "lines": lines, "bands": bands, "minimum_total": Decimal(70), "unit": unit}
    with pytest.raises(NotAllowed):
        save_criteria(actor=person("duclinh.chuyenvien"), **given)
    mine = save_criteria(actor=person(DISTRICT_STAFF), **given)
    assert list(criteria_sets(person(DISTRICT_STAFF))) == [mine, default]
    assert list(criteria_sets(person("duclinh.chuyenvien"))) == [default]


@pytest.mark.parametrize(
    "text, found",
    [
        ("7,5", (Decimal("7.5"), "")),
        ("10", (Decimal(10), "")),
        ("", (None, "")),
        ("10,5", (None, "10,5 quá điểm tối đa 10.")),
        ("7,3", (None, "“7,3” không phải số điểm; viết 7 hoặc 7,5.")),
        ("-1", (None, "“-1” không phải số điểm; viết 7 hoặc 7,5.")),
        ("7.5", (None, "“7.5” không phải số điểm; viết 7 hoặc 7,5.")),
        ("tám", (None, "“tám” không phải số điểm; viết 7 hoặc 7,5.")),
    ],
)
def test_points_as_they_are_typed(text: str, found: Any) -> None:
    assert read_points(text, Decimal(10)) == found


# --- opening


def test_a_round_takes_the_bodys_level_and_its_next_number() -> None:
    district, province = opened(), opened(unit="binh-thuan", by=PROVINCE_STAFF)
    assert [(one.level.key, one.number, one.unit_name) for one in (district, province)] == [
        ("district", 1, "Huyện ủy Hàm Thuận Bắc"),
        ("province", 1, "Tỉnh ủy Bình Thuận"),
    ]
    assert opened().number == 2
    assert len(proposing_units(district)) == 17
    assert len(proposing_units(province)) == 14


@pytest.mark.parametrize("by", [PROVINCE_STAFF, DISTRICT_LEADER, COMMUNE, "duclinh.chuyenvien", "quantri", "hoidong1"])
def test_a_body_opens_its_own_rounds_alone(by: str) -> None:
    with pytest.raises(NotAllowed):
        opened(by=by)


@pytest.mark.parametrize(
    "days, said",
    [
        ({"propose_from": date(2022, 12, 1)}, "trước khi năm 2023 mở"),
        ({"propose_until": date(2023, 8, 1)}, r"Nhận đề nghị đến hết ngày \(01/08/2023\) phải từ nhận đề nghị từ ngày"),
        ({"score_until": date(2023, 9, 1)}, "Thẩm định đến hết ngày"),
        ({"meet_on": date(2023, 9, 1)}, "Họp hội đồng ngày"),
        ({"decide_by": date(2023, 10, 1)}, "Quyết định trước hết ngày"),
        ({"decide_by": date(2025, 10, 1)}, "quá xa năm 2023"),
    ],
)
def test_dates_out_of_order_are_told(days: dict[str, date], said: str) -> None:
    with pytest.raises(DomainError, match=said):
        opened(**days)


def test_the_database_keeps_the_dates_in_order() -> None:
    round_ = opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionRound.objects.filter(pk=round_.pk).update(meet_on=date(2023, 1, 1))


def test_who_sees_a_round() -> None:
    round_ = opened()
    seen = {name for name in (DISTRICT_STAFF, DISTRICT_LEADER, COMMUNE, PROVINCE_STAFF, "duclinh.chuyenvien", "hoidong1", "quantri")
            if rounds_visible_to(person(name)).filter(pk=round_.pk).exists()}  # fmt: skip
    assert seen == {DISTRICT_STAFF, DISTRICT_LEADER}  # in preparation
    round_ = proposing()
    seen = {name for name in (DISTRICT_STAFF, DISTRICT_LEADER, COMMUNE, "hoidong1", "duclinh.chuyenvien", "phanthiet.chuyenvien", "quantri")
            if rounds_visible_to(person(name)).filter(pk=round_.pk).exists()}  # fmt: skip
    assert seen == {DISTRICT_STAFF, DISTRICT_LEADER, COMMUNE, "hoidong1"}


def test_quotas_are_advice_for_units_of_the_round() -> None:
    round_ = opened()
    commune, other = Unit.objects.get(key="ham-thuan-bac/xa-ham-hiep"), Unit.objects.get(key="duc-linh")
    set_quotas(round_id=round_.pk, quotas={commune.pk: 2, other.pk: 5}, actor=person(DISTRICT_STAFF))
    assert list(round_.quotas.values_list("unit__key", "number")) == [("ham-thuan-bac/xa-ham-hiep", 2)]
    set_quotas(round_id=round_.pk, quotas={commune.pk: None}, actor=person(DISTRICT_STAFF))
    assert not round_.quotas.exists()


def test_phases_follow_each_other_once_what_they_need_is_there() -> None:
    staff = person(DISTRICT_STAFF)
    round_ = opened()
    with pytest.raises(NotAllowed):
        advance(round_id=round_.pk, actor=person(PROVINCE_STAFF))
    assert advance(round_id=round_.pk, actor=staff).phase == Phase.PROPOSING
    with pytest.raises(DomainError, match="Chưa có hồ sơ nào đủ"):
        advance(round_id=round_.pk, actor=staff)
    dossier = do(proposed(round_, rows(1)[0]), DossierAction.SEND, COMMUNE)
    with pytest.raises(DomainError, match="Còn 1 hồ sơ chờ xem"):
        advance(round_id=round_.pk, actor=staff)
    do(dossier, DossierAction.COMPLETE, DISTRICT_STAFF)
    with pytest.raises(DomainError, match="Hội đồng chưa có thành viên"):
        advance(round_id=round_.pk, actor=staff)
    with pytest.raises(InvalidTransition, match="đã sang bước"):  # a page that was opened in another phase
        advance(round_id=round_.pk, actor=staff, seen="preparing")
    assert AuditEvent.objects.filter(action="advance-round").count() == 1
    assert set(NEXT_PHASE) == set(Phase) - {Phase.CLOSED}


@pytest.mark.stage("proposing")
def test_units_are_told_once_that_proposals_are_taken() -> None:
    told = Message.objects.filter(event_key__startswith="round-step:")
    assert list(told.values_list("recipient__username", flat=True)) == [COMMUNE]
    assert "nhận hồ sơ đề nghị đến hết ngày 20/09/2023" in told[0].subject


def _given(round_: RecognitionRound, by: str = DISTRICT_STAFF, **changes: Any) -> dict[str, Any]:
    return {"round_id": round_.pk, "plan": replace(RoundPlan.of(round_), **changes), "actor": person(by)}


def test_a_round_changes_freely_in_preparation_then_only_its_days_to_come() -> None:
    round_ = opened()
    changed = change_round(**_given(round_, propose_from=date(2023, 9, 3), papers=["proposal"]))
    assert (changed.propose_from, changed.papers) == (date(2023, 9, 3), ["proposal"])
    with pytest.raises(DomainError, match="trở đi"):
        change_round(**_given(changed, meet_on=date(2023, 9, 1)))
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    for change, said in (
        ({"papers": []}, "giữ bộ tiêu chí"),
        ({"propose_from": date(2023, 9, 4)}, "bước đã qua"),
        ({"score_until": date(2023, 9, 9)}, "trước hôm nay"),
    ):
        with pytest.raises(DomainError, match=said):
            change_round(**_given(round_, **change))
    moved = change_round(**_given(round_, score_until=date(2023, 10, 4)))
    assert moved.score_until == date(2023, 10, 4)
    event = AuditEvent.objects.filter(action="change-round").latest("pk")
    assert event.changes == {"score_until": ["2023-09-30", "2023-10-04"]}
    with pytest.raises(NotAllowed):
        change_round(**_given(moved, by=PROVINCE_STAFF))


def test_the_page_that_changes_a_round(client: Client) -> None:
    round_ = opened()
    client.force_login(person(DISTRICT_STAFF), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/lam-viec/dot-xet/{round_.pk}/sua/").content.decode()
    assert 'value="01/09/2023"' in page and "Sửa đợt xét" in page
    sent = {"unit": "ham-thuan-bac", "propose_from": "02/09/2023", "propose_until": "20/09/2023", "score_until": "30/09/2023"}
    sent |= {"meet_on": "05/10/2023", "decide_by": "12/10/2023", "criteria": str(round_.criteria_id), "spread_limit": "12,5"}
    assert client.post(f"/lam-viec/dot-xet/{round_.pk}/sua/", sent).status_code == 302
    assert RecognitionRound.objects.get().propose_from == date(2023, 9, 2)
    assert client.post(f"/lam-viec/dot-xet/{round_.pk}/sua/", sent | {"meet_on": "31/2/2023"}).status_code == 422
