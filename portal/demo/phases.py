"""A round of the province of today in each phase, over models of the demo's two communes. All of it is made up."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import F

from common.dates import today
from models_registry.enums import State
from models_registry.models import Registration, Season
from organisation.models import User
from portal.demo.accounts import unit_of
from portal.demo.clock import as_on
from recognition import services
from recognition.enums import Ballot, Choice, DossierAction, MeetingWay, Phase, Share
from recognition.models import Dossier, RecognitionRound, Score

STAFF, LEADER = "lamdong.chuyenvien", "lamdong.lanhdao"
COUNCIL = (("lamdong.hoidong1", "chair"), ("lamdong.hoidong2", "secretary"), ("lamdong.hoidong3", "member"))
PROPOSERS = ("binhthuan.chuyenvien", "hamthuan.chuyenvien")
BASIS = "Dữ liệu minh họa: đợt xét để dùng thử cổng, bước “{phase}”."
REASON = "Đơn vị đề nghị để dùng thử cổng (minh họa)."
REMARK = "Nhận xét minh họa."
DOSSIERS = 2
NEEDED = DOSSIERS * (len(Phase) - 1)  # nothing is proposed yet while a round is being prepared
SHARE = 85  # of each criterion's maximum, in hundredths; the second dossier has a little less
SHORT = 10
APART = timedelta(days=14)  # a phase after the other
WITHIN = timedelta(days=8)  # since when the phase of now has been under way
DONE = timedelta(days=5)  # after a phase began, what is done in it
DAYS_LEFT = {  # of a phase that is under way
    Phase.PREPARING: 9,
    Phase.PROPOSING: 20,
    Phase.SCORING: 13,
    Phase.JOINT: 6,
    Phase.MEETING: 0,
    Phase.DECIDING: 10,
}
PROPOSED_FIRST = WITHIN + APART * (len(Phase) - 2)  # before today, by the round that is over

Proposals = list[tuple[User, Registration]]


class Days:
    """The days of a round that stands in a phase today: a phase a fortnight after the one before, none before `earliest`."""

    def __init__(self, phase: Phase, earliest: date) -> None:
        order = list(Phase)
        now = order.index(phase)
        past, ahead = order[: now + 1], today() + timedelta(days=DAYS_LEFT.get(phase, 0))
        self.began = {one: max(today() - WITHIN - APART * (now - n), earliest) for n, one in enumerate(past)}
        self.ends = {one: self.began[after] for one, after in pairwise(past)}
        self.ends |= {one: ahead + APART * n for n, one in enumerate(order[now:])}
        is_over = Phase.DECIDING in self.began
        self.held_on = self._done(Phase.MEETING) if is_over else ahead if phase == Phase.MEETING else self.ends[Phase.JOINT]

    def _done(self, phase: Phase) -> date:
        return min(self.began[phase] + DONE, self.ends[phase])

    def acted_on(self, phase: Phase) -> date:
        """The day of what was done in a phase."""
        return self.held_on if phase == Phase.MEETING else self._done(phase)

    @property
    def asked(self) -> dict[str, date]:
        """The days as a plan asks for them."""
        return {
            "propose_from": self.ends[Phase.PREPARING],
            "propose_until": self.ends[Phase.PROPOSING],
            "score_until": self.ends[Phase.SCORING],
            "meet_on": self.held_on,
            "decide_by": self.ends[Phase.DECIDING],
        }


def show_phases() -> int:
    """One round for each phase, the one that is over first, as far as there are models to propose: of the newest season, or of
    the one before it where that had too few yet, so that what is decided now is of a season that can be decided on now. Returns
    how many.
    """
    recent, made = list(Season.objects.order_by("-year")[:2]), 0
    season = next((one for one in recent if len(_proposals(one)) >= NEEDED), recent[0])
    proposals = _proposals(season)
    for phase in reversed(Phase):
        if phase == Phase.PREPARING or len(proposals) >= DOSSIERS:
            _round_at(season, phase, proposals)
            made += 1
    return made


def _proposals(season: Season) -> Proposals:
    """Models of the two communes in turn that were accepted when the first round took proposals, each with who proposes it; first
    what the communes had recognised by then.
    """
    people, by = [User.objects.get(username=name) for name in PROPOSERS], today() - PROPOSED_FIRST
    accepted = Registration.objects.filter(season=season, state=State.ACCEPTED, withdrawn_on__isnull=True, registered_on__lte=by)
    accepted = accepted.exclude(dossiers__round__unit=unit_of(STAFF)).exclude(recognitions__decision__decided_on__gt=by)
    accepted = accepted.order_by(F("own_rank").desc(nulls_last=True), "pk")
    listed = [accepted.filter(unit=unit_of(name)) for name in PROPOSERS]
    return [pair for together in zip(*listed, strict=False) for pair in zip(people, together, strict=True)]


def _round_at(season: Season, phase: Phase, proposals: Proposals) -> None:
    staff = User.objects.get(username=STAFF)
    joined = staff.memberships.earliest("starts_on").starts_on
    days = Days(phase, max(season.opens_on, joined))
    with as_on(days.began[Phase.PREPARING]):
        basis = BASIS.format(phase=phase.label.lower())
        plan = services.RoundPlan(criteria=services.ensure_criteria(), basis=basis, **days.asked)
        round_ = services.open_round(season=season, unit=unit_of(STAFF), plan=plan, actor=staff)
        for name, task in COUNCIL:
            services.seat_member(round_id=round_.pk, user=User.objects.get(username=name), task=task, actor=staff)
    for reached in list(days.began)[1:]:
        with as_on(days.began[reached]):
            round_ = services.advance(round_id=round_.pk, actor=staff)
        if step := _IN.get(reached):
            with as_on(days.acted_on(reached)):
                step(round_, staff, proposals, phase)


def _propose(round_: RecognitionRound, staff: User, proposals: Proposals, until: Phase) -> None:
    """Dossiers taken as complete; where proposing is what goes on, one that was just sent and one that is being prepared."""
    for number in range(DOSSIERS):
        person, row = proposals.pop(0)
        dossier = services.begin_dossier(
            round_id=round_.pk, registration_id=row.pk, reason="" if row.own_rank else REASON, actor=person
        )
        if until == Phase.PROPOSING and number:
            return
        services.change_dossier(dossier_id=dossier.pk, action=DossierAction.SEND, actor=person)
        if until != Phase.PROPOSING:
            services.change_dossier(dossier_id=dossier.pk, action=DossierAction.COMPLETE, actor=staff)
    if until != Phase.PROPOSING:
        members = [member.pk for member in round_.members.all()]
        dossiers = [dossier.pk for dossier in _dossiers(round_)]
        services.assign(round_id=round_.pk, member_ids=members, dossier_ids=dossiers, actor=staff)


def _score(round_: RecognitionRound, staff: User, proposals: Proposals, until: Phase) -> None:
    """All sheets handed in; where scoring is what goes on, the first member's first."""
    for member in round_.members.select_related("user"):
        for number, dossier in enumerate(_dossiers(round_)):
            share = SHARE - SHORT * number
            points = {
                criterion.pk: services.Typed(str(int(criterion.maximum * share / 100)), "")
                for criterion in round_.criteria.criteria.all()
            }
            services.save_scores(round_id=round_.pk, dossier_id=dossier.pk, typed=points, remark=REMARK, actor=member.user)
            services.send_sheet(round_id=round_.pk, dossier_id=dossier.pk, actor=member.user)
            if until == Phase.SCORING:
                return


def _compare(round_: RecognitionRound, staff: User, proposals: Proposals, until: Phase) -> None:
    """Where scores are being compared, the last member is asked to look again at a score."""
    if until != Phase.JOINT:
        return
    score = (
        Score.objects.filter(sheet__member__round=round_).order_by("-sheet__member", "sheet__dossier__number", "position").first()
    )
    if score:
        plan = services.LookPlan(frozenset([score.pk]), "Đơn vị đã xác nhận lại số đo (minh họa).", round_.meet_on)
        services.ask_second_look(dossier_id=score.sheet.dossier_id, plan=plan, actor=staff)


def _meet(round_: RecognitionRound, staff: User, proposals: Proposals, until: Phase) -> None:
    """Voting is open; where the meeting is over, all have voted for all."""
    plan = services.MeetingPlan(
        held_on=today(),
        place="Phòng họp số 1 (minh họa)",
        way=MeetingWay.THERE,
        ballot=Ballot.OPEN,
        quorum=Share.TWO_THIRDS,
        needed=Share.MORE_THAN_HALF,
        present={member.pk: (True, "") for member in round_.members.all()},
    )
    services.plan_meeting(round_id=round_.pk, plan=plan, actor=staff)
    services.open_voting(round_id=round_.pk, actor=staff)
    if until == Phase.MEETING:
        return
    choices = {dossier.pk: Choice.FOR.value for dossier in _dossiers(round_)}
    for member in round_.members.select_related("user"):
        services.cast_votes(round_id=round_.pk, choices=choices, actor=member.user)
    services.close_voting(round_id=round_.pk, actor=staff)
    services.conclude(round_id=round_.pk, words="Hội đồng thống nhất danh sách (minh họa).", actor=staff)


def _decide(round_: RecognitionRound, staff: User, proposals: Proposals, until: Phase) -> None:
    """A draft for the leader to look through; where all is over, a decision."""
    draft = services.begin_draft(round_id=round_.pk, actor=staff)
    head = round_.unit.letterheads.earliest("pk")
    services.write_draft(
        draft_id=draft.pk,
        typed=services.DraftTyped(
            suffix=head.suffix,
            number=None,
            decided_on=today(),
            texts={"grounds": BASIS.format(phase=Phase.DECIDING.label.lower()), "request": "Đề nghị của Hội đồng (minh họa)"},
        ),
        actor=staff,
    )
    if until == Phase.DECIDING:
        return
    leader = User.objects.get(username=LEADER)
    services.check_draft(draft_id=draft.pk, actor=leader)
    services.publish(draft_id=draft.pk, actor=leader)


Step = Callable[[RecognitionRound, User, Proposals, Phase], None]
_IN: dict[Phase, Step] = {
    Phase.PROPOSING: _propose,
    Phase.SCORING: _score,
    Phase.JOINT: _compare,
    Phase.MEETING: _meet,
    Phase.DECIDING: _decide,
}


def _dossiers(round_: RecognitionRound) -> list[Dossier]:
    return list(Dossier.objects.filter(round=round_).order_by("number"))
