"""Which earlier model a maintained registration carries on: pure functions over plain rows.

One plain match (title and doer, folded, at a place that may be the same) links by itself. Anything less is a proposal with its
reason and score, at most PROPOSED of them, best first. Two that fit equally are both proposed; no model is linked twice.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import fuzz, process

from models_registry.enums import LinkReason

PROPOSED = 3
LEAST_TITLE = 0.4  # likeness of two titles of one doer from which one may be the other, reworded
WEIGHED = 20  # titles of one doer and place that are compared in full
_TITLE, _DOER, _PLACE = 55, 30, 15  # weights of a score, in hundredths
_REWORDED, _PROLONGED = 0.9, 0.97  # the most that a reworded title, and one with a suffix, counts

_NUMBER = r"(?:\d{1,4}|[ivx]{1,4}|dau|nhat|hai|ba|tu|nam|sau)"
_YEARS = r"\d{4}(?: (?:den )?(?:nam )?\d{4})?"
_GOES_ON = r"(?:tiep tuc|duy tri|nhan rong|mo rong|phat huy|thuc hien|trien khai|nang cao|tiep noi)"
AFFIXES = [  # what says that a model goes on, in folded titles; stripped again and again
    re.compile(rf" (?:trong )?(?:giai doan|nhiem ki)(?: thu)? (?:{_YEARS}|{_NUMBER})$"),
    re.compile(rf" (?:nam|lan|dot|ki|khoa|phan) thu {_NUMBER}(?: lien tiep)?$"),
    re.compile(r" (?:lan|dot|phan) (?:\d{1,2}|[ivx]{1,4})$"),
    re.compile(rf" (?:(?:tu|trong|cho) )?(?:nam )?{_YEARS}$"),
    re.compile(rf" {_GOES_ON}(?: (?:va )?{_GOES_ON})*(?: mo hinh)?$"),
    re.compile(r" (?:tiep theo|keo dai|bo sung)$"),
    re.compile(rf"^(?:{_GOES_ON} (?:va )?)+(?:mo hinh )?(?=\S+ \S)"),
    re.compile(r"^mo hinh (?=\S+ \S)"),
]


class Fit(IntEnum):
    """How the place of a registration goes with the place of an earlier one."""

    OTHER = 0  # both known, and not the same
    AROUND = 1  # the earlier one names no place within a unit that ended in parts
    OPEN = 2  # the earlier place went into this one, or one of them is not named
    SAME = 3


class Stand(NamedTuple):
    """Where a registration stands: its unit, its place, and the former place that its words name."""

    unit: int
    place: int | None = None
    former: int | None = None

    @property
    def home(self) -> int:
        return self.place or self.unit


class Later(NamedTuple):
    """A maintained registration that looks for what it carries on. Texts are folded by `compare_key`."""

    pk: int
    title: str
    doer: str
    stand: Stand


class Earlier(NamedTuple):
    """The latest registration of a model before the season."""

    pk: int
    model: int
    year: int
    title: str
    doer: str
    spot: Stand


Told = tuple[int, int, int, str]  # pk, model, year, title
Known = Mapping[tuple[str, Stand], Sequence[Told]]
"""(doer, where) -> what an `Earlier` says besides, of each model that is free in the season: of a hundred thousand few are compared."""


class Proposal(NamedTuple):
    earlier: Earlier
    reason: LinkReason
    score: int  # in hundredths


@dataclass(slots=True)
class Decision:
    """What becomes of a registration: what it carries on, or what it may carry on, best first."""

    link: Earlier | None = None
    proposals: list[Proposal] = field(default_factory=list)


@dataclass(frozen=True)
class Lineage:
    """The units: whom each followed, in any depth and with itself; by what folded names each went, the longest first; in which
    year each kept its last register before the season; which changed their names.
    """

    followed: Mapping[int, frozenset[int]]
    names: Mapping[int, Sequence[str]]
    last_year: Mapping[int, int] = field(default_factory=dict)
    renamed: frozenset[int] = frozenset()

    def past(self, unit: int) -> frozenset[int]:
        return self.followed.get(unit) or frozenset((unit,))

    def fit(self, later: Stand, earlier: Stand) -> Fit:
        """How the places of two registrations go together."""
        is_own = earlier.unit in self.past(later.unit)
        before = earlier.former or earlier.place
        if before is None:
            is_same = earlier.unit == later.unit and later.place is None and later.former is None
            return Fit.SAME if is_same else Fit.OPEN if is_own else Fit.AROUND
        if later.former is not None:
            if before == later.former:
                return Fit.SAME
            may_be = before in self.past(later.former) or (earlier.former is None and later.former in self.past(earlier.home))
            return Fit.OPEN if may_be else Fit.OTHER
        if before == later.place:
            return Fit.SAME
        may_be = earlier.home in self.past(later.home) or (later.place is None and is_own)
        return Fit.OPEN if may_be else Fit.OTHER

    def has_lapsed(self, earlier: Earlier) -> bool:
        """Whether its unit kept a register since, and left it out."""
        return earlier.year < self.last_year.get(earlier.spot.unit, 0)

    def took_over(self, later: Stand, earlier: Stand) -> bool:
        """Whether the later home followed the earlier, or is that one under another name."""
        return earlier.home in self.past(later.home) and (later.home != earlier.home or later.home in self.renamed)

    def bare_doer(self, doer: str, spot: Stand) -> str:
        """The earlier doer without the names of its place, or of one that this followed: many are called so for years after."""
        return self.nameless(doer, spot.former, spot.home, *sorted(self.past(spot.home) - {spot.home}))

    def nameless(self, doer: str, *units: int | None) -> str:
        """The doer without the names of the first unit that it names: 'ubnd xa ham thuan' -> 'ubnd §'; empty where it names none."""
        padded = f" {doer} "
        for name in (name for unit in units if unit for name in self.names.get(unit, ())):
            if f" {name} " in padded:
                return padded.replace(f" {name} ", " § ").strip()
        return ""


@lru_cache(maxsize=8192)
def bare_title(title: str) -> str:
    """A folded title without what says that it goes on: 'anh sang an ninh giai doan 2' -> 'anh sang an ninh'."""
    before = ""
    while title != before:
        before = title
        for pattern in AFFIXES:
            title = pattern.sub("", title) or title
    return title


def likeness(one: str, other: str) -> float:
    """0 to 1 for two folded titles: letters in common, words in common in any order, one of them a part of the other."""
    words, others = set(one.split()), set(other.split())
    common, fewer = len(words & others), min(len(words), len(others))
    if not common:
        return 0.0
    part = common / fewer * min(1.0, fewer / 4)
    return max(fuzz.ratio(one, other) / 100, 2 * common / (len(words) + len(others)), 0.8 * part)


def words_in_common(one: str, other: str) -> float:
    """0 to 1: how many of the words of two folded texts are in both."""
    words, others = set(one.split()), set(other.split())
    return 2 * len(words & others) / (len(words) + len(others) or 1)


def decide(rows: Sequence[Later], earlier: Iterable[Earlier], lineage: Lineage) -> dict[int, Decision]:
    """id of a registration -> what becomes of it. `earlier` holds models that are free in the season, each once."""
    known: dict[tuple[str, Stand], list[Told]] = defaultdict(list)
    for pk, model, year, title, doer, spot in earlier:
        known[doer, spot].append((pk, model, year, title))
    return decide_among(rows, known, lineage)


def decide_among(rows: Sequence[Later], known: Known, lineage: Lineage) -> dict[int, Decision]:
    """As `decide`, for many."""
    matching = _Matching(rows, known, lineage)
    matching.link(Fit.SAME)
    matching.link(Fit.OPEN)
    matching.propose()
    return matching.decisions


def _newest_first(told: Iterable[Told]) -> list[Told]:
    found = sorted(told)
    found.sort(key=itemgetter(2), reverse=True)
    return found


class _Matching:
    def __init__(self, rows: Sequence[Later], known: Known, lineage: Lineage) -> None:
        self.rows, self.known, self.lineage = rows, known, lineage
        self.decisions = {row.pk: Decision() for row in rows}
        self.taken: set[int] = set()
        self._by_title = self._titled()
        self._heirs = self._called_after_heirs()
        self._of_doer: dict[tuple[str, str, Stand], tuple[list[Told], list[Earlier], list[str]]] = {}
        spots = {spot for _, spot in known}
        self._near = {
            stand: [(spot, fit) for spot in spots if (fit := lineage.fit(stand, spot))] for stand in {row.stand for row in rows}
        }

    def _titled(self) -> dict[tuple[str, Stand], list[Earlier]]:
        """What has a title of the rows, the newest first."""
        titles = {title for row in self.rows for title in (row.title, bare_title(row.title))}
        found: dict[tuple[str, Stand], list[Earlier]] = defaultdict(list)
        for (doer, spot), told in self.known.items():
            for one in [one for one in told if one[3] in titles]:
                found[one[3], spot].append(Earlier(*one, doer, spot))
        for candidates in found.values():
            candidates.sort(key=lambda candidate: (-candidate.year, candidate.pk))
        return found

    def _called_after_heirs(self) -> dict[tuple[str, Stand], list[str]]:
        """(doer of a row without the name of its home, spot) -> earlier doers called so after what the home followed, or was called."""
        lineage, homes = self.lineage, {row.stand.home for row in self.rows}
        heirs = {lineage.nameless(row.doer, row.stand.home) for row in self.rows} - {""}
        before = {past for home in homes for past in lineage.past(home) if past != home or home in lineage.renamed}
        found: dict[tuple[str, Stand], list[str]] = defaultdict(list)
        for doer, spot in self.known if heirs else ():
            if spot.home in before and (nameless := lineage.bare_doer(doer, spot)) in heirs:
                found[nameless, spot].append(doer)
        return found

    def _is_doer(self, row: Later, candidate: Earlier) -> bool:
        """The same doer: in the same words, or named after the unit that took over."""
        if row.doer == candidate.doer:
            return bool(row.doer)
        if not self.lineage.took_over(row.stand, candidate.spot):
            return False
        nameless = self.lineage.bare_doer(candidate.doer, candidate.spot)
        return bool(nameless) and nameless == self.lineage.nameless(row.doer, row.stand.home)

    def _is_plain(self, row: Later, candidate: Earlier, fit: Fit) -> bool:
        """What had lapsed and has no certain place is asked about."""
        is_sure = fit == Fit.SAME or not self.lineage.has_lapsed(candidate)
        return is_sure and candidate.model not in self.taken and self._is_doer(row, candidate)

    def _plain(self, row: Later, least: Fit) -> list[Earlier]:
        """The plain matches of the best fit; what stood in a register last year goes before what had lapsed."""
        best: dict[Stand, list[Earlier]] = {}
        top = least
        for spot, fit in self._near[row.stand]:
            found = [candidate for candidate in self._by_title.get((row.title, spot), ()) if self._is_plain(row, candidate, fit)]
            if not found or fit < top:
                continue
            if fit > top:
                best, top = {}, fit
            best[spot] = found
        found = [candidate for found in best.values() for candidate in found]
        newest = max((candidate.year for candidate in found), default=0)
        return [candidate for candidate in found if candidate.year == newest]

    def link(self, least: Fit) -> None:
        """Link the rows that have one plain match which no other row has as well."""
        wishes = {row.pk: self._plain(row, least) for row in self.rows if not self.decisions[row.pk].link}
        wanted = Counter(candidate.model for found in wishes.values() for candidate in found)
        for pk, found in wishes.items():
            if len(found) == 1 and wanted[found[0].model] == 1:
                self.decisions[pk].link = found[0]
                self.taken.add(found[0].model)

    def propose(self) -> None:
        """Propose to the rest what is left; last of all what another row claims with more right."""
        found = {row.pk: self._found(row) for row in self.rows if not self.decisions[row.pk].link}
        claims: dict[int, int] = {}
        for proposals in filter(None, found.values()):
            best = max(proposals, key=lambda proposal: proposal.score)
            claims[best.earlier.model] = max(best.score, claims.get(best.earlier.model, 0))
        for pk, proposals in found.items():
            proposals.sort(
                key=lambda proposal: (
                    proposal.score < claims.get(proposal.earlier.model, 0),
                    -proposal.score,
                    -proposal.earlier.year,
                    proposal.earlier.pk,
                )
            )
            self.decisions[pk].proposals = sorted(proposals[:PROPOSED], key=lambda proposal: -proposal.score)

    def _found(self, row: Later) -> list[Proposal]:
        found: dict[int, Proposal] = {}
        bare, heir = bare_title(row.title), self.lineage.nameless(row.doer, row.stand.home)
        for spot, fit in self._near[row.stand]:
            titled = [candidate for title in {row.title, bare} for candidate in self._by_title.get((title, spot), [])[:WEIGHED]]
            for candidate in (*self._nearest_of_doer(row, heir, spot), *titled):
                proposal = None if candidate.model in self.taken else self._weigh(row, candidate, fit)
                if proposal and (candidate.model not in found or found[candidate.model].score < proposal.score):
                    found[candidate.model] = proposal
        return list(found.values())

    def _nearest_of_doer(self, row: Later, heir: str, spot: Stand) -> list[Earlier]:
        """Of what the same doer had at a spot, the titles nearest to the row's."""
        key = (row.doer, heir, spot)
        if key not in self._of_doer:
            same = _newest_first(self.known.get((row.doer, spot), ()) if row.doer else ())
            heirs = self._of_heirs(heir, spot) if self.lineage.took_over(row.stand, spot) else []
            self._of_doer[key] = same, heirs, [title for *_, title in same] + [it.title for it in heirs]
        same, heirs, titles = self._of_doer[key]
        near: Iterable[int] = range(len(titles))
        if len(titles) > WEIGHED:
            near = [at for *_, at in process.extract(row.title, titles, scorer=fuzz.ratio, limit=WEIGHED)]
        return [Earlier(*same[at], row.doer, spot) if at < len(same) else heirs[at - len(same)] for at in near]

    def _of_heirs(self, heir: str, spot: Stand) -> list[Earlier]:
        doers = {told: doer for doer in self._heirs.get((heir, spot), ()) for told in self.known[doer, spot]}
        return [Earlier(*told, doers[told], spot) for told in _newest_first(doers)]

    def _weigh(self, row: Later, candidate: Earlier, fit: Fit) -> Proposal | None:
        is_doer = self._is_doer(row, candidate)
        if not is_doer and fit < Fit.OPEN:
            return None
        bare, other = bare_title(row.title), bare_title(candidate.title)
        if row.title == candidate.title:
            title = 1.0
            reason = LinkReason.DOER if not is_doer else LinkReason.EQUAL if fit >= Fit.OPEN else LinkReason.PLACE
        elif bare == other:
            title, reason = _PROLONGED, LinkReason.SUFFIX
        else:
            title, reason = min(_REWORDED, likeness(bare, other)), LinkReason.WORDING
            if title < LEAST_TITLE or not is_doer:
                return None
        doer = 1.0 if is_doer else 0.6 * words_in_common(row.doer, candidate.doer)
        score = round(_TITLE * title + _DOER * doer + _PLACE * fit / Fit.SAME)
        return Proposal(candidate, reason, score)
