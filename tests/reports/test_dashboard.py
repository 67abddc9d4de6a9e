"""The year of 128 units at a glance: five figures that open who is missing, deadlines, like with like, the matrix."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from common.remember import forget
from models_registry.enums import Kind, State
from models_registry.models import Registration, Season
from models_registry.services import NewSeason, open_season
from organisation.models import Unit, User
from organisation.selectors.units import reporting_units
from recognition.enums import Phase
from recognition.models import RecognitionRound
from reports.charts import curves
from reports.kinds import kind_of, words
from reports.models import Report
from reports.selectors.chips import chips_of
from reports.selectors.dashboard import Dashboard, dashboard
from reports.selectors.gathering import counted_of, facts_of
from reports.selectors.likened import same_day
from reports.views.dashboard import _deadlines
from tests.many_units import DAY, STAFF, row_of
from tests.pages import plain

pytestmark = [pytest.mark.django_db, pytest.mark.stage("many-units")]
PAGE, NOW = "/lam-viec/tong-quan/?nam=2026", datetime(2026, 9, 28, 3, tzinfo=UTC)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(User.objects.get(username=STAFF))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def found(season: Season, day: date = DAY) -> Dashboard:
    return dashboard(User.objects.get(username=STAFF), season, list(reporting_units(day)), day)


@time_machine.travel(NOW)
def test_the_figures_are_units_of_128_and_open_those_that_are_not_there(officer: Client, stage: Season) -> None:
    rows = Registration.objects.filter(season=stage)
    done, settled = rows.values("unit").distinct().count(), rows.exclude(state=State.ACCEPTED).values("unit").distinct().count()
    page = text(officer, PAGE)
    assert f"{done} /128 đơn vị đã đăng ký {rows.count()} mô hình" in page
    assert f"{done - settled} /128 đã nhận hết" in page and "0 /128 đã công nhận" in page
    missing = text(officer, PAGE + "&tt=chua-dang-ky")
    shown = missing.split("Hàng đơn vị: số mô hình")[1]
    assert shown.count("Xã") + shown.count("Phường") + shown.count("Đặc khu") >= 128 - done - 4
    assert "Xã Hàm Liêm 2" not in shown


@time_machine.travel(NOW)
def test_late_stands_first_and_leads_to_the_reminder(officer: Client, stage: Season) -> None:
    Registration.objects.filter(season=stage, state=State.SUBMITTED).update(state_since=NOW - timedelta(days=30))
    page = officer.get(PAGE).content.decode()
    listed = re.findall(r"<b>(\d\d/\d\d)<small>(.*?)</small>", page)
    late, rest = [said for _day, said in listed if "còn" not in said], [day for day, said in listed if "còn" in said]
    assert late[0] == "quá 7 ngày" and [said for _day, said in listed][: len(late)] == late
    assert [date(2026, int(day[3:]), int(day[:2])) for day in rest] == sorted(
        date(2026, int(day[3:]), int(day[:2])) for day in rest
    )
    assert re.search(r'class="btn btn-primary" href="/lam-viec/nam/2026/#phu"', page)


@time_machine.travel(NOW)
def test_the_text_of_the_reminder_names_who_is_missing_while_they_may_still_send(officer: Client, stage: Season) -> None:
    silent = next(unit for unit in reporting_units(DAY) if not Registration.objects.filter(unit=unit.unit).exists())
    said = officer.get(PAGE).context["page"].reminder
    assert silent.place in said and "Xã Hàm Liêm 2" not in said and f"hết ngày {stage.closes_on:%d/%m/%Y}" in said
    assert "Lời nhắc để gửi qua Zalo, thư" in text(officer, PAGE)
    Season.objects.filter(pk=stage.pk).update(closes_on=date(2026, 9, 1))
    assert officer.get(PAGE).context["page"].reminder == "" and "Zalo" not in text(officer, PAGE)


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    "phase, told",
    [
        (Phase.PREPARING, ["Hết nhận đề nghị:", "Hội đồng họp:"]),
        (Phase.SCORING, ["Hội đồng họp:"]),
        (Phase.DECIDING, []),
        (Phase.CLOSED, []),
    ],
)
def test_a_round_is_told_of_the_steps_that_are_still_to_come(stage: Season, phase: Phase, told: list[str]) -> None:
    """What is past by the phase is due no more, though its day is today or later."""
    round_ = RecognitionRound(
        pk=1, number=1, season=stage, phase=phase, propose_until=DAY, meet_on=DAY + timedelta(days=9), unit_id=1
    )
    page = _deadlines(replace(found(stage), rounds=(round_,)), {})
    assert [one.words for one in page if one.linked.startswith("đợt 1")] == told


@time_machine.travel(NOW)
def test_nothing_of_a_year_that_is_over_is_late(officer: Client) -> None:
    page = text(officer, "/lam-viec/tong-quan/?nam=2023")
    assert "14 /14 đơn vị đã đăng ký" in page and "không còn hạn nào" in page
    assert "trễ" not in page.replace("hoặc trễ báo cáo", "") and "Nhắc" not in page


@time_machine.travel(NOW)
def test_a_group_tells_units_and_a_unit_tells_models(officer: Client, stage: Season) -> None:
    page = text(officer, PAGE + "&q=hàm liêm").split("Hàng đơn vị: số mô hình")[1]
    unit = next(line for line in found(stage, date(2026, 9, 28)).lines if line.name == "Xã Hàm Liêm")
    assert f"Xã Hàm Liêm {unit.registered} đăng ký" in page and "Phường Mũi Né" not in page
    assert "Phường Bình Thuận" in text(officer, PAGE + "&q=ham hiep")
    assert "Không có đơn vị nào khớp" in text(officer, PAGE + "&q=zzz") and "Bỏ bộ lọc" in text(officer, PAGE + "&q=zzz")


@time_machine.travel(NOW)
def test_folds_are_closed_until_they_are_asked_for(officer: Client) -> None:
    assert "<details open" not in officer.get(PAGE).content.decode()
    assert officer.get(PAGE + "&mo=het").content.decode().count("<details open") == 13


def test_a_frozen_report_is_told_of_its_unit_alone(stage: Season) -> None:
    one = found(stage)
    assert one.report is not None and not any(line.has_reported for line in one.lines)
    unit = one.lines[3].version.unit
    Report.objects.create(
        season=stage,
        kind=one.report.kind.slug,
        as_of=one.report.day,
        unit=unit,
        state="frozen",
        frozen_at=NOW,
        frozen_by=User.objects.get(username=STAFF),
        facts={},
        checksum="x",
    )
    assert [line.version.unit for line in found(stage).lines if line.has_reported] == [unit]


def test_a_year_before_of_some_units_is_compared_with_these_alone(stage: Season) -> None:
    before, _ = open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 10, 15)))
    field = Registration.objects.filter(season=stage)[0].field
    assert field
    for version in list(reporting_units(date(2025, 3, 1)))[:5]:  # others are silent: their area counts all the same
        row = row_of(before, version, field, Kind.NEW, waits=False)
        assert row.model
        row.model.save()
        row.save()
    one = found(stage)
    there = {version.unit_id for group in one.groups if group.is_former for version in group.units}
    assert (one.trend.season_before, one.trend.units, one.trend.areas) == (before, len(there), ("Bình Thuận cũ",))
    assert one.trend.before[-1][1] == 5
    assert one.trend.now[-1][1] == sum(line.accepted for line in one.lines if line.version.unit_id in there)
    kind = kind_of("nam")
    assert kind
    told = facts_of(kind, stage, Unit.objects.get(key="lam-dong"), DAY)
    now = one.trend.now[-1][1]
    assert told.before and (told.before.areas, told.before.numbers["dang-ky"]) == (["Bình Thuận cũ"], 5)
    assert told.compared["dang-ky"] == now < told.numbers["dang-ky"]
    assert words.compared(told).format(**words.values_of(told)) == (
        f"Năm 2025 cổng chỉ có nơi nay là {len(there)} đơn vị (Bình Thuận cũ), nên chỉ so các đơn vị này. "
        f"Các đơn vị này đăng ký {now} mô hình, tăng {now - 5} so với cùng kỳ năm 2025 (5 mô hình)."
    )
    keys = frozenset(Unit.objects.filter(key__in=told.before.units).values_list("pk", flat=True))
    assert len(counted_of(stage, Unit.objects.get(key="lam-dong"), DAY).of("dang-ky", keys)) == now
    assert words.links_of(told)["nay_dang_ky"] == "so-sanh/dang-ky"
    assert {chip.name for chip in chips_of(told)} >= {"nay_dang_ky", "noi_so_sanh", "don_vi_so_sanh"}


def test_without_a_year_before_the_curve_is_this_years_alone(stage: Season) -> None:
    trend = found(stage).trend
    assert (trend.units, trend.areas, trend.before, trend.season_before) == (128, (), (), None)
    standing = Registration.objects.filter(season=stage, state=State.ACCEPTED).count()
    assert trend.now[-1][1] == standing


@time_machine.travel(NOW)
def test_who_works_where_a_unit_ended_sees_the_year_as_it_was_on_its_last_day(client: Client, stage: Season) -> None:
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 6, 30)))
    client.force_login(User.objects.get(username="tinh.chuyenvien"))
    answer = client.get("/lam-viec/tong-quan/")
    assert (answer.context["season"].year, answer.context["page"].found.day) == (2025, date(2025, 6, 30))
    assert len(answer.context["page"].found.lines) == 13
    assert client.get("/lam-viec/tong-quan/?nam=2026").status_code == 404


def test_a_curve_rises_to_its_sum_and_ends_today() -> None:
    shape = curves([(date(2026, 1, 1), 10), (date(2026, 7, 2), 50)], [(date(2025, 1, 1), 20)], date(2026, 7, 2))
    assert shape.step == 10 and len(shape.grid) == 5
    assert shape.now.startswith("M0.0 150.0L0.0 122.0L299.2 10.0") and shape.before.endswith("L600.0 94.0")
    assert curves([], [], date(2026, 1, 1)).now == ""
    assert same_day(date(2028, 2, 29), 2027) == date(2027, 2, 28)


@time_machine.travel(NOW)
def test_a_year_that_has_not_begun_is_shown_as_of_its_first_day(officer: Client) -> None:
    open_season(NewSeason.of_year(2027, "2026-2030", date(2027, 10, 15)))
    page = text(officer, "/lam-viec/tong-quan/?nam=2027")
    assert "0 /128 đơn vị đã đăng ký" in page and "01/01/2027" in page and "trễ" not in page.replace("hoặc trễ báo cáo", "")


@time_machine.travel(NOW)
def test_the_excel_file_has_every_unit(officer: Client) -> None:
    file = b"".join(officer.get(PAGE + "&tai=xlsx").streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    assert sum(1 for row in rows if row[-1] in ("Đã gửi", "Chưa")) == 128


@pytest.mark.parametrize(
    "address, code",
    [("?nam=1999", 404), ("?nam=x", 200), ("?nam=2026&tt=<b>&xep=1&mo=2&q=%27%3B--", 200), ("?nam=99999999999", 200)],
)
@time_machine.travel(NOW)
def test_what_is_asked_for_oddly_is_answered(officer: Client, address: str, code: int) -> None:
    assert officer.get("/lam-viec/tong-quan/" + address).status_code == code


@pytest.mark.parametrize("left", [1, 3, 128])
@time_machine.travel(NOW)
def test_it_takes_as_many_queries_for_few_units_as_for_128(officer: Client, stage: Season, left: int) -> None:
    units = [version.unit_id for version in reporting_units(DAY)][left:]
    Registration.objects.filter(season=stage, unit__in=units).delete()
    open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 6, 30)))
    registered = Registration.objects.filter(season=stage, registered_on__isnull=False).order_by("pk")[:1]
    Registration.objects.filter(pk__in=[one.pk for one in registered]).update(
        season=Season.objects.get(year=2025), registered_on=date(2025, 3, 1)
    )
    forget()  # a process that has just begun remembers no names, levels, tree
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(PAGE).status_code == 200
    assert len(asked) <= 15, "\n".join(query["sql"][:150] for query in asked)


def test_the_matrix_itself_takes_one_query(stage: Season, django_assert_num_queries: Any) -> None:
    from reports.selectors import dashboard as read

    due, _ = read.reports_due(stage, DAY)
    read._counts(stage, DAY, due)
    with django_assert_num_queries(1):
        read._counts(stage, DAY, due)
