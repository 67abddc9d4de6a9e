"""An upload's page: its rows with their controls, its counts, what can be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Count
from rapidfuzz import fuzz, process

from common.text import compare_key
from models_registry.enums import ImportState, Kind, RowLink, RowState, SubjectKind
from models_registry.models import ROWS_KEPT, ImportEdit, ImportRow, RegisterImport
from models_registry.registers.reading import PARTS, Mends
from models_registry.selectors.mending import LINKS, STATES, is_mendable, mark_of, rows_at, rows_seen, stands
from models_registry.selectors.seasons import fields, places_within

PAGE = 100
LISTED = 30  # names that a drop-down holds; more of them are offered as they are typed
LABELS = dict(
    zip(
        PARTS,
        (
            "Tên mô hình",
            "Người thực hiện",
            "Địa bàn",
            "Thôn, khu phố",
            "Lĩnh vực",
            "TT/CN",
            "Loại",
            "Ngày đăng ký",
            "Nội dung, cách làm",
            "Ghi chú",
        ),
        strict=True,
    )
)
COLUMNS = (("title", "subject"), ("place", "hamlet"), ("field",), ("subject_kind",), ("kind",), ("registered_on",))
_SHORT = {"title": "Mô hình", "registered_on": "Ngày"}
_LONG = ("content", "note")
_LISTED = " Các lĩnh vực:"  # what follows is offered by the control itself
_ICONS = {RowState.NEW: "plus-lg", RowState.CHANGED: "pencil", RowState.UNCHANGED: "circle"}
_LOOKS = {RowState.NEW: "ok", RowState.CHANGED: "wait", RowState.REFUSED: "late"}


@dataclass(frozen=True)
class Chip:
    key: str
    words: str
    count: int
    icon: str
    href: str
    is_on: bool


@dataclass(frozen=True)
class Cell:
    """One part of a row: what stands there, why it is refused, and the control that mends it."""

    part: str
    label: str
    text: str
    name: str
    id: str
    why: tuple[str, ...] = ()
    control: str = ""
    """"" for none, else text, list, choose, lines."""
    options: tuple[str, ...] = ()
    nearest: str = ""
    was: str | None = None
    """What the file says, of a cell that was typed over."""
    before: str | None = None
    after: str = ""
    """What stands in the register and what will, of a cell that a re-sent register changes."""
    overwritten: str | None = None
    """What someone else had typed, of a cell that was typed over at the same time."""

    @property
    def is_plain(self) -> bool:
        return not (self.why or self.control or self.before is not None)


@dataclass(frozen=True)
class Column:
    cells: tuple[Cell, ...]

    @property
    def is_bad(self) -> bool:
        return any(cell.why for cell in self.cells)

    @property
    def label(self) -> str:
        return _SHORT.get(self.cells[0].part, self.cells[0].label)


@dataclass(frozen=True)
class ReviewRow:
    row: ImportRow
    anchor: str
    look: str
    icon: str
    columns: tuple[Column, ...]
    long: tuple[Cell, ...]
    why: tuple[str, ...]
    is_open: bool
    is_mendable: bool
    answer: str | None

    @property
    def has_controls(self) -> bool:
        cells = [*self.long, *(cell for column in self.columns for cell in column.cells)]
        return self.is_mendable and (
            bool(self.row.told.get("offered") or self.row.linked_to) or any(cell.control for cell in cells)
        )

    @property
    def is_mended(self) -> bool:
        return any(cell.was is not None for column in self.columns for cell in column.cells)


@dataclass(frozen=True)
class Lists:
    """The words that a cell is chosen from."""

    field: tuple[str, ...] = ()
    kind: tuple[str, ...] = tuple(kind.label for kind in Kind)
    subject_kind: tuple[str, ...] = tuple(kind.label for kind in SubjectKind)
    place: tuple[str, ...] = ()

    def of(self, part: str) -> tuple[str, ...]:
        return getattr(self, part, ())

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.field, *self.kind, *self.subject_kind, *self.place)


@dataclass(frozen=True)
class Review:
    """The page of an upload that was read. Counts are of the whole file, whatever is shown."""

    upload: RegisterImport
    total: int
    states: dict[str, int]
    links: dict[str, int]
    chips: tuple[tuple[str, str, tuple[Chip, ...]], ...]
    page: Page[ImportRow]
    rows: tuple[ReviewRow, ...]
    lists: Lists
    several_sheets: bool
    edits: tuple[ImportEdit, ...] = ()
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def here(self) -> str:
        """The address of this part and page, to be gone on with."""
        asked = {"xem": self.asked.get("xem", ""), "trang": str(self.page.number)}
        return "?" + "".join(f"{name}={quote(value)}&" for name, value in asked.items() if value not in ("", "1"))

    @property
    def right(self) -> int:
        return self.total - self.refused

    @property
    def refused(self) -> int:
        return self.states.get(RowState.REFUSED, 0)

    @property
    def changes(self) -> int:
        return self.states.get(RowState.NEW, 0) + self.states.get(RowState.CHANGED, 0)

    @property
    def asks(self) -> int:
        return self.links.get(RowLink.ASKED, 0)

    @property
    def unlinked(self) -> int:
        return self.asks + self.links.get(RowLink.NONE, 0)

    @property
    def is_open(self) -> bool:
        return self.upload.state == ImportState.READ

    @property
    def mended(self) -> int:
        return sum(len(parts) for parts in self.upload.mends.values())

    @property
    def kept_until(self) -> Any:
        return self.upload.stored_at + ROWS_KEPT if self.upload.stored_at else None

    @property
    def has_controls(self) -> bool:
        """Whether there is anything on the page to fill in."""
        return any(row.has_controls for row in self.rows)

    @property
    def has_long_list(self) -> bool:
        return len(self.lists.place) > LISTED


def review_of(upload: RegisterImport, asked: dict[str, str]) -> Review:
    """`asked`: the address's `xem` (chips), `trang`, `sua` (the row that is open)."""
    chips = tuple(asked.get("xem", "").split())
    counted = list(upload.rows.order_by().values_list("state", "link", "sheet_no").annotate(Count("pk")))
    states, links = dict[str, int](), dict[str, int]()
    for state, link, _, count in counted:
        states[state] = states.get(state, 0) + count
        links[link] = links.get(link, 0) + count
    paginator = Paginator(rows_seen(upload, chips), PAGE)
    paginator.count = sum(count for state, link, _, count in counted if _is_seen(state, link, chips))
    page = paginator.get_page(asked.get("trang"))
    lists = lists_of(upload)
    several = len({sheet for _, _, sheet, _ in counted}) > 1
    shown = _Shown(upload, lists, several, asked.get("sua", ""))
    return Review(
        upload=upload,
        total=sum(states.values()),
        states=states,
        links=links,
        chips=_chips(states, links, chips),
        page=page,
        rows=tuple(shown.of(row) for row in page),
        lists=lists,
        several_sheets=several,
        edits=tuple(upload.edits.filter(undone_at=None).select_related("made_by")[:3]),
        asked=asked,
    )


def rows_again(
    upload: RegisterImport, sources: Iterable[str], is_open: str, overwritten: dict[tuple[str, str], str]
) -> list[ReviewRow]:
    """Some rows of the page, as they are now. `overwritten`: what others had typed there meanwhile."""
    several = upload.rows.values("sheet_no").distinct().count() > 1
    shown = _Shown(upload, lists_of(upload), several, is_open, overwritten)
    return [shown.of(row) for row in rows_at(upload, sources)]


def refused_for_file(upload: RegisterImport) -> list[dict[str, Any]]:
    """The refused rows as `marked_register` takes them: each flaw with the column that it stands in."""
    letters = upload.report.get("letters", {})
    rows = []
    for row in upload.rows.filter(state=RowState.REFUSED).order_by("sheet_no", "row"):
        columns = letters.get(row.sheet, {})
        flaws = [flaw | {"column": columns.get(flaw["part"]) or flaw["column"]} for flaw in row.flaws]
        rows.append({"sheet": row.sheet, "row": row.row, "title": row.said.get("title", ""), "more": flaws[1:]} | flaws[0])
    return rows


def mends_by_column(upload: RegisterImport) -> Mends:
    """What was typed over cells, by the columns' letters; what has no column of its own is left out."""
    letters = upload.report.get("letters", {})
    found: Mends = {}
    for source, parts in upload.mends.items():
        columns = letters.get(source.rpartition("!")[0], {})
        found[source] = {columns.get(part, part): text for part, text in parts.items() if part in columns or part.isupper()}
    return found


def lists_of(upload: RegisterImport) -> Lists:
    places = tuple(version.place for version in places_within(upload.unit, upload.season))
    return Lists(field=tuple(one.name for one in fields()), place=places)


def _is_seen(state: str, link: str, chips: Iterable[str]) -> bool:
    return all((STATES[c] == state if c in STATES else LINKS[c] == link) for c in chips if c in STATES or c in LINKS)


def _chips(states: dict[str, int], links: dict[str, int], on: tuple[str, ...]) -> tuple[tuple[str, str, tuple[Chip, ...]], ...]:
    state_on = next((chip for chip in on if chip in STATES), "")
    link_on = next((chip for chip in on if chip in LINKS), "")

    def href(state: str, link: str) -> str:
        return "?xem=" + "+".join(one for one in (state, link) if one)

    every = Chip("tat-ca", "Tất cả", sum(states.values()), "", href("", link_on), not state_on)
    first = [every]
    for key, state in STATES.items():
        if states.get(state) or key == state_on:
            icon = _ICONS.get(state, "exclamation-octagon-fill")
            first.append(Chip(key, state.label, states.get(state, 0), icon, href(key, link_on), key == state_on))
    second = []
    icons = {"noi": "link-45deg", "hoi": "question-circle-fill", "khong": "dash-circle"}
    for key, link in LINKS.items():
        if links.get(link) or key == link_on:
            there = "" if key == link_on else key  # tapped again, it is taken away
            second.append(Chip(key, link.label, links.get(link, 0), icons[key], href(state_on, there), key == link_on))
    groups = [("ket-qua", "Kết quả đọc", tuple(first))]
    return tuple([*groups, ("noi-nam", "Nối với năm trước", tuple(second))] if second else groups)


class _Shown:
    """Makes rows of the page."""

    def __init__(
        self,
        upload: RegisterImport,
        lists: Lists,
        several: bool,
        is_open: str,
        overwritten: dict[tuple[str, str], str] | None = None,
    ) -> None:
        self.upload, self.lists, self.several, self.is_open = upload, lists, several, is_open
        self.overwritten = overwritten or {}
        self._may = upload.state == ImportState.READ
        self._nearest = lru_cache(maxsize=512)(self._find_nearest)

    def of(self, row: ImportRow) -> ReviewRow:
        anchor = f"d{row.sheet_no + 1}-{row.row}" if self.several and row.sheet_no else f"d{row.row}"
        is_mendable_here = self._may and is_mendable(row)
        is_open = is_mendable_here and self.is_open == anchor[1:]
        answer = (self.upload.answers or {}).get(row.source)
        return ReviewRow(
            row=row,
            anchor=anchor,
            look=_LOOKS.get(row.state, ""),  # type: ignore[call-overload]
            icon=_ICONS.get(row.state, "exclamation-octagon-fill"),  # type: ignore[call-overload]
            columns=tuple(
                Column(tuple(self._cell(row, part, anchor, is_mendable_here, is_open) for part in parts)) for parts in COLUMNS
            ),
            long=tuple(self._cell(row, part, anchor, is_mendable_here, is_open) for part in _LONG) if is_open else (),
            why=tuple(flaw["message"] for flaw in row.flaws if not flaw.get("part")),
            is_open=is_open,
            is_mendable=is_mendable_here,
            answer=None if answer is None else str(answer or "khong"),
        )

    def _cell(self, row: ImportRow, part: str, anchor: str, may: bool, is_open: bool) -> Cell:
        text = stands(row, self.upload.mends, part)
        is_mended = part in self.upload.mends.get(row.source, {})
        why = tuple(flaw["message"].partition(_LISTED)[0] for flaw in row.flaws if flaw.get("part") == part)
        changed = next(((old, new) for name, _, old, new in row.told.get("changes", []) if name == part), (None, ""))
        options: tuple[str, ...] = ()
        nearest = control = ""
        if may and (why or is_mended or is_open):
            listed = self.lists.of(part)
            near = self._nearest(part, text) if why and listed and text else ()
            nearest = near[0] if near else ""
            is_short = 0 < len(listed) <= LISTED
            control = "lines" if part in _LONG else "choose" if is_short else "list" if listed else "text"
            options = (*near, *(name for name in listed if name not in near)) if is_short else ()
        return Cell(
            part=part,
            label=LABELS[part],
            text=text,
            name=f"o|{row.source}|{part}|{mark_of(part, text)}",
            id=f"{anchor}-{part}",
            why=why,
            control=control,
            options=options,
            nearest=nearest,
            was=row.said.get(part, "") if is_mended else None,
            before=changed[0],
            after=changed[1],
            overwritten=self.overwritten.get((row.source, part)),
        )

    def _find_nearest(self, part: str, text: str) -> tuple[str, ...]:
        names = {name: compare_key(name) for name in self.lists.of(part)}
        found = process.extract(compare_key(text), names, scorer=fuzz.WRatio, limit=3, score_cutoff=50)
        return tuple(name for _, _, name in found)
