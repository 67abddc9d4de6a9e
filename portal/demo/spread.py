"""Replication of the demo: Hàm Hiệp's case out of the published facts, and ten campaigns that are made up and say so."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from common.dates import write_day
from models_registry.models import EmulationModel, Registration, Season
from organisation.models import Unit, User
from organisation.tree import unit_tree
from replication import services
from replication.enums import CampaignAction, Method
from replication.models import Adoption, ReplicationCampaign

HAM_HIEP = "lo-dot-rac-ho-gia-dinh-ham-hiep"
DIRECTED_ON = date(2023, 12, 8)
BEGINS, ENDS = date(2024, 1, 15), date(2024, 12, 31)
BODIES = (("binh-thuan", "tinh.chuyenvien"), ("phan-thiet", "phanthiet.chuyenvien"), ("duc-linh", "duclinh.chuyenvien"))
CAMPAIGNS, TARGETS = 10, 8
COUNTED = (("hộ làm theo", "hộ"), ("tổ tự quản", "tổ"), ("tuyến đường", "km"), ("lượt người được giúp", "lượt"))


@transaction.atomic
def show_spread(season: Season) -> int:
    """The campaigns with their adopters, made once. Returns how many were made now."""
    if ReplicationCampaign.objects.exists():
        return 0
    made = [_ham_hiep()]
    chance = Random(2023)  # noqa: S311  nothing secret: the same campaigns every time
    for number, row in enumerate(_sources(season)):
        body, name = BODIES[number % len(BODIES)] if number < len(BODIES) else BODIES[0]
        made.append(
            _made_up(row, Unit.objects.get(key=body), User.objects.get(username=name), COUNTED[number % len(COUNTED)], chance)
        )
    return len(made)


def _ham_hiep() -> ReplicationCampaign:
    """“Ngày 08/12/2023, Ban Thường vụ Huyện ủy Hàm Thuận Bắc đề nghị các cơ quan, đơn vị trong huyện tham quan, học hỏi, xây
    dựng mô hình tại đơn vị mình” (Báo Bình Thuận, 17/01/2024). The paper names neither number nor last day: the day is ours.
    """
    unit, staff = Unit.objects.get(key="ham-thuan-bac"), User.objects.get(username="hamthuanbac.chuyenvien")
    source = EmulationModel.objects.get(slug=HAM_HIEP)
    typed = services.CampaignTyped(
        title="Toàn huyện tham quan, học hỏi lò đốt rác của Hàm Hiệp",
        directive_kind="other",
        directive_number="",
        directive_on=write_day(DIRECTED_ON),
        directive_issuer="Ban Thường vụ Huyện ủy Hàm Thuận Bắc",
        starts_on=write_day(DIRECTED_ON),
        ends_on=write_day(ENDS),
        what="lò đốt rác",
        counting_unit="lò",
        own_what=source.measures.latest("as_of").what,
    )
    campaign = services.open_campaign(unit=unit, source_id=source.pk, typed=typed, actor=staff)
    _begin(campaign, unit_tree().below([unit.pk], DIRECTED_ON) - {unit.pk}, DIRECTED_ON, None, staff)
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


def _made_up(row: Registration, unit: Unit, actor: User, counted: tuple[str, str], chance: Random) -> ReplicationCampaign:
    assert row.model is not None
    typed = services.CampaignTyped(
        title=f"Học theo mô hình “{row.title}”"[:300],
        directive_kind="KH",
        directive_number="",
        directive_on=write_day(BEGINS),
        directive_issuer=f"{unit.versions.get(valid_to__isnull=False).name} (minh họa)",
        starts_on=write_day(BEGINS),
        ends_on=write_day(ENDS),
        what=counted[0],
        counting_unit=counted[1],
    )
    campaign = services.open_campaign(unit=unit, source_id=row.model.pk, typed=typed, actor=actor)
    tree = unit_tree()
    lowest = [
        one for one in tree.below([unit.pk], BEGINS) if tree.reporting(one, BEGINS) != one and len(tree.below([one], BEGINS)) == 1
    ]
    below = sorted(one for one in lowest if one != row.place_id)
    units = chance.sample(below, min(TARGETS, len(below)))
    _begin(campaign, frozenset(units), BEGINS, Decimal(20), actor)
    before: list[Adoption] = []
    visit = services.record_visit(
        model_id=row.model.pk,
        visitor=Unit.objects.get(pk=units[0]),
        typed=services.VisitTold(
            write_day(BEGINS), "12", "Cán bộ, hội viên (minh họa)", "Xem cách làm tại chỗ, hỏi người làm (minh họa)."
        ),
        actor=actor,
    )
    for place in units[: chance.randrange(3, len(units))]:
        day = max([BEGINS, *(one.adopted_on for one in before)]) + timedelta(days=chance.randrange(5, 30))
        parent = chance.choice(before) if before and chance.random() < 0.5 else None
        adoption, _ = services.record_adoption(
            model_id=row.model.pk,
            unit=Unit.objects.get(pk=place),
            typed=services.AdoptionTyped(write_day(day), "Đơn vị làm theo (minh họa)", chance.choice(Method.values)),
            parent_id=parent.pk if parent else None,
            campaign_id=campaign.pk,
            visit_id=None if before else visit.pk,
            actor=actor,
        )
        before.append(adoption)
        number = 0
        for later in (day + timedelta(days=20), min(day + timedelta(days=120), ENDS)):
            number += chance.randrange(2, 15)
            services.record_output(
                adoption_id=adoption.pk,
                typed=services.OutputTyped(*counted, str(number), write_day(later), source="Số liệu minh họa"),
                actor=actor,
            )
    return campaign
