"""What “Việc của tôi” asks of the database: as the first page of a process, and as any later one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.remember import forget
from tests.pages import entered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name, cold, warm",
    [
        ("hamhiep.canbo", 22, 17),
        ("hamthuanbac.chuyenvien", 24, 20),
        ("hamthuanbac.lanhdao", 22, 18),
        ("tinh.chuyenvien", 24, 20),
        ("tinh.lanhdao", 27, 23),
    ],
)
def test_the_home_page_of_the_workplace_costs_no_more_queries_than_this(name: str, cold: int, warm: int) -> None:
    client = entered(name)
    forget()
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/lam-viec/").status_code == 200
        counted.append(len(asked))
    assert counted[0] <= cold and counted[1] <= warm, counted
