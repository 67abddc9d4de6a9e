"""What is typed of scores: a sheet, a request to look at some again."""

from collections.abc import Iterable
from typing import ClassVar

from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdField, IdsField, ids_in
from recognition.forms.fields import text_field
from recognition.services import LookPlan, Typed


class ScoresForm(NamedForm):
    """For each criterion `p<id>` points and `n<id>` words; where the page knows, `b<id>` and `c<id>`: what had stood there."""

    def scores(self, criterion_ids: Iterable[int]) -> dict[int, Typed]:
        """What was typed for each criterion that was sent."""
        return {pk: self._typed(pk) for pk in criterion_ids if f"p{pk}" in self.data}

    def _typed(self, pk: int) -> Typed:
        base = Typed(self.data[f"b{pk}"], self.data.get(f"c{pk}", "")) if f"b{pk}" in self.data else None
        return Typed(self.points_of(pk, ""), self.words_of(pk, ""), base)

    def points_of(self, pk: int, kept: str) -> str:
        return str(self.data.get(f"p{pk}", kept))

    def words_of(self, pk: int, kept: str) -> str:
        return str(self.data.get(f"n{pk}", kept))


class SheetForm(ScoresForm):
    """A member's own sheet, with a remark on the whole; the answer to a request to look again."""

    names: ClassVar = {"note": "nhan-xet", "look": "de-nghi", "answer": "tra-loi"}

    note = text_field()
    look = IdField()
    answer = text_field()

    @property
    def remark(self) -> str | None:
        """None where the page sent none: what is kept stays."""
        return self["note"].value() if self.is_bound else None


class LookForm(forms.Form):
    """A request to members to look again at scores: those that are ticked in the table beside it."""

    o = IdsField(required=False)
    loi = forms.CharField(max_length=2000, error_messages={"required": "Xin ghi vì sao đề nghị xem lại."})
    han = DayField(label="Trả lời trước hết ngày")

    @property
    def chosen(self) -> list[int]:
        """The ids of the scores that are ticked."""
        return ids_in(self["o"].value() or [])

    def plan(self) -> LookPlan:
        """What was asked for, of a form that is valid."""
        return LookPlan(frozenset(self.cleaned_data["o"]), self.cleaned_data["loi"], self.cleaned_data["han"])
