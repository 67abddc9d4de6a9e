"""Somebody asks that something public be corrected or taken away; the board answers; how to reach them is forgotten in time."""

import secrets

from django.db import transaction
from django.utils import timezone

from common.addresses import is_path, link_to
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import people_who
from portal.audit_actions import AuditAction
from portal.enums import RequestKind, RequestState
from portal.models import CorrectionRequest
from portal.permissions import can_keep

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read as something else
CODE_LENGTH = 16


@transaction.atomic
def send_request(*, page: str, kind: str, words: str, name: str = "", contact: str = "") -> CorrectionRequest:
    """Keep what a visitor asks, and tell who answers. The answer is read by the request's code. Raises DomainError."""
    said = clean_lines(words)[:4000]
    if kind not in RequestKind.values or not said:
        raise DomainError("Xin chọn việc cần làm và viết vài dòng.")
    request = CorrectionRequest.objects.create(
        page=clean(page)[:300],
        kind=kind,
        words=said,
        name=clean(name)[:100],
        contact=clean(contact)[:200],
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
    )
    record(actor=None, action=AuditAction.SEND_REQUEST, target=request)
    tell(
        recipients=people_who(May.KEEP_PORTAL),
        event_key=f"correction-request:{request.pk}",
        subject=f"Yêu cầu sửa, gỡ trên cổng: {request.get_kind_display()}",
        body=f"Trang: {request.page}." if is_path(request.page) else "Trang người gửi chép nằm trong yêu cầu.",
        link=link_to("desk:request", request.pk),
    )
    return request


@transaction.atomic
def answer_request(*, request_id: int, state: str, answer: str, actor: User) -> CorrectionRequest:
    """Say what was done, or why not. An answer can be put right by another, on record. Raises NotAllowed, DomainError."""
    if not can_keep(actor):
        raise NotAllowed("Vai trò của đồng chí không trả lời yêu cầu của bạn đọc.")
    request = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    said = clean_lines(answer)[:4000]
    if state not in (RequestState.DONE, RequestState.DECLINED) or not said:
        raise DomainError("Xin chọn kết quả và viết câu trả lời.")
    changes = {"state": [request.state, state], "answer": [request.answer, said]}
    request.state, request.answer, request.answered_by, request.answered_at = state, said, actor, timezone.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record(actor=actor, action=AuditAction.ANSWER_REQUEST, target=request, changes=changes)
    return request


@transaction.atomic
def forget_contacts() -> int:
    """Who asked, and how to reach them, is forgotten some time after the answer. Returns how many were."""
    old = CorrectionRequest.objects.filter(answered_at__lt=timezone.now() - CorrectionRequest.FORGET)
    return old.exclude(name="", contact="").update(name="", contact="")
