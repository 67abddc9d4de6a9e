"""Opening and leading rounds: criteria by version, dates, advice on numbers, more time, one phase after the other."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from models_registry.models import Season
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit
from organisation.roles import May
from organisation.selectors import holders, unit_on
from recognition.enums import DossierState, DraftState, MeetingState, PaperKind, Phase, Purpose, SheetKind, SheetState, Verdict
from recognition.models import (
    Appeal,
    Attendance,
    Band,
    CriteriaSet,
    Criterion,
    DecisionDraft,
    Dossier,
    DraftLine,
    Meeting,
    RecognitionRound,
    RoundExtension,
    ScoreSheet,
    UnitQuota,
)
from recognition.models.council import sitting_on
from recognition.permissions import can_run
from recognition.selectors import rounds as reads
from recognition.selectors.council import progress_of
from recognition.selectors.decisions import appeal_until, undecided
from recognition.transitions import InvalidTransition, next_phase
from recognition.validators import DEFAULT_MINIMUM, BandLine, CriterionLine, check_criteria, default_lines

LATEST = timedelta(days=366)  # from today on: a year that is long over may still be judged
DEFAULT_NAME = "Bộ tiêu chí mặc định"


def lock_round(round_id: int) -> RecognitionRound:
    """The round for changing: the lock that every writer in a round takes first."""
    locked = RecognitionRound.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("season", "level", "unit", "criteria").get(pk=round_id)


def lock_run(round_id: int, actor: Any) -> RecognitionRound:
    """The round, locked, for who runs it. Raises NotAllowed."""
    round_ = lock_round(round_id)
    if not can_run(actor, round_.unit):
        raise NotAllowed("Vai trò của đồng chí không điều hành đợt xét này.")
    return round_


@transaction.atomic
def save_criteria(
    *,
    name: str,
    lines: Sequence[CriterionLine],
    bands: Sequence[BandLine],
    minimum_total: Decimal,
    unit: Unit,
    actor: Any,
) -> CriteriaSet:
    """Criteria of a body under a name: the first version, or the next. Rounds keep the version that they took.

    Raises NotAllowed, DomainError.
    """
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa bộ tiêu chí của đơn vị này.")
    check_criteria(lines, bands, minimum_total)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    title = clean(name)
    if not title:
        raise DomainError("Xin đặt tên bộ tiêu chí.")
    last = CriteriaSet.objects.filter(unit=unit, name=title).aggregate(last=Max("version"))["last"] or 0
    made = CriteriaSet.objects.create(unit=unit, name=title, version=last + 1, minimum_total=minimum_total, made_by=actor)
    _fill(made, lines, bands)
    record(actor=actor, action="save-criteria", target=made, unit=unit)
    return made


def _fill(made: CriteriaSet, lines: Sequence[CriterionLine], bands: Sequence[BandLine]) -> None:
    Criterion.objects.bulk_create(
        Criterion(
            criteria=made,
            position=n,
            name=clean(line.name),
            maximum=line.maximum,
            weight=line.weight,
            minimum=line.minimum,
            is_knockout=line.is_knockout,
        )
        for n, line in enumerate(lines, start=1)
    )
    Band.objects.bulk_create(
        Band(criteria=made, name=clean(band.name), from_total=band.from_total, to_total=band.to_total) for band in bands
    )


def ensure_criteria() -> CriteriaSet:
    """The default set, made where there is none yet; two at once make one."""
    with transaction.atomic():
        made, new = CriteriaSet.objects.get_or_create(
            unit=None, version=1, defaults={"name": DEFAULT_NAME, "minimum_total": DEFAULT_MINIMUM}
        )
        if new:
            _fill(made, *default_lines())
    return made


@transaction.atomic
def open_round(
    *,
    season: Season,
    unit: Unit,
    criteria: CriteriaSet,
    propose_from: date,
    propose_until: date,
    score_until: date,
    meet_on: date,
    decide_by: date,
    papers: Sequence[str],
    basis: str = "",
    quota_total: int | None = None,
    drops_extremes: bool = False,
    spread_limit: Decimal = Decimal(15),
    actor: Any,
) -> RecognitionRound:
    """A new round of a body, in preparation: its level is the body's on the first day. Raises NotAllowed, DomainError."""
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không mở đợt xét cho đơn vị này.")
    _check_dates(season, propose_from, propose_until, score_until, meet_on, decide_by)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    body = unit_on(unit, propose_from)
    last = RecognitionRound.objects.filter(season=season, unit=unit).aggregate(last=Max("number"))["last"] or 0
    made = RecognitionRound.objects.create(
        season=season,
        unit=unit,
        unit_name=body.name,
        level=body.level,
        number=last + 1,
        basis=basis.strip(),
        propose_from=propose_from,
        propose_until=propose_until,
        score_until=score_until,
        meet_on=meet_on,
        decide_by=decide_by,
        criteria=criteria,
        papers=[kind.value for kind in PaperKind if kind in papers],
        quota_total=quota_total,
        drops_extremes=drops_extremes,
        spread_limit=spread_limit,
        made_by=actor,
    )
    record(actor=actor, action="open-round", target=made, unit=unit)
    return made


@transaction.atomic
def change_round(
    *,
    round_id: int,
    criteria: CriteriaSet,
    propose_from: date,
    propose_until: date,
    score_until: date,
    meet_on: date,
    decide_by: date,
    papers: Sequence[str],
    basis: str = "",
    quota_total: int | None = None,
    drops_extremes: bool = False,
    spread_limit: Decimal = Decimal(15),
    actor: Any,
) -> RecognitionRound:
    """Everything of a round in preparation; later only the days of the phases that are not over, and its basis. On record.

    Raises NotAllowed, DomainError with what cannot change any more.
    """
    round_ = lock_run(round_id, actor)
    days = {
        "propose_from": propose_from,
        "propose_until": propose_until,
        "score_until": score_until,
        "meet_on": meet_on,
        "decide_by": decide_by,
    }
    rules: dict[str, Any] = {
        "criteria": criteria,
        "papers": [kind.value for kind in PaperKind if kind in papers],
        "drops_extremes": drops_extremes,
        "spread_limit": spread_limit,
    }
    moved = {name: day for name, day in days.items() if getattr(round_, name) != day}
    fixed = [name for name in moved if round_.phase not in _MOVES[name]]
    if round_.phase != Phase.PREPARING:
        if any(getattr(round_, name) != value for name, value in rules.items()):
            raise DomainError(
                "Đợt đã mở nên giữ bộ tiêu chí, giấy tờ và cách tính điểm; chỉ sửa được ngày của bước sau, căn cứ, chỉ tiêu."
            )
        if fixed:
            raise DomainError("Ngày của bước đã qua không sửa được nữa. Cần thêm thời gian cho một đơn vị, dùng gia hạn.")
        if any(day < today() for day in moved.values()):
            raise DomainError("Ngày mới không được trước hôm nay.")
    _check_dates(round_.season, *days.values())
    changes = {name: [str(getattr(round_, name)), str(day)] for name, day in moved.items()}
    for name, value in (days | rules | {"basis": basis.strip(), "quota_total": quota_total}).items():
        setattr(round_, name, value)
    round_.save()
    if round_.phase == Phase.MEETING and "meet_on" in moved:
        Meeting.objects.filter(round=round_, state=MeetingState.PREPARING).update(held_on=meet_on)
    record(actor=actor, action="change-round", target=round_, unit=round_.unit, changes=changes)
    if moved and round_.phase != Phase.PREPARING:
        tell(
            recipients=[
                one.user
                for one in round_.members.filter(removed_at__isnull=True).select_related("user")
                if one.user_id != actor.pk
            ],
            event_key=f"round-days:{round_.pk}:{timezone.now():%Y%m%d%H%M%S}",
            subject=f"{round_}: thẩm định đến hết ngày {write_day(score_until)}, họp hội đồng ngày {write_day(meet_on)}",
            link=reverse("recognition:round", args=[round_.pk]),
        )
    return round_


_MOVES = {  # the phases in which a day may still be moved
    "propose_from": (Phase.PREPARING,),
    "propose_until": (Phase.PREPARING, Phase.PROPOSING),
    "score_until": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING),
    "meet_on": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING, Phase.JOINT, Phase.MEETING),
    "decide_by": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING, Phase.JOINT, Phase.MEETING, Phase.DECIDING),
}


def _check_dates(season: Season, *days: date) -> None:
    names = (
        "Nhận đề nghị từ ngày",
        "Nhận đề nghị đến hết ngày",
        "Thẩm định đến hết ngày",
        "Họp hội đồng ngày",
        "Quyết định trước hết ngày",
    )
    if days[0] < season.opens_on:
        raise DomainError(f"{names[0]}: {write_day(days[0])} trước khi năm {season} mở ({write_day(season.opens_on)}).")
    if days[-1] > max(date(season.year + 1, 12, 31), today() + LATEST):
        raise DomainError(f"{names[-1]}: {write_day(days[-1])} quá xa năm {season}.")
    for (before, one), (after, other) in zip(
        zip(names, days, strict=True), list(zip(names, days, strict=True))[1:], strict=False
    ):
        if other < one:
            raise DomainError(f"{after} ({write_day(other)}) phải từ {before.lower()} ({write_day(one)}) trở đi.")


@transaction.atomic
def set_quotas(*, round_id: int, quotas: Mapping[int, int | None], actor: Any) -> None:
    """Advice on how many each unit may propose: {unit id: number, None for none}."""
    round_ = lock_run(round_id, actor)
    allowed = {version.unit_id for version in reads.proposing_units(round_)}
    for unit_id, number in quotas.items():
        if unit_id not in allowed:
            continue
        if number is None:
            UnitQuota.objects.filter(round=round_, unit=unit_id).delete()
        else:
            UnitQuota.objects.update_or_create(round=round_, unit_id=unit_id, defaults={"number": number})
    record(actor=actor, action="set-quotas", target=round_, unit=round_.unit)


@transaction.atomic
def advance(*, round_id: int, actor: Any, seen: str = "") -> RecognitionRound:
    """To the next phase, once what it needs is there. `seen` is the phase that the page was opened in: when another one has
    begun meanwhile, nothing is done. Raises InvalidTransition, DomainError with what is missing.
    """
    round_ = lock_run(round_id, actor)
    if seen and seen != round_.phase:
        raise InvalidTransition(f"Đợt xét đã sang bước “{Phase(round_.phase).label.lower()}”.")
    target = next_phase(round_.phase)
    _READY[target](round_)
    if target == Phase.MEETING:
        _call_meeting(round_)
    before, round_.phase, round_.phase_since = round_.phase, target, timezone.now()
    round_.save(update_fields=["phase", "phase_since"])
    record(actor=actor, action="advance-round", target=round_, unit=round_.unit, changes={"phase": [before, target]})
    _tell(round_, actor)
    return round_


def _ready_to_open(round_: RecognitionRound) -> None:
    if today() > round_.propose_until:
        raise DomainError("Hạn nhận đề nghị đã qua. Xin lập đợt khác với ngày mới.")


def _ready_to_score(round_: RecognitionRound) -> None:
    _check_none_waits(round_)
    if not Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).exists():
        raise DomainError("Chưa có hồ sơ nào đủ giấy tờ để thẩm định.")
    if not round_.members.filter(removed_at__isnull=True).exists():
        raise DomainError("Hội đồng chưa có thành viên nào.")
    _check_all_assigned(round_)


def _check_none_waits(round_: RecognitionRound) -> None:
    waiting = Dossier.objects.filter(round=round_, state__in=[DossierState.SENT, DossierState.RETURNED]).count()
    if waiting:
        raise DomainError(f"Còn {waiting} hồ sơ chờ xem hoặc đang bổ sung. Xin nhận đủ, hoặc để đơn vị rút.")


def _check_all_assigned(round_: RecognitionRound) -> None:
    without = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE, assignments__isnull=True).count()
    if without:
        raise DomainError(f"Còn {without} hồ sơ chưa phân công cho ai chấm.")


def _ready_to_compare(round_: RecognitionRound) -> None:
    _check_none_waits(round_)
    _check_all_assigned(round_)
    late = [one for one in progress_of(round_) if one.left and one.member.sits_on(today())]
    if late:
        named = ", ".join(f"{one.member} ({one.left})" for one in late)
        raise DomainError(f"Còn phiếu chưa nộp: {named}. Xin nhắc, hoặc ghi vắng có lý do.")


def _ready_to_meet(round_: RecognitionRound) -> None:
    begun = Q(kind=SheetKind.MEMBER, state=SheetState.DRAFT, sent_at__isnull=False, member__removed_at__isnull=True)
    open_ones = ScoreSheet.objects.filter(begun, dossier__round=round_, dossier__state=DossierState.COMPLETE)
    named = [f"{sheet.member}, hồ sơ {sheet.dossier.number}" for sheet in open_ones.select_related("member", "dossier")]
    if named:
        raise DomainError(f"Còn phiếu mở lại chưa nộp: {'; '.join(named)}.")


def _ready_to_decide(round_: RecognitionRound) -> None:
    if not Meeting.objects.filter(round=round_, state=MeetingState.CLOSED).exists():
        raise DomainError("Hội đồng chưa biểu quyết xong.")


def _ready_to_close(round_: RecognitionRound) -> None:
    left = undecided(round_).count()
    if left:
        raise DomainError(f"Còn {left} hồ sơ chưa có quyết định.")
    if Appeal.objects.filter(line__draft__round=round_, answered_on__isnull=True).exists():
        raise DomainError("Còn kiến nghị của đơn vị chưa trả lời.")
    if DecisionDraft.objects.filter(round=round_, purpose=Purpose.RECOGNISE).exclude(state=DraftState.PUBLISHED).exists():
        raise DomainError("Còn dự thảo quyết định chưa ban hành. Xin ban hành hoặc bỏ dự thảo.")
    refusals = DraftLine.objects.filter(draft__round=round_, draft__state=DraftState.PUBLISHED, verdict=Verdict.REFUSE)
    open_ones = refusals.exclude(dossier__in=Appeal.objects.values("line__dossier")).select_related(
        "draft__decision", "draft__round"
    )
    until = max((appeal_until(line) for line in open_ones), default=None)
    if until and today() <= until:
        raise DomainError(f"Đơn vị còn được kiến nghị đến hết ngày {write_day(until)}.")


_READY = {
    Phase.PROPOSING: _ready_to_open,
    Phase.SCORING: _ready_to_score,
    Phase.JOINT: _ready_to_compare,
    Phase.MEETING: _ready_to_meet,
    Phase.DECIDING: _ready_to_decide,
    Phase.CLOSED: _ready_to_close,
}


def _call_meeting(round_: RecognitionRound) -> None:
    """The meeting on the round's day, with every member who sits in the council, to be marked present."""
    meeting, _ = Meeting.objects.get_or_create(round=round_, defaults={"held_on": round_.meet_on})
    members = round_.members.filter(sitting_on(round_.meet_on))
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, member=one, name=one.name, task=one.task) for one in members], ignore_conflicts=True
    )


_SUBJECTS = {
    Phase.JOINT: "các phiếu đã nộp, đối chiếu điểm",
    Phase.MEETING: "họp hội đồng ngày {meet_on}",
    Phase.DECIDING: "hội đồng đã biểu quyết xong, chờ quyết định",
    Phase.CLOSED: "đợt xét đã xong",
}


def _tell(round_: RecognitionRound, actor: Any) -> None:
    """Who has something to do in the phase that begins: the units that may propose, then the council."""
    if round_.phase == Phase.PROPOSING:
        people = [
            person
            for version in reads.proposing_units(round_)
            for person in holders(May.PROPOSE, version.unit, round_.season.cutoff_on, climbs=False)
        ]
        subject = f"{round_}: nhận hồ sơ đề nghị đến hết ngày {write_day(round_.propose_until)}"
    else:
        people = [member.user for member in round_.members.filter(removed_at__isnull=True).select_related("user")]
        if round_.phase == Phase.SCORING:
            subject = f"{round_}: thẩm định độc lập đến hết ngày {write_day(round_.score_until)}"
        else:
            subject = f"{round_}: {_SUBJECTS[Phase(round_.phase)]}".format(meet_on=write_day(round_.meet_on))
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"round:{round_.pk}:{round_.phase}",
        subject=subject,
        body=f"{actor}, {write_day(today())}.",
        link=reverse("recognition:round", args=[round_.pk]),
    )


@transaction.atomic
def grant_round_extension(*, round_id: int, unit: Unit, until: date, reason: str, actor: Any) -> RoundExtension:
    """More time for one unit to propose. The same day again changes nothing. Raises DomainError."""
    round_ = lock_run(round_id, actor)
    if unit.pk not in {version.unit_id for version in reads.proposing_units(round_)}:
        raise DomainError("Đơn vị này không đề nghị trong đợt xét này.")
    known = RoundExtension.objects.filter(round=round_, unit=unit, until=until).first()
    if known:
        return known
    if until <= reads.propose_until(round_, unit):
        raise DomainError("Ngày gia hạn phải sau hạn đang có của đơn vị.")
    if until > round_.score_until:
        raise DomainError(f"Gia hạn không quá ngày cuối thẩm định ({write_day(round_.score_until)}).")
    if not clean(reason):
        raise DomainError("Xin ghi lý do gia hạn.")
    extension = RoundExtension.objects.create(round=round_, unit=unit, until=until, reason=clean(reason), granted_by=actor)
    record(actor=actor, action="extend-round", target=round_, unit=unit, note=f"đến hết ngày {write_day(until)}: {clean(reason)}")
    return extension
