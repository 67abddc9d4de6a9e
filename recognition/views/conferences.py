"""A conference: its order, one story at a time, its papers. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.responses import word
from models_registry.views.common import read_ids
from recognition import services
from recognition.exports.conferences import write_agenda, write_calendar, write_invitation
from recognition.models import Conference, ConferenceEntry
from recognition.permissions import can_run
from recognition.selectors import commendations as reads

PAGE_OF_WORDS = 450  # about three minutes, read aloud


def _conference_or_404(request: HttpRequest, pk: int) -> Conference:
    return get_object_or_404(reads.conferences_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def conference(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The order of a conference beside the one story that is open."""
    found = _conference_or_404(request, pk)
    may_run = can_run(request.user, found.unit)
    if request.method == "POST":
        if not may_run:
            raise Http404
        return _act(request, found)
    entries = list(reads.entries_of(found))
    chosen = read_ids([request.GET.get("chuyen", "")])
    at = next((n for n, one in enumerate(entries) if one.pk in chosen), None)
    context = _shown(found, entries) | {
        "may_run": may_run,
        "missing": list(reads.missing_from(found)[:200]),
        "opened": entries[at] if at is not None else None,
        "before": entries[at - 1] if at else None,
        "after": entries[at + 1] if at is not None and at + 1 < len(entries) else None,
        "moved": next((one for one in entries if one.pk in read_ids([request.GET.get("vua", "")])), None),
        "page_of_words": PAGE_OF_WORDS,
    }
    return render(request, "recognition/conference.html", context)


def _shown(found: Conference, entries: list[ConferenceEntry]) -> dict[str, Any]:
    return {"conference": found, "season": found.season, "illustrative": found.season.is_illustrative, "entries": entries}


def _act(request: HttpRequest, found: Conference) -> HttpResponseBase:
    if "them" in request.POST:
        ids = read_ids(request.POST.getlist("mo-hinh"))
        new = services.add_entries(conference_id=found.pk, recognition_ids=ids, actor=request.user)
        messages.success(request, f"Đã thêm {new} mô hình.")
        return redirect("recognition:conference", pk=found.pk)
    steps = {"len": -1, "xuong": 1}
    for name, step in steps.items():
        if name in request.POST:
            entry = _entry_or_404(found, request.POST[name])
            return _moved(request, found, entry, entry.position + step)
    entry = _entry_or_404(found, request.POST.get("chuyen-so", ""))
    if "bo" in request.POST:
        services.drop_entry(entry_id=entry.pk, actor=request.user)
        messages.success(request, f"Đã bỏ “{entry.recognition.title}” khỏi danh sách.")
        return redirect("recognition:conference", pk=found.pk)
    place = request.POST.get("vi-tri", "").strip()
    if request.POST.get("viec") == "chuyen":
        if not (place.isascii() and place.isdecimal() and len(place) < 5):
            messages.error(request, f"Vị trí “{place[:12]}” không phải một số.")
            return _to(found, entry.pk)
        return _moved(request, found, entry, int(place))
    services.write_story(entry_id=entry.pk, story=request.POST.get("chuyen", ""), actor=request.user)
    messages.success(request, f"Đã lưu câu chuyện {entry.position}.")
    after = found.entries.filter(position__gt=entry.position).order_by("position").first()
    return _to(found, after.pk if after and request.POST.get("viec") == "luu-tiep" else entry.pk)


def _entry_or_404(found: Conference, text: str) -> ConferenceEntry:
    return get_object_or_404(found.entries.select_related("recognition"), pk=next(iter(read_ids([text])), 0))


def _moved(request: HttpRequest, found: Conference, entry: ConferenceEntry, position: int) -> HttpResponseBase:
    """Moved; the story that was open stays open."""
    services.move_entry(entry_id=entry.pk, position=position, actor=request.user)
    opened = next(iter(read_ids([request.POST.get("dang-mo", "")])), 0)
    return _to(found, opened, moved=entry.pk)


def _to(found: Conference, opened: int, moved: int = 0) -> HttpResponseBase:
    given = [f"chuyen={opened}"] if opened else []
    given += [f"vua={moved}"] if moved else []
    return redirect(f"{reverse('recognition:conference', args=[found.pk])}{'?' + '&'.join(given) if given else ''}")


@require_safe
def conference_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list and the stories for paper: a sheet for each model."""
    found = _conference_or_404(request, pk)
    context = _shown(found, list(reads.entries_of(found))) | {"printed_on": write_day(today())}
    return render(request, "recognition/conference_print.html", context)


@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponseBase:
    return word(write_invitation(_conference_or_404(request, pk)), "giay-moi.docx")


@require_safe
def agenda(request: HttpRequest, pk: int) -> HttpResponseBase:
    return word(write_agenda(_conference_or_404(request, pk)), "chuong-trinh.docx")


@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its day, for a calendar."""
    text = write_calendar(_conference_or_404(request, pk), request.get_host())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hoi-nghi.ics"'
    return response
