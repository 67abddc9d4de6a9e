"""A maintained registration carries on a model of an earlier year: by itself, by a person's word, and not at all."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from models_registry.enums import LinkState
from models_registry.models import (
    Continuity,
    ContinuityProposal,
    EmulationModel,
    FormerSlug,
    ModelJoin,
    OutputMeasure,
    RegisterImport,
    Registration,
    Season,
)
from models_registry.selectors import model_at, model_years
from models_registry.selectors.sheets import carriable
from models_registry.services import (
    ImportReport,
    NewSeason,
    carry_on,
    confirm_link,
    look_again,
    open_season,
    refuse_link,
    undo_import,
    undo_link,
)
from organisation.models import AuditEvent, Unit, UnitSuccession, UnitVersion
from tests.online import Action, accepted, begin, do, fill, person
from tests.pages import refused
from tests.threads import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db]
OFFICER, OTHER, PROVINCE = "phanthiet.chuyenvien", "duclinh.chuyenvien", "tinh.chuyenvien"
Send = Callable[..., ImportReport]
GOES_ON = "Duy trì, nhân rộng"
PLACE, DOER = "Phường Phú Hài", "Hội Liên hiệp Phụ nữ phường Phú Hài"


def on(title: str = "Tuyến đường hoa", **given: Any) -> tuple[str, dict[str, Any]]:
    return title, {"kind": GOES_ON} | given


def row_of(year: int, title: str) -> Registration:
    return Registration.objects.select_related("model", "continuity").get(season__year=year, title=title, unit__key__in=UNITS)


UNITS = ["phan-thiet", "2025/phuong-phu-thuy"]


def asked(send: Send) -> tuple[Registration, Registration]:
    """(last year's, this year's registration with a title of its own, about which the portal asks)."""
    send(2024, ("Tuyến đường hoa", {}), ("Khác hẳn", {}))
    send(2025, on("Tuyến đường hoa (giai đoạn 2)"))
    return row_of(2024, "Tuyến đường hoa"), row_of(2025, "Tuyến đường hoa (giai đoạn 2)")


def proposal(row: Registration) -> ContinuityProposal:
    return ContinuityProposal.objects.get(continuity=row.pk)


def test_a_plain_match_is_linked_by_the_import(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    report = send(2025, on("“Tuyến  đường HOA”"))
    assert report.continuity == {"linked": 1, "open": 0, "none": 0}
    old, new = row_of(2024, "Tuyến đường hoa"), row_of(2025, "“Tuyến đường HOA”")
    assert new.model == old.model and new.continuity.state == LinkState.AUTO
    assert (new.is_latest, Registration.objects.get(pk=old.pk).is_latest) == (True, False)
    assert AuditEvent.objects.filter(action="link-registrations", unit__key="phan-thiet").count() <= 1


def test_a_model_of_the_ended_district_goes_on_in_the_commune(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    heir = UnitSuccession.objects.filter(predecessor__key__endswith="phuong-phu-hai").first()
    assert heir is not None
    name = UnitVersion.objects.filter(unit=heir.successor).latest("pk").place
    renamed = f"Hội Liên hiệp Phụ nữ {name[0].lower()}{name[1:]}"
    report = send(2026, on(subject=renamed, place="Khu phố 3 (Phường Phú Hài cũ)"), unit=heir.successor.key)
    assert report.continuity == {"linked": 1, "open": 0, "none": 0}
    old = row_of(2024, "Tuyến đường hoa")
    new = Registration.objects.get(season__year=2026, title="Tuyến đường hoa")
    assert new.model is not None and new.model == old.model and new.subject == renamed
    assert new.model.unit == heir.successor
    assert [row.subject for row in model_years(None, new.model)] == [renamed, old.subject]


def test_a_former_place_is_told_from_what_it_went_into_though_both_registers_came_after(send: Send) -> None:
    """Phường Đức Nghĩa went into Phường Lạc Đạo in 2024, and that into Phường Phan Thiết in 2025."""
    send(2025, ("Tuyến đường hoa", {"subject": "Chi bộ thôn 3", "place": "Phường Đức Nghĩa"}))
    rows = [on(subject="Chi bộ thôn 3", place=f"Thôn 7 ({name} cũ)") for name in ("Phường Lạc Đạo", "Phường Đức Nghĩa")]
    assert send(2026, *rows, unit="2025/phuong-phan-thiet").continuity == {"linked": 1, "open": 0, "none": 1}
    linked = Registration.objects.get(season__year=2026, continuity__state=LinkState.AUTO)
    assert linked.place_name == "Thôn 7 (Phường Đức Nghĩa cũ)"


def test_a_doer_named_after_a_place_that_went_into_another_is_the_heirs(send: Send) -> None:
    send(2025, ("Tuyến đường hoa", {"place": "Phường Đức Nghĩa", "subject": "Hội Nông dân phường Đức Nghĩa"}))
    row = on(place="Thôn 7 (Phường Đức Nghĩa cũ)", subject="Hội Nông dân phường Phan Thiết")
    assert send(2026, row, unit="2025/phuong-phan-thiet").continuity == {"linked": 1, "open": 0, "none": 0}


def test_anything_less_is_asked_with_its_reason(send: Send) -> None:
    old, new = asked(send)
    assert new.model != old.model and new.continuity.state == LinkState.OPEN
    found = proposal(new)
    assert (found.earlier, found.reason) == (old, "suffix") and 50 < found.score < 100


def test_a_new_one_is_not_asked_about_and_one_without_a_past_is_told_so(send: Send) -> None:
    send(2024, ("Khác hẳn", {}))
    report = send(2025, ("Tuyến đường hoa", {}), on("Lớp học ban đêm", subject="Đoàn Thanh niên", place="Phường Mũi Né"))
    assert report.continuity == {"linked": 0, "open": 0, "none": 1}
    assert not Continuity.objects.filter(registration__title="Tuyến đường hoa").exists()


def test_confirming_joins_the_registration_to_the_model_and_undoing_parts_it_again(send: Send) -> None:
    old, new = asked(send)
    begun = new.model
    assert begun is not None and old.model is not None
    OutputMeasure.objects.create(model=begun, what="hộ", counting_unit="hộ", quantity=3, as_of=date(2025, 6, 1))
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    new = row_of(2025, new.title)
    assert new.model == old.model and new.continuity.state == LinkState.CONFIRMED
    assert new.continuity.decided_by == person(OFFICER)
    assert new.model.title == new.title and new.model.measures.count() == 1
    assert model_at(None, begun.slug).moved_to == old.model.slug
    undo_link(registration_id=new.pk, actor=person(OFFICER))
    new, kept = row_of(2025, new.title), EmulationModel.objects.get(pk=old.model.pk)
    assert new.model == begun and new.continuity.state == LinkState.OPEN
    assert (kept.title, begun.measures.count(), kept.measures.count()) == ("Tuyến đường hoa", 1, 0)
    assert model_at(None, begun.slug).model == begun
    assert Registration.objects.filter(model=kept, is_latest=True).get() == old
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [one for one in actions if "link" in one or "models" in one] == [
        "join-models",
        "confirm-link",
        "part-models",
        "undo-link",
    ]


def test_what_carried_it_on_since_comes_along_and_goes_along(send: Send) -> None:
    old, new = asked(send)
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 11, 30)))
    later = Registration.objects.get(pk=new.pk)
    later.pk, later.season, later.is_latest = None, season, False
    later.save()
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    assert Registration.objects.filter(model=old.model).count() == 3
    undo_link(registration_id=new.pk, actor=person(OFFICER))
    assert set(Registration.objects.filter(model=new.model)) == {new, later}


def test_refusing_is_kept_and_is_undone(send: Send) -> None:
    _, new = asked(send)
    refuse_link(registration_id=new.pk, actor=person(OFFICER))
    assert row_of(2025, new.title).continuity.state == LinkState.REFUSED
    look_again(season=new.season, unit=new.unit, actor=person(OFFICER))
    assert row_of(2025, new.title).continuity.state == LinkState.REFUSED
    undo_link(registration_id=new.pk, actor=person(OFFICER))
    assert row_of(2025, new.title).continuity.state == LinkState.OPEN


def test_what_the_portal_linked_is_undone_for_good(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, on())
    old, new = row_of(2024, "Tuyến đường hoa"), row_of(2025, "Tuyến đường hoa")
    undo_link(registration_id=new.pk, actor=person(OFFICER))
    send(2025, on(), on("Thêm một dòng"))
    new = row_of(2025, "Tuyến đường hoa")
    assert new.model != old.model and new.continuity.state == LinkState.OPEN
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    assert row_of(2025, "Tuyến đường hoa").model == old.model


def test_nothing_is_linked_twice_in_a_season(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, on("Tuyến đường hoa (đợt 2)"), on("Tuyến đường hoa đẹp"))
    first, second = row_of(2025, "Tuyến đường hoa (đợt 2)"), row_of(2025, "Tuyến đường hoa đẹp")
    theirs = proposal(second)
    confirm_link(registration_id=first.pk, proposal_id=proposal(first).pk, actor=person(OFFICER))
    assert row_of(2025, second.title).continuity.state == LinkState.NONE
    with pytest.raises(DomainError, match="không còn"):
        confirm_link(registration_id=second.pk, proposal_id=theirs.pk, actor=person(OFFICER))


@pytest.mark.parametrize("act", [confirm_link, refuse_link, undo_link])
def test_an_officer_of_another_unit_decides_nothing(act: Callable[..., Any], send: Send) -> None:
    _, new = asked(send)
    more = {"proposal_id": proposal(new).pk} if act is confirm_link else {}
    with pytest.raises(NotAllowed):
        act(registration_id=new.pk, actor=person(OTHER), **more)


def test_copying_offers_nothing_that_an_import_carried_on_and_is_itself_a_decision(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}), ("Khác hẳn", {}))
    send(2025, on())
    season = Season.objects.get(year=2025)
    with time_machine.travel(datetime(2025, 3, 20, tzinfo=UTC), tick=False):
        assert [row.title for row in carriable(person(OFFICER), season).rows] == ["Khác hẳn"]
        old = row_of(2024, "Khác hẳn")
        [draft] = carry_on(season_id=season.pk, registration_ids=[old.pk], actor=person(OFFICER))
    assert draft.model == old.model
    assert (draft.continuity.state, draft.continuity.decided_by) == (LinkState.CONFIRMED, person(OFFICER))


@pytest.mark.parametrize(
    "title, state", [("Đèn đường nông thôn", LinkState.AUTO), ("Đèn đường nông thôn (đợt 2)", LinkState.OPEN)]
)
def test_one_that_is_typed_is_linked_or_asked_about_when_it_is_accepted(title: str, state: LinkState) -> None:
    old = accepted(title="Đèn đường nông thôn")
    open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    with time_machine.travel(datetime(2024, 3, 20, tzinfo=UTC), tick=False):
        changed = "Thêm 200 m đường hoa."
        draft = fill(begin(year=2024), title=title, kind="maintained", changed=changed, starts_on="01/03/2024")
        new = do(do(draft, Action.SUBMIT, "hamhiep.canbo"), Action.ACCEPT, "hamthuanbac.chuyenvien")
    new = Registration.objects.select_related("continuity", "model").get(pk=new.pk)
    assert new.continuity.state == state
    assert (new.model == old.model) == (state == LinkState.AUTO)
    assert Registration.objects.filter(model=new.model, is_latest=True).get() == new


def test_a_register_of_an_earlier_year_that_comes_later_is_found_by_looking_again(send: Send) -> None:
    send(2025, on(place=""), on("Lớp học ban đêm"))
    assert row_of(2025, "Tuyến đường hoa").continuity.state == LinkState.NONE
    slug = row_of(2025, "Tuyến đường hoa").model.slug  # type: ignore[union-attr]
    send(2024, ("Tuyến đường hoa", {}))
    found = look_again(season=Season.objects.get(year=2025), unit=Unit.objects.get(key="phan-thiet"), actor=person(OFFICER))
    assert found["linked"] == 1
    old, new = row_of(2024, "Tuyến đường hoa"), row_of(2025, "Tuyến đường hoa")
    assert new.model == old.model and FormerSlug.objects.get(slug=slug).model == old.model


def test_an_upload_is_undone_with_what_it_linked_but_not_over_a_persons_decision(send: Send) -> None:
    old, new = asked(send)
    upload = RegisterImport.objects.get(season__year=2025)
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    with pytest.raises(DomainError, match="đã có người quyết định"):
        undo_import(import_id=upload.pk, actor=person(OFFICER))
    send(2024, ("Tuyến đường hoa", {}))
    assert Registration.objects.filter(pk=old.pk).exists()


def test_an_upload_that_linked_models_is_undone_whole(send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    send(2025, on("“Tuyến đường hoa”", subject=DOER.upper()))
    undo_import(import_id=RegisterImport.objects.get(season__year=2025).pk, actor=person(OFFICER))
    old = row_of(2024, "Tuyến đường hoa")
    assert old.is_latest and old.model is not None and old.model.title == "Tuyến đường hoa"
    assert not Continuity.objects.filter(registration__season__year=2025).exists()


def test_the_command_tells_each_maintained_registration(send: Send, capsys: Any) -> None:
    old, new = asked(send)
    call_command("continuity", season=2025, unit="phan-thiet", json=True)
    told = json.loads(capsys.readouterr().out)
    earlier = {"season": 2024, "unit": "phan-thiet", "title": old.title, "subject": old.subject, "place": PLACE}
    score = proposal(new).score / 100
    row = {"unit": "phan-thiet", "title": new.title, "subject": new.subject, "place": PLACE}
    assert told == {"season": 2025, "rows": [row | {"origin": None, "how": "", "candidates": [earlier | {"score": score}]}]}
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    call_command("continuity", season=2025, json=True)
    assert json.loads(capsys.readouterr().out)["rows"] == [row | {"origin": earlier, "how": "confirmed", "candidates": []}]
    call_command("continuity", season=2025)
    assert "cán bộ nối: 2024 phan-thiet, Tuyến đường hoa" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("continuity", season=2031)


def test_what_was_stored_before_the_portal_linked_is_found_by_the_command(send: Send, capsys: Any) -> None:
    _, new = asked(send)
    Continuity.objects.all().delete()
    call_command("continuity", season=2025, unit="phan-thiet", json=True)
    assert json.loads(capsys.readouterr().out)["rows"][0]["candidates"] == []
    call_command("continuity", season=2025, unit="phan-thiet", json=True, again=True)
    assert [one["title"] for one in json.loads(capsys.readouterr().out)["rows"][0]["candidates"]] == ["Tuyến đường hoa"]
    assert row_of(2025, new.title).continuity.state == LinkState.OPEN


@pytest.mark.parametrize("kind", ["circle", "nothing", "one day"])
def test_a_circle_a_gap_and_two_changes_on_one_day_do_no_harm(kind: str, send: Send) -> None:
    send(2024, ("Tuyến đường hoa", {}))
    old, new = (
        Unit.objects.get(key__endswith="phuong-phu-hai"),
        UnitSuccession.objects.get(predecessor__key__endswith="phuong-phu-hai").successor,
    )
    if kind == "circle":
        UnitSuccession.objects.create(predecessor=new, successor=old, effective_on=date(2025, 7, 1), kind="rename")
    elif kind == "nothing":
        UnitSuccession.objects.filter(predecessor=old).delete()
    else:
        between = Unit.objects.create(key="between")
        UnitSuccession.objects.filter(predecessor=old).delete()
        UnitSuccession.objects.create(predecessor=old, successor=between, effective_on=date(2025, 7, 1), kind="rename")
        UnitSuccession.objects.create(predecessor=between, successor=new, effective_on=date(2025, 7, 1), kind="merge")
    forget()
    report = send(2026, on(place="Khu phố 3"), unit=new.key)
    assert report.continuity["linked"] == (0 if kind == "nothing" else 1)


def test_what_is_linked_is_not_refused_and_what_was_refused_is_so_once(send: Send) -> None:
    _, new = asked(send)
    for _ in range(2):
        refuse_link(registration_id=new.pk, actor=person(OFFICER))
    assert AuditEvent.objects.filter(action="refuse-link").count() == 1
    undo_link(registration_id=new.pk, actor=person(OFFICER))
    confirm_link(registration_id=new.pk, proposal_id=proposal(new).pk, actor=person(OFFICER))
    with pytest.raises(DomainError, match=f"^.*{person(OFFICER)}"):
        refuse_link(registration_id=new.pk, actor=person(OFFICER))
    assert row_of(2025, new.title).continuity.state == LinkState.CONFIRMED
    with refused("Vai trò của đồng chí không nối đăng ký của đơn vị này.", NotAllowed):
        look_again(season=new.season, unit=new.unit, actor=person(OTHER))


def test_questions_about_what_was_taken_go_by_their_numbers(send: Send) -> None:
    """One statement for all of it took PostgreSQL minutes in a season that was being filled, of which it knew nothing yet."""
    asked(send)
    with CaptureQueriesContext(connection) as queries:
        send(2025, on("Tuyến đường hoa (giai đoạn 2)"), on(place=""))
    assert not ContinuityProposal.objects.exists() and row_of(2025, "Tuyến đường hoa").continuity.state == LinkState.AUTO
    assert not [query["sql"] for query in queries if query["sql"].startswith("DELETE") and "SELECT" in query["sql"]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_confirm_one_proposal_one_wins_and_the_other_is_told(transactional_db: None, send: Send) -> None:
    old, new = asked(send)
    number = proposal(new).pk
    results = at_once(
        *(
            lambda who=who: confirm_link(registration_id=new.pk, proposal_id=number, actor=person(who)).model_id
            for who in (OFFICER, PROVINCE)
        )
    )
    assert [one for one in results if isinstance(one, int)] == [old.model_id]
    assert [type(one) for one in results if not isinstance(one, int)] == [DomainError]
    assert ModelJoin.objects.count() == AuditEvent.objects.filter(action="confirm-link").count() == 1
