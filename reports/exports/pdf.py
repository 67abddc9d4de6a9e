"""A report as PDF/A, in the look of its paper."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from common.dates import today, write_day
from common.numbers import write_number
from papers.enums import Symbol
from papers.exports import head_values, spelled
from papers.pdf import Press
from papers.selectors import head_of
from papers.word.layouts import NONE, profile_on
from reports.exports.values import ROMAN, Printed, signed
from reports.exports.word import GROUPS, in_pairs, left_out, named_rows, relations


@lru_cache(maxsize=1)
def _press() -> Press:
    return Press(Path(__file__).with_name("report.typ"))


def write_pdf(found: Printed) -> bytes:
    report = found.report
    day = report.frozen_on
    head = head_of(report.unit, day or today(), report.suffix)
    profile = profile_on(head.layout, day or today())
    values = head_values(head, Symbol.REPORT, report.number.number if report.number else None, day)
    data: dict[str, Any] = {
        "title": report.title,
        "draft": not report.checksum,
        "superior": values["co_quan_cap_tren"],
        "body": values["co_quan"],
        "nation": list(profile.nation),
        "star": profile.has_star,
        "number": values["so_ky_hieu"],
        "place": values["dia_danh_ngay"],
        "abstract": found.title,
        "front": found.front,
        "sections": [
            {"heading": f"{ROMAN[n]}- {one.section.heading.upper()}", "lines": one.texts} for n, one in enumerate(found.sections)
        ],
        "relations": relations(found),
        "recipients": [one["ten"] for one in values["noi_nhan"]],
        "signer": {"authority": head.authority, "title": head.signer_title, "name": head.signer_name},
        "lists": _lists(found),
        "table": _table(found),
        "bars_title": found.bars_title,
        "bars": [
            {"label": bar.label, "first": bar.first, "second": bar.second, "total": write_number(bar.total)} for bar in found.bars
        ],
        "notes": found.notes,
    }
    return _press().print_apart(spelled(data, head.spelling) | {"author": found.facts.unit})


def _lists(found: Printed) -> list[dict[str, Any]]:
    lists: list[dict[str, Any]] = []
    for number, (title, names) in enumerate(found.annexes):
        rows = [[row["tt"], row["ten"], row["tt_2"], row["ten_2"]] for row in in_pairs(names)]
        over = "PHỤ LỤC: " if not number else ""
        heads = ["TT", "Đơn vị", "TT", "Đơn vị"]
        lists.append({"title": over + title.upper(), "heads": heads, "widths": [1, 7, 1, 7], "rows": rows, "numbers": 9})
    for listed in found.named:
        rows = []
        for title, individual in zip(GROUPS, (False, True), strict=True):
            group = [list(row.values()) for row in named_rows(listed, individual=individual)]
            rows += [[title], *group] if group else [[f"{title} {NONE}"]]
        heads = ["TT", "Tên mô hình", "Tập thể, cá nhân", "Đơn vị"]
        lists.append({"title": listed.title, "heads": heads, "widths": [1, 7, 5, 5], "rows": rows, "numbers": 9})
    if found.named:
        lists[-1]["after"] = left_out(found)
    if found.compared:
        rows = [[one.words, write_number(one.now), write_number(one.then), signed(one.more), one.rate] for one in found.compared]
        heads = ["Số liệu", "Năm nay", "Năm trước", "Tăng, giảm", "Tỷ lệ"]
        lists.append({"title": "SO VỚI CÙNG KỲ NĂM TRƯỚC", "heads": heads, "widths": [8, 2, 2, 2, 2], "rows": rows, "numbers": 1})
    if found.facts.spread.outputs:
        rows = [[title, came] for title, came in found.facts.spread.outputs]
        lists.append(
            {
                "title": "KẾT QUẢ NHÂN RỘNG",
                "heads": ["Chiến dịch", "Kết quả đo được"],
                "widths": [3, 1],
                "rows": rows,
                "numbers": 1,
            }
        )
    return lists


def _table(found: Printed) -> dict[str, Any] | None:
    if not found.lines:
        return None
    columns = found.columns
    widths = [1.2, 6.4, *(2.2 if one.about else 2 for one in columns), 3]
    numbered = [*((str(n), one) for n, one in enumerate(found.lines, start=1)), ("", found.total)]
    rows = [[number, one.name, *(write_number(column.of(one)) for column in columns), one.note] for number, one in numbered]
    title = f"Kết quả đăng ký, công nhận, đề nghị theo đơn vị, tính đến ngày {write_day(found.as_of)}"
    return {
        "title": title,
        "heads": ["TT", "Đơn vị", *(one.heading for one in columns), "Ghi chú"],
        "under": ["A", "B", *(one.number for one in columns), ""],
        "widths": widths,
        "rows": rows,
    }
