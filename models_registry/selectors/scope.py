"""What a user may see of registers. Every read starts here."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf

from common.dates import today
from models_registry.enums import AttachmentState
from models_registry.models import (
    Attachment,
    EmulationModel,
    FormerSlug,
    Handover,
    RegisterImport,
    Registration,
    RememberedMapping,
    Season,
    ThrownDraft,
)
from models_registry.permissions import days_of_rights
from models_registry.selectors.seasons import seasons_for
from organisation.models import Reader, Unit
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import UnitTree, tree_for

Reach = TypeVar("Reach")
PHOTOS = 12


def in_register(user: Reader) -> QuerySet[Registration]:
    """Registrations that stand in a register: everyone sees them, withdrawn or not."""
    return Registration.objects.in_register()


def visible_to(user: Reader) -> QuerySet[Registration]:
    """What stands in a register, and what is still on its way there in the user's own units and those below."""
    return Registration.objects.filter(Q(registered_on__isnull=False) | own_units(user, May.SEE_BOARD))


def own_units(user: Reader, act: May) -> Q:
    """Registrations of the units where a role of the user allows the act, and of those below, as they were in each season."""
    kept: dict[frozenset[int], Q] = getattr(user, "_own_units", {})
    held = frozenset(units_where(user, act))
    if held not in kept:
        kept[held] = _own_units(user, held) if held else Q(pk__in=[])
        user._own_units = kept  # type: ignore[union-attr]
    return kept[held]


def _own_units(user: Reader, held: frozenset[int]) -> Q:
    """By the reporting units held; by place where what is held lies below the unit that reports. On every day that counts
    in the season, and with what the units held have followed: what was sent does not vanish when its unit ends.
    """
    tree, mine = tree_for(user), Q(pk__in=[])
    heirs = tree.with_followed(held, today())
    for (units, places), season_ids in _by_reach(user, lambda season: _reach(tree, heirs, season)):
        mine |= Q(season__in=season_ids) & (Q(unit__in=units) | Q(place__in=places))
    assigned = _assigned(tree, held)
    return mine | Q(pk__in=assigned) if assigned else mine


def _assigned(tree: UnitTree, held: frozenset[int]) -> list[int]:
    """Ids of what was assigned to the units held, to those below, or to what these followed; read apart, so that it costs nothing
    where there is none.
    """
    day = today()
    living = [pk for pk in tree.below(held, day) if tree.exists(pk, day)]
    if not living or not any(since <= day for *_, since in tree.successions()):
        return []
    reach = tree.with_followed(living, day)
    handed = Handover.objects.filter(Q(unit__in=reach) | Q(again__unit__in=reach))
    return list(handed.order_by().values_list("registration", flat=True).distinct())


def _reach(tree: UnitTree, held: Iterable[int], season: Season) -> tuple[frozenset[int], frozenset[int]]:
    """(units that keep a register, places in the register of a unit that is not held) among what is held and all below it."""
    units, places, held = set[int](), set[int](), list(held)
    for day in days_of_rights(season, tree):
        below = tree.below(held, day)
        for pk in below:
            above = tree.reporting(pk, day)
            if above in (pk, None):
                units.add(pk)
            elif above not in below:
                places.add(pk)
    return frozenset(units), frozenset(places)


def _by_reach(user: Reader, reach: Callable[[Season], Reach]) -> Iterable[tuple[Reach, list[int]]]:
    """(what is within reach, the ids of the seasons in which it is just this): few groups for many years."""
    seasons_of: dict[Reach, list[int]] = defaultdict(list)
    for season in seasons_for(user):
        seasons_of[reach(season)].append(season.pk)
    return seasons_of.items()


def models_visible_to(user: Reader) -> QuerySet[EmulationModel]:
    """Models that a user may see: those that have a registration in a register."""
    return EmulationModel.objects.filter(registrations__in=in_register(user)).distinct()


def model_named(user: Reader, slug: str) -> EmulationModel | None:
    """A model by its address; none for an empty one."""
    return models_visible_to(user).filter(slug=slug[:150]).first() if slug else None


@dataclass(frozen=True)
class Found:
    """What stands at a model's address: a model, whether a registration of it stands; or the address that it has now."""

    model: EmulationModel | None = None
    stands: bool = False
    is_illustrative: bool = False
    """Whether details of it are made up."""
    moved_to: str = ""


def model_at(user: Reader, slug: str) -> Found:
    """One query for the address of today; one more for one of the past."""
    standing = Registration.objects.filter(model=OuterRef("pk"), registered_on__isnull=False, withdrawn_on__isnull=True)
    loaded = Q(imported_by__isnull=False, imported_by__uploaded_by__isnull=True)  # as Registration.is_illustrative
    made_up = Registration.objects.filter(loaded, model=OuterRef("pk"), season__is_illustrative=True)
    found = models_visible_to(user).filter(slug=slug).annotate(stands=Exists(standing), is_illustrative=Exists(made_up)).first()
    if found:
        return Found(found, found.stands, found.is_illustrative)
    joined = models_visible_to(user).filter(pk__in=_joined_to(slug)).values_list("slug", flat=True).first()
    if joined:
        return Found(moved_to=joined)
    former = FormerSlug.objects.filter(slug=slug, model__in=models_visible_to(user)).values_list("model__slug", flat=True)
    return Found(moved_to=former.first() or "")


def _joined_to(slug: str) -> list[int]:
    """The model that an address leads to after its own was joined to another, which may itself have been joined."""
    chain: list[int] = []
    asked = EmulationModel.objects.filter(slug=slug)
    while (there := asked.values_list("joined_to", flat=True).first()) and there not in chain:
        chain.append(there)
        asked = EmulationModel.objects.filter(pk=there)
    return chain[-1:]


def imports_visible_to(user: Reader) -> QuerySet[RegisterImport]:
    """Uploads of registers: those of the units, and of units below them, where the user may upload."""
    held, mine = units_where(user, May.IMPORT_REGISTER), Q(pk__in=[])
    if not held:
        return RegisterImport.objects.none()
    tree = tree_for(user)
    heirs = tree.with_followed(held, today())
    for (units, _), season_ids in _by_reach(user, lambda season: _reach(tree, heirs, season)):
        mine |= Q(season__in=season_ids, unit__in=units)
    return RegisterImport.objects.filter(mine).select_related("season", "unit", "job", "uploaded_by")


def imports_of(user: Reader, season: Season, unit: Unit | None = None) -> QuerySet[RegisterImport]:
    """Those of a season, or of one unit in it."""
    found = imports_visible_to(user).filter(season=season)
    return found.filter(unit=unit) if unit else found


def remembered_visible_to(user: Reader) -> QuerySet[RememberedMapping]:
    """The remembered mappings of the units whose uploads the user may see."""
    held = units_where(user, May.IMPORT_REGISTER)
    if not held:
        return RememberedMapping.objects.none()
    tree = tree_for(user)
    heirs = tree.with_followed(held, today())
    reach = frozenset[int]().union(*(units for (units, _), _ in _by_reach(user, lambda season: _reach(tree, heirs, season))))
    return RememberedMapping.objects.filter(unit__in=reach).select_related("unit", "made_by")


def thrown_visible_to(user: Reader) -> QuerySet[ThrownDraft]:
    """The bin of who writes: drafts of the units where the user writes, and of those below."""
    return ThrownDraft.objects.filter(own_units(user, May.WRITE_REGISTRATION)).select_related("season", "thrown_by").defer("rows")


def photos_of(model: EmulationModel) -> QuerySet[Attachment]:
    """What a model's public page shows, to everyone the same: at most PHOTOS, the newest year's first, its cover on top."""
    shown = _shown().filter(registration__model=model)
    return shown.order_by("-registration__season__year", "-is_cover", "position", "pk")[:PHOTOS]


@dataclass(frozen=True)
class Cover:
    """The photo that stands for a model in lists: the first of its page."""

    pk: UUID
    alt: str
    is_drawn: bool = False
    """Its caption begins by saying that it is no photo."""


DRAWN = "Hình minh họa"
_IS_DRAWN = Case(When(caption__startswith=DRAWN, then=True), default=False)
_ALT = Coalesce(NullIf("alternative", Value("")), "caption")  # `Attachment.alt`


def covers_of(model_ids: Iterable[int]) -> dict[int, Cover]:
    """model id -> its cover."""
    shown = _shown().filter(registration__model__in=list(model_ids))
    listed = shown.order_by("registration__season__year", "is_cover", "-position", "-pk")  # the last of each stands
    return {model: Cover(*told) for model, *told in listed.values_list("registration__model", "pk", _ALT, _IS_DRAWN)}


def cover_columns(model: str) -> dict[str, Subquery]:
    """`cover_pk`, `cover_alt`, `cover_is_drawn` for rows whose model is at `model`: their covers without a query more (`cover_on`)."""
    shown = _shown().filter(registration__model=OuterRef(model))
    first = shown.order_by("-registration__season__year", "-is_cover", "position", "pk")
    told: dict[str, Any] = {"cover_pk": "pk", "cover_alt": _ALT, "cover_is_drawn": _IS_DRAWN}
    return {name: Subquery(first.values_list(column)[:1]) for name, column in told.items()}


def cover_on(row: Any) -> Cover | None:
    return Cover(row.cover_pk, row.cover_alt, bool(row.cover_is_drawn)) if row.cover_pk else None


def _shown() -> QuerySet[Attachment]:
    """Ready photos that may be shown, of what stands in a register now."""
    return Attachment.objects.filter(
        kind=Attachment.Kind.PHOTO,
        state=AttachmentState.READY,
        may_be_shown=True,
        registration__registered_on__isnull=False,
        registration__withdrawn_on__isnull=True,
    )


def models_with_photos() -> QuerySet[Any]:
    """Ids of the models with a photo on their page."""
    return _shown().order_by().values("registration__model")


def without_reports(imports: QuerySet[RegisterImport]) -> QuerySet[RegisterImport]:
    """For lists: `created` and `updated` without the whole report."""
    counts = {name: KT(f"report__{name}") for name in ("created", "updated")}
    return imports.annotate(**counts).defer("report", "undo", "mends")


def attachments_visible_to(user: Reader) -> QuerySet[Attachment]:
    """Files of the user's own units; and for everyone the ready photos that may be shown, of what stands in a register now."""
    if not units_where(user, May.SEE_BOARD):
        return _shown()
    own = Registration.objects.filter(own_units(user, May.SEE_BOARD))
    return Attachment.objects.filter(Q(pk__in=_shown().values("pk")) | Q(registration__in=own))
