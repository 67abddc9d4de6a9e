"""Study visits, clause by clause: asked, answered, told; photos; the calendar as its lines stand in the file."""

from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from common.exceptions import DomainError, NotAllowed
from common.files import FileRefused
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent
from replication.enums import VisitAction, VisitState
from replication.exports.visits import write_calendar
from replication.models import StudyPhoto, StudyVisit
from replication.selectors.visits import in_calendar, made_to, visits_visible_to
from replication.services import (
    VisitAnswered,
    VisitAsked,
    VisitTold,
    add_study_photo,
    agree_visit,
    ask_visit,
    cancel_visit,
    decline_visit,
    record_visit,
    remove_study_photo,
    tell_visit,
)
from replication.transitions import VISIT_TRANSITIONS, next_visit_state
from replication.validators import ReplicationRefused, read_count, read_time
from tests.online import person
from tests.photos import PDF, photo
from tests.replicating import COMMUNE, COMMUNES, OTHER, PROVINCE, STAFF, adopted, officer, on, source, unit

pytestmark = [pytest.mark.django_db]
HIEP, PHU = "ham-thuan-bac/xa-ham-hiep", COMMUNES[0]


@pytest.fixture
def visitor() -> Any:
    """An officer of Hàm Phú, who comes to learn."""
    return officer("hamphu.canbo", PHU)


def asked(by: str = "hamphu.canbo", key: str = PHU, at: Any = None, **other: str) -> StudyVisit:
    typed = {"wanted_on": "15/4/2024", "people": "12", "purpose": "Xem cách xây lò", "contact": "Lan, 0900 000 000"} | other
    given = {"model_id": source().pk, "visitor": unit(key), "typed": VisitAsked(**typed), "at_id": at}
    return ask_visit(**given, actor=person(by))[0]


def agreed(visit: StudyVisit, by: str = COMMUNE, **other: str) -> StudyVisit:
    typed = {"planned_on": "20/4/2024", "planned_at": "7h30", "meeting_place": "UBND xã", "answer": "Mời đoàn."} | other
    return agree_visit(visit_id=visit.pk, typed=VisitAnswered(**typed), actor=person(by))


def told(visit: StudyVisit, by: str = "hamphu.canbo", **other: str) -> StudyVisit:
    typed = {"visited_on": "1/4/2024", "people": "11", "party": "Chi bộ thôn 1", "learned": "Xây lò bằng gạch cũ."} | other
    return tell_visit(visit_id=visit.pk, typed=VisitTold(**typed), actor=person(by))


def test_asking_keeps_what_was_typed_and_tells_the_host(visitor: Any) -> None:
    visit = asked()
    assert (visit.host_name, visit.visitor_name) == ("Đảng ủy xã Hàm Hiệp", "Đảng ủy xã Hàm Phú")
    assert (visit.state, visit.wanted_on, visit.people) == (VisitState.ASKED, date(2024, 4, 15), 12)
    message = Message.objects.get(recipient__username=COMMUNE)
    assert "Hàm Phú xin đến học" in message.subject and "Xem cách xây lò" in message.body
    assert "0900 000 000" not in message.body
    assert AuditEvent.objects.filter(action="ask-visit").count() == 1


def test_asking_once_more_is_the_first(visitor: Any) -> None:
    first = asked()
    assert asked(wanted_on="20/5/2024").pk == first.pk == StudyVisit.objects.get().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        StudyVisit.objects.create(
            model=first.model, host=first.host, visitor=first.visitor, host_name="x", visitor_name="y", wanted_on=first.wanted_on
        )
    decline_visit(visit_id=first.pk, why="Bận mùa vụ", actor=person(COMMUNE))
    assert asked(wanted_on="20/5/2024").pk != first.pk


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("wanted_on", "", "chưa ghi"),
        ("wanted_on", "31/2/2024", "không có thật"),
        ("wanted_on", "31/3/2024", "từ hôm nay"),
        ("wanted_on", "3/4/2025", "một năm tới"),
        ("people", "0", "số tròn từ 1 đến 1000"),
        ("people", "2,5", "số tròn"),
        ("people", "1.001", "số tròn"),
        ("purpose", " ", "chưa ghi"),
        ("purpose", "x" * 2001, "dài quá 2000"),
        ("contact", "", "chưa ghi"),
        ("contact", "x" * 151, "dài quá 150"),
    ],
)
def test_a_request_is_told_what_is_wrong(visitor: Any, field: str, value: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as refused:
        asked(**{field: value})
    assert words in refused.value.errors[field] and len(refused.value.errors) == 1
    assert not StudyVisit.objects.exists()


def test_who_may_ask_and_whom(visitor: Any) -> None:
    with pytest.raises(NotAllowed):
        asked(by=OTHER)
    with pytest.raises(DomainError, match="chính đơn vị"):
        asked(by=COMMUNE, key=HIEP)
    one = adopted(COMMUNES[1])
    visit = asked(at=one.pk)
    assert (visit.host_name, visit.at, visit.model) == ("Đảng ủy xã Hàm Trí", one, source())
    other = adopted(COMMUNES[2])
    with pytest.raises(DomainError, match="không thuộc mô hình"):
        asked(at=other.pk + 1000)


def test_the_host_names_day_hour_and_place_and_may_move_them(visitor: Any) -> None:
    visit = asked()
    found = agreed(visit)
    assert (found.state, found.planned_on, found.planned_at) == (VisitState.AGREED, date(2024, 4, 20), time(7, 30))
    message = Message.objects.get(recipient__username="hamphu.canbo")
    assert message.subject == "Đảng ủy xã Hàm Hiệp hẹn đón 7 giờ 30 ngày 20/04/2024" and "UBND xã" in message.body
    assert agreed(visit).revision == 1  # the same words once more change nothing, tell nobody
    assert agreed(visit, planned_on="22/4/2024").revision == 2
    assert Message.objects.filter(recipient__username="hamphu.canbo").count() == 2


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("planned_on", "", "chưa ghi"),
        ("planned_on", "31/3/2024", "từ hôm nay"),
        ("planned_at", "25:00", "không phải một giờ"),
        ("meeting_place", "x" * 301, "dài quá 300"),
        ("answer", "x" * 2001, "dài quá 2000"),
    ],
)
def test_an_answer_is_told_what_is_wrong(visitor: Any, field: str, value: str, words: str) -> None:
    visit = asked()
    with pytest.raises(ReplicationRefused) as refused:
        agreed(visit, **{field: value})
    assert words in refused.value.errors[field]


def test_each_side_does_its_own(visitor: Any) -> None:
    visit = asked()
    with pytest.raises(NotAllowed):
        agreed(visit, by="hamphu.canbo")
    with pytest.raises(NotAllowed):
        cancel_visit(visit_id=visit.pk, why="Mưa", actor=person(COMMUNE))
    with pytest.raises(NotAllowed):
        told(visit, by=COMMUNE)
    with pytest.raises(NotAllowed):
        agreed(visit, by=OTHER)
    assert agreed(visit, by=STAFF).state == VisitState.AGREED  # the district, above both


def test_declined_and_cancelled_with_a_reason(visitor: Any) -> None:
    first = asked()
    with pytest.raises(ReplicationRefused):
        decline_visit(visit_id=first.pk, why=" ", actor=person(COMMUNE))
    assert decline_visit(visit_id=first.pk, why="Đang mùa gặt", actor=person(COMMUNE)).answer == "Đang mùa gặt"
    assert Message.objects.filter(recipient__username="hamphu.canbo", body="Đang mùa gặt").exists()
    second = asked()
    with pytest.raises(ReplicationRefused):
        cancel_visit(visit_id=second.pk, why="", actor=person("hamphu.canbo"))
    assert cancel_visit(visit_id=second.pk, why="Mưa bão", actor=person("hamphu.canbo")).state == VisitState.CANCELLED
    with pytest.raises(InvalidTransition, match="đã thôi"):
        agreed(second)


def test_every_pair_of_state_and_action() -> None:
    allowed = {(state, action) for action, one in VISIT_TRANSITIONS.items() for state in one.sources}
    for state in VisitState:
        for action in VisitAction:
            if (state, action) in allowed:
                assert next_visit_state(state, action) == VISIT_TRANSITIONS[action].target
            else:
                with pytest.raises(InvalidTransition):
                    next_visit_state(state, action)
    assert len(allowed) == 9


def test_what_was_learned_is_told_and_may_be_amended_on_record(visitor: Any) -> None:
    visit = agreed(asked())
    done = told(visit)
    assert (done.state, done.visited_on, done.people) == (VisitState.DONE, date(2024, 4, 1), 11)
    assert Message.objects.filter(recipient__username=COMMUNE, subject__contains="đã đến học").count() == 1
    again = told(visit, learned="Xây lò bằng gạch cũ, mái tôn.")
    assert again.learned.endswith("mái tôn.")
    assert Message.objects.filter(recipient__username=COMMUNE, subject__contains="đã đến học").count() == 1
    event = AuditEvent.objects.filter(action="visit-done").latest("pk")
    assert event.changes["learned"] == ["Xây lò bằng gạch cũ.", "Xây lò bằng gạch cũ, mái tôn."]
    assert made_to(source()) == 1
    with pytest.raises(ReplicationRefused) as refused:
        told(visit, visited_on="2/4/2024", learned="")
    assert "chưa tới" in refused.value.errors["visited_on"] and "chưa ghi" in refused.value.errors["learned"]


def test_a_visit_that_was_not_asked_for_here(visitor: Any) -> None:
    typed = VisitTold("20/12/2023", "30", "Hội Nông dân", "Đắp lò bằng đất.")
    given: dict[str, Any] = {"model_id": source().pk, "visitor": unit(PHU), "typed": typed, "actor": person("hamphu.canbo")}
    visit = record_visit(**given)
    assert (visit.state, visit.visited_on, visit.host_name) == (VisitState.DONE, date(2023, 12, 20), "Đảng ủy xã Hàm Hiệp")
    assert record_visit(**given).pk == visit.pk


def test_an_adoption_keeps_the_visit_that_it_came_of(visitor: Any) -> None:
    visit = told(agreed(asked()))
    one = adopted(PHU, by="hamphu.canbo", adopted_on="1/4/2024", visit_id=visit.pk)
    assert one.visit == visit and list(visit.adoptions.all()) == [one]
    with pytest.raises(DomainError, match="không phải của đơn vị"):
        adopted(COMMUNES[1], adopted_on="1/4/2024", visit_id=visit.pk)
    waiting = asked(by=STAFF, key=COMMUNES[1])
    with pytest.raises(DomainError, match="chưa ghi đã học"):
        adopted(COMMUNES[1], adopted_on="1/4/2024", visit_id=waiting.pk)


def test_photos_are_clean_once_and_for_both_sides_alone(visitor: Any) -> None:
    visit = told(agreed(asked()))
    sent = SimpleUploadedFile("anh.jpg", photo("JPEG", 2400, 1800, orientation=6), "image/jpeg")
    one = add_study_photo(visit_id=visit.pk, file=sent, actor=person("hamphu.canbo"))
    again = SimpleUploadedFile("khac.jpg", photo("JPEG", 2400, 1800, orientation=6), "image/jpeg")
    assert add_study_photo(visit_id=visit.pk, file=again, actor=person(COMMUNE)).pk == one.pk
    with Image.open(one.file.path) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1200, 1600), {})
    with pytest.raises(FileRefused, match="Nhận được: ảnh JPEG"):
        add_study_photo(visit_id=visit.pk, file=SimpleUploadedFile("a.pdf", PDF), actor=person(COMMUNE))
    with pytest.raises(NotAllowed):
        add_study_photo(visit_id=visit.pk, file=SimpleUploadedFile("b.jpg", photo()), actor=person(OTHER))
    path = one.file.path
    with transaction.atomic():
        remove_study_photo(visit_id=visit.pk, photo_id=one.pk, actor=person(COMMUNE))
    assert not StudyPhoto.objects.exists() and path
    with pytest.raises(DomainError, match="đã được xóa"):
        remove_study_photo(visit_id=visit.pk, photo_id=one.pk, actor=person(COMMUNE))


def test_no_photos_before_the_visit_is_told(visitor: Any) -> None:
    with pytest.raises(DomainError, match="Ghi “đã học được gì” trước"):
        add_study_photo(visit_id=asked().pk, file=SimpleUploadedFile("b.jpg", photo()), actor=person(COMMUNE))


def lines_of(data: bytes) -> list[str]:
    """The lines of a calendar, unfolded (RFC 5545, 3.1)."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_the_calendar_says_when_where_and_how_it_stands(visitor: Any) -> None:
    visit = asked()
    lines = lines_of(write_calendar([visit]))
    assert lines[0] == "BEGIN:VCALENDAR" and "VERSION:2.0" in lines
    assert "STATUS:TENTATIVE" in lines and "DTSTART;VALUE=DATE:20240415" in lines and "SEQUENCE:0" in lines
    found = agreed(visit)
    lines = lines_of(write_calendar([found]))
    assert "STATUS:CONFIRMED" in lines and "SEQUENCE:1" in lines and f"UID:{visit.uid}@danvan" in lines
    assert "DTSTART:20240420T003000Z" in lines and "DTEND:20240420T023000Z" in lines  # 7:30 in Vietnam
    assert "LOCATION:UBND xã" in lines
    assert not any("0900 000 000" in line for line in lines)
    cancelled = cancel_visit(visit_id=visit.pk, why="Mưa", actor=person("hamphu.canbo"))
    assert "STATUS:CANCELLED" in lines_of(write_calendar([cancelled]))


def test_who_sees_which_visits(visitor: Any) -> None:
    visit = asked()
    for name in (COMMUNE, "hamphu.canbo", STAFF, PROVINCE, "hamthuanbac.lanhdao"):
        assert list(visits_visible_to(person(name))) == [visit], name
        assert list(in_calendar(person(name))) == [visit]
    for name in (OTHER, "hoidong1", "quantri"):
        assert not visits_visible_to(person(name)).exists(), name


def test_a_host_that_was_merged_answers_through_its_heir(visitor: Any) -> None:
    visit = asked()
    with on(2025, 7, 10):
        officer("binhthuan.canbo", "2025/phuong-binh-thuan", date(2025, 7, 1))
        found = agreed(visit, by="binhthuan.canbo", planned_on="20/7/2025")
        assert found.state == VisitState.AGREED
        assert list(visits_visible_to(person("binhthuan.canbo"))) == [visit]
        officer("hamliem.canbo", "2025/xa-ham-liem", date(2025, 7, 1))
        later = asked(by="hamliem.canbo", key="2025/xa-ham-liem", wanted_on="20/7/2025")
        assert (later.host, later.host_name) == (unit(HIEP), "Đảng ủy phường Bình Thuận")
        assert agreed(later, by="binhthuan.canbo", planned_on="21/7/2025").state == VisitState.AGREED
        with pytest.raises(DomainError, match="chính đơn vị"):
            asked(by="binhthuan.canbo", key="2025/phuong-binh-thuan", wanted_on="20/7/2025")


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("7:30", time(7, 30)),
        ("7h30", time(7, 30)),
        ("14h", time(14, 0)),
        ("7 giờ 5 phút", time(7, 5)),
        ("24:00", None),
        ("7", None),
    ],
)
def test_hours_as_people_write_them(typed: str, expected: time | None) -> None:
    found, wrong = read_time(typed, "Giờ hẹn")
    assert found == expected and bool(wrong) == (expected is None)


def test_counts() -> None:
    assert read_count("1.000", "Số người", 1000) == (1000, "")
    assert read_count("", "Số người", 1000) == (None, "")
    assert read_count("-1", "Số người", 1000)[1] == "Số người: ghi số tròn từ 1 đến 1000."
