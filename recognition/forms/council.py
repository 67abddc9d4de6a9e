"""What is typed of a council: its seats, who scores what."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdField, IdsField
from recognition.enums import CouncilTask
from recognition.forms.fields import PairField, text_field


class SeatForm(forms.Form):
    """A seat in the council."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
    )
    task = forms.ChoiceField(label="Nhiệm vụ", choices=CouncilTask.choices, initial=CouncilTask.MEMBER)
    ends_on = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu đến khi xong đợt xét.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class RemovalForm(NamedForm):
    """The end of a member's seat, and why."""

    names: ClassVar = {"member": "thoi", "why": "ly-do"}

    member = IdField()
    why = text_field()


EACH = 3  # members who score a dossier, where nothing else is asked


class AssignForm(NamedForm):
    """Who scores what: people and dossiers that are ticked, one pair of them, or so many for each dossier."""

    names: ClassVar = {
        "each": "so",
        "members": "nguoi",
        "dossiers": "ho-so",
        "pair": "cap",
        "missing": "ai",
        "why": "ly-do",
    }

    each = forms.CharField(required=False)
    members = IdsField(required=False)
    dossiers = IdsField(required=False)
    pair = PairField()
    """A member and a dossier of theirs."""
    missing = PairField()
    """A member who hands in no sheet, and the dossier."""
    why = text_field()

    def clean_each(self) -> int:
        """0 for what is no number."""
        text = self.cleaned_data["each"]
        return int(text) if text.isdecimal() and len(text) < 3 else 0
