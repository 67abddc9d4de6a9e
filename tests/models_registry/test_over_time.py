"""A season in whose middle units end (1/7/2025), and a year that goes over into the next: nothing sent vanishes."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from common.exceptions import DomainError
from models_registry.models import Registration, Season, SeasonExtension
from models_registry.selectors import board as boards
from models_registry.selectors import visible_to
from models_registry.selectors.board_counting import board_counts
from models_registry.selectors.tasks import tasks_of
from models_registry.services import NewSeason, open_season, remind
from notifications.models import Message
from organisation.models import Unit, UnitSuccession, UnitVersion
from organisation.services import give_role
from tests.online import HAM_HIEP, HAM_THUAN_BAC, Action, Mark, begin, do, fill, person, sent

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER, CHECKER, LEADER, PROVINCE = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao", "tinh.chuyenvien"


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


@pytest.fixture
def reform() -> Season:
    """The season of 2025: its units end on 1/7."""
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    return season


def written(unit: str = HAM_HIEP, by: str = WRITER) -> Registration:
    return fill(begin(unit, by, 2025), by, starts_on="01/03/2025")


def heirs() -> list[str]:
    """Two people of the commune and of the province that came after, by their names."""
    commune = UnitSuccession.objects.filter(predecessor__key=HAM_HIEP)[0].successor
    province = UnitVersion.objects.on(date(2025, 8, 1)).get(unit=commune).parent
    assert province is not None
    for name, role, unit in (("hoidong1", "can-bo-co-so", commune), ("hoidong2", "chuyen-vien-tinh", province)):
        give_role(user=person(name), role=role, unit=unit, starts_on=date(2025, 7, 1), actor=None)
    return ["hoidong1", "hoidong2"]


def row_heir(row: Registration) -> int:
    return UnitSuccession.objects.get(predecessor=row.place).successor_id


def test_before_its_units_end_the_season_is_worked_in_by_them(reform: Season, client: Client) -> None:
    with on(2025, 3, 10):
        row = do(written(), Action.SUBMIT, WRITER)
        for name in (WRITER, CHECKER, LEADER, PROVINCE):
            client.force_login(person(name))
            assert client.get("/lam-viec/nam/2025/").status_code == 200, name
            assert client.get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 200, name
        board = boards.board_of(person(PROVINCE), reform)
        assert board is not None and len(board.units) == 13
        client.force_login(person(CHECKER))
        html = " ".join(client.get("/lam-viec/nam/2025/").content.decode().split())
        assert "1/17</span> xã, phường, thị trấn đã đăng ký" in html


def test_what_was_sent_does_not_vanish_when_its_unit_ends(reform: Season, client: Client) -> None:
    with on(2025, 3, 10):
        row = do(written(), Action.SUBMIT, WRITER)
    with on(2025, 8, 1):
        for name in (WRITER, CHECKER, PROVINCE, *heirs()):
            assert visible_to(person(name)).filter(pk=row.pk).exists(), name
            client.force_login(person(name))
            assert client.get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 200, name
            assert client.get("/lam-viec/nam/2025/").status_code == 200, name
        for name in ("duclinh.chuyenvien", "phanthiet.chuyenvien"):
            assert not visible_to(person(name)).filter(pk=row.pk).exists(), name
        board = boards.board_of(person("hoidong2"), reform)
        assert board is not None
        names = {version.unit.key for version in board.units}
        assert names.isdisjoint((HAM_THUAN_BAC, "duc-linh"))  # what the one sent stands at its heir, the other has nothing
        assert board_counts(board, boards.BoardFilter()).units[row_heir(row)]["submitted"] == 1


@pytest.mark.parametrize("action, by", [(Action.SUBMIT, CHECKER), (Action.ACCEPT, LEADER)])
def test_a_unit_that_ended_sends_and_accepts_nothing(reform: Season, action: Action, by: str) -> None:
    with on(2025, 3, 10):
        row = written(HAM_THUAN_BAC, CHECKER)
        row = row if action == Action.SUBMIT else do(row, Action.SUBMIT, CHECKER)
        before = row.state
    with on(2025, 8, 1), pytest.raises(DomainError, match="đã kết thúc hoặc chưa thành lập"):
        do(row, action, by)
    assert Registration.objects.get(pk=row.pk).state == before
    with on(2025, 8, 1), pytest.raises(DomainError, match="đã kết thúc hoặc chưa thành lập"):
        begin(HAM_THUAN_BAC, CHECKER, 2025)


def test_what_a_year_left_open_is_still_a_task_in_the_next() -> None:
    SeasonExtension.objects.all().delete()
    with on(2023, 12, 30):
        back = do(sent(), Action.RETURN, CHECKER, marks=[Mark(8, None, "Đếm cái gì?")])
        waits = sent(title="Tổ tự quản an ninh thôn Xuân Điền")
        fill(begin(), title="Bản nháp của năm cũ")
    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 10, 15)))
    with on(2024, 1, 2):
        mine, theirs = tasks_of(person(WRITER), season), tasks_of(person(CHECKER), season)
        assert mine is not None and theirs is not None
        first = mine.tasks[0]
        assert (first.title, first.due) == (f"Sửa theo ý kiến năm 2023: “{back.title}”", date(2024, 1, 6))
        assert not any("Bản nháp của năm cũ" in task.title for task in mine.tasks)
        assert [row.pk for row in mine.waiting] == [waits.pk]
        check = next(task for task in theirs.tasks if task.title == f"Xét 1 đăng ký năm {waits.season} đang chờ")
        assert str(check.href) == "/lam-viec/nam/2023/xet/"


def test_of_many_drafts_the_rest_is_told() -> None:
    for n in range(23):
        fill(begin(), title=f"Bản nháp số {n} của Hàm Hiệp")
    mine = tasks_of(person(WRITER), Season.objects.get(year=2023))
    assert mine is not None
    titles = [task.title for task in mine.tasks]
    assert sum(title.startswith("Viết tiếp bản nháp") for title in titles) == 20
    assert "Còn 3 bản nháp, bản trả lại nữa" in titles


def test_a_task_is_due_by_the_extension_of_its_own_place() -> None:
    SeasonExtension.objects.all().delete()
    season, commune = Season.objects.get(year=2023), Unit.objects.get(key=HAM_HIEP)
    SeasonExtension.objects.create(season=season, unit=commune, until=date(2024, 2, 10), reason="Bão")
    with on(2023, 12, 20):
        row = fill(begin(HAM_THUAN_BAC, CHECKER), CHECKER, place=HAM_HIEP)
        mine = tasks_of(person(CHECKER), season)
        assert mine is not None
        assert [task.due for task in mine.tasks if row.title in task.title] == [date(2024, 2, 10)]


# --- reminders


def reminders(*names: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(event_key__startswith="remind:", recipient__username__in=names).order_by("pk")
    return [(one.recipient.username, one.subject) for one in found]


def test_who_withdrew_all_of_it_has_registered_nothing() -> None:
    SeasonExtension.objects.all().delete()
    Registration.objects.filter(season__year=2023, place__key=HAM_HIEP).update(place=None)
    with on(2023, 12, 24):
        do(sent(), Action.WITHDRAW, WRITER, "Nhầm")
        remind()
        assert reminders(WRITER) == [(WRITER, "Năm 2023: đơn vị chưa có đăng ký nào, hạn gửi đến hết ngày 31/12/2023")]


def test_the_days_for_mending_are_reminded_of_after_the_window() -> None:
    SeasonExtension.objects.all().delete()
    with on(2023, 12, 31):
        do(sent(), Action.RETURN, CHECKER, "Sửa")
    with on(2024, 1, 6):
        remind()
        remind()
    said = "Năm 2023: còn 1 đăng ký trả lại chưa gửi lại, hạn gửi đến hết ngày 07/01/2024"
    assert reminders(WRITER) == [(WRITER, said)]


def test_reminding_asks_the_database_as_often_for_many_places_as_for_few(django_assert_max_num_queries: Any) -> None:
    SeasonExtension.objects.all().delete()
    with on(2023, 12, 10), django_assert_max_num_queries(12):
        remind()


def test_each_place_is_reminded_of_its_own_last_day(client: Client) -> None:
    SeasonExtension.objects.all().delete()
    season = Season.objects.get(year=2023)
    Registration.objects.filter(season=season, unit__key__in=["phan-thiet", "duc-linh"]).update(
        unit=Unit.objects.get(key="la-gi")
    )
    from models_registry.models import BoardCount

    BoardCount.objects.filter(season=season, unit__key__in=["phan-thiet", "duc-linh"]).delete()
    SeasonExtension.objects.create(season=season, unit=Unit.objects.get(key="phan-thiet"), until=date(2024, 2, 28), reason="Bão")
    with on(2023, 12, 20):
        client.force_login(person(PROVINCE))
        lines = client.post("/lam-viec/nam/2023/nhac/").context["lines"]
    assert {(one.name, one.until) for one, _ in lines} >= {
        ("Huyện ủy Đức Linh", date(2023, 12, 31)),
        ("Thành ủy Phan Thiết", date(2024, 2, 28)),
    }


def test_the_board_of_a_year_before_leads_heirs_to_no_page_that_is_not_theirs(client: Client) -> None:
    names = heirs()
    with on(2025, 8, 1):
        for name in (names[1], PROVINCE):
            client.force_login(person(name))
            html = client.get("/lam-viec/nam/2023/").content.decode()
            addresses = set(re.findall(r'href="(/lam-viec/nam/[^"#?]+)', html))
            assert addresses and {client.get(address).status_code for address in addresses} == {200}, name
