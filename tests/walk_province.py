"""A whole province round in Chromium by links only, from each person's home page: 39 dossiers of 13 units, 7 members.

Ten minutes long, so not in the suite: `make walk`. Only accounts and letterheads are made beforehand, as administrators do.
"""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from common import jobs
from common.dates import today, write_day
from models_registry.models import Registration, Season
from organisation.models import Unit, User
from organisation.services import give_role, open_account
from recognition.models import CentralIntroduction, Certificate, Decision, Dossier, DraftLine, Recognition, RecognitionRound
from recognition.services import refresh_honours
from tests.browsing import MARKS, log_in, open_page, work_beside
from tests.conftest import DEMO
from tests.photos import PDF

pytestmark = MARKS
PASSWORD = "mat-khau-thu"
JUDGES = [f"hoidong{n}" for n in range(1, 8)]


def account(name: str, role: str, unit: str) -> None:
    user, _ = open_account(username=name, full_name=name, password=PASSWORD, actor=None)
    give_role(user=user, role=role, unit=Unit.objects.get(key=unit), starts_on=date(2023, 1, 1), actor=None)


@pytest.fixture
def page(browser: Browser, transactional_db: None, live_server: Any) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN", base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def enter(page: Page, name: str) -> None:
    page.context.clear_cookies()
    log_in(page, name)


def to_round(page: Page) -> None:
    open_page(page, "Đợt xét")
    page.click("main a:has-text('Đợt 1 năm 2023')")
    page.wait_for_url("**/dot-xet/*/")


def task(page: Page, title: str) -> None:
    page.locator(".task", has_text=title).locator("a.btn").first.click()


def test_thirty_nine_dossiers_and_seven_members(page: Page) -> None:
    with (DEMO / "season-2023" / "outcomes.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["proposed_on"]]
    CentralIntroduction.objects.all().delete()
    Recognition.objects.filter(level__gathers_registers=True).delete()
    chosen = {row["title"] for row in rows if row["province_on"]}
    Dossier.objects.all().delete()
    with transaction.atomic():
        refresh_honours(Registration.objects.filter(honour_rank__gt=0).values_list("pk", flat=True))
    by_unit: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_unit[row["unit"]].append(row)
    assert (len(rows), len(by_unit), Season.objects.get(year=2023).year) == (39, 13, 2023)
    for key in by_unit:
        account(f"cv.{key}", "chuyen-vien-huyen", key)
    for name in JUDGES[3:]:
        account(name, "thanh-vien-hoi-dong", "binh-thuan")

    enter(page, "tinh.chuyenvien")
    open_page(page, "Đợt xét")
    page.click("text=Lập đợt xét năm 2023")
    for name, after in (("propose_from", 0), ("propose_until", 0), ("score_until", 0), ("meet_on", 0), ("decide_by", 5)):
        page.fill(f"#id_{name}", write_day(today() + timedelta(days=after)))
    for kind in ("achievement", "evidence", "opinion", "minutes"):
        page.uncheck(f"input[value={kind}]")
    page.fill("#id_quota_total", "22")
    page.click("main button:has-text('Lập đợt xét')")
    page.click("main a:has-text('Lập hội đồng')")
    for n, name in enumerate(JUDGES):
        page.fill("#id_username", name)
        page.select_option("#id_task", "chair" if n == 0 else "secretary" if n == 1 else "member")
        page.click("text=Ghi vào hội đồng")
        expect(page.locator("main")).to_contain_text("vào hội đồng.")
    page.click("nav >> text=Đợt 1 năm 2023")
    page.click("text=Sang bước “nhận đề nghị”")
    page.click("button:has-text('Chuyển bước')")

    for key, mine in by_unit.items():
        enter(page, f"cv.{key}")
        to_round(page)
        page.click("main a.btn:has-text('Đề nghị mô hình')")
        for row in mine:
            page.fill("#q", row["title"])
            page.click("button:has-text('Lọc')")
            hit = page.locator("tbody tr", has_text=row["subject"] or row["title"]).filter(has_text="Cấp huyện")
            hit.first.locator("input[name=chon]").check()
        page.click("button:has-text('Thêm mô hình đã chọn')")
        page.wait_for_url("**/de-nghi/*/")
        names = ("to-trinh.pdf", "bieu-tong-hop.pdf")
        page.set_input_files("#tep", [{"name": name, "mimeType": "application/pdf", "buffer": PDF} for name in names])
        page.click("button:has-text('Gửi tệp')")
        page.click("main a:has-text('Gửi đề nghị')")
        page.click("main form.panel button")
        expect(page.locator("main")).to_contain_text(f"Đã gửi {len(mine)} hồ sơ")
    assert Dossier.objects.filter(state="sent").count() == 39

    enter(page, "tinh.chuyenvien")
    task(page, "Xem 39 hồ sơ mới gửi")
    for _ in range(39):
        page.locator(".card-title a").first.click()
        page.click("text=Đủ hồ sơ, đưa vào thẩm định")
        page.click("nav >> text=Đợt 1 năm 2023")
        if page.locator("a.chip:has-text('Chờ xem hồ sơ')").count():
            page.click("a.chip:has-text('Chờ xem hồ sơ')")
    page.click("text=Phân công chấm")
    page.fill("#so", "2")
    page.click("text=Xem trước")
    page.click("text=Phân công như đề xuất")
    expect(page.locator("main")).to_contain_text("Đã phân công thêm 78 lượt chấm")
    page.click("nav >> text=Đợt 1 năm 2023")
    page.click("text=Sang bước “thẩm định độc lập”")
    page.check("#cach-chuyen")  # Đức Linh proposed nothing
    page.click("button:has-text('Chuyển bước luôn')")

    for name in JUDGES:
        enter(page, name)
        given = page.locator(".task", has_text="hồ sơ được giao")
        left = int("".join(filter(str.isdigit, given.locator("h3").inner_text())))
        given.locator("a.btn").click()
        page.locator(".items a:has-text('Chấm')").first.click()
        for _ in range(left):
            good = page.locator("h1").inner_text().strip() in chosen
            boxes = page.locator("input[data-max]")
            for n, points in enumerate(
                ("9", "18", "13", "22", "9", "9", "9") if good else ("8", "15", "11", "18", "7", "7", "7")
            ):
                boxes.nth(n).fill(points)
            page.keyboard.press("Control+Enter")
            page.wait_for_load_state("networkidle")
        page.wait_for_url("**/cham/")
        expect(page.locator("main")).to_contain_text(f"Đã xong {left}/{left}")

    enter(page, "tinh.chuyenvien")
    to_round(page)
    page.click("text=Sang bước “đối chiếu điểm”")
    page.click("button:has-text('Chuyển bước')")
    page.click("text=Xếp hạng")
    page.fill("#vach_so", "22")
    page.click("text=Xem thử")
    page.click("text=Đặt vạch sau 22 hồ sơ")
    page.click("nav >> text=Đợt 1 năm 2023")
    page.click("text=Sang bước “họp hội đồng”")
    page.click("button:has-text('Chuyển bước')")
    page.click("main a.btn:has-text('Họp hội đồng')")
    for box in page.locator("input[name^=co-]").all():
        box.check()
    page.select_option("#id_ballot", "secret")
    page.click("button:has-text('Mở biểu quyết')")
    expect(page.locator("main")).to_contain_text("Đã mở biểu quyết")

    for name in JUDGES:
        enter(page, name)
        task(page, "Biểu quyết 39 hồ sơ")
        page.click("text=Chọn sẵn “tán thành” cho 22 hồ sơ trên vạch")
        for fieldset in page.locator("main fieldset").all():
            if not fieldset.locator("input:checked").count():
                fieldset.locator("input[value=against]").check()
        page.click("button:has-text('Bỏ phiếu các hồ sơ đã chọn')")
        expect(page.locator("main")).to_contain_text("Đã biểu quyết 39/39 hồ sơ")

    enter(page, "tinh.chuyenvien")
    to_round(page)
    page.click("main a.btn:has-text('Họp hội đồng')")
    page.click("button:has-text('Đóng và kiểm phiếu')")
    page.fill("#ket_luan", "Hội đồng thống nhất đề nghị công nhận 22 mô hình.")
    page.click("text=Lưu kết luận")
    with page.expect_download():
        page.click("text=Biên bản (Word)")
    page.click("nav >> text=Đợt 1 năm 2023")
    page.click("text=Sang bước “ra quyết định”")
    page.click("button:has-text('Chuyển bước')")
    page.click("main a.btn:has-text('Quyết định')")
    page.click("button:has-text('Soạn quyết định')")
    page.fill("#ngay", write_day(today()))
    page.click("button:has-text('Lưu dự thảo')")

    enter(page, "tinh.lanhdao")
    task(page, "Duyệt dự thảo quyết định")
    page.click("button:has-text('Kiểm tra xong')")
    page.click("button:has-text('Ban hành')")
    expect(page.locator("h1")).to_contain_text("Quyết định số")
    page.click("main a.btn:has-text('Giấy công nhận')")
    page.click("button:has-text('Cấp số và in')")
    work_beside()
    page.reload()
    expect(page.locator("main")).to_contain_text("22 giấy, theo số sổ cấp")

    decision = Decision.objects.get(published_at__isnull=False)
    assert decision.recognitions.count() == Certificate.objects.count() == 22
    assert DraftLine.objects.filter(draft__decision=decision, verdict="refuse").count() == 17
    assert RecognitionRound.objects.get().phase == "deciding"
    enter(page, f"cv.{next(iter(by_unit))}")
    page.click("a.mast__bell")
    expect(page.locator("main")).to_contain_text("ông nhận")
    assert User.objects.filter(username__startswith="cv.").count() == 13
