"""What is typed on the portal's own pages."""

from datetime import date
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.dates import no_such_day, read_day, today
from common.files import is_pdf
from common.forms import DayField, NamedForm
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from common.text import clean
from portal.enums import RequestKind, RequestState, StoryKind
from portal.models import PublicContact
from portal.selectors.stories import models_at
from portal.services import ContactText, StoryText


class PlainForm(forms.Form):
    """Fields one under the other; the page has the form's own element and button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class RequestForm(PlainForm):
    """A visitor asks that something be corrected or taken away."""

    page = forms.CharField(label=_("Trang nào"), max_length=300, help_text=_("Địa chỉ trang, hoặc tên mô hình."))
    kind = forms.ChoiceField(label=_("Cần làm gì"), choices=[])
    words = forms.CharField(label=_("Sai ở đâu, đúng là thế nào"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label=_("Tên người gửi (không bắt buộc)"), max_length=100, required=False)
    contact = forms.CharField(
        label=_("Điện thoại hoặc thư điện tử (không bắt buộc)"),
        max_length=200,
        required=False,
        help_text=_("Chỉ người trả lời đọc được, xóa sau khi trả lời 90 ngày. Không ghi thì xem trả lời bằng mã."),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    """Seen by machines alone; who fills it in is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "—"), *((kind.value, _(str(kind.label))) for kind in RequestKind)]  # type: ignore[attr-defined]


class HeldFileForm(PlainForm):
    """The PDF of a certificate that somebody holds."""

    file = forms.FileField(
        label=_("Tệp PDF của giấy"),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=format_lazy(_("Không quá {megabytes} MB. Cổng đọc rồi bỏ, không lưu."), megabytes=FILE_MEGABYTES),
        error_messages={"required": _("Chưa chọn tệp nào."), "empty": _("Tệp rỗng, không có dữ liệu.")},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_LIMIT:
            raise forms.ValidationError(format_lazy(_("Tệp quá {megabytes} MB."), megabytes=FILE_MEGABYTES))
        if not is_pdf(file):
            raise forms.ValidationError(_("Tệp này không phải PDF. Xin chọn tệp PDF đã nhận, không phải ảnh chụp giấy."))
        return file


class AnswerForm(PlainForm):
    state = forms.ChoiceField(
        label="Kết quả",
        choices=[(one.value, one.label) for one in (RequestState.DONE, RequestState.DECLINED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="Trả lời",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Người gửi đọc câu này. Không ghi tên, số điện thoại của ai.",
    )


class StoryForm(PlainForm):
    kind = forms.ChoiceField(label="Loại", choices=StoryKind.choices)
    title = forms.CharField(label="Tên bài", max_length=200)
    summary = forms.CharField(
        label="Tóm tắt", max_length=400, widget=forms.Textarea(attrs={"rows": 3}), help_text="Một, hai câu; hiện ở danh sách bài."
    )
    body = forms.CharField(
        label="Nội dung",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="## đầu mục, **đậm**, *nghiêng*, - gạch đầu dòng, 1. đánh số, [chữ](địa chỉ). Mã HTML không chạy.",
    )
    about = forms.CharField(
        label="Nói về mô hình nào",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Chép địa chỉ trang mô hình vào đây, mỗi dòng một địa chỉ.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_about(self) -> Any:
        lines = [line for one in self.cleaned_data["about"].splitlines() if (line := clean(one))]
        found, unknown = models_at(lines, self._user)
        if unknown:
            raise forms.ValidationError(f"Không có mô hình nào ở: {', '.join(unknown)}.")
        return found

    def text(self) -> StoryText:
        return StoryText(**self.cleaned_data)


class PublishForm(NamedForm):
    """From which day on a story is public; today where none is named."""

    names: ClassVar = {"day": "ngay"}

    day = forms.CharField(required=False)

    def clean_day(self) -> date:
        text = self.cleaned_data["day"]
        day = read_day(text[:40]) if text else today()
        if day is None:
            raise forms.ValidationError(f"{no_such_day(text)} Bài chưa đăng.")
        return day


class ContactForm(forms.ModelForm):
    agreed_on = DayField(label="Người ấy đồng ý ngày", required=False)

    class Meta:
        model = PublicContact
        fields = ["office", "phone", "email", "address", "is_person", "agreed_on"]
        help_texts = {
            "office": "Ví dụ: Văn phòng Đảng ủy xã.",
            "is_person": "Số máy bàn, hộp thư của cơ quan thì để trống ô này.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> Any:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("phone", "email", "address")):
            self.add_error("phone", "Xin ghi ít nhất một cách liên hệ: điện thoại, thư hoặc địa chỉ.")
        if given.get("is_person") and not given.get("agreed_on") and "agreed_on" not in self.errors:
            self.add_error("agreed_on", "Số, thư riêng của một người chỉ công khai khi người ấy đồng ý: ghi ngày đồng ý.")
        return given

    def _post_clean(self) -> None:
        """The service writes; the form only reads what was typed."""

    def text(self) -> ContactText:
        return ContactText(**self.cleaned_data)
