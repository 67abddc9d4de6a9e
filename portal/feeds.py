"""Atom feeds: what is new in the register, what was recognised, what a unit does. Public facts only."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from common.dates import day_begins, today, write_day
from models_registry import selectors as registry
from models_registry.models import Registration
from organisation.models import UnitVersion
from organisation.naming import province_on
from portal.selectors.catalogue import newest_of
from portal.selectors.places import place_named
from portal.selectors.vocabulary import unit_teller
from recognition import selectors as recognition
from recognition.models import Recognition

SHOWN = 30


def _of_province() -> str:
    return f"Mô hình “Dân vận khéo” {province_on(today()).name}".strip()


def _told(rows: Iterable[Any]) -> list[Any]:
    """The rows, each with its unit's name as it is told from another of that name."""
    listed, told = list(rows), unit_teller()
    for row in listed:
        row.told_unit = told(row)
    return listed


class Registrations(Feed):
    """The newest registrations that stand."""

    feed_type = Atom1Feed
    subtitle = "Những mô hình vừa vào sổ đăng ký của các đơn vị."
    language = "vi"

    def title(self) -> str:
        return f"{_of_province()}: mới đăng ký"

    def link(self) -> str:
        return reverse("portal:catalogue") + "?xep=moi"

    def items(self) -> Any:
        found = registry.find(None, registry.CatalogueFilter(order="moi"))
        return _told(found.select_related("model", "field")[:SHOWN])

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Registration) -> str:
        unit = self.item_author_name(item)
        said = [f"{item.subject}, {unit}" if item.subject else unit]
        said += [item.field.name] if item.field else []
        return ". ".join([*said, f"Đăng ký {write_day(item.registered_on)}."]) if item.registered_on else ". ".join(said)

    def item_link(self, item: Registration) -> str:
        return item.model.get_absolute_url() if item.model else ""

    def item_guid(self, item: Registration) -> str:
        return f"tag:danvan,2026:dang-ky:{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Registration) -> datetime:
        return day_begins(item.registered_on or date.min)

    def item_author_name(self, item: Any) -> str:
        return str(item.told_unit)


class OfUnit(Registrations):
    """The newest of a unit, as the one that keeps the register or as the place."""

    def get_object(self, request: HttpRequest, key: str) -> UnitVersion:
        found = place_named(key)
        if found is None:
            raise Http404
        return found

    def title(self, obj: UnitVersion) -> str:  # type: ignore[override]
        return f"Mô hình “Dân vận khéo”: {obj.name}"

    def link(self, obj: UnitVersion) -> str:  # type: ignore[override]
        return reverse("portal:unit", args=[obj.unit.key])

    def items(self, obj: UnitVersion) -> Any:  # type: ignore[override]
        return _told(newest_of(obj.unit, SHOWN))


class Recognised(Feed):
    """The newest recognitions that stand."""

    feed_type = Atom1Feed
    subtitle = "Quyết định công nhận của các cấp."
    language = "vi"

    def title(self) -> str:
        return f"{_of_province()}: vừa được công nhận"

    def link(self) -> str:
        return reverse("portal:catalogue") + "?xep=muc"

    def items(self) -> Any:
        found = list(recognition.newest(SHOWN))
        _told(one.registration for one in found)
        return found

    def item_title(self, item: Any) -> str:
        return f"{item.registration.title}: {item.decision.level_names.honour}"

    def item_description(self, item: Any) -> str:
        given = item.decision
        return f"{item.registration.told_unit}. Quyết định số {given.number} ngày {write_day(given.decided_on)} của {given.issuer_name}."

    def item_link(self, item: Recognition) -> str:
        return item.registration.model.get_absolute_url() if item.registration.model else ""

    def item_guid(self, item: Recognition) -> str:
        return f"tag:danvan,2026:cong-nhan:{item.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Recognition) -> datetime:
        return day_begins(item.decision.decided_on)

    def item_author_name(self, item: Any) -> str:
        return str(item.decision.issuer_name)
