"""Fields that forms of several apps have."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.dates import how_to_write, read_day, write_day


class DayField(forms.Field):
    """A day as officers write it; the example of how to is of the year of the clock."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "40", "placeholder": "ngày/tháng/năm"}
    )

    def __init__(self, *, label: str, **options: Any) -> None:
        super().__init__(label=label, error_messages={"required": f"{label}: chưa ghi."}, **options)

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        day = read_day(text)
        if day is None:
            raise ValidationError(f"{self.label}: {how_to_write()}.", code="invalid")
        return day

    def prepare_value(self, value: Any) -> Any:
        return write_day(value) if isinstance(value, date) else value
