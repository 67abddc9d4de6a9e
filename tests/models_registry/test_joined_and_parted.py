"""Two models that are one are joined, one that is two is parted, each undone."""

import pytest
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from models_registry.models import (
    EmulationModel,
    ModelJoin,
    Registration,
)
from models_registry.selectors import model_at, model_years
from models_registry.services import (
    join_models,
    part_model,
    undo_join,
)
from organisation.models import AuditEvent
from tests.models_registry.test_continuity import OFFICER, PROVINCE, Send, on, row_of
from tests.online import person
from tests.pages import refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def joined(send: Send) -> tuple[EmulationModel, EmulationModel, ModelJoin]:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, ("Con đường hoa của phụ nữ", {}))
    kept, other = row_of(2024, "Tuyến đường hoa").model, row_of(2025, "Con đường hoa của phụ nữ").model
    assert kept is not None and other is not None
    done = join_models(kept_id=kept.pk, joined_id=other.pk, reason="Cùng một tuyến đường.", actor=person(PROVINCE))
    return kept, other, done


def test_the_province_joins_two_models_that_are_one_and_parts_them_again(send: Send) -> None:
    kept, other, done = joined(send)
    assert Registration.objects.filter(model=kept).count() == 2
    assert model_at(None, other.slug).moved_to == kept.slug
    assert AuditEvent.objects.get(action="join-models").note == "Cùng một tuyến đường."
    undo_join(join_id=done.pk, actor=person(PROVINCE))
    assert Registration.objects.get(model=other).season.year == 2025
    with pytest.raises(DomainError, match="đã tách lại hai mô hình này rồi"):
        undo_join(join_id=done.pk, actor=person(PROVINCE))


def test_two_models_with_a_registration_in_one_season_are_not_joined_and_it_is_said_why(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}), ("Con đường hoa", {}))
    one, other = row_of(2024, "Tuyến đường hoa").model_id, row_of(2024, "Con đường hoa").model_id
    assert one and other
    with pytest.raises(DomainError, match=r"Năm 2024 cả hai đều có đăng ký: “Tuyến đường hoa” .* và “Con đường hoa”"):
        join_models(kept_id=one, joined_id=other, reason="Là một.", actor=person(PROVINCE))
    assert not ModelJoin.objects.exists()


def test_a_model_that_is_two_is_parted_from_a_year_on(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, on())
    old = row_of(2024, "Tuyến đường hoa")
    assert old.model is not None
    with pytest.raises(DomainError, match="mỗi bên phải còn"):
        part_model(model_id=old.model.pk, year=2024, reason="Hai tuyến khác nhau.", actor=person(PROVINCE))
    new = part_model(model_id=old.model.pk, year=2025, reason="Hai tuyến khác nhau.", actor=person(PROVINCE))
    assert [row.season.year for row in model_years(None, new)] == [2025]
    assert set(Registration.objects.filter(title="Tuyến đường hoa", season__year__gte=2024, is_latest=True)) == {
        old,
        row_of(2025, "Tuyến đường hoa"),
    }


@pytest.mark.parametrize("reason", ["", "   ", "ừ"])
def test_joining_and_parting_need_a_reason_and_the_provinces_role(reason: str, send: Send) -> None:
    kept, other, done = joined(send)
    undo_join(join_id=done.pk, actor=person(PROVINCE))
    with pytest.raises(DomainError, match="lý do"):
        join_models(kept_id=kept.pk, joined_id=other.pk, reason=reason, actor=person(PROVINCE))
    for act in (
        lambda: join_models(kept_id=kept.pk, joined_id=other.pk, reason="Là một mô hình.", actor=person(OFFICER)),
        lambda: part_model(model_id=kept.pk, year=2025, reason="Là hai mô hình.", actor=person(OFFICER)),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_database_keeps_registrations_off_a_model_that_was_joined(send: Send) -> None:
    kept, other, _ = joined(send)
    row = row_of(2024, "Tuyến đường hoa")
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(model=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmulationModel.objects.filter(pk=kept.pk).update(joined_to=other)


def test_a_join_is_undone_though_the_kept_model_was_joined_to_a_third_since(send: Send) -> None:
    kept, other, done = joined(send)
    third = Registration.objects.filter(season__year=2023, unit__key="phan-thiet", state="accepted")[0].model
    assert third is not None
    join_models(kept_id=third.pk, joined_id=kept.pk, reason="Cũng là một.", actor=person(PROVINCE))
    undo_join(join_id=done.pk, actor=person(PROVINCE))
    years = Registration.objects.order_by("season__year").values_list("season__year", flat=True)
    assert [list(years.filter(model=one)) for one in (third, kept, other)] == [[2023, 2024], [], [2025]]
    stands = dict(EmulationModel.objects.filter(pk__in=[third.pk, kept.pk, other.pk]).values_list("pk", "joined_to"))
    assert stands == {third.pk: None, kept.pk: third.pk, other.pk: None}


def test_a_model_is_joined_to_another_one_that_stands(send: Send) -> None:
    kept, other, _ = joined(send)
    with refused("Xin chọn một mô hình khác để nhập vào."):
        join_models(kept_id=kept.pk, joined_id=kept.pk, reason="Là một mô hình.", actor=person(PROVINCE))
    with refused("Một trong hai mô hình vừa được nhập vào mô hình khác. Xin mở lại trang."):
        join_models(kept_id=kept.pk, joined_id=other.pk, reason="Là một mô hình.", actor=person(PROVINCE))
    assert ModelJoin.objects.count() == 1


def test_words_that_were_written_since_a_join_stay_when_it_is_undone(send: Send) -> None:
    kept, _, done = joined(send)
    EmulationModel.objects.filter(pk=kept.pk).update(title="Tên viết sau")
    undo_join(join_id=done.pk, actor=person(PROVINCE))
    assert EmulationModel.objects.get(pk=kept.pk).title == "Tên viết sau"


def test_a_model_that_quotes_a_source_keeps_its_words_when_it_is_parted(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, on())
    model = row_of(2024, "Tuyến đường hoa").model
    assert model is not None
    EmulationModel.objects.filter(pk=model.pk).update(source="Báo cáo năm 2025", title="Tên theo báo cáo")
    part_model(model_id=model.pk, year=2025, reason="Hai tuyến khác nhau.", actor=person(PROVINCE))
    assert EmulationModel.objects.get(pk=model.pk).title == "Tên theo báo cáo"
