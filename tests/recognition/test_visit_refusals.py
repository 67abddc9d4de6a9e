"""What keeps a site visit from being planned, sent, or given a photo; what its pages say then."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from recognition.models import RecognitionRound, SiteVisit, VisitPhoto
from recognition.selectors.visits import visits_of
from recognition.services import Checked, VisitFindings, add_visit_photo, plan_visit, send_visit
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.photos import photo
from tests.rounds import DISTRICT_STAFF, JUDGES, proposed, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF


def planned(stage: Any) -> SiteVisit:
    (_, (dossier, *_)) = stage
    return plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 10), visitors="Ban Dân vận", actor=person(STAFF))


def sent(visit: SiteVisit, **other: Any) -> SiteVisit:
    form: dict[str, Any] = {
        "visited_on": date(2023, 9, 10),
        "people_met": "Trưởng thôn",
        "verdict": "as-claimed",
        "remark": "",
        "checks": [],
    }
    return send_visit(visit_id=visit.pk, key=uuid4(), findings=VisitFindings(**form | other), actor=person(STAFF))


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.jpg", photo(width=40, height=30))


@pytest.mark.stage("scoring", count=1)
def test_a_visit_is_planned_on_the_page(stage: Any) -> None:
    (_, (dossier,)) = stage
    staff, address = entered(STAFF), f"/lam-viec/ho-so/{dossier.pk}/khao-sat/"
    for form, place, words in (
        ({"ngay": "31/9/2023", "doan": "Ban Dân vận"}, "ngay", "Ngày “31/9/2023” không có thật; viết ngày/tháng/năm."),
        ({"ngay": "12/9/2023", "doan": " "}, "doan", "Xin ghi đoàn khảo sát gồm ai."),
    ):
        assert staff.post(address, form).context["errors"] == [(place, words)]
    made = staff.post(address, {"ngay": "12/9/2023", "doan": "Ban Dân vận"})
    visit = SiteVisit.objects.get()
    assert (visit.planned_on, visit.visitors, made["Location"]) == (
        date(2023, 9, 12),
        "Ban Dân vận",
        f"/lam-viec/khao-sat/{visit.pk}/",
    )
    said = "Đã hẹn khảo sát; đơn vị được báo. Mở sẵn trang này trên điện thoại trước khi đi."
    assert last_message(made) == said
    assert entered(JUDGES[0]).get(address).status_code == 404


@pytest.mark.stage("proposing")
def test_a_dossier_that_was_not_sent_is_not_visited(stage: Any) -> None:
    dossier = proposed(stage, rows(1)[0])
    with refused("Chỉ hẹn khảo sát hồ sơ đã gửi, trước khi hội đồng biểu quyết."):
        plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 12), visitors="Đoàn", actor=person(STAFF))
    assert SiteVisit.objects.count() == 0


@pytest.mark.stage("scoring", count=1)
def test_a_closed_round_takes_neither_findings_nor_photos(stage: Any) -> None:
    visit = planned(stage)
    RecognitionRound.objects.filter(pk=stage[0].pk).update(phase="closed")
    with refused("Đợt xét đã xong nên không nhận kết quả khảo sát nữa. Bản trên máy này vẫn giữ."):
        sent(visit)
    with refused("Đợt xét đã xong nên không nhận ảnh khảo sát nữa. Ảnh trên máy này vẫn giữ."):
        add_visit_photo(visit_id=visit.pk, key=uuid4(), file=picture(), actor=person(STAFF))
    assert (SiteVisit.objects.get().sent_at, VisitPhoto.objects.count()) == (None, 0)


@pytest.mark.stage("scoring", count=1)
def test_a_line_without_a_name_is_left_out_and_one_with_a_count_is_asked_about(stage: Any) -> None:
    visit = planned(stage)
    staff, address = entered(STAFF), f"/lam-viec/khao-sat/{visit.pk}/"
    form = {"key": str(uuid4()), "ngay": "10/9/2023", "gap": "Trưởng thôn", "ket-luan": "as-claimed"}
    form |= {"gi-0": "lò đốt rác", "thay-0": "134", "gi-1": "", "thay-1": "7"}
    unnamed = staff.post(address, form)
    assert (unnamed.status_code, refusal_on(unnamed)) == (
        409,
        "Kết quả khác: có số đếm được “7” mà chưa ghi đo cái gì.",
    )
    done = staff.post(address, form | {"thay-1": ""})
    assert (done["Location"], last_message(done)) == (address, "Đã gửi kết quả khảo sát.")
    assert list(SiteVisit.objects.get().checks.values_list("what", "found")) == [("lò đốt rác", Decimal(134))]


@pytest.mark.stage("scoring", count=1)
def test_a_check_without_a_name_is_not_kept(stage: Any) -> None:
    visit = sent(planned(stage), checks=[Checked(" ", "lò", None, Decimal(1)), Checked("lò", "lò", None, Decimal(2))])
    assert list(visit.checks.values_list("what", "found")) == [("lò", Decimal(2))]


@pytest.mark.stage("scoring", count=1)
def test_a_visit_takes_twenty_photos_each_under_its_own_key(stage: Any) -> None:
    visit = planned(stage)
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, key=UUID(int=number), file=ContentFile(b"x", name=f"{number}.webp")) for number in range(20)
    )
    with refused("Mỗi cuộc khảo sát nhiều nhất 20 ảnh."):
        add_visit_photo(visit_id=visit.pk, key=uuid4(), file=picture(), actor=person(STAFF))
    other = plan_visit(dossier_id=visit.dossier_id, planned_on=date(2023, 9, 15), visitors="Đoàn", actor=person(STAFF))
    known = add_visit_photo(visit_id=other.pk, key=UUID(int=3), file=picture(), actor=person(STAFF))
    assert (known.visit, VisitPhoto.objects.count()) == (visit, 20)


@pytest.mark.stage("scoring", count=1)
@pytest.mark.parametrize(
    "form, words",
    [
        ({"key": "00000000-0000-4000-8000-000000000001"}, "Chưa chọn ảnh nào."),
        ({"key": "x"}, "Trang đã cũ, xin tải lại trang rồi gửi."),
    ],
    ids=["no-photo", "no-key"],
)
def test_a_photo_that_cannot_be_taken_is_answered_in_words(stage: Any, form: dict[str, str], words: str) -> None:
    visit = planned(stage)
    response = entered(STAFF).post(f"/lam-viec/khao-sat/{visit.pk}/anh/", form)
    assert (response.status_code, response.json()) == (409, {"error": words})


@pytest.mark.stage("scored", count=1)
def test_once_scores_are_compared_the_council_reads_what_a_judge_found(stage: Any) -> None:
    visit = sent(planned(stage))
    SiteVisit.objects.filter(pk=visit.pk).update(sent_by=person(JUDGES[1]))
    assert visits_of(person(JUDGES[0]), visit.dossier) == [visit]
