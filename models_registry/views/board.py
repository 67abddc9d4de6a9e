"""The season's board: coverage, states, rows, many at once, reminders. HTTP only."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM, today, write_day
from common.exceptions import DomainError
from common.exports import DOCX, ROW_LIMIT
from common.forms import pressed
from models_registry import selectors, services
from models_registry.check_forms import ManyForm
from models_registry.enums import Action, Kind, State, SubjectKind, Verdict
from models_registry.exports import board_columns, register_document
from models_registry.marking import NOTE, unsaid_boxes
from models_registry.permissions import acting_day, can_extend, can_import_register
from models_registry.selectors import board as boards
from models_registry.selectors import sheets
from models_registry.selectors.board_counting import (
    BoardCounts,
    Covered,
    board_counts,
    count_found,
    count_late,
    count_rows,
    cover,
    origins_in,
    places_of,
)
from models_registry.selectors.checking import boxes_to_mark
from models_registry.selectors.reminding import to_remind
from models_registry.selectors.saved_views import own_head, saved_views
from models_registry.selectors.verdicts import with_verdicts
from models_registry.small_forms import SavedViewForm
from models_registry.views.asking import (
    COLUMNS,
    KINDS,
    PARAMETERS,
    SUBJECTS,
    Asked,
    asked_of,
    board_asked,
    can_check_board,
)
from models_registry.views.common import PAGE, CountedPaginator, address, by_post, excel, page_links, season_or_404
from notifications.forms import ReminderForm
from notifications.reminding import Waiting, check_chosen, check_words, laid_out, said_of, words_for
from organisation.grouping import MANY, grouped, told_apart, unit_choices
from organisation.permissions import can_open_season
from organisation.requests import OfficerRequest
from organisation.selectors.names import lowest_level_on
from organisation.tree import tree_for

REMINDER = """Kính gửi các đồng chí phụ trách dân vận {nơi nhận}.
Đăng ký mô hình “Dân vận khéo” năm %s nhận đến hết ngày {hạn}. Đến nay {nơi nhận} {việc}. Đề nghị các đồng chí đăng nhập, chọn “Đăng ký mô hình” hoặc “Chép từ năm trước” và gửi trước hạn: {liên kết}
Trân trọng cảm ơn."""

TABS = (  # address, label, states; the first one is what the board opens with when it has rows
    ("chua-xong", "Chưa xong", boards.UNFINISHED),
    ("cho-xet", "Chờ xét", (State.SUBMITTED,)),
    ("tra-lai", "Trả lại", (State.RETURNED,)),
    ("da-nhan", "Đã nhận", (State.ACCEPTED,)),
    ("da-rut", "Đã rút", (State.WITHDRAWN,)),
    ("nhap", "Nháp", (State.DRAFT,)),
    ("tat-ca", "Tất cả", (State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.WITHDRAWN)),
)


@require_safe
def board(request: OfficerRequest, year: int) -> HttpResponseBase:
    seasons = selectors.seasons_for(request.user)
    season = next((one for one in seasons if one.year == year), None)
    if season is None:
        raise Http404
    found = asked_of(request, season)
    shown, asked, narrow = found.board, found.texts, found.wanted
    words, is_one_of_many = narrow.words, found.is_one_of_many
    counts = board_counts(shown, narrow)
    count_found(shown, narrow, counts)
    tab = next((tab for tab in TABS if tab[0] == asked.get("tt")), None)
    tab = tab or (TABS[0] if counts.total(boards.UNFINISHED) and not words else TABS[-1])
    wanted = replace(narrow, states=tab[2])
    rows = boards.board_rows(shown, wanted)
    if kind := request.GET.get("tai", ""):
        return _download(request, kind, found, tab[0], rows)
    total = count_rows(rows, wanted, counts)
    page = CountedPaginator(boards.board_cards(rows), PAGE, total).get_page(request.GET.get("trang"))
    checks = can_check_board(request.user, shown)
    context = _rights(request, shown, checks=checks) | _numbers(shown, counts) | _covering(found, counts) | _offered(found)
    context |= {
        "season": season,
        "board": shown,
        "unit": shown.unit,
        "is_one_of_many": is_one_of_many,
        "of_unit": f"?don-vi={shown.unit.unit.key}" if is_one_of_many and shown.unit else "",
        "is_narrowed": bool(asked.keys() - {"don-vi", "xep", "cot"}),
        "others": [one for one in selectors.seasons_of(request.user, seasons) if one != season],
        "tabs": [
            (label, counts.total(states), address(asked, tt=slug, tre=""), slug == tab[0])
            for slug, label, states in TABS
            if counts.total(states) or slug in ("tat-ca", tab[0])
        ],
        "late": count_late(shown, narrow, counts),
        "late_href": address(asked, tt="cho-xet", tre="1"),
        "page": page,
        "rows": [_line(row, found, checks=checks) for row in page],
        "links": page_links(page, asked),
        "asked": asked,
        "views": saved_views(request.user),
        "here": urlencode(asked),
        "queue": f"{reverse('models_registry:queue', args=[year])}{found.query}",
        "days_left": (season.cutoff_on - today()).days,
        "excel": address(asked, tai="xlsx"),
        "word": address(asked, tai="docx"),
        "illustrative": season.is_illustrative,
    }
    return render(request, "work/board.html", context)


def _rights(request: OfficerRequest, shown: boards.Board, *, checks: bool) -> dict[str, Any]:
    return {
        "may_import": _may_import(request, shown),
        "may_check": checks,
        "may_write": bool(sheets.writing_units(request.user, shown.season)),
        "may_extend": can_extend(request.user),
        "may_open_season": can_open_season(request.user),
    }


def _numbers(board: boards.Board, counts: BoardCounts) -> dict[str, Any]:
    """How many of the whole board are where."""
    return {
        "counts": counts,
        "standing": counts.whole[State.ACCEPTED],
        "unfinished": sum(counts.whole[state] for state in boards.UNFINISHED),
        "drafts": counts.whole[State.DRAFT],
        "origins": origins_in(board, counts, board.unit.unit_id, counts.whole[State.ACCEPTED]) if board.unit else "",
        "withdrawn": counts.whole[State.WITHDRAWN],
    }


def _covering(found: Asked, counts: BoardCounts) -> dict[str, Any]:
    """Which places or units have sent something."""
    shown, day = found.board, min(today(), found.board.season.last_day)
    covered = cover(shown, counts, found.places.values())
    missing = [one.version for one in covered if not one.has_sent]
    lines = _cover(covered, shown, found.texts)
    return {
        "by_place": bool(shown.unit or not shown.units),
        "units_of": acting_day(shown.season) if boards.is_of_later_units(shown) else None,
        "places_called": lowest_level_on(day).said_counted if shown.unit else "",
        "cover": lines,
        "cover_groups": _in_groups(lines, day),
        "sent": len(covered) - len(missing),
        "missing": missing,
    }


def _offered(found: Asked) -> dict[str, Any]:
    """What the rows may be narrowed and sorted by, what was typed of it, what of that is wrong."""
    return {
        "heads": heads_of(found),
        "sorts": list(SORTS.items()),
        "columns": [(name, label, name in found.columns) for name, label in COLUMNS.items()],
        "kinds": [(name, kind.label) for name, kind in KINDS.items()],
        "subjects": [(name, kind.label) for name, kind in SUBJECTS.items()],
        "has_more": bool(found.texts.keys() & {"loai", "doi-tuong", "tu", "den", "xep", "cot"}),
        "errors": list(found.errors.items()),
        "bad": found.errors,
        "places": unit_choices(found.places.values(), by_place=True),
        "hamlets": found.hamlets,
        "fields": found.fields.values(),
    }


CoverLine = tuple[Covered, str, str]


def _cover(covered: list[Covered], shown: boards.Board, asked: dict[str, str]) -> list[CoverLine]:
    """(a place or a unit, its address, its name) of each."""
    names = told_apart((one.version for one in covered), short=True)
    lines = []
    for one in covered:
        key = one.version.unit.key
        href = address({}, xa=key, don_vi=asked.get("don-vi", "")) if shown.unit else address({}, don_vi=key)
        lines.append((one, href, names[one.version.unit_id]))
    return lines


def _in_groups(cover: list[CoverLine], day: date) -> list[tuple[str, int, list[CoverLine]]]:
    """(group, how many have sent, its lines) where there are too many for one list."""
    if len(cover) <= MANY:
        return []
    lines = {line[0].version.unit_id: line for line in cover}
    found = []
    for group in grouped((line[0].version for line in cover), day):
        own = [lines[version.unit_id] for version in group.units]
        found.append((group.title, sum(line[0].has_sent for line in own), own))
    return found


@dataclass(frozen=True)
class Line:
    """A row of the board, since which day it is where it is, how late that is in words, where its title leads."""

    row: Any
    since: str
    late: str
    href: str
    cells: list[tuple[str, str, str]]
    """(column, its label, its text) of the columns chosen."""


def _line(row: Any, asked: Asked, *, checks: bool) -> Line:
    season, since = asked.board.season, timezone.localtime(row.state_since, VIETNAM).date()
    waits = row.state == State.SUBMITTED
    waited, over, late = (today() - since).days, (today() - season.mend_until(since)).days, ""
    if waits and boards.is_late(season, waited):
        late = f"Chờ {waited} ngày"
    elif row.state == State.RETURNED and over > 0:
        late = f"Quá hạn sửa {over} ngày"
    there = f"{reverse('models_registry:work')}dang-ky/{row.pk}/"
    cells = _cells(row, asked, write_day(since))
    return Line(row, write_day(since), late, f"{there}xet/{asked.query}" if waits and checks else there, cells)


def _cells(row: Any, asked: Asked, since: str) -> list[tuple[str, str, str]]:
    texts = {
        "noi": row.place_name if asked.is_by_place else row.unit_name,
        "linh-vuc": row.field__short_name,
        "loai": {Kind.NEW: "Mới", Kind.MAINTAINED: "Duy trì"}.get(row.kind),
        "doi-tuong": SubjectKind(row.subject_kind).label if row.subject_kind else "",
        "ngay-dang-ky": write_day(row.registered_on) if row.registered_on else "",
        "tu-ngay": since,
        "danh-gia": Verdict(row.verdict).label if row.verdict else "",
    }
    return [(name, label, texts.get(name) or "–") for name, label in asked.labels]


SORTS = {"ten": "Mô hình, người làm"} | {name: label for name, label in COLUMNS.items() if name in boards.ORDERS}


def heads_of(found: Asked) -> list[tuple[str, str, str, str]]:
    """(column, its label, the address that sorts by it, how it is sorted now): once more turns it round."""
    by, heads = found.wanted.order, []
    for name, label in [("ten", SORTS["ten"]), *found.labels]:
        if name not in boards.ORDERS:
            heads.append((name, label, "", ""))
            continue
        sorted_now = {name: "ascending", f"-{name}": "descending"}.get(by, "")
        heads.append((name, label, address(found.texts, xep=f"-{name}" if by == name else name), sorted_now))
    return heads


def _may_import(request: OfficerRequest, shown: boards.Board) -> bool:
    return any(can_import_register(request.user, version.unit, shown.season) for version in shown.units)


def _download(request: OfficerRequest, kind: str, found: Asked, tab: str, rows: Any) -> HttpResponseBase:
    shown = found.board
    season, listed = shown.season, with_verdicts(rows)[:ROW_LIMIT].iterator(chunk_size=2000)
    name = f"dang-ky-{season}-{shown.parts[0].unit.key.rpartition('/')[2] if len(shown.parts) == 1 else 'nhieu-don-vi'}-{tab}"
    title = f"Đăng ký mô hình “Dân vận khéo” năm {season}: {shown.parts[0].name if len(shown.parts) == 1 else 'các đơn vị'}"
    if kind == "docx":
        file = register_document(title=title, season=season, rows=listed, letterhead=own_head(request.user))
        return FileResponse(file, as_attachment=True, filename=f"{name}.docx", content_type=DOCX)
    if kind != "xlsx":
        raise Http404
    columns = board_columns(found.columns if "cot" in found.texts else ())
    return excel(name, title, columns, listed, illustrative=season.is_illustrative)


@by_post("models_registry:board", "year")
def saved_view(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Keep what the board shows now under a name, or give a name up."""
    season = season_or_404(year)
    board_asked(request, season)
    form = SavedViewForm(request.POST, parameters=PARAMETERS)
    form.full_clean()
    asked = form.cleaned_data["asked"]
    if gone := form.cleaned_data["gone"]:
        services.remove_view(owner=request.user, view_id=gone)
    else:
        try:
            kept = services.save_view(owner=request.user, name=form.cleaned_data["name"], asked=asked)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Đã lưu kiểu xem “{kept}”.")
    response = redirect("models_registry:board", year=year)
    response["Location"] += address(asked)
    return response


@require_http_methods(["GET", "POST"])
def bulk_action(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Accept or return the chosen rows; returning asks for reasons first. The page behind it says what failed and why."""
    season = season_or_404(year)
    shown = board_asked(request, season)[0]
    if not can_check_board(request.user, shown):
        raise Http404
    if request.method == "GET":
        return _many_done(request, shown)
    form = ManyForm(request.POST)
    form.is_valid()
    ids, back = form.cleaned_data["rows"][:PAGE], form.cleaned_data["back"]
    if not ids:
        messages.warning(request, "Chưa chọn đăng ký nào: đánh dấu ở đầu dòng, rồi bấm lại.")
        response = redirect("models_registry:board", year=year)
        response["Location"] += f"?{back}" if back else ""
        return response
    chosen = list(boards.rows_named(shown, ids))
    action = pressed(request)
    if action not in ("nhan", "tra-lai"):
        raise Http404
    context = {"season": season, "chosen": chosen, "back": back, "illustrative": season.is_illustrative}
    marks = form.marks
    if action == "tra-lai":
        unsaid = {number: f"Mục {number}: xin ghi rõ cần sửa gì." for number in unsaid_boxes(marks)}
        context |= {"boxes": list(boxes_to_mark(marks, unsaid)), "note": marks.get(NOTE, "")}
        if not form.cleaned_data["is_confirmed"]:
            return render(request, "work/return_many.html", context)
        if unsaid or not marks:
            context["errors"] = [(f"loi-{number}", words) for number, words in unsaid.items()]
            context["errors"] = context["errors"] or [("loi", "Xin chọn lý do ở một mục, hoặc ghi lời chung.")]
            return render(request, "work/return_many.html", context, status=422)
    done = services.change_many(
        registration_ids=[row.pk for row in chosen],
        action=Action.RETURN if action == "tra-lai" else Action.ACCEPT,
        actor=request.user,
        note=marks.get(NOTE, "") if action == "tra-lai" else "",
        marks=services.marks_of(marks) if action == "tra-lai" else (),
    )
    where = {row.pk: row.place_name or row.unit_name for row in chosen}
    listed = [asdict(one) | {"where": where[one.registration_id]} for one in done]
    told: dict[str, Any] = {"year": year, "back": back, "is_return": action == "tra-lai"}
    told["done"] = [one for one in listed if not one["error"]]
    told["failed"] = [one for one in listed if one["error"]]
    request.session["many"] = told  # told on a page of its own, which may be loaded again
    return redirect(request.get_full_path())


def _many_done(request: OfficerRequest, shown: boards.Board) -> HttpResponseBase:
    season, result = shown.season, request.session.get("many")
    if not result or result["year"] != season.year:
        return redirect("models_registry:board", year=season.year)
    failed = [one["registration_id"] for one in result["failed"]]
    still = {row.pk for row in boards.rows_named(shown, failed) if row.state == State.SUBMITTED}
    said = f"{'Đã trả lại' if result['is_return'] else 'Đã nhận'} {len(result['done'])} đăng ký"
    said += f", {len(failed)} chưa được" if failed else ""
    left = {"season": season, "heading": said, "still": still, "queue": asked_of(request, season).query}
    return render(request, "work/many_done.html", result | left | {"illustrative": season.is_illustrative})


@by_post("models_registry:board", "year")
def remind(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Which places that sent nothing to remind, and what they get; sent only from there (`viec=gui`), then the text for Zalo."""
    season = season_or_404(year)
    shown = board_asked(request, season)[0]
    if not can_check_board(request.user, shown):
        raise Http404
    counts = board_counts(shown, boards.BoardFilter())
    deadlines = selectors.Deadlines(tree_for(request.user))
    missing = [
        (one.version, deadlines.of(season, one.version.unit_id))
        for one in cover(shown, counts, places_of(shown))
        if not one.has_sent
    ]
    lines, form, step = to_remind(season, missing), ReminderForm(request.POST), pressed(request)
    form.is_valid()
    keys, words, sent = form.cleaned_data["to"], form.cleaned_data["words"], list[Waiting]()
    if not step:
        keys, words = [one.key for one in lines if not one.is_reminded_today], REMINDER % season
    late = [(version, until) for version, until in missing if f"dv-{version.unit_id}" in keys]
    try:
        if step in ("xem", "gui"):
            check_words(words)
            check_chosen(lines, keys)
        if step == "gui":
            sent = services.remind_now(season=season, missing=late, words=words, actor=request.user)
            messages.success(request, said_of([len(one.people) for one in sent], timezone.now()))
    except DomainError as refused:
        form.refuse(refused)
        step = ""
    context = laid_out(lines, keys, words, is_looked_at=step == "xem") | {
        "season": season,
        "sent": [{"words": words_for(words, one)} for one in sent],
        "text": services.reminder_text(season, late) if sent else "",
        "label": "Một lời chung, để gửi nhóm Zalo",
        "errors": form.faults,
        "about": f"Năm {season}",
        "nobody": "Mọi nơi đã đăng ký.",
        "back": reverse("models_registry:board", args=[year]) + address({}, don_vi=request.GET.get("don-vi", "")),
        "back_words": f"Về bảng năm {season}",
    }
    return render(request, "work/reminded.html", context, status=422 if form.errors else 200)
