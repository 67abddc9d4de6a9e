"""What stands on a certificate, where, and the PDF of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from common.addresses import absolute, link_to
from common.dates import write_day
from common.text import fold, quoted
from models_registry.enums import SubjectKind
from papers.enums import Layout
from papers.exports import place_and_day, spelled
from papers.models import Letterhead
from papers.pdf import Press, qr_svg
from recognition.models import CertificateLayout, Recognition

A4 = (297, 210)


@dataclass(frozen=True)
class Block:
    """One block of a certificate: its name for people and where it stands on plain A4 (millimetres, points)."""

    name: str
    x: float
    y: float
    width: float
    height: float
    size: int
    align: str = "center"
    bold: bool = False
    italic: bool = False


BLOCKS = {
    "issuer": Block("Cơ quan ban hành, cơ quan cấp trên", 30, 63, 237, 13, 14, bold=True),
    "kind": Block("Loại đối tượng", 40, 80, 217, 8, 16, italic=True),
    "name": Block("Tên tập thể, cá nhân", 30, 88, 237, 18, 28, bold=True),
    "post": Block("Chức vụ, đơn vị", 40, 106, 217, 8, 15),
    "content": Block("Nội dung công nhận", 30, 115, 237, 24, 18),
    "place": Block("Địa danh, ngày", 160, 144, 115, 8, 14, italic=True),
    "title": Block("Chức vụ người ký", 160, 152, 115, 16, 14, bold=True),
    "signer": Block("Họ tên người ký", 160, 186, 115, 8, 15, bold=True),
    "decision": Block("Số quyết định, ngày", 54, 170, 95, 8, 12, "left"),
    "number": Block("Số giấy", 54, 178, 95, 8, 12, "left"),
    "qr": Block("Mã QR tra cứu", 24, 168, 26, 26, 10),
}


_NATION = {
    Layout.PARTY: "ĐẢNG CỘNG SẢN VIỆT NAM",
    Layout.STATE: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
}


def texts_of(one: Recognition, letterhead: Letterhead | None, number: int, seat: str = "") -> dict[str, str]:
    """What each block says; `number` is that of the register, `seat` the place of the unit, which stands for a hamlet in it. The
    names are those of the decision.
    """
    row, decision = one.registration, one.decision
    is_party = letterhead is None or letterhead.layout == Layout.PARTY
    collective = row.subject_kind != SubjectKind.INDIVIDUAL
    unit = row.place_name if row.place_id else (seat if row.place_name else "") or row.unit_name
    is_said = any(fold(name) in fold(one.subject) for name in (unit, seat) if name)
    graded = f" {one.standing_grade}" if one.standing_grade else ""
    title = one.title.strip('“”" ')  # units quote titles in their registers
    found = {
        "nation": _NATION[Layout.PARTY if is_party else Layout.STATE],
        "kind": "Tập thể:" if collective else "Đồng chí:" if is_party else "Ông (bà):",
        "name": one.subject or unit,
        "post": unit if one.subject and not is_said else "",
        "content": f"có mô hình “Dân vận khéo”{graded} {decision.level_names.honour} năm {row.season}:\n{quoted(title)}",
        "place": place_and_day(letterhead, decision.decided_on) if letterhead else f"ngày {write_day(decision.decided_on)}",
        "title": "\n".join(part for part in (letterhead.authority, letterhead.signer_title) if part) if letterhead else "",
        "signer": decision.signer,
        "issuer": issuer_lines(decision.issuer_name, letterhead.superior_name if letterhead else ""),
        "decision": f"Theo Quyết định số {decision.number}, ngày {write_day(decision.decided_on)}",
        "number": f"Số giấy: {number:03d}/{decision.decided_on.year}",
    }
    return dict(spelled(found, letterhead.spelling)) if letterhead else found


def issuer_lines(body: str, superior: str) -> str:
    """The body in capitals under the one above it, which is said once."""
    own = body.removesuffix(superior).strip() or body
    above = "" if fold(superior) in fold(own) else superior
    return "\n".join(name.upper() for name in (above, own) if name)


def address_of(code: str) -> str:
    return absolute(link_to("portal:verify", code))


def page_of(texts: Mapping[str, str], code: str, layout: CertificateLayout | None, *, guides: bool = False) -> dict[str, Any]:
    """One page for the press: texts at the places of the layout, moved by its fine shift. Without a layout: plain A4."""
    width, height = (layout.width, layout.height) if layout else A4
    dx, dy = (float(layout.shift_x), float(layout.shift_y)) if layout else (0.0, 0.0)
    placed = layout.blocks if layout else {}
    blocks, code_block = [], None
    for key, plain in BLOCKS.items():
        given = placed.get(key) if layout else {}
        if layout and given is None:
            continue
        at = {
            name: (given or {}).get(name, getattr(plain, name)) for name in ("x", "y", "width", "height", "size", "align", "bold")
        }
        at["x"], at["y"] = float(at["x"]) + dx, float(at["y"]) + dy
        if key == "qr":
            code_block = {"svg": qr_svg(address_of(code)), "x": at["x"], "y": at["y"], "side": float(at["width"])}
        elif texts.get(key):
            blocks.append(at | {"text": texts[key], "italic": plain.italic})
    frame = layout is None or not layout.is_blank
    return {
        "width": width,
        "height": height,
        "frame": frame,
        "heading": "GIẤY CÔNG NHẬN",
        "nation": texts.get("nation", _NATION[Layout.PARTY]),
        "blocks": blocks,
        "qr": code_block,
        "guides": guides,
    }


@lru_cache(maxsize=1)
def press() -> Press:
    return Press(Path(__file__).with_name("certificate.typ"))


def print_pages(pages: Iterable[Mapping[str, Any]], *, author: str, title: str = "Giấy công nhận") -> bytes:
    """The pages as one PDF/A."""
    return press().print({"title": title, "author": author, "pages": list(pages)})


SAMPLE = {
    "kind": "Đồng chí:",
    "name": "Nguyễn Thị Hường Thảo Nguyên (chữ mẫu)",
    "post": "Đảng ủy xã (chữ mẫu)",
    "content": "có mô hình “Dân vận khéo” cấp tỉnh năm 0000:\n“Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình”",
    "place": "Địa danh, ngày 00 tháng 00 năm 0000",
    "title": "T/M BAN THƯỜNG VỤ\nBÍ THƯ",
    "signer": "Người Ký Mẫu",
    "decision": "Theo Quyết định số 00-QĐ/MẪU, ngày 00/00/0000",
    "number": "Số giấy: 000/0000",
    "issuer": "CƠ QUAN CẤP TRÊN (CHỮ MẪU)\nCƠ QUAN BAN HÀNH",
}


def print_sample(layout: CertificateLayout) -> bytes:
    """A test page with the outline of every block and a ruler, to hold against the stock."""
    return print_pages([page_of(SAMPLE, "mau", layout, guides=True)], author="", title="Trang in thử")


def default_blocks() -> dict[str, dict[str, Any]]:
    """All blocks where plain A4 has them."""
    names = ("x", "y", "width", "height", "size", "align", "bold")
    return {key: {name: getattr(block, name) for name in names} for key, block in BLOCKS.items()}
