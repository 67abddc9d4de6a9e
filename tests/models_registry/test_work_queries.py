"""What “Việc của tôi” asks of the database: as the first page of a process, and as any later one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.remember import forget
from models_registry.enums import Action
from models_registry.services import Mark
from tests.kept_tree import KeptTree
from tests.online import begin, do, fill
from tests.pages import entered
from tests.replicating import on, running

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name, cold, warm",
    [
        ("hamhiep.canbo", 16, 11),
        ("hamthuanbac.chuyenvien", 17, 12),
        ("hamthuanbac.lanhdao", 14, 9),
        ("tinh.chuyenvien", 17, 12),
        ("tinh.lanhdao", 14, 9),
        ("hoidong1", 11, 6),
        ("quantri", 11, 6),
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


def work_for(*titles: str) -> None:
    """For each title a draft and a registration that was returned, of Hàm Hiệp, and a campaign of its district."""
    for title in titles:
        begin()
        sent = do(fill(begin(), title=title), Action.SUBMIT, "hamhiep.canbo")
        do(sent, Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(3, "", "Chưa có con số")])
        running(title=title)


def test_three_of_each_cost_as_many_queries_as_one() -> None:
    counted = []
    with on(2024, 3, 1):
        for titles in (["Cầu gỗ qua suối Cạn"], ["Bữa cơm cho học sinh nghèo", "Góc sách ven chợ"]):  # one of each, then three
            work_for(*titles)
            for name in ("hamhiep.canbo", "hamthuanbac.chuyenvien"):
                client = entered(name)
                forget()
                for _ in range(2):  # as the first page of a process, then as a later one
                    with CaptureQueriesContext(connection) as asked:
                        assert client.get("/lam-viec/").status_code == 200
                    counted.append(len(asked))
    assert counted[:4] == counted[4:]
    assert max(counted[1::2]) <= 20, counted
