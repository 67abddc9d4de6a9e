from typing import Any

from common.commands import HouseCommand
from common.exceptions import DomainError
from organisation.selectors.people import user_named
from organisation.services import confirm_by_command


class Command(HouseCommand):
    help = "Xác nhận vai trò, mật khẩu đang chờ của một tài khoản, khi cổng không còn ai khác xác nhận được."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("username", help="tên đăng nhập")

    def work(self, **options: Any) -> None:
        user = user_named(options["username"])
        if user is None:
            raise DomainError(f"Không có tài khoản đang mở tên “{options['username']}”.")
        confirmed = confirm_by_command(user_id=user.pk)
        self.answer({"confirmed": confirmed}, f"Đã xác nhận {confirmed} việc đang chờ của {user}.")
