"""What “Việc của tôi” asks of the database, for each role of the demo."""

from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.dates import VIETNAM
from tests.online import sent
from tests.pages import entered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


@pytest.mark.parametrize(
    "name, queries",
    [
        ("tinh.chuyenvien", 16),
        ("tinh.lanhdao", 14),
        ("hamthuanbac.chuyenvien", 21),
        ("hamthuanbac.lanhdao", 15),
        ("hamhiep.canbo", 17),
        ("hoidong1", 11),
        ("quantri", 11),
    ],
)
def test_the_queries_of_each_role_are_fixed(name: str, queries: int) -> None:
    with time_machine.travel(datetime(2023, 9, 20, 9, tzinfo=VIETNAM), tick=False):
        client = entered(name)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/lam-viec/").status_code == 200
    assert len(asked) == queries


def test_three_that_wait_cost_as_many_queries_as_one() -> None:
    counted = list[tuple[bool, int]]()
    with time_machine.travel(datetime(2023, 9, 20, 9, tzinfo=VIETNAM), tick=False):
        client = entered("hamthuanbac.chuyenvien")
        for number, title in enumerate(("Tuyến đường hoa thôn Phú Nhang", "Ngày thứ Sáu nghe dân nói", "Lớp dạy bơi trong hè")):
            sent(title=title)
            with CaptureQueriesContext(connection) as asked:
                page = client.get("/lam-viec/").content.decode()
            counted.append((f"Xét {number + 1} đăng ký" in page, len(asked)))
    assert counted == [(True, counted[0][1])] * 3
