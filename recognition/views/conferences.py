"""A conference: its order, one story at a time, its papers. HTTP only."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError
from common.forms import pressed
from common.id_fields import ids_in
from common.responses import word
from common.text import quoted
from recognition import services
from recognition.exports.conferences import write_agenda, write_calendar, write_invitation
from recognition.forms.conferences import AddEntriesForm, ArrangeForm, ConferenceForm, EntryForm
from recognition.models import Conference, ConferenceEntry
from recognition.permissions import can_run
from recognition.selectors import commendations as reads
from recognition.views.common import actor_of


def _conference_or_404(request: HttpRequest, pk: int) -> Conference:
    return get_object_or_404(reads.conferences_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def conference(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The order of a conference beside the one story that is open."""
    found = _conference_or_404(request, pk)
    if request.method == "POST":
        if not can_run(request.user, found.unit):
            raise Http404
        return _act(request, found)
    return render(request, "recognition/conference.html", _page_context(request, found))


def _page_context(request: HttpRequest, found: Conference) -> dict[str, Any]:
    entries = list(reads.entries_of(found))
    chosen = ids_in([request.GET.get("chuyen", "")])
    at = next((n for n, one in enumerate(entries) if one.pk in chosen), None)
    return _shown(found, entries) | {
        "may_run": can_run(request.user, found.unit),
        "orders": [(key, words) for key, (words, _) in services.ORDERS.items()],
        "may_undo": _before(found) in request.session,
        "form": ConferenceForm(
            initial={"name": found.name, "held_on": found.held_on, "starts_at": found.hour, "place": found.place}
        ),
        "missing": list(reads.missing_from(found)[:200]),
        "opened": entries[at] if at is not None else None,
        "before": entries[at - 1] if at else None,
        "after": entries[at + 1] if at is not None and at + 1 < len(entries) else None,
        "moved": next((one for one in entries if one.pk in ids_in([request.GET.get("vua", "")])), None),
        "page_of_words": reads.PAGE_OF_WORDS,
        "source": reads.source_of(entries[at]) if at is not None else None,
    }


def _shown(found: Conference, entries: list[ConferenceEntry]) -> dict[str, Any]:
    stories = {one.pk: reads.Story.of(one) for one in entries}
    looks = Counter(story.look for story in stories.values())
    return {
        "conference": found,
        "season": found.season,
        "illustrative": found.season.is_illustrative,
        "entries": entries,
        "stories": stories,
        "written": looks["accepted"] + looks["late"],
        "under_way": looks["draft"],
        "unwritten": looks["unused"],
    }


def _act(request: HttpRequest, found: Conference) -> HttpResponseBase:
    what = pressed(request, "them", "len", "xuong", "bo")
    if what in _WHOLE:
        return _WHOLE[what](request, found)
    request.session.pop(_before(found), None)  # an order that was changed by hand since is not thrown over
    if what == "them":
        return _added(request, found)
    form = EntryForm(request.POST)
    form.full_clean()
    sent = form.cleaned_data
    if what in _STEPS:
        name, step = _STEPS[what]
        entry = _entry_or_404(found, sent[name])
        return _moved(request, found, entry, entry.position + step, sent["opened"])
    entry = _entry_or_404(found, sent["entry"])
    if what == "bo":
        services.drop_entry(entry_id=entry.pk, actor=actor_of(request))
        messages.success(request, f"Đã bỏ {quoted(entry.recognition.title)} khỏi danh sách.")
        return redirect("recognition:conference", pk=found.pk)
    if what == "chuyen":
        return _placed(request, found, entry, form)
    return _written(request, found, entry, sent["story"])


def _written(request: HttpRequest, found: Conference, entry: ConferenceEntry, story: str) -> HttpResponseBase:
    """A story kept: by the page itself after a pause, or by a button that goes on to the next."""
    what = pressed(request)
    services.write_story(entry_id=entry.pk, story=story, actor=actor_of(request))
    if what == "tu-luu":
        return HttpResponse(status=204)
    messages.success(request, f"Đã lưu câu chuyện {entry.position}.")
    after = reads.entry_after(entry)
    return _to(found, after.pk if after and what == "luu-tiep" else entry.pk)


_STEPS = {"len": ("up", -1), "xuong": ("down", 1)}


def _added(request: HttpRequest, found: Conference) -> HttpResponseBase:
    form = AddEntriesForm(request.POST)
    form.full_clean()
    new = services.add_entries(conference_id=found.pk, recognition_ids=form.cleaned_data["chosen"], actor=actor_of(request))
    messages.success(request, f"Đã thêm {new} mô hình.")
    return redirect("recognition:conference", pk=found.pk)


def _rewritten(request: HttpRequest, found: Conference) -> HttpResponseBase:
    form = ConferenceForm(request.POST)
    if form.is_valid():
        try:
            services.write_conference(conference_id=found.pk, facts=form.facts(), actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
    if form.faults:
        context = _page_context(request, found) | {"form": form, "errors": form.faults}
        return render(request, "recognition/conference.html", context, status=422)
    messages.success(request, "Đã lưu tên, ngày, giờ, địa điểm.")
    return _to(found, 0)


def _before(found: Conference) -> str:
    """Where the session keeps the order before the last arranging."""
    return f"conference-order-{found.pk}"


def _arranged(request: HttpRequest, found: Conference) -> HttpResponseBase:
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Xin chọn xếp lại theo gì.")
        return _to(found, 0)
    by = form.cleaned_data["xep"]
    request.session[_before(found)] = services.arrange_entries(conference_id=found.pk, by=by, actor=actor_of(request))
    messages.success(request, f"Đã xếp lại theo {services.ORDERS[by][0]}.")
    return _to(found, 0)


def _undone(request: HttpRequest, found: Conference) -> HttpResponseBase:
    if order := request.session.pop(_before(found), None):
        services.restore_order(conference_id=found.pk, order=order, actor=actor_of(request))
        messages.success(request, "Đã trở lại thứ tự trước.")
    return _to(found, 0)


_WHOLE = {"sua": _rewritten, "xep-lai": _arranged, "hoan-tac": _undone}
"""What is done to a conference, not to one of its entries."""


def _placed(request: HttpRequest, found: Conference, entry: ConferenceEntry, form: EntryForm) -> HttpResponseBase:
    place = form.cleaned_data.get("place")
    if not place:
        messages.error(request, f"Vị trí “{str(form['place'].value() or '')[:12]}” không phải một số.")
        return _to(found, entry.pk)
    return _moved(request, found, entry, int(place), form.cleaned_data["opened"])


def _entry_or_404(found: Conference, pk: int) -> ConferenceEntry:
    return get_object_or_404(found.entries, pk=pk)


def _moved(request: HttpRequest, found: Conference, entry: ConferenceEntry, position: int, opened: int) -> HttpResponseBase:
    """Moved; the story that was open stays open."""
    services.move_entry(entry_id=entry.pk, position=position, actor=actor_of(request))
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
