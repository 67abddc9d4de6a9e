"""When each step of a campaign is possible. Who may do it stands in permissions."""

from models_registry.transitions import InvalidTransition
from replication.enums import CampaignAction, CampaignState

TRANSITIONS = {
    CampaignAction.START: (CampaignState.PLANNED, CampaignState.RUNNING),
    CampaignAction.CLOSE: (CampaignState.RUNNING, CampaignState.CLOSED),
    CampaignAction.REOPEN: (CampaignState.CLOSED, CampaignState.RUNNING),
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
