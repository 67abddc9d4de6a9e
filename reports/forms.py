"""What is typed on the pages of reports."""

from datetime import date
from typing import ClassVar

from django import forms

from common.dates import no_such_day, read_day
from common.forms import NamedForm
from common.id_fields import IdField
from reports.kinds import ReportKind, kind_of
from reports.services import NewQuoted

WHOLE_NUMBER = "Số trích: ghi số tròn, ví dụ 12.600."


class AskedReportForm(NamedForm):
    """Which report is asked for: of which kind, day and season; `sends`: whether a reminder that was looked at goes out."""

    names: ClassVar = {"kind": "loai", "day": "ngay", "year": "nam", "sends": "gui"}

    kind = forms.CharField(required=False)
    day = forms.CharField(required=False)
    year = forms.CharField(required=False)
    sends = forms.BooleanField(required=False)

    def clean_kind(self) -> ReportKind:
        kind = kind_of(self.cleaned_data["kind"])
        if kind is None:
            raise forms.ValidationError("Chọn loại báo cáo.")
        return kind

    def clean_day(self) -> date | None:
        text = self.cleaned_data["day"]
        day = read_day(text) if text else None
        if text and day is None:
            raise forms.ValidationError(no_such_day(text))
        return day


class FindingForm(NamedForm):
    """What is said of a finding."""

    names: ClassVar = {"key": "cho", "words": "loi"}

    key = forms.CharField(required=False)
    words = forms.CharField(required=False)


class NumberField(forms.CharField):
    """A whole number as it is typed, with or without points; None for nothing."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, error_messages={"required": WHOLE_NUMBER})

    def clean(self, value: str) -> int | None:
        text = super().clean(value).replace(".", "")
        if text and not (text.isascii() and text.isdecimal() and len(text) <= 10):
            raise forms.ValidationError(WHOLE_NUMBER)
        return int(text) if text else None


class QuotedForm(NamedForm):
    """A figure as a paper prints it."""

    names: ClassVar = {"number": "con-so", "parts": "phan", "figure": "so-lieu", "qualifier": "muc", "source": "nguon"}

    number = NumberField(required=True)
    parts = NumberField()
    figure = forms.CharField(required=False)
    qualifier = forms.CharField(required=False)
    source = forms.CharField(required=False)

    def quoted(self) -> NewQuoted:
        return NewQuoted(**self.cleaned_data)


class QuotedRowForm(NamedForm):
    """Which quoted figure goes."""

    names: ClassVar = {"row": "dong"}

    row = IdField()


class CorrectionForm(NamedForm):
    """Why a frozen report is corrected."""

    names: ClassVar = {"why": "ly-do"}

    why = forms.CharField(required=False)


class WordsForm(NamedForm):
    """An officer's words for one part, and those that the page had shown."""

    names: ClassVar = {"text": "chu", "seen": "da-thay"}

    text = forms.CharField(required=False, strip=False)
    seen = forms.CharField(required=False, strip=False)


class FreezeForm(NamedForm):
    """The last confirmation, and what was on the page that is confirmed."""

    names: ClassVar = {"build": "lan", "suffix": "co-quan", "seen": "da-thay", "is_confirmed": "xac-nhan"}

    build = forms.CharField(required=False)
    suffix = forms.CharField(required=False)
    seen = forms.CharField(required=False, empty_value="-")
    is_confirmed = forms.BooleanField(error_messages={"required": "Đánh dấu vào ô xác nhận rồi chốt."})

    def clean_build(self) -> int:
        text = self.cleaned_data["build"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
