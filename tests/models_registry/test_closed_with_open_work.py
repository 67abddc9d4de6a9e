"""A season ends with work open, its units too, and another one opens: the whole story, to the last piece of work."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from models_registry.models import Registration, Season
from models_registry.selectors.leftovers import leftovers
from models_registry.selectors.tasks import tasks_of
from models_registry.services import NewSeason, move_draft, open_season
from organisation.models import Unit
from organisation.services import give_role
from reports.selectors import tally
from tests.models_registry.test_opening_a_season import ADDRESS, TYPED
from tests.online import Action, Mark, begin, do, fill, person
from tests.pages import entered

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER, CHECKER, HEIR, HEIRS_CHECKER, PROVINCE = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hoidong1", "hoidong3", "hoidong2"
HEIR_UNIT = "2025/phuong-binh-thuan"


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


def written(title: str) -> Registration:
    return fill(begin(year=2025), title=title, starts_on="10/03/2025")


@pytest.fixture
def left() -> dict[str, Registration]:
    """What 2025 left over: one registration that waits, one that was returned three days before its end, one draft."""
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    for name, role, key in (
        (HEIR, "can-bo-co-so", HEIR_UNIT),
        (HEIRS_CHECKER, "chuyen-vien-huyen", HEIR_UNIT),
        (PROVINCE, "chuyen-vien-tinh", "lam-dong"),
    ):
        give_role(user=person(name), role=role, unit=Unit.objects.get(key=key), starts_on=date(2025, 7, 1), actor=None)
    with on(2025, 3, 10):
        waits, returned = (
            do(written(title), Action.SUBMIT, WRITER) for title in ("Tổ hòa giải lưu động ban đêm", "Hũ gạo tình thương")
        )
        draft = written("Thắp sáng ngõ vào chợ")
    with on(2025, 12, 29):
        returned = do(returned, Action.RETURN, HEIRS_CHECKER, marks=[Mark(8, None, "Đếm cái gì?")])
    return {"waits": waits, "returned": returned, "draft": draft}


def test_what_a_closed_season_left_open_is_told_finished_and_counted_in_its_year(left: dict[str, Registration]) -> None:
    with on(2026, 1, 4):
        client = entered(PROVINCE)
        html = client.get(ADDRESS).content.decode()
        assert all(words in html for words in ("Đăng ký chờ xét", "Đăng ký bị trả lại", "Bản nháp chưa gửi", "05/01/2026"))
        assert client.post(ADDRESS, TYPED | {"viec": "mo"}).status_code == 302
        old, new = Season.objects.get(year=2025), Season.objects.get(year=2026)
        assert [(one.words, one.number) for one in leftovers(person(PROVINCE), 2026) if one.year == 2025] == [
            ("Đăng ký chờ xét", 1),
            ("Đăng ký bị trả lại", 1),
            ("Bản nháp chưa gửi", 1),
        ]
        mine = tasks_of(person(HEIR), new)
        assert mine and any("năm 2025" in task.title for task in mine.tasks)

        do(left["waits"], Action.ACCEPT, HEIRS_CHECKER)
        mended = fill(left["returned"], HEIR, outputs="Đến 30/11: 1 km đường hoa, chi hội đếm mỗi tháng.")
        do(do(mended, Action.SUBMIT, HEIR), Action.ACCEPT, HEIRS_CHECKER)
        moved = move_draft(registration_id=left["draft"].pk, season_id=new.pk, actor=person(HEIR))

        assert [one for one in leftovers(person(PROVINCE), 2026) if one.year == 2025] == []
        assert (moved.season, moved.unit.key, moved.title) == (new, HEIR_UNIT, "Thắp sáng ngõ vào chợ")
        days = [Registration.objects.get(pk=left[name].pk).registered_on for name in ("waits", "returned")]
        assert days == [date(2025, 3, 10)] * 2
        assert (tally(old, date(2025, 12, 31)).registered, tally(new, date(2026, 1, 4)).registered) == (2, 0)
