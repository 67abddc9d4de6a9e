"""What was typed, read; what is wrong is said at its field."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from common.dates import read_day
from common.exceptions import DomainError
from common.numbers import read_number

MOST = Decimal(10) ** 12
NUMBER = "viết 1.500 cho một nghìn năm trăm, 2,5 cho hai rưỡi; không âm, nhiều nhất hai chữ số lẻ."


class ReplicationRefused(DomainError):
    """What was typed cannot be stored; `errors` says what is wrong at which field ({name: words})."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def check(errors: Mapping[str, str]) -> None:
    """Raises ReplicationRefused where there are any."""
    if errors:
        raise ReplicationRefused(errors)


def read_quantity(text: str, label: str) -> tuple[Decimal | None, str]:
    """(number, what is wrong with it); (None, '') for an empty text."""
    if not text.strip():
        return None, ""
    number = read_number(text)
    if number is None or number < 0 or number >= MOST or number != number.quantize(Decimal("0.01")):
        return None, f"{label}: {NUMBER}"
    return number, ""


def read_date(text: str, label: str) -> tuple[date | None, str]:
    """(day, what is wrong with it); (None, '') for an empty text."""
    if not text.strip():
        return None, ""
    day = read_day(text)
    if day is None or day.year < 1975:
        return None, f"{label}: “{text.strip()[:20]}” không phải một ngày có thật; viết ngày/tháng/năm, ví dụ 08/12/2023."
    return day, ""
