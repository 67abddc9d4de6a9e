"""What is typed of a set of criteria: its lines (`tc-<n>-...`) and its bands (`muc-<n>-...`)."""

from decimal import Decimal
from typing import Any, ClassVar

from common.form_errors import WrongAt
from common.forms import NamedForm
from common.numbers import read_number, write_number
from recognition.forms.fields import text_field
from recognition.models import CriteriaSet
from recognition.validators import BandLine, CriterionLine, GuideLine

LINES, BANDS = 15, 6
GUIDES = "thang"
_LINE, _BAND = ("ten", "diem", "he-so", "toi-thieu", "loai", GUIDES), ("ten", "tu", "den")
Row = dict[str, str]


class CriteriaForm(NamedForm):
    """A set of criteria. The first number that is none is what is said."""

    names: ClassVar = {"name": "ten", "minimum_total": "toi-thieu"}

    name = text_field()
    minimum_total = text_field()

    def __init__(self, data: Any, *, kept: CriteriaSet) -> None:
        super().__init__(data)
        self.kept = kept

    def _rows(self, prefix: str, number: int, names: tuple[str, ...]) -> list[Row]:
        def text(n: int, name: str) -> str:
            return str(self.data.get(f"{prefix}-{n}-{name}", "")).strip()[: 2000 if name == GUIDES else 200]

        return [{name: text(n, name) for name in names} for n in range(number)]

    @property
    def typed(self) -> dict[str, Any]:
        """What the page shows: what was typed, else the set that is kept."""
        if not self.is_bound:
            return _as_typed(self.kept)
        return {
            "name": str(self["name"].value() or "")[:200],
            "minimum_total": str(self["minimum_total"].value() or "")[:20],
            "lines": self._rows("tc", LINES, _LINE),
            "bands": self._rows("muc", BANDS, _BAND),
        }

    def clean(self) -> dict[str, Any]:
        """What `save_criteria` takes."""
        typed = self.typed
        return {
            "name": typed["name"],
            "lines": [_line(row, f"tc-{n}") for n, row in enumerate(typed["lines"]) if any(row.values())],
            "bands": [_band(row, f"muc-{n}") for n, row in enumerate(typed["bands"]) if any(row.values())],
            "minimum_total": _number(typed["minimum_total"], "Tổng điểm tối thiểu", "toi-thieu"),
        }


def _as_typed(kept: CriteriaSet) -> dict[str, Any]:
    lines = [
        {
            "ten": criterion.name,
            "diem": write_number(criterion.maximum),
            "he-so": write_number(criterion.weight),
            "toi-thieu": write_number(criterion.minimum),
            "loai": "1" if criterion.is_knockout else "",
            GUIDES: "\n".join(f"{write_number(guide.from_points) or '0'}: {guide.words}" for guide in criterion.guides.all()),
        }
        for criterion in kept.criteria.prefetch_related("guides")
    ]
    bands = [
        {"ten": band.name, "tu": write_number(band.from_total), "den": write_number(band.to_total)} for band in kept.bands.all()
    ]
    empty: Row = {}
    return {
        "name": kept.name,
        "minimum_total": write_number(kept.minimum_total),
        "lines": [*lines, *[empty] * (max(len(lines) + 2, 8) - len(lines))][:LINES],
        "bands": [*bands, *[empty] * (max(len(bands) + 1, 4) - len(bands))][:BANDS],
    }


def _number(text: str, what: str, place: str) -> Decimal:
    number = read_number(text)
    if number is None:
        raise WrongAt(place, f"{what}: “{text}” không phải số; viết 10 hoặc 7,5.")
    return number


def _line(row: Row, at: str) -> CriterionLine:
    name = row["ten"]
    return CriterionLine(
        name,
        _number(row["diem"], f"Điểm tối đa của “{name}”", f"{at}-diem"),
        _number(row["he-so"] or "1", f"Hệ số của “{name}”", f"{at}-he-so"),
        _number(row["toi-thieu"], f"Tối thiểu của “{name}”", f"{at}-toi-thieu") if row["toi-thieu"] else None,
        bool(row["loai"]),
        tuple(_guide(text, name, f"{at}-{GUIDES}") for text in row[GUIDES].splitlines() if text.strip()),
        at,
    )


def _band(row: Row, at: str) -> BandLine:
    label = f"Mức “{row['ten']}”"
    return BandLine(row["ten"], _number(row["tu"], label, f"{at}-tu"), _number(row["den"], label, f"{at}-den"), at)


def _guide(text: str, of: str, place: str) -> GuideLine:
    """A line such as “9: Việc nhân dân bức xúc”."""
    start, _, words = text.partition(":")
    points = read_number(start)
    if points is None or not words.strip():
        raise WrongAt(place, f"Thang điểm của “{of}”: “{text[:40]}” phải viết như “9: Việc nhân dân bức xúc”.")
    return GuideLine(points, words)
