"""Where a place of a register is on the day of a row: papers write a new name before its day, and an old one after it."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from common.dates import write_day
from models_registry.models import Season
from models_registry.registers.vocabulary import Place, PlaceUnknown
from models_registry.selectors.seasons import places_within
from organisation.models import Unit
from organisation.tree import unit_tree


class PlaceDays:
    """Call it with a place and a day for the place that was there on that day. `notes` tells afterwards what it did."""

    def __init__(self, unit: Unit, season: Season) -> None:
        self._tree = unit_tree()
        self._within = {version.unit_id: version for version in places_within(unit, season)}
        self._moved: Counter[tuple[int, int, bool]] = Counter()

    def __call__(self, place: Place, day: date) -> Place:
        """The place itself while it is there, else the one of the unit in its stead, with the words of the paper. Raises PlaceUnknown
        where that is none of the unit's, or one of several.
        """
        old = place.unit_id
        if old is None or self._tree.exists(old, day):
            return place
        is_over = self._tree.last_day(old, day) < day
        stead = [pk for pk in self._in_stead(old, day, is_over) if pk in self._within]
        if len(stead) != 1:
            named = " hoặc ".join(self._within[pk].place for pk in stead)
            said = f"ngày {write_day(day)} {f'là {named}' if named else 'không có trong đơn vị'}"
            raise PlaceUnknown(f"{'đã kết thúc' if is_over else 'chưa thành lập'}; {said}. Xin chọn nơi có vào ngày ấy")
        self._moved[old, stead[0], is_over] += 1
        key = self._within[stead[0]].unit.key + place.key.removeprefix(self._within[old].unit.key)
        return replace(place, unit_id=stead[0], key=key)

    def _in_stead(self, old: int, day: date, is_over: bool) -> list[int]:
        if is_over:
            return self._tree.successors(old, day)
        first = self._tree.last_day(old, day)
        return [pk for pk in sorted(self._tree.with_followed([old], first)) if self._tree.exists(pk, day)]

    def notes(self) -> list[dict[str, Any]]:
        """A warning for each place of which rows were taken for another."""
        found = []
        for (old, new, is_over), rows in self._moved.items():
            name, there = self._within[old].place, self._within[new].place
            day = self._tree.last_day(old, date.max if is_over else date.min)
            since = (
                f"sau ngày {write_day(day)}, khi đã kết thúc" if is_over else f"trước ngày {write_day(day)}, khi chưa thành lập"
            )
            said = f"{rows} dòng ghi {name} {since}: cổng ghi vào {there}, giữ tên trên sổ."
            found.append({"sheet": "", "row": 0, "code": "place_of_another_day", "message": said})
        return found
