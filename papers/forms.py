from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField, NamedForm
from common.id_fields import IdField
from papers.kinds import known_forms
from papers.models import FormRecord, Letterhead


class LetterheadForm(forms.ModelForm):
    """The head and signature of a body's papers from a day on."""

    class Meta:
        model = Letterhead
        fields = [
            "suffix",
            "valid_from",
            "layout",
            "body_name",
            "superior_name",
            "place",
            "authority",
            "signer_title",
            "signer_name",
            "term",
            "recipients",
            "spelling",
        ]
        widgets = {
            "recipients": forms.Textarea(attrs={"rows": 3}),
            "valid_from": forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class FormRecordForm(forms.ModelForm):
    """A prescribed form, as its document says."""

    form = forms.ChoiceField(label="Dùng cho giấy tờ của cổng", required=False)

    class Meta:
        model = FormRecord
        fields = ["number", "title", "form", "issuer", "document", "valid_from", "valid_to"]
        day = {"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}
        widgets = {"valid_from": forms.TextInput(attrs=day), "valid_to": forms.TextInput(attrs=day)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [("", "Không in trên giấy của cổng"), *((one.slug, one.name) for one in known_forms())]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class EndForm(NamedForm):
    """The last day on which a prescribed form is used."""

    names: ClassVar = {"record": "ket-thuc", "last_day": "ngay-cuoi"}

    record = IdField()
    last_day = DayField(label="Ngày cuối")
