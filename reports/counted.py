"""Which registrations a report counted, and in which of its figures: a few bytes a row, so that a frozen report still opens
each of its figures after years, at any size.
"""

import zlib
from array import array
from base64 import b85decode, b85encode
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from reports.figures import FIGURES


def pack_ids(ids: Iterable[int]) -> str:
    """Ids as a short text, for JSON."""
    return b85encode(zlib.compress(array("Q", ids).tobytes(), 6)).decode()


def unpack_ids(text: str) -> list[int]:
    return array("Q", zlib.decompress(b85decode(text))).tolist()


BITS = {slug: 1 << place for place, slug in enumerate(FIGURES)}


@dataclass
class Counted:
    """The rows in the order in which they are listed: id, unit id, field id, and the figures that count it as bits."""

    ids: "array[int]" = field(default_factory=lambda: array("Q"))
    units: "array[int]" = field(default_factory=lambda: array("I"))
    fields: "array[int]" = field(default_factory=lambda: array("H"))
    marks: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, registration_id: int, unit_id: int, field_id: int, marks: int) -> None:
        self.ids.append(registration_id)
        self.units.append(unit_id)
        self.fields.append(field_id)
        self.marks.append(marks)

    def of(self, figure: str, unit_ids: Container[int] | None = None, field_id: int | None = None) -> list[int]:
        """The registrations that a figure counted, of all or of some units, of all or of one field."""
        bit = BITS[figure]
        rows = zip(self.ids, self.units, self.fields, self.marks, strict=True)
        return [
            pk
            for pk, unit, about, marks in rows
            if marks & bit and (unit_ids is None or unit in unit_ids) and field_id in (None, about)
        ]

    def number(self, figure: str) -> int:
        bit = BITS[figure]
        return sum(1 for marks in self.marks if marks & bit)

    def astray(self, figure: str, parts: Iterable[str]) -> list[int]:
        """Those that a figure counted and none of the figures that should add up to it, or more than one."""
        bit, bits = BITS[figure], [BITS[part] for part in parts]
        rows = zip(self.ids, self.marks, strict=True)
        return [pk for pk, marks in rows if marks & bit and sum(1 for one in bits if marks & one) != 1]

    def without_field(self, figure: str) -> list[int]:
        return [
            pk for pk, about, marks in zip(self.ids, self.fields, self.marks, strict=True) if marks & BITS[figure] and not about
        ]

    def outside(self, figure: str, units: Container[int]) -> list[int]:
        """Those that a figure counted of other units than these."""
        rows = zip(self.ids, self.units, self.marks, strict=True)
        return [pk for pk, unit, marks in rows if marks & BITS[figure] and unit not in units]

    def by_unit(self, figure: str) -> Counter[int]:
        bit = BITS[figure]
        return Counter(unit for unit, marks in zip(self.units, self.marks, strict=True) if marks & bit)

    def packed(self) -> bytes:
        parts = [part.tobytes() for part in (self.ids, self.units, self.fields, self.marks)]
        head = array("Q", [len(self.ids)])
        return zlib.compress(head.tobytes() + b"".join(parts), 6)

    @classmethod
    def unpacked(cls, kept: bytes) -> "Counted":
        data = zlib.decompress(kept)
        number = array("Q", data[:8])[0] if data else 0
        found, at = cls(), 8
        if number and len(data) == at + number * 16:  # kept while there were at most sixteen figures
            found.marks = array("H")
        for part in (found.ids, found.units, found.fields, found.marks):
            size = number * part.itemsize
            part.frombytes(data[at : at + size])
            at += size
        return found

    def shifted(self, later: "Counted") -> dict[int, list[str]]:
        """id -> what of a registration that both counted is another one now: its unit, its field."""
        then = {pk: (unit, about) for pk, unit, about in zip(self.ids, self.units, self.fields, strict=True)}
        found = {}
        for pk, unit, about in zip(later.ids, later.units, later.fields, strict=True):
            before = then.get(pk)
            if before and before != (unit, about):
                changed = zip(before, (unit, about), ("đổi đơn vị", "đổi lĩnh vực"), strict=True)
                found[pk] = [words for old, new, words in changed if old != new]
        return found

    def differs(self, later: "Counted", figures: Iterable[str]) -> list[tuple[str, list[int], list[int]]]:
        """(figure, what came, what went) from this count to a later one, of the figures that differ."""
        found = []
        for figure in figures:
            before, now = set(self.of(figure)), set(later.of(figure))
            if before != now:
                found.append((figure, sorted(now - before), sorted(before - now)))
        return found
