"""What keeps a study visit or its photos from being written, and the buttons of its page."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from common.exceptions import NotAllowed
from common.remember import forget
from organisation.models import AuditEvent, UnitVersion, User
from replication.models import (
    StudyPhoto,
    StudyVisit,
)
from replication.services import (
    VisitAsked,
    VisitTold,
    add_study_photo,
    ask_visit,
    record_visit,
    remove_study_photo,
    tell_visit,
)
from replication.validators import ReplicationRefused
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.photos import photo
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    errors_of,
    officer,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]


def visited(day: str = "20/12/2023", **other: Any) -> StudyVisit:
    told = VisitTold(day, "30", "Hội Nông dân", "Đắp lò bằng đất.")
    form = {"model_id": source().pk, "visitor": unit(COMMUNES[0]), "typed": told, "actor": person("hamphu.canbo")}
    return record_visit(**form | other)


@pytest.fixture
def visitor() -> User:
    return officer("hamphu.canbo", COMMUNES[0])


def test_a_visit_is_to_a_model_that_is_there_on_a_day_of_both(visitor: User) -> None:
    with refused("Mô hình không còn trên cổng."):
        visited(model_id=999_999)
    with pytest.raises(ReplicationRefused) as caught:
        visited("")
    assert errors_of(caught) == {"visited_on": "Đã đến ngày: chưa ghi."}
    UnitVersion.objects.filter(unit__key=COMMUNES[0]).update(valid_from=date(2024, 1, 1))
    forget()
    with pytest.raises(ReplicationRefused) as caught:
        visited("20/12/2023")
    assert errors_of(caught) == {"visited_on": "Đã đến ngày: Đảng ủy xã Hàm Phú chưa hoạt động vào ngày 20/12/2023."}
    assert StudyVisit.objects.count() == 0


def test_the_same_words_once_more_leave_no_record(visitor: User) -> None:
    visit = visited()
    before = AuditEvent.objects.count()
    same = VisitTold("20/12/2023", "30", "Hội Nông dân", "Đắp lò bằng đất.")
    again = tell_visit(visit_id=visit.pk, typed=same, actor=visitor)
    assert (again.revision, AuditEvent.objects.count()) == (visit.revision, before)


def test_a_visit_keeps_twenty_photos_which_others_do_not_take_away(visitor: User) -> None:
    visit = visited()
    StudyPhoto.objects.bulk_create(
        StudyPhoto(visit=visit, digest=f"{number:064}", sent_by=visitor, file=ContentFile(b"x", name=f"{number}.webp"))
        for number in range(20)
    )
    with refused("Mỗi chuyến giữ nhiều nhất 20 ảnh."):
        add_study_photo(visit_id=visit.pk, file=SimpleUploadedFile("a.jpg", photo(width=40, height=30)), actor=visitor)
    first = visit.photos.all()[0]
    with refused("Vai trò của đồng chí không xóa ảnh của chuyến này.", NotAllowed):
        remove_study_photo(visit_id=visit.pk, photo_id=first.pk, actor=person(OTHER))
    remove_study_photo(visit_id=visit.pk, photo_id=first.pk, actor=person(COMMUNE))
    assert visit.photos.count() == 19


# --- on the pages


@pytest.fixture
def asked(visitor: User) -> StudyVisit:
    """Hàm Phú asks to come to Hàm Hiệp."""
    typed = VisitAsked(wanted_on="15/4/2024", people="12", purpose="Xem cách xây lò", contact="Lan")
    return ask_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=typed, at_id=None, actor=visitor)[0]


def page_of(visit: StudyVisit) -> str:
    return f"/lam-viec/nhan-rong/tham-quan/{visit.pk}/"


def test_the_host_declines_on_the_page(asked: StudyVisit) -> None:
    host = entered(COMMUNE)
    assert host.post(page_of(asked), {"viec": "tu-choi", "why": ""}).status_code == 422
    response = host.post(page_of(asked), {"viec": "tu-choi", "why": "Đang sửa lò"})
    assert (response["Location"], last_message(response)) == (
        page_of(asked),
        "Đã trả lời; Đảng ủy xã Hàm Phú được báo.",
    )
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("declined", person(COMMUNE))


def test_the_visitor_cancels_on_the_page(asked: StudyVisit) -> None:
    response = entered("hamphu.canbo").post(page_of(asked), {"viec": "thoi", "why": "Mưa bão"})
    assert last_message(response) == "Đã thôi chuyến này; Đảng ủy xã Hàm Hiệp được báo."
    asked.refresh_from_db()
    assert (asked.state, asked.cancelled_why) == ("cancelled", "Mưa bão")


def test_photos_come_and_go_on_the_page(visitor: User) -> None:
    visit, browser = visited(), entered("hamphu.canbo")
    assert refusal_on(browser.post(page_of(visit), {"viec": "anh"})) == "Chưa chọn ảnh nào."
    two = [SimpleUploadedFile(f"{width}.jpg", photo(width=width, height=30)) for width in (40, 50)]
    assert last_message(browser.post(page_of(visit), {"viec": "anh", "anh": two})) == "Đã thêm 2 ảnh."
    first = visit.photos.all()[0]
    assert last_message(browser.post(page_of(visit), {"viec": "xoa-anh", "anh": str(first.pk)})) == "Đã xóa ảnh."
    assert visit.photos.count() == 1
    assert browser.post(page_of(visit), {"viec": "xoa-anh", "anh": "x"}).status_code == 404
    assert browser.post(page_of(visit), {"viec": "in"}).status_code == 404
