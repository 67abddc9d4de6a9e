"""Site visits: planned, then sent once, whatever the telephone repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import shrunk_photo
from common.text import clean, clean_lines, quoted
from models_registry.permissions import acting_day
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import holders
from recognition.audit_actions import AuditAction
from recognition.enums import VISITED_IN, DossierState, Phase, VisitVerdict
from recognition.models import Dossier, RecognitionRound, SiteVisit, VisitCheck, VisitPhoto
from recognition.permissions import can_visit
from recognition.selectors.council import interests_of
from recognition.selectors.visits import claims_of
from recognition.services.dossiers import lock_dossier

PHOTOS = 20
MOST = Decimal(10) ** 12


@dataclass(frozen=True)
class Checked:
    """One measured output as found."""

    what: str
    counting_unit: str = ""
    claimed: Decimal | None = None
    found: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class VisitFindings:
    """What a visit found."""

    visited_on: date
    people_met: str
    verdict: str
    remark: str = ""
    checks: Sequence[Checked] = ()


def _lock_visit(visit_id: int, actor: User) -> tuple[RecognitionRound, SiteVisit]:
    dossier_id = SiteVisit.objects.values_list("dossier_id", flat=True).get(pk=visit_id)
    round_, dossier = lock_dossier(dossier_id)
    if not can_visit(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không khảo sát cho đợt xét này.")
    _check_interest(actor, round_, dossier)
    visit = SiteVisit.objects.select_for_update().get(pk=visit_id)
    visit.dossier = dossier
    return round_, visit


def _check_interest(actor: User, round_: RecognitionRound, dossier: Dossier) -> None:
    if interests_of(actor, round_, dossier):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không khảo sát.")


@transaction.atomic
def plan_visit(*, dossier_id: int, planned_on: date, visitors: str, actor: User) -> SiteVisit:
    """A visit to come; the unit is told. Raises NotAllowed, DomainError."""
    round_, dossier = lock_dossier(dossier_id)
    if not can_visit(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không khảo sát cho đợt xét này.")
    _check_interest(actor, round_, dossier)
    if round_.phase not in VISITED_IN or dossier.state not in (DossierState.SENT, DossierState.COMPLETE):
        raise DomainError("Chỉ hẹn khảo sát hồ sơ đã gửi, trước khi hội đồng biểu quyết.")
    who = clean(visitors)[:300]
    if not who:
        raise DomainError("Xin ghi đoàn khảo sát gồm ai.", field="visitors")
    if not today() - timedelta(days=366) <= planned_on <= round_.decide_by:
        raise DomainError(f"Ngày khảo sát phải trước hạn quyết định ({write_day(round_.decide_by)}).", field="planned_on")
    known = SiteVisit.objects.filter(dossier=dossier, planned_on=planned_on, visited_on__isnull=True).first()
    if known:
        return known
    visit = SiteVisit.objects.create(dossier=dossier, planned_on=planned_on, visitors=who, planned_by=actor)
    record(actor=actor, action=AuditAction.PLAN_VISIT, target=dossier, unit=round_.unit, note=f"{write_day(planned_on)}: {who}")
    assert dossier.unit is not None
    tell(
        recipients=holders(May.PROPOSE, dossier.unit, acting_day(round_.season)),
        event_key=f"visit:{visit.pk}",
        subject=f"Khảo sát thực tế ngày {write_day(planned_on)}: {quoted(dossier.registration.title[:150])}",
        body=f"Đoàn khảo sát: {who}.",
        link=link_to("recognition:dossier", dossier.pk),
    )
    return visit


@transaction.atomic
def send_visit(*, visit_id: int, key: UUID, findings: VisitFindings, actor: User) -> SiteVisit:
    """What the visit found. Sent again with the same key it is as it was; with another key it is refused, and nothing is lost."""
    round_, visit = _lock_visit(visit_id, actor)
    if visit.sent_at:
        if visit.key == key:
            return visit
        raise DomainError(f"Kết quả khảo sát này đã gửi ngày {write_day(visit.visited_on or today())}. Bản trên máy này vẫn giữ.")
    if round_.phase == Phase.CLOSED:
        raise DomainError("Đợt xét đã xong nên không nhận kết quả khảo sát nữa. Bản trên máy này vẫn giữ.")
    day, verdict = findings.visited_on, findings.verdict
    if not visit.planned_on - timedelta(days=366) <= day <= today():
        raise DomainError(f"Ngày khảo sát {write_day(day)} ở tương lai hoặc quá xa ngày hẹn.", field="visited_on")
    if verdict not in VisitVerdict.values:
        raise DomainError("Xin chọn kết luận khảo sát.", field="verdict")
    met, said = clean_lines(findings.people_met)[:2000], clean_lines(findings.remark)[:4000]
    if not met:
        raise DomainError("Xin ghi đã gặp ai.", field="people_met")
    if verdict != VisitVerdict.AS_CLAIMED and not said:
        raise DomainError("Kết luận khác hồ sơ thì xin ghi nhận xét.", field="remark")
    visit.key, visit.visited_on, visit.people_met, visit.verdict, visit.remark = key, day, met, verdict, said
    visit.sent_by, visit.sent_at = actor, timezone.now()
    visit.save()
    _keep_checks(visit, findings.checks)
    record(actor=actor, action=AuditAction.SEND_VISIT, target=visit.dossier, unit=round_.unit, note=VisitVerdict(verdict).label)
    return visit


def _keep_checks(visit: SiteVisit, checks: Sequence[Checked]) -> None:
    """Write the outputs as they were found, beside what the dossier claims of them. Raises DomainError."""
    by_output: dict[str, Checked] = {}
    for check in checks:
        what = clean(check.what)[:200]
        if what in by_output:
            raise DomainError(f"“{what}” ghi hai dòng; xin gộp lại.")
        for number in (check.claimed, check.found):
            if number is not None and (number >= MOST or number != number.quantize(Decimal("0.01"))):
                raise DomainError(f"{what}: số quá lớn, hoặc quá hai chữ số lẻ.")
        if what:
            by_output[what] = check
    claimed = {claim.what: claim.quantity for claim in claims_of(visit.dossier)}  # what the dossier says, not what was sent
    VisitCheck.objects.bulk_create(
        VisitCheck(
            visit=visit,
            what=what,
            counting_unit=clean(check.counting_unit)[:30],
            claimed=claimed.get(what, check.claimed),
            found=check.found,
            note=clean(check.note)[:300],
        )
        for what, check in by_output.items()
    )


def add_visit_photo(*, visit_id: int, key: UUID, file: "UploadedFile[bytes]", actor: User) -> VisitPhoto:
    """A photo of a visit: upright, at most 1600 px, no metadata. The same key again is the photo that is there."""
    with transaction.atomic():
        _lock_visit(visit_id, actor)
    there = VisitPhoto.objects.filter(key=key, visit=visit_id).first()
    if there:
        return there
    data = shrunk_photo(file)
    with transaction.atomic():
        round_, visit = _lock_visit(visit_id, actor)
        there = VisitPhoto.objects.filter(key=key).first()
        if there:
            return there
        if round_.phase == Phase.CLOSED:
            raise DomainError("Đợt xét đã xong nên không nhận ảnh khảo sát nữa. Ảnh trên máy này vẫn giữ.")
        if visit.photos.count() >= PHOTOS:
            raise DomainError(f"Mỗi cuộc khảo sát nhiều nhất {PHOTOS} ảnh.")
        made = VisitPhoto(visit=visit, key=key)
        made.file.save(f"{key}.webp", ContentFile(data), save=False)
        made.save()
        record(actor=actor, action=AuditAction.ADD_VISIT_PHOTO, target=visit.dossier, unit=round_.unit)
    return made


@transaction.atomic
def remove_visit_photos(*, visit_id: int, keys: Sequence[UUID], actor: User) -> None:
    """Take photos away that came before the findings did. A visit that is sent keeps its own."""
    round_, visit = _lock_visit(visit_id, actor)
    if visit.sent_at:
        return
    for photo in visit.photos.filter(key__in=keys):
        file = photo.file
        photo.delete()
        transaction.on_commit(partial(file.storage.delete, str(file.name)))
        record(actor=actor, action=AuditAction.REMOVE_VISIT_PHOTO, target=visit.dossier, unit=round_.unit)
