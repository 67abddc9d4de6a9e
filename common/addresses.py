"""Addresses that came from outside, before they become a link or a redirect."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_path(text: str) -> bool:
    """Whether an address stays on this portal wherever a browser follows it; `//host` and `/\\host` are another host's."""
    return text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
