"""Commendations and conferences on their pages; what each refusal says."""

import io
from datetime import date
from typing import Any

import docx
import pytest
import time_machine

from common.exceptions import NotAllowed
from models_registry.services import NewSeason, open_season
from organisation.models import Unit
from recognition.exports.certificates import default_blocks
from recognition.models import Certificate, Commendation, Conference, Decision, Recognition
from recognition.selectors.commendations import Story
from recognition.services import (
    ConferenceFacts,
    DraftTyped,
    StockLayout,
    add_entries,
    ask_certificates,
    begin_commendation_draft,
    open_conference,
    problems_of,
    propose_commendations,
    save_layout,
    write_commendation,
    write_draft,
)
from recognition.services.drafts import LineTyped
from tests.online import person
from tests.pages import entered, last_message, lines_of_word, plain, refusal_on, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, PROVINCE_STAFF, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "decision_day")]
STAFF = DISTRICT_STAFF
PAGE = "/lam-viec/khen-thuong/"


def body() -> Unit:
    return Unit.objects.get(key="ham-thuan-bac")


def words_of(response: Any) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(b"".join(response))).paragraphs)


@pytest.fixture
def proposed(stage: Any) -> list[Commendation]:
    """A certificate of merit proposed for each model of the decision."""
    ids = list(stage[0].recognitions.values_list("pk", flat=True))
    return propose_commendations(unit=body(), recognition_ids=ids, award="giay-khen", actor=person(STAFF))


@pytest.mark.stage("published")
def test_a_proposal_is_changed_and_taken_back_on_the_page(proposed: list[Commendation]) -> None:
    first, second = proposed
    staff = entered(STAFF)
    form = {"de-nghi": str(first.pk), "nguoi": "Ông Nguyễn Văn A", "loai": "individual", "thanh-tich": "Vận động tốt"}
    assert last_message(staff.post(PAGE, form)) == "Đã lưu đề nghị."
    first.refresh_from_db()
    assert (first.recipient, first.recipient_kind, first.reason) == ("Ông Nguyễn Văn A", "individual", "Vận động tốt")
    for name, place, words in (("nguoi", "ng", "Xin ghi tập thể, cá nhân."), ("thanh-tich", "tt", "Xin ghi thành tích.")):
        assert staff.post(PAGE, form | {name: " "}).context["errors"] == [(f"{place}_{first.pk}", words)]
    assert last_message(staff.post(PAGE, {"de-nghi": str(second.pk), "bo": "1"})) == "Đã bỏ đề nghị."
    assert [found.pk for found in Commendation.objects.all()] == [first.pk]
    for wrong in ("", "x", str(second.pk)):
        assert staff.post(PAGE, form | {"de-nghi": wrong}).status_code == 404
    leader = entered(DISTRICT_LEADER)
    assert (leader.get(PAGE).context["may_run"], leader.post(PAGE, form).status_code) == (False, 404)
    assert entered(COMMUNE).get(PAGE).status_code == 404


@pytest.mark.stage("published")
def test_nobody_is_proposed_twice_for_a_model(proposed: list[Commendation]) -> None:
    first, _ = proposed
    twin = Commendation.objects.create(
        recognition=first.recognition,
        unit=body(),
        award="giay-khen",
        recipient="Bà Trần Thị B",
        recipient_kind="individual",
        reason="Tốt",
        proposed_on=date(2023, 10, 10),
        proposed_by=person(STAFF),
    )
    with refused("“Bà Trần Thị B” đã được đề nghị giấy khen cho mô hình này."):
        write_commendation(
            commendation_id=first.pk,
            recipient="Bà Trần Thị B",
            recipient_kind="individual",
            reason="Tốt",
            actor=person(STAFF),
        )
    with refused("Xin chọn tập thể hay cá nhân."):
        write_commendation(
            commendation_id=twin.pk, recipient="Bà Trần Thị B", recipient_kind="both", reason="Tốt", actor=person(STAFF)
        )


@pytest.mark.stage("published")
def test_only_models_that_the_body_recognised_are_proposed(stage: Any) -> None:
    other = Recognition.objects.exclude(decision__issuer=body()).filter(revoked_on__isnull=True)[0]
    with refused("Xin chọn ít nhất một mô hình còn hiệu lực công nhận của đơn vị."):
        propose_commendations(unit=body(), recognition_ids=[other.pk], award="giay-khen", actor=person(STAFF))
    assert Commendation.objects.count() == 0


@pytest.mark.stage("published")
def test_a_line_without_a_recipient_or_reason_is_not_published(proposed: list[Commendation]) -> None:
    draft = begin_commendation_draft(unit=body(), actor=person(STAFF))
    lines = {line.pk: LineTyped("commend", "Có thành tích", subject="") for line in draft.lines.all()}
    draft = write_draft(
        draft_id=draft.pk,
        typed=DraftTyped(suffix="HU", number=None, decided_on=date(2023, 10, 10), lines=lines),
        actor=person(STAFF),
    )
    assert problems_of(draft) == ["Có dòng khen thưởng chưa ghi tập thể, cá nhân hoặc thành tích."] * 2
    offered = entered(STAFF).get(f"/lam-viec/du-thao/{draft.pk}/").context["offered"]
    assert [verdict.label for verdict in offered] == ["Khen thưởng", "Để quyết định sau"]
    gone = entered(STAFF).post(f"/lam-viec/du-thao/{draft.pk}/", {"viec": "bo"})
    assert gone["Location"] == "/lam-viec/dot-xet/"


@pytest.mark.stage("published")
def test_a_conference_is_opened_filled_and_put_in_order_on_its_page(season: Any, stage: Any) -> None:
    with refused("Xin đặt tên hội nghị."):
        open_conference(unit=body(), season=season, facts=ConferenceFacts(" ", date(2023, 11, 15), ""), actor=person(STAFF))
    staff = entered(STAFF)
    opened = staff.post("/lam-viec/hoi-nghi/", {"ten": "Hội nghị 2023", "ngay": "15/11/2023", "noi": "Ma Lâm"})
    held = Conference.objects.get()
    assert (opened["Location"], held.name, held.held_on, held.place) == (
        f"/lam-viec/hoi-nghi/{held.pk}/",
        "Hội nghị 2023",
        date(2023, 11, 15),
        "Ma Lâm",
    )
    first, second, *_ = held.entries.order_by("position")
    at = opened["Location"]
    down = staff.post(at, {"xuong": str(first.pk), "dang-mo": str(second.pk)})
    assert down["Location"] == f"{at}?chuyen={second.pk}&vua={first.pk}"
    assert list(held.entries.order_by("position")[:2]) == [second, first]
    saved = staff.post(at, {"chuyen-so": str(second.pk), "chuyen": "Chuyện của thôn", "viec": "luu-tiep"})
    assert (last_message(saved), saved["Location"]) == ("Đã lưu câu chuyện 1.", f"{at}?chuyen={first.pk}")
    assert held.entries.get(pk=second.pk).story == "Chuyện của thôn"
    shown = staff.get(f"{at}?chuyen={second.pk}")
    assert (shown.context["opened"], shown.context["after"]) == (second, first)
    wrong = staff.post(at, {"chuyen-so": str(first.pk), "vi-tri": "hai", "viec": "chuyen"})
    assert last_message(wrong) == "Vị trí “hai” không phải một số."
    staff.post(at, {"chuyen-so": str(first.pk), "vi-tri": "1", "viec": "chuyen"})
    assert held.entries.order_by("position")[0] == first
    assert [staff.get(f"{at}{name}").status_code for name in ("giay-moi/", "chuong-trinh/", "lich.ics")] == [200] * 3
    assert "DTSTART;VALUE=DATE:20231115" in staff.get(f"{at}lich.ics").content.decode()
    dropped = second.recognition_id
    staff.post(at, {"chuyen-so": str(second.pk), "bo": "1"})
    assert dropped not in held.entries.values_list("recognition", flat=True)
    added = staff.post(opened["Location"], {"them": "1", "mo-hinh": str(dropped)})
    assert last_message(added) == "Đã thêm 1 mô hình."
    assert held.entries.order_by("-position")[0].recognition_id == dropped
    reader = entered(DISTRICT_LEADER)
    assert reader.get(opened["Location"]).context["may_run"] is False
    assert reader.post(at, {"chuyen-so": str(first.pk), "bo": "1"}).status_code == 404
    with refused("Vai trò của đồng chí không làm việc này cho đơn vị.", NotAllowed):
        add_entries(conference_id=held.pk, recognition_ids=[dropped], actor=person(DISTRICT_LEADER))


def test_a_conference_of_an_earlier_year_names_units_as_they_proposed() -> None:
    open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 10, 15)))
    with time_machine.travel("2025-03-10T03:00:00Z", tick=False):
        staff = entered(PROVINCE_STAFF)
        offered = staff.get("/lam-viec/hoi-nghi/").context["form"].fields["year"].choices
        assert [one for one in offered if one[0] == 2023] == [(2023, "2023: 22 mô hình đã công nhận")]
        given = {"ten": "Hội nghị", "nam": "2023", "ngay": "22/12/2023"}
        assert staff.post("/lam-viec/hoi-nghi/", given | {"nam": "1990"}).status_code == 422
        opened = staff.post("/lam-viec/hoi-nghi/", given)["Location"]
        agenda = "\n".join(lines_of_word(staff.get(f"{opened}chuong-trinh/").content))
        printed, listed = (plain(staff.get(page).content.decode()) for page in (f"{opened}in/", opened))
    held = Conference.objects.get()
    assert (held.season.year, held.entries.count()) == (2023, 22)
    named = {str(one.recognition.proposer) for one in held.entries.all()}
    assert "Huyện ủy Hàm Thuận Bắc (xã Hàm Hiệp)" in named
    assert all(name in agenda and name in printed and name in listed for name in named)


@pytest.mark.stage("published", count=3, against=())
def test_a_conference_is_put_in_order_as_a_whole_and_back(season: Any, stage: Any) -> None:
    held = open_conference(
        unit=body(), season=season, facts=ConferenceFacts("Hội nghị", date(2023, 11, 15), ""), actor=person(STAFF)
    )
    staff, at = entered(STAFF), f"/lam-viec/hoi-nghi/{held.pk}/"
    last, *_ = held.entries.order_by("-position")
    staff.post(at, {"chuyen-so": str(last.pk), "vi-tri": "1", "viec": "chuyen"})
    before = list(held.entries.order_by("position"))
    assert staff.get(at).context["may_undo"] is False
    assert last_message(staff.post(at, {"viec": "xep-lai", "xep": "tuổi"})) == "Xin chọn xếp lại theo gì."
    arranged = staff.post(at, {"viec": "xep-lai", "xep": "hang"})
    assert last_message(arranged) == "Đã xếp lại theo thứ hạng hội đồng biểu quyết."
    dossiers = {one.registration_id: one.ballot.rank for one in stage[1]}
    ranks = [dossiers.get(one.recognition.registration_id, 1000) for one in held.entries.order_by("position")]
    assert ranks == sorted(ranks) and staff.get(at).context["may_undo"] is True
    assert last_message(staff.post(at, {"viec": "hoan-tac"})) == "Đã trở lại thứ tự trước."
    assert list(held.entries.order_by("position")) == before and staff.get(at).context["may_undo"] is False
    for by in ("don-vi", "linh-vuc"):
        assert staff.post(at, {"viec": "xep-lai", "xep": by}).status_code == 302
    staff.post(at, {"xuong": str(before[0].pk)})
    assert staff.get(at).context["may_undo"] is False  # moved by hand since


@pytest.mark.parametrize(
    "words, name, advice",
    [
        (0, "Chưa viết", "còn thiếu chừng 450 chữ cho đủ một trang"),
        (41, "Đang viết", "còn thiếu chừng 410 chữ cho đủ một trang"),
        (450, "Đủ một trang", ""),
        (560, "Quá một trang", "dài hơn một trang chừng 110 chữ"),
    ],
)
def test_a_story_says_how_far_it_is(words: int, name: str, advice: str) -> None:
    story = Story(words)
    assert (story.name, story.advice) == (name, advice)


@pytest.mark.stage("published", count=2, against=())
def test_a_story_saves_itself_and_takes_words_from_its_dossier(season: Any, stage: Any) -> None:
    held = open_conference(
        unit=body(), season=season, facts=ConferenceFacts("Hội nghị", date(2023, 11, 15), ""), actor=person(STAFF)
    )
    staff, at = entered(STAFF), f"/lam-viec/hoi-nghi/{held.pk}/"
    first = held.entries.get(recognition__registration=stage[1][0].registration)
    saved = staff.post(at, {"viec": "tu-luu", "chuyen-so": str(first.pk), "chuyen": "Dân góp công."})
    first.refresh_from_db()
    assert (saved.status_code, first.story) == (204, "Dân góp công.")
    page = staff.get(at, {"chuyen": first.pk})
    assert page.context["source"] == stage[1][0]
    held.entries.exclude(pk=first.pk).update(story="")
    page = staff.get(at)
    assert [page.context[name] for name in ("written", "under_way", "unwritten")] == [0, 1, held.entries.count() - 1]


@pytest.mark.stage("published")
def test_the_hour_of_a_conference_stands_on_its_papers(season: Any, stage: Any) -> None:
    held = open_conference(
        unit=body(), season=season, facts=ConferenceFacts("Hội nghị", date(2023, 11, 15), ""), actor=person(STAFF)
    )
    staff, at = entered(STAFF), f"/lam-viec/hoi-nghi/{held.pk}/"
    form = {"viec": "sua", "ten": "Hội nghị", "ngay": "16/11/2023", "gio": "25 giờ", "noi": "Ma Lâm"}
    wrong = staff.post(at, form)
    assert (wrong.status_code, refusal_on(wrong)) == (422, "Giờ “25 giờ” không đọc được; viết như 8 giờ 30 hoặc 08:30.")
    assert wrong.context["form"]["place"].value() == "Ma Lâm"
    assert "..... giờ ....., ngày 15/11/2023" in words_of(staff.get(f"{at}giay-moi/"))
    assert staff.post(at, form | {"gio": "8h30"}).status_code == 302
    held.refresh_from_db()
    assert (held.hour, held.place) == ("8 giờ 30", "Ma Lâm")
    for name in ("giay-moi/", "chuong-trinh/"):
        assert "8 giờ 30, ngày 16/11/2023" in words_of(staff.get(f"{at}{name}"))
    with on(10, 10, 5):
        calendar = staff.get(f"{at}lich.ics").content.decode()
    assert "DTSTART:20231116T013000Z" in calendar and "DTSTAMP:20231010T050000Z" in calendar  # when it was made


@pytest.mark.stage("published")
def test_certificates_are_of_recognitions_under_a_letterhead(stage: Any) -> None:
    (_, (first, _)) = stage
    Recognition.objects.filter(registration=first.registration).update(revoked_on=date(2023, 10, 10), revoked_by=stage[0])
    form = {"decided_on": date(2023, 10, 10), "issuer": body(), "issuer_name": "Ban lạ", "level": stage[0].level}
    strange = Decision.objects.create(number="9-QĐ/LẠ", **form)
    Recognition.objects.create(registration=first.registration, decision=strange, level=strange.level, title="Tên")
    with refused("Chưa khai thể thức giấy tờ của cơ quan ký quyết định này; khai ở trang Giấy tờ."):
        ask_certificates(decision_id=strange.pk, actor=person(STAFF))
    withdrawal = Decision.objects.create(number="10-QĐ/HU", purpose="withdraw", **form)
    with refused("Chỉ quyết định công nhận mới có giấy công nhận."):
        ask_certificates(decision_id=withdrawal.pk, actor=person(STAFF))
    assert Certificate.objects.count() == 0


@pytest.mark.stage("published")
def test_certificates_are_asked_for_watched_and_stopped_on_their_page(stage: Any) -> None:
    (decision, _) = stage
    staff, address = entered(STAFF), f"/lam-viec/quyet-dinh/{decision.pk}/giay/"
    assert staff.get(f"{address}tien-do/")["HX-Refresh"] == "true"  # nothing to wait for
    assert staff.post(address, {"viec": "dung"})["Location"] == address  # nothing to stop
    assert staff.post(address, {"phoi": ""})["Location"] == address
    batch, first = decision.batches.get(), Certificate.objects.filter(recognition__decision=decision)[0]
    assert "HX-Refresh" not in staff.get(f"{address}tien-do/").headers
    assert staff.get(f"{address}{first.pk}/").status_code == 404  # not printed yet
    assert staff.get(f"{address}ca-lo/{batch.pk}/").status_code == 404
    stopped = staff.post(address, {"viec": "dung"})
    assert last_message(stopped) == "Đã dừng. Giấy đã in xong vẫn giữ; số đã cấp không đổi."
    assert entered(COMMUNE).get(address).status_code == 404


@pytest.mark.stage("published")
def test_a_layout_is_kept_by_its_own_body_with_blocks_on_the_sheet() -> None:
    form: dict[str, Any] = {
        "name": "Phôi 2023",
        "subject_kind": "",
        "width": 420,
        "height": 297,
        "is_blank": True,
        "shift_x": 0,
        "shift_y": 0,
        "blocks": default_blocks(),
    }
    with refused("Vai trò của đồng chí không sửa mẫu phôi của đơn vị này.", NotAllowed):
        save_layout(unit=body(), layout=StockLayout(**form), actor=person(COMMUNE))
    outside = {"name": default_blocks()["name"] | {"x": -1}}
    with refused("Tên tập thể, cá nhân: vị trí, kích thước từ 0 đến 500 mm."):
        save_layout(unit=body(), layout=StockLayout(**form | {"blocks": outside}), actor=person(STAFF))
