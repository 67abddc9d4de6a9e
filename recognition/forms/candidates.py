"""What is chosen on a page of what a unit may propose."""

from dataclasses import replace
from typing import ClassVar

from common.forms import ListField, NamedForm
from recognition.forms.fields import text_field
from recognition.selectors.candidates import CHOSEN_AT_MOST, Asked, numbers_in


class CandidatesForm(NamedForm):
    """The rows that the page showed, those that are ticked on it, why; the page to go to. The rest is what the list was asked."""

    names: ClassVar = {"shown": "hien", "ticked": "chon", "reason": "ly-do", "page": "trang"}

    shown = ListField()
    ticked = ListField()
    reason = text_field()
    page = text_field()

    def asked(self) -> Asked:
        """What the list was asked for; what was chosen before, without what this page showed, and what is ticked on it."""
        asked = Asked.read(self.data)
        shown, ticked = set(numbers_in(self.cleaned_data["shown"])), numbers_in(self.cleaned_data["ticked"])
        kept = [number for number in asked.chosen if number not in shown]
        return replace(asked, chosen=tuple(dict.fromkeys([*kept, *ticked]))[:CHOSEN_AT_MOST])
