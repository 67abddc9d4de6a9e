"""An upload's page: its rows with their controls, its counts, what can be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Count

from models_registry.enums import ImportState, RowLink, RowState
from models_registry.models import ROWS_KEPT, ImportEdit, ImportRow, RegisterImport
from models_registry.registers.reading import Mends
from models_registry.selectors.mending import LINKS, STATES, rows_at, rows_seen
from models_registry.selectors.review_rows import ICONS, LISTED, Lists, ReviewRow, ShownRows, lists_of

PAGE = 100


@dataclass(frozen=True)
class Chip:
    key: str
    words: str
    count: int
    icon: str
    href: str
    is_on: bool


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
    shown = ShownRows(upload, lists, several, asked.get("sua", ""))
    return Review(
        upload=upload,
        total=sum(states.values()),
        states=states,
        links=links,
        chips=_chips(states, links, chips),
        page=page,
        rows=shown.all_of(page),
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
    shown = ShownRows(upload, lists_of(upload), several, is_open, overwritten)
    return list(shown.all_of(rows_at(upload, sources)))


def refused_for_file(upload: RegisterImport) -> list[dict[str, Any]]:
    """The refused rows as `marked_register` takes them: each flaw with the column that it stands in."""
    letters = upload.report.get("letters", {})
    rows = []
    for row in upload.rows.filter(state=RowState.REFUSED).order_by("sheet_no", "row", "nth"):
        columns = letters.get(row.sheet, {})
        flaws = [flaw | {"column": columns.get(flaw["part"]) or flaw["column"]} for flaw in row.flaws]
        rows.append(
            {"sheet": row.sheet, "row": row.row, "nth": row.nth, "title": row.said.get("title", ""), "more": flaws[1:]} | flaws[0]
        )
    return rows


def mends_by_column(upload: RegisterImport) -> Mends:
    """What was typed over cells, by the columns' letters; what has no column of its own is left out."""
    letters = upload.report.get("letters", {})
    found: Mends = {}
    for source, parts in upload.mends.items():
        columns = letters.get(source.rpartition("!")[0], {})
        found[source] = {columns.get(part, part): text for part, text in parts.items() if part in columns or part.isupper()}
    return found


def parted_for_file(upload: RegisterImport) -> dict[tuple[str, int], list[dict[str, str]]]:
    """(sheet, row) of the file's rows that list several models, of which one is refused or was typed over -> what each of them would
    say in a row of its own, by the columns' letters.
    """
    letters = upload.report.get("letters", {})
    found: dict[tuple[str, int], list[dict[str, str]]] = {}
    changed = set()
    for row in upload.rows.filter(nth__gt=0).order_by("sheet_no", "row", "nth"):
        mends, cells = upload.mends.get(row.source, {}), dict(row.told.get("cells", {}))
        if mends or row.state == RowState.REFUSED:
            changed.add((row.sheet, row.row))
        columns, title = letters.get(row.sheet, {}), row.said.get("title", "")
        for part, text in mends.items():
            own = next((column for column, cell in cells.items() if title and title in cell), "") if part == "title" else ""
            if own:  # what stands behind the name in its cell stays
                cells[own] = cells[own].replace(title, text, 1)
            elif part in columns:
                cells[columns[part]] = text
        found.setdefault((row.sheet, row.row), []).append(cells)
    return {at: models for at, models in found.items() if at in changed}


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
            icon = ICONS.get(state, "exclamation-octagon-fill")
            first.append(Chip(key, state.label, states.get(state, 0), icon, href(key, link_on), key == state_on))
    second = []
    icons = {"noi": "link-45deg", "hoi": "question-circle-fill", "khong": "dash-circle"}
    for key, link in LINKS.items():
        if links.get(link) or key == link_on:
            there = "" if key == link_on else key  # tapped again, it is taken away
            second.append(Chip(key, link.label, links.get(link, 0), icons[key], href(state_on, there), key == link_on))
    groups = [("ket-qua", "Kết quả đọc", tuple(first))]
    return tuple([*groups, ("noi-nam", "Nối với năm trước", tuple(second))] if second else groups)
