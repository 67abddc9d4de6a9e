"""Administrators' lists. Every change made here is written into the audit trail."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import linebreaksbr
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator

from common.dates import today
from common.exceptions import DomainError
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.audit_changes import change_lines
from organisation.audit_words import action_words, kind_words
from organisation.forms import CloseAccountForm, MembershipForm, MembershipFormSet, RoleDemandForm
from organisation.models import AuditEvent, Level, Membership, RoleDemand, Unit, UnitSuccession, UnitVersion, User
from organisation.naming import LevelName
from organisation.permissions import can_administer, can_close_account
from organisation.reauthentication import own_password_first
from organisation.requests import officer_of
from organisation.selectors.demands import demand_lines
from organisation.services import (
    account_was_edited,
    close_account,
    demand_second_step,
    end_role,
    give_role,
    password_was_set,
    reopen_account,
)
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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """An empty name of a field in the address names none."""
        return super().get_object(request, object_id, from_field or None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        open_names = [name for name in form.changed_data if "password" not in name]
        changed: dict[str, Any] = {n: [_plain(form.initial.get(n)), _plain(form.cleaned_data.get(n))] for n in open_names}
        for formset in formsets:
            for one in (*formset.new_objects, *(obj for obj, _ in formset.changed_objects), *formset.deleted_objects):
                changed.setdefault(str(one._meta.verbose_name), []).append(str(one))
        action = "change" if change else "add"
        record(actor=officer_of(request), action=AuditAction(f"{action}-by-administrator"), target=form.instance, changes=changed)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        gone = {field.name: [_plain(field.value_from_object(obj)), ""] for field in obj._meta.concrete_fields}
        record(actor=officer_of(request), action=AuditAction.DELETE_BY_ADMINISTRATOR, target=obj, changes=gone)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


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

    def has_delete_permission(self, request: HttpRequest, obj: Unit | None = None) -> bool:
        """A unit that has been in force is ended, not deleted; others one by one, on their own page."""
        if obj is None or obj.versions.exclude(valid_from__gt=today()).exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description="tên")
    def names(self, unit: Unit) -> str:
        return "; ".join(version.name for version in unit.versions.all())


@admin.register(UnitSuccession)
class SuccessionAdmin(HouseAdmin):
    list_display = ["predecessor", "successor", "effective_on", "kind"]
    list_select_related = ["predecessor", "successor"]
    autocomplete_fields = ["predecessor", "successor"]
    search_fields = ["predecessor__key", "successor__key"]


class LevelNameInline(HouseInline):
    model = LevelName
    can_delete = False  # decisions and papers of its days say it
    min_num = 1


@admin.register(Level)
class LevelAdmin(HouseAdmin):
    list_display = ["__str__", "key", "rank", "gathers_registers"]
    inlines = [LevelNameInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "rank"] if obj else []  # honours given are kept by rank


class MembershipInline(HouseInline):
    model = Membership
    fk_name = "user"
    form = MembershipForm
    formset = MembershipFormSet
    autocomplete_fields = ["unit"]
    readonly_fields = ["state"]

    @admin.display(description="tình trạng")
    def state(self, membership: Membership) -> str:
        if membership.pk is None:
            return "Vai trò có quyền với điểm chấm, quyết định thì chờ người thứ hai xác nhận rồi mới có hiệu lực."
        giver = f"{membership.given_by} giao" if membership.given_by else "có từ trước, hoặc giao bằng lệnh"
        if membership.waits:
            return f"{giver}, chờ người thứ hai xác nhận, chưa có hiệu lực"
        return f"{giver}, {membership.confirmed_by} xác nhận" if membership.confirmed_by else giver

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("unit", "given_by", "confirmed_by")

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or obj.is_active)


@admin.register(User)
@method_decorator(own_password_first, name="changeform_view")
@method_decorator(own_password_first, name="close")
@method_decorator(own_password_first, name="reopen")
@method_decorator(own_password_first, name="user_change_password")
class AccountAdmin(HouseAdmin, UserAdmin):
    """Accounts are opened, closed and opened again, never deleted."""

    list_display = ["username", "full_name", "is_open", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "full_name"]
    fieldsets = [(None, {"fields": ["username", "full_name", "email", "password", "is_open"]})]
    add_fieldsets = [(None, {"fields": ["username", "full_name", "usable_password", "password1", "password2"]})]
    readonly_fields = ["is_open"]  # closing does more than set it
    filter_horizontal = []
    inlines = [MembershipInline]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.display(description="đang mở", ordering="is_active", boolean=True)
    def is_open(self, account: User) -> bool:
        return account.is_active

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        close = path("<id:user_id>/dong/", view(self.close), name="organisation_user_close")
        reopen = path("<id:user_id>/mo-lai/", view(self.reopen), name="organisation_user_reopen")
        return [close, reopen, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        account = context.get("original")
        context["may_close"] = account is not None and can_close_account(request.user, account)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:  # whoever opens the account knows its password until its owner chooses one
            obj.password_set_by_id, obj.password_set_at = request.user.pk, timezone.now()
            obj.password_confirmed_at = obj.password_set_at
        super().save_model(request, obj, form, change)
        if change:
            before = {name: form.initial[name] for name in ("username", "email")}
            account_was_edited(account=obj, before=before, actor=officer_of(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for role in formset.new_objects:
            given = {name: getattr(role, name) for name in ("user", "role", "unit", "starts_on", "ends_on")}
            give_role(actor=officer_of(request), **given)
        for role, _ in formset.changed_objects:
            end_role(membership_id=role.pk, ends_on=role.ends_on, actor=officer_of(request))
        for role in formset.deleted_objects:
            end_role(membership_id=role.pk, ends_on=None, actor=officer_of(request))

    def close(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask why, then close the account."""
        account = self._account(request, user_id)
        form = CloseAccountForm(request.POST or None)
        if not account.is_active:
            return redirect("admin:organisation_user_change", user_id)
        if form.is_valid():
            close_account(user_id=user_id, reason=form.cleaned_data["reason"], actor=officer_of(request))
            messages.success(request, f"Đã đóng tài khoản “{account}”.")
            return redirect("admin:organisation_user_change", user_id)
        return self._confirm(request, "close", "Đóng tài khoản", account, form)

    def reopen(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Ask first; then the way goes on to the new password."""
        account = self._account(request, user_id)
        if account.is_active:
            return redirect("admin:organisation_user_change", user_id)
        if request.method != "POST":
            return self._confirm(request, "reopen", "Mở lại tài khoản", account)
        try:
            reopen_account(user_id=user_id, actor=officer_of(request))
        except DomainError as refused:
            messages.error(request, str(refused))
            return redirect("admin:organisation_user_change", user_id)
        messages.success(request, f"Đã mở lại tài khoản “{account}”. Xin đặt mật khẩu mới, rồi giao vai trò.")
        return redirect("admin:auth_user_password_change", user_id)

    def _account(self, request: HttpRequest, user_id: int) -> User:
        account = get_object_or_404(User, pk=user_id)
        if not can_close_account(request.user, account):
            raise Http404
        return account

    def _confirm(
        self, request: HttpRequest, act: str, title: str, account: User, form: CloseAccountForm | None = None
    ) -> HttpResponse:
        context = {"title": title, "opts": self.opts, "original": account, "form": form, **self.admin_site.each_context(request)}
        return TemplateResponse(request, f"admin/organisation/user/{act}.html", context)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        account = self.get_object(request, id)
        if account is not None and not account.is_active:
            messages.error(request, "Tài khoản đã đóng. Xin mở lại rồi đặt mật khẩu.")
            return redirect("admin:organisation_user_change", account.pk)
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                password_was_set(user_id=int(id), actor=officer_of(request))
        return response


@admin.register(RoleDemand)
class RoleDemandAdmin(HouseAdmin):
    """One page: every role, with a tick where a second step is demanded."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_add_permission

    def get_urls(self) -> list[Any]:
        return [path("", self.admin_site.admin_view(self.demands), name="organisation_roledemand_changelist")]

    @method_decorator(own_password_first)
    def demands(self, request: HttpRequest) -> HttpResponseBase:
        form = RoleDemandForm(request.POST)
        if request.method == "POST" and form.is_valid():
            demand_second_step(roles=form.cleaned_data["roles"], actor=officer_of(request))
            messages.success(request, "Đã lưu. Có hiệu lực trong chừng một phút.")
            return redirect("admin:organisation_roledemand_changelist")
        title = str(self.opts.verbose_name).capitalize()
        context = {"title": title, "opts": self.opts, "lines": demand_lines(), **self.admin_site.each_context(request)}
        return TemplateResponse(request, "admin/organisation/roledemand/demands.html", context)


class ActionFilter(admin.AllValuesFieldListFilter):
    """The actions by their words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": action_words(str(choice["display"]))}


@admin.register(AuditEvent)
class AuditAdmin(HouseAdmin):
    list_display = ["at", "actor_name", "said", "target_name", "unit", "note"]
    list_filter = [("action", ActionFilter)]
    fields = ["at", "actor", "actor_name", "said", "kind", "target_id", "target_name", "unit", "note", "told"]
    readonly_fields = ["said", "kind", "told"]
    list_select_related = ["unit"]
    search_fields = ["target_name", "actor_name", "note"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @admin.display(description="việc", ordering="action")
    def said(self, event: AuditEvent) -> str:
        return action_words(event.action)

    @admin.display(description="loại")
    def kind(self, event: AuditEvent) -> str:
        return kind_words(event.target_type)

    @admin.display(description="thay đổi")
    def told(self, event: AuditEvent) -> str:
        return linebreaksbr("\n".join(change_lines(event)), autoescape=True) or "–"
