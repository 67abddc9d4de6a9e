import gc
from typing import Any

from common.commands import HouseCommand
from portal import demo


class Command(HouseCommand):
    help = "Nạp dữ liệu minh họa: các năm thi đua đến năm nay và các tài khoản thử. Chạy lại không đổi gì."

    def work(self, **options: Any) -> None:
        gc.freeze()  # what is imported stays: the collector need not look through it time and again
        loaded = demo.load()
        changed = loaded.changed + demo.load_extras() + demo.load_living()
        self.answer(
            {"registrations": loaded.registrations, "changed": changed, "accounts": loaded.accounts},
            f"Dữ liệu minh họa: {loaded.registrations} đăng ký của năm đầu, các năm sau đến năm nay; {changed} thay đổi.",
        )
