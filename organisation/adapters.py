from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from organisation.lockout import address_of


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator, never by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """One reading of addresses for all limits: the package's own fails on a proxy's header that is too short."""
        return address_of(request)
