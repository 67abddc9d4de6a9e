"""Replication of the demo: Hàm Hiệp's case out of the published facts, and ten campaigns; results of all are made up and say so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from common.dates import today, write_day
from common.text import quoted
from models_registry.models import EmulationModel, Registration, Season
from organisation.models import Unit, User
from organisation.tree import unit_tree
from portal.demo.files import rows_of, years
from replication import services
from replication.enums import CampaignAction, CampaignState, Method
from replication.models import Adoption, ReplicationCampaign, StudyVisit

HAM_HIEP = "lo-dot-rac-ho-gia-dinh-ham-hiep"
BODIES = (("binh-thuan", "tinh.chuyenvien"), ("phan-thiet", "phanthiet.chuyenvien"), ("duc-linh", "duclinh.chuyenvien"))
CAMPAIGNS, TARGETS, GOAL = 10, 8, Decimal(20)
USUAL = ("hộ làm theo", "hộ")
MADE_UP = "Số liệu minh họa"
CLOSED = "Đã tổng kết (minh họa)."
NOW_BY, NOW_AT = "lamdong.chuyenvien", "lam-dong"
NOW_TOLD = ("2025/phuong-binh-thuan", "2025/xa-ham-thuan", "2025/xa-ham-liem", "2025/xa-hong-son")


@dataclass(frozen=True)
class Span:
    """When Hàm Hiệp's district told of it, and the days of all results."""

    directed_on: date
    begins: date
    ends: date


@dataclass(frozen=True)
class Telling:
    """Who tells of a campaign, what is counted in it, when, and what chance makes of the rest."""

    actor: User
    counted: tuple[str, str]
    span: Span
    chance: Random


def _span() -> Span:
    said = json.loads((years()[0].folder / "campaigns.json").read_text(encoding="utf-8"))
    return Span(*(date.fromisoformat(said[name]) for name in ("directed_on", "begins", "ends")))


@transaction.atomic
def show_spread(season: Season) -> int:
    """The campaigns with their adopters, made once. Returns how many were made now."""
    if ReplicationCampaign.objects.exists():
        return 0
    chance = Random(season.year)  # noqa: S311  nothing secret: the same campaigns every time
    span = _span()
    made = [_ham_hiep(span, chance)]
    counted = {row["title"]: (row["what"], row["counting_unit"]) for row in rows_of(years()[0].folder / "counted.csv")}
    for number, row in enumerate(_sources(season)):
        body, name = BODIES[number % len(BODIES)] if number < len(BODIES) else BODIES[0]
        unit, actor = Unit.objects.get(key=body), User.objects.get(username=name)
        made.append(_made_up(row, unit, Telling(actor, counted.get(row.title, USUAL), span, chance)))
    _close_over(today(), User.objects.get(username=BODIES[0][1]))
    return len(made)


def _close_over(day: date, actor: User) -> None:
    """Close the campaigns that ended before a day: nobody's work list begins with what fell due years ago."""
    over = ReplicationCampaign.objects.filter(state=CampaignState.RUNNING, ends_on__lt=day)
    for campaign in over.select_related("made_by"):
        closer = campaign.made_by or actor
        services.move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, note=CLOSED, actor=closer)


def _ham_hiep(span: Span, chance: Random) -> ReplicationCampaign:
    """“Ngày 08/12/2023, Ban Thường vụ Huyện ủy Hàm Thuận Bắc đề nghị các cơ quan, đơn vị trong huyện tham quan, học hỏi, xây
    dựng mô hình tại đơn vị mình” (Báo Bình Thuận, 17/01/2024). The paper names neither number nor last day, nor what came of it:
    the last day and the results are ours.
    """
    unit, staff = Unit.objects.get(key="ham-thuan-bac"), User.objects.get(username="hamthuanbac.chuyenvien")
    source = EmulationModel.objects.get(slug=HAM_HIEP)
    counted = ("lò đốt rác", "lò")
    typed = services.CampaignTyped(
        title="Toàn huyện tham quan, học hỏi lò đốt rác của Hàm Hiệp",
        directive_kind="other",
        directive_number="",
        directive_on=write_day(span.directed_on),
        directive_issuer="Ban Thường vụ Huyện ủy Hàm Thuận Bắc",
        starts_on=write_day(span.directed_on),
        ends_on=write_day(span.ends),
        what=counted[0],
        counting_unit=counted[1],
        own_what=source.measures.latest("as_of").what,
    )
    campaign = services.open_campaign(unit=unit, source_id=source.pk, typed=typed, actor=staff)
    units = sorted(unit_tree().below([unit.pk], span.directed_on) - {unit.pk})
    _begin(campaign, frozenset(units), span.directed_on, None, staff)
    targets = sorted(campaign.targets.values_list("unit", flat=True))
    _take_on(campaign, chance.sample(targets, TARGETS), Telling(staff, counted, span, chance))
    return campaign


def _begin(campaign: ReplicationCampaign, units: frozenset[int], on: date, quantity: Decimal | None, actor: User) -> None:
    services.add_targets(campaign_id=campaign.pk, unit_ids=sorted(units), on=on, quantity=quantity, actor=actor)
    services.move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=actor)
    ReplicationCampaign.objects.filter(pk=campaign.pk).update(is_illustrative=True)


def _sources(season: Season) -> list[Registration]:
    """Models that the province recognised, without the three of the centre."""
    rows = Registration.objects.filter(
        season=season,
        recognitions__level__gathers_registers=True,
        recognitions__revoked_on__isnull=True,
        central_introduction__isnull=True,
        model__isnull=False,
    )
    return list(rows.select_related("model").order_by("pk")[:CAMPAIGNS])


def _made_up(row: Registration, unit: Unit, telling: Telling) -> ReplicationCampaign:
    assert row.model is not None
    actor, span, chance = telling.actor, telling.span, telling.chance
    typed = _typed(row.title, unit.versions.get(valid_to__isnull=False).name, span, telling.counted)
    campaign = services.open_campaign(unit=unit, source_id=row.model.pk, typed=typed, actor=actor)
    tree, day = unit_tree(), span.begins
    lowest = [one for one in tree.below([unit.pk], day) if tree.reporting(one, day) != one and len(tree.below([one], day)) == 1]
    below = sorted(one for one in lowest if one != row.place_id)
    units = chance.sample(below, min(TARGETS, len(below)))
    _begin(campaign, frozenset(units), day, GOAL, actor)
    visit = services.record_visit(
        model_id=row.model.pk,
        visitor=Unit.objects.get(pk=units[0]),
        typed=services.VisitTold(
            write_day(day), "12", "Cán bộ, hội viên (minh họa)", "Xem cách làm tại chỗ, hỏi người làm (minh họa)."
        ),
        actor=actor,
    )
    _take_on(campaign, units[: chance.randrange(3, len(units))], telling, visit)
    return campaign


def _typed(title: str, issuer: str, span: Span, counted: tuple[str, str]) -> services.CampaignTyped:
    return services.CampaignTyped(
        title=f"Học theo mô hình {quoted(title)}"[:300],
        directive_kind="KH",
        directive_number="",
        directive_on=write_day(span.begins),
        directive_issuer=f"{issuer} (minh họa)",
        starts_on=write_day(span.begins),
        ends_on=write_day(span.ends),
        what=counted[0],
        counting_unit=counted[1],
    )


@transaction.atomic
def show_living_spread(season: Season) -> None:
    """Close the demo's campaigns that are over and begin one of today's units."""
    unit, actor = Unit.objects.get(key=NOW_AT), User.objects.get(username=NOW_BY)
    _close_over(season.opens_on, actor)
    source = _sources(Season.objects.get(year=years()[0].year))[0]
    assert source.model is not None
    span = Span(season.opens_on, season.opens_on, season.ends_on)
    typed = _typed(source.title, unit.versions.latest("valid_from").name, span, USUAL)
    campaign = services.open_campaign(unit=unit, source_id=source.model.pk, typed=typed, actor=actor)
    targets = Unit.objects.filter(key__in=NOW_TOLD).values_list("pk", flat=True)
    _begin(campaign, frozenset(targets), season.opens_on, GOAL, actor)
    adoption, _ = services.record_adoption(
        model_id=campaign.source_id,
        unit=Unit.objects.get(key=NOW_TOLD[-1]),
        typed=services.AdoptionTyped(
            write_day(season.opens_on), "Đơn vị làm theo (minh họa)", Method.values[0], campaign_id=campaign.pk
        ),
        actor=actor,
    )
    output = services.OutputTyped(*USUAL, f"{GOAL}", write_day(min(today(), season.cutoff_on)), source=MADE_UP)
    services.record_output(adoption_id=adoption.pk, typed=output, actor=actor)


def _take_on(campaign: ReplicationCampaign, units: Sequence[int], telling: Telling, visit: StudyVisit | None = None) -> None:
    """Each unit takes the model on, from where it began or from one before it, and counts twice."""
    span, chance = telling.span, telling.chance
    before: list[Adoption] = []
    for place in units:
        day = max([span.begins, *(one.adopted_on for one in before)]) + timedelta(days=chance.randrange(5, 30))
        parent = chance.choice(before) if before and chance.random() < 0.5 else None
        adoption, _ = services.record_adoption(
            model_id=campaign.source_id,
            unit=Unit.objects.get(pk=place),
            typed=services.AdoptionTyped(
                write_day(day),
                "Đơn vị làm theo (minh họa)",
                chance.choice(Method.values),
                parent_id=parent.pk if parent else None,
                campaign_id=campaign.pk,
                visit_id=visit.pk if visit and not before else None,
            ),
            actor=telling.actor,
        )
        before.append(adoption)
        number = 0
        for later in (day + timedelta(days=20), min(day + timedelta(days=120), span.ends)):
            number += chance.randrange(2, 15)
            services.record_output(
                adoption_id=adoption.pk,
                typed=services.OutputTyped(*telling.counted, str(number), write_day(later), source=MADE_UP),
                actor=telling.actor,
            )
