"""The board of a campaign."""

from datetime import date
from decimal import Decimal

import pytest

from replication.enums import Progress
from replication.selectors.campaigns import board_of
from replication.tasks_waiting import of_campaigns
from tests.online import person
from tests.replicating import (
    COMMUNES,
    PROVINCE,
    STAFF,
    adopted,
    counted,
    in_lam_dong,
    officer,
    on,
    running,
)

pytestmark = [pytest.mark.django_db]


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


def test_who_is_behind_and_who_leads_the_campaign_read_it_among_their_tasks() -> None:
    campaign = running(quantity=Decimal(20))
    counted(adopted(campaign_id=campaign.pk), "2")
    writer = officer("nguoi-lam", COMMUNES[0])
    with on(2024, 4, 1):
        (mine,) = of_campaigns(writer)
        (led,) = of_campaigns(person(STAFF))
    assert mine.title == f"Nhân rộng chậm: {campaign.title}" and "2/20 lò" in mine.why
    assert led.title == f"4/4 đơn vị nhân rộng chậm: {campaign.title}"
