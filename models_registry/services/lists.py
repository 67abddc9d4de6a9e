"""Lists of units and people on their way: sent, columns said by hand, cells mended, stored, thrown away."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.antivirus import scan
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from models_registry.audit_actions import AuditAction
from models_registry.enums import ListOf
from models_registry.models import LISTS_KEPT, RememberedList, SentList
from models_registry.registers.lists.kinds import ListKind
from models_registry.registers.lists.mapping import ListMapping
from models_registry.registers.lists.reading import ListRead, read_list
from models_registry.selectors.lists import (
    COLUMNS_OF,
    KINDS,
    lines_of,
    remembered_lists,
    remembered_lists_visible_to,
    sources_of,
)
from organisation.audit import record
from organisation.models import Unit, User
from organisation.permissions import can_administer
from organisation.services import Undoing, plan_undoing, renew_initial_passwords, store_list, store_people, undo_people

LONGEST_CELL = 300
Handed = list[tuple[User, str]]


def send_list(*, file: "UploadedFile[bytes]", of: str, actor: User) -> SentList:
    """Keep a list and read it; nothing is stored before it was looked at. Raises NotAllowed, RegisterUnreadable."""
    _check(actor)
    scan(file)
    _forget_old()
    sent = SentList(of=of, sent_by=actor, file_name=Path(file.name or "danh-sach").name[:255])
    sent.file.save(f"{sent.pk}{Path(file.name or '').suffix.lower()[:6]}", file, save=False)
    try:
        _keep(sent, read_sent(sent))
        with transaction.atomic():
            sent.save()
            record(actor=actor, action=AuditAction.SEND_LIST, target=sent)
    except Exception:
        sent.file.delete(save=False)
        raise
    return sent


def read_sent(sent: SentList, mapping: ListMapping | None = None) -> ListRead:
    """Read its file, as somebody said or as lists of its kind were read. Raises RegisterUnreadable."""
    kind = KINDS[ListOf(sent.of)]
    return read_list(Path(sent.file.path), kind, mapping, Path(sent.file_name).stem, remembered_lists(kind))


@transaction.atomic
def map_list(*, list_id: UUID, mapping: ListMapping, remember: bool, actor: User) -> SentList:
    """Read a list as somebody said by hand; what was typed over its cells stays. Raises NotAllowed, DomainError."""
    sent = _lock(list_id, actor)
    found = read_sent(sent, mapping)
    sent.mapping = mapping.to_json()
    _keep(sent, found)
    sent.save(update_fields=["mapping", "rows", "error", "unused"])
    if remember:
        remember_list(KINDS[ListOf(sent.of)], found, mapping, actor=actor)
    record(actor=actor, action=AuditAction.MAP_LIST, target=sent, changes={"mapping": sent.mapping})
    return sent


def remember_list(kind: ListKind, found: ListRead, mapping: ListMapping, *, unit: Unit | None = None, actor: User) -> None:
    """Read lists with these headings so from now on. Inside the caller's transaction."""
    for sheet in found.sheets:
        if sheet.heading and sheet.key and mapping.named(sheet.name):
            head = [sheet.heading.labels[at][:200] for at in sorted(sheet.heading.labels)]
            values: dict[str, Any] = {"head": head, "said": sheet.to_remember.to_json(), "made_by": actor}
            kept, _ = RememberedList.objects.update_or_create(kind=kind.key, unit=unit, head_key=sheet.key, defaults=values)
            record(actor=actor, action=AuditAction.REMEMBER_LIST, target=kept, unit=unit, changes=values["said"])


@transaction.atomic
def forget_list(*, remembered_id: int, actor: User) -> None:
    """Lists with this heading are guessed again. Idempotent. Raises NotAllowed."""
    kept = RememberedList.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=remembered_id).first()
    if kept is None:
        return
    if not remembered_lists_visible_to(actor).filter(pk=kept.pk).exists():
        raise NotAllowed("Vai trò của đồng chí không bỏ cách đọc này.")
    record(actor=actor, action=AuditAction.FORGET_LIST, target=kept, unit=kept.unit, changes={"said": kept.said})
    kept.delete()


@transaction.atomic
def mend_list(*, list_id: UUID, typed: Mapping[tuple[int, str], str], actor: User) -> int:
    """Keep what was typed over cells: (position of the row, code of the column) -> text; the file's own text takes the mend away.
    Returns how many cells changed. Raises NotAllowed, DomainError.
    """
    sent = _lock(list_id, actor)
    codes = {role.code for role in KINDS[ListOf(sent.of)].roles}
    sources, changed = sources_of(sent), {}
    for (at, code), text in typed.items():
        if at >= len(sources) or code not in codes:
            continue
        own, mends = sent.rows[at][2].get(code, ""), dict(sent.mends.get(sources[at], {}))
        before, now = mends.pop(code, own), clean(text)[:LONGEST_CELL]
        if now == before:
            continue
        sent.mends[sources[at]] = mends | ({code: now} if now != own else {})
        changed[f"{sources[at]} {code}"] = [before, now]
    if changed:
        sent.mends = {source: mends for source, mends in sent.mends.items() if mends}
        sent.save(update_fields=["mends"])
        record(actor=actor, action=AuditAction.MEND_LIST, target=sent, changes=changed)
    return len(changed)


@transaction.atomic
def store_sent(*, list_id: UUID, shown: str, actor: User) -> tuple[int, int, Handed]:
    """Store the rows that are right; those that are not stay to be mended and stored later. Returns how many were stored, how many
    are left, and the initial passwords of accounts that were opened. Raises NotAllowed, DomainError.
    """
    sent = _lock(list_id, actor)
    handed: Handed = []
    planned: Sequence[Any]
    if sent.of == ListOf.PEOPLE:
        done = store_people(lines=lines_of(sent), shown=shown, actor=actor)
        planned, handed = done.planned, done.passwords
        sent.opened += [user.pk for user, _ in handed]
        sent.given += done.given
    else:
        planned = store_list(lines=lines_of(sent), shown=shown, actor=actor)
    sent.stored_at, sent.undone_at = timezone.now(), None
    sent.first_stored_at = sent.first_stored_at or sent.stored_at
    sent.save(update_fields=["stored_at", "first_stored_at", "undone_at", "opened", "given"])
    return sum(one.is_kept for one in planned), sum(one.is_refused for one in planned), handed


@transaction.atomic
def renew_passwords(*, list_id: UUID, actor: User) -> Handed:
    """New initial passwords for the accounts of a list whose owners never came in. Raises NotAllowed, DomainError."""
    return renew_initial_passwords(user_ids=_lock(list_id, actor).opened, actor=actor)


def undoing_of(sent: SentList) -> Undoing | None:
    """What undoing a list of people would do; None for one that wrote nothing."""
    if sent.first_stored_at is None or not (sent.opened or sent.given):
        return None
    return plan_undoing(opened=sent.opened, given=sent.given, since=sent.first_stored_at)


@transaction.atomic
def undo_sent(*, list_id: UUID, actor: User) -> Undoing:
    """Take back what a list of people wrote, save accounts that were used since; it may be mended and stored again. Raises
    NotAllowed, DomainError.
    """
    sent = _lock(list_id, actor)
    if sent.first_stored_at is None or not (sent.opened or sent.given):
        raise DomainError("Danh sách này chưa ghi gì, hoặc đã hủy rồi.")
    done = undo_people(opened=sent.opened, given=sent.given, since=sent.first_stored_at, actor=actor)
    used = [user.pk for user in done.used]
    sent.opened = [pk for pk in sent.opened if pk in used]
    sent.given, sent.undone_at = [], timezone.now()
    sent.save(update_fields=["opened", "given", "undone_at"])
    counted = {"closed": len(done.closed), "ended": len(done.ended), "used": len(done.used)}
    record(actor=actor, action=AuditAction.UNDO_LIST, target=sent, changes=counted)
    return done


@transaction.atomic
def drop_list(*, list_id: UUID, actor: User) -> None:
    """Throw a list away with its file; what was stored of it stays. Raises NotAllowed, DomainError."""
    sent = _lock(list_id, actor)
    record(actor=actor, action=AuditAction.DROP_LIST, target=sent)
    _delete(sent)


def _forget_old() -> None:
    for sent in SentList.objects.filter(created_at__lt=timezone.now() - timedelta(days=LISTS_KEPT)):
        _delete(sent)


def _delete(sent: SentList) -> None:
    name, storage = sent.file.name or "", sent.file.storage
    sent.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _check(actor: User) -> None:
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không nạp danh sách này.")


def _lock(list_id: UUID, actor: User) -> SentList:
    _check(actor)
    sent = SentList.objects.select_for_update().filter(pk=list_id).first()
    if sent is None:
        raise DomainError("Danh sách này vừa được bỏ.")
    return sent


def _keep(sent: SentList, found: ListRead) -> None:
    codes = {column.name for column in COLUMNS_OF[ListOf(sent.of)]}
    sent.rows = [
        [row.sheet, row.row, {code: text[:LONGEST_CELL] for code, text in row.texts.items() if text and code in codes}]
        for row in found.rows
    ]
    sent.error = found.error
    headings = [sheet.heading for sheet in found.sheets if sheet.heading]
    sent.unused = [
        label[:200]
        for heading in headings
        for at, label in heading.labels.items()
        if at not in {column.index for column in heading.columns}
    ]
