"""Reports: the season at a glance, one report with its figures and words, freezing, files. HTTP only."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.bars import bars
from common.dates import read_day, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.exports import DOCX, ROW_LIMIT, XLSX
from common.responses import sent_file
from models_registry.exports import REGISTRATION_COLUMNS
from models_registry.models import Field, Season
from models_registry.selectors import current_season, season_of, seasons
from models_registry.views.common import address, excel, page_links
from organisation.models import Unit
from organisation.permissions import unit_of, units_where
from organisation.roles import May
from organisation.selectors import unit_on
from organisation.tree import tree_for
from papers.selectors import letterheads_on
from papers.word.filling import TemplateRefused
from reports import services
from reports.counted import Counted, unpack_ids
from reports.enums import ReportState, Weight
from reports.exports.files import paper_of, papers_of
from reports.exports.values import printed, rows_path
from reports.figures import FIGURES
from reports.kinds import kind_of, kinds
from reports.kinds.words import LINKS, values_of
from reports.models import QuotedFigure, Report
from reports.permissions import can_freeze, can_write
from reports.selectors import reading, recounting
from reports.selectors.overview import coverage, overview
from reports.selectors.reconciling import rows_behind
from reports.services.freezing import hindrances, is_intact
from reports.services.writing import QUALIFIERS
from reports.validators import TextRefused

PAGE = 50
PDF = "application/pdf"
LINES = (  # of each unit on the page: figure, its name on a telephone
    ("dang-ky", "Đăng ký"),
    ("moi", "Mới"),
    ("duy-tri", "Duy trì"),
    ("tap-the", "Tập thể"),
    ("ca-nhan", "Cá nhân"),
    ("cap-huyen", "Công nhận"),
    ("de-nghi", "Đề nghị"),
    ("cap-tinh", "Tỉnh công nhận"),
    ("trung-uong", "Giới thiệu"),
)
TYPES = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}


def _own_unit(user: Any) -> Unit | None:
    """The unit whose reports one works on: where one writes or freezes them, else one's own."""
    held = sorted(units_where(user, May.WRITE_REPORT) | units_where(user, May.FREEZE_REPORT))
    return Unit.objects.filter(pk__in=held).order_by("position").first() if held else unit_of(user)


def _season(request: HttpRequest) -> Season:
    year = request.GET.get("nam", request.POST.get("nam", ""))
    found = season_of(int(year)) if year.isascii() and year.isdecimal() and len(year) == 4 else current_season()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponseBase:
    """What is due, what is made, who has sent; asking for a report of any day."""
    unit = _own_unit(request.user)
    if unit is None or not units_where(request.user, May.SEE_BOARD):
        raise Http404
    season, errors, status = _season(request), [], 200
    if request.method == "POST":
        try:
            return _ask(request, season, unit)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            errors, status = [("ngay", str(refused))], 422
    day = tree_for(request.user).last_day(unit.pk, min(today(), season.last_day))
    whole = unit_on(unit, day).level.gathers_registers
    listed = (
        reading.reports_visible_to(request.user).filter(season=season).order_by("-as_of", "kind", "unit__position", "-correction")
    )
    page = Paginator(listed, PAGE).get_page(request.GET.get("trang"))
    context = {
        "season": season,
        "seasons": seasons(),
        "unit": unit_on(unit, day),
        "whole": whole,
        "due": overview(season, unit, today(), whole=whole),
        "page": page,
        "links": page_links(page, {"nam": str(season.year)}),
        "names": {kind.slug: kind.name for kind in kinds()},
        "kinds": kinds(),
        "may_write": can_write(request.user, unit),
        "typed": request.POST,
        "day": request.POST.get("ngay", write_day(min(today(), season.last_day))),
        "errors": errors,
        "today": today(),
    }
    return render(request, "reports/home.html", context, status=status)


def _ask(request: HttpRequest, season: Season, unit: Unit) -> HttpResponseBase:
    slug = request.POST.get("loai", "")
    typed = request.POST.get("ngay", "").strip()
    day = read_day(typed)
    kind = kind_of(slug)
    if kind is None:
        raise DomainError("Chọn loại báo cáo.")
    if day is None:
        raise DomainError(f"Ngày “{typed[:20]}” không có thật; viết ngày/tháng/năm.")
    if request.POST.get("viec") == "nhac":
        due = next((one for one in overview(season, unit, today(), whole=True) if (one.kind, one.day) == (kind, day)), None)
        told = services.remind_missing(
            kind=kind, season=season, day=day, units=[one.unit for one in due.missing] if due else [], actor=request.user
        )
        messages.success(
            request, f"Đã nhắc {told} người ở các đơn vị chưa gửi." if told else "Hôm nay đã nhắc rồi, hoặc chưa có ai nhận tin."
        )
        return redirect(f"{reverse('reports:home')}?nam={season.year}")
    made, is_new = services.ask_report(kind=slug, season=season, unit=unit, day=day, actor=request.user)
    if not is_new:
        messages.success(request, "Báo cáo của ngày ấy đã có; đây là trang của nó.")
    return redirect("reports:report", pk=made.pk)


def _report_or_404(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(reading.reports_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One report: its words and figures, what is to be looked at, its files; counting anew, answering, correcting."""
    found = _report_or_404(request, pk)
    may_write, may_freeze = can_write(request.user, found.unit), can_freeze(request.user, found.unit)
    error, status = "", 200
    if request.method == "POST":
        if not (may_write or may_freeze):
            raise Http404
        try:
            return _act(request, found)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error, status = str(refused), 409
            found = _report_or_404(request, pk)
    context: dict[str, Any] = {
        "report": found,
        "kind": reading.kind_for(found),
        "may_write": may_write and found.state == ReportState.DRAFT,
        "may_quote": may_write,
        "may_freeze": may_freeze and found.state == ReportState.DRAFT,
        "may_correct": (may_write or may_freeze) and found.state == ReportState.FROZEN and not found.corrections.exists(),
        "corrections": list(found.corrections.defer("counted", "facts", "problems", "texts")),
        "error": error,
        "typed": request.POST,
        "steps": services.STEPS,
    }
    if found.facts is not None:
        context |= _shown(found)
    return render(request, "reports/report.html", context, status=status)


def _shown(found: Report) -> dict[str, Any]:
    facts = reading.facts_in(found)
    shown, parts = printed(found), reading.written(found, facts)
    problems = [
        one
        | {
            "label": Weight(one["weight"]).label,
            "answer": found.answers.get(one["key"], ""),
            "draft": found.answers.get(one["key"]) or one.get("earlier", ""),
            "asks": one["weight"] == Weight.ASKS,
        }
        for one in found.problems
    ]
    return {
        "facts": facts,
        "is_intact": is_intact(found) if found.state == ReportState.FROZEN else None,
        "total": [(slug, label, facts.numbers[slug]) for slug, label in LINES],
        "field_columns": [(n, name) for n, name in enumerate(facts.fields)],
        "themes": [(label, number, rows_path(found, "dang-ky", theme=label)) for label, number in facts.themes],
        "printed": shown,
        "written": parts,
        "unwritten": [one.section for one in parts if not one.lines],
        "line_figures": LINES,
        "figures": [(slug, figure.label, facts.numbers[slug]) for slug, figure in FIGURES.items()],
        "problems": problems,
        "open_problems": sum(one["asks"] and not one["answer"] for one in problems),
        "quoted": [
            (one, FIGURES[one.figure].label, facts.numbers[one.figure])
            for one in QuotedFigure.objects.filter(season=found.season, unit=found.unit, as_of=found.as_of)
        ],
        "qualifiers": QUALIFIERS,
        "field_bars": bars([(name, rows_path(found, "dang-ky", "", name), number, 0) for name, number in facts.fields.items()]),
    }


@require_safe
def recount(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A frozen report beside a count of the same day made now, and what came or went since."""
    found = _report_or_404(request, pk)
    if found.state != ReportState.FROZEN:
        raise Http404
    figure = request.GET.get("so", "")[:30]
    if figure and figure not in FIGURES:
        raise Http404
    compared = recounting.beside(found)
    page = Paginator(recounting.moved_ids(compared, figure), PAGE).get_page(request.GET.get("trang"))
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "compared": compared,
        "changed": any(one.is_changed for one in compared),
        "figure": FIGURES.get(figure),
        "page": page,
        "moved": recounting.moved(found, compared, list(page)),
        "acts": recounting.ACTS,
        "links": page_links(page, {"so": figure} if figure else {}),
        "now": timezone.now(),
    }
    return render(request, "reports/recount.html", context)


def _act(request: HttpRequest, found: Report) -> HttpResponseBase:
    what = request.POST.get("viec", "")
    ids: dict[str, Any] = {"report_id": found.pk, "actor": request.user}
    if what == "dem-lai":
        services.rebuild_report(**ids)
    elif what == "dung":
        services.stop_building(**ids)
        messages.success(request, "Đã dừng.")
    elif what == "tra-loi":
        services.answer_finding(key=request.POST.get("cho", ""), words=request.POST.get("loi", ""), **ids)
        messages.success(request, "Đã ghi trả lời.")
    elif what == "trich":
        _keep_quoted(request, found)
    elif what == "bo-trich":
        services.drop_quoted(quoted_id=_number(request.POST.get("dong", "")) or 0, actor=request.user)
    elif what == "dinh-chinh":
        made = services.correct_report(why=request.POST.get("ly-do", ""), **ids)
        messages.success(request, "Đã lập bản đính chính; cổng đang đếm lại.")
        return redirect("reports:report", pk=made.pk)
    elif what == "bo":
        services.drop_draft(**ids)
        messages.success(request, "Đã bỏ bản nháp.")
        return redirect(f"{reverse('reports:home')}?nam={found.season}")
    else:
        raise Http404
    return redirect("reports:report", pk=found.pk)


def _number(typed: str) -> int | None:
    """A whole number as it is typed, with or without points; None where it is none."""
    plain = typed.strip().replace(".", "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 10 else None


def _keep_quoted(request: HttpRequest, found: Report) -> None:
    number, parts = _number(request.POST.get("con-so", "")), request.POST.get("phan", "").strip()
    if number is None or (parts and _number(parts) is None):
        raise DomainError("Số trích: ghi số tròn, ví dụ 12.600.")
    services.keep_quoted(
        season=found.season,
        unit=found.unit,
        figure=request.POST.get("so-lieu", ""),
        as_of=found.as_of,
        number=number,
        parts=_number(parts) if parts else None,
        qualifier=request.POST.get("muc", ""),
        source=request.POST.get("nguon", ""),
        actor=request.user,
    )
    messages.success(request, "Đã ghi số trích, đặt cạnh số của cổng.")


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far the building is; when it is over, the page is asked for anew."""
    found = _report_or_404(request, pk)
    response = render(
        request,
        "reports/progress.html",
        {"report": found, "steps": services.STEPS, "may_write": can_write(request.user, found.unit)},
    )
    if not (found.job and found.job.is_open):
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int, section: str) -> HttpResponseBase:
    """An officer's words for one part, with the figures in braces."""
    found = _report_or_404(request, pk)
    part = next((one for one in reading.kind_for(found).sections if one.key == section), None)
    if part is None or found.facts is None or found.state != ReportState.DRAFT or not can_write(request.user, found.unit):
        raise Http404
    facts = reading.facts_in(found)
    first = reading.first_wording(part, facts)
    now = found.texts.get(section, first)
    typed, seen, error, theirs, status = now, now, "", "", 200
    if request.method == "POST":
        back = request.POST.get("viec") == "lai"
        typed, seen = request.POST.get("chu", ""), request.POST.get("da-thay", "")
        try:
            services.write_text(report_id=pk, section=section, text=None if back else typed, seen=seen, actor=request.user)
        except services.StaleText as refused:
            error, theirs, seen, status = str(refused), refused.current, refused.current, 409
        except TextRefused as refused:
            error, status = str(refused), 422
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error, status = str(refused), 409
        else:
            messages.success(request, f"Đã lưu phần “{part.heading}”.")
            return redirect(f"{reverse('reports:report', args=[pk])}#phan-{section}")
    values = values_of(facts)
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "section": part,
        "first": first,
        "typed": typed,
        "seen": seen,
        "error": error,
        "theirs": theirs,
        "braces": [(f"{{{name}}}", value) for name, value in values.items() if value],
        "linked": LINKS,
    }
    return render(request, "reports/write.html", context, status=status)


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The second confirmation: the figures once more, what stands in the way, and the button."""
    found = _report_or_404(request, pk)
    if not can_freeze(request.user, found.unit) or found.facts is None:
        raise Http404
    if found.state == ReportState.FROZEN:
        return redirect("reports:report", pk=pk)
    error, status = "", 200
    if request.method == "POST":
        typed = request.POST.get("lan", "")
        build = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1
        try:
            if request.POST.get("xac-nhan") != "1":
                raise DomainError("Đánh dấu vào ô xác nhận rồi chốt.")
            services.freeze_report(
                report_id=pk,
                build=build,
                suffix=request.POST.get("co-quan", ""),
                papers=papers_of,
                actor=request.user,
                seen=request.POST.get("da-thay", "-"),
            )
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error, status = str(refused), 409
            found = _report_or_404(request, pk)
        else:
            messages.success(request, "Đã chốt. Báo cáo không đổi nữa.")
            return redirect("reports:report", pk=pk)
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "stops": hindrances(found),
        "seen": reading.seen_of(found),
        "heads": letterheads_on(found.unit, today()),
        "error": error,
    } | _shown(found)
    if reading.facts_in(found).whole:
        context["sent"], context["missing"] = coverage(found)
    return render(request, "reports/freeze.html", context, status=status)


@require_safe
def rows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Exactly the registrations behind a figure, of a unit, of a field; or behind a finding."""
    found = _report_or_404(request, pk)
    if found.facts is None:
        raise Http404
    asked = {name: request.GET.get(name, "")[:200] for name in ("so", "don-vi", "linh-vuc", "chu-de", "cho")}
    title, ids = _behind(found, asked)
    if request.GET.get("tai") == "xlsx":
        whole = in_order(ids[:ROW_LIMIT], with_gone=False)
        return excel(f"dang-ky-da-dem-{pk}", title, REGISTRATION_COLUMNS, whole, illustrative=found.season.is_illustrative)
    page = Paginator(ids, PAGE).get_page(request.GET.get("trang"))
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "title": title,
        "page": page,
        "rows": list(in_order(list(page), with_gone=True)),
        "links": page_links(page, {name: value for name, value in asked.items() if value}),
        "excel": address({name: value for name, value in asked.items() if value}, tai="xlsx"),
    }
    return render(request, "reports/rows.html", context)


STEP = 500


def in_order(ids: list[int], *, with_gone: bool) -> Iterator[Any]:
    """Those registrations in the order of the ids, some at a time; `with_gone`: None for one that is no longer in the register."""
    for start in range(0, len(ids), STEP):
        wanted = ids[start : start + STEP]
        there = {row.pk: row for row in rows_behind(wanted)}
        for pk in wanted:
            if with_gone or pk in there:
                yield there.get(pk)


def _behind(found: Report, asked: dict[str, str]) -> tuple[str, list[int]]:
    if asked["cho"]:
        problem = next((one for one in found.problems if one["key"] == asked["cho"]), None)
        if problem is None:
            raise Http404
        return problem["words"], problem["ids"]
    figure = FIGURES.get(asked["so"])
    if figure is None:
        raise Http404
    if theme := asked["chu-de"]:
        packed = reading.facts_in(found).theme_rows.get(theme)
        if packed is None:
            raise Http404
        return f"{found.unit_name}: {figure.label}, chủ đề “{theme}”", unpack_ids(packed)
    unit = get_object_or_404(Unit, key=asked["don-vi"]) if asked["don-vi"] else None
    about = get_object_or_404(Field, name=asked["linh-vuc"]) if asked["linh-vuc"] else None
    counted = Counted.unpacked(bytes(Report.objects.values_list("counted", flat=True).get(pk=found.pk)))
    ids = counted.of(figure.slug, unit.pk if unit else None, about.pk if about else None)
    where = unit_on(unit, found.as_of).short_name if unit else found.unit_name
    return f"{where}: {figure.label}{f', {about.name.lower()}' if about else ''}", ids


@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A paper of the report: the frozen one as it was kept, a draft's as it stands now."""
    found = _report_or_404(request, pk)
    if name not in TYPES or found.facts is None:
        raise Http404
    called = f"{found.kind}-{found.as_of:%Y%m%d}.{name}"
    if found.state == ReportState.FROZEN:
        return sent_file(getattr(found, name), called, TYPES[name])
    try:
        data = paper_of(found, name)
    except TemplateRefused as refused:
        messages.error(request, str(refused))
        return redirect("reports:report", pk=pk)
    response = HttpResponse(data, content_type=TYPES[name])
    response["Content-Disposition"] = f'attachment; filename="{called}"'
    response["Cache-Control"] = "private, no-store"
    return response
