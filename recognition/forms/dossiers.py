"""What is sent from a dossier's page: its summary, its papers, a step, an appeal and the answer to it."""

from typing import ClassVar

from django import forms

from common.forms import NamedForm
from recognition.enums import PaperKind
from recognition.forms.fields import text_field


class DossierForm(NamedForm):
    """The summary; why a step is taken, with what of each paper is to be completed (`thieu-<kind>`)."""

    names: ClassVar = {"summary": "tom-tat", "note": "ly-do"}

    summary = text_field()
    note = text_field()

    def flaws(self) -> dict[str, str]:
        """{paper kind: what to complete}"""
        return {kind: self.data.get(f"thieu-{kind}", "") for kind in PaperKind.values}


class PaperForm(NamedForm):
    """A file of a paper's kind."""

    names: ClassVar = {"kind": "loai", "file": "tep"}

    kind = text_field()
    file = forms.FileField(required=False, allow_empty_file=True, widget=forms.FileInput)


class AppealForm(NamedForm):
    """An appeal, or the answer to one: whether it is upheld, and why."""

    UPHELD = "chap-nhan"
    names: ClassVar = {"verdict": "ket-qua", "words": "loi"}

    verdict = text_field()
    words = text_field()

    @property
    def is_upheld(self) -> bool:
        return bool(self.cleaned_data["verdict"] == self.UPHELD)
