"""Several things at the same instant, each with its own connection."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each returned, in their order; in its place the exception that one raised."""
    results: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(position: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            results[position] = work()
        except Exception as error:
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
