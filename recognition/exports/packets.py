"""The papers of a packet: tờ trình, biên bản of the unit's own meeting, biểu tổng hợp, each over all dossiers of the packet."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from common.dates import today, write_day
from common.numbers import write_number
from models_registry.models import Field, Registration
from models_registry.selectors import newest_measures
from organisation.selectors.units import unit_on
from papers.enums import Symbol
from papers.exports import number_text, write_paper
from papers.models import PaperNumber
from papers.selectors import head_of
from recognition.enums import DossierState, PaperKind
from recognition.exports import forms
from recognition.exports.values import by_subject, grounds, model_row, of_round
from recognition.models import BallotResult, Dossier, Packet
from recognition.selectors.facts import honours_of
from recognition.selectors.packets import votes_of

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_DOTS = "...../...../........"


def listed_dossiers(packet: Packet) -> list[Dossier]:
    """The dossiers of a packet that were not taken back, in the order of their numbers."""
    mine = packet.dossiers.exclude(state=DossierState.WITHDRAWN)
    return list(mine.select_related("registration__field", "registration__unit", "registration__place").order_by("number"))


def write_proposal(packet: Packet) -> bytes:
    """The unit's tờ trình."""
    round_, dossiers = packet.round, listed_dossiers(packet)
    day = packet.proposal_number.dated_on if packet.proposal_number else None
    scores = _lower_scores(packet, dossiers)
    places = {one.registration.place_id or one.registration.unit_id for one in dossiers}
    proposer, recipient = unit_on(packet.unit, today()).name, _recipient(packet)
    words = (
        f"{proposer} đề nghị {recipient} xét công nhận {len(dossiers)} mô hình “Dân vận khéo” "
        f"{round_.level_names.honour} năm {round_.season}{by_subject(one.registration for one in dossiers)}, "
        f"của {len(places)} địa bàn, đơn vị:"
    )
    listed = [
        model_row(n, one.registration, one.proposer, diem=scores.get(one.registration_id, ""), ghi_chu=one.reason)
        for n, one in enumerate(dossiers, start=1)
    ]
    values = of_round(round_, proposer) | {
        "kinh_trinh": recipient,
        "can_cu": grounds(round_.basis, "Căn cứ"),
        "loi_trinh": words,
        "so_de_nghi": str(len(dossiers)),
        "danh_sach": listed,
    }
    number = packet.proposal_number.number if packet.proposal_number else None
    head = head_of(packet.unit, day or today(), packet.suffix)
    return write_paper(forms.PROPOSAL, values, letterhead=head, day=day, number=number, on=day or today(), unit=packet.unit)


def _recipient(packet: Packet) -> str:
    if packet.unit_id == packet.round.unit_id:  # nobody submits to themselves: such a body has its council judge its own
        return f"Hội đồng xét công nhận của {packet.round.unit_name}"
    return packet.round.unit_name


def _lower_scores(packet: Packet, dossiers: Iterable[Dossier]) -> dict[int, str]:
    """registration id -> the score that a lower council gave it this season."""
    ids = [one.registration_id for one in dossiers]
    found = BallotResult.objects.filter(dossier__registration__in=ids, dossier__level__rank__lt=packet.round.level.rank)
    return {pk: write_number(score) for pk, score in found.values_list("dossier__registration", "score") if score is not None}


def write_summary(packet: Packet) -> bytes:
    """The unit's biểu tổng hợp, by field."""
    dossiers = listed_dossiers(packet)
    proposer = unit_on(packet.unit, today()).name
    honours = _honours([one.registration for one in dossiers])
    groups, number = [], 0
    for place, field in enumerate(Field.objects.all()):
        rows = []
        for one in (d for d in dossiers if d.registration.field_id == field.pk):
            number += 1
            done = honours.get(one.registration_id, "")
            row = model_row(number, one.registration, one.proposer, ket_qua=_result(one), da_cong_nhan=done, ghi_chu=one.reason)
            rows.append(row)
        groups.append({"ten": f"{_NUMERALS[place] if place < 10 else place + 1}. Lĩnh vực {field.name.lower()}", "dong": rows})
    day = packet.proposal_number.dated_on if packet.proposal_number else None
    head = head_of(packet.unit, day or today(), packet.suffix)
    with_number = number_text(head, Symbol.PROPOSAL, packet.proposal_number.number if packet.proposal_number else None)
    values = of_round(packet.round, proposer) | {
        "kem_theo": f"(kèm theo Tờ trình số {with_number}, ngày {write_day(day) if day else _DOTS} của {head.body_name})",
        "nhom": groups,
        "tong_cong": f"Tổng cộng: {len(dossiers)} mô hình{by_subject(one.registration for one in dossiers)}.",
    }
    return write_paper(forms.SUMMARY, values, letterhead=head, day=day, on=day or today(), unit=packet.unit)


def _result(dossier: Dossier) -> str:
    last = next(iter(newest_measures(dossier.registration)[:1]), None)
    measured = f"{last.what}: {last.qualifier} {last} (đến {write_day(last.as_of)})".replace(":  ", ": ") if last else ""
    text = dossier.summary or dossier.registration.content
    return ". ".join(part for part in (measured, text[:300] + ("…" if len(text) > 300 else "")) if part)


def _honours(rows: list[Registration]) -> dict[int, str]:
    """registration id -> 'Cấp tỉnh 2022; Cấp tỉnh 2023' of the model's standing recognitions."""
    models = {row.model_id: row.pk for row in rows}
    ids = dict(Registration.objects.filter(model__in=models).values_list("pk", "model_id"))
    said: dict[int, list[str]] = {}
    for one in honours_of(ids).filter(revoked_on__isnull=True).select_related("decision__level", "registration__season"):
        said.setdefault(models[ids[one.registration_id]], []).append(
            f"{one.decision.level_names.honour_name} {one.registration.season}"
        )
    return {pk: "; ".join(sorted(set(words))) for pk, words in said.items()}


def write_minutes(packet: Packet) -> bytes:
    """The minutes of the meeting in which the unit chose what to propose; what is not written down yet is dots."""
    dossiers = listed_dossiers(packet)
    proposer, day = unit_on(packet.unit, today()).name, packet.met_on
    votes = votes_of(packet, dossiers)
    rows = []
    for n, one in enumerate(dossiers, start=1):
        known = votes.get(one.pk)
        said = {"tan_thanh": f"{known.in_favour}/{known.voters}", "ty_le": f"{known.percent}%"} if known else {}
        rows.append(model_row(n, one.registration, one.proposer, **{"tan_thanh": "…/…", "ty_le": "…"} | said))
    values = of_round(packet.round, proposer) | {
        "ngay_hop": write_day(day) if day else _DOTS,
        "dia_diem": packet.met_at or "................",
        "co_mat": f"{packet.present}/{packet.members}" if packet.members else "...../.....",
        "ket_qua": rows,
        "ket_luan": f"Hội nghị thống nhất đề nghị {_recipient(packet)} xét công nhận {len(dossiers)} mô hình “Dân vận khéo” "
        f"{packet.round.level_names.honour} năm {packet.round.season}{by_subject(one.registration for one in dossiers)}.",
        "thu_ky": packet.secretary,
        "chu_tri": packet.chair,
    }
    number: PaperNumber | None = packet.minutes_number
    on: date = (number.dated_on if number else day) or today()
    return write_paper(
        forms.UNIT_MINUTES,
        values,
        letterhead=head_of(packet.unit, on, packet.suffix),
        day=number.dated_on if number else day,
        number=number.number if number else None,
        on=on,
        unit=packet.unit,
    )


WRITERS: Mapping[PaperKind, tuple[str, Callable[[Packet], bytes]]] = {
    PaperKind.PROPOSAL: ("to-trinh", write_proposal),
    PaperKind.MINUTES: ("bien-ban", write_minutes),
    PaperKind.SUMMARY: ("bieu-tong-hop", write_summary),
}
"""The common papers: the beginning of the file's name, and what writes it."""
