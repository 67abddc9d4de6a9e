"""What became of registrations, from a list: decisions, recognitions, proposals, introductions to the centre."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from common.dates import read_day, write_day
from common.exceptions import DomainError
from common.text import clean, compare_key
from models_registry.models import Registration, Season
from models_registry.registers.vocabulary import PlaceBook, PlaceUnknown
from models_registry.selectors import place_book
from models_registry.services import withdraw
from organisation.audit import record
from organisation.models import Level, Unit
from organisation.selectors import unit_on
from recognition.enums import DossierState
from recognition.models import CentralIntroduction, Decision, Dossier, Recognition
from recognition.selectors.issuers import issuer_named
from recognition.services.honours import refresh_honours

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
NUMBER_LIMIT = 60
DAYS = ("withdrawn_on", "district_on", "proposed_on", "province_on", "central_on")


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


class RowRefused(DomainError):
    """One row of the list says what cannot be."""

    def __init__(self, column: str, value: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.code = column, value, code


class _HeldBack(Exception):
    """Rolls the transaction back."""


def import_outcomes(
    *, path: Path, season: Season, actor: Any, accept_valid: bool = False, dry_run: bool = False
) -> OutcomeReport:
    """Read what became of a season's registrations (columns COLUMNS) and write it as dated facts, in one transaction.

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
                    changes = _write_row(book, row, actor)
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
                    said = f"“{row['title']}”: {row[name]} trước ngày đăng ký; cổng ghi đúng như văn bản."
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
                record(actor=actor, action="import-outcomes", target=season, note=path.name, changes=counts)
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
            rows = [(line, {name: clean(row[name] or "") for name in COLUMNS}) for line, row in enumerate(reader, 2)]
            return [(line, row) for line, row in rows if any(row.values())]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DomainError(f"{path.name} không phải tệp CSV mã UTF-8.") from error


class _RegisterBook:
    """A season's registrations of some units, locked, to be found by their words."""

    def __init__(self, season: Season, unit_keys: set[str]) -> None:
        self.season = season
        self.units = {u.key: u for u in Unit.objects.select_for_update(no_key=True).filter(key__in=unit_keys).order_by("pk")}
        self._places: dict[str, PlaceBook] = {}
        self.provinces: dict[tuple[int, date], Unit] = {}
        self._by_title: dict[tuple[str, str], list[Registration]] = defaultdict(list)
        for found in (
            Registration.objects.in_register().filter(season=season, unit__in=self.units.values()).select_related("unit")
        ):
            self._by_title[found.unit.key, compare_key(found.title)].append(found)
        mine = [registration.pk for several in self._by_title.values() for registration in several]
        self.facts = _Facts(mine)
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
            said = f"Không tìm thấy đăng ký “{row['title']}” của {row['subject'] or '(không ghi)'} trong năm {self.season}."
            raise RowRefused("title", row["title"], "not_found", said)
        if len(found) > 1:
            said = f"“{row['title']}” khớp {len(found)} đăng ký; xin ghi rõ người thực hiện và địa bàn."
            raise RowRefused("title", row["title"], "ambiguous", said)
        if found[0].pk in self.met:
            raise RowRefused("title", row["title"], "duplicate", f"“{row['title']}” đã có ở dòng trên của tệp này.")
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

    def province_of(self, unit: Unit, day: date) -> Unit:
        """The unit above a reporting unit on a day."""
        if (unit.pk, day) not in self.provinces:
            parent = unit_on(unit, day).parent
            if parent is None:
                raise RowRefused("unit", unit.key, "no_province", f"“{unit.key}” không có cấp trên vào {write_day(day)}.")
            self.provinces[unit.pk, day] = parent
        return self.provinces[unit.pk, day]


class _Facts:
    """What is known already of some registrations."""

    def __init__(self, ids: list[int]) -> None:
        self.recognitions: dict[int, list[Recognition]] = defaultdict(list)
        for found in Recognition.objects.filter(registration__in=ids).select_related("decision"):
            self.recognitions[found.registration_id].append(found)
        proposed = Dossier.objects.filter(registration__in=ids, level__gathers_registers=True)
        self.dossiers = {d.registration_id: d for d in proposed}
        self.introductions = {c.registration_id: c for c in CentralIntroduction.objects.filter(registration__in=ids)}


@dataclass
class _RowChanges:
    registration_id: int
    had_facts: bool
    made: bool = False
    early: list[str] = field(default_factory=list)
    """Columns with a day before the registration's: papers do say so, and what they say is kept, with a warning."""


def _write_row(book: _RegisterBook, row: dict[str, str], actor: Any) -> _RowChanges:
    days = _days(row, book.season)
    registration = book.match(row)
    began = registration.registered_on or date.min  # `match` finds only what stands in a register
    early = [name for name, day in days.items() if day < began]
    if "withdrawn_on" in early:
        said = f"Ngày rút trước ngày đăng ký {write_day(began)}."
        raise RowRefused("withdrawn_on", row["withdrawn_on"], "before_registered", said)
    facts, pk = book.facts, registration.pk
    known = pk in facts.dossiers or pk in facts.introductions or bool(facts.recognitions.get(pk))
    changes = _RowChanges(pk, had_facts=known or registration.withdrawn_on is not None, early=early)
    if day := days.get("withdrawn_on"):
        changes.made |= withdraw(registration=registration, withdrawn_on=day, actor=actor)
    if day := days.get("district_on"):
        decision = _decision(row["district_decision"], day, registration.unit, actor)
        changes.made |= _recognise(facts, registration, decision, actor)
    if day := days.get("proposed_on"):
        level = unit_on(book.province_of(registration.unit, day), day).level
        changes.made |= _propose(facts, registration, level, day)
    if day := days.get("province_on"):
        decision = _decision(row["province_decision"], day, book.province_of(registration.unit, day), actor)
        changes.made |= _recognise(facts, registration, decision, actor)
    if day := days.get("central_on"):
        changes.made |= _introduce(facts, registration, day)
    return changes


def _days(row: dict[str, str], season: Season) -> dict[str, date]:
    days = {}
    for name in DAYS:
        if row[name]:
            day = read_day(row[name])
            if day is None:
                raise RowRefused(name, row[name], "date_impossible", f"Ngày “{row[name]}” không có thật.")
            if not season.opens_on.replace(month=1, day=1) <= day <= date(season.year + 2, 12, 31):
                said = f"Ngày {write_day(day)} không thuộc năm {season} hay hai năm sau."
                raise RowRefused(name, row[name], "date_out_of_season", said)
            days[name] = day
    for decision, day_name in (("district_decision", "district_on"), ("province_decision", "province_on")):
        if len(row[decision]) > NUMBER_LIMIT:
            said = f"Số quyết định dài quá {NUMBER_LIMIT} ký tự."
            raise RowRefused(decision, row[decision][:80], "number_too_long", said)
        if bool(row[decision]) != (day_name in days):
            said = "Quyết định cần có cả số và ngày."
            raise RowRefused(decision, row[decision] or row[day_name], "decision_incomplete", said)
    return days


def _decision(number: str, decided_on: date, issuer: Unit, actor: Any) -> Decision:
    """The decision of that body, number and day; written down when it is new."""
    known = Decision.objects.filter(issuer=issuer, number=number, decided_on=decided_on).first()
    if known:
        return known
    body = unit_on(issuer, decided_on)
    decision = Decision.objects.create(
        issuer=issuer,
        number=number,
        decided_on=decided_on,
        issuer_name=issuer_named(number, body, decided_on),
        level=body.level,
        recorded_by=actor,
    )
    record(actor=actor, action="record-decision", target=decision, unit=issuer)
    return decision


def _recognise(facts: _Facts, registration: Registration, decision: Decision, actor: Any) -> bool:
    """Recognise by the decision. One of the same body that stands is corrected to it; a revoked one stays as it was."""
    known = facts.recognitions[registration.pk]
    if any(recognition.decision_id == decision.pk for recognition in known):
        return False
    standing = next((r for r in known if r.revoked_on is None and r.decision.issuer_id == decision.issuer_id), None)
    if decision.published_at or (standing and standing.decision.published_at):
        said = "Quyết định này ban hành trên cổng; muốn đổi phải bằng quyết định thu hồi hoặc đính chính."
        raise RowRefused("district_decision", str(decision), "published_here", said)
    if standing:
        changes = {"decision": [str(standing.decision), str(decision)]}
        standing.decision, standing.level = decision, decision.level
        standing.save(update_fields=["decision", "level"])
        record(actor=actor, action="correct-recognition", target=standing, unit=registration.unit, changes=changes)
        return True
    known.append(
        Recognition.objects.create(
            registration=registration,
            decision=decision,
            level=decision.level,
            title=registration.title,
            subject=registration.subject,
        )
    )
    return True


def _propose(facts: _Facts, registration: Registration, level: Level, proposed_on: date) -> bool:
    known = facts.dossiers.get(registration.pk)
    if known and known.proposed_on == proposed_on:
        return False
    if known and known.round_id:
        said = "Mô hình này có hồ sơ ở một đợt xét trên cổng; ngày đề nghị theo hồ sơ ấy."
        raise RowRefused("proposed_on", write_day(proposed_on), "online_pending", said)
    facts.dossiers[registration.pk], _ = Dossier.objects.update_or_create(
        registration=registration,
        level=level,
        round=None,
        defaults={"proposed_on": proposed_on, "withdrawn_on": None, "state": DossierState.SENT},
    )
    return True


def _introduce(facts: _Facts, registration: Registration, introduced_on: date) -> bool:
    known = facts.introductions.get(registration.pk)
    if known and known.introduced_on == introduced_on:
        return False
    facts.introductions[registration.pk], _ = CentralIntroduction.objects.update_or_create(
        registration=registration, defaults={"introduced_on": introduced_on}
    )
    return True


@transaction.atomic
def revoke(*, recognition_id: int, decision: Decision, actor: Any) -> Recognition:
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
        action="revoke",
        target=recognition,
        note=f"Theo {decision}, hủy công nhận tại {recognition.decision}",
    )
    refresh_honours([recognition.registration_id])
    return recognition
