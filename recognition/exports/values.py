"""What the papers of a round are filled with. Every number in the prose is computed here."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from common.dates import today, write_day
from common.numbers import write_number
from common.text import quoted
from models_registry.models import Registration
from organisation.models import Membership
from organisation.selectors.units import versions_on
from papers.enums import Layout
from papers.exports import filled_values, number_text, write_paper
from papers.kinds import PaperForm
from papers.models import Letterhead
from papers.selectors import head_of
from recognition.enums import Ballot, Purpose, Share, Verdict
from recognition.exports import decision_forms, forms
from recognition.models import BallotResult, CouncilMember, DecisionDraft, DraftLine, Meeting, RecognitionRound
from recognition.models.dossiers import Proposer
from recognition.selectors.meetings import attendances, results_of


def of_round(round_: RecognitionRound, unit_name: str) -> dict[str, Any]:
    return {
        "nam": str(round_.season),
        "dot": str(round_),
        "cap": round_.level_names.honour,
        "don_vi": unit_name,
    }


def model_row(number: int, row: Registration, proposer: Proposer, **more: Any) -> dict[str, Any]:
    return {
        "tt": str(number),
        "ten": row.title,
        "nguoi": row.subject,
        "don_vi": str(proposer),
        "linh_vuc": row.field.short_name if row.field else "",
        "loai": row.get_subject_kind_display(),
        "diem": "",
        "ghi_chu": "",
    } | more


def by_subject(rows: Iterable[Registration]) -> str:
    """' (20 tập thể, 2 cá nhân)'; nothing where there is none at all."""
    kinds = [row.subject_kind for row in rows]
    parts = [(kinds.count("collective"), "tập thể"), (kinds.count("individual"), "cá nhân")]
    said = ", ".join(f"{number} {name}" for number, name in parts if number)
    return f" ({said})" if said else ""


_BEGINNINGS = ("căn cứ", "xét", "thực hiện", "thi hành", "theo")


def grounds(text: str, begins: str) -> list[dict[str, str]]:
    """Lines of grounds: each begins as offices begin them and ends with a semicolon."""
    found = []
    for line in (one.strip(" ;.") for one in text.splitlines()):
        if line:
            found.append({"dong": f"{_begun(line, begins)};"})
    return found


def _begun(line: str, begins: str) -> str:
    """The line with its beginning, no word of which stands twice: 'Đề nghị của Hội đồng' after 'Xét đề nghị của'."""
    if line.lower().startswith(_BEGINNINGS):
        return line
    first, _, rest = begins.partition(" ")
    return f"{first} {line[0].lower()}{line[1:]}" if rest and line.lower().startswith(rest) else f"{begins} {line}"


def write_minutes(round_: RecognitionRound, suffix: str = "") -> bytes:
    """The minutes of a round's meeting: who was there, votes in figures and percent, who stood aside, the conclusion."""
    meeting = Meeting.objects.get(round=round_)
    meeting.round = round_
    people, results = attendances(meeting), results_of(meeting)
    works = _works_at([one.member for one in people], meeting.held_on)
    present = [one for one in people if one.is_present]
    passed = sum(one.passed for one in results)
    values = of_round(round_, round_.unit_name) | {
        "ngay_hop": write_day(meeting.held_on),
        "dia_diem": meeting.place or "(chưa ghi)",
        "hinh_thuc": meeting.get_way_display().lower(),
        "co_mat": f"{len(present)}/{len(people)}",
        "thanh_phan": [
            {
                "tt": str(n),
                "ten": one.name,
                "chuc_danh": one.get_task_display(),
                "don_vi": works.get(one.member.user_id, ""),
                "co_mat": "x" if one.is_present else "",
            }
            for n, one in enumerate(people, start=1)
        ],
        "vang_mat": [{"ten": one.name, "ly_do": one.why or "không ghi"} for one in people if not one.is_present],
        "cach_bieu_quyet": f"Hội đồng {Ballot(meeting.ballot).label.lower()}; thông qua khi {Share(meeting.needed).label} số người "
        "được biểu quyết tán thành.",
        "ket_qua": [
            model_row(
                n,
                one.dossier.registration,
                one.dossier.proposer,
                diem=write_number(one.score),
                tan_thanh=str(one),
                ty_le=f"{one.percent}%",
                ket_luan="Thông qua" if one.passed else "Không thông qua",
            )
            for n, one in enumerate(results, start=1)
        ],
        "tong_ket": f"Đưa ra biểu quyết {len(results)} mô hình, thông qua {passed}, không thông qua {len(results) - passed}.",
        "kiem_phieu": _box_counts(meeting, results),
        "dung_ngoai": _stood_aside(results),
        "ket_luan": [{"dong": line} for line in meeting.conclusion.splitlines() if line.strip()] or [{"dong": "(Chưa ghi)"}],
        "thu_ky": _named(people, "secretary"),
        "chu_tri": _named(people, "chair") or _named(people, "deputy"),
    }
    head = head_of(round_.unit, meeting.held_on, suffix)
    return write_paper(forms.MINUTES, values, letterhead=head, day=meeting.held_on, on=meeting.held_on, unit=round_.unit)


def _works_at(members: list[CouncilMember], day: date) -> dict[int, str]:
    held = Membership.objects.confirmed().filter(user__in=[one.user_id for one in members], starts_on__lte=day)
    units = dict(held.order_by("starts_on").values_list("user_id", "unit_id"))
    names = versions_on(units.values(), day)
    return {user: names[unit].name for user, unit in units.items()}


def _box_counts(meeting: Meeting, results: list[BallotResult]) -> list[dict[str, str]]:
    """The count of a secret ballot: dossiers of the same count share a line."""
    if meeting.ballot != Ballot.SECRET:
        return []
    found: dict[tuple[int, int, int, int], list[int]] = {}
    for one in results:
        found.setdefault((one.voters, one.in_favour, one.against, one.blank), []).append(one.dossier.number or 0)
    return [
        {
            "dong": f"Kiểm phiếu hồ sơ {number_ranges(numbers)}: phát ra {voters}, thu về {given}, hợp lệ {given}, tán thành "
            f"{in_favour}, không tán thành {against}, không có ý kiến {blank}."
        }
        for (voters, in_favour, against, blank), numbers in found.items()
        for given in [in_favour + against + blank]
    ]


def number_ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, three and more in a row as “5-22”: '1, 2, 5-22'."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _stood_aside(results: list[BallotResult]) -> list[dict[str, str]]:
    found: dict[tuple[str, str], list[int]] = {}
    for one in results:
        for who in one.aside:
            found.setdefault((who["name"], who["why"]), []).append(one.dossier.number or 0)
    return [{"ten": name, "ly_do": why, "ho_so": number_ranges(numbers)} for (name, why), numbers in found.items()]


def _named(people: list[Any], task: str) -> str:
    return next((one.name for one in people if one.is_present and one.task == task), "")


_FORMS: Mapping[str, PaperForm] = {
    Purpose.RECOGNISE: decision_forms.DECISION,
    Purpose.WITHDRAW: decision_forms.WITHDRAWAL,
    Purpose.CORRECT: decision_forms.CORRECTION,
    Purpose.COMMEND: decision_forms.COMMENDATION,
    Purpose.GRADE: decision_forms.GRADING,
    Purpose.UNGRADE: decision_forms.UNGRADING,
}
_ACTS = {Verdict.RECOGNISE, Verdict.REVOKE, Verdict.RETITLE, Verdict.COMMEND, Verdict.GRADE, Verdict.UNGRADE}


def write_decision(draft: DecisionDraft, head: Letterhead) -> bytes:
    """A decision with its list, as it is now; without a number it has dots."""
    form, on = form_of(draft), draft.decided_on or today()
    values = _decision_values(draft, head)
    return write_paper(form, values, letterhead=head, day=draft.decided_on, number=draft.number, on=on, unit=draft.unit)


def form_of(draft: DecisionDraft) -> PaperForm:
    return _FORMS[draft.purpose]


def decision_preview(draft: DecisionDraft, head: Letterhead) -> dict[str, Any]:
    """What the first page of the Word file says, for a page on the screen."""
    form = form_of(draft)
    values = filled_values(form, _decision_values(draft, head), letterhead=head, day=draft.decided_on, number=draft.number)
    abstract = re.sub(r"{{ (\w+) }}", lambda found: str(values[found[1]]), form.abstract)
    return values | {"loai": form.title, "trich_yeu": abstract, "la_dang": head.layout == Layout.PARTY}


def _decision_values(draft: DecisionDraft, head: Letterhead) -> dict[str, Any]:
    lines = [one for one in _lines_of(draft) if one.verdict in _ACTS]
    rows = [(_row(one), one) for one in lines]
    groups: dict[str, list[dict[str, Any]]] = {"collective": [], "individual": []}
    for row, one in rows:
        kind = one.commendation.recipient_kind if one.commendation else row.subject_kind
        group = groups.get(kind, groups["collective"])
        group.append(
            model_row(
                len(group) + 1,
                row,
                one.dossier.proposer if one.dossier else Proposer.of(row, draft.unit_id),
                ten=_title(one, row),
                nguoi=one.subject or row.subject,
                diem=_score(one),
                ghi_chu=one.reason,
            )
        )
    season = draft.round.season if draft.round else rows[0][0].season if rows else ""
    number = number_text(head, "QĐ", draft.number)
    day = write_day(draft.decided_on) if draft.decided_on else "...../...../........"
    return {
        "nam": str(season),
        "dot": str(draft.round or ""),
        "cap": draft.level_names.honour,
        "muc": ", ".join(_grades(lines)),
        "don_vi": head.body_name,
        "can_cu": grounds(draft.grounds, "Căn cứ"),
        "xet": grounds(draft.request, "Xét đề nghị của"),
        "xet_de_nghi": draft.request,
        "dieu_1": _first_article(draft, rows, str(season)),
        "dieu_2": draft.benefits or "Các tập thể, cá nhân có tên tại Điều 1 thực hiện theo quy định.",
        "dieu_3": draft.duties,
        "kem_theo": f"(kèm theo Quyết định số {number}, ngày {day} của {head.body_name})",
        "so_mo_hinh": str(len(rows)),
        "so_tap_the": str(len(groups["collective"])),
        "so_ca_nhan": str(len(groups["individual"])),
        "tap_the": groups["collective"],
        "ca_nhan": groups["individual"],
    }


def _lines_of(draft: DecisionDraft) -> list[DraftLine]:
    return list(
        draft.lines.select_related(
            "grade",
            "dossier__registration__field",
            "dossier__registration__season",
            "dossier__ballot",
            "recognition__registration__field",
            "recognition__registration__season",
            "commendation__recognition__registration__season",
            "commendation__recognition__registration__field",
        )
    )


def _row(line: DraftLine) -> Registration:
    held = line.recognition or (line.commendation.recognition if line.commendation else None)
    found = line.dossier.registration if line.dossier else held.registration if held else None
    assert found is not None
    return found


def _title(line: DraftLine, row: Registration) -> str:
    if line.verdict == Verdict.RETITLE and line.recognition:
        return (
            f"{quoted(line.recognition.title)} nay ghi đúng là {quoted(line.title)}"
            if line.title != line.recognition.title
            else line.title
        )
    held = line.recognition or (line.commendation.recognition if line.commendation else None)
    title = line.title or (held.title if held else row.title)
    return f"{title} ({line.grade})" if line.grade else title


def _score(line: DraftLine) -> str:
    ballot = getattr(line.dossier, "ballot", None) if line.dossier else None
    return write_number(ballot.score) if ballot else ""


def _grades(lines: Iterable[DraftLine]) -> list[str]:
    return list(dict.fromkeys(one.grade.name for one in lines if one.grade))


def _graded(rows: list[tuple[Registration, DraftLine]]) -> str:
    """', trong đó 55 mô hình tiêu biểu (29 tập thể, 26 cá nhân)'; nothing where no grade is given."""
    parts = []
    for name in _grades(line for _, line in rows):
        named = [row for row, line in rows if line.grade and line.grade.name == name]
        parts.append(f"{len(named)} mô hình {name}{by_subject(named)}")
    return f", trong đó {', '.join(parts)}" if parts else ""


def _graded_article(draft: DecisionDraft, rows: list[tuple[Registration, DraftLine]], season: str, named: str) -> str:
    chosen = f"{len(rows)} mô hình “Dân vận khéo” {draft.level_names.honour} năm {season}{by_subject(row for row, _ in rows)}"
    if draft.purpose == Purpose.GRADE:
        given = _graded(rows).removeprefix(", trong đó ")
        return f"Ghi mức cho {chosen} trong số đã công nhận {named}: {given}, có danh sách kèm theo."
    taken = ", ".join(_grades(line for _, line in rows))
    return f"Thu hồi mức {taken} của {chosen}, đã ghi {named}; công nhận giữ nguyên, có danh sách kèm theo."


def _first_article(draft: DecisionDraft, rows: list[tuple[Registration, DraftLine]], season: str) -> str:
    number, split = len(rows), by_subject(row for row, _ in rows)
    level = draft.level_names.honour
    if draft.purpose == Purpose.RECOGNISE and not number:
        refused = draft.lines.filter(verdict=Verdict.REFUSE).count()
        return f"Không công nhận {refused} mô hình “Dân vận khéo” {level} năm {season}; lý do thông báo đến từng đơn vị."
    if draft.purpose == Purpose.RECOGNISE:
        return f"Công nhận {number} mô hình “Dân vận khéo” {level} năm {season}{split}{_graded(rows)}, có danh sách kèm theo."
    named = f"tại Quyết định số {draft.amends}, ngày {write_day(draft.amends.decided_on)}" if draft.amends else ""
    if draft.purpose == Purpose.WITHDRAW:
        return f"Thu hồi công nhận {number} mô hình “Dân vận khéo” {level} năm {season}{split} {named}, có danh sách kèm theo."
    if draft.purpose in (Purpose.GRADE, Purpose.UNGRADE):
        return _graded_article(draft, rows, season, named)
    if draft.purpose == Purpose.CORRECT:
        return f"Đính chính {number} mô hình “Dân vận khéo” {level} năm {season} {named}, có danh sách kèm theo."
    awards: dict[str, int] = {}
    for line in draft.lines.filter(verdict=Verdict.COMMEND).select_related("commendation"):
        name = line.commendation.get_award_display().lower() if line.commendation else "khen"
        awards[name] = awards.get(name, 0) + 1
    said = ", ".join(f"{name} cho {count} tập thể, cá nhân" for name, count in sorted(awards.items()))
    return f"Tặng {said} có mô hình “Dân vận khéo” năm {season}, có danh sách kèm theo."
