"""Who of a round is waited for; reminders: chosen, looked at, sent. HTTP only."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.forms import pressed
from models_registry.views.common import given, page_links
from notifications.forms import ReminderForm, key_in
from notifications.reminding import check_chosen, check_words, laid_out, said_of
from recognition import services
from recognition.models import RecognitionRound
from recognition.permissions import can_follow
from recognition.selectors import waiting as reads
from recognition.selectors.round_page import page_of
from recognition.views.common import PAGE, actor_of, head, round_or_404, run_or_404

WORDS = """Kính gửi: {nơi nhận}.
%s, đến nay {nơi nhận} {việc}. Hạn: hết ngày {hạn}.
Mở trang để làm tiếp: {liên kết}
Trân trọng cảm ơn."""


@require_safe
def waiting(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What waits for whom, by person and by unit, with what and since when."""
    found = round_or_404(request, pk)
    if not can_follow(request.user, found):
        raise Http404
    page = Paginator(reads.waiting_units(found), PAGE).get_page(request.GET.get("trang"))
    groups = [
        ("Cơ quan tổ chức, cuộc họp", reads.waiting_within(found)),
        ("Thành viên hội đồng", reads.waiting_members(found)),
    ]
    context = head(found, groups=groups, page=page, links=page_links(page, {}), shown=page_of(request.user, found), tab="waiting")
    return render(request, "recognition/waiting.html", context)


@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Whom to remind and in which words; then what each will get; sent only from there. `?lan=` shows what was sent."""
    found = run_or_404(request, pk)
    form, lines = ReminderForm(given(request)[0]), reads.to_remind(found)
    step = pressed(request)
    if form.is_valid():
        key, words, keys = form.cleaned_data["key"], form.cleaned_data["words"], form.cleaned_data["to"]
    else:
        key, words = key_in(request.GET.get("lan", "")), WORDS % found
        keys = [line.key for line in lines if not line.is_reminded_today]
    if form.is_bound:
        try:
            check_words(words)
            if step == "gui":
                return _send(request, found, keys, words, key)
            check_chosen(lines, keys)
        except DomainError as refused:
            form.refuse(refused)
            step = ""
    context = head(
        found,
        **laid_out(lines, keys, words, is_looked_at=step == "xem"),
        sent=reads.sent_with(found, key) if "lan" in request.GET else [],
        key=key,
        errors=form.faults,
        about=str(found),
        back=reverse("recognition:round", args=[pk]),
        back_words="Về đợt xét",
        tab="waiting",
    )
    return render(request, "recognition/remind.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, found: RecognitionRound, keys: list[str], words: str, key: UUID) -> HttpResponseBase:
    sent = services.send_reminders(round_id=found.pk, keys=keys, words=words, key=key, actor=actor_of(request))
    messages.success(request, said_of([one.reached for one in sent], sent[0].sent_at))
    return redirect(reverse("recognition:remind", args=[found.pk]) + f"?lan={key}")
