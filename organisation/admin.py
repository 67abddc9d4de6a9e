"""Administrators' lists. Every change made here is written into the audit trail."""

from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from organisation.audit import record
from organisation.models import AuditEvent, Level, Membership, Unit, UnitSuccession, UnitVersion, User
from organisation.permissions import can_administer
from organisation.validators import overlaps


class HouseAdmin(admin.ModelAdmin):
    """Rights from the administrator's role, and an audit record for each change."""

    is_of_the_house = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_administer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(request.user)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        open_names = [name for name in form.changed_data if "password" not in name]
        changed: dict[str, Any] = {n: [_plain(form.initial.get(n)), _plain(form.cleaned_data.get(n))] for n in open_names}
        for formset in formsets:
            for one in (*formset.new_objects, *(obj for obj, _ in formset.changed_objects), *formset.deleted_objects):
                changed.setdefault(str(one._meta.verbose_name), []).append(str(one))
        action = "change" if change else "add"
        record(actor=request.user, action=f"{action}-by-administrator", target=form.instance, changes=changed)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(actor=request.user, action="delete-by-administrator", target=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            record(actor=request.user, action="delete-by-administrator", target=obj)
        super().delete_queryset(request, queryset)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


class HouseInline(admin.StackedInline):
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_administer(request.user)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class VersionFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [f.instance for f in self.forms if f.cleaned_data and not f.cleaned_data.get("DELETE")]
        if any(overlaps(first, second) for first, second in combinations(kept, 2)):
            raise ValidationError("Hai khoảng thời gian của một đơn vị không được chồng lên nhau.")


class VersionInline(HouseInline):
    model = UnitVersion
    formset = VersionFormSet
    can_delete = False  # registrations and papers lean on what a unit was
    fk_name = "unit"
    autocomplete_fields = ["parent"]


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    list_display = ["key", "names", "position"]
    search_fields = ["key", "versions__name"]
    inlines = [VersionInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("versions")

    @admin.display(description="tên")
    def names(self, unit: Unit) -> str:
        return "; ".join(version.name for version in unit.versions.all())


@admin.register(UnitSuccession)
class SuccessionAdmin(HouseAdmin):
    list_display = ["predecessor", "successor", "effective_on", "kind"]
    list_select_related = ["predecessor", "successor"]
    autocomplete_fields = ["predecessor", "successor"]
    search_fields = ["predecessor__key", "successor__key"]


@admin.register(Level)
class LevelAdmin(HouseAdmin):
    list_display = ["name", "rank", "honour_name", "gathers_registers"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "rank"] if obj else []  # honours given are kept by rank


class MembershipInline(HouseInline):
    model = Membership
    autocomplete_fields = ["unit"]


@admin.register(User)
class AccountAdmin(HouseAdmin, UserAdmin):
    list_display = ["username", "full_name", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "full_name"]
    fieldsets = [(None, {"fields": ["username", "full_name", "email", "password", "is_active"]})]
    add_fieldsets = [(None, {"fields": ["username", "full_name", "usable_password", "password1", "password2"]})]
    filter_horizontal = []
    inlines = [MembershipInline]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            record(actor=request.user, action="set-password-by-administrator", target=User.objects.get(pk=id))
        return response


@admin.register(AuditEvent)
class AuditAdmin(HouseAdmin):
    list_display = ["at", "actor_name", "action", "target_name", "unit", "note"]
    list_filter = ["action"]
    list_select_related = ["unit"]
    search_fields = ["target_name", "actor_name", "note"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
