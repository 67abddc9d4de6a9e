"""What several views of the workplace do: find the season, the page's links, hand out a file."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import form_errors
from common.exceptions import FileRefused
from common.exports import XLSX, Column, write_xlsx
from models_registry import selectors, services
from models_registry.exports import DEMO_NOTE
from models_registry.forms import PaperHeldForm
from models_registry.models import Season

PAGE = 50
View = Callable[..., HttpResponseBase]
labelled = form_errors.labelled


def by_post(page: str, *names: str) -> Callable[[View], View]:
    """For an address that only takes what is sent. Whoever comes there otherwise, after logging in again, is shown the page
    with the form (`names`: its arguments), which puts back what this browser kept of it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, **given: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, **given)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["POST"])
            messages.warning(request, "Việc vừa bấm chưa làm, vì phiên làm việc đã hết trước đó. Xin xem lại và bấm lần nữa.")
            return redirect(reverse(page, kwargs={name: given[name] for name in names}) + "?giu=1")

        return inner

    return decorate


def given(request: HttpRequest) -> tuple[Any, Any]:
    """(fields, files) for a form: what was sent, be it nothing; None for a page that was only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def hold_paper(form: PaperHeldForm, user: Any) -> None:
    """Keep the file that came along with the form, so that it need not be chosen again, and tell what is wrong with it."""
    form.full_clean()
    paper = form.held
    if file := form.cleaned_data.get("basis_file"):
        try:
            paper = services.receive_basis(file=file, actor=user)
        except FileRefused as refused:
            form.add_error("basis_file", str(refused))
    form.hold(paper)


def season_or_404(year: int) -> Season:
    season = selectors.season_of(year)
    if season is None:
        raise Http404
    return season


class CountedPaginator(Paginator):
    """A paginator that was told how many there are."""

    def __init__(self, rows: Any, size: int, total: int) -> None:
        super().__init__(rows, size)
        self.count = total


def address(asked: dict[str, str], **changes: str) -> str:
    """The address with some parameters changed; empty ones are left out."""
    given = asked | {name.replace("_", "-"): value for name, value in changes.items()}
    return "?" + urlencode({name: value for name, value in given.items() if value})


def page_links(page: Page[Any], asked: dict[str, str], name: str = "trang") -> list[tuple[int | None, str]]:
    """(number, or None for a gap; address) of the pages near this one."""
    numbers = page.paginator.get_elided_page_range(page.number)
    return [(n if isinstance(n, int) else None, address(asked, **{name: str(n)})) for n in numbers]


@login_not_required
@require_safe
def field_worker(request: HttpRequest) -> HttpResponseBase:
    """The script that keeps pages opened on this telephone, for places without a network: of the folder in which it is asked for."""
    source = Path(settings.BASE_DIR / "static" / "look" / "field-worker.js").read_text()
    response = HttpResponse(source, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def excel(name: str, title: str, columns: list[Column], rows: Iterable[Any], *, illustrative: bool) -> FileResponse:
    file = write_xlsx(title, columns, rows, notes=[DEMO_NOTE] if illustrative else [], has_total=True)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def links_found(page: Page[Any], words: str, known: dict[str, str]) -> dict[str, Any]:
    """What a search for an earlier model shows; `known` is what each of its addresses and buttons carries on."""
    links, every = page_links(page, known | {"q": words}), f"?{urlencode({'q': '', **known})}"
    return {"q": words, "page": page, "links": links, "every": every, "known": known}
