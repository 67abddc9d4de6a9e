"""Score sheets and their summary as Word (columns: those seen in use, papers.md)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from common.dates import VIETNAM, today, write_day
from common.numbers import write_number
from papers.exports import write_paper
from papers.selectors import head_of
from recognition.enums import CouncilTask
from recognition.exports import forms
from recognition.exports.values import model_row, of_round
from recognition.models import CouncilMember, RecognitionRound, ScoreSheet
from recognition.selectors.scoring import Standing


def write_sheets(round_: RecognitionRound, sheets: Iterable[ScoreSheet], suffix: str = "") -> bytes:
    """One sheet a page, all in one file. `sheets` come with their scores, member and dossier."""
    minimums = {one.pk: one.minimum for one in round_.criteria.criteria.all()}
    values = of_round(round_, round_.unit_name) | {"phieu": [_sheet(n, one, round_, minimums) for n, one in enumerate(sheets, 1)]}
    head = head_of(round_.unit, today(), suffix)
    return write_paper(forms.SCORE_SHEETS, values, letterhead=head, day=None, on=today(), unit=round_.unit)


def _sheet(number: int, sheet: ScoreSheet, round_: RecognitionRound, minimums: dict[int, Decimal | None]) -> dict[str, Any]:
    scores, row = list(sheet.scores.all()), sheet.dossier.registration
    total = sum(((one.points or Decimal(0)) * one.weight for one in scores), Decimal(0))
    low = [one.name for one in scores if (least := minimums.get(one.criterion_id)) is not None and (one.points or 0) < least]
    least = round_.criteria.minimum_total
    verdict = "đạt mức đề nghị công nhận"
    if total < least or low:
        why = [f"tổng điểm dưới {write_number(least)}"] if total < least else []
        why += [f"dưới mức tối thiểu: {', '.join(low)}"] if low else []
        verdict = f"chưa đạt mức đề nghị công nhận ({'; '.join(why)})"
    return {
        "so": f"{number:02d}",
        "thanh_vien": sheet.member.name if sheet.member else "",
        "chuc_danh": sheet.member.get_task_display().lower() if sheet.member else "",
        "ngay": write_day(timezone.localtime(sheet.sent_at, VIETNAM).date()) if sheet.sent_at else "",
        "ma": str(sheet.dossier.number),
        "ten": row.title,
        "don_vi": str(sheet.dossier.proposer),
        "tong": write_number(total),
        "toi_da": write_number(sum((one.maximum * one.weight for one in scores), Decimal(0))),
        "ket_luan": verdict,
        "nhan_xet": sheet.remark or "(không ghi)",
        "tieu_chi": [
            {
                "tt": str(n),
                "ten": one.name,
                "toi_da": write_number(one.maximum),
                "diem": write_number(one.points),
                "nhan_xet": one.comment,
            }
            for n, one in enumerate(scores, 1)
        ],
    }


def result_words(one: Standing) -> str:
    """Whether a dossier reaches what a proposal needs; where not, why."""
    if one.score is None:
        return "Chưa có điểm"
    if one.knocked_out:
        return f"Loại: {', '.join(one.knocked_out)}"
    if one.is_under:
        return f"Dưới mức {write_number(one.minimum)}"
    if one.low:
        return f"Dưới mức tối thiểu: {', '.join(one.low)}"
    return f"Đạt mức đề nghị{f', {one.band.lower()}' if one.band else ''}"


def write_score_summary(
    round_: RecognitionRound, standings: list[Standing], members: Iterable[CouncilMember], suffix: str = ""
) -> bytes:
    """The dossiers by rank with sheets handed in, mean, highest and lowest total, and what that comes to."""
    seats = {one.task: one.name for one in members if one.removed_at is None}
    reached = sum(one.is_eligible for one in standings)
    rows = [
        model_row(
            n,
            one.dossier.registration,
            one.dossier.proposer,
            ma=str(one.dossier.number),
            so_phieu=f"{len(one.sheets)}/{one.given}",
            diem=write_number(one.mean),
            cao_nhat=write_number(one.highest),
            thap_nhat=write_number(one.lowest),
            ket_qua=result_words(one) + (f"; điểm chính thức {write_number(one.official)}" if one.official is not None else ""),
        )
        for n, one in enumerate(standings, 1)
    ]
    values = of_round(round_, round_.unit_name) | {
        "danh_sach": rows,
        "tong_ket": f"Tổng số {len(rows)} mô hình; {reached} mô hình đạt mức đề nghị công nhận.",
        "thu_ky": seats.get(CouncilTask.SECRETARY, ""),
        "chu_tri": seats.get(CouncilTask.CHAIR, seats.get(CouncilTask.DEPUTY, "")),
    }
    head = head_of(round_.unit, today(), suffix)
    return write_paper(forms.SCORE_SUMMARY, values, letterhead=head, day=None, on=today(), unit=round_.unit)
