from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models

from common.dates import how_to_write, read_day
from common.exceptions import DomainError
from common.forms import DayField
from common.numbers import read_number
from models_registry.upload_forms import FileForm
from organisation.grouping import unit_options
from organisation.models import UnitVersion
from recognition.enums import Ballot, CouncilTask, MeetingWay, PaperKind, Share
from recognition.models import CriteriaSet, Dossier
from recognition.services import LookPlan, Numbering, RoundPlan, UnitMeeting


class NumberField(forms.CharField):
    """A number as Vietnam writes it: 7,5."""

    def clean(self, value: Any) -> Decimal:
        number = read_number(super().clean(value))
        if number is None or number > 9999:
            raise forms.ValidationError(f"{self.label}: viết một số như 7 hoặc 7,5.")
        return number


def _count(label: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
        error_messages={"invalid": f"{label}: viết một số.", "min_value": f"{label}: không nhỏ hơn 0."},
        **more,
    )


class UnitMeetingForm(forms.Form):
    """The meeting in which a unit chose: votes in common, and of each dossier that had others."""

    met_on = DayField(label="Ngày họp")
    met_at = forms.CharField(label="Nơi họp", required=False, max_length=200)
    members = _count("Số được triệu tập")
    present = _count("Số có mặt")
    votes_for = _count("Tán thành")
    votes_of = _count("Trên số được biểu quyết", help_text="Chung cho mọi hồ sơ; hồ sơ nào khác thì ghi riêng ở dưới.")
    chair = forms.CharField(label="Chủ trì", required=False, max_length=100)
    secretary = forms.CharField(label="Thư ký", required=False, max_length=100)

    def __init__(self, *args: Any, dossiers: Iterable[Dossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["met_on"].required = False
        self.dossiers = list(dossiers)
        for one in self.dossiers:
            self.fields[f"votes_{one.pk}"] = forms.CharField(
                label=f"Hồ sơ {one.number}: tán thành/biểu quyết, nếu khác",
                required=False,
                max_length=9,
                initial=f"{one.votes_for}/{one.votes_of}" if one.votes_of else "",
                help_text=one.registration.title,
                widget=forms.TextInput(attrs={"placeholder": "9/10"}),
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        self.single: dict[int, tuple[int, int] | None] = {}
        for one in self.dossiers:
            text = (self.cleaned_data.get(f"votes_{one.pk}") or "").replace(" ", "")
            parts = text.split("/")
            if not text:
                self.single[one.pk] = None
            elif len(parts) == 2 and all(part.isascii() and part.isdecimal() for part in parts):
                self.single[one.pk] = (int(parts[0]), int(parts[1]))
            else:
                self.add_error(f"votes_{one.pk}", f"Hồ sơ {one.number}: viết số tán thành/số biểu quyết, ví dụ 9/10.")
        return self.cleaned_data

    def meeting(self) -> UnitMeeting:
        """What was typed, of a form that is valid."""
        plain = {name: value for name, value in self.cleaned_data.items() if not name.startswith("votes_") or name in _COMMON}
        return UnitMeeting(**plain, single=self.single)


_COMMON = ("votes_for", "votes_of")


class NumberingForm(forms.Form):
    """The day and the numbers of a packet's papers."""

    day = DayField(label="Ngày ký")
    suffix = forms.ChoiceField(label="Ký hiệu cơ quan", required=False)
    proposal = _count("Số tờ trình", help_text="Để trống thì lấy số tiếp theo trong sổ.")
    with_minutes = forms.BooleanField(label="Lấy cả số biên bản", required=False)

    def __init__(self, *args: Any, suffixes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["suffix"].choices = [(one, one) for one in suffixes]  # type: ignore[attr-defined]
        if len(self.fields["suffix"].choices) < 2:  # type: ignore[attr-defined]
            self.fields["suffix"].widget = forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False

    def numbering(self) -> Numbering:
        return Numbering(**self.cleaned_data)


class RoundForm(forms.Form):
    """A new round."""

    unit = forms.ChoiceField(label="Đơn vị tổ chức", error_messages={"required": "Chưa chọn đơn vị tổ chức."})
    basis = forms.CharField(
        label="Văn bản căn cứ",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Số, ngày, cơ quan ban hành.",
    )
    propose_from = DayField(label="Nhận đề nghị từ ngày")
    propose_until = DayField(label="Nhận đề nghị đến hết ngày")
    score_until = DayField(label="Thẩm định đến hết ngày")
    meet_on = DayField(label="Họp hội đồng ngày")
    decide_by = DayField(label="Quyết định trước hết ngày")
    criteria = forms.ModelChoiceField(CriteriaSet.objects.none(), label="Bộ tiêu chí", empty_label=None)
    papers = forms.MultipleChoiceField(
        label="Giấy tờ phải có", required=False, choices=PaperKind.choices, widget=forms.CheckboxSelectMultiple
    )
    quota_total = forms.IntegerField(
        label="Chỉ tiêu chung", required=False, min_value=1, max_value=9999, help_text="Để tham khảo, không chặn đề nghị."
    )
    spread_limit = NumberField(label="Chênh lệch điểm phải xem lại", initial="15")
    drops_extremes = forms.BooleanField(label="Bỏ phiếu cao nhất và thấp nhất khi có từ năm phiếu", required=False)

    def __init__(self, *args: Any, units: list[UnitVersion], sets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = units[0].unit.key
        self.fields["criteria"].queryset = sets  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def plan(self) -> RoundPlan:
        """What was asked for, of a form that is valid."""
        return RoundPlan(**{name: value for name, value in self.cleaned_data.items() if name != "unit"})


class RoundExtensionForm(forms.Form):
    """More time for one unit to propose."""

    unit = forms.ChoiceField(label="Đơn vị", error_messages={"required": "Chưa chọn đơn vị."})
    until = DayField(label="Đến hết ngày")
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_options(units)  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class MeetingForm(forms.Form):
    """A council's meeting; who is there stands beside it."""

    held_on = DayField(label="Ngày họp")
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    way = forms.ChoiceField(label="Hình thức", choices=MeetingWay.choices)
    ballot = forms.ChoiceField(label="Cách biểu quyết", choices=Ballot.choices)
    quorum = forms.ChoiceField(label="Họp khi có mặt", choices=Share.choices)
    needed = forms.ChoiceField(label="Thông qua khi tán thành", choices=Share.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SeatForm(forms.Form):
    """A seat in the council."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
    )
    task = forms.ChoiceField(label="Nhiệm vụ", choices=CouncilTask.choices, initial=CouncilTask.MEMBER)
    ends_on = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu đến khi xong đợt xét.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class OutcomeListForm(FileForm):
    """A list of outcomes, and whose decision it is."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành", error_messages={"required": "Chưa chọn cơ quan ban hành."})
    field_order = ("issuer", "file")

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]


class OutcomeDecisionForm(forms.Form):
    """The decision that speaks for the rows of a list that name none."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành")
    number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    decided_on = forms.CharField(label="Ngày quyết định", max_length=40, required=False)

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]

    def clean_decided_on(self) -> date | None:
        words = self.cleaned_data["decided_on"].strip()
        day = read_day(words) if words else None
        if words and day is None:
            raise forms.ValidationError(f"Ngày “{words}” không có thật hoặc không đọc được; viết ngày/tháng/năm.")
        return day


def issuer_choices(issuers: list[UnitVersion]) -> list[tuple[str, str]]:
    first = [("", "Chọn cơ quan")] if len(issuers) > 1 else []
    return first + [(version.unit.key, version.name) for version in issuers]


class LookForm(forms.Form):
    """A request to members to look again at scores; which ones is chosen in the table beside it."""

    loi = forms.CharField(max_length=2000, error_messages={"required": "Xin ghi vì sao đề nghị xem lại."})
    han = DayField(label="Trả lời trước hết ngày")

    def plan(self, score_ids: Iterable[int]) -> LookPlan:
        """What was asked for, of a form that is valid."""
        return LookPlan(frozenset(score_ids), self.cleaned_data["loi"], self.cleaned_data["han"])


class DashedForm(forms.Form):
    """A form whose page writes its names with dashes. What may be left out is told by the service, in the words of its rule."""

    def add_prefix(self, field_name: str) -> str:
        return field_name.replace("_", "-")


class ReasonForm(DashedForm):
    """Why something is done that is on record."""

    ly_do = forms.CharField(required=False, max_length=2000)

    @property
    def reason(self) -> str:
        """As it was sent, be it wrong: the page shows it again."""
        return str(self["ly_do"].value() or "")


class Way(models.TextChoices):
    """The three ways on from a phase in which something is still missing."""

    REMIND = "nhac"
    EXTEND = "gia-han"
    GO_ON = "chuyen"


class AdvanceForm(DashedForm):
    """The way on from a phase (`cach`), that of the button that was pressed (`lam`), what the page had shown."""

    cach = forms.ChoiceField(choices=Way.choices, required=False)
    lam = forms.ChoiceField(choices=Way.choices, required=False)
    tu = forms.CharField(required=False)
    vang = forms.IntegerField(required=False, min_value=0, max_value=999_999)
    den_ngay = forms.CharField(required=False)

    def chosen(self, name: str, default: str) -> str:
        """What was said of a field, `default` for nothing or for what is none of its values."""
        return str(self.cleaned_data.get(name) or default) if self.is_bound and not self.errors.get(name) else default

    @property
    def losing(self) -> int:
        return int(self.chosen("vang", "0"))

    def until(self) -> date:
        """Raises DomainError for what is no day."""
        return day_of(self.chosen("den_ngay", ""))


class ReopenForm(ReasonForm):
    """Back to the phase before: why, until when."""

    tu = forms.CharField(required=False)
    den_ngay = forms.CharField(required=False)

    def until(self) -> date:
        """Raises DomainError for what is no day."""
        return day_of(str(self["den_ngay"].value() or ""))


def day_of(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise DomainError(f"Đến hết ngày: {how_to_write()}.")
    return day
