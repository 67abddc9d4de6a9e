"""What is sent from a decision's page."""

from typing import ClassVar

from django import forms
from django.http import QueryDict

from common.forms import NamedForm
from common.id_fields import IdsField


class SignedForm(NamedForm):
    """A signed scan of a decision."""

    names: ClassVar = {"file": "tep"}

    file = forms.FileField(
        allow_empty_file=True,
        widget=forms.FileInput,
        error_messages={"required": "Chưa chọn tệp nào."},
    )


class ChosenForm(NamedForm):
    """The models of a decision that are ticked, or all of every page."""

    names: ClassVar = {"chosen": "mo-hinh", "is_all": "tat-ca"}

    chosen = IdsField(required=False)
    is_all = forms.BooleanField(required=False)

    @classmethod
    def of(cls, sent: QueryDict | None) -> "ChosenForm":
        """As it was sent, read; nothing is ticked where nothing was sent."""
        form = cls(sent or QueryDict())
        form.full_clean()
        return form
