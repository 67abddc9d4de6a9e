"""The tally of 15 October in Chromium, by links only: asked for, watched live, reconciled, written, frozen, counted anew, corrected."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from common import jobs
from common.models import Job
from models_registry.models import Registration
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.models import Report
from tests.browsing import MARKS, enter, here, open_page

pytestmark = MARKS
STAFF, LEADER = "tinh.chuyenvien", "tinh.lanhdao"


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def work(pk: Any) -> None:
    """What the worker would do, in a thread of its own."""
    thread = threading.Thread(target=jobs.run, args=(pk,))
    thread.start()
    thread.join()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_from_asking_to_the_correction(page: Page) -> None:
    enter(page, STAFF)
    open_page(page, "Báo cáo")
    page.wait_for_url("**/bao-cao/")
    here(page)
    page.select_option("#loai", "tong-hop-15-10")
    page.fill("#ngay", "31/2/2023")
    page.click("button:has-text('Lập báo cáo')")
    expect(page.locator("#ngay")).to_have_value("31/2/2023")
    expect(page.locator("main")).to_contain_text("không có thật")
    page.fill("#ngay", "15/10/2023")
    page.click("button:has-text('Lập báo cáo')")
    page.wait_for_url("**/bao-cao/*/")
    expect(page.locator("main")).to_contain_text("Đang chờ máy xử lý")
    here(page)
    report = Report.objects.get()
    Job.objects.filter(pk=report.job_id).update(state="running", progress=1, total=3, doing="Lưu số liệu")
    expect(page.locator("#td")).to_have_text("Lưu số liệu")  # live, without a touch
    Job.objects.filter(pk=report.job_id).update(state="queued", progress=0)
    work(report.job_id)
    expect(page.locator("main a:has(b.num)").first).to_have_text("746")
    here(page)
    page.locator("main a:has(b.num)", has_text="155").click()
    expect(page.locator("h1")).to_have_text("155 đăng ký")
    here(page)
    page.click("nav.crumbs a")
    fold = page.locator("#doi-chieu details").first
    fold.locator("summary").click()
    fold.locator("textarea").fill("Quyết định ghi đúng, sổ ghi ngày nộp muộn.")
    fold.locator("button").click()
    expect(page.locator("#doi-chieu")).to_contain_text("Đã trả lời")
    page.click("#phan-ket-qua a:has-text('Sửa lời')")
    page.fill("#chu-soan", "Đăng ký 999 mô hình.")
    page.click("button:has-text('Lưu')")
    expect(page.locator("#chu")).to_have_value("Đăng ký 999 mô hình.")
    expect(page.locator("main")).to_contain_text("gõ tay")
    page.click("main >> text=Thôi")
    page.click("a.chip:has-text('Đánh giá')")
    here(page)
    page.fill("#chu-soan", "Các đơn vị đăng ký sớm; tổng số ")
    page.fill("#tim-so", "cap huyen")
    expect(page.locator("[data-brace=moi]")).to_be_hidden()
    page.click("[data-brace=dang_ky]")
    page.keyboard.type(" mô hình.")
    expect(page.locator("#xem-thu")).to_have_text("Các đơn vị đăng ký sớm; tổng số 746 mô hình.")
    page.click("button:has-text('Lưu')")
    expect(page.locator("#phan-danh-gia")).to_contain_text("tổng số 746 mô hình")
    here(page)
    enter(page, LEADER)
    page.goto(f"/lam-viec/bao-cao/{report.pk}/")
    page.click("text=Chốt báo cáo")
    here(page)
    page.click("button:has-text('Chốt')")
    expect(page.locator("main")).to_contain_text("Đánh dấu vào ô xác nhận")
    page.check("#xac_nhan")
    page.click("button:has-text('Chốt')")
    expect(page.locator(".seal")).to_contain_text(Report.objects.get().checksum)
    here(page)
    row = Registration.objects.filter(season__year=2023, withdrawn_on=None, registered_on__lte=date(2023, 10, 1)).first()
    assert row
    Registration.objects.filter(pk=row.pk).update(withdrawn_on=date(2023, 10, 2), state="withdrawn")
    page.click("a:has-text('Đếm lại cùng ngày')")
    expect(page.locator("#da-doi")).to_contain_text(row.title)
    here(page)
    page.click("nav.crumbs a >> nth=1")
    page.click("summary:has-text('Lập bản đính chính')")
    page.fill("#ly-do", "Một mô hình rút trước ngày chốt.")
    page.click(".seal button")
    expect(page.locator("main")).to_contain_text("Đính chính")
    work(Report.objects.get(correction=1).job_id)
    expect(page.locator("main a:has(b.num)").first).to_have_text("745")
    here(page)
    enter(page, STAFF)
    page.goto("/lam-viec/bao-cao/")
    page.click("text=Danh mục mẫu, thời gian dùng")
    here(page)
