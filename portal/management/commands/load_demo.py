from typing import Any

from common.commands import HouseCommand
from portal import demo


class Command(HouseCommand):
    help = "Nạp dữ liệu minh họa năm 2023 và các tài khoản thử. Chạy lại không đổi gì."

    def work(self, **options: Any) -> None:
        loaded = demo.load()
        shown = demo.load_extras()
        self.answer(
            {"registrations": loaded.registrations, "changed": loaded.changed + shown, "accounts": loaded.accounts},
            f"Dữ liệu minh họa: {loaded.registrations} đăng ký năm {demo.YEAR}; {loaded.changed} thay đổi.",
        )
