import sys
from pathlib import Path
from typing import Any

from common.commands import HouseCommand
from models_registry.management.commands.import_register import SOME_REJECTED, season_named
from models_registry.services import FileOutcome, import_registers


class Command(HouseCommand):
    help = "Nạp nhiều sổ đăng ký từ một thư mục hoặc tệp .zip; mỗi tệp tự tìm đơn vị của nó."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("source", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--accept-valid", action="store_true", help="nạp dòng đúng, bỏ dòng sai")
        parser.add_argument("--with-doubles", action="store_true", help="nhận cả dòng trùng dòng khác: mỗi dòng một đăng ký")

    def work(self, **options: Any) -> None:
        season = season_named(options["season"])
        takes = ("duplicate",) * options["with_doubles"]
        accept_valid = options["accept_valid"]
        outcomes = list(import_registers(source=options["source"], season=season, accept_valid=accept_valid, takes=takes))
        self.answer({"files": [outcome.__dict__ for outcome in outcomes]}, as_table(outcomes))
        if not all(outcome.is_well for outcome in outcomes):
            sys.exit(SOME_REJECTED)


_HOW = {"title": "tiêu đề", "name": "tên tệp", "": "-"}
_COLUMNS = ("Tệp", "Đơn vị", "Nhờ", "Dòng", "Mới", "Đổi", "Giữ", "Từ chối")


def as_table(outcomes: list[FileOutcome]) -> str:
    rows = [
        (
            outcome.file,
            outcome.unit or "-",
            _HOW[outcome.how],
            *map(str, (outcome.rows, outcome.created, outcome.updated, outcome.unchanged, len(outcome.rejected))),
        )
        for outcome in outcomes
    ]
    widths = [max(len(row[index]) for row in (_COLUMNS, *rows)) for index in range(len(_COLUMNS))]
    lines = []
    for row, outcome in zip((_COLUMNS, *rows), (None, *outcomes), strict=True):
        lines.append(
            "  ".join(
                cell.ljust(width) if at < 3 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
        if outcome and outcome.error:
            lines.append(f"  {outcome.error}")
    stored = sum(outcome.created + outcome.updated + outcome.unchanged for outcome in outcomes)
    well = sum(1 for outcome in outcomes if outcome.is_well)
    return "\n".join([*lines, f"{len(outcomes)} tệp, {well} tệp trọn vẹn, {stored} dòng đã nằm trong sổ."])
