"""The yearly booklet of recognised models (Sổ tay mô hình): asked for, made in the background, made again when asked."""

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.jobs import enqueue
from models_registry.models import Season
from organisation.audit import record
from organisation.models import User
from portal.audit_actions import AuditAction
from portal.exports.booklet import print_booklet
from portal.models import Booklet
from portal.permissions import can_keep
from portal.selectors.booklets import chapters

KIND = "make_booklet"


@transaction.atomic
def ask_booklet(*, season: Season, actor: User | None) -> Booklet:
    """Have a season's booklet made; while one is being made no second is begun. `actor` None: the clock."""
    if actor is not None and not can_keep(actor):
        raise NotAllowed("Vai trò của đồng chí không lập sổ tay.")
    Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    booklet, _ = Booklet.objects.get_or_create(season=season)
    if booklet.job and booklet.job.is_open:
        return booklet
    booklet.job = enqueue(KIND, asked_by=actor, season_id=season.pk)
    booklet.save(update_fields=["job"])
    record(actor=actor, action=AuditAction.ASK_BOOKLET, target=booklet)
    return booklet


def make_booklet(*, season_id: int, progress: Callable[..., None]) -> Booklet:
    """Print it and put it in the place of the one before; a run that fails leaves that one. Raises DomainError with no model."""
    season = Season.objects.get(pk=season_id)
    progress(0, 3, "Đọc các mô hình được công nhận")
    found = chapters(season)
    number = sum(len(chapter.entries) for chapter in found)
    if not number:
        raise DomainError(f"Năm {season} chưa có mô hình nào được công nhận.")
    progress(1, 3, f"Dàn trang {number} mô hình")
    data = print_booklet(season, found)
    progress(2, 3, "Ghi tệp")
    with transaction.atomic():
        booklet = Booklet.objects.select_for_update(of=("self",)).get(season=season)
        old = booklet.file.name
        booklet.file.save(f"so-tay-{season}.pdf", ContentFile(data), save=False)
        booklet.number, booklet.size, booklet.made_at = number, len(data), timezone.now()
        booklet.save(update_fields=["file", "number", "size", "made_at"])
        storage = booklet.file.storage
        if old and old != booklet.file.name:
            transaction.on_commit(lambda: storage.delete(old))
    progress(3, 3)
    return booklet


def make_due_booklets() -> int:
    """The booklets of seasons that are over and have none. Returns how many were asked for."""
    due = Season.objects.filter(booklet__isnull=True).order_by("year")
    over = [season for season in due if season.last_day < today() and chapters(season)]
    for season in over:
        ask_booklet(season=season, actor=None)
    return len(over)
