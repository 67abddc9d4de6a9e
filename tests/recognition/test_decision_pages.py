"""The page of a published decision: signed scans, withdrawals and corrections, introductions to the centre, appeals."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from common.exceptions import NotAllowed
from recognition.enums import Purpose
from recognition.models import (
    CentralIntroduction,
    Commendation,
    Decision,
    DecisionDraft,
    DecisionFile,
    Recognition,
)
from recognition.services import (
    DraftTyped,
    LineTyped,
    begin_amendment,
    introduce,
    problems_of,
    withdraw_introduction,
    write_draft,
)
from tests.online import person
from tests.pages import entered, last_message, refused
from tests.photos import PDF
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, PROVINCE_STAFF, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "decision_day")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def page_of(decision: Decision) -> str:
    return f"/lam-viec/quyet-dinh/{decision.pk}/"


def retyped(draft: DecisionDraft, line: LineTyped, **other: Any) -> DecisionDraft:
    """A draft written anew, each of its lines as given."""
    lines = {found.pk: line for found in draft.lines.all()}
    given: dict[str, Any] = {
        "suffix": "HU",
        "number": None,
        "decided_on": date(2023, 10, 10),
        "lines": lines,
    }
    actor = other.pop("actor", None) or person(STAFF)
    return write_draft(draft_id=draft.pk, typed=DraftTyped(**given | other), actor=actor)


@pytest.mark.stage("published", count=1)
def test_the_signed_scan_is_sent_on_the_page_and_handed_out_to_the_bodys_own(stage: Any) -> None:
    (decision, _) = stage
    leader = entered(LEADER)
    nothing = leader.post(page_of(decision), {"viec": "ban-ky"})
    assert (nothing.status_code, nothing.context["errors"]) == (422, [("tep", "Chưa chọn tệp nào.")])
    sent = leader.post(page_of(decision), {"viec": "ban-ky", "tep": SimpleUploadedFile("qd-61.pdf", PDF)})
    assert (sent["Location"], last_message(sent)) == (page_of(decision), "Đã nhận bản ký. Bản trước, nếu có, vẫn giữ.")
    file = DecisionFile.objects.get(decision=decision, kind="signed")
    given_out = leader.get(f"{page_of(decision)}tep/{file.pk}/")
    assert (b"".join(given_out.streaming_content), given_out["Content-Type"]) == (PDF, "application/pdf")
    reader = entered(COMMUNE)
    assert reader.get(f"{page_of(decision)}tep/{file.pk}/").status_code == 404
    assert reader.post(page_of(decision), {"viec": "ban-ky", "tep": SimpleUploadedFile("x.pdf", PDF)}).status_code == 404
    assert DecisionFile.objects.filter(decision=decision, kind="signed").count() == 1


@pytest.mark.stage("published")
def test_models_are_withdrawn_by_a_draft_that_is_begun_on_the_page(stage: Any) -> None:
    (decision, _) = stage
    staff = entered(STAFF)
    nothing = staff.post(page_of(decision), {"viec": "thu-hoi"})
    first = decision.recognitions.order_by("registration__subject_kind", "title")[0]
    assert nothing.context["errors"] == [(f"mh_{first.pk}", "Xin chọn ít nhất một mô hình còn hiệu lực công nhận.")]
    begun = staff.post(page_of(decision), {"viec": "thu-hoi", "tat-ca": "1"})
    draft = DecisionDraft.objects.get(purpose=Purpose.WITHDRAW)
    assert begun["Location"] == f"/lam-viec/du-thao/{draft.pk}/"
    assert set(draft.lines.values_list("recognition", "verdict")) == {
        (pk, "revoke") for pk in decision.recognitions.values_list("pk", flat=True)
    }
    offered = staff.get(f"/lam-viec/du-thao/{draft.pk}/").context["offered"]
    assert [verdict.label for verdict in offered] == ["Thu hồi", "Để quyết định sau"]
    chosen = decision.recognitions.first()
    busy = staff.post(page_of(decision), {"viec": "dinh-chinh", "mo-hinh": str(chosen.pk)})
    words = f"“{chosen.title}” đang ở một dự thảo khác chưa ban hành. Xin ban hành hoặc bỏ dự thảo ấy."
    assert (busy.context["errors"], busy.context["ticked"]) == ([(f"mh_{chosen.pk}", words)], [chosen.pk])


@pytest.mark.stage("published", count=1, against=())
def test_a_correction_is_begun_on_the_page_and_needs_a_name_that_differs(stage: Any) -> None:
    (decision, _) = stage
    staff, found = entered(STAFF), decision.recognitions.get()
    staff.post(page_of(decision), {"viec": "dinh-chinh", "mo-hinh": str(found.pk)})
    draft = DecisionDraft.objects.get(purpose=Purpose.CORRECT)
    offered = staff.get(f"/lam-viec/du-thao/{draft.pk}/").context["offered"]
    assert [verdict.label for verdict in offered] == ["Đính chính tên", "Để quyết định sau"]
    unnamed = retyped(draft, LineTyped("retitle", title="", subject=found.subject))
    assert problems_of(unnamed) == [f"“{found.title}”: chưa ghi tên đúng."]
    same = retyped(draft, LineTyped("retitle", title=found.title, subject=found.subject))
    assert problems_of(same) == [f"“{found.title}”: tên và người làm chưa đổi gì so với quyết định trước."]
    assert problems_of(retyped(draft, LineTyped("retitle", title="Tên đúng", subject=found.subject))) == []
    assert problems_of(retyped(draft, LineTyped("later"))) == ["Chưa chọn mô hình nào."]


@pytest.mark.stage("published", count=1, against=())
def test_what_was_withdrawn_elsewhere_meanwhile_is_named(stage: Any) -> None:
    (decision, _) = stage
    found = decision.recognitions.get()
    ids = {"decision_id": decision.pk, "actor": person(STAFF)}
    draft = begin_amendment(purpose=Purpose.WITHDRAW, recognition_ids=[found.pk], **ids)
    Recognition.objects.filter(pk=found.pk).update(revoked_on=date(2023, 10, 10), revoked_by=decision)
    assert problems_of(retyped(draft, LineTyped("revoke", "Kê khai sai"))) == [
        f"“{found.title}” đã bị thu hồi từ ngày 10/10/2023."
    ]
    with refused("Xin chọn ít nhất một mô hình còn hiệu lực công nhận."):
        begin_amendment(purpose=Purpose.WITHDRAW, recognition_ids=[found.pk], **ids)
    with refused("Quyết định đã ban hành chỉ được thu hồi, đính chính, hoặc chọn mô hình để ghi mức, thu hồi mức."):
        begin_amendment(purpose=Purpose.RECOGNISE, recognition_ids=[found.pk], **ids)
    with refused("Vai trò của đồng chí không soạn quyết định của đơn vị này.", NotAllowed):
        begin_amendment(decision_id=decision.pk, purpose=Purpose.CORRECT, recognition_ids=[found.pk], actor=person(LEADER))


@pytest.mark.stage("published")
def test_commendations_are_proposed_from_the_page(stage: Any) -> None:
    (decision, _) = stage
    response = entered(STAFF).post(page_of(decision), {"viec": "giay-khen", "tat-ca": "1"})
    assert response["Location"] == "/lam-viec/khen-thuong/"
    proposed = Commendation.objects.values_list("recognition", "award", "unit__key")
    assert set(proposed) == {(found.pk, "giay-khen", "ham-thuan-bac") for found in decision.recognitions.all()}


@pytest.mark.stage("published", count=1)
def test_who_does_not_run_the_body_does_nothing_on_the_page(stage: Any) -> None:
    (decision, _) = stage
    form = {"mo-hinh": str(decision.recognitions.get().pk)}
    for name in (LEADER, COMMUNE):
        browser = entered(name)
        for what in ("thu-hoi", "dinh-chinh", "bang-khen", "xoa"):
            assert browser.post(page_of(decision), form | {"viec": what}).status_code == 404
    assert (DecisionDraft.objects.count(), Commendation.objects.count()) == (1, 0)


def provincial() -> Recognition:
    """A recognition of the province of which the centre has not been told."""
    standing = Recognition.objects.filter(level__gathers_registers=True, revoked_on__isnull=True)
    found = standing.filter(registration__central_introduction__isnull=True).select_related("decision", "registration").first()
    assert found is not None
    return found


def test_models_are_introduced_to_the_centre_and_back_on_the_page() -> None:
    found = provincial()
    with on(12, 28):
        staff = entered(PROVINCE_STAFF)
        chosen = {"mo-hinh": str(found.pk)}
        there, back = (f"{page_of(found.decision)}{name}/" for name in ("gioi-thieu", "rut-gioi-thieu"))
        for address, form, place, words in (
            (there, {"ngay": "32/12/2023"}, "ngay", "Ngày “32/12/2023” không có thật; viết ngày/tháng/năm."),
            (back, {"ngay": ""}, "mo-hinh", "Xin chọn ít nhất một mô hình."),
            (there, {"ngay": "20/12/2023", "mo-hinh": "999999"}, "mo-hinh", "Xin chọn ít nhất một mô hình."),
        ):
            refusal = staff.post(address, chosen | form)
            assert (refusal.status_code, refusal.context["errors"]) == (422, [(place, words)])
        assert CentralIntroduction.objects.filter(registration=found.registration).count() == 0
        asked = staff.post(there, chosen | {"viec": "chon", "csrfmiddlewaretoken": "x"})
        assert asked["Location"] == f"{there}?mo-hinh={found.pk}"
        assert staff.get(asked["Location"]).context["chosen"] == {found.pk}
        act = chosen | {"ngay": "20/12/2023", "loi": "Đợt 2", "so": "12-CV/BDVTU"}
        letter = staff.post(there, act | {"viec": "word"})
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(b"".join(letter))).paragraphs)
        assert "trân trọng giới thiệu với Trung ương 1 mô hình" in text and "Đợt 2" in text
        assert CentralIntroduction.objects.filter(registration=found.registration).count() == 0  # a letter is not yet the act
        assert last_message(staff.post(there, act)) == "Đã ghi giới thiệu Trung ương 1 mô hình."
        assert back in staff.get(page_of(found.decision)).content.decode()
        introduced = CentralIntroduction.objects.get(registration=found.registration)
        assert (introduced.introduced_on, introduced.programme, introduced.paper) == (
            date(2023, 12, 20),
            "Đợt 2",
            "12-CV/BDVTU",
        )
        early = staff.post(back, chosen | {"ngay": "19/12/2023", "loi": "Trùng"})
        assert early.context["errors"] == [("ngay", "Ngày rút phải từ ngày giới thiệu 20/12/2023 đến hôm nay.")]
        assert early.context["typed"]["loi"] == "Trùng"
        gone = staff.post(back, chosen | {"ngay": "28/12/2023", "loi": "Trùng", "so": "15-CV/BDVTU"})
        assert last_message(gone) == "Đã ghi rút giới thiệu 1 mô hình."
        introduced.refresh_from_db()
        assert (introduced.withdrawn_on, introduced.withdrawn_why, introduced.withdrawn_paper) == (
            date(2023, 12, 28),
            "Trùng",
            "15-CV/BDVTU",
        )
        ids = {"registration_id": found.registration_id, "withdrawn_on": date(2023, 12, 25), "why": "Lại"}
        again = withdraw_introduction(actor=person(PROVINCE_STAFF), **ids)  # a second tap
        assert (again.withdrawn_on, again.withdrawn_why) == (date(2023, 12, 28), "Trùng")
        with refused("Vai trò của đồng chí không rút giới thiệu của cấp này.", NotAllowed):
            withdraw_introduction(actor=person(STAFF), **ids)


@pytest.mark.stage("published", count=1)
def test_a_district_introduces_nothing(stage: Any) -> None:
    (decision, _) = stage
    with refused("Chỉ giới thiệu mô hình đang được cấp tỉnh công nhận. Xin chọn ít nhất một mô hình."):
        introduce(
            recognition_ids=[decision.recognitions.get().pk], introduced_on=date(2023, 10, 10), programme="", actor=person(STAFF)
        )
