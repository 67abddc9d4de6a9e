"""Workflows as tables: from which states an action leads where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from common.exceptions import DomainError

State = TypeVar("State", bound=str)


class InvalidTransition(DomainError):
    """The thing is no longer in a state in which this can be done: someone was there before."""


@dataclass(frozen=True)
class Transition(Generic[State]):
    sources: frozenset[State]
    target: State


def diagram(first: str, steps: Iterable[tuple[str, Transition[Any]]]) -> str:
    """What leads from state to state, each (action, transition), as a Mermaid diagram that begins with `first`."""
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    for action, transition in steps:
        lines += [f"    {source} --> {transition.target}: {action}" for source in sorted(transition.sources)]
    return "\n".join(lines)
