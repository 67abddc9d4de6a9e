"""The fields of replication as they are shown. What is wrong in them the services say; a field keeps whatever was typed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from common.dates import read_day, write_day
from common.exceptions import DomainError, FileRefused
from common.forms import NamedForm
from common.held_forms import OwnFileForm
from common.id_fields import IdField, IdsField
from common.numbers import write_number
from models_registry.models import OutputMeasure
from organisation.grouping import unit_options
from organisation.models import UnitVersion
from replication.enums import CampaignAction, DirectiveKind, Method
from replication.models import Adoption, CampaignTarget, ReplicationCampaign, StudyVisit
from replication.selectors.how_to import PARTS, STEPS
from replication.services import AdoptionTyped, OutputTyped
from replication.validators import ReplicationRefused, read_quantity


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


class SourceForm(NamedForm):
    """Which model is to be replicated."""

    names: ClassVar = {"slug": "mo-hinh"}

    slug = forms.CharField(required=False)


class TypedWithFile(OwnFileForm, Typed):
    def refuse_all(self, refused: DomainError) -> None:
        """Say what was refused at the fields that it is about."""
        if isinstance(refused, ReplicationRefused):
            self.refuse(refused)
        else:
            at = self.file_field if isinstance(refused, FileRefused) else refused.field
            self.add_error(at if at in self.fields else None, str(refused))


class CampaignForm(TypedWithFile):
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


class CampaignStepForm(NamedForm):
    """Starting, closing or reopening a campaign, and what is concluded."""

    names: ClassVar = {"action": "viec", "note": "ket-luan"}
    actions: ClassVar = {
        "phat-dong": CampaignAction.START,
        "ket-thuc": CampaignAction.CLOSE,
        "mo-lai": CampaignAction.REOPEN,
    }

    action = forms.ChoiceField(choices=[(name, action.label) for name, action in actions.items()])
    note = forms.CharField(required=False)

    def clean_action(self) -> CampaignAction:
        return self.actions[self.cleaned_data["action"]]


class QuantityField(forms.CharField):
    """How much is asked for: 1.500; None where no number is given."""

    def __init__(self, label: str, *, is_positive: bool = False) -> None:
        super().__init__(label=label, required=False)
        self.is_positive = is_positive

    def clean(self, value: Any) -> Decimal | None:
        number, wrong = read_quantity(super().clean(value), str(self.label))
        if self.is_positive and number == 0:
            wrong = f"{self.label}: chỉ tiêu phải lớn hơn 0, hoặc để trống."
        if wrong:
            raise forms.ValidationError(wrong)
        return number


class TargetsForm(NamedForm):
    """Which units more are asked, for how much each, as of which day's list; or which one is asked no more."""

    names: ClassVar = {"units": "don-vi", "quantity": "chi-tieu", "day": "ngay", "dropped": "bo"}

    units = IdsField(required=False)
    quantity = QuantityField("Chỉ tiêu mỗi đơn vị")
    day = forms.CharField(required=False)
    dropped = IdField()

    def clean_day(self) -> date | None:
        return read_day(self.cleaned_data["day"][:40])


class QuantitiesForm(NamedForm):
    """How much is asked of each unit (`ct-`), and what the page had shown of it (`cu-`)."""

    def __init__(self, *args: Any, targets: Iterable[CampaignTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = list(targets)
        for target in self.targets:
            self.fields[f"ct-{target.unit_id}"] = QuantityField(target.unit_name, is_positive=True)
            self.fields[f"cu-{target.unit_id}"] = forms.CharField(required=False)

    @property
    def shown(self) -> list[tuple[CampaignTarget, str]]:
        """Each target with what stands in its box: what was typed, else what is asked."""
        return [(target, self.data.get(f"ct-{target.unit_id}", write_number(target.quantity))) for target in self.targets]

    def quantities(self) -> dict[int, Decimal | None]:
        """Of the units that were on the page."""
        sent = [target.unit_id for target in self.targets if f"ct-{target.unit_id}" in self.data]
        return {unit: self.cleaned_data[f"ct-{unit}"] for unit in sent}

    def seen(self) -> dict[int, Decimal | None]:
        return {unit: read_quantity(self.cleaned_data[f"cu-{unit}"], "")[0] for unit in self.quantities()}


class AdoptedForm(NamedForm):
    """What an adoption that is to be written down belongs to: the model, or a campaign, an adopter, a visit that name it."""

    names: ClassVar = {"campaign": "chien-dich", "parent": "hoc-tu", "visit": "tham-quan", "slug": "mo-hinh"}

    campaign = IdField()
    parent = IdField()
    visit = IdField()
    slug = forms.CharField(required=False)


class TieForm(NamedForm):
    """Which registration is the adopter's own."""

    names: ClassVar = {"registration": "dang-ky"}

    registration = IdField()


class AdoptionForm(Typed):
    unit = forms.ChoiceField(label="Đơn vị làm theo", required=False)
    place = _text("Nơi làm", 200, "Để trống là cả đơn vị; hoặc ghi thôn, khu phố, chi hội.")
    adopted_on = _day("Ngày bắt đầu")
    who = _text("Ai làm", 300, "Ví dụ: Chi hội Nông dân thôn 2. Chỉ người trong ngành thấy.")
    method = forms.ChoiceField(label="Biết đến mô hình qua", choices=[("", "Chọn"), *Method.choices], required=False)

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, units)

    def adoption(
        self, *, parent: Adoption | None, campaign: ReplicationCampaign | None, visit: StudyVisit | None
    ) -> AdoptionTyped:
        return AdoptionTyped(
            **self.texts("adopted_on", "who", "method", "place"),
            parent_id=parent.pk if parent else None,
            campaign_id=campaign.pk if campaign else None,
            visit_id=visit.pk if visit else None,
        )


class OutputForm(TypedWithFile):
    what = _text("Đếm cái gì", 200)
    counting_unit = _text("Đơn vị tính", 30)
    quantity = _text("Số lượng, cộng dồn từ đầu", 18, "Viết 1.500 cho một nghìn năm trăm.", inputmode="decimal")
    as_of = _day("Tính đến ngày")
    source = _text("Nguồn, ai đếm", 300)
    reason = _text("Lý do, nếu số giảm", 300)
    file = _file("Minh chứng")
    is_new = forms.BooleanField(label="Đếm việc mới, mô hình này chưa đếm bao giờ", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def output(self) -> OutputTyped:
        return OutputTyped(
            **self.texts("what", "counting_unit", "quantity", "as_of", "source", "reason", "seen"),
            is_new=bool(self.cleaned_data.get("is_new")),
        )


class VisitedForm(NamedForm):
    """What is to be visited: a model, or an adopter of it."""

    names: ClassVar = {"at": "noi", "slug": "mo-hinh"}

    at = IdField()
    slug = forms.CharField(required=False)


class PhotoForm(NamedForm):
    """Which photo is to go."""

    names: ClassVar = {"photo": "anh"}

    photo = forms.UUIDField()


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


class RevisionForm(NamedForm):
    """Which revision of a sheet was on the page; -1, which none is, for what is no number."""

    names: ClassVar = {"seen": "ban"}

    seen = forms.CharField(required=False)

    def clean_seen(self) -> int:
        text = self.cleaned_data["seen"]
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


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
