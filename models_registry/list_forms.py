"""What is sent from the pages of a list of units or of people."""

from typing import ClassVar

from django import forms

from common.forms import NamedForm
from common.id_fields import IdField


class ForgetForm(NamedForm):
    """Which way of reading lists is forgotten."""

    names: ClassVar = {"remembered": "bo-nho"}

    remembered = IdField()


class ListReviewForm(NamedForm):
    """Cells that were typed over (`o-<row>-<column>`, beside `cu-` for what the page had shown), what the page had shown of the
    list (`shown`), and the address to go back to.
    """

    names: ClassVar = {"back": "o-trang", "shown": "ban-xem"}

    back = forms.CharField(required=False)
    shown = forms.CharField(required=False)

    def clean_back(self) -> str:
        return str(self.cleaned_data["back"])[:200]

    @property
    def typed(self) -> dict[tuple[int, str], str]:
        """{(position, column): text} of the cells that differ from what the page had shown."""
        found = {}
        for name, text in self.data.items():
            start, _, rest = name.partition("-")
            at, _, code = rest.partition("-")
            if start == "o" and at.isascii() and at.isdecimal() and len(at) < 6 and text != self.data.get(f"cu-{rest}", ""):
                found[int(at), code] = str(text)
        return found
