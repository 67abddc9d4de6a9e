"""Stories and guides, requests of readers, contacts of units, the yearly booklet."""

import io
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pypdf
import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common import jobs
from common.addresses import is_path, link_to
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import EmulationModel, Registration, Season
from models_registry.selectors.tasks import sourced_tasks
from models_registry.services import Description, add_attachment, describe_attachment
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from portal import services, tasks
from portal.markdown import render
from portal.models import Booklet, CorrectionRequest, PublicContact, Story
from recognition.models import Recognition
from tests.online import person
from tests.pages import plain
from tests.photos import photo

pytestmark = [pytest.mark.django_db]
KEEPER, OTHER, COMMUNE = "tinh.chuyenvien", "phanthiet.chuyenvien", "hamhiep.canbo"
MODEL = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
assert tasks  # the background's work registers itself


def wrote(**other: Any) -> Story:
    given: dict[str, Any] = {
        "kind": "chuyen",
        "title": "Chuyện cái lò",
        "summary": "Một thôn làm trước.",
        "body": "Cả xóm **cùng làm**.",
        "about": [EmulationModel.objects.get(slug="lo-dot-rac-ho-gia-dinh-ham-hiep")],
    } | other
    story, actor = given.pop("story_id", None), given.pop("actor", person(KEEPER))
    return services.write_story(story_id=story, text=services.StoryText(**given), actor=actor)


def test_a_draft_is_for_who_keeps_the_portal(client: Client) -> None:
    story = wrote()
    assert client.get(story.get_absolute_url()).status_code == 404
    client.force_login(person(OTHER))
    assert client.get(story.get_absolute_url()).status_code == 404
    client.force_login(person(KEEPER))
    assert "Bài nháp" in client.get(story.get_absolute_url()).content.decode()


def test_a_story_is_public_from_its_day_on_and_tied_to_its_models(client: Client) -> None:
    story = wrote()
    with time_machine.travel("2024-05-01T03:00:00Z", tick=False):
        services.publish_story(story_id=story.pk, on=date(2024, 5, 2), actor=person(KEEPER))
        assert client.get(story.get_absolute_url()).status_code == 404
        assert "Chuyện cái lò" not in client.get("/bai-viet/").content.decode()
    with time_machine.travel("2024-05-01T17:00:00Z", tick=False):  # the 2nd in Vietnam
        html = client.get(story.get_absolute_url()).content.decode()
        assert "<strong>cùng làm</strong>" in html and MODEL in html
        for page in ("/bai-viet/", "/", MODEL):
            assert "Chuyện cái lò" in client.get(page).content.decode()
        services.take_back_story(story_id=story.pk, actor=person(KEEPER))
        assert client.get(story.get_absolute_url()).status_code == 404


def test_what_is_written_in_a_story_cannot_run(client: Client) -> None:
    body = "<script>alert(1)</script>\n\n[bấm](javascript:alert(1)) <img src=x onerror=alert(1)> ![x](https://a.example/x.png)"
    story = wrote(body=body)
    services.publish_story(story_id=story.pk, on=date(2024, 1, 1), actor=person(KEEPER))
    html = client.get(story.get_absolute_url()).content.decode()
    article = html[html.index('<article class="prose"') : html.index("</article>")]
    assert not any(bad in article for bad in ("<script", "<img", 'href="javascript', " onerror=alert(1)>"))


@pytest.mark.parametrize(
    "body, heads",
    [
        ("# A\n\n## B", "<h2>A</h2>\n<h3>B</h3>"),
        ("## A\n\n### B", "<h2>A</h2>\n<h3>B</h3>"),
        ("### A\n\n###### B", "<h2>A</h2>\n<h4>B</h4>"),
    ],
)
def test_headings_begin_under_the_pages_own(body: str, heads: str) -> None:
    assert render(body).strip() == heads


def test_two_write_one_story_and_both_texts_are_shown(client: Client) -> None:
    story = wrote()
    wrote(story_id=story.pk, revision=1, title="Chuyện cái lò đốt rác")
    client.force_login(person(KEEPER))
    typed = {"kind": "chuyen", "title": "Cái lò", "summary": "Khác", "body": "Chữ của tôi", "revision": "1"}
    answer = client.post(reverse("desk:story", args=[story.pk]), typed)
    html = answer.content.decode()
    assert (
        answer.status_code == 422 and "Người khác vừa lưu" in html and "Chữ của tôi" in html and "Chuyện cái lò đốt rác" in html
    )
    assert Story.objects.get().title == "Chuyện cái lò đốt rác"
    again = client.post(reverse("desk:story", args=[story.pk]), typed | {"revision": "2"})
    assert again.status_code == 302 and Story.objects.get().title == "Cái lò"


def test_models_are_named_by_their_addresses(client: Client) -> None:
    client.force_login(person(KEEPER))
    typed = {"kind": "tin", "title": "Tin", "summary": "S", "body": "B", "revision": "0"}
    wrong = client.post(reverse("desk:new-story"), typed | {"about": f"http://x.example{MODEL}\n/mo-hinh/khong-co/"})
    assert wrong.status_code == 422 and "/mo-hinh/khong-co/" in wrong.content.decode() and not Story.objects.exists()
    client.post(reverse("desk:new-story"), typed | {"about": f"http://x.example{MODEL}?a=1"})
    assert [model.slug for model in Story.objects.get().about.all()] == ["lo-dot-rac-ho-gia-dinh-ham-hiep"]
    assert Story.objects.get().slug == "tin"


@pytest.mark.parametrize("title, slug", [("Tin", "tin-2"), ("Đường “hoa”: Lò!", "duong-hoa-lo"), ("!!!", "bai")])
def test_addresses_are_words(title: str, slug: str) -> None:
    wrote(title="Tin")
    assert wrote(title=title).slug == slug


def test_nobody_else_writes() -> None:
    story = wrote()
    for actor in (person(OTHER), person(COMMUNE), None):
        with pytest.raises(NotAllowed):
            wrote(actor=actor)
        with pytest.raises(NotAllowed):
            services.publish_story(story_id=story.pk, on=date(2024, 1, 1), actor=actor)


# Requests of readers


ASKED = {"page": MODEL, "kind": "ca-nhan", "words": "Xin bỏ tên tôi.", "name": "Bà Lan", "contact": "0912 345 678"}


@pytest.fixture(autouse=True)
def _fresh_cache() -> Any:
    cache.clear()
    yield
    cache.clear()


def test_a_request_is_answered_and_read_by_its_code_alone(client: Client) -> None:
    sent = client.post("/yeu-cau-sua/", ASKED)
    one = CorrectionRequest.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/yeu-cau-sua/{one.code}/" and len(one.code) == 16
    page = client.get(sent["Location"]).content.decode()
    assert "Đã nhận yêu cầu" in page and "Bà Lan" not in page and "0912" not in plain(page) and "Xin bỏ tên tôi" not in page
    assert Message.objects.filter(recipient=person(KEEPER), link=link_to("desk:request", one.pk).stored).count() == 1
    client.force_login(person(KEEPER))
    assert "0912 345 678" in client.get(reverse("desk:request", args=[one.pk])).content.decode()
    client.post(reverse("desk:request", args=[one.pk]), {"state": "da-sua", "answer": "Đã bỏ tên khỏi trang."})
    page = Client().get(sent["Location"]).content.decode()
    assert "Đã bỏ tên khỏi trang." in page and "tinh.chuyenvien" not in page
    assert Client().get("/yeu-cau-sua/aaaaaaaaaaaaaaaa/").status_code == 404
    assert not AuditEvent.objects.filter(target_name__contains="Lan").exists()


def test_requests_wait_among_the_tasks_of_who_answers_them(client: Client) -> None:
    def waiting(name: str) -> list[tuple[date, str, str, str]]:
        return [(task.due, task.title, str(task.href), task.kind) for task in sourced_tasks(person(name)) if task.kind == "cong"]

    assert waiting(KEEPER) == []
    with time_machine.travel("2024-03-04 03:00Z", tick=False):
        client.post("/yeu-cau-sua/", ASKED)
        client.post("/yeu-cau-sua/", ASKED | {"words": "Ảnh này là của nhà khác."})
        task = (date(2024, 3, 11), "Trả lời 2 yêu cầu sửa, gỡ của bạn đọc", "/lam-viec/cong/yeu-cau/", "cong")
        assert waiting(KEEPER) == [task] and waiting(OTHER) == waiting(COMMUNE) == []
        for one in CorrectionRequest.objects.all():
            services.answer_request(request_id=one.pk, state="khong", answer="Ảnh đúng là của đơn vị.", actor=person(KEEPER))
        assert waiting(KEEPER) == []


ELSEWHERE = [
    "//host.example/x",
    "///host.example",
    "/\\host.example",
    "\\\\host.example",
    "/\t/host.example",
    "/ /host.example",
    "/\u200b/host.example",
    "/\x00/host.example",
    "https://host.example",
    "https:host.example",
    "javascript:alert(1)",
    "data:text/html,x",
]


@pytest.mark.parametrize("page", ELSEWHERE)
def test_what_a_reader_writes_leads_officers_nowhere_else(client: Client, page: str) -> None:
    """`//host` was a link on the desk."""
    one = services.send_request(page=page, kind="sai", words="Sai")
    client.force_login(person(KEEPER))
    html = client.get(reverse("desk:request", args=[one.pk])).content.decode()
    assert not [href for href in re.findall(r'href="([^"]*)"', html) if href[:1] not in "?#" and not is_path(href)]
    assert not [body for body in Message.objects.values_list("body", flat=True) if "//host" in body or "https:" in body]


def test_a_page_of_the_portal_is_a_link_on_the_desk(client: Client) -> None:
    one = services.send_request(page=f"{MODEL}?in=1", kind="sai", words="Sai")
    client.force_login(person(KEEPER))
    assert f'href="{MODEL}?in=1"' in client.get(reverse("desk:request", args=[one.pk])).content.decode()


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_way_on_leads_to_another_host(client: Client, there: str) -> None:
    """After choosing a language, following a message, signing in and out, saying one's password again."""
    query = urlencode({"ve": there, "next": there})
    found = [client.get(f"/ngon-ngu/en/?{query}"), client.get(f"/lam-viec/quan-tri/login/?{query}")]
    sent = {"login": KEEPER, "password": "mat-khau-thu", "next": there}
    found += [client.post("/dang-nhap/", sent), client.post(f"/dang-nhap/?{query}", sent), client.get(f"/dang-nhap/?{query}")]
    found += [client.post(f"/tai-khoan/xac-nhan/?{query}", {"password": "mat-khau-thu", "next": there})]
    message = Message.objects.create(
        recipient=person(KEEPER), subject="x", body="x", event_key="x", link=there.replace("\x00", "")
    )
    found += [client.get(reverse("notifications:follow", args=[message.pk]))]
    found += [client.post(f"/dang-xuat/?{query}", {"next": there})]
    assert {answer.status_code for answer in found} <= {302, 400}
    assert all(is_path(answer["Location"]) for answer in found if answer.status_code == 302)


def test_how_to_reach_who_asked_is_forgotten() -> None:
    with time_machine.travel("2024-01-10T03:00:00Z", tick=False):
        one = services.send_request(page="/", kind="sai", words="Sai", name="Lan", contact="0912")
        open_one = services.send_request(page="/", kind="sai", words="Chưa trả lời", name="Hoa", contact="0913")
        services.answer_request(request_id=one.pk, state="da-sua", answer="Đã sửa", actor=person(KEEPER))
    with time_machine.travel("2024-04-08T03:00:00Z", tick=False):
        assert services.forget_contacts() == 0
    with time_machine.travel("2024-04-10T03:00:00Z", tick=False):
        assert (services.forget_contacts(), services.forget_contacts()) == (1, 0)
    one.refresh_from_db()
    open_one.refresh_from_db()
    assert (one.name, one.contact, one.words) == ("", "", "Sai") and open_one.contact == "0913"


def test_bad_requests_keep_what_was_typed(client: Client) -> None:
    answer = client.post("/yeu-cau-sua/", ASKED | {"words": "", "kind": "x"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "0912 345 678" in html and "Sai ở đâu" in html and not CorrectionRequest.objects.exists()
    assert client.post("/yeu-cau-sua/", ASKED | {"words": "x" * 4001}).status_code == 422
    assert client.post("/yeu-cau-sua/", ASKED | {"website": "http://spam.example"}).status_code == 302
    assert not CorrectionRequest.objects.exists()


def test_one_address_asks_five_times_an_hour(client: Client) -> None:
    for _ in range(5):
        assert client.post("/yeu-cau-sua/", ASKED).status_code == 302
    refused = client.post("/yeu-cau-sua/", ASKED)
    assert refused.status_code == 422 and "Chữ đã gõ còn nguyên" in refused.content.decode()
    assert CorrectionRequest.objects.count() == 5


def test_the_form_is_never_kept_by_a_cache(client: Client, settings: Any) -> None:
    settings.PUBLIC_CACHE_SECONDS = 300
    client.get("/yeu-cau-sua/")
    first, second = (client.get("/yeu-cau-sua/") for _ in range(2))
    assert "no-store" in first["Cache-Control"] and first.content != second.content  # each has its own token


def test_only_an_answer_with_words_is_one() -> None:
    one = services.send_request(page="/", kind="sai", words="Sai")
    with pytest.raises(DomainError):
        services.answer_request(request_id=one.pk, state="da-sua", answer=" ", actor=person(KEEPER))
    with pytest.raises(NotAllowed):
        services.answer_request(request_id=one.pk, state="da-sua", answer="Xong", actor=person(OTHER))
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.filter(pk=one.pk).update(state="da-sua")


# Contacts


HIEP = "ham-thuan-bac/xa-ham-hiep"
OFFICE = {"office": "Văn phòng Đảng ủy xã", "phone": "0252 3 865 000", "email": "", "address": ""}


def gave(**other: Any) -> PublicContact:
    actor = other.pop("actor", person(COMMUNE))
    return services.write_contact(unit=Unit.objects.get(key=HIEP), text=services.ContactText(**(OFFICE | other)), actor=actor)


def test_a_units_contact_is_on_its_page_and_its_models(client: Client) -> None:
    assert "chưa công khai số điện thoại" in client.get(MODEL).content.decode()
    gave()
    for page in (MODEL, f"/don-vi/{HIEP}/"):
        html = client.get(page).content.decode()
        assert 'href="tel:02523865000"' in html and "Văn phòng Đảng ủy xã" in html
    client.force_login(person(COMMUNE))
    client.post(reverse("desk:contact", args=[HIEP]), {"viec": "bo"})
    page = Client().get(MODEL).content.decode()
    assert "tel:" not in page and "0252" not in plain(page)


def test_a_persons_own_number_needs_the_persons_yes(client: Client) -> None:
    client.force_login(person(COMMUNE))
    address = reverse("desk:contact", args=[HIEP])
    refused = client.post(address, OFFICE | {"is_person": "on"})
    assert refused.status_code == 422 and "ngày đồng ý" in refused.content.decode() and not PublicContact.objects.exists()
    assert client.post(address, OFFICE | {"phone": ""}).status_code == 422
    assert client.post(address, OFFICE | {"is_person": "on", "agreed_on": "31/2/2024"}).status_code == 422
    assert client.post(address, OFFICE | {"is_person": "on", "agreed_on": "1/2/2024"}).status_code == 302
    assert PublicContact.objects.get().agreed_on == date(2024, 2, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicContact.objects.update(agreed_on=None)


def test_contacts_are_given_by_the_unit_and_those_above(client: Client) -> None:
    gave(actor=person("hamthuanbac.chuyenvien"))
    for actor in (person(OTHER), person("hoidong1")):
        with pytest.raises(NotAllowed):
            gave(actor=actor)


# The booklet


def test_the_booklet_has_every_recognised_model_once(season: Season, client: Client) -> None:
    shown = Recognition.objects.filter(registration__season=season, decision__level__gathers_registers=True).earliest("pk")
    file = SimpleUploadedFile("anh.jpg", photo())
    picture = add_attachment(registration_id=shown.registration_id, file=file, actor=None)
    describe_attachment(
        attachment_id=picture.pk, said=Description(caption="Bà con xây lò", may_be_shown=True, is_cover=True), actor=None
    )
    jobs.run(Job.objects.get(kind="prepare_photo", state="queued").pk)
    booklet = services.ask_booklet(season=season, actor=person(KEEPER))
    assert services.ask_booklet(season=season, actor=person(KEEPER)).job_id == booklet.job_id
    jobs.run(booklet.job.pk)  # type: ignore[union-attr]
    made = Booklet.objects.get()
    standing = Recognition.objects.filter(registration__season=season, revoked_on__isnull=True)
    titles = set(standing.filter(decision__level__gathers_registers=True).values_list("registration__title", flat=True))
    assert made.number == standing.filter(registration__withdrawn_on__isnull=True).values("registration").distinct().count()
    answer = client.get("/so-tay/2023.pdf")
    book = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    words = " ".join(" ".join((page.extract_text() or "").split()) for page in book.pages)
    assert len(titles) > 10 and all(" ".join(title.split()) in words for title in titles)
    assert (sum(len(page.images) for page in book.pages), words.count("Bà con xây lò")) == (1, 1)
    assert "Năm 2023" in words and "Dữ liệu minh họa" in words and f"{made.number} mô hình được công nhận" in words
    width, height = (float(side) for side in book.pages[0].mediabox[2:])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (148, 210)
    assert "2023" in client.get("/so-tay/").content.decode()


def test_a_booklet_without_models_fails_in_words_and_keeps_the_old_one(season: Season) -> None:
    empty = Season.objects.create(
        year=2024,
        period=season.period,
        opens_on=date(2024, 1, 1),
        closes_on=date(2024, 12, 31),
        cutoff_on=date(2024, 11, 30),
    )
    booklet = services.ask_booklet(season=empty, actor=person(KEEPER))
    jobs.run(booklet.job.pk)  # type: ignore[union-attr]
    booklet.refresh_from_db()
    assert booklet.job and "chưa có mô hình nào được công nhận" in booklet.job.error and not booklet.file
    assert Client().get("/so-tay/2024.pdf").status_code == 404


def test_the_clock_makes_the_booklet_of_a_season_that_is_over(season: Season) -> None:
    with time_machine.travel("2023-11-01T03:00:00Z", tick=False):
        assert services.make_due_booklets() == 0
    with time_machine.travel("2024-01-02T03:00:00Z", tick=False):
        assert (services.make_due_booklets(), services.make_due_booklets()) == (1, 0)


def test_a_withdrawn_model_leaves_the_next_booklet(season: Season) -> None:
    from portal.selectors.booklets import chapters

    before = sum(len(one.entries) for one in chapters(season))
    row = Registration.objects.filter(
        season=season, recognitions__isnull=False, recognitions__revoked_on__isnull=True, withdrawn_on__isnull=True
    ).first()
    assert row
    Registration.objects.filter(pk=row.pk).update(withdrawn_on=date(2023, 12, 30), state="withdrawn")
    assert sum(len(one.entries) for one in chapters(season)) == before - 1


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("role, number", [(KEEPER, 200), (OTHER, 404)])
def test_lists_need_as_many_queries_for_three_as_for_one(client: Client, role: str, number: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(person(role))
    asked = []
    for size in (1, 3):
        while Story.objects.count() < size:
            story = wrote(title=f"Bài {Story.objects.count()}")
            services.publish_story(story_id=story.pk, on=date(2024, 1, 1), actor=person(KEEPER))
            services.send_request(page="/", kind="sai", words="Sai")
        counts = []
        for address in ("/lam-viec/cong/", "/lam-viec/cong/yeu-cau/", "/bai-viet/"):
            with CaptureQueriesContext(connection) as ran:
                assert client.get(address).status_code == (200 if address == "/bai-viet/" else number)
            counts.append(len(ran))
        asked.append(counts)
    assert asked[0] == asked[1]
