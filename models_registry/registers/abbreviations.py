"""Headings that are cut short: "Tên MH", "LV", "TT/CN", "Đ.bàn", "Lvực", "ĐVTH". By rule: each piece is a word of what is meant, the beginning
of one, or the first letters of several and the beginning of the last.
"""

from functools import lru_cache


@lru_cache(maxsize=4096)
def stands_for(short: str, phrase: str) -> bool:
    """Whether folded words, or pieces of them, say a whole folded phrase: ('ten mh', 'ten mo hinh')."""
    return short != phrase and _fit(tuple(short.split()), tuple(phrase.split()))


def _fit(pieces: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if not pieces or not words:
        return not pieces and not words
    first, rest = pieces[0], pieces[1:]
    if words[0].startswith(first) and _fit(rest, words[1:]):
        return True
    return len(first) > 1 and len(words) > 1 and first[0] == words[0][0] and _fit((first[1:], *rest), words[1:])


def initials(phrase: str) -> str:
    """'xay dung he thong chinh tri' -> 'xdhtct'."""
    return "".join(word[0] for word in phrase.split())
