"""The look's small parts, used on every page: icons, states, marks, numbers."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from common.dates import VIETNAM, today
from common.files import is_shown_by_page
from common.form_errors import labelled
from common.numbers import write_number
from common.sizes import FILE_MEGABYTES
from common.text import compare_key, paragraphs, quoted, search_words, steps
from models_registry.enums import State
from organisation.naming import head_level_on
from portal import demo, navigation
from portal.manuals import section_about
from portal.markdown import render as markdown
from portal.navigation import Masthead
from portal.tours import PARAMETER
from recognition.enums import DossierState, Outcome, Phase, SheetState
from replication.enums import CampaignState, Progress, VisitState
from reports.enums import ReportState

register = template.Library()


@register.simple_tag(takes_context=True)
def masthead(context: dict[str, Any], current: str, season: Any) -> Masthead:
    """The masthead of the workplace: `{% masthead nav season as head %}`. Kept for the bar at the foot, in a block of its own."""
    request = context["request"]
    shown = request.shown_masthead = navigation.masthead(request.user, current=current, season=season)
    return shown


@register.simple_tag(takes_context=True)
def shown_masthead(context: dict[str, Any]) -> Masthead:
    """The masthead that stands above on this page: `{% shown_masthead as head %}`."""
    shown: Masthead = context["request"].shown_masthead
    return shown


@register.simple_tag(takes_context=True)
def manual_here(context: dict[str, Any]) -> str:
    """Where the officers' manuals explain this page: `{% manual_here as url %}`."""
    match = context["request"].resolver_match
    return section_about(match.view_name if match else "").url


@register.simple_tag(takes_context=True)
def tour_here(context: dict[str, Any]) -> navigation.TourStep | None:
    """The step of the first day's tour that the address asks for: `{% tour_here as step %}`."""
    request = context["request"]
    asked = request.GET.get(PARAMETER)
    return navigation.tour_step(request.user, asked) if asked else None


@register.simple_tag(takes_context=True)
def tour_offer(context: dict[str, Any]) -> str:
    """Where the tour begins, while the person neither walks nor has closed it: `{% tour_offer as url %}`."""
    request = context["request"]
    if PARAMETER in request.GET or not navigation.is_tour_offered(request.user):
        return ""
    return navigation.first_step(request.user)


@register.simple_tag
def demo_tour() -> list[dict[str, str]]:
    """What to try in a demo: `{% demo_tour as tour %}`; nothing in any other portal."""
    return demo.tour()


@register.simple_tag
def file_megabytes() -> int:
    """How large a file may be that is sent."""
    return FILE_MEGABYTES


@register.simple_tag
def icon(name: str) -> SafeString:
    return _icon(name)


@lru_cache(maxsize=64)
def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("look/icons.svg"), name)


# What a state looks like: class and icon; the word comes with it. Colour is the third sign, never the only one.
STATES = {
    "registered": ("", "journal-check"),
    "accepted": ("state--ok", "check-circle-fill"),
    "withdrawn": ("", "x-circle"),
    "committee": ("state--honour", "award"),
    "province": ("state--honour", "award-fill"),
    "central": ("state--top", "star-fill"),
    "late": ("state--late", "exclamation-triangle-fill"),
    "waiting": ("state--wait", "hourglass-split"),
    "returned": ("state--back", "arrow-return-left"),
    "revoked": ("", "dash-circle"),
    "refused": ("", "x-circle"),
    "draft": ("", "pencil"),
    "submitted": ("state--wait", "hourglass-split"),
    "guessed": ("state--wait", "search"),
    "remembered": ("state--ok", "clock-history"),
    "chosen": ("state--ok", "check-lg"),
    "unclear": ("state--back", "exclamation-circle-fill"),
    "unsaid": ("", "circle"),
    "unused": ("", "dash-circle"),
}


_ROUND_LOOKS = {  # phases of rounds, states of dossiers and of score sheets -> the look of a state
    Phase.PREPARING: "draft",
    Phase.PROPOSING: "waiting",
    Phase.SCORING: "waiting",
    Phase.JOINT: "waiting",
    Phase.MEETING: "waiting",
    Phase.DECIDING: "waiting",
    Phase.CLOSED: "accepted",
    DossierState.SENT: "submitted",
    DossierState.RETURNED: "returned",
    DossierState.COMPLETE: "accepted",
    DossierState.WITHDRAWN: "withdrawn",
    Outcome.RECOGNISED: "province",
    Outcome.REFUSED: "refused",
    Outcome.AGAIN: "waiting",
    Outcome.REVOKED: "revoked",
    SheetState.DRAFT: "draft",
    SheetState.SENT: "accepted",
    SheetState.ABSENT: "revoked",
}


_NOTE_ICONS = {
    "info": "info-circle",
    "ok": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "error": "exclamation-octagon-fill",
}


@register.filter
def note_kind(level_tag: str) -> str:
    """The kind of note in which a message of this level is shown."""
    return {"warning": "warn", "success": "ok"}.get(level_tag, level_tag)


@register.simple_tag
def note_icon(kind: str) -> SafeString:
    """The icon of a note of this kind."""
    return _icon(_NOTE_ICONS[kind])


@register.simple_tag
def phase_state(phase: str) -> SafeString:
    """The phase of a round, in its word."""
    return state_html(_ROUND_LOOKS[Phase(phase)], Phase(phase).label)


@register.simple_tag
def dossier_state(state: str) -> SafeString:
    """The state of a dossier, or what was decided on it, in its word."""
    found = Outcome(state) if state in Outcome.values else DossierState(state)
    return state_html("draft" if found == DossierState.PREPARING else _ROUND_LOOKS[found], found.label)


@register.simple_tag
def sheet_state(state: str | None) -> SafeString:
    """The state of a score sheet, in its word; one that is not begun says so."""
    return state_html(_ROUND_LOOKS[SheetState(state)], SheetState(state).label) if state else state_html("draft", "Chưa chấm")


_SPREAD_LOOKS = {  # campaigns, how their units stand, study visits -> the look of a state
    CampaignState.PLANNED: "draft",
    CampaignState.RUNNING: "waiting",
    CampaignState.CLOSED: "accepted",
    Progress.REACHED: "accepted",
    Progress.ON_WAY: "waiting",
    Progress.LATE: "returned",
    Progress.NOT_BEGUN: "draft",
    Progress.STOPPED: "revoked",
    VisitState.ASKED: "waiting",
    VisitState.AGREED: "submitted",
    VisitState.DECLINED: "returned",
    VisitState.CANCELLED: "withdrawn",
    VisitState.DONE: "accepted",
}


@register.simple_tag
def campaign_state(state: str) -> SafeString:
    """The state of a campaign, in its word."""
    return state_html(_SPREAD_LOOKS[CampaignState(state)], CampaignState(state).label)


@register.simple_tag
def progress_state(progress: str) -> SafeString:
    """How a unit of a campaign stands, in its word."""
    return state_html(_SPREAD_LOOKS[Progress(progress)], Progress(progress).label)


@register.simple_tag
def report_state(report: Any) -> SafeString:
    """Where a report stands: being counted, draft, frozen."""
    if report.state == ReportState.FROZEN:
        return state_html("accepted", f"Đã chốt {report.frozen_at.astimezone(VIETNAM):%d/%m/%Y}")
    if report.job and report.job.is_open:
        return state_html("waiting", "Đang đếm")
    if report.job and report.job.state == "failed":
        return state_html("late", "Đếm hỏng")
    return state_html("draft", "Bản nháp")


@register.simple_tag
def visit_state(state: str) -> SafeString:
    """The state of a study visit, in its word."""
    return state_html(_SPREAD_LOOKS[VisitState(state)], VisitState(state).label)


@register.filter
def is_paged(content_type: str) -> bool:
    """Whether a file of this type is read page by page where one is."""
    return is_shown_by_page(content_type)


@register.filter
def get_item(found: Any, name: str) -> Any:
    """What a form's data hold under a name that is no word of a template's."""
    return found.get(name, "")


@register.simple_tag
def registration_state(state: str) -> SafeString:
    """The state of a registration, in its word: `{% registration_state row.state %}`."""
    return state_html(state, State(state).label)


@register.simple_tag
def state(look: str, words: Any) -> SafeString:
    """A state as icon and word: `{% state "accepted" "Đã nhận" %}`."""
    return state_html(look, str(words))


@lru_cache(maxsize=512)
def state_html(look: str, words: str) -> SafeString:
    style, shape = STATES[look]
    return format_html('<span class="{}">{}{}</span>', f"state {style}".strip(), _icon(shape), words)


@register.filter
def states(honours: list[tuple[str, str]]) -> SafeString:
    """A card's honours as states; a registration without one says so."""
    shown = honours or [("registered", gettext("Đăng ký"))]
    return mark_safe("".join(state_html(look, words) for look, words in shown))  # noqa: S308  made by state_html  # nosec


@register.filter
def choices(listed: list[Any]) -> SafeString:
    """A filter's choices with their counts, each a link that takes the choice or takes it back."""
    return format_html_join(
        "",
        '<li><a href="{}"{}><span>{}</span><span class="num">{}</span></a></li>',
        ((c.href, _CHOSEN if c.is_chosen else "", c.label, num(c.count)) for c in listed),
    )


_CHOSEN = mark_safe(' aria-current="true"')  # nosec


@register.filter
def error_links(form: BaseForm) -> list[tuple[str, str]]:
    """What is wrong with the fields of a form of a package, as `components/errors.html` lists it; what is wrong with the whole stands
    in the form itself.
    """
    return [(place, words) for place, words in labelled(form) if place]


@register.simple_tag
def demo_mark() -> SafeString:
    return format_html('<span class="demo-mark">{}{}</span>', _icon("info-circle"), gettext("Dữ liệu minh họa"))


_ENGLISH_NUMBERS = str.maketrans(".,", ",.")


@register.filter
def num(value: Any) -> str:
    """1234.5 -> '1.234,5': as Vietnam writes numbers; on an English page '1,234.5'. Not for years."""
    written = write_number(value)
    return written.translate(_ENGLISH_NUMBERS) if get_language() == "en" else written


register.filter("quoted", quoted)


@register.simple_tag
def figure(number: int, href: str) -> SafeString:
    """A number of a table, which opens the list that it counts."""
    return format_html('<a href="{}">{}</a>', href, num(number)) if number else format_html('<span class="zero">{}</span>', 0)


@register.filter("day", expects_localtime=True)
def said_day(value: date | None) -> str:
    """15/10/2023; on an English page 15 October 2023."""
    return date_format(value, "j F Y" if get_language() == "en" else "d/m/Y") if value else ""


@register.filter("month", expects_localtime=True)
def said_month(value: date | None) -> str:
    """10/2023; on an English page October 2023."""
    return date_format(value, "F Y" if get_language() == "en" else "m/Y") if value else ""


@register.filter
def said(label: Any) -> str:
    """A word out of the portal's own lists (fields, levels, kinds) in the page's language."""
    return gettext(str(label)) if label else ""


@register.filter
def dialled(phone: str) -> str:
    """A telephone number as a link dials it: digits, and a plus before them."""
    return "".join(char for char in phone.split(",", maxsplit=1)[0].split("/", maxsplit=1)[0] if char.isdecimal() or char == "+")


@register.filter
def signed(value: int) -> str:
    """'+12', '−3', '0': a difference."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{write_number(abs(value)) or '0'}"


_CHECKS = {
    "ok": ("check-circle-fill", "Đạt"),
    "warn": ("exclamation-triangle-fill", "Nên xem"),
    "stop": ("exclamation-circle-fill", "Phải sửa"),
}


@register.simple_tag
def check_icon(kind: str) -> SafeString:
    """The icon of a line of checks; `check_word` is its word."""
    return _icon(_CHECKS[kind][0])


@register.simple_tag
def check_word(kind: str) -> str:
    return _CHECKS[kind][1]


@register.filter
def at_head(words: str, day: date | None = None) -> str:
    """Words with a gap for what the head of all units is, on a day or today: '{{ _("Toàn {tinh}")|at_head:day }}'."""
    place = head_level_on(day or today()).said_place
    said = words.format(tinh=place, Tinh=place[:1].upper() + place[1:])
    return said[:1].upper() + said[1:] if words.startswith("{") else said


@register.filter
def overdue(days_left: int) -> int:
    """Days since the last one, of days left that are less than none: '{{ days_left|overdue }}'."""
    return -days_left


@register.filter
def found(text: str, words: str) -> SafeString:
    """The text with the words that the search found marked."""
    wanted = search_words(words) if words else []
    if not wanted:
        return escape(text)
    parts = []
    for word in text.split(" "):
        hit = any(part.startswith(sought) for part in compare_key(word).split() for sought in wanted)
        parts.append(format_html("<mark>{}</mark>", word) if hit else escape(word))
    return mark_safe(" ".join(parts).replace("</mark> <mark>", " "))  # noqa: S308  every part was escaped above  # nosec


register.filter("steps", steps)
register.filter("markdown", markdown)
register.filter("paragraphs", paragraphs)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key: `{{ mapping|get:key }}`; empty when it is not there."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.filter
def unlocalized(value: float) -> str:
    """A number for an SVG attribute: always a point, never a comma."""
    return f"{value:g}"


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """schema.org data; a block of data, which no browser runs. What could end the block is written as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above  # nosec


@register.simple_tag
def qr(address: str) -> SafeString:
    """The address as a QR code, for paper."""
    return mark_safe(segno.make(address, micro=False).svg_inline(omitsize=True, border=1))  # noqa: S308  shapes only  # nosec
