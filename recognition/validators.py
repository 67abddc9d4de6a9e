"""What criteria must be before a round may take them, and how points are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from common.exceptions import DomainError
from common.numbers import read_number, write_number
from common.text import clean, compare_key, fold
from recognition.enums import PaperKind


@dataclass(frozen=True)
class GuideLine:
    """What points from `from_points` on mean, as typed and read."""

    from_points: Decimal
    words: str


@dataclass(frozen=True)
class CriterionLine:
    """One criterion as typed and read; `at`: the line of the page where it was typed."""

    name: str
    maximum: Decimal
    weight: Decimal = Decimal(1)
    minimum: Decimal | None = None
    is_knockout: bool = False
    guides: tuple[GuideLine, ...] = ()
    at: str = ""


@dataclass(frozen=True)
class BandLine:
    """One band as typed and read: totals from `from_total` up to, but without, `to_total`; the last one with it."""

    name: str
    from_total: Decimal
    to_total: Decimal
    at: str = ""


DEFAULT_CRITERIA = (  # proposed by us (domain.md section 5), 100 points: for an officer to edit, never printed as official
    ("Cấp thiết, đúng chủ trương", 10),
    ("Sáng tạo, “khéo”", 20),
    ("Huy động, phối hợp", 15),
    ("Hiệu quả đo đếm được", 25),
    ("Nhân dân đồng tình, tham gia", 10),
    ("Bền vững", 10),
    ("Khả năng nhân rộng", 10),
)
DEFAULT_GUIDES = (  # by us as well, in the order of the criteria: (from points, what they mean)
    (
        ("9", "Việc nhân dân bức xúc, đúng nghị quyết của cấp ủy"),
        ("5", "Cần làm, chưa phải việc gấp"),
        ("0", "Chưa rõ vì sao phải làm"),
    ),
    (
        ("17", "Cách làm mới, nơi khác chưa có"),
        ("10", "Theo cách có sẵn nhưng hợp nơi mình"),
        ("0", "Giao việc, không thấy vận động"),
    ),
    (("12", "Nhiều lực lượng cùng góp, dân là chính"), ("7.5", "Có phối hợp, một bên làm là chính"), ("0", "Một đơn vị tự làm")),
    (("20", "Có số, có ngày, có người đếm, đúng như khảo sát"), ("12.5", "Có số nhưng chưa đủ căn cứ"), ("0", "Không đếm được")),
    (("8", "Dân bàn, dân góp, dân giữ"), ("5", "Dân tham gia khi được gọi"), ("0", "Dân chưa biết hoặc còn ý kiến khác")),
    (("8", "Tự giữ được, không cần kinh phí thêm"), ("5", "Cần người nhắc"), ("0", "Hết đợt là thôi")),
    (("8", "Đã có nơi làm theo"), ("5", "Làm theo được, chưa có nơi làm"), ("0", "Chỉ hợp một nơi")),
)
MOST = 9999
DEFAULT_MINIMUM = Decimal(70)
DEFAULT_BANDS = (("Không đề nghị", 0, 70), ("Đạt", 70, 80), ("Tốt", 80, 90), ("Xuất sắc", 90, 100))


def default_lines() -> tuple[list[CriterionLine], list[BandLine]]:
    """The default criteria, none under half, and their bands."""
    lines = [
        CriterionLine(
            name,
            Decimal(top),
            minimum=Decimal(top) / 2,
            guides=tuple(GuideLine(Decimal(start), words) for start, words in guides),
        )
        for (name, top), guides in zip(DEFAULT_CRITERIA, DEFAULT_GUIDES, strict=True)
    ]
    return lines, [BandLine(name, Decimal(a), Decimal(b)) for name, a, b in DEFAULT_BANDS]


def check_criteria(lines: Sequence[CriterionLine], bands: Sequence[BandLine], minimum_total: Decimal) -> None:
    """Raise DomainError with the first thing that cannot be."""
    for number in (minimum_total, *(n for one in lines for n in (one.maximum, one.weight, one.minimum or Decimal(0)))):
        if number > MOST or number != number.quantize(Decimal("0.01")):
            raise DomainError(f"{write_number(number)}: mỗi số nhiều nhất {MOST} và hai chữ số lẻ.")
    if not lines:
        raise DomainError("Bộ tiêu chí cần ít nhất một tiêu chí.")
    seen: set[str] = set()
    for line in lines:
        _check_line(line, seen)
        seen.add(compare_key(line.name))
    top = sum((line.maximum * line.weight for line in lines), Decimal(0))
    if top > MOST:
        raise DomainError(f"Tổng điểm cao nhất không quá {MOST}.")
    if not 0 <= minimum_total <= top:
        raise DomainError(f"Tổng điểm tối thiểu phải từ 0 đến {write_number(top)}.", field="minimum_total")
    _check_bands(bands, top)


def _check_line(line: CriterionLine, seen: set[str]) -> None:
    """`seen`: the names of the lines before, as they are compared."""
    if not clean(line.name):
        raise DomainError("Có tiêu chí chưa ghi tên.", field=f"{line.at}-ten")
    if compare_key(line.name) in seen:
        raise DomainError(f"Tiêu chí “{line.name}” ghi hai lần.", field=f"{line.at}-ten")
    if line.maximum <= 0 or line.weight <= 0:
        raise DomainError(f"“{line.name}”: điểm tối đa và hệ số phải lớn hơn 0.", field=f"{line.at}-diem")
    if line.minimum is not None and not 0 <= line.minimum <= line.maximum:
        raise DomainError(f"“{line.name}”: tối thiểu phải từ 0 đến {write_number(line.maximum)}.", field=f"{line.at}-toi-thieu")
    if line.is_knockout and line.minimum is None:
        raise DomainError(f"“{line.name}” là tiêu chí loại nên cần điểm tối thiểu.", field=f"{line.at}-toi-thieu")
    if len(line.name) > 200:
        raise DomainError(f"Tên tiêu chí “{line.name[:40]}…” dài quá 200 ký tự.", field=f"{line.at}-ten")
    _check_guides(line)


def _check_guides(line: CriterionLine) -> None:
    starts, at = [guide.from_points for guide in line.guides], f"{line.at}-thang"
    if len(starts) != len(set(starts)):
        raise DomainError(f"Thang điểm của “{line.name}” có hai mức cùng điểm.", field=at)
    for guide in line.guides:
        if not 0 <= guide.from_points <= line.maximum or guide.from_points != guide.from_points.quantize(Decimal("0.01")):
            raise DomainError(f"Thang điểm của “{line.name}”: điểm phải từ 0 đến {write_number(line.maximum)}.", field=at)
        if not clean(guide.words) or len(clean(guide.words)) > 300:
            raise DomainError(f"Thang điểm của “{line.name}”: mỗi mức cần lời, không quá 300 ký tự.", field=at)


def _check_bands(bands: Sequence[BandLine], top: Decimal) -> None:
    """Bands cover all totals from 0 to the top, each once."""
    reached = Decimal(0)
    for band in sorted(bands, key=lambda one: one.from_total):
        if not clean(band.name):
            raise DomainError("Có mức xếp loại chưa ghi tên.", field=f"{band.at}-ten")
        if len(clean(band.name)) > 60:
            raise DomainError(f"Tên mức “{band.name[:40]}…” dài quá 60 ký tự.", field=f"{band.at}-ten")
        if band.to_total <= band.from_total:
            raise DomainError(f"Mức “{band.name}”: điểm cuối phải lớn hơn điểm đầu.", field=f"{band.at}-den")
        if band.from_total > reached:
            gap = f"{write_number(reached)} đến dưới {write_number(band.from_total)}"
            raise DomainError(f"Các mức xếp loại hở: chưa có mức nào cho điểm từ {gap}.", field=f"{band.at}-tu")
        if band.from_total < reached:
            raise DomainError(
                f"Các mức xếp loại chồng nhau: mức “{band.name}” bắt đầu dưới {write_number(reached)}.", field=f"{band.at}-tu"
            )
        reached = band.to_total
    if bands and reached != top:
        raise DomainError(
            f"Các mức xếp loại phải đến đúng {write_number(top)}, là tổng điểm cao nhất; đang đến {write_number(reached)}."
        )


STEP = Decimal("0.5")


def read_points(text: str, maximum: Decimal, step: Decimal = STEP) -> tuple[Decimal | None, str]:
    """(points, '') for points in whole steps within the maximum; (None, '') for nothing typed; (None, what is wrong)."""
    if not text.strip():
        return None, ""
    points = read_number(text)
    if points is not None and points > maximum:
        return None, f"{text.strip()[:12]} quá điểm tối đa {write_number(maximum)}."
    if points is None or points % step:
        return None, f"“{text.strip()[:12]}” không phải số điểm; viết 7 hoặc 7,5."
    return points, ""


_NAMED = {  # how files that hold a paper are called, folded, without what stands between words
    PaperKind.PROPOSAL: ("totrinh", "ttr"),
    PaperKind.MINUTES: ("bienban",),
    PaperKind.SUMMARY: ("tonghop", "bieu", "danhsach"),
}


def kind_by_name(file_name: str) -> str:
    """The common paper that a file holds by its name; '' where the name says none or several."""
    name = "".join(char for char in fold(file_name.rpartition(".")[0]) if char.isalnum())
    found = [kind.value for kind, words in _NAMED.items() if any(word in name for word in words)]
    return found[0] if len(found) == 1 else ""
