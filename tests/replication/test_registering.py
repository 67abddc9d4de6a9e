"""From an adoption to the unit's own registration: lines that join, lines that may not."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from common.exceptions import DomainError, NotAllowed
from models_registry.enums import Kind
from models_registry.models import EmulationModel, Registration, Season
from replication.models import Adoption, CountedOutput
from replication.selectors.lines import line_of
from replication.services import (
    link_registration,
    register_adoption,
)
from replication.services.joins import line_keeps_apart
from tests.online import person
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    STAFF,
    adopted,
    counted,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]


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


def test_a_model_is_not_joined_to_the_one_that_it_was_learned_from(new_season: Season) -> None:
    one = adopted("ham-thuan-bac/xa-ham-phu", by=STAFF, place="Thôn Phú Lập")
    row = Registration.objects.filter(place__key="ham-thuan-bac/xa-ham-phu", season__year=2023)[0]
    Adoption.objects.filter(pk=one.pk).update(registration=row)
    assert row.model is not None
    for kept, joined in ((source(), row.model), (row.model, source())):
        assert "học theo mô hình kia" in line_keeps_apart(kept, joined)


def test_a_model_that_others_learned_from_is_kept_and_not_joined_away(new_season: Season) -> None:
    adopted("ham-thuan-bac/xa-ham-phu", by=STAFF, place="Thôn Phú Lập")
    other = EmulationModel.objects.exclude(pk=source().pk).filter(registrations__season__year=2023)[0]
    assert "đang là gốc" in line_keeps_apart(other, source())
    assert line_keeps_apart(source(), other) == ""


def test_two_lines_are_not_made_one_by_joining(new_season: Season) -> None:
    rows = list(Registration.objects.filter(season__year=2023, unit__key="ham-thuan-bac").exclude(model=source())[:2])
    places = ("ham-thuan-bac/xa-ham-phu", "ham-thuan-bac/xa-ham-tri")
    for row, place in zip(rows, places, strict=True):
        Adoption.objects.filter(pk=adopted(place, by=STAFF, place="Thôn 1").pk).update(registration=row)
    first, second = (row.model for row in rows)
    assert first is not None and second is not None
    assert "hai đường nhân rộng khác nhau" in line_keeps_apart(first, second)
