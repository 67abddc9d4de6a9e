"""Site visits: planning, the form for the telephone, photos. HTTP only."""

import zlib
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import read_day, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import check_photo
from common.numbers import read_number, write_number
from models_registry.views.common import by_post
from recognition import services
from recognition.enums import VisitVerdict
from recognition.models import SiteVisit
from recognition.permissions import can_visit
from recognition.selectors import visits as reads
from recognition.selectors.dossiers import readable_by
from recognition.services import Checked
from recognition.views.common import head

EXTRA = 2  # lines for what the dossier does not claim
LINES = 60  # outputs that one visit may check


@require_http_methods(["GET", "POST"])
def of_dossier(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The visits of a dossier; planning one."""
    found = readable_by(request.user, pk)
    if found is None or found.round is None or not can_visit(request.user, found.round):
        raise Http404
    error = ""
    if request.method == "POST":
        day = read_day(request.POST.get("ngay", "").strip())
        try:
            if day is None:
                raise DomainError(f"Ngày “{request.POST.get('ngay', '')[:20]}” không có thật; viết ngày/tháng/năm.")
            made = services.plan_visit(dossier_id=pk, planned_on=day, visitors=request.POST.get("doan", ""), actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, "Đã hẹn khảo sát; đơn vị được báo. Mở sẵn trang này trên điện thoại trước khi đi.")
            return redirect("recognition:visit", pk=made.pk)
    context = head(
        found.round,
        dossier=found,
        registration=found.registration,
        visits=reads.visits_of(request.user, found),
        may_visit=True,
        error=error,
        typed=request.POST,
        day=request.POST.get("ngay", write_day(today())),
    )
    return render(request, "recognition/visits.html", context, status=422 if error else 200)


def _visit_or_404(request: HttpRequest, pk: int) -> SiteVisit:
    return get_object_or_404(reads.visits_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of one visit, made for a telephone; what was sent, once it is."""
    found = _visit_or_404(request, pk)
    error = ""
    if request.method == "POST":
        try:
            _check_person(request)
            for file in request.FILES.getlist("anh"):
                check_photo(file)  # before anything is sent: a visit that is sent is not opened again
            services.send_visit(visit_id=pk, actor=request.user, **_typed(request))
            for file in request.FILES.getlist("anh"):
                services.add_visit_photo(visit_id=pk, key=uuid4(), file=file, actor=request.user)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = str(refused)
        else:
            if request.headers.get("X-Visit"):
                return JsonResponse({"sent": True})
            messages.success(request, "Đã gửi kết quả khảo sát.")
            return redirect("recognition:visit", pk=pk)
    if error and request.headers.get("X-Visit"):
        return JsonResponse({"error": error}, status=409)
    round_ = found.dossier.round
    assert round_ is not None
    context = head(
        round_,
        visit=found,
        dossier=found.dossier,
        registration=found.dossier.registration,
        key=request.POST.get("key", str(uuid4())),
        checks=_lines(request, found),
        verdicts=VisitVerdict.choices,
        error=error,
        typed=request.POST,
        day=request.POST.get("ngay", write_day(today())),
        photos=list(found.photos.all()),
        done=list(found.checks.all()),
    )
    return render(request, "recognition/visit.html", context, status=409 if error else 200)


def _check_person(request: HttpRequest) -> None:
    """What one person kept on a telephone is not sent in the name of the next."""
    meant = request.POST.get("nguoi", "")
    if meant and meant != str(request.user.pk):
        raise DomainError("Kết quả này do người khác ghi trên máy. Người ấy đăng nhập rồi gửi.")


def _lines(request: HttpRequest, found: SiteVisit) -> list[dict[str, Any]]:
    """The outputs to check: those claimed, then empty lines."""
    rows = [
        {
            "n": _line_of(one.what),
            "what": one.what,
            "unit": one.counting_unit,
            "claimed": write_number(one.quantity),
            "said": f"{one.as_of:%d/%m/%Y}",
        }
        for one in reads.claims_of(found.dossier)
    ]
    rows += [{"n": str(n), "what": "", "unit": "", "claimed": "", "said": ""} for n in range(EXTRA)]
    for row in rows:
        n = row["n"]
        row |= {"found": request.POST.get(f"thay-{n}", ""), "note": request.POST.get(f"ghi-{n}", "")}
        row["what"] = row["what"] or request.POST.get(f"gi-{n}", "")
        row["unit"] = row["unit"] or request.POST.get(f"dvt-{n}", "")
    return rows


def _line_of(what: str) -> str:
    """The name of an output's line in the form: what a telephone kept for it finds it again, whatever is measured meanwhile."""
    return f"c{zlib.crc32(what.encode())}"


def _key(request: HttpRequest) -> UUID:
    """The key that the telephone gave to what it sends. Raises DomainError."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise DomainError("Trang đã cũ, xin tải lại trang rồi gửi.") from error


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What the form says. Raises DomainError with the first thing that cannot be read."""
    day = read_day(request.POST.get("ngay", "").strip())
    if day is None:
        raise DomainError(f"Ngày “{request.POST.get('ngay', '')[:20]}” không có thật; viết ngày/tháng/năm.")
    checks = []
    for n in [name[3:] for name in request.POST if name.startswith("gi-")][:LINES]:
        what, text = request.POST.get(f"gi-{n}", "").strip(), request.POST.get(f"thay-{n}", "").strip()
        if not what:
            if text:
                raise DomainError(f"Kết quả khác: có số đếm được “{text[:12]}” mà chưa ghi đo cái gì.")
            continue
        number = read_number(text) if text else None
        if text and number is None:
            raise DomainError(f"{what}: “{text[:12]}” không phải số; viết 136 hoặc 1.500.")
        claimed = read_number(request.POST.get(f"ke-{n}", ""))
        checks.append(Checked(what, request.POST.get(f"dvt-{n}", ""), claimed, number, request.POST.get(f"ghi-{n}", "")))
    return {
        "key": _key(request),
        "visited_on": day,
        "people_met": request.POST.get("gap", ""),
        "verdict": request.POST.get("ket-luan", ""),
        "remark": request.POST.get("nhan-xet", ""),
        "checks": checks,
    }


@by_post("recognition:visit", "pk")
def add_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One photo, by the key that the telephone gave it."""
    _visit_or_404(request, pk)
    file = request.FILES.get("anh")
    try:
        _check_person(request)
        key = _key(request)
        if file is None:
            raise DomainError("Chưa chọn ảnh nào.")
        services.add_visit_photo(visit_id=pk, key=key, file=file, actor=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"sent": True})


@require_safe
def photo(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """A photo of a visit, to whom its dossier is visible."""
    found = get_object_or_404(SiteVisit.objects.select_related("dossier__round"), pk=pk)
    if found.pk not in {one.pk for one in reads.visits_of(request.user, found.dossier)}:
        raise Http404
    one = get_object_or_404(found.photos, key=key)
    with one.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response
