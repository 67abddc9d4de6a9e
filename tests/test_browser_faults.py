"""What goes wrong while one writes, in Chromium: a box closed meanwhile, a session that ended before a button was pressed."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from common import jobs
from models_registry.models import OutputMeasure
from recognition.models import Recognition
from tests.browsing import MARKS, log_in, type_password, wait_until_kept
from tests.online import WHOLE, Action, Mark, accepted, begin, do, fill, stored

pytestmark = MARKS
WRITER, CHECKER = "hamhiep.canbo", "hamthuanbac.chuyenvien"


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_text_for_a_box_that_was_closed_meanwhile_holds_up_no_other(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=2")
    page.context.set_offline(True)
    page.fill("#id_situation", "Viết lúc mất mạng")
    wait_until_kept(page, "Viết lúc mất mạng")
    do(row, Action.SUBMIT, WRITER)
    do(row, Action.RETURN, CHECKER, marks=[Mark(3, None, "Mục tiêu chưa rõ")])
    page.context.set_offline(False)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    told = page.locator("[data-conflict=situation]")
    expect(told).to_contain_text("không mở để sửa", timeout=8000)
    page.fill("#id_aims", "Đến 30/11: 60 hộ ký cam kết.")
    expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
    assert (stored(row.pk)["aims"], stored(row.pk)["situation"]) == ("Đến 30/11: 60 hộ ký cam kết.", WHOLE["situation"])
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    page.click("[data-conflict=situation] >> text=Bỏ chữ vừa viết")
    page.reload()
    wait_until_kept(page, "Viết lúc mất mạng", gone=True)
    expect(told).to_have_count(0)


def test_a_session_that_ended_costs_no_typed_word(page: Page) -> None:
    row = accepted()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/")
    typed = {"what": "đường hoa", "quantity": "1.200", "counting_unit": "m", "as_of": "30/11/2023", "source": "Chi hội Phụ nữ"}
    for name, text in typed.items():
        page.fill(f"#id_{name}", text)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click("text=Ghi kết quả >> nth=-1")
    type_password(page, WRITER)
    page.wait_for_url("**/?giu=1")
    expect(page.locator("main")).to_contain_text("chưa làm, vì phiên làm việc đã hết")
    assert {name: page.input_value(f"#id_{name}") for name in typed} == typed
    page.click("text=Ghi kết quả >> nth=-1")
    expect(page.locator("#ket-qua")).to_contain_text("Đã ghi 1.200 m, 30/11/2023.")
    assert OutputMeasure.objects.filter(model=row.model).count() == 1


def test_a_form_that_gave_a_file_can_still_be_sent(page: Page) -> None:
    standing = Recognition.objects.filter(level__gathers_registers=True, revoked_on__isnull=True)
    found = standing.filter(registration__central_introduction__isnull=True)[0]
    log_in(page, "tinh.chuyenvien")
    page.goto(f"/lam-viec/quyet-dinh/{found.decision_id}/gioi-thieu/?mo-hinh={found.pk}")
    with page.expect_download():
        page.click("button:has-text('Bản thảo công văn')")
    page.click("button:has-text('Ghi giới thiệu')")
    expect(page.locator("main")).to_contain_text("Đã ghi giới thiệu Trung ương 1 mô hình.")
