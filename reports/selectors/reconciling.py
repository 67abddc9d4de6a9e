"""What an officer should look at before a report is frozen: parts against totals, registers against rows, rows that stand
outside, units that did nothing, this count against the last frozen one. Each names the rows behind it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Max, Min, QuerySet

from common.dates import write_day
from models_registry.models import RegisterImport, Registration, Season
from models_registry.selectors.heirs import rows_of_unit
from organisation.models import Unit
from organisation.selectors.units import versions_on
from recognition import selectors as recognition
from reports import figures
from reports.counted import Counted
from reports.enums import ReportState, Weight
from reports.figures import FIGURES
from reports.kinds import Facts
from reports.kinds.words import LISTED
from reports.models import Report

SPLIT = (  # key, words, a figure, the figures that add up to it
    ("moi-duy-tri", "đăng ký mới và duy trì", "dang-ky", ("moi", "duy-tri")),
    ("tap-the-ca-nhan", "tập thể và cá nhân", "dang-ky", ("tap-the", "ca-nhan")),
    ("tinh", "tập thể, cá nhân được cấp tỉnh công nhận", "cap-tinh", ("cap-tinh-tap-the", "cap-tinh-ca-nhan")),
)
ROWS = 500  # ids kept with a finding
COMPARED = ("dang-ky", "cap-huyen", "de-nghi", "cap-tinh", "trung-uong")


@dataclass
class Finding:
    """One thing to look at; `ids` are the registrations behind it (at most ROWS, `number` says how many there are)."""

    key: str
    words: str
    effect: str
    weight: str
    ids: list[int] = field(default_factory=list)
    number: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def findings(report: Report, facts: Facts, counted: Counted) -> list[Finding]:
    """All of them, what asks for an answer first. A fixed number of queries, plus one for each figure that fell."""
    season, day = report.season, report.as_of
    unit = None if facts.whole else report.unit
    found = [
        *_parts(facts, counted),
        *_registers(season, unit, day, counted),
        *_odd_rows(season, unit, day),
        *_fallen(report, facts, counted),
        *_outside(season, unit, day),
        *_idle(facts),
    ]
    order = list(Weight.values)
    return sorted(found, key=lambda one: order.index(one.weight))


def _parts(facts: Facts, counted: Counted) -> list[Finding]:
    now, found = facts.numbers, []

    def add(key: str, words: str, parts: int, whole: int, astray: Callable[[], list[int]]) -> None:
        if parts != whole:
            ids = astray()
            said = f"Cộng {words} được {parts}, tổng ghi {whole}"
            found.append(Finding(f"tong-{key}", said, f"lệch {abs(parts - whole)}", Weight.ASKS, ids[:ROWS], len(ids)))

    for key, words, split, into in SPLIT:
        add(key, words, sum(now[part] for part in into), now[split], lambda f=split, p=into: counted.astray(f, p))  # type: ignore[misc]
    add("linh-vuc", "các lĩnh vực", sum(facts.fields.values()), now["dang-ky"], lambda: counted.without_field("dang-ky"))
    if facts.whole:
        units = set(Unit.objects.filter(key__in=[one.key for one in facts.units]).values_list("pk", flat=True))
        for slug in COMPARED:
            words, parts = (
                f"các đơn vị ({FIGURES[slug].said(facts.own_level, facts.head)})",
                sum(one.numbers[slug] for one in facts.units),
            )
            add(f"don-vi-{slug}", words, parts, now[slug], lambda slug=slug: counted.outside(slug, units))  # type: ignore[misc]
    for slug, figure in FIGURES.items():
        words = f"các dòng ({figure.said(facts.own_level, facts.head)})"
        add(f"dong-{slug}", words, counted.number(slug), now[slug], lambda slug=slug: counted.of(slug))  # type: ignore[misc]
    return found


def _registers(season: Season, unit: Unit | None, day: date, counted: Counted) -> list[Finding]:
    """What the units' own registers say of their totals, where it is not what was read: of the last upload of each."""
    uploads = RegisterImport.objects.filter(season=season, stored_at__isnull=False, undone_at__isnull=True)
    uploads = uploads.filter(unit=unit) if unit else uploads
    last: dict[int, RegisterImport] = {}
    for one in uploads.select_related("unit").order_by("unit__position", "created_at"):
        last[one.unit_id] = one
    names = versions_on(last, day)
    found = []
    for pk, one in last.items():
        for warning in one.report.get("warnings", []):
            if warning.get("code") == "total_mismatch":
                words = f"{names[pk].short_name}: {warning['message']}"
                key, ids = f"so-{one.pk}-{warning.get('sheet')}-{warning.get('row')}", counted.of("dang-ky", (pk,))
                found.append(Finding(key, words, "sổ khác", Weight.ASKS, ids[:ROWS], len(ids)))
    return found


def _odd_rows(season: Season, unit: Unit | None, day: date) -> list[Finding]:
    """Facts that cannot be as they are told: recognised or proposed before it was registered, or while it was withdrawn."""
    odd = {
        "cong-nhan-truoc": (
            "được công nhận trước ngày đăng ký",
            recognition.standing_on(day).filter(decision__decided_on__lt=F("registration__registered_on")),
        ),
        "cong-nhan-da-rut": (
            "được công nhận nhưng đã rút đăng ký",
            recognition.standing_on(day).filter(registration__withdrawn_on__lte=day),
        ),
        "de-nghi-da-rut": (
            "được đề nghị nhưng đã rút đăng ký",
            recognition.proposed_by(day).filter(registration__withdrawn_on__lte=day),
        ),
    }
    found = []
    for key, (words, rows) in odd.items():
        mine: QuerySet[Any] = rows.filter(registration__season=season)
        mine = rows_of_unit(mine, season, unit, day, "registration__")
        ids = sorted(set(mine.values_list("registration", flat=True)))
        if ids:
            found.append(Finding(key, f"{len(ids)} mô hình {words}", "cần kiểm tra", Weight.ASKS, ids[:ROWS], len(ids)))
    return found


def _outside(season: Season, unit: Unit | None, day: date) -> list[Finding]:
    """Rows that the day leaves out, by unit: withdrawn by then, registered after."""
    rows = rows_of_unit(figures.rows_of(season), season, unit, day)
    gone = rows.filter(registered_on__lte=day, withdrawn_on__lte=day)
    late = rows.filter(registered_on__gt=day)
    found = []
    names: dict[int, Any] = {}
    for key, listed, on in (("da-rut", gone, "withdrawn_on"), ("ghi-sau", late, "registered_on")):
        spans = {pk: (first, last) for pk, first, last in listed.order_by().values_list("unit").annotate(a=Min(on), b=Max(on))}
        ids: dict[int, list[int]] = defaultdict(list)
        for pk, unit_id in listed.order_by("unit__position", "pk").values_list("pk", "unit_id"):
            ids[unit_id].append(pk)
        names |= versions_on(set(ids) - set(names), day)
        for unit_id, mine in ids.items():
            first, last = spans[unit_id]
            when = f"ngày {write_day(first)}" if first == last else f"{write_day(first)} đến {write_day(last)}"
            said = f"đã rút ({when})" if key == "da-rut" else f"ghi sau ngày {write_day(day)} ({when})"
            words = f"{names[unit_id].short_name}: {len(mine)} đăng ký {said}"
            found.append(Finding(f"{key}-{unit_id}", words, f"−{len(mine)}", Weight.LEFT_OUT, mine[:ROWS], len(mine)))
    return found


def _idle(facts: Facts) -> list[Finding]:
    found, whole = [], len(facts.reporting)
    for one in facts.reporting:
        lacks = [
            words
            for slug, words in (("dang-ky", "chưa đăng ký"), ("cap-huyen", "chưa công nhận"), ("de-nghi", "chưa đề nghị"))
            if not one.numbers[slug] and any(other.numbers[slug] for other in facts.reporting)
        ]
        if lacks:
            found.append(Finding(f"chua-{one.key}", f"{one.short}: {', '.join(lacks)}", f"1/{whole} đơn vị", Weight.NAMED))
    if len(found) > LISTED:
        words = f"{len(found)} đơn vị chưa đăng ký, chưa công nhận hoặc chưa đề nghị: xem bảng Theo đơn vị"
        return [Finding("chua-nhieu-don-vi", words, f"{len(found)}/{whole} đơn vị", Weight.NAMED)]
    return found


def _fallen(report: Report, facts: Facts, counted: Counted) -> list[Finding]:
    """Figures under those of the last frozen report of the same unit and season, of an earlier day or the same."""
    before = last_frozen(report)
    if before is None:
        return []
    then, found = Counted.unpacked(bytes(before.counted)), []
    for slug, came, went in then.differs(counted, COMPARED):
        now, was = counted.number(slug), then.number(slug)
        same_day = before.as_of == report.as_of
        if now < was or same_day:
            what = FIGURES[slug].said(facts.own_level, facts.head)
            words = (
                f"{what[:1].upper()}{what[1:]}: báo cáo đã chốt đến {write_day(before.as_of)} ghi {was}, "
                f"nay {now} ({len(came)} thêm, {len(went)} bớt)"
            )
            found.append(
                Finding(
                    f"chot-{slug}",
                    words,
                    f"{now - was:+d}".replace("-", "−") if now != was else "0",
                    Weight.ASKS,
                    (went + came)[:ROWS],
                    len(came) + len(went),
                )
            )
    return found


def last_frozen(report: Report) -> Report | None:
    """The newest frozen report of the unit on the season, of the same day or an earlier one."""
    there = Report.objects.filter(season=report.season, unit=report.unit, state=ReportState.FROZEN, as_of__lte=report.as_of)
    return there.exclude(pk=report.pk).order_by("-as_of", "-frozen_at").first()


def rows_behind(ids: list[int]) -> QuerySet[Registration]:
    """The registrations behind a finding or a figure, in the order of units and names."""
    found = Registration.objects.filter(pk__in=ids).select_related("model", "field", "unit", "season")
    return found.order_by("unit__position", "sort_key", "pk")
