"""What is wrong with a form, as a page lists it above the form."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

UNNAMED = ("Chưa ghi.", "Chưa chọn.")
"""What Django's own fields and ours say of nothing sent: below its label that is enough, in a list it needs the label."""


class WrongAt(ValidationError):
    """What is wrong at an element of the page that is no field of the form; `place`: its id."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(words)
        self.place = place


def labelled(form: BaseForm, whole: str = "") -> list[tuple[str, str]]:
    """(id of the element to go to, what is wrong), named by the field's label where the words do not name it.

    `whole`: the field to go to for what is wrong with the form as a whole; without one there is nowhere to go.
    """
    said = []
    for name, told in form.errors.items():
        words, field = str(told[0]), form[name] if name in form.fields else None
        wrong = form.errors.as_data()[name][0]
        place = wrong.place if isinstance(wrong, WrongAt) else _place(form, whole if name == NON_FIELD_ERRORS else name)
        said.append((place, f"{field.label}: {words[0].lower()}{words[1:]}" if field and words in UNNAMED else words))
    return said


def _place(form: BaseForm, name: str) -> str:
    """The first element of a field: of a group of choices its first one, which takes the focus as the group does not.

    None of a field that nobody sees.
    """
    if name not in form.fields or form[name].is_hidden:
        return ""
    return form[name].id_for_label or f"{form[name].auto_id}_0"
