"""Vietnamese text: one composed form, one folded form to search by, one key to compare by, one key to sort by."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    "a": "aàáảãạăằắẳẵặâầấẩẫậ",
    "e": "eèéẻẽẹêềếểễệ",
    "i": "iìíỉĩị",
    "o": "oòóỏõọôồốổỗộơờớởỡợ",
    "u": "uùúủũụưừứửữự",
    "y": "yỳýỷỹỵ",
    "d": "dđ",
}
_FOLD = {ord(c): plain for plain, marked in _LETTERS.items() for c in marked + marked.upper()}
_FOLD |= {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_KEEP = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


_IN_QUOTES = re.compile(r"^[“\"][^“”\"]*[”\"]?$")  # of a text that was cut, the second is missing
_SINGLE = str.maketrans("“”", "‘’")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\ufeff\ufffe\uffff]")


class _Folding(dict[int, str]):
    """Letters fold to plain ones; whatever is neither letter nor digit becomes a space."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).lower()
        folded = "".join(c for c in plain if c in _KEEP) or ("" if unicodedata.combining(chr(code)) else " ")
        self[code] = folded
        return folded


_folding = _Folding(_FOLD | {ord(c): c for c in _KEEP})

# kỹ/kĩ, Quý/Quí, Mỹ/Mĩ, lý/lí: y alone after one of these consonants is a matter of the writer's school.
_FREE_Y = re.compile(r"\b(qu|[hklmstvr])y\b")


def clean(text: str) -> str:
    """The form that is stored: NFC, without control characters, runs of white space made one space."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """As `clean`, line by line: paragraphs stay, spaces at the ends of lines and empty lines at both ends go."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def quoted(words: object) -> str:
    """'Tuyến đường hoa' and '“Tuyến đường hoa”' -> '“Tuyến đường hoa”'; marks within it become single ones: '“‘Nhà sạch’ thôn 3”'."""
    text = str(words).strip()
    text = text.strip('“”"').strip() if _IN_QUOTES.match(text) else text.translate(_SINGLE)
    return f"“{text}”"


def paragraphs(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def steps(text: str) -> list[tuple[str, str]]:
    """Lines 'Chi bộ làm trước: Đảng viên ...' -> [(words to stand out, the rest)]."""
    parted = [(head.strip(), rest.strip()) for head, _, rest in (line.partition(":") for line in paragraphs(text))]
    return [(f"{head}.", rest[:1].upper() + rest[1:]) if rest else ("", head) for head, rest in parted]


def fold(text: str) -> str:
    """Lower case ASCII words, one space between them: 'Lò đốt rác' -> 'lo dot rac'."""
    return " ".join(text.translate(_folding).split())


def replace_words(text: str, find: str, put: str, *, exact: bool = False) -> str:
    """`text` with every `find` in it replaced; unless `exact`, marks and capitals do not count."""
    if exact:
        return text.replace(find, put) if find else text
    letters = [(at, folded) for at, char in enumerate(text) for folded in char.translate(_folding)]
    whole, wanted = "".join(folded for _, folded in letters), "".join(find.translate(_folding))
    pieces, done, at = [], 0, whole.find(wanted) if wanted.strip() else -1
    while at >= 0:
        end = at + len(wanted)
        pieces += [text[done : letters[at][0]], put]
        done = letters[end - 1][0] + 1
        at = whole.find(wanted, end)
    return "".join([*pieces, text[done:]])


@lru_cache(maxsize=65536)
def compare_key(text: str) -> str:
    """Equal for two spellings of one phrase: marks, tone style, y/i after a consonant and punctuation do not count."""
    folded = fold(text)
    return _FREE_Y.sub(r"\1i", folded) if "y" in folded else folded


_SHORT_HAMLETS = (  # kinds of hamlets as registers shorten them, folded, and in full
    (re.compile(r"\b(?:tdp|t d p(?= ?\d)|to d ?p(?:ho)?)(?=\d|\b)"), "to dan pho"),
    (re.compile(r"\b(?:kp|k p(?= ?\d)|k ?pho)(?=\d|\b)"), "khu pho"),
)
_GLUED_HAMLET = re.compile(r"\b(thon|khu pho|to dan pho|ap|to|khu|xom|buon|bon)(\d{1,3})\b")


def spell_hamlets(key: str) -> str:
    """Folded words with the kinds of hamlets in full, apart from their numbers: 'kp5', 'k pho 5' -> 'khu pho 5'."""
    for short, full in _SHORT_HAMLETS:
        key = short.sub(full, key)
    return _GLUED_HAMLET.sub(r"\1 \2", key)


def search_text(*parts: str) -> str:
    """What a row is found by: the compared words with a space before each, so that ' lo' finds words beginning with lo."""
    return " " + " ".join(spell_hamlets(key) for part in parts if part and (key := compare_key(part)))


_NUMBERED_HAMLET = re.compile(r"\b(?:thon|khu pho|to dan pho|ap|xom|buon) \d{1,3}\b")


def search_words(query: str) -> list[str]:
    """The words that a search must find, at most eight, longest first (the rarest narrows the most)."""
    hamlets, words = asked_for(query)
    return sorted(dict.fromkeys([*hamlets, *words]), key=len, reverse=True)[:8]


def asked_for(query: str) -> tuple[list[str], list[str]]:
    """(hamlets with their numbers, the other words) of a search, folded. A hamlet's words are one: begun each by itself they stand in
    every other row.
    """
    key = spell_hamlets(compare_key(query[:200]))
    return _NUMBERED_HAMLET.findall(key), _NUMBERED_HAMLET.sub(" ", key).split()


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


@lru_cache(maxsize=4096)
def _sort_weight(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char.lower())
    tone = next((_TONES[c] for c in decomposed if c in _TONES), "0")
    letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    if letter in _ALPHABET:
        return chr(ord("a") + _ALPHABET.index(letter) // 10) + str(_ALPHABET.index(letter) % 10), tone
    return ("9" + letter if letter.isdigit() else "0"), tone


def sort_key(text: str, length: int = 80) -> str:
    """A key of [0-9a-z] whose order is the Vietnamese alphabet's in every collation: letters first, then tones."""
    weights = [_sort_weight(c) for c in clean(text)[:length]]
    letters = "".join(w for w, _ in weights)
    tones = "".join(t for _, t in weights).rstrip("0")
    return f"{letters}00{tones}"
