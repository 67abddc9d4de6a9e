"""The day of a paper, where its rows have none: 'Tánh Linh, ngày 24 tháng 3 năm 2023' above the table, or where it is signed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

from common.dates import read_day, write_day
from common.text import clean, quoted

_DAY = re.compile(
    r"\bngày(?:\s*(?P<day>\d{1,2})\s*|[\s.…_]*)tháng[\s.…_]*(?P<month>\d{1,2})\s*năm\s*(?P<year>\d{4})"
    r"|\bngày(?:\s+(?:đăng ký|lập|gửi|nộp))?\s*:?\s*(?P<whole>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4})",
    re.IGNORECASE,
)
NAMES_DAY = re.compile(r"\bngày\s*\d", re.IGNORECASE)  # not a month alone
_LETTERHEAD = re.compile(r"^\(?(?:(?!.*\b(?:theo|số|từ)\b)[^\d:;()]{2,120},\s*)?$", re.IGNORECASE)  # before its day

_MOST_TOLD = 12  # days, in one sentence
_NUMBERED = re.compile(  # "Thôn 3, ngày ..."
    r"(?<=\b(?:thôn|buôn)) \d+|(?<=\bkhu phố) \d+|(?<=\b(?:tdp|xóm)) \d+|(?<=\b(?:ấp|tổ|kp)) \d+", re.IGNORECASE
)


Found = tuple[date, str]  # a day, and the words that say it


def day_of_paper(lines: Iterable[str], opens: date, closes: date, *, signed: bool = False) -> Found | None:
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


@dataclass
class _Taken:
    """The day of a table, the words that say it, how many rows took it."""

    day: date
    words: str
    rows: int = 0


class PaperDays:
    """The days of the tables of a sheet that have no column of days: what their own titles say, else who signs them, else that of the
    whole paper; never that of another table.
    """

    def __init__(self, opens: date, closes: date) -> None:
        self._window = opens, closes
        self._taken: list[_Taken] = []
        self._is_open = False  # whether the last of them still counts
        self._general: Found | None = None  # that of the whole paper
        self._have_sections = False  # days of their own

    def of_table(
        self, lines: list[str], begin: int | None, below: Iterator[list[str]], *, above: list[str] | None
    ) -> Found | None:
        """`lines`: what stands above the table, its own title from `begin` on. `below`: what stands below its rows, then below those of
        each further one that has a title. `above`: what stands above the first table, of a further one.
        """
        if begin is None and self._is_open:
            return self._taken[-1].day, self._taken[-1].words
        whole = day_of_paper([*(above or []), *lines], *self._window)
        if begin is None and whole:
            self._general = whole
            return whole
        parts = [next(below)]
        signed = day_of_paper(parts[0], *self._window, signed=True)
        if above is None:
            parts += islice(below, 1)
            self._general = day_of_paper(lines[: begin or 0], *self._window)
            if len(parts) == 1:
                self._general = self._general or signed
                return whole or signed
        own = day_of_paper(lines[begin:], *self._window) if begin is not None else None
        if found := own or signed or self._general:
            return found
        *others, last = [*parts, *below]  # who signs the last alone signs them all
        return None if any(map(_DAY.search, chain(*others))) else day_of_paper(last, *self._window, signed=True)

    def of_section(self, texts: list[str], *, is_place: bool) -> tuple[bool, Found | None]:
        """(whether a section's words settle the day, which): where sections have days, that of one place is not the next one's."""
        found = day_of_paper(texts, *self._window)
        self._have_sections = self._have_sections or found is not None
        return found is not None or (self._have_sections and is_place), found or self._general

    def take(self, found: Found | None, rows: int) -> None:
        """A day counts from here on; `rows` took the one before."""
        if self._taken:
            self._taken[-1].rows += rows
        self._is_open = found is not None
        if found:
            self._taken.append(_Taken(*found))

    def told(self) -> str:
        """What is said of them; empty where no row took one."""
        taken = [one for one in self._taken if one.rows]
        said = f"{sum(one.rows for one in taken)} dòng không ghi ngày đăng ký: cổng lấy ngày"
        if len({one.day for one in taken}) < 2:
            return f"{said} {write_day(taken[0].day)}, theo {quoted(taken[0].words)}." if taken else ""
        days = ", ".join(f"{write_day(one.day)} ({one.rows} dòng)" for one in taken[:_MOST_TOLD])
        return f"{said} ghi ở bảng, mục của từng nơi: {days}{', …' if len(taken) > _MOST_TOLD else ''}."
