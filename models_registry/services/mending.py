"""Cells of an upload typed over on its page: kept at once, the row read again alone, all of it taken back when asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from common.exceptions import DomainError
from models_registry.audit_actions import AuditAction
from models_registry.models import ImportEdit, ImportRow, RegisterImport
from models_registry.registers.alone import read_alone
from models_registry.registers.reading import ANSWERABLE, IS_ONE, ONE, PARTS, ReadRow
from models_registry.selectors.continuity import Book
from models_registry.selectors.mapping import context_for
from models_registry.selectors.mending import (
    Change,
    Chosen,
    cleaned,
    is_mendable,
    lists_several,
    mark_of,
    planned,
    rows_at,
    stands,
)
from models_registry.selectors.place_days import PlaceDays
from models_registry.services.import_rows import KeptRows, answered, count_again
from models_registry.services.locks import lock_import
from models_registry.services.preview import preview_links
from models_registry.services.storing import ImportReport, Storing
from models_registry.services.uploads import check_open, read_again
from models_registry.sources import source_of
from organisation.audit import record
from organisation.models import User

ALONE = 200  # rows that are read again one by one, at once; more of them are read with the whole file
_NEIGHBOURS = 200  # rows with one title, place and doer that are looked at for doubles

Typed = dict[str, dict[str, str | None]]  # "sheet!row" -> part -> the text; None for what the file says


@dataclass
class Mended:
    """What came of a mend: rows read again, and cells that someone had typed over since they were shown."""

    sources: set[str] = field(default_factory=set)
    overwritten: list[tuple[str, str, str]] = field(default_factory=list)
    """('sheet!row', part, what stood there)"""
    is_reading: bool = False


@transaction.atomic
def mend_cells(*, import_id: UUID, typed: Typed, shown: dict[str, dict[str, str]], actor: User) -> Mended:
    """Keep what was typed over cells and read their rows again. `shown`: marks (`mark_of`) of what the page had in them; where
    another text stands there now, the later one wins and the answer says so. Raises NotAllowed, DomainError.
    """
    upload = lock_import(import_id, actor)
    check_open(upload)
    done = Mended()
    audited: dict[str, dict[str, list[str]]] = {}
    for row in rows_at(upload, typed):
        if not is_mendable(row):
            continue
        for part, text in typed[row.source].items():
            before = stands(row, upload.mends, part)
            mark = shown.get(row.source, {}).get(part)
            if part not in ANSWERABLE or not _type(upload, row, part, text):
                continue
            done.sources.add(row.source)
            audited.setdefault(row.source, {})[part] = [before, stands(row, upload.mends, part)]
            if mark and mark != mark_of(part, before):
                done.overwritten.append((row.source, part, before))
    if done.sources:
        done.is_reading = _settle(upload, done.sources, actor)
        record(actor=actor, action=AuditAction.MEND_IMPORT, target=upload, unit=upload.unit, changes={"cells": audited})
    return done


@transaction.atomic
def mend_many(*, import_id: UUID, chosen: Chosen, change: Change, words: str, actor: User) -> ImportEdit | None:
    """Do one thing to a column of many rows; None where no cell changes. Raises NotAllowed, DomainError."""
    upload = lock_import(import_id, actor)
    check_open(upload)
    plan = planned(upload, chosen, change)
    if not plan.cells:
        return None
    before = {source: upload.mends.get(source, {}).get(change.part) for source in plan.cells}
    for row in rows_at(upload, plan.cells):
        _type(upload, row, change.part, plan.cells[row.source][1])
    after = {source: upload.mends.get(source, {}).get(change.part) for source in plan.cells}
    cells = {source: {change.part: [before[source], after[source]]} for source in plan.cells}
    edit = ImportEdit.objects.create(upload=upload, words=words[:300], cells=cells, made_by=actor)
    _settle(upload, set(plan.cells), actor)
    counted = {"column": change.part, "rows": plan.rows, "cells": len(plan.cells)}
    record(actor=actor, action=AuditAction.MEND_MANY, target=upload, unit=upload.unit, note=edit.words, changes=counted)
    return edit


@transaction.atomic
def undo_edit(*, import_id: UUID, edit_id: int, actor: User) -> int:
    """Put back what one mend of many cells changed, save cells that were typed over since. Returns how many."""
    upload = lock_import(import_id, actor)
    check_open(upload)
    edit = upload.edits.filter(pk=edit_id, undone_at=None).first()
    if edit is None:
        raise DomainError("Lần sửa này đã được hoàn tác.")
    back: set[str] = set()
    for source, parts in edit.cells.items():
        for part, (before, after) in parts.items():
            if upload.mends.get(source, {}).get(part) == after:
                _keep(upload, source, part, before)
                back.add(source)
    edit.undone_at = timezone.now()
    edit.save(update_fields=["undone_at"])
    if any(ONE in parts for parts in edit.cells.values()):  # the row is several models again
        upload.save(update_fields=["mends"])
        read_again(upload, actor)
    else:
        _settle(upload, back, actor)
    counted = {"cells": len(back), "left": len(edit.cells) - len(back)}
    record(actor=actor, action=AuditAction.UNDO_MEND_MANY, target=upload, unit=upload.unit, note=edit.words, changes=counted)
    return len(back)


@transaction.atomic
def take_as_one(*, import_id: UUID, source: str, actor: User) -> ImportEdit:
    """Take a row that was parted into several models, or refused because it may list some, for one: what was typed over the parts
    stays, but for their names, and all comes back with `undo_edit`. Raises NotAllowed, DomainError.
    """
    upload = lock_import(import_id, actor)
    check_open(upload)
    row = next(iter(rows_at(upload, [source])), None)
    if row is None or not lists_several(row):
        raise DomainError("Dòng này không còn ghi nhiều mô hình.")
    whole = source_of(row.sheet, row.row)
    parts = [source_of(row.sheet, row.row, nth) for nth in range(1, row.of + 1)]
    now = {ONE: IS_ONE}
    for part, text in chain.from_iterable(upload.mends.get(part_source, {}).items() for part_source in parts):
        if part in PARTS and part != "title":
            now.setdefault(part, text)
    before = upload.mends.get(whole, {})
    for part, text in now.items():
        _keep(upload, whole, part, text)
    cells = {whole: {part: [before.get(part), text] for part, text in now.items()}}
    words = f"Dòng {row.row}: {row.of} mô hình là một" if row.of else f"Dòng {row.row}: là một mô hình"
    edit = ImportEdit.objects.create(upload=upload, words=words, cells=cells, made_by=actor)
    upload.save(update_fields=["mends"])
    read_again(upload, actor)
    counted = {"rows": 1, "cells": len(now)}
    record(actor=actor, action=AuditAction.MEND_MANY, target=upload, unit=upload.unit, note=words, changes=counted)
    return edit


def _type(upload: RegisterImport, row: ImportRow, part: str, text: str | None) -> bool:
    """Type over a cell; the file's own text takes the mend away. False where nothing changes."""
    now = None if text is None else cleaned(part, text)
    now = None if now == row.said.get(part, "") else now
    if now == upload.mends.get(row.source, {}).get(part):
        return False
    _keep(upload, row.source, part, now)
    return True


def _keep(upload: RegisterImport, source: str, part: str, text: str | None) -> None:
    mends = {name: one for name, one in upload.mends.pop(source, {}).items() if name != part}
    mends |= {} if text is None else {part: text}
    if mends:
        upload.mends[source] = mends


def _settle(upload: RegisterImport, sources: set[str], actor: User) -> bool:
    """Have the rows read again: alone, or with the whole file in the background (True) where they are many."""
    if len(sources) > ALONE:
        upload.save(update_fields=["mends"])
        read_again(upload, actor)
        return True
    _read_rows(upload, sources)
    count_again(upload)
    upload.save(update_fields=["mends", "report"])
    return False


def _read_rows(upload: RegisterImport, sources: Iterable[str]) -> None:
    """Read rows again by themselves, with those that they were or are doubles of; the rest of the file as it was read."""
    place_days = PlaceDays(upload.unit, upload.season)
    context = replace(context_for(upload.season, upload.unit, takes=upload.takes), place_on=place_days)
    rows = {row.source: row for row in rows_at(upload, sources)}
    alike = {row.identity for row in rows.values()}
    alike |= {read_alone(context, row.source, _parts(row, upload), {}).identity for row in rows.values()}
    for row in upload.rows.filter(identity__in=alike)[:_NEIGHBOURS]:
        rows.setdefault(row.source, row)
    kept, seen = KeptRows(upload, writes=False), dict[str, str]()
    report = ImportReport(file=upload.file_name, season=upload.season.year, unit=upload.unit.key)
    storing = Storing(season=upload.season, unit=upload.unit, source=upload, report=report, writes=False, kept=kept)
    storing.met(upload.rows.exclude(pk__in=[row.pk for row in rows.values()]).values_list("identity", flat=True))
    good: list[ReadRow] = []
    for row in sorted(rows.values(), key=lambda row: (row.sheet_no, row.row, row.nth)):
        if not is_mendable(row):
            continue
        read = read_alone(context, row.source, _parts(row, upload), seen)
        if isinstance(read, ReadRow):
            good.append(read)
        else:
            storing.refuse(read)
            storing.met([read.identity])
    storing.take(good)
    storing.take_held()
    if storing.asking:
        preview_links(Book(upload.season, upload.unit), storing.asking, kept)
    _write(upload, rows, kept.rows)


def _write(upload: RegisterImport, rows: dict[str, ImportRow], read: dict[str, ImportRow]) -> None:
    answers = dict(upload.answers or {})
    for source, now in read.items():
        row = rows[source]
        before = row.linked_to
        row.state, row.link, row.identity = now.state, now.link, now.identity
        row.told = now.told | {"said": row.said} | {name: row.told[name] for name in ("of", "cells", "doubt") if name in row.told}
        if source in answers and (row.linked_to != before or not row.link):
            del answers[source]  # another model was found than when it was answered, or it asks no more
        row.link = answered(row.link, answers.get(source))
    ImportRow.objects.bulk_update([rows[source] for source in read], ["state", "link", "identity", "told"], batch_size=100)
    if answers != (upload.answers or {}):
        upload.answers = answers
        upload.save(update_fields=["answers"])


def _parts(row: ImportRow, upload: RegisterImport) -> dict[str, str]:
    return {**row.said, **upload.mends.get(row.source, {})}
