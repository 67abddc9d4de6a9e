"""The rows of an upload, kept for its page as they are read."""

from typing import Any

from django.db.models import Count, Q

from models_registry.boxes import written
from models_registry.enums import RowLink, RowState
from models_registry.models import ImportRow, RegisterImport
from models_registry.registers.reading import ReadRow, RefusedRow, SheetReading, part_at_fault
from models_registry.selectors.mending import rows_at
from models_registry.sources import source_of, where

FLUSHED_AT = 1000  # rows that wait to be written
NUMBERS = {  # what the report counts, by the rows' states
    "created": RowState.NEW,
    "updated": RowState.CHANGED,
    "unchanged": RowState.UNCHANGED,
    "rejected_total": RowState.REFUSED,
}
REFUSED, ASKED, REST = range(3)  # ranks of rows


class KeptRows:
    """Takes each row with what becomes of it, and writes them in batches in place of those of the reading before.

    `writes` False: holds them, for rows that are read again by themselves.
    """

    def __init__(self, upload: RegisterImport, *, writes: bool = True) -> None:
        self.upload, self.writes = upload, writes
        self.rows: dict[str, ImportRow] = {}
        self.sheets: list[SheetReading] = []
        self._said_before: dict[str, str] = {}
        if writes:
            self._said_before = {row.source: _named(row) for row in rows_at(upload, upload.answers or ())}
            upload.rows.all().delete()

    def good(self, row: ReadRow, state: str, changes: list[list[str]], boxes: dict[str, str]) -> None:
        notes = [f"Sổ chỉ ghi {row.month}: lấy ngày đầu tháng"] if row.month else []
        notes += [f"Phiếu đã viết {len(written(boxes))}/9 mục"] if boxes else []
        rank = (
            ASKED if row.of or row.doubt or not row.subject else REST
        )  # it is a guess that it is one of several, or nobody is named who does it
        self._keep(row.source, row, state, {"changes": changes, "notes": notes, "doubt": row.doubt}, rank)

    def refused(self, row: RefusedRow) -> None:
        flaws = [flaw.as_dict() | {"part": part_at_fault(flaw.code)} for flaw in row.flaws]
        self._keep(row.source, row, RowState.REFUSED, {"flaws": flaws}, REFUSED)

    def links(self, found: dict[str, tuple[str, dict[str, Any]]]) -> None:
        """{'sheet!row': (state of its link, what to tell of it)} of rows that were kept. An answer to a row that the file is now
        read to say otherwise is given up; the caller saves the upload.
        """
        self.flush()
        held = self.rows.values() if not self.writes else rows_at(self.upload, found)
        changed = [row for row in held if row.source in found]
        for row in changed:
            link, told = found[row.source]
            if self._said_before.get(row.source, _named(row)) != _named(row):
                del (self.upload.answers or {})[row.source]
            row.link = answered(link, (self.upload.answers or {}).get(row.source))
            row.told |= told
            row.rank = ASKED if link == RowLink.ASKED else row.rank
        if self.writes:
            ImportRow.objects.bulk_update(changed, ["link", "told", "rank"], batch_size=500)

    def flush(self) -> None:
        if self.writes:
            order = {sheet.name: number for number, sheet in enumerate(self.sheets)}
            for row in self.rows.values():
                row.sheet_no = order.get(row.sheet, 0)
            ImportRow.objects.bulk_create(self.rows.values(), batch_size=FLUSHED_AT)
            self.rows = {}

    def _keep(self, source: str, read: ReadRow | RefusedRow, state: str, told: dict[str, Any], rank: int) -> None:
        sheet, number, nth = where(source)
        told = {name: value for name, value in (told | {"of": read.of, "cells": read.cells}).items() if value}
        self.rows[source] = ImportRow(
            upload=self.upload,
            sheet=sheet,
            row=number,
            nth=nth,
            rank=rank,
            state=state,
            identity=read.identity,
            told={"said": read.said} | told,
        )
        if len(self.rows) >= FLUSHED_AT:
            self.flush()


def answered(link: str, answer: int | None) -> str:
    """What becomes of a row's question, or of the link that the portal found, by an answer: the id of an earlier registration, 0 for
    none of them, None for no answer.
    """
    if not link or answer is None:
        return link
    return RowLink.LINKED if answer else RowLink.NONE


def _named(row: ImportRow) -> str:
    return f"{row.said.get('title', '')}|{row.said.get('subject', '')}"


def count_again(upload: RegisterImport) -> None:
    """Bring the report's numbers up to date with the rows. The caller saves the upload."""
    states = {state: Count("pk", filter=Q(state=state)) for state in RowState.values}
    links = {f"link_{link}": Count("pk", filter=Q(link=link)) for link in RowLink.values}
    found = upload.rows.aggregate(**states, **links)
    upload.report |= {name: found[state] for name, state in NUMBERS.items()}
    told = upload.report.setdefault("continuity", {})
    told |= {"linked": found["link_linked"], "open": found["link_asked"], "none": found["link_none"]}


def keep_refusals(upload: RegisterImport, rejected: list[dict[str, Any]]) -> None:
    """Rows that were right when they were read and were refused when the rest was stored."""
    refused = {source_of(row["sheet"], row["row"], row.get("model", 0)): [row, *row.get("more", [])] for row in rejected}
    held = [row for row in rows_at(upload, refused) if row.state != RowState.REFUSED]
    for row in held:
        row.state, row.link, row.rank = RowState.REFUSED, "", REFUSED
        row.told["flaws"] = [
            {name: flaw[name] for name in ("column", "value", "code", "message")} | {"part": part_at_fault(flaw["code"])}
            for flaw in refused[row.source]
        ]
    ImportRow.objects.bulk_update(held, ["state", "link", "rank", "told"], batch_size=500)
