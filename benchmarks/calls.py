"""Calls at every depth, with room for them and without: what `common.call_stack` is for."""

import time

from benchmarks.parts import Result, result
from common.call_stack import in_one_chunk

TURNS, DEPTHS, TIMES = 3000, range(10, 400), 3


def calls() -> list[Result]:
    with_room, without = in_one_chunk(_dearest)(), _dearest()
    return [result(f"{TURNS} calls in a loop, at the dearest depth, with room / without", with_room, without, "<= 1")]


def _dearest() -> float:
    """Seconds of the loop at the depth where it takes longest; of each depth, the best of some runs."""
    return max(min(_seconds(depth) for _ in range(TIMES)) for depth in DEPTHS)


def _seconds(depth: int) -> float:
    if depth:
        return _seconds(depth - 1)
    begun = time.perf_counter()
    for _ in range(TURNS):
        _nothing()
    return time.perf_counter() - begun


def _nothing() -> None:
    pass
