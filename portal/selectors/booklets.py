"""What stands in the yearly booklet, and which booklets there are."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet

from common.text import sort_key
from models_registry.models import Attachment, EmulationModel, OutputMeasure, Season
from models_registry.selectors import covers_of, measures_of
from organisation.models import Level
from organisation.naming import LevelName
from portal.models import Booklet
from recognition import selectors as recognition
from recognition.models import Recognition


@dataclass(frozen=True)
class Entry:
    """A recognised model: as its registration of the season, with the newest measured result and its cover photo."""

    recognition: Recognition
    model: EmulationModel
    measure: OutputMeasure | None
    photo: Attachment | None = None


@dataclass
class Chapter:
    """The models of one level of recognition that no higher one has; `is_full`: a page for each, else a list."""

    names: LevelName
    is_full: bool
    entries: list[Entry] = field(default_factory=list)


def chapters(season: Season) -> list[Chapter]:
    """The recognised models of a season by the highest level that recognised each, the highest first; what was revoked or
    withdrawn is left out. Within a level by field, unit, then the Vietnamese alphabet.
    """
    highest: dict[int, Recognition] = {}
    given = recognition.of_season(season).filter(revoked_on__isnull=True, registration__withdrawn_on__isnull=True)
    for one in given.select_related("registration__field", "registration__unit"):
        known = highest.get(one.registration_id)
        if known is None or one.decision.level.rank > known.decision.level.rank:
            highest[one.registration_id] = one
    ids = [one.registration.model_id for one in highest.values() if one.registration.model_id]
    measures, covers = measures_of(ids), covers_of(ids)
    photos = Attachment.objects.in_bulk([cover.pk for cover in covers.values()])
    by_honour: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    levels: dict[tuple[int, str], Level] = {}
    for one in highest.values():
        model = one.registration.model
        if model is None:
            continue
        level = one.decision.level
        honour = (-level.rank, level.honour_slug)  # districts and committees under the province give one honour
        levels.setdefault(honour, level)
        photo = photos.get(covers[model.pk].pk) if model.pk in covers else None
        by_honour[honour].append(Entry(one, model, measures.get(model.pk), photo))
    found = [
        Chapter(levels[honour].names_on(season.last_day), levels[honour].gathers_registers or len(levels) == 1, by_honour[honour])
        for honour in sorted(by_honour)
    ]
    for chapter in found:
        chapter.entries.sort(key=_place)
    return found


def _place(entry: Entry) -> tuple[int, int, str]:
    row = entry.recognition.registration
    return (row.field.position if row.field else 0, row.unit.position, sort_key(row.title))


def booklets() -> QuerySet[Booklet]:
    """Those that were made, the newest season first."""
    return Booklet.objects.exclude(file="").select_related("season").order_by("-season__year")


def seasons_with_booklets() -> list[tuple[Season, Booklet | None]]:
    """Every season with what is known of its booklet, for who has it made."""
    known = {one.season_id: one for one in Booklet.objects.select_related("job")}
    return [(season, known.get(season.pk)) for season in Season.objects.order_by("-year")]


def booklet_of(year: int) -> Booklet | None:
    return next((one for one in booklets() if one.season.year == year), None)
