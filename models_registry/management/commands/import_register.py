import json
import sys
from pathlib import Path
from typing import Any

from common.commands import HouseCommand
from common.dates import read_day
from common.exceptions import DomainError
from models_registry.models import Season
from models_registry.registers.mapping import Mapping, MappingInvalid
from models_registry.services import ImportOptions, ImportReport, import_register
from models_registry.sources import row_in_words
from organisation.models import Unit

SOME_REJECTED = 1


class Command(HouseCommand):
    help = "Nạp sổ đăng ký của một đơn vị. Có dòng sai thì không nạp gì, trừ khi dùng --accept-valid."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--unit", required=True, help="mã đơn vị, ví dụ phan-thiet")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đọc, không nạp")
        parser.add_argument("--accept-valid", action="store_true", help="nạp dòng đúng, bỏ dòng sai")
        parser.add_argument("--of-unit", action="store_true", help="sổ đúng là của đơn vị này, dù đầu sổ ghi đơn vị khác")
        parser.add_argument("--with-hidden", action="store_true", help="nhận cả dòng ẩn và trang ẩn của tệp")
        parser.add_argument("--with-struck", action="store_true", help="nhận cả dòng bị gạch ngang trong tệp")
        parser.add_argument("--with-overprinted", action="store_true", help="nhận cả dòng in chồng chữ lên nhau trong tệp PDF")
        parser.add_argument("--with-doubles", action="store_true", help="nhận cả dòng trùng dòng khác: mỗi dòng một đăng ký")
        parser.add_argument("--mapping", type=Path, help="tệp JSON nói cột nào là gì; --json in ra cách đã đọc, dùng lại được")
        parser.add_argument("--registered-on", default="", help="ngày đăng ký cho dòng không ghi ngày")

    def work(self, **options: Any) -> None:
        default_day = read_day(options["registered_on"])
        if options["registered_on"] and default_day is None:
            raise DomainError(f"Ngày “{options['registered_on']}” không đọc được.")
        report = import_register(
            path=options["file"],
            season=season_named(options["season"]),
            unit=unit_named(options["unit"]),
            actor=None,
            options=ImportOptions(
                accept_valid=options["accept_valid"],
                dry_run=options["dry_run"],
                default_day=default_day,
                is_of_unit=options["of_unit"],
                mapping=mapping_in(options["mapping"]) if options["mapping"] else None,
                takes=("row_hidden", "sheet_hidden") * options["with_hidden"]
                + ("row_struck",) * options["with_struck"]
                + ("row_overprinted",) * options["with_overprinted"]
                + ("duplicate",) * options["with_doubles"],
            ),
        )
        self.answer(report.as_dict(), as_text(report))
        if report.rejected or not (report.saved or options["dry_run"]):
            sys.exit(SOME_REJECTED)


def season_named(year: int) -> Season:
    season = Season.objects.filter(year=year).first()
    if season is None:
        raise DomainError(f"Chưa mở năm {year}. Dùng: manage.py open_season {year} --period ... --cutoff ...")
    return season


def unit_named(key: str) -> Unit:
    unit = Unit.objects.filter(key=key).first()
    if unit is None:
        raise DomainError(f"Không có đơn vị “{key}”. Mã đơn vị nằm ở cột key của units.csv.")
    return unit


def mapping_in(path: Path) -> Mapping:
    """Raises MappingInvalid."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        raise MappingInvalid("(cả tệp)", "không phải JSON (UTF-8). Mẫu: phần “mapping” mà --json in ra.") from None
    return Mapping.from_json(data)


def as_text(report: ImportReport) -> str:
    lines = [
        f"{report.file}: {report.rows} dòng; mới {report.created}, đổi {report.updated}, giữ nguyên {report.unchanged}, "
        f"bị từ chối {len(report.rejected)}. {'Đã nạp.' if report.saved else 'Chưa nạp gì.'}"
    ]
    for sheet in report.understood:
        columns = "; ".join(f"{at} {what}" for at, what in sheet["columns"].items())
        rows = ", ".join(str(row) for row in sheet["heading_rows"])
        lines.append(
            f"  Trang “{sheet['name']}”: tiêu đề dòng {rows or '-'}; chữ {sheet['encoding']}; {sheet['rows']} dòng. {columns}"
            f" {sheet['note']}".rstrip()
        )
        lines += [f"    bỏ qua dòng {skip['row']}: {skip['why']}" for skip in sheet["skipped"]]
    lines += [f"  Lưu ý {w['sheet']} {w['row'] or ''}: {w['message']}" for w in report.warnings]
    lines += [
        f"  TỪ CHỐI {r['sheet']}, dòng {row_in_words(r['row'], r.get('model', 0))}, cột {r['column']}: {r['message']}"
        for r in report.rejected
    ]
    return "\n".join(lines)
