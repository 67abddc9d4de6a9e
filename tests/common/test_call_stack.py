"""Room for deep calls: the system is asked for no memory while they go on, wherever in the stack a loop stands."""

import resource
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from common.call_stack import in_one_chunk
from portal.middleware import HeadersMiddleware

TURNS, DEPTHS = 300, range(10, 400)


def _called() -> int:
    return 1


def _at(depth: int) -> int:
    """A loop of calls, so many calls deep."""
    return _at(depth - 1) if depth else sum(_called() for _ in range(TURNS))


def _most_faults(*_: Any) -> HttpResponse:
    """The most pages that the system had to give for a loop at any depth, as the status of an answer."""
    faults = []
    for depth in DEPTHS:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        assert _at(depth) == TURNS
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return HttpResponse(status=200 if max(faults) < TURNS / 2 else 500)


def test_a_function_keeps_its_name_and_passes_on_what_it_is_given() -> None:
    """Also what it raises."""

    @in_one_chunk
    def halved(number: int, *, by: int = 2) -> float:
        """A half."""
        return number / by

    assert (halved(6), halved(6, by=3), halved.__name__, halved.__doc__) == (3, 2, "halved", "A half.")
    with pytest.raises(ZeroDivisionError):
        halved(1, by=0)


def test_no_depth_makes_a_loop_ask_for_memory_at_each_turn() -> None:
    assert in_one_chunk(_most_faults)().status_code == 200


def test_every_request_is_answered_with_room() -> None:
    assert HeadersMiddleware(_most_faults)(HttpRequest()).status_code == 200
