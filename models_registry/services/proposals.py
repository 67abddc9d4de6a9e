"""Which earlier model a register's maintained rows carry on: plain matches are linked, the rest becomes questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from models_registry.audit_actions import AuditAction
from models_registry.enums import LinkReason, LinkState
from models_registry.models import (
    Continuity,
    ContinuityProposal,
    EmulationModel,
    FormerSlug,
    Registration,
)
from models_registry.registers.continuity import Decision, Earlier, Proposal
from models_registry.selectors.continuity import Book, maintained
from models_registry.services.catalogue import refresh_counts, take_latest
from models_registry.services.texts import TEXTS
from organisation.audit import record
from organisation.models import User

LOOKED_FOR = (LinkState.OPEN, LinkState.NONE)
_ASKED = ("title", "subject", "unit", "place", "place_name", "identity_key", "model__slug")


@dataclass(frozen=True)
class Connected:
    """How many registrations are linked, asked about, without a past; the models that were linked."""

    counts: dict[str, int]
    models: set[int]


def connect(book: Book, actor: User | None) -> Connected:
    """Answer what can be answered of a unit's season. The caller holds `lock_register`, and calls `show_linked` after it.

    What a person decided, or undid, is left alone; what was open is looked at again together with what is new.
    """
    rows = maintained(book.season).filter(unit=book.unit)
    rows = rows.filter(Q(continuity__isnull=True) | Q(continuity__state__in=LOOKED_FOR, continuity__is_by_hand=False))
    before = Registration.objects.in_register().filter(model=OuterRef("model"), season__year__lt=book.season.year)
    asking = list(rows.annotate(goes_on=Exists(before)).select_related("model").only(*_ASKED))
    fresh = [row for row in asking if not row.goes_on]
    decisions = book.decide([book.later(row.pk, row.title, row.subject, row.place_id, row.place_name) for row in fresh])
    by_id = {row.pk: row for row in fresh}
    links = _only_bare({pk: found.link for pk, found in decisions.items() if found.link}, by_id)
    if links:
        _link(book, links, by_id)
    states = {row.pk: LinkState.AUTO for row in asking if row.goes_on or row.pk in links}
    _keep(states, decisions, asking)
    models = {origin.model for origin in links.values()}
    if links:
        drop_taken(book.season.pk, models)
        pairs = {str(pk): origin.model for pk, origin in links.items()}
        record(actor=actor, action=AuditAction.LINK_REGISTRATIONS, target=book.unit, unit=book.unit, changes=pairs)
    found = list(Continuity.objects.filter(registration__in=[row.pk for row in asking]).values_list("state", flat=True))
    counts = {"linked": len(states), "open": found.count(LinkState.OPEN), "none": found.count(LinkState.NONE)}
    return Connected(counts, models)


def _only_bare(links: dict[int, Earlier], rows: Mapping[int, Registration]) -> dict[int, Earlier]:
    """Without those of whose own model something was made already: a person is asked to join it."""
    if not links:
        return links
    own = [model_id for pk in links if (model_id := rows[pk].model_id)]
    models = EmulationModel.objects.filter(pk__in=own)
    told = Q()
    for text in TEXTS:
        told |= ~Q(**{text: ""})
    used = set(models.filter(told).values_list("pk", flat=True))
    for relation in EmulationModel._meta.related_objects:
        name = relation.field.name
        hanging = relation.related_model._default_manager.filter(**{f"{name}__in": own})
        if relation.related_model is Registration:
            hanging = hanging.exclude(pk__in=list(links))
        used |= set(hanging.values_list(name, flat=True))
    return {pk: origin for pk, origin in links.items() if rows[pk].model_id not in used}


def _link(book: Book, links: dict[int, Earlier], rows: Mapping[int, Registration]) -> None:
    """Let registrations stand for the models that they carry on; the models that they began go, with their addresses kept."""
    begun = {pk: rows[pk].model for pk in links}
    models = EmulationModel.objects.only("title", "identity_key", "unit").in_bulk([origin.model for origin in links.values()])
    newer = Registration.objects.in_register().filter(model__in=models, season__year__gt=book.season.year)
    renamed: list[EmulationModel] = []
    older = set(newer.values_list("model", flat=True))
    seen = set(Continuity.objects.filter(registration__in=links).values_list("registration", flat=True))
    for pk, origin in links.items():
        row, model = rows[pk], models[origin.model]
        now = (row.title, row.identity_key, row.unit_id)
        if model.pk not in older and now != (model.title, model.identity_key, model.unit_id):
            model.title, model.identity_key, model.unit_id = now
            renamed.append(model)
        row.model = model
    Registration.objects.filter(pk__in=list(links)).update(is_latest=False)
    Registration.objects.bulk_update([rows[pk] for pk in links], ["model"], batch_size=500)
    EmulationModel.objects.bulk_update(renamed, ["title", "identity_key", "unit"], batch_size=500)
    known = [FormerSlug(slug=model.slug, model=rows[pk].model) for pk, model in begun.items() if pk in seen and model]
    EmulationModel.objects.filter(pk__in=[model.pk for model in begun.values() if model]).delete()
    FormerSlug.objects.bulk_create(known)


def _keep(states: dict[int, LinkState], decisions: dict[int, Decision], asking: Sequence[Registration]) -> None:
    Continuity.objects.filter(registration__in=[row.pk for row in asking]).delete()
    proposals: list[ContinuityProposal] = []
    kept = dict(states)
    for row in asking:
        if row.pk in states:
            continue
        found = decisions[row.pk]
        offered = [Proposal(found.link, LinkReason.EQUAL, 100)] if found.link else found.proposals
        kept[row.pk] = LinkState.OPEN if offered else LinkState.NONE
        proposals += [
            ContinuityProposal(continuity_id=row.pk, earlier_id=proposal.earlier.pk, reason=proposal.reason, score=proposal.score)
            for proposal in offered
        ]
    Continuity.objects.bulk_create((Continuity(registration_id=pk, state=state) for pk, state in kept.items()), batch_size=1000)
    ContinuityProposal.objects.bulk_create(proposals, batch_size=1000)


def show_linked(book: Book, models: set[int]) -> None:
    """Catalogue and board say what is so now of the book's unit, and of the models that its registrations carry on: their latest
    registration is another one. What earlier seasons hold is counted again only where it changed.
    """
    changed = take_latest(models)
    units = set(Registration.objects.filter(model__in=models).order_by().values_list("unit_id", flat=True).distinct())
    refresh_counts(season_ids={book.season.pk, *(season for season, _ in changed)}, unit_ids={book.unit.pk, *units})


def drop_taken(season_id: int, model_ids: Iterable[int]) -> None:
    """Questions of a season ask no more about models that have a registration in it now.

    Step by step: in a season that is being filled PostgreSQL knows nothing yet of how many questions there are, and takes one
    statement for all of it in an order that lasts for minutes.
    """
    of_models = Registration.objects.filter(model__in=list(model_ids))
    taken = set(of_models.filter(season=season_id).values_list("model", flat=True))
    earlier = [pk for pk, model in of_models.exclude(season=season_id).values_list("pk", "model") if model in taken]
    offered = ContinuityProposal.objects.filter(earlier__in=earlier, continuity__state=LinkState.OPEN)
    gone = dict(offered.filter(continuity__registration__season=season_id).values_list("pk", "continuity"))
    ContinuityProposal.objects.filter(pk__in=list(gone)).delete()
    left = Continuity.objects.filter(registration__in=set(gone.values()), state=LinkState.OPEN, proposals__isnull=True)
    Continuity.objects.filter(registration__in=list(left.values_list("pk", flat=True))).update(state=LinkState.NONE)
