"""Every write to the organisation."""

from organisation.services.accounts import close_account, open_account, renew_encryption, reopen_account
from organisation.services.demands import demand_second_step
from organisation.services.roles import give_role
from organisation.services.units import UnitsRefused, ensure_levels, load_units

__all__ = [
    "UnitsRefused",
    "close_account",
    "demand_second_step",
    "ensure_levels",
    "give_role",
    "load_units",
    "open_account",
    "renew_encryption",
    "reopen_account",
]
