"""Keeping how a person likes to see the board of a season. One's own habit: the audit trail does not hear of it."""

from typing import Any

from django.db import transaction

from common.exceptions import DomainError
from common.text import clean
from models_registry.models import SavedView
from models_registry.models.saved import MOST_VIEWS, NAME_LIMIT
from organisation.models import User


@transaction.atomic
def save_view(*, owner: Any, name: str, asked: dict[str, str]) -> SavedView:
    """Under a name; one that is there already says the new thing."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    name = clean(name)
    if not name:
        raise DomainError("Xin đặt tên cho kiểu xem.")
    if len(name) > NAME_LIMIT:
        raise DomainError(f"Tên kiểu xem dài quá {NAME_LIMIT} ký tự.")
    mine = SavedView.objects.filter(owner=owner)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise DomainError(f"Đã có {MOST_VIEWS} kiểu xem. Xin bỏ bớt một kiểu trước.")
    return SavedView.objects.update_or_create(owner=owner, name=name, defaults={"asked": asked})[0]


def remove_view(*, owner: Any, view_id: int) -> None:
    SavedView.objects.filter(owner=owner, pk=view_id).delete()
