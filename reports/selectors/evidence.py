"""What stands behind a finding or a number of the text: the dates of registrations, places, campaigns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.addresses import PageLink, link_to
from common.dates import write_day
from models_registry.models import Registration
from recognition.models import Dossier, Recognition
from replication.models import Adoption, ReplicationCampaign


def facts_about(ids: Iterable[int], day: date) -> dict[int, list[str]]:
    """{registration: when it was registered, withdrawn, proposed, recognised by which decision, by the day}. Three queries."""
    wanted, found = list(ids), defaultdict[int, list[str]](list)
    for row in Registration.objects.filter(pk__in=wanted).only("registered_on", "withdrawn_on"):
        if row.registered_on:
            found[row.pk].append(f"đăng ký {write_day(row.registered_on)}")
        if row.withdrawn_on:
            found[row.pk].append(f"rút {write_day(row.withdrawn_on)}")
    dossiers = Dossier.objects.filter(registration__in=wanted, proposed_on__lte=day).order_by("proposed_on", "pk")
    for pk, proposed, withdrawn in dossiers.values_list("registration", "proposed_on", "withdrawn_on"):
        assert proposed, "the query asks for one"
        found[pk].append(f"đề nghị {write_day(proposed)}" + (f", rút {write_day(withdrawn)}" if withdrawn else ""))
    recognitions = Recognition.objects.filter(registration__in=wanted, decision__decided_on__lte=day).select_related("decision")
    for one in recognitions.order_by("decision__decided_on", "pk"):
        revoked = f", hủy {write_day(one.revoked_on)}" if one.revoked_on else ""
        found[one.registration_id].append(
            f"công nhận {write_day(one.decision.decided_on)} (Quyết định {one.decision.number}{revoked})"
        )
    return found


@dataclass(frozen=True)
class Place:
    """A place that took a model on, or a campaign: its line in a list."""

    title: str
    href: PageLink
    who: str
    where: str
    since: date


def adoptions_in(ids: Iterable[int]) -> list[Place]:
    found = Adoption.objects.select_related("origin").in_bulk(list(ids))
    return [
        Place(
            one.origin.title,
            link_to("portal:model", one.origin.slug),
            one.who,
            ", ".join(filter(None, (one.place, one.unit_name))),
            one.adopted_on,
        )
        for one in (found.get(pk) for pk in ids)
        if one
    ]


def campaigns_in(ids: Iterable[int]) -> list[Place]:
    found = ReplicationCampaign.objects.select_related("source").in_bulk(list(ids))
    return [
        Place(one.title, link_to("replication:campaign", one.pk), one.source.title, one.unit_name, one.starts_on)
        for one in (found.get(pk) for pk in ids)
        if one
    ]
