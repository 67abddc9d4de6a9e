"""The line of a model and its sums: small cases by hand, a line of five levels and two thousand adoptions by an independent count."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_registry.services import NewMeasure, measure_output
from organisation.models import UnitVersion
from organisation.tree import unit_tree
from replication.enums import CampaignAction
from replication.figures import Found, total
from replication.models import Adoption, AdoptionOutput, CountedOutput, output_key
from replication.selectors.campaigns import board_of
from replication.selectors.lines import line_of
from replication.services import add_targets, end_adoption, move_campaign
from tests.online import person
from tests.replicating import COMMUNE, COMMUNES, STAFF, adopted, counted, on, opened, source, unit

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DAY = date(2024, 4, 1)
HTB, HIEP, PHU, TRI, NEW = (
    "ham-thuan-bac",
    "ham-thuan-bac/xa-ham-hiep",
    "ham-thuan-bac/xa-ham-phu",
    "ham-thuan-bac/xa-ham-tri",
    "2025/xa-ham-thuan-bac",
)


def found(key: str, quantity: int, place: str = "", day: date = DAY) -> Found:
    return Found(unit(key).pk, place, day, Decimal(quantity))


AFTER = date(2025, 9, 1)


@pytest.mark.parametrize(
    "rows, day, expected",
    [
        ([], DAY, 0),
        ([(PHU, 5, ""), (TRI, 7, "")], DAY, 12),
        ([(PHU, 136, ""), (PHU, 20, "thon 1"), (PHU, 30, "thon 2")], DAY, 136),  # the commune's holds its hamlets'
        ([(PHU, 40, ""), (PHU, 20, "thon 1"), (PHU, 30, "thon 2")], DAY, 50),  # unless they come to more
        ([(PHU, 20, "thon 1"), (PHU, 30, "thon 2")], DAY, 50),
        ([(PHU, 20, "thon 1"), (PHU, 30, "thon 1")], DAY, 30),  # one place told twice
        ([(HTB, 200, ""), (PHU, 40, ""), (PHU, 50, "thon 1"), (TRI, 10, "")], DAY, 200),
        ([(HTB, 55, ""), (PHU, 40, ""), (PHU, 50, "thon 1"), (TRI, 10, "")], DAY, 60),
        ([("phan-thiet", 9, ""), (HTB, 55, "")], DAY, 64),
        ([(NEW, 30, "", AFTER), (PHU, 7, ""), (TRI, 5, "")], AFTER, 30),  # the heir's holds those of who were merged
        ([(NEW, 10, "", AFTER), (PHU, 7, ""), (TRI, 5, "")], AFTER, 12),
        ([(HTB, 300, ""), (NEW, 30, "", AFTER)], AFTER, 300),  # the district that ended held all of what the heir follows
        ([(HTB, 300, ""), ("2025/phuong-mui-ne", 30, "", AFTER)], AFTER, 330),
    ],
)
def test_nothing_is_counted_twice(rows: list[tuple[Any, ...]], day: date, expected: int) -> None:
    items = [found(row[0], row[1], row[2], row[3] if len(row) > 3 else DAY) for row in rows]
    assert total(items, unit_tree(), day) == total(items[::-1], unit_tree(), day) == expected


def test_the_line_has_the_origins_own_number_too() -> None:
    model = source()  # 136 ovens at Hàm Hiệp, as of 31/12/2023
    first, second = adopted(), adopted(COMMUNES[1], adopted_on="1/2/2024")
    counted(first, "10", what="lò đốt rác ở xã Hàm Hiệp")
    counted(second, "5", what="LÒ ĐỐT RÁC ở xã Hàm Hiệp")  # the same thing, written otherwise
    hamlet = adopted(HIEP, by=COMMUNE, place="Thôn Đại Lộc", adopted_on="1/3/2021")
    counted(hamlet, "30", by=COMMUNE, what="lò đốt rác ở xã Hàm Hiệp")
    line = line_of(model, DAY)
    assert [(one.what, number) for one, number in line.totals] == [("lò đốt rác ở xã Hàm Hiệp", 151)]
    assert (line.by_year, line.depth, line.home_name) == ([(2021, 1), (2024, 2)], 1, "Xã Hàm Hiệp")
    assert len(line.reached) == 3 and len(line.communes) == 124
    before = line_of(model, date(2023, 12, 30))  # the origin's own is of the day after
    assert [number for _, number in before.totals] == []
    value = NewMeasure("lò đốt rác ở xã Hàm Hiệp", "lò", Decimal(150), date(2024, 3, 1))
    measure_output(model_id=model.pk, value=value, actor=None)
    assert [number for _, number in line_of(model, DAY).totals] == [165]


def test_a_line_is_told_from_the_beginning_each_after_what_it_learned_from() -> None:
    a, b = adopted(), adopted(COMMUNES[1], adopted_on="16/1/2024")
    a1 = adopted(COMMUNES[2], parent_id=a.pk, adopted_on="1/2/2024")
    a2 = adopted(COMMUNES[3], parent_id=a1.pk, adopted_on="1/3/2024")
    line = line_of(source(), DAY)
    assert [node.adoption for node in line.nodes] == [a, a1, a2, b]
    assert [node.adoption for node in line.roots] == [a, b] and line.depth == 3
    end_adoption(adoption_id=a.pk, ended_on="20/3/2024", why="Thôi", actor=person(STAFF))
    line = line_of(source(), DAY)
    assert [(node.adoption, node.is_ended) for node in line.roots] == [(a, True), (b, False)]  # who taught stays in the tree
    assert [node.adoption for node in line.nodes] == [a1, a2, b] and line.teachers[a.pk] == a
    end_adoption(adoption_id=a2.pk, ended_on="20/3/2024", why="Thôi", actor=person(STAFF))
    assert [node.adoption for node in line_of(source(), DAY).nodes] == [a1, b]


def grown(levels: int, number: int) -> None:
    """A line of so many levels: communes, their hamlets, districts too, at random days, each with values."""
    chance = random.Random(11)
    model = source()
    thing = CountedOutput.objects.create(
        origin=model,
        what="lò đốt rác",
        counting_unit="lò",
        key=output_key("lò đốt rác", "lò"),
        own_what="lò đốt rác ở xã Hàm Hiệp",
    )
    home = unit(HIEP).pk
    communes = [
        pk for pk in UnitVersion.objects.on(DAY).filter(level__key="commune").values_list("unit", flat=True) if pk != home
    ]
    districts = list(UnitVersion.objects.on(DAY).filter(level__key="district").values_list("unit", flat=True))
    places = [(pk, "") for pk in chance.sample(communes, 90)] + [(pk, "") for pk in districts[:5]]
    hamlets = [(pk, f"thon {n}") for pk in [*communes, home] for n in range(1, 20)]
    places += chance.sample(hamlets, number - len(places))
    chance.shuffle(places)
    by_level: list[list[Adoption]] = [[]]
    for n, (unit_id, place) in enumerate(places):
        depth = min(1 + n * levels // number, levels)
        parent = chance.choice(by_level[depth - 1]) if depth > 1 else None
        row = Adoption(
            origin=model, parent=parent, depth=depth, unit_id=unit_id, unit_name="x", place=place, place_key=place, who="x",
            method="own", adopted_on=date(2021, 1, 1) + timedelta(days=n // 3),
        )  # fmt: skip
        row.save()
        if len(by_level) <= depth:
            by_level.append([])
        by_level[depth].append(row)
    AdoptionOutput.objects.bulk_create(
        AdoptionOutput(adoption=row, counted=thing, quantity=chance.randrange(0, 60), as_of=day)
        for level in by_level
        for row in level
        for day in (date(2023, 6, 1), date(2023, 12, 1), date(2024, 5, 1))[: chance.randrange(0, 4)]
    )


def independent_count(day: date) -> Decimal:
    """By bare SQL and one sum per district, commune and hamlet; knows nothing of the code that it checks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.unit_id, a.place_key, o.quantity, o.as_of FROM replication_adoption a JOIN replication_adoptionoutput o "
            "ON o.adoption_id = a.id WHERE o.as_of <= %s AND a.adopted_on <= %s",
            [day, day],
        )
        last: dict[tuple[int, str], tuple[str, Decimal]] = {}
        for unit_id, place, quantity, as_of in cursor.fetchall():
            key, value = (unit_id, place), (str(as_of), Decimal(str(quantity)))
            if key not in last or value[0] > last[key][0]:
                last[key] = value
        cursor.execute("SELECT unit_id, parent_id FROM organisation_unitversion WHERE valid_to IS NULL OR valid_to > %s", [day])
        parents = dict(cursor.fetchall())
    home = unit(HIEP).pk
    own = last.get((home, ""))
    if own is None or own[0] < "2023-12-31":
        last[home, ""] = ("2023-12-31", Decimal(136))
    hamlets: dict[int, Decimal] = defaultdict(Decimal)
    for (unit_id, place), (_, value) in last.items():
        if place:
            hamlets[unit_id] += value
    units = {unit_id for unit_id, _ in last}
    worth = {one: max(last.get((one, ""), ("", Decimal(0)))[1], hamlets[one]) for one in units}
    tops: dict[int, Decimal] = defaultdict(Decimal)
    districts = {one for one in units if one in set(parents.values())}
    for one in units - districts:
        tops[parents[one]] += worth[one]
    return sum((max(tops[one], worth.get(one, Decimal(0))) for one in set(tops) | districts), Decimal(0))


@pytest.mark.long
def test_a_line_of_five_levels_and_two_thousand_adoptions(settings: Any) -> None:
    settings.REMEMBER_SECONDS = 0
    grown(5, 2000)
    for day in (date(2024, 1, 15), DAY):
        line = line_of(source(), day)
        assert (len(line.nodes), line.depth) == (2000, 5)
        assert [number for _, number in line.totals] == [independent_count(day)]
    later = date(2024, 6, 1)
    with on(2024, 6, 1):
        assert line_of(source(), later).totals[0][1] == independent_count(later)


def test_a_line_takes_the_same_queries_however_long() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            line = line_of(source(), DAY)
            assert line.totals and line.reached is not None and line.by_year
        return len(asked)

    counted(adopted(), "3")
    few = queries()
    for key in COMMUNES[1:]:
        counted(adopted(key), "3")
    assert queries() == few <= 9


def test_a_board_takes_the_same_queries_however_many_units() -> None:
    def queries(keys: tuple[str, ...]) -> int:
        campaign = opened()
        add_targets(campaign_id=campaign.pk, unit_ids=[unit(key).pk for key in keys], on=DAY, quantity=None, actor=person(STAFF))
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=person(STAFF))
        for n, key in enumerate(keys):
            counted(adopted(key, campaign_id=campaign.pk, place=f"Thôn {campaign.pk}-{n}"), "3")
        with CaptureQueriesContext(connection) as asked:
            assert board_of(campaign, DAY).done == 3 * len(keys)
        return len(asked)

    assert queries(COMMUNES[:1]) == queries(COMMUNES[:3]) <= 7
