"""One's messages: the list, following one to what it is about, what one wants by mail. HTTP only."""

from django.contrib import messages as told
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import selectors, services
from notifications.forms import MailChoiceForm
from notifications.models import MailChoice
from organisation.requests import OfficerRequest

PAGE = 30


@require_safe
def messages(request: OfficerRequest) -> HttpResponse:
    page = Paginator(selectors.messages_of(request.user), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": [(n if isinstance(n, int) else None, f"?trang={n}") for n in page.paginator.get_elided_page_range(page.number)],
        "unread": selectors.count_unread(request.user),
        "choices": MailChoice.How.choices,
        "chosen": selectors.mail_choice(request.user),
        "has_mail": bool(request.user.email),
    }
    return render(request, "notifications/list.html", context)


@require_safe
def follow(request: OfficerRequest, pk: int) -> HttpResponse:
    """Open what a message is about; it counts as read from then on."""
    message = get_object_or_404(selectors.messages_of(request.user), pk=pk)
    services.mark_read(user=request.user, message_ids=[message.pk])
    return redirect(message.get_absolute_url() or "notifications:list")


@require_http_methods(["GET", "POST"])
def read_all(request: OfficerRequest) -> HttpResponse:
    if request.method == "POST":
        services.mark_read(user=request.user)
    return redirect("notifications:list")


@require_http_methods(["GET", "POST"])
def mail_choice(request: OfficerRequest) -> HttpResponse:
    if request.method == "GET":  # after logging in again: the form is on the list's page
        return redirect("notifications:list")
    form = MailChoiceForm(request.POST)
    if form.is_valid():
        services.choose_mail(user=request.user, how=form.cleaned_data["how"])
        told.success(request, "Đã lưu cách nhận thư.")
    else:
        told.error(request, str(form.errors["how"][0]))
    return redirect("notifications:list")
