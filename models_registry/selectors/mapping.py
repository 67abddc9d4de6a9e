"""What a register is read against, how its units' earlier ones were read, and what a sample of it comes to."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import product
from pathlib import Path
from uuid import UUID

from django.db.models import Q

from models_registry.enums import ImportState
from models_registry.models import BatchFile, RegisterImport, Registration, RememberedMapping, Season
from models_registry.registers.by_hand import labels_of
from models_registry.registers.guessing import Guess
from models_registry.registers.headings import Role
from models_registry.registers.mapping import Mapping, MappingInvalid, SheetMapping, head_key
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.selectors.continuity import Book, settle_kinds
from models_registry.selectors.place_days import PlaceDays
from models_registry.selectors.scope import imports_visible_to
from models_registry.selectors.seasons import field_book, place_book, window_of
from models_registry.selectors.titles import unit_named
from organisation.models import Reader, Unit, UnitVersion
from organisation.selectors.ended import not_there_words

FIRST_ROWS, DEEPEST_SOUGHT = 30, 3  # of a sheet without a known heading, those that may be it
MOST_WAITING = 1000  # uploads that are looked through for the same heading, the newest
SAMPLE = 500  # rows of a sheet that the page on its columns reads
MOST_REMEMBERED = 200  # heads of one unit that a file is compared with, the newest


def context_for(
    season: Season,
    unit: Unit,
    *,
    mapping: Mapping | None = None,
    takes: Collection[str] = (),
    default_day: date | None = None,
    tells: bool = False,
) -> RegisterContext:
    """What a unit's register of a season is read against. `tells`: as in `RegisterContext`."""
    return RegisterContext(
        opens_on=season.opens_on,
        closes_on=window_of(season, unit).registered_until,
        fields=field_book(),
        places=place_book(unit, season),
        not_there=lambda day, place_id: not_there_words(unit.pk, day, place_id),
        default_day=default_day,
        takes=frozenset(takes),
        whose=_whose(season, unit),
        stands=_stands(season, unit),
        mapping=mapping,
        remembered=remembered_for(unit),
        tells=tells,
    )


def _stands(season: Season, unit: Unit) -> Callable[[str], bool]:
    """Whether an identity stands in the unit's register (`RegisterContext.stands`). One query, where it is asked at all."""

    @cache
    def identities() -> frozenset[str]:
        rows = Registration.objects.in_register().filter(season=season, unit=unit)
        return frozenset(rows.values_list("identity_key", flat=True))

    return lambda identity: identity in identities()


def _whose(season: Season, unit: Unit) -> Callable[[list[str]], tuple[str, str] | None]:
    """Which unit lines above a heading name (`RegisterContext.whose`)."""

    @lru_cache(maxsize=256)
    def named(*lines: str) -> tuple[str, str] | None:
        found = unit_named(lines, season, unit)
        if found is None:
            return None
        return (found.unit.key, found.name) if isinstance(found, UnitVersion) else ("", "")

    return lambda lines: named(*lines)


def remembered_for(unit: Unit) -> tuple[SheetMapping, ...]:
    """How the unit's registers were read by hand, the newest first. What an older portal kept otherwise is passed over."""
    kept = RememberedMapping.objects.filter(unit=unit).values_list("mapping", flat=True)[:MOST_REMEMBERED]
    found: list[SheetMapping] = []
    for data in kept:
        try:
            found += Mapping.from_json(data).sheets
        except MappingInvalid:
            continue
    return tuple(found)


def key_of(head: tuple[str, ...]) -> str:
    """The key by which a head is remembered: 32 hex digits; empty for a sheet without one."""
    words = head_key(head)
    return blake2b(words.encode(), digest_size=16).hexdigest() if words else ""


def possible_heads(sample: "Sample") -> list[str]:
    """The keys of all that may be a heading among the first rows of a file in which none was found."""
    keys = dict[str, None]()
    for rows in sample.heads.values():
        wide = [(number, cells) for number, cells in rows if sum(map(bool, cells)) > 1][:FIRST_ROWS]
        for start, depth in product(range(len(wide)), range(1, DEEPEST_SOUGHT + 1)):
            keys[key_of(labels_of(wide[start : start + depth]))] = None
    return list(keys)


def with_same_head(upload: RegisterImport, head: tuple[str, ...], user: Reader) -> list[RegisterImport]:
    """The other uploads of the season that wait, have this heading, and were not mapped by hand; those of its send first."""
    if not (key := key_of(head)):
        return []
    waits = Q(state=ImportState.READ) | Q(state=ImportState.REFUSED, mappable=True)
    waiting = imports_visible_to(user).filter(waits, season=upload.season, mapped_by=None).exclude(Q(file="") | Q(pk=upload.pk))
    listed = waiting.select_related("batch_file").defer("report", "undo", "mends")[:MOST_WAITING]
    found = [one for one in listed if key in one.head_keys]
    batch = BatchFile.objects.filter(imported=upload).values_list("batch", flat=True).first()
    return sorted(found, key=lambda one: (not batch or _batch_of(one) != batch, one.file_name))


def _batch_of(upload: RegisterImport) -> UUID | None:
    return upload.batch_file.batch_id if hasattr(upload, "batch_file") else None


def for_another(read_as: SheetMapping, *, same_unit: bool) -> SheetMapping:
    """How another file with the same heading is read: by the head's words; a place that stands for empty cells is its unit's alone."""
    fills = read_as.fills if same_unit else replace(read_as.fills, place="")
    return replace(read_as, sheet="", row=0, fills=fills)


def to_remember(read_as: SheetMapping) -> SheetMapping:
    """What of a reading holds for the next register: no sheet's name, no row's number, no day."""
    fills = replace(read_as.fills, registered_on=None)
    return replace(read_as, sheet="", row=0, fills=fills)


def token_of(upload: RegisterImport) -> str:
    """What an upload's mapping is at this moment: a page that was opened before a change holds another."""
    words = f"{upload.mapping}|{upload.mapped_by_id}|{upload.job_id}"
    return blake2b(words.encode(), digest_size=8).hexdigest()


def token_now(upload: RegisterImport) -> str:
    """The same of the row as it is by now."""
    return token_of(RegisterImport.objects.get(pk=upload.pk))


@dataclass
class Sample:
    """What a file's first rows come to with a mapping. `heads`: sheet -> its first rows as text, whatever was understood."""

    heads: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)
    rows: list[ReadRow | RefusedRow] = field(default_factory=list)
    read_as: Mapping = field(default_factory=Mapping)
    guesses: dict[str, list[Guess]] = field(default_factory=dict)
    words: dict[str, dict[Role, Counter[str]]] = field(default_factory=dict)
    """sheet -> the words that stand in the columns of its lists, and how often."""
    labels: dict[str, dict[int, str]] = field(default_factory=dict)
    """sheet -> what stands over the columns of a list or of forms, by place."""
    heading_rows: dict[str, list[int]] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    error: str = ""
    """Why nothing can be read with this mapping."""

    def rows_of(self, sheet: str) -> list[ReadRow | RefusedRow]:
        return [
            row for row in self.rows if (row.sheet if isinstance(row, RefusedRow) else row.source.rpartition("!")[0]) == sheet
        ]


def sampled(upload: RegisterImport, mapping: Mapping | None, shown: int = 0) -> Sample:
    """Read the first rows of each sheet of an upload, `shown` of them at least, in a process of its own as ever. Raises
    RegisterUnreadable for a file that cannot be opened.
    """
    context = context_for(upload.season, upload.unit, mapping=mapping, takes=upload.takes)
    context = replace(context, place_on=PlaceDays(upload.unit, upload.season), most=SAMPLE, shown=shown)
    reader = RegisterReader(Path(upload.file.path), context, upload.mends, Path(upload.file_name).stem)
    sample = Sample()
    try:
        sample.rows += reader.rows()
    except RegisterUnreadable as error:
        if not reader.heads:
            raise
        sample.error = str(error)
    settle_kinds([row for row in sample.rows if isinstance(row, ReadRow) and row.kind_open], Book(upload.season, upload.unit))
    sample.heads, sample.words, sample.read_as = reader.heads, reader.words, reader.mapping
    sample.labels = reader.labels
    for sheet in reader.sheets:
        sample.guesses[sheet.name] = [Guess(**guess) for guess in sheet.guesses]
        sample.heading_rows[sheet.name] = sheet.heading_rows
        sample.encodings[sheet.name] = sheet.encoding
    return sample
