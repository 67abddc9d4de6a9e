"""What is typed of a round: opening and changing it, more time, from phase to phase."""

from datetime import date
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models

from common.forms import DayField, NamedForm
from organisation.grouping import unit_options
from organisation.models import UnitVersion
from recognition.enums import PaperKind
from recognition.forms.fields import NumberField, PlainCountField, ReasonForm, day_of
from recognition.models import CriteriaSet
from recognition.services import RoundPlan


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


class QuotasForm(NamedForm):
    """Advice on how many each unit may propose: `ct-<unit id>`, empty for none."""

    def __init__(self, data: Any, *, units: list[UnitVersion]) -> None:
        super().__init__(data)
        for version in units:
            if f"ct-{version.unit_id}" not in data:  # on another page of the list
                continue
            refusal = f"{version.short_name}: “{{}}” không phải một số; chưa lưu chỉ tiêu nào."
            self.fields[f"ct-{version.unit_id}"] = PlainCountField(digits=4, refusal=refusal)

    @property
    def text(self) -> str:
        """The unit that was looked for on the page that sent it."""
        return str(self.data.get("q", "")).strip()[:80]

    @property
    def page(self) -> str:
        return str(self.data.get("trang", ""))[:6]

    def typed_of(self, unit_id: int) -> str:
        return str(self.data.get(f"ct-{unit_id}", ""))

    def quotas(self) -> dict[int, int | None]:
        """{unit id: number}, of a form that is valid."""
        return {int(name.removeprefix("ct-")): number for name, number in self.cleaned_data.items()}


class Way(models.TextChoices):
    """The three ways on from a phase in which something is still missing."""

    REMIND = "nhac"
    EXTEND = "gia-han"
    GO_ON = "chuyen"


class AdvanceForm(NamedForm):
    """The way on from a phase (`cach`), that of the button that was pressed (`lam`), what the page had shown."""

    names: ClassVar = {"until": "den-ngay"}

    cach = forms.ChoiceField(choices=Way.choices, required=False)
    lam = forms.ChoiceField(choices=Way.choices, required=False)
    tu = forms.CharField(required=False)
    vang = forms.IntegerField(required=False, min_value=0, max_value=999_999)
    until = forms.CharField(required=False)

    def chosen(self, name: str, default: str) -> str:
        """What was said of a field, `default` for nothing or for what is none of its values."""
        return str(self.cleaned_data.get(name) or default) if self.is_bound and not self.errors.get(name) else default

    @property
    def losing(self) -> int:
        return int(self.chosen("vang", "0"))

    def last_day(self) -> date:
        """Raises DomainError for what is no day."""
        return day_of(self.chosen("until", ""))


class ReopenForm(ReasonForm):
    """Back to the phase before: why, until when."""

    names: ClassVar = {**ReasonForm.names, "until": "den-ngay"}

    tu = forms.CharField(required=False)
    until = forms.CharField(required=False)

    def last_day(self) -> date:
        """Raises DomainError for what is no day."""
        return day_of(str(self["until"].value() or ""))
