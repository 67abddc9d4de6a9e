"""When each step of a campaign, and of a study visit, is possible. Who may do it stands in permissions."""

from models_registry.transitions import InvalidTransition
from replication.enums import CampaignAction, CampaignState, VisitAction, VisitState

TRANSITIONS = {
    CampaignAction.START: (CampaignState.PLANNED, CampaignState.RUNNING),
    CampaignAction.CLOSE: (CampaignState.RUNNING, CampaignState.CLOSED),
    CampaignAction.REOPEN: (CampaignState.CLOSED, CampaignState.RUNNING),
}
VISIT_TRANSITIONS = {
    VisitAction.AGREE: (frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.AGREED),  # once more: another day
    VisitAction.DECLINE: (frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.DECLINED),
    VisitAction.CANCEL: (frozenset({VisitState.ASKED, VisitState.AGREED}), VisitState.CANCELLED),
    VisitAction.TELL: (frozenset({VisitState.ASKED, VisitState.AGREED, VisitState.DONE}), VisitState.DONE),
}


def next_state(state: str, action: CampaignAction) -> CampaignState:
    """The state that an action leads to. Raises InvalidTransition."""
    source, target = TRANSITIONS[action]
    if state != source:
        said = CampaignState(state).label.lower()
        raise InvalidTransition(f"Chiến dịch đang ở trạng thái “{said}”, không {action.label.lower()} được. Xin tải lại trang.")
    return target


def possible(state: str) -> list[CampaignAction]:
    return [action for action, (source, _) in TRANSITIONS.items() if source == state]


def next_visit_state(state: str, action: VisitAction) -> VisitState:
    """The state that an action leads to. Raises InvalidTransition."""
    sources, target = VISIT_TRANSITIONS[action]
    if state not in sources:
        said = VisitState(state).label.lower()
        raise InvalidTransition(f"Chuyến này đang ở trạng thái “{said}”, nên không {action.label.lower()}. Xin tải lại trang.")
    return target


def visit_actions(state: str) -> list[VisitAction]:
    return [action for action, (sources, _) in VISIT_TRANSITIONS.items() if state in sources]
