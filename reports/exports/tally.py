"""The tally's table as columns, once for the page's Excel file and for reports."""

from common.exports import Column
from organisation.grouping import told_apart
from organisation.naming import head_level_on
from reports.selectors import Tally


def tally_columns(found: Tally) -> list[Column]:
    head = head_level_on(found.as_of)
    names = told_apart(line.unit for line in found.units)
    judged = [Column("Hiệu quả (7)", 12, lambda line: line.effective)] if found.judged else []
    return [
        Column("Đơn vị", 44, lambda line: names[line.unit.unit_id]),
        Column("Đăng ký (1 = 2 + 3)", 12, lambda line: line.registered),
        Column("Mới (2)", 12, lambda line: line.new),
        Column("Duy trì, nhân rộng (3)", 14, lambda line: line.maintained),
        Column(f"{found.own_level.tier} công nhận (4)", 14, lambda line: line.district_recognised),
        Column(f"Đề nghị {head.place} (5)", 12, lambda line: line.province_proposed),
        Column(f"{head.tier} công nhận (6)", 12, lambda line: line.province_recognised),
        *judged,
    ]
