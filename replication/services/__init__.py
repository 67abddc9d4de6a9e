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
from replication.services.how_to import StaleHowTo, save_how_to
from replication.services.outputs import OutputTyped, record_output, standing_output
from replication.services.visits import (
    VisitAnswered,
    VisitAsked,
    VisitTold,
    add_study_photo,
    agree_visit,
    ask_visit,
    cancel_visit,
    decline_visit,
    record_visit,
    remove_study_photo,
    tell_visit,
)

__all__ = [
    "AdoptionTyped",
    "CampaignTyped",
    "OutputTyped",
    "StaleHowTo",
    "VisitAnswered",
    "VisitAsked",
    "VisitTold",
    "add_study_photo",
    "add_targets",
    "agree_visit",
    "ask_visit",
    "cancel_visit",
    "change_campaign",
    "decline_visit",
    "drop_target",
    "end_adoption",
    "link_registration",
    "move_campaign",
    "open_campaign",
    "record_adoption",
    "record_output",
    "record_visit",
    "register_adoption",
    "remove_study_photo",
    "save_how_to",
    "set_quantities",
    "standing_output",
    "tell_visit",
]
