"""What rounds wait for, on “Việc của tôi”: papers to complete, dossiers to look at, sheets to hand in."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from common.addresses import link_to
from common.dates import VIETNAM, today, write_day
from common.text import quoted
from models_registry.selectors.seasons import seasons_for
from models_registry.selectors.tasks import LISTED, Task, asks
from organisation.models import Reader, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from recognition.enums import LAST_DAYS, VISITED_IN, DossierState, DraftState, MeetingState, Phase, SheetState, Verdict
from recognition.models import (
    Appeal,
    Assignment,
    Attendance,
    CouncilMember,
    DecisionDraft,
    Dossier,
    DraftLine,
    Recognition,
    RecognitionRound,
    RoundExtension,
    ScoreSheet,
    SecondLook,
    SiteVisit,
)
from recognition.models.council import sitting_on
from recognition.selectors.council import interests_in
from recognition.selectors.decisions import appeal_until
from recognition.selectors.dossiers import candidates, needs_lower_recognition
from recognition.selectors.meetings import votes_left
from recognition.selectors.visits import visits_visible_to

ANSWER_WITHIN = timedelta(days=15)
LOOK_WITHIN = timedelta(days=3)  # after it was sent, a dossier is due to be looked at


def _proposing_for(user: Reader) -> tuple[frozenset[int], frozenset[int]]:
    """(the units for which the user proposes, those whose rounds they may propose to)"""
    held = units_where(user, May.PROPOSE)
    if not held:
        return frozenset(), frozenset()
    tree, days = tree_for(user), [today(), *(season.cutoff_on for season in seasons_for(user))]
    below = [tree.below(held, day) for day in tree.distinct(days)]
    above = [tree.line(pk, day) for pk in held for day in tree.distinct(days)]
    return frozenset[int]().union(*below), frozenset[int]().union(*below, *above)


def _granted(**of: Any) -> Subquery:
    """The last day until which units have been given more time."""
    return Subquery(RoundExtension.objects.filter(**of).order_by("-until").values("until")[:1])


def _taking(user: Reader) -> QuerySet[RecognitionRound]:
    below, rounds_of = _proposing_for(user)
    more_time = RoundExtension.objects.filter(round=OuterRef("pk"), unit__in=below, until__gte=today())
    is_open = Q(phase=Phase.PROPOSING) | Q(Exists(more_time), phase=Phase.SCORING)
    return RecognitionRound.objects.filter(is_open, unit__in=rounds_of, propose_from__lte=today())


@asks("dot-xet", lambda user: [_taking(user)])
def _to_propose(user: Reader) -> Iterable[Task]:
    """Rounds that still take proposals, with models of the user's units that nobody proposed: of a round that rests on a lower
    recognition, those that have it.
    """
    below, _ = _proposing_for(user)
    taking = _taking(user).annotate(granted=_granted(round=OuterRef("pk"), unit__in=below))
    rounds = {one.pk: one for one in taking.select_related("season", "unit", "level").order_by("propose_until", "pk")}
    until_of = {pk: max(one.propose_until, one.granted or date.min) for pk, one in rounds.items()}
    left = [_left(user, one) for pk, one in rounds.items() if until_of[pk] >= today()]
    counted = Counter(left[0].union(*left[1:], all=True)) if left else Counter()
    for pk, number in counted.items():
        why = f"{rounds[pk]}: nhận đề nghị đến hết ngày {write_day(until_of[pk])}."
        href = link_to("recognition:candidates", pk)
        yield Task(until_of[pk], f"Chọn đề nghị: {number} mô hình chưa đề nghị", why, href, "Xem và chọn")


def _left(user: Reader, round_: RecognitionRound) -> QuerySet[Any, int]:
    """The round's id, once for each registration that may still be proposed in it."""
    rows = candidates(user, round_).order_by()
    if round_.phase == Phase.SCORING:
        late = RoundExtension.objects.filter(round=round_, until__gte=today(), until__gt=round_.propose_until).values("unit")
        rows = rows.filter(Q(unit__in=late) | Q(place__in=late))
    if needs_lower_recognition(round_):
        below = Recognition.objects.filter(registration=OuterRef("pk"), revoked_on__isnull=True)
        rows = rows.filter(Exists(below.filter(decision__level__rank__lt=round_.level.rank)))
    return rows.annotate(at=Value(round_.pk)).values_list("at", flat=True)


def _open_dossiers(user: Reader) -> QuerySet[Dossier]:
    below, _ = _proposing_for(user)
    return Dossier.objects.filter(
        round__phase__in=[Phase.PROPOSING, Phase.SCORING],
        unit__in=below,
        state__in=[DossierState.PREPARING, DossierState.RETURNED],
    )


@asks("dot-xet", lambda user: [_open_dossiers(user)])
def _to_complete(user: Reader) -> Iterable[Task]:
    """Dossiers that the user's units can still send: begun ones in time, those given back as long as the round takes them."""
    found: dict[tuple[int, str], tuple[int, date]] = {}
    columns = ("round", "unit", "state", "round__phase", "round__propose_until", "granted")
    dossiers = _open_dossiers(user).annotate(granted=_granted(round=OuterRef("round"), unit=OuterRef("unit")))
    for at, _, state, phase, until, granted, number in dossiers.order_by("round").values_list(*columns).annotate(n=Count("pk")):
        later = granted or until
        takes_new = today() <= max(until, later) and (phase == Phase.PROPOSING or later > until)
        if state == DossierState.RETURNED or takes_new:
            before, first = found.get((at, state), (0, date.max))
            found[at, state] = before + number, min(first, max(until, later))
    for (at, state), (number, until) in found.items():
        back = state == DossierState.RETURNED
        title = f"Bổ sung {number} hồ sơ bị trả lại" if back else f"Làm tiếp {number} hồ sơ đề nghị"
        why = "Sửa chỗ thiếu rồi gửi lại." if back else "Hồ sơ đã lập, chưa gửi."
        yield Task(until, title, why, link_to("recognition:round", at), "Mở hồ sơ")


def _refused(user: Reader) -> QuerySet[DraftLine]:
    below, _ = _proposing_for(user)
    refused = DraftLine.objects.filter(
        draft__state=DraftState.PUBLISHED, verdict=Verdict.REFUSE, dossier__unit__in=below, draft__round__phase=Phase.DECIDING
    )
    return refused.exclude(dossier__in=Appeal.objects.values("line__dossier"))


@asks("dot-xet", lambda user: [_refused(user)])
def _to_appeal(user: Reader) -> Iterable[Task]:
    """Refusals that the user's units may still appeal against, a line for each round."""
    found: dict[int, list[tuple[date, DraftLine]]] = defaultdict(list)
    for line in _refused(user).select_related("draft__decision", "draft__round").order_by("pk"):
        if (until := appeal_until(line)) >= today():
            found[line.draft.round_id or 0].append((until, line))
    for lines in found.values():
        until, line = min(lines, key=lambda pair: (pair[0], pair[1].pk))
        why = f"Đơn vị còn được kiến nghị đến hết ngày {write_day(until)}, mỗi hồ sơ một lần."
        href = link_to("recognition:dossier", line.dossier_id or 0)
        if len(lines) > 1:
            href = link_to("recognition:round", line.draft.round_id or 0)
        yield Task(until, f"{len(lines)} hồ sơ không được công nhận: xem lý do, kiến nghị nếu cần", why, href, "Xem")


def _sent(user: Reader) -> QuerySet[Dossier]:
    return Dossier.objects.filter(round__unit__in=units_where(user, May.RUN_ROUND), state=DossierState.SENT).exclude(
        round__phase=Phase.CLOSED
    )


@asks("dot-xet", lambda user: [_sent(user)])
def _to_look_at(user: Reader) -> Iterable[Task]:
    for round_id, number, first in (
        _sent(user).order_by("round").values_list("round").annotate(n=Count("pk"), first=Min("state_since"))
    ):
        due = timezone.localtime(first, VIETNAM).date() + LOOK_WITHIN
        href = link_to("recognition:round", round_id, tt="sent")
        yield Task(
            due, f"Xem {number} hồ sơ mới gửi", "Đủ giấy tờ thì đưa vào thẩm định, thiếu thì trả lại từng giấy tờ.", href, "Xem"
        )


def _over(user: Reader) -> QuerySet[RecognitionRound]:
    """Rounds that the user runs and whose phase is past its last day."""
    is_over = Q()
    for phase, day in LAST_DAYS.items():
        if phase != Phase.DECIDING:  # its draft waits for whoever leads
            is_over |= Q(("phase", phase), (f"{day}__lt", today()))
    return RecognitionRound.objects.filter(is_over, unit__in=units_where(user, May.RUN_ROUND))


def _visited(user: Reader) -> QuerySet[SiteVisit]:
    """Visits whose day has come, of dossiers that are still judged, without what they found."""
    judged = visits_visible_to(user).filter(
        dossier__round__phase__in=VISITED_IN, dossier__state__in=[DossierState.SENT, DossierState.COMPLETE]
    )
    return judged.filter(planned_on__lte=today(), visited_on__isnull=True)


@asks("dot-xet", lambda user: [_visited(user)])
def _to_tell_of(user: Visitor) -> Iterable[Task]:
    """Visits to tell of, but those of dossiers in which the user has an interest."""
    visits = list(_visited(user).order_by("planned_on", "pk"))
    kept_back = interests_in([visit.dossier.round for visit in visits if visit.dossier.round], user)
    for visit in [one for one in visits if one.dossier_id not in kept_back][:LISTED]:
        title = visit.dossier.registration.title[:150]
        why = f"Hẹn ngày {write_day(visit.planned_on)}: {shorten(visit.visitors, 150, placeholder='…')}."
        href = link_to("recognition:visit", visit.pk)
        yield Task(visit.planned_on, f"Ghi kết quả khảo sát: {quoted(title)}", why, href, "Ghi kết quả")


@asks("dot-xet", lambda user: [_over(user)])
def _to_move_on(user: Reader) -> Iterable[Task]:
    for one in _over(user).select_related("season", "unit").order_by("pk"):
        title = f"{one}: hết hạn bước “{one.get_phase_display().lower()}”"
        href = link_to("recognition:round", one.pk)
        yield Task(
            getattr(one, LAST_DAYS[Phase(one.phase)]),
            title,
            "Xem còn thiếu gì, rồi sang bước sau hoặc dời ngày.",
            href,
            "Mở đợt xét",
        )


def _seats(user: Visitor) -> QuerySet[CouncilMember]:
    return CouncilMember.objects.filter(sitting_on(today()), user=user.pk)


def _to_be_scored(user: Visitor) -> QuerySet[Assignment]:
    """What still can be scored: in time, or given back."""
    sheets = ScoreSheet.objects.filter(member=OuterRef("member"), dossier=OuterRef("dossier"))
    finished = sheets.filter(state__in=[SheetState.SENT, SheetState.ABSENT])
    given_back = sheets.filter(state=SheetState.DRAFT, sent_at__isnull=False)
    given = Assignment.objects.filter(
        member__in=_seats(user),
        member__round__phase=Phase.SCORING,
        dossier__state=DossierState.COMPLETE,
    )
    return given.filter(~Exists(finished), Q(member__round__score_until__gte=today()) | Q(Exists(given_back)))


@asks("dot-xet", lambda user: [_to_be_scored(user)])
def _to_score(user: Visitor) -> Iterable[Task]:
    counted = _to_be_scored(user).order_by("member__round").values_list("member__round", "member__round__score_until")
    for round_id, until, left in counted.annotate(n=Count("pk")):
        why = f"Thẩm định độc lập đến hết ngày {write_day(until)}."
        yield Task(until, f"Chấm {left} hồ sơ được giao", why, link_to("recognition:scoring", round_id), "Chấm")


def _second_looks(user: Visitor) -> QuerySet[SecondLook]:
    return SecondLook.objects.filter(
        answered_at__isnull=True,
        sheet__state=SheetState.SENT,
        sheet__member__in=_seats(user),
        sheet__dossier__round__phase=Phase.JOINT,
        sheet__dossier__state=DossierState.COMPLETE,
    )


@asks("dot-xet", lambda user: [_second_looks(user)])
def _to_look_again(user: Visitor) -> Iterable[Task]:
    """Requests to look again at one's scores, while they can be answered."""
    for one in _second_looks(user).select_related("sheet__dossier").order_by("until", "pk"):
        dossier = one.sheet.dossier
        href = link_to("recognition:sheet", dossier.round_id or 0, dossier.pk)
        yield Task(one.until, f"Xem lại điểm hồ sơ {dossier.number}", shorten(one.reason, 150, placeholder="…"), href, "Xem lại")


def _at_vote(user: Visitor) -> QuerySet[Attendance]:
    return Attendance.objects.filter(member__in=_seats(user), is_present=True, meeting__state=MeetingState.VOTING)


@asks("dot-xet", lambda user: [_at_vote(user)])
def _to_vote(user: Visitor) -> Iterable[Task]:
    """Ballots that are open, for members who are there and have not voted on everything."""
    for meeting, left in votes_left(user, _at_vote(user)):
        if left:
            href = link_to("recognition:vote", meeting.round_id)
            why = "Thư ký đã mở biểu quyết; kết quả hiện khi đóng."
            yield Task(meeting.held_on, f"Biểu quyết {left} hồ sơ", why, href, "Biểu quyết")


def _drafts(user: Visitor) -> QuerySet[DecisionDraft]:
    mine = DecisionDraft.objects.filter(unit__in=units_where(user, May.DECIDE), decided_on__isnull=False)
    return mine.exclude(state=DraftState.PUBLISHED).exclude(writers=user.pk)


@asks("dot-xet", lambda user: [_drafts(user)])
def _to_decide(user: Visitor) -> Iterable[Task]:
    """Drafts for those who check and publish; what was written by the person alone is another's to check."""
    for draft in _drafts(user).select_related("round__season").distinct():
        due = draft.round.decide_by if draft.round else draft.decided_on or today()
        checked = draft.state == DraftState.CHECKED
        title = "Ban hành quyết định đã kiểm tra" if checked else "Duyệt dự thảo quyết định"
        why = f"{draft.get_purpose_display()}{f', {draft.round}' if draft.round else ''}."
        button = "Xem và ban hành" if checked else "Xem và duyệt"
        yield Task(due, title, why, link_to("recognition:draft", draft.pk), button)


def _appeals(user: Reader) -> QuerySet[Appeal]:
    return Appeal.objects.filter(line__draft__unit__in=units_where(user, May.DECIDE), answered_on__isnull=True)


@asks("dot-xet", lambda user: [_appeals(user)])
def _to_answer(user: Reader) -> Iterable[Task]:
    """Appeals without an answer."""
    for one in _appeals(user).select_related("line__dossier__registration"):
        if one.line.dossier:
            href = link_to("recognition:dossier", one.line.dossier.pk)
            due, title = one.sent_on + ANSWER_WITHIN, one.line.dossier.registration.title[:150]
            yield Task(due, f"Trả lời kiến nghị: {quoted(title)}", f"Đơn vị gửi ngày {write_day(one.sent_on)}.", href, "Trả lời")
