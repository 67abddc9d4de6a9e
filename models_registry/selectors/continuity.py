"""What maintained registrations may carry on: the earlier models of a unit and of all it followed; questions still open."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from common.text import compare_key
from models_registry.enums import LINKED, Kind, LinkState
from models_registry.models import ContinuityProposal, EmulationModel, ModelJoin, RegisterImport, Registration, Season
from models_registry.permissions import acting_day
from models_registry.registers.continuity import Decision, Known, Later, Lineage, Stand, Told, decide_among
from models_registry.registers.reading import ReadRow
from models_registry.registers.vocabulary import former_place, names_of_place
from models_registry.selectors.catalogue import search
from models_registry.selectors.heirs import given_to
from models_registry.selectors.scope import in_register, own_units
from models_registry.selectors.seasons import places_within
from organisation.models import Reader, Unit, UnitVersion
from organisation.roles import May
from organisation.tree import UnitTree, unit_tree

_EARLIER = ("pk", "model_id", "season__year", "title_key", "subject", "unit_id", "place_id", "place_name")


class Book:
    """What the registrations of one unit's season may carry on. A fixed number of queries, however many are asked."""

    def __init__(self, season: Season, unit: Unit, tree: UnitTree | None = None) -> None:
        self.season, self.unit = season, unit
        self._tree, self._day = tree or unit_tree(), acting_day(season)
        self._homes = [unit.pk, *(version.unit_id for version in places_within(unit, season))]

    @cached_property
    def _followed(self) -> dict[int, frozenset[int]]:
        own = {pk: self._tree.with_followed([pk], self._day) for pk in self._homes}
        return own | {pk: self._tree.with_followed([pk], self._day) for past in own.values() for pk in past if pk not in own}

    @cached_property
    def _written(self) -> dict[int, list[str]]:
        """unit -> every name that it or its committee had."""
        names: dict[int, list[str]] = {pk: [] for pk in self._followed}
        found = UnitVersion.objects.filter(unit__in=names).order_by("pk")
        for pk, *told in found.values_list("unit", "place", "name"):
            names[pk] += told
        return names

    @cached_property
    def _renamed(self) -> frozenset[int]:
        """Units whose place, or whose committee, went by several names."""
        names = {pk: (told[::2], told[1::2]) for pk, told in self._written.items()}
        return frozenset(pk for pk, kinds in names.items() if any(len(set(map(compare_key, told)) - {""}) > 1 for told in kinds))

    @cached_property
    def _past(self) -> frozenset[int]:
        """The unit and its places, and all that these followed."""
        return frozenset[int]().union(*(self._followed[pk] for pk in self._homes))

    @cached_property
    def _around(self) -> frozenset[int]:
        """Units that ended, of which a part went into this one."""
        above = {up for pk in self._past for up in self._tree.line_then(pk, self._day)[1:2]} - self._past
        return frozenset(pk for pk in above if not self._tree.exists(pk, self._day))

    @property
    def units(self) -> frozenset[int]:
        """Every unit in whose register an earlier registration may stand."""
        return self._past | self._around

    @cached_property
    def lineage(self) -> Lineage:
        names = {pk: sorted(names_of_place(*told), key=len, reverse=True) for pk, told in self._written.items()}
        kept = Registration.objects.in_register().filter(season=OuterRef("pk"), unit=OuterRef(OuterRef("pk")))
        before = Season.objects.filter(Exists(kept), year__lt=self.season.year).order_by("-year")
        units = Unit.objects.filter(pk__in=self.units).annotate(year=Subquery(before.values("year")[:1]))
        last_year = {pk: year for pk, year in units.values_list("pk", "year") if year}
        return Lineage(self._followed, names, last_year, self._renamed)

    def later(self, pk: int, title: str, subject: str, place: int | None, place_name: str) -> Later:
        """One registration that asks."""
        return Later(pk, compare_key(title), compare_key(subject), self.stand(self.unit.pk, place, place_name))

    def stand(self, unit: int, place: int | None, words: str) -> Stand:
        """Where a registration stands, by its place and the words for it."""
        home = place or unit
        past = self._followed.get(home, frozenset())
        former = [(before, self._written[before]) for before in past if before != home] if words else []
        return Stand(unit, place, former_place(words, former, self._written.get(home, [])) if former else None)

    def decide(self, asking: list[Later]) -> dict[int, Decision]:
        """id -> what becomes of it; of models that have no registration in the season yet."""
        return decide_among(asking, self._earlier(), self.lineage) if asking else {}

    def free(self) -> QuerySet[Registration]:
        """Earlier registrations whose models have none in the season yet, the newest first; `given`: the place it was handed to."""
        rows = Registration.objects.in_register().annotate(given=given_to(self._day)).filter(self.of_past())
        here = Registration.objects.filter(model=OuterRef("model"), season=self.season)
        rows = rows.filter(season__year__lt=self.season.year).exclude(Exists(here)).order_by("-season__year", "pk")
        return rows.filter(is_latest=True) if self._is_newest else rows

    def of_past(self) -> Q:
        """The condition of rows (with `given`) that stand at the unit, at what it followed, or at what in part went into it."""
        of_places = Q(unit__in=self._past) | Q(place__in=self._past)
        return of_places | Q(unit__in=self._around, place__isnull=True) | Q(given__in=self._past)

    @cached_property
    def _is_newest(self) -> bool:
        """Whether no later season has a register: the latest registration of a free model is then one of before."""
        kept = Registration.objects.in_register().filter(season=OuterRef("pk"))
        return not Season.objects.filter(Exists(kept), year__gt=self.season.year).exists()

    def _earlier(self) -> Known:
        """The newest registration of each free model. Neither sorted by the database nor made objects of: it is read whole, and few
        are looked at.
        """
        free = self.free().order_by()
        given = {row.pk: row.given for row in free.filter(handover__isnull=False).only("pk")}  # type: ignore[attr-defined]
        by_words: dict[tuple[str, int, int | None, str], list[Told]] = defaultdict(list)
        rows = free.values_list(*_EARLIER)
        for pk, model, year, title, subject, unit, place, words in rows.iterator(chunk_size=2000):
            where = given.get(pk, place) if given else place
            by_words[subject, unit, where, words].append((pk, model, year, title))
        if not self._is_newest:
            newest = Counter[int]()
            for told in by_words.values():
                for _, model, year, _ in told:
                    newest[model] = max(year, newest[model])
            by_words = {key: [one for one in told if newest[one[1]] == one[2]] for key, told in by_words.items()}
        known: dict[tuple[str, Stand], list[Told]] = defaultdict(list)
        for (subject, *where), told in by_words.items():
            known[compare_key(subject), self.stand(*where)] += told
        return known


def settle_kinds(rows: list[ReadRow], book: Book) -> None:
    """Say of rows that leave it open whether they are new or maintained: as they stand in the register, else by whether an earlier
    model is plainly theirs.
    """
    if not rows:
        return
    known = Registration.objects.in_register().filter(season=book.season, unit=book.unit)
    kinds = dict(known.filter(identity_key__in=[row.identity for row in rows]).values_list("identity_key", "kind"))
    asking = [row for row in rows if row.identity not in kinds]
    later = [book.later(n, row.title, row.subject, row.place.unit_id, row.place.name) for n, row in enumerate(asking)]
    for n, found in book.decide(later).items():
        asking[n].kind = Kind.MAINTAINED if found.link else Kind.NEW
    for row in rows:
        row.kind = Kind(kinds.get(row.identity, row.kind))


def maintained(season: Season) -> QuerySet[Registration]:
    """The registrations of a season that ask: maintained, and standing in a register."""
    return Registration.objects.in_register().filter(season=season, kind=Kind.MAINTAINED, withdrawn_on__isnull=True)


def linkable(user: Reader) -> QuerySet[Registration]:
    """Registrations whose question this person may answer: of the units whose registers the person may upload."""
    return Registration.objects.in_register().filter(own_units(user, May.IMPORT_REGISTER))


def asked_about(user: Reader) -> QuerySet[Registration]:
    """Of these the ones that a question was made for."""
    return linkable(user).filter(continuity__isnull=False).select_related("season", "unit")


def search_free(book: Book, typed: str | None, title: str) -> tuple[str, QuerySet[Registration]]:
    """(the words, the earlier registrations with them that are still free): where nobody `typed` any, those of the title that are
    searched for, if they find something.
    """
    free = book.free().select_related("season")
    if typed is None:
        typed = title if search(free, title).exists() else ""
    return typed, search(free, typed)


def search_others(user: Reader, model: EmulationModel, words: str) -> QuerySet[Registration]:
    """The newest registrations of other models that have these words."""
    others = in_register(user).filter(is_latest=True).exclude(model=model)
    return search(others, words).select_related("model", "season")


def origins_of(rows: Iterable[Registration]) -> dict[int, Registration]:
    """id of a registration -> the newest earlier registration of its model. One query."""
    rows = list(rows)
    earlier = Registration.objects.in_register().filter(model__in=[row.model_id for row in rows])
    by_model: dict[int | None, list[Registration]] = {}
    for row in earlier.select_related("season", "unit").order_by("-season__year"):
        by_model.setdefault(row.model_id, []).append(row)
    found: dict[int, Registration] = {}
    for row in rows:
        before = (older for older in by_model.get(row.model_id, ()) if older.season.year < row.season.year)
        if first := next(before, None):
            found[row.pk] = first
    return found


def told_of(row: Registration) -> dict[str, Any]:
    """An earlier registration as the rows of an upload tell it."""
    told = {"pk": row.pk, "season": row.season.year, "unit": row.unit_name}
    return told | {"title": row.title, "subject": row.subject, "place": row.place_name}


PROPOSALS = Prefetch(
    "continuity__proposals",
    ContinuityProposal.objects.select_related("earlier__season", "earlier__unit", "earlier__model"),
)
TABS = {"cho-xac-nhan": (LinkState.OPEN,), "da-noi": LINKED, "khong-co": (LinkState.NONE, LinkState.REFUSED)}


def questions(user: Reader, season: Season, states: Iterable[str], unit: int | None = None) -> QuerySet[Registration]:
    """The registrations of a season whose question is in one of these states, unit by unit."""
    rows = linkable(user).filter(pk__in=maintained(season).values("pk"), continuity__state__in=list(states))
    if unit:
        rows = rows.filter(unit=unit)
    listed = rows.select_related("season", "unit", "model", "continuity__decided_by").prefetch_related(PROPOSALS)
    return listed.order_by("unit__position", "unit_id", "sort_key", "pk")


def questions_of(user: Reader, upload: RegisterImport) -> QuerySet[Registration]:
    """Of the rows of an upload the ones that wait for an answer."""
    return questions(user, upload.season, [LinkState.OPEN], upload.unit_id).filter(imported_by=upload)


def question_counts(user: Reader, season: Season) -> dict[int, Counter[str]]:
    """unit -> how many questions are in each state; under an empty one those that were never looked for. One query."""
    rows = linkable(user).filter(pk__in=maintained(season).values("pk")).order_by()
    counts: dict[int, Counter[str]] = {}
    for unit, state, number in rows.values_list("unit", "continuity__state").annotate(n=Count("pk")):
        counts.setdefault(unit, Counter())[state or ""] += number
    return counts


def open_questions(user: Reader, season: Season) -> tuple[int, datetime | None]:
    """How many wait for this person, and since when the last of them."""
    rows = linkable(user).filter(season=season, withdrawn_on__isnull=True, continuity__state=LinkState.OPEN)
    found = rows.aggregate(number=Count("pk"), asked=Max(Coalesce("imported_by__created_at", "state_since")))
    return found["number"], found["asked"]


def joins_of(model: EmulationModel) -> QuerySet[ModelJoin]:
    """What was joined to a model and stands."""
    return ModelJoin.objects.filter(kept=model, undone_at=None).select_related("joined", "made_by", "registration__season")
