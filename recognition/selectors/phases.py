"""What a round needs before its next phase, what going on would lose, what stands on the phase that it is in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from common.dates import today, write_day
from recognition.enums import DossierState, DraftState, MeetingState, Phase, Purpose, SheetKind, SheetState, Verdict
from recognition.models import (
    Appeal,
    DecisionDraft,
    Dossier,
    DraftLine,
    Meeting,
    RecognitionRound,
    RoundStep,
    ScoreChange,
    ScoreSheet,
    SecondLook,
)
from recognition.selectors.council import progress_of
from recognition.selectors.decisions import appeal_until, undecided
from recognition.selectors.rounds import silent_units
from recognition.transitions import NEXT_PHASE


@dataclass(frozen=True)
class Blocker:
    """One thing that waits before the next phase. `stops`: there is no going on; else `sheets` of it would count as absent, or
    nothing but what the words say is lost.
    """

    key: str
    words: str
    stops: bool = True
    sheets: int = 0
    count: int = 0


def blockers_of(round_: RecognitionRound) -> list[Blocker]:
    """What the next phase waits for, in the order in which it is told. A fixed number of queries."""
    following = NEXT_PHASE.get(Phase(round_.phase))
    return _BEFORE[following](round_) if following else []


def next_offered(round_: RecognitionRound) -> Phase | None:
    """The next phase, to be offered on a page: the end only once nothing runs any more."""
    following = NEXT_PHASE.get(Phase(round_.phase))
    if following == Phase.CLOSED and any(one.stops for one in blockers_of(round_)):
        return None
    return following


def _before_proposing(round_: RecognitionRound) -> list[Blocker]:
    found = []
    if today() > round_.propose_until:
        found.append(Blocker("over", "Hạn nhận đề nghị đã qua. Xin sửa ngày, hoặc lập đợt khác."))
    if not round_.members.filter(removed_at__isnull=True).exists():
        found.append(Blocker("no-council", "Hội đồng chưa có thành viên nào.", stops=False))
    return found


def _before_scoring(round_: RecognitionRound) -> list[Blocker]:
    found = _waiting(round_)
    counted = dict(Dossier.objects.filter(round=round_).order_by().values_list("state").annotate(n=Count("pk")))
    if not counted.get(DossierState.COMPLETE):
        found.append(Blocker("none", "Chưa có hồ sơ nào đủ giấy tờ để thẩm định."))
    if not round_.members.filter(removed_at__isnull=True).exists():
        found.append(Blocker("no-council", "Hội đồng chưa có thành viên nào."))
    found += _unassigned(round_)
    units, silent = silent_units(round_)
    if silent:
        named = ", ".join(one.name for one in silent[:3]) + (f" và {len(silent) - 3} nơi nữa" if len(silent) > 3 else "")
        found.append(Blocker("silent", f"{len(silent)}/{len(units)} đơn vị chưa đề nghị: {named}.", False, count=len(silent)))
    if begun := counted.get(DossierState.PREPARING):
        found.append(Blocker("begun", f"{begun} hồ sơ đơn vị đã lập mà chưa gửi.", False, count=begun))
    return found


def _waiting(round_: RecognitionRound) -> list[Blocker]:
    number = Dossier.objects.filter(round=round_, state__in=[DossierState.SENT, DossierState.RETURNED]).count()
    words = f"Còn {number} hồ sơ chờ xem hoặc đang bổ sung. Xin nhận đủ, hoặc để đơn vị rút."
    return [Blocker("waiting", words, count=number)] if number else []


def _unassigned(round_: RecognitionRound) -> list[Blocker]:
    number = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE, assignments__isnull=True).count()
    return [Blocker("unassigned", f"Còn {number} hồ sơ chưa phân công cho ai chấm.", count=number)] if number else []


def _before_joint(round_: RecognitionRound) -> list[Blocker]:
    found = [*_waiting(round_), *_unassigned(round_)]
    late = [one for one in progress_of(round_) if one.left and one.member.sits_on(today())]
    if not late:
        return found
    named = ", ".join(f"{one.member} ({one.left})" for one in late)
    sheets = sum(one.left for one in late)
    handed_in = Count("sheets", filter=Q(sheets__kind=SheetKind.MEMBER, sheets__state=SheetState.SENT))
    judged = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).annotate(handed_in=handed_in)
    words = f"Còn {sheets} phiếu chưa nộp, của {len(late)} thành viên: {named}. Xin nhắc, hoặc ghi vắng có lý do."
    found.append(Blocker("sheets", words, stops=False, sheets=sheets, count=len(late)))
    if bare := list(judged.filter(handed_in=0).order_by("number").values_list("number", flat=True)):
        said = ", ".join(str(number) for number in bare)
        found.append(Blocker("bare", f"Hồ sơ {said} chưa có phiếu nào.", count=len(bare)))
    return found


def _before_meeting(round_: RecognitionRound) -> list[Blocker]:
    begun = Q(kind=SheetKind.MEMBER, state=SheetState.DRAFT, sent_at__isnull=False, member__removed_at__isnull=True)
    open_ones = ScoreSheet.objects.filter(begun, dossier__round=round_, dossier__state=DossierState.COMPLETE)
    named = [f"{sheet.member}, hồ sơ {sheet.dossier.number}" for sheet in open_ones.select_related("member", "dossier")]
    found = [Blocker("reopened", f"Còn phiếu mở lại chưa nộp: {'; '.join(named)}.", count=len(named))] if named else []
    looks = SecondLook.objects.filter(sheet__dossier__round=round_, answered_at__isnull=True, sheet__state=SheetState.SENT)
    asked = [
        f"{one.sheet.member}, hồ sơ {one.sheet.dossier.number}" for one in looks.select_related("sheet__member", "sheet__dossier")
    ]
    if asked:
        words = f"{len(asked)} đề nghị xem lại điểm chưa trả lời: {'; '.join(asked)}. Sang bước sau thì không trả lời được nữa."
        found.append(Blocker("looks", words, stops=False, count=len(asked)))
    return found


def _before_deciding(round_: RecognitionRound) -> list[Blocker]:
    if Meeting.objects.filter(round=round_, state=MeetingState.CLOSED).exists():
        return []
    return [Blocker("not-voted", "Hội đồng chưa biểu quyết xong.")]


def _before_the_end(round_: RecognitionRound) -> list[Blocker]:
    found = []
    if left := undecided(round_).count():
        found.append(Blocker("undecided", f"Còn {left} hồ sơ chưa có quyết định.", count=left))
    if open_ones := Appeal.objects.filter(line__draft__round=round_, answered_on__isnull=True).count():
        found.append(Blocker("appeals", "Còn kiến nghị của đơn vị chưa trả lời.", count=open_ones))
    drafts = DecisionDraft.objects.filter(round=round_, purpose=Purpose.RECOGNISE).exclude(state=DraftState.PUBLISHED)
    if number := drafts.count():
        words = "Còn dự thảo quyết định chưa ban hành. Xin ban hành hoặc bỏ dự thảo."
        found.append(Blocker("drafts", words, count=number))
    until = _appeals_run_until(round_)
    if until and today() <= until:
        found.append(Blocker("may-appeal", f"Đơn vị còn được kiến nghị đến hết ngày {write_day(until)}."))
    return found


def _appeals_run_until(round_: RecognitionRound) -> date | None:
    refusals = DraftLine.objects.filter(draft__round=round_, draft__state=DraftState.PUBLISHED, verdict=Verdict.REFUSE)
    open_ones = refusals.exclude(dossier__in=Appeal.objects.values("line__dossier"))
    return max((appeal_until(one) for one in open_ones.select_related("draft__decision", "draft__round")), default=None)


_BEFORE: dict[Phase, Callable[[RecognitionRound], list[Blocker]]] = {
    Phase.PROPOSING: _before_proposing,
    Phase.SCORING: _before_scoring,
    Phase.JOINT: _before_joint,
    Phase.MEETING: _before_meeting,
    Phase.DECIDING: _before_deciding,
    Phase.CLOSED: _before_the_end,
}


def stands_on(round_: RecognitionRound) -> str:
    """What was done in the phase that the round is in and would no longer be true if the one before it opened again; '' for
    nothing. The one rule of going back.
    """
    rule = _STANDS.get(Phase(round_.phase))
    return rule(round_) if rule else ""


def _on_proposing(round_: RecognitionRound) -> str:
    number = Dossier.objects.filter(round=round_).count()
    return f"{number} hồ sơ đã lập theo bộ tiêu chí, giấy tờ như hiện có." if number else ""


def _on_scoring(round_: RecognitionRound) -> str:
    done = ScoreSheet.objects.filter(kind=SheetKind.MEMBER, dossier__round=round_, state__in=[SheetState.SENT, SheetState.ABSENT])
    number = done.count()
    said = (
        f"{number} phiếu đã nộp hoặc ghi vắng trên danh sách hồ sơ như hiện có. Cần thêm thời gian cho một đơn vị, dùng gia hạn."
    )
    return said if number else ""


def _on_joint(round_: RecognitionRound) -> str:
    changed = ScoreChange.objects.filter(score__sheet__dossier__round=round_).values("score").distinct().count()
    if changed:
        return f"{changed} điểm đã sửa khi đối chiếu."
    if number := SecondLook.objects.filter(sheet__dossier__round=round_).count():
        return f"{number} đề nghị xem lại điểm đã gửi."
    if ScoreSheet.objects.filter(kind=SheetKind.OFFICIAL, dossier__round=round_).exists():
        return "đã có điểm chính thức của hội đồng."
    return ""


def _on_meeting(round_: RecognitionRound) -> str:
    begun = Meeting.objects.filter(round=round_).exclude(state=MeetingState.PREPARING).exists()
    return "hội đồng đã mở biểu quyết trên điểm như hiện có." if begun else ""


def _on_deciding(round_: RecognitionRound) -> str:
    drafts = DecisionDraft.objects.filter(round=round_)
    return "đã có dự thảo quyết định theo kết quả họp; bỏ dự thảo trước." if drafts.exists() else ""


_STANDS = {
    Phase.PROPOSING: _on_proposing,
    Phase.SCORING: _on_scoring,
    Phase.JOINT: _on_joint,
    Phase.MEETING: _on_meeting,
    Phase.DECIDING: _on_deciding,
}


def last_step(round_: RecognitionRound) -> RoundStep | None:
    """The step that led into the phase of now; none of a round that was opened before steps were kept."""
    step = RoundStep.objects.filter(round=round_).last()
    return step if step and step.target == round_.phase else None
