"""What was typed, read; what is wrong is said at its field."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal

from common.dates import no_such_day, read_day, write_day
from common.exceptions import DomainError
from common.numbers import read_number

MOST = Decimal(10) ** 12
_TIME = re.compile(r"(\d{1,2})\s*(?:[:h]|giờ)\s*(\d{1,2})?(?:\s*(?:phút|ph))?")
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
    if day is None:
        return None, no_such_day(text, label=label)
    if day.year < 1975:
        return None, f"{label}: {write_day(day)} quá xa. Xin xem lại năm."
    return day, ""


def read_count(text: str, label: str, most: int) -> tuple[int | None, str]:
    """(a whole number from 1 to `most`, what is wrong with it); (None, '') for an empty text."""
    if not text.strip():
        return None, ""
    number = read_number(text)
    if number is None or not 1 <= number <= most or number != int(number):
        return None, f"{label}: ghi số tròn từ 1 đến {most}."
    return int(number), ""


def read_time(text: str, label: str) -> tuple[time | None, str]:
    """(time, what is wrong with it) of '7:30', '7h30', '7 giờ 30', '7 giờ'; (None, '') for an empty text."""
    if not text.strip():
        return None, ""
    match = _TIME.fullmatch(text.strip().lower())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (24, 0)
    if hour > 23 or minute > 59:
        return None, f"{label}: “{text.strip()[:20]}” không phải một giờ; viết như 7:30 hoặc 14h."
    return time(hour, minute), ""
