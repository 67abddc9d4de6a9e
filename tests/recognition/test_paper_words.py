"""Words of the council's papers that only odd results bring: why a dossier fails, who stood aside."""

import io
from decimal import Decimal
from typing import Any

import pytest
from docx import Document

from recognition.exports.scores import result_words
from recognition.exports.values import write_minutes
from recognition.models import Dossier
from recognition.selectors.scoring import Standing
from recognition.services import close_voting, conclude, declare_conflict, open_voting
from tests.online import person
from tests.rounds import DISTRICT_STAFF, JUDGES, vote


@pytest.mark.parametrize(
    "scores, words",
    [
        ({}, "Chưa có điểm"),
        ({"official": Decimal(90), "knocked_out": ["Hiệu quả"]}, "Loại: Hiệu quả"),
        ({"official": Decimal("69.5"), "minimum": Decimal(70)}, "Dưới mức 70"),
        ({"official": Decimal(90), "low": ["Hiệu quả", "Lan tỏa"]}, "Dưới mức tối thiểu: Hiệu quả, Lan tỏa"),
        ({"official": Decimal(90), "band": "Tốt"}, "Đạt mức đề nghị, tốt"),
        ({"official": Decimal(90)}, "Đạt mức đề nghị"),
    ],
)
def test_the_summary_says_why_a_dossier_fails(scores: dict[str, Any], words: str) -> None:
    assert result_words(Standing(Dossier(), **scores)) == words


@pytest.mark.django_db
@pytest.mark.usefixtures("media", "meeting_day")
@pytest.mark.stage("meeting")
def test_the_minutes_name_who_stood_aside_from_what_and_why(stage: Any) -> None:
    (round_, dossiers) = stage
    for dossier in dossiers:
        declare_conflict(round_id=round_.pk, dossier_id=dossier.pk, reason="Em ruột làm mô hình", actor=person(JUDGES[2]))
    open_voting(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    for judge in JUDGES[:2]:
        vote(round_, judge, dict.fromkeys(dossiers, "for"))
    close_voting(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    conclude(round_id=round_.pk, words="Thống nhất.", actor=person(DISTRICT_STAFF))
    document = Document(io.BytesIO(write_minutes(round_, "")))
    lines = [paragraph.text for paragraph in document.paragraphs if "Thành viên hội đồng 3" in paragraph.text]
    assert lines == ["Đứng ngoài, không tính vào số biểu quyết: Thành viên hội đồng 3 (Em ruột làm mô hình), hồ sơ 1, 2."]
