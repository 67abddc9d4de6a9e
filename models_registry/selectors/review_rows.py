"""The rows of an upload's page: their cells with the controls that mend them, what they may carry on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from common.text import compare_key
from models_registry.enums import ImportState, Kind, RowState, SubjectKind
from models_registry.models import ImportRow, RegisterImport, Registration
from models_registry.registers.reading import ANSWERABLE, BOTH_STAND, DOUBLE
from models_registry.selectors.continuity import told_of
from models_registry.selectors.mending import is_mendable, lists_several, mark_of, stands
from models_registry.selectors.seasons import fields, places_within

LISTED = 30  # names that a drop-down holds; more of them are offered as they are typed
LABELS = dict(
    zip(
        ANSWERABLE,
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
            "Dòng trùng",
        ),
        strict=True,
    )
)
COLUMNS = (("title", "subject", DOUBLE), ("place", "hamlet"), ("field",), ("subject_kind",), ("kind",), ("registered_on",))
_SHORT = {"title": "Mô hình", "registered_on": "Ngày"}
_LONG = ("content", "note")
NO_DOER = "Chưa ghi ai thực hiện."
SEVERAL = "Mô hình {} trong {} của dòng {}, cổng tách ra. Xin xem lại."
_LISTED = " Các lĩnh vực:"  # what follows is offered by the control itself
ICONS = {RowState.NEW: "plus-lg", RowState.CHANGED: "pencil", RowState.UNCHANGED: "circle"}
_LOOKS = {RowState.NEW: "ok", RowState.CHANGED: "wait", RowState.REFUSED: "late"}


@dataclass(frozen=True)
class Cell:
    """One part of a row: what stands there, why it is refused, and the control that mends it."""

    part: str
    label: str
    text: str
    name: str
    id: str
    why: tuple[str, ...] = ()
    doubt: str = ""
    """What should be looked at though the row is taken as it is."""
    control: str = ""
    """"" for none, else text, list, choose, lines."""
    options: tuple[str, ...] = ()
    none: str = ""
    """What choosing none of the options means, where that is an answer too."""
    nearest: str = ""
    was: str | None = None
    """What the file says, of a cell that was typed over."""
    before: str | None = None
    after: str = ""
    """What stands in the register and what will, of a cell that a re-sent register changes."""
    overwritten: str | None = None
    """What someone else had typed, of a cell that was typed over at the same time."""

    @property
    def described_by(self) -> str:
        """The id of the words beside its control."""
        return f"{self.id}-vi-sao-1" if self.why else f"{self.id}-xem" if self.doubt else ""

    @property
    def is_plain(self) -> bool:
        return not (self.why or self.doubt or self.control or self.before is not None)


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
class Way:
    """One answer to what a row carries on: `value` as it is sent; `told`: the earlier registration, as a row tells it."""

    value: str
    id: str
    words: str = ""
    told: dict[str, Any] | None = None
    is_on: bool = False


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
    may_join: bool
    """Whether it may be said that its row of the file is of one model."""
    answer: str | None
    chosen: dict[str, Any] | None = None
    """The earlier registration that somebody chose, where the portal had not offered it."""

    @property
    def goes_on(self) -> dict[str, Any] | None:
        """The earlier registration that it carries on, as it stands now."""
        linked: dict[str, Any] | None = self.row.told.get("linked")
        if self.answer is None:
            return linked
        known = [self.chosen, linked, *self.row.told.get("offered", [])]
        return next((one for one in known if one and str(one["pk"]) == self.answer), None)

    @property
    def ways(self) -> tuple[Way, ...]:
        """What may be answered of what it carries on."""
        linked, offered = self.row.told.get("linked"), self.row.told.get("offered", [])
        found = [self._way(str(one["pk"]), told=one) for one in [*offered, *([self.chosen] if self.chosen else [])]]
        if linked:
            found.insert(0, self._way("", told=linked) if self.chosen else self._way("", "Đúng mô hình này"))
        if linked or offered:
            found.append(self._way("khong", "Không phải"))
        if not linked and self.answer is not None:
            found.append(self._way("", "Trả lời sau" if offered else "Không nối"))
        return tuple(found)

    def _way(self, value: str, words: str = "", told: dict[str, Any] | None = None) -> Way:
        name = {"": "sau", "khong": "0"}.get(value, value)
        return Way(value, f"{self.anchor}-q{name}", words, told, value == (self.answer or ""))

    @property
    def has_controls(self) -> bool:
        cells = [*self.long, *(cell for column in self.columns for cell in column.cells)]
        return self.is_mendable and (bool(self.ways) or any(cell.control for cell in cells))

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


def lists_of(upload: RegisterImport) -> Lists:
    places = tuple(version.place for version in places_within(upload.unit, upload.season))
    return Lists(field=tuple(one.name for one in fields()), place=places)


class ShownRows:
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
        self._chosen: dict[int, dict[str, Any]] = {}

    def all_of(self, rows: Iterable[ImportRow]) -> tuple[ReviewRow, ...]:
        rows, answers = list(rows), self.upload.answers or {}
        chosen = {answers.get(row.source, 0) for row in rows} - {0}
        chosen -= {pk for row in rows for pk in (row.linked_to, *row.offered)}
        known = Registration.objects.select_related("season").in_bulk(chosen) if chosen else {}
        self._chosen = {pk: told_of(earlier) for pk, earlier in known.items()}
        return tuple(self._of(row) for row in rows)

    def _of(self, row: ImportRow) -> ReviewRow:
        anchor = f"d{row.sheet_no + 1}-{row.row}" if self.several and row.sheet_no else f"d{row.row}"
        anchor += f"m{row.nth}" if row.nth else ""
        is_mendable_here = self._may and is_mendable(row)
        is_open = is_mendable_here and self.is_open == anchor[1:]
        answer, state = (self.upload.answers or {}).get(row.source), RowState(row.state)
        return ReviewRow(
            row=row,
            anchor=anchor,
            look=_LOOKS.get(state, ""),
            icon=ICONS.get(state, "exclamation-octagon-fill"),
            columns=tuple(
                Column(tuple(self._cell(row, part, anchor, is_mendable_here, is_open) for part in parts)) for parts in COLUMNS
            ),
            long=tuple(self._cell(row, part, anchor, is_mendable_here, is_open) for part in _LONG) if is_open else (),
            why=tuple(flaw["message"] for flaw in row.flaws if not flaw.get("part")),
            is_open=is_open,
            is_mendable=is_mendable_here,
            may_join=self._may and lists_several(row),
            answer=None if answer is None else str(answer or "khong"),
            chosen=self._chosen.get(answer or 0),
        )

    def _cell(self, row: ImportRow, part: str, anchor: str, may: bool, is_open: bool) -> Cell:
        text = stands(row, self.upload.mends, part)
        is_mended = part in self.upload.mends.get(row.source, {})
        why = tuple(flaw["message"].partition(_LISTED)[0] for flaw in row.flaws if flaw.get("part") == part)
        changed = next(((old, new) for name, _, old, new in row.told.get("changes", []) if name == part), (None, ""))
        doubt = _doubt(row, part, text, is_mended=is_mended) if is_mendable(row) and not why else ""
        options: tuple[str, ...] = ()
        nearest = control = ""
        if part == DOUBLE:
            control, options = ("choose", (BOTH_STAND,)) if may and (why or is_mended) else ("", ())
        elif may and (why or doubt or is_mended or is_open):
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
            doubt=doubt,
            control=control,
            options=options,
            none="Không nạp dòng này" if part == DOUBLE else "",
            nearest=nearest,
            was=row.said.get(part, "") if is_mended and part != DOUBLE else None,
            before=changed[0],
            after=changed[1],
            overwritten=self.overwritten.get((row.source, part)),
        )

    def _find_nearest(self, part: str, text: str) -> tuple[str, ...]:
        names = {name: compare_key(name) for name in self.lists.of(part)}
        found = process.extract(compare_key(text), names, scorer=fuzz.WRatio, limit=3, score_cutoff=50)
        return tuple(name for _, _, name in found)


def _doubt(row: ImportRow, part: str, text: str, *, is_mended: bool) -> str:
    if part == "title" and row.of and not is_mended:
        return SEVERAL.format(row.nth, row.of, row.row)
    if part == "title" and not is_mended and (doubt := row.told.get("doubt", "")):
        return str(doubt)
    return NO_DOER if part == "subject" and not text else ""
