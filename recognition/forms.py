from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.dates import today, write_day
from common.numbers import read_number
from organisation.grouping import unit_options
from organisation.models import UnitVersion
from recognition.enums import Ballot, CouncilTask, MeetingWay, PaperKind, Share
from recognition.models import CriteriaSet
from recognition.services import RoundPlan


class DayField(forms.DateField):
    """A day, whose example of how to write one is of the year of the clock."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "ngày/tháng/năm"})

    def __init__(self, *, label: str, **options: Any) -> None:
        super().__init__(label=label, error_messages={"required": f"{label}: chưa ghi."}, **options)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(f"{self.label}: viết ngày/tháng/năm, ví dụ {write_day(today())}.") from error


class NumberField(forms.CharField):
    """A number as Vietnam writes it: 7,5."""

    def clean(self, value: Any) -> Decimal:
        number = read_number(super().clean(value))
        if number is None or number > 9999:
            raise forms.ValidationError(f"{self.label}: viết một số như 7 hoặc 7,5.")
        return number


class RoundForm(forms.Form):
    """A new round."""

    unit = forms.ChoiceField(label="Đơn vị tổ chức", error_messages={"required": "Chưa chọn đơn vị tổ chức."})
    basis = forms.CharField(
        label="Văn bản căn cứ",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Số, ngày, cơ quan ban hành.",
    )
    propose_from = DayField(label="Nhận đề nghị từ ngày")
    propose_until = DayField(label="Nhận đề nghị đến hết ngày")
    score_until = DayField(label="Thẩm định đến hết ngày")
    meet_on = DayField(label="Họp hội đồng ngày")
    decide_by = DayField(label="Quyết định trước hết ngày")
    criteria = forms.ModelChoiceField(CriteriaSet.objects.none(), label="Bộ tiêu chí", empty_label=None)
    papers = forms.MultipleChoiceField(
        label="Giấy tờ phải có", required=False, choices=PaperKind.choices, widget=forms.CheckboxSelectMultiple
    )
    quota_total = forms.IntegerField(
        label="Chỉ tiêu chung", required=False, min_value=1, max_value=9999, help_text="Để tham khảo, không chặn đề nghị."
    )
    spread_limit = NumberField(label="Chênh lệch điểm phải xem lại", initial="15")
    drops_extremes = forms.BooleanField(label="Bỏ phiếu cao nhất và thấp nhất khi có từ năm phiếu", required=False)

    def __init__(self, *args: Any, units: list[UnitVersion], sets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].unit.key
        self.fields["criteria"].queryset = sets  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def plan(self) -> RoundPlan:
        """What was asked for, of a form that is valid."""
        return RoundPlan(**{name: value for name, value in self.cleaned_data.items() if name != "unit"})


class RoundExtensionForm(forms.Form):
    """More time for one unit to propose."""

    unit = forms.ChoiceField(label="Đơn vị", error_messages={"required": "Chưa chọn đơn vị."})
    until = DayField(label="Đến hết ngày")
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class MeetingForm(forms.Form):
    """A council's meeting; who is there stands beside it."""

    held_on = DayField(label="Ngày họp")
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    way = forms.ChoiceField(label="Hình thức", choices=MeetingWay.choices)
    ballot = forms.ChoiceField(label="Cách biểu quyết", choices=Ballot.choices)
    quorum = forms.ChoiceField(label="Họp khi có mặt", choices=Share.choices)
    needed = forms.ChoiceField(label="Thông qua khi tán thành", choices=Share.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SeatForm(forms.Form):
    """A seat in the council."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
    )
    task = forms.ChoiceField(label="Nhiệm vụ", choices=CouncilTask.choices, initial=CouncilTask.MEMBER)
    ends_on = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu đến khi xong đợt xét.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
