import getpass
import os
import sys
from typing import Any

from django.db import DatabaseError

from common.commands import HouseCommand
from common.exceptions import DomainError
from organisation.services import create_admin


class Command(HouseCommand):
    help = "Tạo tài khoản quản trị: người đầu tiên của cổng, người thứ hai, hoặc khi không còn ai vào được."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--username", default="", help="tên đăng nhập; không ghi thì hỏi")
        parser.add_argument("--full-name", default="", help="họ và tên")
        parser.add_argument("--email", default="", help="thư điện tử")
        parser.add_argument("--unit", default="", help="mã đơn vị; không ghi thì là đơn vị cao nhất nhận sổ đăng ký")
        password = parser.add_mutually_exclusive_group()
        password.add_argument("--password-env", metavar="BIẾN", default="", help="biến môi trường giữ mật khẩu")
        password.add_argument("--stdin", action="store_true", help="đọc mật khẩu từ dòng đầu của đầu vào")

    def work(self, **options: Any) -> None:
        given = {name: options[name].strip() for name in ("username", "full_name", "email")}
        if not given["username"]:
            given = self._ask(given)
        password = self._password(options)
        try:
            user = create_admin(**given, password=password, unit_key=options["unit"].strip())
        except DatabaseError as error:
            raise DomainError("Cơ sở dữ liệu chưa dựng xong. Xin chạy manage.py migrate, hoặc xem lại DATABASE_URL.") from error
        self.answer(
            {"username": user.username},
            f"Đã tạo tài khoản quản trị {user.username}. Vào cổng bằng tài khoản này, trang “Thiết lập cổng” dẫn tiếp.",
        )

    def _ask(self, given: dict[str, str]) -> dict[str, str]:
        if not sys.stdin.isatty():
            raise DomainError("Chưa có tên đăng nhập. Xin ghi --username, và mật khẩu bằng --password-env hoặc --stdin.")
        asked = {"username": "Tên đăng nhập", "full_name": "Họ và tên", "email": "Thư điện tử (để trống được)"}
        return {name: given[name] or input(f"{words}: ") for name, words in asked.items()}

    def _password(self, options: dict[str, Any]) -> str:
        if name := options["password_env"]:
            if not os.environ.get(name):
                raise DomainError(f"Biến môi trường {name} chưa có mật khẩu.")
            return os.environ[name]
        if options["stdin"]:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise DomainError("Chưa có mật khẩu. Xin ghi --password-env BIẾN hoặc --stdin.")
        password = getpass.getpass("Mật khẩu (từ 10 ký tự): ")
        if getpass.getpass("Mật khẩu, lần nữa: ") != password:
            raise DomainError("Hai lần gõ mật khẩu không giống nhau.")
        return password
