"""The list of a round's dossiers: what each lacks, searched, narrowed, sorted; the page and the Excel file show the same rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from common.text import fold, sort_key
from organisation.models import Reader
from recognition.enums import STATE_NAMES, DossierState, PaperKind, Phase, SheetKind, SheetState
from recognition.models import Assignment, Dossier, RecognitionRound, ScoreSheet
from recognition.models.dossiers import Proposer
from recognition.permissions import can_follow
from recognition.selectors.dossiers import dossiers_in, missing_papers
from recognition.selectors.ways import states_of


@dataclass(frozen=True)
class Row:
    """One dossier of the list; of scores never more than how many sheets are in."""

    dossier: Dossier
    proposer: Proposer
    field_name: str
    needed: int
    state: str
    """What was decided on it, else the state of the dossier."""
    missing: list[PaperKind] = field(default_factory=list)
    sent: int = 0
    given: int = 0

    @property
    def papers(self) -> int:
        return self.needed - len(self.missing)

    @property
    def lacks_sheets(self) -> bool:
        return self.sent < self.given

    @property
    def state_name(self) -> str:
        return STATE_NAMES[self.state]


def rows_of(user: Reader, round_: RecognitionRound) -> list[Row]:
    """All dossiers of a round that the user may see, by number. A fixed number of queries."""
    dossiers = list(dossiers_in(user, round_))
    missing, states = missing_papers(dossiers, round_), states_of(dossiers)
    counts = _sheets(round_) if can_follow(user, round_) and round_.phase not in (Phase.PREPARING, Phase.PROPOSING) else {}
    return [
        Row(
            one,
            one.proposer,
            one.registration.field.short_name if one.registration.field else "",
            len(round_.needed),
            states[one.pk],
            missing[one.pk],
            *counts.get(one.pk, (0, 0)),
        )
        for one in dossiers
    ]


def _sheets(round_: RecognitionRound) -> dict[int, tuple[int, int]]:
    """dossier id -> (handed in, given but for those who are absent). Two queries."""
    given: dict[int, set[int]] = defaultdict(set)
    for dossier_id, member_id in Assignment.objects.filter(dossier__round=round_).values_list("dossier", "member"):
        given[dossier_id].add(member_id)
    sent: dict[int, int] = defaultdict(int)
    sheets = ScoreSheet.objects.filter(kind=SheetKind.MEMBER, dossier__round=round_).exclude(state=SheetState.DRAFT)
    for dossier_id, member_id, state in sheets.values_list("dossier", "member", "state"):
        if state == SheetState.SENT:
            sent[dossier_id] += 1
        elif member_id:
            given[dossier_id].discard(member_id)
    return {pk: (sent[pk], len(members)) for pk, members in given.items()}


Test = Callable[[Row], bool]
CHIPS: dict[str, tuple[str, Test]] = {
    **{state: (label, lambda row, state=state: row.state == state) for state, label in STATE_NAMES.items()},  # type: ignore[misc]
    "thieu-giay": ("Thiếu giấy tờ", lambda row: bool(row.missing)),
    "thieu-phieu": ("Chưa đủ phiếu", lambda row: row.lacks_sheets),
    "du-phieu": ("Đủ phiếu", lambda row: row.given > 0 and not row.lacks_sheets),
}
_ORDER = {state: place for place, state in enumerate(STATE_NAMES)}
Key = Callable[[Row], Any]
COLUMNS: dict[str, tuple[str, Key]] = {
    "so": ("Số", lambda row: row.dossier.number or 0),
    "ten": ("Mô hình, người làm", lambda row: sort_key(row.dossier.registration.title)),
    "don-vi": ("Đơn vị đề nghị", lambda row: sort_key(row.proposer.name)),
    "dia-ban": ("Địa bàn", lambda row: sort_key(row.proposer.place)),
    "linh-vuc": ("Lĩnh vực", lambda row: sort_key(row.field_name)),
    "giay-to": ("Giấy tờ", lambda row: row.papers),
    "phieu": ("Phiếu đã nộp", lambda row: (row.sent / row.given if row.given else 2, row.sent)),
    "trang-thai": ("Trạng thái", lambda row: _ORDER[row.state]),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list; what it does not know of is nothing."""

    text: str = ""
    unit: str = ""
    field_name: str = ""
    chip: str = ""
    by: str = ""
    """A column's name, with “-” before it for the other way round; '' for what is missing first."""

    @classmethod
    def read(cls, given: Any) -> "Asked":
        by, chip = given.get("xep", ""), given.get("tt", "")
        return cls(
            given.get("q", "").strip()[:200],
            given.get("dv", "")[:200],
            given.get("lv", "")[:200],
            chip if chip in CHIPS else "",
            by if by.removeprefix("-") in COLUMNS else "",
        )

    @property
    def parameters(self) -> dict[str, str]:
        return {"q": self.text, "dv": self.unit, "lv": self.field_name, "tt": self.chip, "xep": self.by}

    @property
    def is_narrow(self) -> bool:
        return any((self.text, self.unit, self.field_name, self.chip))


def narrowed(rows: Iterable[Row], asked: Asked) -> list[Row]:
    words = fold(asked.text).split()
    test = CHIPS[asked.chip][1] if asked.chip else None
    return [
        row
        for row in rows
        if (not asked.unit or row.proposer.name == asked.unit)
        and (not asked.field_name or row.field_name == asked.field_name)
        and (test is None or test(row))
        and (not words or _has(row, words))
    ]


def _has(row: Row, words: list[str]) -> bool:
    registration = row.dossier.registration
    if words == [str(row.dossier.number)]:
        return True
    text = f" {fold(f'{registration.title} {registration.subject} {row.proposer.name} {row.proposer.place}')}"
    return all(f" {word}" in text for word in words)


def in_order(rows: Iterable[Row], asked: Asked) -> list[Row]:
    """By the column asked for, then by number; without one, what is missing first."""
    by_number = sorted(rows, key=COLUMNS["so"][1])
    if asked.by:
        return sorted(by_number, key=COLUMNS[asked.by.removeprefix("-")][1], reverse=asked.by.startswith("-"))
    return sorted(by_number, key=_lacking)


def _lacking(row: Row) -> tuple[Any, ...]:
    waits = row.state in (DossierState.SENT, DossierState.RETURNED)
    return (not waits, -len(row.missing), not row.lacks_sheets, COLUMNS["phieu"][1](row))


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed to, with how many rows each chip has beside the other filters."""

    units: list[str]
    fields: list[str]
    chips: list[tuple[str, str, int]]
    total: int


def choices_of(rows: list[Row], asked: Asked) -> Choices:
    others = narrowed(rows, replace(asked, chip=""))
    counted = [(name, label, sum(test(row) for row in others)) for name, (label, test) in CHIPS.items()]
    return Choices(
        sorted({row.proposer.name for row in rows}, key=sort_key),
        sorted({row.field_name for row in rows if row.field_name}, key=sort_key),
        [one for one in counted if one[2] or one[0] == asked.chip],
        len(others),
    )


def shown_columns(round_: RecognitionRound, rows: list[Row]) -> list[str]:
    """The columns that say something now: papers where some must be there, sheets while or once they are handed in, states
    where they differ from what is expected of all.
    """
    hidden = set() if round_.needed else {"giay-to"}
    hidden |= set() if any(row.given for row in rows) else {"phieu"}
    hidden |= set() if any(row.state != DossierState.COMPLETE for row in rows) else {"trang-thai"}
    return [name for name in COLUMNS if name not in hidden]
