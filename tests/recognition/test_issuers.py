"""Who issued a decision is read from the whole symbol of its number; no paper is submitted to its own sender."""

from datetime import date

import pytest

from organisation.models import Unit
from organisation.selectors.units import unit_on
from papers.models import Letterhead
from recognition.exports.packets import write_proposal
from recognition.models import Packet
from recognition.selectors.issuers import issuer_named
from tests.pages import lines_of_word
from tests.rounds import opened, role

pytestmark = pytest.mark.django_db


def named(number: str, unit: str, day: date) -> str:
    return issuer_named(number, unit_on(Unit.objects.get(key=unit), day), day)


OLD, BETWEEN, NEW = date(2023, 11, 8), date(2025, 4, 1), date(2025, 11, 1)


@pytest.mark.parametrize(
    "number, unit, day, name",
    [
        ("61-QĐ/BDVTU", "binh-thuan", OLD, "Ban Dân vận Tỉnh ủy Bình Thuận"),
        ("61-QĐ/bdvtu", "binh-thuan", OLD, "Ban Dân vận Tỉnh ủy Bình Thuận"),
        ("45-QĐ/TU", "binh-thuan", OLD, "Tỉnh ủy Bình Thuận"),
        ("45-QĐ/BTGDVTU", "lam-dong", NEW, "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Đồng"),
        ("45-QĐ/BTGDVTU", "binh-thuan", BETWEEN, "Ban Tuyên giáo và Dân vận Tỉnh ủy Bình Thuận"),  # before the record begins
        ("45-QĐ/TU", "lam-dong", NEW, "Tỉnh ủy Lâm Đồng"),
        ("9-QĐ/VPTU", "lam-dong", NEW, "Cơ quan có ký hiệu VPTU, Tỉnh ủy Lâm Đồng"),  # nobody wrote it down
        ("12-QĐ/BDVHU", "duc-linh", OLD, "Ban Dân vận Huyện ủy Đức Linh"),
        ("161-QĐ/ThU", "phan-thiet", OLD, "Thành ủy Phan Thiết"),
        ("161-QĐ/HU", "ham-thuan-bac", OLD, "Huyện ủy Hàm Thuận Bắc"),
        ("Quyết định 7", "binh-thuan", OLD, "Tỉnh ủy Bình Thuận"),
    ],
)
def test_the_whole_symbol_says_who_issued(number: str, unit: str, day: date, name: str) -> None:
    assert named(number, unit, day) == name


def test_a_letterhead_of_the_unit_says_it_first() -> None:
    unit = Unit.objects.get(key="lam-dong")
    Letterhead.objects.create(
        unit=unit,
        suffix="VPTU",
        valid_from=date(2025, 7, 1),
        body_name="Văn phòng",
        superior_name="Tỉnh ủy Lâm Đồng",
        place="Lâm Đồng",
        signer_title="CHÁNH VĂN PHÒNG",
        signer_name="Người ký",
        term="2025-2030",
    )
    assert named("9-QĐ/VPTU", "lam-dong", NEW) == "Văn phòng Tỉnh ủy Lâm Đồng"


@pytest.mark.parametrize(
    "round_of, proposer, recipient",
    [
        ("ham-thuan-bac", "ham-thuan-bac/xa-ham-hiep", "Huyện ủy Hàm Thuận Bắc"),
        ("ham-thuan-bac/xa-ham-hiep", "ham-thuan-bac/xa-ham-hiep", "Hội đồng xét công nhận của Đảng ủy xã Hàm Hiệp"),
    ],
)
def test_a_proposal_is_not_submitted_to_its_own_sender(round_of: str, proposer: str, recipient: str) -> None:
    if round_of != "ham-thuan-bac":
        role("duclinh.chuyenvien", "chuyen-vien-huyen", round_of)
        round_ = opened(unit=round_of, by="duclinh.chuyenvien")
    else:
        round_ = opened()
    unit = Unit.objects.get(key=proposer)
    packet = Packet.objects.create(round=round_, unit=unit, unit_name="Đảng ủy xã Hàm Hiệp")
    words = lines_of_word(write_proposal(packet))
    assert f"Kính trình: {recipient}" in words
    assert f"Đảng ủy xã Hàm Hiệp kính trình {recipient} xem xét, quyết định." in words
