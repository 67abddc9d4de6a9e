"""Rounds: opened, changed while that may be, advice on numbers, more time for one unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from models_registry.models import Season
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import unit_on
from recognition.audit_actions import AuditAction
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


def lock_run(round_id: int, actor: User) -> RecognitionRound:
    """The round, locked, for who runs it. Raises NotAllowed."""
    round_ = lock_round(round_id)
    if not can_run(actor, round_.unit):
        raise NotAllowed("Vai trò của đồng chí không điều hành đợt xét này.")
    return round_


@dataclass(frozen=True)
class RoundPlan:
    """The days and rules of a round, as one asks for them."""

    criteria: CriteriaSet
    propose_from: date
    propose_until: date
    score_until: date
    meet_on: date
    decide_by: date
    papers: Sequence[str] = ()
    basis: str = ""
    quota_total: int | None = None
    drops_extremes: bool = False
    spread_limit: Decimal = Decimal(15)

    @classmethod
    def of(cls, round_: RecognitionRound) -> "RoundPlan":
        return cls(**{one.name: getattr(round_, one.name) for one in fields(cls)})

    @property
    def days(self) -> dict[str, date]:
        return {name: getattr(self, name) for name in _MOVES}

    @property
    def rules(self) -> dict[str, Any]:
        """What a round keeps as it is from the first proposal on."""
        papers = [kind.value for kind in PaperKind if kind in self.papers]
        kept = {name: getattr(self, name) for name in ("criteria", "drops_extremes", "spread_limit")}
        return kept | {"papers": papers}

    @property
    def values(self) -> dict[str, Any]:
        return self.days | self.rules | {"basis": self.basis.strip(), "quota_total": self.quota_total}


@transaction.atomic
def open_round(*, season: Season, unit: Unit, plan: RoundPlan, actor: User) -> RecognitionRound:
    """A new round of a body, in preparation: its level is the body's on the first day. Raises NotAllowed, DomainError."""
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không mở đợt xét cho đơn vị này.")
    check_days(season, plan)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    body = unit_on(unit, plan.propose_from)
    last = RecognitionRound.objects.filter(season=season, unit=unit).aggregate(last=Max("number"))["last"] or 0
    made = RecognitionRound.objects.create(
        season=season, unit=unit, unit_name=body.name, level=body.level, number=last + 1, made_by=actor, **plan.values
    )
    record(actor=actor, action=AuditAction.OPEN_ROUND, target=made, unit=unit)
    return made


@transaction.atomic
def change_round(*, round_id: int, plan: RoundPlan, actor: User) -> RecognitionRound:
    """Everything of a round in preparation; later only the days of the phases that are not over, and its basis. On record.

    Raises NotAllowed, DomainError with what cannot change any more.
    """
    round_ = lock_run(round_id, actor)
    moved = {name: day for name, day in plan.days.items() if getattr(round_, name) != day}
    if round_.phase != Phase.PREPARING:
        _check_still_moves(round_, plan, moved)
    check_days(round_.season, plan)
    changes = {name: [str(getattr(round_, name)), str(day)] for name, day in moved.items()}
    for name, value in plan.values.items():
        setattr(round_, name, value)
    round_.save()
    if "meet_on" in moved:
        Meeting.objects.filter(round=round_, state=MeetingState.PREPARING).update(held_on=plan.meet_on)
    record(actor=actor, action=AuditAction.CHANGE_ROUND, target=round_, unit=round_.unit, changes=changes)
    if moved and round_.phase != Phase.PREPARING:
        tell(
            recipients=[
                one.user
                for one in round_.members.filter(removed_at__isnull=True).select_related("user")
                if one.user_id != actor.pk
            ],
            event_key=f"round-days:{round_.pk}:{timezone.now():%Y%m%d%H%M%S}",
            subject=f"{round_}: thẩm định đến hết ngày {write_day(plan.score_until)}, họp hội đồng ngày {write_day(plan.meet_on)}",
            link=link_to("recognition:round", round_.pk),
        )
    return round_


def _check_still_moves(round_: RecognitionRound, plan: RoundPlan, moved: Mapping[str, date]) -> None:
    """Raise DomainError with what of a plan may not change in a round that is open."""
    if any(getattr(round_, name) != value for name, value in plan.rules.items()):
        raise DomainError(
            "Đợt đã mở nên giữ bộ tiêu chí, giấy tờ và cách tính điểm; chỉ sửa được ngày của bước sau, căn cứ, chỉ tiêu."
        )
    if any(round_.phase not in _MOVES[name] for name in moved):
        raise DomainError(
            "Ngày của bước đã qua không sửa được nữa. Cần thêm thời gian cho một đơn vị, dùng gia hạn; cho cả bước, mở lại bước ấy."
        )
    if any(day < today() for day in moved.values()):
        raise DomainError("Ngày mới không được trước hôm nay.")


_MOVES = {  # the phases in which a day may still be moved
    "propose_from": (Phase.PREPARING,),
    "propose_until": (Phase.PREPARING, Phase.PROPOSING),
    "score_until": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING),
    "meet_on": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING, Phase.JOINT, Phase.MEETING),
    "decide_by": (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING, Phase.JOINT, Phase.MEETING, Phase.DECIDING),
}


def check_days(season: Season, plan: RoundPlan) -> None:
    """Raise DomainError with the first day that is out of order or too far."""
    days = list(plan.days.values())
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
def set_quotas(*, round_id: int, quotas: Mapping[int, int | None], actor: User) -> None:
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
    record(actor=actor, action=AuditAction.SET_QUOTAS, target=round_, unit=round_.unit)


@transaction.atomic
def grant_round_extension(*, round_id: int, unit: Unit, until: date, reason: str, actor: User) -> RoundExtension:
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
    record(
        actor=actor,
        action=AuditAction.EXTEND_ROUND,
        target=round_,
        unit=unit,
        note=f"đến hết ngày {write_day(until)}: {clean(reason)}",
    )
    return extension
