"""Where allauth asks the house: who may sign up, how mistakes are counted, how secrets lie in the database."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url

from organisation import ciphers
from organisation.lockout import address_of


class HouseAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by an administrator, never by the visitor."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Axes counts failed logins by user name and address together, so that nobody can lock somebody else out."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """One reading of addresses for all limits: the package's own fails on a proxy's header that is too short."""
        return address_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to work: most change it because an administrator set it."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def clean_password(self, password: str, user: Any = None) -> str:
        """A password that an administrator set is not chosen once more."""
        if user is not None and user.password_set_by_id is not None and user.check_password(password):
            raise ValidationError("Đây là mật khẩu quản trị đã đặt. Xin chọn mật khẩu khác, chỉ mình đồng chí biết.")
        return str(super().clean_password(password, user=user))


class HouseMFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return ciphers.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers.decrypt(encrypted_text)
