"""What a certificate's code proves, and whether a file that somebody holds is the one that was issued. HTTP only."""

import re
from threading import BoundedSemaphore

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from models_registry.views.common import given
from portal.forms import HeldFileForm
from portal.limits import checks_too_often
from recognition.selectors.certificates import Held, Proof, held_against, verified

_ONE_AT_A_TIME = BoundedSemaphore()  # in each process: what visitors send must not hold all that serve pages
PATIENCE = 5  # seconds


@login_not_required
@require_safe
def verify_any(request: HttpRequest) -> HttpResponseBase:
    """Where the code of a certificate is typed."""
    code = "".join(request.GET.get("ma", "").split()).lower()
    if code and re.fullmatch(r"[a-z0-9-]{1,40}", code):
        return redirect("portal:verify", code=code)
    return render(request, "portal/verify.html", {"typed": code[:40]}, status=422 if code else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a certificate's code proves: what was recognised, by whom, when, whether it stands; nothing else. A PDF that is sent
    is held against what was issued, and thrown away.
    """
    proof = verified(code)
    if request.method == "POST" and not (proof and proof.was_signed):
        raise Http404
    form = HeldFileForm(*given(request))
    held = _held(request, proof, form) if proof and form.is_valid() else None
    context = {
        "proof": proof,
        "typed": "" if proof else code[:40],
        "illustrative": proof.is_illustrative if proof else False,
        "form": form,
        "held": held,
    }
    status = 422 if form.errors else 200 if proof else 404
    response = render(request, "portal/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _held(request: HttpRequest, proof: Proof, form: HeldFileForm) -> Held | None:
    """What the file is; None with the reason in the form where it was not looked at."""
    if checks_too_often(request):
        form.add_error("file", _("Từ đường mạng này đã kiểm tra nhiều tệp trong một giờ; xin thử lại sau."))
    elif not _ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        form.add_error("file", _("Cổng đang kiểm tra tệp khác; xin thử lại sau một phút."))
    else:
        try:
            return held_against(proof, form.cleaned_data["file"])
        finally:
            _ONE_AT_A_TIME.release()
    return None
