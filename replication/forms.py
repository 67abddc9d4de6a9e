"""The fields of replication as they are shown. What is wrong in them the services say; a field keeps whatever was typed."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.dates import write_day
from models_registry.models import OutputMeasure
from organisation.grouping import unit_options
from organisation.models import UnitVersion
from replication.enums import DirectiveKind, Method
from replication.selectors.how_to import PARTS, STEPS
from replication.validators import ReplicationRefused


class Typed(forms.Form):
    """A form that takes any text and shows what a service refused at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def refuse(self, refused: ReplicationRefused) -> None:
        for name, words in refused.errors.items():
            self.add_error(name if name in self.fields else None, words)

    def texts(self, *names: str) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "") for name in names}


def _text(label: str, limit: int, hint: str = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": str(limit)} | attrs)
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def _day(label: str, hint: str = "") -> forms.CharField:
    return _text(label, 10, hint, inputmode="numeric", placeholder="ngày/tháng/năm")


def _lines(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": 2, "maxlength": "2000"})
    )


def _file(label: str) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.xlsx,image/*,.heic"})
    return forms.FileField(label=label, required=False, widget=widget, max_length=250, allow_empty_file=True)


def _offer(form: forms.Form, units: list[UnitVersion]) -> None:
    form.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]


class CampaignForm(Typed):
    title = _text("Tên chiến dịch", 300)
    directive_kind = forms.ChoiceField(label="Loại văn bản chỉ đạo", choices=DirectiveKind.choices, required=False)
    directive_number = _text("Số, ký hiệu", 60, "Chưa rõ thì để trống.")
    directive_on = _day("Ngày ban hành")
    directive_issuer = _text("Cơ quan ban hành", 250)
    directive_signer = _text("Người ký", 100)
    file = _file("Tệp văn bản")
    what = _text("Đếm cái gì", 200, "Ví dụ: lò đốt rác. Mọi nơi làm theo đếm cùng một thứ.")
    counting_unit = _text("Đơn vị tính", 30, "Ví dụ: lò, hộ, km.")
    own_what = forms.ChoiceField(
        label="Số đo của chính mô hình gốc",
        required=False,
        help_text="Mô hình gốc đếm cùng thứ ấy thì chọn, để tổng gồm cả nơi gốc.",
    )
    starts_on = _day("Từ ngày")
    ends_on = _day("Đến hết ngày")
    reason = _lines("Lý do chọn, nếu mô hình gốc chưa được công nhận")

    def __init__(self, *args: Any, measures: list[OutputMeasure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = {one.what: one for one in measures}
        named = [(what, f"{what}: {one} đến {write_day(one.as_of)}") for what, one in newest.items()]
        self.fields["own_what"].choices = [("", "Không có, hoặc đếm thứ khác"), *named]  # type: ignore[attr-defined]


class AdoptionForm(Typed):
    unit = forms.ChoiceField(label="Đơn vị làm theo", required=False)
    place = _text("Nơi làm", 200, "Để trống là cả đơn vị; hoặc ghi thôn, khu phố, chi hội.")
    adopted_on = _day("Ngày bắt đầu")
    who = _text("Ai làm", 300, "Ví dụ: Chi hội Nông dân thôn 2. Chỉ người trong ngành thấy.")
    method = forms.ChoiceField(label="Biết đến mô hình qua", choices=[("", "Chọn"), *Method.choices], required=False)

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, units)


class OutputForm(Typed):
    what = _text("Đếm cái gì", 200)
    counting_unit = _text("Đơn vị tính", 30)
    quantity = _text("Số lượng, cộng dồn từ đầu", 18, "Viết 1.500 cho một nghìn năm trăm.", inputmode="decimal")
    as_of = _day("Tính đến ngày")
    source = _text("Nguồn, ai đếm", 300)
    reason = _text("Lý do, nếu số giảm", 300)
    file = _file("Minh chứng")
    is_new = forms.BooleanField(label="Đếm việc mới, mô hình này chưa đếm bao giờ", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput())


class VisitRequestForm(Typed):
    unit = forms.ChoiceField(label="Đơn vị đến học", required=False)
    wanted_on = _day("Muốn đến ngày")
    people = _text("Số người", 5, "Ghi số dự kiến.", inputmode="numeric")
    purpose = _lines("Muốn học gì", "Ghi rõ để nơi đón chuẩn bị đúng người, đúng việc.")
    contact = _text("Người liên hệ, điện thoại", 150, "Chỉ hai đơn vị và cấp trên thấy.")

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, units)


class VisitToldForm(Typed):
    visited_on = _day("Đã đến ngày")
    people = _text("Số người đã đi", 5, inputmode="numeric")
    party = _text("Đoàn gồm ai", 300, "Ví dụ: Chi bộ, Hội Nông dân, trưởng thôn.")
    learned = forms.CharField(
        label="Đã học được gì",
        required=False,
        help_text="Cách nào mang về làm được, cách nào không hợp, vì sao.",
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": "4000"}),
    )


class VisitRecordForm(VisitToldForm):
    unit = forms.ChoiceField(label="Đơn vị đã đến học", required=False)
    field_order = ("unit", "visited_on", "people", "party", "learned")

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, units)


class VisitAnswerForm(Typed):
    planned_on = _day("Ngày hẹn")
    planned_at = _text("Giờ hẹn", 10, "Ví dụ: 7:30.")
    meeting_place = _text("Nơi đón", 300, "Ví dụ: UBND xã, rồi đi xem ở thôn.")
    answer = _lines("Lời nhắn cho đoàn")


class WhyForm(Typed):
    why = _lines("Lý do")


class HowToForm(Typed):
    """Its fields are the parts of the sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            widget = forms.Textarea(attrs={"rows": 8 if part is STEPS else 3})
            self.fields[part.name] = forms.CharField(label=part.label, help_text=part.hint, required=False, widget=widget)


class EndForm(Typed):
    ended_on = _day("Ngày thôi làm")
    why = _text("Lý do", 300)
