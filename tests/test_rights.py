"""Every question of who may: which right it asks for, and in which units. Units, roles and rows made up here, no database."""

from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from common.exceptions import NotAllowed
from models_registry import permissions as registry
from models_registry.enums import Action
from models_registry.models import Registration, Season
from organisation import permissions as rights
from organisation.models import Membership, Unit, User
from organisation.roles import May
from organisation.tree import UnitTree
from papers import permissions as papers
from portal import permissions as portal
from recognition import permissions as rounds
from recognition.enums import CouncilTask
from recognition.models import Dossier
from replication import permissions as spread
from replication.models import Adoption, ReplicationCampaign, StudyVisit
from reports import permissions as reports
from tests.pages import refused

PROVINCE, DISTRICT, COMMUNE, OTHER, ENDED = units = [
    Unit(pk=pk, key=key) for pk, key in ((1, "tinh"), (2, "huyen"), (3, "xa"), (4, "huyen-khac"), (5, "xa-cu"))
]
NOW, MERGED = date(2023, 10, 1), date(2023, 7, 1)
SEASON = Season(year=2023, opens_on=date(2023, 1, 1), closes_on=date(2023, 12, 1), cutoff_on=date(2023, 11, 15))


def registered(**where: Unit) -> Registration:
    """A row that was handed to nobody."""
    made = Registration(season=SEASON, **where)
    made._state.fields_cache["handover"] = None
    return made


IN_COMMUNE, OF_DISTRICT = registered(unit=DISTRICT, place=COMMUNE), registered(unit=DISTRICT)


def made_up_tree() -> UnitTree:
    """The province over two districts; the old commune lay in the other district and was followed by the commune on 1/7."""
    tree = object.__new__(UnitTree)
    tree._rows = [
        (1, None, None, None, True),
        (2, 1, None, None, True),
        (3, 2, None, None, False),
        (4, 1, None, None, True),
        (5, 4, None, MERGED, False),
    ]
    tree._changes, tree._epochs, tree._successions = [MERGED], {}, [(5, 3, MERGED)]
    return tree


def holder(act: May, unit: Unit) -> Any:
    """Someone who may do just this, in just this unit."""
    role = Membership(role=act.value, unit=unit)
    return SimpleNamespace(is_authenticated=True, is_active=True, pk=9, _memberships_today=[role], _unit_tree=made_up_tree())


@pytest.fixture(autouse=True)
def _a_role_for_each_right(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(rights, "keys_that_may", lambda act: [act.value])
    with time_machine.travel(NOW, tick=False):
        yield


def round_of(unit: Unit, seat: Any = None) -> Any:
    members = SimpleNamespace(
        filter=lambda *dated, **whose: SimpleNamespace(first=lambda: seat if whose == {"user": 9} else None)
    )
    return SimpleNamespace(unit=unit, unit_id=unit.pk, season=SEASON, members=members)


def campaign(unit: Unit) -> ReplicationCampaign:
    return ReplicationCampaign(unit=unit)


def row(unit: Unit) -> Registration:
    return registered(unit=unit)


def dossier(unit: Unit | None) -> Dossier:
    return Dossier(unit=unit, registration=OF_DISTRICT)


Question = Callable[[Any, Unit], Any]
ABOVE, HERE, ANYWHERE = {"tinh", "huyen"}, {"huyen"}, {"tinh", "huyen", "xa", "huyen-khac", "xa-cu"}
CASES: list[tuple[str, Question, set[May], set[str]]] = [
    ("administer", lambda user, unit: rights.can_administer(user), {May.ADMINISTER}, ANYWHERE),
    ("close an account", lambda user, unit: rights.can_close_account(user, User(pk=1)), {May.ADMINISTER}, ANYWHERE),
    ("edit themes", lambda user, unit: rights.can_edit_themes(user), {May.EDIT_THEMES}, ANYWHERE),
    ("extend", lambda user, unit: registry.can_extend(user), {May.EXTEND_SEASON}, ANYWHERE),
    ("import", lambda user, unit: registry.can_import_register(user, unit, SEASON), {May.IMPORT_REGISTER}, ABOVE),
    ("write", lambda user, unit: registry.can_write(user, row(unit)), {May.WRITE_REGISTRATION}, ABOVE),
    ("check", lambda user, unit: registry.can_check(user, row(unit)), {May.CHECK_REGISTRATION}, ABOVE),
    (
        "measure",
        lambda user, unit: registry.can_measure(user, row(unit)),
        {May.WRITE_REGISTRATION, May.CHECK_REGISTRATION},
        ABOVE,
    ),
    ("run a round", rounds.can_run, {May.RUN_ROUND}, HERE),
    ("visit a model", lambda user, unit: rounds.can_visit(user, round_of(unit)), {May.RUN_ROUND}, HERE),
    ("serve a council", lambda user, unit: rounds.can_serve(user, round_of(unit)), {May.RUN_ROUND}, HERE),
    ("follow a round", lambda user, unit: rounds.can_follow(user, round_of(unit)), {May.RUN_ROUND, May.FOLLOW_ROUND}, HERE),
    ("propose", lambda user, unit: rounds.can_propose(user, row(unit), round_of(PROVINCE)), {May.PROPOSE}, ABOVE),
    ("prepare", lambda user, unit: rounds.can_prepare(user, dossier(unit)), {May.PROPOSE}, ABOVE),
    ("decide", rounds.can_decide, {May.DECIDE}, HERE),
    ("lead a campaign", spread.can_lead, {May.LEAD_CAMPAIGN}, HERE),
    ("record", spread.can_record, {May.RECORD_ADOPTION}, ABOVE),
    ("see inside", lambda user, unit: spread.can_see_inside(user, Adoption(unit=unit)), {May.SEE_BOARD}, ABOVE),
    ("see a directive", lambda user, unit: spread.can_see_paper(user, campaign(unit)), {May.SEE_BOARD}, ABOVE | {"xa"}),
    ("write a report", reports.can_write, {May.WRITE_REPORT}, HERE),
    ("freeze a report", reports.can_freeze, {May.FREEZE_REPORT}, HERE),
    ("keep papers", papers.can_keep, {May.KEEP_PAPERS}, HERE),
    ("keep the portal", lambda user, unit: portal.can_keep(user), {May.KEEP_PORTAL}, ANYWHERE),
    ("give a contact", portal.can_give_contact, {May.GIVE_CONTACT}, ABOVE),
]


@pytest.mark.parametrize("question, acts, where", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_question_asks_for_its_own_right_in_its_own_units(question: Question, acts: set[May], where: set[str]) -> None:
    assert {act for act in May if question(holder(act, DISTRICT), DISTRICT)} == acts
    for act in acts:
        assert {unit.key for unit in units if question(holder(act, unit), DISTRICT)} == where


@pytest.mark.parametrize(
    "question, act, where",
    [
        (portal.can_give_contact, May.GIVE_CONTACT, {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"}),
        (spread.can_record, May.RECORD_ADOPTION, {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"}),
        (
            lambda user, unit: spread.can_see_inside(user, Adoption(unit=unit)),
            May.SEE_BOARD,
            {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"},
        ),
        (
            lambda user, unit: rounds.can_prepare(user, dossier(unit)),
            May.PROPOSE,
            {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"},
        ),
        (
            lambda user, unit: spread.can_see_paper(user, campaign(unit)),
            May.SEE_BOARD,
            {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"},
        ),
    ],
    ids=["contact", "record", "inside", "prepare", "directive"],
)
def test_of_a_unit_that_ended_those_who_were_above_it_and_its_heir_may(question: Question, act: May, where: set[str]) -> None:
    assert {unit.key for unit in units if question(holder(act, unit), ENDED)} == where


def test_the_directive_of_a_body_that_ended_is_read_by_the_heirs_of_those_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other district ended with its commune, which this district's commune followed; nobody followed the district."""
    tree = made_up_tree()
    tree._rows[3] = (4, 1, None, MERGED, True)
    monkeypatch.setattr(spread, "tree_for", lambda user: tree)
    readers = {unit.key for unit in units if spread.can_see_paper(holder(May.SEE_BOARD, unit), campaign(OTHER))}
    assert readers == {"tinh", "huyen-khac", "xa-cu", "xa", "huyen"}
    tree._successions = []
    readers = {unit.key for unit in units if spread.can_see_paper(holder(May.SEE_BOARD, unit), campaign(OTHER))}
    assert readers == {"tinh", "huyen-khac", "xa-cu"}


def test_a_register_is_taken_by_who_was_above_the_unit_on_any_day_of_the_season() -> None:
    asked = registry.can_import_register
    assert {unit.key for unit in units if asked(holder(May.IMPORT_REGISTER, unit), ENDED, SEASON)} == {
        "xa-cu",
        "huyen-khac",
        "tinh",
    }


@pytest.mark.parametrize(
    "now, day",
    [
        (date(2022, 12, 31), SEASON.opens_on),
        (NOW, NOW),
        (date(2023, 12, 1), SEASON.last_day),
        (date(2024, 5, 1), SEASON.last_day),
    ],
)
def test_a_seasons_units_are_looked_at_today_but_never_outside_the_season(now: date, day: date) -> None:
    with time_machine.travel(now, tick=False):
        assert registry.season_days(SEASON) == (day, date(2023, 1, 1), date(2023, 12, 1))


def test_a_registration_is_written_for_its_place_and_checked_by_the_unit_whose_register_it_is_in() -> None:
    assert registry.can_write(holder(May.WRITE_REGISTRATION, COMMUNE), IN_COMMUNE)
    assert not registry.can_write(holder(May.WRITE_REGISTRATION, COMMUNE), OF_DISTRICT)
    assert not registry.can_check(holder(May.CHECK_REGISTRATION, COMMUNE), IN_COMMUNE)


def test_nobody_closes_their_own_account() -> None:
    administrator = holder(May.ADMINISTER, PROVINCE)
    assert not rights.can_close_account(administrator, User(pk=administrator.pk))


# --- what is done to a registration


NO_WRITER = "Vai trò của đồng chí không còn quyền gửi hoặc rút đăng ký của đơn vị này."
NO_CHECKER = "Vai trò của đồng chí không còn quyền xét đăng ký của đơn vị này."
OWN = "Đồng chí đã viết trong đăng ký này nên không tự nhận được; xin để đồng chí khác của đơn vị nhận."


@pytest.mark.parametrize(
    "action, act, other, words",
    [
        (Action.SUBMIT, May.WRITE_REGISTRATION, May.CHECK_REGISTRATION, NO_WRITER),
        (Action.WITHDRAW, May.WRITE_REGISTRATION, May.CHECK_REGISTRATION, NO_WRITER),
        (Action.RETURN, May.CHECK_REGISTRATION, May.WRITE_REGISTRATION, NO_CHECKER),
        (Action.ACCEPT, May.CHECK_REGISTRATION, May.WRITE_REGISTRATION, NO_CHECKER),
        (Action.REOPEN, May.CHECK_REGISTRATION, May.WRITE_REGISTRATION, NO_CHECKER),
    ],
)
def test_writers_send_and_take_back_and_checkers_do_the_rest(action: Action, act: May, other: May, words: str) -> None:
    registry.check(action, holder(act, DISTRICT), OF_DISTRICT)
    with refused(words, NotAllowed):
        registry.check(action, holder(other, DISTRICT), OF_DISTRICT)


@pytest.mark.parametrize("action", [Action.RETURN, Action.ACCEPT, Action.REOPEN])
def test_who_wrote_in_it_does_not_accept_it_but_does_the_rest(action: Action) -> None:
    checker = holder(May.CHECK_REGISTRATION, DISTRICT)
    wrote = SimpleNamespace(filter=lambda pk: SimpleNamespace(exists=lambda: pk == checker.pk))
    written: Any = SimpleNamespace(unit=DISTRICT, place=None, season=SEASON, sheet=SimpleNamespace(writers=wrote))
    if action != Action.ACCEPT:
        registry.check(action, checker, written)
        return
    with refused(OWN, NotAllowed):
        registry.check(action, checker, written)


# --- rounds


@pytest.mark.parametrize(
    "registration, round_unit, proposes",
    [
        (IN_COMMUNE, DISTRICT, COMMUNE),
        (IN_COMMUNE, COMMUNE, COMMUNE),
        (IN_COMMUNE, PROVINCE, DISTRICT),
        (OF_DISTRICT, DISTRICT, DISTRICT),
        (OF_DISTRICT, PROVINCE, DISTRICT),
    ],
)
def test_the_place_proposes_to_its_own_and_the_units_round_the_unit_to_those_above(
    registration: Registration, round_unit: Unit, proposes: Unit
) -> None:
    assert rounds.proposing_unit(registration, round_of(round_unit)) == proposes


def test_a_dossier_that_no_unit_sent_is_prepared_by_no_one() -> None:
    assert not any(rounds.can_prepare(holder(May.PROPOSE, unit), dossier(None)) for unit in units)


@pytest.mark.parametrize("task", list(CouncilTask))
def test_of_a_council_its_secretary_alone_serves_it(task: CouncilTask) -> None:
    member = holder(May.SEE_BOARD, OTHER)
    assert rounds.can_serve(member, round_of(DISTRICT, SimpleNamespace(task=task))) is (task == CouncilTask.SECRETARY)


@pytest.mark.parametrize("nobody", [None, SimpleNamespace(is_authenticated=False, pk=9)])
def test_who_is_not_logged_in_has_no_seat(nobody: Any) -> None:
    assert rounds.seat_of(nobody, round_of(DISTRICT, SimpleNamespace(task=CouncilTask.CHAIR))) is None


# --- replication


def test_who_leads_the_campaign_sees_inside_what_was_done_for_it() -> None:
    done = Adoption(unit=COMMUNE, campaign=campaign(OTHER))
    assert spread.can_see_inside(holder(May.LEAD_CAMPAIGN, OTHER), done)
    assert not spread.can_see_inside(holder(May.LEAD_CAMPAIGN, DISTRICT), done)
    assert spread.can_see_inside(holder(May.SEE_BOARD, DISTRICT), done)


def test_a_visit_is_seen_inside_by_both_sides_and_those_above_them() -> None:
    visit = StudyVisit(host=COMMUNE, visitor=OTHER)
    seen = {unit.key for unit in units if spread.can_see_visit_inside(holder(May.SEE_BOARD, unit), visit)}
    assert seen == {"xa", "huyen", "tinh", "huyen-khac"}
    of_ended = StudyVisit(host=ENDED, visitor=ENDED)
    seen = {unit.key for unit in units if spread.can_see_visit_inside(holder(May.SEE_BOARD, unit), of_ended)}
    assert seen == {"xa-cu", "huyen-khac", "tinh", "xa", "huyen"}
    assert not spread.can_see_visit_inside(holder(May.LEAD_CAMPAIGN, COMMUNE), visit)


# --- whose unit, which roles


def test_who_works_for_a_unit_keeps_its_papers_where_the_role_says_so() -> None:
    assert papers.body_kept_by(holder(May.KEEP_PAPERS, DISTRICT)) == DISTRICT
    assert papers.body_kept_by(holder(May.SEE_BOARD, DISTRICT)) is None
    nobody = SimpleNamespace(is_authenticated=True, is_active=True, _memberships_today=[])
    assert (papers.body_kept_by(nobody), rights.unit_of(nobody), rights.roles_of(nobody)) == (None, None, [])


def test_roles_are_told_in_the_order_in_which_they_are_held() -> None:
    user = holder(May.DECIDE, DISTRICT)
    user._memberships_today.append(Membership(role="see-board", unit=OTHER))
    assert (rights.roles_of(user), rights.unit_of(user)) == (["decide", "see-board"], DISTRICT)
    assert rights.units_where(user, May.SEE_BOARD) == {OTHER.pk}


def test_a_right_of_another_day_is_asked_of_the_tree_of_that_day() -> None:
    staff = holder(May.SEE_BOARD, OTHER)
    assert rights.may(staff, May.SEE_BOARD, ENDED, date(2023, 6, 30))
    assert not rights.may(staff, May.SEE_BOARD, ENDED, MERGED)
