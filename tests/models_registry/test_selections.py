"""Reads of the board, the catalogue, tasks and words where a filter, a day or a letter makes the difference."""

from datetime import date

import pytest
import time_machine

from common.remember import forget
from models_registry.models import Registration, Season
from models_registry.selectors import board as boards
from models_registry.selectors.board_counting import BoardCounts, count_found
from models_registry.selectors.seasons import Deadlines
from models_registry.selectors.sheets import carriable
from models_registry.selectors.tasks import _to_remind
from models_registry.selectors.typos import _parted
from organisation.models import Level, UnitVersion
from organisation.tree import unit_tree
from recognition.models import CentralIntroduction, Recognition
from recognition.selectors.facts import standing_ranks
from tests.online import person

pytestmark = pytest.mark.django_db
CHECKER = "hamthuanbac.chuyenvien"


@pytest.fixture
def board(season: Season) -> boards.Board:
    found = boards.board_of(person(CHECKER), season)
    assert found is not None
    return found


def test_the_board_is_filtered_by_field_alone_or_with_words(board: boards.Board) -> None:
    rows = Registration.objects.filter(season=board.season, unit__key="ham-thuan-bac")
    field = rows[0].field_id
    wanted = boards.BoardFilter(field=field)
    assert set(boards.board_rows(board, wanted)) == set(rows.filter(field=field))
    counts = BoardCounts()
    count_found(board, wanted, counts)
    assert counts == BoardCounts()  # nothing is searched for
    count_found(board, boards.BoardFilter(words="lò", field=field), counts)
    assert counts.states.total() == boards.board_rows(board, boards.BoardFilter(words="lò", field=field)).count()


def test_nobody_is_reminded_after_the_last_day(board: boards.Board) -> None:
    """The demo gives every unit time until the end of 2030."""
    counts = BoardCounts()  # as if none had sent anything
    for day, number in (("2030-12-31 03:00Z", 1), ("2031-01-01 03:00Z", 0)):
        with time_machine.travel(day, tick=False):
            tasks = _to_remind(board.season, board, counts, Deadlines(unit_tree()))
        assert len(tasks) == number


def test_words_run_together_are_parted_into_the_fewest() -> None:
    known = {"lo": 9, "dot": 9, "rac": 9, "lodot": 1}
    assert _parted("lodotrac", known) == ["lodot", "rac"]
    assert _parted("dotlorac", known) == ["dot", "lo", "rac"]


def test_who_ended_has_nothing_to_carry_on(season: Season) -> None:
    UnitVersion.objects.filter(unit__key="ham-thuan-bac").update(valid_to=date(2023, 1, 1))
    forget()
    assert list(carriable(person(CHECKER), season).rows) == []


def test_without_a_centre_the_province_is_the_highest(season: Season) -> None:
    introduced = CentralIntroduction.objects.filter(withdrawn_on__isnull=True)[0]
    given = Recognition.objects.filter(registration=introduced.registration_id, revoked_on__isnull=True)
    highest = max(given.values_list("decision__level__rank", flat=True))
    assert standing_ranks([introduced.registration_id])[introduced.registration_id] > highest
    Level.objects.filter(key="central").update(key="trung-uong")
    assert standing_ranks([introduced.registration_id]) == {introduced.registration_id: highest}
