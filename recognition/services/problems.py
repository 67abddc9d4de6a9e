"""What keeps a draft of a decision from being published."""

from collections.abc import Mapping

from django.utils import timezone

from common.dates import VIETNAM, today, write_day
from papers.models import Letterhead
from papers.selectors import letterhead_on
from recognition.enums import MeetingState, Purpose, Verdict
from recognition.models import (
    DecisionDraft,
    Dossier,
    DraftLine,
    Meeting,
    Recognition,
)
from recognition.selectors.decisions import decision_with_number, next_decision_number
from recognition.selectors.draft_page import REASONED


def problems_of(draft: DecisionDraft) -> list[str]:
    """All that keeps a draft from being published, each in a sentence of its own."""
    found = _missing(draft)
    lines = list(
        draft.lines.select_related(
            "dossier__registration",
            "dossier__ballot",
            "recognition__decision",
            "recognition__grade",
            "recognition__graded_in",
            "commendation__recognition",
            "grade",
        )
    )
    acts = [line for line in lines if line.verdict != Verdict.LATER]
    standing = _standing(draft, acts)
    if not acts:
        found.append("Chưa chọn mô hình nào.")
    for line in acts:
        name = line.dossier.registration.title if line.dossier else line.recognition.title if line.recognition else line.subject
        if line.verdict in REASONED and not line.reason:
            found.append(f"“{name}”: {line.get_verdict_display().lower()} cần ghi lý do để đơn vị biết.")
        if line.verdict == Verdict.RETITLE and line.recognition:
            if not line.title:
                found.append(f"“{name}”: chưa ghi tên đúng.")
            elif (line.title, line.subject) == (line.recognition.title, line.recognition.subject):
                found.append(f"“{name}”: tên và người làm chưa đổi gì so với quyết định trước.")
        if line.verdict == Verdict.RECOGNISE and line.dossier:
            found += _recognise_problems(line.dossier, name, line.reason, standing)
        found += _grade_problems(draft, line, name)
        if line.commendation and line.commendation.recognition.revoked_on:
            found.append(f"“{name}”: mô hình đã bị thu hồi công nhận.")
        if line.verdict == Verdict.COMMEND and not (line.subject and line.reason):
            found.append("Có dòng khen thưởng chưa ghi tập thể, cá nhân hoặc thành tích.")
        if line.recognition and line.recognition.revoked_on:
            found.append(f"“{name}” đã bị thu hồi từ ngày {write_day(line.recognition.revoked_on)}.")
    return found


def _grade_problems(draft: DecisionDraft, line: DraftLine, name: str) -> list[str]:
    grade, day, held = line.grade, draft.decided_on or today(), line.recognition
    if line.verdict == Verdict.UNGRADE and held:
        if held.ungraded_on:
            return [f"“{name}” đã bị thu hồi mức từ ngày {write_day(held.ungraded_on)}."]
        before = held.graded_in.decided_on if held.graded_in else day
        return [f"“{name}”: ngày quyết định trước ngày ghi mức ({write_day(before)})."] if day < before else []
    if grade is None:
        return [f"“{name}”: chưa chọn mức."] if line.verdict == Verdict.GRADE else []
    if day < grade.valid_from or (grade.valid_until and day > grade.valid_until):
        return [f"“{name}”: mức “{grade}” không dùng vào ngày {write_day(day)}."]
    if held and held.grade:
        return [f"“{name}” đã được ghi mức “{held.grade}”, theo Quyết định số {held.graded_in}."]
    return []


def _missing(draft: DecisionDraft) -> list[str]:
    found = []
    if draft.decided_on is None:
        found.append("Chưa ghi ngày quyết định.")
    elif draft.decided_on > today():
        found.append(f"Ngày quyết định {write_day(draft.decided_on)} ở tương lai.")
    meeting = Meeting.objects.filter(round=draft.round, state=MeetingState.CLOSED).first() if draft.round else None
    if draft.decided_on and meeting and draft.purpose == Purpose.RECOGNISE and draft.decided_on < meeting.held_on:
        found.append(f"Ngày quyết định {write_day(draft.decided_on)} trước ngày họp hội đồng {write_day(meeting.held_on)}.")
    elif draft.decided_on and meeting and meeting.closed_at and draft.purpose == Purpose.RECOGNISE:
        voted_on = timezone.localtime(meeting.closed_at, VIETNAM).date()
        if draft.decided_on < voted_on:
            found.append(
                f"Ngày quyết định {write_day(draft.decided_on)} trước ngày hội đồng biểu quyết xong {write_day(voted_on)}."
            )
    if draft.decided_on and draft.amends and draft.decided_on < draft.amends.decided_on:
        found.append(f"Ngày quyết định trước ngày của quyết định được nêu ({write_day(draft.amends.decided_on)}).")
    head = letterhead_of(draft)
    if head and draft.number and draft.decided_on:
        there = decision_with_number(head, draft.number, draft.decided_on)
        if there:
            next_one = next_decision_number(head, draft.decided_on)
            found.append(
                f"Số {draft.number:02d} đã có ở Quyết định ngày {write_day(there.decided_on)}. Số tiếp theo là {next_one:02d}."
            )
    if not head:
        found.append("Chưa chọn cơ quan ký; thể thức khai ở trang Giấy tờ.")
    return found


def letterhead_of(draft: DecisionDraft) -> Letterhead | None:
    return letterhead_on(draft.unit, draft.suffix, draft.decided_on or today())


def _standing(draft: DecisionDraft, lines: list[DraftLine]) -> dict[int, Recognition]:
    """registration id -> its recognition that stands at the level already (one query)."""
    rows = [line.dossier.registration_id for line in lines if line.dossier and line.verdict == Verdict.RECOGNISE]
    there = Recognition.objects.filter(registration__in=rows, level=draft.level, revoked_on__isnull=True)
    return {one.registration_id: one for one in there.select_related("decision")}


def _recognise_problems(dossier: Dossier, name: str, reason: str, standing: Mapping[int, Recognition]) -> list[str]:
    found = []
    if dossier.registration.withdrawn_on:
        found.append(f"“{name}”: đăng ký đã rút ngày {write_day(dossier.registration.withdrawn_on)}.")
    there = standing.get(dossier.registration_id)
    if there:
        found.append(f"“{name}” đã được công nhận ở cấp này trong năm thi đua, theo Quyết định số {there.decision}.")
    ballot = getattr(dossier, "ballot", None)
    if ballot and not ballot.passed and not reason:
        found.append(f"“{name}”: hội đồng không thông qua ({ballot}); công nhận thì phải ghi lý do.")
    return found
