"""What a second person confirms, on “Việc của tôi”."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.selectors.tasks import Task, asks
from organisation.selectors import may_confirm, waiting_for

CONFIRM_WITHIN = timedelta(days=3)


@asks("tai-khoan")
def of_accounts(user: Any) -> Iterable[Task]:
    lines = waiting_for(user) if may_confirm(user) else []
    if lines:
        first = timezone.localtime(lines[0].given_at, VIETNAM).date() if lines[0].given_at else today()
        what = f"Xác nhận {len(lines)} vai trò, mật khẩu quản trị vừa giao"
        why = "Chưa xác nhận thì chưa có hiệu lực; không đúng thì từ chối."
        yield Task(first + CONFIRM_WITHIN, what, why, reverse("organisation:waiting"), "Xem")
