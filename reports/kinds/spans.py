"""The spans of periodic reports: month, quarter, half-year, nine months, year, and from the year's beginning to a day."""

from calendar import monthrange
from datetime import date

from reports.kinds.base import Span


def last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def month(_year: int, _cutoff: date, day: date) -> Span:
    return Span(day.replace(day=1), last_of(day.year, day.month), f"tháng {day.month} năm {day.year}")


def quarter(_year: int, _cutoff: date, day: date) -> Span:
    number = (day.month - 1) // 3 + 1
    names = ("I", "II", "III", "IV")
    first = number * 3 - 2
    return Span(date(day.year, first, 1), last_of(day.year, first + 2), f"quý {names[number - 1]} năm {day.year}")


def half_year(_year: int, _cutoff: date, day: date) -> Span:
    first = day.month <= 6
    return Span(
        date(day.year, 1 if first else 7, 1),
        date(day.year, 6, 30) if first else date(day.year, 12, 31),
        f"6 tháng {'đầu' if first else 'cuối'} năm {day.year}",
    )


def nine_months(year: int, _cutoff: date, _day: date) -> Span:
    return Span(date(year, 1, 1), date(year, 9, 30), f"9 tháng năm {year}")


def from_new_year(year: int, _cutoff: date, day: date) -> Span:
    return Span(date(year, 1, 1), day, f"đến ngày {day:%d/%m/%Y}", name=f"Tổng hợp {day:%d/%m/%Y}")


def whole_year(year: int, _cutoff: date, _day: date) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), f"năm {year}")
