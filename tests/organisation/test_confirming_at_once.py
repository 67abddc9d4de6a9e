"""Two who confirm the same at the same instant: one does."""

import pytest

from common.dates import today
from common.exceptions import NotAllowed
from notifications.models import Message
from organisation.models import AuditEvent, Membership, Unit, User
from organisation.selectors.ended import accounts_to_move
from organisation.services import confirm_password, confirm_role, give_role, move_accounts, password_was_set, refuse_role
from tests.online import person
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def administrators() -> list[User]:
    unit, made = Unit.objects.get(key="binh-thuan"), [User.objects.create(username=f"quantri{n}") for n in (2, 3)]
    for user in made:
        give_role(user=user, role="quan-tri", unit=unit, starts_on=today(), actor=None)
    return made


def test_one_of_two_confirms_a_role(transactional_db: None) -> None:
    second, third = administrators()
    unit = Unit.objects.get(key="la-gi")
    given = give_role(user=person("hoidong1"), role="lanh-dao-huyen", unit=unit, starts_on=today(), actor=person("quantri"))
    results = at_once(
        lambda: confirm_role(membership_id=given.pk, actor=second),
        lambda: confirm_role(membership_id=given.pk, actor=third),
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    assert AuditEvent.objects.filter(action="confirm-role").count() == 1


def test_a_role_is_confirmed_or_refused_not_both(transactional_db: None) -> None:
    second, third = administrators()
    unit = Unit.objects.get(key="la-gi")
    given = give_role(user=person("hoidong1"), role="lanh-dao-huyen", unit=unit, starts_on=today(), actor=person("quantri"))
    results = at_once(
        lambda: confirm_role(membership_id=given.pk, actor=second),
        lambda: refuse_role(membership_id=given.pk, reason="Thừa", actor=third),
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    confirmed = Membership.objects.confirmed().filter(pk=given.pk).exists()
    assert AuditEvent.objects.filter(action="refuse-role").exists() is not confirmed


def test_one_of_two_confirms_a_password(transactional_db: None) -> None:
    second, third = administrators()
    judge = person("hoidong1")
    password_was_set(user_id=judge.pk, actor=person("quantri"))
    results = at_once(
        lambda: confirm_password(user_id=judge.pk, actor=second),
        lambda: confirm_password(user_id=judge.pk, actor=third),
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    assert Message.objects.filter(recipient=judge, subject__startswith="Đã xác nhận").count() == 1


def test_a_password_is_not_set_unseen_while_a_role_is_confirmed(transactional_db: None) -> None:
    """Either the password waits, because the role is there, or the role is not confirmed, because of the password."""
    (second, _), officer = administrators(), person("hamhiep.canbo")
    unit = Unit.objects.get(key="la-gi")
    given = give_role(user=officer, role="lanh-dao-huyen", unit=unit, starts_on=today(), actor=person("quantri"))
    at_once(
        lambda: confirm_role(membership_id=given.pk, actor=second),
        lambda: password_was_set(user_id=officer.pk, actor=person("quantri")),
    )
    officer.refresh_from_db()
    assert Membership.objects.confirmed().filter(pk=given.pk).exists() is officer.password_waits


def test_two_who_move_many_accounts_move_each_once(transactional_db: None) -> None:
    second, third = administrators()
    wanted = {(move.user.pk, move.unit.unit_id): move.heirs[0].unit_id for move in accounts_to_move() if len(move.heirs) == 1}
    assert len(wanted) > 3
    results = at_once(*(lambda who=who: move_accounts(wanted=wanted, actor=who)[0] for who in (second, third)))
    assert sorted(results) == [0, len({user for user, _ in wanted})]
    assert AuditEvent.objects.filter(action="move-account").count() == len(wanted)
    given = Membership.objects.filter(unit__in=wanted.values(), starts_on=today())
    assert given.count() == given.values("user", "unit", "role").distinct().count()
