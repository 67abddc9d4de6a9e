"""The pages of a draft: begun, written, looked through, sent back, thrown away, published; what each refusal says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from common.exceptions import NotAllowed
from notifications.models import Message
from recognition.models import CriteriaSet, Criterion, Decision, DecisionDraft, Grade, RecognitionRound
from recognition.selectors.draft_page import Row, checks_of, effects_of, groups_of, unwritten
from recognition.services import (
    DraftTyped,
    advance,
    begin_draft,
    check_draft,
    close_voting,
    discard_draft,
    open_voting,
    send_back,
    write_draft,
)
from tests.online import person
from tests.pages import entered, last_message, plain, refusal_on, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, drafted, on, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "decision_day")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def list_page(round_: RecognitionRound) -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/quyet-dinh/"


def page_of(draft: DecisionDraft) -> str:
    return f"/lam-viec/du-thao/{draft.pk}/"


def now(draft: DecisionDraft) -> DecisionDraft:
    return DecisionDraft.objects.get(pk=draft.pk)


@pytest.mark.stage("voted", against=(1,))
def test_a_draft_is_begun_on_the_rounds_page_by_who_runs_it(stage: Any) -> None:
    (round_, (first, second)) = stage
    staff = entered(STAFF)
    assert staff.get(list_page(round_)).context["may_begin"] is True
    begun = staff.post(list_page(round_))
    draft = DecisionDraft.objects.get()
    assert (begun.status_code, begun["Location"]) == (302, page_of(draft))
    assert list(draft.lines.values_list("dossier", "verdict")) == [(first.pk, "recognise"), (second.pk, "refuse")]
    assert staff.get(list_page(round_)).context["may_begin"] is False
    leader = entered(LEADER)
    assert leader.get(list_page(round_)).context["drafts"] == [draft]
    assert leader.post(list_page(round_)).status_code == 404
    assert entered(COMMUNE).get(list_page(round_)).status_code == 404


@pytest.mark.stage("published", count=1)
def test_no_draft_over_a_round_that_has_decided_all(stage: Any) -> None:
    (decision, _) = stage
    response = entered(STAFF).post(list_page(decision.round))
    assert last_message(response) == "Mọi hồ sơ của đợt này đã có quyết định."
    assert DecisionDraft.objects.count() == 1


@pytest.mark.stage("meeting")
def test_no_draft_before_the_council_has_voted(stage: Any) -> None:
    (round_, _) = stage
    assert entered(STAFF).get(list_page(round_)).status_code == 404
    with refused("Quyết định soạn ở bước “ra quyết định”, sau khi hội đồng biểu quyết xong."):
        begin_draft(round_id=round_.pk, actor=person(STAFF))
    with refused("Hội đồng chưa biểu quyết xong."):
        advance(round_id=round_.pk, actor=person(STAFF))


@pytest.mark.stage("voted", count=1)
def test_what_is_typed_is_kept_line_by_line(stage: Any) -> None:
    (round_, _) = stage
    draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    line = draft.lines.get()
    form = {
        "viec": "luu",
        "co-quan": "HU",
        "so": "61",
        "ngay": "10/10/2023",
        "can-cu": "Kế hoạch số 10-KH/HU",
        "xet": "Ban Dân vận",
    }
    form |= {"dieu-2": "Cấp giấy.", "dieu-3": "Thi hành.", f"kl-{line.pk}": "refuse", f"ly-{line.pk}": "Kê khai sai"}
    form |= {f"sua-{line.pk}": "Đo lại", f"ten-{line.pk}": "", f"nguoi-{line.pk}": "", "ban": str(draft.version)}
    saved = entered(STAFF).post(page_of(draft), form)
    assert (saved["Location"], last_message(saved)) == (page_of(draft), "Đã lưu dự thảo.")
    draft = now(draft)
    assert (draft.suffix, draft.number, draft.decided_on, draft.version) == ("HU", 61, date(2023, 10, 10), 1)
    assert (draft.grounds, draft.request, draft.benefits, draft.duties) == (
        "Kế hoạch số 10-KH/HU",
        "Ban Dân vận",
        "Cấp giấy.",
        "Thi hành.",
    )
    line.refresh_from_db()
    assert (line.verdict, line.reason, line.mend) == ("refuse", "Kê khai sai", "Đo lại")


@pytest.mark.stage("voted", count=1)
@pytest.mark.parametrize(
    "typed, words",
    [
        ({"ngay": "31/02/2023"}, "Ngày “31/02/2023” không có thật; viết ngày/tháng/năm."),
        ({"so": "61a"}, "Số “61a” không phải một số; chỉ ghi phần số, ví dụ 61."),
        ({"so": "0"}, "Số “0” không phải một số; chỉ ghi phần số, ví dụ 61."),
        ({"so": "1234567"}, "Số “1234567” không phải một số; chỉ ghi phần số, ví dụ 61."),
        ({"ban": "7"}, "Dự thảo vừa được người khác sửa. Xin tải lại trang, xem rồi làm tiếp; chữ vừa gõ còn trên trang này."),
    ],
    ids=["no-day", "no-number", "zero", "too-long", "not-seen"],
)
def test_what_cannot_be_kept_is_shown_again_as_typed(stage: Any, typed: dict[str, str], words: str) -> None:
    (round_, _) = stage
    draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    form = {"viec": "luu", "co-quan": "HU", "so": "61", "ngay": "10/10/2023", "can-cu": "Chữ vừa gõ"} | typed
    response = entered(STAFF).post(page_of(draft), form)
    assert (response.status_code, refusal_on(response)) == (409, words)
    assert (response.context["texts"]["can-cu"], response.context["typed"]["so"]) == ("Chữ vừa gõ", form["so"])
    assert response.content.decode().count('aria-invalid="true"') == ("ban" not in typed)
    assert (now(draft).number, now(draft).version) == (None, 0)


@pytest.mark.stage("voted", count=2)
def test_a_draft_saves_itself_and_says_what_it_could_not_keep(stage: Any) -> None:
    (round_, _) = stage
    draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    first, second = draft.lines.all()
    form = {"co-quan": "HU", "so": "61", "ngay": "31/2/2023", "can-cu": "Kế hoạch số 10-KH/HU", "ban": "0"}
    form |= {f"kl-{first.pk}": "refuse", f"ly-{first.pk}": "Kê khai sai"}
    staff = entered(STAFF)
    saved = staff.post(f"{page_of(draft)}luu/", form)
    said = saved.content.decode()
    assert (saved.status_code, 'data-version="1"' in said, "Ngày “31/2/2023” không có thật" in said) == (200, True, True)
    draft = now(draft)
    assert (draft.number, draft.decided_on, draft.grounds) == (61, None, "Kế hoạch số 10-KH/HU")
    first.refresh_from_db()
    assert (first.verdict, first.reason, draft.lines.get(pk=second.pk).verdict) == ("refuse", "Kê khai sai", second.verdict)
    again = staff.post(f"{page_of(draft)}luu/", form)  # of another page, still on the version before
    assert (again.status_code, now(draft).version) == (409, 1)
    assert "vừa được người khác sửa" in again.content.decode()
    assert entered(LEADER).post(f"{page_of(draft)}luu/", form).status_code == 404


@pytest.mark.stage("voted", count=2)
def test_a_search_shows_lines_and_leaves_the_others_as_they_are(stage: Any) -> None:
    (round_, (one, _)) = stage
    draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    page = entered(STAFF).get(page_of(draft), {"q": one.registration.title.upper()})
    (group,) = page.context["groups"]
    assert [row.line.dossier for row in group.rows] == [one]
    assert page.context["found"] == 1 and entered(STAFF).get(page_of(draft), {"q": "không có"}).context["found"] == 0


@pytest.mark.parametrize(
    "grounds, request_, words",
    [
        (" ", "", "căn cứ; xét đề nghị của ai, tại Tờ trình nào"),
        ("Căn cứ Điều lệ", "", "xét đề nghị của ai, tại Tờ trình nào"),
        ("Căn cứ Điều lệ", "Xét đề nghị của Ban", ""),
    ],
)
def test_what_nobody_wrote_is_named_and_keeps_nothing_back(grounds: str, request_: str, words: str) -> None:
    assert unwritten(DecisionDraft(grounds=grounds, request=request_)) == words


@pytest.mark.stage("voted", count=1)
def test_checked_sent_back_checked_again_and_published(stage: Any) -> None:
    (round_, _) = stage
    draft, leader = drafted(round_), entered(LEADER)
    checked = leader.post(page_of(draft), {"viec": "kiem-tra", "ban": str(draft.version)})
    assert last_message(checked) == "Đã ghi: kiểm tra xong. Có thể ban hành."
    first_check = now(draft).checked_at
    assert check_draft(draft_id=draft.pk, actor=person(LEADER)).checked_at == first_check  # a second tap
    empty = leader.post(page_of(draft), {"viec": "tra-lai", "ly-do": " "})
    assert (empty.status_code, empty.context["errors"]) == (409, [("ly-do", "Xin ghi cần sửa gì.")])
    assert now(draft).state == "checked"
    back = leader.post(page_of(draft), {"viec": "tra-lai", "ly-do": "Ghi thiếu căn cứ"})
    assert (last_message(back), now(draft).state, now(draft).checked_by) == ("Đã trả lại người soạn.", "preparing", None)
    told = Message.objects.filter(recipient=person(STAFF), event_key__startswith=f"draft-back:{draft.pk}:")
    assert list(told.values_list("subject", "body")) == [("Dự thảo quyết định cần sửa", "Ghi thiếu căn cứ")]
    last = page_of(draft) + "ban-hanh/"
    early = leader.post(last, {"da-ky": "1", "ban": str(draft.version)})
    words = "Quyết định này đang ở trạng thái “đang soạn”; xin tải lại trang."
    assert (early.status_code, early.context["errors"]) == (409, [("", words)])
    leader.post(page_of(draft), {"viec": "kiem-tra"})
    asked = leader.get(last)
    assert (asked.context["problems"], asked.context["number"]) == ([], "61-QĐ/HU")
    assert asked.context["checks"][0] == "Số 61-QĐ/HU chưa dùng trong năm 2023"
    assert [words.split(" kiểm tra lúc")[0] for words in asked.context["checks"][2:]] == [
        "0 tập thể + 1 cá nhân = 1",
        str(person(LEADER)),
    ]
    unread = leader.post(last, {"ban": str(draft.version)})
    assert asked.context["unwritten"] == "" and "Chưa ghi" not in plain(asked.content.decode())
    assert [place for place, words in unread.context["errors"] if "Xin đánh dấu" in words] == ["da-ky"]
    assert (unread.status_code, now(draft).state) == (409, "checked")
    done = leader.post(last, {"da-ky": "1", "ban": str(draft.version)})
    decision = Decision.objects.get(round=round_)
    assert (done["Location"], last_message(done)) == (
        f"/lam-viec/quyet-dinh/{decision.pk}/",
        "Đã ban hành 61-QĐ/HU. Các đơn vị đã được báo.",
    )
    late = leader.post(last, {"da-ky": "1"})
    assert (late["Location"], last_message(late)) == (
        f"/lam-viec/quyet-dinh/{decision.pk}/",
        "Đã ban hành trước đó: Quyết định số 61-QĐ/HU.",
    )


@pytest.mark.stage("voted", against=(1,), count=3)
def test_before_publishing_a_page_says_what_will_happen_and_to_whom(stage: Any) -> None:
    (round_, _) = stage
    draft = drafted(round_)
    effects = effects_of(draft)
    assert effects.counts == {"recognise": 2, "refuse": 1}
    assert (effects.collectives + effects.individuals, effects.units) == (2, ["Đảng ủy xã Hàm Hiệp"])
    assert entered(LEADER).get(page_of(draft) + "ban-hanh/").context["problems"] == [
        "Dự thảo chưa có người kiểm tra, hoặc đã sửa sau khi kiểm tra."
    ]
    assert entered(STAFF).get(page_of(draft) + "ban-hanh/").status_code == 404


@pytest.mark.stage("voted", against=(1,), count=3)
def test_a_reason_is_asked_for_only_where_one_is_due(stage: Any) -> None:
    (round_, dossiers) = stage
    draft = drafted(round_)
    draft.lines.filter(dossier=dossiers[1]).update(reason="")
    page = entered(LEADER).get(page_of(draft))
    assert [row.line.dossier for row in page.context["unreasoned"]] == [dossiers[1]]
    assert page.context["kinds"] == [
        ("chua-ly-do", "Chưa có lý do", 1),
        ("recognise", "Công nhận", 2),
        ("refuse", "Không công nhận", 1),
    ]
    for kind, number in (("chua-ly-do", 1), ("recognise", 2), ("later", 0)):
        assert entered(LEADER).get(page_of(draft), {"xem": kind}).context["found"] == number
    assert page.context["paper"]["dieu_1"].startswith("Công nhận 2 mô hình “Dân vận khéo” cấp huyện năm 2023")


@pytest.mark.stage("voted", count=1)
def test_each_does_only_their_part_of_a_draft(stage: Any) -> None:
    (round_, _) = stage
    draft, staff, leader = drafted(round_), entered(STAFF), entered(LEADER)
    assert [staff.post(page_of(draft), {"viec": what}).status_code for what in ("kiem-tra", "tra-lai")] == [404] * 2
    assert staff.post(page_of(draft) + "ban-hanh/", {"da-ky": "1"}).status_code == 404
    assert [leader.post(page_of(draft), {"viec": what}).status_code for what in ("luu", "bo")] == [404] * 2
    assert [browser.post(page_of(draft), {"viec": "in"}).status_code for browser in (staff, leader)] == [404] * 2
    assert entered(COMMUNE).get(page_of(draft)).status_code == 404
    assert (now(draft).state, now(draft).version) == ("preparing", draft.version)
    ids = {"draft_id": draft.pk, "actor": person(LEADER)}
    with refused("Vai trò của đồng chí không soạn quyết định này.", NotAllowed):
        write_draft(typed=DraftTyped(suffix="HU", number=1, decided_on=None), **ids)
    with refused("Vai trò của đồng chí không soạn quyết định này.", NotAllowed):
        discard_draft(**ids)
    with refused("Vai trò của đồng chí không duyệt quyết định này.", NotAllowed):
        send_back(draft_id=draft.pk, why="Sửa", actor=person(STAFF))


@pytest.mark.stage("voted", count=1)
def test_who_wrote_in_a_draft_is_told_that_another_checks_it(stage: Any) -> None:
    (round_, _) = stage
    draft = drafted(round_)
    draft.writers.add(person(LEADER))
    leader = entered(LEADER)
    response = leader.post(page_of(draft), {"viec": "kiem-tra"})
    assert (response.status_code, refusal_on(response)) == (409, "Ai đã soạn thì không tự duyệt quyết định ấy.")
    assert leader.get(page_of(draft)).context["may_decide"] is False


@pytest.mark.stage("voted", count=1)
def test_a_draft_is_thrown_away_and_the_round_stands_as_before(stage: Any) -> None:
    (round_, _) = stage
    draft = drafted(round_)
    gone = entered(STAFF).post(page_of(draft), {"viec": "bo"})
    assert (gone["Location"], last_message(gone)) == (list_page(round_), "Đã bỏ dự thảo; chưa có gì được ban hành.")
    assert DecisionDraft.objects.count() == 0


@pytest.mark.stage("meeting", count=3)
def test_a_draft_says_what_the_figures_speak_against(stage: Any) -> None:
    """No score, a total under its least, a criterion under its own: each is a reason to refuse."""
    (round_, (first, second, third)) = stage
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        for judge in JUDGES:
            vote(round_, judge, dict.fromkeys((first, second, third), "for"))
        close_voting(round_id=round_.pk, actor=person(STAFF))
        advance(round_id=round_.pk, actor=person(STAFF))
    third.sheets.all().delete()
    CriteriaSet.objects.filter(pk=round_.criteria_id).update(minimum_total=Decimal(88))
    Criterion.objects.filter(criteria=round_.criteria_id, position=2).update(minimum=Decimal(18))
    draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    assert {line.dossier: (line.verdict, line.reason) for line in draft.lines.all()} == {
        first: ("recognise", ""),
        second: ("refuse", "Tổng điểm 87, dưới mức 88. Dưới mức tối thiểu: Sáng tạo, “khéo”."),
        third: ("refuse", "Chưa có điểm."),
    }


@pytest.mark.stage("voted", count=3, against=(2,))
def test_lines_stand_above_and_below_the_cut_and_what_publishing_does_is_counted(stage: Any) -> None:
    round_, (first, second, third) = stage
    RecognitionRound.objects.filter(pk=round_.pk).update(cut_after=1)
    draft = drafted(RecognitionRound.objects.get(pk=round_.pk))
    lines = list(draft.lines.select_related("dossier").order_by("dossier__number"))
    groups = groups_of(draft, [Row.of(line, {}) for line in lines])
    assert [(group.title, [row.line.dossier_id for row in group.rows], group.is_below) for group in groups] == [
        ("Trên vạch: 1 hồ sơ", [first.pk], False),
        ("Dưới vạch: 2 hồ sơ", [second.pk, third.pk], True),
    ]
    grade = Grade.objects.create(unit=draft.unit, name="tiêu biểu", valid_from=date(2023, 1, 1))
    draft.lines.filter(dossier=first).update(verdict="recognise", grade=grade)
    draft.lines.filter(dossier=second).update(verdict="later")
    draft.lines.filter(dossier=third).update(verdict="refuse", reason="Chưa đủ")
    effects = effects_of(draft)
    assert (effects.counts, effects.grades) == ({"recognise": 1, "later": 1, "refuse": 1}, {"tiêu biểu": 1})
    assert effects.collectives + effects.individuals == 1
    checks = checks_of(draft, "61-QĐ/HU", effects)
    assert checks[0] == "Số 61-QĐ/HU chưa dùng trong năm 2023" and "Ngày 10/10/2023 không trước ngày họp 05/10/2023" in checks
    assert "1/1 dòng không công nhận, thu hồi có lý do" in checks and not any("kiểm tra lúc" in words for words in checks)
    check_draft(draft_id=draft.pk, actor=person(LEADER))
    assert f"{person(LEADER)} kiểm tra lúc 10:00 10/10/2023" in checks_of(now(draft), "61-QĐ/HU", effects)


@pytest.mark.stage("voted", count=1)
def test_without_a_cut_all_lines_are_one_list(stage: Any) -> None:
    draft = drafted(stage[0])
    (group,) = groups_of(draft, [Row.of(line, {}) for line in draft.lines.all()])
    assert (group.title, len(group.rows), group.is_below) == ("", 1, False)
