"""What is answered of a model through the years: which earlier one it is, which are one, who carries it on."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django import forms

from common.id_fields import IdsField
from organisation.grouping import unit_choices
from organisation.models import UnitVersion

LARGEST_ID = 2**63 - 1
_NO_ACT = {"required": "Chưa chọn việc nào.", "invalid_choice": "Chưa chọn việc nào."}
_NOT_ONE = "xin chọn một mô hình trong các gợi ý, hoặc bấm “Không phải”."


_ID_FLAWS = ("required", "invalid", "min_value", "max_value")


def _one_id(message: str) -> forms.IntegerField:
    said = dict.fromkeys(_ID_FLAWS, message)
    return forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, error_messages=said)


class _Said(forms.Form):
    """A form that is told about in one sentence."""

    @property
    def error(self) -> str:
        return next((str(words[0]) for words in self.errors.values()), "")


class AnswerForm(_Said):
    """Whether a registration is one of those that are offered: this one, none of them, or asked about again."""

    viec = forms.ChoiceField(choices=[("noi", "Là một"), ("khong", "Không phải"), ("go", "Gỡ")], error_messages=_NO_ACT)
    goi_y = _one_id(_NOT_ONE)

    def clean_goi_y(self) -> int:
        chosen: int | None = self.cleaned_data["goi_y"]
        if self.cleaned_data.get("viec") == "noi" and not chosen:
            raise forms.ValidationError(_NOT_ONE)
        return chosen or 0


class FoundForm(_Said):
    """Which earlier registration a search found."""

    dang_ky = forms.IntegerField(
        min_value=1, max_value=LARGEST_ID, error_messages=dict.fromkeys(_ID_FLAWS, "Xin chọn một mô hình.")
    )


class PlaceForm(forms.Form):
    """Where on the page of questions an answer was given: what the page knows of it."""

    ve = forms.CharField(required=False, max_length=500)
    _names = ("nam", "don-vi", "xem", "trang")

    def place(self) -> tuple[UUID | None, dict[str, str]]:
        """(the upload whose page it was, the parameters of the page of questions)."""
        typed = dict(parse_qsl(self.cleaned_data.get("ve", ""))) if self.is_valid() else {}
        try:
            upload = UUID(typed.get("lan", ""))
        except ValueError:
            upload = None
        return upload, {name: typed[name] for name in self._names if name in typed}


class LookAgainForm(forms.Form):
    """For which unit's registrations of which season the earlier ones are looked for once more."""

    nam = forms.IntegerField(min_value=1, max_value=9999)
    don_vi = forms.CharField(max_length=200)


class AssignForm(forms.Form):
    """Which registrations of units that ended go to which unit; first looked at, then done."""

    viec = forms.CharField(required=False)
    chon = IdsField(error_messages={"required": "Chưa chọn đăng ký nào."})
    den = forms.ChoiceField(
        label="Đơn vị làm tiếp",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Chưa chọn đơn vị làm tiếp."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {version.unit.key: version for version in units}
        self.fields["den"].choices = [("", "Chọn đơn vị…"), *unit_choices(units)]  # type: ignore[attr-defined]

    def unit(self) -> UnitVersion:
        return self._units[self.cleaned_data["den"]]


class JoinForm(_Said):
    """Join another model to one, part it, or part again what was joined."""

    viec = forms.ChoiceField(
        choices=[("nhap", "Nhập"), ("tach", "Tách"), ("tach-lai", "Tách lại")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Xin chọn nhập hay tách."),
    )
    kia = forms.CharField(required=False, max_length=150)
    ly_do = forms.CharField(required=False, max_length=1000, error_messages={"max_length": "Lý do dài quá 1.000 ký tự."})
    tu_nam = _one_id("Xin chọn năm mà từ đó là mô hình khác.")
    lan = _one_id("Xin chọn lần nhập phải tách lại.")

    def clean(self) -> None:
        needed = {"nhap": "kia", "tach": "tu_nam", "tach-lai": "lan"}.get(self.cleaned_data.get("viec", ""))
        if needed and not self.errors and not self.cleaned_data.get(needed):
            raise forms.ValidationError("Xin chọn mô hình kia, hoặc năm mà từ đó là mô hình khác.")
