"""What is said of nothing sent: in one wording, with the label in the list above the form."""

from django import forms

from common.form_errors import labelled
from common.forms import DayField


class Sample(forms.Form):
    title = forms.CharField(label="Tên mô hình")
    unit = forms.ChoiceField(label="Đơn vị", choices=[("a", "A")])
    number = forms.IntegerField(label="Số ngày")
    day = DayField(label="Đến hết ngày")
    file = forms.FileField(label="Tệp", error_messages={"required": "Chưa chọn tệp nào."})


def test_what_is_missing_is_said_in_one_wording() -> None:
    form = Sample({}, {})
    assert labelled(form) == [
        ("id_title", "Tên mô hình: chưa ghi."),
        ("id_unit", "Đơn vị: chưa chọn."),
        ("id_number", "Số ngày: chưa ghi."),
        ("id_day", "Đến hết ngày: chưa ghi."),
        ("id_file", "Chưa chọn tệp nào."),
    ]
    assert (form.errors["title"], form.errors["unit"]) == (["Chưa ghi."], ["Chưa chọn."])
