from recognition.selectors.facts import (
    by_own_unit,
    by_province,
    dossiers_of,
    honours_of,
    introduced_by,
    introductions_of,
    newest,
    of_season,
    proposed_by,
    standing_honours,
    standing_on,
    standing_ranks,
)

__all__ = [
    "by_own_unit",
    "by_province",
    "dossiers_of",
    "honours_of",
    "introduced_by",
    "introductions_of",
    "newest",
    "of_season",
    "proposed_by",
    "standing_honours",
    "standing_on",
    "standing_ranks",
]
