"""Whom a reminder by hand may name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.exceptions import DomainError
from notifications.reminding import Waiting, check_chosen

NEW = Waiting("dv-1", "Đảng ủy xã Một", "chưa có đăng ký", 0)


def test_who_was_reminded_today_is_not_reminded_again_and_nothing_is_said_to_have_gone() -> None:
    now = timezone.now()
    today, before = (Waiting("dv-2", "Đảng ủy xã Hai", "", 0, reminded=at) for at in (now, now - timedelta(days=2)))
    check_chosen([NEW, before], ["dv-1", "dv-2"])
    with pytest.raises(DomainError, match="Hôm nay đã nhắc Đảng ủy xã Hai") as refused:
        check_chosen([NEW, today], ["dv-1", "dv-2"])
    assert refused.value.field == "dv-2"
    check_chosen([NEW, today], ["dv-1"])
