"""What the house's commands share: an answer as text or, with --json, as JSON; errors in Vietnamese without a traceback."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from common.exceptions import DomainError

UNREADABLE = 2


class HouseCommand(BaseCommand):
    """A command whose `work` may raise DomainError: exit code 2, the sentence on stderr."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        try:
            self.work(**options)
        except DomainError as error:
            self.fail(str(error))
        except OSError as error:
            self.fail(f"Không mở được tệp {error.filename}. Xin xem lại đường dẫn và quyền đọc.")

    def work(self, **options: Any) -> None:
        raise NotImplementedError

    def answer(self, data: Any, text: str) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if self.as_json else text)

    def fail(self, message: str, code: int = UNREADABLE) -> None:
        self.stderr.write(message)
        sys.exit(code)
