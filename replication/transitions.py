"""When each step of a campaign, and of a study visit, is possible. Who may do it stands in permissions."""

from common.transitions import InvalidTransition, Transition
from replication.enums import CampaignAction, CampaignState, VisitAction, VisitState

TRANSITIONS = {
    CampaignAction.START: Transition(frozenset({CampaignState.PLANNED}), CampaignState.RUNNING),
    CampaignAction.CLOSE: Transition(frozenset({CampaignState.RUNNING}), CampaignState.CLOSED),
    CampaignAction.REOPEN: Transition(frozenset({CampaignState.CLOSED}), CampaignState.RUNNING),
}
VISIT_TRANSITIONS = {
    VisitAction.AGREE: Transition(frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.AGREED),  # once more: another day
    VisitAction.DECLINE: Transition(frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.DECLINED),
    VisitAction.CANCEL: Transition(frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.CANCELLED),
    VisitAction.TELL: Transition(frozenset({VisitState.ASKED, VisitState.AGREED, VisitState.DONE}), VisitState.DONE),
}


def next_state(state: str, action: CampaignAction) -> CampaignState:
    """The state that an action leads to. Raises InvalidTransition."""
    transition = TRANSITIONS[action]
    if state not in transition.sources:
        said = CampaignState(state).label.lower()
        raise InvalidTransition(f"Chiến dịch đang ở trạng thái “{said}”, không {action.label.lower()} được. Xin tải lại trang.")
    return transition.target


def possible(state: str) -> list[CampaignAction]:
    return [action for action, transition in TRANSITIONS.items() if state in transition.sources]


def next_visit_state(state: str, action: VisitAction) -> VisitState:
    """The state that an action leads to. Raises InvalidTransition."""
    transition = VISIT_TRANSITIONS[action]
    if state not in transition.sources:
        said = VisitState(state).label.lower()
        raise InvalidTransition(f"Chuyến này đang ở trạng thái “{said}”, nên không {action.label.lower()}. Xin tải lại trang.")
    return transition.target


def visit_actions(state: str) -> list[VisitAction]:
    return [action for action, transition in VISIT_TRANSITIONS.items() if state in transition.sources]
