"""Titles that are like another one: pg_trgm's similarity of folded titles, on every database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from django.db import connection
from django.db.models import CharField, F, Q, QuerySet

from common.text import compare_key
from common.trigrams import Sieve, similarity
from models_registry.models import Registration
from models_registry.permissions import acting_day
from models_registry.selectors.heirs import Standing, standing_on
from models_registry.selectors.scope import in_register, own_units
from organisation.models import Reader
from organisation.naming import LevelName
from organisation.roles import May
from organisation.selectors.names import honours_of

ALIKE = 0.3  # pg_trgm's own threshold
ALMOST = 0.5  # from here on a title is like another one whatever words they share
COMMON = 3  # else one word of so many of the shorter title stands in the other one
SHOWN = 6
WEIGHED = 1000
FILLERS = frozenset(("cho", "nguoi", "cua", "va", "tai", "o", "trong", "voi", "cac"))  # say nothing of what a model does
_SHORTEST = 6  # letters of the folded title before anything is looked for

_PARTY = re.compile(r"\b(chi bo|chi ui|chi uy|dang bo|dang uy|dang ui)\b")
_MOVEMENT = re.compile(
    r"\b(mat tran|mttq|hoi lien hiep phu nu|hoi phu nu|hoi lhpn|phu nu|hoi nong dan|nong dan|cuu chien binh|ccb|doan thanh nien|"
    r"doan tncs|doan xa|doan phuong|lien doan lao dong|cong doan|ban cong tac mat tran)\b"
)


@dataclass(frozen=True)
class Similar:
    """A registration with a like title; `is_movement`: run at the same place by the Front or a mass organisation."""

    row: Registration
    ratio: float
    is_same_place: bool
    is_movement: bool
    outcome: str = ""

    @property
    def where(self) -> str:
        """Place and unit: two districts may have places of one name."""
        return f"{self.row.place_name}, {self.row.unit_name}" if self.row.place_name else self.row.unit_name


def similar(user: Reader, title: str, *, to: Registration) -> list[Similar]:
    """Registrations with a title like this one: at most SHOWN; what a mass organisation runs at the place first, then the
    same place, then by likeness. Each model once, by its latest registration; another one's draft only within one's units.
    """
    key = compare_key(title)
    if len(key) < _SHORTEST:
        return []
    register = in_register(user).filter(is_latest=True)
    drafts = Registration.objects.filter(own_units(user, May.SEE_BOARD), registered_on__isnull=True, withdrawn_on__isnull=True)
    here = Q(unit=to.unit, place=to.place_id) if to.place_id else Q(unit=to.unit, place__isnull=True)
    found: dict[int, float] = {}
    for rows in (register, register.filter(here), drafts.filter(season=to.season_id)):
        found |= dict(_most_alike(rows.exclude(pk=to.pk), key))
    found = {pk: ratio for pk, ratio in found.items() if ratio >= ALIKE}
    listed = Registration.objects.filter(pk__in=found).select_related("season", "model", "unit")
    if to.model_id:
        listed = listed.exclude(model=to.model_id)
    standing = standing_on(to.season, acting_day(to.season))
    is_party = bool(_PARTY.search(compare_key(to.subject)))
    hits, honours = [], {day: honours_of(day) for day in {row.season.cutoff_on for row in listed}}
    for row in listed:
        if not _reads_alike(key, row.title_key, found[row.pk]):
            continue
        is_here = (row.unit_id, row.place_id) == (to.unit_id, to.place_id) or _stands_at(standing, row, to)
        is_movement = is_party and is_here and is_run_by_mass_organisation(row.subject)
        hits.append(Similar(row, found[row.pk], is_here, is_movement, _outcome(row, honours[row.season.cutoff_on])))
    hits.sort(key=lambda hit: (not hit.is_movement, not hit.is_same_place, -hit.ratio, -hit.row.season.year, hit.row.pk))
    return hits[:SHOWN]


def _stands_at(standing: Standing | None, row: Registration, to: Registration) -> bool:
    """Whether it was registered this season by a unit that ended, and stands at this one's unit now."""
    if standing is None or row.season_id != to.season_id or row.unit_id not in standing.ended:
        return False
    return standing.unit_of(row.unit_id, row.place_id, None) == to.unit_id


def alike(user: Reader, row: Registration, limit: int) -> list[Registration]:
    """The latest registrations of other models like this one, for its public page: of its field, by likeness of the title;
    what was recognised somewhere is worth more than a few letters in common. Where very many are like it, among WEIGHED of
    them. Two queries (three on SQLite).
    """
    rows = in_register(user).filter(is_latest=True, withdrawn_on__isnull=True, field=row.field_id).exclude(model=row.model_id)
    near = {pk: ratio for pk, ratio in _most_alike(rows, row.title_key, among=WEIGHED) if ratio >= ALIKE}
    found = list(rows.filter(pk__in=near).select_related("model"))
    found = [one for one in found if _reads_alike(row.title_key, one.title_key, near[one.pk])]
    found.sort(key=lambda one: (-near[one.pk] - 0.2 * bool(one.honour_rank), one.pk))
    return found[:limit]


def _reads_alike(key: str, other: str, ratio: float) -> bool:
    """Whether two folded titles have enough words in common. Syllables are short: of those that only begin with the same letters a
    few make two titles ALIKE that say nothing of one another. Where most trigrams are the same, words may be misspelt.
    """
    words, others = set(key.split()) - FILLERS, set(other.split()) - FILLERS
    return ratio >= ALMOST or COMMON * len(words & others) >= min(len(words), len(others))


def _outcome(row: Registration, honours: dict[int, LevelName]) -> str:
    if row.honour_rank and not row.withdrawn_on:
        return f"công nhận {honours[row.honour_rank].honour}"
    return str(row.get_state_display()).lower()


def is_run_by_mass_organisation(subject: str) -> bool:
    key = compare_key(subject)
    return bool(_MOVEMENT.search(key)) and not _PARTY.search(key)


def _most_alike(rows: QuerySet[Registration], key: str, *, among: int | None = None) -> Iterable[tuple[int, float]]:
    """(id, likeness) of the SHOWN * 4 most alike; on PostgreSQL of no more than `among` like ones, where it is given."""
    if connection.vendor == "postgresql":
        from django.contrib.postgres.lookups import TrigramSimilar  # loads PostgreSQL's driver, which others go without
        from django.contrib.postgres.search import TrigramSimilarity

        CharField.register_lookup(TrigramSimilar)
        alike = rows.filter(title_key__trigram_similar=key).order_by()
        if among:
            alike = Registration.objects.filter(pk__in=alike.values("pk")[:among])
        alike = alike.annotate(ratio=TrigramSimilarity(F("title_key"), key))
        return list(alike.order_by("-ratio", "-pk").values_list("pk", "ratio")[: SHOWN * 4])
    sieve = Sieve(key, ALIKE)
    sifted = [pk for pk, found in rows.order_by().values_list("pk", "title_mask") if sieve.lets_through(bytes(found))]
    candidates: list[tuple[int, float]] = []
    known: dict[str, float] = {}  # titles repeat over units and years
    for start in range(0, len(sifted), 500):
        named = Registration.objects.filter(pk__in=sifted[start : start + 500]).values_list("pk", "title_key")
        for pk, other in named:
            ratio = known.get(other)
            if ratio is None:
                ratio = known[other] = similarity(key, other)
            candidates.append((pk, ratio))
    return nlargest(SHOWN * 4, candidates, key=lambda pair: (pair[1], pair[0]))
