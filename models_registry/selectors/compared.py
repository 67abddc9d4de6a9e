"""Two registrations side by side: what each says in its nine boxes, and where they differ word by word."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from models_registry.boxes import BOX_OF, BOXES, FIELDS
from models_registry.models import Registration
from models_registry.selectors.scope import own_units
from models_registry.selectors.sheets import answers_of_line, in_words, pieces_of
from organisation.models import Reader
from organisation.roles import May

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pair:
    """One field as both say it: pieces (kind same, gone or new; text), gone only in the other one, new only in this one."""

    name: str
    pieces: Pieces

    @property
    def label(self) -> str:
        return FIELDS[self.name].label

    @property
    def this(self) -> Pieces:
        return tuple(piece for piece in self.pieces if piece[0] != "gone")

    @property
    def other(self) -> Pieces:
        return tuple(piece for piece in self.pieces if piece[0] != "new")

    @property
    def is_alike(self) -> bool:
        return all(kind == "same" for kind, _ in self.pieces)


@dataclass(frozen=True)
class Compared:
    other: Registration
    boxes: tuple[tuple[str, tuple[Pair, ...]], ...]
    """(title, fields of which at least one of both says something)"""
    is_whole: bool
    """Whether the other's nine boxes are compared; of another unit's registration no more is public than the register's line."""

    @property
    def alike(self) -> int:
        return sum(pair.is_alike for _, pairs in self.boxes for pair in pairs)

    @property
    def differing(self) -> int:
        return sum(not pair.is_alike for _, pairs in self.boxes for pair in pairs)


def compared(user: Reader, registration: Registration, other_id: int) -> Compared | None:
    """None for another one that the user may not see. A fixed number of queries."""
    mine = own_units(user, May.SEE_BOARD)
    there = Registration.objects.filter(Q(registered_on__isnull=False) | mine).exclude(pk=registration.pk)
    other = there.select_related("season", "unit", "place", "field", "model", "sheet").filter(pk=other_id).first()
    if other is None:
        return None
    is_whole = hasattr(other, "sheet") and Registration.objects.filter(mine, pk=other.pk).exists()
    this, that = _said(registration, hasattr(registration, "sheet")), _said(other, is_whole)
    shown = this | that if is_whole else that
    pairs = [Pair(name, tuple(pieces_of(that.get(name, ""), this.get(name, "")))) for name in FIELDS if name in shown]
    titles = {box.number: box.title for box in BOXES}
    grouped = groupby(pairs, key=lambda pair: BOX_OF[pair.name])
    return Compared(other, tuple((titles[number], tuple(found)) for number, found in grouped), is_whole)


def _said(registration: Registration, is_whole: bool) -> dict[str, str]:
    answers = registration.sheet.answers if is_whole else answers_of_line(registration)
    said = in_words(registration, answers)[0]
    if not is_whole and registration.place_name:
        said["place"] = registration.place_name
    return said
