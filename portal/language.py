"""In which language a page speaks: the one that the visitor chose, kept in a cookie; Vietnamese where nobody chose, and at work.

A browser's own wish (Accept-Language) does not count: telephones sold with English settings are in every commune.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from portal.middleware import OFFICERS


def chosen(request: HttpRequest) -> str:
    """The language of a public page for this visitor."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = settings.LANGUAGE_CODE if request.path.startswith(OFFICERS) else chosen(request)
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response
