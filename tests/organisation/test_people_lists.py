"""Lists of people, rule by rule: whose account a line means, what it would do, why it is refused. No database."""

import pytest

from common.text import compare_key
from organisation.lists.people import KnownPeople, KnownPerson, KnownRole, KnownUnit, PeoplePlanner, PlannedPerson
from organisation.lists.reading import Line


def unit(pk: int, name: str, *, now: str = "", heirs: tuple[int, ...] = (), is_there: bool = True) -> KnownUnit:
    words = frozenset(map(compare_key, (name, *filter(None, [now]))))
    current = frozenset([compare_key(now or name)])
    return KnownUnit(pk, f"u{pk}", now or name, is_there, words, current, heirs, "" if is_there else "30/06/2025")


UNITS = (
    unit(1, "Xã Đông Giang"),
    unit(2, "Xã Hàm Thắng", now="Phường Hàm Thắng"),
    unit(3, "Xã Cũ", heirs=(1,), is_there=False),
    unit(4, "Huyện Bắc Bình", is_there=False),
    unit(5, "Xã Tách", heirs=(1, 2), is_there=False),
    unit(6, "Tân Hà"),
    unit(7, "Tân Hà"),
)
ROLES = (
    KnownRole("can-bo-co-so", "Cán bộ cơ sở", frozenset([compare_key("Cán bộ cơ sở")]), is_guarded=False),
    KnownRole("quan-tri", "Quản trị", frozenset([compare_key("Quản trị")]), is_guarded=True),
)
AN = KnownPerson("nguyen.van.an", "Nguyễn Văn An", "an@x.vn", frozenset([("can-bo-co-so", 1)]))
SHUT = KnownPerson("tran.thi.binh", "Trần Thị Bình", "binh@x.vn", is_active=False)
PEOPLE = (AN, SHUT)


def planned(*rows: tuple[str, ...]) -> list[PlannedPerson]:
    codes = ("full_name", "email", "unit", "role", "username")
    lines = [Line(n, dict(zip(codes, row, strict=False))) for n, row in enumerate(rows, start=2)]
    return PeoplePlanner(lines, KnownPeople(UNITS, ROLES, PEOPLE)).plan()


@pytest.mark.parametrize(
    "row, does, words",
    [
        (("Lê Chi", "", "xã đông giang", "Cán bộ cơ sở"), "new", ["Tên đăng nhập le.chi"]),
        (("Lê Chi", "", "u1", "can-bo-co-so", "chi"), "new", ["Tên đăng nhập chi"]),
        (
            ("Lê Chi", "", "Xã Đông Giang", "Quản trị"),
            "new",
            ["Tên đăng nhập le.chi", "Vai trò chờ người thứ hai xác nhận"],
        ),
        (("Nguyễn Văn An", "khac@x.vn", "Phường Hàm Thắng", "Cán bộ cơ sở"), "new", ["Tên đăng nhập nguyen.van.an2"]),
        (("Nguyễn Văn An", "AN@x.vn", "Xã Đông Giang", "Cán bộ cơ sở"), "same", ["Đã có tài khoản nguyen.van.an, không đổi"]),
        (("nguyễn văn an", "", "Xã Đông Giang", "Cán bộ cơ sở"), "same", ["Đã có tài khoản nguyen.van.an, không đổi"]),
        (("Nguyễn Văn An", "an@x.vn", "Xã Hàm Thắng", "Cán bộ cơ sở"), "changed", ["Thêm vai trò cho tài khoản nguyen.van.an"]),
        (
            ("Lê Chi", "", "Xã Cũ", "Cán bộ cơ sở"),
            "new",
            ["Tên đăng nhập le.chi", "Đơn vị ghi là đơn vị cũ; cổng hiểu là Xã Đông Giang"],
        ),
        (("Lê Chi", "", "Huyện Bắc Bình", "Cán bộ cơ sở"), "refused", ["Đơn vị kết thúc 30/06/2025, không có đơn vị kế tục."]),
        (
            ("Lê Chi", "", "Xã Tách", "Cán bộ cơ sở"),
            "refused",
            ["“Xã Tách” đã tách thành nhiều đơn vị, phải chọn: Phường Hàm Thắng; Xã Đông Giang."],
        ),
        (
            ("Lê Chi", "", "Tân Hà", "Cán bộ cơ sở"),
            "refused",
            ["Có 2 đơn vị tên “Tân Hà”, phải chọn: Tân Hà (u6); Tân Hà (u7)."],
        ),
        (
            ("", "x", "", ""),
            "refused",
            ["Chưa ghi đơn vị.", "Chưa ghi vai trò.", "Chưa ghi họ và tên.", "“x” không phải địa chỉ thư điện tử."],
        ),
        (
            ("Lê Chi", "a@b", "Xã Lạ", "Vua"),
            "refused",
            ["Không có đơn vị “Xã Lạ”.", "Không có vai trò “Vua”.", "“a@b” không phải địa chỉ thư điện tử."],
        ),
        (
            ("Người Khác", "an@x.vn", "Xã Đông Giang", "Cán bộ cơ sở"),
            "refused",
            ["Thư điện tử “an@x.vn” là của Nguyễn Văn An, không phải của Người Khác."],
        ),
        (
            ("Người Khác", "", "Xã Đông Giang", "Cán bộ cơ sở", "Nguyen.Van.An"),
            "refused",
            ["Tên đăng nhập “Nguyen.Van.An” là của Nguyễn Văn An, không phải của Người Khác."],
        ),
        (
            ("Lê Chi", "", "u1", "Cán bộ cơ sở", "lê chi"),
            "refused",
            ["Tên đăng nhập: chỉ chữ, số, dấu chấm, gạch dưới, gạch nối."],
        ),
        (
            ("Trần Thị Bình", "binh@x.vn", "Xã Đông Giang", "Cán bộ cơ sở"),
            "refused",
            ["Tài khoản tran.thi.binh đã đóng; mở lại ở trang tài khoản rồi nạp."],
        ),
    ],
)
def test_what_a_line_would_do_is_said(row: tuple[str, ...], does: str, words: list[str]) -> None:
    (one,) = planned(row)
    assert (one.does, one.words) == (does, words)


def test_all_that_is_wrong_in_a_line_is_said_at_once() -> None:
    (one,) = planned(("", "x", "", ""))
    assert one.words == [
        "Chưa ghi đơn vị.",
        "Chưa ghi vai trò.",
        "Chưa ghi họ và tên.",
        "“x” không phải địa chỉ thư điện tử.",
    ]


def test_lines_of_one_person_open_one_account() -> None:
    role = "Cán bộ cơ sở"
    found = planned(
        ("Lê Chi", "chi@x.vn", "u1", role),
        ("Lê Chi", "chi@x.vn", "u2", role),
        ("Lê Chi", "chi@x.vn", "u1", role),
        ("Lê Chi", "", "u6", role),
    )
    assert [(one.does, one.username) for one in found] == [
        ("new", "le.chi"),
        ("changed", "le.chi"),
        ("same", "le.chi"),
        ("new", "le.chi2"),
    ]
    assert found[2].words == ["Trùng dòng 2"]
