"""Rounds for tests: one opened, proposed to, judged by the right people."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import Registration, Season
from organisation.models import Unit, User
from organisation.services import give_role
from recognition.enums import DossierAction, PaperKind
from recognition.models import (
    CouncilMember,
    Decision,
    DecisionDraft,
    Dossier,
    Meeting,
    Recognition,
    RecognitionRound,
    ScoreSheet,
)
from recognition.services import (
    DraftTyped,
    MeetingPlan,
    RoundPlan,
    Typed,
    add_paper,
    advance,
    assign,
    begin_dossier,
    begin_draft,
    cast_votes,
    change_dossier,
    check_draft,
    close_voting,
    conclude,
    ensure_criteria,
    open_round,
    open_voting,
    plan_meeting,
    publish,
    save_scores,
    seat_member,
    send_sheet,
    write_draft,
)
from tests.online import person
from tests.photos import PDF
from tests.stages import step

DISTRICT_STAFF, DISTRICT_LEADER, COMMUNE = "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao", "hamhiep.canbo"
PROVINCE_STAFF, PROVINCE_LEADER = "tinh.chuyenvien", "tinh.lanhdao"
JUDGES = ("hoidong1", "hoidong2", "hoidong3")
FULL = (10, 18, 13, 22, 9, 8, 8)  # of the default criteria: 88 points


def on(month: int, day: int, hour: int = 3) -> Any:
    """A moment of 2023, in UTC."""
    return time_machine.travel(datetime(2023, month, day, hour, tzinfo=UTC), tick=False)


def opened(unit: str = "ham-thuan-bac", by: str = DISTRICT_STAFF, papers: tuple[str, ...] = (), **other: Any) -> RecognitionRound:
    """A round of the season 2023: proposals 1/9 to 20/9, scores to 30/9, meeting 5/10, decision by 12/10."""
    given: dict[str, Any] = {
        "propose_from": date(2023, 9, 1),
        "propose_until": date(2023, 9, 20),
        "score_until": date(2023, 9, 30),
        "meet_on": date(2023, 10, 5),
        "decide_by": date(2023, 10, 12),
        "criteria": ensure_criteria(),
        "papers": papers,
    } | other
    season, body = Season.objects.get(year=2023), Unit.objects.get(key=unit)
    return open_round(season=season, unit=body, plan=RoundPlan(**given), actor=person(by))


def proposing(**other: Any) -> RecognitionRound:
    """A round that takes proposals, with JUDGES in its council: the first one chairs."""
    round_ = opened(**other)
    staff = person(other.get("by", DISTRICT_STAFF))
    for name, task in zip(JUDGES, ("chair", "member", "member"), strict=True):
        seat_member(round_id=round_.pk, user=person(name), task=task, actor=staff)
    return advance(round_id=round_.pk, actor=staff)


def rows(count: int = 3, place: str = "ham-thuan-bac/xa-ham-hiep") -> list[Registration]:
    return list(Registration.objects.filter(season__year=2023, place__key=place, state="accepted").order_by("pk")[:count])


def proposed(round_: RecognitionRound, row: Registration, by: str = COMMUNE) -> Dossier:
    return begin_dossier(round_id=round_.pk, registration_id=row.pk, reason="Đề nghị của đơn vị", actor=person(by))


def do(dossier: Dossier, action: DossierAction, by: str, note: str = "", **flaws: str) -> Dossier:
    return change_dossier(dossier_id=dossier.pk, action=action, actor=person(by), note=note, flaws=flaws)


def paper(dossier: Dossier, kind: PaperKind, by: str = COMMUNE, data: bytes = PDF, name: str = "to.pdf") -> Any:
    return add_paper(dossier_id=dossier.pk, kind=kind, file=SimpleUploadedFile(name, data), actor=person(by))


def complete(round_: RecognitionRound, row: Registration, by: str = COMMUNE, staff: str = DISTRICT_STAFF) -> Dossier:
    dossier = do(proposed(round_, row, by), DossierAction.SEND, by)
    return do(dossier, DossierAction.COMPLETE, staff)


@step("proposing")
def _proposing() -> RecognitionRound:
    """Hàm Thuận Bắc's; what the demo's own outcomes recognised at Hàm Hiệp stands aside."""
    Recognition.objects.filter(registration__place__key="ham-thuan-bac/xa-ham-hiep").delete()
    with on(9, 10):
        return proposing()


@step("scoring", after="proposing")
def _scoring(round_: RecognitionRound, count: int = 2) -> tuple[RecognitionRound, list[Dossier]]:
    with on(9, 10):
        dossiers = [complete(round_, row) for row in rows(count)]
        members = [member.pk for member in round_.members.all()]
        staff = person(DISTRICT_STAFF)
        assign(round_id=round_.pk, member_ids=members, dossier_ids=[dossier.pk for dossier in dossiers], actor=staff)
        return advance(round_id=round_.pk, actor=staff), dossiers


@step("scored", after="scoring")
def _scored(before: tuple[RecognitionRound, list[Dossier]]) -> tuple[RecognitionRound, list[Dossier]]:
    round_, dossiers = before
    with on(9, 10):
        for n, dossier in enumerate(dossiers):
            for judge in JUDGES:
                score(round_, dossier, judge, points=(10, 18 - n, 13, 22, 9, 8, 8), comment="Đạt")
        return advance(round_id=round_.pk, actor=person(DISTRICT_STAFF)), dossiers


@step("meeting", after="scored")
def _meeting(
    before: tuple[RecognitionRound, list[Dossier]], present: tuple[str, ...] = JUDGES, ballot: str = "open"
) -> tuple[RecognitionRound, list[Dossier]]:
    round_, dossiers = before
    with on(9, 10):
        advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
        plan(round_, present, ballot=ballot)
    return round_, dossiers


@step("voted", after="meeting")
def _voted(
    before: tuple[RecognitionRound, list[Dossier]], against: tuple[int, ...] = ()
) -> tuple[RecognitionRound, list[Dossier]]:
    round_, dossiers = before
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(DISTRICT_STAFF))
        for judge in JUDGES:
            vote(round_, judge, {one: "against" if n in against else "for" for n, one in enumerate(dossiers)})
        close_voting(round_id=round_.pk, actor=person(DISTRICT_STAFF))
        conclude(round_id=round_.pk, words="Thống nhất danh sách.", actor=person(DISTRICT_STAFF))
        advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    return RecognitionRound.objects.get(pk=round_.pk), dossiers


@step("published", after="voted")
def _published(before: tuple[RecognitionRound, list[Dossier]]) -> tuple[Decision, list[Dossier]]:
    round_, dossiers = before
    with on(10, 10):
        draft = drafted(round_)
        check_draft(draft_id=draft.pk, actor=person(DISTRICT_LEADER))
        return publish(draft_id=draft.pk, actor=person(DISTRICT_LEADER)), dossiers


def scoring(count: int = 2, round_: RecognitionRound | None = None) -> tuple[RecognitionRound, list[Dossier]]:
    """A round in its independent phase: `count` dossiers of Hàm Hiệp, each given to all JUDGES."""
    return _scoring(round_ or _proposing(), count)


def scored(count: int = 2) -> tuple[RecognitionRound, list[Dossier]]:
    """Every sheet handed in, all scores alike but one point less for each further dossier; in the joint phase."""
    return _scored(scoring(count))


def meeting(count: int = 2, present: tuple[str, ...] = JUDGES, ballot: str = "open") -> tuple[RecognitionRound, list[Dossier]]:
    """The council comes together on 5/10 with those present; nothing is voted yet."""
    return _meeting(scored(count), present, ballot)


def voted(count: int = 2, against: tuple[int, ...] = ()) -> tuple[RecognitionRound, list[Dossier]]:
    """Everyone votes for all, but nobody for those at the places `against`; voting closed on 5/10, the round decides."""
    return _voted(meeting(count), against)


def published(count: int = 2, against: tuple[int, ...] = (1,)) -> tuple[Decision, list[Dossier]]:
    """A decision of 10/10, published by the leader: all but those voted down."""
    return _published(voted(count, against))


def plan(round_: RecognitionRound, present: tuple[str, ...] = JUDGES, **other: Any) -> Meeting:
    here = {member.pk: (member.user.username in present, "Đi công tác") for member in round_.members.select_related("user")}
    given: dict[str, Any] = {
        "held_on": date(2023, 10, 5),
        "place": "Hội trường Huyện ủy",
        "way": "there",
        "ballot": "open",
        "quorum": "two-thirds",
        "needed": "half",
        "present": here,
    } | other
    return plan_meeting(round_id=round_.pk, plan=MeetingPlan(**given), actor=person(DISTRICT_STAFF))


def vote(round_: RecognitionRound, judge: str, choices: dict[Dossier, str]) -> int:
    return cast_votes(round_id=round_.pk, choices={one.pk: choice for one, choice in choices.items()}, actor=person(judge))


def drafted(round_: RecognitionRound, day: date = date(2023, 10, 10), number: int | None = 61, **lines: Any) -> DecisionDraft:
    draft = begin_draft(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    return write_draft(
        draft_id=draft.pk,
        typed=DraftTyped(
            suffix="HU",
            number=number,
            decided_on=day,
            texts={
                "grounds": "Kế hoạch số 10-KH/HU, ngày 01/3/2023",
                "request": "Ban Dân vận Huyện ủy tại Tờ trình số 05-TTr/BDVHU",
            },
        ),
        actor=person(DISTRICT_STAFF),
    )


def typed(round_: RecognitionRound, points: tuple[float | str, ...], comment: str = "") -> dict[int, Typed]:
    ids = round_.criteria.criteria.values_list("pk", flat=True)
    words = [one if isinstance(one, str) else f"{Decimal(str(one)):f}".replace(".", ",") for one in points]
    return {pk: Typed(text, comment) for pk, text in zip(ids, words, strict=True)}


def score(round_: RecognitionRound, dossier: Dossier, by: str, points: tuple[float, ...] = FULL, comment: str = "") -> ScoreSheet:
    me = person(by)
    save_scores(round_id=round_.pk, dossier_id=dossier.pk, typed=typed(round_, points, comment), remark="Tốt", actor=me)
    return send_sheet(round_id=round_.pk, dossier_id=dossier.pk, actor=me)


def seat(round_: RecognitionRound, name: str) -> CouncilMember:
    return round_.members.get(user=person(name))


def role(name: str, role_key: str, unit: str, since: date = date(2023, 1, 1)) -> User:
    user = person(name)
    give_role(user=user, role=role_key, unit=Unit.objects.get(key=unit), starts_on=since, actor=None)
    return user
