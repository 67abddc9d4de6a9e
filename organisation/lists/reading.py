"""What stands in the columns of the lists that an administrator sends, units and people; a line of one. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ListColumn:
    """A column of a list; `others` are further headings that mean the same."""

    name: str
    heading: str
    width: int
    hint: str
    others: tuple[str, ...] = ()


COLUMNS = (
    ListColumn("key", "Mã đơn vị", 22, "để trống thì cổng đặt; ghi khi một đơn vị có nhiều dòng theo ngày", ("Mã", "key")),
    ListColumn("name", "Tên đơn vị", 36, "bắt buộc", ("Tên", "Đơn vị", "Tên cơ quan, đơn vị", "name")),
    ListColumn("place", "Địa bàn", 26, "tên hành chính; để trống với đơn vị không có địa bàn", ("place",)),
    ListColumn("kind", "Cấp", 24, "bắt buộc; tên hoặc mã của cấp", ("Cấp đơn vị", "Loại đơn vị", "kind", "level")),
    ListColumn(
        "parent",
        "Cấp trên",
        32,
        "tên hoặc mã; để trống với đơn vị đứng đầu",
        ("Đơn vị cấp trên", "Trực thuộc", "Thuộc", "parent"),
    ),
    ListColumn("valid_from", "Từ ngày", 13, "để trống: từ đầu", ("Ngày bắt đầu", "valid_from")),
    ListColumn(
        "valid_to", "Đến trước ngày", 13, "ngày đơn vị không còn nữa; để trống: đang hoạt động", ("Ngày kết thúc", "valid_to")
    ),
    ListColumn(
        "successors", "Đơn vị kế tục", 32, "tên hoặc mã; nhiều đơn vị cách nhau bằng dấu chấm phẩy", ("Kế tục", "successors")
    ),
    ListColumn("official_code", "Mã hành chính", 14, "", ("Mã ĐVHC", "official_code")),
    ListColumn("lat", "Vĩ độ", 11, "", ("lat",)),
    ListColumn("lon", "Kinh độ", 11, "", ("lon",)),
)
PEOPLE = (
    ListColumn("full_name", "Họ và tên", 30, "bắt buộc", ("Họ tên", "Họ, tên", "Tên cán bộ", "full_name")),
    ListColumn("email", "Thư điện tử", 30, "để trống nếu chưa có", ("Email", "E-mail", "Địa chỉ thư", "Thư")),
    ListColumn(
        "unit", "Đơn vị", 36, "bắt buộc; tên hoặc mã, tên cũ cũng được", ("Cơ quan", "Đơn vị công tác", "Tên đơn vị", "unit")
    ),
    ListColumn("role", "Vai trò", 24, "bắt buộc; như tên vai trò trên cổng", ("Quyền", "Nhóm quyền", "role")),
    ListColumn("username", "Tên đăng nhập", 24, "để trống thì cổng đặt theo họ tên", ("Tài khoản", "Tên tài khoản", "username")),
)


@dataclass(frozen=True)
class Line:
    """One row of a list: its number in the sheet, its texts by column."""

    number: int
    texts: dict[str, str]
