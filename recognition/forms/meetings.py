"""What is typed of a council's meeting: its plan, a ballot paper, its conclusion, the cut line before it."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdField, ids_in
from recognition.enums import Ballot, MeetingWay, Share
from recognition.forms.fields import PlainCountField, text_field
from recognition.services import MeetingPlan


class MeetingForm(forms.Form):
    """A council's meeting; who is there stands beside it: `co-<member id>` ticked, else `ly-<member id>` why not."""

    held_on = DayField(label="Ngày họp")
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    way = forms.ChoiceField(label="Hình thức", choices=MeetingWay.choices)
    ballot = forms.ChoiceField(label="Cách biểu quyết", choices=Ballot.choices)
    quorum = forms.ChoiceField(label="Họp khi có mặt", choices=Share.choices)
    needed = forms.ChoiceField(label="Thông qua khi tán thành", choices=Share.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def presence_of(self, member_id: int) -> tuple[bool, str]:
        """Whether a member is there; why not."""
        return f"co-{member_id}" in self.data, self.data.get(f"ly-{member_id}", "")

    def plan(self) -> MeetingPlan:
        """What was typed, of a form that is valid."""
        members = ids_in(name.removeprefix("ly-") for name in self.data if name.startswith("ly-"))
        return MeetingPlan(**self.cleaned_data, present={pk: self.presence_of(pk) for pk in members})


class ClosingForm(NamedForm):
    """Whether voting is closed although not all have voted."""

    names: ClassVar = {"even_so": "du-thieu"}

    even_so = forms.BooleanField(required=False)


class ConclusionForm(NamedForm):
    names: ClassVar = {"words": "ket-luan"}

    words = text_field()


class BallotForm(NamedForm):
    """A member's ballot paper: `h<dossier id>` the choice; a dossier to stand aside of, `lq-<dossier id>` why."""

    names: ClassVar = {"aside": "lien-quan"}

    aside = IdField()

    def choices(self) -> dict[int, str]:
        """{dossier id: choice}"""
        sent = {name[1:]: str(value) for name, value in self.data.items() if name.startswith("h")}
        return {pk: sent[text] for text in sent for pk in ids_in([text])}

    def choice_of(self, dossier_id: int, kept: str) -> str:
        return str(self.data.get(f"h{dossier_id}", kept))

    def interest_in(self, dossier_id: int) -> str:
        """Why the member stands aside."""
        return str(self.data.get(f"lq-{dossier_id}", ""))


class CutForm(NamedForm):
    """After how many dossiers the cut line stands; empty takes it away."""

    names: ClassVar = {"above": "vach"}

    above = PlainCountField(digits=4)
