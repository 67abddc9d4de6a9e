"""The pages in Chromium: at 360 and 1280 px, without a word in the console, without a finding of axe, and the upload by hand."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from common import jobs
from models_registry.models import RegisterImport
from models_registry.selectors import catalogue
from models_registry.services import count_words
from tests import by_keyboard as keys
from tests import registers as made
from tests.browsing import MARKS, check, enter, here, log_in, log_in_by_hand, open_page, visit, work_beside
from tests.reviewing import asks_about

pytestmark = MARKS


def test_a_reader_asks_and_the_board_answers(page: Page) -> None:
    cache.clear()
    page.goto("/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/")
    page.click("text=Xin sửa hoặc gỡ")
    assert page.input_value("#id_page") == "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
    page.click("text=Gửi yêu cầu")
    page.wait_for_selector("main [role=alert]")
    here(page)
    page.goto("/yeu-cau-sua/?trang=/mo-hinh/")
    page.select_option("#id_kind", "ca-nhan")
    page.fill("#id_words", "Xin bỏ tên tôi.")
    page.click("text=Gửi yêu cầu")
    page.wait_for_selector("text=Đã nhận yêu cầu")
    answer_at = page.url
    log_in(page, "tinh.chuyenvien")
    open_page(page, "Giữ cổng")
    here(page)
    page.click("text=Xem yêu cầu")
    here(page)
    page.click("main table a")
    here(page)
    page.check("text=Đã sửa, đã gỡ")
    page.fill("#id_answer", "Đã bỏ tên khỏi trang.")
    page.click("text=Gửi trả lời")
    page.wait_for_selector("text=Đã trả lời")
    page.goto(answer_at)
    assert "Đã bỏ tên khỏi trang." in page.inner_text("main")


def test_a_guide_is_written_and_published(page: Page) -> None:
    log_in(page, "tinh.chuyenvien")
    page.goto("/lam-viec/cong/bai/moi/")
    page.click("text=Lưu bản nháp")
    page.wait_for_selector("main [role=alert]")
    here(page)
    page.fill("#id_title", "Cách đăng ký")
    page.fill("#id_summary", "Năm bước.")
    page.fill("#id_body", "1. Xem\n2. Viết")
    page.fill("#id_about", "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/")
    page.click("text=Lưu bản nháp")
    page.wait_for_selector("text=Đã lưu bài")
    here(page)
    page.click("button:has-text('Đăng bài')")
    page.wait_for_selector("text=Đã đăng bài")
    page.click("text=Xem trên cổng")
    page.wait_for_url("**/bai-viet/cach-dang-ky/")
    assert page.locator("article ol li").count() == 2
    enter(page, "hamhiep.canbo")
    check(page, "/lam-viec/cong/lien-he/ham-thuan-bac/xa-ham-hiep/")


def test_from_the_search_box_to_ham_hiep(page: Page) -> None:
    page.goto("/")
    page.fill("#q", "lo dot rac")
    page.press("#q", "Enter")
    page.click("text=Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình >> nth=0")
    page.wait_for_url("**/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/")
    assert "136" in page.inner_text(".keyfacts")


def test_help_is_at_hand_on_the_narrowest_telephone(page: Page) -> None:
    log_in(page, "tinh.chuyenvien")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/lam-viec/chu-de/")
    expect(page.locator(".mast__help")).to_be_visible()


def test_a_register_is_uploaded_by_hand(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is a thread here: the page must follow it by itself and come to the result. Its rows are reviewed by keyboard alone,
    on a telephone's width and on a wide one.
    """
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    log_in(page, "hamthuanbac.chuyenvien")
    told = {"place": "Xã Hàm Hiệp", "day": "20/10/2023"}
    lines = [
        made.row("Tuyến đường hoa ven kênh", **told),
        made.row("Tiếng loa an ninh", **told | {"field": "An ninh thôn"}),
        made.row("Tuyến đường hoa giấy", **told | {"kind": "Duy trì"}),
        made.row("Tiếng kẻng khuyến học", **told | {"field": "Khuyến học thôn"}),
    ]
    path = made.xlsx(tmp_path / "bo-sung.xlsx", [made.HEAD, *lines])
    page.goto("/lam-viec/nam/2023/nap-so/")
    page.set_input_files("#id_file", path)
    page.click("text=Gửi để xem trước")
    page.wait_for_selector("text=Đang đọc sổ")
    work_beside()
    page.wait_for_selector("text=Nạp 2 dòng", timeout=15000)
    asks_about(RegisterImport.objects.latest("created_at"), "Tuyến đường hoa giấy")
    page.reload()
    here(page)
    keys.mend_without_a_line(page, "d5")
    keys.mend_and_choose(page, bad="d3", other="d2")
    keys.write_into_chosen(page, "Đã hỏi xã")
    page.set_viewport_size({"width": 1280, "height": 800})
    keys.answer(page, "d4")
    keys.replace_everywhere(page, "hỏi", "gọi")
    keys.narrow(page, "moi")
    page.click("button:has-text('Nạp 4 dòng')")
    page.wait_for_selector("text=Đang nạp sổ")
    work_beside()
    page.wait_for_selector("text=4 đăng ký mới", timeout=15000)
    here(page)


def test_a_passkey_is_added_and_opens_the_door(page: Page, settings: Any) -> None:
    """With the browser's own authenticator, made by software: added under "Bảo mật", then used instead of a password."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    ability = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    ability |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": ability})
    log_in_by_hand(page, "tinh.lanhdao")
    page.goto("/tai-khoan/bao-mat/webauthn/add/")
    if "xac-nhan" in page.url:
        page.fill("#id_password", "mat-khau-thu")
        page.click("main form button")
    page.fill("#id_name", "Máy của tôi")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    visit(page, "/tai-khoan/bao-mat/webauthn/")
    assert "Máy của tôi" in page.inner_text("main")
    page.goto("/dang-xuat/")
    page.click("main form button")
    page.goto("/dang-nhap/")
    page.click("#passkey_login")
    page.wait_for_url("**/lam-viec/")


def test_a_search_for_what_very_many_have_is_counted_after(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BROAD", 3)
    count_words()
    page.goto("/mo-hinh/?q=rac&xep=ten")
    heading = page.locator("h2#dem")
    expect(heading).to_have_text(re.compile(r"^\s*\d+\s+mô hình\s*$"))
    expect(page.locator("#loc a[data-counted]")).to_have_count(0)
    listed, number = page.locator("ul.items h3").all_text_contents(), heading.inner_text()
    page.locator("#loc .facet a").first.click()
    page.wait_for_url("**linh-vuc=**")
    here(page)
    page.goto("/mo-hinh/?q=rac&xep=ten&dem=co")
    assert page.locator("ul.items h3").all_text_contents() == listed and heading.inner_text() == number
