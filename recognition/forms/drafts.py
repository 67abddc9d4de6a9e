"""What is typed in a draft of a decision."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from common.dates import no_such_day, read_day
from common.forms import NamedForm
from common.id_fields import ids_in
from recognition.forms.fields import text_field
from recognition.models import DecisionDraft
from recognition.services import DraftTyped, LineTyped

TEXTS = {"grounds": "can-cu", "request": "xet", "benefits": "dieu-2", "duties": "dieu-3"}
NAMES = {"seen": "ban", "suffix": "co-quan", "number": "so", "decided_on": "ngay", **TEXTS}


class SeenForm(NamedForm):
    """Which version of the draft the page had shown."""

    names: ClassVar = {"seen": "ban"}

    seen = forms.CharField(required=False)

    def clean_seen(self) -> int | None:
        return _whole(self.cleaned_data["seen"])


class ReturnForm(SeenForm):
    """What is to be changed first."""

    names: ClassVar = {**SeenForm.names, "why": "ly-do"}

    why = text_field()


class PublishForm(SeenForm):
    """That the paper is signed."""

    names: ClassVar = {**SeenForm.names, "is_signed": "da-ky"}

    is_signed = forms.BooleanField(
        error_messages={"required": "Xin đánh dấu: bản giấy đã ký, số và ngày đúng như trên trang này."}
    )


class DraftForm(SeenForm):
    """Numbering, texts and lines of a draft; lines that are not on the page stay as they are."""

    names: ClassVar = NAMES

    suffix = forms.CharField(required=False, strip=True)
    number = forms.CharField(required=False)
    decided_on = forms.CharField(required=False)
    grounds = forms.CharField(required=False)
    request = forms.CharField(required=False)
    benefits = forms.CharField(required=False)
    duties = forms.CharField(required=False)

    def __init__(self, data: Any, *, draft: DecisionDraft) -> None:
        super().__init__(data)
        self.draft = draft

    def clean_number(self) -> int | None:
        text = self.cleaned_data["number"]
        number = _whole(text)
        if text and not (number and len(text) < 7):
            raise forms.ValidationError(f"Số “{text[:12]}” không phải một số; chỉ ghi phần số, ví dụ 61.")
        return number

    def clean_decided_on(self) -> date | None:
        text = self.cleaned_data["decided_on"]
        day = read_day(text) if text else None
        if text and day is None:
            raise forms.ValidationError(no_such_day(text))
        return day

    def typed(self) -> DraftTyped:
        """What was typed; what cannot be read is left as it is kept."""
        said, kept = self.cleaned_data, self.draft
        return DraftTyped(
            seen=said.get("seen"),
            suffix=said["suffix"][:20],
            number=said.get("number", kept.number),
            decided_on=said.get("decided_on", kept.decided_on),
            texts={name: said[name] for name in TEXTS if TEXTS[name] in self.data},
            lines={pk: self._line(pk) for pk in kept.lines.values_list("pk", flat=True) if f"kl-{pk}" in self.data},
        )

    def _line(self, pk: int) -> LineTyped:
        def words(key: str) -> str:
            return str(self.data.get(f"{key}-{pk}", ""))

        grade = next(iter(ids_in([words("bac")])), None)
        return LineTyped(words("kl"), words("ly"), words("sua"), words("ten"), words("nguoi"), grade)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None
