"""Hàm Hiệp's case in Chromium, by links only: the district's campaign, who took it on from whom, what came of it, who came to learn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from common import jobs
from common.dates import today, write_day
from replication.models import Adoption, AdoptionOutput, HowTo, ReplicationCampaign, StudyVisit
from tests.browsing import MARKS, enter, here, open_page
from tests.photos import PDF, photo

pytestmark = MARKS
STAFF, COMMUNE = "hamthuanbac.chuyenvien", "hamhiep.canbo"
MODEL = "Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình"


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.fill(f"#id_{name}", text)


def to_ham_hiep(page: Page) -> None:
    """The model's public page, from the catalogue."""
    page.goto("/")
    page.click("header nav >> text=Mô hình")
    page.fill("main input[name=q]", "lò đốt rác hộ gia đình Hàm Hiệp")
    page.keyboard.press("Enter")
    page.locator("main a", has_text=MODEL).first.click()
    expect(page.locator("h1")).to_have_text(MODEL)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_case_of_ham_hiep(page: Page, tmp_path: Path) -> None:
    enter(page, STAFF)
    open_page(page, "Nhân rộng")
    here(page)
    page.click("text=Phát động nhân rộng")
    here(page)
    page.fill("#q", "lò đốt rác")
    page.click("main button[type=submit]")
    page.locator("main li, main tr", has_text="Hàm Hiệp").locator("a", has_text=MODEL).first.click()
    here(page)
    fill(page, title="Toàn huyện học lò đốt rác Hàm Hiệp", directive_on="31/2/2023", starts_on="8/12/2023", ends_on="31/12/2024")
    page.click("button:has-text('Lập chiến dịch')")
    expect(page.locator("#id_directive_on")).to_have_class("textinput form-control is-invalid")
    expect(page.locator("#id_title")).to_have_value("Toàn huyện học lò đốt rác Hàm Hiệp")
    fill(
        page,
        directive_on="8/12/2023",
        directive_issuer="Ban Thường vụ Huyện ủy Hàm Thuận Bắc",
        what="lò đốt rác",
        counting_unit="lò",
    )
    (tmp_path / "cv.pdf").write_bytes(PDF)
    page.set_input_files("#id_file", tmp_path / "cv.pdf")
    page.click("button:has-text('Lập chiến dịch')")
    page.wait_for_url("**/don-vi/")
    here(page)
    for name in ("Đảng ủy xã Hàm Phú", "Đảng ủy xã Hàm Trí"):
        page.get_by_label(name, exact=True).check()
    page.fill("input[name='chi-tieu']", "20")
    page.click("button:has-text('Giao đơn vị đã chọn')")
    expect(page.locator("main")).to_contain_text("Đã giao thêm 2 đơn vị")
    here(page)
    page.click("nav.crumbs >> text=Toàn huyện học")
    page.click("button:has-text('Phát động')")
    expect(page.locator("main")).to_contain_text("Đã phát động")
    here(page)
    campaign = ReplicationCampaign.objects.get()

    page.click("main >> text=Ghi nơi làm")
    here(page)
    page.select_option("#id_unit", label="Đảng ủy xã Hàm Phú")
    fill(page, place="Thôn Phú Lâm", adopted_on="15/1/2024", who="Chi hội Nông dân thôn Phú Lâm")
    page.select_option("#id_method", "directive")
    page.click("main button:has-text('Ghi nơi làm')")
    page.wait_for_url("**/noi/*/")
    here(page)
    fill(page, quantity="1.5", as_of="1/3/2024")
    page.click("button:has-text('Ghi kết quả')")
    expect(page.locator("#id_quantity")).to_have_value("1.5")
    expect(page.locator("main")).to_contain_text("1.500 cho một nghìn năm trăm")
    here_without_reload(page)
    fill(page, quantity="15", source="Trưởng thôn")
    page.set_input_files("#id_file", tmp_path / "cv.pdf")
    page.click("button:has-text('Ghi kết quả')")
    expect(page.locator("main")).to_contain_text("Đã ghi 15 lò")
    page.click("text=Ghi nơi học từ đây")
    page.select_option("#id_unit", label="Đảng ủy xã Hàm Trí")
    fill(page, adopted_on="20/2/2024", who="Ban Dân vận xã Hàm Trí")
    page.select_option("#id_method", "visit")
    page.click("main button:has-text('Ghi nơi làm')")
    page.wait_for_url("**/noi/*/")
    fill(page, quantity="22", as_of="1/6/2024")
    page.click("button:has-text('Ghi kết quả')")
    second = Adoption.objects.get(place="")
    assert second.parent == Adoption.objects.get(place="Thôn Phú Lâm") and second.depth == 2
    assert AdoptionOutput.objects.count() == 2 and second.campaign == campaign
    open_page(page, "Nhân rộng")
    page.click(f"text={campaign.title}")
    expect(page.locator("main")).to_contain_text("37/40")
    here(page)
    for words in ("Tải Excel", "Biểu 4"):
        with page.expect_download() as download:
            page.locator("a.btn", has_text=words).click()
        assert download.value.path().stat().st_size > 5000
    open_page(page, "Nhân rộng")
    page.click("text=Đơn vị chậm")
    here(page)

    to_ham_hiep(page)
    here(page)
    page.click("text=2 nơi")
    expect(page.locator("main")).to_contain_text("173 lò")  # 136 of the commune, 15, 22
    expect(page.locator("main")).to_contain_text("Đảng ủy xã Hàm Trí")
    tree, listed = page.locator(".line-tree"), page.locator(".line-list")
    wide = page.viewport_size["width"] > 700
    assert (tree.is_visible(), listed.is_visible()) == (wide, not wide)
    here(page)


def here_without_reload(page: Page) -> None:
    """The page as it was answered fits its width."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_who_came_to_learn(page: Page, tmp_path: Path) -> None:
    enter(page, STAFF)
    to_ham_hiep(page)
    page.click("text=Xin đến học")
    here(page)
    page.select_option("#id_unit", label="Đảng ủy xã Hàm Phú")
    fill(page, wanted_on=write_day(today() + timedelta(days=5)), people="12", purpose="Xem cách xây lò", contact="Chị Lan")
    page.click("button:has-text('Gửi lời xin')")
    page.wait_for_url("**/tham-quan/*/")
    here(page)

    enter(page, COMMUNE)
    page.locator(".task", has_text="xin đến học").locator("a.btn").click()
    here(page)
    fill(page, planned_on=write_day(today()), planned_at="7h30", meeting_place="Trụ sở xã", answer="Mời đoàn")
    page.click("button:has-text('Nhận đón')")
    expect(page.locator("main")).to_contain_text("07:30")
    here(page)
    with page.expect_download() as download:
        page.click("text=Thêm vào lịch")
    assert b"STATUS:CONFIRMED" in download.value.path().read_bytes()

    enter(page, STAFF)
    open_page(page, "Nhân rộng")
    page.click("text=Tham quan")
    here(page)
    page.click("text=đến Đảng ủy")
    fill(page, learned="Xây lò bằng gạch cũ", party="Chi bộ thôn 1")
    page.click("button:has-text('Ghi lại')")
    expect(page.locator("main")).to_contain_text("Xây lò bằng gạch cũ")
    (tmp_path / "a.jpg").write_bytes(photo())
    page.set_input_files("#anh", tmp_path / "a.jpg")
    page.click("main button:has-text('Thêm ảnh')")
    expect(page.locator(".photos img")).to_have_count(1)
    here(page)
    page.click("text=Ghi nơi làm theo")
    expect(page.locator("#id_method")).to_have_value("visit")
    fill(page, adopted_on="20/2/2024", who="Chi bộ thôn 1")
    page.click("main button:has-text('Ghi nơi làm')")
    page.wait_for_url("**/noi/*/")
    assert Adoption.objects.get().visit == StudyVisit.objects.get()

    enter(page, COMMUNE)
    to_ham_hiep(page)
    page.click("text=Cách làm theo")
    page.click("text=Sửa cách làm theo")
    here(page)
    fill(page, cost="Gạch cũ: không mất tiền", pitfalls="Khói: xây xa nhà")
    page.click("main button:has-text('Lưu')")
    expect(page.locator("article")).to_contain_text("Xây xa nhà")
    here(page)
    assert HowTo.objects.get().revision == 1
    page.click("header nav >> text=Nhân rộng")
    here(page)
    enter(page, STAFF)
    open_page(page, "Nhân rộng")
    page.click("text=Gợi ý để học")
    here(page)
