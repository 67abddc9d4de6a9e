"""The catalogue's address read into a filter, and the filter's choices written back as addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.dates import today
from common.keyset import Cursor, read_cursor
from common.text import compare_key, sort_key
from models_registry.enums import Kind, SubjectKind
from models_registry.selectors import KIND_SLUGS, KINDS, ORDERS, SUBJECT_SLUGS, CatalogueFilter, Counts
from organisation.models import UnitVersion
from organisation.naming import LevelName
from organisation.tree import unit_tree
from portal.selectors.places import place_named
from portal.selectors.vocabulary import Vocabulary
from recognition import selectors as recognition

PARAMETERS = (
    "q",
    "linh-vuc",
    "don-vi",
    "thon",
    "nam",
    "cap",
    "muc",
    "cong-nhan",
    "loai",
    "ai",
    "chu-de",
    "anh",
    "nhan-rong",
    "xep",
)
YES = "co"
BY_LEVEL = "muc"
REGISTERED_ONLY = "dang-ky"
SHORT_LIST = 6


def _honours(words: Vocabulary) -> list[tuple[int, str, str]]:
    """(rank, address, words), the highest first; rank 0 is a registration and nothing more."""
    slugs = {level.rank: level.honour_slug for level in words.levels}
    return [
        *((rank, slugs[rank], _joined(called)) for rank, called in sorted(words.honours.items(), reverse=True)),
        (0, REGISTERED_ONLY, _("Mới đăng ký, chưa công nhận")),
    ]


def _joined(called: list[LevelName]) -> str:
    """'Cấp A, cấp B' where the honour of a rank has had two names."""
    said = [name.said_honour for name in called]
    return ", ".join([said[0], *(words[:1].lower() + words[1:] for words in said[1:])])


@dataclass(frozen=True)
class Choice:
    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    title: str
    choices: list[Choice]
    more: list[Choice]


@dataclass(frozen=True)
class Chip:
    label: str
    href: str


@dataclass
class Asked:
    """What the address asks for: the filter, the words of it that were understood, and those that were not."""

    filter: CatalogueFilter
    given: dict[str, str] = field(default_factory=dict)
    not_understood: list[str] = field(default_factory=list)
    place: UnitVersion | None = None
    """The unit asked for, where it is none of those that report."""

    @property
    def year(self) -> int | None:
        return int(self.given["nam"]) if "nam" in self.given else None

    def href(self, **changes: str) -> str:
        given = self.given | {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in given.items() if value}
        return "?" + urlencode(kept) if kept else "?"


def read(query: QueryDict, words: Vocabulary) -> Asked:
    """Read the address. A value that names nothing is left out and told."""
    given = {name: value.strip()[:200] for name in PARAMETERS if (value := query.get(name, "")) and value.strip()}
    lookups: dict[str, dict[str, Any]] = {
        "linh-vuc": {field.slug: field.pk for field in words.fields},
        "don-vi": {unit.unit.key: unit.unit_id for unit in words.units},
        "nam": {str(season.year): season.pk for season in words.seasons},
        "cap": {slug: rank for rank, slug, _ in _honours(words)},
        "cong-nhan": {str(season.year): season.pk for season in words.seasons},
        "muc": {name: recognition.graded_models(name) for name in words.grades},
        "loai": dict(KIND_SLUGS),
        "ai": dict(SUBJECT_SLUGS),
        "chu-de": {str(theme.pk): theme.pk for theme in words.themes},
        "anh": {YES: True},
        "nhan-rong": {YES: True},
        "xep": {order: order for order in ORDERS if order} | {BY_LEVEL: BY_LEVEL},
    }
    found: dict[str, Any] = {}
    asked = Asked(CatalogueFilter())
    place, within = None, frozenset[int]()
    for name, value in given.items():
        if name == "q":
            continue
        unit = lookups["don-vi"].get(value)
        if name == "don-vi" and unit in words.reach:
            found[name], within = None, words.reach[unit]
        elif name == "don-vi" and unit is None and (place := place_named(value)):
            found[name], within = None, unit_tree().reach(place.unit_id, today())
        elif name == "thon":
            found[name] = value[:100]
        elif value in lookups[name]:
            found[name] = lookups[name][value]
        else:
            asked.not_understood.append(f"{name}={value}")
    asked.place = place
    asked.given = {name: value for name, value in given.items() if name == "q" or name in found}
    asked.filter = _filter(given.get("q", ""), found, within)
    return asked


def _filter(words: str, found: dict[str, Any], within: frozenset[int]) -> CatalogueFilter:
    """The filter of the values that the names of an address stand for."""
    return CatalogueFilter(
        words=words,
        field=found.get("linh-vuc"),
        unit=found.get("don-vi"),
        within=within,
        hamlet=found.get("thon", ""),
        season=found.get("nam"),
        honour=found.get("cap"),
        honoured=found.get("cong-nhan"),
        among=found.get("muc"),
        kind=found.get("loai", ""),
        subject_kind=found.get("ai", ""),
        theme=found.get("chu-de"),
        has_photos=found.get("anh", False),
        is_taken=found.get("nhan-rong"),
    )


def as_filters(asked: Asked, words: Vocabulary) -> Asked | None:
    """The same search with the honour and the year that its words name as filters; None where they name neither."""
    left = asked.filter.words.split()
    found: dict[str, str] = {}
    for rank, slug, _label in _honours(words):
        for name in words.honours.get(rank, ()):
            if "cap" not in found and (without := _taken_out(left, name.said_honour)) is not None:
                found["cap"], left = slug, without
    for season in words.seasons:
        for said in (f"năm {season.year}", str(season.year)):
            if not found.keys() & {"cong-nhan", "nam"} and (without := _taken_out(left, said)) is not None:
                found["cong-nhan" if "cap" in found else "nam"], left = str(season.year), without
    return replace(asked, given=asked.given | {"q": " ".join(left)} | found) if found else None


def _taken_out(words: list[str], said: str) -> list[str] | None:
    """The words without those that say this, whatever their marks; None where they do not."""
    wanted, folded = compare_key(said).split(), [compare_key(word) for word in words]
    at = next((n for n in range(len(words) - len(wanted) + 1) if folded[n : n + len(wanted)] == wanted), None)
    return None if at is None else words[:at] + words[at + len(wanted) :]


def ordered(asked: Asked, *, is_broad: bool) -> list[tuple[str, str, bool]]:
    """Set the filter's order by what the address asks; (label, address, whether it is the one) of each order there is.

    Words are answered by how well they match; but of a search that finds very many (`is_broad`) nobody reads on to the last,
    and the level of recognition says more than a match.
    """
    matches = bool(asked.filter.words) and not is_broad
    usual = "khop" if matches else BY_LEVEL
    given = asked.given.get("xep", "")
    chosen = usual if not given or (given == "khop" and not matches) else given
    asked.filter = replace(asked.filter, order="" if chosen == BY_LEVEL else chosen)
    named = [("khop", _("khớp nhất"))] if matches else []
    named += [
        (BY_LEVEL, _("mức công nhận")),
        ("nhan-rong", _("nhân rộng nhiều")),
        ("moi", _("mới đăng ký")),
        ("ten", _("tên A–Y")),
    ]
    return [(label, asked.href(xep="" if slug == usual else slug), slug == chosen) for slug, label in named]


def cursor(query: QueryDict, asked: Asked) -> Cursor | None:
    """Where the page asked for begins in the filter's order; None: at the top, also for what is no cursor."""
    kinds = [KINDS[name.lstrip("-")] for name in ORDERS[asked.filter.order]]
    after = read_cursor(query.get("sau", ""), kinds)
    return after or read_cursor(query.get("truoc", ""), kinds, is_before=True)


def facets(asked: Asked, words: Vocabulary, counts: Counts) -> list[Facet]:
    """The filters with how many each choice would find, only choices that find something."""
    units = sorted(words.units, key=lambda unit: (-counts.by["unit"].get(unit.unit_id, 0), sort_key(unit.short_name)))
    return [
        facet
        for facet in (
            _facet(asked, _("Lĩnh vực"), "linh-vuc", [(f.pk, f.slug, _(f.name)) for f in words.fields], counts.by["field"]),
            _facet(asked, _("Mức công nhận"), "cap", _honours(words), counts.by["honour"]),
            _facet(asked, _("Mức ghi thêm"), "muc", [(name, name, name) for name in words.grades], counts.by.get("grade", {})),
            _facet(
                asked,
                _("Năm được công nhận"),
                "cong-nhan",
                [(s.pk, str(s.year), str(s.year)) for s in words.seasons],
                counts.by["honoured"],
            ),
            _facet(
                asked,
                _("Đơn vị"),
                "don-vi",
                [(u.unit_id, u.unit.key, words.unit_names[u.unit_id]) for u in units],
                counts.by["unit"],
            ),
            _facet(asked, _("Thôn, khu phố"), "thon", _hamlets(asked, counts), counts.by.get("hamlet", {})),
            _facet(asked, _("Loại đăng ký"), "loai", [(k, s, _(str(k.label))) for s, k in KIND_SLUGS.items()], counts.by["kind"]),
            _facet(
                asked, _("Ai làm"), "ai", [(k, s, _(str(k.label))) for s, k in SUBJECT_SLUGS.items()], counts.by["subject_kind"]
            ),
            _facet(asked, _("Năm"), "nam", [(s.pk, str(s.year), str(s.year)) for s in words.seasons], counts.by["season"]),
            _facet(asked, _("Chủ đề"), "chu-de", [(t.pk, str(t.pk), t.label) for t in words.themes], counts.by["theme"]),
            _shown(asked, counts.by["is_taken"].get(True, 0), counts.by["has_photos"].get(True, 0)),
        )
        if facet.choices
    ]


def _hamlets(asked: Asked, counts: Counts) -> list[tuple[str, str, str]]:
    chosen = asked.given.get("thon")
    names = sorted({*counts.by.get("hamlet", {}), *([chosen] if chosen else [])}, key=sort_key)
    return [(name, name, name) for name in names]


def _shown(asked: Asked, taken: int, photos: int) -> Facet:
    """What a model's page has to show."""
    options = [("nhan-rong", _("Đã có nơi làm theo"), taken), ("anh", _("Có ảnh"), photos)]
    choices = [
        Choice(label, number, asked.href(**{name.replace("-", "_"): "" if name in asked.given else YES}), name in asked.given)
        for name, label, number in options
        if number or name in asked.given
    ]
    return Facet(_("Xem được"), choices, [])


def _facet(asked: Asked, title: str, name: str, options: Iterable[tuple[Any, str, str]], counts: dict[Any, int]) -> Facet:
    chosen = asked.given.get(name)
    key = name.replace("-", "_")
    choices = [
        Choice(label, counts.get(value, 0), asked.href(**{key: "" if slug == chosen else slug}), slug == chosen)
        for value, slug, label in options
        if counts.get(value) or slug == chosen
    ]
    return Facet(title, choices[:SHORT_LIST], choices[SHORT_LIST:])


def chips(asked: Asked, words: Vocabulary) -> list[Chip]:
    """What is chosen, each with the address that takes it away."""
    names: dict[str, dict[str, str]] = {
        "linh-vuc": {f.slug: _(f.name) for f in words.fields},
        "don-vi": {u.unit.key: words.unit_names[u.unit_id] for u in words.units},
        "cap": {slug: name for _, slug, name in _honours(words)},
        "loai": {slug: _(str(Kind(kind).label)) for slug, kind in KIND_SLUGS.items()},
        "ai": {slug: _(str(SubjectKind(kind).label)) for slug, kind in SUBJECT_SLUGS.items()},
        "chu-de": {str(theme.pk): theme.label for theme in words.themes},
        "anh": {YES: _("Có ảnh")},
        "nhan-rong": {YES: _("Đã có nơi làm theo")},
    }
    if asked.place:
        names["don-vi"][asked.place.unit.key] = asked.place.name
    labels = {"q": _("Từ khóa: {}"), "nam": _("Năm {}"), "cong-nhan": _("Công nhận năm {}")}
    if len(asked.filter.within) > 1:
        labels["don-vi"] = _("{} và các đơn vị trước, bên dưới")
    return [
        Chip(
            labels.get(name, "{}").format(names.get(name, {}).get(value, value)),
            asked.href(**{name.replace("-", "_"): ""}),
        )
        for name, value in asked.given.items()
        if name != "xep" and value
    ]


def address(asked: dict[str, str]) -> str:
    """The address of what is asked; empty values are left out."""
    kept = {name: value for name, value in asked.items() if value}
    return "?" + urlencode(kept) if kept else "?"


@dataclass(frozen=True)
class Page:
    """One page of a list and the links to the others."""

    number: int
    last: int
    links: list[tuple[int | None, str]]
    next: str
    start: int
    stop: int


def page(number: str, total: int, size: int, href: Any) -> Page:
    """The page asked for (the last one when there are fewer); `href(trang=...)` writes an address."""
    last = max(1, -(-total // size))
    current = min(max(1, int(number)), last) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 2) + 1)})
    links: list[tuple[int | None, str]] = []
    for before, at in zip([0, *shown], shown, strict=False):
        if at - before > 1:
            links.append((None, ""))
        links.append((at, href(trang=str(at) if at > 1 else "")))
    following = href(trang=str(current + 1)) if current < last else ""
    return Page(current, last, links, following, (current - 1) * size, current * size)
