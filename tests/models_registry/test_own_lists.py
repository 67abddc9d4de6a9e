"""A list that the portal handed out, sent back as a register."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from common.exports import Column, write_xlsx
from models_registry.enums import Verdict
from models_registry.exports import BOARD_COLUMNS, VERDICT_COLUMNS, board_columns
from models_registry.models import Registration, YearVerdict
from models_registry.selectors.verdicts import with_verdicts
from models_registry.services import ImportReport
from models_registry.views.asking import COLUMNS, USUAL
from tests import registers as made

Take = Callable[..., ImportReport]
FACTS = ("title", "subject", "place_name", "field", "kind", "subject_kind", "registered_on")
READ = {
    "tên mô hình",
    "tập thể, cá nhân thực hiện",
    "địa bàn",
    "lĩnh vực",
    "tập thể hay cá nhân",
    "mới hay duy trì",
    "ngày đăng ký",
    "nội dung, cách làm",
    "ghi chú",
}


BODIES, PLACES = ("Hội Liên hiệp Phụ nữ phường Phú Hài", "Chi bộ khu phố 3"), ("Phường Phú Hài",)


@pytest.mark.parametrize(
    "columns, doers",
    [
        (BOARD_COLUMNS, BODIES),
        (BOARD_COLUMNS, PLACES),
        (VERDICT_COLUMNS, BODIES),
        (board_columns(COLUMNS), PLACES),
        (board_columns(USUAL), BODIES),
    ],
)
def test_a_board_sent_back_is_read_as_it_was_written(
    take: Take, tmp_path: Path, columns: list[Column], doers: tuple[str, ...]
) -> None:
    lines = [made.row(f"Tuyến đường hoa số {n}", number=n, subject=doers[n % len(doers)]) for n in range(1, 7)]
    take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines]))
    there = Registration.objects.filter(season__year=2024, title__startswith="Tuyến đường hoa số").order_by("title")
    rows, before = list(with_verdicts(there)), list(there.values(*FACTS))
    for row in rows:
        judged = YearVerdict(verdict=Verdict.STRENGTHEN, as_of=date(2024, 12, 1), reason="Ít người dự", evidence="Biên bản")
        judged.confirmed_at = row.state_since
        row.open_verdicts = [judged]  # type: ignore[attr-defined]
    path = tmp_path / "bang.xlsx"
    path.write_bytes(write_xlsx("Năm 2024", columns, rows, has_total=True).read())
    report = take(path)
    roles = {words.partition(": ")[2] for words in report.understood[0]["columns"].values()}
    assert (report.rejected, report.rows, roles - READ) == ([], 6, set())
    assert list(there.values(*FACTS)) == before
