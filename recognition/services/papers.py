"""Papers of dossiers, and of packets for all their dossiers: sent, made here, told apart, replaced."""

from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from common.files import DOCX, XLSX, Received, receive
from organisation.audit import record
from organisation.models import User
from papers.signing import signatures_of
from recognition.audit_actions import AuditAction
from recognition.enums import COMMON_PAPERS, DossierState, PaperKind
from recognition.exports.packets import WRITERS
from recognition.models import Dossier, DossierFile, Packet
from recognition.permissions import can_prepare_for
from recognition.services.dossiers import check_may_write, lock_dossier
from recognition.services.rounds import lock_round
from recognition.validators import kind_by_name

UNSORTED_AT_MOST = 40


def lock_packet(packet_id: int, actor: User) -> Packet:
    """The packet for changing, after its round, for who prepares it. Raises NotAllowed."""
    round_ = lock_round(Packet.objects.values_list("round_id", flat=True).get(pk=packet_id))
    packet = Packet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=packet_id)
    packet.round = round_
    if not can_prepare_for(actor, packet.unit, round_.season):
        raise NotAllowed("Vai trò của đồng chí không lập đề nghị của đơn vị này.")
    return packet


def check_papers_open(packet: Packet) -> None:
    """Raise DomainError once the packet was sent and nothing of it was returned."""
    if packet.sent_at and not packet.dossiers.filter(state=DossierState.RETURNED).exists():
        raise DomainError("Đề nghị đã gửi nên giấy tờ không sửa được.")


def add_paper(*, dossier_id: int, kind: str, file: "UploadedFile[bytes]", actor: User) -> DossierFile:
    """Put a paper into a dossier after its content was checked; one that is common to all goes to the packet. The one that it
    replaces is kept beside it.
    """
    if kind not in PaperKind.values:
        raise DomainError("Không có loại giấy tờ ấy.")
    packet_id = Dossier.objects.values_list("packet_id", flat=True).get(pk=dossier_id)
    if packet_id and kind in COMMON_PAPERS:
        return add_common_paper(packet_id=packet_id, kind=kind, file=file, actor=actor)
    sent = receive(file)
    signatures = signatures_of(sent)
    with transaction.atomic():
        _, dossier = lock_dossier(dossier_id)
        check_may_write(dossier, actor)
        there = dossier.files.select_for_update().filter(kind=kind, replaced_at__isnull=True).first()
        if there and there.digest == sent.digest:
            return there
        if there:
            there.replaced_at = timezone.now()
            there.save(update_fields=["replaced_at"])
        made = _kept(DossierFile(dossier=dossier, kind=kind, signatures=signatures, sent_by=actor), sent)
        dossier.writers.add(actor)
        said = f"{PaperKind(kind).label}: {made.file_name}"
        record(
            actor=actor,
            action=AuditAction.REPLACE_PAPER if there else AuditAction.ADD_PAPER,
            target=dossier,
            unit=dossier.unit,
            note=said,
        )
    return made


def _kept(made: DossierFile, sent: Received) -> DossierFile:
    made.file_name, made.content_type, made.size, made.digest = sent.name, sent.kind.content_type, sent.size, sent.digest
    made.file.save(f"{made.pk}{sent.kind.suffix}", sent.content, save=False)
    made.save()
    return made


def add_common_paper(*, packet_id: int, file: "UploadedFile[bytes]", actor: User, kind: str | None = None) -> DossierFile:
    """Put a paper into a packet: of the kind told, else of the one that its name tells; where that is none, or one that is there
    signed already, it waits to be told apart. Word and Excel files are drafts: nobody signs them.
    """
    if kind is not None and kind not in COMMON_PAPERS:
        raise DomainError("Giấy tờ này thuộc về từng hồ sơ.")
    sent = receive(file)
    signatures = signatures_of(sent)
    with transaction.atomic():
        packet = lock_packet(packet_id, actor)
        check_papers_open(packet)
        same = packet.files.filter(digest=sent.digest, replaced_at__isnull=True)
        there = (same if kind is None else same.filter(kind=kind)).first()
        if there:
            return there
        made = DossierFile(packet=packet, signatures=signatures, sent_by=actor, is_draft=sent.kind in (DOCX, XLSX))
        made.kind = kind if kind is not None else _guessed(packet, sent.name, is_draft=made.is_draft)
        if not made.kind and packet.files.filter(kind="", replaced_at__isnull=True).count() >= UNSORTED_AT_MOST:
            raise DomainError(f"Đã có {UNSORTED_AT_MOST} tệp chưa rõ là giấy gì. Xin chọn loại cho các tệp ấy trước.")
        _replace(packet, made)
        _kept(made, sent)
        record(actor=actor, action=AuditAction.ADD_COMMON_PAPER, target=packet, unit=packet.unit, note=_named(made))
    return made


def _guessed(packet: Packet, file_name: str, *, is_draft: bool) -> str:
    """A second file of the same name is no replacement that anybody asked for."""
    kind = kind_by_name(file_name)
    return "" if packet.files.filter(kind=kind, is_draft=is_draft, replaced_at__isnull=True).exists() else kind


def _named(file: DossierFile) -> str:
    return f"{PaperKind(file.kind).label if file.kind else 'Chưa rõ loại'}: {file.file_name}"


def _replace(packet: Packet, file: DossierFile) -> None:
    """Make room for a paper: the one of its kind, and the draft that a signed one was made of."""
    if file.kind:
        same = packet.files.filter(kind=file.kind, replaced_at__isnull=True).exclude(pk=file.pk)
        (same.filter(is_draft=True) if file.is_draft else same).update(replaced_at=timezone.now())


def make_paper(*, packet_id: int, kind: str, actor: User) -> DossierFile:
    """The draft of a common paper, made by the portal out of the packet; to be signed and sent as a scan. Raises DomainError."""
    if kind not in WRITERS:
        raise DomainError("Cổng không lập loại giấy tờ này.")
    packet = Packet.objects.select_related(
        "round__season", "round__level", "round__unit", "unit", "proposal_number", "minutes_number"
    ).get(pk=packet_id)
    if not can_prepare_for(actor, packet.unit, packet.round.season):
        raise NotAllowed("Vai trò của đồng chí không lập đề nghị của đơn vị này.")
    name, write = WRITERS[PaperKind(kind)]
    file = SimpleUploadedFile(f"{name}-{packet.round.season}.docx", write(packet))
    return add_common_paper(packet_id=packet_id, kind=kind, file=file, actor=actor)


@transaction.atomic
def sort_paper(*, packet_id: int, file_id: UUID, kind: str, actor: User) -> DossierFile:
    """Say which common paper a file of a packet is. One that was of this kind is kept, replaced."""
    packet = lock_packet(packet_id, actor)
    check_papers_open(packet)
    if kind not in COMMON_PAPERS:
        raise DomainError("Xin chọn tệp này là giấy gì.")
    file = packet.files.filter(pk=file_id, replaced_at__isnull=True).first()
    if file is None:
        raise DomainError("Tệp này đã được thay hoặc bỏ trước đó.")
    file.kind = kind
    _replace(packet, file)
    file.save(update_fields=["kind"])
    record(actor=actor, action=AuditAction.SORT_PAPER, target=packet, unit=packet.unit, note=_named(file))
    return file


@transaction.atomic
def drop_paper(*, packet_id: int, file_id: UUID, actor: User) -> None:
    """Leave out a file of a packet; it is kept, replaced by none."""
    packet = lock_packet(packet_id, actor)
    check_papers_open(packet)
    file = packet.files.filter(pk=file_id, replaced_at__isnull=True).first()
    if file is not None:
        file.replaced_at = timezone.now()
        file.save(update_fields=["replaced_at"])
        record(actor=actor, action=AuditAction.DROP_PAPER, target=packet, unit=packet.unit, note=_named(file))
