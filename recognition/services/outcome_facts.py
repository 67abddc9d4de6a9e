"""What one row of a list of outcomes writes: a withdrawal, recognitions, a proposal, an introduction to the centre, as dated facts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from common.dates import no_such_day, read_day, write_day
from common.exceptions import DomainError
from common.text import compare_key
from models_registry.models import Registration, Season, YearVerdict
from models_registry.registers.sections import PLAIN, numbering_of
from models_registry.registers.vocabulary import bare_section, is_mark, match_verdict
from models_registry.selectors.verdicts import latest_day
from models_registry.services import say_verdict, withdraw
from organisation.audit import record
from organisation.models import Level, Unit, UnitVersion, User
from organisation.selectors.units import versions_of
from organisation.tree import versions_among
from recognition.audit_actions import AuditAction
from recognition.enums import DossierState
from recognition.models import CentralIntroduction, Decision, Dossier, Grade, Recognition
from recognition.selectors.issuers import issuer_named

NUMBER_LIMIT = 60
NO_GRADE = frozenset(("", "khong", "cong nhan", "dat", "dan van kheo"))  # what stands under grades where none is given
_OF_MODELS = re.compile(r"\b(mo hinh|dien hinh|cong nhan|danh sach)\b")  # a section that speaks of what is recognised
DAYS = ("withdrawn_on", "district_on", "proposed_on", "province_on", "central_on")


class RowRefused(DomainError):
    """One row of the list says what cannot be."""

    def __init__(self, column: str, value: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.code = column, value, code


@dataclass(frozen=True)
class Written:
    """One thing that was written: its model, its id, the former values of what changed; None for what is new."""

    model: str
    pk: int
    before: dict[str, Any] | None = None

    @classmethod
    def of(cls, row: Model, before: dict[str, Any] | None = None) -> "Written":
        return cls(row._meta.model_name or "", row.pk, before)


class Facts:
    """What is known already of some registrations, and what was written of them.

    `corrects`: whether a recognition that stands is brought to another decision of the same body; where not, it refuses the row.
    `own`, `head`: whose the decisions are, where not of the registration's unit, or of the one above it.
    """

    def __init__(
        self, registration_ids: Iterable[int], *, corrects: bool = True, own: Unit | None = None, head: Unit | None = None
    ) -> None:
        ids = list(registration_ids)
        self.corrects, self.own, self.head = corrects, own, head
        self.decisions: dict[tuple[int, str, date], Decision] = {}
        self.written: list[Written] = []
        self.recognitions: dict[int, list[Recognition]] = defaultdict(list)
        known = Recognition.objects.filter(registration__in=ids).select_related(
            "decision", "grade", "graded_in", "registration__unit"
        )
        for found in known:
            self.recognitions[found.registration_id].append(found)
        proposed = Dossier.objects.filter(registration__in=ids, level__gathers_registers=True)
        self.dossiers = {d.registration_id: d for d in proposed}
        self.introductions = {c.registration_id: c for c in CentralIntroduction.objects.filter(registration__in=ids)}
        self.verdicts: dict[int, list[YearVerdict]] = defaultdict(list)
        for said in YearVerdict.objects.filter(registration__in=ids, until__isnull=True):
            self.verdicts[said.registration_id].append(said)
        self._lives: dict[int, list[UnitVersion]] = {}
        self._above: dict[tuple[int, date], Unit] = {}
        self._grades: dict[tuple[int, date], dict[str, Grade]] = {}

    def was(self, unit: Unit, day: date) -> UnitVersion:
        """What a unit was on a day; each unit is asked for once."""
        if unit.pk not in self._lives:
            self._lives[unit.pk] = list(versions_of([unit.pk]))
        return versions_among(self._lives[unit.pk], day)[unit.pk]

    def above(self, unit: Unit, day: date) -> Unit:
        """The unit above a reporting unit on a day."""
        if (unit.pk, day) not in self._above:
            parent = self.was(unit, day).parent
            if parent is None:
                raise RowRefused("unit", unit.key, "no_province", f"“{unit.key}” không có cấp trên vào {write_day(day)}.")
            self._above[unit.pk, day] = parent
        return self._above[unit.pk, day]

    def grade(self, words: str, issuer: Unit, day: date) -> Grade | None:
        """The grade of a body that words mean: its name, alone or behind others; a mark where it has but one."""
        key = compare_key(words)
        if key in NO_GRADE:
            return None
        known = self._grades_of(issuer, day)
        named = [name for name in known if f" {key}".endswith(f" {name}")]
        if is_mark(words) and len(known) == 1:
            named = list(known)
        if not named:
            said = f"Các mức: {', '.join(grade.name for grade in known.values())}." if known else "Cơ quan ấy chưa khai mức nào."
            raise RowRefused("grade", words, "grade_unknown", f"Không có mức “{words}” vào ngày {write_day(day)}. {said}")
        return known[max(named, key=len)]

    def grade_over(self, sections: Sequence[str], issuer: Unit, day: date) -> str:
        """The grade of a body that a section over a row names, as long as none of its sort, or around it, follows; "" for none.
        `sections`: the nearest first.
        """
        known = self._grades_of(issuer, day)
        open_sections: list[tuple[str, str]] = []
        for line in reversed(sections) if known else ():
            key = f" {compare_key(bare_section(line)[0])}"
            named = max((name for name in known if key.endswith(f" {name}")), key=len, default="")
            sort = numbering_of(line)
            if sort == PLAIN:  # a unit or a field in between ends no grade
                sort += " of models" if named or _OF_MODELS.search(key) else ""
            at = next((n for n, (earlier, _) in enumerate(open_sections) if earlier == sort), len(open_sections))
            open_sections[at:] = [(sort, known[named].name if named else "")]
        return next((name for _, name in reversed(open_sections) if name), "")

    def _grades_of(self, issuer: Unit, day: date) -> dict[str, Grade]:
        if (issuer.pk, day) not in self._grades:
            own = Grade.objects.on(day).filter(unit=issuer)
            self._grades[issuer.pk, day] = {compare_key(grade.name): grade for grade in own}
        return self._grades[issuer.pk, day]


@dataclass
class RowChanges:
    registration_id: int
    had_facts: bool
    made: bool = False
    early: list[str] = field(default_factory=list)
    """Columns with a day before the registration's: papers do say so, and what they say is kept, with a warning."""


def write_facts(
    facts: Facts, registration: Registration, row: dict[str, str], days: dict[str, date], actor: User | None
) -> RowChanges:
    """Write what a row (columns of `outcomes.COLUMNS`) says of its registration, all of it or, raising RowRefused, nothing."""
    began = registration.registered_on or date.min  # a list finds only what stands in a register
    early = [name for name, day in days.items() if day < began]
    if "withdrawn_on" in early:
        said = f"Ngày rút trước ngày đăng ký {write_day(began)}."
        raise RowRefused("withdrawn_on", row["withdrawn_on"], "before_registered", said)
    pk, before = registration.pk, len(facts.written)
    known = pk in facts.dossiers or pk in facts.introductions or bool(facts.recognitions.get(pk) or facts.verdicts.get(pk))
    changes = RowChanges(pk, had_facts=known or registration.withdrawn_on is not None, early=early)
    try:
        with transaction.atomic():
            _write(facts, registration, row, days, actor)
    except RowRefused:
        del facts.written[before:]
        facts.decisions.clear()  # one of them may be of this row
        raise
    changes.made = any(written.model != "decision" for written in facts.written[before:])
    return changes


def _write(facts: Facts, registration: Registration, row: dict[str, str], days: dict[str, date], actor: User | None) -> None:
    if day := days.get("withdrawn_on"):
        _withdraw(facts, registration, day, actor)
    if day := days.get("district_on"):
        decision = _decision(facts, row["district_decision"], day, facts.own or registration.unit, actor)
        _recognise(facts, registration, decision, row.get("district_grade", ""), actor)
    if day := days.get("proposed_on"):
        level = facts.was(facts.above(registration.unit, day), day).level
        _propose(facts, registration, level, day)
    if day := days.get("province_on"):
        body = facts.head or facts.above(registration.unit, day)
        decision = _decision(facts, row["province_decision"], day, body, actor)
        _recognise(facts, registration, decision, row.get("province_grade", ""), actor)
    if day := days.get("central_on"):
        _introduce(facts, registration, day)
    if row.get("verdict"):
        _judge_year(facts, registration, row, actor, is_alone=not days)


def days_of(row: dict[str, str], season: Season) -> dict[str, date]:
    """The days of a row by column. Raises RowRefused."""
    days = {}
    for name in DAYS:
        if row[name]:
            day = read_day(row[name])
            if day is None:
                raise RowRefused(name, row[name], "date_impossible", no_such_day(row[name]))
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


def _withdraw(facts: Facts, registration: Registration, day: date, actor: User | None) -> None:
    before = {name: getattr(registration, name) for name in ("withdrawn_on", "state", "state_since")}
    if withdraw(registration=registration, withdrawn_on=day, actor=actor):
        facts.written.append(Written.of(registration, before))


def _decision(facts: Facts, number: str, decided_on: date, issuer: Unit, actor: User | None) -> Decision:
    """The decision of that body, number and day; written down when it is new."""
    key = issuer.pk, number, decided_on
    if key in facts.decisions:
        return facts.decisions[key]
    body = facts.was(issuer, decided_on)
    decision, is_new = Decision.objects.select_related("level").get_or_create(
        issuer=issuer,
        number=number,
        decided_on=decided_on,
        defaults={"issuer_name": issuer_named(number, body, decided_on), "level": body.level, "recorded_by": actor},
    )
    facts.decisions[key] = decision
    if is_new:
        facts.written.append(Written.of(decision))
        record(actor=actor, action=AuditAction.RECORD_DECISION, target=decision, unit=issuer)
    return decision


def _recognise(facts: Facts, registration: Registration, decision: Decision, words: str, actor: User | None) -> None:
    """Recognise by the decision, in the grade that `words` mean. One of the same body that stands is corrected to it, or given the
    grade by it; a revoked one stays as it was.
    """
    known = facts.recognitions[registration.pk]
    grade = facts.grade(words, decision.issuer, decision.decided_on)
    if grade and (standing := next((r for r in known if _may_be_graded(r, decision)), None)):
        _give_grade(facts, standing, grade, decision, actor)
        return
    if any(recognition.decision_id == decision.pk for recognition in known):
        return
    if not facts.corrects and (other := next((r for r in known if not r.revoked_on and r.level_id == decision.level_id), None)):
        said = f"Đã công nhận ở cấp này theo Quyết định số {other.decision}, ngày {write_day(other.decision.decided_on)}."
        raise RowRefused("decision", str(decision), "recognised_already", said)
    standing = next((r for r in known if r.revoked_on is None and r.decision.issuer_id == decision.issuer_id), None)
    if decision.published_at or (standing and standing.decision.published_at):
        said = "Quyết định này ban hành trên cổng; muốn đổi phải bằng quyết định thu hồi hoặc đính chính."
        raise RowRefused("district_decision", str(decision), "published_here", said)
    if standing:
        changes = {"decision": [str(standing.decision), str(decision)]}
        facts.written.append(Written.of(standing, {"decision_id": standing.decision_id, "level_id": standing.level_id}))
        standing.decision, standing.level = decision, decision.level
        standing.save(update_fields=["decision", "level"])
        record(actor=actor, action=AuditAction.CORRECT_RECOGNITION, target=standing, unit=registration.unit, changes=changes)
        return
    made = Recognition.objects.create(
        registration=registration,
        decision=decision,
        level=decision.level,
        title=registration.title,
        subject=registration.subject,
        grade=grade,
        graded_in=decision if grade else None,
    )
    known.append(made)
    facts.written.append(Written.of(made))


def _may_be_graded(recognition: Recognition, decision: Decision) -> bool:
    """Whether it stands, by the same body, not later than a decision."""
    earlier = recognition.decision
    return not recognition.revoked_on and earlier.issuer_id == decision.issuer_id and earlier.decided_on <= decision.decided_on


def _give_grade(facts: Facts, standing: Recognition, grade: Grade, decision: Decision, actor: User | None) -> None:
    if standing.grade_id:
        if (standing.grade_id, standing.graded_in_id) != (grade.pk, decision.pk):
            said = f"Đã được ghi mức “{standing.grade}” theo Quyết định số {standing.graded_in}."
            raise RowRefused("grade", grade.name, "graded_already", said)
        return
    if decision.published_at:
        said = "Quyết định này ban hành trên cổng; muốn ghi mức phải bằng quyết định ghi mức."
        raise RowRefused("grade", grade.name, "published_here", said)
    facts.written.append(Written.of(standing, {"grade_id": None, "graded_in_id": None}))
    standing.grade, standing.graded_in = grade, decision
    standing.save(update_fields=["grade", "graded_in"])
    record(
        actor=actor, action=AuditAction.GRADE, target=standing, unit=standing.registration.unit, note=f"{grade}, theo {decision}"
    )


def _judge_year(facts: Facts, registration: Registration, row: dict[str, str], actor: User | None, *, is_alone: bool) -> None:
    """Say how it stands at the end of its year. Words that are no verdict refuse a row that says nothing else."""
    words, on = row["verdict"], row.get("verdict_on", "")
    verdict, day = match_verdict(words), read_day(on)
    if verdict is None:
        if is_alone:
            raise RowRefused("verdict", words, "verdict_unknown", f"“{words}” không phải một trong bốn mức đánh giá cuối năm.")
        return
    if on and day is None:
        raise RowRefused("verdict_on", on, "date_impossible", no_such_day(on))
    said_before = facts.verdicts[registration.pk]
    if any(one.verdict == verdict and (day is None or one.as_of == day) for one in said_before):
        return
    try:
        said = say_verdict(
            registration_id=registration.pk,
            verdict=verdict,
            as_of=day or latest_day(registration.season),
            reason=row.get("reason", "")[:1000],
            evidence=row.get("evidence", "")[:500],
            actor=actor,
        )
    except DomainError as refused:
        raise RowRefused("verdict", words, "verdict_refused", str(refused)) from refused
    said_before.append(said)
    facts.written.append(Written.of(said))


def _propose(facts: Facts, registration: Registration, level: Level, proposed_on: date) -> None:
    known = facts.dossiers.get(registration.pk)
    if known and known.proposed_on == proposed_on:
        return
    if known and known.round_id:
        said = "Mô hình này có hồ sơ ở một đợt xét trên cổng; ngày đề nghị theo hồ sơ ấy."
        raise RowRefused("proposed_on", write_day(proposed_on), "online_pending", said)
    wanted = {"proposed_on": proposed_on, "withdrawn_on": None, "state": DossierState.SENT}
    before = {name: getattr(known, name) for name in wanted} if known else None
    facts.dossiers[registration.pk], _ = Dossier.objects.update_or_create(
        registration=registration, level=level, round=None, defaults=wanted
    )
    facts.written.append(Written.of(facts.dossiers[registration.pk], before))


def _introduce(facts: Facts, registration: Registration, introduced_on: date) -> None:
    known = facts.introductions.get(registration.pk)
    if known and known.introduced_on == introduced_on:
        return
    before = {"introduced_on": known.introduced_on} if known else None
    facts.introductions[registration.pk], _ = CentralIntroduction.objects.update_or_create(
        registration=registration, defaults={"introduced_on": introduced_on}
    )
    facts.written.append(Written.of(facts.introductions[registration.pk], before))
