"""Storing a register: new rows become registrations, corrected rows change what changed, the same file changes nothing."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from common.dates import read_day
from models_registry.audit_actions import AuditAction
from models_registry.enums import ImportState
from models_registry.models import RegisterImport, Season
from models_registry.registers.glance import LOOKED_AT
from models_registry.registers.mapping import Mapping
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import SET_ASIDE, RefusedRow, RegisterContext, named_in
from models_registry.selectors.continuity import Book, settle_kinds
from models_registry.selectors.mapping import context_for
from models_registry.selectors.place_days import PlaceDays
from models_registry.selectors.titles import unit_in_title, unit_named
from models_registry.selectors.whose import says_nothing_of, signs_of_another, unit_names
from models_registry.services.continuity import apply_answers
from models_registry.services.import_rows import KeptRows
from models_registry.services.locks import lock_register
from models_registry.services.mapping import count_used
from models_registry.services.preview import preview_links
from models_registry.services.proposals import connect, show_linked
from models_registry.services.repeats import ask_repeats
from models_registry.services.storing import BATCH, ImportReport, Storing
from organisation.audit import record
from organisation.models import Unit, User

Told = Callable[[int], None]


class _OfSeveral(Exception):
    """Title blocks name several units: the file is to be read again, with the others' rows refused."""


class _HeldBack(Exception):
    """Rolls the transaction back: nothing of this import is to stay."""


@dataclass(frozen=True)
class ImportOptions:
    """How a register is read, and what of it may be stored."""

    accept_valid: bool = False
    """Store the right rows although others are refused."""
    dry_run: bool = False
    default_day: date | None = None
    """The day of rows that carry none."""
    file_name: str = ""
    """What its sender called it, where that is not the name on our disk."""
    is_of_unit: bool = False
    """Store it although its title names another unit."""
    takes: Collection[str] = ()
    """Which rows that the file hides or strikes through count (codes of SET_ASIDE)."""
    mapping: Mapping | None = None
    """How the file is read, as far as somebody said it; the report's `mapping` tells how it was."""
    is_ours: bool = False
    """Whether we wrote the file ourselves."""


def import_register(
    *,
    path: Path,
    season: Season,
    unit: Unit,
    actor: User | None,
    upload: RegisterImport | None = None,
    tell: Told | None = None,
    options: ImportOptions = ImportOptions(),
) -> ImportReport:
    """Read a unit's register and store it, all in one transaction with the unit locked.

    Rows are matched by title, place and subject (folded). When any row is refused nothing is stored, unless the options
    accept the valid ones; nor when the title names another unit. Where title blocks name several units, the rows of the
    others are refused.
    Raises RegisterUnreadable when the file is refused whole. Reads and stores in constant memory.
    """
    mapping = options.mapping or (Mapping.from_json(upload.mapping) if upload else None)
    tells = upload is not None and options.dry_run
    context = context_for(season, unit, mapping=mapping, takes=options.takes, default_day=options.default_day, tells=tells)
    context = replace(context, is_ours=options.is_ours)
    asked = _Asked(path, season, unit, actor, upload, tell, options)
    run = _preview if options.dry_run else _store
    try:
        return run(asked, context)
    except _OfSeveral:
        return run(asked, replace(context, apart=True))


@dataclass(frozen=True)
class _Asked:
    """What `import_register` was asked to do."""

    path: Path
    season: Season
    unit: Unit
    actor: User | None
    upload: RegisterImport | None
    tell: Told | None
    options: ImportOptions

    @property
    def file_name(self) -> str:
        return self.options.file_name or self.path.name

    def reader(self, context: RegisterContext, place_days: PlaceDays) -> RegisterReader:
        mends = self.upload.mends if self.upload else None
        return RegisterReader(self.path, replace(context, place_on=place_days), mends, Path(self.file_name).stem)

    def report(self) -> ImportReport:
        return ImportReport(file=self.file_name, season=self.season.year, unit=self.unit.key)


def _preview(asked: _Asked, context: RegisterContext) -> ImportReport:
    """Read alone: no lock, no transaction, and what it tells is seen at once."""
    season, unit, upload, report = asked.season, asked.unit, asked.upload, asked.report()
    book, place_days = Book(season, unit), PlaceDays(unit, season)
    kept = KeptRows(upload) if upload else None
    source = upload or RegisterImport(season=season, unit=unit)
    storing = Storing(season=season, unit=unit, source=source, report=report, writes=False, kept=kept)
    _go_through(asked.reader(context, place_days), storing, report, True, tell=asked.tell, book=book)
    report.warnings += place_days.notes()
    report.continuity = preview_links(book, storing.asking, kept)
    return report


def _store(asked: _Asked, context: RegisterContext) -> ImportReport:
    season, unit, upload, report, options = asked.season, asked.unit, asked.upload, asked.report(), asked.options
    book, place_days = Book(season, unit), PlaceDays(unit, season)
    reader = asked.reader(context, place_days)
    try:
        with transaction.atomic():
            lock_register(book)
            if upload and not RegisterImport.objects.filter(pk=upload.pk, state=ImportState.STORING).exists():
                raise _HeldBack  # another run has stored it meanwhile
            source = upload or RegisterImport(season=season, unit=unit, file_name=report.file, uploaded_by=asked.actor)
            storing = Storing(season=season, unit=unit, source=source, report=report, writes=True)
            _go_through(reader, storing, report, options.accept_valid, tell=asked.tell, book=book)
            report.warnings += place_days.notes()
            if (report.rejected and not options.accept_valid) or (report.other_unit and not options.is_of_unit):
                raise _HeldBack
            _finish(storing, report, upload, asked.actor, book)
            count_used(unit, reader.remembered)
    except _HeldBack:
        report.saved = False
        report.created = report.updated = report.unchanged = 0
    return report


def _go_through(
    reader: RegisterReader, storing: Storing, report: ImportReport, accept_valid: bool, *, tell: Told | None, book: Book
) -> None:
    rows, named = reader.rows(), list[str]()
    if storing.kept:
        storing.kept.sheets = reader.sheets
    while batch := list(islice(rows, BATCH)):
        good = []
        named += [named_in(row) for row in batch[: LOOKED_AT - len(named)]]
        for row in batch:
            if isinstance(row, RefusedRow):
                storing.refuse(row)
                storing.met([row.identity])
            else:
                good.append(row)
        settle_kinds([row for row in good if row.kind_open], book)
        for row in good:
            if row.kind_open and row.said:
                row.said["kind"] = row.kind.label
        if report.rejected and not accept_valid:
            storing.writes = False  # all of it will be held back: read on for the report alone
        storing.take(good)
        if tell:
            tell(reader.row_count)
    if reader.is_of_several and not reader.context.apart:
        raise _OfSeveral
    storing.take_held()
    report.rows = reader.row_count
    report.set_aside = dict(Counter(row["code"] for row in report.rejected if row["code"] in SET_ASIDE))
    report.warnings = reader.warnings + storing.warnings
    report.mapping = reader.mapping.to_json()
    report.letters = {sheet.name: sheet.letters for sheet in reader.sheets}
    told = ([*sheet.__dict__.items()] for sheet in reader.sheets)
    report.understood = [{name: value for name, value in sheet if name != "letters"} for sheet in told]
    if not (reader.context.apart or reader.context.is_ours):
        _doubt_the_unit(reader, storing, report, named)
    _doubt_the_year(report)


def _doubt_the_year(report: ImportReport) -> None:
    """Tell once where most rows are refused for days of one other year."""
    refused = (flaw for row in report.rejected for flaw in (row, *row.get("more", [])))
    days = (read_day(flaw["value"]) for flaw in refused if flaw["code"] == "date_out_of_season")
    years = Counter(day.year for day in days if day and day.year != report.season)
    year, rows = next(iter(years.most_common(1)), (0, 0))
    if 2 * rows > report.rows:
        report.other_year = {"year": year, "rows": rows}
        said = f"Sổ này có vẻ của năm {year}: {rows} trong {report.rows} dòng ghi ngày của năm ấy."
        report.warnings.insert(0, {"sheet": "", "row": 0, "code": "other_year", "message": said})


def _doubt_the_unit(reader: RegisterReader, storing: Storing, report: ImportReport, named: list[str]) -> None:
    """Tell where a register seems to be another unit's, or may be anybody's."""
    season, unit = storing.season, storing.unit
    if other := _other_unit(reader, storing, report.file, named):
        report.other_unit = other
        said = f"{other['words']}; không phải đơn vị đã chọn."
        report.warnings.insert(0, {"sheet": "", "row": 0, "code": "other_unit", "message": said})
    elif unit_named(reader.title, season, unit) is None and says_nothing_of(unit_names(season), unit.pk, named, report.file):
        said = "Tệp không ghi đơn vị nào, không dòng nào nêu một nơi: xin xem lại có đúng sổ của đơn vị đã chọn không."
        report.warnings.insert(0, {"sheet": "", "row": 0, "code": "unit_unsaid", "message": said})


def _other_unit(reader: RegisterReader, storing: Storing, file_name: str, named: list[str]) -> dict[str, object]:
    """Whose register it seems to be instead of the chosen unit's: by its title; where that names nobody by its rows (`named`: who
    does it and where) or its file's name.
    """
    season, unit = storing.season, storing.unit
    if other := unit_in_title(reader.title, season, unit):
        name = f"{other.name}, nay không còn" if other.has_ended else other.name
        return {"name": name, "words": f"Đầu sổ ghi {name}", "units": [version.unit.key for version in other.units]}
    if unit_named(reader.title, season, unit) is None and (
        sign := signs_of_another(unit_names(season), unit.pk, named, file_name)
    ):
        words, units = sign
        return {"name": units[0].name, "words": words, "units": [version.unit.key for version in units]}
    return {}


def _finish(storing: Storing, report: ImportReport, upload: RegisterImport | None, actor: User | None, book: Book) -> None:
    report.saved = True
    connected = connect(book, actor)
    report.continuity = connected.counts
    if repeats := ask_repeats(book.season, book.unit):
        report.continuity |= {"repeats": repeats}
    source = storing.source
    running = RegisterImport.objects.select_for_update(of=("self",)).filter(pk=source.pk, state=ImportState.STORING)
    if upload and not running.exists():
        raise _HeldBack  # stopped by its officer at the last moment
    source.state, source.stored_at = ImportState.STORED, timezone.now()
    source.report, source.error = report.for_page(), ""
    source.undo = storing.undo
    storing.keep_source()
    source.save()
    if report.created or report.updated or connected.models:
        show_linked(book, storing.joined_models | connected.models)
    if source.answers:
        assert actor is not None  # what a command reads, nobody was asked about
        apply_answers(source, actor)
        source.stored_at = timezone.now()  # what was answered before goes back with the upload; what is decided later keeps it
        source.save(update_fields=["stored_at"])
    counts = {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "rejected": len(report.rejected),
    }
    record(actor=actor, action=AuditAction.IMPORT_REGISTER, target=source, unit=storing.unit, changes=counts)
    for changed in storing.audited:
        record(actor=actor, action=AuditAction.CORRECT_REGISTRATION, unit=storing.unit, **changed)
