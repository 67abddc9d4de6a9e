"""Introducing models to the centre and taking them back from there: two acts, each with its letter. HTTP only."""

from dataclasses import dataclass

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.responses import word
from recognition import services
from recognition.exports.introductions import write_letter
from recognition.forms.commendations import IntroductionForm
from recognition.models import Decision, Recognition
from recognition.permissions import can_run
from recognition.selectors import decisions as reads
from recognition.views.common import actor_of, of_its_round


@dataclass(frozen=True)
class Act:
    """One of the two, in words."""

    is_back: bool
    title: str
    words_label: str
    button: str
    file_name: str
    says: str


INTRODUCE = Act(
    False,
    "Giới thiệu mô hình với Trung ương",
    "Đợt giới thiệu",
    "Ghi giới thiệu",
    "gioi-thieu-trung-uong.docx",
    "Mô hình được tính là giới thiệu Trung ương từ ngày ghi ở đây và hiện trên trang công khai.",
)
WITHDRAW = Act(
    True,
    "Rút giới thiệu với Trung ương",
    "Lý do rút",
    "Ghi rút giới thiệu",
    "rut-gioi-thieu.docx",
    "Mô hình thôi tính là giới thiệu Trung ương từ ngày ghi ở đây, không giới thiệu lại được; công nhận của cấp tỉnh giữ nguyên.",
)


@require_http_methods(["GET", "POST"])
def introduce(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _page(request, pk, INTRODUCE)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _page(request, pk, WITHDRAW)


def _page(request: HttpRequest, pk: int, act: Act) -> HttpResponseBase:
    """The models to choose from, day, words and number; the letter as Word, or the act itself."""
    found = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    if not (can_run(request.user, found.issuer) and found.level.gathers_registers):
        raise Http404
    rows = list(reads.introducible(found, is_back=act.is_back))
    form = IntroductionForm(request.POST if request.method == "POST" else request.GET)
    if pressed(request) == "chon":  # from the page of the decision: what goes on in an address holds no token
        return redirect(f"{request.path}?{urlencode({'mo-hinh': sorted(form.ids)}, doseq=True)}")
    chosen = [one for one in rows if one.pk in form.ids]
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, found, act, form, chosen)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            form.refuse(refused)
    errors = form.faults if request.method == "POST" else []
    context = {
        "decision": found,
        **of_its_round(found.round),
        "act": act,
        "rows": rows,
        "chosen": form.ids,
        "typed": form.shown,
        "errors": errors,
    }
    return render(request, "recognition/introduction.html", context, status=422 if errors else 200)


def _do(request: HttpRequest, found: Decision, act: Act, form: IntroductionForm, chosen: list[Recognition]) -> HttpResponseBase:
    said, paper, day = (form.cleaned_data[name] for name in ("words", "paper", "day"))
    if not chosen:
        raise DomainError("Xin chọn ít nhất một mô hình.", field="mo-hinh")
    if pressed(request) == "word":
        return word(write_letter(found, chosen, day=day, said=said, is_back=act.is_back), act.file_name)
    if act.is_back:
        rows = [one.registration_id for one in chosen]
        services.withdraw_introductions(registration_ids=rows, withdrawn_on=day, why=said, paper=paper, actor=actor_of(request))
        messages.success(request, f"Đã ghi rút giới thiệu {len(chosen)} mô hình.")
    else:
        ids = [one.pk for one in chosen]
        new = services.introduce(recognition_ids=ids, introduced_on=day, programme=said, paper=paper, actor=actor_of(request))
        messages.success(request, f"Đã ghi giới thiệu Trung ương {new} mô hình.")
    return redirect("recognition:decision", pk=found.pk)
