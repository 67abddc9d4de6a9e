from pathlib import Path
from typing import Any

from django.conf import settings

from common.commands import HouseCommand
from organisation.services import load_units


class Command(HouseCommand):
    help = "Nạp đơn vị và kế tục đơn vị từ hai tệp CSV. Chạy lại không đổi gì."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        demo = settings.BASE_DIR / "demo"
        parser.add_argument("--units", type=Path, default=demo / "units.csv")
        parser.add_argument("--successions", type=Path, default=demo / "unit_successions.csv")

    def work(self, **options: Any) -> None:
        answer = load_units(units=options["units"], successions=options["successions"])
        self.answer(
            answer,
            f"{answer['units']} đơn vị, {answer['successions']} kế tục; {answer['changed']} thay đổi.",
        )
