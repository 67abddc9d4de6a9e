"""What became of registrations, from a list: decisions, recognitions, proposals, introductions to the centre."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from common.exceptions import DomainError
from common.text import clean, compare_key, quoted
from models_registry.models import Registration, Season
from models_registry.registers.vocabulary import PlaceBook, PlaceUnknown
from models_registry.selectors import place_book
from organisation.audit import record
from organisation.models import Unit, User
from recognition.audit_actions import AuditAction
from recognition.lists import GRADE_COLUMNS, VERDICT_COLUMNS
from recognition.models import Decision, Recognition
from recognition.services.honours import refresh_honours
from recognition.services.outcome_facts import Facts, RowRefused, days_of, write_facts

COLUMNS = [
    "unit",
    "title",
    "subject",
    "place",
    "withdrawn_on",
    "district_decision",
    "district_on",
    "proposed_on",
    "province_decision",
    "province_on",
    "central_on",
]


@dataclass
class OutcomeReport:
    """What came of a list of outcomes; the shape of a register's report."""

    file: str
    season: int
    unit: str = ""
    saved: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)


class _HeldBack(Exception):
    """Rolls the transaction back."""


def import_outcomes(
    *, path: Path, season: Season, actor: User | None, accept_valid: bool = False, dry_run: bool = False
) -> OutcomeReport:
    """Read what became of a season's registrations (columns COLUMNS, may be those of grades and verdicts) and write it as dated
    facts, in one transaction.

    A row is matched by unit, title, subject and place (folded); one that matches none or several is refused.
    """
    rows = _read(path)
    report = OutcomeReport(file=path.name, season=season.year, rows=len(rows))
    try:
        with transaction.atomic():
            book = _RegisterBook(season, {row["unit"] for _, row in rows})
            touched: set[int] = set()
            for line, row in rows:
                try:
                    days = days_of(row, season)
                    changes = write_facts(book.facts, book.match(row), row, days, actor)
                except RowRefused as refused:
                    report.rejected.append(
                        {
                            "sheet": path.stem,
                            "row": line,
                            "column": refused.column,
                            "value": refused.value,
                            "code": refused.code,
                            "message": str(refused),
                        }
                    )
                    continue
                touched.add(changes.registration_id)
                for name in changes.early:
                    said = f"{quoted(row['title'])}: {row[name]} trước ngày đăng ký; cổng ghi đúng như văn bản."
                    report.warnings.append(
                        {"sheet": path.stem, "row": line, "column": name, "code": "before_registered", "message": said}
                    )
                report.created += changes.made and not changes.had_facts
                report.updated += changes.made and changes.had_facts
                report.unchanged += not changes.made
            if dry_run or (report.rejected and not accept_valid):
                raise _HeldBack
            refresh_honours(touched)
            report.saved = True
            if report.created or report.updated:
                counts = {"created": report.created, "updated": report.updated, "rejected": len(report.rejected)}
                record(actor=actor, action=AuditAction.IMPORT_OUTCOMES, target=season, note=path.name, changes=counts)
    except _HeldBack:
        if not dry_run:
            report.created = report.updated = report.unchanged = 0
    return report


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise DomainError(f"{path.name}: thiếu cột {', '.join(missing)}.")
            names = (*COLUMNS, *GRADE_COLUMNS, *VERDICT_COLUMNS)
            rows = [(line, {name: clean(row.get(name) or "") for name in names}) for line, row in enumerate(reader, 2)]
            return [(line, row) for line, row in rows if any(row.values())]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DomainError(f"{path.name} không phải tệp CSV mã UTF-8.") from error


class _RegisterBook:
    """A season's registrations of some units, locked, to be found by their words."""

    def __init__(self, season: Season, unit_keys: set[str]) -> None:
        self.season = season
        self.units = {u.key: u for u in Unit.objects.select_for_update(no_key=True).filter(key__in=unit_keys).order_by("pk")}
        self._places: dict[str, PlaceBook] = {}
        self._by_title: dict[tuple[str, str], list[Registration]] = defaultdict(list)
        for found in (
            Registration.objects.in_register().filter(season=season, unit__in=self.units.values()).select_related("unit")
        ):
            self._by_title[found.unit.key, compare_key(found.title)].append(found)
        mine = [registration.pk for several in self._by_title.values() for registration in several]
        self.facts = Facts(mine)
        self.met: set[int] = set()

    def match(self, row: dict[str, str]) -> Registration:
        if row["unit"] not in self.units:
            raise RowRefused("unit", row["unit"], "unit_unknown", f"Không có đơn vị “{row['unit']}”.")
        found = self._by_title.get((row["unit"], compare_key(row["title"])), [])
        if row["subject"]:
            found = [r for r in found if compare_key(r.subject) == compare_key(row["subject"])]
        if row["place"]:
            found = [r for r in found if r.place_id == self._place(row)]
        elif len(found) > 1:
            found = [r for r in found if not r.place_name] or found
        if not found:
            said = f"Không tìm thấy đăng ký {quoted(row['title'])} của {row['subject'] or '(không ghi)'} trong năm {self.season}."
            raise RowRefused("title", row["title"], "not_found", said)
        if len(found) > 1:
            said = f"{quoted(row['title'])} khớp {len(found)} đăng ký; xin ghi rõ người thực hiện và địa bàn."
            raise RowRefused("title", row["title"], "ambiguous", said)
        if found[0].pk in self.met:
            raise RowRefused("title", row["title"], "duplicate", f"{quoted(row['title'])} đã có ở dòng trên của tệp này.")
        self.met.add(found[0].pk)
        return found[0]

    def _place(self, row: dict[str, str]) -> int | None:
        """The place meant inside the unit, in any of the ways registers write it."""
        if row["unit"] not in self._places:
            self._places[row["unit"]] = place_book(self.units[row["unit"]], self.season)
        try:
            return self._places[row["unit"]].match(row["place"]).unit_id
        except PlaceUnknown as unknown:
            said = f"Địa bàn “{row['place']}” {unknown}."
            raise RowRefused("place", row["place"], "place_unknown", said) from unknown


@transaction.atomic
def revoke(*, recognition_id: int, decision: Decision, actor: User) -> Recognition:
    """Withdraw a recognition by a new decision that names the old one; it stops counting on that decision's day."""
    recognition = Recognition.objects.select_for_update(of=("self",)).select_related("decision").get(pk=recognition_id)
    if recognition.revoked_on:
        raise DomainError("Công nhận này đã bị hủy trước đó.")
    if decision.pk == recognition.decision_id or decision.decided_on < recognition.decision.decided_on:
        raise DomainError("Chỉ một quyết định mới, ban hành sau, mới hủy được quyết định công nhận.")
    recognition.revoked_on, recognition.revoked_by = decision.decided_on, decision
    recognition.save(update_fields=["revoked_on", "revoked_by"])
    record(
        actor=actor,
        action=AuditAction.REVOKE,
        target=recognition,
        note=f"Theo {decision}, hủy công nhận tại {recognition.decision}",
    )
    refresh_honours([recognition.registration_id])
    return recognition
