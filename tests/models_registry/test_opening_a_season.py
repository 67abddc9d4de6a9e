"""Opening a season on its page: what would go wrong is said before, nothing opens twice."""

from datetime import date
from typing import Any

import pytest

from common.dates import today
from common.exceptions import NotAllowed
from models_registry.models import Season
from models_registry.selectors.opening import NewSeason, next_season, period_for, plan_of
from models_registry.services import open_season
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from organisation.services import give_role
from recognition.models import CriteriaSet
from tests.online import Action, Mark, do, person, sent
from tests.pages import entered, refused

pytestmark = pytest.mark.django_db
ADDRESS, PROVINCE = "/lam-viec/mo-nam/", "tinh.chuyenvien"
TYPED = {
    "year": "2026",
    "period": "2026-2030",
    "opens_on": "01/01/2026",
    "closes_on": "31/12/2026",
    "cutoff_on": "15/10/2026",
    "check_days": "7",
    "mend_days": "7",
    "basis": "",
    "tells": "on",
}
NEW = NewSeason(2026, "2026-2030", date(2026, 1, 1), date(2026, 12, 31), date(2026, 10, 15))


def checks(new: NewSeason = NEW) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"ok": [], "warn": [], "stop": []}
    for check in plan_of(new).checks:
        found[check.kind].append(check.words)
    return found


def test_the_next_season_is_proposed_from_the_last() -> None:
    proposed = next_season()
    assert proposed.year == max(2024, today().year)
    assert (proposed.opens_on.month, proposed.cutoff_on.month, proposed.cutoff_on.day) == (1, 10, 15)
    assert proposed.period == period_for(proposed.year)
    assert [period_for(year) for year in (2023, 2026, 2031)] == ["2021-2025", "2026-2030", "2031-2035"]


def test_the_page_says_who_reports_and_who_ended() -> None:
    plan = plan_of(NEW)
    assert (plan.before, len(plan.ended), len(plan.begun), plan.now) == (14, 14, 124, 124)
    heirs = {ended.version.unit.key: ended.heirs for ended in plan.ended}
    assert len(heirs["ham-thuan-bac"]) == 8 and "Bình Thuận" in heirs["ham-thuan-bac"]
    html = entered(PROVINCE).get(ADDRESS).content.decode()
    assert "124 đơn vị báo cáo" in html and "Kiểm tra trước khi mở" in html


def test_what_is_worth_a_look_does_not_hold_back() -> None:
    found = checks()
    assert found["stop"] == []
    assert "124 đơn vị chưa có tài khoản" in found["warn"]
    assert "11 tài khoản thuộc đơn vị đã kết thúc" in found["warn"]
    assert "Tỉnh ủy Lâm Đồng chưa khai thể thức giấy tờ" in found["warn"]
    assert "Chốt số liệu trước ngày hết nhận đăng ký 31/12/2026" in found["warn"]
    assert "Chưa có văn bản căn cứ" in found["warn"]
    assert "Chưa có bộ tiêu chí" in found["warn"]
    CriteriaSet.objects.create(name="Tiêu chí chung", minimum_total=70)
    assert "Có bộ tiêu chí để xét" in checks()["ok"]


def test_what_is_open_stays_with_its_year() -> None:
    do(sent(), Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(8, None, "Đếm cái gì?")])
    plan = plan_of(NEW)
    assert dict(plan.unfinished)["returned"] >= 1
    assert any("việc dở của năm cũ giữ nguyên năm của mình" in check.words for check in plan.checks)


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"period": "2021-2025"}, "period", "Năm 2026 không thuộc giai đoạn 2021-2025."),
        ({"period": "hai năm"}, "period", "Giai đoạn “hai năm” không đúng; viết như 2021-2025."),
        ({"closes_on": "30/06/2027"}, "closes_on", "Ngày cuối phải trong năm 2026."),
        ({"opens_on": "01/01/2025"}, "opens_on", "Ngày đầu nhận đăng ký 01/01/2025 không thuộc năm 2026."),
        ({"cutoff_on": "15/10/2027"}, "cutoff_on", "Ngày chốt 15/10/2027 không thuộc năm 2026."),
        ({"year": "2023", "period": "2021-2025"}, "year", "Năm 2023 đã mở rồi."),
        ({"cutoff_on": "31/2/2026"}, "cutoff_on", "Ngày không đọc được."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(changed: dict[str, str], field: str, words: str) -> None:
    response = entered(PROVINCE).post(ADDRESS, TYPED | changed | {"viec": "mo", "basis": "Công văn 9"})
    html = response.content.decode()
    assert response.status_code == 422 and words in html
    assert f'href="#id_{field}"' in html and "Công văn 9" in html
    assert not Season.objects.filter(year=2026).exists()


def test_a_first_day_without_units_holds_back(monkeypatch: pytest.MonkeyPatch) -> None:
    new = NewSeason(1995, "1991-1995", date(1995, 1, 1), date(1995, 12, 31), date(1995, 11, 30))
    Unit.objects.filter(key="binh-thuan").get().child_versions.update(valid_from=date(2000, 1, 1))
    assert checks(new)["stop"] == ["Không có đơn vị nào báo cáo vào ngày 01/01/1995"]


def test_a_last_look_then_it_opens_and_tells() -> None:
    heir = person("hoidong1")
    give_role(user=heir, role="can-bo-co-so", unit=Unit.objects.get(key="2025/phuong-binh-thuan"), starts_on=today(), actor=None)
    client = entered(PROVINCE)
    look = client.post(ADDRESS, TYPED | {"viec": "xem"})
    html = look.content.decode()
    assert look.status_code == 200 and "Mở năm thi đua 2026?" in html and not Season.objects.filter(year=2026).exists()
    response = client.post(ADDRESS, TYPED | {"viec": "mo"})
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/")  # the old province has no board in it
    season = Season.objects.get(year=2026)
    assert (season.period.name, season.check_days, season.is_illustrative) == ("2026-2030", 7, False)
    assert AuditEvent.objects.get(action="open-season", target_id=str(season.pk)).actor == person(PROVINCE)
    told = Message.objects.filter(event_key="open-season:2026")
    assert [message.recipient for message in told] == [heir]


def test_going_back_from_the_last_look_keeps_what_was_typed() -> None:
    html = entered(PROVINCE).post(ADDRESS, TYPED | {"viec": "sua", "basis": "Công văn 9"}).content.decode()
    assert "Công văn 9" in html and "Xem lại và mở" in html


def test_a_season_is_not_opened_twice() -> None:
    first, second = entered(PROVINCE), entered("quantri")
    assert first.post(ADDRESS, TYPED | {"viec": "mo"}).status_code == 302
    again = second.post(ADDRESS, TYPED | {"viec": "mo", "cutoff_on": "30/11/2026"})
    assert again.status_code == 422 and "Năm 2026 đã mở rồi." in again.content.decode()
    assert Season.objects.get(year=2026).cutoff_on == date(2026, 10, 15)
    season, is_new = open_season(year=2026, period="2026-2030", cutoff_on=date(2026, 10, 15))
    assert (season.year, is_new) == (2026, False)


def test_only_who_may_opens_a_season() -> None:
    with refused("Vai trò của đồng chí không mở năm thi đua.", NotAllowed):
        open_season(year=2026, period="2026-2030", cutoff_on=date(2026, 10, 15), actor=person("hamthuanbac.chuyenvien"))


def test_the_menu_of_years_leads_there() -> None:
    assert f'href="{ADDRESS}"' in entered(PROVINCE).get("/lam-viec/").content.decode()
    assert f'href="{ADDRESS}"' not in entered("hamthuanbac.chuyenvien").get("/lam-viec/").content.decode()


# --- the page costs the same with many units


def test_the_page_asks_the_database_as_often_for_many_units_as_for_few(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(25):
        plan_of(NEW)
