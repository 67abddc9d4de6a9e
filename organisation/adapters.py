from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator, never by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
