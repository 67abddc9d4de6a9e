"""Every write to the organisation."""

from organisation.services.accounts import account_was_edited, close_account, open_account, renew_encryption, reopen_account
from organisation.services.beginnings import NewPerson, create_admin, open_account_in_unit, set_up_levels
from organisation.services.demands import demand_second_step
from organisation.services.lists import digest_of, plan_list, store_list
from organisation.services.moving import move_accounts
from organisation.services.naming import save_name
from organisation.services.passwords import (
    confirm_by_command,
    confirm_password,
    password_was_chosen,
    password_was_set,
    refuse_password,
)
from organisation.services.people import (
    OpenedPeople,
    Undoing,
    plan_people,
    plan_undoing,
    renew_initial_passwords,
    store_people,
    undo_people,
)
from organisation.services.roles import confirm_role, end_role, give_role, refuse_role
from organisation.services.units import UnitsRefused, load_units

__all__ = [
    "NewPerson",
    "OpenedPeople",
    "Undoing",
    "UnitsRefused",
    "account_was_edited",
    "close_account",
    "confirm_by_command",
    "confirm_password",
    "confirm_role",
    "create_admin",
    "demand_second_step",
    "digest_of",
    "end_role",
    "give_role",
    "load_units",
    "move_accounts",
    "open_account",
    "open_account_in_unit",
    "password_was_chosen",
    "password_was_set",
    "plan_list",
    "plan_people",
    "plan_undoing",
    "refuse_password",
    "refuse_role",
    "renew_encryption",
    "renew_initial_passwords",
    "reopen_account",
    "save_name",
    "set_up_levels",
    "store_list",
    "store_people",
    "undo_people",
]
