"""The buttons of a report's page: stopped, corrected, dropped; what its addresses refuse."""

from typing import Any

import pytest

from models_registry.models import Season
from reports.models import QuotedFigure, Report
from tests.pages import entered, last_message, refusal_on
from tests.reporting import DISTRICT, STAFF, asked, built, frozen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


def at(report: Report, page: str = "") -> str:
    return f"/lam-viec/bao-cao/{report.pk}/{page}"


def test_counting_is_stopped_on_the_page(season: Season, unit: Any) -> None:
    report, staff = asked(season, unit), entered(STAFF)
    assert [staff.get(at(report, page)).status_code for page in ("dang-ky/", "tep/docx/")] == [404, 404]  # nothing counted yet
    stopped = staff.post(at(report), {"viec": "dung"})
    assert (stopped["Location"], last_message(stopped)) == (at(report), "Đã dừng.")
    again = staff.post(at(report), {"viec": "dung"})
    assert refusal_on(again) == "Báo cáo đã lập xong, không còn gì để dừng."


def test_a_draft_is_dropped_on_the_page(season: Season, unit: Any) -> None:
    report, staff = built(season, unit), entered(STAFF)
    assert staff.post(at(report), {"viec": "in"}).status_code == 404
    assert entered(DISTRICT).post(at(report), {"viec": "bo"}).status_code == 404
    dropped = staff.post(at(report), {"viec": "bo"})
    assert (dropped["Location"], last_message(dropped)) == ("/lam-viec/bao-cao/?nam=2023", "Đã bỏ bản nháp.")
    assert Report.objects.count() == 0


def test_a_quoted_figure_is_a_whole_number_and_goes_again(season: Season, unit: Any) -> None:
    report, staff = built(season, unit), entered(STAFF)
    form = {"viec": "trich", "so-lieu": "dang-ky", "con-so": "12.600", "nguon": "Báo cáo 12"}
    assert refusal_on(staff.post(at(report), form | {"con-so": "nhiều"})) == "Số trích: ghi số tròn, ví dụ 12.600."
    assert refusal_on(staff.post(at(report), form | {"phan": "x"})) == "Số trích: ghi số tròn, ví dụ 12.600."
    assert last_message(staff.post(at(report), form)) == "Đã ghi số trích, đặt cạnh số của cổng."
    kept = QuotedFigure.objects.get()
    assert (kept.number, kept.parts) == (12600, None)
    staff.post(at(report), {"viec": "bo-trich", "dong": str(kept.pk)})
    assert QuotedFigure.objects.count() == 0


def test_a_frozen_report_is_corrected_on_the_page(season: Season, unit: Any) -> None:
    report, staff = frozen(season, unit), entered(STAFF)
    corrected = staff.post(at(report), {"viec": "dinh-chinh", "ly-do": "Cộng nhầm một dòng"})
    made = Report.objects.get(corrects=report)
    assert (corrected["Location"], last_message(corrected)) == (at(made), "Đã lập bản đính chính; cổng đang đếm lại.")
    assert made.correction_why == "Cộng nhầm một dòng"


def test_a_recount_is_beside_a_frozen_report_by_known_figures(season: Season, unit: Any) -> None:
    draft = built(season, unit)
    staff = entered(STAFF)
    assert staff.get(at(draft, "dem-lai/")).status_code == 404
    Report.objects.all().delete()
    report = frozen(season, unit)
    assert staff.get(at(report, "dem-lai/"), {"so": "khong-co"}).status_code == 404
    assert staff.get(at(report, "dem-lai/"), {"so": "dang-ky"}).context["changed"] is False


def test_rows_are_behind_known_figures_findings_and_themes(season: Season, unit: Any) -> None:
    report, staff = built(season, unit), entered(STAFF)
    address = at(report, "dang-ky/")
    for wrong in ({"so": "khong-co"}, {"cho": "khong-co"}, {"so": "dang-ky", "chu-de": "khong-co"}):
        assert staff.get(address, wrong).status_code == 404
    problem = report.problems[0]
    shown = staff.get(address, {"cho": problem["key"]}).context
    assert (shown["title"], shown["page"].paginator.count) == (problem["words"], len(problem["ids"]))
    assert staff.get(at(report, "tep/odt/")).status_code == 404


def test_a_report_that_is_there_is_shown_instead_of_a_second(season: Season, unit: Any) -> None:
    report = built(season, unit)
    form = {"nam": "2023", "loai": report.kind, "ngay": "15/10/2023"}
    response = entered(STAFF).post("/lam-viec/bao-cao/", form)
    assert (response["Location"], last_message(response)) == (
        at(report),
        "Báo cáo của ngày ấy đã có; đây là trang của nó.",
    )
