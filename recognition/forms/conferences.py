"""What is typed of a conference."""

import re
from collections.abc import Sequence
from datetime import time
from typing import Any, ClassVar

from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdField, IdsField
from common.text import clean
from models_registry.models import Season
from recognition.forms.fields import text_field
from recognition.services.conferences import ORDERS, ConferenceFacts

_TIME = re.compile(r"(\d{1,2})\s*(?:giờ|h|g|:)\s*(?:(\d{1,2})\s*(?:phút|p)?)?", re.IGNORECASE)


class ConferenceForm(NamedForm):
    """Name, day, hour and place of a conference."""

    names: ClassVar = {"name": "ten", "held_on": "ngay", "starts_at": "gio", "place": "noi"}

    name = forms.CharField(label="Tên hội nghị", max_length=200, required=False)
    held_on = DayField(label="Ngày")
    starts_at = forms.CharField(
        label="Giờ (không bắt buộc)", required=False, max_length=20, widget=forms.TextInput(attrs={"placeholder": "8 giờ 00"})
    )
    place = forms.CharField(label="Địa điểm", max_length=200, required=False)

    def clean_starts_at(self) -> time | None:
        text = clean(self.cleaned_data["starts_at"])
        if not text:
            return None
        found = _TIME.fullmatch(text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(f"Giờ “{text}” không đọc được; viết như 8 giờ 30 hoặc 08:30.")
        return time(hour, minute)

    def facts(self) -> ConferenceFacts:
        """What was typed, of a form that is valid."""
        return ConferenceFacts(**self.cleaned_data)


class NewConferenceForm(ConferenceForm):
    """A conference to be held, of which of the seasons that have something to honour."""

    names: ClassVar = ConferenceForm.names | {"year": "nam"}

    def __init__(self, *args: Any, seasons: Sequence[tuple[Season, int]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(one.year, f"{one}: {number} mô hình đã công nhận") for one, number in seasons]
        if len(choices) > 1:
            self.fields["year"] = forms.TypedChoiceField(
                label="Năm thi đua", required=False, coerce=int, empty_value=None, choices=choices
            )
        self.order_fields(["name", "year"])

    def facts(self) -> ConferenceFacts:
        return ConferenceFacts(**{name: value for name, value in self.cleaned_data.items() if name != "year"})


class ArrangeForm(forms.Form):
    """By what a whole conference is put in order."""

    xep = forms.ChoiceField(choices=[(key, words) for key, (words, _) in ORDERS.items()])


class EntryForm(NamedForm):
    """One entry, its story or its place in the order; the entry whose story is open beside the list."""

    names: ClassVar = {
        "entry": "chuyen-so",
        "up": "len",
        "down": "xuong",
        "story": "chuyen",
        "place": "vi-tri",
        "opened": "dang-mo",
    }

    entry = IdField()
    up = IdField()
    down = IdField()
    story = text_field()
    place = forms.RegexField(r"^[0-9]{1,4}$", required=False)
    opened = IdField()


class AddEntriesForm(NamedForm):
    """Models to take into a conference."""

    names: ClassVar = {"chosen": "mo-hinh"}

    chosen = IdsField(required=False)
