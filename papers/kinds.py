"""The kinds of paper that the portal writes. The apps above declare theirs; each is a plan of blocks and the names it fills in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from papers.enums import Symbol


@dataclass(frozen=True)
class Para:
    """A paragraph; `lead` are bold words in front. Looks: body, plain (no indent), centred, heading, note."""

    text: str
    lead: str = ""
    look: str = "body"


@dataclass(frozen=True)
class Each:
    """A paragraph for every row of a list; `x` is the row."""

    rows: str
    text: str
    look: str = "body"


@dataclass(frozen=True)
class Column:
    heading: str
    value: str
    """What the cell holds, with `x` for the row: '{{ x.ten }}'."""
    width: int
    """Millimetres."""
    align: str = "left"


@dataclass(frozen=True)
class Table:
    """A table over lists. A group has a line of its own with its title, which says “(Không có)” where its list is empty."""

    columns: tuple[Column, ...]
    groups: tuple[tuple[str, str], ...]
    """(title or '', name of the list); 'outer/inner' for a group out of each row `g` of a list."""
    under: tuple[str, ...] = ()
    """A second line of the head, the numbers of the columns: 'A', '1 = 2 + 3', '2'."""
    sums: str = ""
    """The list of lines in bold at its end."""
    size: int = 12
    """Points; a small one has narrow edges in its cells too."""


@dataclass(frozen=True)
class NewPage:
    """What follows stands on a new page."""

    landscape: bool = False


@dataclass(frozen=True)
class TwoSigns:
    """Two to sign, left and right: (title, name)."""

    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True)
class Closing:
    """Nơi nhận, and who signs."""


Block = Para | Each | Table | NewPage | TwoSigns | Closing


@dataclass(frozen=True)
class PaperForm:
    """A kind of paper. `fields` and the fields of each list of `lists` are all that a Word file may ask for: {name: meaning}."""

    slug: str
    name: str
    title: str
    """Empty for a letter: its abstract stands below the number."""
    abstract: str
    blocks: tuple[Block, ...]
    fields: Mapping[str, str] = field(hash=False)
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    needed: frozenset[str] = frozenset()
    """What a Word file that leaves it out is told about."""
    symbol: Symbol | None = None
    landscape: bool = False
    pages: str = ""
    """The list of which each row, `p`, makes the whole paper once more, on a page of its own; empty for one paper."""


HEAD_FIELDS = {
    "co_quan_cap_tren": "tên cơ quan cấp trên",
    "co_quan": "tên cơ quan ban hành",
    "so_ky_hieu": "số và ký hiệu",
    "dia_danh_ngay": "địa danh, ngày tháng năm",
    "quyen_han": "thẩm quyền ký (T/M, K/T, T/L)",
    "chuc_vu_ky": "chức vụ người ký",
    "nguoi_ky": "họ tên người ký",
}
HEAD_LISTS = {"noi_nhan": {"ten": "một nơi nhận"}}

_known: dict[str, PaperForm] = {}


def declare(form: PaperForm) -> PaperForm:
    _known[form.slug] = form
    return form


def known_form(slug: str) -> PaperForm | None:
    return _known.get(slug)


def known_forms() -> list[PaperForm]:
    return list(_known.values())
