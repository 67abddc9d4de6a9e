"""The half-year, and the nine months from the beginning of the year."""

from datetime import date

from reports.kinds import spans, words
from reports.kinds.base import ReportKind, Section, declare

_TABLES = frozenset({"units", "fields", "before", "spread"})


def _sections(results: str, next_work: str) -> tuple[Section, ...]:
    return (
        Section("ket-qua", results, words.tally, needed=True),
        Section("chua-co", "Đơn vị chưa có", words.missing),
        Section("linh-vuc", "Theo lĩnh vực, người thực hiện", words.by_field),
        Section("cap-tinh", "Công nhận cấp tỉnh", words.honours),
        Section("nhan-rong", "Nhân rộng", words.spread),
        Section("so-sanh", "So với cùng kỳ", words.compared),
        Section("danh-gia", "Đánh giá"),
        Section("nhiem-vu", next_work),
    )


HALF_YEAR = declare(
    ReportKind(
        slug="sau-thang",
        name="Báo cáo 6 tháng",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.half_year,
        due=lambda year, _cutoff: [date(year, 6, 30), date(year, 12, 31)],
        sections=(
            Section("trong-ky", "Trong 6 tháng", words.span),
            *_sections("Tính từ đầu năm", "Nhiệm vụ 6 tháng sau"),
        ),
        tables=_TABLES,
    )
)
NINE_MONTHS = declare(
    ReportKind(
        slug="chin-thang",
        name="Báo cáo 9 tháng",
        title="công tác mô hình “Dân vận khéo” {ky}",
        span=spans.nine_months,
        due=lambda year, _cutoff: [date(year, 9, 30)],
        sections=_sections("Kết quả 9 tháng", "Nhiệm vụ 3 tháng cuối năm"),
        tables=_TABLES,
    )
)
