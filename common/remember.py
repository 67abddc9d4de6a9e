"""Lists that change a few times a year and that every page asks for: kept in each process for settings.REMEMBER_SECONDS."""

from collections.abc import Callable
from functools import lru_cache, wraps
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings

Answer = TypeVar("Answer")
_kept: list[Any] = []


def remembered(size: int = 16) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Keep the answers of a function of hashable arguments; 0 seconds ask again each time. Nobody may change an answer.

    What an administrator changes shows that many seconds later at the most.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., Answer]:
        @lru_cache(maxsize=size)
        def kept(slot: int, *arguments: Any) -> Answer:
            return function(*arguments)

        @wraps(function)
        def answer(*arguments: Any) -> Answer:
            seconds = settings.REMEMBER_SECONDS
            return kept(int(monotonic() // seconds), *arguments) if seconds else function(*arguments)

        _kept.append(kept)
        return answer

    return decorate


def forget() -> None:
    """Forget what this process remembers, and no other."""
    for kept in _kept:
        kept.cache_clear()
