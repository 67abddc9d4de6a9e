"""Reminders before a deadline: 14, 7 and 1 days, to those who have not done it yet; never twice for one of them."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.urls import reverse

from common.dates import today, write_day
from models_registry.enums import State
from models_registry.models import Registration, Season
from models_registry.permissions import acting_day
from models_registry.selectors.seasons import deadline_of
from notifications.services import tell
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors import children, holders, reporting_units

DAYS_BEFORE = (14, 7, 1)


def remind() -> int:
    """Tell writers of units that sent nothing, or hold drafts or returned ones, how long is left. Returns new messages.

    A run that was missed is made up for: the smallest of DAYS_BEFORE that is not yet past counts.
    """
    told = 0
    for season in Season.objects.filter(opens_on__lte=today()):
        day = acting_day(season)
        for version in reporting_units(day):
            places = [place.unit for place in children(version.unit, day)]
            for unit in places or [version.unit]:
                until = deadline_of(season, unit, day)
                step = _step(until)
                if step:
                    told += _remind_unit(season, version.unit, unit, until, step)
    return told


def _step(until: date) -> int:
    """Which of DAYS_BEFORE this day belongs to; 0 when the deadline is past or still far."""
    left = (until - today()).days
    return min((step for step in DAYS_BEFORE if step >= left), default=0) if left >= 0 else 0


def _remind_unit(season: Season, reporting: Unit, unit: Unit, until: date, step: int) -> int:
    place = unit if unit != reporting else None
    states: dict[str, int] = defaultdict(int)
    for state in Registration.objects.filter(season=season, unit=reporting, place=place).values_list("state", flat=True):
        states[state] += 1
    open_ones = states[State.DRAFT] + states[State.RETURNED]
    if open_ones:
        what = f"còn {open_ones} đăng ký chưa gửi"
    elif not any(states.values()):
        what = "đơn vị chưa có đăng ký nào"
    else:
        return 0
    return tell(
        recipients=_writers(unit, acting_day(season)),
        event_key=f"remind:{season.year}:{unit.key}:{until:%Y%m%d}:{step}",
        subject=f"Năm {season}: {what}, hạn gửi đến hết ngày {write_day(until)}",
        body="Mở “Việc của tôi” để viết tiếp hoặc chép mô hình năm trước.",
        link=reverse("models_registry:work"),
    )


def _writers(unit: Unit, day: date) -> list[User]:
    return holders(May.WRITE_REGISTRATION, unit, day, climbs=False)


def reminder_text(season: Season, missing: list[str], until: date) -> str:
    """What an officer copies into Zalo or a mail: who has not sent, until when, what to do."""
    named = ", ".join(missing)
    return (
        f"Kính gửi các đồng chí phụ trách dân vận: {named}.\n"
        f"Đăng ký mô hình “Dân vận khéo” năm {season} nhận đến hết ngày {write_day(until)}. "
        "Đến nay đơn vị chưa có đăng ký trên cổng. Đề nghị các đồng chí đăng nhập, chọn “Đăng ký mô hình” "
        "hoặc “Chép từ năm trước” và gửi trước hạn. Trân trọng cảm ơn."
    )


def remind_now(*, season: Season, units: list[Unit], until: date, actor: Any) -> int:
    """A reminder sent by an officer's hand, once a day and unit. Returns new messages."""
    told = 0
    for unit in units:
        told += tell(
            recipients=_writers(unit, acting_day(season)),
            event_key=f"remind-now:{season.year}:{unit.key}:{today():%Y%m%d}",
            subject=f"Nhắc đăng ký mô hình năm {season}, hạn đến hết ngày {write_day(until)}",
            body=f"{actor} nhắc: đơn vị chưa có đăng ký nào trên cổng.",
            link=reverse("models_registry:work"),
        )
    return told
