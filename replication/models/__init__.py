"""Replication: campaigns with their targets, adoptions with what came of them."""

from replication.models.adoptions import Adoption, AdoptionOutput, CountedOutput, output_key, place_key
from replication.models.campaigns import CampaignTarget, ReplicationCampaign

__all__ = ["Adoption", "AdoptionOutput", "CampaignTarget", "CountedOutput", "ReplicationCampaign", "output_key", "place_key"]
