"""Files that are refused whole, and what their sender can do about it."""

from common.exceptions import DomainError

READS = "Excel (.xlsx, .xls, .xlsb), LibreOffice (.ods), Word (.docx), PDF có chữ, trang web và .csv"


class RegisterUnreadable(DomainError):
    """The whole file is refused."""


class HeadingUnclear(RegisterUnreadable):
    """The file was opened, but its table not understood: somebody can say by hand which row is what."""


def encrypted() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp đặt mật khẩu. Xin bỏ mật khẩu (Lưu thành, bỏ “Mật khẩu để mở”) rồi gửi lại.")


def not_a_spreadsheet() -> RegisterUnreadable:
    return RegisterUnreadable(f"Tệp không phải bảng tính hay danh sách, hoặc đã hỏng. Cổng đọc được {READS}.")


def too_far(rows: int, columns: int) -> RegisterUnreadable:
    return RegisterUnreadable(
        f"Một trang trải tới dòng {rows}, cột thứ {columns}: có ô thừa ở rất xa. Xin xóa các dòng, cột trống rồi gửi lại."
    )


def unpacks_too_much(limit: int) -> RegisterUnreadable:
    said = f"Tệp bung ra quá {limit // 1024 // 1024} MB. Xin xóa ảnh, định dạng thừa rồi gửi lại."
    return RegisterUnreadable(said)
