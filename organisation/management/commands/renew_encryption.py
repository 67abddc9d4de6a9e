from typing import Any

from common.commands import HouseCommand
from organisation.services import renew_encryption


class Command(HouseCommand):
    help = "Mã hóa lại bí mật của bước xác minh thứ hai bằng khóa đầu tiên trong ENCRYPTION_KEYS."

    def work(self, **options: Any) -> None:
        renewed = renew_encryption(actor=None)
        self.answer({"renewed": renewed}, f"Đã mã hóa lại {renewed} bí mật bằng khóa mới nhất.")
