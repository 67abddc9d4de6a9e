from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings

from common.dates import write_day
from common.forms import DayField
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from common.text import compare_key
from models_registry.boxes import READ, Box, BoxField, Shape
from models_registry.models import BasisPaper, Season, Theme
from models_registry.registers.unzipping import MOST_FILES
from models_registry.selectors.opening import NewSeason, next_season
from organisation.grouping import told_apart, unit_choices
from organisation.models import UnitVersion

OFFERED = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".pdf", ".csv", ".htm", ".html", ".mht", ".xml")  # by the browser


EMPTY_FILE = {
    "required": "Chưa chọn tệp.",
    "empty": "Tệp rỗng, không có dữ liệu.",
    "missing": "Chưa chọn tệp.",
}


class FileForm(forms.Form):
    """A spreadsheet. What the file really is, the reader finds out."""

    file = forms.FileField(
        label="Tệp danh sách",
        help_text=f"Excel, Word (.docx), PDF có chữ, LibreOffice (.ods), trang web hoặc .csv, không quá {FILE_MEGABYTES} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(OFFERED)}),
        error_messages=EMPTY_FILE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(f"Tệp lớn hơn {FILE_MEGABYTES} MB. Xin chia sổ thành nhiều tệp.")
        return file


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several; of several each is looked at by itself, so that one that is refused stops no other."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        several = list(data) if isinstance(data, list | tuple) else [data] if data else []
        return several if len(several) > 1 else [super().clean(several[0] if several else None, initial)]


class SendForm(forms.Form):
    """Registers for a season: of one file its unit may be told, else the portal recognises it."""

    unit = forms.ChoiceField(label="Đơn vị", required=False)
    file = SeveralFilesField(
        label="Tệp sổ đăng ký",
        help_text="Excel, Word (.docx), PDF có chữ, LibreOffice (.ods), .csv, hoặc .zip chứa các tệp ấy. Mỗi tệp đến "
        f"{FILE_MEGABYTES} MB, mỗi lần đến {MOST_FILES} tệp và {settings.LARGEST_SEND // 1024 // 1024} MB cả thảy.",
        error_messages={**EMPTY_FILE, "required": "Chưa chọn tệp nào."},
    )

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = ".zip", *OFFERED
        self.fields["file"].widget.attrs |= {"accept": ",".join(offers), "multiple": True}
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].unit.key
        choices = [("", "Cổng tự nhận ra"), *unit_choices(units)]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        self.fields["unit"].help_text = "Chỉ cần chọn khi gửi một tệp không ghi tên đơn vị."


class ExtensionForm(forms.Form):
    """More time for one unit."""

    unit = forms.ChoiceField(label="Đơn vị", help_text="Gia hạn cho một đơn vị thì các nơi trực thuộc cũng được.")
    until = forms.DateField(
        label="Đến hết ngày",
        help_text="Ngày/tháng/năm.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ngày không đọc được. Viết ngày/tháng/năm, có đủ bốn số của năm."},
    )
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


DAY_UNREADABLE = "Ngày không đọc được. Viết ngày/tháng/năm, có đủ bốn số của năm."


def day_field(label: str, last: str = "", **words: str) -> DayField:
    """A day with a calendar to pick it from. `words`: what is said of one that is missing."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num", "data-day": ""})
    return DayField(label=label, help_text=last, widget=widget, error_messages={"invalid": DAY_UNREADABLE, **words})


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


class PaperHeldForm(forms.Form):
    """A form with the paper that a season rests on: a file that came along is held while the rest is put right."""

    paper = forms.UUIDField(required=False, widget=forms.HiddenInput)
    drops_paper = forms.BooleanField(label="Bỏ tệp này", required=False)

    held: BasisPaper | None = None
    """The file that was received before."""

    def clean(self) -> None:
        super().clean()
        asked = None if self.cleaned_data.get("drops_paper") else self.cleaned_data.get("paper")
        self.held = BasisPaper.objects.filter(pk=asked, season=None).first() if asked else None
        if asked and not self.held and not self.cleaned_data.get("basis_file"):
            self.add_error("basis_file", "Tệp đã gửi không còn. Xin chọn lại.")

    @property
    def has_file(self) -> bool:
        return bool(self.held or self.cleaned_data.get("basis_file"))

    def hold(self, paper: BasisPaper | None) -> None:
        """Take a file along that was received, whatever else is still to be put right."""
        self.held = paper
        typed = {name: self.data.get(name) for name in self.data}
        self.data = typed | {"paper": str(paper.pk) if paper else "", "drops_paper": ""}


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

    def hold(self, paper: BasisPaper | None) -> None:
        super().hold(paper)
        self.typed = replace(self.typed, paper=paper.pk if paper else None) if self.typed else None

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


LARGEST_ID = 2**63 - 1
_NO_ACT = {"required": "Chưa chọn việc nào.", "invalid_choice": "Chưa chọn việc nào."}
_NOT_ONE = "xin chọn một mô hình trong các gợi ý, hoặc bấm “Không phải”."


_ID_FLAWS = ("required", "invalid", "min_value", "max_value")


def _one_id(message: str) -> forms.IntegerField:
    said = dict.fromkeys(_ID_FLAWS, message)
    return forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, error_messages=said)


class IdsField(forms.Field):
    """What was ticked in a list."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[int]:
        return ids_in(value or [])


def ids_in(typed: Iterable[str]) -> list[int]:
    """The ids among what was sent; what no database could hold as one is left out."""
    return [int(text) for text in typed if text.isascii() and text.isdecimal() and len(text) < 18]


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
    def rows(self) -> int:
        """The lines of a box for sentences; none for a field of one line."""
        if self.field.shape != Shape.TEXT and self.field.name != "title":
            return 0
        return 6 if self.field.limit > 1000 else 3 if self.field.limit > 500 else 2

    @property
    def is_figures(self) -> bool:
        return self.field.shape in READ

    @property
    def described_by(self) -> str:
        """The ids of what stands below the field."""
        told = (("help", self.field.help), ("n", self.rows), ("err", self.error))
        return " ".join(f"{self.id}_{part}" for part, there in told if there)

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
