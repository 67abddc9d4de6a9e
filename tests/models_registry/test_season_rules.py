"""What keeps a season in order: more time and taking it back, themes, twins, what the checker is told, the board's counts."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import jobs
from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import Attachment, Season, SeasonExtension, Theme
from models_registry.selectors import Deadlines, covers_of
from models_registry.services import (
    Description,
    MeasureTyped,
    add_attachment,
    add_theme,
    describe_attachment,
    grant_extension,
    record_output,
    say_different,
    take_back_extension,
)
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from organisation.tree import UnitTree
from tests.online import HAM_HIEP, Action, Mark, accepted, begin, do, fill, person, sent, write
from tests.photos import photo

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER, CHECKER, PROVINCE = "hamhiep.canbo", "hamthuanbac.chuyenvien", "tinh.chuyenvien"


def html_of(client: Client, name: str, address: str) -> str:
    client.force_login(person(name))
    return str(client.get(address).content.decode())


# --- more time


def grant(until: date, unit: str = HAM_HIEP) -> SeasonExtension:
    season = Season.objects.get(year=2023)
    return grant_extension(
        season_id=season.pk, unit=Unit.objects.get(key=unit), until=until, reason="Bão", actor=person(PROVINCE)
    )


def until_of(unit: str = HAM_HIEP) -> date:
    return Deadlines(UnitTree()).of(Season.objects.get(year=2023), Unit.objects.get(key=unit).pk)


def test_more_time_is_taken_back_and_stays_on_record(client: Client) -> None:
    SeasonExtension.objects.all().delete()
    with time_machine.travel(datetime(2023, 12, 20, 3, tzinfo=UTC), tick=False):
        first, last = grant(date(2024, 1, 10)), grant(date(2024, 2, 10))
        assert until_of() == date(2024, 2, 10)
        with pytest.raises(NotAllowed):
            take_back_extension(extension_id=last.pk, actor=person(CHECKER))
        client.force_login(person(PROVINCE))
        address = "/lam-viec/nam/2023/gia-han/"
        assert client.post(address, {"bo": last.pk}).status_code == 302
        assert until_of() == first.until
        take_back_extension(extension_id=last.pk, actor=person(PROVINCE))
        assert AuditEvent.objects.filter(action="take-back-extension").count() == 1
        html = client.get(address).content.decode()
        assert html.count("Bỏ gia hạn<span") == 1 and "đã bỏ ngày 20/12/2023" in html
        assert grant(date(2024, 2, 10)).pk != last.pk  # granted anew
        assert client.post(address, {"bo": "999999"}).status_code == 404


def test_more_time_is_a_year_at_most() -> None:
    with pytest.raises(DomainError, match="nhiều nhất"):
        grant(date(9999, 1, 1))
    SeasonExtension.objects.all().delete()
    assert grant(today() + timedelta(days=366))


def test_units_of_one_name_stand_under_their_districts(client: Client) -> None:
    html = html_of(client, PROVINCE, "/lam-viec/nam/2023/gia-han/")
    assert html.count("Đảng ủy xã Tân Hà") == 2
    assert html.count('<optgroup label="Huyện ủy Đức Linh">') == 1 == html.count('<optgroup label="Huyện ủy Hàm Tân">')


@pytest.mark.parametrize("name, day", [("closes_on", date(2025, 1, 31)), ("cutoff_on", date(2025, 1, 15))])
def test_a_season_is_one_years(season: Season, name: str, day: date) -> None:
    setattr(season, name, day)
    with pytest.raises(ValidationError) as refused:
        season.full_clean()
    assert list(refused.value.message_dict) == [name]


# --- themes


def test_a_theme_is_added_once(client: Client) -> None:
    client.force_login(person(PROVINCE))
    address, asked = "/lam-viec/chu-de/", {"them": "1", "plan": "Kế hoạch 12, 5/1/2023", "label": "Không rác thải nhựa"}
    assert client.post(address, asked).status_code == 302
    response = client.post(address, asked | {"label": "không rác thải NHỰA"})
    assert (response.status_code, "đã có chủ đề ấy" in response.content.decode()) == (422, True)
    assert Theme.objects.filter(label="Không rác thải nhựa").count() == 1
    assert client.post(address, {"them": "1"}).status_code == 422
    with pytest.raises(NotAllowed):
        add_theme(period_id=Season.objects.get(year=2023).period_id, plan="KH", label="Khác", actor=person(CHECKER))


def test_two_themes_never_say_the_same(client: Client) -> None:
    client.force_login(person(PROVINCE))
    themes = list(Theme.objects.order_by("pk")[:4])
    asked: dict[str, Any] = {"form-TOTAL_FORMS": 4, "form-INITIAL_FORMS": 4}
    for n, theme in enumerate(themes):
        asked |= {f"form-{n}-id": theme.pk, f"form-{n}-label": "Không ma túy" if n < 2 else ""}
    response = client.post("/lam-viec/chu-de/", asked)
    assert (response.status_code, "Trùng với một chủ đề khác" in response.content.decode()) == (422, True)


# --- what the checker is told


def test_the_checker_sees_like_titles_the_given_difference_and_what_was_not_mended(client: Client) -> None:
    there = accepted()
    row = fill(begin(), title="Tuyến đường hoa thay cỏ dại ở thôn Phú Lễ", subject="Chi hội Nông dân")
    say_different(registration_id=row.pk, others=[there.pk], reason="Ở thôn khác, hộ khác", actor=person(WRITER))
    row = do(row, Action.SUBMIT, WRITER)
    html = html_of(client, CHECKER, f"/lam-viec/dang-ky/{row.pk}/xet/")
    assert "mô hình có tên gần giống" in html and "Ở thôn khác, hộ khác" in html and there.title in html
    row = do(row, Action.RETURN, CHECKER, marks=[Mark(1, None, "Tên"), Mark(8, None, "Đếm cái gì?")])
    write(row, WRITER, outputs="Đến 30/11: 60 hộ ký cam kết.")
    do(row, Action.SUBMIT, WRITER)
    html = html_of(client, CHECKER, f"/lam-viec/dang-ky/{row.pk}/xet/")
    assert [html.count(words) for words in ("Gửi lại mà chưa sửa", "Đã sửa theo lần trả lại")] == [1, 1]


def test_a_message_about_what_has_moved_on_is_read() -> None:
    row = sent()
    waiting = Message.objects.filter(recipient__username=CHECKER, subject__startswith="Chờ xét")
    assert waiting.get().read_at is None
    do(row, Action.ACCEPT, "hamthuanbac.lanhdao")
    assert waiting.get().read_at is not None
    assert Message.objects.get(recipient__username=WRITER, subject__startswith="Đã nhận").read_at is None


def test_an_administrator_reads_no_title_of_what_is_not_public(client: Client) -> None:
    row = sent()
    html = html_of(client, "quantri", "/lam-viec/quan-tri/organisation/auditevent/")
    assert row.title not in html and f"Đăng ký số {row.pk}" in html
    do(row, Action.ACCEPT, CHECKER)
    assert row.title in html_of(client, "quantri", "/lam-viec/quan-tri/organisation/auditevent/")


# --- the board and the pages


def test_the_tabs_count_what_the_search_finds(client: Client) -> None:
    sent()
    accepted(title="Hội thi hoa kiểng ở thôn Phú Lễ", subject="Chi hội Nông dân")
    html = html_of(client, CHECKER, "/lam-viec/nam/2023/?q=hoa+thon+phu")
    counted = {label.strip(): int(n) for label, n in re.findall(r'class="chip[^>]*>([^<]+)<span class="num">(\d+)<', html)}
    shown = html.count('<td role="cell" class="card-title">')
    assert counted == {"Chưa xong": 1, "Chờ xét": 1, "Đã nhận": shown - 1, "Tất cả": shown}
    assert '<b class="num text-body">97</b> đăng ký đã nhận' in html  # the heading speaks of the whole


def test_an_empty_part_of_a_year_is_not_called_an_empty_year(client: Client) -> None:
    assert "không có ở phần đang xem" in html_of(client, CHECKER, "/lam-viec/nam/2023/?tt=tra-lai")
    season = Season.objects.get(year=2023)
    Season.objects.create(year=2024, period=season.period, opens_on="2024-01-01", closes_on="2024-12-31", cutoff_on="2024-10-15")
    html = html_of(client, CHECKER, "/lam-viec/nam/2024/")
    assert "chưa có đăng ký năm 2024" in html and "Bảng năm 2023" in html


def test_photos_that_may_be_shown_stand_on_the_public_page(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = accepted()
    shown, hidden = (
        add_attachment(
            registration_id=row.pk, file=SimpleUploadedFile(f"{n}.jpg", photo("JPEG", 40 + n, 30)), actor=person(WRITER)
        )
        for n in (1, 2)
    )
    for job in Job.objects.filter(kind="prepare_photo"):
        jobs.run(job.pk)
    words = {"caption": "Đoạn đường hoa", "alternative": "Hai hàng hoa dọc đường thôn"}
    describe_attachment(attachment_id=shown.pk, said=Description(may_be_shown=True, is_cover=True, **words), actor=person(WRITER))
    assert row.model is not None
    html = client.get(row.model.get_absolute_url()).content.decode()
    assert f"/tep/{shown.pk}/800/" in html and "Đoạn đường hoa</figcaption>" in html and str(hidden.pk) not in html
    assert 'alt="Hai hàng hoa dọc đường thôn"' in html
    assert [cover.alt for cover in covers_of([row.model_id]).values()] == ["Hai hàng hoa dọc đường thôn"]
    describe_attachment(
        attachment_id=shown.pk, said=Description(caption="Đoạn đường hoa", may_be_shown=True, is_cover=True), actor=None
    )
    assert [cover.alt for cover in covers_of([row.model_id]).values()] == ["Đoạn đường hoa"]
    do(row, Action.WITHDRAW, WRITER, "Nhầm")
    assert str(shown.pk) not in client.get(row.model.get_absolute_url()).content.decode()
    assert Attachment.objects.filter(pk=shown.pk).exists()


def test_a_second_value_of_a_day_says_what_it_replaces(client: Client) -> None:
    row = accepted()
    client.force_login(person(WRITER))
    address = f"/lam-viec/dang-ky/{row.pk}/ket-qua/"
    typed = {"what": "hộ", "counting_unit": "hộ", "quantity": "97", "as_of": "15/10/2023"}
    assert "Đã ghi 97 hộ, 15/10/2023." in client.post(address, typed, follow=True).content.decode()
    response = client.post(address, typed | {"quantity": "99"}, follow=True)
    assert "Đã sửa số đo ngày 15/10/2023: 97 hộ thành 99 hộ." in response.content.decode()
    measure, before = record_output(
        registration_id=row.pk, typed=MeasureTyped(**(typed | {"as_of": "16/10/2023"})), actor=person(WRITER)
    )
    bye = f"{address}{measure.pk}/bo/"
    assert before == "" and "nhật ký vẫn giữ" in client.get(bye).content.decode()
    assert client.post(bye).status_code == 302
    assert "không còn" in client.get(bye).content.decode()


@pytest.mark.parametrize("path", ["ket-qua", "chu-de", "khac", "luu", "tep"])
def test_who_comes_back_from_the_login_lands_on_the_form(client: Client, path: str) -> None:
    row = fill(begin())
    client.force_login(person(WRITER))
    response = client.get(f"/lam-viec/dang-ky/{row.pk}/{path}/", follow=True)
    assert response.status_code == 200 and response.redirect_chain[0][0].endswith("?giu=1")
    assert "chưa làm, vì phiên làm việc đã hết" in response.content.decode()


def test_an_error_of_the_portal_says_so_in_its_own_look(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.views.pages.home_page", broken)
    client.raise_request_exception = False
    response = client.get("/")
    html = response.content.decode()
    assert (response.status_code, "Lỗi này của cổng" in html, "look/look" in html) == (500, True, True)


def test_a_target_of_nothing_and_a_day_out_of_reach_are_told() -> None:
    row = fill(begin(), target_quantity="0", target_what="hộ", target_on="30/11/2023", assessed_on="01/01/9999")
    from models_registry.services import SheetIncomplete

    with pytest.raises(SheetIncomplete) as refused:
        do(row, Action.SUBMIT, WRITER)
    assert refused.value.errors["target_quantity"].endswith("phải lớn hơn 0.")
    assert "quá xa" in refused.value.errors["assessed_on"]
