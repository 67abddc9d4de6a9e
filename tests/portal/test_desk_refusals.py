"""What the desk refuses: contacts, requests, stories, booklets; each clause with its sentence."""

from datetime import date
from typing import Any

import pytest

from common import jobs
from models_registry.models import Season
from organisation.models import AuditEvent, Unit
from portal import services, tasks
from portal.models import Booklet, CorrectionRequest, PublicContact, Story
from tests.online import person
from tests.pages import entered, last_message, refused
from tests.portal.test_desk import HIEP, gave, wrote

pytestmark = pytest.mark.django_db
KEEPER, COMMUNE = "tinh.chuyenvien", "hamhiep.canbo"
assert tasks  # the background's work registers itself


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"office": " "}, "Xin ghi bộ phận trả lời và ít nhất một cách liên hệ."),
        ({"phone": ""}, "Xin ghi bộ phận trả lời và ít nhất một cách liên hệ."),
        (
            {"is_person": True},
            "Số hoặc thư riêng của một người chỉ công khai khi người ấy đồng ý: xin ghi ngày đồng ý.",
        ),
        ({"is_person": True, "agreed_on": date(2999, 1, 1)}, "Ngày đồng ý không thể ở tương lai."),
    ],
    ids=["no-office", "no-way", "no-day", "day-to-come"],
)
def test_a_contact_that_cannot_be_public_is_not_kept(changed: dict[str, Any], words: str) -> None:
    with refused(words):
        gave(**changed)
    assert PublicContact.objects.count() == 0


def test_a_contact_is_taken_away_once() -> None:
    gave()
    unit, before = Unit.objects.get(key=HIEP), AuditEvent.objects.filter(action="remove-contact").count()
    services.remove_contact(unit=unit, actor=person(COMMUNE))
    services.remove_contact(unit=unit, actor=person(COMMUNE))  # a second tap
    assert PublicContact.objects.count() == 0
    assert AuditEvent.objects.filter(action="remove-contact").count() == before + 1


@pytest.mark.parametrize("kind, words", [("khac-la", "Sửa tên"), ("sua", " ")], ids=["no-such-kind", "no-words"])
def test_a_request_has_a_kind_and_words(kind: str, words: str) -> None:
    with refused("Xin chọn việc cần làm và viết vài dòng."):
        services.send_request(page="/", kind=kind, words=words)
    assert CorrectionRequest.objects.count() == 0


@pytest.mark.parametrize("changed", [{"kind": "tho"}, {"title": " "}, {"summary": ""}, {"body": "\n"}])
def test_a_story_has_a_kind_a_title_a_summary_and_a_text(changed: dict[str, str]) -> None:
    before = Story.objects.count()
    with refused("Bài cần loại, tên, tóm tắt và nội dung."):
        wrote(**changed)
    assert Story.objects.count() == before


def test_a_booklet_made_again_leaves_no_old_file(
    season: Season, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    names = []
    for _ in range(2):
        booklet = services.ask_booklet(season=season, actor=person(KEEPER))
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run(booklet.job.pk)
        names.append(Booklet.objects.get().file.name)
    assert names[0] != names[1]
    assert [path.name for path in tmp_path.rglob("*.pdf")] == [names[1].rsplit("/", 1)[-1]]


# --- on the pages


def test_a_story_is_published_and_taken_back_on_its_page() -> None:
    story, keeper = wrote(), entered(KEEPER)
    address = f"/lam-viec/cong/bai/{story.pk}/"
    wrong = keeper.post(address, {"viec": "dang", "ngay": "31/2/2024"})
    assert last_message(wrong) == "Ngày “31/2/2024” không có thật; viết ngày/tháng/năm. Bài chưa đăng."
    story.refresh_from_db()
    assert story.published_on is None
    later = keeper.post(address, {"viec": "dang", "ngay": "1/1/2999"})
    assert last_message(later) == "Bài sẽ đăng ngày 01/01/2999."
    assert last_message(keeper.post(address, {"viec": "dang", "ngay": ""})) == "Đã đăng bài."
    back = keeper.post(address, {"viec": "thu-hoi"})
    assert (back["Location"], last_message(back)) == (address, "Đã thu hồi bài; bạn đọc không thấy nữa.")
    story.refresh_from_db()
    assert story.published_on is None


def test_a_booklet_is_of_a_season_that_there_is() -> None:
    assert entered(KEEPER).post("/lam-viec/cong/so-tay/1999/").status_code == 404
