"""Opening a season: the form and its draft, what would go wrong, a last look, the season, who is invited. HTTP only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError
from common.forms import pressed
from common.responses import word
from models_registry import selectors, services
from models_registry.charts import SeasonChart, season_chart
from models_registry.forms import SeasonForm
from models_registry.models import SeasonDraft
from models_registry.selectors.opening import NewSeason, Plan, changes_within, invited, next_season, plan_of, season_draft
from models_registry.small_forms import DraftSeenForm
from models_registry.views.common import PAGE, hold_paper, labelled, page_links, season_or_404
from models_registry.word import write_invitation
from organisation.models import User
from organisation.permissions import can_administer, can_open_season, unit_of
from organisation.requests import OfficerRequest
from papers.selectors import head_of


@require_http_methods(["GET", "POST"])
def open_season(request: OfficerRequest) -> HttpResponseBase:
    """`viec`: nothing sees the form; `xem` the last look before it; `mo` opens; `sua` goes back to the form; `luu` keeps a draft
    for all who may open, `bo` throws it away.
    """
    if not can_open_season(request.user):
        raise Http404
    what, draft = pressed(request) or "xem", season_draft()
    if request.method == "POST" and what in {"luu", "bo"}:
        return _draft(request, what, draft)
    form = _form(request, draft)
    is_right = not form.is_bound or form.is_valid()
    plan = _plan(request, form)
    is_right = is_right and plan.is_possible
    if request.method == "POST" and is_right and what == "mo":
        try:
            return _open(request, form.shown, told=plan.told if form.cleaned_data["tells"] else ())
        except DomainError as error:
            form.add_error(None, str(error))
            is_right = False
    is_last_look = request.method == "POST" and is_right and what == "xem"
    status = 422 if request.method == "POST" and not is_right else 200
    return _page(request, form, plan, draft, is_last_look=is_last_look, status=status)


def _plan(request: OfficerRequest, form: SeasonForm) -> Plan:
    return plan_of(form.shown, request.user, is_read=not form.is_bound or form.typed is not None)


def _form(request: OfficerRequest, draft: SeasonDraft | None) -> SeasonForm:
    """The form, with the file that came along held, so that it need not be chosen again."""
    shown: dict[str, Any] = {"initial": next_season().__dict__, "last": selectors.last_season()}
    if request.method != "POST":
        return SeasonForm(draft.answers if draft else None, **shown)
    form = SeasonForm(request.POST, request.FILES, **shown)
    hold_paper(form, request.user)
    return form


def _page(
    request: OfficerRequest,
    form: SeasonForm,
    plan: Plan,
    draft: SeasonDraft | None,
    *,
    is_last_look: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "form": form,
        "new": form.shown,
        "last": selectors.last_season(),
        "plan": plan,
        "chart": None if form.is_bound and not form.typed else _chart(form.shown, plan),
        "today": today(),
        "errors": labelled(form),
        "draft": draft,
        "may_move": can_administer(request.user),
    }
    page = "work/open_season_last_look.html" if is_last_look else "work/open_season.html"
    return render(request, page, context, status=status)


def _chart(new: NewSeason, plan: Plan) -> SeasonChart:
    days = {"opens_on": new.opens_on, "closes_on": new.closes_on, "cutoff_on": new.cutoff_on}
    return season_chart(new.year, **days, now=today(), left_until=plan.left_until)


def _draft(request: OfficerRequest, what: str, draft: SeasonDraft | None) -> HttpResponseBase:
    """Keep the draft, or drop it; one that changed meanwhile is told about, over what was typed here. A file that is refused is
    told before the rest is kept.
    """
    shown, form = DraftSeenForm(request.POST), _form(request, draft)
    seen = shown.cleaned_data["seen"] if shown.is_valid() else ""
    if what == "luu" and "basis_file" in form.errors:
        return _page(request, form, _plan(request, form), draft, status=422)
    try:
        if what == "luu":
            services.keep_draft(answers=form.answers, seen=seen, actor=request.user)
            messages.success(request, "Đã lưu nháp. Ai mở năm cũng thấy; chưa mở thì các đơn vị chưa thấy.")
        else:
            services.drop_draft(seen=seen, actor=request.user)
            messages.success(request, "Đã bỏ nháp.")
    except services.DraftChanged as changed:
        messages.warning(request, str(changed))
        return _page(request, form, _plan(request, form), season_draft(), status=409)
    return redirect("models_registry:open-season")


def _open(request: OfficerRequest, new: NewSeason, *, told: Iterable[User]) -> HttpResponseBase:
    season, is_new = services.open_season(new, told=told, actor=request.user)
    if is_new:
        messages.success(request, f"Đã mở năm {season}: nhận đăng ký từ ngày {write_day(season.opens_on)}.")
    else:
        messages.warning(request, f"Năm {season} vừa được mở trước đó; không mở lần thứ hai.")
    if invited(season):
        return redirect("models_registry:invite", year=season.year)
    if season in selectors.seasons_of(request.user):
        return redirect("models_registry:board", year=season.year)
    return redirect("models_registry:work")


@require_safe
def invite(request: OfficerRequest, year: int) -> HttpResponseBase:
    """The units of a season in which nobody has an account, and the letter to them as Word (`?tai=docx`)."""
    season, unit = season_or_404(year), unit_of(request.user)
    if not can_open_season(request.user) or unit is None:
        raise Http404
    units = invited(season)
    if request.GET.get("tai") == "docx" and units:
        letter = write_invitation(season, units, head=head_of(unit, today()), unit=unit, day=today())
        return word(letter, f"cong-van-moi-{season}.docx")
    page = Paginator(units, PAGE).get_page(request.GET.get("trang"))
    context = {
        "season": season,
        "page": page,
        "links": page_links(page, {}),
        "is_own": season in selectors.seasons_of(request.user),
        "changes": changes_within(season.opens_on, season.last_day),
    }
    return render(request, "work/invite.html", context)
