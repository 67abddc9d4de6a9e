"""What “Việc của tôi” asks of the database: as the first page of a process, and as any later one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.remember import forget
from tests.kept_tree import KeptTree
from tests.pages import entered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name, cold, warm",
    [
        ("hamhiep.canbo", 16, 11),
        ("hamthuanbac.chuyenvien", 17, 12),
        ("hamthuanbac.lanhdao", 15, 10),
        ("tinh.chuyenvien", 18, 13),
        ("tinh.lanhdao", 15, 10),
        ("hoidong1", 12, 7),
        ("quantri", 12, 7),
    ],
)
def test_the_home_page_of_the_workplace_costs_no_more_queries_than_this(
    name: str, cold: int, warm: int, _kept_tree: KeptTree
) -> None:
    client = entered(name)
    _kept_tree.touched = True  # the tree of units is read as well
    forget()
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/lam-viec/").status_code == 200
        counted.append(len(asked))
    assert counted[0] <= cold <= 20 and counted[1] <= warm, counted


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("name", ["hamhiep.canbo", "hamthuanbac.chuyenvien", "tinh.chuyenvien", "tinh.lanhdao"])
def test_where_nothing_is_remembered_it_costs_at_most_twenty(name: str) -> None:
    client = entered(name)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/lam-viec/").status_code == 200
    assert len(asked) <= 20
