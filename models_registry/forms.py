"""What is typed when a season is opened and kept: its basis, days, extensions, themes."""

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms

from common.dates import write_day
from common.forms import DayField
from common.held_forms import HoldingForm
from common.sizes import FILE_MEGABYTES
from common.text import compare_key
from models_registry.models import BasisPaper, Season, Theme
from models_registry.selectors.opening import NewSeason, next_season
from organisation.grouping import told_apart
from organisation.models import UnitVersion


class ExtensionForm(forms.Form):
    """More time for one unit."""

    unit = forms.ChoiceField(label="Đơn vị", help_text="Gia hạn cho một đơn vị thì các nơi trực thuộc cũng được.")
    until = DayField(label="Đến hết ngày")
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "Chọn đơn vị…"), *_by_parent(units)]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


def _by_parent(units: list[UnitVersion]) -> list[Any]:
    """Choices of units: those whose parent is not among them first, then each one's own in a group of its name."""
    names = told_apart(units)
    top = [(version.unit.key, names[version.unit_id]) for version in units if version.parent_id not in names]
    groups: dict[int, list[tuple[str, str]]] = {}
    for version in units:
        if version.parent_id in names:
            groups.setdefault(version.parent_id, []).append((version.unit.key, names[version.unit_id]))
    return [*top, *((names[parent], listed) for parent, listed in groups.items())]


def day_field(label: str, last: str = "", **words: str) -> DayField:
    """A day with a calendar to pick it from. `words`: what is said of one that is missing."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num", "data-day": ""})
    return DayField(label=label, help_text=last, widget=widget, error_messages=words)


def _few_days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=1, max_value=90)


def _basis() -> forms.CharField:
    return forms.CharField(
        label="Văn bản căn cứ",
        required=False,
        max_length=500,
        help_text="Số, ngày, cơ quan ban hành, đúng như in trên văn bản. Chưa có thì để trống, bổ sung sau.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _basis_file() -> forms.FileField:
    return forms.FileField(
        label="Tệp văn bản",
        required=False,
        allow_empty_file=True,
        help_text=f"PDF hoặc Word (.docx), không quá {FILE_MEGABYTES} MB. Người có năm này trên cổng tải được; không công khai.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
    )


FILE_WITHOUT_WORDS = "Ghi số, ngày, cơ quan ban hành của văn bản trong tệp."


class PaperHeldForm(HoldingForm):
    """A form with the paper that a season rests on. What is held belongs to all who may open the season."""

    file_field = "basis_file"

    def find_held(self, pk: UUID) -> BasisPaper | None:
        return BasisPaper.objects.filter(pk=pk, season=None).first()


class BasisForm(PaperHeldForm):
    """What a season that is open rests on."""

    basis = _basis()
    basis_file = _basis_file()

    def __init__(self, *args: Any, has_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_paper = has_paper
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> None:
        super().clean()
        if (self.has_paper or self.has_file) and self.cleaned_data.get("basis") == "":
            self.add_error("basis", FILE_WITHOUT_WORDS)


class SeasonForm(PaperHeldForm):
    """A season to be opened."""

    year = forms.IntegerField(label="Năm thi đua", min_value=1990, max_value=2100)
    period = forms.CharField(label="Giai đoạn", max_length=20, help_text="Năm đầu, gạch nối, năm cuối; phải có năm thi đua.")
    opens_on = day_field("Nhận đăng ký từ ngày")
    closes_on = day_field("Đến hết ngày")
    cutoff_on = day_field("Ngày chốt số liệu")
    check_days = _few_days("Số ngày để xét", "Chờ lâu hơn thì báo quá hạn.")
    mend_days = _few_days(
        "Số ngày để sửa", "Hạn sửa của đăng ký bị trả lại, đếm từ ngày trả; hết hạn gửi rồi vẫn được chừng ấy ngày."
    )
    basis = _basis()
    basis_file = _basis_file()
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
            known = {one.name for one in fields(NewSeason)}
            self.typed = NewSeason(**{name: value for name, value in self.cleaned_data.items() if name in known})
            for name, words in self.typed.flaws().items():
                self.add_error(name, words)
            if self.has_file and not self.typed.basis:
                self.add_error("basis", FILE_WITHOUT_WORDS)

    def hold(self, held: BasisPaper | None) -> None:
        super().hold(held)
        self.typed = replace(self.typed, paper=held.pk if held else None) if self.typed else None

    @property
    def shown(self) -> NewSeason:
        """The season that the page speaks of: what could be read, and for the rest what would be proposed."""
        if self.typed or not self.is_bound:
            return self.typed or next_season()
        known = {one.name for one in fields(NewSeason)}
        read = {name: value for name, value in self.cleaned_data.items() if name in known and value is not None}
        return replace(next_season(read.get("year")), **read)

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, right or not, as a draft keeps it."""
        return {name: text for name in self.base_fields if name != "drops_paper" and (text := self.data.get(name))}

    @property
    def again(self) -> list[forms.BoundField]:
        """The fields that go along, unseen, with a last look."""
        return [field for field in self if field.name not in ("basis_file", "drops_paper")]


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
