"""What is suggested under the search box."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.addresses import PageLink, link_to
from common.dates import today
from common.text import compare_key, search_words
from models_registry import selectors as registry
from organisation.grouping import FORMER, find, told_apart
from organisation.models import Reader
from organisation.tree import unit_tree
from portal.selectors.vocabulary import Vocabulary, unit_teller


@dataclass(frozen=True)
class Suggestion:
    """One line under the search box: what it is, where it leads."""

    kind: str
    label: str
    where: str
    href: PageLink


def suggest(user: Reader, typed: str, words: Vocabulary, limit: int) -> list[Suggestion]:
    """What may be meant: fields and units whose names, or former names, have the words, then models. One query."""
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
    named += _units(typed, asked, words)
    told = unit_teller()
    found = [
        Suggestion(_("Mô hình"), row.title, told(row), link_to("portal:model", row.model__slug))
        for row in registry.suggest(user, typed, limit)
    ]
    return [*named[: limit // 2], *found]


def _units(typed: str, asked: list[str], words: Vocabulary) -> list[Suggestion]:
    """Those that have models or report today; first where the words are whole words of a name, not beginnings."""
    tree, day = unit_tree(), today()
    reporting = tree.reporting_within(None, day)
    listed = list({one.unit_id: one for one in (*reporting, *words.units)}.values())
    hits, former = find(listed, typed, day)
    called, before = told_apart(listed, tree=tree), dict[int, str]()

    def is_whole(name: str) -> bool:
        return set(asked) - {FORMER} <= set(compare_key(name).split())

    for one in former:
        name = one.version.place or one.version.name
        if one.now.unit_id not in before or is_whole(name):
            before[one.now.unit_id] = name

    return [
        Suggestion(
            _("Đơn vị"),
            called[one.unit_id],
            _("Tên cũ: %s") % before[one.unit_id] if one.unit_id in before else "",
            link_to("portal:unit", one.unit.key),
        )
        for one in sorted(hits, key=lambda one: not is_whole(one.name) and not is_whole(before.get(one.unit_id, "")))
    ]
