"""What small forms of the workplace's pages send: a remark at a box, a view to keep."""

from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django import forms

from common.forms import NamedForm
from common.id_fields import IdField, IdsField
from models_registry.boxes import BOXES
from models_registry.services import MeasureTyped

BACK = {"xet": "check", "viet": "write"}
"""The pages on which a remark is written, but for the page of all threads."""


class CommentForm(NamedForm):
    """A remark at a box, and the page on which it was written."""

    names: ClassVar = {"box": "muc", "words": "loi-trao-doi", "back": "ve"}

    box = forms.CharField(required=False)
    words = forms.CharField(required=False, strip=False)
    back = forms.CharField(required=False)

    def clean_box(self) -> int:
        """0 for what is no box."""
        return next((one.number for one in BOXES if str(one.number) == self.cleaned_data["box"]), 0)

    def clean_back(self) -> str:
        return BACK.get(self.cleaned_data["back"], "comments")


class SavedViewForm(NamedForm):
    """A view of the board to keep under a name, or one to give up."""

    names: ClassVar = {"name": "ten", "asked": "ve", "gone": "bo"}

    name = forms.CharField(required=False)
    asked = forms.CharField(required=False)
    gone = IdField()

    def __init__(self, data: Any, *, parameters: Any) -> None:
        super().__init__(data)
        self.parameters = parameters

    def clean_asked(self) -> dict[str, str]:
        told = parse_qsl(self.cleaned_data["asked"][:2000])
        return {name: text[:200] for name, text in told if name in self.parameters}


class ReasonForm(NamedForm):
    """Why a registration is withdrawn or opened again. That it must be said, the service says."""

    names: ClassVar = {"reason": "ly-do"}

    reason = forms.CharField(required=False)


class BinForm(NamedForm):
    """Which draft is taken back out of the bin."""

    names: ClassVar = {"draft": "lay-lai"}

    draft = IdField()


class TakeBackForm(NamedForm):
    """Which extension is taken back."""

    names: ClassVar = {"extension": "bo"}

    extension = IdField()


class DraftSeenForm(NamedForm):
    """Which state of the draft of a season the page had shown."""

    names: ClassVar = {"seen": "nhap"}

    seen = forms.CharField(required=False)


class ThemesForm(NamedForm):
    """Which themes of the period a registration serves (`chu-de`), and why each (`chu-de-<theme>`)."""

    names: ClassVar = {"themes": "chu-de"}

    themes = IdsField(required=False)

    @property
    def notes(self) -> dict[int, str]:
        self.full_clean()
        return {theme: self.data.get(f"chu-de-{theme}", "") for theme in self.cleaned_data["themes"]}


class MeasureForm(forms.Form):
    """A value of what came of a model, as typed, and the file that proves it."""

    what = forms.CharField(required=False)
    counting_unit = forms.CharField(required=False)
    quantity = forms.CharField(required=False)
    as_of = forms.CharField(required=False)
    source = forms.CharField(required=False)
    qualifier = forms.CharField(required=False)
    evidence = forms.CharField(required=False)

    def measure(self) -> MeasureTyped:
        return MeasureTyped(**self.cleaned_data)
