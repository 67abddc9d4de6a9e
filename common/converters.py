"""What an address may hold."""

from django.urls.converters import IntConverter, StringConverter


class IdConverter(IntConverter):
    """A row's id: what no database could hold as one is not an address."""

    regex = "[0-9]{1,18}"


class UnitKeyConverter(StringConverter):
    """A unit's key: 'phan-thiet', 'phan-thiet/phuong-mui-ne'."""

    regex = "[a-z0-9][a-z0-9-]{0,60}(?:/[a-z0-9][a-z0-9-]{0,60})?"
