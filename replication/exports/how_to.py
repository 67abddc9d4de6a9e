"""How to copy a model, as one A4 sheet (PDF)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from common.addresses import absolute, link_to
from common.dates import today, write_day
from common.text import steps
from papers.pdf import Press, qr_svg
from replication.selectors.how_to import STEPS, Sheet

MISSING = "Chưa ghi; xin hỏi đơn vị."


@lru_cache(maxsize=1)
def _press() -> Press:
    return Press(Path(__file__).with_name("how_to.typ"))


def print_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF/A, always on one page; what no page holds is cut, with the address where all of it stands."""
    address = absolute(link_to("portal:how-to", sheet.model.slug))
    about = [
        ", ".join(part for part in (sheet.where, sheet.unit_name if sheet.unit_name != sheet.where else "") if part),
        f"Bắt đầu: {sheet.since}." if sheet.since else "",
    ]
    parts: list[dict[str, Any]] = []
    for part, text in sheet.parts:
        kept = text if len(text) <= part.limit else f"{text[: part.limit].rsplit(' ', 1)[0]} … (xem tiếp ở trang)"
        lines = [{"head": head, "rest": rest} for head, rest in steps(kept)][: part.lines]
        parts.append({"label": part.label, "lines": lines, "numbered": part is STEPS and len(lines) > 1, "missing": MISSING})
    return _press().print(
        {
            "title": f"Cách làm theo: {sheet.model.title}",
            "author": sheet.unit_name,
            "heading": "CÁCH LÀM THEO MÔ HÌNH “DÂN VẬN KHÉO”",
            "name": sheet.model.title,
            "about": [line for line in about if line],
            "parts": parts,
            "qr": qr_svg(address),
            "address": address,
            "printed": f"In ngày {write_day(today())}",
        }
    )
