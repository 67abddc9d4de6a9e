"""The tally of 15 October (the season's cut-off day)."""

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

TALLY = declare(
    ReportKind(
        slug="tong-hop-15-10",
        name="Tổng hợp 15/10",
        title="kết quả đăng ký, công nhận, đề nghị mô hình “Dân vận khéo” {ky}",
        span=spans.from_new_year,
        due=lambda _year, cutoff: [cutoff],
        sections=(
            Section("ket-qua", "Kết quả đăng ký, công nhận, đề nghị", words.tally, needed=True),
            Section("chua-co", "Đơn vị chưa có", words.missing),
            Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
            Section("cap-tinh", "Công nhận cấp tỉnh", words.honours),
            Section("so-sanh", "So với cùng kỳ", words.compared),
            Section("danh-gia", "Đánh giá"),
            Section("nhiem-vu", "Nhiệm vụ thời gian tới"),
        ),
        tables=frozenset({"units", "fields", "recognised", "before"}),
    )
)
