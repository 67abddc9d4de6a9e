from pathlib import Path
from typing import Any

from common.commands import HouseCommand
from common.dates import read_day, today
from common.exceptions import DomainError
from models_registry.selectors import season_of
from organisation.models import Unit
from reports.exports.files import papers_of
from reports.figures import counted_day
from reports.kinds import kinds
from reports.selectors.gathering import gatherer_on
from reports.services import make_now


class Command(HouseCommand):
    help = "Lập báo cáo: bản nháp trên cổng, và tệp Word, Excel, PDF ra thư mục; sau ngày cuối của năm thì tính đến ngày cuối."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", choices=[kind.slug for kind in kinds()])
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--as-of", required=True, help="viết như " + today().isoformat())
        parser.add_argument("--unit", default="", help="mã đơn vị; không ghi là tất cả")
        parser.add_argument("--out", type=Path, default=Path(), help="thư mục")

    def work(self, **options: Any) -> None:
        season, day = season_of(options["season"]), read_day(options["as_of"])
        if season is None:
            raise DomainError(f"Chưa mở năm {options['season']}.")
        if day is None:
            raise DomainError(f"Ngày “{options['as_of']}” không đọc được; viết như {today().isoformat()}.")
        counted = counted_day(season, day)
        gatherer = gatherer_on(counted)
        unit = Unit.objects.filter(key=options["unit"]).first() if options["unit"] else gatherer.unit if gatherer else None
        if unit is None:
            raise DomainError(f"Không có đơn vị “{options['unit']}”.")
        report = make_now(kind=options["kind"], season=season, unit=unit, day=day)
        options["out"].mkdir(parents=True, exist_ok=True)
        files = []
        for name, data in papers_of(report).items():
            path = options["out"] / f"{report.kind}-{unit.key.replace('/', '-')}-{counted:%Y%m%d}.{name}"
            path.write_bytes(data)
            files.append(str(path))
        self.answer({"files": files}, "\n".join(files))
