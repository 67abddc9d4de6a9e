"""Which season officers work in, until when a unit may send, what the choices of a season are."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.remember import forget
from models_registry import selectors as reads
from models_registry.models import Field, Registration, Season, SeasonExtension, Theme
from models_registry.selectors import Deadlines, deadline_of
from models_registry.services import NewSeason, open_season
from organisation.models import Unit, UnitVersion
from organisation.tree import UnitTree
from tests.online import HAM_HIEP, HAM_THUAN_BAC, begin, person

TODAY = date(2024, 3, 1)


# --- which season


def season_opening(year: int, day: date) -> Season:
    return Season(year=year, opens_on=day)


def test_officers_work_in_the_newest_season_that_has_opened() -> None:
    later, now, past = (
        season_opening(2025, date(2024, 3, 2)),
        season_opening(2024, TODAY),
        season_opening(2023, date(2023, 1, 1)),
    )
    with time_machine.travel(TODAY, tick=False):
        assert reads.current_of([later, now, past]) is now
        assert reads.current_of([later, past]) is past
        assert reads.current_of(iter([later])) is later  # none has opened: the newest of all
        assert reads.current_of([]) is None


@pytest.mark.django_db
def test_the_newest_season_is_one_with_registrations_where_any_has(new_season: Season) -> None:
    assert (reads.newest_season(), reads.season_of(2024), reads.season_of(1999)) == (
        Season.objects.get(year=2023),
        new_season,
        None,
    )
    begin(year=2024)  # a draft is in no register
    assert reads.newest_season() == Season.objects.get(year=2023)
    assert [season.year for season in reads.seasons()] == [2024, 2023]
    Registration.objects.update(state="draft", registered_on=None, withdrawn_on=None)
    assert reads.newest_season() == new_season


@pytest.mark.django_db
def test_a_season_is_read_with_its_period_in_one_query() -> None:
    with CaptureQueriesContext(connection) as caught:
        found = reads.season_of(2023)
        assert found is not None and found.period.name == "2021-2025"
    assert len(caught) == 1


# --- until when


def give(until: date, key: str, season: Season, **other: Any) -> SeasonExtension:
    return SeasonExtension.objects.create(season=season, unit=Unit.objects.get(key=key), until=until, reason="Bão", **other)


@pytest.mark.django_db
def test_a_deadline_is_the_latest_that_was_granted_to_the_unit_or_to_one_above(season: Season, new_season: Season) -> None:
    SeasonExtension.objects.all().delete()
    closes = season.closes_on
    give(date(2024, 1, 10), HAM_THUAN_BAC, season)
    give(date(2024, 1, 5), HAM_THUAN_BAC, season)
    give(date(2024, 2, 1), "phan-thiet", season)
    give(date(2024, 2, 2), HAM_THUAN_BAC, season, taken_back_at=timezone.now())
    give(date(2025, 2, 3), HAM_THUAN_BAC, new_season)
    give(date(2023, 2, 4), "duc-linh", season)  # earlier than the season's own last day
    tree = UnitTree()
    with CaptureQueriesContext(connection) as caught:
        known = Deadlines(tree)
        found = {
            key: known.of(season, Unit.objects.get(key=key).pk) for key in (HAM_THUAN_BAC, HAM_HIEP, "binh-thuan", "duc-linh")
        }
    assert found == {HAM_THUAN_BAC: date(2024, 1, 10), HAM_HIEP: date(2024, 1, 10), "binh-thuan": closes, "duc-linh": closes}
    assert len(caught) == 1 + len(found)  # one beside those of the units
    assert known.of(new_season, Unit.objects.get(key=HAM_HIEP).pk) == date(2025, 2, 3)
    give(date(2024, 1, 20), HAM_HIEP, season)
    assert deadline_of(season, Unit.objects.get(key=HAM_HIEP)) == date(2024, 1, 20)
    assert deadline_of(season, Unit.objects.get(key=HAM_THUAN_BAC)) == date(2024, 1, 10)


def test_any_unit_may_still_send_while_the_season_or_one_that_has_more_time_goes_on() -> None:
    season: Any = SimpleNamespace(pk=7, closes_on=date(2023, 12, 31))
    other: Any = SimpleNamespace(pk=9, closes_on=date(2020, 1, 1))
    deadlines: Any = Deadlines(None)  # type: ignore[arg-type]
    deadlines._granted = {(7, 1): date(2023, 6, 1), (7, 2): date(2024, 2, 10), (8, 3): date(2030, 1, 1)}
    days = (date(2023, 12, 30), date(2023, 12, 31), date(2024, 2, 9), date(2024, 2, 10))
    assert [deadlines.any_after(season, day) for day in days] == [True, True, True, False]
    assert not deadlines.any_after(other, date(2020, 1, 1)) and deadlines.any_after(other, date(2019, 12, 31))


@pytest.mark.django_db
def test_the_time_of_an_heir_is_the_old_units_once_that_has_ended_and_what_was_taken_back_is_none() -> None:
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))
    give(date(2026, 1, 20), "2025/phuong-binh-thuan", season)
    give(date(2026, 2, 20), HAM_HIEP, season, taken_back_by=person("tinh.chuyenvien"), taken_back_at=timezone.now())
    commune = Unit.objects.get(key=HAM_HIEP)
    for today, until in ((date(2025, 6, 30), date(2025, 12, 31)), (date(2025, 8, 1), date(2026, 1, 20))):
        with time_machine.travel(today, tick=False):
            forget()
            assert deadline_of(season, commune) == until


@pytest.mark.django_db
def test_who_may_grant_more_time_sees_what_was_granted_in_the_units_and_above(season: Season, new_season: Season) -> None:
    SeasonExtension.objects.all().delete()
    staff = person("tinh.chuyenvien")
    first = give(date(2024, 1, 10), HAM_HIEP, season, granted_by=staff)
    second = give(date(2024, 1, 10), "binh-thuan", season)
    central = give(date(2024, 1, 10), "tw", season, taken_back_by=staff, taken_back_at=timezone.now())
    give(date(2024, 1, 10), "lam-dong", season)
    give(date(2024, 1, 10), HAM_HIEP, new_season)
    SeasonExtension.objects.update(granted_at=timezone.now())
    found = list(reads.extensions(person("tinh.chuyenvien"), season))
    assert found == list(reads.extensions(person("tinh.lanhdao"), season)) == [central, second, first]
    with CaptureQueriesContext(connection) as caught:
        assert [(one.unit.key, one.granted_by, one.taken_back_by) for one in found] == [
            ("tw", None, staff),
            ("binh-thuan", None, None),
            (HAM_HIEP, staff, None),
        ]
    assert len(caught) == 0
    SeasonExtension.objects.filter(pk=first.pk).update(granted_at=timezone.now() + timedelta(days=1))
    assert list(reads.extensions(person("tinh.chuyenvien"), season)) == [first, central, second]
    assert list(reads.extensions(person("hamthuanbac.chuyenvien"), season)) == []


@pytest.mark.django_db
def test_registers_are_taken_for_the_units_below_by_who_may_take_them(season: Season) -> None:
    found = {name: len(reads.importable_units(person(name), season)) for name in ("tinh.chuyenvien", "hamthuanbac.chuyenvien")}
    assert found == {"tinh.chuyenvien": 14, "hamthuanbac.chuyenvien": 1}
    assert reads.importable_units(person("hamhiep.canbo"), season) == []


# --- its choices


@pytest.mark.django_db
def test_a_theme_is_found_by_its_number_where_it_has_a_name(season: Season) -> None:
    named, blank = Theme.objects.filter(period=season.period)[:2]
    Theme.objects.filter(pk=named.pk).update(label="Không rác thải nhựa")
    assert blank.label == ""
    found = [reads.theme_numbered(season.period, text) for text in (str(named.pk), str(blank.pk), "x", "")]
    assert found == [named, None, None, None]
    assert set(reads.themes(season.period)) == set(Theme.objects.filter(period=season.period))


@pytest.mark.django_db
def test_a_field_is_met_by_its_name_its_short_name_and_other_spellings() -> None:
    first = reads.fields()[0]
    Field.objects.filter(pk=first.pk).update(short_name="KTE", synonyms="Làm ăn\nSản xuất")
    book = reads.field_book()
    assert {book.match(text) for text in (first.name, "KTE", "Làm ăn", "sản xuất")} == {first.pk}
    assert book.match("Bóng đá") is None
    assert (reads.field_named(first.slug), reads.field_named("bong-da")) == (first, None)
    assert list(reads.fields()) == list(Field.objects.all())


@pytest.mark.django_db
def test_the_places_of_a_season_are_those_of_any_of_its_days_under_each_name() -> None:
    district = Unit.objects.get(key=HAM_THUAN_BAC)
    level = UnitVersion.objects.filter(unit__key=HAM_HIEP)[0].level

    def lived(key: str, place: str, starts: date | None, ends: date | None) -> None:
        unit, _ = Unit.objects.get_or_create(key=key)
        UnitVersion.objects.create(
            unit=unit, name=f"Đảng ủy {place}", place=place, level=level, parent=district, valid_from=starts, valid_to=ends
        )

    before = {(version.unit.key, version.place) for version in reads.places_within(district, Season.objects.get(year=2023))}
    season: Any = SimpleNamespace(opens_on=date(2023, 1, 10), cutoff_on=date(2023, 10, 15), last_day=date(2023, 11, 30))
    lived("dau", "Xã Đầu", None, date(2023, 1, 11))
    lived("giua", "Xã Giữa", date(2023, 10, 15), date(2023, 10, 16))
    lived("cuoi", "Xã Cuối", date(2023, 11, 30), None)
    lived("doi-ten", "Xã Cũ", None, date(2023, 6, 1))
    lived("doi-ten", "Xã Mới", date(2023, 6, 1), None)
    lived("truoc", "Xã Trước", None, date(2023, 1, 10))
    lived("sau", "Xã Sau", date(2023, 12, 1), None)
    forget()
    found = {(version.unit.key, version.place) for version in reads.places_within(district, season)}
    assert found - before == {
        ("dau", "Xã Đầu"),
        ("giua", "Xã Giữa"),
        ("cuoi", "Xã Cuối"),
        ("doi-ten", "Xã Cũ"),
        ("doi-ten", "Xã Mới"),
    }
    book = reads.place_book(district, season)
    assert book.unit_name == "Huyện ủy Hàm Thuận Bắc"
    assert (book.match("Cuối").unit_id, book.match("Đảng ủy Xã Giữa").key, book.match("Xã Mới").name) == (
        Unit.objects.get(key="cuoi").pk,
        "giua",
        "Xã Mới",
    )
    assert [book.match(own).unit_id for own in ("Huyện ủy Hàm Thuận Bắc", "Hàm Thuận Bắc", "huyện Hàm Thuận Bắc")] == [None] * 3
