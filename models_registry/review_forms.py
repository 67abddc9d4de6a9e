"""What is sent from the review of an upload."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from common.forms import NamedForm
from common.id_fields import IdField
from common.numbers import write_number
from models_registry.registers.reading import ANSWERABLE, PARTS
from models_registry.selectors.mending import LINKS, STATES, Change, Chosen, Planned, cleaned, mark_of
from models_registry.selectors.review_rows import LABELS, Lists

_IS_ID = re.compile(r"[0-9]{1,15}")
_BACK = r"[\w=&+%#-]*"


@dataclass(frozen=True)
class Posted:
    """What the page's table sends: cells that differ from what it had shown, and answered questions."""

    typed: dict[str, dict[str, str | None]] = field(default_factory=dict)
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    """Which rows that the file hides or strikes through count."""
    joins: str = ""
    """A row that is of one model."""
    again: frozenset[str] = frozenset()
    """Rows that are asked for as they are: one is opened or closed."""
    open_row: str = ""
    since: str = ""
    """By which the page says when it was made (`selectors.since`)."""
    seen: dict[str, str] = field(default_factory=dict)
    """The part and the page that are shown."""
    back: str = ""
    """The rest of the address to go back to."""


def posted(sent: QueryDict) -> Posted:
    """`o|sheet!row|part|mark`: a text over a cell that had shown the text of that mark; `tra-lai`: the same name, for what the file
    says; `q|sheet!row`: an earlier registration's id, `khong`, or nothing for no answer.
    """
    given = Posted(
        takes=tuple(sent.getlist("nhan")),
        joins=sent.get("mot", ""),
        again=frozenset(sent.getlist("mo")),
        open_row=sent.get("sua", ""),
        since=sent.get("luc", ""),
        seen={name: sent.get(name, "") for name in ("xem", "trang")},
        back=f"?{asked}" if (asked := sent.get("o-trang", "")) else "",
    )
    for name in [*sent, *sent.getlist("tra-lai")]:
        kind, _, rest = name.partition("|")
        if kind == "q":
            answer = sent.get(name, "")
            given.answered.add(rest)
            if answer:  # what is no id was offered nowhere
                given.answers[rest] = 0 if answer == "khong" else int(answer) if _IS_ID.fullmatch(answer) else -1
        elif kind == "o" and rest.count("|") >= 2:
            source, part, mark = rest.rsplit("|", 2)
            is_back = name not in sent or name in sent.getlist("tra-lai")
            text = None if is_back else cleaned(part, sent.get(name, ""))
            if part in ANSWERABLE and (text is None or mark_of(part, text) != mark):
                given.typed.setdefault(source, {})[part] = text
                given.shown.setdefault(source, {})[part] = mark
    return given


class EarlierForm(forms.Form):
    """For which row an earlier model is sought, by which words; which one was chosen; the page of rows to go back to."""

    dong = forms.CharField(max_length=300, strip=False)
    ve = forms.RegexField(_BACK, required=False, max_length=200)
    q = forms.CharField(required=False, max_length=200)
    dang_ky = forms.RegexField(_IS_ID, required=False)


class UndoEditForm(NamedForm):
    """Which change of many rows is undone."""

    names: ClassVar = {"edit": "hoan-tac"}

    edit = IdField()


class ConfirmForm(NamedForm):
    """Whose the upload is, where that was asked; whether only rows that are right are stored."""

    names: ClassVar = {"answer": "cua", "accepts_valid": "chi-dong-dung"}

    answer = forms.CharField(required=False)
    accepts_valid = forms.BooleanField(required=False)


class ManyForm(forms.Form):
    """One thing to do to a column of many rows."""

    cot = forms.ChoiceField(
        label="Cột",
        choices=[("", "Chọn cột"), *((part, LABELS[part]) for part in PARTS)],
        error_messages={"required": "Chưa chọn cột."},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    viec = forms.ChoiceField(
        label="Việc",
        choices=[("dat", "Ghi một giá trị cho các dòng"), ("thay", "Tìm và thay chữ")],
        widget=forms.RadioSelect,
        initial="dat",
    )
    gia_tri = forms.CharField(
        label="Giá trị", required=False, max_length=2000, widget=forms.TextInput(attrs={"list": "gia-tri-co"})
    )
    tim = forms.CharField(label="Tìm chữ", required=False, max_length=500, strip=False)
    thay = forms.CharField(label="Thay bằng", required=False, max_length=500, strip=False)
    dung_chu = forms.BooleanField(label="Đúng từng chữ, từng dấu, hoa thường", required=False)
    lam = forms.BooleanField(required=False)
    """It is to be done, not only shown."""

    def __init__(self, *args: Any, lists: Lists, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lists = lists

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        part, value = given.get("cot", ""), given.get("gia_tri", "")
        if given.get("viec") == "thay":
            if not given.get("tim", "").strip():
                self.add_error("tim", "Chưa ghi chữ cần tìm.")
            return given
        if not value:
            self.add_error("gia_tri", "Chưa ghi giá trị.")
        elif (listed := self._lists.of(part)) and value not in listed:
            self.add_error("gia_tri", f"Cột này chỉ nhận: {'; '.join(listed[:30])}.")
        return given

    def change(self) -> Change:
        given = self.cleaned_data
        if given["viec"] == "thay":
            return Change(given["cot"], find=given["tim"], put=given["thay"], exact=given["dung_chu"])
        return Change(given["cot"], value=given["gia_tri"])

    def words(self, plan: Planned) -> str:
        """What is done, as the page and the audit trail tell it."""
        given, cells = self.cleaned_data, write_number(len(plan.cells))
        label = LABELS[given["cot"]].lower()
        if given["viec"] == "thay":
            return f"Thay “{given['tim']}” bằng “{given['thay']}” trong {cells} ô của cột {label}"
        return f"Ghi “{given['gia_tri'][:80]}” vào {cells} ô của cột {label}"

    @staticmethod
    def is_sent(sent: QueryDict) -> bool:
        """Whether the form itself was sent, not only rows for it."""
        return "cot" in sent

    @staticmethod
    def chosen(sent: Mapping[str, Any] | QueryDict) -> Chosen:
        """Which rows: those ticked (`chon`), or all that the chips leave (`tat-ca`)."""
        chips = tuple(chip for chip in str(sent.get("xem", "")).split() if chip in STATES or chip in LINKS)
        sources = frozenset(sent.getlist("chon")) if isinstance(sent, QueryDict) else frozenset[str]()
        return Chosen(sources, chips, is_all=bool(sent.get("tat-ca")))
