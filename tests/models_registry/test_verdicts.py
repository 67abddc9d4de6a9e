"""Year-end verdicts: the unit says, whoever accepts confirms; counted by the day; what ended is not copied into another year."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.exceptions import DomainError, NotAllowed
from models_registry.enums import Verdict
from models_registry.models import Registration, YearVerdict
from models_registry.selectors.sheets import carriable
from models_registry.selectors.tasks import sourced_tasks, tasks_of
from models_registry.services import confirm_verdict, confirm_verdicts, say_verdict
from organisation.models import AuditEvent, Unit
from organisation.services import give_role
from portal.exports.datasets import DATA_SETS
from reports.exports.tally import tally_columns
from reports.exports.values import Line, rare_in, unit_columns
from reports.figures import FIGURES
from reports.kinds import kind_of
from reports.kinds.words import values_of, verdicts
from reports.selectors import listed, tally
from reports.selectors.gathering import facts_of
from tests.online import accepted, person, sent
from tests.pages import plain, refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]
UNIT, CHECKER, LEADER = "hamhiep.canbo", "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"
DAY, LAST = date(2023, 12, 1), date(2023, 12, 31)


def row_of_ham_hiep() -> Registration:
    rows = Registration.objects.filter(season__year=2023, place__key="ham-thuan-bac/xa-ham-hiep", state="accepted")
    return rows.filter(registered_on__lte=date(2023, 6, 1)).order_by("pk")[0]


def say(row: Registration, by: str, verdict: Verdict = Verdict.EFFECTIVE, day: date = DAY, reason: str = "") -> YearVerdict:
    return say_verdict(registration_id=row.pk, verdict=verdict, as_of=day, reason=reason, actor=person(by))


def test_the_units_own_word_counts_once_whoever_accepts_confirms_it(season: Any) -> None:
    row = row_of_ham_hiep()
    assert say(row, UNIT).confirmed_at is None and tally(season, LAST).effective == 0
    with pytest.raises(NotAllowed):
        confirm_verdict(registration_id=row.pk, actor=person(UNIT))
    confirm_verdict(registration_id=row.pk, actor=person(CHECKER))
    assert (tally(season, LAST).effective, tally(season, date(2023, 11, 30)).effective) == (1, 0)
    assert [one.action for one in AuditEvent.objects.filter(action__endswith="-verdict").order_by("pk")] == [
        "propose-verdict",
        "confirm-verdict",
    ]


def test_another_unit_neither_says_nor_confirms(season: Any) -> None:
    row = row_of_ham_hiep()
    with pytest.raises(NotAllowed):
        say(row, "duclinh.chuyenvien")
    say(row, UNIT)
    with pytest.raises(NotAllowed):
        confirm_verdict(registration_id=row.pk, actor=person("duclinh.chuyenvien"))


def test_who_wrote_the_sheet_settles_nothing_alone(season: Any) -> None:
    row = accepted()
    row.sheet.writers.add(person(CHECKER))
    assert row.registered_on
    if row.registered_on <= date(2023, 12, 31):
        assert say(row, CHECKER, day=row.registered_on).confirmed_at is None


def test_a_later_verdict_takes_the_place_of_an_earlier_one_from_its_day_on(season: Any) -> None:
    row = row_of_ham_hiep()
    say(row, CHECKER, day=date(2023, 7, 1))
    say(row, CHECKER, Verdict.ENDED, reason="Hết kinh phí.")
    middle, end = tally(season, date(2023, 8, 1)), tally(season, LAST)
    assert (middle.effective, middle.ended, end.effective, end.ended) == (1, 0, 0, 1)
    say(row, LEADER, Verdict.PAUSED, reason="Ghi nhầm.")  # of the same day: what was said last
    assert (tally(season, LAST).ended, tally(season, LAST).paused) == (0, 1)
    with pytest.raises(DomainError, match="01/12/2023"):
        say(row, CHECKER, day=date(2023, 11, 1))


@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2024, 1, 1)])
def test_the_day_lies_between_registering_and_the_end_of_the_year(season: Any, day: date) -> None:
    with pytest.raises(DomainError, match="Ngày đánh giá"):
        say(row_of_ham_hiep(), CHECKER, day=day)


def test_all_but_effective_says_why_and_what_is_not_accepted_is_not_judged(season: Any) -> None:
    with pytest.raises(DomainError, match="lý do"):
        say(row_of_ham_hiep(), CHECKER, Verdict.PAUSED)
    with pytest.raises(DomainError, match="trong sổ"):
        say(sent(), CHECKER)


def test_figures_list_what_they_count_and_leave_out_what_was_withdrawn(season: Any) -> None:
    row = row_of_ham_hiep()
    say(row, CHECKER)
    assert list(listed(AnonymousUser(), FIGURES["hieu-qua"], season, LAST)) == [row]
    found = tally(season, LAST).as_dict()
    assert found["verdicts"] == {"effective": 1, "strengthen": 0, "paused": 0, "ended": 0}
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 12, 15))
    assert not listed(AnonymousUser(), FIGURES["hieu-qua"], season, LAST) and tally(season, LAST).effective == 0


def test_what_ended_is_not_offered_for_another_year(season: Any, new_season: Any) -> None:
    row = row_of_ham_hiep()
    assert row in carriable(person(UNIT), new_season).rows
    say(row, CHECKER, Verdict.ENDED, reason="Đã xong mục tiêu.")
    assert row not in carriable(person(UNIT), new_season).rows


def test_the_database_lets_nobody_edit_a_verdict_that_counts(season: Any) -> None:
    said = say(row_of_ham_hiep(), CHECKER)
    mine = YearVerdict.objects.filter(pk=said.pk)
    for change in ({"verdict": "ended", "reason": "x"}, {"as_of": date(2023, 1, 1)}, {"confirmed_by": person(LEADER)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.delete()


def test_the_year_says_how_many_of_all_are_effective(season: Any, unit: Any) -> None:
    kind = kind_of("nam")
    assert kind
    assert verdicts(facts_of(kind, season, unit("binh-thuan"), LAST)) == ""
    say(row_of_ham_hiep(), CHECKER)
    facts = facts_of(kind, season, unit("binh-thuan"), LAST)
    assert verdicts(facts).format(**values_of(facts)) == f"Đánh giá cuối năm: 1/{facts.numbers['dang-ky']} mô hình hiệu quả."


def test_many_are_judged_and_confirmed_on_one_page(client: Client, season: Any, user: Any) -> None:
    row, there = row_of_ham_hiep(), reverse("models_registry:verdicts", args=[2023])
    client.force_login(user(UNIT), backend="django.contrib.auth.backends.ModelBackend")
    typed = {"chon": [row.pk], "verdict": "strengthen", "as_of": "01/12/2023", "reason": "Ít hộ làm.", "evidence": "Biên bản 12"}
    assert client.post(there, typed | {"reason": ""}).status_code == 422
    assert client.post(there, typed).status_code == 302
    client.force_login(user(CHECKER), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(there + "?dg=cho").content.decode()
    assert "Ít hộ làm." in page and "Xác nhận đánh giá của đơn vị" in page
    assert "data-chosen" in page and 'href="#ghi"' in page  # from among fifty rows to what is done with the chosen ones
    assert client.post(there, {"chon": [row.pk], "xac-nhan": "1"}).status_code == 302
    assert tally(season, LAST).strengthen == 1
    assert "cần củng cố" in client.get(f"/so-lieu/?nam=2023&ngay={LAST.isoformat()}").content.decode()


def test_queries_of_the_list_do_not_grow(client: Client, season: Any, user: Any, django_assert_max_num_queries: Any) -> None:
    client.force_login(user(CHECKER), backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(22):
        client.get(reverse("models_registry:verdicts", args=[2023]))


def test_a_verdict_that_waits_is_a_task_of_whoever_may_confirm_it(season: Any) -> None:
    def asked(name: str) -> list[str]:
        mine = tasks_of(person(name), season)
        return [task.title for task in mine.tasks if "đánh giá cuối năm" in task.title] if mine else []

    assert asked(CHECKER) == []
    row = row_of_ham_hiep()
    say(row, UNIT)
    assert asked(CHECKER) == ["Xác nhận 1 đánh giá cuối năm 2023"] and asked(UNIT) == asked("duclinh.chuyenvien") == []
    confirm_verdict(registration_id=row.pk, actor=person(CHECKER))
    assert asked(CHECKER) == []


def test_what_nobody_judged_is_a_task_once_the_season_is_counted(season: Any, client: Client) -> None:
    def asked(name: str, day: date) -> list[tuple[date, str, str]]:
        with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False):
            tasks = [task for task in sourced_tasks(person(name)) if "chưa đánh giá" in task.title]
        return [(task.due, task.title, str(task.href)) for task in tasks]

    after = season.cutoff_on + timedelta(days=1)
    assert asked(UNIT, season.cutoff_on) == asked("duclinh.chuyenvien", season.cutoff_on) == []
    ((due, title, href),) = asked(UNIT, after)
    assert due == season.ends_on + timedelta(days=season.check_days) and href == "/lam-viec/nam/2023/danh-gia/?dg=chua"
    number = int(title.removeprefix("Đánh giá cuối năm 2023: ").split()[0])
    client.force_login(person(UNIT))
    with time_machine.travel(datetime(2023, 12, 1, 3, tzinfo=UTC), tick=False):
        assert f"Chưa đánh giá {number}" in plain(client.get(href).content.decode())
    say(row_of_ham_hiep(), UNIT)
    assert asked(UNIT, after) == [(due, f"Đánh giá cuối năm 2023: {number - 1} mô hình chưa đánh giá", href)]
    assert len(asked(CHECKER, after)) == 1
    assert asked("hoidong1", after) == asked(UNIT, season.ends_on + timedelta(days=93)) == []


def test_verdicts_stand_in_the_columns_of_units_in_report_excel_and_open_data(season: Any, unit: Any) -> None:
    row = row_of_ham_hiep()
    say(row, CHECKER)
    say(
        Registration.objects.filter(season=season, unit=row.unit, state="accepted").exclude(pk=row.pk)[0],
        CHECKER,
        Verdict.ENDED,
        reason="Xong.",
    )
    found = tally(season, LAST)
    line = next(one for one in found.units if one.unit.unit_id == row.unit_id)
    shown = {column.heading.partition(" (")[0]: column.value(line) for column in tally_columns(found)}
    assert [shown[words] for words in ("Hiệu quả", "Cần củng cố", "Tạm dừng", "Kết thúc")] == [1, 0, 0, 1]
    kind = kind_of("nam")
    assert kind
    facts = facts_of(kind, season, unit("binh-thuan"), LAST)
    lines = [Line(one.key, one.name, one.numbers, one.by_field) for one in facts.units]
    columns = unit_columns([], rare_in(Line("", "", facts.numbers, {}), lines))
    assert [(one.heading, one.figure) for one in columns[-2:]] == [("Hiệu quả", "hieu-qua"), ("Kết thúc", "ket-thuc")]
    assert [one.of(next(line for line in lines if line.key == row.unit.key)) for one in columns[-2:]] == [1, 1]
    data = DATA_SETS["dang-ky"]
    told = {one["so"]: one["danh_gia"] for one in ({c.name: c.value(r) for c in data.columns} for r in data.rows(season))}
    assert told[row.pk] == "hieu-qua" and sorted(filter(None, told.values())) == ["hieu-qua", "ket-thuc"]


def test_the_api_tells_the_verdict_that_counts(client: Client, season: Any) -> None:
    row = row_of_ham_hiep()
    listed_at = f"/api/v1/dang-ky/?nam=2023&don-vi={row.place.key}&so-dong=200"  # type: ignore[union-attr]

    def told() -> list[Any]:
        rows = {one["id"]: one for one in client.get(listed_at).json()["results"]}
        return [rows[row.pk]["verdict"], rows[row.pk]["verdict_as_of"]]

    say(row, UNIT)
    assert told() == ["", None]
    confirm_verdict(registration_id=row.pk, actor=person(CHECKER))
    assert told() == ["hieu-qua", "2023-12-01"]
    assert client.get(f"/api/v1/mo-hinh/{row.model.slug}/").json()["registrations"][0]["verdict"] == "hieu-qua"  # type: ignore[union-attr]
    counted = {"effective": 1, "strengthen": 0, "paused": 0, "ended": 0}
    assert client.get("/api/v1/so-lieu/?nam=2023&ngay=2023-12-31").json()["verdicts"] == counted
    assert client.get("/api/v1/so-lieu/?nam=2023&ngay=2023-11-30").json()["verdicts"] == counted | {"effective": 0}


def test_nobody_confirms_what_they_said_themselves_though_they_came_to_check_since(season: Any) -> None:
    row = row_of_ham_hiep()
    with refused("Không có đánh giá nào chờ xác nhận."):
        confirm_verdict(registration_id=row.pk, actor=person(CHECKER))
    say(row, UNIT)
    unit = Unit.objects.get(key="ham-thuan-bac")
    give_role(user=person(UNIT), role="chuyen-vien-huyen", unit=unit, starts_on=date(2023, 1, 1), actor=None)
    words = "Đồng chí đã đánh giá nên không tự xác nhận được; xin để đồng chí khác xác nhận."
    with refused(words, NotAllowed):
        confirm_verdict(registration_id=row.pk, actor=person(UNIT))
    (said,) = confirm_verdicts(registration_ids=[row.pk, row.pk], actor=person(UNIT))
    assert (said.title, said.error) == (row.title, words)
    assert tally(season, LAST).effective == 0
