"""Reads of rounds: which one may see, what a round is open for, until when a unit may propose."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from common.addresses import link_to
from common.dates import today, write_day
from common.remember import remembered
from models_registry.models import Season
from models_registry.permissions import acting_day
from models_registry.selectors.leftovers import Leftover, leaves_open
from models_registry.selectors.opening import Check, looks_before_opening
from organisation.models import Reader, Unit, UnitVersion, Visitor
from organisation.permissions import stands_in_for, unit_of, units_where
from organisation.roles import May
from organisation.selectors.units import children, reporting_units, versions_on
from organisation.setting_up import Step, step_of_setting_up
from organisation.tree import tree_for, unit_tree
from recognition.enums import IN_ROUND, Phase
from recognition.models import CriteriaSet, Dossier, RecognitionRound, RoundExtension, RoundStep
from recognition.permissions import can_set_criteria


def rounds_visible_to(user: Visitor) -> QuerySet[RecognitionRound]:
    """Rounds that a user runs or follows; once they are open, rounds of bodies above and below the user's units, and rounds whose
    council the user sits in.
    """
    if not getattr(user, "is_authenticated", False):
        return RecognitionRound.objects.none()
    led = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)
    tree, held = tree_for(user), units_where(user, May.SEE_BOARD)
    around = set(tree.answered_for(held, today())) if held else set[int]()
    for day in tree.distinct([today(), *_seasons_days()]) if held else ():
        around |= tree.below(held, day).union(*(tree.line(unit_id, day) for unit_id in held))
    still = Q(members__ends_on__isnull=True) | Q(members__ends_on__gte=today())
    seated = Q(members__user=user.pk, members__removed_at__isnull=True) & still
    opened = ~Q(phase=Phase.PREPARING) & (Q(unit__in=around) | seated)
    found = RecognitionRound.objects.filter(Q(unit__in=led) | opened).distinct()
    return found.select_related("season", "level", "unit", "criteria")


@remembered(size=2)
def _seasons_days() -> list[date]:
    """A day of each season: who stood above whom then."""
    return list(Season.objects.values_list("cutoff_on", flat=True))


def rounds_led_by(user: Reader) -> QuerySet[RecognitionRound]:
    """Rounds that the user runs or follows as a leader."""
    led = units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)
    return RecognitionRound.objects.filter(unit__in=led).select_related("season", "level", "unit", "criteria")


def steps_of(round_: RecognitionRound) -> list[RoundStep]:
    """The way of a round so far."""
    return list(round_.steps.all())


def extensions_of(round_: RecognitionRound) -> QuerySet[RoundExtension]:
    """More time that units were given to propose."""
    return round_.extensions.select_related("unit", "granted_by")


def bodies_run_by(user: Reader, season: Season) -> list[UnitVersion]:
    """The bodies for which the user may open a round in a season, as they were in it."""
    held = units_where(user, May.RUN_ROUND)
    tree = tree_for(user)
    there = [pk for pk in held if any(tree.exists(pk, day) for day in (season.opens_on, season.last_day))]
    return list(versions_on(there, season.last_day).values()) if there else []


def proposing_units(round_: RecognitionRound) -> list[UnitVersion]:
    """The units right below the body that organises, as they were at the season's cut-off; itself where it has none."""
    day = round_.season.cutoff_on
    reporting = list(reporting_units(day).filter(parent=round_.unit)) if round_.level.gathers_registers else []
    found = reporting or list(children(round_.unit, day))
    return found or list(versions_on([round_.unit_id], day).values())


def silent_units(round_: RecognitionRound) -> tuple[list[UnitVersion], list[UnitVersion]]:
    """(the units that may propose, those of them that sent nothing yet)."""
    units = proposing_units(round_)
    sent = set(Dossier.objects.filter(round=round_, state__in=IN_ROUND).order_by().values_list("unit", flat=True))
    return units, [version for version in units if version.unit_id not in sent]


def propose_until(round_: RecognitionRound, unit: Unit) -> date:
    """The last day on which a unit may send: the round's, or a later one that was granted to it."""
    granted = round_.extensions.filter(unit=unit).aggregate(last=Max("until"))["last"]
    return max(round_.propose_until, granted) if granted else round_.propose_until


def why_closed(round_: RecognitionRound, unit: Unit, *, is_new: bool) -> str:
    """Why a unit may not send today, '' where it may; `is_new`: something that was never sent."""
    if unit_tree().reporting(unit.pk, acting_day(round_.season)) is None:
        return "Đơn vị đề nghị đã kết thúc. Hồ sơ giữ nguyên; xin đơn vị kế thừa đề nghị."
    if round_.phase not in (Phase.PROPOSING, Phase.SCORING):
        return f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không nhận đề nghị."
    if today() < round_.propose_from:
        return f"Đợt xét nhận đề nghị từ ngày {write_day(round_.propose_from)}."
    until = propose_until(round_, unit) if is_new else today()
    if today() > until:
        return f"Đã hết hạn gửi: đến hết ngày {write_day(until)}. Cần thêm thời gian, xin đề nghị gia hạn."
    if is_new and round_.phase == Phase.SCORING and until == round_.propose_until:
        return "Đợt xét đã sang thẩm định, thôi nhận đề nghị mới. Cần thêm thời gian, xin đề nghị gia hạn."
    return ""


def takes_candidates_of(user: Reader, round_: RecognitionRound) -> bool:
    """Whether a unit that the user proposes for may choose today: while proposals come in; later only in more time it was given."""
    held = units_where(user, May.PROPOSE)
    if round_.phase == Phase.PROPOSING or not held:
        return bool(held)
    units = tree_for(user).below(held, acting_day(round_.season))
    given = round_.extensions.filter(unit__in=units, until__gte=today(), until__gt=round_.propose_until)
    return round_.phase == Phase.SCORING and given.exists()


def given_longer(user: Reader, round_: RecognitionRound) -> list[tuple[str, date]]:
    """(unit, its last day) of those that the user proposes for and that may send later than the round says. Two queries."""
    tree, day = tree_for(user), acting_day(round_.season)
    granted = round_.extensions.filter(unit__in=tree.below(units_where(user, May.PROPOSE), day), until__gt=round_.propose_until)
    last = dict(granted.order_by().values_list("unit").annotate(last=Max("until")))
    return sorted((version.name, last[pk]) for pk, version in tree.were(last, round_.season.cutoff_on).items())


@looks_before_opening
def criteria_before_opening(day: date, gathering: list[int]) -> Iterable[Check]:
    """Whether a round of the season would have criteria to score with."""
    there = CriteriaSet.objects.filter(Q(unit__in=gathering) | Q(unit__isnull=True)).order_by("unit", "-version").first()
    if there:
        yield Check("ok", "Có bộ tiêu chí để xét", str(there))
    else:
        yield Check("warn", "Chưa có bộ tiêu chí", "lập trước khi lập đợt xét đầu tiên")


@leaves_open
def open_rounds(user: Visitor, before: int) -> Iterable[Leftover]:
    """Rounds of earlier seasons that are not closed: their bodies go on with them."""
    left = rounds_visible_to(user).filter(season__year__lt=before).exclude(phase=Phase.CLOSED).order_by()
    for year, number, last in left.values_list("season__year").annotate(n=Count("pk", distinct=True), last=Max("decide_by")):
        yield Leftover(year, "Đợt xét chưa xong", number, "Nơi tổ chức làm nốt", last, link_to("recognition:rounds"))


@step_of_setting_up
def criteria_to_set_up(user: Reader) -> Iterable[Step]:
    there = CriteriaSet.objects.order_by("unit", "-version").first()
    body = unit_of(user)
    yield Step(
        70,
        "Bộ tiêu chí",
        "Điểm tối đa, điểm tối thiểu, mức xếp loại của hội đồng. Cổng có sẵn một bộ mặc định để sửa.",
        lacks="" if there else "Chưa có bộ tiêu chí nào: xem bộ mặc định, sửa cho đúng văn bản của địa phương.",
        has=str(there or ""),
        does="Xem bộ tiêu chí",
        href=link_to("recognition:criteria") if body is not None and can_set_criteria(user, body) else None,
        who="Chuyên viên lập đợt xét của cơ quan chủ quản làm việc này",
    )


def criteria_for(user: Reader, round_: RecognitionRound) -> QuerySet[CriteriaSet]:
    """The sets by which a round may be judged: its own, and those that the user may choose for a new one."""
    return CriteriaSet.objects.filter(pk__in=[round_.criteria_id, *(found.pk for found in criteria_sets(user))])


def criteria_sets(user: Reader) -> QuerySet[CriteriaSet]:
    """The newest version of each set that the user may write the next version of, then the default."""
    bodies = units_where(user, May.RUN_ROUND) | stands_in_for(user, May.RUN_ROUND)
    mine = CriteriaSet.objects.filter(Q(unit__in=bodies) | Q(unit__isnull=True))
    newer = CriteriaSet.objects.filter(unit=OuterRef("unit"), name=OuterRef("name"), version__gt=OuterRef("version"))
    found = mine.filter(~Exists(newer)).prefetch_related("criteria", "bands")
    return found.order_by(F("unit").desc(nulls_last=True), "name")
