"""What a review of replication found: nothing is lost without a word, no number counts twice or vanishes, no line runs back."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from common.exceptions import DomainError
from models_registry.models import OutputMeasure, Registration
from organisation.models import UnitVersion
from portal import charts
from replication.enums import Progress
from replication.models import AdoptionOutput
from replication.selectors.campaigns import board_of
from replication.selectors.lines import _first_day, line_of
from replication.services import end_adoption, link_registration, set_quantities
from replication.validators import ReplicationRefused
from tests.online import person
from tests.replicating import COMMUNES, PROVINCE, STAFF, adopted, counted, merged, officer, opened, running, source, unit

pytestmark = [pytest.mark.both, pytest.mark.django_db]
DAY = date(2024, 4, 1)
OWN = "lò đốt rác ở xã Hàm Hiệp"


def test_two_who_set_targets_at_once(client: Client) -> None:
    """A saves what A changed; what B changed meanwhile stays, or is told where it is the same."""
    campaign = running(quantity=Decimal(30))
    first, second, *_ = (unit(key).pk for key in COMMUNES)
    seen = {first: Decimal(30), second: Decimal(30)}
    set_quantities(campaign_id=campaign.pk, quantities={second: Decimal(20)}, seen=seen, actor=person(STAFF))
    set_quantities(campaign_id=campaign.pk, quantities=seen | {first: Decimal(40)}, seen=seen, actor=person(STAFF))
    kept = dict(campaign.targets.values_list("unit", "quantity"))
    assert (kept[first], kept[second]) == (40, 20)
    with pytest.raises(DomainError, match=r"Người khác vừa đổi chỉ tiêu của .*\(20\)"):
        set_quantities(campaign_id=campaign.pk, quantities={second: Decimal(50)}, seen=seen, actor=person(STAFF))
    client.force_login(person(STAFF))
    address = reverse("replication:targets", args=[campaign.pk])
    client.post(address, {"viec": "chi-tieu", f"ct-{first}": "60", f"cu-{first}": "40"})
    assert dict(campaign.targets.values_list("unit", "quantity")) == kept | {first: 60}
    client.post(address, {"viec": "tat-ca", "chi-tieu": ""})
    assert dict(campaign.targets.values_list("unit", "quantity")).items() >= (kept | {first: 60}).items()


def test_units_are_offered_as_of_the_day_that_is_asked(client: Client) -> None:
    UnitVersion.objects.filter(unit__key=COMMUNES[3]).update(valid_to=date(2024, 1, 1))
    campaign = opened()
    client.force_login(person(STAFF))
    address = reverse("replication:targets", args=[campaign.pk])
    name = unit(COMMUNES[3]).versions.get().name
    assert name in client.get(address, {"ngay": "8/12/2023"}).content.decode()
    assert name not in client.get(address).content.decode()
    client.post(address, {"viec": "tat-ca", "ngay": "8/12/2023"})
    assert campaign.targets.filter(unit__key=COMMUNES[3]).exists()


def test_one_measure_of_the_origin_counts_in_each_way_of_counting_that_names_it() -> None:
    running(own_what=OWN)
    opened(title="Chiến dịch thứ hai", what="lò đốt rác hộ gia đình", own_what=OWN)
    sums = {one.what: number for one, number in line_of(source(), DAY).totals}
    assert sums == {"lò đốt rác": 136, "lò đốt rác hộ gia đình": 136}


def theirs() -> Registration:
    there = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False, withdrawn_on__isnull=True)
    return there.earliest("pk")


def test_what_a_tied_model_measured_goes_on_in_the_line() -> None:
    running(own_what="")
    one, mine = adopted(), theirs()
    OutputMeasure.objects.create(
        model=mine.model, what="lò đốt rác", counting_unit="lò", quantity=40, as_of=date(2024, 2, 1), as_of_precision="day"
    )
    link_registration(adoption_id=one.pk, registration_id=mine.pk, actor=person(STAFF))
    kept = AdoptionOutput.objects.get(adoption=one)
    assert (kept.quantity, kept.as_of) == (40, date(2024, 2, 1))
    assert [number for thing, number in line_of(source(), DAY).totals if thing.what == "lò đốt rác"] == [40]


def test_a_line_that_began_earlier_is_not_tied_under_a_later_one() -> None:
    one, mine = adopted(), theirs()
    adopted(COMMUNES[2], model_id=mine.model_id, adopted_on="15/12/2023", by=PROVINCE)
    with pytest.raises(DomainError, match="ngược thời gian"):
        link_registration(adoption_id=one.pk, registration_id=mine.pk, actor=person(STAFF))


def test_another_way_of_counting_is_begun_on_purpose() -> None:
    running()
    one = adopted()
    with pytest.raises(ReplicationRefused, match="đang đếm “lò đốt rác”, lò"):
        counted(one, "25", what="lò")
    counted(one, "25", what="người được tập huấn", counting_unit="người", is_new=True)
    assert AdoptionOutput.objects.get().counted.what == "người được tập huấn"


def test_a_unit_that_stopped_is_told_as_such() -> None:
    campaign = running(COMMUNES[:2], quantity=Decimal(20))
    one = adopted(campaign_id=campaign.pk)
    counted(one, "25")
    with pytest.raises(ReplicationRefused, match="đã ghi số đến 01/03/2024"):
        end_adoption(adoption_id=one.pk, ended_on="1/2/2024", why="Thôi", actor=person(STAFF))
    end_adoption(adoption_id=one.pk, ended_on="20/3/2024", why="Thôi", actor=person(STAFF))
    board = board_of(campaign, DAY)
    assert dict(board.counts)[Progress.STOPPED] == dict(board.counts)[Progress.NOT_BEGUN] == 1
    with pytest.raises(ReplicationRefused, match="đã thôi làm từ 20/03/2024"):
        adopted(COMMUNES[2], parent_id=one.pk, adopted_on="25/3/2024")


def test_an_output_of_the_same_day() -> None:
    """Less needs a reason; another officer's proof and source are not replaced unseen; an old proof proves no new number."""
    one = adopted()
    counted(one, "12", source="A đếm")
    AdoptionOutput.objects.update(file_name="a.pdf", file="x/a.pdf")
    with pytest.raises(ReplicationRefused, match="số mới nhỏ hơn"):
        counted(one, "3", seen="12")
    other = officer("khac", COMMUNES[0])
    with pytest.raises(DomainError, match="đã ghi 12 lò"):
        counted(one, "12", by=other.username, source="B đếm")
    assert AdoptionOutput.objects.get().source == "A đếm"
    counted(one, "12", source="Chi hội đếm")
    assert AdoptionOutput.objects.get().source == "Chi hội đếm"
    counted(one, "3", seen="12", reason="Đếm nhầm")
    kept = AdoptionOutput.objects.get()
    assert (kept.quantity, kept.reason, kept.file_name, bool(kept.file)) == (3, "Đếm nhầm", "", False)


def test_a_hamlet_is_counted_once_across_a_merger() -> None:
    adopted(place="thôn Phú Lâm")
    merged(COMMUNES[0], COMMUNES[1])
    with pytest.raises(ReplicationRefused, match="“thôn Phú Lâm” đã ghi ở"):
        adopted(COMMUNES[1], place="Thôn Phú Lâm", adopted_on="20/3/2024")
    adopted(COMMUNES[1], place="thôn Phú Lâm (Hàm Trí)", adopted_on="20/3/2024")


def test_nobody_is_the_origin_of_oneself() -> None:
    with pytest.raises(ReplicationRefused, match="nơi có mô hình gốc"):
        adopted("ham-thuan-bac/xa-ham-hiep")
    with pytest.raises(ReplicationRefused, match="bắt đầu ở chính nơi này"):
        adopted("ham-thuan-bac/xa-ham-hiep", place="Thôn Xuân Điền")
    merged("ham-thuan-bac/xa-ham-hiep", COMMUNES[3])
    with pytest.raises(ReplicationRefused, match="nơi có mô hình gốc"):
        adopted(COMMUNES[3], adopted_on="20/3/2024")


def test_a_directive_is_not_older_than_what_it_speaks_of() -> None:
    with pytest.raises(ReplicationRefused, match="văn bản không thể trước"):
        opened(directive_on="1/1/2019")


@pytest.mark.parametrize(
    "words, day",
    [
        ("10/2020, ở thôn Xuân Điền", date(2020, 10, 1)),
        ("tháng 10/2020", date(2020, 10, 1)),
        ("Từ 8/12/2021", date(2021, 12, 8)),
        ("năm 2019", date(2019, 1, 1)),
        ("12 hộ đầu năm 2021", date(2021, 1, 1)),
        ("từ lâu", None),
    ],
)
def test_the_first_day_in_words(words: str, day: date | None) -> None:
    assert _first_day(words) == day


class Leaf:
    """A node of a line."""

    def __init__(self, *children: "Leaf", is_ended: bool = False) -> None:
        self.children, self.is_ended, self.value, self.adoption = list(children), is_ended, None, object()


@pytest.mark.parametrize("levels, wide", [(1, 3), (2, 9), (3, 12), (5, 4)])
def test_a_tree_tells_of_everyone_and_nests_its_lists(levels: int, wide: int) -> None:
    def grow(level: int) -> list[Leaf]:
        return [Leaf(*grow(level - 1)) for _ in range(wide)] if level else []

    roots = grow(levels)
    tree = charts.tree(roots)
    drawn = sum(1 for twig in tree.twigs if not twig.more)
    assert drawn + sum(twig.more for twig in tree.twigs) == sum(wide**n for n in range(1, levels + 1))
    tags = "".join([*(twig.before for twig in tree.twigs), tree.after])
    assert [tags.count(tag) for tag in ("<li>", "<ol>")] == [tags.count(tag) for tag in ("</li>", "</ol>")] and tags.count(
        "<li>"
    ) == len(tree.twigs)
    assert len(tree.twigs) <= charts.SHOWN_ROWS + 1


def test_a_line_of_nobody() -> None:
    assert charts.tree([]).twigs == []


def test_an_ended_teacher_is_drawn_and_counts_for_nobody() -> None:
    tree = charts.tree([Leaf(Leaf(), is_ended=True)] + [Leaf() for _ in range(9)])
    assert [twig.is_ended for twig in tree.twigs][:2] == [True, False] and tree.twigs[-1].more == 2


def test_campaigns_are_found_without_marks(client: Client) -> None:
    opened()
    client.force_login(person(STAFF))
    html = client.get(reverse("replication:home"), {"q": "toan huyen HOC"}).content.decode()
    assert "Toàn huyện học lò đốt rác" in html
