"""Two at once, with threads on PostgreSQL: one wins, the other is told, nothing is made twice."""

from datetime import date
from typing import Any

import pytest

from models_registry.enums import Action
from models_registry.models import (
    BoardCount,
    EmulationModel,
    PendingMarks,
    Registration,
    RegistrationStep,
    Season,
    SeasonDraft,
    Takeback,
)
from models_registry.services import (
    DraftChanged,
    ImportOptions,
    NewSeason,
    import_register,
    keep_draft,
    keep_marks,
    note_opened,
    open_season,
    undo_check,
)
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent, Unit
from tests import registers as made
from tests.online import WHOLE, begin, do, person, sent
from tests.threads import at_once

CHECKER, LEADER = "hamthuanbac.chuyenvien", "hamthuanbac.lanhdao"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_acceptances_at_once(transactional_db: None) -> None:
    row = sent()
    results = at_once(*(lambda who=who: str(do(row, Action.ACCEPT, who).state) for who in (CHECKER, LEADER)))
    assert [one for one in results if not isinstance(one, InvalidTransition)] == ["accepted"]
    assert AuditEvent.objects.filter(action="accept-registration").count() == 1
    assert RegistrationStep.objects.filter(action="accept").count() == 1
    assert EmulationModel.objects.filter(title=WHOLE["title"]).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_makes_one_registration(transactional_db: None) -> None:
    made = at_once(begin, begin, begin)
    assert len({one.pk for one in made}) == 1
    assert Registration.objects.filter(state="draft").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_accepting_while_a_register_is_stored_does_not_lock_up(transactional_db: None, tmp_path: Any) -> None:
    titles = ("Tổ tự quản an ninh thôn Xuân Điền", "Ngày thứ Sáu nghe dân nói", "Hiến đất mở đường", "Quỹ khuyến học dòng họ")
    rows = [sent(title=title) for title in titles]
    path = made.xlsx(
        tmp_path / "so.xlsx",
        [made.HEAD, *(made.row(f"Từ sổ {n}", place="Xã Hàm Hiệp", day="20/10/2023") for n in range(200))],
    )
    season, unit = Season.objects.get(year=2023), Unit.objects.get(key="ham-thuan-bac")

    def accept_all() -> list[str]:
        return [str(do(row, Action.ACCEPT, CHECKER).state) for row in rows]

    stored, states = at_once(
        lambda: import_register(path=path, season=season, unit=unit, actor=None, options=ImportOptions(accept_valid=True)),
        accept_all,
    )
    assert (stored.created, states) == (200, ["accepted"] * 4)
    kept = sum(BoardCount.objects.filter(season=season, unit=unit, state="accepted").values_list("total", flat=True))
    assert kept == Registration.objects.filter(season=season, unit=unit, state="accepted").count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_open_one_season_open_it_once_and_one_of_two_drafts_stands(transactional_db: None) -> None:
    province, other = person("tinh.chuyenvien"), person("quantri")
    drafts = at_once(
        *(
            lambda who=who: keep_draft(answers={"year": "2026", "basis": who.username}, seen="", actor=who)
            for who in (province, other)
        )
    )
    assert sorted(isinstance(one, DraftChanged) for one in drafts) == [False, True]
    new = NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15))
    results = at_once(*(lambda who=who: open_season(new, told=[other], actor=who)[1] for who in (province, other)))
    assert sorted(results) == [False, True]
    assert AuditEvent.objects.filter(action="open-season", target_id=str(Season.objects.get(year=2026).pk)).count() == 1
    assert Message.objects.filter(event_key="open-season:2026").count() == 1 and not SeasonDraft.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_decision_is_taken_back_once_and_not_after_the_unit_has_opened_it(transactional_db: None) -> None:
    row = do(sent(), Action.RETURN, CHECKER, "Nói rõ hơn")
    step = row.steps.latest("pk")
    opened = Registration.objects.select_related("season", "unit", "place", "sheet").get(pk=row.pk)
    results = at_once(
        *(lambda: str(undo_check(step_id=step.pk, actor=person(CHECKER)).state) for _ in range(2)),
        lambda: note_opened(registration=opened, reader=person("hamhiep.canbo")),
    )
    takeback, state = Takeback.objects.get(), Registration.objects.get(pk=row.pk).state
    was_undone = results.count("submitted")
    assert (takeback.opened_at is None, takeback.undone_at is not None, was_undone) in [(True, True, 1), (False, False, 0)]
    assert state == ("submitted" if was_undone else "returned")
    assert RegistrationStep.objects.filter(action="undo").count() == was_undone


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_keep_marks_at_once_lose_none(transactional_db: None) -> None:
    row = sent()
    marks = ({"loi-1": "Tên chưa rõ"}, {"loi-8": "Ai đếm?"})
    at_once(*(lambda one=one: keep_marks(registration_id=row.pk, texts=one, base={}, actor=person(CHECKER)) for one in marks))
    assert PendingMarks.objects.get().texts == marks[0] | marks[1]
