"""When each step of a round and of a dossier is possible. Who may do it stands in permissions."""

from dataclasses import dataclass

from common.transitions import InvalidTransition, Transition
from recognition.enums import DossierAction, DossierState, Phase

NEXT_PHASE = {
    Phase.PREPARING: Phase.PROPOSING,
    Phase.PROPOSING: Phase.SCORING,
    Phase.SCORING: Phase.JOINT,
    Phase.JOINT: Phase.MEETING,
    Phase.MEETING: Phase.DECIDING,
    Phase.DECIDING: Phase.CLOSED,
}
PREVIOUS_PHASE = {after: before for before, after in NEXT_PHASE.items()}


@dataclass(frozen=True)
class DossierTransition(Transition[DossierState]):
    phases: frozenset[Phase]


# In the independent phase dossiers still come back: what was returned, and of units that were given more time.
_OPEN = frozenset({Phase.PROPOSING, Phase.SCORING})
_UNDECIDED = frozenset(Phase) - {Phase.DECIDING, Phase.CLOSED}
TRANSITIONS = {
    DossierAction.SEND: DossierTransition(frozenset({DossierState.PREPARING, DossierState.RETURNED}), DossierState.SENT, _OPEN),
    DossierAction.RETURN: DossierTransition(frozenset({DossierState.SENT}), DossierState.RETURNED, _OPEN),
    DossierAction.COMPLETE: DossierTransition(frozenset({DossierState.SENT}), DossierState.COMPLETE, _OPEN),
    DossierAction.WITHDRAW: DossierTransition(
        frozenset({DossierState.SENT, DossierState.RETURNED, DossierState.COMPLETE}), DossierState.WITHDRAWN, _UNDECIDED
    ),
}


def can_happen(state: str, action: DossierAction, phase: str) -> bool:
    transition = TRANSITIONS[action]
    return state in transition.sources and phase in transition.phases


def next_state(state: str, action: DossierAction, phase: str) -> DossierState:
    """The state that an action leads to. Raises InvalidTransition."""
    transition = TRANSITIONS[action]
    if state not in transition.sources:
        done = DossierState(state).label.lower()
        raise InvalidTransition(f"Hồ sơ này đang ở trạng thái “{done}”, không {action.label.lower()} được nữa.")
    if phase not in transition.phases:
        said = f"Đợt xét đang ở bước “{Phase(phase).label.lower()}”, không {action.label.lower()} hồ sơ được nữa."
        raise InvalidTransition(said)
    return transition.target


def next_phase(phase: str) -> Phase:
    """The phase after this one. Raises InvalidTransition at the last."""
    following = NEXT_PHASE.get(Phase(phase))
    if following is None:
        raise InvalidTransition(f"Đợt xét đang ở bước “{Phase(phase).label.lower()}”, chưa chuyển tiếp được.")
    return following


def previous_phase(phase: str) -> Phase:
    """The phase before this one. Raises InvalidTransition at the first."""
    before = PREVIOUS_PHASE.get(Phase(phase))
    if before is None:
        raise InvalidTransition(f"Đợt xét đang ở bước “{Phase(phase).label.lower()}”, là bước đầu.")
    return before
