"""Every write to the organisation."""

from organisation.services.accounts import account_was_edited, close_account, open_account, renew_encryption, reopen_account
from organisation.services.demands import demand_second_step
from organisation.services.moving import move_accounts
from organisation.services.naming import save_name
from organisation.services.passwords import (
    confirm_by_command,
    confirm_password,
    password_was_chosen,
    password_was_set,
    refuse_password,
)
from organisation.services.roles import confirm_role, end_role, give_role, refuse_role
from organisation.services.units import UnitsRefused, load_units

__all__ = [
    "UnitsRefused",
    "account_was_edited",
    "close_account",
    "confirm_by_command",
    "confirm_password",
    "confirm_role",
    "demand_second_step",
    "end_role",
    "give_role",
    "load_units",
    "move_accounts",
    "open_account",
    "password_was_chosen",
    "password_was_set",
    "refuse_password",
    "refuse_role",
    "renew_encryption",
    "reopen_account",
    "save_name",
]
