"""Where a dossier stands once decisions were published, and all that happened to it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.timezone import localtime

from common.dates import VIETNAM, day_begins
from models_registry.selectors.timeline import Event
from recognition.enums import DossierAction, DossierState, Outcome, Phase, Verdict
from recognition.models import CentralIntroduction, Certificate, Commendation, Dossier, DraftLine, Recognition
from recognition.selectors.decisions import decided_dossiers, outcomes_among

_DECIDED = (Phase.DECIDING, Phase.CLOSED)


def states_of(dossiers: Iterable[Dossier]) -> dict[int, str]:
    """dossier id -> its state, or what the last decision made of it. At most two queries; none before a round decides."""
    dossiers = list(dossiers)
    found = {one.pk: str(one.state) for one in dossiers}
    judged = [one for one in dossiers if one.state == DossierState.COMPLETE and one.round and one.round.phase in _DECIDED]
    if not judged:
        return found
    lines = outcomes_among([one.pk for one in judged])
    rows = {one.registration_id for one in judged}
    there = Recognition.objects.filter(registration__in=rows, revoked_on__isnull=True)
    standing = set(there.values_list("registration", "level"))
    for one in judged:
        if line := lines.get(one.pk):
            found[one.pk] = _outcome(line, stands=(one.registration_id, one.level_id) in standing)
    return found


def _outcome(line: DraftLine, *, stands: bool) -> Outcome:
    if line.verdict == Verdict.RECOGNISE:
        return Outcome.RECOGNISED if stands else Outcome.REVOKED
    appeal = getattr(line, "appeal", None)
    return Outcome.AGAIN if appeal and appeal.is_upheld else Outcome.REFUSED


_STEP_LOOKS = {
    DossierAction.SEND: "waiting",
    DossierAction.RETURN: "returned",
    DossierAction.COMPLETE: "accepted",
    DossierAction.WITHDRAW: "withdrawn",
}


def way_of(dossier: Dossier) -> list[Event]:
    """From the first sending to decision, certificate, award and introduction to the centre, newest first."""
    events = [
        Event(
            step.at,
            step.get_action_display(),
            step.actor_name,
            (*(str(flaw) for flaw in step.flaws.all()), *([step.note] if step.note else [])),
            _STEP_LOOKS[DossierAction(step.action)],
        )
        for step in dossier.steps.prefetch_related("flaws")
    ]
    for line in decided_dossiers().filter(dossier=dossier).select_related("draft__decision", "appeal"):
        events += _of_line(line)
    rows = Recognition.objects.filter(registration=dossier.registration_id, level=dossier.level_id)
    recognitions = list(rows.select_related("decision", "revoked_by", "grade", "graded_in", "ungraded_by"))
    events += [event for one in recognitions for event in _of_recognition(one)]
    certificates = Certificate.objects.filter(recognition__in=recognitions).select_related("paper")
    events += [Event(one.made_at, f"Cấp giấy công nhận số {one.paper.number}", look="province") for one in certificates]
    awards = Commendation.objects.filter(recognition__in=recognitions, decision__isnull=False).select_related("decision")
    events += [
        Event(
            day_begins(one.decision.decided_on),
            f"Tặng {one.get_award_display().lower()}",
            "",
            (str(one.decision),),
            "province",
            False,
        )
        for one in awards
        if one.decision
    ]
    if dossier.level.gathers_registers:
        events += _introductions(dossier)
    return sorted(events, key=_moment)[::-1]


def _moment(event: Event) -> tuple[date, bool, datetime]:
    """When it happened; where only the day is known, after what was done on it: an appeal follows the decision."""
    return localtime(event.at, VIETNAM).date(), not event.has_time, event.at


def _of_line(line: DraftLine) -> list[Event]:
    decision = line.draft.decision
    assert decision is not None and decision.published_at is not None
    is_good = line.verdict == Verdict.RECOGNISE
    outcome = Outcome.RECOGNISED if is_good else Outcome.REFUSED
    words = [f"Quyết định số {decision}, ngày {decision.decided_on:%d/%m/%Y}", *([] if is_good else [line.reason])]
    events = [
        Event(decision.published_at, outcome.label, decision.issuer_name, tuple(words), "province" if is_good else "refused")
    ]
    appeal = getattr(line, "appeal", None)
    if appeal:
        events.append(Event(day_begins(appeal.sent_on), "Kiến nghị", "", (appeal.words,), "waiting", False))
    if appeal and appeal.answered_on:
        what = "Chấp nhận kiến nghị, xét lại" if appeal.is_upheld else "Giữ nguyên kết luận"
        look = "waiting" if appeal.is_upheld else "refused"
        events.append(Event(day_begins(appeal.answered_on), what, "", (appeal.answer,), look, False))
    return events


def _of_recognition(one: Recognition) -> list[Event]:
    """What decisions did to it: gave it a grade, took the grade away, withdrew it, wrote it down anew under a corrected name."""
    events = []
    if one.grade and one.graded_in:
        told = (str(one.graded_in),)
        events.append(Event(day_begins(one.graded_in.decided_on), f"Ghi mức {one.grade}", "", told, "province", False))
    if one.ungraded_on and one.ungraded_by:
        told = (str(one.ungraded_by),)
        events.append(Event(day_begins(one.ungraded_on), f"Thu hồi mức {one.grade}", "", told, "revoked", False))
    if one.revoked_on is None or one.revoked_by is None:
        return events
    what, words = one.revoked_by.get_purpose_display(), (str(one.revoked_by),)
    return [*events, Event(day_begins(one.revoked_on), what, one.revoked_by.issuer_name, words, "revoked", False)]


def _introductions(dossier: Dossier) -> list[Event]:
    events = []
    for one in CentralIntroduction.objects.filter(registration=dossier.registration_id):
        events.append(
            Event(day_begins(one.introduced_on), "Giới thiệu Trung ương", one.paper, (one.programme,), "central", False)
        )
        if one.withdrawn_on:
            events.append(
                Event(
                    day_begins(one.withdrawn_on),
                    "Rút giới thiệu Trung ương",
                    one.withdrawn_paper,
                    (one.withdrawn_why,),
                    "revoked",
                    False,
                )
            )
    return events
