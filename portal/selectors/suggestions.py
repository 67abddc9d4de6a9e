"""What is suggested under the search box."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.addresses import PageLink, link_to
from common.text import compare_key, search_words
from models_registry import selectors as registry
from organisation.grouping import told_apart
from organisation.models import Reader
from portal.selectors.vocabulary import Vocabulary, unit_teller


@dataclass(frozen=True)
class Suggestion:
    """One line under the search box: what it is, where it leads."""

    kind: str
    label: str
    where: str
    href: PageLink


def suggest(user: Reader, typed: str, words: Vocabulary, limit: int) -> list[Suggestion]:
    """What may be meant: fields and units whose names have the words, then models. One query."""
    asked = search_words(typed)
    if not asked:
        return []

    def matches(name: str) -> bool:
        return all(any(part.startswith(word) for part in compare_key(name).split()) for word in asked)

    named = [
        Suggestion(_("Lĩnh vực"), one.name, "", link_to("portal:catalogue", **{"linh-vuc": one.slug}))
        for one in words.fields
        if matches(one.name)
    ]
    called = told_apart(words.units)
    named += [
        Suggestion(_("Đơn vị"), called[one.unit_id], "", link_to("portal:unit", one.unit.key))
        for one in words.units
        if matches(one.name)
    ]
    told = unit_teller()
    found = [
        Suggestion(_("Mô hình"), row.title, told(row), link_to("portal:model", row.model__slug))
        for row in registry.suggest(user, typed, limit)
    ]
    return [*named[: limit // 2], *found]
