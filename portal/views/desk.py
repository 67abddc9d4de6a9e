"""The board's desk for the public pages: stories, requests of readers, booklets, contacts. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.addresses import is_path
from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry.selectors import season_of
from models_registry.views.common import by_post, labelled, page_links
from organisation.requests import OfficerRequest
from organisation.selectors.units import unit_keyed, unit_on
from portal import services
from portal.enums import RequestState
from portal.forms import AnswerForm, ContactForm, PublishForm, StoryForm
from portal.models import Story
from portal.permissions import can_give_contact, can_keep
from portal.selectors.booklets import seasons_with_booklets
from portal.selectors.stories import (
    contact_of,
    models_of,
    open_requests,
    requests_visible_to,
    stories_to_keep,
    stories_visible_to,
)

PAGE = 30


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    """Stories with their state, booklets of every season, how many requests wait."""
    _check_keeps(request)
    page = Paginator(stories_to_keep(request.user), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "today": today(),
        "waiting": open_requests(),
        "booklets": seasons_with_booklets(),
    }
    return render(request, "portal/desk/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: OfficerRequest, story: int | None = None) -> HttpResponseBase:
    """A story: written, published, taken back. Whatever was typed stays on the page until it is stored."""
    _check_keeps(request)
    found = get_object_or_404(stories_visible_to(request.user), pk=story) if story else None
    moved: Story | None = None
    if found and pressed(request):
        return _publish(request, found)
    form = StoryForm(request.POST if request.method == "POST" else None, user=request.user, initial=_typed(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.write_story(story_id=story, text=form.text(), actor=request.user)
        except services.StoryMoved as refused:
            moved = refused.story
            form.add_error(None, str(refused))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["revision"] = str(moved.revision)  # type: ignore[index]
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã lưu bài.")
            return redirect("desk:story", story=saved.pk)
    context = {"form": form, "story": found, "moved": moved, "errors": labelled(form), "today": today()}
    return render(request, "portal/desk/story.html", context, status=422 if form.errors else 200)


def _typed(request: OfficerRequest, story: Story | None) -> dict[str, Any]:
    if story is None:
        return {}
    told = {name: getattr(story, name) for name in ("kind", "title", "summary", "body", "revision")}
    return told | {"about": "\n".join(model.get_absolute_url() for model in models_of(story, request.user))}


def _publish(request: OfficerRequest, story: Story) -> HttpResponseBase:
    if pressed(request) == "thu-hoi":
        services.take_back_story(story_id=story.pk, actor=request.user)
        messages.success(request, "Đã thu hồi bài; bạn đọc không thấy nữa.")
        return redirect("desk:story", story=story.pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.error)
        return redirect("desk:story", story=story.pk)
    day = form.cleaned_data["day"]
    services.publish_story(story_id=story.pk, on=day, actor=request.user)
    messages.success(request, "Đã đăng bài." if day <= today() else f"Bài sẽ đăng ngày {day:%d/%m/%Y}.")
    return redirect("desk:story", story=story.pk)


@require_safe
def requests(request: OfficerRequest) -> HttpResponseBase:
    _check_keeps(request)
    page = Paginator(requests_visible_to(request.user), PAGE).get_page(request.GET.get("trang"))
    return render(request, "portal/desk/requests.html", {"page": page, "links": page_links(page, {}), "waiting": open_requests()})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: OfficerRequest, ask: int) -> HttpResponseBase:
    """What a reader asks, and the answer."""
    found = get_object_or_404(requests_visible_to(request.user), pk=ask)
    said = {} if found.state == RequestState.OPEN else {"state": found.state, "answer": found.answer}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_request(request_id=found.pk, actor=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error("answer", str(refused))
        else:
            messages.success(request, "Đã trả lời. Người gửi đọc được bằng mã của mình.")
            return redirect("desk:requests")
    context = {
        "found": found,
        "form": form,
        "errors": labelled(form),
        "there": found.page if is_path(found.page) else "",
        "answer_at": request.build_absolute_uri(reverse("portal:asked", args=[found.code])),
    }
    return render(request, "portal/desk/request.html", context, status=422 if form.errors else 200)


@by_post("desk:home")
def booklet(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Have a season's booklet made."""
    season = season_of(year)
    if season is None:
        raise Http404
    try:
        services.ask_booklet(season=season, actor=request.user)
    except NotAllowed as refused:
        raise Http404 from refused
    messages.success(request, f"Đang lập sổ tay năm {year}. Xong thì tải được ở trang này và ở Sổ tay trên cổng.")
    return redirect(reverse("desk:home") + "#so-tay")


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: OfficerRequest, key: str) -> HttpResponseBase:
    """Whom the public asks about a unit's models."""
    unit = unit_keyed(key)
    if unit is None or not can_give_contact(request.user, unit):
        raise Http404
    known = contact_of(unit)
    if pressed(request) == "bo":
        services.remove_contact(unit=unit, actor=request.user)
        messages.success(request, "Đã bỏ liên hệ công khai của đơn vị.")
        return redirect("desk:contact", key=key)
    shown = {"agreed_on": f"{known.agreed_on:%d/%m/%Y}"} if known and known.agreed_on else {}
    form = ContactForm(request.POST if request.method == "POST" else None, instance=known, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_contact(unit=unit, text=form.text(), actor=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã lưu. Trang của đơn vị và các mô hình của đơn vị hiện liên hệ này.")
            return redirect("desk:contact", key=key)
    context = {"unit": unit, "name": unit_on(unit, today()).name, "form": form, "known": known, "errors": labelled(form)}
    return render(request, "portal/desk/contact.html", context, status=422 if form.errors else 200)


def _check_keeps(request: OfficerRequest) -> None:
    if not can_keep(request.user):
        raise Http404
