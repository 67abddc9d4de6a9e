"""Score sheets and their summary as Word, the ranking, decisions and commendations as Excel: read again by other libraries."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from python_calamine import CalamineWorkbook

from papers.services import save_letterhead
from recognition.enums import SheetKind
from recognition.models import Decision, RecognitionRound
from recognition.selectors.scoring import standings, three_scores
from recognition.services import advance, assign, declare_conflict, propose_commendations, save_official, seat_member
from tests.online import person
from tests.pages import lines_of_word
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    FULL,
    JUDGES,
    complete,
    on,
    proposing,
    published,
    role,
    rows,
    score,
    scored,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def got(client: Client, name: str, address: str) -> Any:
    client.force_login(person(name), backend=BACKEND)
    return client.get(f"/lam-viec/{address}")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def cells(response: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(body(response))).get_sheet_by_index(0).to_python()


def table(rows_: list[list[Any]], heading: str) -> list[dict[str, Any]]:
    at = next(n for n, row in enumerate(rows_) if heading in row)
    return [dict(zip(rows_[at], row, strict=True)) for row in rows_[at + 1 :]]


@pytest.mark.stage("scored")
def test_every_sheet_is_a_page_with_its_own_figures(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    data = body(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/phieu-cham/"))
    document = Document(io.BytesIO(data))
    said = lines_of_word(data)
    assert sum(line == "PHIẾU CHẤM ĐIỂM" for line in said) == 6
    assert sum(one.paragraph_format.page_break_before is True for one in document.paragraphs) == 6
    assert [line for line in said if line.startswith("TỔNG ĐIỂM")] == ["TỔNG ĐIỂM: 88/100."] * 3 + ["TỔNG ĐIỂM: 87/100."] * 3
    assert f"Hồ sơ số {first.number}: {first.registration.title}." in said
    assert said.count("Kết luận: đạt mức đề nghị công nhận.") == 6
    scores = [one for one in document.tables if one.rows[0].cells[1].text == "Tiêu chí"]
    assert len(scores) == 6 and [row.cells[3].text for row in scores[0].rows[1:]] == [str(n) for n in FULL]
    assert "{" not in "".join(said)
    one = lines_of_word(body(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/phieu-cham/?ho-so={second.pk}")))
    assert (
        sum(line == "PHIẾU CHẤM ĐIỂM" for line in one) == 3 and f"Hồ sơ số {second.number}: {second.registration.title}." in one
    )


@pytest.mark.stage("scoring", count=1)
def test_a_sheet_under_a_minimum_says_which(stage: Any) -> None:
    from recognition.exports.scores import write_sheets
    from recognition.selectors.scoring import sheets_to_print

    (round_, (dossier,)) = stage
    score(round_, dossier, JUDGES[0], (2, 10, 10, 15, 5, 5, 5), "Ghi")
    (said,) = [
        line
        for line in lines_of_word(write_sheets(round_, sheets_to_print(person(JUDGES[0]), round_)))
        if line.startswith("Kết luận")
    ]
    assert said.startswith("Kết luận: chưa đạt mức đề nghị công nhận (tổng điểm dưới 70; dưới mức tối thiểu: ")


@pytest.mark.stage("scoring", count=1)
def test_while_all_score_alone_one_prints_ones_own_sheets_only(client: Client, stage: Any) -> None:
    (round_, (dossier,)) = stage
    score(round_, dossier, JUDGES[0])
    score(round_, dossier, JUDGES[1])
    address = f"dot-xet/{round_.pk}/phieu-cham/"
    said = lines_of_word(body(got(client, JUDGES[0], address)))
    assert sum(line == "PHIẾU CHẤM ĐIỂM" for line in said) == 1
    assert not any("Thành viên hội đồng 2" in line for line in said)
    statuses = [got(client, name, address).status_code for name in (JUDGES[2], DISTRICT_STAFF, DISTRICT_LEADER, COMMUNE)]
    assert statuses == [404] * 4
    assert got(client, JUDGES[0], f"dot-xet/{round_.pk}/tong-hop-diem/").status_code == 404


@pytest.mark.stage("scored")
def test_who_has_an_interest_gets_neither_that_dossiers_sheets_nor_the_summary(client: Client, stage: Any) -> None:
    (round_, (first, _)) = stage
    declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Người nhà", actor=person(JUDGES[0]))
    said = lines_of_word(body(got(client, JUDGES[0], f"dot-xet/{round_.pk}/phieu-cham/")))
    assert not any(first.registration.title in line for line in said) and sum("PHIẾU CHẤM" in line for line in said) == 3
    assert got(client, JUDGES[0], f"dot-xet/{round_.pk}/phieu-cham/?ho-so={first.pk}").status_code == 404
    assert got(client, JUDGES[0], f"dot-xet/{round_.pk}/tong-hop-diem/").status_code == 404
    others = lines_of_word(body(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/phieu-cham/?ho-so={first.pk}")))
    assert sum("PHIẾU CHẤM" in line for line in others) == 2  # what the judge had scored there counts nowhere


def test_too_many_sheets_for_one_file_are_asked_for_dossier_by_dossier(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("recognition.views.scoring.SHEETS", 2)
    round_, _ = scored(1)
    answer = got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/phieu-cham/")
    assert answer.status_code == 302
    assert "Có 3 phiếu, quá 2 phiếu một tệp" in client.get(answer["Location"]).content.decode()


@pytest.mark.stage("scored")
def test_the_summary_of_scores(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    data = body(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/tong-hop-diem/"))
    found = next(one for one in Document(io.BytesIO(data)).tables if one.rows[0].cells[0].text == "STT")
    assert [[cell.text for cell in row.cells][1:2] + [cell.text for cell in row.cells][4:] for row in found.rows[1:-1]] == [
        [str(first.number), "3/3", "88", "88", "88", "Đạt mức đề nghị, tốt"],
        [str(second.number), "3/3", "87", "87", "87", "Đạt mức đề nghị, tốt"],
    ]
    assert "Tổng số 2 mô hình; 2 mô hình đạt mức đề nghị công nhận." in lines_of_word(data)


def test_a_body_with_two_letterheads_chooses_one(client: Client) -> None:
    from organisation.models import Unit

    unit = Unit.objects.get(key="ham-thuan-bac")
    save_letterhead(
        unit=unit,
        actor=None,
        suffix="BDVHU",
        valid_from=days(),
        layout="party",
        body_name="Ban Dân vận Huyện ủy",
        superior_name="Huyện ủy Hàm Thuận Bắc",
        place="Hàm Thuận Bắc",
        authority="",
        signer_title="TRƯỞNG BAN",
        signer_name="Người ký",
        term="2020-2025",
        recipients="Lưu",
    )
    round_, _ = scored(1)

    def head(query: str) -> str:
        data = body(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/tong-hop-diem/{query}"))
        return str(Document(io.BytesIO(data)).tables[0].rows[0].cells[0].paragraphs[1].text)

    assert head("") == head("?co-quan=khong-co") == "HUYỆN ỦY HÀM THUẬN BẮC"  # the body that was declared first
    assert head("?co-quan=BDVHU") == "BAN DÂN VẬN HUYỆN ỦY"
    page = got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/diem/").content.decode()
    assert "?co-quan=BDVHU" in page and "?co-quan=HU" in page


def days() -> Any:
    from datetime import date

    return date(2020, 1, 1)


@pytest.mark.stage("scored")
def test_the_ranking_as_excel_has_numbers(client: Client, stage: Any) -> None:
    (round_, (first, second)) = stage
    *found, _ = table(cells(got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/diem/?tai=xlsx")), "Hạng")  # the last one counts
    assert [(row["Hạng"], row["Hồ sơ"], row["Điểm"], row["Phiếu đã nộp"]) for row in found] == [
        (1, first.number, 88, 3),
        (2, second.number, 87, 3),
    ]
    assert found[0]["Tên mô hình"] == first.registration.title and found[0]["Kết quả"] == "Đạt mức đề nghị, tốt"


@pytest.mark.stage("scored")
@pytest.mark.parametrize("asked", ["abc", "-1", "3", "1e9", "٣"])
def test_a_line_that_is_no_number_is_said_and_what_was_typed_stays(client: Client, asked: str, stage: Any) -> None:
    (round_, _) = stage
    answer = got(client, DISTRICT_STAFF, f"dot-xet/{round_.pk}/diem/?vach={asked}")
    page = answer.content.decode()
    assert answer.status_code == 422 and f"“{asked}” không phải một số từ 0 đến 2." in page and f'value="{asked}"' in page
    assert got(client, JUDGES[0], f"dot-xet/{round_.pk}/diem/?vach={asked}").status_code == 200  # no line of a member's


def five_sheets() -> tuple[RecognitionRound, Any]:
    """One dossier with five sheets: four alike and one twenty points lower; the highest and the lowest are dropped."""
    round_ = proposing(drops_extremes=True)
    from organisation.services import open_account

    names = [*JUDGES, "them1", "them2"]
    for name in names[3:]:
        open_account(username=name, full_name=name, password=None, actor=None)
        role(name, "thanh-vien-hoi-dong", "binh-thuan")
        seat_member(round_id=round_.pk, user=person(name), task="member", actor=person(DISTRICT_STAFF))
    dossier = complete(round_, rows(1)[0])
    members = [one.pk for one in round_.members.all()]
    assign(round_id=round_.pk, member_ids=members, dossier_ids=[dossier.pk], actor=person(DISTRICT_STAFF))
    round_ = advance(round_id=round_.pk, actor=person(DISTRICT_STAFF))
    for name in names[:4]:
        score(round_, dossier, name)
    score(round_, dossier, names[4], (5, 10, 8, 13, 5, 5, 5), "Thấp")
    return advance(round_id=round_.pk, actor=person(DISTRICT_STAFF)), dossier


def test_official_scores_are_measured_against_the_mean_that_counts() -> None:
    round_, dossier = five_sheets()
    (one,) = standings(person(DISTRICT_STAFF), round_)
    assert (one.mean, one.lowest, one.low) == (88, 51, [])
    dossier.round = round_
    assert [line.members for line in three_scores(dossier)] == [Decimal(n) for n in FULL]
    saved = save_official(dossier_id=dossier.pk, typed=typed(round_, FULL), actor=person(DISTRICT_STAFF))
    assert not saved.refused  # the same as the mean that counts: no reason is asked for
    assert dossier.sheets.get(kind=SheetKind.OFFICIAL).state == "sent"


# --- decisions and commendations as lists


@pytest.mark.stage("published", against=(1,))
def test_the_list_of_decisions_and_its_excel(client: Client, stage: Any) -> None:
    (decision, (first, _)) = stage
    all_of = got(client, DISTRICT_STAFF, "quyet-dinh/")
    page = all_of.content.decode()
    assert str(decision) in page and all_of.status_code == 200
    found = table(cells(got(client, DISTRICT_STAFF, "quyet-dinh/?tai=xlsx")), "Số, ký hiệu")
    there = {row["Số, ký hiệu"]: row for row in found}
    assert there[decision.number]["Mô hình công nhận"] == 1 and str(there[decision.number]["Ngày"])[:10] == "2023-10-10"
    below = found.pop()["Số, ký hiệu"]
    assert len(found) == Decision.objects.filter(issuer__key="ham-thuan-bac").count() + 1  # the province's names its model
    assert below == f"Cộng: {len(found)} dòng"
    none = got(client, DISTRICT_STAFF, "quyet-dinh/?nam=1999&q=x").content.decode()
    assert "Không có quyết định nào" in none and "Bỏ lọc" in none
    assert str(decision) in got(client, DISTRICT_STAFF, "quyet-dinh/?nam=2023&q=61-Q%C4%90").content.decode()
    assert str(decision) not in got(client, "phanthiet.chuyenvien", "quyet-dinh/").content.decode()
    own = table(cells(got(client, DISTRICT_STAFF, f"quyet-dinh/{decision.pk}/?tai=xlsx")), "Tên mô hình")
    assert [row["Tên mô hình"] for row in own][:1] == [first.registration.title]


def test_the_list_of_decisions_takes_the_same_queries_for_one_as_for_all(client: Client) -> None:
    client.force_login(person("tinh.chuyenvien"), backend=BACKEND)

    def asked(query: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/lam-viec/quyet-dinh/{query}").content.decode()
        return page.count('class="card-title'), len(queries)

    asked("")
    (few, one), (many, all_of) = asked("?q=474-QĐ/HU"), asked("")
    assert (few, many > 3, one) == (1, True, all_of) and all_of <= 12


@pytest.mark.stage("published", against=(1,))
def test_commendations_as_excel(client: Client, stage: Any) -> None:
    (decision, (first, _)) = stage
    ids = list(decision.recognitions.values_list("pk", flat=True))
    propose_commendations(unit=decision.issuer, recognition_ids=ids, award="giay-khen", actor=person(DISTRICT_STAFF))
    row, _ = table(cells(got(client, DISTRICT_STAFF, "khen-thuong/?tai=xlsx")), "Hình thức")  # the last one counts
    assert (row["Hình thức"], row["Mô hình"], row["Năm"]) == ("Giấy khen", first.registration.title, "2023")


def test_all_models_of_a_decision_can_be_chosen_at_once(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("recognition.views.decisions.PAGE", 1)
    decision, _ = published(2, ())
    page = got(client, DISTRICT_STAFF, f"quyet-dinh/{decision.pk}/").content.decode()
    assert 'name="tat-ca"' in page and page.count('name="mo-hinh"') == 1
    client.post(f"/lam-viec/quyet-dinh/{decision.pk}/", {"viec": "giay-khen", "tat-ca": "1"})
    assert decision.recognitions.filter(commendations__isnull=False).count() == 2


@pytest.mark.stage("voted", count=1)
def test_what_a_checker_typed_stays_when_the_draft_was_changed_meanwhile(client: Client, stage: Any) -> None:
    from tests.rounds import drafted

    (round_, _) = stage
    with on(10, 10):
        draft = drafted(round_)
        client.force_login(person(DISTRICT_LEADER), backend=BACKEND)
        answer = client.post(f"/lam-viec/du-thao/{draft.pk}/", {"viec": "tra-lai", "ly-do": "  "})
        assert answer.status_code == 409
        page = answer.content.decode()
    assert "Xin ghi cần sửa gì." in page and '<details class="fold fold--box mt-4" open>' in page
