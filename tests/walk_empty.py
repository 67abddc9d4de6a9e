"""From an empty database to the first account of a unit that registers a model, by links alone; run by tests/portal/test_setting_up.py
in a process with a database of its own: `python -m tests.walk_empty 2`, or 3, for a province of so many tiers.
"""

import io
import os
import sys
from datetime import timedelta

import django
from django.core.management import call_command
from django.test.utils import setup_test_environment

from common.dates import today, write_day
from tests.clicking import Clicker, workbook

PASSWORD, OWN = "mat-khau-dat-san", "mat-khau-cua-toi"
HEADING = ["Tên đơn vị", "Địa bàn", "Cấp", "Cấp trên", "Từ ngày", "Đến trước ngày", "Đơn vị kế tục", "Mã hành chính"]
TOP = ["Tỉnh ủy Hòa Giang", "Tỉnh Hòa Giang", "province", "", "", "", "", "91"]
TWO = [
    TOP,
    ["Đảng ủy xã Suối Lớn", "Xã Suối Lớn", "xã", "Tỉnh ủy Hòa Giang", "", "01/07/2025", "Đảng ủy phường Bến Mới", "90101"],
    ["Đảng ủy phường Bến Mới", "Phường Bến Mới", "phường", "Tỉnh ủy Hòa Giang", "01/07/2025", "", "", "90102"],
    ["Đảng ủy xã Đồi Cao", "Xã Đồi Cao", "xã", "Tỉnh ủy Hòa Giang", "", "", "", "90103"],
    ["Đảng ủy Công an tỉnh", "", "direct", "Tỉnh ủy Hòa Giang", "", "", "", ""],
]
THREE = [
    TOP,
    ["Huyện ủy Sông Trên", "Huyện Sông Trên", "huyện", "Tỉnh ủy Hòa Giang", "", "", "", "901"],
    ["Thành ủy Hòa Giang", "Thành phố Hòa Giang", "thành phố", "Tỉnh ủy Hòa Giang", "", "", "", "902"],
    ["Đảng ủy xã Đồi Cao", "Xã Đồi Cao", "xã", "Huyện Sông Trên", "", "", "", "90103"],
    ["Đảng ủy xã Tân Lập", "Xã Tân Lập", "xã", "Huyện Sông Trên", "", "", "", "90104"],
    ["Đảng ủy xã Tân Lập", "Xã Tân Lập", "xã", "Thành ủy Hòa Giang", "", "", "", "90105"],
]
SHEET = {
    "title": "Đường hoa thôn Đông thay cỏ dại",
    "field": "van-hoa-xa-hoi",
    "subject_kind": "collective",
    "subject": "Chi hội Phụ nữ thôn Đông",
    "kind": "new",
    "situation": "Hai bên đường liên thôn mọc đầy cỏ.",
    "aims": "Phủ hoa 1,2 km, 60 hộ tự chăm.",
    "method": "Mỗi hộ nhận một đoạn.",
    "audience": "Thôn Đông, 60 hộ ven đường.",
    "leads": "Chi hội Phụ nữ thôn Đông",
    "resources": "Giống hoa do chi hội góp.",
    "outputs": "1,2 km đường hoa.",
    "upkeep": "Hộ tự chăm, chi hội nhắc mỗi quý.",
}
FOREIGN = ("Bình Thuận", "Lâm Đồng", "Hàm Thuận", "Phan Thiết", "Minh họa")


def walk(tiers: int) -> None:
    make_admin("quan.tri", "Nguyễn Văn An")
    admin = Clicker()
    assert "Cổng đang được thiết lập" in admin.text
    admin.log_in("quan.tri", PASSWORD)
    assert "Thiết lập cổng" in admin.text and "1/8" in admin.text, admin.text
    admin.click("Ghi tên")
    admin.send(
        "Lưu", name="Hòa Giang", full_name="tỉnh Hòa Giang", committee="Tỉnh ủy Hòa Giang", committee_symbol="TU",
        board="Ban Tuyên giáo và Dân vận Tỉnh ủy Hòa Giang", board_symbol="BTGDVTU",
    )  # fmt: skip
    home(admin)
    admin.click("Chọn cấp")
    admin.send("Lập các cấp", so__cap=str(tiers))
    home(admin)
    admin.click("Nạp danh sách")
    units = workbook([["DANH SÁCH ĐƠN VỊ"], HEADING, *(TWO if tiers == 2 else THREE)])
    admin.send("Gửi tệp", file=("don-vi.xlsx", units))
    assert "Chưa ghi được" not in admin.text, admin.text
    admin.send("Ghi ")
    assert "Thiết lập cổng" in admin.text
    admin.click("sửa danh sách")
    admin.send("Gửi tệp", file=("don-vi.xlsx", units))
    assert "Không có gì phải ghi" in admin.text, admin.text
    home(admin)
    admin.click("Khai thể thức")
    admin.send(
        "Lưu thể thức", valid_from="01/01/2025", signer_title="TRƯỞNG BAN", signer_name="Trần Thị Bình", term="2025-2030"
    )  # fmt: skip
    home(admin)
    admin.click("Xem bộ tiêu chí")
    admin.send("Lưu thành bản mới")
    home(admin)
    admin.click("Mở năm đầu tiên")
    admin.send("Xem lại")
    admin.send("Mở năm")
    home(admin)
    open_account(admin, tiers)
    officer = Clicker()
    register(officer)
    received = receive(admin, tiers)
    if tiers == 3:
        check_and_open_a_round(received)
    seen = Clicker()
    assert not [word for word in FOREIGN if word in seen.text], seen.text


def make_admin(username: str, full_name: str) -> None:
    os.environ["FIRST_PASSWORD"] = PASSWORD
    call_command("create_admin", username=username, full_name=full_name, password_env="FIRST_PASSWORD", stdout=io.StringIO())


def home(admin: Clicker) -> None:
    """Back to the steps, as from any page."""
    admin.click("Quản trị")
    admin.click("Thiết lập cổng")


def open_account(admin: Clicker, tiers: int) -> None:
    admin.click("Mở tài khoản")
    admin.send("Xác nhận", password=PASSWORD)
    unit = "xa-doi-cao" if tiers == 2 else "huyen-song-tren/xa-doi-cao"
    admin.send(
        "Mở tài khoản", unit=unit, role="can-bo-co-so", full_name="Lê Văn Cường", username="doicao.canbo", password=PASSWORD
    )
    assert "Các bước bắt buộc đã xong" in admin.text, admin.text


def register(officer: Clicker) -> None:
    choose_own_password(officer, "doicao.canbo")
    officer.click("Việc của tôi")
    officer.click("Đăng ký mô hình")
    officer.send("Viết đăng ký mới")
    sheet = SHEET | {"starts_on": f"01/01/{today().year}"}
    for box in range(1, 10):
        fields = officer.page.xpath("//form[@data-draft]//*[@name and not(contains(@name, ':'))]/@name")
        officer.send("Sang mục" if box < 9 else "Xem lại và gửi", **{name: sheet[name] for name in fields if name in sheet})
    officer.send("Gửi")
    assert "Đường hoa thôn Đông" in officer.text and "Chờ" in officer.text, officer.text


def receive(admin: Clicker, tiers: int) -> Clicker:
    """An officer of the unit that gathers it, given by one administrator, confirmed by the other, sees what was sent."""
    make_admin("quan.tri.hai", "Trần Thị Bình")
    home(admin)
    admin.click("Mở tài khoản")
    unit, role = ("tinh", "chuyen-vien-tinh") if tiers == 2 else ("huyen-song-tren", "chuyen-vien-huyen")
    admin.send("Mở tài khoản", unit=unit, role=role, full_name="Phạm Thị Dung", username="chuyen.vien", password=PASSWORD)
    officer, second = Clicker(), Clicker()
    choose_own_password(officer, "chuyen.vien")
    second.log_in("quan.tri.hai", PASSWORD)
    second.click("Xem: Xác nhận 1 vai trò")
    second.click("Phạm Thị Dung")
    second.send("Xác nhận", password=PASSWORD)
    second.send("Xác nhận")
    assert "Đã xác nhận" in second.text, second.text
    officer.click("Việc của tôi")
    assert "Xét 1 đăng ký đang chờ" in officer.text and "quá hạn" not in officer.text, officer.text
    return officer


def check_and_open_a_round(officer: Clicker) -> None:
    """The unit in the middle takes what its commune sent, and opens a round of its own."""
    officer.click("Xét 1 đăng ký đang chờ")
    officer.send("Nhận vào sổ")
    assert "Không còn đăng ký nào chờ" in officer.text, officer.text
    officer.click("Đợt xét")
    officer.click("Lập đợt xét năm")
    days = {"propose_from": 0, "propose_until": 14, "score_until": 21, "meet_on": 24, "decide_by": 30}
    officer.send("Lập đợt xét", **{name: write_day(today() + timedelta(days=after)) for name, after in days.items()})
    officer.click("Sang bước “nhận đề nghị”")
    officer.send("Chuyển bước")
    assert "Nhận hồ sơ đến hết ngày" in officer.text and "2/2 đơn vị chưa đề nghị" in officer.text, officer.text


def choose_own_password(one: Clicker, name: str) -> None:
    one.log_in(name, PASSWORD)
    one.send("Đổi", oldpassword=PASSWORD, password1=OWN, password2=OWN)


if __name__ == "__main__":
    django.setup()
    setup_test_environment()
    for tiers in map(int, sys.argv[1:]):
        walk(tiers)
    print("walked")
