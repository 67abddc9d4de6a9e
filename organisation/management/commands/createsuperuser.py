from argparse import ArgumentParser
from typing import Any

from common.commands import HouseCommand
from common.exceptions import DomainError


class Command(HouseCommand):
    """Django's own would make an account that may do nothing: rights come from roles alone."""

    help = "Không dùng ở cổng này: xem create_admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        for name in ("--username", "--email", "--database"):
            parser.add_argument(name)
        for name in ("--noinput", "--no-input"):
            parser.add_argument(name, action="store_true")

    def work(self, **options: Any) -> None:
        raise DomainError("Cổng giao quyền bằng vai trò, không có superuser. Xin dùng: manage.py create_admin")
