"""What is typed of a site visit: the appointment, and what the telephone sends from there."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms

from common.forms import NamedForm
from common.numbers import read_number, write_number
from models_registry.models import OutputMeasure
from organisation.models import User
from recognition.forms.fields import DayTypedField, FilesField, UuidsField, text_field
from recognition.services import Checked, VisitFindings

EXTRA = 2  # lines for what the dossier does not claim
LINES = 60  # outputs that one visit may check
STALE = "Trang đã cũ, xin tải lại trang rồi gửi."


class VisitPlanForm(NamedForm):
    """The day of a visit to come, and who goes."""

    names: ClassVar = {"planned_on": "ngay", "visitors": "doan"}

    planned_on = DayTypedField(label="Ngày")
    visitors = text_field(
        "Đoàn khảo sát",
        widget=forms.TextInput(attrs={"maxlength": "300", "placeholder": "Ví dụ: ban tham mưu của cấp ủy, Hội Nông dân"}),
    )


class VisitSenderForm(NamedForm):
    """Who kept on a telephone what it sends, and the key that the telephone gave to it."""

    names: ClassVar = {"person": "nguoi", "photos": "anh"}

    person = text_field()
    key = forms.UUIDField(error_messages={"required": STALE, "invalid": STALE})
    photos = FilesField()

    def __init__(self, data: Any, files: Any, *, user: User, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.user = user

    def clean_person(self) -> str:
        """What one person kept on a telephone is not sent in the name of the next."""
        meant: str = self.cleaned_data["person"]
        if meant and meant != str(self.user.pk):
            raise forms.ValidationError("Kết quả này do người khác ghi trên máy. Người ấy đăng nhập rồi gửi.")
        return meant


@dataclass(frozen=True)
class VisitLine:
    """An output to check, as the page shows it: what the dossier says of it, what was typed."""

    n: str
    what: str
    unit: str
    claimed: str = ""
    as_of: date | None = None
    counted: str = ""
    note: str = ""


class VisitForm(VisitSenderForm):
    """What a visit found; its outputs stand in lines named `gi-`, `dvt-`, `ke-`, `thay-` and `ghi-`."""

    names: ClassVar = {
        **VisitSenderForm.names,
        "dropped": "bo-anh",
        "visited_on": "ngay",
        "people_met": "gap",
        "verdict": "ket-luan",
        "remark": "nhan-xet",
    }

    dropped = UuidsField()
    visited_on = DayTypedField()
    people_met = text_field()
    verdict = text_field()
    remark = text_field()

    def _text(self, part: str, n: str) -> str:
        return str(self.data.get(f"{part}-{n}", ""))

    def clean(self) -> dict[str, Any]:
        """The checks; the first line that cannot be read is what is said."""
        self.checks: list[Checked] = []
        for n in [name.removeprefix("gi-") for name in self.data if name.startswith("gi-")][:LINES]:
            what, text = self._text("gi", n).strip(), self._text("thay", n).strip()
            if not what:
                if text:
                    raise forms.ValidationError(f"Kết quả khác: có số đếm được “{text[:12]}” mà chưa ghi đo cái gì.")
                continue
            number = read_number(text) if text else None
            if text and number is None:
                raise forms.ValidationError(f"{what}: “{text[:12]}” không phải số; viết 136 hoặc 1.500.")
            claimed = read_number(self._text("ke", n))
            self.checks.append(Checked(what, self._text("dvt", n), claimed, number, self._text("ghi", n)))
        return self.cleaned_data

    def findings(self) -> VisitFindings:
        """What was typed, of a form that is valid."""
        given = self.cleaned_data
        return VisitFindings(
            visited_on=given["visited_on"],
            people_met=given["people_met"],
            verdict=given["verdict"],
            remark=given["remark"],
            checks=tuple(self.checks),
        )

    def lines(self, claims: Iterable[OutputMeasure]) -> list[VisitLine]:
        """The outputs that are claimed, then empty lines; each with what was typed."""
        claimed = [
            VisitLine(_line_of(one.what), one.what, one.counting_unit, write_number(one.quantity), one.as_of) for one in claims
        ]
        extra = [VisitLine(str(n), self._text("gi", str(n)), self._text("dvt", str(n))) for n in range(EXTRA)]
        return [
            VisitLine(
                line.n,
                line.what,
                line.unit or self._text("dvt", line.n),
                line.claimed,
                line.as_of,
                counted=self._text("thay", line.n),
                note=self._text("ghi", line.n),
            )
            for line in (*claimed, *extra)
        ]


def _line_of(what: str) -> str:
    """The name of an output's line in the form: what a telephone kept for it finds it again, whatever is measured meanwhile."""
    return f"c{zlib.crc32(what.encode())}"
