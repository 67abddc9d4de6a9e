"""Days: what day it is in Vietnam, and a day as officers write it."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_SHEET_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system of spreadsheets, from serial 61 on

_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]00:00(?::00)?)?")
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?")
_TIME = r"\s+\d{1,2}:\d{2}(:\d{2})?(\s*(SA|CH|AM|PM))?(\s*(GMT|UTC)\s*[+-]\d{1,2}(:?\d{2})?)?$"  # the stamp of an online form
_CLOCK = r"\d{1,2}(?::\d{2}(?::\d{2})?|\s*(?:h|giờ|g)\s*(?:\d{2}(?:\s*(?:ph|phút|p))?)?)(?:\s*(?:SA|CH|AM|PM))?"
_TIME_BEFORE = re.compile(rf"^(?:lúc\s+)?{_CLOCK}\s*[,;\-–]?\s+(?=(?:ngày\s+)?\d)", re.IGNORECASE)  # "12:28 30/03/2026"
_TIME_BEHIND = re.compile(rf"(?:\s*[,;\-–]\s*|\s+)(?:lúc\s+)?{_CLOCK}$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\s*[,;]?\s+(?=(?:ngày\s+)?\d)", re.IGNORECASE)
_DAY_AROUND = re.compile(rf"^ngày\s+(?=\d+\s*[/.\-])|\.$|{_TIME}", re.IGNORECASE)
_MONTH = re.compile(r"(?:từ\s+)?(?:tháng|t\.?)?\s*(\d{1,2})\s*(?:[/.\-]|năm)\s*(\d{4})", re.IGNORECASE)
_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)

_NAMED = re.compile(r"(\d{1,2})\s*[/.\- ]\s*([IVX]{1,4}|[A-Z][a-z]{2,8})\s*[/.\-, ]\s*(\d{4}|\d{2})", re.IGNORECASE)
_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_YEAR = re.compile(r"(?:ngày\s+)?(\d{1,2})\s*(?:[/.\-]|\s+tháng\s+)\s*(\d{1,2})", re.IGNORECASE)


def today() -> date:
    return timezone.localdate(timezone=VIETNAM)


def day_begins(day: date) -> datetime:
    """Midnight in Vietnam, when the day begins."""
    return datetime.combine(day, time.min, VIETNAM)


@lru_cache(maxsize=8192)
def read_day(text: str) -> date | None:
    """The day meant by d/m/yyyy, d/m/yy (20yy), d-m-yyyy, d.m.yyyy, d/III/yyyy, d-Mar-yy, yyyy-mm-dd with or without a time, 'ngày d
    tháng m năm yyyy' or a sheet's serial.
    """
    if _ISO_TIME.fullmatch(stamp := text.strip().lstrip("'")):
        return _day_of_stamp(stamp)
    text = _DAY_AROUND.sub("", _bare_day(text.strip().lstrip("'")))
    if match := _NUMERIC.fullmatch(text) or _WORDS.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NAMED.fullmatch(text):
        day, month, year = int(match[1]), _month_named(match[2].lower()), int(match[3])
    elif re.fullmatch(r"\d{5}(\.0+)?", text):
        return read_serial(float(text))
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _bare_day(text: str) -> str:
    """A day without the time of the day and the day of the week that stand before or behind it."""
    for around in (_TIME_BEFORE, _WEEKDAY, _TIME_BEHIND):
        text = around.sub("", text)
    return text


def _day_of_stamp(text: str) -> date | None:
    """The day in Vietnam of '2024-03-15T20:10:21Z'; that which is written where no offset says whose time it is."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(VIETNAM) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None


def _month_named(word: str) -> int:
    """The month of a Roman number or an English name, as spreadsheets in English show it; 0 for none."""
    for names, key in ((_MONTHS, word), (_ENGLISH, word[:3])):
        if key in names:
            return names.index(key) + 1
    return 0


def read_day_within(text: str, first: date, last: date) -> date | None:
    """The one day from `first` to `last` that 'd/m' or 'ngày d tháng m' means, of which no year is told."""
    match = _NO_YEAR.fullmatch(text.strip().lstrip("'").rstrip("."))
    if not match:
        return None
    days = [
        day for year in {first.year, last.year} if (day := read_day(f"{match[1]}/{match[2]}/{year}")) and first <= day <= last
    ]
    return days[0] if len(days) == 1 else None


def month_before_day(text: str) -> str:
    """A numeric day that was written month first, with its day first: '3/15/2024 9:15' -> '15/3/2024 9:15'."""
    return _NUMERIC.sub(r"\2/\1/\3", text, count=1)


def read_month(text: str) -> date | None:
    """The first day of the month meant by m/yyyy, 'tháng m/yyyy', 'tháng m năm yyyy'."""
    match = _MONTH.fullmatch(text.strip().lstrip("'").rstrip("."))
    return date(int(match[2]), int(match[1]), 1) if match and 1 <= int(match[1]) <= 12 and int(match[2]) > 1900 else None


_PERIOD = re.compile(
    r"(?:trong\s+)?(?:quý\s*(I{1,3}|IV|[1-4])|tháng\s*(\d{1,2}))(?:\s*(?:[/.\-,]|năm)\s*(\d{4}))?", re.IGNORECASE
)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


def read_part_of_year(text: str, year: int) -> date | None:
    """The first day of 'Quý II', 'quý 2/2024', 'tháng 3': of the year where none is said."""
    match = _PERIOD.fullmatch(text.strip())
    if not match:
        return None
    quarter = match[1] and (_QUARTERS.get(match[1].upper()) or int(match[1]))
    month = 3 * quarter - 2 if quarter else int(match[2])
    return date(int(match[3] or year), month, 1) if 1 <= month <= 12 and int(match[3] or year) > 1900 else None


_DAY_WITHIN = re.compile(
    r"\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}|ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE
)
_MONTH_WITHIN = re.compile(r"(?<![\d/.\-])(?:tháng\s*)?\d{1,2}\s*(?:[/.\-]|năm)\s*\d{4}\b", re.IGNORECASE)


def first_day_in(text: str) -> date | None:
    """The first day that words name, or the first of the first month: 'Từ 3/2023; dân góp 20 triệu'."""
    if match := _DAY_WITHIN.search(text):
        return read_day(match[0])
    return read_month(match[0]) if (match := _MONTH_WITHIN.search(text)) else None


def read_serial(serial: float) -> date | None:
    """A spreadsheet's day number (1900 system), for days of the years 1927 to 2119."""
    return _SHEET_EPOCH + timedelta(days=int(serial)) if 10_000 <= serial < 80_400 else None


def read_cell(value: object) -> date | None:
    """A day out of a sheet's cell: a date, a date and time, a serial or a text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return read_serial(float(value))
    return read_day(value) if isinstance(value, str) else None


def write_day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def no_such_day(text: str, example: str = "", *, label: str = "") -> str:
    """What is said wherever a text is no day, of a box with a label at its head; an example is of the clock or of the season."""
    if not (shown := text.strip()[:20]):
        return f"{label or 'Ngày'}: chưa ghi."
    said = f"ngày “{shown}” không có thật; viết ngày/tháng/năm{example and f', ví dụ {example}'}."
    return f"{label}: {said}" if label else f"N{said[1:]}"


_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def write_weekday(day: date) -> str:
    """Thứ Ba, ngày 24/11/2026."""
    return f"{_WEEKDAYS[day.weekday()]}, ngày {write_day(day)}"
