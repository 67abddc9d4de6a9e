"""Who of a round is waited for; reminders: chosen, looked at, sent. HTTP only."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM
from common.exceptions import DomainError
from common.forms import pressed
from models_registry.views.common import given, page_links
from recognition import services
from recognition.forms.reminders import ReminderForm, key_in
from recognition.models import RecognitionRound
from recognition.permissions import can_follow
from recognition.selectors import waiting as reads
from recognition.selectors.round_page import page_of
from recognition.views.common import PAGE, actor_of, head, round_or_404, run_or_404

WORDS = """Kính gửi: {nơi nhận}.
%s, đến nay {nơi nhận} {việc}. Hạn: hết ngày {hạn}.
Mở trang để làm tiếp: {liên kết}
Trân trọng cảm ơn."""

READ_THROUGH = 10
"""As many reminders stand open before they go; the others, of the same words, are folded."""


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
            services.check_words(words)
            if step == "gui":
                return _send(request, found, keys, words, key)
            if not any(one.key in keys for one in lines):
                first = sorted(lines, key=lambda one: not one.people)[:1]  # as they stand on the page
                raise DomainError("Chưa chọn ai để nhắc.", field=first[0].key if first else "")
        except DomainError as refused:
            form.refuse(refused)
            step = ""
    chosen = [one for one in lines if one.key in keys]
    marked = [(one, one.key in keys) for one in lines]
    previews = [(one, services.words_for(words, one)) for one in chosen] if step == "xem" else []
    reached = sum(bool(one.people) for one in chosen)
    context = head(
        found,
        lines=marked,
        on_portal=[(one, is_chosen) for one, is_chosen in marked if one.people],
        elsewhere=[(one, is_chosen) for one, is_chosen in marked if not one.people],
        chosen=chosen,
        reached=reached,
        unreached=len(chosen) - reached,
        previews=previews[:READ_THROUGH],
        further=previews[READ_THROUGH:],
        sent=reads.sent_with(found, key) if "lan" in request.GET else [],
        words=words,
        places=services.PLACES,
        key=key,
        errors=form.faults,
        tab="waiting",
    )
    return render(request, "recognition/remind.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, found: RecognitionRound, keys: list[str], words: str, key: UUID) -> HttpResponseBase:
    sent = services.send_reminders(round_id=found.pk, keys=keys, words=words, key=key, actor=actor_of(request))
    at = timezone.localtime(sent[0].sent_at, VIETNAM)
    reached = sum(one.reached > 0 for one in sent)
    said = [f"Đã nhắc {reached} nơi lúc {at:%H:%M}."] if reached else []
    if left := len(sent) - reached:
        said.append(f"{left} nơi chưa có ai nhận tin trên cổng: xin chép lời dưới đây gửi Zalo, thư.")
    messages.success(request, " ".join(said))
    return redirect(reverse("recognition:remind", args=[found.pk]) + f"?lan={key}")
