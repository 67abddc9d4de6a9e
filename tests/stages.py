"""Stages that many tests begin at (a round being scored, voted, published): built once, each test in a savepoint on top.

A step is registered with `@step(name, after="...")`: a function of what the step before it came to, and of the arguments of the
mark. `@pytest.mark.stage("voted", count=1)` names where a test begins; its fixture `stage` is what the last step returned,
with every model read anew. The steps stand on one another as nested transactions, so a test that begins at an earlier one
undoes only what came after, and one without a stage finds the demo as it is. Tests that commit have no stage. Tests are run in
the order of their lines of steps, over all modules, so that a process builds each step once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from django.db import connection, transaction
from django.db.models import Model


@dataclass(frozen=True)
class Step:
    name: str
    build: Callable[..., Any]
    after: str
    names: frozenset[str]


STEPS: dict[str, Step] = {}
AnyStep = Callable[..., Any]


def step(name: str, after: str = "") -> Callable[[AnyStep], AnyStep]:
    """Register a step. Its function's first argument is what `after` came to, when there is one."""

    def register(build: AnyStep) -> AnyStep:
        names = list(signature(build).parameters)[1 if after else 0 :]
        STEPS[name] = Step(name, build, after, frozenset(names))
        return build

    return register


@dataclass
class Level:
    key: tuple[str, str]
    atomic: Any
    result: Any


class Stages:
    """The steps that stand in the database now, the first at the bottom."""

    def __init__(self) -> None:
        self.levels: list[Level] = []

    def go_to(self, name: str, arguments: dict[str, Any]) -> bool:
        """Keep what is needed of the steps that stand, undo the others, build what is missing. No name: undo all. Tell whether
        anything moved.
        """
        known = {given for at in _line(name) for given in STEPS[at].names}
        assert set(arguments) <= known, f"no step up to {name} takes {set(arguments) - known}"
        wanted = [(STEPS[at], _taken(STEPS[at], arguments)) for at in _line(name)]
        keys = keys_of(name, arguments)
        same = 0
        while same < min(len(keys), len(self.levels)) and keys[same] == self.levels[same].key:
            same += 1
        moved = same < max(len(keys), len(self.levels))
        while len(self.levels) > same:
            transaction.set_rollback(True)
            self.levels.pop().atomic.__exit__(None, None, None)
        for key, (found, given) in list(zip(keys, wanted, strict=True))[same:]:
            atomic = transaction.atomic()
            atomic.__enter__()
            try:
                result = found.build(*[level.result for level in self.levels[-1:] if found.after], **given)
                connection.check_constraints()  # here once: at the end of each test only what that wrote is left to look at
            except BaseException:
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)
                raise
            self.levels.append(Level(key, atomic, result))
        return moved

    def result(self) -> Any:
        return fresh(self.levels[-1].result)


def keys_of(name: str, arguments: dict[str, Any]) -> list[tuple[str, str]]:
    """Each step up to one with what it takes of the arguments: sorted by these, tests that share steps stand together."""
    return [(at, repr(sorted(_taken(STEPS[at], arguments).items()))) for at in _line(name)]


def _taken(found: Step, arguments: dict[str, Any]) -> dict[str, Any]:
    return {given: value for given, value in arguments.items() if given in found.names}


def _line(name: str) -> list[str]:
    """The names of the steps up to one."""
    return [*_line(STEPS[name].after), name] if name else []


def fresh(value: Any) -> Any:
    """The same with every model read anew: a test may change what it holds."""
    if isinstance(value, Model):
        return type(value)._base_manager.get(pk=value.pk)
    if isinstance(value, tuple | list):
        return type(value)(fresh(part) for part in value)
    return value
