from typing import Any

from common.commands import HouseCommand
from common.dates import read_day, today
from common.exceptions import DomainError
from models_registry.selectors import season_of
from organisation.models import Unit
from organisation.naming import head_level_on
from reports.figures import counted_day, why_earlier
from reports.selectors import tally


class Command(HouseCommand):
    help = "Số liệu của một năm, tính đến một ngày; sau ngày cuối của năm thì tính đến ngày cuối, ngày chưa tới thì đến hôm nay."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--season", type=int, required=True)
        parser.add_argument("--as-of", required=True, help="viết như " + today().isoformat())
        parser.add_argument("--unit", default="", help="mã đơn vị; không ghi là tất cả")

    def work(self, **options: Any) -> None:
        season, day = season_of(options["season"]), read_day(options["as_of"])
        if season is None:
            raise DomainError(f"Chưa mở năm {options['season']}.")
        if day is None:
            raise DomainError(f"Ngày “{options['as_of']}” không đọc được; viết như {today().isoformat()}.")
        unit = Unit.objects.filter(key=options["unit"]).first() if options["unit"] else None
        if options["unit"] and unit is None:
            raise DomainError(f"Không có đơn vị “{options['unit']}”.")
        asked, day = day, counted_day(season, day)
        earlier = why_earlier(season, asked, day)
        found = tally(season, day, unit)
        head = head_level_on(day)
        without = ", ".join(line.unit.short_name for line in found.not_proposing)
        self.answer(
            found.as_dict(),
            f"{earlier}{' ' if earlier else ''}Năm {season}, tính đến {day:%d/%m/%Y}: {found.registered} đăng ký = {found.new} mới + {found.maintained} duy trì, "
            f"nhân rộng; {found.own_level.honour} công nhận {found.district_recognised} "
            f"({found.recognising_units}/{len(found.reporting)} đơn vị); "
            f"đề nghị {head.place} {found.province_proposed} ({found.proposing_units}/{len(found.reporting)} đơn vị"
            f"{', trừ ' + without if 0 < len(found.not_proposing) <= 5 else ''}); "
            f"{head.place} công nhận {found.province_recognised} = {found.province_collective} tập thể + "
            f"{found.province_individual} cá nhân; giới thiệu Trung ương {found.central_introduced}.",
        )
