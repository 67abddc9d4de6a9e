"""Who of a round is waited for; reminders: chosen, looked at, sent. HTTP only."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM
from common.exceptions import DomainError
from common.forms import pressed
from models_registry.views.common import given
from recognition import services
from recognition.forms.reminders import ReminderForm, key_in
from recognition.models import RecognitionRound
from recognition.permissions import can_follow
from recognition.selectors import waiting as reads
from recognition.selectors.round_page import page_of
from recognition.views.common import actor_of, head, round_or_404, run_or_404

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
    groups = [
        ("Đơn vị", reads.waiting_units(found)),
        ("Thành viên hội đồng", reads.waiting_members(found)),
        ("Cơ quan tổ chức, cuộc họp", reads.waiting_within(found)),
    ]
    context = head(found, groups=groups, shown=page_of(request.user, found), tab="waiting")
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
                raise DomainError("Chưa chọn ai để nhắc.", field=lines[0].key if lines else "")
        except DomainError as refused:
            form.refuse(refused)
            step = ""
    chosen = [one for one in lines if one.key in keys]
    context = head(
        found,
        lines=[(one, one.key in keys) for one in lines],
        chosen=chosen,
        previews=[(one, services.words_for(words, one)) for one in chosen] if step == "xem" else [],
        nobody=[one.name for one in chosen if not one.people],
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
    messages.success(request, f"Đã nhắc {len(sent)} nơi lúc {at:%H:%M}.")
    return redirect(reverse("recognition:remind", args=[found.pk]) + f"?lan={key}")
