"""The bin: a draft that was thrown away waits there whole, and is met nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from models_registry.models import Field, Registration, ThemeTag, ThrownDraft
from models_registry.models.thrown import DRAFT_KEPT
from models_registry.selectors import themes
from models_registry.selectors.scope import thrown_visible_to
from models_registry.services import begin_registration, carry_on, discard_draft, empty_bin, restore_draft
from models_registry.services.sheets import RoleLost
from organisation.models import AuditEvent
from tests.online import begin, fill, person, stored
from tests.pages import refused

pytestmark = [pytest.mark.both, pytest.mark.django_db]
WRITER = "hamhiep.canbo"


def thrown(row: Registration) -> ThrownDraft:
    return discard_draft(registration_id=row.pk, actor=person(WRITER))


def test_it_comes_back_whole_at_its_old_address() -> None:
    row = fill(begin())
    theme = themes(row.season.period).first()
    if theme:
        ThemeTag.objects.create(registration=row, theme=theme, note="Góp công")
    text, tags = stored(row.pk), row.theme_tags.count()
    thrown(row)
    assert not Registration.objects.filter(pk=row.pk).exists()
    back = restore_draft(draft_id=row.pk, actor=person(WRITER))
    assert (back.pk, back.title, back.state, stored(back.pk)) == (row.pk, row.title, "draft", text)
    assert back.theme_tags.count() == tags and back.sheet.writers.filter(username=WRITER).exists()
    assert not ThrownDraft.objects.exists()
    assert list(AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:2]) == ["restore-draft", "discard-draft"]
    with pytest.raises(DomainError, match="không còn"):
        restore_draft(draft_id=row.pk, actor=person(WRITER))


def test_others_neither_see_it_nor_take_it_back() -> None:
    row = thrown(fill(begin()))
    assert list(thrown_visible_to(person(WRITER))) == [row]
    for name in ("duclinh.chuyenvien", "hamthuanbac.lanhdao", "quantri"):
        assert row not in thrown_visible_to(person(name))
    with pytest.raises(NotAllowed):
        restore_draft(draft_id=row.pk, actor=person("duclinh.chuyenvien"))


def test_a_copied_draft_frees_its_model_and_is_not_put_beside_another(new_season: Any) -> None:
    rows = Registration.objects.filter(
        season__year=2023, place__key="ham-thuan-bac/xa-ham-hiep", is_latest=True, state="accepted"
    )
    first = rows.order_by("pk")[0]
    (draft,) = carry_on(season_id=new_season.pk, registration_ids=[first.pk], actor=person(WRITER))
    thrown(draft)
    (again,) = carry_on(season_id=new_season.pk, registration_ids=[first.pk], actor=person(WRITER))
    with pytest.raises(DomainError, match="đã có đăng ký khác"):
        restore_draft(draft_id=draft.pk, actor=person(WRITER))
    thrown(again)
    assert restore_draft(draft_id=draft.pk, actor=person(WRITER)).model == first.model


def test_what_it_pointed_to_may_be_gone() -> None:
    row, other = fill(begin()), Registration.objects.filter(season__year=2023)[0]
    row.differences.create(other=other, reason="Khác xã", said_by=person(WRITER))
    one = thrown(row)
    for kept in one.rows:
        if kept["model"] == "models_registry.differencenote":
            kept["fields"]["other"] = 10**9
    one.save(update_fields=["rows"])
    assert not restore_draft(draft_id=row.pk, actor=person(WRITER)).differences.exists()


def test_after_thirty_days_it_is_gone_and_a_second_sweep_finds_nothing() -> None:
    young, old = thrown(fill(begin())), thrown(fill(begin(), title="Bản nháp cũ"))
    ThrownDraft.objects.filter(pk=old.pk).update(thrown_at=timezone.now() - DRAFT_KEPT - timedelta(minutes=1))
    assert (empty_bin(), empty_bin()) == (1, 0)
    assert list(ThrownDraft.objects.values_list("pk", flat=True)) == [young.pk]


def test_the_page_lists_and_restores(client: Client, user: Any) -> None:
    client.force_login(user(WRITER), backend="django.contrib.auth.backends.ModelBackend")
    row = fill(begin())
    page = client.post(f"/lam-viec/dang-ky/{row.pk}/xoa/", follow=True).content.decode()
    assert "vào thùng rác" in page and row.title in page and "Lấy lại" in page
    assert client.post("/lam-viec/thung-rac/", {"lay-lai": "999999"}).status_code == 404
    assert row.title in client.post("/lam-viec/thung-rac/", {"lay-lai": str(row.pk)}, follow=True).content.decode()
    assert begin_registration(season_id=row.season_id, unit=row.place or row.unit, actor=person(WRITER)).pk != row.pk


def test_a_field_that_is_no_more_is_left_empty() -> None:
    row, field = fill(begin()), Field.objects.create(slug="tam", name="Tạm")
    Registration.objects.filter(pk=row.pk).update(field=field)
    thrown(row)
    field.delete()
    assert restore_draft(draft_id=row.pk, actor=person(WRITER)).field is None


def test_only_who_writes_it_throws_it_away() -> None:
    row = fill(begin())
    with refused("Vai trò của đồng chí ở đơn vị này đã hết, nên không bỏ được bản nháp này.", RoleLost):
        discard_draft(registration_id=row.pk, actor=person("duclinh.chuyenvien"))
    assert Registration.objects.filter(pk=row.pk).exists() and not ThrownDraft.objects.exists()
