from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from models_registry.models import Season, Theme
from models_registry.registers.opening import FILE_LIMIT
from organisation.models import UnitVersion

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")


class UploadForm(forms.Form):
    """A unit's register for a season. What the file really is, the reader finds out."""

    unit = forms.ChoiceField(label="Đơn vị")
    file = forms.FileField(
        label="Tệp sổ đăng ký",
        help_text="Excel (.xlsx, .xls), LibreOffice (.ods) hoặc .csv, không quá 20 MB. Gửi sổ đúng như đang dùng, không cần sửa mẫu.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "required": "Chưa chọn tệp.",
            "empty": "Tệp rỗng, không có dữ liệu.",
            "missing": "Chưa chọn tệp.",
        },
    )

    def __init__(self, *args: Any, units: list[UnitVersion], season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(version.unit.key, version.name) for version in units]  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].unit.key
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError("Tệp lớn hơn 20 MB. Xin chia sổ thành nhiều tệp.")
        if not file.name.lower().endswith(SUFFIXES):
            raise forms.ValidationError("Tệp không phải bảng tính. Cổng đọc được .xlsx, .xls, .ods và .csv.")
        return file


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ["label"]


ThemeFormSet = forms.modelformset_factory(Theme, form=ThemeForm, extra=0, edit_only=True)
