"""Photos and papers of a registration: taken in, made ready, described, ordered, taken away."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from common import jobs
from common.exceptions import DomainError, FileRefused, NotAllowed
from common.files import WIDTHS, photo_variants, receive
from common.text import clean
from models_registry.audit_actions import AuditAction
from models_registry.enums import AttachmentState
from models_registry.models import Attachment, Registration
from models_registry.permissions import can_write
from models_registry.services.locks import check_not_withdrawn, lock_registration
from organisation.audit import record
from organisation.models import User

MOST_FILES = 30
CAPTION_LIMIT = 300


def _lock_for_files(registration_id: int, actor: User | None) -> Registration:
    registration = lock_registration(registration_id)
    if actor is not None and not can_write(actor, registration):
        raise NotAllowed("Vai trò của đồng chí ở đơn vị này đã hết, nên không thêm hay sửa được tệp.")
    check_not_withdrawn(registration)
    return registration


def _lock_attachment(attachment_id: UUID, actor: User | None) -> tuple[Registration, Attachment]:
    """The file's registration and then the file, as it is once both are locked."""
    registration_id = Attachment.objects.filter(pk=attachment_id).values_list("registration_id", flat=True).first()
    if registration_id is None:
        raise DomainError("Tệp này đã được xóa.")
    registration = _lock_for_files(registration_id, actor)
    attachment = Attachment.objects.select_for_update(of=("self",)).select_related("job").filter(pk=attachment_id).first()
    if attachment is None:
        raise DomainError("Tệp này đã được xóa.")
    return registration, attachment


def add_attachment(*, registration_id: int, file: "UploadedFile[bytes]", actor: User | None) -> Attachment:
    """Keep a file after its content was checked; a photo is made ready in the background. The same file again is the same row.

    Raises FileRefused with the reason, NotAllowed, DomainError.
    """
    sent = receive(file)
    with transaction.atomic():
        registration = _lock_for_files(registration_id, actor)
        known = registration.attachments.select_for_update().filter(digest=sent.digest).first()
        if known:
            if known.is_stuck:
                if not known.file:
                    known.file.save(f"{known.pk}{sent.kind.suffix}", sent.content, save=False)
                _ask(known, actor)
            return known
        if registration.attachments.count() >= MOST_FILES:
            raise DomainError(f"Một đăng ký giữ tối đa {MOST_FILES} ảnh và tệp. Xin xóa bớt trước khi thêm.")
        last = registration.attachments.aggregate(last=Max("position"))["last"]
        attachment = Attachment(
            registration=registration,
            kind=Attachment.Kind.PHOTO if sent.kind.is_photo else Attachment.Kind.PAPER,
            state=AttachmentState.WAITING if sent.kind.is_photo else AttachmentState.READY,
            file_name=sent.name,
            content_type=sent.kind.content_type,
            size=sent.size,
            digest=sent.digest,
            position=0 if last is None else last + 1,
            sent_by=actor,
        )
        attachment.file.save(f"{attachment.pk}{sent.kind.suffix}", sent.content, save=False)
        if sent.kind.is_photo:
            _ask(attachment, actor)
        else:
            attachment.save()
        record(actor=actor, action=AuditAction.ADD_FILE, target=registration, unit=registration.unit, note=attachment.file_name)
    return attachment


def _ask(attachment: Attachment, actor: User | None) -> None:
    attachment.state, attachment.error = AttachmentState.WAITING, ""
    attachment.job = jobs.enqueue("prepare_photo", asked_by=actor, attachment_id=str(attachment.pk))
    attachment.save()


@transaction.atomic
def retry_photo(*, attachment_id: UUID, actor: User) -> None:
    """Process a photo again whose processing failed."""
    _, attachment = _lock_attachment(attachment_id, actor)
    if attachment.is_stuck and attachment.file:
        _ask(attachment, actor)


def prepare_photo(*, attachment_id: UUID, progress: jobs.Progress) -> None:
    """Make a photo's WebP sizes, then drop what was sent with all its metadata. Idempotent."""
    attachment = Attachment.objects.filter(pk=attachment_id, state=AttachmentState.WAITING).first()
    if attachment is None:
        return
    progress(0, total=len(WIDTHS), doing="Đang thu nhỏ ảnh")
    waiting = Attachment.objects.filter(pk=attachment_id, state=AttachmentState.WAITING)
    own, source = uuid4().hex[:8], str(attachment.file.name)  # a second run writes files of its own
    variants: dict[str, dict[str, Any]] = {}
    try:
        with attachment.file.open("rb") as sent:
            for done, made in enumerate(photo_variants(sent), start=1):
                name = f"photos/{str(attachment.pk)[:2]}/{attachment.pk}-{own}-{made.asked}.webp"
                path = default_storage.save(name, ContentFile(made.data))
                variants[str(made.asked)] = {"path": path, "width": made.width, "height": made.height, "size": len(made.data)}
                progress(done, total=len(WIDTHS), doing=f"Đã xong cỡ {made.asked}")
    except FileRefused as error:  # nothing can be made of it: what was sent goes, with its metadata
        with transaction.atomic():
            if waiting.update(state=AttachmentState.FAILED, error=str(error), file=""):
                transaction.on_commit(partial(_delete_paths, [source, *(one["path"] for one in variants.values())]))
        return
    with transaction.atomic():
        if waiting.update(state=AttachmentState.READY, variants=variants, error="", file=""):
            transaction.on_commit(partial(_delete_paths, [source]))
        else:  # made by another run, or taken away meanwhile
            _delete_paths([one["path"] for one in variants.values()])


@dataclass(frozen=True)
class Description:
    """What is said of a file; `position`: its place among the others, from 0, None to leave it where it is."""

    caption: str
    alternative: str = ""
    may_be_shown: bool = False
    is_cover: bool = False
    position: int | None = None


@transaction.atomic
def describe_attachment(*, attachment_id: UUID, said: Description, actor: User | None) -> Attachment:
    """Caption, alternative text, cover, order, and whether the persons shown agreed to its being public."""
    registration, attachment = _lock_attachment(attachment_id, actor)
    texts = {"caption": clean(said.caption), "alternative": clean(said.alternative)}
    if attachment.kind != Attachment.Kind.PHOTO and (said.may_be_shown or said.is_cover):
        raise DomainError("Chỉ ảnh mới công khai hay làm ảnh bìa được.")
    for label, text in (("Chú thích", texts["caption"]), ("Mô tả ảnh", texts["alternative"])):
        if len(text) > CAPTION_LIMIT:
            raise DomainError(f"{label} dài quá {CAPTION_LIMIT} ký tự.")
    wanted = texts | {"may_be_shown": said.may_be_shown, "is_cover": said.is_cover}
    changes = {name: [getattr(attachment, name), value] for name, value in wanted.items() if getattr(attachment, name) != value}
    if said.is_cover:
        registration.attachments.filter(is_cover=True).exclude(pk=attachment.pk).update(is_cover=False)
    for name, value in wanted.items():
        setattr(attachment, name, value)
    attachment.save(update_fields=list(wanted))
    if said.position is not None:
        _move(registration, attachment, said.position)
    if changes:
        record(
            actor=actor,
            action=AuditAction.DESCRIBE_FILE,
            target=registration,
            unit=registration.unit,
            note=str(attachment),
            changes=changes,
        )
    return attachment


def _move(registration: Registration, attachment: Attachment, position: int) -> None:
    others = list(registration.attachments.exclude(pk=attachment.pk))
    others.insert(max(0, min(position, len(others))), attachment)
    for place, one in enumerate(others):
        one.position = place
    Attachment.objects.bulk_update(others, ["position"])


@transaction.atomic
def remove_attachment(*, attachment_id: UUID, actor: User) -> None:
    """Take a file away; it is gone from the disk as soon as this is committed. Raises DomainError when it was gone before."""
    registration, found = _lock_attachment(attachment_id, actor)
    record(actor=actor, action=AuditAction.REMOVE_FILE, target=registration, unit=registration.unit, note=str(found))
    drop_files([found])
    found.delete()


def drop_files(attachments: Iterable[Attachment]) -> None:
    """Delete the files of rows that are about to go, after the commit."""
    delete_paths_later(paths_of(attachments))


def paths_of(attachments: Iterable[Attachment]) -> list[str]:
    return [path for one in attachments for path in (one.file.name, *(v["path"] for v in one.variants.values())) if path]


def delete_paths_later(paths: list[str]) -> None:
    if paths:
        transaction.on_commit(partial(_delete_paths, paths))


def _delete_paths(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
