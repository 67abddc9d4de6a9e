"""The sets of criteria of a body, by version. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from common.numbers import read_number, write_number
from models_registry import selectors as registry
from organisation.permissions import unit_of
from recognition import services
from recognition.models import CriteriaSet
from recognition.permissions import can_set_criteria
from recognition.selectors import rounds as round_reads
from recognition.validators import BandLine, CriterionLine, GuideLine


@require_http_methods(["GET", "POST"])
def criteria(request: HttpRequest) -> HttpResponseBase:
    """The sets of criteria; saving makes the next version, rounds keep theirs."""
    body = unit_of(request.user)
    if body is None or not can_set_criteria(request.user, body):
        raise Http404
    services.ensure_criteria()
    sets = list(round_reads.criteria_sets(request.user))
    chosen = next((one for one in sets if str(one.pk) == request.GET.get("bo", "")), sets[0])
    typed, error = _typed(request) if request.method == "POST" else _of(chosen), ""
    if request.method == "POST":
        try:
            made = services.save_criteria(actor=request.user, unit=body, **_read(typed))
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã lưu {made}. Đợt xét đã lập giữ bản cũ.")
            return redirect(f"{request.path}?bo={made.pk}")
    context = {"sets": sets, "chosen": chosen, "typed": typed, "error": error, "season": registry.working_season(request.user)}
    return render(request, "recognition/criteria.html", context, status=422 if error else 200)


_LINES, _BANDS, GUIDES = 15, 6, "thang"


def _typed(request: HttpRequest) -> dict[str, Any]:
    def row(prefix: str, n: int, names: tuple[str, ...]) -> dict[str, str]:
        return {name: request.POST.get(f"{prefix}-{n}-{name}", "").strip()[: 2000 if name == GUIDES else 200] for name in names}

    return {
        "name": request.POST.get("ten", "")[:200],
        "minimum_total": request.POST.get("toi-thieu", "")[:20],
        "lines": [row("tc", n, ("ten", "diem", "he-so", "toi-thieu", "loai", GUIDES)) for n in range(_LINES)],
        "bands": [row("muc", n, ("ten", "tu", "den")) for n in range(_BANDS)],
    }


def _of(chosen: CriteriaSet) -> dict[str, Any]:
    lines = [
        {
            "ten": one.name,
            "diem": write_number(one.maximum),
            "he-so": write_number(one.weight),
            "toi-thieu": write_number(one.minimum),
            "loai": "1" if one.is_knockout else "",
            GUIDES: "\n".join(f"{write_number(guide.from_points) or '0'}: {guide.words}" for guide in one.guides.all()),
        }
        for one in chosen.criteria.prefetch_related("guides")
    ]
    bands = [{"ten": b.name, "tu": write_number(b.from_total), "den": write_number(b.to_total)} for b in chosen.bands.all()]
    empty: dict[str, str] = {}
    return {
        "name": chosen.name,
        "minimum_total": write_number(chosen.minimum_total),
        "lines": [*lines, *[empty] * (max(len(lines) + 2, 8) - len(lines))][:_LINES],
        "bands": [*bands, *[empty] * (max(len(bands) + 1, 4) - len(bands))][:_BANDS],
    }


def _guide(text: str, of: str) -> GuideLine:
    """A line such as “9: Việc nhân dân bức xúc”. Raises DomainError."""
    start, _, words = text.partition(":")
    points = read_number(start)
    if points is None or not words.strip():
        raise DomainError(f"Thang điểm của “{of}”: “{text[:40]}” phải viết như “9: Việc nhân dân bức xúc”.")
    return GuideLine(points, words)


def _read(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed as lines and bands. Raises DomainError with the first number that is none."""

    def number(text: str, what: str) -> Any:
        found = read_number(text)
        if found is None:
            raise DomainError(f"{what}: “{text}” không phải số; viết 10 hoặc 7,5.")
        return found

    lines = [
        CriterionLine(
            one["ten"],
            number(one["diem"], f"Điểm tối đa của “{one['ten']}”"),
            number(one["he-so"] or "1", f"Hệ số của “{one['ten']}”"),
            number(one["toi-thieu"], f"Tối thiểu của “{one['ten']}”") if one["toi-thieu"] else None,
            bool(one["loai"]),
            tuple(_guide(text, one["ten"]) for text in one[GUIDES].splitlines() if text.strip()),
        )
        for one in typed["lines"]
        if any(one.values())
    ]
    bands = [
        BandLine(one["ten"], number(one["tu"], f"Mức “{one['ten']}”"), number(one["den"], f"Mức “{one['ten']}”"))
        for one in typed["bands"]
        if any(one.values())
    ]
    return {
        "name": typed["name"],
        "lines": lines,
        "bands": bands,
        "minimum_total": number(typed["minimum_total"], "Tổng điểm tối thiểu"),
    }
