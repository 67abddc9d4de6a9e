"""The month."""

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

MONTH = declare(
    ReportKind(
        slug="thang",
        name="Báo cáo tháng",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.month,
        due=lambda year, _cutoff: [spans.last_of(year, month) for month in range(1, 13)],
        sections=(
            Section("trong-ky", "Trong tháng", words.span),
            Section("ket-qua", "Tính từ đầu năm", words.tally, needed=True),
            Section("nhan-rong", "Nhân rộng", words.spread),
            Section("danh-gia", "Đánh giá"),
        ),
        tables=frozenset({"units", "spread"}),
    )
)
