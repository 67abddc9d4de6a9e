"""Reads of campaigns: which one may see, how their units stand against what was asked of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from common.dates import today
from common.text import search_text, search_words
from models_registry.models import EmulationModel, OutputMeasure, Registration
from models_registry.selectors import search
from organisation.models import Reader, Unit, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import UnitTree, tree_for, unit_tree
from recognition.models import Recognition
from replication.enums import CampaignState, Progress
from replication.figures import Found, total
from replication.models import Adoption, AdoptionOutput, CampaignTarget, CountedOutput, ReplicationCampaign
from replication.selectors.lines import adoption_behind, latest_values

BEHIND = Decimal("0.25")  # of the time gone more than of the work done: late


def campaigns_visible_to(user: Reader) -> QuerySet[ReplicationCampaign]:
    """Campaigns that have begun, to everyone; what is prepared, to its body and those above it."""
    found = ReplicationCampaign.objects.select_related("source", "unit", "counted")
    begun = ~Q(state=CampaignState.PLANNED)
    held = units_where(user, May.SEE_BOARD)
    return found.filter(begun | Q(unit__in=tree_for(user).answered_for(held, today()))) if held else found.filter(begun)


def campaigns_of(model: EmulationModel) -> QuerySet[ReplicationCampaign]:
    """The campaigns that have begun, of a line: of the model where it begins, or of one that came of it."""
    in_line = Q(source=model) | Q(source__registrations__adoption__origin=model)
    return campaigns_visible_to(None).filter(in_line).distinct().order_by("starts_on", "pk")


def with_counts(campaigns: QuerySet[ReplicationCampaign]) -> QuerySet[ReplicationCampaign]:
    """With how many units they ask (`asked`) and how many adoptions stand (`taken`)."""
    return campaigns.annotate(
        asked=Count("targets", distinct=True),
        taken=Count("adoptions", filter=Q(adoptions__ended_on__isnull=True), distinct=True),
    )


def listed(user: Reader, state: str = "", text: str = "") -> QuerySet[ReplicationCampaign]:
    """Those that one may see, of a state, with words in their titles; newest first."""
    found = campaigns_visible_to(user)
    found = found.filter(state=state) if state else found
    if words := search_words(text):
        titles = found.values_list("pk", "title")
        found = found.filter(pk__in=[pk for pk, title in titles if all(f" {word}" in search_text(title) for word in words)])
    return found.order_by("-starts_on", "-pk")


def newest_with_counts(most: int) -> list[ReplicationCampaign]:
    """For everyone: the running ones first, then the newest."""
    return list(with_counts(campaigns_visible_to(None)).order_by("state", "-starts_on", "-pk")[:most])


def running_of(user: Reader, model: EmulationModel) -> list[ReplicationCampaign]:
    """The campaigns that a place which takes a model on may belong to."""
    running = campaigns_visible_to(user).filter(state=CampaignState.RUNNING, source=model)
    return list(running.order_by("-starts_on")[:5])


def leading_bodies(user: Reader) -> list[Unit]:
    """The bodies whose campaigns the user leads."""
    return list(Unit.objects.filter(pk__in=units_where(user, May.LEAD_CAMPAIGN)))


def targets_of(campaign: ReplicationCampaign) -> list[CampaignTarget]:
    return list(campaign.targets.select_related("unit"))


def others_below(unit_ids: Iterable[int], day: date) -> QuerySet[UnitVersion]:
    """Units on a day as they are offered: the highest level first."""
    found = UnitVersion.objects.on(day).filter(unit__in=set(unit_ids)).select_related("unit", "level")
    return found.order_by("-level__rank", "unit__position")


def is_recognised(model: EmulationModel) -> bool:
    """Whether a recognition of any of its years stands."""
    return Recognition.objects.filter(registration__model=model, revoked_on__isnull=True).exists()


def possible_sources(words: str) -> QuerySet[Registration]:
    """Models in a register by words, each by its newest registration, the recognised first."""
    rows = search(Registration.objects.in_register().filter(is_latest=True, withdrawn_on__isnull=True), words)
    return rows.select_related("model", "season").order_by("-honour_rank", "sort_key", "pk")


def own_measures(source: EmulationModel) -> list[OutputMeasure]:
    """What the origin of a campaign's line counted of itself, oldest first."""
    behind = adoption_behind(source)
    return list((behind.origin if behind else source).measures.order_by("as_of", "pk"))


def own_what_of(source: EmulationModel) -> str:
    """By which measure of the origin its line is counted by now, in the newest of its campaigns."""
    behind = adoption_behind(source)
    counted = CountedOutput.objects.filter(origin=behind.origin_id if behind else source.pk).exclude(own_what="")
    return counted.order_by("-pk").values_list("own_what", flat=True).first() or ""


@dataclass
class TargetLine:
    """One unit of a campaign as it stands: by who carries it on today, with all that the campaign asked of it."""

    unit_id: int
    name: str
    position: int
    was: list[str] = field(default_factory=list)
    """Names of the units that were asked and have ended since: their results go on here."""
    asked: Decimal | None = None
    adoptions: list[Adoption] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    done: Decimal = Decimal(0)
    last: date | None = None
    progress: Progress = Progress.NOT_BEGUN
    is_extra: bool = False
    """Took part without having been asked."""
    stopped: int = 0
    """Adopters in it that do it no more."""


@dataclass
class Board:
    """A campaign's units on a day."""

    campaign: ReplicationCampaign
    day: date
    lines: list[TargetLine]
    done: Decimal
    """All units together, without counting anything twice."""
    asked: Decimal | None
    last: dict[int, AdoptionOutput] = field(default_factory=dict)
    """adoption id -> its last value of what the campaign counts"""

    @property
    def rows(self) -> list[tuple[Adoption, AdoptionOutput | None]]:
        """The adoptions by unit, each with its last value."""
        return [(one, self.last.get(one.pk)) for line in self.lines for one in line.adoptions]

    @property
    def places(self) -> int:
        return sum(len(line.adoptions) for line in self.lines)

    @property
    def counts(self) -> list[tuple[Progress, int]]:
        """How many of the units that were asked stand how; “Đã thôi” only where there are any."""
        found = [(one, sum(line.progress == one and not line.is_extra for line in self.lines)) for one in Progress]
        return [(one, number) for one, number in found if number or one != Progress.STOPPED]

    @property
    def late(self) -> list[TargetLine]:
        return [line for line in self.lines if not line.is_extra and line.progress in (Progress.LATE, Progress.NOT_BEGUN)]

    @property
    def targets(self) -> int:
        return sum(not line.is_extra for line in self.lines)


def board_of(campaign: ReplicationCampaign, day: date) -> Board:
    """The units of a campaign against what was asked of them, as of a day. A unit that ended stands under its heir."""
    return boards_of([campaign], day)[0]


def boards_of(campaigns: Iterable[ReplicationCampaign], day: date) -> list[Board]:
    """`board_of` of each, in a fixed number of queries."""
    campaigns = list(campaigns)
    return _boards(campaigns, list(CampaignTarget.objects.filter(campaign__in=[one.pk for one in campaigns])), day)


def boards_asking(campaigns: QuerySet[ReplicationCampaign], day: date) -> list[Board]:
    """The boards of those campaigns that ask any unit, by their last days. A query less than to read them first."""
    targets = CampaignTarget.objects.filter(campaign__in=campaigns.order_by().values("pk"))
    asked = list(targets.select_related("campaign__counted", "campaign__source", "campaign__unit"))
    found = {target.campaign_id: target.campaign for target in asked}
    return _boards(sorted(found.values(), key=lambda one: (one.ends_on, one.pk)), asked, day)


def _boards(campaigns: list[ReplicationCampaign], asked: list[CampaignTarget], day: date) -> list[Board]:
    tree, within = unit_tree(), [one.pk for one in campaigns]
    targets, adoptions = defaultdict[int, list[CampaignTarget]](list), defaultdict[int, list[Adoption]](list)
    units = set()
    for target in asked:
        targets[target.campaign_id].append(target)
        units.add(target.unit_id)
    for adoption in Adoption.objects.filter(adopted_on__lte=day, campaign__in=within).select_related("unit", "origin", "parent"):
        adoptions[adoption.campaign_id or 0].append(adoption)
        units.add(adoption.unit_id)
    heirs = tree.heirs(units, day)
    counted = {one.counted_id for one in campaigns if one.counted_id}
    known = _Known(
        tree,
        day,
        heirs,
        tree.were(heirs.values(), day),
        latest_values(AdoptionOutput.objects.filter(adoption__campaign__in=within, counted__in=counted), day),
    )
    return [_board(one, targets[one.pk], adoptions[one.pk], known) for one in campaigns]


@dataclass(frozen=True)
class _Known:
    """What the boards of a day have in common."""

    tree: UnitTree
    day: date
    heirs: dict[int, int]
    names: dict[int, UnitVersion]
    values: dict[int, dict[int, AdoptionOutput]]


def _board(campaign: ReplicationCampaign, targets: list[CampaignTarget], adoptions: list[Adoption], known: _Known) -> Board:
    tree, day, heirs, names = known.tree, known.day, known.heirs, known.names

    def line_at(heir: int, *, is_extra: bool = False) -> TargetLine:
        return TargetLine(heir, names[heir].name, names[heir].unit.position, is_extra=is_extra)

    lines: dict[int, TargetLine] = {}
    for target in targets:
        heir = heirs[target.unit_id]
        line = lines.setdefault(heir, line_at(heir))
        if heir != target.unit_id:
            line.was.append(target.unit_name)
        if target.quantity is not None:
            line.asked = (line.asked or Decimal(0)) + target.quantity
    asked_of, last = set(lines), {}
    for one in adoptions:
        heir = heirs[one.unit_id]
        at = next((up for up in tree.line(heir, day) if up in asked_of), heir)
        line = lines.setdefault(at, line_at(at, is_extra=True)) if at not in lines else lines[at]
        if one.ended_on and one.ended_on <= day:
            line.stopped += 1
            continue
        line.adoptions.append(one)
        if value := known.values.get(one.pk, {}).get(campaign.counted_id or 0):
            last[one.pk] = value
            line.found.append(Found(one.unit_id, one.place_key, value.as_of, value.quantity))
            line.last = max(value.as_of, line.last or value.as_of)
    for line in lines.values():
        line.done = total(line.found, tree, day)
        line.progress = progress_of(campaign, line, day)
    ordered = sorted(lines.values(), key=lambda line: (line.is_extra, line.position, line.name))
    everything = total([one for line in ordered for one in line.found], tree, day)
    asked = [line.asked for line in ordered if line.asked is not None]
    return Board(campaign, day, ordered, everything, sum(asked, Decimal(0)) if asked else None, last)


def late_lines(user: Reader, day: date) -> list[tuple[Board, TargetLine]]:
    """The late units of running campaigns: those that lie in the user's reach, and all of the campaigns that its bodies lead.
    By unit, then by the last day.
    """
    held = units_where(user, May.SEE_BOARD)
    if not held:
        return []
    reach = tree_for(user).answered_for(held, today())
    running = campaigns_visible_to(user).filter(state=CampaignState.RUNNING).order_by("ends_on", "pk")
    found = [
        (board, line)
        for board in boards_of(running, day)
        for line in board.late
        if board.campaign.unit_id in reach or line.unit_id in reach
    ]
    return sorted(found, key=lambda pair: (pair[1].position, pair[1].name, pair[0].campaign.ends_on, pair[0].campaign.pk))


def progress_of(campaign: ReplicationCampaign, line: TargetLine, day: date) -> Progress:
    """Reached; late when the last day is past, or when a quarter more of the time is gone than of the work is done."""
    if not line.adoptions:
        return Progress.STOPPED if line.stopped else Progress.NOT_BEGUN
    if line.asked is None or line.done >= line.asked:
        return Progress.REACHED
    length = max((campaign.ends_on - campaign.starts_on).days, 1)
    gone = Decimal(min(max((day - campaign.starts_on).days, 0), length)) / length
    if day > campaign.ends_on or gone - line.done / line.asked > BEHIND:
        return Progress.LATE
    return Progress.ON_WAY
