"""Other rounds, other bodies, seats that are over: whoever works elsewhere changes nothing here, whatever ids they send."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from organisation.models import AuditEvent
from recognition.models import Assignment, Attendance, CouncilMember, Dossier, RecognitionRound, ScoreSheet
from recognition.services import seat_member
from tests.online import person
from tests.pages import entered
from tests.rounds import DISTRICT_LEADER, JUDGES, on, opened, score, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("september")]
OTHER_STAFF, PROVINCE_STAFF, OTHER_JUDGE = "duclinh.chuyenvien", "tinh.chuyenvien", "tinh.lanhdao"
Stage = tuple[RecognitionRound, list[Dossier]]


def other_round() -> RecognitionRound:
    """Đức Linh's own, with a council of its own."""
    round_ = opened(unit="duc-linh", by=OTHER_STAFF)
    seat_member(round_id=round_.pk, user=person(OTHER_JUDGE), task="member", actor=person(OTHER_STAFF))
    RecognitionRound.objects.filter(pk=round_.pk).update(phase="scoring")
    return round_


def kept() -> tuple[Any, ...]:
    """All that an attack could change."""
    rounds = RecognitionRound.objects.order_by("pk").values_list("pk", "phase", "propose_until", "score_until", "cut_after")
    return (
        list(rounds),
        list(Dossier.objects.order_by("pk").values_list("pk", "state", "summary")),
        list(CouncilMember.objects.order_by("pk").values_list("pk", "removed_at", "task")),
        set(Assignment.objects.values_list("member", "dossier")),
        list(ScoreSheet.objects.order_by("pk").values_list("pk", "state", "remark")),
        list(Attendance.objects.order_by("pk").values_list("member", "is_present")),
        AuditEvent.objects.count(),
    )


def sendings(round_: RecognitionRound, dossier: Dossier, sheet: ScoreSheet) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each thing that can be sent about a round: (address, form)."""
    at, member = f"/lam-viec/dot-xet/{round_.pk}/", seat(round_, JUDGES[0]).pk
    yield f"{at}chuyen-buoc/", {"cach": "chuyen", "lam": "chuyen", "tu": round_.phase, "vang": "99"}
    yield f"{at}chuyen-buoc/", {"cach": "gia-han", "lam": "gia-han", "tu": round_.phase, "den-ngay": "25/09/2023"}
    yield f"{at}mo-lai/", {"ly-do": "Xin thêm thời gian", "den-ngay": "25/09/2023", "tu": round_.phase}
    yield f"{at}nhac/", {"viec": "gui", "ai": [f"tv-{member}"], "loi": "Nhắc"}
    yield f"{at}chi-tieu/", {}
    yield f"{at}gia-han/", {"unit": "ham-thuan-bac/xa-ham-hiep", "until": "25/09/2023", "reason": "Xin thêm"}
    yield f"{at}hoi-dong/", {"thoi": str(member), "ly-do": "Thôi"}
    yield f"{at}phan-cong/", {"cap": f"{member}-{dossier.pk}"}
    yield f"{at}phan-cong/", {"viec": "vang", "ai": f"{member}-{dossier.pk}", "ly-do": "Vắng"}
    yield f"{at}phieu/{sheet.pk}/mo-lai/", {"ly-do": "Mở"}
    yield f"{at}cham/{dossier.pk}/", {"viec": "nop"}
    yield f"{at}cham/{dossier.pk}/luu/", {"nhan-xet": "Chen vào"}
    yield f"{at}cham/{dossier.pk}/khong-danh-gia/", {"ly-do": "Vắng"}
    yield f"{at}cham/{dossier.pk}/lien-quan/", {"ly-do": "Người nhà"}
    yield f"{at}vach/", {"vach": "1"}
    yield f"/lam-viec/ho-so/{dossier.pk}/buoc/", {"viec": "du"}
    yield f"/lam-viec/ho-so/{dossier.pk}/buoc/", {"viec": "tom-tat", "tom-tat": "Chen vào"}


@pytest.mark.stage("scoring")
@pytest.mark.parametrize("name", [OTHER_STAFF, OTHER_JUDGE, "quantri"])
def test_who_works_in_another_round_changes_nothing_in_this_one(stage: Stage, name: str) -> None:
    round_, (first, _) = stage
    sheet = score(round_, first, JUDGES[0])
    other_round()
    client, before = entered(name), kept()
    for address, form in sendings(round_, first, sheet):
        assert client.post(address, form).status_code == 404, (address, form)
    assert kept() == before


@pytest.mark.stage("scoring")
def test_the_ids_of_another_round_mean_nothing_in_ones_own(stage: Stage) -> None:
    """Whoever runs a round of their own sends it what belongs to another."""
    round_, (first, _) = stage
    sheet, own = score(round_, first, JUDGES[0]), other_round()
    staff, judge, before = entered(OTHER_STAFF), entered(OTHER_JUDGE), kept()
    at, member, mine = f"/lam-viec/dot-xet/{own.pk}/", seat(round_, JUDGES[0]).pk, own.members.get().pk
    for client, path, form in (
        (staff, "hoi-dong/", {"thoi": str(member), "ly-do": "Thôi"}),
        (staff, "phan-cong/", {"cap": f"{member}-{first.pk}"}),
        (staff, "phan-cong/", {"viec": "vang", "ai": f"{member}-{first.pk}", "ly-do": "Vắng"}),
        (staff, "phan-cong/", {"viec": "giao", "nguoi": [str(mine)], "ho-so": [str(first.pk)]}),
        (staff, "phan-cong/", {"viec": "giao", "nguoi": [str(member)], "ho-so": [str(first.pk)]}),
        (staff, f"phieu/{sheet.pk}/mo-lai/", {"ly-do": "Mở"}),
        (judge, f"cham/{first.pk}/", {"viec": "nop"}),
        (judge, f"cham/{first.pk}/luu/", {"nhan-xet": "Chen vào"}),
        (judge, f"cham/{first.pk}/lien-quan/", {"ly-do": "Người nhà"}),
    ):
        client.post(f"{at}{path}", form)
        assert kept()[:-1] == before[:-1], (path, form)
    assert staff.get(f"{at}bang-diem/{first.pk}/").status_code == 404
    assert judge.get(f"{at}cham/{first.pk}/").status_code == 404


@pytest.mark.stage("scoring")
def test_a_leader_follows_the_round_and_moves_nothing_of_it(stage: Stage) -> None:
    round_, (first, _) = stage
    sheet, leader = score(round_, first, JUDGES[0]), entered(DISTRICT_LEADER)
    before = kept()
    for address, form in sendings(round_, first, sheet):
        if "/buoc/" not in address:
            assert leader.post(address, form).status_code == 404, (address, form)
    assert kept() == before


@pytest.mark.stage("scoring")
def test_a_seat_whose_term_is_over_opens_nothing_of_the_round(stage: Stage) -> None:
    round_, (first, _) = stage
    CouncilMember.objects.filter(pk=seat(round_, JUDGES[0]).pk).update(starts_on=date(2023, 9, 1), ends_on=date(2023, 9, 9))
    judge = entered(JUDGES[0])
    at = f"/lam-viec/dot-xet/{round_.pk}/"
    for path in ("", "cach-xet/", "cham/", f"cham/{first.pk}/", "diem/", "phieu-cham/"):
        assert judge.get(f"{at}{path}").status_code == 404, path
    assert judge.get(f"/lam-viec/ho-so/{first.pk}/").status_code == 404
    with on(9, 9):
        assert entered(JUDGES[0]).get(at).status_code == 200
