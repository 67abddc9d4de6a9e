"""Certificates: layouts by stock, numbers from the register, a batch made in the background."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.jobs import Progress, enqueue
from common.text import clean
from models_registry.enums import SubjectKind
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import versions_on
from papers.enums import Symbol
from papers.models import Letterhead
from papers.permissions import can_keep
from papers.selectors import letterhead_on
from papers.services import NewPaper, take_number
from papers.signing import pen_of
from recognition.audit_actions import AuditAction
from recognition.enums import Purpose
from recognition.exports.certificates import BLOCKS, page_of, print_pages, texts_of
from recognition.models import Certificate, CertificateBatch, CertificateLayout, Decision, Recognition
from recognition.permissions import can_decide, can_run
from recognition.selectors.certificates import last_batch, layout_for

if TYPE_CHECKING:
    from papers.pens import Pen, SignedFile

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read as something else
REASON = "Cấp giấy công nhận mô hình “Dân vận khéo”"
CODE_LENGTH = 20  # of 31 letters: 99 bits


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@dataclass(frozen=True)
class StockLayout:
    """A stock, and where the blocks stand on it: millimetres from the left upper corner, `size` in points."""

    name: str
    subject_kind: str
    width: int
    height: int
    is_blank: bool
    shift_x: Decimal
    shift_y: Decimal
    blocks: Mapping[str, Mapping[str, Any]]

    def check(self) -> None:
        """Raise DomainError with the first thing that cannot be."""
        if not clean(self.name):
            raise DomainError("Xin đặt tên phôi.", field="name")
        if self.subject_kind not in ("", *SubjectKind.values):
            raise DomainError("Xin chọn lại loại đối tượng.")
        for side in ("width", "height"):
            if not 100 <= getattr(self, side) <= 500:
                raise DomainError("Khổ giấy mỗi chiều từ 100 đến 500 mm.", field=side)
        for shift in ("shift_x", "shift_y"):
            if abs(getattr(self, shift)) > 20:
                raise DomainError("Dịch nhiều nhất 20 mm; xa hơn thì đổi vị trí từng khối.", field=shift)
        for key, at in self.blocks.items():
            self._check_block(key, at)

    def _check_block(self, key: str, at: Mapping[str, Any]) -> None:
        if key not in BLOCKS:
            raise DomainError("Có khối cổng không biết.")
        name = BLOCKS[key].name
        for measure in ("x", "y", "width", "height"):
            if not 0 <= float(at[measure]) <= 500:
                raise DomainError(f"{name}: vị trí, kích thước từ 0 đến 500 mm.", field=f"{key}-{measure}")
        for start, side, room in (("x", "width", self.width), ("y", "height", self.height)):
            if float(at[start]) + float(at[side]) > room:
                words = f"{name}: khối ra ngoài tờ giấy {self.width} × {self.height} mm."
                raise DomainError(words, field=f"{key}-{start}")
        if not 6 <= int(at["size"]) <= 72:
            raise DomainError(f"{name}: cỡ chữ từ 6 đến 72.", field=f"{key}-size")


@transaction.atomic
def save_layout(*, unit: Unit, layout: StockLayout, actor: User) -> CertificateLayout:
    """Where the blocks stand on a stock; the same name and kind again changes it. Raises NotAllowed, DomainError."""
    if not can_keep(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa mẫu phôi của đơn vị này.")
    layout.check()
    title = clean(layout.name)[:100]
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    saved, _ = CertificateLayout.objects.update_or_create(
        unit=unit,
        name=title,
        subject_kind=layout.subject_kind,
        defaults={
            "width": layout.width,
            "height": layout.height,
            "is_blank": layout.is_blank,
            "shift_x": layout.shift_x,
            "shift_y": layout.shift_y,
            "blocks": {key: dict(at) for key, at in layout.blocks.items()},
            "made_by": actor,
        },
    )
    record(actor=actor, action=AuditAction.SAVE_CERTIFICATE_LAYOUT, target=saved, unit=unit, note=title)
    return saved


@transaction.atomic
def ask_certificates(*, decision_id: int, stock: str = "", actor: User) -> CertificateBatch:
    """Number what the decision recognises and still stands, and have the files made. While one batch runs, it is that one."""
    issuer_id = Decision.objects.values_list("issuer_id", flat=True).get(pk=decision_id)
    Unit.objects.select_for_update(no_key=True).get(pk=issuer_id)  # before the decision, as publishing locks them
    locked = Decision.objects.select_for_update(of=("self",), no_key=True)
    decision = locked.select_related("issuer", "level").get(pk=decision_id)
    if not (can_run(actor, decision.issuer) or can_decide(actor, decision.issuer)):
        raise NotAllowed("Vai trò của đồng chí không in giấy công nhận của đơn vị này.")
    if decision.purpose not in (Purpose.RECOGNISE, Purpose.CORRECT):
        raise DomainError("Chỉ quyết định công nhận mới có giấy công nhận.")
    running = last_batch(decision)
    if running and running.job and running.job.is_open:
        return running
    standing = Recognition.objects.filter(decision=decision, revoked_on__isnull=True)
    rows = list(
        standing.select_related("registration__season", "decision", "level").order_by("registration__subject_kind", "title")
    )
    if not rows:
        raise DomainError("Quyết định này không còn công nhận nào có hiệu lực.")
    kinds = {one.registration.subject_kind: one.registration.get_subject_kind_display() for one in rows}
    without = [name for kind, name in kinds.items() if stock and layout_for(decision.issuer, stock, kind) is None]
    if without:
        raise DomainError(f"Phôi “{stock[:60]}” chưa khai vị trí cho: {', '.join(without).lower()}.")
    head = _head(decision)
    season = rows[0].registration.season
    seats = {
        pk: version.place for pk, version in versions_on({one.registration.unit_id for one in rows}, season.cutoff_on).items()
    }
    for one in rows:
        if hasattr(one, "certificate"):
            continue
        on = decision.decided_on
        numbered = NewPaper(head, Symbol.CERTIFICATE, on, one.title, term=str(on.year))
        paper = take_number(paper=numbered, actor=actor)
        Certificate.objects.create(
            recognition=one,
            paper=paper,
            code=new_code(),
            printed=texts_of(one, head, paper.number, seats.get(one.registration.unit_id, "")),
        )
    batch = CertificateBatch.objects.create(decision=decision, stock=stock, asked_by=actor)
    batch.job = enqueue("make_certificates", asked_by=actor, batch_id=str(batch.pk))
    batch.save(update_fields=["job"])
    record(
        actor=actor,
        action=AuditAction.ASK_CERTIFICATES,
        target=decision,
        unit=decision.issuer,
        note=f"{len(rows)} giấy {stock}".strip(),
    )
    return batch


def _head(decision: Decision) -> Letterhead:
    """The letterhead by which the decision was signed; a decision from a list has that of its body's register alone."""
    suffix = decision.paper.suffix if decision.paper else decision.number.rpartition("/")[2][:20]
    found = letterhead_on(decision.issuer, suffix, decision.decided_on)
    if found is None:
        raise DomainError("Chưa khai thể thức giấy tờ của cơ quan ký quyết định này; khai ở trang Giấy tờ.")
    return found


def make_certificates(*, batch_id: UUID, progress: Progress) -> None:
    """Every certificate of the batch as a file of its own, signed where the issuer has a key, and all of them for the printer.

    Run twice it makes the same. Raises SigningFailed; what was signed until then stays.
    """
    batch = CertificateBatch.objects.select_related("decision__issuer", "decision__paper").get(pk=batch_id)
    with pen_of(batch.decision.issuer.key, today()) as pen:
        _make_certificates(batch, pen, progress)


def _make_certificates(batch: CertificateBatch, pen: "Pen | None", progress: Progress) -> None:
    decision = batch.decision
    rows = list(
        Certificate.objects.filter(recognition__decision=decision, recognition__revoked_on__isnull=True)
        .select_related("recognition__registration")
        .order_by("paper__number")
    )
    progress(0, total=len(rows) + 1, doing="In và ký từng giấy" if pen else "In từng giấy")
    layouts = {kind: layout_for(decision.issuer, batch.stock, kind) for kind in SubjectKind.values} if batch.stock else {}
    place, author, pages = (_head(decision).place if pen else ""), decision.issuer_name, []
    for n, one in enumerate(rows, start=1):
        page = page_of(one.printed, one.code, layouts.get(one.recognition.registration.subject_kind))
        pages.append(page)
        data = print_pages([page], author=author, title=f"Giấy công nhận: {one.recognition.title}")
        signed = pen.sign(data, reason=REASON, place=place, at=timezone.now()) if pen else None
        _keep_certificate(one, data, signed)
        progress(n, doing=f"In giấy {n}/{len(rows)}")
    progress(len(rows), doing="Gộp để in một lượt")
    batch.note = pen.warning(timezone.now()) if pen else ""
    _keep(batch, print_pages(pages, author=author), f"{batch.pk}.pdf", "note")
    if pen:
        record(
            actor=batch.asked_by,
            action=AuditAction.SIGN_CERTIFICATES,
            target=decision,
            unit=decision.issuer,
            note=f"{len(rows)} giấy, {pen.name}",
        )
    progress(len(rows) + 1)


def _keep_certificate(row: Certificate, data: bytes, signed: "SignedFile | None") -> None:
    """The file, and what its signature says, in one write; the digest of a signed one that goes stays."""
    if row.digest:
        row.earlier = [*row.earlier, row.digest]
    row.signer, row.signed_at = (signed.signer, signed.at) if signed else ("", None)
    row.digest, row.signed_with = (signed.digest, signed.certificate) if signed else ("", "")
    _keep(row, signed.data if signed else data, f"{row.code}.pdf", "signer", "signed_at", "digest", "signed_with", "earlier")


def _keep(row: Certificate | CertificateBatch, data: bytes, name: str, *fields: str) -> None:
    """Put the file in the place of the one before, which goes once the new one is known."""
    before = row.file.name
    storage = row.file.storage
    row.file.save(name, ContentFile(data), save=False)
    row.save(update_fields=["file", *fields])
    if before and before != row.file.name:
        storage.delete(before)
