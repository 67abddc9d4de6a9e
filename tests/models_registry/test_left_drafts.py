"""What an earlier season left goes on in a later one: a draft as the same row, at the unit of today; a model that rested for years."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from common.exceptions import DomainError
from models_registry import services
from models_registry.enums import Action, State
from models_registry.models import Registration, Season
from models_registry.services import NewSeason, carry_on, move_draft, open_season
from organisation.models import AuditEvent, Unit
from organisation.services import give_role
from tests.online import HAM_HIEP, begin, do, fill, person, sent
from tests.pages import refused

pytestmark = pytest.mark.django_db
WRITER, HEIR = "hamhiep.canbo", "2025/phuong-binh-thuan"


@pytest.fixture
def left() -> Registration:
    """A draft of 2023."""
    return fill(begin(), title="Bản nháp của năm cũ", assessed_on="01/12/2023")


def year(number: int, period: str = "2021-2025") -> Season:
    return open_season(NewSeason.of_year(number, period, date(number, 11, 30)))[0]


@time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False)
def test_its_writer_moves_it_with_its_text(client: Client, left: Registration) -> None:
    season = year(2024)
    client.force_login(person(WRITER), backend="django.contrib.auth.backends.ModelBackend")
    assert "Chuyển thành nháp năm 2024" in client.get("/lam-viec/nam/2024/dang-ky/").content.decode()
    answer = client.post("/lam-viec/nam/2024/chuyen-nhap/", {"chon": left.pk})
    assert answer.headers["Location"] == f"/lam-viec/dang-ky/{left.pk}/viet/"
    left.refresh_from_db()
    assert (left.season, left.state, left.title, left.unit.key) == (season, State.DRAFT, "Bản nháp của năm cũ", "ham-thuan-bac")
    assert left.place is not None and left.place.key == left.sheet.answers["place"] == HAM_HIEP
    assert "assessed_on" not in left.sheet.answers and left.sheet.answers["upkeep"]
    assert AuditEvent.objects.filter(action="move-draft").latest("pk").changes == {"season": ["2023", "2024"]}
    assert "Bản nháp năm trước" not in client.get("/lam-viec/nam/2024/dang-ky/").content.decode()
    assert "không còn" in client.post("/lam-viec/nam/2024/chuyen-nhap/", {"chon": left.pk}, follow=True).content.decode()


@time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False)
def test_the_heir_of_its_unit_moves_it_to_itself(left: Registration) -> None:
    heir = Unit.objects.get(key=HEIR)
    give_role(user=person(WRITER), role="can-bo-co-so", unit=heir, starts_on=date(2025, 7, 1), actor=None)
    moved = move_draft(registration_id=left.pk, season_id=year(2026, "2026-2030").pk, actor=person(WRITER))
    assert (moved.unit, moved.place, moved.unit_name) == (heir, None, "Đảng ủy phường Bình Thuận")


@time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False)
def test_what_was_sent_and_what_is_others_is_not_moved(left: Registration) -> None:
    season, other = year(2024), sent(title="Đã gửi năm cũ")
    with pytest.raises(DomainError, match="không còn"):
        move_draft(registration_id=other.pk, season_id=season.pk, actor=person(WRITER))
    with pytest.raises(DomainError, match="không còn"):
        move_draft(registration_id=left.pk, season_id=season.pk, actor=person("duclinh.chuyenvien"))
    assert Registration.objects.get(pk=left.pk).season.year == 2023


def test_none_is_moved_into_a_season_that_takes_none_today(left: Registration) -> None:
    with time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False):
        season = year(2024)
    with time_machine.travel(datetime(2025, 2, 1, tzinfo=UTC), tick=False), pytest.raises(DomainError, match="hết hạn"):
        move_draft(registration_id=left.pk, season_id=season.pk, actor=person(WRITER))


@time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False)
def test_a_moved_draft_is_sent_in_its_new_year(left: Registration) -> None:
    move_draft(registration_id=left.pk, season_id=year(2024).pk, actor=person(WRITER))
    fill(left, title="Bản nháp của năm cũ", starts_on="01/03/2024", aims="Đến 30/11/2024 phủ hoa 1,2 km.")
    assert do(left, Action.SUBMIT, WRITER).state == State.SUBMITTED


@time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False)
def test_a_model_that_rested_for_years_is_copied_by_the_heir_from_the_year_that_had_it_last(client: Client) -> None:
    """What its district's register of 2025 left out is found under 2023, and goes on as the same model."""
    years = {number: year(number, "2026-2030" if number > 2025 else "2021-2025") for number in (2025, 2026)}
    rested = Registration.objects.get(model__slug="lo-dot-rac-ho-gia-dinh-ham-hiep")
    kept = Registration.objects.filter(season__year=2023, place__key=HAM_HIEP).exclude(pk=rested.pk).earliest("pk")
    Registration.objects.filter(pk=kept.pk).update(is_latest=False)
    kept.pk, kept.season, kept.registered_on, kept.is_latest = None, years[2025], date(2025, 3, 1), True
    kept.save(force_insert=True)
    heir = Unit.objects.get(key=HEIR)
    give_role(user=person(WRITER), role="can-bo-co-so", unit=heir, starts_on=date(2025, 7, 1), actor=None)
    client.force_login(person(WRITER), backend="django.contrib.auth.backends.ModelBackend")
    page = "/lam-viec/nam/2026/dang-ky/"
    assert [row.pk for row in client.get(page).context["page"].rows] == [kept.pk]
    offered = [row.pk for row in client.get(f"{page}?tu=2023").context["page"].rows]
    assert rested.pk in offered and client.get(f"{page}?tu=x").context["page"].before == years[2025]
    answer = client.post("/lam-viec/nam/2026/chep/", {"chon": rested.pk})
    copied = Registration.objects.get(season=years[2026])
    assert answer.headers["Location"] == f"/lam-viec/dang-ky/{copied.pk}/viet/"
    assert (copied.model, copied.unit, copied.kind) == (rested.model, heir, "maintained")
    assert (rested.subject, copied.subject) == ("Đảng ủy xã Hàm Hiệp", "Đảng ủy phường Bình Thuận")


@time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False)
def test_what_changed_while_one_waited_for_the_lock_is_not_moved(left: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    season, lock = year(2024), services.sheets.lock_registration

    def after_it_was_sent(*given: Any, **also: Any) -> Registration:
        Registration.objects.filter(pk=left.pk).update(state=State.SUBMITTED)
        return lock(*given, **also)

    monkeypatch.setattr(services.sheets, "lock_registration", after_it_was_sent)
    with refused("Bản nháp này vừa được gửi, hoặc vừa được chuyển."):
        move_draft(registration_id=left.pk, season_id=season.pk, actor=person(WRITER))


@time_machine.travel(datetime(2024, 3, 1, tzinfo=UTC), tick=False)
def test_a_draft_whose_model_has_a_registration_of_the_year_is_not_moved_beside_it(left: Registration) -> None:
    season, before = year(2024), Registration.objects.filter(season__year=2023, place__key=HAM_HIEP, state="accepted")[0]
    carry_on(season_id=season.pk, registration_ids=[before.pk], actor=person(WRITER))
    Registration.objects.filter(pk=before.pk).update(model=None, registered_on=None, is_latest=False, state="draft")
    Registration.objects.filter(pk=left.pk).update(model=before.model)
    words = f"Mô hình “{before.model}” đã có đăng ký năm 2024. Xóa bản nháp này nếu không dùng nữa."
    with refused(words):
        move_draft(registration_id=left.pk, season_id=season.pk, actor=person(WRITER))
    assert Registration.objects.get(pk=left.pk).season.year == 2023
