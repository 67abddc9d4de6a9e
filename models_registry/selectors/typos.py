"""The register's counted words: what a search that found nothing may have meant, words one typing error away that do find
something together; and how many can have the words of a search at the most.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Q, QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA

from common.remember import remembered
from common.text import asked_for, compare_key, search_words
from models_registry.models import Registration, SearchWord

CANDIDATES = 12  # near words tried for one that is unknown
LOOKED_AT = 400  # rows that say which of the candidates goes with the other words
TRIED = 4  # known words that are doubted in turn, where all are known
_LONG = 7  # letters from which two errors are forgiven


@dataclass(frozen=True)
class Meant:
    """The words that were meant, as the register writes them ('lò đốt rác'), and folded ('lo dot rac')."""

    written: str
    folded: str


def meant(rows: QuerySet[Registration], typed: str) -> Meant | None:
    """Another spelling of what was typed that finds some of `rows` (narrowed by every filter but the words): a letter
    wrong, missing, too many or swapped in a word, words run together. None where nothing near finds anything. One query,
    and one for the register's words where they are not remembered.
    """
    known = _known_words()
    hamlets, asked = asked_for(typed)
    if not known or not asked:
        return None
    asked = [*hamlets, *(part for word in asked[:8] for part in _parted(word, known))]
    options = {word: _near(word, known) for word in dict.fromkeys(asked) if word not in hamlets and not _is_known(word, known)}
    if not options:  # every word is one of the register's, but not these together: each may stand for a neighbour
        doubted = [word for word in dict.fromkeys(asked) if word not in hamlets and not word.isdigit()][:TRIED]
        options = {word: [word, *_near(word, known)] for word in doubted}
    if not options or not all(options.values()):
        return None
    sure = Q()
    for word in asked:
        if word not in options:
            sure &= Q(search_text__contains=f" {word}")
    for candidates in options.values():
        sure &= _any(candidates)
    found = list(
        rows.filter(sure).order_by().values_list("search_text", "title", "subject", "place_name", "unit_name")[:LOOKED_AT]
    )
    if not found:
        return None
    best = _best(asked, options, [row[0] for row in found])
    return Meant(" ".join(_as_written(best, [row[1:] for row in found])), " ".join(best))


def rarest(typed: str) -> tuple[int, str] | None:
    """(how often at the most, the word): of the words asked for the one that the fewest registrations can have, as the
    register's words were last counted; None where that is not known: nothing was counted, or only numbers and hamlets with
    theirs are asked for, which are not counted.
    """
    words, sums = _in_order()
    asked = [word for word in search_words(typed) if not word.isdigit() and " " not in word]
    if len(sums) == 1 or not asked:
        return None
    return min((sums[bisect_left(words, word + LAST)] - sums[bisect_left(words, word)], word) for word in asked)


LAST = chr(0x10FFFF)


def _any(candidates: Iterable[str]) -> Q:
    either = Q()
    for one in candidates:
        either |= Q(search_text__contains=f" {one}")
    return either


def _best(asked: list[str], options: dict[str, list[str]], texts: list[str]) -> list[str]:
    """Of the combinations that a text holds whole, the one with the fewest errors, then the most frequent."""
    tally = Counter(
        tuple(next((one for one in options.get(word, [word]) if f" {one}" in text), word) for word in asked) for text in texts
    )

    def errors(found: tuple[str, ...]) -> int:
        return sum(OSA.distance(one, word) for one, word in zip(found, asked, strict=True))

    ranked = sorted((errors(found), -number, found) for found, number in tally.items())
    return list(ranked[0][2])


def _as_written(words: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The words with their marks, as they most often stand in the rows; without, where none has the whole word."""
    spelled: dict[str, Counter[str]] = {word: Counter() for word in words}
    for parts in rows:
        for token in " ".join(parts).lower().split():
            bare = token.strip("“”\"'.,;:()-–")
            if (key := compare_key(bare)) in spelled:
                spelled[key][bare] += 1
    return [spelled[word].most_common(1)[0][0] if spelled[word] else word for word in words]


@remembered(size=1)
def _known_words() -> dict[str, int]:
    """The register's words with how often they stand there."""
    return dict(SearchWord.objects.values_list("word", "total"))


@remembered(size=1)
def _in_order() -> tuple[list[str], list[int]]:
    """The register's words in order, and how often those before each place stand there in all."""
    known = _known_words()
    words = sorted(known)
    return words, list(accumulate((known[word] for word in words), initial=0))


def _is_known(word: str, known: dict[str, int]) -> bool:
    return word in known or word.isdigit() or any(other.startswith(word) for other in known)


def _near(word: str, known: dict[str, int]) -> list[str]:
    """Words within one error (two in a long word), the nearest first, then the most frequent."""
    most = 2 if len(word) >= _LONG else 1
    found = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    ranked = sorted(found, key=lambda hit: (hit[1], -known[hit[0]], hit[0]))
    return [other for other, distance, _ in ranked if distance][:CANDIDATES]


def _parted(word: str, known: dict[str, int]) -> list[str]:
    """Words run together ('lodotrac') as the fewest known words that make them up; else the word as it is."""
    if _is_known(word, known) or len(word) < 5:
        return [word]
    best: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 8), end):
            before, part = best[start], word[start:end]
            if before is not None and len(part) > 1 and part in known:
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = [*before, part]
    found = best[-1]
    return found if found and len(found) <= 5 else [word]
