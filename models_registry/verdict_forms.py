"""What is sent of a year-end verdict, for one registration or for many."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.text import clean
from models_registry.enums import Verdict
from models_registry.forms import day_field
from models_registry.models import Season
from models_registry.selectors.verdicts import latest_day


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Đánh giá",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chưa chọn đánh giá."},
    )
    as_of = day_field("Đánh giá đến ngày", required="Chưa ghi ngày đánh giá.")
    reason = forms.CharField(
        label="Lý do",
        required=False,
        max_length=1000,
        help_text="Cần có, trừ khi hiệu quả.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = forms.CharField(
        label="Minh chứng",
        required=False,
        max_length=500,
        help_text="Số, ngày văn bản, kết quả đếm được.",
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "danh-gia-%s"  # beside the form of what was measured, which has fields of these names too
        self.fields["as_of"].initial = latest_day(season)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])

    def clean_evidence(self) -> str:
        return clean(self.cleaned_data["evidence"])

    def clean(self) -> None:
        super().clean()
        verdict = self.cleaned_data.get("verdict")
        if verdict and verdict != Verdict.EFFECTIVE and not self.cleaned_data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Xin ghi lý do.")
