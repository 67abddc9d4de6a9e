"""What the rows of a list of outcomes are and would write: judged by writing them, and taking it back where it is only asked."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from common.dates import write_day
from common.text import clean
from models_registry.models import Registration
from models_registry.registers.reading import SET_ASIDE
from models_registry.selectors.titles import unit_in_title
from organisation.models import Unit, User
from organisation.selectors.units import unit_on
from recognition.enums import OutcomeState
from recognition.lists import GRADE_COLUMNS, ROW_DECISIONS, VERDICT_COLUMNS, says_verdict, verdict_in
from recognition.models import OutcomeList, OutcomeRow
from recognition.selectors.outcome_lists import recognises_on
from recognition.selectors.outcome_matching import OutcomeRegister, registrations_within
from recognition.services.outcome_facts import DAYS, NUMBER_LIMIT, Facts, RowRefused, days_of, write_facts
from recognition.services.outcomes import COLUMNS

_OF_ABOVE = ("province_on", "central_on")  # what a body below may not record


@dataclass
class Judged:
    """What came of a list: facts written, registrations touched; `problems` keep all of it from being stored."""

    problems: list[str] = field(default_factory=list)
    has_own: bool = False
    """Whether its rows have columns for each fact, so that one decision does not speak for all."""
    gathers: bool = False
    """Whether its issuer stands above the units that register."""
    facts: Facts | None = None
    touched: set[int] = field(default_factory=set)


def judge(upload: OutcomeList, rows: list[OutcomeRow], actor: User) -> Judged:
    """Match each row and write what it says, in the caller's transaction, which takes it back where it was only asked.

    Locks the units whose registrations are meant, and the issuer, first. Sets `registration`, `state`, `told` of the rows.
    """
    units = registrations_within(upload.season, upload.issuer).order_by().values("unit")
    list(Unit.objects.select_for_update(no_key=True).filter(Q(pk__in=units) | Q(pk=upload.issuer_id)).order_by("pk"))
    register = OutcomeRegister(upload.season, upload.issuer)
    has_own = any(row.texts.get(name) for row in rows for name in DAYS)
    has_own = has_own or (not upload.number and any(says_verdict(row.texts) for row in rows))
    judged = Judged([] if has_own else problems_of(upload, rows), has_own)
    judged.problems += title_problems(upload)
    judged.gathers = register.gathers
    found = [_match(register, row) for row in rows]
    rows_of = Registration.objects.select_related("unit", "season").in_bulk({pk for pk in found if pk})
    judged.facts = Facts(rows_of, corrects=False, **{"head" if register.gathers else "own": upload.issuer})
    met: set[int] = set()
    for row, pk in zip(rows, found, strict=True):
        row.registration = rows_of.get(pk) if pk else None
        if row.registration is None:
            continue
        try:
            if row.registration.pk in met:
                raise RowRefused("title", "", "duplicate", "Đăng ký này đã có ở dòng trên của danh sách.")
            _write(upload, row, row.registration, judged, actor)
            met.add(row.registration.pk)
        except RowRefused as refused:
            row.state = OutcomeState.REFUSED
            row.told = {"why": str(refused), "code": refused.code, "column": refused.column}
    return judged


def _match(register: OutcomeRegister, row: OutcomeRow) -> int | None:
    """The id of the registration that a row is; None where it is refused or left out, which it is told."""
    row.state, row.told = OutcomeState.REFUSED, {}
    if row.is_left:
        row.state = OutcomeState.LEFT
        return None
    if row.chosen_id:
        if row.chosen_id in register.known:
            return row.chosen_id
        row.told = {"code": "not_within", "why": "Đăng ký đã chọn không thuộc cơ quan ban hành này trong năm của danh sách."}
        return None
    texts = row.texts
    if aside := texts.get("aside", ""):
        row.told = {"code": aside, "why": SET_ASIDE[aside]}
        return None
    match = register.match(texts, texts.get("sections", ()))
    if match.known is None:
        row.told = {"code": match.code, "why": match.why, "offered": [list(offer) for offer in match.offered]}
        return None
    return match.known.pk


def _write(upload: OutcomeList, row: OutcomeRow, registration: Registration, judged: Judged, actor: User) -> None:
    said = _facts_said(upload, row, gathers=judged.gathers, has_own=judged.has_own)
    days = days_of(said, upload.season)
    if not days and not said["verdict"] and not judged.problems:
        raise RowRefused("title", "", "no_fact", "Dòng này không ghi quyết định hay ngày nào.")
    if not judged.gathers and (above := next((name for name in _OF_ABOVE if name in days), "")):
        raise RowRefused(above, said[above], "not_yours", "Kết quả của cấp trên do cấp trên ghi.")
    decided = [days[name] for name in ROW_DECISIONS.values() if name in days]
    if decided and registration.withdrawn_on and registration.withdrawn_on <= min(decided) and "withdrawn_on" not in days:
        said_day = write_day(registration.withdrawn_on)
        raise RowRefused("title", "", "withdrawn", f"Đăng ký đã rút ngày {said_day}, trước ngày quyết định.")
    assert judged.facts is not None
    day_name, grade = ("province_on", "province_grade") if judged.gathers else ("district_on", "district_grade")
    if not said[grade] and (day := days.get(day_name)):
        said[grade] = judged.facts.grade_over(row.texts.get("sections", ()), upload.issuer, day)
    changes = write_facts(judged.facts, registration, said, days, actor)
    judged.touched.add(registration.pk)
    row.state = OutcomeState.UNCHANGED if not changes.made else OutcomeState.CHANGED if changes.had_facts else OutcomeState.NEW
    if not days and judged.problems:
        row.state = OutcomeState.NEW  # what it writes is told once the decision is known
    row.told = {"notes": [*_notes(row, registration, changes.early), *_more_said(said)]}


def _notes(row: OutcomeRow, registration: Registration, early: list[str]) -> list[str]:
    notes = ["Chọn bằng tay."] if row.chosen_id else []
    if early and registration.registered_on:
        notes.append(
            f"Ngày trong danh sách trước ngày đăng ký {write_day(registration.registered_on)}; cổng ghi đúng như văn bản."
        )
    return notes


def _more_said(said: dict[str, str]) -> list[str]:
    """The grade and the verdict that a row gives, in its words."""
    grade = next((said[name] for name in GRADE_COLUMNS if said[name]), "")
    notes = [f"Mức: {grade}."] if grade else []
    return [*notes, f"Đánh giá cuối năm: {said['verdict']}."] if said["verdict"] else notes


def _facts_said(upload: OutcomeList, row: OutcomeRow, *, gathers: bool, has_own: bool) -> dict[str, str]:
    """What a row says by the columns of `outcomes.COLUMNS`: its own, else the list's decision, as the issuer's."""
    names = (*COLUMNS, *GRADE_COLUMNS, *VERDICT_COLUMNS, "decision", "decided_on")
    texts = {name: clean(row.texts.get(name, "")) for name in names}
    texts["verdict"] = verdict_in(row.texts)
    if texts["verdict"] and not texts["verdict_on"] and not upload.number and upload.decided_on:
        texts["verdict_on"] = write_day(upload.decided_on)
    number, day = ("province_decision", "province_on") if gathers else ("district_decision", "district_on")
    grade = "province_grade" if gathers else "district_grade"
    texts[grade] = texts[grade] or clean(row.texts.get("grade", ""))
    if has_own:
        return texts
    texts[number] = texts["decision"] or upload.number
    texts[day] = texts["decided_on"] or (write_day(upload.decided_on) if upload.decided_on else "")
    return texts


def problems_of(upload: OutcomeList, rows: list[OutcomeRow]) -> list[str]:
    """What of the list's one decision must be mended before anything can be stored; nothing where each row names its own."""
    if rows and all(row.texts.get("decision") and row.texts.get("decided_on") for row in rows):
        return []
    found = []
    if not upload.number:
        found.append("Chưa rõ số quyết định.")
    elif len(upload.number) > NUMBER_LIMIT:
        found.append(f"Số quyết định dài quá {NUMBER_LIMIT} ký tự.")
    if upload.decided_on is None:
        found.append("Chưa rõ ngày quyết định.")
    else:
        found += _day_problems(upload, upload.decided_on)
    return found


def _day_problems(upload: OutcomeList, day: date) -> list[str]:
    season, issuer = upload.season, upload.issuer
    if not date(season.year, 1, 1) <= day <= date(season.year + 2, 12, 31):
        return [f"Ngày quyết định {write_day(day)} không thuộc năm {season} hay hai năm sau."]
    if not recognises_on(issuer, day):
        name = unit_on(issuer, issuer.day_within(season.last_day)).name
        return [f"Ngày {write_day(day)}, {name} không có hoặc không ở cấp công nhận mô hình."]
    return []


def title_problems(upload: OutcomeList) -> list[str]:
    """Another body's list, by its title block."""
    other = unit_in_title(upload.title, upload.season, upload.issuer)
    return [f"Đầu danh sách ghi {other.name}, không phải cơ quan ban hành đã chọn."] if other else []
