"""What a person decides of a maintained registration: it carries this model on, none of those, or not what was linked."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.enums import DECIDED, LINKED, Kind, LinkReason, LinkState
from models_registry.models import Continuity, ContinuityProposal, EmulationModel, ModelJoin, RegisterImport, Registration, Season
from models_registry.selectors.continuity import Book, linkable, origins_of
from models_registry.services.joins import join, part, part_again
from models_registry.services.locks import lock_models, lock_register
from models_registry.services.proposals import connect, show_linked
from models_registry.services.repeats import ask_repeats
from organisation.audit import record
from organisation.models import Unit, User


@transaction.atomic
def confirm_link(*, registration_id: int, proposal_id: int, actor: User) -> Registration:
    """Let a registration carry on the model that was proposed; what carries it on in turn comes along.

    Raises NotAllowed, DomainError where someone was quicker, or where the model has a registration in that season.
    """
    target = ContinuityProposal.objects.filter(pk=proposal_id, continuity=registration_id).values_list(
        "earlier__model", flat=True
    )
    registration = _asked(registration_id, actor, also=target.first())
    found = ContinuityProposal.objects.filter(pk=proposal_id, continuity=registration_id)
    return _carry_on(registration, found.select_related("earlier__model").first(), actor)


@transaction.atomic
def link_found(*, registration_id: int, earlier_id: int, actor: User) -> Registration:
    """Let a registration carry on the model of an earlier one that was not proposed: a person searched for it.

    Raises NotAllowed, DomainError as `confirm_link` does.
    """
    target = Registration.objects.filter(pk=earlier_id).values_list("model", flat=True)
    registration = _asked(registration_id, actor, also=target.first())
    earlier = Book(registration.season, registration.unit).free().filter(pk=earlier_id).first()
    offered = None
    if earlier and registration.continuity.state not in LINKED:
        offered, _ = ContinuityProposal.objects.get_or_create(
            continuity=registration.continuity, earlier=earlier, defaults={"reason": LinkReason.FOUND, "score": 0}
        )
    return _carry_on(registration, offered, actor)


def _carry_on(registration: Registration, offered: ContinuityProposal | None, actor: User) -> Registration:
    continuity = registration.continuity
    if continuity.state in LINKED:
        raise DomainError(_was_quicker(continuity))
    if offered is None or registration.model is None or offered.earlier.model is None:
        raise DomainError("Gợi ý này không còn: mô hình ấy vừa được nối với đăng ký khác. Xin mở lại trang.")
    kept = offered.earlier.model
    join(kept=kept, joined=registration.model, actor=actor, answered=registration)
    _decide(registration, LinkState.CONFIRMED, actor, changes={"model": kept.slug, "earlier": offered.earlier_id})
    registration.refresh_from_db()
    return registration


@transaction.atomic
def refuse_link(*, registration_id: int, actor: User) -> None:
    """None of the proposed models is it. Raises NotAllowed, DomainError."""
    registration = _asked(registration_id, actor)
    if registration.continuity.state in LINKED:
        raise DomainError(_was_quicker(registration.continuity))
    if registration.continuity.state != LinkState.REFUSED:
        _decide(registration, LinkState.REFUSED, actor)


@transaction.atomic
def undo_link(*, registration_id: int, actor: User) -> None:
    """Take a decision or a link back: the registration is asked about again, and no more linked by the portal itself.

    A link is parted with all that carried the registration on since. Raises NotAllowed, DomainError.
    """
    registration = _asked(registration_id, actor)
    continuity = registration.continuity
    if continuity.state not in (*LINKED, LinkState.REFUSED):
        raise DomainError("Đăng ký này chưa nối với mô hình nào, hoặc vừa được gỡ.")
    origin = origins_of([registration]).get(registration.pk)
    if continuity.state in LINKED and registration.model:
        made = ModelJoin.objects.select_for_update(of=("self",)).filter(registration=registration, undone_at=None).first()
        if made:
            part_again(made, actor)
        elif origin:
            part(registration.model, registration.season.year, "", actor)
    was_none = continuity.state == LinkState.REFUSED and not continuity.proposals.exists()
    _decide(registration, LinkState.NONE if was_none else LinkState.OPEN, actor, action=AuditAction.UNDO_LINK)
    if origin:
        ContinuityProposal.objects.get_or_create(
            continuity=continuity, earlier=origin, defaults={"reason": LinkReason.EQUAL, "score": 100}
        )


@transaction.atomic
def look_again(*, season: Season, unit: Unit, actor: User | None) -> dict[str, int]:
    """Look once more for what a unit's registrations carry on: registers of earlier seasons may have come since. `actor` None is
    the portal itself.
    """
    book = Book(season, unit)
    lock_register(book)
    if actor is not None and not linkable(actor).filter(season=season, unit=unit).exists():
        raise NotAllowed("Vai trò của đồng chí không nối đăng ký của đơn vị này.")
    connected = connect(book, actor)
    show_linked(book, connected.models)
    ask_repeats(season, unit)
    return connected.counts


def apply_answers(upload: RegisterImport, actor: User) -> None:
    """Do what was answered before an upload was stored. What cannot be done any more, since someone was quicker, stays open."""
    answers = upload.answers or {}
    rows = Registration.objects.filter(imported_by=upload, imported_from__in=answers, continuity__isnull=False)
    asked = list(rows.order_by("pk").values_list("pk", "imported_from", "model", "continuity__state"))
    models = dict(Registration.objects.filter(pk__in=answers.values()).values_list("pk", "model"))
    asked = [row for row in asked if row[3] != LinkState.AUTO or models.get(answers[row[1]]) != row[2]]
    for pk, _, _, state in asked:  # all of them before the first is linked again: two rows may change places
        if state == LinkState.AUTO:
            undo_link(registration_id=pk, actor=actor)
    for pk, source, _, _ in asked:
        chosen = ContinuityProposal.objects.filter(continuity=pk, earlier=answers[source]).first()
        try:
            if chosen:
                confirm_link(registration_id=pk, proposal_id=chosen.pk, actor=actor)
            elif answers[source]:
                link_found(registration_id=pk, earlier_id=answers[source], actor=actor)
            else:
                refuse_link(registration_id=pk, actor=actor)
        except DomainError:
            continue


def keep_copied(registration: Registration, actor: User) -> None:
    """A person chose last year's registration to carry on: that is a decision."""
    Continuity.objects.create(registration=registration, state=LinkState.CONFIRMED, decided_by=actor, decided_at=timezone.now())


def units_to_search(registration_id: int) -> frozenset[int]:
    """Units that must be locked before a registration is accepted, for what it may carry on."""
    row = Registration.objects.select_related("season", "unit").get(pk=registration_id)
    asks = row.kind == Kind.MAINTAINED and row.model_id is None
    return Book(row.season, row.unit).units if asks else frozenset()


def plain_match(registration: Registration) -> EmulationModel | None:
    """The model that one which was typed carries on without a doubt."""
    book = Book(registration.season, registration.unit)
    asking = book.later(0, registration.title, registration.subject, registration.place_id, registration.place_name)
    link = book.decide([asking])[0].link
    return EmulationModel.objects.get(pk=link.model) if link else None


def settle_typed(registration: Registration, actor: User) -> None:
    """Keep what became of one that was typed and accepted. The caller holds the locks of `units_to_search`."""
    if registration.kind == Kind.MAINTAINED and not hasattr(registration, "continuity"):
        book = Book(registration.season, registration.unit)
        show_linked(book, connect(book, actor).models)


def _asked(registration_id: int, actor: User, also: int | None = None) -> Registration:
    """The registration and its question, with the model `also`, all locked, for who may answer."""
    if not linkable(actor).filter(pk=registration_id, continuity__isnull=False).exists():
        raise NotAllowed("Vai trò của đồng chí không nối đăng ký của đơn vị này.")
    unit_id, model_id = Registration.objects.values_list("unit", "model").get(pk=registration_id)
    lock_models([one for one in (model_id, also) if one], units=[unit_id])
    Continuity.objects.select_for_update().get(pk=registration_id)
    return Registration.objects.select_related("season", "unit", "model", "continuity__decided_by").get(pk=registration_id)


def _decide(
    registration: Registration, state: LinkState, actor: User, *, action: AuditAction | None = None, changes: Any = None
) -> None:
    continuity = registration.continuity
    before, continuity.state = continuity.state, state
    is_decided = state in DECIDED
    continuity.decided_by, continuity.decided_at = (actor, timezone.now()) if is_decided else (None, None)
    continuity.is_by_hand = True
    continuity.save()
    action = action or (AuditAction.CONFIRM_LINK if state == LinkState.CONFIRMED else AuditAction.REFUSE_LINK)
    changed = {"state": [before, state]} | (changes or {})
    record(actor=actor, action=action, target=registration, unit=registration.unit, changes=changed)


def _was_quicker(continuity: Continuity) -> str:
    who = f", {continuity.decided_by}" if continuity.decided_by else ""
    return f"Đăng ký này đã được nối với năm trước rồi ({continuity.get_state_display().lower()}{who}). Xin mở lại trang."
