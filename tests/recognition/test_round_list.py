"""The list of a round's dossiers: searched, narrowed, sorted by its address; Excel gives what is shown; one way of naming units."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_registry.models import Registration
from organisation.models import Unit
from recognition.models import Dossier, RecognitionRound
from recognition.models.dossiers import Proposer
from recognition.selectors.round_list import Asked, choices_of, in_order, narrowed, rows_of
from recognition.selectors.round_page import Counts
from recognition.selectors.rounds import silent_units
from tests.online import person
from tests.pages import entered, plain
from tests.rounds import COMMUNE, DISTRICT_STAFF, JUDGES, do, proposed, rows, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF


def at(round_: RecognitionRound, query: str = "") -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{query}"


def shown(round_: RecognitionRound, **asked: str) -> list[int | None]:
    wanted = Asked.read(asked)
    return [row.dossier.number for row in in_order(narrowed(rows_of(person(STAFF), round_), wanted), wanted)]


# --- how a unit is written


def of(unit: int | None, place: int | None, unit_name: str = "") -> Dossier:
    row = Registration(unit_id=7, place_id=place, unit_name="Huyện ủy Hàm Thuận Bắc", place_name="Xã Hàm Hiệp" if place else "")
    return Dossier(registration=row, unit_id=unit, unit_name=unit_name)


@pytest.mark.parametrize(
    "dossier, name, place, line",
    [
        (of(7, 9), "Huyện ủy Hàm Thuận Bắc", "Xã Hàm Hiệp", "Huyện ủy Hàm Thuận Bắc (xã Hàm Hiệp)"),
        (of(None, 9), "Huyện ủy Hàm Thuận Bắc", "Xã Hàm Hiệp", "Huyện ủy Hàm Thuận Bắc (xã Hàm Hiệp)"),
        (of(9, 9, "Đảng ủy xã Hàm Hiệp"), "Đảng ủy xã Hàm Hiệp", "", "Đảng ủy xã Hàm Hiệp"),
        (of(9, 9), "Xã Hàm Hiệp", "", "Xã Hàm Hiệp"),
        (of(7, None), "Huyện ủy Hàm Thuận Bắc", "", "Huyện ủy Hàm Thuận Bắc"),
        (of(8, 9, "Đảng ủy xã Hàm Thuận"), "Đảng ủy xã Hàm Thuận", "Xã Hàm Hiệp", "Đảng ủy xã Hàm Thuận (xã Hàm Hiệp)"),
    ],
)
def test_a_unit_is_written_as_it_proposed_with_the_place_beside_it(dossier: Dossier, name: str, place: str, line: str) -> None:
    assert (dossier.proposer, str(dossier.proposer)) == ((name, place), line)


def test_without_a_dossier_the_body_that_judged_says_who_proposed() -> None:
    row = Registration(unit_id=7, place_id=9, unit_name="Huyện ủy Hàm Thuận Bắc", place_name="Xã Hàm Hiệp")
    assert Proposer.of(row, 7) == Proposer.of(row, 9) == ("Xã Hàm Hiệp", "")
    assert str(Proposer.of(row, 1)) == "Huyện ủy Hàm Thuận Bắc (xã Hàm Hiệp)"


@pytest.mark.stage("proposing")
def test_a_dossier_keeps_the_name_of_the_unit_that_proposed(stage: Any) -> None:
    made = proposed(stage, rows(1)[0])
    assert made.unit_name == "Đảng ủy xã Hàm Hiệp"
    Unit.objects.get(pk=made.unit_id).versions.update(name="Đảng ủy xã khác")
    assert Dossier.objects.get(pk=made.pk).proposer.name == "Đảng ủy xã Hàm Hiệp"


@pytest.mark.parametrize(
    "counts, words",
    [
        (
            Counts(39, 7, 14, ("Huyện ủy Đức Linh",), 34, 78),
            "39 hồ sơ của 13/14 đơn vị, trừ Huyện ủy Đức Linh. Đã nộp 34/78 phiếu.",
        ),
        (Counts(39, 7, 14, (), 0, 0), "39 hồ sơ của 14/14 đơn vị."),
        (Counts(2, 7, 8, tuple("abcdef"), 0, 0), "2 hồ sơ của 2/8 đơn vị."),
        (Counts(0, 7, 8, tuple("abcdefgh"), 0, 0), ""),
    ],
)
def test_a_round_in_one_sentence(counts: Counts, words: str) -> None:
    assert counts.words == words


# --- the list


@pytest.mark.stage("scoring", count=3)
def test_what_is_missing_stands_first_and_every_column_sorts_both_ways(stage: Any) -> None:
    round_, (first, second, _) = stage
    for judge in JUDGES:
        score(round_, first, judge)
    score(round_, second, JUDGES[0])
    assert shown(round_) == [3, 2, 1]
    assert (shown(round_, xep="phieu"), shown(round_, xep="-phieu")) == ([3, 2, 1], [1, 2, 3])
    assert (shown(round_, xep="so"), shown(round_, xep="-so"), shown(round_, xep="khac")) == ([1, 2, 3], [3, 2, 1], [3, 2, 1])
    for name in ("ten", "don-vi", "dia-ban", "linh-vuc", "giay-to", "trang-thai"):
        assert sorted(shown(round_, xep=name)) == sorted(shown(round_, xep=f"-{name}")) == [1, 2, 3]  # type: ignore[type-var]


@pytest.mark.stage("scoring", count=3)
def test_the_list_is_searched_without_marks_and_narrowed(stage: Any) -> None:
    round_, (first, second, _) = stage
    for judge in JUDGES:
        score(round_, first, judge)
    Registration.objects.filter(pk=second.registration_id).update(title="Đường hoa nông thôn mới")
    assert (shown(round_, q="duong hoa"), shown(round_, q="3"), shown(round_, q="khong co gi")) == ([2], [3], [])
    assert (shown(round_, tt="du-phieu"), shown(round_, tt="thieu-phieu")) == ([1], [2, 3])
    assert (shown(round_, dv="Đảng ủy xã Hàm Hiệp"), shown(round_, dv="Nơi khác")) == ([2, 3, 1], [])
    everything = rows_of(person(STAFF), round_)
    chips = {name: number for name, _, number in choices_of(everything, Asked.read({})).chips}
    assert chips == {"complete": 3, "thieu-phieu": 2, "du-phieu": 1}


@pytest.mark.stage("scoring", count=2)
def test_scores_are_not_in_the_list_and_units_do_not_see_sheets(stage: Any) -> None:
    round_, (first, _) = stage
    score(round_, first, JUDGES[0])
    html = entered(STAFF).get(at(round_)).content.decode()
    assert "phiếu 1/3" in plain(html) and "88" not in plain(html)
    assert all((row.sent, row.given) == (0, 0) for row in rows_of(person(COMMUNE), round_))


@pytest.mark.stage("scoring", count=3)
def test_excel_gives_what_is_shown_in_its_order(stage: Any) -> None:
    round_, (first, *_) = stage
    for judge in JUDGES:
        score(round_, first, judge)
    response = entered(STAFF).get(at(round_), {"tt": "thieu-phieu", "xep": "-so", "tai": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    top = next(n for n, line in enumerate(lines) if line[0] == "Số")
    total = lines.pop()
    assert [line[0] for line in lines[top + 1 :]] == [3, 2] and str(total[0]).startswith('="Cộng: "')
    assert not sheet.cell(len(lines) + 1, 1).alignment.wrap_text  # the words run on beside a narrow column
    assert lines[top][3] == "Đơn vị đề nghị" and lines[top + 1][3] == "Đảng ủy xã Hàm Hiệp"
    assert all(isinstance(line[lines[top].index("Phiếu giao")], int) for line in lines[top + 1 :])
    assert sheet.auto_filter.ref == f"A{top + 1}:H{top + 3}"


@pytest.mark.stage("proposing")
def test_the_page_takes_as_many_queries_for_one_as_for_three(stage: Any) -> None:
    counts, staff = [], entered(STAFF)
    staff.get(at(stage))
    for row in rows(3):
        do(proposed(stage, row), "send", COMMUNE)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(at(stage)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2]


@pytest.mark.stage("proposing")
def test_from_sixty_dossiers_on_the_list_has_pages(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recognition.views.rounds.PAGED_FROM", 3)
    monkeypatch.setattr("recognition.views.rounds.PAGE", 2)
    staff, found = entered(STAFF), rows(3)
    for row in found[:2]:
        do(proposed(stage, row), "send", COMMUNE)  # type: ignore[arg-type]
    assert staff.get(at(stage)).context["page"].paginator.num_pages == 1
    do(proposed(stage, found[2]), "send", COMMUNE)  # type: ignore[arg-type]
    assert staff.get(at(stage)).context["page"].paginator.num_pages == 2


# --- above the list


@pytest.mark.stage("proposing")
def test_each_thing_that_waits_has_one_action(stage: Any) -> None:
    do(proposed(stage, rows(1)[0]), "send", COMMUNE)  # type: ignore[arg-type]
    page = entered(STAFF).get(at(stage)).context["shown"]
    silent = len(silent_units(stage)[1])
    assert [(line.is_must, line.does) for line in page.lines] == [
        (True, "Xem hồ sơ"),
        (True, "Nhắc đơn vị"),
        (False, f"Nhắc {silent} đơn vị"),
    ]
    assert [mark.look for mark in page.marks] == ["ok", "now", "next", *["later"] * 4]
    assert entered(COMMUNE).get(at(stage)).context["shown"].lines == []


@pytest.mark.stage("published", count=1)
def test_the_end_stands_on_the_page_once_nothing_runs(stage: Any) -> None:
    html = entered(STAFF).get(at(stage[0].round)).content.decode()
    assert "Sang bước “đã xong”" in html and "Không còn gì chặn" in html


@pytest.mark.stage("published", count=2, against=(1,))
def test_the_end_is_not_on_the_page_while_a_unit_may_appeal(stage: Any) -> None:
    html = entered(STAFF).get(at(stage[0].round)).content.decode()
    assert "Sang bước" not in html and "còn được kiến nghị" in html
