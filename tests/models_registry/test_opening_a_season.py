"""Opening a season on its page: what would go wrong is said before, nothing opens twice."""

import re
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document

from common.dates import today
from common.exceptions import NotAllowed
from common.remember import forget
from models_registry.charts import SeasonChart, season_chart
from models_registry.models import Registration, Season, SeasonDraft
from models_registry.selectors.leftovers import leftovers
from models_registry.selectors.opening import NewSeason, invited, next_season, period_for, plan_of
from models_registry.services import drop_draft, keep_draft, open_season
from models_registry.views import opening
from notifications.models import Message
from organisation.models import AuditEvent, Unit, UnitSuccession, UnitVersion
from organisation.services import give_role
from recognition.models import CriteriaSet
from tests.online import Action, Mark, do, person, sent
from tests.pages import entered, refused
from tests.replicating import on

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
    for check in plan_of(new, person(PROVINCE)).checks:
        found[check.kind].append(check.words)
    return found


def test_the_next_season_is_proposed_from_the_last() -> None:
    proposed = next_season()
    assert proposed.year == max(2024, today().year)
    assert (proposed.opens_on.month, proposed.cutoff_on.month, proposed.cutoff_on.day) == (1, 10, 15)
    assert proposed.period == period_for(proposed.year)
    assert [period_for(year) for year in (2023, 2026, 2031)] == ["2021-2025", "2026-2030", "2031-2035"]


def test_the_page_says_who_reports_and_who_ended() -> None:
    plan = plan_of(NEW, person(PROVINCE))
    assert (plan.before, len(plan.ended), len(plan.begun), plan.now) == (14, 14, 124, 124)
    heirs = {ended.version.unit.key: ended.heirs for ended in plan.ended}
    assert len(heirs["ham-thuan-bac"]) == 8 and "Bình Thuận" in heirs["ham-thuan-bac"]
    html = entered(PROVINCE).get(ADDRESS).content.decode()
    assert "124 đơn vị báo cáo" in html and "Kiểm tra trước khi mở" in html


def test_units_that_change_within_the_year_are_said_with_their_day() -> None:
    """On the page that opens it, and on the one that follows, which counts the same."""
    ended, day = Unit.objects.get(key="2025/xa-ham-thuan"), date(2026, 7, 1)
    version = ended.versions.get()
    ended.versions.update(valid_to=day)
    for number in (1, 2):
        UnitVersion.objects.create(
            unit=Unit.objects.create(key=f"moi-{number}"),
            name=f"Đảng ủy xã Mới {number}",
            place=f"Xã Mới {number}",
            level=version.level,
            parent=version.parent,
            valid_from=day,
        )
    forget()
    said = "kết thúc: Đảng ủy xã Hàm Thuận; bắt đầu: Đảng ủy xã Mới 1, Đảng ủy xã Mới 2"
    with on(2026, 11, 26):
        plan = plan_of(NEW, person(PROVINCE))
        assert ("Từ ngày 01/07/2026 là 125 đơn vị", said) in [(check.words, check.more) for check in plan.checks]
        season, _ = open_season(NEW)
        assert invited(season) == plan.without
        page = " ".join(entered(PROVINCE).get("/lam-viec/nam/2026/moi/").content.decode().split())
        assert said in page and '<b class="num">125</b> đơn vị báo cáo' in page


def test_a_succession_that_is_missing_is_said_before_and_holds_nothing_back() -> None:
    UnitSuccession.objects.filter(predecessor__key__startswith="phu-quy").delete()
    forget()
    (warned,) = [words for words in checks()["warn"] if "chưa ghi đơn vị kế tục" in words]
    assert warned.startswith("5 đơn vị kết thúc mà chưa ghi đơn vị kế tục: Huyện ủy Phú Quý; Đảng ủy Khối")


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


def test_what_is_open_stays_with_its_year_and_says_who_finishes_it_until_when() -> None:
    do(sent(), Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(8, None, "Đếm cái gì?")])
    season = Season.objects.get(year=2023)
    plan = plan_of(NEW, person(PROVINCE))
    left = next(leftover for leftover in plan.left if leftover.words == "Đăng ký bị trả lại")
    number = Registration.objects.filter(season=season, state="returned").count()
    assert (left.year, left.number, str(left.href)) == (2023, number, "/lam-viec/nam/2023/?tt=tra-lai")
    assert (left.until, left.is_late) == (today() + timedelta(days=season.mend_days), False)
    assert plan.left_number == sum(leftover.number for leftover in plan.left) and plan.left_until == left.until
    assert any("việc dở của năm cũ giữ nguyên năm của mình" in check.words for check in plan.checks)
    html = entered(PROVINCE).get(ADDRESS).content.decode()
    assert str(left.href) in html and left.until.strftime("%d/%m/%Y") in html


def test_work_that_is_late_already_is_worth_a_look() -> None:
    do(sent(), Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(8, None, "Đếm cái gì?")])
    assert not any("việc dở" in words for words in checks()["warn"])
    Registration.objects.filter(state="returned").update(state_since=timezone.now() - timedelta(days=30))
    assert any("việc dở" in words for words in checks()["warn"])


def test_who_may_not_follow_a_season_gets_no_link_into_it() -> None:
    do(sent(), Action.RETURN, "hamthuanbac.chuyenvien", marks=[Mark(8, None, "Đếm cái gì?")])
    assert {leftover.href for leftover in leftovers(person("quantri"), 2026)} == {None}


# --- the chart of the days


def chart(**changed: date | None) -> SeasonChart:
    days = {"opens_on": NEW.opens_on, "closes_on": NEW.closes_on, "cutoff_on": NEW.cutoff_on, "now": date(2026, 7, 2)}
    return season_chart(2026, **(days | {"left_until": None} | changed))  # type: ignore[arg-type]


def test_the_chart_goes_from_the_first_day_of_the_year_to_its_last() -> None:
    whole = chart(left_until=date(2026, 12, 31))
    assert (whole.taken, whole.left, whole.today) == (("0.0", "1200.0"), "1200.0", "598.4")


@pytest.mark.parametrize(
    "changed, taken, cutoff, now, left",
    [
        ({"opens_on": date(2025, 1, 1), "closes_on": date(2027, 3, 1)}, ("0.0", "1200.0"), "943.6", "598.4", None),
        ({"opens_on": date(2026, 5, 1), "closes_on": date(2026, 4, 1)}, None, "943.6", "598.4", None),
        ({"opens_on": date(2030, 1, 1), "closes_on": date(2030, 4, 1)}, None, "943.6", "598.4", None),
        ({"cutoff_on": date(2027, 1, 1), "now": date(2025, 12, 31)}, ("0.0", "1200.0"), None, None, None),
        ({"left_until": date(2023, 12, 7)}, ("0.0", "1200.0"), "943.6", "598.4", None),
        ({"left_until": date(2028, 1, 1)}, ("0.0", "1200.0"), "943.6", "598.4", "1200.0"),
    ],
)
def test_days_in_any_order_are_drawn_within_the_year_or_not_at_all(
    changed: dict[str, date], taken: Any, cutoff: str | None, now: str | None, left: str | None
) -> None:
    drawn = chart(**changed)
    assert (drawn.taken, drawn.cutoff, drawn.today, drawn.left) == (taken, cutoff, now, left)


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"period": "2021-2025"}, "period", "Năm 2026 không thuộc giai đoạn 2021-2025."),
        ({"period": "hai năm"}, "period", "Giai đoạn “hai năm” không đúng; viết năm đầu, gạch nối, năm cuối."),
        ({"closes_on": "30/06/2027"}, "closes_on", "Ngày cuối phải trong năm 2026."),
        ({"opens_on": "01/01/2025"}, "opens_on", "Ngày đầu nhận đăng ký 01/01/2025 không thuộc năm 2026."),
        ({"cutoff_on": "15/10/2027"}, "cutoff_on", "Ngày chốt 15/10/2027 không thuộc năm 2026."),
        ({"year": "2023", "period": "2021-2025"}, "year", "Năm 2023 đã mở rồi."),
        ({"cutoff_on": "31/2/2026"}, "cutoff_on", "Ngày “31/2/2026” không có thật"),
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
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/nam/2026/moi/")  # there are units without accounts
    season = Season.objects.get(year=2026)
    assert (season.period.name, season.check_days, season.is_illustrative) == ("2026-2030", 7, False)
    assert AuditEvent.objects.get(action="open-season", target_id=str(season.pk)).actor == person(PROVINCE)
    told = Message.objects.filter(event_key="open-season:2026")
    assert [message.recipient for message in told] == [heir]


# --- a draft


def stamp(html: str) -> str:
    found = re.search(r'name="nhap" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_draft_is_kept_right_or_not_for_all_who_may_open_and_says_who_and_when() -> None:
    first, other = entered(PROVINCE), entered("quantri")
    assert first.post(ADDRESS, TYPED | {"viec": "luu", "nhap": "", "cutoff_on": "31/2/2026"}).status_code == 302
    html = other.get(ADDRESS).content.decode()
    assert "Nháp của Chuyên viên Ban Dân vận Tỉnh ủy, lưu lúc" in html and 'value="31/2/2026"' in html
    assert "Ngày “31/2/2026” không có thật" in html
    assert other.post(ADDRESS, TYPED | {"viec": "luu", "nhap": stamp(html), "basis": "Kế hoạch 5"}).status_code == 302
    assert "Kế hoạch 5" in first.get(ADDRESS).content.decode()
    assert not Season.objects.filter(year=2026).exists() and SeasonDraft.objects.count() == 1


@pytest.mark.parametrize("tells", ["on", ""])
def test_a_day_that_cannot_be_read_hides_nothing_else(tells: str) -> None:
    response = entered(PROVINCE).post(ADDRESS, TYPED | {"viec": "xem", "opens_on": "31/2/2026", "tells": tells})
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422 and "Ngày “31/2/2026” không có thật" in html and "Có ô chưa đọc được" in html
    assert "4. Ai báo cáo: 124 đơn vị" in html and "5. Việc dở của các năm trước" in html and "6. Ai được báo" in html
    box = re.search(r'<input type="checkbox" name="tells"[^>]*>', html)
    assert box and ("checked" in box[0]) == bool(tells)
    assert "Thời gian nhận đăng ký nằm trọn" not in html  # what could not be read is not judged


def test_two_who_save_drafts_are_told_of_each_other_and_lose_nothing() -> None:
    first, other = entered(PROVINCE), entered("quantri")
    assert other.post(ADDRESS, TYPED | {"viec": "luu", "nhap": "", "basis": "Kế hoạch 5"}).status_code == 302
    late = first.post(ADDRESS, TYPED | {"viec": "luu", "nhap": "", "basis": "Kế hoạch 6"})
    html = late.content.decode()
    assert late.status_code == 409 and "Quản trị cổng đã lưu nháp lúc" in html and "Kế hoạch 6" in html
    assert SeasonDraft.objects.get().answers["basis"] == "Kế hoạch 5"
    assert first.post(ADDRESS, TYPED | {"viec": "bo", "nhap": "lạ"}).status_code == 409
    assert first.post(ADDRESS, TYPED | {"viec": "luu", "nhap": stamp(html), "basis": "Kế hoạch 6"}).status_code == 302
    assert SeasonDraft.objects.get().answers["basis"] == "Kế hoạch 6"
    assert first.post(ADDRESS, {"viec": "bo", "nhap": SeasonDraft.objects.get().stamp}).status_code == 302
    assert not SeasonDraft.objects.exists()
    kept = AuditEvent.objects.filter(action__in=["keep-season-draft", "drop-season-draft"]).order_by("pk")
    assert [event.action for event in kept] == ["keep-season-draft", "keep-season-draft", "drop-season-draft"]


def test_opening_takes_its_draft_away_and_no_others() -> None:
    client = entered(PROVINCE)
    client.post(ADDRESS, TYPED | {"viec": "luu", "nhap": "", "year": "2026"})
    open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    assert SeasonDraft.objects.exists()
    client.post(ADDRESS, TYPED | {"viec": "mo"})
    assert not SeasonDraft.objects.exists() and Season.objects.filter(year=2026).exists()


def test_only_who_may_open_keeps_a_draft_and_there_is_one_at_most() -> None:
    for change in (partial(keep_draft, answers={}), drop_draft):
        with refused("Vai trò của đồng chí không mở năm thi đua.", NotAllowed):
            change(seen="", actor=person("hamthuanbac.chuyenvien"))
    with pytest.raises(IntegrityError), transaction.atomic():
        SeasonDraft.objects.create(pk=2, answers={}, saved_by=person(PROVINCE), saved_at=timezone.now())


# --- who has no account


def test_units_without_accounts_are_listed_with_a_letter_to_them() -> None:
    heir = Unit.objects.get(key="2025/phuong-binh-thuan")
    give_role(user=person("hoidong1"), role="can-bo-co-so", unit=heir, starts_on=today(), actor=None)
    client = entered(PROVINCE)
    look = client.post(ADDRESS, TYPED | {"viec": "xem"}).content.decode()
    assert '<b class="num">123</b> đơn vị chưa có tài khoản: tải công văn mời' in look
    html = client.post(ADDRESS, TYPED | {"viec": "mo", "basis": "Kế hoạch số 5-KH/TU."}, follow=True).content.decode()
    assert "123 đơn vị." in html and "Đảng ủy phường Mũi Né" in html and "Đảng ủy phường Bình Thuận" not in html
    letter = client.get("/lam-viec/nam/2026/moi/?tai=docx")
    document = Document(BytesIO(letter.content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Kính gửi: 123 đơn vị có tên trong danh sách kèm theo" in text
    assert "Thực hiện Kế hoạch số 5-KH/TU, " in text and "từ ngày 01/01/2026 đến hết ngày 31/12/2026" in text
    head, units, asked = document.tables[0], document.tables[-2], document.tables[-1]
    assert "V/v tham gia năm thi đua “Dân vận khéo” 2026 trên cổng" in head.rows[0].cells[0].text
    listed = [row.cells[1].text for row in units.rows]
    assert len([name for name in listed if name.startswith("Đảng ủy")]) == 123 and "Đảng ủy phường Bình Thuận" not in listed
    assert asked.rows[0].cells[2].text == "Thư điện tử công vụ"


def test_a_season_in_which_all_have_accounts_has_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "invited", lambda season: [])
    html = entered(PROVINCE).get("/lam-viec/nam/2023/moi/?tai=docx").content.decode()
    assert "Đơn vị nào cũng có tài khoản" in html


def test_going_back_from_the_last_look_keeps_what_was_typed() -> None:
    html = entered(PROVINCE).post(ADDRESS, TYPED | {"viec": "sua", "basis": "Công văn 9"}).content.decode()
    assert "Công văn 9" in html and "Xem lại và mở" in html


def test_a_season_is_not_opened_twice() -> None:
    first, second = entered(PROVINCE), entered("quantri")
    assert first.post(ADDRESS, TYPED | {"viec": "mo"}).status_code == 302
    again = second.post(ADDRESS, TYPED | {"viec": "mo", "cutoff_on": "30/11/2026"})
    assert again.status_code == 422 and "Năm 2026 đã mở rồi." in again.content.decode()
    assert Season.objects.get(year=2026).cutoff_on == date(2026, 10, 15)
    season, is_new = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    assert (season.year, is_new) == (2026, False)


def test_only_who_may_opens_a_season() -> None:
    with refused("Vai trò của đồng chí không mở năm thi đua.", NotAllowed):
        open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)), actor=person("hamthuanbac.chuyenvien"))


def test_the_menu_of_years_leads_there() -> None:
    assert f'href="{ADDRESS}"' in entered(PROVINCE).get("/lam-viec/").content.decode()
    assert f'href="{ADDRESS}"' not in entered("hamthuanbac.chuyenvien").get("/lam-viec/").content.decode()


# --- the page costs the same with many units


def test_the_page_asks_the_database_as_often_for_many_units_as_for_few(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(25):
        plan_of(NEW, person(PROVINCE))
