"""Rounds: opened, changed while that may be, advice on numbers, more time for one unit."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from models_registry.models import Season
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit
from organisation.selectors import unit_on
from recognition.enums import MeetingState, PaperKind, Phase
from recognition.models import (
    CriteriaSet,
    Meeting,
    RecognitionRound,
    RoundExtension,
    UnitQuota,
)
from recognition.permissions import can_run
from recognition.selectors import rounds as reads

LATEST = timedelta(days=366)  # from today on: a year that is long over may still be judged


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
