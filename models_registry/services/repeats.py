"""One registration sent twice in a season, by a unit that ended in its course and by its heir: asked about, and counted once.

The first one stays the season's registration, at its heir, with its day, its decisions and its model. The one that was sent again
leaves the register, so that no figure of any day counts it; what its own model has goes over to the first one's.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from common.dates import read_day, today
from common.exceptions import DomainError, NotAllowed
from common.text import quoted
from models_registry.audit_actions import AuditAction
from models_registry.enums import LinkState, State
from models_registry.models import ModelJoin, Registration, Repeat, Season
from models_registry.permissions import heir_of
from models_registry.selectors import repeats as asked
from models_registry.selectors.continuity import Book
from models_registry.services.catalogue import latest_again, refresh_counts
from models_registry.services.handovers import hand_over, take_back
from models_registry.services.joins import join, part_again
from models_registry.services.locks import lock_models
from organisation.audit import record
from organisation.models import Unit, User
from organisation.tree import unit_tree

_GONE = "Câu hỏi này không còn: đăng ký vừa được sửa hoặc đã trả lời. Xin mở lại trang."


def ask_repeats(season: Season, unit: Unit) -> int:
    """Ask again which of a unit's registrations were sent in the season before, by units that ended. Returns how many are asked
    about; a fixed number of queries, none but one where no unit ended.
    """
    standing = asked.standing_in(season)
    if standing is None:
        return 0
    if unit.pk in standing.ended:  # what it sent late may be what its heirs have sent
        there = (
            asked.heirs_in(season, unit, standing).filter(registrations__season=season).exclude(pk__in=standing.ended).distinct()
        )
        return sum(ask_repeats(season, heir) for heir in there)
    book, answered = Book(season, unit), asked.answered_pairs(season, unit)
    rows = asked.standing_rows(season, unit)
    asking = [book.later(row.pk, row.title, row.subject, row.place_id, row.place_name) for row in rows]
    found = [
        Repeat(registration_id=pk, earlier_id=proposal.earlier.pk, reason=proposal.reason, score=proposal.score)
        for pk, proposals in asked.already_sent(book, standing, asking).items()
        for proposal in proposals
        if (pk, proposal.earlier.pk) not in answered
    ]
    Repeat.objects.filter(registration__season=season, registration__unit=unit, state=LinkState.OPEN).delete()
    Repeat.objects.bulk_create(found, ignore_conflicts=True)
    return len({repeat.registration_id for repeat in found})


@transaction.atomic
def confirm_repeat(*, repeat_id: int, actor: User) -> Registration:
    """Take a registration out of the register because the earlier one is the same. Returns the earlier one.

    Raises NotAllowed, DomainError where someone was quicker, or where the later one has a dossier, a decision, a campaign already.
    """
    repeat = _locked(repeat_id, actor)
    later, earlier = repeat.registration, repeat.earlier
    if repeat.state != LinkState.OPEN or later.registered_on is None:
        raise DomainError(_was_quicker(repeat))
    if earlier.withdrawn_on or later.withdrawn_on:
        raise DomainError("Một trong hai đăng ký vừa được rút. Xin mở lại trang.")
    if built := built_on(later):
        raise DomainError(
            f"{quoted(later)} đã có {built}, nên không bỏ ra được: xin rút {quoted(earlier)} ({earlier.unit_name}) nếu là một."
        )
    model, kept = later.model, earlier.model
    repeat.before = {"registered_on": later.registered_on.isoformat(), "state": later.state, "model": later.model_id}
    later.model, later.registered_on, later.is_latest = None, None, False
    later.state, later.withdrawn_on = State.WITHDRAWN, today()
    later.save(update_fields=["model", "registered_on", "is_latest", "state", "withdrawn_on"])
    if model and kept:
        join(kept=kept, joined=model, actor=actor, answered=later)
    tree = unit_tree()
    if heir_of(earlier, tree) is None and tree.exists(
        later.unit_id, today()
    ):  # it waits to be assigned: who sent it again carries it on
        note = f"{earlier.unit_name} → {later.unit_name}"
        if hand_over(earlier, later.unit, actor, note=note, again=hasattr(earlier, "handover")):
            repeat.before["assigned"] = today().isoformat()
    _decide(repeat, LinkState.CONFIRMED, actor)
    Repeat.objects.filter(state=LinkState.OPEN, registration=later).delete()
    refresh_counts(season_ids=[later.season_id], unit_ids=[later.unit_id])
    _record(repeat, AuditAction.SAME_REGISTRATION, actor)
    return earlier


@transaction.atomic
def refuse_repeats(*, registration_id: int, actor: User) -> None:
    """A registration is none of those that it may be again. Raises NotAllowed, DomainError."""
    for pk in list(Repeat.objects.filter(registration=registration_id).order_by("pk").values_list("pk", flat=True)):
        repeat = _locked(pk, actor)
        if repeat.state == LinkState.CONFIRMED:
            raise DomainError(_was_quicker(repeat))
        if repeat.state == LinkState.OPEN:
            _decide(repeat, LinkState.REFUSED, actor)
            _record(repeat, AuditAction.OTHER_REGISTRATION, actor)


@transaction.atomic
def undo_repeat(*, repeat_id: int, actor: User) -> Registration:
    """Put a registration back into the register as it was, with its model; it is asked about again. Raises NotAllowed, DomainError."""
    repeat = _locked(repeat_id, actor)
    later, before = repeat.registration, repeat.before
    if repeat.state != LinkState.CONFIRMED:
        raise DomainError("Đăng ký này vừa được đưa lại vào sổ. Xin mở lại trang.")
    same = Registration.objects.in_register().filter(season=later.season_id, unit=later.unit_id, identity_key=later.identity_key)
    if same.exists():
        raise DomainError(f"Trong sổ nay đã có {quoted(later)} khác, cùng địa bàn và người thực hiện.")
    made = ModelJoin.objects.select_for_update(of=("self",)).filter(registration=later, undone_at=None).first()
    if made:
        part_again(made, actor)
    if since := before.get("assigned"):
        take_back(repeat.earlier, date.fromisoformat(since), actor)
    _decide(repeat, LinkState.OPEN, actor)
    later.model_id, later.registered_on = before["model"], read_day(before["registered_on"])
    later.state, later.withdrawn_on = before["state"], None
    later.save(update_fields=["model", "registered_on", "state", "withdrawn_on"])
    latest_again([before["model"]])
    refresh_counts(season_ids=[later.season_id], unit_ids=[later.unit_id])
    _record(repeat, AuditAction.UNDO_SAME_REGISTRATION, actor)
    return later


def _locked(repeat_id: int, actor: User) -> Repeat:
    """The question with all that an answer changes, locked, for who may answer."""
    repeat = Repeat.objects.select_related("registration", "earlier").filter(pk=repeat_id).first()
    if repeat is None:
        raise DomainError(_GONE)
    if not asked.answerable(actor).filter(pk=repeat.registration_id).exists():
        raise NotAllowed("Vai trò của đồng chí không trả lời cho đăng ký của đơn vị này.")
    rows = [repeat.registration, repeat.earlier]
    models = {row.model_id for row in rows if row.model_id} | {repeat.before.get("model")} - {None}
    lock_models(models, units=[row.unit_id for row in rows])
    list(Registration.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    locked = Repeat.objects.select_for_update(of=("self",)).filter(pk=repeat_id)
    repeat = locked.select_related("registration__model", "earlier__model", "decided_by").first()
    if repeat is None:
        raise DomainError(_GONE)
    return repeat


def built_on(later: Registration) -> str:
    """What apps above hang on a registration, in words."""
    for relation in Registration._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: later})
        if relation.related_model._meta.app_label != Registration._meta.app_label and rows.exists():
            return str(relation.related_model._meta.verbose_name)
    return ""


def _decide(repeat: Repeat, state: LinkState, actor: User) -> None:
    is_open = state == LinkState.OPEN
    repeat.state, repeat.before = state, repeat.before if state == LinkState.CONFIRMED else {}
    repeat.decided_by, repeat.decided_at = (None, None) if is_open else (actor, timezone.now())
    repeat.save()


def _record(repeat: Repeat, action: AuditAction, actor: User) -> None:
    later, earlier = repeat.registration, repeat.earlier
    note = f"{earlier} ({earlier.unit_name})"
    record(actor=actor, action=action, target=later, unit=later.unit, note=note, changes={"earlier": earlier.pk})


def _was_quicker(repeat: Repeat) -> str:
    if repeat.state == LinkState.OPEN:
        return _GONE
    answer = "là một" if repeat.state == LinkState.CONFIRMED else "không phải một"
    return f"Câu hỏi này đã được trả lời rồi ({answer}, {repeat.decided_by}). Xin mở lại trang."
