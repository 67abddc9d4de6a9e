"""The council: who sits in it, whom an interest keeps out, who is given what, who is reminded."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from common.exceptions import DomainError, NotAllowed
from notifications.models import Message
from recognition.enums import DossierAction, Phase, SheetState
from recognition.models import Assignment, Dossier, ScoreSheet
from recognition.permissions import seat_of
from recognition.selectors.council import conflicts_of, members_of, proposed_assignments
from recognition.selectors.dossiers import candidates, dossiers_of_member, readable_by
from recognition.selectors.rounds import proposing_units
from recognition.selectors.scoring import standings
from recognition.services import (
    advance,
    assign,
    assign_evenly,
    declare_conflict,
    mark_missing,
    remind_rounds,
    remove_member,
    reopen_sheet,
    save_scores,
    seat_member,
    unassign,
)
from tests.online import person
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    FULL,
    JUDGES,
    PROVINCE_STAFF,
    complete,
    do,
    on,
    opened,
    proposing,
    role,
    rows,
    score,
    scoring,
    seat,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
ONE, TWO, THREE = JUDGES


@pytest.mark.stage("proposing")
def test_seats_are_given_by_who_runs_the_round(stage: Any) -> None:
    round_ = stage
    with pytest.raises(NotAllowed):
        seat_member(round_id=round_.pk, user=person(TWO), task="member", actor=person(DISTRICT_LEADER))
    with pytest.raises(DomainError, match="đã có Chủ tịch"):
        seat_member(round_id=round_.pk, user=person(TWO), task="chair", actor=person(DISTRICT_STAFF))
    with pytest.raises(DomainError, match="nhiệm vụ"):
        seat_member(round_id=round_.pk, user=person(TWO), task="king", actor=person(DISTRICT_STAFF))
    again = seat_member(round_id=round_.pk, user=person(TWO), task="secretary", actor=person(DISTRICT_STAFF))
    assert (again.pk, again.task, round_.members.count()) == (seat(round_, TWO).pk, "secretary", 3)


@pytest.mark.stage("proposing")
def test_interests_found_by_rule(stage: Any) -> None:
    round_ = stage
    first, second = rows(2)
    dossiers = [complete(round_, first), complete(round_, second, by=DISTRICT_STAFF)]
    role(ONE, "thanh-vien-hoi-dong", "ham-thuan-bac/xa-ham-hiep")  # works where the models are
    seat_member(round_id=round_.pk, user=person(DISTRICT_STAFF), task="secretary", actor=person(DISTRICT_STAFF))
    found = conflicts_of(round_)
    by = {(round_.members.get(pk=m).user.username, Dossier.objects.get(pk=d).number): why for (m, d), why in found.items()}
    assert by == {
        (ONE, 1): "thuộc đơn vị đề nghị",
        (ONE, 2): "thuộc đơn vị đề nghị",
        (DISTRICT_STAFF, 2): "đã lập hoặc gửi hồ sơ này",
    }
    made, refused = assign(
        round_id=round_.pk,
        member_ids=[seat(round_, ONE).pk, seat(round_, TWO).pk],
        dossier_ids=[one.pk for one in dossiers],
        actor=person(DISTRICT_STAFF),
    )
    assert made == 2 and len(refused) == 2 and "thuộc đơn vị đề nghị" in refused[0]


def test_whoever_wrote_the_registration_does_not_judge_it() -> None:
    from tests.online import accepted

    with on(9, 5):
        row = accepted(starts_on="01/03/2023")
    round_ = proposing()
    dossier = complete(round_, row, by=DISTRICT_STAFF)
    member = seat_member(round_id=round_.pk, user=person(COMMUNE), task="member", actor=person(DISTRICT_STAFF))
    assert conflicts_of(round_)[member.pk, dossier.pk] == "đã viết hoặc gửi đăng ký này"


@pytest.mark.stage("scoring")
def test_a_declared_interest_takes_the_dossier_and_what_was_written_away(stage: Any) -> None:
    (round_, (first, second)) = stage
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, FULL), actor=person(ONE))
    with pytest.raises(DomainError, match="liên quan thế nào"):
        declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="x", actor=person(ONE))
    declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Anh ruột là chủ trì", actor=person(ONE))
    assert not ScoreSheet.objects.filter(member=seat(round_, ONE)).exists()
    assert list(dossiers_of_member(seat(round_, ONE))) == [second]
    assert readable_by(person(ONE), first.pk) is None
    with pytest.raises(NotAllowed):
        save_scores(round_id=round_.pk, dossier_id=first.pk, typed={}, actor=person(ONE))
    _, refused = assign(
        round_id=round_.pk, member_ids=[seat(round_, ONE).pk], dossier_ids=[first.pk], actor=person(DISTRICT_STAFF)
    )
    assert "Anh ruột là chủ trì" in refused[0]


@pytest.mark.stage("proposing")
def test_an_even_spread_is_proposed_and_confirmed(stage: Any) -> None:
    round_ = stage
    for row in rows(4):
        complete(round_, row)
    proposed = proposed_assignments(round_, 2)
    load = [sum(member == one for member, _ in proposed) for one in round_.members.all()]
    assert len(proposed) == 8 and max(load) - min(load) <= 1
    assert not Assignment.objects.exists()
    assert assign_evenly(round_id=round_.pk, per_dossier=2, actor=person(DISTRICT_STAFF)) == 8
    assert assign_evenly(round_id=round_.pk, per_dossier=2, actor=person(DISTRICT_STAFF)) == 0
    one = Assignment.objects.all()[0]
    unassign(round_id=round_.pk, member_id=one.member_id, dossier_id=one.dossier_id, actor=person(DISTRICT_STAFF))
    assert Assignment.objects.count() == 7


@pytest.mark.stage("scoring")
def test_a_removed_member_keeps_the_scores_given_and_loses_the_rest(stage: Any) -> None:
    (round_, (first, second)) = stage
    score(round_, first, ONE)
    save_scores(round_id=round_.pk, dossier_id=second.pk, typed=typed(round_, FULL), actor=person(ONE))
    with pytest.raises(DomainError, match="lý do"):
        remove_member(member_id=seat(round_, ONE).pk, why=" ", actor=person(DISTRICT_STAFF))
    remove_member(member_id=seat(round_, ONE).pk, why="Chuyển công tác", actor=person(DISTRICT_STAFF))
    assert ScoreSheet.objects.get(member=seat(round_, ONE), dossier=first).state == SheetState.SENT
    assert not Assignment.objects.filter(member=seat(round_, ONE), dossier=second).exists()
    with pytest.raises(NotAllowed, match="Điểm đã ghi vẫn được giữ"):
        save_scores(round_id=round_.pk, dossier_id=second.pk, typed={}, actor=person(ONE))
    for name in (TWO, THREE):
        for dossier in (first, second):
            score(round_, dossier, name)
    with on(10, 1):
        advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
        top = next(
            one for one in standings(person(DISTRICT_STAFF), round_.__class__.objects.get(pk=round_.pk)) if one.dossier == first
        )
    assert [member.removed_at is not None for _, member, _ in top.sheets].count(True) == 1


@pytest.mark.stage("scoring")
def test_members_are_reminded_before_the_last_day_and_by_hand(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage

    def told(name: str) -> list[str]:
        found = Message.objects.filter(recipient__username=name, event_key__startswith="remind-round").order_by("pk")
        return [one.subject for one in found]

    for dossier in (first, second):
        score(round_, dossier, TWO)
    assert remind_rounds() == 0
    with on(9, 27):
        assert (remind_rounds(), remind_rounds()) == (2, 0)
    said = f"{round_}: còn 2 hồ sơ chưa chấm, đến hết ngày 30/09/2023"
    assert (told(ONE), told(TWO), told(THREE)) == ([said], [], [said])
    with on(9, 29):
        assert remind_rounds() == 2
    with on(10, 1):
        assert remind_rounds() == 0


def test_units_are_reminded_of_dossiers_not_yet_sent() -> None:
    from tests.rounds import proposed

    proposed(proposing(), rows(1)[0])
    assert remind_rounds() == 0
    with on(9, 19):
        assert (remind_rounds(), remind_rounds()) == (1, 0)
    assert Message.objects.get(event_key__startswith="remind-dossier").recipient.username == COMMUNE


# --- what a review found


def test_a_round_reaches_no_sheet_of_another_round() -> None:
    round_, (first, _) = scoring()
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, FULL), actor=person(ONE))
    with on(9, 10):
        other = proposing(unit="binh-thuan", by=PROVINCE_STAFF)
    with pytest.raises(DomainError, match="không giao cho người ấy"):
        unassign(round_id=other.pk, member_id=seat(round_, ONE).pk, dossier_id=first.pk, actor=person(PROVINCE_STAFF))
    assert ScoreSheet.objects.filter(member=seat(round_, ONE), dossier=first).exists()


@pytest.mark.stage("scoring")
def test_what_was_once_handed_in_is_never_lost(stage: Any) -> None:
    (round_, (first, _)) = stage
    sheet = score(round_, first, ONE)
    reopen_sheet(sheet_id=sheet.pk, why="Cộng nhầm", actor=person(DISTRICT_STAFF))
    with pytest.raises(DomainError, match="từng nộp"):
        unassign(round_id=round_.pk, member_id=seat(round_, ONE).pk, dossier_id=first.pk, actor=person(DISTRICT_STAFF))
    declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Anh ruột là chủ trì", actor=person(ONE))
    assert ScoreSheet.objects.get(pk=sheet.pk).scores.count() == 7


@pytest.mark.stage("scoring")
def test_an_interest_that_comes_to_light_later_takes_the_sheet_out_of_the_mean(stage: Any) -> None:
    (round_, (first, second)) = stage
    for name, points in zip(JUDGES, (FULL, (8, 14, 10, 20, 7, 6, 6), FULL), strict=True):
        score(round_, first, name, points)
        score(round_, second, name)
    declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Em dâu làm chủ trì", actor=person(TWO))
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    found = next(one for one in standings(person(DISTRICT_STAFF), round_) if one.dossier == first)
    assert (found.mean, len(found.sheets)) == (88, 2)


@pytest.mark.stage("proposing")
def test_an_interest_holds_against_a_second_role_and_after_the_seat(client: Client, stage: Any) -> None:
    round_ = stage
    dossier = complete(round_, rows(1)[0])
    member = seat_member(round_id=round_.pk, user=person(DISTRICT_LEADER), task="member", actor=person(DISTRICT_STAFF))
    assert readable_by(person(DISTRICT_LEADER), dossier.pk) is not None
    declare_conflict(round_id=round_.pk, dossier_id=dossier.pk, reason="Anh ruột là chủ trì", actor=person(DISTRICT_LEADER))
    assert readable_by(person(DISTRICT_LEADER), dossier.pk) is None
    remove_member(member_id=member.pk, why="Có liên quan", actor=person(DISTRICT_STAFF))
    client.force_login(person(DISTRICT_LEADER))
    assert client.get(f"/lam-viec/ho-so/{dossier.pk}/").status_code == 404


@pytest.mark.stage("proposing")
def test_whoever_wrote_any_part_of_a_dossier_does_not_judge_it(stage: Any) -> None:
    from recognition.services import write_dossier
    from tests.rounds import proposed

    round_ = stage
    dossier = proposed(round_, rows(1)[0])
    write_dossier(dossier_id=dossier.pk, summary="136 lò", actor=person(DISTRICT_STAFF))
    member = seat_member(round_id=round_.pk, user=person(DISTRICT_STAFF), task="secretary", actor=person(DISTRICT_STAFF))
    assert conflicts_of(round_)[member.pk, dossier.pk] == "đã lập hoặc gửi hồ sơ này"


@pytest.mark.stage("scoring", count=1)
def test_a_missing_sheet_is_noted_after_the_last_day_and_the_round_goes_on(client: Client, stage: Any) -> None:
    (round_, dossiers) = stage
    score(round_, dossiers[0], ONE)
    score(round_, dossiers[0], TWO)
    ids = {
        "round_id": round_.pk,
        "member_id": seat(round_, THREE).pk,
        "dossier_id": dossiers[0].pk,
        "actor": person(DISTRICT_STAFF),
    }
    with pytest.raises(DomainError, match="Còn hạn"):
        mark_missing(why="Không nộp", **ids)
    with on(10, 1):
        with pytest.raises(DomainError, match="lý do"):
            mark_missing(why=" ", **ids)
        client.force_login(person(DISTRICT_STAFF))
        address = f"/lam-viec/dot-xet/{round_.pk}/phan-cong/"
        assert "còn 1 phiếu chưa nộp" in client.get(address).content.decode()
        pair = f"{seat(round_, THREE).pk}-{dossiers[0].pk}"
        client.post(address, {"viec": "vang", "ai": pair, "ly-do": "Không nộp dù đã nhắc"})
        assert advance(round_id=round_.pk, actor=person(DISTRICT_STAFF)).phase == Phase.JOINT


@pytest.mark.stage("scoring")
def test_a_withdrawn_dossier_is_nobodys_task_any_more(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    score(round_, first, ONE)
    do(first, DossierAction.WITHDRAW, COMMUNE, "Rút")
    client.force_login(person(ONE))
    assert "Chấm 1 hồ sơ được giao" in client.get("/lam-viec/").content.decode()
    assert "Đã xong 0/1" in client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/").content.decode()
    score(round_, second, ONE)
    assert "hồ sơ được giao" not in client.get("/lam-viec/").content.decode()


@pytest.mark.stage("proposing")
def test_quotas_on_the_page(client: Client, stage: Any) -> None:
    round_ = stage
    unit = round_.unit.child_versions.filter(unit__key="ham-thuan-bac/xa-ham-hiep")[0].unit
    client.force_login(person(DISTRICT_STAFF))
    address = f"/lam-viec/dot-xet/{round_.pk}/chi-tieu/"
    assert "“hai” không phải một số" in client.post(address, {f"ct-{unit.pk}": "hai"}, follow=True).content.decode()
    client.post(address, {f"ct-{unit.pk}": "2"})
    assert list(round_.quotas.values_list("unit", "number")) == [(unit.pk, 2)]


def test_whoever_wrote_the_registration_judges_neither_the_withdrawn_dossier_nor_the_new_one() -> None:
    from tests.online import accepted

    with on(9, 5):
        row = accepted(starts_on="01/03/2023")
    round_ = proposing()
    first = do(complete(round_, row, by=DISTRICT_STAFF), DossierAction.WITHDRAW, DISTRICT_STAFF, "Rút")
    second = complete(round_, row, by=DISTRICT_STAFF)
    member = seat_member(round_id=round_.pk, user=person(COMMUNE), task="member", actor=person(DISTRICT_STAFF))
    assert {first.pk, second.pk} <= {dossier for who, dossier in conflicts_of(round_) if who == member.pk}


@pytest.mark.stage("scoring")
def test_a_seat_has_a_term(client: Client, stage: Any) -> None:
    (round_, (one, _)) = stage
    staff, member = person(DISTRICT_STAFF), person(JUDGES[0])
    with pytest.raises(DomainError, match="đã hết"):
        seat_member(round_id=round_.pk, user=member, task="chair", ends_on=date(2023, 9, 9), actor=staff)
    seat_member(round_id=round_.pk, user=member, task="chair", ends_on=date(2023, 9, 12), actor=staff)
    with on(9, 12):
        assert seat_of(member, round_) is not None
    with on(9, 13):
        assert seat_of(member, round_) is None and member.pk not in {row.user_id for row in members_of(round_)}
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{one.pk}/").status_code == 404


def test_a_communes_own_round_judges_its_own_models() -> None:
    """The grassroots, in the year when a district kept the register."""
    key = "ham-thuan-bac/xa-ham-hiep"
    staff = role("duclinh.chuyenvien", "chuyen-vien-huyen", key)
    own = role("phanthiet.chuyenvien", "can-bo-co-so", key)
    round_ = opened(unit=key, by="duclinh.chuyenvien")
    assert (round_.level_names.honour_name, [version.unit.key for version in proposing_units(round_)]) == ("Cấp cơ sở", [key])
    member = seat_member(round_id=round_.pk, user=own, task="chair", actor=staff)
    round_ = advance(round_id=round_.pk, actor=staff)
    offered = candidates(person(COMMUNE), round_)
    assert offered and {row.place.key for row in offered if row.place} == {key}
    dossier = complete(round_, offered[0], COMMUNE, "duclinh.chuyenvien")
    assert dossier.unit is not None and dossier.unit.key == key
    assert conflicts_of(round_) == {}  # the commune's own people judge the commune's own
    assert assign(round_id=round_.pk, member_ids=[member.pk], dossier_ids=[dossier.pk], actor=staff) == (1, [])
