"""A frozen report beside a later count of the same day: which registrations came or went, when, by whom, why."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from models_registry.audit_actions import AuditAction as RegistryAction
from models_registry.models import Registration
from organisation.models import AuditEvent
from recognition.audit_actions import AuditAction as RecognitionAction
from recognition.models import CentralIntroduction, Dossier, Recognition
from reports.counted import Counted
from reports.figures import FIGURES
from reports.models import Report
from reports.selectors.gathering import counted_of
from reports.selectors.reading import facts_in

# What may change a count of a day that is over, in words. Acts on a decision, an upload or a season stand for their rows.
ACTS = {
    RegistryAction.ACCEPT_REGISTRATION: "Nhận vào sổ",
    RegistryAction.WITHDRAW_REGISTRATION: "Rút đăng ký",
    RegistryAction.REOPEN_REGISTRATION: "Mở lại để sửa",
    RegistryAction.WITHDRAW: "Rút đăng ký",
    RegistryAction.CORRECT_REGISTRATION: "Sửa theo sổ nạp lại",
    RegistryAction.IMPORT_REGISTER: "Nạp sổ",
    RegistryAction.UNDO_IMPORT: "Gỡ lần nạp sổ",
    RecognitionAction.IMPORT_OUTCOMES: "Nạp kết quả",
    RecognitionAction.RECORD_DECISION: "Ghi quyết định",
    RecognitionAction.PUBLISH_DECISION: "Ban hành quyết định",
    RecognitionAction.CORRECT_RECOGNITION: "Sửa quyết định công nhận",
    RecognitionAction.REVOKE: "Hủy công nhận",
    RecognitionAction.INTRODUCE: "Giới thiệu Trung ương",
    RecognitionAction.WITHDRAW_INTRODUCTION: "Rút giới thiệu Trung ương",
    RecognitionAction.SEND_DOSSIER: "Gửi hồ sơ đề nghị",
    RecognitionAction.WITHDRAW_DOSSIER: "Rút hồ sơ đề nghị",
    RegistryAction.GIVE_VERDICT: "Đánh giá cuối năm",
    RegistryAction.CONFIRM_VERDICT: "Xác nhận đánh giá cuối năm",
}


@dataclass(frozen=True)
class Beside:
    """A figure in the frozen report and recounted."""

    slug: str
    label: str
    then: int
    now: int
    came: frozenset[int]
    went: frozenset[int]
    shifted: frozenset[int] = frozenset()
    """Counted both times, but of another unit or field: the sums by unit and by field moved."""

    @property
    def is_changed(self) -> bool:
        return bool(self.came or self.went or self.shifted)


@dataclass
class Moved:
    """A registration that came to a figure or went from it since; `row` None where it is no longer there at all."""

    pk: int
    row: Registration | None
    moves: list[str]
    acts: list[AuditEvent] = field(default_factory=list)
    """What the trail knows of it since the count, oldest first."""


def beside(report: Report) -> list[Beside]:
    """All figures of a frozen report and of a count of the same day made now."""
    then = Counted.unpacked(bytes(Report.objects.values_list("counted", flat=True).get(pk=report.pk)))
    now = counted_of(report.season, report.unit, report.as_of)
    changed = {slug: (frozenset(came), frozenset(went)) for slug, came, went in then.differs(now, FIGURES)}
    facts = facts_in(report)
    nothing = (frozenset[int](), frozenset[int]())
    shifted = set(then.shifted(now))
    return [
        Beside(
            slug,
            figure.said(facts.own_level, facts.head),
            then.number(slug),
            now.number(slug),
            *changed.get(slug, nothing),
            frozenset(shifted.intersection(now.of(slug)) - changed.get(slug, nothing)[0]) if shifted else frozenset(),
        )
        for slug, figure in FIGURES.items()
        if slug in facts.numbers  # a report of before a figure was counted says nothing of it
    ]


def moved_ids(found: list[Beside], figure: str = "") -> list[int]:
    """The registrations that came or went, of all figures or of one."""
    ids: set[int] = set()
    for one in found:
        if figure in ("", one.slug):
            ids |= one.came | one.went | one.shifted
    return sorted(ids)


def moved(report: Report, found: list[Beside], ids: list[int]) -> list[Moved]:
    """What became of these registrations since the report was counted. A fixed number of queries, however many."""
    then = Counted.unpacked(bytes(Report.objects.values_list("counted", flat=True).get(pk=report.pk)))
    units = dict(zip(then.ids, then.units, strict=True))
    rows = Registration.objects.filter(pk__in=ids).select_related("model", "field", "unit", "season", "imported_by").in_bulk()
    acts = _acts(report, ids, rows, units)
    shifts = then.shifted(counted_of(report.season, report.unit, report.as_of)) if any(one.shifted for one in found) else {}
    listed = []
    for pk in ids:
        moves = [f"thêm vào {one.label}" for one in found if pk in one.came]
        moves += [f"ra khỏi {one.label}" for one in found if pk in one.went]
        moves += shifts.get(pk, [])
        listed.append(Moved(pk, rows.get(pk), moves, acts[pk]))
    return listed


def _acts(report: Report, ids: list[int], rows: dict[int, Registration], units: dict[int, int]) -> dict[int, list[AuditEvent]]:
    """{registration: what was done since the count to it, to its upload, decisions, dossiers, introduction}; of one that is gone
    the uploads of its unit that were taken back.
    """
    about = _about(ids, rows)
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, key in about:
        wanted[kind].append(key)
    where = Q()
    for kind, keys in wanted.items():
        where |= Q(target_type=kind, target_id__in=keys)
    gone = {pk: units[pk] for pk in ids if pk not in rows and pk in units}
    where |= Q(action=RegistryAction.UNDO_IMPORT, unit__in=gone.values())
    season = ("models_registry.season", str(report.season_id))
    where |= Q(target_type=season[0], target_id=season[1])
    found: dict[int, list[AuditEvent]] = defaultdict(list)
    outcomes = []
    for event in AuditEvent.objects.filter(where, at__gt=report.built_at, action__in=ACTS).order_by("at", "pk"):
        of = about.get((event.target_type, event.target_id), set())
        if (event.target_type, event.target_id) == season:
            outcomes.append(event)
        if event.action == RegistryAction.UNDO_IMPORT:
            of = {pk for pk, unit in gone.items() if unit == event.unit_id}
        for pk in of:
            found[pk].append(event)
    return {pk: found[pk] or outcomes for pk in ids}  # an upload of outcomes is told of the season, not of each row


def _about(ids: list[int], rows: dict[int, Registration]) -> dict[tuple[str, str], set[int]]:
    """{what the trail may speak of: the registrations that it is about}"""
    about: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pk in ids:
        about["models_registry.registration", str(pk)].add(pk)
    for pk, row in rows.items():
        if row.imported_by_id:
            about["models_registry.registerimport", str(row.imported_by_id)].add(pk)
    for mine in Recognition.objects.filter(registration__in=ids).values_list("pk", "decision", "revoked_by", "registration"):
        about["recognition.recognition", str(mine[0])].add(mine[3])
        for decision in mine[1:3]:
            about["recognition.decision", str(decision)].add(mine[3])
    for model in (Dossier, CentralIntroduction):
        for pk, registration in model.objects.filter(registration__in=ids).values_list("pk", "registration"):
            about[model._meta.label_lower, str(pk)].add(registration)
    return about
