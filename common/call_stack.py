"""Room for the frames of deep calls: why, and what it brings, docs/decisions/0084-room-for-deep-calls.md."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Of eight bytes: a quarter of a megabyte that nothing touches, and as much left in its chunk for the frames above.
SLOTS = 1 << 15


def in_one_chunk(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, whose calls need no further chunk of the interpreter's stack, however deep they go (some 500 calls).

    Frames lie in chunks of 16 kB. A call across the edge of one asks the system for the next, and the return gives it back, so that
    a loop just below an edge pays that at every turn (python/cpython#142183). A frame that is too large for a chunk gets one twice
    its size.
    """

    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
    return wraps(function)(roomy)
