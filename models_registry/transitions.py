"""When each action is possible: the one table of the registration workflow. Who may do it stands in permissions."""

from datetime import timedelta

from common.transitions import InvalidTransition, Transition
from models_registry.enums import Action, State

TRANSITIONS = {
    Action.SUBMIT: Transition(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
    Action.RETURN: Transition(frozenset({State.SUBMITTED}), State.RETURNED),
    Action.ACCEPT: Transition(frozenset({State.SUBMITTED}), State.ACCEPTED),
    Action.WITHDRAW: Transition(frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED}), State.WITHDRAWN),
    Action.REOPEN: Transition(frozenset({State.ACCEPTED, State.WITHDRAWN}), State.RETURNED),
    Action.UNDO: Transition(frozenset({State.ACCEPTED, State.RETURNED}), State.SUBMITTED),
}
UNDO_WITHIN = timedelta(minutes=10)  # a checker's decision, by the one who made it, until the unit has opened it


def can_happen(state: str, action: Action) -> bool:
    return state in TRANSITIONS[action].sources


def next_state(state: str, action: Action) -> State:
    """The state that an action leads to. Raises InvalidTransition."""
    transition = TRANSITIONS[action]
    if state not in transition.sources:
        done = State(state).label.lower()
        raise InvalidTransition(f"Đăng ký này đang ở trạng thái “{done}”, không {action.label.lower()} được nữa.")
    return transition.target
