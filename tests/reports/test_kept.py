"""What a review of reports found: sentences true after a merger and of one unit, nothing frozen unseen or changed after."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from models_registry.models import Field, Registration, Season, Theme, ThemeTag
from organisation.models import Unit
from papers.models import Letterhead
from reports.counted import Counted
from reports.exports.files import papers_of
from reports.kinds import Facts, UnitFacts
from reports.kinds import words as sentences
from reports.kinds.base import Spread
from reports.models import Report
from reports.selectors import recounting
from reports.selectors.reading import facts_in, written
from reports.services import answer_finding, freeze_report
from reports.services.building import build_report, make_now
from reports.services.freezing import freeze_blockers, is_intact
from tests.online import person
from tests.reporting import DAY, KIND, LEADER, STAFF

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def facts(units: list[UnitFacts], *, whole: bool = True, **numbers: int) -> Facts:
    every = dict.fromkeys(sentences.LINKS.values(), 0) | {name.replace("_", "-"): number for name, number in numbers.items()}
    return Facts(2023, "2023-01-01", "2023-10-15", "năm 2023", "Tỉnh", "Đức Linh", whole, "cấp huyện", every, {}, units, {})


def said(words: str, of: Facts) -> str:
    return words.format(**sentences.values_of(of))


def units(reporting: list[int], ended: list[int]) -> list[UnitFacts]:
    made = [UnitFacts(f"n{n}", f"Mới {n}", f"Mới {n}", True, {"cap-huyen": number}) for n, number in enumerate(reporting)]
    return made + [UnitFacts(f"c{n}", f"Cũ {n}", f"Cũ {n}", False, {"cap-huyen": number}) for n, number in enumerate(ended)]


@pytest.mark.parametrize(
    "reporting, ended, expected",
    [
        (
            [0] * 8,
            [75, 75],
            "Cũ 0, Cũ 1 công nhận 150 mô hình trước khi kết thúc hoạt động, từ đó chưa đơn vị nào công nhận mô hình",
        ),
        (
            [0] * 8,
            [15] * 10,
            "10 đơn vị công nhận 150 mô hình trước khi kết thúc hoạt động, từ đó chưa đơn vị nào công nhận mô hình",
        ),
        ([0, 5, 5], [10], "2/3 đơn vị (trừ Mới 0) công nhận 20, kể cả phần của Cũ 0 trước khi kết thúc hoạt động"),
        ([0] * 3, [], "chưa đơn vị nào công nhận mô hình"),
        ([1, 2], [], "2/2 đơn vị công nhận 3"),
    ],
)
def test_what_ended_units_did_is_told(reporting: list[int], ended: list[int], expected: str) -> None:
    of = facts(units(reporting, ended), cap_huyen=sum(reporting) + sum(ended))
    assert said(sentences._recognising(of), of) == expected


@pytest.mark.parametrize(
    "campaigns, places, new, expected",
    [
        (0, 0, 0, "Chưa ghi nơi nào nhân rộng mô hình."),
        (1, 0, 0, "Có 1 chiến dịch nhân rộng; chưa nơi nào làm theo."),
        (2, 3, 0, "Có 2 chiến dịch nhân rộng; 3 nơi làm theo các mô hình, trong kỳ không thêm nơi nào."),
        (2, 3, 1, "Có 2 chiến dịch nhân rộng; 3 nơi làm theo các mô hình, trong kỳ thêm 1 nơi."),
        (0, 3, 1, "Có 3 nơi làm theo các mô hình, trong kỳ thêm 1 nơi."),
    ],
)
def test_nowhere_is_no_number_of_places(campaigns: int, places: int, new: int, expected: str) -> None:
    of = replace(facts([]), spread=Spread(campaigns, places, new))
    assert said(sentences.spread(of), of) == expected


def test_a_district_speaks_of_its_own() -> None:
    none = facts([], whole=False)
    assert said(sentences.honours(none), none) == "Đức Linh chưa có mô hình nào được tỉnh công nhận trong năm 2023."
    some = facts([], whole=False, cap_tinh=2, cap_tinh_tap_the=2, trung_uong=1)
    assert said(sentences.honours(some), some) == (
        "Đức Linh có 2 mô hình được tỉnh công nhận (đều của tập thể); 1 mô hình được giới thiệu với Trung ương."
    )


def ready(kind: str = KIND, key: str = "binh-thuan") -> Report:
    season, staff = Season.objects.get(year=2023), person(STAFF)
    report = make_now(kind=kind, season=season, unit=Unit.objects.get(key=key), day=DAY)
    for one in report.problems:
        answer_finding(report_id=report.pk, key=one["key"], words="Đã hỏi.", actor=staff)
    return Report.objects.get(pk=report.pk)


def frozen() -> Report:
    report = ready()
    freeze_report(report_id=report.pk, build=report.build, suffix="", papers=papers_of, actor=person(LEADER))
    return Report.objects.select_related("season", "unit").get(pk=report.pk)


def test_the_text_is_frozen_too(autumn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report = frozen()
    before = [part.texts for part in written(report, facts_in(report))]
    assert any("746 mô hình" in text for part in before for text in part)
    monkeypatch.setattr(sentences, "values_of", lambda _: {})
    monkeypatch.setattr("reports.selectors.reading.values_of", lambda _: {})
    assert [part.texts for part in written(report, facts_in(report))] == before
    assert is_intact(report)
    report.docx.storage.delete(report.docx.name)
    assert not is_intact(report)


def test_frozen_at_night_it_bears_vietnams_day(season: Season) -> None:
    with time_machine.travel("2023-10-16T18:30:00Z", tick=False):  # 01:30 of the 17th
        report = frozen()
    with report.docx.open("rb") as file:
        words = "\n".join(cell.text for table in docx.Document(io.BytesIO(file.read())).tables[:1] for cell in table._cells)
    assert "ngày 17 tháng 10 năm 2023" in words and report.frozen_on == date(2023, 10, 17)


def test_without_a_letterhead_nothing_is_frozen(autumn: Any) -> None:
    report = ready()
    Letterhead.objects.filter(unit=report.unit).delete()
    assert "chưa khai thể thức" in " ".join(freeze_blockers(report))


def test_no_way_round_the_trigger(autumn: Any) -> None:
    report = frozen()
    changes = ["UPDATE reports_report SET id = id + 1000", "UPDATE reports_report SET file_sums = '{}'"]
    if connection.vendor == "sqlite":
        columns = ", ".join(column.column for column in Report._meta.local_fields)
        changes.append(f"INSERT OR REPLACE INTO reports_report ({columns}) SELECT {columns} FROM reports_report")
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert Report.objects.get().pk == report.pk


def test_a_changed_field_is_told_by_the_recount(autumn: Any) -> None:
    report = frozen()
    row = Registration.objects.filter(season__year=2023, withdrawn_on__isnull=True, registered_on__lte=DAY)[0]
    Registration.objects.filter(pk=row.pk).update(field=Field.objects.exclude(pk=row.field_id)[0])
    found = recounting.beside(report)
    assert recounting.moved_ids(found, "dang-ky") == [row.pk]
    (one,) = recounting.moved(report, found, [row.pk])
    assert one.moves == ["đổi lĩnh vực"]


def test_an_answer_belongs_to_the_finding_that_it_was_given_to(autumn: Any) -> None:
    report = ready()
    kept = dict(report.answers)
    key = next(one["key"] for one in report.problems if one["key"] in kept)
    Report.objects.filter(pk=report.pk).update(
        problems=[one | ({"words": "Lệch khác"} if one["key"] == key else {}) for one in report.problems]
    )
    build_report(report_id=report.pk, progress=lambda _: None)
    again = Report.objects.get(pk=report.pk)
    assert key not in again.answers and again.answers == {name: text for name, text in kept.items() if name != key}
    assert next(one["earlier"] for one in again.problems if one["key"] == key) == "Đã hỏi."


def test_a_row_that_is_gone_keeps_its_place(autumn: Any, client: Client) -> None:
    report = ready()
    known = Counted.unpacked(bytes(report.counted))
    known.ids[0] = 9_999_999
    Report.objects.filter(pk=report.pk).update(counted=known.packed())
    client.force_login(person(STAFF))
    html = client.get(reverse("reports:rows", args=[report.pk]), {"so": "dang-ky"}).content.decode()
    assert "746</span> đăng ký" in html and html.count("nay không còn trong sổ") == 1


def test_themes_and_the_year_before_open_their_rows(autumn: Any, client: Client, season: Season) -> None:
    theme = Theme.objects.filter(period=season.period)[0]
    Theme.objects.filter(pk=theme.pk).update(label="Giữ sạch xóm làng")
    rows = list(Registration.objects.filter(season=season, withdrawn_on__isnull=True, registered_on__lte=DAY)[:3])
    ThemeTag.objects.bulk_create(ThemeTag(registration=row, theme=theme) for row in rows)
    Season.objects.create(
        year=2022,
        period=season.period,
        opens_on=date(2022, 1, 1),
        closes_on=date(2022, 12, 31),
        cutoff_on=date(2022, 11, 30),
    )
    report = make_now(kind="nam", season=season, unit=Unit.objects.get(key="binh-thuan"), day=DAY)
    book = openpyxl.load_workbook(io.BytesIO(papers_of(report)["xlsx"]))
    link = next(cell.hyperlink.target for row in book["Theo chủ đề"] for cell in row if cell.hyperlink)
    client.force_login(person(STAFF))
    html = client.get(link.partition("//")[2].partition("/")[1] + link.partition("//")[2].partition("/")[2]).content.decode()
    assert "3</span> đăng ký" in html and "Giữ sạch xóm làng" in html
    assert book["So sánh"]["B4"].hyperlink and book["So sánh"]["B4"].value == 746
    assert "năm 2022 chốt 30/11/2022" in str(book["So sánh"]["A2"].value)


def test_a_monthly_paper_has_no_empty_annex(autumn: Any) -> None:
    report = make_now(kind="thang", season=Season.objects.get(year=2023), unit=Unit.objects.get(key="duc-linh"), day=DAY)
    words = [one.text for one in docx.Document(io.BytesIO(papers_of(report)["docx"])).paragraphs]
    assert "BIỂU 2" not in words and "KẾT QUẢ NHÂN RỘNG" not in words and "(Không có)" not in words
