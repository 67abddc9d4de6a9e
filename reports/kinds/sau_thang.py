"""The half-year."""

from datetime import date

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

HALF_YEAR = declare(
    ReportKind(
        slug="sau-thang",
        name="Báo cáo 6 tháng",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.half_year,
        due=lambda year, _cutoff: [date(year, 6, 30), date(year, 12, 31)],
        sections=(
            Section("trong-ky", "Trong 6 tháng", words.span),
            Section("ket-qua", "Tính từ đầu năm", words.tally, needed=True),
            Section("chua-co", "Đơn vị chưa có", words.missing),
            Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
            Section("cap-tinh", "Công nhận cấp tỉnh", words.honours),
            Section("nhan-rong", "Nhân rộng", words.spread),
            Section("so-sanh", "So với cùng kỳ", words.compared),
            Section("danh-gia", "Đánh giá"),
            Section("nhiem-vu", "Nhiệm vụ 6 tháng sau"),
        ),
        tables=frozenset({"units", "fields", "before", "spread"}),
    )
)
