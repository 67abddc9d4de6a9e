"""What of a round waits for whom: units with dossiers to send, members with sheets to hand in, its own people."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils import timezone

from common.addresses import link_to
from common.dates import VIETNAM, today
from models_registry.permissions import acting_day
from notifications.reminding import Waiting
from organisation.roles import May
from organisation.selectors.people import holders_of
from organisation.selectors.units import versions_on
from recognition.enums import IN_ROUND, TOGETHER, DossierState, Phase, SheetKind, SheetState
from recognition.models import Appeal, Assignment, Dossier, Meeting, RecognitionRound, RoundReminder, ScoreSheet
from recognition.selectors.council import progress_of
from recognition.selectors.meetings import ballots_left
from recognition.selectors.rounds import proposing_units


def _day(moment: datetime) -> date:
    return timezone.localtime(moment, VIETNAM).date()


def waiting_units(round_: RecognitionRound) -> list[Waiting]:
    """Units that sent nothing, or have dossiers to send or to complete. A fixed number of queries."""
    if round_.phase not in (Phase.PROPOSING, Phase.SCORING):
        return []
    names = {version.unit_id: version.name for version in proposing_units(round_)}
    there = Dossier.objects.filter(round=round_, unit__isnull=False).order_by()
    counted: dict[int, dict[str, tuple[int, datetime]]] = defaultdict(dict)
    for unit_id, state, number, first in there.values_list("unit", "state").annotate(n=Count("pk"), first=Min("state_since")):
        counted[unit_id][state] = number, first
    others = [pk for pk in counted if pk not in names]  # heirs of units that ended since
    names |= {pk: version.name for pk, version in versions_on(others, acting_day(round_.season)).items()}
    later = dict(round_.extensions.order_by().values_list("unit").annotate(last=Max("until")))
    told = _reminded(round_, "unit")
    people = holders_of(May.PROPOSE, names, acting_day(round_.season), climbs=False)
    found = []
    for pk, name in names.items():
        until = max(round_.propose_until, later.get(pk, round_.propose_until))
        said = _of_unit(round_, counted[pk], takes_new=round_.phase == Phase.PROPOSING or until > round_.propose_until)
        if said:
            what, number, since = said
            href = link_to("recognition:candidates" if not number else "recognition:round", round_.pk)
            see = link_to("recognition:round", round_.pk, dv=name) if counted[pk] else None
            found.append(Waiting(f"dv-{pk}", name, what, number, since, until, people[pk], told.get(pk), href, see))
    return found


def _of_unit(round_: RecognitionRound, has: dict[str, tuple[int, datetime]], *, takes_new: bool) -> tuple[str, int, date] | None:
    """(what waits, of how many dossiers, since when)."""
    parts = [(DossierState.RETURNED, "hồ sơ phải bổ sung")]
    parts += [(DossierState.PREPARING, "hồ sơ chưa gửi")] if takes_new else []
    open_ones = [(*has[state], words) for state, words in parts if state in has]
    if open_ones:
        said = ", ".join(f"{number} {words}" for number, _, words in open_ones)
        return f"còn {said}", sum(number for number, _, _ in open_ones), _day(min(first for _, first, _ in open_ones))
    if takes_new and not any(state in has for state in IN_ROUND):
        return "chưa đề nghị mô hình nào", 0, max(round_.propose_from, _day(round_.phase_since))
    return None


def waiting_members(round_: RecognitionRound) -> list[Waiting]:
    """Members with sheets to hand in, most first: all in the independent phase, those given back later."""
    if round_.phase == Phase.SCORING:
        left = [(one.member, one.left, one.given) for one in progress_of(round_) if one.left and one.member.sits_on(today())]
        since = dict(
            Assignment.objects.filter(member__round=round_).order_by().values_list("member").annotate(first=Min("assigned_at"))
        )
        until = round_.score_until
    elif round_.phase == Phase.JOINT:
        given_back = ScoreSheet.objects.filter(
            kind=SheetKind.MEMBER, state=SheetState.DRAFT, sent_at__isnull=False, member__removed_at__isnull=True
        ).filter(dossier__round=round_, dossier__state=DossierState.COMPLETE)
        of_member: dict[Any, int] = defaultdict(int)
        for sheet in given_back.select_related("member__user"):
            of_member[sheet.member] += 1
        left, since, until = [(member, number, number) for member, number in of_member.items()], {}, round_.meet_on
    else:
        return []
    told, href = _reminded(round_, "member"), link_to("recognition:scoring", round_.pk)
    found = [
        Waiting(
            f"tv-{member.pk}",
            f"{member.name}, {member.get_task_display().lower()}",
            f"còn {number}/{given} hồ sơ chưa chấm",
            number,
            _day(max(since[member.pk], round_.phase_since)) if member.pk in since else _day(round_.phase_since),
            until,
            [member.user],
            told.get(member.pk),
            href,
        )
        for member, number, given in left
    ]
    return sorted(found, key=lambda one: -one.number)


def _reminded(round_: RecognitionRound, whom: str) -> dict[int, datetime]:
    """id of a unit or member -> when it was last reminded by hand."""
    sent = RoundReminder.objects.filter(round=round_, **{f"{whom}__isnull": False}).order_by()
    return dict(sent.values_list(whom).annotate(last=Max("sent_at")))


def sent_with(round_: RecognitionRound, key: UUID) -> list[RoundReminder]:
    """The reminders that were sent together."""
    return list(RoundReminder.objects.filter(round=round_, key=key))


def to_remind(round_: RecognitionRound) -> list[Waiting]:
    """Whom a reminder may go to."""
    return [*waiting_units(round_), *waiting_members(round_)]


def waiting_within(round_: RecognitionRound) -> list[Waiting]:
    """What waits for the body itself and for the council at its meeting."""
    found = []
    sent = Dossier.objects.filter(round=round_, state=DossierState.SENT).aggregate(n=Count("pk"), first=Min("state_since"))
    if sent["n"]:
        what = f"{sent['n']} hồ sơ mới gửi chưa xem"
        see = link_to("recognition:round", round_.pk, tt="sent")
        found.append(Waiting("", "Người điều hành đợt xét", what, sent["n"], since=_day(sent["first"]), see=see))
    if round_.phase == Phase.MEETING:
        meeting = Meeting.objects.filter(round=round_, state="voting").first()
        href = link_to("recognition:meeting", round_.pk)
        for member, number in ballots_left(meeting) if meeting else ():
            if number and meeting:
                what, since = f"còn {number} hồ sơ chưa biểu quyết", _day(meeting.opened_at or round_.phase_since)
                found.append(Waiting("", member.name, what, number, since=since, people=[member.user], see=href))
    if round_.phase in TOGETHER:
        open_ones = Appeal.objects.filter(line__draft__round=round_, answered_on__isnull=True)
        for one in open_ones.select_related("line__dossier__registration"):
            if one.line.dossier:
                what, href = (
                    f"kiến nghị về hồ sơ {one.line.dossier.number} chưa trả lời",
                    link_to("recognition:dossier", one.line.dossier.pk),
                )
                found.append(Waiting("", f"Lãnh đạo {round_.unit_name}", what, 1, since=one.sent_on, see=href))
    return found
