from typing import Any

from common.commands import HouseCommand
from portal.demo import reset

YES = "làm lại"


class Command(HouseCommand):
    help = "Xóa hết và nạp lại bản dùng thử như ngày đầu. Chỉ làm với cơ sở dữ liệu của bản dùng thử; hỏi trước khi xóa."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="không hỏi")

    def work(self, **options: Any) -> None:
        reset.check_demo()
        if not options["yes"] and not self._agrees():
            self.fail("Chưa xóa gì.", code=1)
        reset.reset()
        self.answer({"reset": True}, "Bản dùng thử đã như ngày đầu. Mật khẩu các tài khoản thử không đổi.")

    def _agrees(self) -> bool:
        self.stdout.write(
            f"Xóa mọi thứ trong bản dùng thử này, kể cả {reset.typed()} đăng ký đã gõ trên cổng, ảnh và tệp, rồi nạp lại như "
            "ngày đầu. Không lấy lại được."
        )
        try:
            return input(f"Gõ “{YES}” để tiếp tục: ").strip().lower() == YES
        except EOFError:
            return False
