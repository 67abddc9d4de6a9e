"""What readers wait for, on “Việc của tôi” of who keeps the public pages."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from common.addresses import link_to
from common.dates import VIETNAM, write_day
from models_registry.selectors.tasks import Task, asks
from organisation.models import Reader
from portal.enums import RequestState
from portal.models import CorrectionRequest
from portal.permissions import can_keep
from portal.selectors.stories import requests_visible_to

ANSWER_WITHIN = timedelta(days=7)


def _open(user: Reader) -> QuerySet[CorrectionRequest]:
    return requests_visible_to(user).filter(state=RequestState.OPEN)


@asks("cong", lambda user: [_open(user)] if can_keep(user) else ())
def of_requests(user: Reader) -> Iterable[Task]:
    """One line for all that readers ask to be corrected or taken away."""
    asked = _open(user).order_by().aggregate(number=Count("pk"), first=Min("sent_at"))
    if not asked["number"]:  # answered since it was counted
        return
    first = timezone.localtime(asked["first"], VIETNAM).date()
    title = f"Trả lời {asked['number']} yêu cầu sửa, gỡ của bạn đọc"
    why = f"Lâu nhất chờ từ ngày {write_day(first)}; người gửi đọc câu trả lời bằng mã."
    yield Task(first + ANSWER_WITHIN, title, why, link_to("desk:requests"), "Trả lời")
