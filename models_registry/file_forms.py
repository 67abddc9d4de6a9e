"""What is said of a photo or a paper."""

from typing import ClassVar

from django import forms

from common.forms import NamedForm
from models_registry.boxes import BOXES
from models_registry.services import Description


class FilePlaceForm(NamedForm):
    """From which box one came to the files; None from the registration's own page."""

    names: ClassVar = {"box": "muc"}

    box = forms.CharField(required=False)

    def clean_box(self) -> int | None:
        return next((one.number for one in BOXES if str(one.number) == self.cleaned_data["box"]), None)


class FileForm(NamedForm):
    """Caption, alternative text, place, cover, whether it may be public."""

    names: ClassVar = {
        "caption": "chu-thich",
        "alternative": "mo-ta",
        "position": "thu-tu",
        "may_be_shown": "cong-khai",
        "is_cover": "anh-bia",
    }

    caption = forms.CharField(required=False)
    alternative = forms.CharField(required=False)
    position = forms.CharField(required=False)
    may_be_shown = forms.BooleanField(required=False)
    is_cover = forms.BooleanField(required=False)

    unread = ""
    """What was typed as the place and is no number; the file stays where it is."""

    def clean_position(self) -> int | None:
        text = self.cleaned_data["position"]
        is_number = text.isdecimal() and len(text) < 4
        self.unread = "" if is_number else text
        return int(text) - 1 if is_number else None

    def description(self) -> Description:
        return Description(**self.cleaned_data)
