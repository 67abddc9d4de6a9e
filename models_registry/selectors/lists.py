"""Lists of units and people that were sent: their kinds, how they were read before, what a list's page shows."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from common.dates import today
from common.text import compare_key
from models_registry.enums import ListOf
from models_registry.models import RememberedList, SentList
from models_registry.registers.lists.kinds import ListKind, ListRole
from models_registry.registers.lists.mapping import Remembered
from organisation.lists.known import CHANGED, ENDED, NEW, REFUSED, SAME
from organisation.lists.reading import COLUMNS, PEOPLE, Line, ListColumn
from organisation.models import Reader, Unit, UnitVersion
from organisation.naming import role_name
from organisation.permissions import can_administer
from organisation.roles import ROLES
from organisation.selectors.people import never_entered
from organisation.services import digest_of, plan_list, plan_people
from organisation.setting_up import level_lines

PAGE = 100
_BESIDE = (
    ListRole("row_number", "Số thứ tự", r"^(stt|tt|so tt|so thu tu|thu tu|so)$", is_ignored=True),
    ListRole("note", "Ghi chú", r"\bghi chu\b|\bchu thich\b", is_ignored=True),
)


def _kind(of: ListOf, name: str, columns: Sequence[ListColumn], **other: Any) -> ListKind:
    def role(column: ListColumn) -> ListRole:
        words = "|".join(re.escape(compare_key(said)) for said in (column.heading, *column.others))
        return ListRole(column.name, column.heading, f"^({words})$", (compare_key(column.heading),))

    return ListKind(key=of.value, name=name, roles=(*_BESIDE, *map(role, columns)), **other)


KINDS = {
    ListOf.UNITS: _kind(
        ListOf.UNITS,
        "danh sách đơn vị",
        COLUMNS,
        needed=("name",),
        carried=("kind", "parent"),
        fills=("kind", "parent", "valid_from"),
        asked=("kind", "parent"),
        most_rows=1_500,
    ),
    ListOf.PEOPLE: _kind(
        ListOf.PEOPLE,
        "danh sách tài khoản",
        PEOPLE,
        needed=("full_name",),
        carried=("unit", "role"),
        fills=("unit", "role"),
        asked=("unit", "role"),
        most_rows=1_000,
    ),
}
COLUMNS_OF = {ListOf.UNITS: COLUMNS, ListOf.PEOPLE: PEOPLE}
LOOKS = {  # what a line does -> the look of its state, its word
    ListOf.UNITS: {
        NEW: ("accepted", "Sẽ tạo"),
        CHANGED: ("draft", "Sẽ đổi"),
        ENDED: ("withdrawn", "Sẽ kết thúc"),
        SAME: ("revoked", "Không đổi"),
        REFUSED: ("late", "Chưa ghi được"),
    },
    ListOf.PEOPLE: {
        NEW: ("accepted", "Sẽ mở"),
        CHANGED: ("draft", "Sẽ thêm vai trò"),
        SAME: ("revoked", "Đã có"),
        REFUSED: ("late", "Chưa mở được"),
    },
}


UnitsOf = Callable[[Any], Collection[int]]
_remembering: dict[str, tuple[ListKind, UnitsOf]] = {}


def sent_lists_visible_to(user: Reader, of: str) -> QuerySet[SentList]:
    """Any administrator finishes what another sent."""
    found = SentList.objects.filter(of=of) if can_administer(user) else SentList.objects.none()
    return found.select_related("sent_by")


def remembered_lists(kind: ListKind, unit: Unit | None = None) -> dict[str, Remembered]:
    """The key of a heading -> how lists with it were read by hand."""
    rows = RememberedList.objects.filter(kind=kind.key, unit=unit)
    return {row.head_key: Remembered.from_json(row.said, kind) for row in rows}


def remembers_for(kind: ListKind) -> Callable[[UnitsOf], UnitsOf]:
    """Register the lists of a kind that an app above remembers by unit: a function of who asks, the ids of these units."""

    def register(units: UnitsOf) -> UnitsOf:
        _remembering[kind.key] = (kind, units)
        return units

    return register


def remembered_lists_visible_to(user: Reader) -> QuerySet[RememberedList]:
    """How lists were read by hand: those of units that the user sends lists of, and those of administrators for these."""
    mine = Q(unit=None) if can_administer(user) else Q(pk__in=[])
    for key, (_, units) in _remembering.items():
        mine |= Q(kind=key, unit__in=units(user))
    return RememberedList.objects.filter(mine).select_related("unit", "made_by")


def has_remembered_lists(user: Reader) -> bool:
    return remembered_lists_visible_to(user).exists()


def lists_of_units(user: Reader) -> QuerySet[RememberedList]:
    """Of these the ones of units."""
    return remembered_lists_visible_to(user).filter(unit__isnull=False)


def lists_of_administrators(user: Reader, of: str = "") -> QuerySet[RememberedList]:
    """Of these the ones that belong to no unit; with `of`, of a kind."""
    found = remembered_lists_visible_to(user).filter(unit=None)
    return found.filter(kind=of) if of else found


def said_of(kept: RememberedList) -> list[tuple[str, str]]:
    """(a column's head, what it is) of what is used."""
    kind = _remembering[kept.kind][0] if kept.kind in _remembering else KINDS[ListOf(kept.kind)]
    known = Remembered.from_json(kept.said, kind)
    codes = ((head, known.columns.get(compare_key(head), "")) for head in kept.head)
    return [(head, kind.label(code)) for head, code in codes if code]


def choices_of(of: str) -> dict[str, list[str]]:
    """The code of a column -> what may stand in it, as a list offers it."""
    day = today()
    units = UnitVersion.objects.on(day).order_by("unit__position", "unit__key").values_list("name", flat=True)
    names = list(dict.fromkeys(units))
    if of == ListOf.PEOPLE:
        return {"unit": names, "role": [role_name(key, day) for key in ROLES]}
    return {"parent": names, "kind": [line.called.name for line in level_lines()]}


def sources_of(sent: SentList) -> list[str]:
    return [f"{sheet}!{row}" for sheet, row, _ in sent.rows]


def lines_of(sent: SentList) -> list[Line]:
    """Its rows with what was typed over them."""
    return [Line(row, texts | sent.mends.get(f"{sheet}!{row}", {})) for sheet, row, texts in sent.rows]


def count_silent(sent: SentList) -> int:
    """How many of the accounts that a list opened have not logged in yet."""
    return never_entered(sent.opened).count() if sent.opened else 0


def plan_of_list(sent: SentList) -> list[Any]:
    """What each of its rows would do, in its order."""
    lines = lines_of(sent)
    return plan_people(lines) if sent.of == ListOf.PEOPLE else plan_list(lines)


@dataclass(frozen=True)
class Cell:
    """A part of a row as its page shows it. `name`: of its field."""

    code: str
    label: str
    name: str
    text: str
    was: str | None = None
    """The file's text, where another was typed over it."""
    listed: bool = False


@dataclass(frozen=True)
class ListLine:
    number: int
    position: int
    planned: Any
    cells: list[Cell]
    look: str
    words: str
    is_open: bool

    @property
    def more(self) -> list[Cell]:
        """What stands beside its name."""
        return [cell for cell in self.cells[1:] if cell.text]


@dataclass(frozen=True)
class ListReview:
    page: Page[Any]
    lines: list[ListLine]
    chips: list[tuple[str, str, int, bool]]
    choices: dict[str, list[str]]
    shown: str
    total: int
    kept: int
    refused: int
    news: int


def review_list(sent: SentList, narrowed: str, opened: str, number: str) -> ListReview:
    """The page of a list: rows that are refused first, then in its order; `opened`: the position of a row to be mended."""
    planned = plan_of_list(sent)
    counts = Counter(one.does for one in planned)
    looks, columns = LOOKS[ListOf(sent.of)], _columns(sent)
    rows = [(at, one) for at, one in enumerate(planned) if not narrowed or one.does == narrowed]
    page = Paginator(sorted(rows, key=lambda row: not row[1].is_refused), PAGE).get_page(number)
    listed = choices_of(sent.of)

    def line(at: int, one: Any) -> ListLine:
        sheet, row, texts = sent.rows[at]
        mends = sent.mends.get(f"{sheet}!{row}", {})
        cells = [
            Cell(
                column.name,
                column.heading,
                f"o-{at}-{column.name}",
                one.line.texts.get(column.name, ""),
                texts.get(column.name, "") if column.name in mends else None,
                column.name in listed,
            )
            for column in columns
        ]
        look, words = looks[one.does]
        return ListLine(row, at, one, cells, look, words, one.is_refused or opened == str(at))

    chips = [("", "Tất cả", len(planned), not narrowed)]
    chips += [(does, words, counts[does], narrowed == does) for does, (_, words) in looks.items() if counts[does]]
    return ListReview(
        page=page,
        lines=[line(at, one) for at, one in page],
        chips=chips,
        choices=listed,
        shown=digest_of(planned),
        total=len(planned),
        kept=sum(one.is_kept for one in planned),
        refused=counts[REFUSED],
        news=counts[NEW],
    )


def _columns(sent: SentList) -> list[ListColumn]:
    """Those of its kind that the list has, or that each row must have; the first names it."""
    kind = KINDS[ListOf(sent.of)]
    there = {code for _, _, texts in sent.rows for code, text in texts.items() if text} | {*kind.needed, *kind.asked}
    there |= {code for mends in sent.mends.values() for code in mends}
    found = [column for column in COLUMNS_OF[ListOf(sent.of)] if column.name in there]
    return sorted(found, key=lambda column: column.name not in kind.needed)
