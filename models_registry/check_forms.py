"""What is sent when registrations are checked, one by one or many at once."""

import json
from typing import ClassVar

from django import forms

from common.forms import NamedForm
from common.id_fields import IdField, IdsField
from models_registry.marking import Marks, read_marks


class MarkingForm(NamedForm):
    """Marks at boxes; what the tab had shown of the marks, which sending it was of, whether marks are dropped on accepting."""

    names: ClassVar = {"base": "goc", "sending": "lan", "drops_marks": "bo-dau"}

    base = forms.CharField(required=False, strip=False)
    sending = IdField()
    drops_marks = forms.BooleanField(required=False)

    @property
    def marks(self) -> Marks:
        """What is marked now."""
        return read_marks(self.data)

    def clean_base(self) -> Marks:
        """What was never such a text counts as nothing."""
        try:
            sent = json.loads(self.cleaned_data["base"] or "{}")
        except (ValueError, RecursionError):
            return {}
        texts = {name: text for name, text in sent.items() if isinstance(text, str)} if isinstance(sent, dict) else {}
        return read_marks(texts)


class UndoForm(NamedForm):
    """Which decision is taken back, and the filter of the queue to go back to."""

    names: ClassVar = {"step": "buoc", "query": "loc"}

    step = IdField()
    query = forms.CharField(required=False)

    def clean_query(self) -> str:
        query = str(self.cleaned_data["query"])
        return query if query.startswith("?") else ""


class KeysForm(NamedForm):
    """Whether one checks with keys."""

    names: ClassVar = {"has_keys": "dung"}

    has_keys = forms.BooleanField(required=False)


class ManyForm(NamedForm):
    """Which rows of a board are accepted or returned; `back`: the board's filter to go back to."""

    names: ClassVar = {"rows": "chon", "back": "ve", "is_confirmed": "xac-nhan"}

    rows = IdsField(required=False)
    back = forms.CharField(required=False)
    is_confirmed = forms.BooleanField(required=False)

    @property
    def marks(self) -> Marks:
        """Why they are returned."""
        return read_marks(self.data)


class ChosenForm(NamedForm):
    """Which rows are judged."""

    names: ClassVar = {"rows": "chon"}

    rows = IdsField(required=False)
