"""What forms of several apps have in common."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from common.dates import no_such_day, read_day, write_day
from common.exceptions import DomainError
from common.form_errors import WrongAt, labelled

BUTTON = "viec"
"""The name that buttons share where their values tell them apart."""
DAY = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "ngày/tháng/năm"}


class DayField(forms.Field):
    """A day as officers write it; the example of how to is of the year of the clock."""

    widget = forms.TextInput(attrs=DAY)

    def __init__(self, *, label: str, error_messages: Mapping[str, str] | None = None, **options: Any) -> None:
        words = {"required": f"{label}: chưa ghi.", **(error_messages or {})}
        super().__init__(label=label, error_messages=words, **options)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        day = read_day(text)
        if day is None:
            raise ValidationError(no_such_day(text), code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return write_day(value) if isinstance(value, date) else value


class ListField(forms.Field):
    """What was ticked, as it was sent."""

    widget = forms.MultipleHiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> list[Any]:
        return list(value or [])


class NamedForm(forms.Form):
    """A form whose fields are called otherwise on the page (`names`), where their elements have the same ids."""

    names: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | options)

    def add_prefix(self, field_name: str) -> str:
        return self.names.get(field_name, field_name)

    def refuse(self, refused: DomainError) -> None:
        """Take over what a service refused, at the field or the element of the page that it is about."""
        if refused.field in self.fields:
            self.add_error(refused.field, str(refused))
        else:
            self.add_error(None, WrongAt(refused.field, str(refused)))

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(id of the element to go to, what is wrong), as a page lists it above the form."""
        return labelled(self)

    @property
    def error(self) -> str:
        """The first thing that is wrong, empty where nothing is."""
        return next(iter(self.refusals), "")

    @property
    def refusals(self) -> list[str]:
        """What cannot be read, each in a sentence."""
        return [str(words) for found in self.errors.values() for words in found]


def pressed(request: HttpRequest, *names: str) -> str:
    """Return the button with which a form was sent: the one of `names` that is among its fields, else the value of `viec`."""
    sent = request.POST
    return next((name for name in names if name in sent), sent.get(BUTTON, ""))
