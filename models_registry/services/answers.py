"""Which earlier model the maintained rows of an upload carry on, answered before it is stored."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from common.exceptions import DomainError
from models_registry.audit_actions import AuditAction
from models_registry.enums import ImportState
from models_registry.models import ImportRow, RegisterImport
from models_registry.selectors.continuity import Book
from models_registry.selectors.mending import holders, rows_at
from models_registry.services.import_rows import answered, count_again
from models_registry.services.locks import lock_import
from models_registry.sources import row_in_words, where
from organisation.audit import record
from organisation.models import User


@transaction.atomic
def answer_import(*, import_id: UUID, answers: dict[str, int], sources: Iterable[str], actor: User) -> RegisterImport:
    """Keep what was answered of the rows `sources` of a register that was read: {row: id of the earlier registration, 0 for none of
    them, or for not the one that the portal found}; storing does it. An earlier registration is one that was offered, or any that
    its unit, or one that it followed, may still carry on. Raises NotAllowed, DomainError.
    """
    upload = lock_import(import_id, actor)
    if upload.state != ImportState.READ:
        raise DomainError("Sổ này đang được xử lý, đã nạp hoặc đã bỏ; đã nạp thì trả lời ở trang “Nối với năm trước”.")
    rows = {row.source: row for row in rows_at(upload, sources) if row.link}
    _check_may_be(upload, rows, answers)
    upload.answers = {source: one for source, one in (upload.answers or {}).items() if source not in rows} | answers
    _check_once(upload, answers)
    for source, row in rows.items():
        row.link = answered(row.own_link, answers.get(source))
    ImportRow.objects.bulk_update(rows.values(), ["link"], batch_size=500)
    count_again(upload)
    upload.save(update_fields=["answers", "report"])
    record(actor=actor, action=AuditAction.ANSWER_IMPORT, target=upload, unit=upload.unit, changes={"answers": answers})
    return upload


def _check_may_be(upload: RegisterImport, rows: Mapping[str, ImportRow], answers: Mapping[str, int]) -> None:
    offered = {source: {row.linked_to, *row.offered} for source, row in rows.items()}
    sought = {answer for source, answer in answers.items() if answer and answer not in offered.get(source, ())}
    free = Book(upload.season, upload.unit).free().filter(pk__in=sought) if sought else ()
    found = {earlier.pk for earlier in free}
    if any(answer and (source not in rows or (answer in sought and answer not in found)) for source, answer in answers.items()):
        raise DomainError("Có câu trả lời không còn trong các gợi ý. Xin xem lại.")


def _check_once(upload: RegisterImport, answers: Mapping[str, int]) -> None:
    """No two rows carry one model on: not by an answer, and not by what the portal found."""
    for sources in holders(upload, {answer for answer in answers.values() if answer}).values():
        if len(sources) > 1:
            other = next((source for source in sources if source not in answers), sources[0])
            raise DomainError(f"Dòng {row_in_words(*where(other)[1:])} đang nối với mô hình ấy. Xin đổi dòng ấy trước.")
