from typing import Any

from common.commands import HouseCommand
from common.dates import read_day, today
from common.exceptions import DomainError
from models_registry.services import NewSeason, open_season
from models_registry.validators import read_period


class Command(HouseCommand):
    help = "Mở một năm thi đua. Chạy lại không đổi gì."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("year", type=int)
        parser.add_argument("--period", required=True, help="năm đầu, gạch nối, năm cuối")
        parser.add_argument("--cutoff", required=True, help="ngày chốt số liệu, viết như " + today().isoformat())

    def work(self, **options: Any) -> None:
        cutoff_on = read_day(options["cutoff"])
        if cutoff_on is None:
            raise DomainError(f"Ngày chốt “{options['cutoff']}” không đọc được; viết như {today().isoformat()}.")
        season, created = open_season(NewSeason.of_year(options["year"], options["period"], cutoff_on))
        years = (season.period.starts_on.year, season.period.ends_on.year)
        if not created and (read_period(options["period"]), cutoff_on) != (years, season.cutoff_on):
            said = f"giai đoạn {season.period}, chốt số liệu {season.cutoff_on:%d/%m/%Y}"
            raise DomainError(f"Năm {season.year} đã mở từ trước, {said}; lệnh này không đổi năm đã mở.")
        answer = {"season": season.year, "cutoff_on": season.cutoff_on.isoformat(), "created": created}
        self.answer(answer, f"Năm {season.year}: chốt số liệu {season.cutoff_on:%d/%m/%Y}.")
