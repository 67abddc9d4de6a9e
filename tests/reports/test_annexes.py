"""Reports of 128 units: the body says how many units are missing, an annex names them, in Word, in PDF and on the page."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from common import jobs
from common.remember import forget
from models_registry.models import Registration, Season
from organisation.models import Unit, UnitVersion, User
from organisation.selectors.units import reporting_units
from recognition.services import import_outcomes
from recognition.services.outcomes import COLUMNS
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.exports.files import papers_of
from reports.exports.values import Printed, printed
from reports.exports.word import in_pairs
from reports.kinds import Facts, UnitFacts
from reports.kinds.words import LISTED, annexes, missing, values_of
from reports.models import Report
from reports.services import ask_report
from tests.many_units import DAY, STAFF


def facts(silent: int, registered: int) -> Facts:
    numbers = dict.fromkeys(("dang-ky", "moi", "duy-tri", "tap-the", "ca-nhan", "cap-huyen", "de-nghi", "cap-tinh"), 0)
    numbers |= {"cap-tinh-tap-the": 0, "cap-tinh-ca-nhan": 0, "trung-uong": 0}
    units = [
        UnitFacts(f"xa-{n}", f"Đảng ủy xã {n}", f"Xã {n}", True, numbers | {"dang-ky": int(n >= silent)})
        for n in range(silent + registered)
    ]
    whole = numbers | {"dang-ky": registered}
    return Facts(2026, "2026-01-01", "2026-10-15", "năm", "Tỉnh ủy", "Tỉnh", True, "cấp cơ sở", whole, {}, units, {})


def test_up_to_six_units_are_named_and_more_are_counted() -> None:
    few, many = facts(LISTED, 3), facts(LISTED + 1, 3)
    assert missing(few).format(**values_of(few)) == "Chưa đăng ký: Xã 0, Xã 1, Xã 2, Xã 3, Xã 4, Xã 5."
    assert missing(many).format(**values_of(many)) == "Chưa đăng ký: 7 đơn vị (danh sách ở Phụ lục)."
    assert annexes(few) == []
    assert [(title, len(units)) for title, units in annexes(many)] == [("7 đơn vị chưa đăng ký", 7)]


def test_an_annex_is_numbered_down_its_two_columns() -> None:
    rows = in_pairs(["A", "B", "C"])
    assert [(row["tt"], row["ten"], row["tt_2"], row["ten_2"]) for row in rows] == [("1", "A", "3", "C"), ("2", "B", "", "")]


def built(stage: Season) -> Report:
    with time_machine.travel(datetime(2026, 10, 16, 3, tzinfo=UTC)):
        made, _ = ask_report(
            kind="tong-hop-15-10",
            season=stage,
            unit=Unit.objects.get(key="lam-dong"),
            day=DAY,
            actor=User.objects.get(username=STAFF),
        )
        assert made.job
        jobs.run(made.job.pk)
    made.refresh_from_db()
    return made


def names_of(found: Printed) -> list[str]:
    ((title, names),) = found.annexes
    assert title == f"{len(names)} đơn vị chưa đăng ký" and len(names) > LISTED
    return names


def with_twins(stage: Season, folder: Path) -> set[str]:
    """Two units of one name that are silent and two that registered, of these one model each recognised: how they are told apart."""
    listed, names = list(reporting_units(DAY)), set()
    rows = []
    for twins, place in ((listed[0:17:16], "Xã Trùng"), (listed[1:18:16], "Xã Cũng Trùng")):
        name = f"Đảng ủy {place}"
        UnitVersion.objects.filter(pk__in=[version.pk for version in twins]).update(name=name, place=place)
        names |= {f"{name} (từ 01/07/2025) (mã {version.unit.key})" for version in twins}
        own = Registration.objects.filter(season=stage, unit__in=[version.unit_id for version in twins], kind="new")
        own.update(unit_name=name)
        rows += [f'{row.unit.key},"{row.title}",{row.subject},,,{row.pk}-QĐ/ĐU,2026-09-01,,,,' for row in own]
    outcomes = folder / "outcomes.csv"
    outcomes.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    assert import_outcomes(path=outcomes, season=stage, actor=None).saved and len(rows) == 2
    forget()
    return names


@pytest.mark.django_db
@pytest.mark.stage("many-units")
def test_every_file_and_the_page_have_the_annex_the_number_and_units_told_apart(
    client: Client, stage: Season, tmp_path: Path
) -> None:
    twins = with_twins(stage, tmp_path)
    report = built(stage)
    found, papers = printed(report), papers_of(report)
    names = names_of(found)
    assert twins <= {line.name for line in found.lines} and len(twins.intersection(names)) == 2
    assert len({one.unit for one in found.facts.recognised_below} & twins) == 2
    paper = docx.Document(io.BytesIO(papers["docx"]))
    body = [one.text for one in paper.paragraphs]
    assert f"Chưa đăng ký: {len(names)} đơn vị (danh sách ở Phụ lục)." in body and "PHỤ LỤC" in body
    assert twins.union(names) <= {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
    pdf = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(papers["pdf"])).pages).split())
    assert f"PHỤ LỤC: {len(names)} ĐƠN VỊ CHƯA ĐĂNG KÝ" in pdf and "40 ĐƠN VỊ ĐĂNG KÝ NHIỀU NHẤT" in pdf
    assert all(name.replace(" ", "") in pdf.replace(" ", "") for name in twins)
    book = load_workbook(io.BytesIO(papers["xlsx"]))
    cells = {sheet.title: {cell for row in sheet.iter_rows(values_only=True) for cell in row} for sheet in book}
    assert set(names) <= cells["Phụ lục"] and twins <= cells["Biểu 2"]
    client.force_login(User.objects.get(username=STAFF))
    page = client.get(f"/lam-viec/bao-cao/{report.pk}/").content.decode()
    annex = page.split('id="phu-luc"')[1].split("</section>")[0]
    assert re.findall(r"<li>(.*?)</li>", annex) == names and all(name in page for name in twins)


@pytest.mark.django_db
def test_fourteen_units_need_no_annex(season: Season) -> None:
    made, _ = ask_report(
        kind="tong-hop-15-10", season=season, unit=Unit.objects.get(key="binh-thuan"), day=date(2023, 10, 15), actor=None
    )
    assert made.job
    jobs.run(made.job.pk)
    made.refresh_from_db()
    assert printed(made).annexes == []
