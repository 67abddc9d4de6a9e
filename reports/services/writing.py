"""The officer's part of a report: words around the figures, answers to findings, figures quoted from papers."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines
from models_registry.models import Season
from organisation.audit import record
from organisation.models import Unit, User
from organisation.naming import head_level_on
from organisation.selectors.names import own_level_on
from reports.audit_actions import AuditAction
from reports.figures import FIGURES
from reports.kinds.words import values_of
from reports.models import QuotedFigure, Report
from reports.permissions import can_write
from reports.selectors.chips import chips_of
from reports.selectors.reading import facts_in, first_wording, kind_for
from reports.services.building import lock_report
from reports.transitions import check_draft
from reports.validators import check_text

MOST = 10**9
QUALIFIERS = ("", "hơn", "trên", "gần", "khoảng", "ít nhất")


def _lock_own(report_id: int, actor: User) -> Report:
    report = lock_report(report_id)
    if not can_write(actor, report.unit):
        raise NotAllowed("Vai trò của đồng chí không viết báo cáo của đơn vị này.")
    check_draft(report.state)
    if report.facts is None:
        raise DomainError("Báo cáo chưa đếm xong; xin đợi rồi viết.")
    return report


class StaleText(DomainError):
    """Somebody else wrote in this part meanwhile; `current` is what stands now."""

    def __init__(self, current: str) -> None:
        super().__init__(
            "Người khác vừa sửa phần này. Bản của đồng chí còn trong ô, chưa lưu; so với bản đang có rồi lưu lần nữa."
        )
        self.current = current


@transaction.atomic
def write_text(*, report_id: int, section: str, text: str | None, seen: str, actor: User) -> Report:
    """An officer's words for a section, with figures in braces; None, or the first wording itself, gives that one back.

    `seen` is what the page showed. Raises NotAllowed, InvalidTransition, TextRefused, StaleText.
    """
    report = _lock_own(report_id, actor)
    part = next((one for one in kind_for(report).sections if one.key == section), None)
    if part is None:
        raise DomainError("Báo cáo này không có phần ấy.")
    facts = facts_in(report)
    first = first_wording(part, facts)
    now = report.texts.get(section, first)
    new = first if text is None else clean_lines(text)
    if new == now:
        return report
    if clean_lines(seen) != clean_lines(now):
        raise StaleText(now)
    check_text(new, first, values_of(facts), {chip.value: chip.label for chip in reversed(chips_of(facts))})
    kept = {name: words for name, words in report.texts.items() if name != section}
    report.texts = kept if new == first else kept | {section: new}
    report.save(update_fields=["texts"])
    record(
        actor=actor,
        action=AuditAction.WRITE_REPORT,
        target=report,
        unit=report.unit,
        note=part.heading,
        changes={section: [now, new]},
    )
    return report


@transaction.atomic
def answer_finding(*, report_id: int, key: str, words: str, actor: User) -> Report:
    """What the officer says of a finding; empty takes the answer back."""
    report = _lock_own(report_id, actor)
    said = clean_lines(words)
    if len(said) > 1000:
        raise DomainError("Trả lời dài quá 1000 ký tự.")
    if key not in {one["key"] for one in report.problems}:
        raise DomainError("Chỗ lệch này không còn; báo cáo đã đếm lại.")
    before = report.answers.get(key, "")
    if said == before:
        return report
    kept = {name: text for name, text in report.answers.items() if name != key}
    report.answers = kept | {key: said} if said else kept
    report.save(update_fields=["answers"])
    record(actor=actor, action=AuditAction.ANSWER_FINDING, target=report, unit=report.unit, changes={key: [before, said]})
    return report


@dataclass(frozen=True)
class NewQuoted:
    """A figure as a paper prints it: “hơn 286, 176 phần”, and where it stands."""

    figure: str
    number: int
    source: str
    qualifier: str = ""
    parts: int | None = None


@transaction.atomic
def keep_quoted(*, season: Season, unit: Unit, as_of: date, quoted: NewQuoted, actor: User) -> QuotedFigure:
    """A figure as a paper prints it, to stand beside ours. The same one once more is the one that is there."""
    if not can_write(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không ghi số liệu cho đơn vị này.")
    where = clean(quoted.source)
    if quoted.figure not in FIGURES:
        raise DomainError("Không có số liệu này.")
    if not where or len(where) > 300:
        raise DomainError("Nguồn: ghi từ 1 đến 300 ký tự.", field="source")
    if quoted.qualifier not in QUALIFIERS:
        raise DomainError("Mức chính xác: chọn trong danh sách.")
    if not all(0 <= number <= MOST for number in (quoted.number, quoted.parts or 0)):
        raise DomainError("Số: ghi số tròn, không âm.", field="number")
    made, is_new = QuotedFigure.objects.get_or_create(
        season=season,
        unit=unit,
        figure=quoted.figure,
        as_of=as_of,
        source=where,
        defaults={"number": quoted.number, "parts": quoted.parts, "qualifier": quoted.qualifier, "kept_by": actor},
    )
    if is_new:
        record(
            actor=actor,
            action=AuditAction.KEEP_QUOTED,
            target=made,
            unit=unit,
            note=f"{FIGURES[quoted.figure].said(own_level_on(as_of).honour, head_level_on(as_of).place)}, {where}",
        )
    return made


@transaction.atomic
def drop_quoted(*, quoted_id: int, actor: User) -> None:
    """Take a quoted figure away again; the trail keeps it."""
    found = QuotedFigure.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=quoted_id).first()
    if found is None:
        return
    if not can_write(actor, found.unit):
        raise NotAllowed("Vai trò của đồng chí không ghi số liệu cho đơn vị này.")
    what = FIGURES[found.figure].said(own_level_on(found.as_of).honour, head_level_on(found.as_of).place)
    record(actor=actor, action=AuditAction.DROP_QUOTED, target=found, unit=found.unit, note=f"{what}, {found.source}")
    found.delete()
