"""What is typed of a packet: the unit's meeting, the numbers of its papers."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdsField
from recognition.forms.fields import FilesField, count_field, text_field
from recognition.models import Dossier
from recognition.services import Numbering, UnitMeeting


class UnitMeetingForm(forms.Form):
    """The meeting in which a unit chose: votes in common, and of each dossier that had others."""

    met_on = DayField(label="Ngày họp")
    met_at = forms.CharField(label="Nơi họp", required=False, max_length=200)
    members = count_field("Số được triệu tập")
    present = count_field("Số có mặt")
    votes_for = count_field("Tán thành")
    votes_of = count_field("Trên số được biểu quyết", help_text="Chung cho mọi hồ sơ; hồ sơ nào khác thì ghi riêng ở dưới.")
    chair = forms.CharField(label="Chủ trì", required=False, max_length=100)
    secretary = forms.CharField(label="Thư ký", required=False, max_length=100)

    def __init__(self, *args: Any, dossiers: Iterable[Dossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["met_on"].required = False
        self.dossiers = list(dossiers)
        for one in self.dossiers:
            self.fields[f"votes_{one.pk}"] = forms.CharField(
                label=f"Hồ sơ {one.number}: tán thành/biểu quyết, nếu khác",
                required=False,
                max_length=9,
                initial=f"{one.votes_for}/{one.votes_of}" if one.votes_of else "",
                help_text=one.registration.title,
                widget=forms.TextInput(attrs={"placeholder": "9/10"}),
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        self.single: dict[int, tuple[int, int] | None] = {}
        for one in self.dossiers:
            text = (self.cleaned_data.get(f"votes_{one.pk}") or "").replace(" ", "")
            parts = text.split("/")
            if not text:
                self.single[one.pk] = None
            elif len(parts) == 2 and all(part.isascii() and part.isdecimal() for part in parts):
                self.single[one.pk] = (int(parts[0]), int(parts[1]))
            else:
                self.add_error(f"votes_{one.pk}", f"Hồ sơ {one.number}: viết số tán thành/số biểu quyết, ví dụ 9/10.")
        return self.cleaned_data

    def meeting(self) -> UnitMeeting:
        """What was typed, of a form that is valid."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith("votes_") or name in _COMMON}
        return UnitMeeting(**plain, single=self.single)


_COMMON = ("votes_for", "votes_of")


class NumberingForm(forms.Form):
    """The day and the numbers of a packet's papers."""

    day = DayField(label="Ngày ký")
    suffix = forms.ChoiceField(label="Ký hiệu cơ quan", required=False)
    proposal = count_field("Số tờ trình", help_text="Để trống thì lấy số tiếp theo trong sổ.")
    with_minutes = forms.BooleanField(label="Lấy cả số biên bản", required=False)

    def __init__(self, *args: Any, suffixes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suffix"].choices = [(one, one) for one in suffixes]  # type: ignore[attr-defined]
        if len(self.fields["suffix"].choices) < 2:  # type: ignore[attr-defined]
            self.fields["suffix"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False

    def numbering(self) -> Numbering:
        return Numbering(**self.cleaned_data)


class PacketPaperForm(NamedForm):
    """Files that were dropped; or what a paper is (`loai`), which file (`tep-so`)."""

    names: ClassVar = {"dropped": "tep", "kind": "loai", "file": "tep-so"}

    dropped = FilesField()
    kind = text_field()
    file = forms.UUIDField(required=False)

    @property
    def file_id(self) -> UUID | None:
        """None for what names no file."""
        return self.cleaned_data.get("file")


class SeenDossiersForm(NamedForm):
    """The dossiers that the page had shown before all of them were sent."""

    names: ClassVar = {"seen": "ho-so"}

    seen = IdsField(required=False)
