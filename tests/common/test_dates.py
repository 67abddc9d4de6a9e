from datetime import UTC, date, datetime

import pytest
import time_machine

from common.dates import read_cell, read_day, today


@pytest.mark.parametrize(
    "text, day",
    [
        ("15/3/2023", date(2023, 3, 15)),
        ("3/2/23", date(2023, 2, 3)),
        (" 05-11-2026 ", date(2026, 11, 5)),
        ("5.11.2026", date(2026, 11, 5)),
        ("2023-10-15", date(2023, 10, 15)),
        ("ngày 08 tháng 12 năm 2023", date(2023, 12, 8)),
        ("15/III/2023", date(2023, 3, 15)),
        ("15-Mar-23", date(2023, 3, 15)),
        ("15 March 2023", date(2023, 3, 15)),
        ("15/IIII/2023", None),
        ("15-Abc-23", None),
        ("45000", date(2023, 3, 15)),
        ("2023-03-15T08:15", date(2023, 3, 15)),
        ("2023-03-15T23:15:10", date(2023, 3, 15)),  # nobody says whose time it is
        ("2023-03-15T23:15:02.100+07:00", date(2023, 3, 15)),
        ("2023-03-15T23:15:02-0700", date(2023, 3, 16)),
        ("2023-03-15 17:00:00Z", date(2023, 3, 16)),
        ("2023-02-30T08:15:02Z", None),
        ("9999-12-31T23:00:00Z", None),
        ("31/2/2023", None),
        ("15/13/2023", None),
        ("3/2023", None),
        ("hôm qua", None),
    ],
)
def test_days_as_officers_write_them(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    "value, day",
    [
        (45000, date(2023, 3, 15)),
        (45000.0, date(2023, 3, 15)),
        (datetime(2023, 3, 15, 7), date(2023, 3, 15)),
        (True, None),
        (3, None),
    ],
)
def test_days_in_cells(value: object, day: date | None) -> None:
    assert read_cell(value) == day


def test_today_is_vietnams() -> None:
    with time_machine.travel(datetime(2023, 10, 14, 17, 0, tzinfo=UTC)):
        assert today() == date(2023, 10, 15)
    with time_machine.travel(datetime(2023, 10, 14, 16, 59, tzinfo=UTC)):
        assert today() == date(2023, 10, 14)


def test_a_day_with_its_weekday() -> None:
    from common.dates import write_weekday

    assert [write_weekday(date(2026, 11, day)) for day in (23, 24, 29)] == [
        "Thứ Hai, ngày 23/11/2026",
        "Thứ Ba, ngày 24/11/2026",
        "Chủ nhật, ngày 29/11/2026",
    ]
