"""Alone: in the independent phase nobody sees another's scores, and what was handed in is not lost or changed unseen."""

import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client

from common.exceptions import DomainError, NotAllowed
from notifications.models import Message
from organisation.models import AuditEvent
from recognition.enums import DossierAction, SheetState
from recognition.models import CouncilMember
from recognition.selectors.council import progress_of
from recognition.selectors.scoring import sheets_visible_to
from recognition.services import (
    advance,
    mark_absent,
    reopen_sheet,
    save_scores,
    seat_member,
    send_sheet,
    unassign,
)
from tests.online import person
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    FULL,
    JUDGES,
    do,
    on,
    score,
    seat,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
ONE, TWO, THREE = JUDGES


def kind_of(address: str) -> tuple[str, Any]:
    """(path without what it is about, what is asked of it): the format of a file, else the names of the parameters."""
    path, _, query = address.partition("?")
    asked = dict(parse_qsl(query, keep_blank_values=True))
    return re.sub(r"\d+|(?<=/)[^/]{18,}(?=/)", "N", path), asked.get("tai") or tuple(sorted(asked))


@pytest.mark.long
@pytest.mark.stage("scoring")
def test_in_the_independent_phase_nobody_sees_anothers_scores_by_any_door(client: Client, stage: Any) -> None:
    """A crawl of every page that a member, the unit's leader and its officer reach from the home page, looking for the others' words:
    two of each kind, one of each file and of each set of parameters. All roles are tried at every address in `test_access.py`.
    """
    (round_, (first, second)) = stage
    for name, word, points in ((TWO, "BÍMẬTHAI", (6.5, 13.5, 11.5, 17.5, 6.5, 5.5, 6.5)), (THREE, "BÍMẬTBA", FULL)):
        for dossier in (first, second):
            save_scores(
                round_id=round_.pk, dossier_id=dossier.pk, typed=typed(round_, points, word), remark=word, actor=person(name)
            )
        send_sheet(round_id=round_.pk, dossier_id=first.pk, actor=person(name))
    seen: set[str] = set()
    for reader in (ONE, DISTRICT_LEADER, DISTRICT_STAFF):
        client.force_login(person(reader))
        frontier, visited = ["/lam-viec/", f"/lam-viec/dot-xet/{round_.pk}/diem/"], set[str]()
        pages = Counter[str]()
        while frontier:
            address = frontier.pop()
            view = kind_of(address)
            if address in visited or pages[view] == (2 if view[1] == () else 1):
                continue
            visited.add(address)
            pages[view] += 1
            response = client.get(address)
            if response.status_code != 200:
                continue
            body = b"".join(response) if response.streaming else response.content
            text = body.decode("utf-8", "ignore")
            assert "BÍMẬT" not in text, (reader, address)
            assert not re.search(r"\b(6,5|13,5|11,5|17,5|5,5|67,5)\b", text), (reader, address)
            links = re.findall(r'href="(/lam-viec/[^"#]*|\?[^"#]*)"', text)
            found = [link.replace("&amp;", "&") for link in links if "quan-tri" not in link]
            frontier += [link if link.startswith("/") else address.split("?")[0] + link for link in found]
        seen |= visited
    assert f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/" in seen and f"/lam-viec/ho-so/{first.pk}/" in seen
    assert list(sheets_visible_to(person(ONE), round_)) == []
    assert not Message.objects.filter(body__contains="BÍMẬT").exists()
    assert not AuditEvent.objects.filter(note__contains="BÍMẬT").exists()
    assert [one.sent for one in progress_of(round_)] == [0, 1, 1]


@pytest.mark.stage("scoring")
def test_a_member_sees_only_what_is_given(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    unassign(round_id=round_.pk, member_id=seat(round_, ONE).pk, dossier_id=second.pk, actor=person(DISTRICT_STAFF))
    client.force_login(person(ONE))
    assert client.get(f"/lam-viec/ho-so/{first.pk}/").status_code == 200
    assert client.get(f"/lam-viec/ho-so/{second.pk}/").status_code == 404
    assert client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{second.pk}/").status_code == 404
    assert client.get(f"/lam-viec/dot-xet/{round_.pk}/hoi-dong/").status_code == 404


@pytest.mark.stage("scoring")
def test_a_dossier_returned_or_withdrawn_is_not_scored(stage: Any) -> None:
    (round_, (first, _)) = stage
    do(first, DossierAction.WITHDRAW, COMMUNE, "Rút")
    with pytest.raises(NotAllowed):
        save_scores(round_id=round_.pk, dossier_id=first.pk, typed={}, actor=person(ONE))
    score_of_other = CouncilMember.objects.filter(round=round_).count()
    assert score_of_other == 3


@pytest.mark.stage("scoring")
def test_the_secretary_of_the_council_reopens_and_nobody_their_own(stage: Any) -> None:
    (round_, (first, _)) = stage
    seat_member(round_id=round_.pk, user=person(TWO), task="secretary", actor=person(DISTRICT_STAFF))
    one, two = score(round_, first, ONE), score(round_, first, TWO)
    assert reopen_sheet(sheet_id=one.pk, why="Cộng nhầm", actor=person(TWO)).state == SheetState.DRAFT
    with pytest.raises(NotAllowed, match="phiếu của mình"):
        reopen_sheet(sheet_id=two.pk, why="Cộng nhầm", actor=person(TWO))
    with on(10, 2):  # what was reopened may come in after the last day
        assert score(round_, first, ONE).state == SheetState.SENT


@pytest.mark.stage("scoring")
def test_a_sheet_that_was_handed_in_stays_whole_in_the_joint_phase(stage: Any) -> None:
    (round_, (first, second)) = stage
    for name in JUDGES:
        score(round_, first, name)
        score(round_, second, name) if name != ONE else mark_absent(
            round_id=round_.pk, dossier_id=second.pk, why="Ốm", actor=person(ONE)
        )
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    saved = save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, (0, *FULL[1:])), actor=person(ONE))
    assert list(saved.refused.values()) == ["Cấp thiết, đúng chủ trương: dưới mức tối thiểu, xin ghi nhận xét."]
    with pytest.raises(DomainError, match="ghi vắng"):
        save_scores(round_id=round_.pk, dossier_id=second.pk, typed=typed(round_, FULL), actor=person(ONE))
    with on(10, 6), pytest.raises(DomainError, match="Đã hết hạn đối chiếu điểm"):
        save_scores(round_id=round_.pk, dossier_id=first.pk, typed=typed(round_, FULL), actor=person(ONE))


@pytest.mark.stage("scoring")
def test_a_reason_that_is_refused_costs_no_other_word(client: Client, stage: Any) -> None:
    (round_, (first, _)) = stage
    save_scores(round_id=round_.pk, dossier_id=first.pk, typed={}, remark="Đáng khen", actor=person(ONE))
    client.force_login(person(ONE))
    html = client.post(f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/lien-quan/", {"ly-do": "anh"}).content.decode()
    assert 'value="anh"' in html
    assert "Đáng khen" in client.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/").content.decode()


@pytest.mark.stage("scoring")
def test_a_removed_member_is_told_while_the_page_saves_itself(client: Client, stage: Any) -> None:
    from recognition.services import remove_member

    (round_, (first, _)) = stage
    client.force_login(person(ONE))
    remove_member(member_id=seat(round_, ONE).pk, why="Chuyển công tác", actor=person(DISTRICT_STAFF))
    response = client.post(f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/luu/", {"nhan-xet": "x"})
    assert (response.status_code, "không còn trong hội đồng" in response.content.decode()) == (409, True)


@pytest.mark.stage("scoring")
def test_an_absent_members_reason_is_not_in_the_audit_trail(stage: Any) -> None:
    (round_, (first, _)) = stage
    mark_absent(round_id=round_.pk, dossier_id=first.pk, why="LÝDORIÊNG", actor=person(ONE))
    assert not AuditEvent.objects.filter(note__contains="LÝDORIÊNG").exists()


@pytest.mark.stage("scoring")
def test_a_registration_withdrawn_meanwhile_is_not_scored(stage: Any) -> None:
    from models_registry.models import Registration

    (round_, (first, _)) = stage
    Registration.objects.filter(pk=first.registration_id).update(state="withdrawn", withdrawn_on="2023-09-10")
    with pytest.raises(DomainError, match="đã rút nên không chấm"):
        save_scores(round_id=round_.pk, dossier_id=first.pk, typed={}, actor=person(ONE))
