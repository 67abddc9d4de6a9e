"""What is sent of a list of outcomes."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from common.dates import no_such_day, read_day
from common.forms import NamedForm
from common.held_forms import OwnFileForm
from common.id_fields import ids_in
from models_registry.upload_forms import EMPTY_FILE, FileForm
from organisation.models import Unit, UnitVersion
from recognition.forms.fields import text_field


class OutcomeListForm(OwnFileForm, FileForm):
    """A list of outcomes, and whose decision it is."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành", error_messages={"required": "Chưa chọn cơ quan ban hành."})
    field_order = ("issuer", "file")

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]
        self.fields["file"].required = False

    def clean(self) -> None:
        super().clean()
        if not self.has_file and "file" not in self.errors:
            self.add_error("file", EMPTY_FILE["required"])


class OutcomeDecisionForm(forms.Form):
    """The decision that speaks for the rows of a list that name none."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành")
    number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    decided_on = forms.CharField(label="Ngày quyết định", max_length=40, required=False)

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {version.unit.key: version.unit for version in issuers}
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]

    @property
    def body(self) -> Unit:
        """The body that issued it, of a form that is valid."""
        return self._bodies[self.cleaned_data["issuer"]]

    def clean_decided_on(self) -> date | None:
        words = self.cleaned_data["decided_on"].strip()
        day = read_day(words) if words else None
        if words and day is None:
            raise forms.ValidationError(no_such_day(words))
        return day


def issuer_choices(issuers: list[UnitVersion]) -> list[tuple[str, str]]:
    first = [("", "Chọn cơ quan")] if len(issuers) > 1 else []
    return first + [(version.unit.key, version.name) for version in issuers]


class ReviewForm(NamedForm):
    """What was chosen of rows (`dong-<id>`, over `cu-<id>`), which reading of the list the page had shown, where to go back to."""

    names: ClassVar = {"asked": "o-trang", "shown": "ban-xem"}

    asked = text_field()
    shown = text_field()

    def choices(self) -> dict[int, str]:
        """{row id: what was chosen}, of the rows whose choice differs from what the page had shown."""
        rows = ids_in(name.removeprefix("dong-") for name in self.data if name.startswith("dong-"))
        chosen = {pk: (self.data.get(f"dong-{pk}", ""), self.data.get(f"cu-{pk}", "")) for pk in rows}
        return {pk: choice for pk, (choice, before) in chosen.items() if choice != before}


class RowForm(NamedForm):
    """Which registration a row is."""

    names: ClassVar = {"registration": "dang-ky"}

    registration = text_field()


class RememberForm(NamedForm):
    """Whether lists with these headings are read so from now on."""

    names: ClassVar = {"remembers": "nho"}

    remembers = forms.BooleanField(required=False, initial=True)
