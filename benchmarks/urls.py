"""The bare view that the catalogue is measured against: one indexed query with the same conditions, 24 cards, Django's own template engine."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from models_registry.models import Registration

TEMPLATE = engines["django"].from_string(
    "<!doctype html><html lang='vi'><head><title>Mô hình</title></head><body><ul>{% for row in rows %}"
    '<li class="item"><h3><a href="/mo-hinh/{{ row.model.slug }}/">{{ row.title }}</a></h3><p class="quiet">{{ row.subject }} · '
    "{{ row.unit_name }}</p><p>{{ row.get_subject_kind_display }} · {{ row.get_kind_display }}</p></li>"
    "{% endfor %}</ul></body></html>"
)


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    rows = Registration.objects.filter(season=int(asked["season"]), withdrawn_on__isnull=True)
    if "field" in asked:
        rows = rows.filter(field=int(asked["field"]))
    for word in asked.get("q", "").split():
        rows = rows.filter(search_text__contains=f" {word}")
    rows = rows.order_by("-honour_rank", "sort_key", "id").select_related("model")[:24]
    return HttpResponse(TEMPLATE.render({"rows": rows}, request))


CONSTANT = "<!doctype html><html lang='vi'><head><title>Mô hình</title></head><body>" + "<p>Mô hình</p>" * 1200 + "</body></html>"


@login_not_required
def constant(request: HttpRequest) -> HttpResponse:
    """A page that says always the same: what Django and its middleware cost by themselves."""
    return HttpResponse(CONSTANT)


urlpatterns = [path("bare/", bare), path("constant/", constant), path("", include("danvan.urls"))]
