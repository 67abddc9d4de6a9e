"""Who stands above and below whom on a day, of all units at once: one query answers every such question of a request."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from django.db.models import F

from common.remember import remembered
from organisation.models import Reader, UnitSuccession, UnitVersion


class UnitTree:
    """The units as they were on any day. Read once; the few hundred rows fit any process."""

    def __init__(self) -> None:
        versions = UnitVersion.objects.select_related("unit", "level").order_by(F("valid_from").asc(nulls_first=True))
        self.versions = list(versions)
        """What all units were, each from its first day on."""
        self._lives: dict[int, list[UnitVersion]] = defaultdict(list)
        for version in self.versions:
            self._lives[version.unit_id].append(version)
        self._rows = [(v.unit_id, v.parent_id, v.valid_from, v.valid_to, v.level.gathers_registers) for v in self.versions]
        self._changes = sorted({day for *_, starts, ends, _ in self._rows for day in (starts, ends) if day})
        self._epochs: dict[int, tuple[dict[int, int | None], dict[int, list[int]], set[int]]] = {}
        self._successions: list[tuple[int, int, date]] | None = None

    @cached_property
    def _spans(self) -> dict[int, list[tuple[date | None, date | None]]]:
        """unit -> (from, until before) of all that it was."""
        spans: dict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
        for unit_id, _, starts, ends, _ in self._rows:
            spans[unit_id].append((starts, ends))
        return spans

    def epoch(self, day: date) -> int:
        """Equal for two days between which no unit came, went, or changed its place."""
        return bisect_right(self._changes, day)

    def distinct(self, days: Iterable[date]) -> list[date]:
        """The days without those that fall into the epoch of an earlier one in the row."""
        found: dict[int, date] = {}
        for day in days:
            found.setdefault(self.epoch(day), day)
        return list(found.values())

    def changing(self, first: date, last: date) -> list[date]:
        """The days after the first, up to the last, on which a unit came, went, or changed its place."""
        return self._changes[self.epoch(first) : self.epoch(last)]

    def _on(self, day: date) -> tuple[dict[int, int | None], dict[int, list[int]], set[int]]:
        """(unit -> parent, parent -> units, units that gather registers) of a day."""
        epoch = self.epoch(day)
        if epoch not in self._epochs:
            parent: dict[int, int | None] = {}
            below: dict[int, list[int]] = defaultdict(list)
            gathering: set[int] = set()
            for unit_id, parent_id, starts, ends, gathers in self._rows:
                if (starts is None or starts <= day) and (ends is None or ends > day):
                    parent[unit_id] = parent_id
                    if parent_id is not None:
                        below[parent_id].append(unit_id)
                    if gathers:
                        gathering.add(unit_id)
            self._epochs[epoch] = (parent, below, gathering)
        return self._epochs[epoch]

    def exists(self, unit_id: int, day: date) -> bool:
        return unit_id in self._on(day)[0]

    def were(self, unit_ids: Iterable[int], day: date) -> dict[int, UnitVersion]:
        """unit id -> what it was on a day; outside its life the nearest version."""
        return versions_among((version for one in dict.fromkeys(unit_ids) for version in self._lives.get(one, ())), day)

    def reporting_within(self, unit_ids: Iterable[int] | None, day: date) -> list[UnitVersion]:
        """The units among these, or of all, that report on a day, in official order."""
        parent, _, gathering = self._on(day)
        return self._in_order((pk for pk in (parent if unit_ids is None else unit_ids) if parent.get(pk) in gathering), day)

    def right_below(self, unit_id: int, day: date) -> list[UnitVersion]:
        """The units right below one on a day, in official order."""
        return self._in_order(self._on(day)[1].get(unit_id, ()), day)

    def _in_order(self, unit_ids: Iterable[int], day: date) -> list[UnitVersion]:
        return sorted(self.were(unit_ids, day).values(), key=lambda version: (version.unit.position, version.unit.key))

    def line(self, unit_id: int, day: date) -> list[int]:
        """The unit itself, its parent, and so on up."""
        parent, found = self._on(day)[0], [unit_id]
        while (above := parent.get(found[-1])) is not None and above not in found:
            found.append(above)
        return found

    def below(self, unit_ids: Iterable[int], day: date) -> frozenset[int]:
        """The units themselves and all below them."""
        below = self._on(day)[1]
        reached = set(unit_ids)
        frontier = list(reached)
        while frontier:
            fresh = [unit_id for unit_id in below.get(frontier.pop(), ()) if unit_id not in reached]
            reached.update(fresh)
            frontier += fresh
        return frozenset(reached)

    def last_day(self, unit_id: int, day: date) -> date:
        """The day, or the last one before it on which the unit was there; for one yet to come its first."""
        if self.exists(unit_id, day):
            return day
        lives = self._spans.get(unit_id, ())
        past = [ends - timedelta(days=1) for _, ends in lives if ends and ends <= day]
        to_come = [starts for starts, _ in lives if starts and starts > day]
        return max(past, default=None) or min(to_come, default=day)

    def line_then(self, unit_id: int, day: date) -> list[int]:
        """`line`, of a unit that has ended as it was on its last day."""
        return self.line(unit_id, self.last_day(unit_id, day))

    def below_then(self, unit_ids: Iterable[int], day: date) -> frozenset[int]:
        """`below`, of units that have ended as they were on their last day."""
        return frozenset[int]().union(*(self.below([one], self.last_day(one, day)) for one in unit_ids))

    def with_followed(self, unit_ids: Iterable[int], day: date) -> frozenset[int]:
        """The units themselves and all that they, and those in turn, had followed by that day (one more query, once)."""
        followed: dict[int, list[int]] = defaultdict(list)
        for predecessor, successor, since in self.successions():
            if since <= day:
                followed[successor].append(predecessor)
        reached = set(unit_ids)
        frontier = list(reached)
        while frontier:
            fresh = [unit_id for unit_id in followed.get(frontier.pop(), ()) if unit_id not in reached]
            reached.update(fresh)
            frontier += fresh
        return frozenset(reached)

    def answered_for(self, unit_ids: Iterable[int], day: date) -> frozenset[int]:
        """The units themselves, all that is below them or was on its last day, and all that these had followed by that day: whose
        work they answer for. A unit that moved elsewhere is not among them.
        """
        begun = (unit_id for unit_id, spans in self._spans.items() if any(starts is None or starts <= day for starts, _ in spans))
        lines = {unit_id: self.line_then(unit_id, day) for unit_id in begun}
        reached, fresh = frozenset[int](), frozenset(unit_ids)
        while fresh - reached:
            reached |= fresh
            below = {unit_id for unit_id, line in lines.items() if not reached.isdisjoint(line)}
            fresh = self.with_followed(reached | below, day)
        return reached

    def reach(self, unit_id: int, day: date) -> frozenset[int]:
        """The unit, all that was ever below it, and all that these had followed by that day: whose work counts as its own."""
        ever: dict[int | None, set[int]] = defaultdict(set)
        for one, parent, *_ in self._rows:
            ever[parent].add(one)
        reached, fresh = frozenset[int](), frozenset((unit_id,))
        while fresh - reached:
            reached |= fresh
            below = frozenset[int]().union(*(ever[one] for one in reached))
            fresh = self.with_followed(reached | below, day)
        return reached

    def successions(self) -> list[tuple[int, int, date]]:
        """(predecessor, successor, since when) of all units, asked for once."""
        if self._successions is None:
            rows = UnitSuccession.objects.order_by("effective_on", "pk")
            self._successions = list(rows.values_list("predecessor_id", "successor_id", "effective_on"))
        return self._successions

    def ended_between(self, first: date, last: date) -> frozenset[int]:
        """The units that reported on the first day, or on one since, and are there no more on the last."""
        reported: set[int] = set()
        for day in (first, *self.changing(first, last)):
            parent, _, gathering = self._on(day)
            reported.update(unit_id for unit_id, above in parent.items() if above in gathering)
        return frozenset(unit_id for unit_id in reported if not self.exists(unit_id, last))

    def heir(self, unit_id: int, day: date) -> int | None:
        """The unit that continues a unit: itself while it exists, else its only successor; None if there are several or none."""
        if self.exists(unit_id, day):
            return unit_id
        heirs = self.successors(unit_id, day)
        return heirs[0] if len(heirs) == 1 else None

    def successors(self, unit_id: int, day: date) -> list[int]:
        """Those that carry on what a unit did and are there on a day, through all that came between; none while it is there itself."""
        found: list[int] = []
        frontier, seen = [] if self.exists(unit_id, day) else [unit_id], {unit_id}
        while frontier:
            before = frontier.pop(0)
            for predecessor, successor, since in self.successions():
                if predecessor != before or since > day or successor in seen:
                    continue
                seen.add(successor)
                (found if self.exists(successor, day) else frontier).append(successor)
        return found

    def heirs(self, unit_ids: Iterable[int], day: date) -> dict[int, int]:
        """unit -> its `heir` on a day; one that was split, or ended without a successor, stays itself."""
        return {unit_id: self.heir(unit_id, day) or unit_id for unit_id in set(unit_ids)}

    def places(self, day: date) -> Iterable[tuple[int, int | None]]:
        """(reporting unit, None), and (reporting unit, place) for each unit right below it."""
        parent, below, gathering = self._on(day)
        for unit_id, above in parent.items():
            if above in gathering:
                yield unit_id, None
                yield from ((unit_id, place) for place in below.get(unit_id, ()))

    def gathers(self, unit_id: int, day: date) -> bool:
        """Whether other units report to it on a day."""
        return unit_id in self._on(day)[2]

    def reporting(self, unit_id: int, day: date) -> int | None:
        """The unit that reports for this one: itself or the nearest above whose parent gathers registers; None when it is not there."""
        parent, _, gathering = self._on(day)
        return next((one for one in self.line(unit_id, day) if parent.get(one) in gathering), None)


def versions_among(versions: Iterable[UnitVersion], day: date) -> dict[int, UnitVersion]:
    """unit id -> the version of a day, out of those read before."""
    found: dict[int, UnitVersion] = {}
    for version in versions:
        known = found.get(version.unit_id)
        started = version.valid_from is None or version.valid_from <= day
        if known is None or started:
            found[version.unit_id] = version
    return found


@remembered(size=2)
def unit_tree() -> UnitTree:
    """The tree, cached per process."""
    return UnitTree()


def tree_for(user: Reader) -> UnitTree:
    """The tree of a request: kept on the user object, which lives as long as the request."""
    kept = getattr(user, "_unit_tree", None)
    if kept is None:
        kept = unit_tree()
        if user is not None:
            user._unit_tree = kept  # type: ignore[union-attr]
    return kept
