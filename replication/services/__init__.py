"""Every write of replication."""

from replication.services.adoptions import (
    AdoptionTyped,
    end_adoption,
    link_registration,
    record_adoption,
    register_adoption,
)
from replication.services.campaigns import (
    CampaignTyped,
    add_targets,
    change_campaign,
    drop_target,
    move_campaign,
    open_campaign,
    set_quantities,
)
from replication.services.outputs import OutputTyped, record_output, standing_output

__all__ = [
    "AdoptionTyped",
    "CampaignTyped",
    "OutputTyped",
    "add_targets",
    "change_campaign",
    "drop_target",
    "end_adoption",
    "link_registration",
    "move_campaign",
    "open_campaign",
    "record_adoption",
    "record_output",
    "register_adoption",
    "set_quantities",
    "standing_output",
]
