"""Biểu 4 and the board of a campaign: columns once, as Excel and as Word (papers.md)."""

from datetime import date
from typing import Any

from common.dates import write_day
from common.exports import Column
from common.numbers import write_number
from organisation.models import Unit
from papers.exports import write_paper
from papers.kinds import Closing, PaperForm, Para, Table, declare
from papers.kinds import Column as WordColumn
from papers.models import Letterhead
from replication.enums import Progress
from replication.models import Adoption, AdoptionOutput, ReplicationCampaign
from replication.selectors.campaigns import Board

Row = tuple[Adoption, AdoptionOutput | None]

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


def rows_of(board: Board, values: dict[int, dict[int, AdoptionOutput]]) -> list[Row]:
    """The adoptions of a campaign by unit, each with its last value of what the campaign counts."""
    counted = board.campaign.counted_id or 0
    return [(one, values.get(one.pk, {}).get(counted)) for line in board.lines for one in line.adoptions]


def write_table_4(board: Board, rows: list[Row], head: Letterhead, unit: Unit, on: date) -> bytes:
    """Biểu 4 of a campaign as Word, as of the board's day."""
    campaign = board.campaign
    begun = board.targets - dict(board.counts)[Progress.NOT_BEGUN]
    counted = f"{write_number(board.done)} {campaign.counted.counting_unit}" if campaign.counted else ""
    lines: list[dict[str, Any]] = [
        {
            "tt": str(n),
            "goc": one.origin.title,
            "don_vi": str(one),
            "ngay": write_day(one.adopted_on),
            "ket_qua": f"{write_number(value.quantity)} {value.counted.counting_unit} (đến {write_day(value.as_of)})"
            if value
            else "",
            "hinh_thuc": one.get_method_display(),
        }
        for n, (one, value) in enumerate(rows, start=1)
    ]
    values = {
        "den_ngay": write_day(board.day),
        "loi_dau": f"Thực hiện {directive_words(campaign)}: {begun}/{board.targets} đơn vị được giao đã làm, ở {len(rows)} nơi.",
        "danh_sach": lines,
        "tong_cong": f"Tổng cộng: {len(rows)} nơi làm" + (f", {counted} (không tính trùng)." if counted else "."),
    }
    return write_paper(TABLE_4, values, letterhead=head, day=None, on=on, unit=unit)


def directive_words(campaign: ReplicationCampaign) -> str:
    """'Công văn số 12-CV/HU, ngày 08/12/2023, của Ban Thường vụ …'"""
    number = f" số {campaign.directive_number}" if campaign.directive_number else ""
    kind = campaign.get_directive_kind_display()
    return f"{kind}{number}, ngày {write_day(campaign.directive_on)}, của {campaign.directive_issuer}"
