"""What no place leads to an heir: the province assigns it, again when who has it ends; who has it goes on."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.exceptions import NotAllowed
from common.remember import forget
from models_registry.models import Handover, HandoverAgain, Registration, Season
from models_registry.selectors import board as boards
from models_registry.selectors.board_counting import board_counts
from models_registry.selectors.heirs import to_assign
from models_registry.selectors.tasks import tasks_of
from models_registry.selectors.timeline import of_registration
from models_registry.services import NewSeason, assign, carry_on, import_register, open_season
from organisation.models import AuditEvent, UnitVersion
from organisation.selectors.ended import ended_unit_words
from organisation.services import give_role
from organisation.tree import unit_tree
from reports.figures import FIGURES
from reports.selectors import listed, tally
from tests import registers as made
from tests.models_registry.test_heirs import (
    AGAIN,
    CHECKER,
    FOLLOWER,
    HEIR,
    HEIR_UNIT,
    NEW_PROVINCE,
    end,
    on,
    sent_in_march,
    stands_at,
    unit_of,
)
from tests.online import HAM_HIEP, HAM_THUAN_BAC, Action, do, person
from tests.pages import entered, refused

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("reform")]
SPLIT = "bac-binh/xa-hoa-thang"


# --- what no place tells


def without_place() -> Registration:
    """Of the district itself, which has no successor."""
    return sent_in_march(HAM_THUAN_BAC, CHECKER, place="")


def test_what_nobody_carries_on_waits_for_the_province() -> None:
    row = without_place()
    with on(2025, 7, 2):
        with refused(
            "Đơn vị này không lập đăng ký của năm 2025 nữa: đã kết thúc hoặc chưa thành lập. Xin cấp trên giao đăng ký cho đơn vị "
            "kế thừa."
        ):
            do(row, Action.ACCEPT, "hamthuanbac.lanhdao")
        assert list(to_assign(person(NEW_PROVINCE))) == [row]
        assert list(to_assign(person(HEIR))) == []
        mine = tasks_of(person(NEW_PROVINCE), row.season)
        assert mine is not None
        assert [task.due for task in mine.tasks if task.title.startswith("Giao 1 đăng ký")] == [date(2025, 7, 8)]
    with on(2026, 11, 20):  # a register of that unit that came only now asks from its own day on
        Registration.objects.filter(pk=row.pk).update(state_since=timezone.now())
        mine = tasks_of(person(NEW_PROVINCE), row.season)
        assert mine is not None
        assert [task.due for task in mine.tasks if task.title.startswith("Giao 1 đăng ký")] == [date(2026, 11, 27)]


def test_the_province_assigns_and_the_heir_goes_on(client: Client) -> None:
    row, address = without_place(), "/lam-viec/nam/2025/giao/"
    with on(2025, 7, 20):
        browser = entered(NEW_PROVINCE)
        assert row.title in browser.get(address).content.decode()
        for typed in ({"chon": row.pk}, {"den": HEIR_UNIT}, {}):
            assert browser.post(address, typed).status_code == 422
        assert (
            "Giao 1 đăng ký cho Đảng ủy phường Bình Thuận?"
            in browser.post(address, {"chon": row.pk, "den": HEIR_UNIT}).content.decode()
        )
        assert browser.post(address, {"chon": row.pk, "den": HEIR_UNIT, "viec": "giao"}).status_code == 302
        assert list(to_assign(person(NEW_PROVINCE))) == []
        event = AuditEvent.objects.get(action="assign-registration")
        assert event.note == "Huyện ủy Hàm Thuận Bắc → Đảng ủy phường Bình Thuận"
        assert entered(HEIR).get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 200
        board = boards.board_of(person(HEIR), row.season)
        assert board is not None and row in boards.rows_of(board)
        assert board_counts(board, boards.BoardFilter()).whole["submitted"] == 1
        row = do(Registration.objects.get(pk=row.pk), Action.ACCEPT, NEW_PROVINCE)
        assert "Giao cho Đảng ủy phường Bình Thuận làm tiếp" in [event.what for event in of_registration(row)]
    for day, key in ((date(2025, 7, 19), HAM_THUAN_BAC), (date(2025, 7, 20), HEIR_UNIT)):
        found = tally(row.season, day)
        assert found.as_dict()["by_unit"][key]["registered"] == 1 == found.registered
        assert list(listed(None, FIGURES["dang-ky"], row.season, day, units=[unit_of(key).pk])) == [row]
    assert tally(row.season, date(2025, 7, 20), unit_of(HAM_THUAN_BAC)).registered == 0


def test_what_only_an_assignment_lets_go_on_is_no_other_task_of_anybody(reform: Season) -> None:
    """Its unit ended without an heir: its officers are offered nothing that is refused, and told why."""
    row = sent_in_march()
    UnitVersion.objects.filter(unit__key=HEIR_UNIT, valid_to=None).update(valid_to=date(2025, 10, 1))
    Registration.objects.filter(pk=row.pk).update(unit=unit_of(HEIR_UNIT), place=None)
    forget()
    with on(2025, 10, 2):
        for name, begin, state in ((NEW_PROVINCE, "Xét", "submitted"), (HEIR, "Sửa", "returned")):
            Registration.objects.filter(pk=row.pk).update(state=state)
            mine = tasks_of(person(name), reform)
            assert mine is None or not any(task.title.startswith(begin) for task in mine.tasks)
        mine = tasks_of(person(NEW_PROVINCE), reform)
        assert mine is not None and any(task.title.startswith("Giao 1 đăng ký") for task in mine.tasks)
        told = ended_unit_words(unit_tree(), unit_of(HEIR_UNIT).pk, date(2025, 10, 2))
        assert told == "Đơn vị đã kết thúc từ ngày 01/10/2025, chưa ghi đơn vị kế tục"


def test_a_split_place_is_nobodys_until_it_is_assigned() -> None:
    row = sent_in_march()
    Registration.objects.filter(pk=row.pk).update(place=unit_of(SPLIT), unit=unit_of("bac-binh"))
    with on(2025, 7, 2):
        assert [found.pk for found in to_assign(person(NEW_PROVINCE))] == [row.pk]
        assert assign(registration_ids=[row.pk], unit=unit_of("2025/xa-hoa-thang"), actor=person(NEW_PROVINCE)) == 1
        assert assign(registration_ids=[row.pk], unit=unit_of("2025/xa-hong-thai"), actor=person(NEW_PROVINCE)) == 0
    assert Handover.objects.get().unit.key == "2025/xa-hoa-thang"


def test_only_those_above_assign_and_only_to_units_that_report() -> None:
    row = without_place()
    with on(2025, 7, 2):
        for unit, by in ((HEIR_UNIT, HEIR), (HEIR_UNIT, CHECKER), (HAM_HIEP, NEW_PROVINCE)):
            with refused("Vai trò của đồng chí không giao việc cho đơn vị này.", NotAllowed):
                assign(registration_ids=[row.pk], unit=unit_of(unit), actor=person(by))
    assert not Handover.objects.exists()


@pytest.mark.parametrize("changed", [{"since": date(2025, 7, 1)}, {"unit": "2025/xa-ham-thuan"}])
def test_the_database_refuses_another_heir_or_another_day(changed: dict[str, Any]) -> None:
    row = without_place()
    with on(2025, 7, 20):
        assign(registration_ids=[row.pk], unit=unit_of(HEIR_UNIT), actor=person(NEW_PROVINCE))
    other = {name: unit_of(value) if name == "unit" else value for name, value in changed.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.update(**other)


def test_what_stands_and_is_withdrawn_is_not_assigned() -> None:
    row = without_place()
    with on(2025, 6, 1):
        do(row, Action.WITHDRAW, CHECKER, "Trùng")
    with on(2025, 7, 2):
        assert list(to_assign(person(NEW_PROVINCE))) == []


def given_in_july(to: str = HEIR_UNIT) -> Registration:
    row = without_place()
    with on(2025, 7, 20):
        assign(registration_ids=[row.pk], unit=unit_of(to), actor=person(NEW_PROVINCE))
    return row


def test_what_was_assigned_to_a_unit_that_is_split_is_assigned_again(client: Client) -> None:
    row = given_in_july()
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN, FOLLOWER)
    address = "/lam-viec/nam/2025/giao/"
    with on(2025, 10, 5):
        assert list(to_assign(person(NEW_PROVINCE))) == [row]
        mine = tasks_of(person(NEW_PROVINCE), row.season)
        assert mine is not None
        assert [task.due for task in mine.tasks if task.title.startswith("Giao 1 đăng ký")] == [date(2025, 10, 8)]
        html = entered(NEW_PROVINCE).get(address).content.decode()
        assert row.title in html and "Đảng ủy phường Bình Thuận" in html
        with refused(
            "Đơn vị này không lập đăng ký của năm 2025 nữa: đã kết thúc hoặc chưa thành lập. Xin cấp trên giao đăng ký cho đơn vị "
            "kế thừa."
        ):
            do(row, Action.ACCEPT, "hamthuanbac.lanhdao")
        assert entered(NEW_PROVINCE).post(address, {"chon": row.pk, "den": AGAIN, "viec": "giao"}).status_code == 302
        assert list(to_assign(person(NEW_PROVINCE))) == []
        assert assign(registration_ids=[row.pk], unit=unit_of(FOLLOWER), actor=person(NEW_PROVINCE)) == 0
        notes = AuditEvent.objects.filter(action="assign-registration").order_by("pk").values_list("note", flat=True)
        assert list(notes)[1:] == ["Đảng ủy phường Bình Thuận → Đảng ủy xã Hàm Thuận"]
        give_role(user=person("hoidong3"), role="can-bo-co-so", unit=unit_of(AGAIN), starts_on=date(2025, 10, 1), actor=None)
        assert entered("hoidong3").get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 200
        board = boards.board_of(person("hoidong3"), row.season)
        assert board is not None and list(boards.rows_of(board)) == [row]
        assert board_counts(board, boards.BoardFilter()).whole["submitted"] == 1
        row = do(Registration.objects.get(pk=row.pk), Action.ACCEPT, NEW_PROVINCE)
        told = [event.what for event in of_registration(row)]
        assert {"Giao cho Đảng ủy phường Bình Thuận làm tiếp", "Giao cho Đảng ủy xã Hàm Thuận làm tiếp"} <= set(told)
    days = {date(2025, 7, 19): HAM_THUAN_BAC, date(2025, 7, 20): HEIR_UNIT, date(2025, 10, 1): HEIR_UNIT}
    for day, key in (days | {date(2025, 10, 4): HEIR_UNIT, date(2025, 10, 5): AGAIN}).items():
        assert stands_at(row, day) == key


def test_what_was_assigned_to_a_unit_that_is_merged_goes_on_in_its_heir() -> None:
    row = given_in_july()
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN)
    give_role(user=person("hoidong3"), role="can-bo-co-so", unit=unit_of(AGAIN), starts_on=date(2025, 10, 1), actor=None)
    with on(2025, 10, 5):
        assert list(to_assign(person(NEW_PROVINCE))) == []
        board = boards.board_of(person("hoidong3"), row.season)
        assert board is not None and list(boards.rows_of(board)) == [row]
        assert board_counts(board, boards.BoardFilter()).units[unit_of(AGAIN).pk]["submitted"] == 1
        do(row, Action.ACCEPT, NEW_PROVINCE)
    assert (stands_at(row, date(2025, 9, 30)), stands_at(row, date(2025, 10, 1))) == (HEIR_UNIT, AGAIN)


def test_the_database_refuses_to_change_what_was_assigned_again() -> None:
    row = given_in_july()
    end(HEIR_UNIT, date(2025, 10, 1), AGAIN, FOLLOWER)
    with on(2025, 10, 5):
        assign(registration_ids=[row.pk], unit=unit_of(AGAIN), actor=person(NEW_PROVINCE))
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverAgain.objects.update(unit=unit_of(FOLLOWER))
    with pytest.raises(IntegrityError), transaction.atomic():
        HandoverAgain.objects.create(
            handover_id=row.pk, unit=unit_of(FOLLOWER), since=date(2025, 10, 5), given_by=person(NEW_PROVINCE)
        )


def test_what_was_assigned_is_offered_to_who_has_it_the_next_year(reform: Season) -> None:
    row = given_in_july()
    with on(2025, 8, 1):
        do(row, Action.ACCEPT, NEW_PROVINCE)
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    with on(2026, 3, 1):
        (copied,) = carry_on(season_id=season.pk, registration_ids=[row.pk], actor=person(HEIR))
        assert (copied.unit.key, copied.place) == (HEIR_UNIT, None)


def test_what_was_assigned_is_linked_to_what_who_has_it_sends_the_next_year(reform: Season, tmp_path: Path) -> None:
    row = given_in_july("2025/xa-tanh-linh")  # of another district than the row
    with on(2025, 8, 1):
        row = do(row, Action.ACCEPT, NEW_PROVINCE)
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    line = made.row(row.title, subject=row.subject, place="", kind="Duy trì, nhân rộng", day="15/3/2026")
    path = made.xlsx(tmp_path / "2026.xlsx", [made.HEAD, line])
    report = import_register(path=path, season=season, unit=unit_of("2025/xa-tanh-linh"), actor=None)
    assert report.continuity == {"linked": 1, "open": 0, "none": 0}


def test_what_a_split_place_left_is_offered_for_assigning_alone(reform: Season) -> None:
    """Of a district that ended, whose commune went to several: the province is not asked to accept what it cannot."""
    row = sent_in_march()
    Registration.objects.filter(pk=row.pk).update(place=unit_of(SPLIT), unit=unit_of("bac-binh"))
    with on(2025, 7, 2):
        row.refresh_from_db()
        with refused("Vai trò của đồng chí không còn quyền xét đăng ký của đơn vị này.", NotAllowed):
            do(row, Action.ACCEPT, NEW_PROVINCE)
        mine = tasks_of(person(NEW_PROVINCE), reform)
        assert mine is not None
        titles = [task.title for task in mine.tasks]
    assert any(title.startswith("Giao 1 đăng ký") for title in titles)
    assert not any(title.startswith("Xét") for title in titles)
