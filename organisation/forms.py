from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from crispy_forms.helper import FormHelper
from django import forms

from common.dates import today, write_day
from common.forms import NamedForm
from organisation.models import UnitVersion
from organisation.naming import Dated, LevelName, ProvinceRecord, RoleName, role_name
from organisation.roles import CHOICES, ROLES
from organisation.selectors.ended import Move
from organisation.services import NewPerson

GIVEN = ("role", "unit", "starts_on")


class CloseAccountForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ hưu, chuyển công tác. Được ghi vào nhật ký.", widget=forms.Textarea
    )


TIERS = (("2", "Hai cấp: cơ sở báo cáo thẳng lên trên"), ("3", "Ba cấp: có thêm một cấp ở giữa"))


class TiersForm(NamedForm):
    """How many levels of units there are."""

    names: ClassVar = {"tiers": "so-cap"}

    tiers = forms.TypedChoiceField(
        choices=TIERS, coerce=int, error_messages=dict.fromkeys(("required", "invalid_choice"), "Chưa chọn có mấy cấp.")
    )


class ReasonForm(NamedForm):
    """Why what an administrator did is refused. That it must be said, the service says."""

    names: ClassVar = {"reason": "ly-do"}

    reason = forms.CharField(required=False)

    def clean_reason(self) -> str:
        return str(self.cleaned_data["reason"])[:300]


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


class _KeysField(forms.Field):
    """What was ticked in a list, as far as it is still there."""

    widget = forms.MultipleHiddenInput

    def __init__(self, known: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known = set(known)

    def to_python(self, value: list[str] | None) -> list[str]:
        return [key for key in value or [] if key in self._known]


class MoveForm(forms.Form):
    """Which accounts of units that ended move, and to which heir where there are several; first looked at, then done."""

    viec = forms.CharField(required=False)

    def __init__(self, *args: Any, moves: list[Move], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moves = {move.key: move for move in moves}
        gone = "Chưa chọn tài khoản nào, hoặc các tài khoản vừa chọn đã được chuyển."
        self.fields["chon"] = _KeysField(self._moves, error_messages={"required": gone})
        for move in moves:
            if len(move.heirs) > 1:
                self.fields[self.name_of(move)] = self._heirs(move)

    @staticmethod
    def name_of(move: Move) -> str:
        return f"den-{move.key}"

    def _heirs(self, move: Move) -> forms.ChoiceField:
        listed = [("", "Chọn đơn vị…"), *((heir.unit.key, heir.name) for heir in move.heirs)]
        looks = {"class": "form-select", "aria-label": f"Đơn vị kế tục của {move.user}"}
        return forms.ChoiceField(choices=listed, required=False, widget=forms.Select(attrs=looks))

    def clean(self) -> None:
        for move, heir in self._pairs():
            if heir is None:
                self.add_error(self.name_of(move) if len(move.heirs) > 1 else None, f"{move.user}: chọn đơn vị kế tục.")

    def _pairs(self) -> list[tuple[Move, UnitVersion | None]]:
        chosen = [self._moves[key] for key in self.cleaned_data.get("chon", ())]
        return [(move, self._heir(move)) for move in chosen]

    def _heir(self, move: Move) -> UnitVersion | None:
        """The one there is, else the one that was chosen among them."""
        key = self.cleaned_data.get(self.name_of(move)) if len(move.heirs) > 1 else None
        listed = move.heirs if len(move.heirs) == 1 else [heir for heir in move.heirs if heir.unit.key == key]
        return next(iter(listed), None)

    def going(self) -> list[tuple[Move, UnitVersion]]:
        return [(move, heir) for move, heir in self._pairs() if heir]

    def is_chosen(self, move: Move) -> bool:
        """As it was sent; on a first look those that have one heir."""
        return move.key in (self["chon"].value() or ()) if self.is_bound else len(move.heirs) == 1

    def field_of(self, move: Move) -> Any:
        return self[self.name_of(move)] if len(move.heirs) > 1 else None


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
