"""Two models that are one are joined, one that is two is parted. Frozen reports and decisions stay as they are."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ManyToManyField, QuerySet
from django.utils import timezone

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines, quoted
from models_registry.audit_actions import AuditAction
from models_registry.models import EmulationModel, FormerSlug, ModelJoin, Registration
from models_registry.permissions import can_join
from models_registry.services.catalogue import latest_again, refresh_counts
from models_registry.services.lines import begin_model
from models_registry.services.locks import lock_models
from models_registry.services.proposals import drop_taken
from organisation.audit import record
from organisation.models import User

_WORDS = ("title", "identity_key", "unit_id", "why", "how", "cost", "outcome", "spread", "began")
_OWN = (Registration, FormerSlug, ModelJoin, EmulationModel)  # moved by rules of their own, or not at all
_rules: list[Callable[[EmulationModel, EmulationModel], str]] = []


def keeps_apart(rule: Callable[[EmulationModel, EmulationModel], str]) -> Callable[[EmulationModel, EmulationModel], str]:
    """Register what an app above knows against joining two models: (kept, joined) -> why not, or nothing."""
    _rules.append(rule)
    return rule


@transaction.atomic
def join_models(*, kept_id: int, joined_id: int, reason: str, actor: User) -> ModelJoin:
    """Join a model to another one that it is. Raises NotAllowed, DomainError."""
    locked = lock_models([kept_id, joined_id])
    if kept_id == joined_id or len(locked) < 2:
        raise DomainError("Xin chọn một mô hình khác để nhập vào.")
    _check(actor, locked.values())
    return join(kept=locked[kept_id], joined=locked[joined_id], reason=_said(reason), actor=actor)


def join(*, kept: EmulationModel, joined: EmulationModel, actor: User, reason: str = "", answered: Any = None) -> ModelJoin:
    """Move all that `joined` has to `kept`; both were locked by `lock_models`. Raises DomainError with what is against it."""
    if blocker := what_keeps_apart(kept, joined):
        raise DomainError(blocker)
    rows = list(Registration.objects.filter(model=joined).select_related("season"))
    old = {name: getattr(kept, name) for name in _WORDS}
    _take_words(kept, joined, rows)
    before = {name: [value, getattr(kept, name)] for name, value in old.items() if value != getattr(kept, name)}
    moved = {"registrations": [row.pk for row in rows]} | _move_what_hangs_on(joined, kept)
    _move(rows, kept)
    joined.joined_to = kept
    joined.save(update_fields=["joined_to"])
    made = ModelJoin.objects.create(
        kept=kept, joined=joined, registration=answered, reason=reason, moved=moved, before=before, made_by=actor
    )
    _show([kept])
    unit = answered.unit if answered else kept.unit
    changes = {"joined": joined.slug, "registrations": moved["registrations"]}
    record(actor=actor, action=AuditAction.JOIN_MODELS, target=kept, unit=unit, note=reason, changes=changes)
    return made


def what_keeps_apart(kept: EmulationModel, joined: EmulationModel) -> str:
    """Why two models cannot be one; empty when nothing is against it."""
    if kept.joined_to_id or joined.joined_to_id:
        return "Một trong hai mô hình vừa được nhập vào mô hình khác. Xin mở lại trang."
    mine = {row.season_id: row for row in Registration.objects.filter(model=kept).select_related("season")}
    for row in Registration.objects.filter(model=joined, season__in=mine).select_related("season").order_by("season__year"):
        other = mine[row.season_id]
        return (
            f"Năm {row.season} cả hai đều có đăng ký: {quoted(other)} ({other.unit_name}) và {quoted(row)} ({row.unit_name}). "
            "Một mô hình chỉ có một đăng ký mỗi năm; xin rút một trong hai nếu là một việc."
        )
    return next((said for rule in _rules if (said := rule(kept, joined))), "")


@transaction.atomic
def undo_join(*, join_id: int, actor: User) -> EmulationModel:
    """Part again what was joined: everything that came with the joined model goes back to it."""
    made = ModelJoin.objects.get(pk=join_id)
    locked = lock_models([_standing(made.kept).pk, made.kept_id, made.joined_id])
    _check(actor, locked.values())
    return part_again(ModelJoin.objects.select_for_update(of=("self",)).get(pk=join_id), actor)


def part_again(made: ModelJoin, actor: User) -> EmulationModel:
    """`undo_join` for who holds the locks. Raises DomainError where someone was quicker."""
    if made.undone_at:
        day = write_day(timezone.localdate(made.undone_at))
        raise DomainError(f"{made.undone_by} đã tách lại hai mô hình này rồi, ngày {day}.")
    joined, kept = EmulationModel.objects.get(pk=made.joined_id), _standing(made.kept)
    joined.joined_to = None
    joined.save(update_fields=["joined_to"])
    rows = list(Registration.objects.filter(model=kept, pk__in=made.moved["registrations"]).select_related("season"))
    rows += _since(kept, rows)
    for label, ids in made.moved.items():
        for table, name in _hanging():
            if _label(table, name) == label:
                table.filter(pk__in=ids, **{name: kept}).update(**{name: joined})
    _move(rows, joined)
    _give_back_words(kept, made.before)
    made.undone_at, made.undone_by = timezone.now(), actor
    made.save(update_fields=["undone_at", "undone_by"])
    _show([kept, joined])
    changes = {"parted": joined.slug, "registrations": [row.pk for row in rows]}
    record(actor=actor, action=AuditAction.PART_MODELS, target=kept, unit=kept.unit, changes=changes)
    return joined


@transaction.atomic
def part_model(*, model_id: int, year: int, reason: str, actor: User) -> EmulationModel:
    """Part a model that is two: its registrations from a season on become another model. Raises NotAllowed, DomainError."""
    model = lock_models([model_id])[model_id]
    _check(actor, [model])
    return part(model, year, _said(reason), actor)


def part(model: EmulationModel, year: int, reason: str, actor: User) -> EmulationModel:
    """`part_model` for who holds the locks. What was measured since that season opened goes along."""
    rows = list(Registration.objects.filter(model=model).select_related("season").order_by("season__year"))
    gone = [row for row in rows if row.season.year >= year]
    if not gone or len(gone) == len(rows):
        raise DomainError("Chọn năm mà từ đó là mô hình khác; mỗi bên phải còn ít nhất một đăng ký.")
    newest = gone[-1]
    made = begin_model(title=newest.title or model.title, unit_id=newest.unit_id, identity=newest.identity_key)
    made.save()
    since: date = gone[0].season.opens_on
    model.measures.filter(as_of__gte=since).update(model=made)
    _move(gone, made)
    stays = rows[len(rows) - len(gone) - 1]
    if not model.source:
        model.title, model.identity_key, model.unit_id = stays.title, stays.identity_key, stays.unit_id
        model.save(update_fields=["title", "identity_key", "unit"])
    _show([model, made])
    changes = {"parted": made.slug, "from": year, "registrations": [row.pk for row in gone]}
    record(actor=actor, action=AuditAction.PART_MODEL, target=model, unit=model.unit, note=reason, changes=changes)
    return made


def _check(actor: User, models: Iterable[EmulationModel]) -> None:
    if not can_join(actor, models):
        raise NotAllowed("Vai trò của đồng chí không nhập hay tách các mô hình này.")


def _said(reason: str) -> str:
    said = clean_lines(reason)
    if len(said) < 5:
        raise DomainError("Xin ghi lý do.")
    return said[:1000]


def _standing(model: EmulationModel) -> EmulationModel:
    """Where a model's registrations stand now."""
    while model.joined_to:
        model = model.joined_to
    return model


def _since(kept: EmulationModel, moved: list[Registration]) -> list[Registration]:
    """Registrations that carried on the newest of those moved."""
    years = [row.season.year for row in moved]
    ids = [row.pk for row in moved]
    others = list(Registration.objects.filter(model=kept).exclude(pk__in=ids).select_related("season"))
    own = [row for row in others if row.season.year < max(years, default=0)]
    return [row for row in others if row.season.year > max(years)] if years and own else []


def _move(rows: list[Registration], to: EmulationModel) -> None:
    taken = Registration.objects.filter(model=to).order_by("-taken").values_list("taken", flat=True).first() or 0
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(model=to, is_latest=False, taken=taken)


def _take_words(kept: EmulationModel, joined: EmulationModel, rows: list[Registration]) -> None:
    """The page says what the newest registration says, unless it quotes a source."""
    newest = max((row.season.year for row in rows if row.registered_on), default=0)
    if Registration.objects.in_register().filter(model=kept, season__year__gte=newest).exists():
        return
    kept.title, kept.identity_key, kept.unit_id = joined.title, joined.identity_key, joined.unit_id
    for name in _WORDS[3:] if not kept.source else ():
        setattr(kept, name, getattr(joined, name) or getattr(kept, name))
    kept.save(update_fields=[name.removesuffix("_id") for name in _WORDS])


def _give_back_words(kept: EmulationModel, before: dict[str, list[Any]]) -> None:
    """What was written since the join stays."""
    for name, (old, new) in before.items():
        if getattr(kept, name) == new:
            setattr(kept, name, old)
    kept.save(update_fields=[name.removesuffix("_id") for name in _WORDS])


def _hanging() -> Iterable[tuple[QuerySet[Any], str]]:
    """(rows, name of their key) of everything that belongs to a model, in whatever app."""
    for relation in EmulationModel._meta.related_objects:
        if relation.related_model in _OWN:
            continue
        if isinstance(relation.field, ManyToManyField):
            yield relation.through._default_manager.all(), relation.field.m2m_reverse_field_name()
        else:
            yield relation.related_model._default_manager.all(), relation.field.name


def _label(table: QuerySet[Any], name: str) -> str:
    return f"{table.model._meta.label_lower}.{name}"


def _move_what_hangs_on(joined: EmulationModel, kept: EmulationModel) -> dict[str, list[Any]]:
    """{table.key: ids that went over}. What both have, such as a result of one day, stays with the one it was written for."""
    moved: dict[str, list[Any]] = {}
    for table, name in _hanging():
        for pk in list(table.filter(**{name: joined}).values_list("pk", flat=True)):
            try:
                with transaction.atomic():
                    table.filter(pk=pk).update(**{name: kept})
            except IntegrityError:
                continue
            moved.setdefault(_label(table, name), []).append(pk)
    return moved


def _show(models: list[EmulationModel]) -> None:
    """Catalogue and board say what is so now; a question whose model is taken asks no more."""
    rows = Registration.objects.filter(model__in=models)
    latest_again([model.pk for model in models])
    touched = list(rows.order_by().values_list("season_id", "unit_id").distinct())
    refresh_counts(season_ids={season for season, _ in touched}, unit_ids={unit for _, unit in touched})
    for season in {season for season, _ in touched}:
        drop_taken(season, [model.pk for model in models])
