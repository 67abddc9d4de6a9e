"""The year of one model, clicked through in Chromium: written, returned, mended, accepted, measured; and what may go wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from common import jobs
from models_registry.models import Registration, RegistrationSheet
from organisation.models import Membership
from tests.browsing import (
    MARKS,
    check,
    enter,
    here,
    log_in,
    log_in_by_hand,
    server_of_our_own,
    type_password,
    visit,
    wait_until,
    wait_until_kept,
    work_beside,
)
from tests.online import WHOLE, Action, begin, do, fill, sent, write
from tests.photos import photo

pytestmark = MARKS
WRITER, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def answers(pk: int) -> dict[str, str]:
    return RegistrationSheet.objects.get(pk=pk).answers


def pk_of(page: Page) -> int:
    return int(page.url.split("/dang-ky/")[1].split("/")[0])


def silent(page: Page) -> None:
    """A form sent with flaws answers 422 and Chromium says so: that line is expected, no other."""
    said = [line for line in page.said if "422" not in line]  # type: ignore[attr-defined]
    assert said == []


HEIGHTS = """() => ["", "Đang lưu…", "Đã lưu lúc 10:46:49"].map((words) => {
  document.getElementById("luu").textContent = words;
  return document.querySelector(".form-foot button").getBoundingClientRect().top;
})"""


def test_the_year_of_one_model(page: Page, tmp_path: Path) -> None:
    log_in(page, WRITER)
    visit(page, "/lam-viec/")
    page.click("text=Đăng ký mô hình >> nth=0")
    visit(page, "/lam-viec/nam/2023/dang-ky/")
    page.click("text=Viết đăng ký mới")
    page.wait_for_url("**/viet/")
    pk = pk_of(page)
    page.click("text=Sang mục 2")  # too early: told at the fields, the summary has the focus's links
    expect(page.locator(".note--error")).to_contain_text("Có 4 chỗ cần sửa")
    silent(page)
    page.fill("#id_title", WHOLE["title"])
    page.check("#id_field_1")
    page.check("#id_subject_kind_0")
    page.fill("#id_subject", WHOLE["subject"])
    expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
    page.click("text=Sang mục 2")
    for number, names in {
        2: ["situation"],
        3: ["aims"],
        4: ["method"],
        5: ["audience"],
        6: ["leads"],
        7: ["resources", "starts_on"],
    }.items():
        page.wait_for_url(f"**muc={number}")
        for name in names:
            page.fill(f"#id_{name}", WHOLE[name])
        page.click(f"text=Sang mục {number + 1}")
    page.wait_for_url("**muc=8")
    here(page)
    assert len(set(page.evaluate(HEIGHTS))) == 1  # a button that moves away under a finger is not pressed
    page.fill("#id_outputs", WHOLE["outputs"])
    page.click("text=Sang mục 9")
    page.wait_for_url("**muc=9")
    page.fill("#id_upkeep", WHOLE["upkeep"])
    page.click("text=Xem lại và gửi")
    page.wait_for_url("**/gui/")
    here(page)
    page.click("button:has-text('Gửi đăng ký')")
    page.wait_for_url(f"**/dang-ky/{pk}/")
    here(page)
    assert Registration.objects.get(pk=pk).state == "submitted"

    enter(page, CHECKER)
    visit(page, "/lam-viec/tin/")
    page.click(f"text=Chờ xét: “{WHOLE['title']}”")
    page.wait_for_url(f"**/dang-ky/{pk}/")
    page.click("text=Xét đăng ký này")
    page.wait_for_url(f"**/dang-ky/{pk}/xet/")
    page.click("#muc-8 summary:has-text('Cần sửa')")
    expect(page.locator("#muc-8 [data-mark]")).to_have_text("Cần sửa")  # opened, nothing is marked yet
    page.get_by_label("Chưa đo được kết quả").check()
    expect(page.locator("#muc-8 [data-mark]")).to_have_text("Phải sửa")
    page.fill("#loi-8", "Đếm thứ gì, ai đếm?")
    expect(page.locator("[data-say]")).to_contain_text("1 mục phải sửa")
    expect(page.locator("[data-kept]")).to_contain_text("Đã giữ lúc")
    here(page)
    page.click("button[value=tra-lai]")
    expect(page.locator(".note--ok[role=status]")).to_contain_text("Đã trả lại")

    enter(page, WRITER)
    visit(page, "/lam-viec/")
    page.click("text=Sửa tiếp")
    page.wait_for_url("**/viet/")
    expect(page.locator("h2").first).to_contain_text("8. Sản phẩm")  # the first box to mend, not the first box
    here(page)
    assert "Đếm thứ gì, ai đếm?" in page.inner_text("main")
    page.fill("#id_outputs", "Đến 30/11/2023: 1.200 m đường hoa; chi hội đếm mỗi tháng, ghi sổ.")
    page.click("text=Xem lại và gửi")
    page.click("button:has-text('Gửi lại')")
    page.wait_for_url(f"**/dang-ky/{pk}/")

    enter(page, LEADER)
    page.goto("/lam-viec/nam/2023/")
    visit(page, "/lam-viec/nam/2023/?tt=cho-xet")
    page.click(f"text={WHOLE['title']}")
    expect(page.locator(".diff ins").first).to_be_visible()
    here(page)
    page.click("button[value=nhan]")
    expect(page.locator(".note--ok[role=status]")).to_contain_text("Đã nhận")

    enter(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{pk}/")
    (tmp_path / "anh.jpg").write_bytes(photo("JPEG", 1600, 1200, 6))
    page.set_input_files("#id_tep", tmp_path / "anh.jpg")
    expect(page.locator(".file__wait")).to_be_visible(timeout=8000)
    work_beside()
    expect(page.locator(".file img")).to_be_visible(timeout=15000)
    page.fill("#id_what", "đường hoa")
    page.fill("#id_quantity", "1.200")
    page.fill("#id_counting_unit", "m")
    page.fill("#id_as_of", "30/11/2023")
    page.click("text=Ghi kết quả")
    expect(page.locator("#ket-qua tbody")).to_contain_text("1.200")
    here(page)
    row = Registration.objects.get(pk=pk)
    assert row.model is not None
    check(page, f"/mo-hinh/{row.model.slug}/")


def test_typed_while_the_server_was_down_is_saved_when_it_is_up_again(page: Page) -> None:
    row = begin()
    with server_of_our_own() as server:
        log_in_by_hand(page, WRITER, server.address)
        page.goto(f"{server.address}/lam-viec/dang-ky/{row.pk}/viet/?muc=2")
        page.fill("#id_situation", "Câu thứ nhất.")
        expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
        server.stop()
        page.fill("#id_situation", "Câu thứ nhất. Câu thứ hai.")
        expect(page.locator("#luu")).to_contain_text("giữ tạm trên máy này", timeout=8000)
        assert answers(row.pk)["situation"] == "Câu thứ nhất."
        server.start()
        expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=20000)
        assert answers(row.pk)["situation"] == "Câu thứ nhất. Câu thứ hai."
        page.goto("about:blank")


def test_a_closed_tab_loses_nothing(page: Page) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=2")
    page.context.set_offline(True)
    page.fill("#id_situation", "Viết lúc mất mạng rồi tắt máy")
    wait_until_kept(page, "Viết lúc mất mạng rồi tắt máy")
    page.close()
    later = page.context.new_page()
    page.context.set_offline(False)
    later.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=2")
    assert later.input_value("#id_situation") == "Viết lúc mất mạng rồi tắt máy"
    expect(later.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
    assert answers(row.pk)["situation"] == "Viết lúc mất mạng rồi tắt máy"
    assert json.loads(later.evaluate("JSON.stringify({...localStorage})")) == {}


@pytest.mark.parametrize("only_session", [True, False])
def test_an_expired_session_loses_nothing(page: Page, only_session: bool) -> None:
    row = begin()
    log_in(page, WRITER)
    address = f"/lam-viec/dang-ky/{row.pk}/viet/?muc=2"
    page.goto(address)
    page.context.clear_cookies(name="sessionid" if only_session else None)
    page.fill("#id_situation", "Viết khi phiên đã hết")
    expect(page.locator("#luu")).to_contain_text("Phiên làm việc đã hết", timeout=8000)
    page.click("text=Đăng nhập lại để lưu tiếp")
    type_password(page, WRITER)
    page.wait_for_url("**muc=2")
    assert page.input_value("#id_situation") == "Viết khi phiên đã hết"
    expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
    assert answers(row.pk)["situation"] == "Viết khi phiên đã hết"


@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_two_people_on_one_draft(page: Page, kept: str) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    write(row, CHECKER, aims="Bản của huyện")
    page.fill("#id_aims", "Bản của xã")
    conflict = page.locator("[data-conflict=aims]")
    expect(conflict).to_contain_text("Bản của xã", timeout=8000)
    expect(conflict).to_contain_text("Bản của huyện")
    assert answers(row.pk)["aims"] == "Bản của huyện"
    page.click(f"[data-keep={kept}]")
    expect(conflict).to_have_count(0)
    if kept == "mine":
        expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=8000)
    wanted = {"mine": "Bản của xã", "theirs": "Bản của huyện"}[kept]
    assert (page.input_value("#id_aims"), answers(row.pk)["aims"]) == (wanted, wanted)


def test_who_lost_the_role_while_writing(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    Membership.objects.filter(user__username=WRITER).update(ends_on="2023-05-05")
    page.fill("#id_aims", "Câu còn lại")
    expect(page.locator("#luu-loi")).to_contain_text("Vai trò của đồng chí", timeout=8000)
    assert page.input_value("#id_aims") == "Câu còn lại"


def test_similar_titles_while_typing(page: Page) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/")
    page.type("#id_title", "xay lo dot rac tai ho gia dinh")
    expect(page.locator("#giong")).to_contain_text("Cùng nơi.", timeout=8000)
    here(page)


def test_a_photo_waits_for_the_network(page: Page, tmp_path: Path) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/")
    page.context.set_offline(True)
    (tmp_path / "anh.jpg").write_bytes(photo())
    page.set_input_files("#id_tep", tmp_path / "anh.jpg")
    expect(page.locator("[data-queue]")).to_contain_text("giữ trên máy này", timeout=8000)
    page.click("form[data-files] button[type=submit]")  # nothing more is chosen, but this photo is
    expect(page.locator("[data-queue]")).to_contain_text("anh.jpg: ")
    expect(page.locator("[data-queue]")).not_to_contain_text("Chưa chọn")
    assert row.attachments.count() == 0
    page.close()  # the browser is closed while it waits, and the session is over before it is sent
    later = page.context.new_page()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.set_offline(False)
    later.goto(f"/lam-viec/dang-ky/{row.pk}/")
    assert row.attachments.count() == 0
    type_password(later, WRITER)
    later.wait_for_url(f"**/dang-ky/{row.pk}/")
    expect(later.locator(".file")).to_have_count(1, timeout=25000)
    later.reload()
    expect(later.locator(".file")).to_have_count(1)
    assert row.attachments.count() == 1


def test_a_photo_for_which_the_browser_has_no_room_is_sent_at_once_or_told(page: Page, tmp_path: Path) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/")
    page.evaluate(
        """() => {  // a full disk undoes what was added only when it is to be kept
            const add = IDBObjectStore.prototype.add;
            IDBObjectStore.prototype.add = function (kept) {
                const asked = add.call(this, kept);
                asked.addEventListener("success", () => this.transaction.abort());
                return asked;
            };
        }"""
    )
    (tmp_path / "anh.jpg").write_bytes(photo())
    page.context.set_offline(True)
    page.set_input_files("#id_tep", tmp_path / "anh.jpg")
    expect(page.locator("[data-queue] .file__refused")).to_contain_text("anh.jpg: chưa gửi được, máy này cũng không giữ được")
    page.context.set_offline(False)
    page.set_input_files("#id_tep", tmp_path / "anh.jpg")
    expect(page.locator(".file")).to_have_count(1, timeout=12000)
    expect(page.locator("[data-queue] .file__refused")).to_have_count(0)
    assert row.attachments.count() == 1


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_many_are_chosen_and_accepted(page: Page) -> None:
    for title in (WHOLE["title"], "Tổ tự quản an ninh thôn Xuân Điền", "Ngày thứ Sáu nghe dân nói"):
        sent(title=title)
    log_in(page, CHECKER)
    page.goto("/lam-viec/nam/2023/?tt=cho-xet")
    page.locator("input[name=chon]").nth(0).check()
    page.locator("input[name=chon]").nth(1).check()
    expect(page.locator("[data-chosen]")).to_have_text("Đã chọn 2 đăng ký")
    page.click("button:has-text('Nhận 2 đăng ký')")
    expect(page.locator("h1")).to_have_text("Đã nhận 2 đăng ký")
    assert Registration.objects.filter(state="submitted").count() == 1
    page.goto("/lam-viec/nam/2023/?tt=cho-xet")
    page.locator("input[name=chon]").nth(0).check()
    page.click("button:has-text('Trả lại…')")
    expect(page.locator("h1")).to_have_text("Trả lại 1 đăng ký")
    page.fill("#loi", "Viết rõ hơn")
    page.click("button:has-text('Trả lại 1 đăng ký')")
    expect(page.locator("h1")).to_have_text("Đã trả lại 1 đăng ký")


def test_last_years_models_are_chosen_and_carried_on(page: Page) -> None:
    from datetime import date

    from models_registry.services import NewSeason, grant_extension, open_season
    from organisation.models import Unit

    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    province = Unit.objects.get(key="binh-thuan")
    grant_extension(season_id=season.pk, unit=province, until=date(2099, 1, 1), reason="Kiểm thử", actor=None)
    log_in(page, WRITER)
    visit(page, "/lam-viec/nam/2024/dang-ky/")
    page.locator("input[name=chon]").nth(0).check()
    page.fill("#id_khac", "Mở thêm hai thôn")
    page.click("text=Chép mô hình đã chọn")
    page.wait_for_url("**/viet/")
    made = Registration.objects.get(season=season)
    assert (made.kind, made.sheet.answers["changed"]) == ("maintained", "Mở thêm hai thôn")
    check(page, f"{page.url}?muc=2")


def test_pages_of_a_registration_in_each_state(page: Page) -> None:
    row = sent()
    do(row, Action.RETURN, CHECKER, "Viết rõ hơn")
    log_in(page, WRITER)
    own = f"/lam-viec/dang-ky/{row.pk}/"
    check(page, *(f"{own}{path}" for path in ("", "viet/?muc=4", "gui/", "rut/")))
    do(row, Action.SUBMIT, WRITER)
    do(row, Action.ACCEPT, LEADER)
    enter(page, CHECKER)
    check(page, own, f"{own}mo-lai/")


def test_what_is_undone_while_it_is_being_saved_is_undone_on_the_portal(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    held: list[Any] = []
    page.route("**/luu/", lambda route: held.append(route) if not held else route.continue_())
    page.fill("#id_aims", f"{WHOLE['aims']} GÕ NHẦM")
    wait_until(page, lambda: held)
    page.fill("#id_aims", WHOLE["aims"])
    saved: list[str] = []
    page.on("response", lambda response: saved.append(response.url) if response.url.endswith("/luu/") else None)
    held[0].continue_()
    wait_until(page, lambda: len(saved) == 2)  # the slip, and what was undone meanwhile
    assert (page.input_value("#id_aims"), answers(row.pk)["aims"]) == (WHOLE["aims"], WHOLE["aims"])


def test_a_field_that_was_not_touched_is_never_sent(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=8")
    write(row, CHECKER, outputs="Bản của huyện")
    for name, text in (("target_what", "mét"), ("target_quantity", "1.200")):
        page.fill(f"#id_{name}", text)
        wait_until(page, lambda: answers(row.pk).get(name) == text)  # noqa: B023  asked within the turn
    kept = answers(row.pk)
    assert (kept["outputs"], kept["target_what"], kept["target_quantity"]) == ("Bản của huyện", "mét", "1.200")


def test_the_button_does_not_write_over_what_someone_else_wrote(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3")
    write(row, CHECKER, aims="Bản của huyện")
    page.fill("#id_aims", "Bản của xã")
    expect(page.locator("[data-conflict=aims]")).to_be_visible(timeout=8000)
    page.click("text=Sang mục 4")
    expect(page.locator("main")).to_contain_text("Người khác vừa lưu bản mới hơn")
    assert answers(row.pk)["aims"] == "Bản của huyện"


def test_two_tabs_without_a_network_keep_each_others_text(page: Page) -> None:
    row = fill(begin())
    log_in(page, WRITER)
    other = page.context.new_page()
    for tab, number in ((page, 3), (other, 9)):
        tab.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc={number}")
    page.context.set_offline(True)
    page.fill("#id_aims", "Viết ở thẻ một")
    other.fill("#id_upkeep", "Viết ở thẻ hai")
    page.fill("#id_aims", "Viết ở thẻ một, thêm")
    wait_until_kept(page, "Viết ở thẻ một, thêm")
    wait_until_kept(other, "Viết ở thẻ hai")
    other.close()
    page.context.set_offline(False)
    page.reload()
    wait_until(page, lambda: answers(row.pk)["upkeep"] == "Viết ở thẻ hai")
    assert answers(row.pk)["aims"] == "Viết ở thẻ một, thêm"


def test_without_a_network_the_button_keeps_the_page(page: Page) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=2")
    page.context.set_offline(True)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }")
    page.fill("#id_situation", "Chữ còn đây")
    page.click("text=Sang mục 3")
    expect(page.locator("#luu")).to_contain_text("hết chỗ giữ tạm, chưa giữ được: ")
    assert page.input_value("#id_situation") == "Chữ còn đây"
    page.context.set_offline(False)
    expect(page.locator("#luu")).to_contain_text("Đã lưu lúc", timeout=12000)
    page.click("text=Sang mục 3")
    page.wait_for_url("**muc=3")


def test_a_file_that_is_refused_does_not_stop_the_next(page: Page, tmp_path: Path) -> None:
    row = begin()
    log_in(page, WRITER)
    page.goto(f"/lam-viec/dang-ky/{row.pk}/")
    (tmp_path / "hong.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"rubbish" * 40)
    (tmp_path / "anh.jpg").write_bytes(photo())
    page.set_input_files("#id_tep", [tmp_path / "hong.heic", tmp_path / "anh.jpg"])
    expect(page.locator(".file")).to_have_count(1, timeout=12000)
    expect(page.locator("[data-queue]")).to_contain_text("hong.heic: Ảnh hỏng")
    page.reload()
    page.evaluate("outbox.files('')")  # behind the page's own look at what waits
    assert page.locator("[data-queue] p").count() == 0
