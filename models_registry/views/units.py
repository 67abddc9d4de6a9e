"""Units out of a spreadsheet: the file, what it would do line by line, storing it. HTTP only."""

import tempfile
from collections import Counter
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.exports import XLSX, Column, write_xlsx
from models_registry.forms import FileForm
from models_registry.registers.opening import open_register
from models_registry.selectors import setting_up
from models_registry.views.common import by_post, given, labelled
from organisation.lists.known import CHANGED, ENDED, NEW, REFUSED, SAME
from organisation.lists.reading import COLUMNS, Line, ListUnreadable, UnitList, as_text, from_text, read_list
from organisation.permissions import can_administer
from organisation.services import digest_of, plan_list, store_list
from organisation.setting_up import level_lines, list_rows

assert setting_up  # registers its steps
PAGE = 150
OUTCOMES = {  # what a line does -> the look of its state, its word
    NEW: ("accepted", "Sẽ tạo"),
    CHANGED: ("draft", "Sẽ đổi"),
    ENDED: ("withdrawn", "Sẽ kết thúc"),
    SAME: ("revoked", "Không đổi"),
    REFUSED: ("late", "Chưa ghi được"),
}


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """Ask for the file; sent, show what it would do, a page at a time. Nothing is stored yet."""
    if not can_administer(request.user):
        raise Http404
    seen = from_text(request.POST.get("du-lieu", "")) if "trang" in request.POST else None
    if seen is not None:
        return _preview(request, seen, name=request.POST.get("ten-tep", "")[:100])
    form = FileForm(*given(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = _read(form.cleaned_data["file"])
        except DomainError as refused:
            form.add_error("file", str(refused))
        else:
            return _preview(request, found.lines, name=form.cleaned_data["file"].name, unused=found.unused)
    context = {"form": form, "levels": level_lines(), "columns": COLUMNS, "errors": labelled(form)}
    return render(request, "work/units_upload.html", context, status=422 if form.errors else 200)


@by_post("units:upload")
def store(request: HttpRequest) -> HttpResponseBase:
    """Store what was looked at; where the units changed meanwhile, show it once more."""
    if not can_administer(request.user):
        raise Http404
    lines = from_text(request.POST.get("du-lieu", ""))
    if lines is None:
        messages.error(request, "Cổng chưa nhận đủ danh sách. Xin gửi lại tệp.")
        return redirect("units:upload")
    try:
        planned = store_list(lines=lines, shown=request.POST.get("ban-xem", ""), actor=request.user)
    except DomainError as refused:
        return _preview(request, lines, name=request.POST.get("ten-tep", "")[:100], error=str(refused))
    number = Counter(one.does for one in planned)
    kept = sum(one.is_kept for one in planned)
    left = f" Còn {number['refused']} dòng chưa ghi được: sửa trong tệp rồi gửi lại cả tệp." if number[REFUSED] else ""
    messages.success(request, (f"Đã ghi {kept} đơn vị." if kept else "Không có gì thay đổi.") + left)
    return redirect("units:upload" if left else "setting-up:home")


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The list as it stands, in the form in which it comes back; in a new portal an empty one to fill in."""
    if not can_administer(request.user):
        raise Http404
    columns = [Column(one.heading, one.width, itemgetter(one.name)) for one in COLUMNS]
    levels = "; ".join(f"{line.called.name} ({line.level.key})" for line in level_lines())
    notes = [
        f"Cấp, ghi tên hoặc mã trong ngoặc: {levels}.",
        *(f"{one.heading}: {one.hint}." for one in COLUMNS if one.hint),
    ]
    file = write_xlsx("Danh sách đơn vị", columns, list_rows(), notes=notes)
    return FileResponse(file, as_attachment=True, filename="danh-sach-don-vi.xlsx", content_type=XLSX)


def _read(file: UploadedFile) -> UnitList:
    """The list in the first sheet that holds one. Raises DomainError."""
    with tempfile.NamedTemporaryFile(suffix=Path(file.name or "").suffix) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        for sheet in open_register(Path(copy.name)):
            found = None if sheet.hidden else read_list(sheet.rows)
            if found is not None and found.lines:
                return found
    raise ListUnreadable("Không thấy dòng tiêu đề có các cột Tên đơn vị, Cấp, Cấp trên, hoặc dưới đó không có dòng nào.")


def _preview(
    request: HttpRequest, lines: list[Line], *, name: str, unused: list[str] | None = None, error: str = ""
) -> HttpResponseBase:
    planned = plan_list(lines)
    number = Counter(one.does for one in planned)
    page = Paginator(sorted(planned, key=lambda one: not one.is_refused), PAGE).get_page(request.POST.get("trang"))
    context: dict[str, Any] = {
        "name": name,
        "planned": [(one, *OUTCOMES[one.does]) for one in page],
        "page": page,
        "counts": [(words, number[does]) for does, (_, words) in OUTCOMES.items() if number[does]],
        "kept": sum(one.is_kept for one in planned),
        "refused": number[REFUSED],
        "unused": unused or [],
        "data": as_text(lines),
        "shown": digest_of(planned),
        "error": error,
    }
    return render(request, "work/units_preview.html", context, status=422 if error else 200)
