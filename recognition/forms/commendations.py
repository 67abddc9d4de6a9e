"""What is typed of commendations, of grades, of models that go to the centre and come back from there."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from common.dates import today, write_day
from common.forms import NamedForm
from common.id_fields import IdField, IdsField
from recognition.forms.fields import DayTypedField, text_field


class CommendationForm(NamedForm):
    """A commendation that is proposed: whom, for what."""

    names: ClassVar = {"proposal": "de-nghi", "recipient": "nguoi", "recipient_kind": "loai", "reason": "thanh-tich"}

    proposal = IdField()
    recipient = text_field()
    recipient_kind = text_field()
    reason = text_field()

    def changes(self) -> dict[str, str]:
        """What `write_commendation` takes."""
        return {name: self.cleaned_data[name] for name in ("recipient", "recipient_kind", "reason")}

    def place_of(self, field: str) -> str:
        """The element of the page in which the field of this proposal stands."""
        begins = {"recipient": "ng", "reason": "tt"}.get(field)
        return f"{begins}_{self.cleaned_data['proposal']}" if begins else ""


class GradeForm(NamedForm):
    """A grade to declare, from a day on."""

    names: ClassVar = {"name": "ten", "valid_from": "tu"}

    name = text_field("Tên mức, chữ thường", widget=forms.TextInput(attrs={"maxlength": "60"}))
    valid_from = DayTypedField(label="Dùng từ ngày")


class GradeEndForm(NamedForm):
    """The last day of a grade."""

    names: ClassVar = {"grade": "muc", "valid_until": "den"}

    grade = IdField()
    valid_until = DayTypedField(label="Ngày cuối cùng")


class IntroductionForm(NamedForm):
    """The models of a decision that are introduced or taken back; day, words and number of the letter. No day is today."""

    names: ClassVar = {"chosen": "mo-hinh", "day": "ngay", "words": "loi", "paper": "so"}

    chosen = IdsField(required=False)
    day = DayTypedField(required=False)
    words = text_field()
    paper = text_field()

    def clean_day(self) -> date:
        return self.cleaned_data["day"] or today()

    @property
    def ids(self) -> set[int]:
        """The models that are ticked."""
        return set(self.fields["chosen"].clean(self["chosen"].value()))

    @property
    def shown(self) -> dict[str, Any]:
        """What the fields show: what was sent, the day of today where none was."""
        return {"ngay": write_day(today())} | {name: self.data[name] for name in ("ngay", "loi", "so") if name in self.data}
