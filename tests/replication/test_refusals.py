"""What keeps a line, a campaign or a number from being written: each clause with its sentence."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models_registry.models import EmulationModel, Registration, Season
from models_registry.services import NewMeasure, begin_registration, import_register, measure_output
from organisation.models import AuditEvent, Unit, User
from replication.enums import CampaignAction
from replication.models import (
    Adoption,
    AdoptionOutput,
    CampaignTarget,
    CountedOutput,
    ReplicationCampaign,
)
from replication.selectors.campaigns import board_of, late_lines
from replication.selectors.lines import began_on
from replication.services import (
    add_targets,
    change_campaign,
    drop_target,
    end_adoption,
    link_registration,
    move_campaign,
    register_adoption,
    set_quantities,
)
from replication.validators import ReplicationRefused
from tests import registers as made
from tests.online import person
from tests.pages import refused
from tests.replicating import (
    COMMUNES,
    STAFF,
    adopted,
    campaign_typed,
    counted,
    errors_of,
    opened,
    running,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]


def registered_alone() -> Registration:
    """A registration of the commune that also takes the model on."""
    row = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).first()
    assert row is not None
    return row


def chain(length: int) -> Adoption:
    """The last of hamlets that learned one from the other."""
    parent_id = None
    for number in range(length):
        hamlet = adopted(COMMUNES[3], place=f"Thôn {number}", parent_id=parent_id)
        parent_id = hamlet.pk
    return hamlet


def test_a_model_or_campaign_that_is_gone_is_told() -> None:
    with refused("Mô hình gốc không còn trên cổng."):
        adopted(model_id=999_999)
    with refused("Chiến dịch không còn."):
        adopted(campaign_id=999_999)
    assert Adoption.objects.count() == 0


def test_a_line_grows_to_twelve_and_no_further() -> None:
    last = chain(12)
    assert last.depth == 12
    with refused("Đường nhân rộng dài quá 12 đời."):
        adopted(COMMUNES[1], parent_id=last.pk)


def test_a_line_that_would_grow_too_long_does_not_join() -> None:
    alone = registered_alone()
    adopted(COMMUNES[1], model_id=alone.model_id)
    under = adopted(COMMUNES[0], parent_id=chain(11).pk)
    with refused("Đường nhân rộng dài quá 12 đời."):
        link_registration(adoption_id=under.pk, registration_id=alone.pk, actor=person(STAFF))
    assert Adoption.objects.get(pk=under.pk).registration is None


def test_a_place_that_stands_in_both_lines_keeps_them_apart() -> None:
    alone = registered_alone()
    twin = adopted(COMMUNES[1], model_id=alone.model_id)
    adopted(COMMUNES[1])
    under = adopted(COMMUNES[0])
    with refused(f"{twin}: đã có trong đường nhân rộng của mô hình gốc; xin ghi thôi một trong hai trước."):
        link_registration(adoption_id=under.pk, registration_id=alone.pk, actor=person(STAFF))


def test_what_is_counted_otherwise_goes_on_in_the_line_that_is_joined() -> None:
    alone = registered_alone()
    child = adopted(COMMUNES[1], model_id=alone.model_id)
    counted(child, "5", what="hố ủ rác", counting_unit="hố")
    link_registration(adoption_id=adopted(COMMUNES[0]).pk, registration_id=alone.pk, actor=person(STAFF))
    assert list(CountedOutput.objects.values_list("origin", "what", "own_what")) == [(source().pk, "hố ủ rác", "")]


def test_a_measure_of_the_tied_model_does_not_take_the_place_of_what_was_counted() -> None:
    alone, under = registered_alone(), adopted(COMMUNES[0])
    assert alone.model_id is not None
    counted(under, "7", as_of="1/3/2024")
    for day, quantity in ((date(2024, 3, 1), 9), (date(2024, 3, 15), 11)):
        measure_output(
            model_id=alone.model_id,
            value=NewMeasure(what="lò đốt rác", counting_unit="lò", quantity=Decimal(quantity), as_of=day, source="Báo cáo"),
            actor=None,
        )
    link_registration(adoption_id=under.pk, registration_id=alone.pk, actor=person(STAFF))
    values = AdoptionOutput.objects.filter(adoption=under).order_by("as_of").values_list("as_of", "quantity", "source")
    assert list(values) == [
        (date(2024, 3, 1), Decimal(7), ""),
        (date(2024, 3, 15), Decimal(11), "Số đo của đăng ký: Báo cáo"),
    ]


def test_what_may_not_be_tied_is_told(new_season: Season) -> None:
    alone, first = registered_alone(), adopted(COMMUNES[0])
    ids = {"adoption_id": first.pk, "actor": person(STAFF)}
    draft = begin_registration(season_id=new_season.pk, unit=unit("ham-thuan-bac"), actor=person(STAFF))
    with refused("Chỉ nối được với đăng ký đã nhận vào sổ."):
        link_registration(registration_id=draft.pk, **ids)
    assert link_registration(registration_id=alone.pk, **ids).registration == alone
    assert link_registration(registration_id=alone.pk, **ids).registration == alone  # a second tap
    with refused("Nơi này đã nối với một đăng ký khác."):
        link_registration(registration_id=draft.pk, **ids)


def test_a_place_that_does_it_no_more_neither_ends_again_nor_registers(new_season: Season) -> None:
    adoption = adopted()
    ids = {"adoption_id": adoption.pk, "actor": person(STAFF)}
    end_adoption(ended_on="20/3/2024", why="Hết kinh phí", **ids)
    with refused("Đã ghi thôi làm từ ngày 20/03/2024."):
        end_adoption(ended_on="21/3/2024", why="Hết kinh phí", **ids)
    with refused("Nơi này đã thôi làm nên không đăng ký."):
        register_adoption(season_id=new_season.pk, **ids)
    with pytest.raises(ReplicationRefused) as caught:
        counted(adoption, "5", as_of="21/3/2024")
    assert errors_of(caught) == {"as_of": "Tính đến ngày: nơi này đã thôi làm từ 20/03/2024."}


def test_a_campaign_needs_a_model_that_is_there() -> None:
    from replication.services import open_campaign

    with refused("Mô hình gốc không còn trên cổng."):
        open_campaign(unit=unit("ham-thuan-bac"), source_id=999_999, typed=campaign_typed(), actor=person(STAFF))
    assert ReplicationCampaign.objects.count() == 0


def test_a_measure_that_the_origin_does_not_have_counts_nothing_of_its_own() -> None:
    campaign = opened(own_what="cây xanh")
    assert campaign.counted is not None
    assert (campaign.counted.what, campaign.counted.own_what) == ("lò đốt rác", "")


def test_a_campaign_that_is_over_changes_nothing() -> None:
    campaign = running()
    ids = {"campaign_id": campaign.pk, "actor": person(STAFF)}
    asked = unit(COMMUNES[0])
    with refused("Đơn vị này không có trong danh sách giao, hoặc chiến dịch đã kết thúc."):
        drop_target(unit_id=unit("duc-linh").pk, **ids)
    move_campaign(action=CampaignAction.CLOSE, note="Xong", **ids)
    with refused("Chiến dịch đã kết thúc nên không sửa được. Mở lại rồi sửa."):
        change_campaign(typed=campaign_typed(), **ids)
    with refused("Chiến dịch đã kết thúc nên không giao thêm đơn vị."):
        add_targets(unit_ids=[asked.pk], on=date(2023, 12, 8), quantity=None, **ids)
    with refused("Đơn vị này không có trong danh sách giao, hoặc chiến dịch đã kết thúc."):
        drop_target(unit_id=asked.pk, **ids)
    with refused("Chiến dịch đã kết thúc nên không sửa chỉ tiêu."):
        set_quantities(quantities={asked.pk: Decimal(9)}, seen={}, **ids)
    assert set(campaign.targets.values_list("quantity", flat=True)) == {None}


def test_quantities_that_stay_leave_no_record() -> None:
    campaign = running(quantity=Decimal(9))
    asked = unit(COMMUNES[0]).pk
    set_quantities(campaign_id=campaign.pk, quantities={asked: Decimal(9)}, seen={asked: Decimal(9)}, actor=person(STAFF))
    assert AuditEvent.objects.filter(action="set-targets").count() == 0


def test_a_campaign_asks_four_hundred_units_at_most() -> None:
    campaign = opened()
    many = Unit.objects.bulk_create(Unit(key=f"xa-{number}") for number in range(400))
    CampaignTarget.objects.bulk_create(CampaignTarget(campaign=campaign, unit=one, unit_name=one.key) for one in many)
    with refused("Một chiến dịch giao nhiều nhất 400 đơn vị."):
        add_targets(
            campaign_id=campaign.pk,
            unit_ids=[unit(COMMUNES[0]).pk],
            on=date(2023, 12, 8),
            quantity=None,
            actor=person(STAFF),
        )
    assert campaign.targets.count() == 400


def test_a_unit_that_took_part_without_a_number_stands_on_the_board() -> None:
    campaign = running(quantity=Decimal(10))
    adopted(COMMUNES[0], campaign_id=campaign.pk)
    counted(adopted(COMMUNES[1], campaign_id=campaign.pk), "4")
    lines = {line.name: (len(line.adoptions), line.done) for line in board_of(campaign, date(2024, 4, 1)).lines}
    assert (lines["Đảng ủy xã Hàm Phú"], lines["Đảng ủy xã Hàm Trí"]) == ((1, Decimal(0)), (1, Decimal(4)))


def test_who_holds_no_unit_has_no_late_units() -> None:
    running(ends_on="31/3/2024")
    nobody = User.objects.create_user("khong.vai.tro")
    assert late_lines(nobody, date(2024, 4, 1)) == []
    assert len(late_lines(person(STAFF), date(2024, 4, 1))) == len(COMMUNES)


def test_a_number_that_is_no_month_does_not_date_a_model() -> None:
    model = source()
    EmulationModel.objects.filter(pk=model.pk).update(began="quyển 45/2020, làm từ năm 2021")
    assert began_on(EmulationModel.objects.get(pk=model.pk)) == date(2021, 1, 1)


def test_the_registration_of_a_new_season_keeps_how_many_places_took_the_model_on(new_season: Season, tmp_path: Path) -> None:
    adopted()
    old = Registration.objects.select_related("field").get(model=source(), season__year=2023)
    assert old.taken == 1
    line = made.row(old.title, subject=old.subject, place=old.place_name, field=old.field.name, kind="Duy trì", day="5/1/2024")
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, line])
    import_register(path=path, season=new_season, unit=unit("ham-thuan-bac"), actor=None)
    new = Registration.objects.get(model=source(), season=new_season)
    assert (new.taken, new.is_latest) == (1, True)
