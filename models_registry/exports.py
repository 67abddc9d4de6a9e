"""The columns in which registrations are handed out, once for every list."""

from common.exports import Column

DEMO_NOTE = "Dữ liệu minh họa: tổng số toàn tỉnh là số đã công bố, phần chia chi tiết là giả định."

REGISTRATION_COLUMNS = [
    Column("Tên mô hình", 60, lambda r: r.title),
    Column("Tập thể, cá nhân thực hiện", 40, lambda r: r.subject),
    Column("Đơn vị", 32, lambda r: r.unit_name),
    Column("Địa bàn", 22, lambda r: r.place_name),
    Column("Lĩnh vực", 26, lambda r: r.field.name),
    Column("Loại hình", 12, lambda r: r.get_subject_kind_display()),
    Column("Đăng ký", 20, lambda r: r.get_kind_display()),
    Column("Ngày đăng ký", 14, lambda r: r.registered_on),
    Column("Ngày rút", 14, lambda r: r.withdrawn_on),
    Column("Năm", 8, lambda r: str(r.season)),
]
