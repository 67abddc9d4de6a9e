"""What the demo makes of its newest registers in a year that has none of its own."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from common.dates import today
from portal.demo.clock import as_on
from portal.demo.files import rows_of, years
from portal.demo.seasons import OUTCOME_DAYS, _later, begun, gone_on, period_of


@pytest.mark.parametrize(
    ("period", "year", "found"),
    [
        ("2026-2030", 2027, "2026-2030"),
        ("2026-2030", 2030, "2026-2030"),
        ("2026-2030", 2031, "2031-2035"),
        ("2026-2030", 2041, "2041-2045"),
    ],
)
def test_a_year_beyond_the_period_is_in_one_of_its_length(period: str, year: int, found: str) -> None:
    assert period_of(period, year) == found


def test_two_of_three_go_on_as_maintained_and_none_from_a_day_to_come() -> None:
    rows = [
        {"title": str(n), "kind": "Đăng ký mới", "registered_on": day}
        for n, day in enumerate(["2024-02-29"] * 5 + ["2024-12-31"])
    ]
    with time_machine.travel(datetime(2027, 6, 1, 3, tzinfo=UTC), tick=False):
        found = gone_on(rows, 3)
    assert [row["title"] for row in found] == ["1", "2", "4"]
    assert {row["kind"] for row in found} == {"Duy trì, nhân rộng"}
    assert {date.fromisoformat(row["registered_on"]).year for row in found} == {2027}


def test_what_became_of_a_registration_is_as_many_years_later() -> None:
    row = {"title": "a", **dict.fromkeys(OUTCOME_DAYS, ""), "district_on": "2026-10-23", "province_on": "2028-02-29"}
    found = _later(row, 2)
    assert (found["title"], found["district_on"], found["province_on"], found["central_on"]) == (
        "a",
        "2028-10-22",
        "2030-03-01",
        "",
    )


def test_what_is_done_on_a_past_day_bears_it_and_the_clock_goes_on_after_it() -> None:
    now = timezone.now
    with time_machine.travel(datetime(2027, 6, 1, 3, tzinfo=UTC), tick=False):
        with as_on(date(2023, 11, 5)):
            first, second = timezone.now(), timezone.now()
            assert today() == date(2023, 11, 5) and first <= second
        with pytest.raises(ValueError), as_on(date(2027, 7, 1)):  # to come
            assert today() == date(2027, 6, 1)
            raise ValueError
        assert today() == date(2027, 6, 1)
    assert timezone.now is now


def test_all_years_stand_in_the_data_and_no_two_are_one() -> None:
    listed = [known.year for known in years()]
    assert listed == sorted(set(listed)) and len(listed) > 1
    assert all(rows_of(known.folder / "registers.csv") for known in years()[1:])


def test_no_season_is_opened_of_a_year_that_the_clock_has_not_come_to() -> None:
    known = years()
    assert [one.year for one in begun(known, known[1].year)] == [known[0].year, known[1].year]
    assert begun(known, known[-1].year + 3) == known
