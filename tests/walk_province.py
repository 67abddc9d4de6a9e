"""A whole province round in Chromium by links only, from each person's home page: 39 dossiers of 13 of 14 units, 7 members, with an
early close that is opened again, a conflict, a tie at the line, an appeal and a correction.

Ten minutes long, so not in the suite: `make walk`. Only accounts and letterheads are made beforehand, as administrators do. What
each job took in clicks, fields and seconds is written to `var/walk.txt`.
"""

import csv
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as in_force
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, FilePayload, Page, expect

from common import jobs
from common.dates import today, write_day
from models_registry.models import Registration, Season
from organisation.models import Unit
from organisation.services import give_role, open_account
from recognition.models import (
    Appeal,
    CentralIntroduction,
    Certificate,
    DeclaredConflict,
    Dossier,
    DraftLine,
    Recognition,
    RecognitionRound,
    RoundStep,
    ScoreSheet,
)
from recognition.services import refresh_honours
from tests.browsing import MARKS, enter, open_page, work_beside
from tests.conftest import DEMO
from tests.pages import entered
from tests.photos import PDF

pytestmark = MARKS
PASSWORD = "mat-khau-thu"
PATIENCE = 30_000  # milliseconds: the machine may be busy with others
STAFF, LEADER = "tinh.chuyenvien", "tinh.lanhdao"
JUDGES = [f"hoidong{n}" for n in range(1, 8)]
ASIDE = JUDGES[6]  # finds an interest in the first dossier
ABOVE = 22  # dossiers above the line
# Each trusted press of a mouse or finger, each field that is typed in or chosen from.
COUNTING = """
document.addEventListener("pointerdown", (event) => { if (event.isTrusted) window.walked("click"); }, true);
document.addEventListener("input", ({ target: field }) => {
  if (field.counted || field.matches("[type=checkbox], [type=radio]")) return;
  field.counted = true;
  window.walked("field");
}, true);
"""


class Jobs:
    """What each job took: presses, fields, pages, seconds."""

    def __init__(self, page: Page) -> None:
        self.counts: dict[str, int] = defaultdict(int)
        self.lines: list[str] = []
        page.expose_function("walked", self.note)
        page.add_init_script(COUNTING)
        page.on("load", lambda _: self.note("page"))

    def note(self, what: str) -> None:
        self.counts[what] += 1

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        self.counts.clear()
        begun = time.monotonic()
        yield
        took = time.monotonic() - begun
        counts = self.counts
        self.lines.append(f"{name}: {counts['click']} lần bấm, {counts['field']} ô, {counts['page']} trang, {took:.1f} giây")
        written = Path(in_force.BASE_DIR) / "var" / "walk.txt"
        written.parent.mkdir(exist_ok=True)  # not there in a bare clone
        written.write_text("\n".join(self.lines) + "\n", encoding="utf-8")


@pytest.fixture
def page(browser: Browser, transactional_db: None, live_server: Any) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN", base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    settings.MEDIA_ROOT = tmp_path / "media"


def account(name: str, role: str, unit: str) -> None:
    user, _ = open_account(username=name, full_name=name, password=PASSWORD, actor=None)
    give_role(user=user, role=role, unit=Unit.objects.get(key=unit), starts_on=date(2023, 1, 1), actor=None)


def day(after: int) -> str:
    return write_day(today() + timedelta(days=after))


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words, timeout=PATIENCE)


def to_round(page: Page) -> None:
    open_page(page, "Đợt xét")
    page.click("main a:has-text('Đợt 1 năm 2023')")
    page.wait_for_url("**/dot-xet/*/")


def back(page: Page) -> None:
    page.click("nav >> text=Đợt 1 năm 2023")
    page.wait_for_url("**/dot-xet/*/")


def task(page: Page, title: str) -> None:
    page.locator(".task", has_text=title).locator("a.btn").first.click()


def go_on(page: Page, phase: str, *, even_so: bool = False) -> None:
    """To the next phase from the round's page, by the page that says what is lost."""
    page.click(f"text=Sang bước “{phase}”")
    if even_so:
        page.check("#cach-chuyen")
    page.click("button.way-do--chuyen" if even_so else "button:has-text('Chuyển bước')")
    expect(page.locator(".phases .now")).to_contain_text(phase, ignore_case=True, timeout=PATIENCE)


def proposed_rows() -> dict[str, list[dict[str, str]]]:
    """What the units proposed in 2023, by unit; what the demo has of it stands aside."""
    with (DEMO / "season-2023" / "outcomes.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["proposed_on"]]
    CentralIntroduction.objects.all().delete()
    Recognition.objects.filter(level__gathers_registers=True).delete()
    Dossier.objects.all().delete()
    with transaction.atomic():
        refresh_honours(Registration.objects.filter(honour_rank__gt=0).values_list("pk", flat=True))
    by_unit: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_unit[row["unit"]].append(row)
    assert (len(rows), len(by_unit), Season.objects.get(year=2023).year) == (39, 13, 2023)
    return by_unit


def points_of() -> dict[int, tuple[str, ...]]:
    """number of a dossier -> its points: no two alike but the last above the line and the first below it."""
    found = {}
    for place, number in enumerate(Dossier.objects.order_by("number").values_list("number", flat=True)):
        last = (ABOVE - 1) / 2
        second, fourth = (18.0, 25 - place / 2) if place < ABOVE else (18 - (place - ABOVE) / 2, 25 - last)
        found[number or 0] = ("9", f"{second:g}".replace(".", ","), "13", f"{fourth:g}".replace(".", ","), "9", "9", "9")
    return found


def open_round(page: Page, told: Jobs) -> None:
    enter(page, STAFF)
    with told.job("1. Lập đợt xét"):
        open_page(page, "Đợt xét")
        page.click("text=Lập đợt xét năm 2023")
        for name, after in (("propose_from", 0), ("propose_until", 5), ("score_until", 10), ("meet_on", 12), ("decide_by", 20)):
            page.fill(f"#id_{name}", day(after))
        for kind in ("achievement", "evidence", "opinion", "minutes"):
            page.uncheck(f"input[value={kind}]")
        page.fill("#id_quota_total", str(ABOVE))
        page.click("main button:has-text('Lập đợt xét')")
    with told.job("2. Lập hội đồng 7 người, mở nhận đề nghị"):
        page.click("main a:has-text('Lập hội đồng')")
        for n, name in enumerate(JUDGES):
            page.fill("#id_username", name)
            page.select_option("#id_task", "chair" if n == 0 else "secretary" if n == 1 else "member")
            page.click("text=Ghi vào hội đồng")
            says(page, "vào hội đồng.")
        back(page)
        go_on(page, "nhận đề nghị")


def propose(page: Page, told: Jobs, key: str, mine: list[dict[str, str]]) -> None:
    enter(page, f"cv.{key}")
    with told.job(f"3. Đề nghị {len(mine)} mô hình của {key}"):
        to_round(page)
        page.click("main a.btn:has-text('Đề nghị mô hình')")
        for row in mine:
            page.fill("#q", row["title"])
            page.click("button:has-text('Lọc')")
            hit = page.locator("tbody tr", has_text=row["subject"] or row["title"]).filter(has_text="Cấp huyện")
            hit.first.locator("input[name=chon]").check()
        page.click("button:has-text('Thêm vào đề nghị')")
        page.wait_for_url("**/lam-viec/de-nghi/*/")
        names = ("to-trinh.pdf", "bieu-tong-hop.pdf")
        page.set_input_files(
            "#tep", [FilePayload(name=name, mimeType="application/pdf", buffer=PDF + name.encode()) for name in names]
        )
        page.click("button:has-text('Gửi tệp')")
        page.click("main a:has-text('Gửi đề nghị')")
        page.click(f"button:has-text('Gửi {len(mine)} hồ sơ')")
        says(page, f"Đã gửi {len(mine)} hồ sơ")


def receive(page: Page, told: Jobs) -> None:
    """39 dossiers are taken as complete, shared out; proposing closes early, opens again and closes."""
    enter(page, STAFF)
    with told.job("4. Nhận đủ 39 hồ sơ"):
        task(page, "Xem 39 hồ sơ mới gửi")
        page.locator(".card-title a").first.click()
        for _ in range(39):
            with page.expect_navigation():  # to the next one that waits
                page.click("text=Đủ hồ sơ, đưa vào thẩm định")
            says(page, "Đã nhận đủ hồ sơ")
        back(page)
    with told.job("5. Phân công 78 lượt chấm, sang thẩm định"):
        page.click("text=Phân công chấm")
        page.fill("#so", "2")
        page.click("text=Xem trước")
        page.click("text=Phân công như đề xuất")
        says(page, "Đã phân công thêm 78 lượt chấm")
        back(page)
        says(page, "1/14 đơn vị chưa đề nghị")
        go_on(page, "thẩm định độc lập", even_so=True)  # five days early
    with told.job("6. Mở lại bước đóng sớm, rồi đóng lại"):
        page.click("text=Mở lại bước “nhận đề nghị”")
        page.fill("#ly-do", "Đức Linh xin thêm một ngày")
        page.click("button:has-text('Mở lại bước')")
        expect(page.locator(".phases .now")).to_contain_text("Nhận đề nghị", timeout=PATIENCE)
        says(page, "Đức Linh xin thêm một ngày")
        go_on(page, "thẩm định độc lập", even_so=True)


def judge(page: Page, told: Jobs, name: str, points: dict[int, tuple[str, ...]]) -> None:
    enter(page, name)
    given = page.locator(".task", has_text="hồ sơ được giao")
    left = int("".join(filter(str.isdigit, given.locator("h3").inner_text())))
    given.locator("a.btn").click()
    page.locator(".items a:has-text('Chấm')").first.click()
    if name == ASIDE:
        with told.job("7. Báo có liên quan, thôi chấm một hồ sơ"):
            page.click("summary:has-text('Không chấm')")
            page.click("a:has-text('Tôi có liên quan')")
            page.fill("#ly-do", "Con rể đồng chí chủ trì")
            page.click("button:has-text('Xin thôi chấm')")
            says(page, "thôi chấm hồ sơ")
        left -= 1
    for n in range(left):
        with told.job(f"8. Chấm một hồ sơ ({name}, {n + 1}/{left})"):
            head = page.locator(".workbar__title p").first.inner_text()
            number = int(re.findall(r"Hồ sơ (\d+)", head)[0])
            boxes = page.locator("input[data-max]")
            for at, text in enumerate(points[number]):
                boxes.nth(at).fill(text)
            page.keyboard.press("Control+Enter")
            says(page, f"Đã nộp phiếu hồ sơ {number}.")
    says(page, f"Đã xong {left}/{left}")


def compare(page: Page, told: Jobs) -> None:
    """Ranked, a tie at the line broken by the council's own score, on to the meeting."""
    enter(page, STAFF)
    to_round(page)
    with told.job("9. Đối chiếu, phá đồng điểm, đặt vạch, mở biểu quyết"):
        go_on(page, "đối chiếu điểm")
        page.click("text=Xếp hạng")
        page.fill("#vach_so", str(ABOVE))
        page.click("text=Xem thử")
        says(page, "Dưới vạch có hồ sơ bằng điểm hồ sơ cuối trên vạch")
        page.locator("tbody tr.picked .card-title a").last.click()
        page.click("main a:has-text('Điểm chính thức')")
        for at, text in enumerate(("9", "18", "13", "14,5", "9", "9", "9,5")):
            page.locator("input[id^=id_p]").nth(at).fill(text)
        page.locator("input[id^=id_n]").last.fill("Có minh chứng duy trì ba năm")
        page.click("text=Lưu điểm chính thức")
        says(page, "Đã lưu điểm chính thức")
        page.click("nav >> text=Xếp hạng")
        page.fill("#vach_so", str(ABOVE))
        page.click("text=Xem thử")
        expect(page.locator("main")).not_to_contain_text("bằng điểm hồ sơ cuối", timeout=PATIENCE)
        page.click(f"text=Đặt vạch sau {ABOVE} hồ sơ")
        back(page)
        go_on(page, "họp hội đồng")
        page.click("main a.btn:has-text('Họp hội đồng')")
        for box in page.locator("input[name^=co-]").all():
            box.check()
        page.fill("#id_held_on", day(0))
        page.select_option("#id_ballot", "secret")
        page.click("summary:has-text('Mở biểu quyết')")
        page.click("button:has-text('Mở biểu quyết')")
        says(page, "Đã mở biểu quyết")


def count_queries(told: Jobs) -> None:
    """What the boards of scores of 39 dossiers and 7 members ask of the database."""
    round_, client = RecognitionRound.objects.get(), entered(STAFF)
    for name, path in (("Xếp hạng", "diem/"), ("Trang đợt xét", ""), ("Phân công", "phan-cong/"), ("Hội đồng", "hoi-dong/")):
        begun = time.monotonic()
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/lam-viec/dot-xet/{round_.pk}/{path}").status_code == 200
        told.lines.append(f"{name}, 39 hồ sơ, 7 thành viên: {len(found)} truy vấn, {time.monotonic() - begun:.2f} giây")


def vote(page: Page, told: Jobs, name: str) -> None:
    number = 38 if name == ASIDE else 39
    enter(page, name)
    with told.job(f"10. Biểu quyết {number} hồ sơ ({name})"):
        task(page, f"Biểu quyết {number} hồ sơ")
        page.click("text=Chọn sẵn “tán thành”")
        for fieldset in page.locator("main fieldset").all():
            if not fieldset.locator("input:checked").count():
                fieldset.locator("input[value=against]").check()
        page.click("summary:has-text('Bỏ phiếu')")
        page.click("button:has-text('Bỏ phiếu các hồ sơ đã chọn')")
        says(page, f"Đã biểu quyết {number}/{number} hồ sơ")


def decide(page: Page, told: Jobs) -> None:
    enter(page, STAFF)
    to_round(page)
    with told.job("11. Kiểm phiếu, biên bản, soạn quyết định"):
        page.click("main a.btn:has-text('Họp hội đồng')")
        page.click("summary:has-text('Đóng biểu quyết')")
        page.click("button:has-text('Đóng và kiểm phiếu')")
        page.fill("#ket_luan", f"Hội đồng thống nhất đề nghị công nhận {ABOVE} mô hình.")
        page.click("text=Lưu kết luận")
        with page.expect_download():
            page.click("text=Biên bản (Word)")
        back(page)
        go_on(page, "ra quyết định")
        page.click("main a.btn:has-text('Quyết định')")
        page.click("button:has-text('Soạn quyết định')")
        page.fill("#ngay", day(0))
        page.click("button:has-text('Lưu dự thảo')")
        says(page, "Đã lưu dự thảo.")
    publish(page, told, "12. Kiểm tra, ban hành quyết định")
    with told.job("13. Cấp số và in 22 giấy công nhận"):
        page.click("main a.btn:has-text('Giấy công nhận')")
        page.click("summary:has-text('Cấp số và in')")
        page.click("button:has-text('Cấp số và in')")
        work_beside()
        page.reload()
        says(page, f"{ABOVE} giấy, theo số sổ cấp")


def publish(page: Page, told: Jobs, name: str) -> None:
    enter(page, LEADER)
    with told.job(name):
        task(page, "Duyệt dự thảo quyết định")
        page.click("button:has-text('Kiểm tra xong')")
        page.click("text=Xem lại, ban hành…")
        page.check("#da-ky")
        page.click("button:has-text('Ban hành, báo')")
        expect(page.locator("h1")).to_contain_text("Quyết định số", timeout=PATIENCE)


def appeal(page: Page, told: Jobs) -> None:
    refused = DraftLine.objects.filter(verdict="refuse").select_related("dossier__unit", "dossier__registration").first()
    assert refused is not None and refused.dossier is not None and refused.dossier.unit is not None
    enter(page, f"cv.{refused.dossier.unit.key}")
    with told.job("14. Kiến nghị về một hồ sơ không được công nhận"):
        to_round(page)
        page.locator(f"a[href$='/ho-so/{refused.dossier_id}/']").first.click()
        page.click("summary:has-text('Kiến nghị một lần')")
        page.fill("#kien_nghi", "Xin xem lại kết quả đo ngày 30/9.")
        page.click("button:has-text('Gửi kiến nghị')")
        says(page, "Đã gửi kiến nghị.")
    enter(page, LEADER)
    with told.job("15. Trả lời kiến nghị"):
        task(page, "Trả lời kiến nghị")
        page.check("#kq_giu")
        page.fill("#tra_loi", "Hội đồng đã xét đủ số đo; giữ nguyên kết luận.")
        page.click("summary:has-text('Gửi trả lời')")
        page.click("button:has-text('Gửi trả lời')")
        says(page, "Đã trả lời đơn vị.")


def correct(page: Page, told: Jobs) -> None:
    enter(page, STAFF)
    with told.job("16. Soạn quyết định đính chính một tên"):
        to_round(page)
        page.click("main a.btn:has-text('Quyết định')")
        page.locator(".card-title a").first.click()
        page.locator("input[name=mo-hinh]").first.check()
        page.click("button:has-text('Soạn quyết định đính chính')")
        page.locator("input[name^=ten-]").fill("Tên mô hình đã ghi đúng")
        page.fill("#ngay", day(0))
        page.locator("textarea[name^=ly-]").fill("Ghi sai tên khi soạn")
        page.click("button:has-text('Lưu dự thảo')")
        says(page, "Đã lưu dự thảo.")
    publish(page, told, "17. Kiểm tra, ban hành quyết định đính chính")


def test_thirty_nine_dossiers_and_seven_members(page: Page) -> None:
    told, by_unit = Jobs(page), proposed_rows()
    for key in by_unit:
        account(f"cv.{key}", "chuyen-vien-huyen", key)
    for name in JUDGES[3:]:
        account(name, "thanh-vien-hoi-dong", "binh-thuan")
    open_round(page, told)
    for key, mine in by_unit.items():
        propose(page, told, key, mine)
    assert Dossier.objects.filter(state="sent").count() == 39
    receive(page, told)
    assert RoundStep.objects.filter(is_reopening=True).count() == 1
    points = points_of()
    for name in JUDGES:
        judge(page, told, name, points)
    assert (DeclaredConflict.objects.count(), ScoreSheet.objects.filter(kind="member", state="sent").count()) == (1, 77)
    compare(page, told)
    count_queries(told)
    for name in JUDGES:
        vote(page, told, name)
    decide(page, told)
    assert Recognition.objects.filter(decision__round__isnull=False).count() == Certificate.objects.count() == ABOVE
    assert DraftLine.objects.filter(draft__round__isnull=False, verdict="refuse").count() == 39 - ABOVE
    appeal(page, told)
    assert Appeal.objects.filter(answered_on__isnull=False, is_upheld=False).count() == 1
    correct(page, told)
    assert Recognition.objects.filter(title="Tên mô hình đã ghi đúng", revoked_on__isnull=True).count() == 1
    assert Recognition.objects.filter(decision__round__isnull=False, revoked_on__isnull=True).count() == ABOVE
    assert RecognitionRound.objects.get().phase == "deciding"
    enter(page, f"cv.{next(iter(by_unit))}")
    page.click("a.mast__bell")
    says(page, "ông nhận")
