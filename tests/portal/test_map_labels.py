"""The map: no name lies on another, for 14 units and for 124; what crowds is one bubble that opens."""

from datetime import date
from itertools import combinations, permutations

import pytest
from django.test import Client

from organisation.models import Unit, UnitVersion
from organisation.selectors.units import children, reporting_units
from portal.charts import TOUCHING, WIDTH, Bubble, Map, box_of, district_map, drawn_of, overlap
from portal.selectors.places import places_of
from tests import many_units  # noqa: F401  its stage registers itself

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2023, 10, 15), date(2026, 10, 15)


def lying(bubbles: list[Bubble]) -> list[tuple[str, str]]:
    named = [bubble for bubble in bubbles if bubble.is_named]
    return [(one.label, other.label) for one, other in combinations(named, 2) if overlap(box_of(one), box_of(other))]


def numbers_touching(bubbles: list[Bubble]) -> list[tuple[str, str]]:
    """Bubbles whose number stands on another's number, name or bubble."""
    found = []
    for one, other in permutations(bubbles, 2):
        own = drawn_of(one)[1:]
        theirs = [*drawn_of(other), box_of(other)]
        if any(overlap(number, box) > TOUCHING for number in own for box in theirs):
            found.append((one.label, other.label))
    return found


def drawn(day: date, counts: dict[int, int] | None = None) -> tuple[Map, list[UnitVersion]]:
    units = [version for version in reporting_units(day) if version.latitude is not None]
    places = places_of(units, day) or units
    found = district_map(units, places, {unit.unit_id: unit.unit_id % 9 for unit in units} if counts is None else counts)
    assert found
    return found, units


def test_each_of_ten_districts_has_its_own_name() -> None:
    found, units = drawn(BEFORE)
    assert len(found.bubbles) == len(units) == 10 and all(bubble.is_named for bubble in found.bubbles)
    assert lying(found.bubbles) == []


@pytest.mark.parametrize("counts", [None, {}])
def test_124_units_stand_in_bubbles_that_can_be_read(counts: dict[int, int] | None) -> None:
    found, units = drawn(AFTER, counts)
    assert lying(found.bubbles) == numbers_touching(found.bubbles) == []
    assert sorted(one.unit_id for bubble in found.bubbles for one in bubble.members) == sorted(one.unit_id for one in units)
    assert 14 <= len(found.bubbles) < 124 and all(bubble.is_named for bubble in found.bubbles)
    assert all(box_of(bubble)[0] >= 0 and box_of(bubble)[2] <= WIDTH for bubble in found.bubbles)


def test_a_bubble_of_several_says_how_many_and_what_they_have_together() -> None:
    found, _units = drawn(AFTER)
    crowd = next(bubble for bubble in found.bubbles if len(bubble.members) > 1)
    assert crowd.label.endswith(f" +{len(crowd.members) - 1}")
    assert crowd.count == sum(unit.unit_id % 9 for unit in crowd.members)
    assert found.around(crowd.unit.unit.key) == crowd.members and found.around("khong-co") == ()


def test_the_communes_of_a_district_keep_a_bubble_each() -> None:
    units = list(children(Unit.objects.get(key="ham-thuan-bac"), BEFORE))
    found = district_map(units, units, {})
    assert found and len(found.bubbles) == len(units) == 17 and lying(found.bubbles) == []


@pytest.mark.stage("many-units")
def test_a_bubble_of_several_opens_its_units(client: Client) -> None:
    page = client.get("/ban-do/?nam=2026")
    crowd = next(bubble for bubble in page.context["page"].map.bubbles if len(bubble.members) > 1)
    assert f"gan={crowd.unit.unit.key.replace('/', '%2F')}" in crowd.href
    near = client.get("/ban-do/" + crowd.href)
    assert {place.version.unit_id for place in near.context["page"].found.places} == {unit.unit_id for unit in crowd.members}
    assert "Thu ra cả tỉnh" in near.content.decode() and "cổng không hiểu" not in near.content.decode()
    assert client.get("/ban-do/?nam=2026&gan=khong-co").status_code == 200
