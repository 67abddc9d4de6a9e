"""Themes of the period on a registration, and what it does for each."""

from django.db import transaction

from common.exceptions import DomainError, NotAllowed
from common.text import clean
from models_registry.audit_actions import AuditAction
from models_registry.models import ThemeTag
from models_registry.permissions import can_check, can_write
from models_registry.selectors import themes
from models_registry.services.locks import check_not_withdrawn, lock_registration
from organisation.audit import record
from organisation.models import User

NOTE_LIMIT = 500


@transaction.atomic
def tag_themes(*, registration_id: int, notes: dict[int, str], actor: User) -> int:
    """The themes that a registration serves: {theme id: what it does for it}. Returns how many tags changed."""
    registration = lock_registration(registration_id)
    if not (can_write(actor, registration) or can_check(actor, registration)):
        raise NotAllowed("Vai trò của đồng chí không gắn chủ đề cho đăng ký này.")
    check_not_withdrawn(registration)
    offered = {theme.pk: theme for theme in themes(registration.season.period) if theme.label}
    wanted = {pk: clean(note) for pk, note in notes.items() if pk in offered}
    if any(len(note) > NOTE_LIMIT for note in wanted.values()):
        raise DomainError(f"Phần ghi cho chủ đề dài quá {NOTE_LIMIT} ký tự.")
    known = {tag.theme_id: tag for tag in registration.theme_tags.all()}
    changed = {pk for pk in known if pk not in wanted} | {
        pk for pk, note in wanted.items() if pk not in known or known[pk].note != note
    }
    registration.theme_tags.exclude(theme__in=wanted).delete()
    for pk in changed & set(wanted):
        ThemeTag.objects.update_or_create(registration=registration, theme=offered[pk], defaults={"note": wanted[pk]})
    if changed:
        said = "; ".join(offered[pk].label for pk in wanted)
        record(actor=actor, action=AuditAction.TAG_THEMES, target=registration, unit=registration.unit, note=said)
    return len(changed)
