"""What an address may hold."""

from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """A row's id: what no database could hold as one is not an address."""

    regex = "[0-9]{1,18}"
