"""What is typed of a stock of certificates: its paper, where each block stands on it."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from common.forms import NamedForm
from common.numbers import read_number, write_number
from models_registry.enums import SubjectKind
from recognition.exports.certificates import BLOCKS, default_blocks
from recognition.forms.fields import text_field
from recognition.models import CertificateLayout
from recognition.services import StockLayout

MEASURES = (("x", "Trái"), ("y", "Trên"), ("width", "Rộng"), ("height", "Cao"), ("size", "Cỡ chữ"))
ALIGNMENTS = ("left", "center", "right")
BlockShown = tuple[str, str, bool, list[tuple[str, str, str]], str, bool]
"""(block, its name, printed or not, [(field, label, value)], alignment, bold)"""


class MillimetresField(forms.Field):
    """A number, below nought too; nothing is nought."""

    widget = forms.TextInput

    def clean(self, value: Any) -> Decimal:
        text = str(value or "").strip()
        number = read_number(text.removeprefix("-")) if text else Decimal(0)
        if number is None:
            raise forms.ValidationError(f"{self.label}: “{text[:12]}” không phải số; viết 12 hoặc 12,5.")
        return -number if text.startswith("-") else number


class PrintForm(forms.Form):
    """On which stock certificates are printed; on plain paper where none is named."""

    phoi = text_field()


class LayoutForm(NamedForm):
    """A stock's paper, and for each block whether it is printed, where, how large (`<block>-in`, `<block>-x` ...)."""

    names: ClassVar = {
        "name": "ten",
        "subject_kind": "loai",
        "is_blank": "phoi-san",
        "width": "rong",
        "height": "cao",
        "shift_x": "dich-ngang",
        "shift_y": "dich-doc",
    }

    name = text_field()
    subject_kind = text_field()
    is_blank = forms.BooleanField(required=False)
    width = MillimetresField(label="Khổ giấy, rộng", initial="297")
    height = MillimetresField(label="Khổ giấy, cao", initial="210")
    shift_x = MillimetresField(label="Dịch ngang", initial="0")
    shift_y = MillimetresField(label="Dịch dọc", initial="0")

    def __init__(self, data: Any, *, kept: CertificateLayout | None) -> None:
        super().__init__(data, initial=_initial(kept) if kept else {})
        for key, block in BLOCKS.items():
            at = (kept and kept.blocks.get(key)) or default_blocks()[key]
            is_printed = key in kept.blocks if kept else True
            self.fields[f"{key}-in"] = forms.BooleanField(required=False, initial=is_printed)
            for name, label in MEASURES:
                self.fields[f"{key}-{name}"] = MillimetresField(
                    label=f"{block.name}, {label.lower()}", initial=write_number(at[name])
                )
            self.fields[f"{key}-align"] = text_field(initial=at.get("align", "center"))
            self.fields[f"{key}-bold"] = forms.BooleanField(required=False, initial=bool(at.get("bold")))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [("", "Tập thể và cá nhân"), *SubjectKind.choices]

    @property
    def blocks(self) -> list[BlockShown]:
        """The blocks as the page shows them."""
        return [
            (
                key,
                block.name,
                bool(self[f"{key}-in"].value()),
                [(f"{key}-{name}", label, self[f"{key}-{name}"].value() or "") for name, label in MEASURES],
                self[f"{key}-align"].value() or "center",
                bool(self[f"{key}-bold"].value()),
            )
            for key, block in BLOCKS.items()
        ]

    def layout(self) -> StockLayout:
        """What was typed, of a form that is valid."""
        given = self.cleaned_data
        return StockLayout(
            name=given["name"],
            subject_kind=given["subject_kind"],
            width=int(given["width"]),
            height=int(given["height"]),
            is_blank=given["is_blank"],
            shift_x=given["shift_x"],
            shift_y=given["shift_y"],
            blocks={key: self._block(key) for key in BLOCKS if given[f"{key}-in"]},
        )

    def _block(self, key: str) -> dict[str, Any]:
        given, align = self.cleaned_data, self.cleaned_data[f"{key}-align"]
        return {
            **{name: float(given[f"{key}-{name}"]) for name, _ in MEASURES},
            "size": int(given[f"{key}-size"]),
            "align": align if align in ALIGNMENTS else "center",
            "bold": given[f"{key}-bold"],
        }


def _initial(kept: CertificateLayout) -> dict[str, Any]:
    return {
        "name": kept.name,
        "subject_kind": kept.subject_kind,
        "is_blank": kept.is_blank,
        "width": kept.width,
        "height": kept.height,
        "shift_x": write_number(kept.shift_x),
        "shift_y": write_number(kept.shift_y),
    }
