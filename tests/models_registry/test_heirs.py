"""A season in whose middle units end: their registrations go to the heirs, by place."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from models_registry.models import EmulationModel, Registration, Season
from models_registry.permissions import can_join
from models_registry.selectors import board as boards
from models_registry.selectors.board_counting import board_counts, cover
from models_registry.selectors.heirs import rows_of_unit
from models_registry.selectors.sheets import carriable, place_choices
from models_registry.selectors.tasks import tasks_of
from models_registry.services import NewSeason, assign, carry_on, open_season, remind
from notifications.models import Message
from organisation.models import Level, Unit, UnitSuccession, UnitVersion
from organisation.selectors.units import reporting_units
from organisation.services import give_role
from organisation.tree import unit_tree
from recognition.permissions import can_propose, proposing_now
from recognition.selectors.dossiers import candidates
from reports.figures import FIGURES
from reports.selectors import listed, tally
from reports.selectors.dashboard import dashboard
from tests.online import HAM_HIEP, HAM_THUAN_BAC, Action, Mark, begin, do, fill, person, write
from tests.pages import entered

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("reform")]
WRITER, CHECKER = "hamhiep.canbo", "hamthuanbac.chuyenvien"
HEIR, NEW_PROVINCE, HEIR_UNIT = "hoidong1", "hoidong2", "2025/phuong-binh-thuan"


def on(year: int, month: int, day: int) -> Any:
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


def unit_of(key: str) -> Unit:
    return Unit.objects.get(key=key)


def written(unit: str = HAM_HIEP, by: str = WRITER, **other: str) -> Registration:
    with on(2025, 3, 10):
        return fill(begin(unit, by, 2025), by, **{"starts_on": "01/03/2025"} | other)


def sent_in_march(unit: str = HAM_HIEP, by: str = WRITER, **other: str) -> Registration:
    row = written(unit, by, **other)
    with on(2025, 3, 10):
        return do(row, Action.SUBMIT, by)


def accepted_in_march(**other: str) -> Registration:
    row = sent_in_march(**other)
    with on(2025, 3, 12):
        return do(row, Action.ACCEPT, CHECKER)


# --- by place


def test_the_heir_sees_mends_and_sends_what_the_old_unit_began(client: Client) -> None:
    row = sent_in_march()
    with on(2025, 6, 20):
        row = do(row, Action.RETURN, CHECKER, marks=[Mark(8, None, "Đếm cái gì?")])
    with on(2025, 7, 2):
        browser = entered(HEIR)
        html = browser.get(f"/lam-viec/dang-ky/{row.pk}/").content.decode()
        assert "Việc này nay do Đảng ủy phường Bình Thuận làm tiếp." in html
        assert browser.get(f"/lam-viec/dang-ky/{row.pk}/viet/").status_code == 200
        mine = tasks_of(person(HEIR), row.season)
        assert mine is not None and any("Sửa theo ý kiến" in task.title for task in mine.tasks)
        assert [version.unit.key for version in place_choices(person(HEIR), row)] == [HAM_HIEP]
        assert write(row, HEIR, outputs="Đến 30/11: 60 hộ, chi hội đếm.").changed == ["outputs"]
        row = do(row, Action.SUBMIT, HEIR)
        assert Message.objects.filter(recipient=person(NEW_PROVINCE), subject__startswith="Chờ xét").exists()
        row = do(row, Action.ACCEPT, NEW_PROVINCE)
    assert (row.state, row.unit.key, row.registered_on) == ("accepted", HAM_THUAN_BAC, date(2025, 3, 10))
    assert Message.objects.filter(recipient=person(HEIR), subject__startswith="Đã nhận").exists()


def test_the_heirs_checker_comes_to_what_waits_of_a_year_before_its_unit_was_there() -> None:
    """Of that year the board has places alone; the task leads to them all the same, and they are accepted there."""
    leader = "hoidong3"
    with on(2024, 3, 10):
        open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
        row = do(fill(begin(HAM_HIEP, WRITER, 2024), WRITER, starts_on="01/03/2024"), Action.SUBMIT, WRITER)
    give_role(user=person(leader), role="lanh-dao-huyen", unit=unit_of(HEIR_UNIT), starts_on=date(2025, 7, 1), actor=None)
    with on(2026, 11, 27):
        open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 12, 31)))
        mine = tasks_of(person(leader), Season.objects.get(year=2026))
        assert mine is not None
        (task,) = [one for one in mine.tasks if one.title.startswith("Xét 1 đăng ký năm 2024")]
        page = entered(leader).get(str(task.href), follow=True)
        assert page.status_code == 200 and row.title in page.content.decode()
        assert do(row, Action.ACCEPT, leader).state == "accepted"


def test_the_heir_is_reminded_of_what_was_returned_to_the_old_unit() -> None:
    row = sent_in_march()
    with on(2025, 6, 28):
        do(row, Action.RETURN, CHECKER, "Sửa")
    with on(2025, 12, 30):
        remind()
    told = Message.objects.filter(
        event_key__startswith="remind:2025:", link="models_registry:work", body__contains="Việc của tôi"
    )
    assert person(HEIR).pk in told.filter(event_key__contains=HAM_HIEP).values_list("recipient", flat=True)


def test_the_old_unit_sends_and_accepts_no_more_and_reads_who_does() -> None:
    draft, waits = written(), sent_in_march(title="Tổ tự quản an ninh thôn Xuân Điền")
    said = "đăng ký nay do Đảng ủy phường Bình Thuận làm tiếp."
    with on(2025, 7, 2):
        for row, action, by in ((draft, Action.SUBMIT, WRITER), (waits, Action.ACCEPT, "hamthuanbac.lanhdao")):
            with pytest.raises(NotAllowed) as caught:
                do(row, action, by)
            assert str(caught.value).endswith(said)


def test_a_draft_that_was_never_sent_becomes_the_heirs_own() -> None:
    draft = written()
    with on(2025, 7, 2):
        row = do(draft, Action.SUBMIT, HEIR)
        assert (row.unit.key, row.place, row.unit_name) == (HEIR_UNIT, None, "Đảng ủy phường Bình Thuận")
        row = do(row, Action.ACCEPT, NEW_PROVINCE)
    assert row.registered_on == date(2025, 7, 2)
    assert tally(row.season, date(2025, 7, 3)).as_dict()["by_unit"][HEIR_UNIT]["registered"] == 1


def test_a_neighbour_of_the_heir_sees_nothing_of_it() -> None:
    row = sent_in_march()
    give_role(
        user=person("hoidong3"), role="can-bo-co-so", unit=unit_of("2025/xa-ham-thuan"), starts_on=date(2025, 7, 1), actor=None
    )
    with on(2025, 7, 2):
        assert entered("hoidong3").get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 404
        with pytest.raises(DomainError):
            do(row, Action.WITHDRAW, "hoidong3", "Không phải của tôi")


def test_the_heirs_board_has_its_own_and_its_predecessors_rows(reform: Season) -> None:
    row = accepted_in_march()
    with on(2025, 8, 1):
        board = boards.board_of(person(HEIR), reform)
        assert board is not None
        assert [version.unit.key for version in board.units] == [HEIR_UNIT]
        assert [version.unit.key for version in board.places] == [HAM_HIEP]  # the others have nothing in the season
        assert list(boards.rows_of(board)) == [row]
        assert board_counts(board, boards.BoardFilter()).whole["accepted"] == 1
        page = " ".join(entered(HEIR).get("/lam-viec/nam/2025/").content.decode().split())
        assert "đăng ký đã nhận. Kế tục từ Huyện ủy Hàm Thuận Bắc." in page  # all of it is


def test_the_heir_proposes_it(reform: Season) -> None:
    row = accepted_in_march()
    round_: Any = SimpleNamespace(
        season=reform, level=Level.objects.get(key="province"), unit=unit_of("lam-dong"), unit_id=unit_of("lam-dong").pk
    )
    with on(2025, 9, 1):
        assert list(candidates(person(HEIR), round_)) == [row]
        assert proposing_now(row, round_, unit_tree()) == unit_of(HEIR_UNIT).pk and can_propose(person(HEIR), row, round_)
    with on(2025, 6, 1):
        assert list(candidates(person(CHECKER), round_)) == [row]
        assert proposing_now(row, round_, unit_tree()) == unit_of(HAM_THUAN_BAC).pk


# --- tallies


def test_figures_show_the_old_unit_before_the_day_and_the_heir_from_it_on(reform: Season) -> None:
    accepted_in_march()
    before, after = (tally(reform, day) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    for found in (before, after):
        assert found.registered == 1 == sum(line.registered for line in found.units)
    assert before.as_dict()["by_unit"][HAM_THUAN_BAC]["registered"] == 1
    assert "from" not in before.as_dict()["by_unit"][HAM_THUAN_BAC]
    line = after.as_dict()["by_unit"][HEIR_UNIT]
    assert (line["registered"], line["from"]) == (1, {"Huyện ủy Hàm Thuận Bắc": 1})
    assert HAM_THUAN_BAC not in after.as_dict()["by_unit"]
    html = Client().get("/so-lieu/?nam=2025&ngay=2025-07-01").content.decode()
    assert "trong đó từ Huyện ủy Hàm Thuận Bắc\u00a01" in html


def test_one_units_figure_and_the_list_behind_it_agree(reform: Season) -> None:
    row = accepted_in_march()
    heir, old = unit_of(HEIR_UNIT), unit_of(HAM_THUAN_BAC)
    for day, unit, number in (
        (date(2025, 6, 30), old, 1),
        (date(2025, 6, 30), heir, 0),
        (date(2025, 7, 1), old, 0),
        (date(2025, 7, 1), heir, 1),
    ):
        assert tally(reform, day, unit).registered == number
        rows = listed(None, FIGURES["dang-ky"], reform, day, units=[unit.pk])
        assert list(rows) == [row] * number


def test_the_dashboard_counts_at_the_heir_and_compares_its_district(reform: Season) -> None:
    accepted_in_march()
    day = date(2025, 7, 1)
    found = dashboard(person("tinh.chuyenvien"), reform, list(reporting_units(day)), day)
    assert {line.version.unit.key: line.accepted for line in found.lines if line.registered} == {HEIR_UNIT: 1}
    assert found.registered == tally(reform, day).registered == 1 == found.trend.now[-1][1]
    before, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    Registration.objects.filter(season__year=2023, unit=unit_of(HAM_THUAN_BAC)).update(season=before)
    trend = dashboard(person("tinh.chuyenvien"), reform, list(reporting_units(day)), day).trend
    assert (trend.season_before, trend.areas, trend.now[-1][1]) == (before, ("Bình Thuận cũ",), 1)


def test_a_season_in_which_no_unit_ended_is_asked_as_before(season: Season, django_assert_num_queries: Any) -> None:
    unit = unit_of(HAM_THUAN_BAC)
    unit_tree().exists(unit.pk, date(2023, 10, 15))
    with django_assert_num_queries(1):
        rows = rows_of_unit(Registration.objects.filter(season=season), season, unit, date(2023, 10, 15))
        assert rows.count() > 0


# --- a unit that carries on, and ends in its turn

AGAIN, FOLLOWER = "2025/xa-ham-thuan", "2025/xa-ham-thuan-bac"


def end(key: str, day: date, *successors: str) -> None:
    UnitVersion.objects.filter(unit__key=key, valid_to=None).update(valid_to=day)
    for successor in successors:
        UnitSuccession.objects.create(
            predecessor=unit_of(key), successor=unit_of(successor), effective_on=day, kind=UnitSuccession.Kind.SPLIT
        )
    forget()


def stands_at(row: Registration, day: date) -> str:
    """The one unit in whose line it counts, in the table, in the unit's own figure and in the list behind it."""
    found = tally(row.season, day)
    keys = [key for key, line in found.as_dict()["by_unit"].items() if line["registered"]]
    assert found.registered == len(keys) == 1
    assert tally(row.season, day, unit_of(keys[0])).registered == 1
    assert list(listed(None, FIGURES["dang-ky"], row.season, day, units=[unit_of(keys[0]).pk])) == [row]
    return keys[0]


def test_what_a_unit_registered_that_was_born_and_ended_within_the_season_goes_to_its_heir(reform: Season) -> None:
    row = sent_in_march()
    Registration.objects.filter(pk=row.pk).update(
        unit=unit_of(HEIR_UNIT), place=None, registered_on=date(2025, 8, 1), state="accepted", model=any_model()
    )
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN)
    assert (stands_at(row, date(2025, 9, 30)), stands_at(row, date(2025, 10, 1))) == (HEIR_UNIT, AGAIN)


def test_the_board_of_a_running_season_counts_as_its_figures(reform: Season) -> None:
    """What stands at an heir, what was assigned, what waits to be; and once the unit that it was assigned to was merged."""
    accepted_in_march()
    for title in ("Tổ tự quản an ninh thôn Xuân Điền", "Bếp ăn nghĩa tình"):
        row = sent_in_march(HAM_THUAN_BAC, CHECKER, place="", title=title)
        with on(2025, 3, 12):
            do(row, Action.ACCEPT, "hamthuanbac.lanhdao")
    with on(2025, 7, 20):
        assert assign(registration_ids=[row.pk], unit=unit_of(AGAIN), actor=person(NEW_PROVINCE)) == 1
    end(AGAIN, date(2025, 10, 1), FOLLOWER)
    for day, lines in (
        (date(2025, 8, 1), {HEIR_UNIT: 1, AGAIN: 1, HAM_THUAN_BAC: 1}),
        (date(2025, 11, 1), {HEIR_UNIT: 1, FOLLOWER: 1, HAM_THUAN_BAC: 1}),
    ):
        with on(day.year, day.month, day.day):
            found = {
                key: line["registered"] for key, line in tally(reform, day).as_dict()["by_unit"].items() if line["registered"]
            }
            board = boards.board_of(person(NEW_PROVINCE), reform)
            assert board is not None
            counts = board_counts(board, boards.BoardFilter())
            covered = {one.version.unit.key: one for one in cover(board, counts, ())}
            has_sent = {key: one.has_sent for key, one in covered.items()}
            assert {key: covered[key].origins for key in lines} == {  # what waits is its own
                key: "" if key == HAM_THUAN_BAC else "Huyện ủy Hàm Thuận Bắc" for key in lines
            }
            assert found == lines and {key for key, has in has_sent.items() if has} == set(lines)
            assert sum(counts.whole.values()) == boards.rows_of(board).count() == 3
            for key in lines:
                line = boards.narrowed(board, key)
                assert line is not None and boards.rows_of(line).count() == 1
                assert sum(board_counts(line, boards.BoardFilter()).states.values()) == 1


def test_a_province_that_lives_on_follows_what_ended_below_it(reform: Season) -> None:
    """Of a unit that was born and ended within the season: its models are joined and parted, what it had begun is read."""
    row = sent_in_march()
    Registration.objects.filter(pk=row.pk).update(
        unit=unit_of(HEIR_UNIT), place=None, registered_on=date(2025, 8, 1), state="accepted", model=any_model()
    )
    draft = written()
    Registration.objects.filter(pk=draft.pk).update(unit=unit_of(HEIR_UNIT), place=None)
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN)
    with on(2025, 11, 5):
        browser = entered(NEW_PROVINCE)
        assert browser.get("/lam-viec/mo-hinh/mo-hinh-thu/nhap-tach/").status_code == 200
        assert browser.get(f"/lam-viec/dang-ky/{draft.pk}/").status_code == 200
        assert not can_join(person(HEIR), [any_model("2025/xa-hong-thai")])
        assert not can_join(person("duclinh.chuyenvien"), [EmulationModel.objects.get(slug="mo-hinh-thu")])


def any_model(key: str = HEIR_UNIT) -> EmulationModel:
    slug = "mo-hinh-thu" if key == HEIR_UNIT else "mo-hinh-khac"
    return EmulationModel.objects.create(title="Mô hình", slug=slug, unit=unit_of(key), identity_key="x")


def test_a_chain_of_mergers_is_offered_last_years_registrations(reform: Season) -> None:
    """Hàm Hiệp went into Bình Thuận, that into Hàm Thuận, and that into Hàm Thuận Bắc."""
    row = accepted_in_march()
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN)
    end(AGAIN, date(2026, 1, 15), FOLLOWER)
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    give_role(user=person("hoidong3"), role="can-bo-co-so", unit=unit_of(FOLLOWER), starts_on=date(2026, 1, 15), actor=None)
    with on(2026, 3, 1):
        assert list(carriable(person("hoidong3"), season).rows) == [row]
        (copied,) = carry_on(season_id=season.pk, registration_ids=[row.pk], actor=person("hoidong3"))
    assert (copied.unit.key, copied.model) == (FOLLOWER, Registration.objects.get(pk=row.pk).model)
