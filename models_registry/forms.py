from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.dates import write_day
from common.files import FILE_LIMIT
from common.text import compare_key
from models_registry.boxes import Box, BoxField
from models_registry.models import Season, Theme
from models_registry.selectors.opening import NewSeason
from organisation.models import UnitVersion

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")


def unit_choices(units: list[UnitVersion]) -> list[tuple[str, str]]:
    """Several start empty: the first of 128 would be sent where nobody looked."""
    listed = [(version.unit.key, version.name) for version in units]
    return listed if len(units) == 1 else [("", "Chọn đơn vị…"), *listed]


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
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]
        self.fields["unit"].error_messages["required"] = "Chưa chọn đơn vị của sổ này."
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


class ExtensionForm(forms.Form):
    """More time for one unit."""

    unit = forms.ChoiceField(label="Đơn vị", help_text="Gia hạn cho một đơn vị thì các nơi trực thuộc cũng được.")
    until = forms.DateField(
        label="Đến hết ngày",
        help_text="Ngày/tháng/năm.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ngày không đọc được. Viết ngày/tháng/năm, ví dụ 30/09/2024."},
    )
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "Chọn đơn vị…"), *_by_parent(units)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


def _by_parent(units: list[UnitVersion]) -> list[Any]:
    """Choices of units: those whose parent is not among them first, then each one's own in a group of its name."""
    names = {version.unit_id: version.name for version in units}
    top = [(version.unit.key, version.name) for version in units if version.parent_id not in names]
    groups: dict[int, list[tuple[str, str]]] = {}
    for version in units:
        if version.parent_id in names:
            groups.setdefault(version.parent_id, []).append((version.unit.key, version.name))
    return [*top, *((names[parent], listed) for parent, listed in groups.items())]


DAY_UNREADABLE = "Ngày không đọc được. Viết ngày/tháng/năm, ví dụ 30/09/2024."


def _day(label: str, last: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"})
    return forms.DateField(label=label, help_text=last, widget=widget, error_messages={"invalid": DAY_UNREADABLE})


def _few_days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=1, max_value=90)


class SeasonForm(forms.Form):
    """A season to be opened."""

    year = forms.IntegerField(label="Năm thi đua", min_value=1990, max_value=2100)
    period = forms.CharField(label="Giai đoạn", max_length=20, help_text="Viết như 2021-2025; phải có năm thi đua.")
    opens_on = _day("Nhận đăng ký từ ngày")
    closes_on = _day("Đến hết ngày")
    cutoff_on = _day("Ngày chốt số liệu")
    check_days = _few_days("Số ngày để xét", "Chờ lâu hơn thì báo quá hạn.")
    mend_days = _few_days("Số ngày để sửa", "Bị trả lại được sửa thêm chừng ấy ngày, kể cả khi đã hết hạn gửi.")
    basis = forms.CharField(
        label="Văn bản căn cứ",
        required=False,
        max_length=500,
        help_text="Số, ngày, cơ quan ban hành, đúng như in trên văn bản. Chưa có thì để trống, bổ sung sau.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tells = forms.BooleanField(label="Báo cho người có tài khoản khi mở", required=False, initial=True)

    def __init__(self, *args: Any, last: Season | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_on", "closes_on", "cutoff_on"):
            if last:
                self.fields[name].help_text = f"Năm {last}: {write_day(getattr(last, name))}"
        self.helper = FormHelper()
        self.helper.form_tag = False

    typed: NewSeason | None = None
    """The season, once every field can be read: it may still have flaws."""

    def clean(self) -> None:
        super().clean()
        if not self.errors:
            self.typed = NewSeason(**{name: value for name, value in self.cleaned_data.items() if name != "tells"})
            for name, words in self.typed.flaws().items():
                self.add_error(name, words)


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ["label"]


class OneOfEach(forms.BaseModelFormSet):
    """No two themes of a period say the same."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            key = compare_key(form.cleaned_data.get("label") or "") if form.is_valid() else ""
            if key and key in seen:
                form.add_error("label", "Trùng với một chủ đề khác của giai đoạn.")
            seen.add(key)


ThemeFormSet = forms.modelformset_factory(Theme, form=ThemeForm, formset=OneOfEach, extra=0, edit_only=True)


class NewThemeForm(forms.ModelForm):
    """A theme that a plan adds to a period."""

    class Meta:
        model = Theme
        fields = ["plan", "label"]
        labels = {"plan": "Theo văn bản nào", "label": "Nội dung chủ đề"}
        error_messages = {"plan": {"required": "Chưa ghi số, ngày văn bản."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].required = True
        self.fields["label"].error_messages["required"] = "Chưa ghi nội dung chủ đề."
        self.helper = FormHelper()
        self.helper.form_tag = False


@dataclass(frozen=True)
class SheetField:
    """One field of the sheet as its page shows it."""

    field: BoxField
    value: str
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_open: bool = True
    is_fixed: bool = False
    """There is but one choice: it is told, not asked."""

    @property
    def id(self) -> str:
        return f"id_{self.field.name}"

    @property
    def letters(self) -> int:
        return len(self.value)

    @property
    def chosen(self) -> str:
        return dict(self.choices).get(self.value, "")


def sheet_fields(
    box: Box,
    answers: dict[str, str],
    choices: dict[str, list[tuple[str, str]]],
    *,
    errors: dict[str, str] | None = None,
    is_open: bool = True,
    fixed: frozenset[str] = frozenset(),
) -> list[SheetField]:
    """The fields of a box with what stands in them and what is wrong."""
    return [
        SheetField(
            one,
            answers.get(one.name, ""),
            (errors or {}).get(one.name, ""),
            tuple(choices.get(one.name, ())),
            is_open,
            one.name in fixed,
        )
        for one in box.fields
    ]
