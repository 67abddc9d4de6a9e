"""What search engines are told of: the pages that stay, every unit, every model that stands."""

from datetime import date
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from models_registry import selectors as registry
from organisation.models import Unit


class Pages(Sitemap):
    def items(self) -> list[str]:
        return ["home", "catalogue", "units", "lines", "figures", "open-data", "verify-any"]

    def location(self, item: str) -> str:
        return reverse(f"portal:{item}")


class Units(Sitemap):
    def items(self) -> Any:
        return Unit.objects.filter(versions__parent__isnull=False).distinct().order_by("pk")

    def location(self, item: Unit) -> str:
        return reverse("portal:unit", args=[item.key])


class Models(Sitemap):
    limit = 10_000

    def items(self) -> Any:
        rows = registry.in_catalogue(None, registry.CatalogueFilter()).order_by("pk")
        return rows.values_list("model__slug", "registered_on", named=True)

    def location(self, item: Any) -> str:
        return reverse("portal:model", args=[item.model__slug])

    def lastmod(self, item: Any) -> date:
        day: date = item.registered_on
        return day


SITEMAPS = {"trang": Pages, "don-vi": Units, "mo-hinh": Models}
