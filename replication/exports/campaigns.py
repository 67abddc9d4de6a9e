"""Biểu 4 and the board of a campaign: columns once, as Excel and as Word (papers.md)."""

from datetime import date
from typing import Any

from common.dates import write_day
from common.exports import Column
from common.numbers import write_number
from models_registry.exports import DEMO_NOTE
from organisation.models import Unit
from organisation.selectors.units import versions_on
from organisation.tree import unit_tree
from papers.exports import write_paper
from papers.kinds import Closing, PaperForm, Para, Table, declare
from papers.kinds import Column as WordColumn
from papers.models import Letterhead
from replication.enums import DirectiveKind, Progress
from replication.models import Adoption, ReplicationCampaign
from replication.selectors.campaigns import Board

ADOPTION_COLUMNS = [
    Column("Mô hình gốc", 50, lambda r: r[0].origin.title),
    Column("Đơn vị nhân rộng", 34, lambda r: r[0].unit_name),
    Column("Nơi làm", 24, lambda r: r[0].place),
    Column("Ngày bắt đầu", 14, lambda r: r[0].adopted_on),
    Column("Kết quả đo được", 14, lambda r: r[1].quantity if r[1] else None),
    Column("Đơn vị tính", 12, lambda r: r[1].counted.counting_unit if r[1] else ""),
    Column("Tính đến", 14, lambda r: r[1].as_of if r[1] else None),
    Column("Hình thức", 20, lambda r: r[0].get_method_display()),
    Column("Học từ", 30, lambda r: str(r[0].parent) if r[0].parent else "Mô hình gốc"),
]

BOARD_COLUMNS = [
    Column("Đơn vị", 36, lambda r: r.name),
    Column("Trước là", 36, lambda r: "; ".join(r.was)),
    Column("Chỉ tiêu", 12, lambda r: r.asked),
    Column("Kết quả", 12, lambda r: r.done),
    Column("Số nơi làm", 10, lambda r: len(r.adoptions)),
    Column("Tính đến", 14, lambda r: r.last),
    Column("Tình hình", 16, lambda r: "Tham gia thêm" if r.is_extra else r.progress.label),
]

TABLE_4 = declare(
    PaperForm(
        slug="bieu-4-nhan-rong",
        name="Biểu 4, nhân rộng mô hình",
        title="BIỂU 4",
        abstract="nhân rộng mô hình “Dân vận khéo”, tính đến ngày {{ den_ngay }}",
        landscape=True,
        blocks=(
            Para("{{ loi_dau }}"),
            Table(
                (
                    WordColumn("STT", "{{ x.tt }}", 13, "centre"),
                    WordColumn("Mô hình gốc", "{{ x.goc }}", 62),
                    WordColumn("Đơn vị nhân rộng", "{{ x.don_vi }}", 58),
                    WordColumn("Ngày bắt đầu", "{{ x.ngay }}", 28, "centre"),
                    WordColumn("Kết quả đo được", "{{ x.ket_qua }}", 52),
                    WordColumn("Hình thức", "{{ x.hinh_thuc }}", 39),
                ),
                (("", "danh_sach"),),
            ),
            Para("{{ tong_cong }}", look="plain"),
            Closing(),
        ),
        fields={
            "den_ngay": "ngày tính số liệu",
            "loi_dau": "câu nêu chiến dịch, văn bản chỉ đạo, số đơn vị (cổng tính)",
            "tong_cong": "câu tổng cộng (cổng tính)",
        },
        lists={
            "danh_sach": {
                "tt": "số thứ tự",
                "goc": "mô hình gốc",
                "don_vi": "đơn vị, nơi nhân rộng",
                "ngay": "ngày bắt đầu",
                "ket_qua": "kết quả đo được",
                "hinh_thuc": "hình thức",
            }
        },
        needed=frozenset({"danh_sach", "tong_cong"}),
    )
)


CAMPAIGN_COLUMNS = [
    Column("Chiến dịch", 50, lambda r: r.campaign.title),
    Column("Mô hình gốc", 50, lambda r: r.campaign.source.title),
    Column("Cơ quan phát động", 34, lambda r: r.campaign.unit_name),
    Column("Từ ngày", 14, lambda r: r.campaign.starts_on),
    Column("Đến hết ngày", 14, lambda r: r.campaign.ends_on),
    Column("Trạng thái", 16, lambda r: r.campaign.get_state_display()),
    Column("Đơn vị giao", 10, lambda r: r.targets),
    Column("Đơn vị chậm, chưa làm", 12, lambda r: len(r.late)),
    Column("Số nơi làm", 10, lambda r: len(r.rows)),
    Column("Kết quả, không tính trùng", 14, lambda r: r.done),
    Column("Chỉ tiêu", 12, lambda r: r.asked),
    Column("Đơn vị tính", 12, lambda r: r.campaign.counted.counting_unit if r.campaign.counted else ""),
]

LATE_COLUMNS = [
    Column("Đơn vị", 36, lambda r: r[1].name),
    Column("Chiến dịch", 50, lambda r: r[0].campaign.title),
    Column("Cơ quan phát động", 34, lambda r: r[0].campaign.unit_name),
    Column("Đến hết ngày", 14, lambda r: r[0].campaign.ends_on),
    Column("Tình hình", 14, lambda r: r[1].progress.label),
    Column("Kết quả", 12, lambda r: r[1].done),
    Column("Chỉ tiêu", 12, lambda r: r[1].asked),
    Column("Tính đến", 14, lambda r: r[1].last),
]


def write_table_4(boards: list[Board], head: Letterhead, unit: Unit, day: date) -> bytes:
    """Biểu 4 of one campaign or of several as Word, as of a day."""
    rows = [row for board in boards for row in board.rows]
    heirs = _heirs([one for one, _ in rows], day)
    sums = "; ".join(
        f"{board.campaign.counted.what} {write_number(board.done)} {board.campaign.counted.counting_unit}"
        for board in boards
        if board.campaign.counted
    )
    lines: list[dict[str, Any]] = [
        {
            "tt": str(n),
            "goc": one.origin.title,
            "don_vi": f"{one}{_now(one, heirs)}",
            "ngay": write_day(one.adopted_on),
            "ket_qua": f"{write_number(value.quantity)} {value.counted.counting_unit} (đến {write_day(value.as_of)})"
            if value
            else "",
            "hinh_thuc": one.get_method_display(),
        }
        for n, (one, value) in enumerate(rows, start=1)
    ]
    values = {
        "den_ngay": write_day(day),
        "loi_dau": _opening(boards, len(rows)) + (f" {DEMO_NOTE}" if any(one.campaign.is_illustrative for one in boards) else ""),
        "danh_sach": lines,
        "tong_cong": f"Tổng cộng: {len(rows)} nơi làm" + (f"; {sums} (không tính trùng)." if sums else "."),
    }
    return write_paper(TABLE_4, values, letterhead=head, day=None, on=day, unit=unit)


def _heirs(adoptions: list[Adoption], day: date) -> dict[int, str]:
    """unit id -> the name of who carries it on; only of units that ended."""
    heirs = unit_tree().heirs([one.unit_id for one in adoptions], day)
    names = versions_on(heirs.values(), day)
    return {pk: names[heir].name for pk, heir in heirs.items() if heir != pk}


def _now(one: Adoption, heirs: dict[int, str]) -> str:
    return f" (nay là {heirs[one.unit_id]})" if one.unit_id in heirs else ""


def _opening(boards: list[Board], places: int) -> str:
    asked = sum(board.targets for board in boards)
    begun = asked - sum(dict(board.counts)[Progress.NOT_BEGUN] for board in boards)
    if len(boards) == 1:
        return f"Thực hiện {directive_words(boards[0].campaign)}: {begun}/{asked} đơn vị được giao đã làm, ở {places} nơi."
    return f"{len(boards)} chiến dịch nhân rộng: {begun}/{asked} lượt đơn vị được giao đã làm, ở {places} nơi."


def directive_words(campaign: ReplicationCampaign) -> str:
    """'Công văn số 12-CV/HU ngày 08/12/2023 của Ban Thường vụ …'"""
    number = f" số {campaign.directive_number}" if campaign.directive_number else ""
    kind = "Văn bản" if campaign.directive_kind == DirectiveKind.OTHER else campaign.get_directive_kind_display()
    return f"{kind}{number} ngày {write_day(campaign.directive_on)} của {campaign.directive_issuer}"
