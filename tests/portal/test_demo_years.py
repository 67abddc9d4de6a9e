"""What the demo makes of its newest registers in a year that has none of its own."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from common.dates import today
from common.remember import forget
from models_registry.models import Registration, Season
from organisation.models import AuditEvent
from organisation.services import load_units
from portal.demo.clock import as_on
from portal.demo.files import DEMO, rows_of, years
from portal.demo.seasons import OUTCOME_DAYS, _later, begun, gone_on, load_season, period_of
from recognition.models import Recognition
from reports.selectors import tally


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


@pytest.mark.long
def test_a_running_season_loaded_again_later_comes_up_to_its_day(season: Season) -> None:
    """What people did meanwhile stays; nothing comes twice."""
    load_units(units=DEMO / "later_units.csv", successions=DEMO / "later_unit_successions.csv")
    forget()
    known = years()[-1]
    rows = rows_of(known.folder / "registers.csv")
    for month, day in ((6, 1), (10, 1), (11, 26)):
        with time_machine.travel(datetime(known.year, month, day, 3, tzinfo=UTC), tick=False):
            assert load_season(known) > 0
            before = AuditEvent.objects.count()
            assert (load_season(known), AuditEvent.objects.count()) == (0, before)
            found = tally(Season.objects.get(year=known.year), today())
        assert found.registered == sum(row["registered_on"] <= f"{known.year}-{month:02}-{day:02}" for row in rows)
        if month == 6:
            changed = Registration.objects.in_register().filter(season__year=known.year).earliest("pk")
            Registration.objects.filter(pk=changed.pk).update(title="Tên do cán bộ sửa")
    outcomes = rows_of(known.folder / "outcomes.csv")
    come = [row for row in outcomes if max(row[name] for name in OUTCOME_DAYS) <= f"{known.year}-11-26"]
    there = Recognition.objects.filter(registration__season__year=known.year).values("registration").distinct().count()
    assert there == sum(bool(row["district_on"]) for row in come) > 100
    assert Registration.objects.get(pk=changed.pk).title == "Tên do cán bộ sửa"


@pytest.mark.long
def test_registers_that_came_on_a_day_without_outcomes_are_not_loaded_a_second_time(season: Season) -> None:
    """What people did with them meanwhile stays, also where nothing became of any registration since the first loading."""
    load_units(units=DEMO / "later_units.csv", successions=DEMO / "later_unit_successions.csv")
    forget()
    known = years()[-1]
    first, second, third = (datetime(known.year, month, 1, 3, tzinfo=UTC) for month in (3, 4, 5))
    for at in (first, second):
        with time_machine.travel(at, tick=False):
            assert load_season(known) > 0
    rows = Registration.objects.filter(season__year=known.year, registered_on__gt=first.date())
    changed = rows.earliest("pk")
    number = Registration.objects.filter(season__year=known.year).count()
    rows.filter(pk=changed.pk).update(title="Tên do cán bộ sửa")
    with time_machine.travel(second, tick=False):
        assert load_season(known) == 0
    with time_machine.travel(third, tick=False):
        load_season(known)
    come = [row for row in rows_of(known.folder / "registers.csv") if row["registered_on"] <= third.date().isoformat()]
    found = Registration.objects.filter(season__year=known.year)
    assert found.count() == len(come) and number < len(come)
    assert found.get(pk=changed.pk).title == "Tên do cán bộ sửa"
