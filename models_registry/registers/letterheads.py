"""The day of a paper, where its rows have none: 'Tánh Linh, ngày 24 tháng 3 năm 2023' above the table, or where it is signed."""

import re
from collections.abc import Iterable
from datetime import date

from common.dates import read_day
from common.text import clean

_DAY = re.compile(
    r"\bngày(?:\s*(?P<day>\d{1,2})\s*|[\s.…_]*)tháng[\s.…_]*(?P<month>\d{1,2})\s*năm\s*(?P<year>\d{4})"
    r"|\bngày(?:\s+(?:đăng ký|lập|gửi|nộp))?\s*:?\s*(?P<whole>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4})",
    re.IGNORECASE,
)
NAMES_DAY = re.compile(r"\bngày\s*\d", re.IGNORECASE)  # not a month alone
_LETTERHEAD = re.compile(r"^\(?(?:(?!.*\b(?:theo|số|từ)\b)[^\d:;()]{2,120},\s*)?$", re.IGNORECASE)  # before its day

_NUMBERED = re.compile(
    r"(?<=\b(?:thôn|buôn)) \d+|(?<=\bkhu phố) \d+|(?<=\b(?:tdp|xóm)) \d+|(?<=\b(?:ấp|tổ|kp)) \d+", re.IGNORECASE
)


def names_day(line: str) -> bool:
    """Whether a line names a day at all."""
    return bool(_DAY.search(line))


def day_of_paper(lines: Iterable[str], opens: date, closes: date, *, signed: bool = False) -> tuple[date, str] | None:
    """(day, the words that say it) within the season: of a letterhead, else the one day that the lines name; `signed`: of a letterhead
    alone, as it stands over signatures. A month alone counts from its first day.
    """
    others: dict[date, str] = {}
    for line in lines:
        for found in _DAY.finditer(line):
            day = _within(found, opens, closes)
            if day is None:
                continue
            if _LETTERHEAD.match(_NUMBERED.sub("", line[: found.start()])):
                return day, clean(line)[:100]
            others.setdefault(day, clean(found[0]))
    return next(iter(others.items())) if len(others) == 1 and not signed else None


def _within(found: re.Match[str], opens: date, closes: date) -> date | None:
    if found["whole"]:
        day = read_day(re.sub(r"\s", "", found["whole"]))
    else:
        day = read_day(f"{found['day'] or 1}/{found['month']}/{found['year']}")
        if day and not found["day"] and (day.year, day.month) == (opens.year, opens.month):
            day = opens
    return day if day and opens <= day <= closes else None
