"""An office's own Word files: what they ask for, and their filling in. They are opened apart, never in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from common.apart.parent import read_apart
from papers.kinds import HEAD_FIELDS, HEAD_LISTS, PaperForm
from papers.word.filling import TemplateRefused


@dataclass(frozen=True)
class Asked:
    """What a Word file asks for; of the unknown names, the place too."""

    names: list[str]
    unknown: list[str]
    missing: list[str]


def read_placeholders(template: IO[bytes], form: PaperForm) -> Asked:
    """What the file asks for, against what the form knows. Raises TemplateRefused with the place of the fault."""
    fields, lists = {**HEAD_FIELDS, **form.fields}, {**HEAD_LISTS, **form.lists}
    reader = "papers.word.filling:placeholders"
    told = (fields, lists, sorted(form.needed), list(HEAD_LISTS))
    (found,) = read_apart(reader, template, *told, refused=TemplateRefused)
    return Asked(*found)


def fill_own(template: IO[bytes], values: Mapping[str, Any]) -> bytes:
    """An office's own file with the values in place of its names. Raises TemplateRefused."""
    (made,) = read_apart("papers.word.filling:filled", template, values, refused=TemplateRefused)
    assert isinstance(made, bytes)
    return made
