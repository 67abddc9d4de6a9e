from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from crispy_forms.helper import FormHelper
from django import forms

from common.dates import today, write_day
from organisation.naming import Dated, LevelName, ProvinceRecord, RoleName, role_name
from organisation.roles import CHOICES, ROLES
from organisation.services import NewPerson

GIVEN = ("role", "unit", "starts_on")


class CloseAccountForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ hưu, chuyển công tác. Được ghi vào nhật ký.", widget=forms.Textarea
    )


class NewAccountForm(forms.Form):
    """An account with its first role, from today on."""

    unit = forms.ChoiceField(label="Đơn vị", error_messages={"required": "Chưa chọn đơn vị."})
    role = forms.ChoiceField(label="Vai trò", error_messages={"required": "Chưa chọn vai trò."})
    full_name = forms.CharField(label="Họ và tên", max_length=100, error_messages={"required": "Chưa ghi họ và tên."})
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        help_text="Chữ không dấu, số, dấu chấm; ví dụ: nguyen.van.an",
        error_messages={"required": "Chưa ghi tên đăng nhập."},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    email = forms.EmailField(label="Thư điện tử", required=False, error_messages={"invalid": "Địa chỉ thư không đúng."})
    password = forms.CharField(
        label="Mật khẩu ban đầu",
        help_text="Từ 10 ký tự. Trao tận tay; người ấy phải chọn mật khẩu của mình ngay lần đăng nhập đầu.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Chưa ghi mật khẩu ban đầu."},
    )

    def __init__(self, *args: Any, units: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(key, role_name(key, today())) for key in ROLES]
        self.fields["unit"].choices = [("", "Chọn đơn vị…"), *units]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Chọn vai trò…"), *roles]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            for name, words in self.person.flaws().items():
                self.add_error(name, words)

    @property
    def person(self) -> NewPerson:
        return NewPerson(*(self.cleaned_data[name] for name in ("username", "full_name", "email", "password")))


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
