from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from models_registry.models import Field, Period, ReturnReason, Season, Theme
from organisation.admin import HouseAdmin


@admin.register(Period)
class PeriodAdmin(HouseAdmin):
    list_display = ["name", "starts_on", "ends_on"]


@admin.register(Season)
class SeasonAdmin(HouseAdmin):
    list_display = ["year", "period", "opens_on", "closes_on", "cutoff_on", "is_illustrative"]
    list_select_related = ["period"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A season is opened on a page of its own, which says before what would go wrong."""
        return False


@admin.register(Field)
class FieldAdmin(HouseAdmin):
    list_display = ["name", "short_name", "slug", "position"]


@admin.register(Theme)
class ThemeAdmin(HouseAdmin):
    list_display = ["plan", "position", "label", "period"]
    list_select_related = ["period"]


@admin.register(ReturnReason)
class ReturnReasonAdmin(HouseAdmin):
    list_display = ["words", "box", "position", "is_offered"]
