from pathlib import Path

import pytest

from common import jobs
from common.models import Job
from tests import registers as made
from tests.browsing import MARKS, log_in, watched
from tests.inspection import problems_of

pytestmark = MARKS
SHOTS = Path("/tmp/shots-map")
SHOTS.mkdir(exist_ok=True)
HEAD = [
    "TT",
    "Tên mô hình",
    "Đơn vị thực hiện",
    "Nơi thực hiện",
    "Lĩnh vực",
    "TT/CN",
    "M/DTr",
    "Nội dung cách làm",
    "Kết quả dự kiến",
    "Đ/c phụ trách",
    "Ghi chú",
]
LINES = [
    [
        1,
        "Nụ cười công sở",
        "Chi bộ Sở Nội vụ",
        "Phường Phú Hài",
        "XD HTCT",
        "TT",
        "d.",
        "Niêm yết cam kết; lấy phiếu hỏi ý kiến mỗi quý",
        "95% phiếu hài lòng",
        "Phó Bí thư chi bộ",
        "",
    ],
    [
        2,
        "Hỗ trợ công dân nộp hồ sơ trực tuyến",
        "Chi bộ Trung tâm Phục vụ hành chính công",
        "Phường Phú Thủy",
        "XD HTCT",
        "TT",
        "m.",
        "Mỗi thứ Bảy có tổ trực",
        "1.200 lượt người",
        "Bí thư chi bộ",
        "",
    ],
    [
        3,
        "Bếp ăn nghĩa tình",
        "Đảng ủy Bệnh viện",
        "Phường Phú Hài",
        "VH-XH",
        "TT",
        "d.",
        "Nấu cháo sáng thứ Ba",
        "18.000 suất",
        "Công đoàn",
        "Có ảnh",
    ],
    [
        4,
        "Dạy đàn cho học sinh nghèo",
        "Giáo viên Trường THPT",
        "Xã Tiến Lợi",
        "An ninh",
        "CN",
        "m.",
        "Lớp miễn phí tối thứ Sáu",
        "24 em",
        "",
        "",
    ],
]
TOP = [["ĐẢNG BỘ TỈNH BÌNH THUẬN"], ["THÀNH ỦY PHAN THIẾT"], ["DANH SÁCH ĐĂNG KÝ MÔ HÌNH “DÂN VẬN KHÉO” NĂM 2024"]]


def work():
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def shot(page, name):
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        print(name, width, "over", over)
        page.screenshot(path=str(SHOTS / f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def upload(page, path):
    page.goto("/lam-viec/nam/2024/nap-so/")
    if page.locator("select[name=unit]").count():
        page.select_option("select[name=unit]", "phan-thiet")
    page.set_input_files("input[type=file]", str(path))
    page.click("form.panel button[type=submit]")
    page.wait_for_url("**/nap-so/*-*/")
    work()
    page.reload()


@pytest.fixture
def page(browser, transactional_db, live_server, monkeypatch):
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN", base_url=live_server.url)
    yield watched(context.new_page())
    context.close()


def test_walk(page, new_season, tmp_path):
    log_in(page, "phanthiet.chuyenvien")
    upload(page, made.xlsx(tmp_path / "so.xlsx", {"Danh sách": [*TOP, HEAD, *LINES], "Phụ lục": [["Ghi chú"]]}))
    page.goto(page.url + "cot/")
    shot(page, "guessed")
    print("problems", problems_of(page))
    page.click("text=Đọc 4 dòng")
    page.wait_for_selector("#loi")
    print("focus", page.evaluate("document.activeElement.id"))
    shot(page, "error")
    print("problems", problems_of(page))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("#loi a")
    print("focus after link", page.evaluate("document.activeElement.id"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.select_option("#dien-kind", "earlier")
    page.fill("#dien-registered_on", "15/3/2024")
    page.select_option("#cot-j", "none")
    page.click("text=Xem lại bảng")
    page.wait_for_load_state()
    shot(page, "filled")
    print("problems", problems_of(page))
    page.focus("text=Đọc 4 dòng") if False else page.locator("button[value=doc]").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    work()
    page.reload()
    shot(page, "after")
    # refused
    upload(page, made.xlsx(tmp_path / "so2.xlsx", [["Cột 1", "Cột 2"], [1, "Một"]]))
    shot(page, "refused")
    page.goto("/lam-viec/cach-doc/")
    shot(page, "remembered")
    print("problems", problems_of(page))
    page.click("text=Bỏ cách đọc này")
    page.wait_for_load_state()
    shot(page, "forget")
    print("problems", problems_of(page))
    upload(page, made.xlsx(tmp_path / "so3.xlsx", [[f"Cột {n}" for n in range(200)], [1, "Một", *range(198)]]))
    page.goto(page.url + "cot/")
    shot(page, "wide")
    print("problems", problems_of(page))
    print("size", len(page.content()))
    print(page.said)
