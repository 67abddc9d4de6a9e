"""Words around figures that nobody types, and figures that papers print."""

import io
from typing import Any

import openpyxl
import pytest

from common import jobs
from common.exceptions import DomainError, NotAllowed
from models_registry.models import Registration, Season
from reports.exports.files import paper_of
from reports.selectors.reading import facts_in, written
from reports.services import (
    NewQuoted,
    StaleText,
    keep_quoted,
    rebuild_report,
    write_text,
)
from reports.validators import TextRefused
from tests.online import person
from tests.reporting import DAY, DISTRICT, LEADER, STAFF, built

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


def test_words_change_figures_do_not(season: Season, unit: Any) -> None:
    report = built(season, unit)
    first = written(report, facts_in(report))[0]
    text = "Đến {ngay} toàn tỉnh đăng ký {dang_ky} mô hình: {moi} mới, {duy_tri} duy trì."
    write_text(report_id=report.pk, section="ket-qua", text=text, seen=first.raw, actor=person(STAFF))
    report.refresh_from_db()
    mine = written(report, facts_in(report))[0]
    assert mine.is_own and mine.texts == ["Đến 15/10/2023 toàn tỉnh đăng ký 746 mô hình: 480 mới, 266 duy trì."]
    rebuild_report(report_id=report.pk, actor=person(STAFF))
    report.refresh_from_db()
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True, kind="new").first()
    assert row
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=DAY)
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    assert written(report, facts_in(report))[0].texts == ["Đến 15/10/2023 toàn tỉnh đăng ký 745 mô hình: 479 mới, 266 duy trì."]
    write_text(report_id=report.pk, section="ket-qua", text=None, seen=text, actor=person(STAFF))
    report.refresh_from_db()
    assert report.texts == {}


@pytest.mark.parametrize(
    "text, words",
    [
        ("Có {so_mo_hinh} mô hình.", "không phải số liệu nào"),
        ("Có 750 mô hình.", "Số “750” gõ tay.* chọn một số liệu ở dưới ô"),
        ("Có 746 mô hình.", "Số “746” gõ tay.* chọn số liệu “mô hình đăng ký[^”]*” ở dưới ô"),
        ("Có {dang_ky mô hình.", "Thừa hoặc thiếu"),
        ("x" * 8001, "Dài 8001 ký tự"),
    ],
)
def test_a_figure_typed_by_hand_is_refused(season: Season, unit: Any, text: str, words: str) -> None:
    report = built(season, unit)
    seen = written(report, facts_in(report))[0].raw
    with pytest.raises(TextRefused, match=words):
        write_text(report_id=report.pk, section="ket-qua", text=text, seen=seen, actor=person(STAFF))


def test_an_own_part_may_quote_and_two_who_write_lose_nothing(season: Season, unit: Any) -> None:
    report = built(season, unit)
    quoted = "Năm 2022 vận động hơn 12.600 ngày công."
    write_text(report_id=report.pk, section="danh-gia", text=quoted, seen="", actor=person(STAFF))
    with pytest.raises(StaleText) as stale:
        write_text(report_id=report.pk, section="danh-gia", text="Khác", seen="", actor=person(STAFF))
    assert stale.value.current == quoted
    with pytest.raises(NotAllowed):
        write_text(report_id=report.pk, section="danh-gia", text="Khác", seen=quoted, actor=person(LEADER))
    with pytest.raises(DomainError, match="không có phần ấy"):
        write_text(report_id=report.pk, section="khong-co", text="x", seen="", actor=person(STAFF))


def test_a_quoted_figure_keeps_its_qualifier_and_its_gap(season: Season, unit: Any) -> None:
    given: dict[str, Any] = {
        "season": season, "unit": unit("binh-thuan"), "as_of": DAY, "actor": person(STAFF),
        "quoted": NewQuoted("dang-ky", 286, "Báo cáo 12-BC/BDVTU", "hơn", 176),
    }  # fmt: skip
    made = keep_quoted(**given)
    assert keep_quoted(**given) == made and (str(made), made.parts) == ("hơn 286", 176)
    with pytest.raises(DomainError, match="Nguồn"):
        keep_quoted(**given | {"quoted": NewQuoted("dang-ky", 286, " ")})
    with pytest.raises(DomainError, match="Không có số liệu"):
        keep_quoted(**given | {"quoted": NewQuoted("x", 286, "Báo cáo 12")})
    with pytest.raises(NotAllowed):
        keep_quoted(**given | {"actor": person(DISTRICT)})


def test_a_quoted_figure_stands_beside_ours_in_excel(season: Season, unit: Any) -> None:
    report = built(season, unit)
    assert "Số trích" not in openpyxl.load_workbook(io.BytesIO(paper_of(report, "xlsx"))).sheetnames
    for number, parts, source in ((750, None, "Báo Bình Thuận"), (286, 176, "Báo cáo 12-BC/BDVTU")):
        keep_quoted(
            season=season, unit=unit("binh-thuan"), as_of=DAY, quoted=NewQuoted("dang-ky", number, source, "hơn", parts),
            actor=person(STAFF),
        )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(paper_of(report, "xlsx")))["Số trích"]
    assert [[cell.value for cell in row][1:] for row in sheet.iter_rows(min_row=4)] == [
        [746, "hơn", 750, None, "Báo Bình Thuận"],
        [746, "hơn", 286, 176, "Báo cáo 12-BC/BDVTU"],
    ]
    assert sheet["B4"].hyperlink.target.endswith(f"/lam-viec/bao-cao/{report.pk}/dang-ky/?so=dang-ky")
