"""The nine months from the beginning of the year."""

from datetime import date

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

NINE_MONTHS = declare(
    ReportKind(
        slug="chin-thang",
        name="Báo cáo 9 tháng",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.nine_months,
        due=lambda year, _cutoff: [date(year, 9, 30)],
        sections=(
            Section("ket-qua", "Kết quả 9 tháng", words.tally, needed=True),
            Section("chua-co", "Đơn vị chưa có", words.missing),
            Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
            Section("cap-tinh", "Công nhận cấp tỉnh", words.honours),
            Section("nhan-rong", "Nhân rộng", words.spread),
            Section("so-sanh", "So với cùng kỳ", words.compared),
            Section("danh-gia", "Đánh giá"),
            Section("nhiem-vu", "Nhiệm vụ 3 tháng cuối năm"),
        ),
        tables=frozenset({"units", "fields", "before", "spread"}),
    )
)
