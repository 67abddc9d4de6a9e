"""The letters with which models are introduced to the centre, and taken back from there."""

from collections.abc import Sequence
from datetime import date

from papers.exports import write_paper
from papers.selectors import head_of
from recognition.exports import decision_forms as forms
from recognition.exports.values import by_subject, model_row
from recognition.models import Decision, Recognition
from recognition.models.dossiers import Proposer


def write_letter(decision: Decision, chosen: Sequence[Recognition], *, day: date, said: str, is_back: bool) -> bytes:
    """The letter over the chosen models, as Word; its number is written by hand."""
    rows, head = [one.registration for one in chosen], head_of(decision.issuer, day)
    named = f"{len(rows)} mô hình “Dân vận khéo”{by_subject(rows)} được công nhận tại Quyết định số {decision.number}"
    if is_back:
        words = f"{head.body_name} rút giới thiệu với Trung ương {named}. Lý do: {said.strip(' .') or '.....'}."
    else:
        words = (
            f"{head.body_name} trân trọng giới thiệu với Trung ương {named}{f', {said.strip()}' if said.strip() else ''}, gồm:"
        )
    listed = [
        model_row(n, one.registration, Proposer.of(one.registration, decision.issuer_id), ten=one.title, nguoi=one.subject)
        for n, one in enumerate(chosen, start=1)
    ]
    values = {
        "nam": str(rows[0].season),
        "dot": said,
        "cap": decision.level_names.honour,
        "don_vi": head.body_name,
        "loi": words,
        "danh_sach": listed,
    }
    form = forms.CENTRAL_BACK if is_back else forms.CENTRAL
    return write_paper(form, values, letterhead=head, day=day, on=day, unit=decision.issuer)
