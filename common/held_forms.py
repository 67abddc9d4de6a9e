"""Forms whose file need not be chosen again because something else in them is wrong."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from common.exceptions import FileRefused
from common.held import discard, held_for, hold_file
from common.models import HeldFile

if TYPE_CHECKING:
    from organisation.models import User


class HoldingForm(forms.Form):
    """A form with one file among its fields: one that came along is held while the rest is put right."""

    file_field: ClassVar[str] = "file"

    paper = forms.UUIDField(required=False, widget=forms.HiddenInput)
    drops_paper = forms.BooleanField(label="Bỏ tệp này", required=False)

    held: Any = None
    """The file that was received before: has a `file_name` and a `size`."""

    def find_held(self, pk: UUID) -> Any:
        """The file that was held under this id for who sends the form; None where there is none."""
        raise NotImplementedError

    def clean(self) -> None:
        super().clean()
        asked = None if self.cleaned_data.get("drops_paper") else self.cleaned_data.get("paper")
        self.held = self.find_held(asked) if asked else None
        if asked and not self.held and not self.cleaned_data.get(self.file_field):
            self.add_error(self.file_field, "Tệp đã gửi không còn. Xin chọn lại.")

    @property
    def has_file(self) -> bool:
        return bool(self.held or self.cleaned_data.get(self.file_field))

    def hold(self, held: Any) -> None:
        """Take a file along that was received, whatever else is still to be put right."""
        self.held = held
        typed = {name: self.data.get(name) for name in self.data}
        self.data = typed | {"paper": str(held.pk) if held else "", "drops_paper": ""}

    @property
    def file_box(self) -> forms.BoundField:
        return self[self.file_field]

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The fields as a page shows them; the two of a held file stand with the file."""
        return [field for field in self if field.name not in ("paper", "drops_paper")]


class OwnFileForm(HoldingForm):
    """A form whose file belongs to nothing before the form is right: it is held for who sent it (`common.held`)."""

    dropped: HeldFile | None = None
    """The file that is to be left out."""

    def __init__(self, *args: Any, user: "User", **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def find_held(self, pk: UUID) -> HeldFile | None:
        return held_for(self.user, pk)

    def clean(self) -> None:
        super().clean()
        pk = self.cleaned_data.get("paper")
        self.dropped = self.find_held(pk) if pk and self.cleaned_data.get("drops_paper") else None

    @property
    def sent(self) -> "UploadedFile[bytes] | None":
        """The file of a form that was cleaned: the one that came now, else the one that is held."""
        return self.cleaned_data.get(self.file_field) or (self.held.as_sent() if self.held else None)

    def keep_file(self, check: Callable[["UploadedFile[bytes]"], Any]) -> None:
        """Hold the file of a form that is refused, and let go what it takes the place of. What is wrong with the file itself is
        told at its field.
        """
        held = self.held
        self._discard_dropped()
        if file := self.cleaned_data.get(self.file_field):
            try:
                held = hold_file(file=file, actor=self.user, check=check, instead_of=held)
            except FileRefused as refused:
                self.add_error(self.file_field, str(refused))
        self.hold(held)

    def release_file(self) -> None:
        """The form went its way: what was held for it is needed no more."""
        self._discard_dropped()
        if self.held:
            discard(self.held)

    def _discard_dropped(self) -> None:
        if self.dropped:
            discard(self.dropped)
