"""Form fields for ids of rows."""

from collections.abc import Iterable

from django import forms


def ids_in(typed: Iterable[str]) -> list[int]:
    """The ids among what was sent; what no database could hold as one is left out."""
    return [int(text) for text in typed if text.isascii() and text.isdecimal() and len(text) < 18]


class IdsField(forms.Field):
    """What was ticked in a list."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[int]:
        return ids_in(value or [])


class IdField(forms.Field):
    """One id; None for nothing and for what is no id."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: str | None) -> int | None:
        return next(iter(ids_in([value or ""])), None)
