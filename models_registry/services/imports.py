"""Storing a register: new rows become registrations, corrected rows change what changed, the same file changes nothing."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from common import jobs
from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.text import compare_key, fold, search_text, sort_key
from models_registry import selectors
from models_registry.enums import ImportState, Kind
from models_registry.models import EmulationModel, RegisterImport, Registration, Season
from models_registry.permissions import can_import_register
from models_registry.registers.opening import FILE_LIMIT, RegisterUnreadable
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import Flaw, ReadRow, RefusedRow, RegisterContext
from models_registry.services.catalogue import refresh_counts, take_latest
from organisation.audit import record
from organisation.models import Unit
from organisation.selectors import reporting_units, unit_on

BATCH = 2000
SAME_TITLE = 0.6  # share of letters in common from which two titles of one doer and place are one, mended
KEPT_REFUSALS = 1000  # refusals and previewed rows that an upload keeps for its page
KEPT_PREVIEW = 500

Told = Callable[[int], None]


@dataclass
class ImportReport:
    """What came of a register. `saved` is False for a dry run, and when refused rows held everything back."""

    file: str
    season: int
    unit: str
    saved: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    understood: list[dict[str, Any]] = field(default_factory=list)
    preview: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "preview"}

    def for_page(self) -> dict[str, Any]:
        kept = self.as_dict() | {"preview": self.preview, "rejected_total": len(self.rejected)}
        return kept | {"rejected": self.rejected[:KEPT_REFUSALS], "warnings": self.warnings[:KEPT_REFUSALS]}


class _HeldBack(Exception):
    """Rolls the transaction back: nothing of this import is to stay."""


def import_register(
    *,
    path: Path,
    season: Season,
    unit: Unit,
    actor: Any,
    accept_valid: bool = False,
    dry_run: bool = False,
    default_day: date | None = None,
    upload: RegisterImport | None = None,
    tell: Told | None = None,
    file_name: str = "",
) -> ImportReport:
    """Read a unit's register and store it, all in one transaction with the unit locked.

    Rows are matched by title, place and subject (folded). When any row is refused nothing is stored, unless
    `accept_valid`. Raises RegisterUnreadable when the file is refused whole. Reads and stores in constant memory.
    """
    report = ImportReport(file=file_name or path.name, season=season.year, unit=unit.key)
    context = RegisterContext(
        opens_on=season.opens_on,
        closes_on=season.closes_on,
        fields=selectors.field_book(),
        places=selectors.place_book(unit, season),
        default_day=default_day,
    )
    reader = RegisterReader(path, context)
    if dry_run:  # reads alone: no lock, no transaction, and what it tells is seen at once
        source = upload or RegisterImport(season=season, unit=unit)
        _go_through(reader, _Storing(season=season, unit=unit, source=source, report=report, writes=False), report, True, tell)
        return report
    try:
        with transaction.atomic():
            Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
            source = upload or RegisterImport(season=season, unit=unit, file_name=report.file, uploaded_by=actor)
            storing = _Storing(season=season, unit=unit, source=source, report=report, writes=True)
            _go_through(reader, storing, report, accept_valid, tell)
            if report.rejected and not accept_valid:
                raise _HeldBack
            _finish(storing, report, actor)
    except _HeldBack:
        report.created = report.updated = report.unchanged = 0
    return report


def _go_through(reader: RegisterReader, storing: "_Storing", report: ImportReport, accept_valid: bool, tell: Told | None) -> None:
    rows = reader.rows()
    while batch := list(islice(rows, BATCH)):
        good = []
        for row in batch:
            if isinstance(row, RefusedRow):
                report.rejected.append(row.as_dict())
                storing.met(row.identity)
            else:
                good.append(row)
        if report.rejected and not accept_valid:
            storing.writes = False  # all of it will be held back: read on for the report alone
        storing.take(good)
        if tell:
            tell(reader.row_count)
    storing.take_held()
    report.rows = reader.row_count
    report.warnings = reader.warnings + storing.warnings
    report.understood = [sheet.__dict__ for sheet in reader.sheets]


def _finish(storing: "_Storing", report: ImportReport, actor: Any) -> None:
    report.saved = True
    source = storing.source
    source.state, source.stored_at = ImportState.STORED, timezone.now()
    source.report, source.error = report.for_page(), ""
    storing.keep_source()
    source.save()
    if report.created or report.updated:
        take_latest(storing.joined_models)
        refresh_counts(season_ids=[storing.season.pk], unit_ids=[storing.unit.pk])
        if storing.joined_models:
            seasons = Registration.objects.filter(model__in=storing.joined_models).values_list("season_id", flat=True)
            refresh_counts(season_ids=set(seasons), unit_ids=[storing.unit.pk])
    counts = {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "rejected": len(report.rejected),
    }
    record(actor=actor, action="import-register", target=source, unit=storing.unit, changes=counts)
    for changed in storing.audited:
        record(actor=actor, action="correct-registration", unit=storing.unit, **changed)


_COMPARED = ("title", "subject", "place_id", "field_id", "kind", "subject_kind", "content", "note", "registered_on")


class _Storing:
    """One unit's register of one season being written: what is there, what comes, what is left."""

    def __init__(self, *, season: Season, unit: Unit, source: RegisterImport, report: ImportReport, writes: bool) -> None:
        self.season, self.unit, self.source, self.report, self.writes = season, unit, source, report, writes
        self.warnings: list[dict[str, Any]] = []
        self.audited: list[dict[str, Any]] = []
        self.joined_models: set[int] = set()
        self._unit_names: dict[date, str] = {}
        known = Registration.objects.filter(season=season, unit=unit)
        self._known: dict[str, int] = dict(known.values_list("identity_key", "pk"))
        self._unseen = set(self._known)
        self._held: list[ReadRow] = []
        self._has_earlier = EmulationModel.objects.filter(unit=unit).exclude(registrations__season=season).exists()
        if writes:
            self.keep_source()

    def keep_source(self) -> None:
        if self.writes and self.source._state.adding:
            self.source.save()

    def met(self, identity: str) -> None:
        """A refused row is in the file all the same: its registration is neither missing nor free to be corrected."""
        self._unseen.discard(identity)

    def take(self, rows: list[ReadRow]) -> None:
        """Match a batch with what is there: equal, changed or new. New rows of a re-sent register wait for the end."""
        met = [(row, self._known[row.identity]) for row in rows if row.identity in self._known]
        self._unseen.difference_update(row.identity for row, _ in met)
        self._change(met)
        fresh = [row for row in rows if row.identity not in self._known]
        if self._known:
            self._held += fresh
        else:
            self._create(fresh)

    def take_held(self) -> None:
        """A re-sent register: a new row that differs from one row left over in a single thing is that row, corrected."""
        corrected: list[tuple[ReadRow, int]] = []
        if self._held and self._unseen and 2 * (len(self._known) - len(self._unseen)) >= len(self._known):
            corrected = self._pair_corrections()
        met = {row.identity for row, _ in corrected}
        self._change(corrected)
        fresh = [row for row in self._held if row.identity not in met]
        for start in range(0, len(fresh), BATCH):
            self._create(fresh[start : start + BATCH])
        if self._unseen:
            titles = Registration.objects.filter(pk__in=[self._known[key] for key in list(self._unseen)[:5]])
            named = "; ".join(f"“{title}”" for title in titles.values_list("title", flat=True))
            said = f"{len(self._unseen)} đăng ký đã nạp trước đây không có trong tệp này, cổng giữ nguyên: {named}"
            self.warnings.append({"sheet": "", "row": 0, "code": "not_in_file", "message": said})

    def _pair_corrections(self) -> list[tuple[ReadRow, int]]:
        left = Registration.objects.filter(pk__in=[self._known[key] for key in self._unseen]).select_related("place")
        by_pair: dict[tuple[str, ...], set[str]] = {}
        titles = {old.identity_key: old.title for old in left}
        for old in left:
            place = old.place.key if old.place else ""
            for pair in _pairs(old.title, place, old.subject):
                by_pair.setdefault(pair, set()).add(old.identity_key)
        wishes: dict[str, list[ReadRow]] = {}
        for row in self._held:
            found = set().union(*(by_pair.get(p, set()) for p in _pairs(row.title, row.place.key, row.subject)))
            found = {key for key in found if _alike(titles[key], row.title)}
            if len(found) == 1:
                wishes.setdefault(found.pop(), []).append(row)
        pairs = [(rows[0], self._known[key]) for key, rows in wishes.items() if len(rows) == 1]
        self._unseen -= {key for key, rows in wishes.items() if len(rows) == 1}
        return pairs

    def _change(self, met: list[tuple[ReadRow, int]]) -> None:
        stored = Registration.objects.select_related("model").in_bulk([pk for _, pk in met])
        changed: list[Registration] = []
        models: list[EmulationModel] = []
        for row, pk in met:
            registration = stored[pk]
            if (gone := registration.withdrawn_on) and row.registered_on > gone:
                self._refuse_withdrawn(row, gone)
                continue
            wanted = self._values(row)
            changes = {
                name: [_plain(getattr(registration, name)), _plain(wanted[name])]
                for name in _COMPARED
                if getattr(registration, name) != wanted[name]
            }
            self._preview(row, "changed" if changes else "unchanged", changes)
            if not changes:
                self.report.unchanged += 1
                continue
            self.report.updated += 1
            for name, value in wanted.items():
                setattr(registration, name, value)
            changed.append(registration)
            if registration.is_latest and ("title" in changes or registration.model.identity_key != row.identity):
                registration.model.title, registration.model.identity_key = row.title, row.identity
                models.append(registration.model)
            self.audited.append({"target": registration, "changes": changes, "note": self.report.file})
        if self.writes and changed:
            Registration.objects.bulk_update(changed, list(self._values(met[0][0])), batch_size=500)
            EmulationModel.objects.bulk_update(models, ["title", "identity_key"], batch_size=500)

    def _refuse_withdrawn(self, row: ReadRow, withdrawn_on: date) -> None:
        sheet, _, number = row.source.rpartition("!")
        said = f"Đăng ký này đã rút ngày {write_day(withdrawn_on)}, trước ngày đăng ký ghi trong sổ."
        flaw = Flaw("", write_day(row.registered_on), "withdrawn_before", said)
        self.report.rejected.append(RefusedRow(sheet, int(number), row.identity, (flaw,)).as_dict())

    def _create(self, rows: list[ReadRow]) -> None:
        self.report.created += len(rows)
        for row in rows:
            self._preview(row, "new", {})
        if not rows or not self.writes:
            return
        earlier = self._earlier_models(rows)
        begun = {row.identity: self._new_model(row) for row in rows if row.identity not in earlier}
        EmulationModel.objects.bulk_create(begun.values(), batch_size=1000)
        model_ids = earlier | {identity: model.pk for identity, model in begun.items()}
        self.joined_models |= set(earlier.values())
        Registration.objects.bulk_create(
            (
                Registration(
                    season_id=self.season.pk,
                    unit_id=self.unit.pk,
                    model_id=model_ids[row.identity],
                    imported_by_id=self.source.pk,
                    is_latest=row.identity not in earlier,
                    **self._values(row),
                )
                for row in rows
            ),
            batch_size=1000,
        )

    def _earlier_models(self, rows: list[ReadRow]) -> dict[str, int]:
        """identity -> the unit's model of an earlier season that the row carries on."""
        if not self._has_earlier:
            return {}
        mine = EmulationModel.objects.filter(unit=self.unit, identity_key__in=[row.identity for row in rows])
        free = mine.exclude(registrations__season=self.season).order_by("-pk")
        found = {identity: pk for pk, identity in free.values_list("pk", "identity_key")}
        for row in rows:
            if row.identity in found and row.kind == Kind.NEW:
                sheet, _, number = row.source.rpartition("!")
                said = f"“{row.title[:80]}” ghi là mới nhưng đã đăng ký năm trước; cổng nối vào mô hình cũ."
                self.warnings.append({"sheet": sheet, "row": int(number), "code": "known_model", "message": said})
        return found

    def _new_model(self, row: ReadRow) -> EmulationModel:
        own = secrets.token_hex(5)  # titles repeat within a unit and over the years
        slug = f"{slugify(fold(row.title))[:110].strip('-') or 'mo-hinh'}-{own}"
        return EmulationModel(slug=slug, title=row.title, unit_id=self.unit.pk, identity_key=row.identity)

    def _values(self, row: ReadRow) -> dict[str, Any]:
        day = row.registered_on
        if day not in self._unit_names:
            self._unit_names[day] = unit_on(self.unit, day).name
        unit_name = self._unit_names[day]
        return {
            "title": row.title,
            "subject": row.subject,
            "place_id": row.place.unit_id,
            "field_id": row.field_id,
            "kind": row.kind.value,
            "subject_kind": row.subject_kind.value,
            "content": row.content,
            "note": row.note,
            "registered_on": day,
            "unit_name": unit_name,
            "place_name": row.place.name,
            "identity_key": row.identity,
            "search_text": search_text(row.title, row.subject, row.place.name, unit_name),
            "sort_key": sort_key(row.title),
            "imported_from": row.source[:60],
        }

    def _preview(self, row: ReadRow, state: str, changes: dict[str, Any]) -> None:
        kept = self.report.preview
        if len(kept) < KEPT_PREVIEW or state == "changed":
            kept.append(
                {
                    "source": row.source,
                    "title": row.title,
                    "subject": row.subject,
                    "place": row.place.name,
                    "kind": row.kind.label,
                    "state": state,
                    "changes": sorted(changes),
                }
            )


def _pairs(title: str, place: str, subject: str) -> Iterator[tuple[str, ...]]:
    title, subject = compare_key(title), compare_key(subject)
    yield "title place", title, place
    yield "title subject", title, subject
    if subject:
        yield "place subject", place, subject


def _alike(one: str, other: str) -> bool:
    """Whether one title may be the other with a word mended."""
    one, other = compare_key(one), compare_key(other)
    return one.startswith(other) or other.startswith(one) or SequenceMatcher(None, one, other).ratio() >= SAME_TITLE


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def upload_register(*, file: UploadedFile, season: Season, unit: Unit, actor: Any) -> RegisterImport:
    """Keep an uploaded register and have it read in the background; nothing is stored before it is confirmed."""
    if not can_import_register(actor, unit, season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    days = (season.last_day, season.opens_on)
    if not any(reporting_units(day).filter(unit=unit).exists() for day in days):
        raise DomainError("Đơn vị này không lập sổ đăng ký của năm ấy.")
    if (file.size or 0) > FILE_LIMIT:
        raise RegisterUnreadable("Tệp lớn hơn 20 MB. Xin chia sổ thành nhiều tệp.")
    upload = RegisterImport(season=season, unit=unit, file_name=Path(file.name or "so").name[:255], uploaded_by=actor)
    upload.file.save(f"{upload.pk}{Path(file.name or '').suffix.lower()[:6]}", file, save=False)
    upload.job = jobs.ask("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save()
    record(actor=actor, action="upload-register", target=upload, unit=unit)
    return upload


@transaction.atomic
def confirm_import(*, import_id: UUID, accept_valid: bool, actor: Any) -> RegisterImport:
    """Have a register that was read stored in the background. A second tap finds it on its way and changes nothing."""
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.READ:
        return upload
    if upload.report.get("rejected_total") and not accept_valid:
        raise DomainError("Sổ còn dòng sai: sửa tệp rồi gửi lại, hoặc chọn chỉ nạp các dòng đúng.")
    upload.state, upload.accept_valid = ImportState.STORING, accept_valid
    upload.job = jobs.ask("store_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["state", "accept_valid", "job"])
    return upload


def read_import(*, import_id: UUID, tell: Told) -> None:
    """Read an uploaded register for its preview."""
    upload = RegisterImport.objects.select_related("season", "unit", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.READING:
        return
    try:
        report = _run(upload, tell, dry_run=True)
    except RegisterUnreadable as error:
        RegisterImport.objects.filter(pk=import_id).update(state=ImportState.REFUSED, error=str(error))
        return
    RegisterImport.objects.filter(pk=import_id, state=ImportState.READING).update(
        state=ImportState.READ, report=report.for_page()
    )


def store_import(*, import_id: UUID, tell: Told) -> None:
    """Store an uploaded register that was confirmed. Twice is as good as once."""
    upload = RegisterImport.objects.select_related("season", "unit", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.STORING:
        return
    report = _run(upload, tell, dry_run=False)
    if not report.saved:  # rows that were right when it was read are refused now: show it again instead of storing a part
        RegisterImport.objects.filter(pk=import_id).update(state=ImportState.READ, report=report.for_page())


def _run(upload: RegisterImport, tell: Told, *, dry_run: bool) -> ImportReport:
    return import_register(
        path=Path(upload.file.path),
        file_name=upload.file_name,
        season=upload.season,
        unit=upload.unit,
        actor=upload.uploaded_by,
        accept_valid=upload.accept_valid,
        dry_run=dry_run,
        upload=upload,
        tell=tell,
    )
