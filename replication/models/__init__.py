"""Replication: campaigns with their targets, adoptions with what came of them, study visits, how to copy a model."""

from replication.models.adoptions import Adoption, AdoptionOutput, CountedOutput, output_key, place_key
from replication.models.campaigns import CampaignTarget, ReplicationCampaign
from replication.models.how_to import HowTo
from replication.models.visits import StudyPhoto, StudyVisit

__all__ = [
    "Adoption",
    "AdoptionOutput",
    "CampaignTarget",
    "CountedOutput",
    "HowTo",
    "ReplicationCampaign",
    "StudyPhoto",
    "StudyVisit",
    "output_key",
    "place_key",
]
