"""What was counted at an adopter, day by day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError
from common.files import Received, receive
from common.numbers import write_number
from common.text import clean
from organisation.audit import record
from organisation.models import User
from replication.audit_actions import AuditAction
from replication.models import Adoption, AdoptionOutput, output_key
from replication.services.campaigns import counted_output
from replication.services.locks import lock_adoption
from replication.validators import check, read_date, read_quantity


@dataclass(frozen=True)
class OutputTyped:
    """What the form of an output says, as typed. `seen`: the quantity that stood for that day on the page, empty for none."""

    what: str
    counting_unit: str
    quantity: str
    as_of: str
    source: str = ""
    reason: str = ""
    seen: str = ""
    is_new: bool = False
    """It is on purpose that something is counted that the line did not count so far."""


def record_output(
    *, adoption_id: int, typed: OutputTyped, file: "UploadedFile[bytes] | None" = None, actor: User
) -> tuple[AdoptionOutput, str]:
    """A value counted from the beginning to a day: (the value, what stood for that day before or ''). The same value once more
    changes nothing; another one that somebody wrote meanwhile is told, not overwritten. Raises NotAllowed, ReplicationRefused.
    """
    sent = receive(file, unnamed="minh-chung") if file else None  # before any lock: it takes its time
    with transaction.atomic():
        return _record_output(lock_adoption(adoption_id, actor), typed, sent, actor)


def _record_output(adoption: Adoption, typed: OutputTyped, sent: Received | None, actor: User) -> tuple[AdoptionOutput, str]:
    what, counting_unit, quantity, day = _read(adoption, typed)
    _check_what(adoption, what, counting_unit, typed.is_new)
    counted = counted_output(adoption.origin, what, counting_unit)
    known = AdoptionOutput.objects.select_for_update().filter(adoption=adoption, counted=counted, as_of=day).first()
    before = write_number(known.quantity) if known else ""
    source = clean(typed.source)[:300]
    is_same = known is not None and known.quantity == quantity and not sent and source in ("", known.source)
    if known and is_same:
        return known, ""
    if known and typed.seen.strip() != before and (known.quantity != quantity or known.recorded_by != actor):
        who = f"{known.recorded_by}" if known.recorded_by else "Một người khác"
        raise DomainError(
            f"{who} đã ghi {before} {counted.counting_unit} cho ngày {write_day(day)}. Số đồng chí vừa gõ ({write_number(quantity)}) còn "
            "trên trang, chưa ghi; muốn thay số ấy, bấm ghi lần nữa."
        )
    reason = _check_falls(adoption.pk, counted.pk, quantity, day, typed.reason, known=known)
    output = known or AdoptionOutput(adoption=adoption, counted=counted, as_of=day)
    changes = {"quantity": [before, write_number(quantity)]} if known else {}
    if known and known.source != source and source:
        changes["source"] = [known.source, source]
    if known and known.file_name and (sent or known.quantity != quantity):
        changes["file"] = [known.file_name, sent.name if sent else ""]  # what proved the old number does not prove the new one
        output.file, output.file_name, output.file_type = "", "", ""
    output.quantity, output.reason, output.recorded_by = quantity, reason, actor
    output.source = source or (known.source if known and not changes.get("file") else "")
    if sent:
        output.file_name, output.file_type = sent.name, sent.kind.content_type
        output.file.save(f"{timezone.now():%Y%m%d%H%M%S%f}{sent.kind.suffix}", sent.content, save=False)
    output.save()
    said = f"{counted.what}: {output}, {write_day(day)}"
    record(actor=actor, action=AuditAction.RECORD_OUTPUT, target=adoption, unit=adoption.unit, note=said, changes=changes)
    return output, before


def _read(adoption: Adoption, typed: OutputTyped) -> tuple[str, str, Decimal, date]:
    """(what is counted, in which unit, how many, until which day) as typed. Raises ReplicationRefused."""
    what, counting_unit = clean(typed.what), clean(typed.counting_unit)
    errors = {
        "what": "" if 0 < len(what) <= 200 else "Đếm cái gì: ghi từ 1 đến 200 ký tự.",
        "counting_unit": "" if 0 < len(counting_unit) <= 30 else "Đơn vị tính: ghi từ 1 đến 30 ký tự.",
    }
    quantity, errors["quantity"] = read_quantity(typed.quantity, "Số lượng")
    day, errors["as_of"] = read_date(typed.as_of, "Tính đến ngày")
    if quantity is None and not errors["quantity"]:
        errors["quantity"] = "Số lượng: chưa ghi."
    if day is None:
        errors["as_of"] = errors["as_of"] or "Tính đến ngày: chưa ghi."
    elif day > today():
        errors["as_of"] = f"Tính đến ngày: {write_day(day)} chưa tới; chỉ ghi số đã đếm."
    elif day < adoption.adopted_on:
        errors["as_of"] = f"Tính đến ngày: nơi này bắt đầu {write_day(adoption.adopted_on)}."
    elif adoption.ended_on and day > adoption.ended_on:
        errors["as_of"] = f"Tính đến ngày: nơi này đã thôi làm từ {write_day(adoption.ended_on)}."
    check({name: words for name, words in errors.items() if words})
    assert quantity is not None and day is not None
    return what, counting_unit, quantity, day


def standing_output(adoption: Adoption, what: str, counting_unit: str, as_of: str) -> AdoptionOutput | None:
    """The value that stands for a day, by what was typed."""
    day, _ = read_date(as_of, "")
    there = adoption.outputs.filter(as_of=day, counted__key=output_key(what, counting_unit)) if day else None
    return there.first() if there is not None else None


def _check_what(adoption: Adoption, what: str, counting_unit: str, is_new: bool) -> None:
    """A line is counted by a few words: others are typed on purpose, not by a slip."""
    counted = list(adoption.origin.counted_outputs.all())
    if not counted or is_new or output_key(what, counting_unit) in {one.key for one in counted}:
        return
    known = "; ".join(f"“{one.what}”, {one.counting_unit}" for one in counted)
    check({"what": f"Đếm cái gì: mô hình này đang đếm {known}. Ghi đúng như vậy; nếu đếm việc khác thì đánh dấu “Đếm việc mới”."})


def _check_falls(
    adoption_id: int, counted_id: int, quantity: Decimal, day: Any, reason: str, *, known: AdoptionOutput | None
) -> str:
    """A number under an earlier one or under the one it replaces, or over a later one, is told with a reason: it is counted
    from the beginning.
    """
    others = AdoptionOutput.objects.filter(adoption=adoption_id, counted=counted_id).exclude(as_of=day)
    earlier = others.filter(as_of__lt=day).order_by("-as_of").first()
    later = others.filter(as_of__gt=day).order_by("as_of").first()
    said = clean(reason)[:300]
    if known and quantity < known.quantity and not said:
        check({"reason": f"Ngày này đã ghi {write_number(known.quantity)}; số mới nhỏ hơn, xin ghi lý do giảm."})
    if earlier and quantity < earlier.quantity and not said:
        check(
            {
                "reason": f"Ngày {write_day(earlier.as_of)} đã ghi {write_number(earlier.quantity)}; số mới nhỏ hơn, xin ghi lý do giảm. "
                "Số ghi ở đây là số cộng dồn từ đầu."
            }
        )
    if later and quantity > later.quantity and not later.reason and not said:
        check({"reason": f"Ngày {write_day(later.as_of)} đã ghi {write_number(later.quantity)}, nhỏ hơn số này; xin ghi lý do."})
    return said
