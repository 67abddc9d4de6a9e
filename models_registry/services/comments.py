"""Saying something at a box of a registration, between who writes it and who checks it."""

from django.db import transaction

from common.addresses import link_to
from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines, quoted
from models_registry.audit_actions import AuditAction
from models_registry.boxes import BOXES
from models_registry.models import BoxComment
from models_registry.permissions import can_check, can_comment
from models_registry.selectors.comments import takes_comments
from models_registry.services.locks import lock_registration
from models_registry.services.workflow import concerned
from notifications.services import tell
from organisation.audit import record
from organisation.models import User

LONGEST = 2000


@transaction.atomic
def comment_box(*, registration_id: int, box: int, words: str, actor: User) -> BoxComment:
    """Say it, on record; the other side has a message. Raises NotAllowed, DomainError."""
    registration = lock_registration(registration_id)
    if not can_comment(actor, registration):
        raise NotAllowed("Vai trò của đồng chí không trao đổi ở đăng ký này.")
    words = clean_lines(words)
    if not takes_comments(registration):
        raise DomainError("Chỉ trao đổi khi đăng ký đã gửi và chưa rút.")
    if box not in {one.number for one in BOXES}:
        raise DomainError("Phiếu có chín mục, từ 1 đến 9.")
    if not words:
        raise DomainError("Chưa ghi lời nào.", field="words")
    if len(words) > LONGEST:
        raise DomainError(f"Lời dài quá {LONGEST} ký tự.", field="words")
    checks = can_check(actor, registration)
    said = BoxComment.objects.create(
        registration=registration, box=box, words=words, author=actor, author_name=str(actor)[:150], is_checkers=checks
    )
    record(actor=actor, action=AuditAction.COMMENT_BOX, target=registration, unit=registration.unit, note=str(said))
    tell(
        recipients=[person for person in concerned(registration, checks=not checks) if person.pk != actor.pk],
        event_key=f"comment:{said.pk}",
        subject=f"Trao đổi về mục {box}: {quoted(registration.title[:200])}",
        body=f"{actor}: {words}",
        link=link_to("models_registry:comments", registration.pk),
    )
    return said
