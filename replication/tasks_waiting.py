"""What replication waits for, on “Việc của tôi”: to take a model on, to answer who wants to come, to tell what was learned."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from common.addresses import link_to
from common.dates import today, write_day
from common.numbers import write_number
from common.text import quoted
from models_registry.selectors.tasks import Task, asks
from organisation.models import Reader
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from replication.enums import CampaignState, Progress, VisitState
from replication.models import CampaignTarget, ReplicationCampaign, StudyVisit
from replication.selectors.campaigns import Board, boards_asking


def _units(user: Reader) -> frozenset[int]:
    """The user's own units, and those that they follow."""
    return tree_for(user).with_followed(units_where(user, May.RECORD_ADOPTION), today())


def _running(user: Reader) -> QuerySet[ReplicationCampaign]:
    asked = Q(pk__in=CampaignTarget.objects.filter(unit__in=_units(user)).values("campaign"))
    return ReplicationCampaign.objects.filter(
        asked | Q(unit__in=units_where(user, May.LEAD_CAMPAIGN)), state=CampaignState.RUNNING
    )


@asks("nhan-rong", lambda user: [_running(user)])
def of_campaigns(user: Reader) -> Iterable[Task]:
    """Running campaigns that ask the user's own unit, or one that it follows: with nothing from it yet, or behind; and for who leads
    one, how many units are late. A fixed number of queries.
    """
    boards = boards_asking(_running(user), today())
    yield from _to_begin(boards, _units(user))
    yield from _late(boards, units_where(user, May.RECORD_ADOPTION), units_where(user, May.LEAD_CAMPAIGN))


def _to_begin(boards: Iterable[Board], mine: Collection[int]) -> Iterable[Task]:
    for board in boards:
        campaign = board.campaign
        for line in board.lines:
            if line.unit_id in mine and not line.is_extra and not line.adoptions and campaign.ends_on >= today():
                yield Task(
                    campaign.ends_on,
                    f"Nhân rộng: {campaign.title}",
                    f"{line.name} chưa ghi nơi làm, đến hết ngày {write_day(campaign.ends_on)}.",
                    link_to("replication:campaign", campaign.pk),
                    "Mở chiến dịch",
                )


def _late(boards: Iterable[Board], recording: set[int], leading: set[int]) -> Iterable[Task]:
    for board in boards:
        campaign = board.campaign
        href = link_to("replication:campaign", campaign.pk)
        for line in board.late:
            if line.unit_id in recording and line.progress == Progress.LATE:
                counted = f" {campaign.counted.counting_unit}" if campaign.counted else ""
                why = f"{line.name}: {write_number(line.done)}/{write_number(line.asked or 0)}{counted}, đến hết ngày {write_day(campaign.ends_on)}."
                yield Task(campaign.ends_on, f"Nhân rộng chậm: {campaign.title}", why, href, "Ghi kết quả")
        if campaign.unit_id in leading and board.late:
            title = f"{len(board.late)}/{board.targets} đơn vị nhân rộng chậm: {campaign.title}"
            yield Task(campaign.ends_on, title, "Đơn vị chưa làm, hoặc chậm so với thời gian.", href, "Xem")


def _visits(user: Reader) -> QuerySet[StudyVisit]:
    mine = _units(user)
    to_answer = Q(state=VisitState.ASKED, host__in=mine)
    to_tell = Q(state=VisitState.AGREED, visitor__in=mine, planned_on__lte=today())
    return StudyVisit.objects.filter(to_answer | to_tell)


@asks("nhan-rong", lambda user: [_visits(user)])
def of_visits(user: Reader) -> Iterable[Task]:
    """Visits that the user's own unit, or one that it follows, is to answer; and those that are past and not told."""
    for visit in _visits(user).select_related("model").order_by("wanted_on", "pk"):
        asked = visit.state == VisitState.ASKED
        day = visit.wanted_on if asked else visit.planned_on or visit.wanted_on
        yield Task(
            day,
            f"{visit.visitor_name} xin đến học" if asked else f"Đã đến {visit.host_name}: ghi đã học được gì",
            f"{quoted(visit.model.title)}, muốn đến ngày {write_day(day)}." if asked else f"Chuyến hẹn ngày {write_day(day)}.",
            link_to("replication:visit", visit.pk),
            "Trả lời" if asked else "Ghi lại",
        )
