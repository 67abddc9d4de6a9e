"""The quarter."""

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

QUARTER = declare(
    ReportKind(
        slug="quy",
        name="Báo cáo quý",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.quarter,
        due=lambda year, _cutoff: [spans.last_of(year, month) for month in (3, 6, 9, 12)],
        sections=(
            Section("trong-ky", "Trong quý", words.span),
            Section("ket-qua", "Tính từ đầu năm", words.tally, needed=True),
            Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
            Section("nhan-rong", "Nhân rộng", words.spread),
            Section("danh-gia", "Đánh giá"),
            Section("nhiem-vu", "Nhiệm vụ quý sau"),
        ),
        tables=frozenset({"units", "fields", "spread"}),
    )
)
