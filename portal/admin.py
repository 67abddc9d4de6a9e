"""Administrators' lists of the portal's own texts."""

from django.contrib import admin

from organisation.admin import HouseAdmin
from portal.models import PortalText


@admin.register(PortalText)
class PortalTextAdmin(HouseAdmin):
    list_display = ("key", "changed_at")
