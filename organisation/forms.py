from typing import Any

from django import forms

from organisation.roles import CHOICES

GIVEN = ("role", "unit", "starts_on")


class CloseAccountForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ hưu, chuyển công tác. Được ghi vào nhật ký.", widget=forms.Textarea
    )


class RoleDemandForm(forms.Form):
    roles = forms.MultipleChoiceField(choices=CHOICES, required=False)


class MembershipFormSet(forms.BaseInlineFormSet):
    """A role that has begun can only be ended."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.has_begun:
            for name in form.fields.keys() & {*GIVEN, "DELETE"}:
                form.fields[name].disabled = True
            form.fields["starts_on"].widget = forms.DateInput()  # without a calendar to pick another day from
