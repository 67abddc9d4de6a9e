"""What is sent while a registration is begun, carried on, written."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from common.forms import NamedForm
from common.id_fields import IdsField
from models_registry.boxes import FIELDS


class StartForm(NamedForm):
    """For which unit a new registration is begun."""

    names: ClassVar = {"unit": "don-vi"}

    unit = forms.CharField(required=False)


class CarryOnForm(NamedForm):
    """Which earlier registrations are carried on, and what is different now."""

    names: ClassVar = {"rows": "chon", "changed": "khac"}

    rows = IdsField(required=False)
    changed = forms.CharField(required=False)


class DifferentForm(NamedForm):
    """Which registrations with a like title are other models, and why."""

    names: ClassVar = {"others": "khac", "reason": "ly-do"}

    others = IdsField(required=False)
    reason = forms.CharField(required=False)


class SheetForm(NamedForm):
    """Texts of the sheet, each with the one that it was typed over (`base:`); a text is kept as it was typed. Without a base
    it fits nothing but the text that stands already.
    """

    names: ClassVar = {"reader": "nguoi", "onward": "di"}

    reader = forms.CharField(required=False)
    """Who had opened the page."""
    onward = forms.CharField(required=False)

    def __init__(self, data: Any, names: Iterable[str] = FIELDS) -> None:
        super().__init__(data)
        self._texts = [name for name in names if name in data]
        self._bases = [name for name in FIELDS if f"base:{name}" in data]
        for name in (*self._texts, *(f"base:{name}" for name in self._bases)):
            self.fields[name] = forms.CharField(required=False, strip=False)
        self.full_clean()

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._texts}

    @property
    def bases(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"base:{name}"] for name in self._bases}

    def is_of(self, reader: Any) -> bool:
        """Whether the page was opened by them; one that does not say is taken to be."""
        return self.cleaned_data["reader"] in ("", str(reader.pk))
