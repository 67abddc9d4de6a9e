"""Scores: written alone, handed in, then looked at together; nothing shows before its time, by any door."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.exceptions import DomainError, NotAllowed
from organisation.models import AuditEvent
from recognition.enums import DossierAction, Phase, SheetState
from recognition.models import Score, ScoreChange
from recognition.selectors.scoring import counted, sheets_visible_to, standings
from recognition.services import (
    SheetRefused,
    Typed,
    advance,
    assign,
    mark_absent,
    reopen_sheet,
    save_own_scores,
    save_scores,
    send_sheet,
)
from tests.online import person
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    FULL,
    JUDGES,
    PROVINCE_STAFF,
    do,
    on,
    proposing,
    rows,
    score,
    scoring,
    seat,
    typed,
)
from tests.threads import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
ONE, TWO, THREE = JUDGES


# --- scoring


@pytest.mark.stage("scoring")
def test_a_sheet_is_kept_handed_in_and_closed(stage: Any) -> None:
    (round_, (first, _)) = stage
    me = person(ONE)
    saved = save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, (10, "25", "x", "", 9, 8, 8)), actor=me)
    names = {Score.objects.get(sheet=saved.sheet, criterion=pk).name: why for pk, why in saved.refused.items()}
    assert names == {
        "Sáng tạo, “khéo”": "25 quá điểm tối đa 20.",
        "Huy động, phối hợp": "“x” không phải số điểm; viết 7 hoặc 7,5.",
    }
    assert [score.points for score in saved.sheet.scores.all()] == [10, None, None, None, 9, 8, 8]
    with pytest.raises(SheetRefused) as refused:
        send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=me)
    assert len(refused.value.errors) == 3
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, (10, 9, 13, 22, 9, 4, 8)), actor=me)
    with pytest.raises(SheetRefused) as refused:  # two are under their least
        send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=me)
    assert sorted(refused.value.errors.values()) == [
        "Bền vững: dưới mức tối thiểu, xin ghi nhận xét.",
        "Sáng tạo, “khéo”: dưới mức tối thiểu, xin ghi nhận xét.",
    ]
    sheet = score(round_, first, ONE, (10, 9, 13, 22, 9, 4, 8), "Chưa rõ ai giữ")
    assert (sheet.state, send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=me).pk) == (SheetState.SENT, sheet.pk)
    with pytest.raises(DomainError, match="Thư ký mở lại"):
        save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, FULL), actor=me)


@pytest.mark.stage("scoring")
def test_the_sheet_keeps_names_maxima_and_weights(stage: Any) -> None:
    (round_, (first, _)) = stage
    sheet = score(round_, first, ONE)
    round_.criteria.criteria.update(name="Tên khác", maximum=99)
    kept = list(sheet.scores.values_list("name", "maximum", "weight")[:2])
    assert kept == [("Cấp thiết, đúng chủ trương", 10, 1), ("Sáng tạo, “khéo”", 20, 1)]


@pytest.mark.stage("scoring")
def test_the_database_keeps_points_within_the_maximum(stage: Any) -> None:
    (round_, (first, _)) = stage
    sheet = score(round_, first, ONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.scores.update(points=Decimal(99))


@pytest.mark.stage("scoring")
def test_absent_with_a_reason(stage: Any) -> None:
    (round_, (first, _)) = stage
    with pytest.raises(DomainError, match="lý do"):
        mark_absent(round_id=round_.pk, dossier_id=first.pk, why=" ", actor=person(ONE))
    sheet = mark_absent(round_id=round_.pk, dossier_id=first.pk, why="Đi công tác", actor=person(ONE))
    assert (sheet.state, sheet.absent_why) == (SheetState.ABSENT, "Đi công tác")
    with pytest.raises(DomainError, match="mở lại phiếu"):
        send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=person(ONE))


@pytest.mark.stage("scoring")
def test_a_total_has_a_band_once_every_criterion_is_scored(client: Client, stage: Any) -> None:
    (round_, (first, _)) = stage
    client.force_login(person(ONE))
    address = f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/luu/"
    names = [f"p{one.pk}" for one in round_.criteria.criteria.all()]
    bands = [
        client.post(address, dict(zip(some, map(str, FULL), strict=False))).context["band"]
        for some in (names[:1], names[:-1], names)
    ]
    assert bands[:2] == ["", ""] and bands[2]


@pytest.mark.stage("scoring")
def test_nothing_is_scored_after_the_last_day_with_the_page_left_open(client: Client, stage: Any) -> None:
    (round_, (first, _)) = stage
    client.force_login(person(ONE))
    address = f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/"
    assert client.get(address).status_code == 200
    name = f"p{round_.criteria.criteria.all()[0].pk}"
    with on(9, 30, 16):
        client.force_login(person(ONE))
        assert client.post(f"{address}luu/", {name: "9"}).status_code == 200
    with on(9, 30, 17):
        response = client.post(f"{address}luu/", {name: "8"})
        assert (response.status_code, "Đã hết hạn thẩm định" in response.content.decode()) == (409, True)
        response = client.post(address, {name: "8", "viec": "nop"})
        html = response.content.decode()
        assert response.status_code == 409 and "Đã hết hạn thẩm định" in html and 'value="8"' in html  # the text stays
        assert 'value="nop"' in html  # and is sent once the day is moved
        html = client.get(address).content.decode()
        assert f"đề nghị {round_.unit_name} dời ngày" in " ".join(html.split()) and 'value="nop"' not in html
        assert client.get(f"{address}khong-danh-gia/")["Location"] == address
        round_.score_until = date(2023, 10, 1)
        round_.save()
        assert 'value="nop"' in client.get(address).content.decode()


@pytest.mark.stage("scoring")
def test_only_the_secretary_reopens_a_sheet_on_record(stage: Any) -> None:
    (round_, (first, _)) = stage
    sheet = score(round_, first, ONE)
    for name in (ONE, TWO, DISTRICT_LEADER, PROVINCE_STAFF):
        with pytest.raises(NotAllowed):
            reopen_sheet(sheet_id=sheet.pk, why="Sửa", actor=person(name))
    with pytest.raises(DomainError, match="lý do"):
        reopen_sheet(sheet_id=sheet.pk, why="", actor=person(DISTRICT_STAFF))
    assert reopen_sheet(sheet_id=sheet.pk, why="Cộng nhầm", actor=person(DISTRICT_STAFF)).state == SheetState.DRAFT
    assert AuditEvent.objects.get(action="reopen-sheet").note.endswith("Cộng nhầm")


@pytest.mark.stage("scoring")
def test_in_the_joint_phase_a_changed_score_keeps_the_earlier_one(stage: Any) -> None:
    (round_, (first, second)) = stage
    for name in JUDGES:
        for dossier in (first, second):
            score(round_, dossier, name)
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    assert round_.phase == Phase.JOINT
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, (9, *FULL[1:])), actor=person(ONE))
    change = ScoreChange.objects.get()
    assert (change.points, change.score.points, change.score.name) == (10, 9, "Cấp thiết, đúng chủ trương")
    emptied = save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, ("", *FULL[1:])), actor=person(ONE))
    assert len(emptied.refused) == 1 and ScoreChange.objects.count() == 1


@pytest.mark.stage("scoring")
def test_the_joint_phase_waits_for_every_sheet(stage: Any) -> None:
    (round_, (first, second)) = stage
    score(round_, first, ONE)
    with pytest.raises(DomainError, match=r"Còn \d+ phiếu chưa nộp"):
        advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    mark_absent(round_id=round_.pk, dossier_id=second.pk, why="Ốm", actor=person(ONE))
    for name in (TWO, THREE):
        for dossier in (first, second):
            score(round_, dossier, name)
    assert advance(round_id=round_.pk, actor=person(DISTRICT_STAFF)).phase == Phase.JOINT


@pytest.mark.stage("scoring")
def test_mean_spread_extremes_and_what_is_under_its_least(stage: Any) -> None:
    (round_, (first, second)) = stage
    for name, points in zip(JUDGES, (FULL, (8, 14, 10, 20, 7, 6, 6), (9, 16, 12, 20, 8, 3, 7)), strict=True):
        score(round_, first, name, points, "Ghi")
        score(round_, second, name)
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    best, other = standings(person(DISTRICT_STAFF), round_)
    assert (best.dossier, best.mean, best.spread, best.low) == (second, 88, 0, [])
    assert (other.mean, other.highest, other.lowest, other.spread) == (Decimal("78.00"), 88, 71, 17)
    assert other.low == []  # 8, 6 and 3: their mean is 5.67, the least 5
    other.drops_extremes = True
    assert other.mean == Decimal("78.00")  # three sheets: none is dropped
    other.sheets = [(0, other.sheets[0][1], Decimal(n)) for n in (60, 70, 80, 90, 100)]
    other.sheets = [(n, seat, total) for n, (_, seat, total) in enumerate(other.sheets)]
    assert (counted({n: total for n, _, total in other.sheets}, True), other.mean) == ({1, 2, 3}, 80)


# --- the pages


@pytest.mark.stage("scoring")
def test_a_member_clicks_through(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    client.force_login(person(ONE))
    assert "Chấm 2 hồ sơ được giao" in client.get("/lam-viec/").content.decode()
    page = client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/").content.decode()
    assert "Đã xong 0/2" in page and first.registration.title in page
    address = f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/"
    ids = list(round_.criteria.criteria.values_list("pk", flat=True))
    points = {f"p{pk}": str(value) for pk, value in zip(ids, FULL, strict=True)}
    response = client.post(address, points | {f"p{ids[0]}": "11", "viec": "nop"})
    html = response.content.decode()
    assert response.status_code == 422 and "11 quá điểm tối đa 10." in html and 'value="11"' in html
    response = client.post(address, points | {"viec": "nop", "nhan-xet": "Tốt"})
    following = f"/lam-viec/dot-xet/{round_.pk}/cham/{second.pk}/"
    assert response["Location"] == f"{following}#noi-dung"  # a browser would stay at the scores, where the page before was left
    response = client.post(f"{following}khong-danh-gia/", {"ly-do": "Đi công tác"}, follow=True)
    assert "Đã xong 2/2" in response.content.decode()
    assert "Chấm 2 hồ sơ" not in client.get("/lam-viec/").content.decode()


def test_as_many_queries_at_three_as_at_one(client: Client) -> None:
    def queries(count: int) -> dict[str, int]:
        asked = {}
        with transaction.atomic():
            round_, dossiers = scoring(count)
            for path in ("", "hoi-dong/", "phan-cong/", "cham/", "cham/{}/", "diem/", "diem/{}/", "bang-diem/{}/"):
                if path == "hoi-dong/":
                    for name in JUDGES[:count]:
                        for dossier in dossiers:
                            score(round_, dossier, name)
                if path == "diem/":
                    advance(round_id=round_.pk, actor=person(DISTRICT_STAFF), losing=count * (len(JUDGES) - count))
                client.force_login(person(ONE if path.startswith("cham/") else DISTRICT_STAFF))
                address = f"/lam-viec/dot-xet/{round_.pk}/{path.format(dossiers[0].pk)}"
                client.get(address)
                with CaptureQueriesContext(connection) as found:
                    assert client.get(address).status_code == 200
                asked[path] = len(found)
            transaction.set_rollback(True)
        return asked

    few, many = queries(1), queries(3)  # dossiers, each with the sheets of as many members
    assert few == many and max(many.values()) <= 50


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_taps_hand_a_sheet_in_once(transactional_db: None) -> None:
    round_, (first, _) = scoring()
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, FULL), actor=person(ONE))
    results = at_once(*[lambda: send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=person(ONE)).state] * 3)
    assert results == ["sent"] * 3
    assert AuditEvent.objects.filter(action="send-sheet").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_complete_and_return_a_dossier_at_once(transactional_db: None) -> None:
    from tests.rounds import proposed

    round_ = proposing()
    dossier = do(proposed(round_, rows(1)[0]), DossierAction.SEND, COMMUNE)
    results = at_once(
        lambda: do(dossier, DossierAction.COMPLETE, DISTRICT_STAFF).state,
        lambda: do(dossier, DossierAction.COMPLETE, DISTRICT_STAFF).state,
    )
    assert sorted(type(one).__name__ for one in results) in (["DossierState", "InvalidTransition"], ["InvalidTransition", "str"])
    assert dossier.steps.filter(action="complete").count() == 1


@pytest.mark.stage("scoring")
def test_what_was_typed_as_rubbish_is_answered(client: Client, stage: Any) -> None:
    (round_, (first, _)) = stage
    client.force_login(person(ONE))
    address = f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/"
    for data in ({"p999999": "9"}, {"viec": "x"}, {"p1": "9" * 500}, {"viec": "vang"}, {"viec": "lien-quan", "ly-do": "x"}):
        assert client.post(address, data).status_code == 422, data
    client.force_login(person(DISTRICT_STAFF))
    for data, status in (
        ({"cap": "x"}, 404),
        ({"viec": "giao"}, 409),
        ({"viec": "rubbish"}, 404),
        ({"cap": "1-2-3"}, 404),
        ({"viec": "giao", "nguoi": "x", "ho-so": "y"}, 409),
    ):
        assert client.post(f"/lam-viec/dot-xet/{round_.pk}/phan-cong/?so=abc", data).status_code == status, data
    assert Typed().points == ""


@pytest.mark.stage("proposing")
def test_the_units_own_scores_stand_beside_the_councils(client: Client, stage: Any) -> None:
    from tests.rounds import proposed

    round_ = stage
    dossier = proposed(round_, rows(1)[0])
    client.force_login(person(COMMUNE))
    ids = list(round_.criteria.criteria.values_list("pk", flat=True))
    address = f"/lam-viec/ho-so/{dossier.pk}/buoc/"
    asked = {f"p{pk}": str(value) for pk, value in zip(ids, FULL, strict=True)} | {"viec": "tu-cham"}
    response = client.post(address, asked | {f"p{ids[1]}": "21"})
    html = response.content.decode()
    assert response.status_code == 422 and "21 quá điểm tối đa 20." in html and 'value="21"' in html
    assert client.post(address, asked).status_code == 302
    dossier = do(do(dossier, DossierAction.SEND, COMMUNE), DossierAction.COMPLETE, DISTRICT_STAFF)
    with pytest.raises(DomainError, match="không sửa được"):
        save_own_scores(dossier_id=dossier.pk, typed={}, actor=person(COMMUNE))
    assign(round_id=round_.pk, member_ids=[seat(round_, ONE).pk], dossier_ids=[dossier.pk], actor=person(DISTRICT_STAFF))
    advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    client.force_login(person(ONE))
    page = client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{dossier.pk}/").content.decode()
    assert "Đơn vị tự chấm 18." in page
    assert list(sheets_visible_to(person(ONE), round_)) == []
