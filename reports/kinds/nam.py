"""The year."""

from datetime import date

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

YEAR = declare(
    ReportKind(
        slug="nam",
        name="Báo cáo năm",
        title="kết quả phong trào thi đua “Dân vận khéo” {ky}",
        span=spans.whole_year,
        due=lambda year, _cutoff: [date(year, 12, 31)],
        sections=(
            Section("ket-qua", "Kết quả đăng ký, công nhận, đề nghị", words.tally, needed=True),
            Section("chua-co", "Đơn vị chưa có", words.missing),
            Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
            Section("cap-tinh", "Công nhận cấp tỉnh, giới thiệu Trung ương", words.honours),
            Section("hieu-qua", "Hiệu quả của các mô hình", words.verdicts),
            Section("nhan-rong", "Nhân rộng", words.spread),
            Section("so-sanh", "So với năm trước", words.compared),
            Section("danh-gia", "Đánh giá, hạn chế, nguyên nhân"),
            Section("nhiem-vu", "Phương hướng năm sau"),
        ),
        tables=frozenset({"units", "fields", "recognised", "before", "spread"}),
    )
)
