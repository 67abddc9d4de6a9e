"""Campaigns, adoptions and outputs, clause by clause."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from common.files import FileRefused
from models_registry.enums import Kind
from models_registry.models import EmulationModel, Registration, Season
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent
from organisation.services import give_role
from recognition.models import Recognition
from replication.enums import CampaignAction, CampaignState, Progress
from replication.models import Adoption, AdoptionOutput, CountedOutput, ReplicationCampaign
from replication.selectors.campaigns import board_of, campaigns_visible_to
from replication.selectors.lines import began_on, line_of
from replication.services import (
    add_targets,
    change_campaign,
    drop_target,
    end_adoption,
    link_registration,
    move_campaign,
    open_campaign,
    record_output,
    register_adoption,
)
from replication.validators import ReplicationRefused
from tests import replicating
from tests.online import person
from tests.photos import PDF
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    PROVINCE,
    STAFF,
    adopted,
    campaign_typed,
    counted,
    on,
    opened,
    running,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def spring(settings: Any, tmp_path: Any) -> Any:
    """The first of April 2024: the campaign of 8/12/2023 has run for four months."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with on(2024, 4, 1):
        yield


def errors_of(caught: Any) -> dict[str, str]:
    return dict(caught.value.errors)


# --- campaigns


def test_a_campaign_is_opened_by_the_body_that_leads_it() -> None:
    campaign = opened()
    assert (campaign.state, campaign.unit_name, campaign.is_recognised) == ("planned", "Huyện ủy Hàm Thuận Bắc", True)
    assert str(campaign.counted) == "lò đốt rác (lò)"
    for who in (COMMUNE, OTHER, "hamthuanbac.lanhdao", "hoidong1"):
        with pytest.raises(NotAllowed):
            opened(by=who)
    assert AuditEvent.objects.filter(action="open-campaign", target_id=str(campaign.pk)).count() == 1


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"title": " "}, "title", "Tên chiến dịch: chưa ghi."),
        ({"title": "x" * 301}, "title", "dài quá 300"),
        ({"directive_kind": "??"}, "directive_kind", "chọn một"),
        ({"directive_on": "31/2/2024"}, "directive_on", "không phải một ngày có thật"),
        ({"directive_on": "2/4/2024"}, "directive_on", "chưa tới"),
        ({"directive_issuer": ""}, "directive_issuer", "chưa ghi"),
        ({"starts_on": ""}, "starts_on", "chưa ghi"),
        ({"starts_on": "1/9/2020"}, "starts_on", "mô hình gốc bắt đầu 01/10/2020"),
        ({"ends_on": "7/12/2023"}, "ends_on", "phải từ 08/12/2023 trở đi"),
        ({"what": ""}, "what", "chưa ghi"),
        ({"counting_unit": "x" * 31}, "counting_unit", "dài quá 30"),
    ],
)
def test_what_is_wrong_in_a_campaign_is_said_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as caught:
        opened(**changed)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]
    assert not ReplicationCampaign.objects.exists()


def test_a_source_that_was_not_recognised_needs_a_reason() -> None:
    model = Registration.objects.filter(recognitions__isnull=True, model__isnull=False, unit__key="ham-thuan-bac").first()
    assert model is not None and model.model is not None
    given = {"unit": unit("ham-thuan-bac"), "source_id": model.model.pk, "actor": person(STAFF)}
    with pytest.raises(ReplicationRefused) as caught:
        open_campaign(typed=campaign_typed(), **given)
    assert errors_of(caught) == {"reason": "Mô hình gốc chưa được công nhận: xin ghi lý do chọn."}
    made = open_campaign(typed=campaign_typed(reason="Làm tốt, nhiều nơi hỏi"), **given)
    assert (made.is_recognised, made.reason) == (False, "Làm tốt, nhiều nơi hỏi")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplicationCampaign.objects.filter(pk=made.pk).update(reason="")


def test_a_withdrawn_recognition_is_none() -> None:
    held = Recognition.objects.filter(registration__model=source())
    for one in held:
        one.revoked_on, one.revoked_by = date(2024, 1, 1), one.decision
        one.save()
    with pytest.raises(ReplicationRefused) as caught:
        opened()
    assert list(errors_of(caught)) == ["reason"]


def test_a_directive_is_taken_by_its_content() -> None:
    given = {"unit": unit("ham-thuan-bac"), "source_id": source().pk, "actor": person(STAFF), "typed": campaign_typed()}
    with pytest.raises(FileRefused):
        open_campaign(file=SimpleUploadedFile("cong-van.pdf", b"MZ not a paper"), **given)
    made = open_campaign(file=SimpleUploadedFile("cong-van.pdf", PDF), **given)
    assert (made.directive_name, made.directive_type) == ("cong-van.pdf", "application/pdf")


def test_units_are_asked_by_name_or_as_a_whole_subtree_of_a_day() -> None:
    campaign, staff = opened(), person(STAFF)
    ids: dict[str, Any] = {"campaign_id": campaign.pk, "quantity": None, "actor": staff}
    day = date(2023, 12, 8)
    assert add_targets(unit_ids=[unit(key).pk for key in COMMUNES], on=day, **ids) == 4
    assert add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=day, **(ids | {"quantity": Decimal(30)})) == 0
    assert campaign.targets.get(unit__key=COMMUNES[0]).quantity == 30
    from organisation.tree import unit_tree

    below = unit_tree().below([campaign.unit_id], day) - {campaign.unit_id}
    assert add_targets(unit_ids=below, on=day, **ids) == len(below) - 5  # four are asked already, one is where it began
    assert not campaign.targets.filter(unit__key="ham-thuan-bac/xa-ham-hiep").exists()
    assert campaign.targets.get(unit__key=COMMUNES[0]).quantity == 30  # an empty box takes no number away
    with pytest.raises(DomainError, match="thuộc cơ quan phát động"):
        add_targets(unit_ids=[unit("phan-thiet").pk], on=day, **ids)
    with pytest.raises(DomainError, match="còn hoạt động"):
        add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=date(2026, 1, 1), **ids)
    with pytest.raises(DomainError, match="lớn hơn 0"):
        add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=day, **(ids | {"quantity": Decimal(0)}))
    drop_target(campaign_id=campaign.pk, unit_id=unit(COMMUNES[1]).pk, actor=staff)
    assert campaign.targets.count() == len(below) - 2
    with pytest.raises(NotAllowed):
        add_targets(unit_ids=below, on=day, **(ids | {"actor": person(OTHER)}))


def test_a_campaign_is_started_closed_and_opened_again() -> None:
    campaign, staff = opened(), person(STAFF)
    with pytest.raises(DomainError, match="Chưa giao cho đơn vị nào"):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    ids = [unit(COMMUNES[0]).pk]
    asked = replicating.officer("can.bo.xa", COMMUNES[0])
    with pytest.raises(DomainError, match="mô hình gốc"):
        add_targets(
            campaign_id=campaign.pk,
            unit_ids=[unit("ham-thuan-bac/xa-ham-hiep").pk],
            on=date(2023, 12, 8),
            quantity=None,
            actor=staff,
        )
    add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=None, actor=staff)
    with pytest.raises(InvalidTransition):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, actor=staff)
    move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    assert Message.objects.filter(recipient=asked, subject__startswith="Nhân rộng: “Toàn huyện học").count() == 1
    with pytest.raises(InvalidTransition):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    closed = move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, note="Đạt.", actor=staff)
    assert (closed.state, closed.closing_note) == (CampaignState.CLOSED, "Đạt.")
    with pytest.raises(DomainError, match="đã kết thúc"):
        add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=None, actor=staff)
    assert move_campaign(campaign_id=campaign.pk, action=CampaignAction.REOPEN, actor=staff).state == CampaignState.RUNNING


def test_while_it_runs_its_first_day_and_what_is_counted_stay() -> None:
    campaign = running()
    for changed in ({"starts_on": "1/1/2024"}, {"counting_unit": "hộ"}):
        with pytest.raises(DomainError, match="giữ ngày bắt đầu và cách đếm"):
            change_campaign(campaign_id=campaign.pk, typed=campaign_typed(**changed), actor=person(STAFF))
    later = change_campaign(campaign_id=campaign.pk, typed=campaign_typed(ends_on="31/12/2024"), actor=person(STAFF))
    assert later.ends_on == date(2024, 12, 31)
    event = AuditEvent.objects.get(action="change-campaign")
    assert event.changes == {"ends_on": ["2024-06-30", "2024-12-31"]}


def test_what_is_prepared_is_seen_by_its_body_and_those_above() -> None:
    campaign = opened()
    seen = {who: campaigns_visible_to(person(who)).filter(pk=campaign.pk).exists() for who in (STAFF, PROVINCE, OTHER, COMMUNE)}
    assert seen == {STAFF: True, PROVINCE: True, OTHER: False, COMMUNE: False}
    ReplicationCampaign.objects.update(state="running")
    assert all(campaigns_visible_to(person(who)).filter(pk=campaign.pk).exists() for who in (STAFF, PROVINCE, OTHER, COMMUNE))


# --- adoptions


def test_a_model_began_when_its_own_words_say() -> None:
    model = source()
    assert began_on(model) == date(2020, 10, 1)  # “10/2020, ở thôn Xuân Điền”
    for words, day in (("08/12/2021, ở xã", date(2021, 12, 8)), ("2019", date(2019, 1, 1)), ("từ lâu", None), ("", None)):
        model.began = words
        first = Registration.objects.filter(model=model).earliest("registered_on").registered_on
        assert began_on(model) == (day or first)


def test_a_unit_takes_a_model_on_in_a_campaign_or_on_its_own() -> None:
    campaign = running()
    first = adopted(campaign_id=campaign.pk)
    assert (first.origin, first.parent, first.depth, first.campaign) == (source(), None, 1, campaign)
    assert first.unit_name == "Đảng ủy xã Hàm Phú" and AuditEvent.objects.filter(action="record-adoption").count() == 1
    own = adopted("phan-thiet/phuong-mui-ne", by=OTHER, method="own", adopted_on="1/11/2023")
    assert (own.campaign, own.depth) == (None, 1)


def test_the_same_place_once_more_is_the_one_that_is_there() -> None:
    first = adopted(place="Thôn 1")
    assert adopted(place="  thôn 1 ") == first
    assert adopted(place="Thôn 2") != first
    campaign = running()
    assert adopted(place="Thôn 1", campaign_id=campaign.pk).campaign == campaign  # and now it is of the campaign
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(place_key="thon 2").update(place_key="thon 1")


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"adopted_on": ""}, "adopted_on", "chưa ghi"),
        ({"adopted_on": "30/2/2024"}, "adopted_on", "không phải một ngày có thật"),
        ({"adopted_on": "2/4/2024"}, "adopted_on", "chưa tới"),
        ({"adopted_on": "30/9/2020"}, "adopted_on", "mô hình gốc bắt đầu 01/10/2020"),
        ({"who": " "}, "who", "chưa ghi"),
        ({"method": "x"}, "method", "chọn một"),
        ({"place": "x" * 201}, "place", "dài quá 200"),
    ],
)
def test_what_is_wrong_in_an_adoption_is_said_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as caught:
        adopted(**changed)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]


def test_what_was_done_before_a_campaign_is_not_of_it() -> None:
    campaign = running()
    with pytest.raises(ReplicationRefused) as caught:
        adopted(campaign_id=campaign.pk, adopted_on="7/12/2023")
    assert "trước ngày phát động (08/12/2023)" in errors_of(caught)["adopted_on"]
    other = opened(title="Khác")
    with pytest.raises(DomainError, match="đang chuẩn bị"):
        adopted(campaign_id=other.pk)
    move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, actor=person(STAFF))
    with pytest.raises(DomainError, match="đã kết thúc"):
        adopted(campaign_id=campaign.pk)


def test_a_campaign_takes_adoptions_of_its_own_model_only() -> None:
    campaign = running()
    other = EmulationModel.objects.exclude(pk=source().pk).filter(registrations__registered_on__isnull=False).first()
    assert other is not None
    with pytest.raises(DomainError, match="nhân rộng mô hình khác"):
        adopted(model_id=other.pk, campaign_id=campaign.pk)


def test_the_origins_own_unit_does_not_take_it_on_but_its_hamlets_do() -> None:
    with pytest.raises(ReplicationRefused) as caught:
        adopted("ham-thuan-bac/xa-ham-hiep")
    assert "nơi có mô hình gốc" in errors_of(caught)["unit"]
    assert adopted("ham-thuan-bac/xa-ham-hiep", by=COMMUNE, place="Thôn Đại Lộc", adopted_on="1/3/2021").depth == 1


def test_who_writes_for_a_unit() -> None:
    with pytest.raises(NotAllowed):
        adopted(by=OTHER)
    with pytest.raises(NotAllowed):
        adopted(by=COMMUNE)  # another commune's
    assert adopted(by=PROVINCE).recorded_by == person(PROVINCE)


def in_lam_dong() -> None:
    """The province's officer goes on in the province that its own was merged into."""
    give_role(user=person(PROVINCE), role="chuyen-vien-tinh", unit=unit("lam-dong"), starts_on=date(2025, 7, 1), actor=None)


def test_a_unit_of_another_day_is_refused() -> None:
    in_lam_dong()
    for who in (STAFF, PROVINCE):  # who held a role in the unit, or above it, writes on for it; and who does above its heir
        with on(2026, 3, 1), pytest.raises(ReplicationRefused) as caught:
            adopted(by=who, adopted_on="1/2/2026")
        assert "không hoạt động vào ngày 01/02/2026" in errors_of(caught)["adopted_on"]
        with on(2026, 3, 1):
            assert adopted(by=who).adopted_on == date(2024, 1, 15)
    with on(2026, 3, 1), pytest.raises(NotAllowed):
        adopted(by=OTHER)


def test_learning_from_who_learned_keeps_the_whole_line() -> None:
    first = adopted()
    second = adopted(COMMUNES[1], parent_id=first.pk, adopted_on="1/2/2024")
    assert (second.parent, second.depth, second.origin) == (first, 2, source())
    with pytest.raises(ReplicationRefused) as caught:
        adopted(COMMUNES[2], parent_id=second.pk, adopted_on="31/1/2024")
    assert "mô hình gốc bắt đầu 01/02/2024" in errors_of(caught)["adopted_on"]
    with pytest.raises(DomainError, match="không thuộc mô hình này"):
        adopted(COMMUNES[2], parent_id=999999)


def test_an_adoption_ends_on_a_day_for_a_reason() -> None:
    one = adopted()
    for ended_on, why, field in (("", "Hết kinh phí", "ended_on"), ("1/4/2024", " ", "why"), ("14/1/2024", "x", "ended_on")):
        with pytest.raises(ReplicationRefused) as caught:
            end_adoption(adoption_id=one.pk, ended_on=ended_on, why=why, actor=person(STAFF))
        assert list(errors_of(caught)) == [field]
    ended = end_adoption(adoption_id=one.pk, ended_on="20/3/2024", why="Hết kinh phí", actor=person(STAFF))
    assert ended.ended_on == date(2024, 3, 20)
    assert [len(line_of(source(), day).nodes) for day in (date(2024, 3, 19), date(2024, 3, 20))] == [1, 0]
    assert adopted(adopted_on="25/3/2024") != one  # and may begin anew


# --- outputs


def test_a_value_is_kept_once_a_day_and_a_correction_is_on_record() -> None:
    one = adopted()
    first = counted(one, "1.500")
    assert first.quantity == 1500 and counted(one, "1500") == first
    with pytest.raises(DomainError, match=r"đã ghi 1\.500 lò cho ngày 01/03/2024"):
        counted(one, "1600")
    assert counted(one, "1600", seen="1.500").quantity == 1600
    assert AdoptionOutput.objects.count() == 1 and CountedOutput.objects.count() == 1
    assert AuditEvent.objects.filter(action="record-output").order_by("pk").last().changes == {"quantity": ["1.500", "1.600"]}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "quantity, as_of, field, words",
    [
        ("-3", "1/3/2024", "quantity", "không âm"),
        ("1.5", "1/3/2024", "quantity", "1.500 cho một nghìn năm trăm"),
        ("", "1/3/2024", "quantity", "chưa ghi"),
        ("ba", "1/3/2024", "quantity", "viết 1.500"),
        ("1,555", "1/3/2024", "quantity", "hai chữ số lẻ"),
        ("9" * 14, "1/3/2024", "quantity", "viết 1.500"),
        ("3", "14/1/2024", "as_of", "nơi này bắt đầu 15/01/2024"),
        ("3", "2/4/2024", "as_of", "chưa tới"),
        ("3", "", "as_of", "chưa ghi"),
    ],
)
def test_what_is_wrong_in_a_value_is_said_at_its_field(quantity: str, as_of: str, field: str, words: str) -> None:
    one = adopted()
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, quantity, as_of)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]


def test_a_number_that_falls_needs_a_reason() -> None:
    one = adopted()
    counted(one, "20", "1/2/2024")
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, "15", "1/3/2024")
    assert "Ngày 01/02/2024 đã ghi 20" in errors_of(caught)["reason"]
    assert counted(one, "15", "1/3/2024", reason="Hỏng năm lò").reason == "Hỏng năm lò"
    with pytest.raises(ReplicationRefused) as caught:
        counted(one, "25", "15/1/2024")  # over what was counted later
    assert "Ngày 01/02/2024 đã ghi 20" in errors_of(caught)["reason"]


def test_the_database_holds_a_value_not_negative_and_once_a_day() -> None:
    value = counted(adopted(), "3")
    with pytest.raises(IntegrityError), transaction.atomic():
        AdoptionOutput.objects.filter(pk=value.pk).update(quantity=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdoptionOutput.objects.create(adoption=value.adoption, counted=value.counted, as_of=value.as_of, quantity=4)


def test_evidence_is_taken_by_its_content() -> None:
    from replication.services import OutputTyped

    typed = OutputTyped(what="lò", counting_unit="lò", quantity="3", as_of="1/3/2024")
    given: dict[str, Any] = {"adoption_id": adopted().pk, "typed": typed, "actor": person(STAFF)}
    with pytest.raises(FileRefused):
        record_output(file=SimpleUploadedFile("anh.jpg", b"\x7fELF"), **given)
    made, _ = record_output(file=SimpleUploadedFile("bien-ban.pdf", PDF), **given)
    assert (made.file_name, made.file_type) == ("bien-ban.pdf", "application/pdf")


# --- the unit's own registration


def test_an_adoption_becomes_a_maintained_registration_in_one_act_and_keeps_its_origin(new_season: Season) -> None:
    one = adopted("ham-thuan-bac/xa-ham-hiep", by=COMMUNE, place="Thôn Đại Lộc", adopted_on="1/3/2021")
    made = register_adoption(adoption_id=one.pk, season_id=new_season.pk, actor=person(COMMUNE))
    assert (made.kind, made.state, made.title) == (Kind.MAINTAINED, "draft", source().title)
    assert made.place == unit("ham-thuan-bac/xa-ham-hiep") and made.subject == "Chi hội Nông dân"
    assert "làm từ ngày 01/03/2021" in made.sheet.answers["situation"]
    assert register_adoption(adoption_id=one.pk, season_id=new_season.pk, actor=person(COMMUNE)) == made
    one.refresh_from_db()
    assert (one.registration, one.origin) == (made, source())


def accepted(one: Adoption, season: Season, title: str = "Lò đốt rác của xã Hàm Phú") -> Registration:
    """The adoption's registration, accepted as if all boxes had been written: it has a model of its own."""
    made = register_adoption(adoption_id=one.pk, season_id=season.pk, actor=person(STAFF))
    model = EmulationModel.objects.create(slug=f"m-{made.pk}", title=title, unit=made.unit, identity_key=str(made.pk))
    Registration.objects.filter(pk=made.pk).update(
        model=model, state="accepted", registered_on=date(2024, 3, 1), title=title, is_latest=True
    )
    return Registration.objects.get(pk=made.pk)


def test_who_takes_on_a_model_that_was_taken_on_stands_under_it(new_season: Season) -> None:
    first = adopted()
    own = accepted(first, new_season)
    second = adopted("phan-thiet/phuong-mui-ne", by=OTHER, model_id=own.model_id, adopted_on="20/3/2024")
    assert (second.origin, second.parent, second.depth) == (source(), first, 2)


def registered_alone() -> Registration:
    row = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).first()
    assert row is not None
    return row


def test_a_line_that_began_alone_joins_the_one_it_is_tied_to() -> None:
    alone = registered_alone()
    child = adopted(COMMUNES[1], model_id=alone.model_id)
    grandchild = adopted(COMMUNES[2], model_id=alone.model_id, parent_id=child.pk, adopted_on="1/2/2024")
    counted(child, "5")
    first = adopted()
    counted(first, "7")
    link_registration(adoption_id=first.pk, registration_id=alone.pk, actor=person(STAFF))
    child.refresh_from_db()
    grandchild.refresh_from_db()
    assert [(one.origin, one.parent, one.depth) for one in (child, grandchild)] == [
        (source(), first, 2),
        (source(), child, 3),
    ]
    assert CountedOutput.objects.count() == 1 and line_of(source(), date(2024, 4, 1)).depth == 3
    assert [total for _, total in line_of(source(), date(2024, 4, 1)).totals] == [12]


def test_no_line_runs_in_a_circle() -> None:
    alone = registered_alone()
    assert alone.model is not None
    home = Registration.objects.get(model=source(), season__year=2023)
    back = adopted("ham-thuan-bac/xa-ham-hiep", by=COMMUNE, model_id=alone.model_id, place="")  # Hàm Hiệp learns from Hàm Phú
    first = adopted()  # and Hàm Phú from Hàm Hiệp
    link_registration(adoption_id=first.pk, registration_id=alone.pk, actor=person(STAFF))
    back.refresh_from_db()
    assert back.origin == source()
    with pytest.raises(DomainError, match="không thể là gốc của chính nó"):
        link_registration(adoption_id=back.pk, registration_id=home.pk, actor=person(COMMUNE))
    with pytest.raises(DatabaseError), transaction.atomic():
        Adoption.objects.filter(pk=first.pk).update(parent=back.pk, depth=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        Adoption.objects.filter(pk=first.pk).update(parent=first.pk, depth=2)


def test_what_may_not_be_tied() -> None:
    alone = registered_alone()
    first, other = adopted(), adopted(COMMUNES[1])
    with pytest.raises(DomainError, match="đơn vị khác"):
        link_registration(adoption_id=other.pk, registration_id=alone.pk, actor=person(STAFF))
    link_registration(adoption_id=first.pk, registration_id=alone.pk, actor=person(STAFF))
    hamlet = adopted(place="Thôn 1")
    with pytest.raises(DomainError, match="đã có gốc"):
        link_registration(adoption_id=hamlet.pk, registration_id=alone.pk, actor=person(STAFF))
    with pytest.raises(NotAllowed):
        link_registration(adoption_id=hamlet.pk, registration_id=alone.pk, actor=person(OTHER))


# --- the board of a campaign


def test_the_units_of_a_campaign_against_what_was_asked() -> None:
    campaign = running(quantity=Decimal(20))
    done, on_way, late = (adopted(key, campaign_id=campaign.pk) for key in COMMUNES[:3])
    counted(done, "25")
    counted(on_way, "12")
    counted(late, "2")
    extra = adopted("ham-thuan-bac/xa-la-da", campaign_id=campaign.pk)
    counted(extra, "3")
    board = board_of(campaign, date(2024, 4, 1))
    assert [(line.name.split()[-1], line.done, line.progress) for line in board.lines if not line.is_extra] == [
        ("Lâm", 0, Progress.NOT_BEGUN),
        ("Hòa", 2, Progress.LATE),
        ("Phú", 25, Progress.REACHED),
        ("Trí", 12, Progress.ON_WAY),
    ] or sorted((line.done, line.progress) for line in board.lines if not line.is_extra) == [
        (0, Progress.NOT_BEGUN),
        (2, Progress.LATE),
        (12, Progress.ON_WAY),
        (25, Progress.REACHED),
    ]
    assert (board.done, board.asked, board.targets, len(board.late)) == (42, 80, 4, 2)
    assert [line.done for line in board.lines if line.is_extra] == [3]
    assert board_of(campaign, date(2024, 7, 1)).counts == [
        (Progress.REACHED, 1),
        (Progress.ON_WAY, 0),
        (Progress.LATE, 2),
        (Progress.NOT_BEGUN, 1),
    ]


def test_a_unit_that_is_merged_goes_on_under_its_heir_and_both_are_named() -> None:
    keys = ("ham-thuan-bac/xa-ham-phu", "ham-thuan-bac/xa-ham-tri")  # both in 2025/xa-ham-thuan-bac from 1/7/2025
    campaign = running(keys, quantity=Decimal(20), ends_on="31/12/2025")
    for key, number in zip(keys, ("7", "5"), strict=True):
        counted(adopted(key, campaign_id=campaign.pk), number)
    in_lam_dong()
    with on(2025, 9, 1):
        board = board_of(campaign, date(2025, 9, 1))
        assert [(line.name, line.was, line.asked, line.done) for line in board.lines] == [
            ("Đảng ủy xã Hàm Thuận Bắc", ["Đảng ủy xã Hàm Phú", "Đảng ủy xã Hàm Trí"], 40, 12)
        ]
        whole = adopted("2025/xa-ham-thuan-bac", by=PROVINCE, campaign_id=campaign.pk, adopted_on="1/8/2025")
        counted(whole, "30", "1/9/2025", by=PROVINCE)
        after = board_of(campaign, date(2025, 9, 1))
        assert after.done == 30  # the new commune's number holds those of the two before it
    assert board_of(campaign, date(2025, 6, 30)).done == 12 and len(board_of(campaign, date(2025, 6, 30)).lines) == 2
