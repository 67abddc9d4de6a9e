from typing import Any

from common.commands import HouseCommand
from models_registry.models import Season
from models_registry.services import count_words
from portal import demo
from portal.demo_round import show_round
from portal.demo_spread import show_spread
from portal.demo_stories import show_guides


class Command(HouseCommand):
    help = "Nạp dữ liệu minh họa năm 2023 và các tài khoản thử. Chạy lại không đổi gì."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--if-empty", action="store_true", help="chỉ nạp khi chưa có dữ liệu nào")

    def work(self, **options: Any) -> None:
        if options["if_empty"] and demo.is_loaded():
            self.answer({"registrations": None, "changed": 0}, "Đã có dữ liệu, không nạp dữ liệu minh họa.")
            return
        loaded = demo.load()
        season = Season.objects.get(year=demo.YEAR)
        shown = show_round(season) + show_spread(season) + show_guides(season)
        count_words()
        self.answer(
            {"registrations": loaded.registrations, "changed": loaded.changed + shown, "accounts": loaded.accounts},
            f"Dữ liệu minh họa: {loaded.registrations} đăng ký năm {demo.YEAR}; {loaded.changed} thay đổi.",
        )
