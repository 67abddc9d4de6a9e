"""What the forms of recognition have in common."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from common.dates import no_such_day, read_day
from common.exceptions import DomainError
from common.forms import DAY, ListField, NamedForm
from common.id_fields import ids_in
from common.numbers import read_number
from models_registry.upload_forms import SeveralFiles


def text_field(label: str = "", **more: Any) -> forms.CharField:
    """A text as it was typed. The service cleans it and says, in the words of its rule, what may not be missing."""
    return forms.CharField(label=label, required=False, strip=False, **more)


class NumberField(forms.CharField):
    """A number as Vietnam writes it: 7,5."""

    def clean(self, value: Any) -> Decimal:
        number = read_number(super().clean(value))
        if number is None or number > 9999:
            raise forms.ValidationError(f"{self.label}: viết một số như 7 hoặc 7,5.")
        return number


def count_field(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
        error_messages={"invalid": f"{label}: viết một số.", "min_value": f"{label}: không nhỏ hơn 0."},
        **more,
    )


class PlainCountField(forms.Field):
    """A whole number of at most `digits` digits, None for nothing; what is none is repeated in the refusal."""

    def __init__(self, *, digits: int, refusal: str = "“{}” không phải một số.", **options: Any) -> None:
        self.digits, self.refusal = digits, refusal
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) <= self.digits):
            raise forms.ValidationError(self.refusal.format(text[:12]))
        return int(text) if text else None


class DayTypedField(forms.Field):
    """A day; what is none is repeated in the refusal."""

    widget = forms.TextInput(attrs=DAY)

    def clean(self, value: Any) -> date | None:
        text = str(value or "").strip()
        day = read_day(text)
        if day is None and (text or self.required):
            raise forms.ValidationError(no_such_day(text, label="" if text else self.label or ""))
        return day


class FilesField(forms.FileField):
    """Files that were chosen together, be it none; what each is, its service looks at."""

    widget = SeveralFiles

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class UuidsField(ListField):
    """Which of several were ticked, by their keys; what is none is left out."""

    def clean(self, value: Any) -> list[UUID]:
        keys = []
        for one in super().clean(value):
            try:
                keys.append(UUID(str(one)))
            except ValueError:
                continue
        return keys


class PairField(forms.Field):
    """Two ids, written `12-34`; None for what are not two."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> tuple[int, int] | None:
        first, _, second = str(value or "").partition("-")
        ids = ids_in([first, second])
        return (ids[0], ids[1]) if len(ids) == 2 else None


class DashedForm(forms.Form):
    """A form whose page writes its names with dashes. What may be left out is told by the service, in the words of its rule."""

    def add_prefix(self, field_name: str) -> str:
        return field_name.replace("_", "-")


class ReasonForm(NamedForm):
    """Why something is done that is on record."""

    names: ClassVar = {"reason": "ly-do"}

    reason = forms.CharField(required=False, max_length=2000)

    @property
    def said(self) -> str:
        """As it was sent, be it wrong: the page shows it again."""
        return str(self["reason"].value() or "")


def day_of(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise DomainError(no_such_day(text, label="Đến hết ngày"), field="until")
    return day
