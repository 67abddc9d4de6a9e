"""What is wrong with a form, as a page lists it above the form."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm


def labelled(form: BaseForm, whole: str = "") -> list[tuple[str, str]]:
    """(id of the element to go to, what is wrong), named by the field's label where the words do not name it.

    `whole`: the field to go to for what is wrong with the form as a whole; without one there is nowhere to go.
    """
    said = []
    for name, told in form.errors.items():
        words, field = str(told[0]), form[name] if name in form.fields else None
        place = _place(form, whole if name == NON_FIELD_ERRORS else name)
        said.append((place, f"{field.label}: {words}" if field and words.startswith("Trường này") else words))
    return said


def _place(form: BaseForm, name: str) -> str:
    """The first element of a field: of a group of choices its first one, which takes the focus as the group does not."""
    if name not in form.fields:
        return ""
    return form[name].id_for_label or f"{form[name].auto_id}_0"
