"""Every write of papers: letterheads, numbers, an office's own Word files."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.files import DOCX, receive
from common.text import clean
from organisation.audit import record
from organisation.models import Unit, User
from papers.audit_actions import AuditAction
from papers.enums import Layout
from papers.kinds import known_form
from papers.models import FormRecord, Letterhead, PaperNumber, PaperTemplate
from papers.permissions import can_head, can_keep
from papers.selectors import next_number, term_of
from papers.word.filling import TemplateRefused
from papers.word.templates import Asked, read_placeholders


@transaction.atomic
def save_letterhead(*, unit: Unit, actor: User | None, **fields: Any) -> Letterhead:
    """The head of a body's papers from a day on; the same day again corrects it while no paper has a number by it."""
    if actor is not None and not can_head(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa thể thức giấy tờ của đơn vị này.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    suffix, since = clean(fields.pop("suffix")), fields.pop("valid_from")
    if fields.get("layout") == Layout.PARTY and not clean(fields.get("term", "")):
        raise DomainError("Số văn bản của Đảng chạy theo nhiệm kỳ. Xin ghi nhiệm kỳ: năm đầu, gạch nối, năm cuối.")
    given = PaperNumber.objects.filter(unit=unit, suffix=suffix, dated_on__gte=since)
    known = Letterhead.objects.filter(unit=unit, suffix=suffix, valid_from=since).first()
    if given.exists():
        raise DomainError("Đã có giấy tờ cấp số từ ngày này. Giấy đã ra giữ thể thức của nó; xin chọn ngày sau đó.")
    saved = known or Letterhead(unit=unit, suffix=suffix, valid_from=since)
    for name, value in fields.items():
        setattr(saved, name, value)
    saved.made_by = actor
    saved.save()
    record(actor=actor, action=AuditAction.SAVE_LETTERHEAD, target=saved, unit=unit, note=suffix)
    return saved


@dataclass(frozen=True)
class NewPaper:
    """A paper that is to get a number: `number`, or the next one, of the `term`, or of the body's own on that day."""

    letterhead: Letterhead
    symbol: str
    day: date
    subject: str = ""
    number: int | None = None
    term: str = ""


def take_number(*, paper: NewPaper, actor: User) -> PaperNumber:
    """Allocate a paper's number. Call it in the transaction that creates the paper; it locks the unit's row.

    Raises DomainError where another paper of this body, kind and term has it.
    """
    letterhead, symbol = paper.letterhead, paper.symbol
    Unit.objects.select_for_update(no_key=True).get(pk=letterhead.unit_id)
    term = paper.term or term_of(letterhead, paper.day)
    wanted = paper.number or next_number(letterhead, symbol, term)
    there = PaperNumber.objects.filter(
        unit=letterhead.unit_id, suffix=letterhead.suffix, symbol=symbol, term=term, number=wanted
    ).first()
    if there:
        raise DomainError(
            f"Số {wanted:02d} đã cấp cho giấy tờ ngày {there.dated_on:%d/%m/%Y}"
            + (f" (“{there.subject}”)" if there.subject else "")
            + f". Số tiếp theo là {next_number(letterhead, symbol, term):02d}."
        )
    return PaperNumber.objects.create(
        unit_id=letterhead.unit_id,
        suffix=letterhead.suffix,
        symbol=symbol,
        term=term,
        number=wanted,
        dated_on=paper.day,
        subject=paper.subject[:300],
        given_by=actor,
    )


def keep_template(*, unit: Unit, form: str, file: "UploadedFile[bytes]", actor: User) -> tuple[PaperTemplate, Asked]:
    """An office's own Word file for a form, after every name in it was found known. The earlier one is kept.

    Raises TemplateRefused naming what is unknown or broken, and where.
    """
    known = known_form(form)
    if known is None:
        raise DomainError("Không có mẫu ấy.")
    if not can_keep(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa mẫu của đơn vị này.")
    sent = receive(file, unnamed="mau", is_form=True, taken=(DOCX,))
    asked = read_placeholders(sent.content, known)
    if asked.unknown:
        raise TemplateRefused(f"Mẫu có tên ô cổng không biết: {'; '.join(asked.unknown)}.")
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        PaperTemplate.objects.filter(unit=unit, form=form, replaced_at__isnull=True).update(replaced_at=timezone.now())
        made = PaperTemplate(
            unit=unit,
            form=form,
            file_name=sent.name,
            placeholders=asked.names,
            sent_by=actor,
        )
        made.file.save(f"{made.pk}.docx", sent.content, save=False)
        made.save()
        record(actor=actor, action=AuditAction.KEEP_TEMPLATE, target=made, unit=unit, note=f"{known.name}: {made.file_name}")
    return made, asked


@transaction.atomic
def drop_template(*, unit: Unit, form: str, actor: User) -> bool:
    """Back to the portal's own layout; the file is kept."""
    if not can_keep(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không sửa mẫu của đơn vị này.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    dropped = PaperTemplate.objects.filter(unit=unit, form=form, replaced_at__isnull=True).update(replaced_at=timezone.now())
    if dropped:
        record(actor=actor, action=AuditAction.DROP_TEMPLATE, target=unit, unit=unit, note=form)
    return bool(dropped)


@transaction.atomic
def enter_form(*, unit: Unit, actor: User, **fields: Any) -> FormRecord:
    """Enter a prescribed form. Where it is for a paper of the portal and an earlier one is in force, that one ends the day before,
    replaced by this one. Raises NotAllowed, DomainError.
    """
    if not can_keep(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không ghi mẫu biểu của đơn vị này.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    form, since, until = fields.get("form", ""), fields["valid_from"], fields.get("valid_to")
    if form and known_form(form) is None:
        raise DomainError("Không có giấy tờ ấy trên cổng.")
    if FormRecord.objects.filter(unit=unit, number=fields["number"], document=fields["document"]).exists():
        raise DomainError("Mẫu này, theo văn bản này, đã ghi rồi.")
    before = None
    if form:
        same = FormRecord.objects.filter(unit=unit, form=form)
        before = same.filter(valid_to=None, valid_from__lt=since).first()
        others = same.exclude(pk=before.pk) if before else same
        overlapping = others.filter(Q(valid_to=None) | Q(valid_to__gte=since))
        overlapping = overlapping.filter(valid_from__lte=until) if until else overlapping
        if there := overlapping.first():
            raise DomainError(f"Trùng thời gian với {there} (dùng từ {write_day(there.valid_from)}).")
    if before:
        before.valid_to = since - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    made = FormRecord.objects.create(unit=unit, made_by=actor, **fields)
    if before:
        before.replaced_by = made
        before.save(update_fields=["replaced_by"])
    record(actor=actor, action=AuditAction.ENTER_FORM, target=made, unit=unit, note=f"{made.title}, {made.document}")
    return made


@transaction.atomic
def end_form(*, record_id: int, last_day: date, actor: User) -> FormRecord:
    """Set the last day on which a form is used."""
    found = FormRecord.objects.select_for_update(of=("self",)).select_related("unit").get(pk=record_id)
    if not can_keep(actor, found.unit):
        raise NotAllowed("Vai trò của đồng chí không ghi mẫu biểu của đơn vị này.")
    if found.valid_to:
        raise DomainError(f"Mẫu này đã hết dùng từ {write_day(found.valid_to)}.")
    if last_day < found.valid_from:
        raise DomainError(f"Ngày cuối phải từ {write_day(found.valid_from)} trở đi.")
    found.valid_to = last_day
    found.save(update_fields=["valid_to"])
    record(actor=actor, action=AuditAction.END_FORM, target=found, unit=found.unit, note=write_day(last_day))
    return found
