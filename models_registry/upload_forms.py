"""Files that are sent to be read: registers and lists."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings

from common.forms import NamedForm
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from common.text import compare_key
from models_registry.registers.unzipping import MOST_FILES
from models_registry.selectors.batches import NONE, ONLY
from organisation.grouping import NAMED_AT_MOST, find, unit_choices
from organisation.models import UnitVersion

OFFERED = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".pdf", ".csv", ".htm", ".html", ".mht", ".xml")  # by the browser

LEFT_OUT = "Không nạp tệp này"

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
        if file and file.size > FILE_LIMIT:
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


class BatchForm(NamedForm):
    """Whose each file of a send is (`dv-<file>`: a unit's key, or what becomes of the file); what is typed beside it (`doi-<file>`: a
    name or a key) beats that.
    """

    def __init__(self, *args: Any, units: list[UnitVersion], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units, self._day, self._names = units, day, dict(unit_choices(units))
        self.typed: dict[str, str] = {}
        """File -> what was typed that names no unit."""
        self.unclear: dict[str, str] = {}
        """File -> why not."""
        self.answers = self._answers()

    def _answers(self) -> dict[str, str]:
        sent = {name: self.data.get(name, "") for name in self.data}
        answers = {name[3:]: value for name, value in sent.items() if name.startswith("dv-") and value}
        for name, value in sent.items():
            if name.startswith("doi-") and value.strip():
                answers[name[4:]] = self._unit(name[4:], value)
        only = [value.partition(":")[2] for value in answers.values() if value.startswith(f"{ONLY}:")]
        answers = {pk: value for pk, value in answers.items() if value and not value.startswith(f"{ONLY}:")}
        return answers | dict.fromkeys(only, ONLY)

    def _unit(self, file: str, typed: str) -> str:
        """The key of the one unit that the words name; none where they name several or nobody."""
        if typed in self._names or typed == NONE:
            return typed
        key = compare_key(typed)
        if key == compare_key(LEFT_OUT):
            return NONE
        exact = [pk for pk, name in self._names.items() if compare_key(name) == key]
        places = [it.unit.key for it in self._units if key in (compare_key(it.place), compare_key(it.short_name))]
        found = exact or places or [it.unit.key for it in find(self._units, typed, self._day)[0]]
        if len(found) == 1:
            return found[0]
        some = "; ".join(self._names[pk] for pk in found[:NAMED_AT_MOST])
        self.typed[file] = typed
        self.unclear[file] = (
            f"“{typed[:80]}” là tên của {len(found)} đơn vị: {some}{'…' if len(found) > NAMED_AT_MOST else ''}. Xin ghi đủ tên."
            if found
            else f"“{typed[:80]}” không có trong các đơn vị mà đồng chí được nạp sổ. Xin chọn một tên trong danh sách."
        )
        return ""

    @property
    def goes_on(self) -> bool:
        """Whether the next step is asked for."""
        return bool(self.data.get("tiep"))
