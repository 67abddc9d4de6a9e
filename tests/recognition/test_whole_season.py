"""The season of 2023 once more, with nothing imported: every recognition, proposal and introduction made by the workflows."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import Registration, Season
from organisation.models import Unit, User
from organisation.services import give_role, open_account
from papers.selectors import letterhead_on
from papers.services import save_letterhead
from recognition.enums import DossierAction, PaperKind, Verdict
from recognition.models import CentralIntroduction, Decision, Dossier, DraftLine, Recognition, RecognitionRound
from recognition.selectors.council import progress_of
from recognition.selectors.dossiers import dossiers_of_member
from recognition.services import (
    DraftTyped,
    LineTyped,
    MeetingPlan,
    RoundPlan,
    Typed,
    add_common_paper,
    advance,
    assign_evenly,
    begin_dossier,
    begin_draft,
    cast_votes,
    change_dossier,
    check_draft,
    choose,
    close_voting,
    ensure_criteria,
    introduce,
    make_paper,
    move_cut,
    open_round,
    open_voting,
    plan_meeting,
    publish,
    refresh_honours,
    save_scores,
    seat_member,
    send_packet,
    send_sheet,
    write_draft,
)
from reports.selectors import tally
from tests.conftest import DEMO
from tests.online import person
from tests.photos import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CENTRAL_ON = date(2023, 12, 28)


def at(day: date) -> Any:
    return time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False)


def account(name: str, role: str, unit: Unit) -> User:
    user, _ = open_account(username=name, full_name=name, password=None, actor=None)
    give_role(user=user, role=role, unit=unit, starts_on=date(2023, 1, 1), actor=None)
    return user


def head(unit: Unit, suffix: str) -> None:
    if letterhead_on(unit, suffix, date(2023, 1, 1)) is None:
        save_letterhead(
            unit=unit,
            actor=None,
            suffix=suffix,
            valid_from=date(2020, 10, 1),
            layout="party",
            body_name=f"Cấp ủy {unit.key}",
            superior_name="Tỉnh ủy Bình Thuận",
            place="Bình Thuận",
            authority="",
            signer_title="BÍ THƯ",
            signer_name="Người ký",
            term="2020-2025",
            recipients="Lưu",
        )


class Run:
    """One round, from its opening to its decision, by the people of its body."""

    def __init__(
        self, unit: Unit, staff: User, leader: User, members: list[User], days: tuple[date, ...], papers: list[str]
    ) -> None:
        names = ("propose_from", "propose_until", "score_until", "meet_on", "decide_by")
        self.staff, self.leader, self.members, self.days = staff, leader, members, days
        with at(days[0]):
            self.round = open_round(
                season=Season.objects.get(year=2023),
                unit=unit,
                plan=RoundPlan(criteria=ensure_criteria(), papers=papers, **dict(zip(names, days, strict=True))),
                actor=staff,
            )
            for n, user in enumerate(members):
                seat_member(round_id=self.pk, user=user, task="chair" if n == 0 else "member", actor=staff)
            advance(round_id=self.pk, actor=staff)

    @property
    def pk(self) -> int:
        return self.round.pk

    def judge(self, per_dossier: int, best_first: list[int]) -> None:
        """Every sheet handed in, better points for what stands earlier in `best_first`; then the joint phase."""
        with at(self.days[1]):
            assign_evenly(round_id=self.pk, per_dossier=per_dossier, actor=self.staff)
            advance(round_id=self.pk, actor=self.staff)
            place = {pk: n for n, pk in enumerate(best_first)}
            criteria = list(self.round.criteria.criteria.all())
            for member in self.round.members.select_related("user", "round__season", "round__criteria"):
                for dossier in dossiers_of_member(member):
                    less = min(Decimal(place[dossier.registration_id]) / 2, Decimal("12.5"))
                    best = [one.maximum - (less if one.position == 4 else 0) for one in criteria]
                    points = [f"{number.normalize():f}".replace(".", ",") for number in best]
                    typed = {one.pk: Typed(said, "Theo hồ sơ") for one, said in zip(criteria, points, strict=True)}
                    ids: dict[str, Any] = {"round_id": self.pk, "dossier_id": dossier.pk, "actor": member.user}
                    save_scores(typed=typed, **ids)
                    send_sheet(**ids)
            assert all(not one.left for one in progress_of(RecognitionRound.objects.get(pk=self.pk)))
            advance(round_id=self.pk, actor=self.staff)

    def meet(self, chosen: set[int]) -> None:
        with at(self.days[3]):
            advance(round_id=self.pk, actor=self.staff)
            present = {one.pk: (True, "") for one in self.round.members.all()}
            plan = MeetingPlan(
                held_on=self.days[3],
                place="Hội trường",
                way="there",
                ballot="secret",
                quorum="two-thirds",
                needed="half",
                present=present,
            )
            plan_meeting(round_id=self.pk, plan=plan, actor=self.staff)
            open_voting(round_id=self.pk, actor=self.staff)
            judged = list(Dossier.objects.filter(round=self.pk, state="complete"))
            for user in self.members:
                choices = {one.pk: "for" if one.registration_id in chosen else "against" for one in judged}
                cast_votes(round_id=self.pk, choices=choices, actor=user)
            close_voting(round_id=self.pk, actor=self.staff)
            advance(round_id=self.pk, actor=self.staff)

    def decide(self, suffix: str, number: int) -> Decision:
        with at(self.days[4]):
            draft = begin_draft(round_id=self.pk, actor=self.staff)
            lines = {line.pk: LineTyped(line.verdict, line.reason, "") for line in draft.lines.all()}
            given: dict[str, Any] = {"suffix": suffix, "number": number, "decided_on": self.days[4], "texts": {}}
            write_draft(draft_id=draft.pk, typed=DraftTyped(lines=lines, **given), actor=self.staff)
            check_draft(draft_id=draft.pk, actor=self.leader)
            return publish(draft_id=draft.pk, actor=self.leader)


def taken_back() -> tuple[dict[Unit, list[Recognition]], list[Dossier], list[int]]:
    """What the list of outcomes had brought, taken out of the database again."""
    by_body: dict[Unit, list[Recognition]] = defaultdict(list)
    for one in Recognition.objects.select_related("decision__issuer", "registration"):
        by_body[one.decision.issuer].append(one)
    proposed = list(Dossier.objects.select_related("registration__unit"))
    introduced = list(CentralIntroduction.objects.values_list("registration_id", flat=True))
    for model in (CentralIntroduction, Recognition, Dossier, Decision):
        model.objects.all().delete()
    refresh_honours(Registration.objects.filter(honour_rank__gt=0).values_list("pk", flat=True))
    return by_body, proposed, introduced


@pytest.mark.long
def test_the_workflows_alone_give_the_published_figures(season: Season) -> None:
    by_body, proposed, introduced = taken_back()
    assert tally(season, date(2023, 12, 31)).district_recognised == 0
    province = Unit.objects.get(key="binh-thuan")
    judges = [person(f"hoidong{n}") for n in (1, 2, 3)] + [
        account(f"hoidong{n}", "thanh-vien-hoi-dong", province) for n in range(4, 8)
    ]
    staff_of: dict[int, User] = {}
    for unit, recognised in by_body.items():
        if unit == province:
            continue
        staff = staff_of[unit.pk] = account(f"cv-{unit.key}", "chuyen-vien-huyen", unit)
        leader = account(f"ld-{unit.key}", "lanh-dao-huyen", unit)
        number, _, suffix = recognised[0].decision.number.partition("-QĐ/")
        head(unit, suffix)
        day = recognised[0].decision.decided_on
        run = Run(unit, staff, leader, judges[:3], (day,) * 5, [])
        chosen = [one.registration_id for one in recognised]
        with at(day):
            for pk in chosen:
                dossier = begin_dossier(round_id=run.pk, registration_id=pk, actor=staff)
                change_dossier(dossier_id=dossier.pk, action=DossierAction.SEND, actor=staff)
                change_dossier(dossier_id=dossier.pk, action=DossierAction.COMPLETE, actor=staff)
        run.judge(1, chosen)
        run.meet(set(chosen))
        assert run.decide(suffix, int(number)).number == recognised[0].decision.number

    above = by_body[province]
    days = (date(2023, 10, 10), date(2023, 10, 13), date(2023, 10, 31), date(2023, 12, 10), above[0].decision.decided_on)
    papers = [PaperKind.PROPOSAL.value, PaperKind.SUMMARY.value, PaperKind.MINUTES.value, PaperKind.EARLIER.value]
    run = Run(province, person("tinh.chuyenvien"), person("tinh.lanhdao"), judges, days, papers)
    chosen = [one.registration_id for one in above]
    with at(days[1]):
        chosen_by: dict[int, list[int]] = {}
        for one in proposed:
            chosen_by.setdefault(one.registration.unit_id, []).append(one.registration_id)
        for unit_id, ids in chosen_by.items():  # each committee: one packet, drafts of the portal, then their signed copies
            staff = staff_of[unit_id]
            (packet_id,) = choose(round_id=run.pk, registration_ids=ids, reason="", actor=staff).packets
            for kind in papers[:3]:
                make_paper(packet_id=packet_id, kind=kind, actor=staff)
                copy = SimpleUploadedFile("to.pdf", PDF)
                add_common_paper(packet_id=packet_id, kind=kind, file=copy, actor=staff)
            for dossier in send_packet(packet_id=packet_id, actor=staff):
                change_dossier(dossier_id=dossier.pk, action=DossierAction.COMPLETE, actor=run.staff)
    assert Dossier.objects.filter(round=run.pk, state="complete").count() == 39
    run.judge(3, chosen + [one.registration_id for one in proposed if one.registration_id not in chosen])
    with at(days[3]):
        move_cut(round_id=run.pk, above=22, actor=run.staff)
    run.meet(set(chosen))
    decision = run.decide("BDVTU", int(above[0].decision.number.partition("-")[0]))
    assert (decision.number, decision.recognitions.count()) == (above[0].decision.number, 22)
    refused = DraftLine.objects.filter(draft__decision=decision, verdict=Verdict.REFUSE)
    assert refused.count() == 17 and all(line.reason for line in refused)
    with at(CENTRAL_ON):
        ids = list(decision.recognitions.filter(registration__in=introduced).values_list("pk", flat=True))
        assert introduce(recognition_ids=ids, introduced_on=CENTRAL_ON, programme="", actor=run.staff) == 3

    expected = json.loads((DEMO / "season-2023" / "expected.json").read_text())["tallies"]
    for wanted in expected:
        found = tally(season, date.fromisoformat(wanted["as_of"])).as_dict()
        assert {name: found[name] for name in wanted} == wanted, wanted["as_of"]
