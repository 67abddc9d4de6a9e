"""What a second person confirms, on “Việc của tôi”: accounts, what units say of their models at the end of the year."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from common.addresses import link_to
from common.dates import VIETNAM, today
from models_registry.enums import State
from models_registry.models import Registration, Season, YearVerdict
from models_registry.selectors.scope import own_units
from models_registry.selectors.seasons import seasons_for
from models_registry.selectors.tasks import Task, asks
from models_registry.selectors.verdicts import NONE, PROPOSED, judged_as
from organisation.models import Membership, Reader, Visitor
from organisation.permissions import can_administer, units_where
from organisation.roles import May
from organisation.selectors.confirming import passwords_waiting, waiting_for

CONFIRM_WITHIN = timedelta(days=3)
JUDGED = timedelta(days=92)  # after the end of a year so long anybody is asked to judge a year


def _given(user: Reader) -> Iterable[QuerySet[Any]]:
    return (Membership.objects.waiting(), passwords_waiting()) if can_administer(user) or units_where(user, May.DECIDE) else ()


@asks("tai-khoan", _given)
def of_accounts(user: Visitor) -> Iterable[Task]:
    lines = waiting_for(user)
    if lines:
        first = timezone.localtime(lines[0].given_at, VIETNAM).date() if lines[0].given_at else today()
        what = f"Xác nhận {len(lines)} vai trò, mật khẩu quản trị vừa giao"
        why = "Chưa xác nhận thì chưa có hiệu lực; không đúng thì từ chối."
        yield Task(first + CONFIRM_WITHIN, what, why, link_to("organisation:waiting"), "Xem")


def _said(user: Visitor) -> QuerySet[YearVerdict]:
    mine = Registration.objects.filter(own_units(user, May.CHECK_REGISTRATION), state=State.ACCEPTED)
    said = YearVerdict.objects.filter(confirmed_at__isnull=True, registration__in=mine).exclude(said_by=user.pk)
    return said.exclude(registration__sheet__writers=user.pk)


@asks("dang-ky", lambda user: [_said(user)] if units_where(user, May.CHECK_REGISTRATION) else ())
def of_verdicts(user: Visitor) -> Iterable[Task]:
    """What units say of their models at the end of a year, for whoever may confirm it: a line for each season that has some."""
    grouped = (
        _said(user).order_by("registration__season").values_list("registration__season__year", "registration__season__check_days")
    )
    for year, check_days, number, first in grouped.annotate(number=Count("pk", distinct=True), first=Min("said_at")):
        due = timezone.localtime(first, VIETNAM).date() + timedelta(days=check_days)
        href = link_to("models_registry:verdicts", year, dg=PROPOSED)
        why = "Đơn vị đã tự đánh giá; xác nhận rồi mới tính vào số liệu."
        yield Task(due, f"Xác nhận {number} đánh giá cuối năm {year}", why, href, "Xem và xác nhận")


def _to_judge(user: Reader) -> dict[int, Season]:
    """The seasons whose day of counting is over, and whose year is not long over."""
    day = today()
    return {one.pk: one for one in seasons_for(user) if one.cutoff_on < day <= one.ends_on + JUDGED}


def _unjudged(user: Reader) -> Iterable[QuerySet[Registration]]:
    """What stands in a register at the end of its year, and nobody has said how."""
    acts, seasons = [act for act in (May.WRITE_REGISTRATION, May.CHECK_REGISTRATION) if units_where(user, act)], _to_judge(user)
    if acts and seasons:
        mine = reduce(or_, (own_units(user, act) for act in acts))
        yield judged_as(Registration.objects.filter(mine, season__in=seasons, state=State.ACCEPTED), NONE)


@asks("dang-ky", _unjudged)
def of_years_to_judge(user: Reader) -> Iterable[Task]:
    """Year-end verdicts that are still to be given, a line for each season."""
    seasons = _to_judge(user)
    for rows in _unjudged(user):
        for pk, number in rows.order_by("season").values_list("season").annotate(number=Count("pk", distinct=True)):
            season = seasons[pk]
            due = season.ends_on + timedelta(days=season.check_days)
            title = f"Đánh giá cuối năm {season.year}: {number} mô hình chưa đánh giá"
            why = "Hiệu quả, cần củng cố, tạm dừng hay kết thúc; đánh giá nhiều mô hình một lượt được."
            yield Task(due, title, why, link_to("models_registry:verdicts", season.year, dg=NONE), "Đánh giá")
