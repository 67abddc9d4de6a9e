from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from crispy_forms.helper import FormHelper
from django import forms

from common.dates import today, write_day
from organisation.naming import Dated, LevelName, ProvinceRecord, RoleName, role_name
from organisation.roles import CHOICES, ROLES

GIVEN = ("role", "unit", "starts_on")


class CloseAccountForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ hưu, chuyển công tác. Được ghi vào nhật ký.", widget=forms.Textarea
    )


class RoleDemandForm(forms.Form):
    roles = forms.MultipleChoiceField(choices=CHOICES, required=False)


class NewKeyForm(AddWebAuthnForm):
    name = forms.CharField(label="Tên khóa", max_length=100, required=False)  # the package's has no label to translate


class KeyForm(EditWebAuthnForm):
    name = forms.CharField(label="Tên khóa", max_length=100)


class MembershipForm(forms.ModelForm):
    """A role that was given is confirmed by another, ended, or dropped before it begins; it is not changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "---------"), *((key, role_name(key, today())) for key in ROLES)]  # type: ignore[attr-defined]

    def clean_starts_on(self) -> Any:
        starts_on = self.cleaned_data["starts_on"]
        if self.instance.pk is None and starts_on < today():
            raise forms.ValidationError(f"Vai trò có hiệu lực sớm nhất từ hôm nay, {write_day(today())}.")
        return starts_on

    def clean_ends_on(self) -> Any:
        ends_on, before = self.cleaned_data["ends_on"], self.initial.get("ends_on")
        if before and (ends_on is None or ends_on > before):
            raise forms.ValidationError("Vai trò đã ghi ngày kết thúc thì không kéo dài; xin giao lại.")
        return ends_on


class MembershipFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None:
            return
        fixed = {*GIVEN, "DELETE"} if form.instance.has_begun else {*GIVEN}
        for name in form.fields.keys() & fixed:
            form.fields[name].disabled = True
        form.fields["starts_on"].widget = forms.DateInput()  # without a calendar to pick another day from


class NameForm(forms.ModelForm):
    """What something is called from a day on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = {"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}
        self.fields["valid_from"].widget = forms.DateInput(attrs=day)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _name_form(kind: type[Dated], **options: Any) -> type[forms.ModelForm]:
    return forms.modelform_factory(kind, form=NameForm, fields="__all__", **options)


NAME_FORMS = {
    "tinh": _name_form(ProvinceRecord, widgets={"contact": forms.Textarea(attrs={"rows": 3})}),
    "cap": _name_form(LevelName),
    "vai-tro": _name_form(RoleName),
}
