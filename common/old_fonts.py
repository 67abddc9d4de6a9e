"""Text typed for the 8-bit fonts of old (TCVN3: .VnTime; VNI: VNI-Times), recognised from the text itself.

A font name is lost in csv and often in xls, so nothing here asks for it. Vietnamese syllables follow strict rules
(onset + rhyme + tone); the decoding that makes the most words into possible syllables is the right one.
Tables: TCVN 5712:1993 (VN3) and the VNI-Windows table.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

UNICODE, TCVN3, VNI = "Unicode", "TCVN3", "VNI"

_TCVN3_MARKED = {
    "µ": "à", "¸": "á", "¶": "ả", "·": "ã", "¹": "ạ", "¨": "ă", "»": "ằ", "¾": "ắ", "¼": "ẳ", "½": "ẵ", "Æ": "ặ",
    "©": "â", "Ç": "ầ", "Ê": "ấ", "È": "ẩ", "É": "ẫ", "Ë": "ậ", "®": "đ", "Ì": "è", "Ð": "é", "Î": "ẻ", "Ï": "ẽ",
    "Ñ": "ẹ", "ª": "ê", "Ò": "ề", "Õ": "ế", "Ó": "ể", "Ô": "ễ", "Ö": "ệ", "×": "ì", "Ý": "í", "Ø": "ỉ", "Ü": "ĩ",
    "Þ": "ị", "ß": "ò", "ã": "ó", "á": "ỏ", "â": "õ", "ä": "ọ", "«": "ô", "å": "ồ", "è": "ố", "æ": "ổ", "ç": "ỗ",
    "é": "ộ", "¬": "ơ", "ê": "ờ", "í": "ớ", "ë": "ở", "ì": "ỡ", "î": "ợ", "ï": "ù", "ó": "ú", "ñ": "ủ", "ò": "ũ",
    "ô": "ụ", "\u00ad": "ư", "õ": "ừ", "ø": "ứ", "ö": "ử", "÷": "ữ", "ù": "ự", "ú": "ỳ", "ý": "ý", "û": "ỷ",
    "ü": "ỹ", "þ": "ỵ", "¡": "Ă", "¢": "Â", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư", "§": "Đ",
}  # fmt: skip
_TCVN3 = {ord(old): new for old, new in _TCVN3_MARKED.items()}
# The set-in-capitals fonts (.VnTimeH) use the small letters' codes: these may stand for capitals.
_TCVN3_SMALL = frozenset(new for new in _TCVN3_MARKED.values() if new.islower())

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_BASES = {"ô": "o" + _HORN, "ö": "u" + _HORN, "Ô": "O" + _HORN, "Ö": "U" + _HORN}
_VNI_SINGLE = {"ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_SINGLE |= {old.upper(): new.upper() for old, new in _VNI_SINGLE.items()}
_VNI_MARK_CHARS = "".join(_VNI_MARKS)
_VNI_PAIR = re.compile(
    rf"([aeouyAEOUYôöÔÖ])([{_VNI_MARK_CHARS}{_VNI_MARK_CHARS.upper()}])|([{''.join(_VNI_BASES)}{''.join(_VNI_SINGLE)}])"
)

_ONSETS = frozenset(
    [
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "gh",
        "gi",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "ngh",
        "nh",
        "p",
        "ph",
        "q",
        "qu",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ]
) | {""}
_RHYMES = frozenset(
    [
        "a",
        "ac",
        "ach",
        "ai",
        "am",
        "an",
        "ang",
        "anh",
        "ao",
        "ap",
        "at",
        "au",
        "ay",
        "ăc",
        "ăm",
        "ăn",
        "ăng",
        "ăp",
        "ăt",
        "âc",
        "âm",
        "ân",
        "âng",
        "âp",
        "ât",
        "âu",
        "ây",
        "e",
        "ec",
        "em",
        "en",
        "eng",
        "eo",
        "ep",
        "et",
        "ê",
        "êch",
        "êm",
        "ên",
        "ênh",
        "êp",
        "êt",
        "êu",
        "i",
        "ia",
        "ich",
        "iêc",
        "iêm",
        "iên",
        "iêng",
        "iêp",
        "iêt",
        "iêu",
        "im",
        "in",
        "inh",
        "ip",
        "it",
        "iu",
        "o",
        "oa",
        "oac",
        "oach",
        "oai",
        "oam",
        "oan",
        "oang",
        "oanh",
        "oao",
        "oap",
        "oat",
        "oay",
        "oăc",
        "oăm",
        "oăn",
        "oăng",
        "oăt",
        "oe",
        "oen",
        "oeo",
        "oet",
        "oi",
        "oc",
        "om",
        "on",
        "ong",
        "ooc",
        "oong",
        "op",
        "ot",
        "ô",
        "ôc",
        "ôi",
        "ôm",
        "ôn",
        "ông",
        "ôp",
        "ôt",
        "ơ",
        "ơi",
        "ơm",
        "ơn",
        "ơp",
        "ơt",
        "u",
        "ua",
        "uân",
        "uâng",
        "uât",
        "uây",
        "uc",
        "uê",
        "uêch",
        "uênh",
        "ui",
        "um",
        "un",
        "ung",
        "uôc",
        "uôi",
        "uôm",
        "uôn",
        "uông",
        "uôt",
        "uơ",
        "up",
        "ut",
        "uy",
        "uya",
        "uych",
        "uyên",
        "uyêt",
        "uynh",
        "uyt",
        "uyn",
        "uyp",
        "uyu",
        "ư",
        "ưa",
        "ưc",
        "ưi",
        "ưng",
        "ươc",
        "ươi",
        "ươm",
        "ươn",
        "ương",
        "ươp",
        "ươt",
        "ươu",
        "ưt",
        "ưu",
        "ưm",
        "y",
        "yêm",
        "yên",
        "yêng",
        "yêt",
        "yêu",
        "iêng",
        "iên",
    ]
)
_TONE_MARKS = frozenset((_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT))
_STOPPED = ("c", "ch", "p", "t")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0080-\u00bf×÷\u0300-\u036f]+[^\W\d_]*)*|[\u00a1-\u00bf×÷]+[^\W\d_]*", re.UNICODE)
_BEYOND_LATIN1_LETTER = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u0300-\u036f\u1ea0-\u1ef9]")
_PUNCTUATION = {ord(c): " " for c in "“”‘’–—…\u00a0•"}


_BEFORE_FRONT_VOWEL = frozenset(("k", "gh", "ngh"))  # written so before e, ê, i, y; elsewhere c, g, ng
_BEFORE_BACK_VOWEL = frozenset(("c", "g", "ng"))
_BEFORE_Y = frozenset(("", "h", "k", "l", "m", "s", "t", "v", "qu"))


def _spelled(onset: str, rhyme: str) -> bool:
    if rhyme not in _RHYMES:
        return onset == "gi" and rhyme in ("", "n", "êng")
    if onset == "q":
        return rhyme[0] == "u"
    front = rhyme[0] in "eêiy"
    if (onset in _BEFORE_FRONT_VOWEL and not front) or (onset in _BEFORE_BACK_VOWEL and front):
        return onset == "g" and rhyme[0] == "i"
    return rhyme[0] != "y" or onset in _BEFORE_Y


@lru_cache(maxsize=32768)
def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable: known onset and rhyme, at most one tone, on a vowel, and a possible one."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in _TONE_MARKS]
    if len(tones) > 1 or re.search(f"[^aeiouy{_CIRCUMFLEX}{_BREVE}{_HORN}][{''.join(_TONE_MARKS)}]", decomposed):
        return False
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONE_MARKS))
    for cut in range(min(3, len(toneless)) + 1):
        onset, rhyme = toneless[:cut], toneless[cut:]
        sung = not rhyme.endswith(_STOPPED) or (tones and tones[0] in (_ACUTE, _DOT))
        if sung and onset in _ONSETS and _spelled(onset, rhyme):
            return True
    return False


def from_tcvn3(text: str) -> str:
    """TCVN3 to Unicode. A word set in a capitals font comes with small marked letters (`§¶NG ñY`): made capitals again."""
    return _mend_capitals(text.translate(_TCVN3))


def _mend_capitals(text: str) -> str:
    def mend(match: re.Match[str]) -> str:
        word = match[0]
        small = [c for c in word if c.islower()]
        lost = small and all(c in _TCVN3_SMALL for c in small)
        return word.upper() if lost and any(c.isupper() for c in word[1:]) else word

    mended = re.sub(r"[^\W\d_]+", mend, text)
    letters = [c for c in mended if c.isalpha()]
    plain = [c for c in letters if c not in _TCVN3_SMALL]
    if len(plain) > 1 and all(c.isupper() for c in plain):
        return mended.upper()
    first = mended[:1]
    return first.upper() + mended[1:] if first in _TCVN3_SMALL else mended


def from_vni(text: str) -> str:
    """VNI-Windows to Unicode (NFC)."""

    def decode(match: re.Match[str]) -> str:
        base, mark, single = match.groups()
        if single:
            return _VNI_SINGLE.get(single) or _VNI_BASES[single]
        return _VNI_BASES.get(base, base) + _VNI_MARKS[mark.lower()]

    return unicodedata.normalize("NFC", _VNI_PAIR.sub(decode, text))


_DECODERS = {UNICODE: lambda text: text, TCVN3: from_tcvn3, VNI: from_vni}


def decoded(text: str, encoding: str) -> str:
    """The text as it reads in a sheet that is known to be in `encoding`; words that no old font can hold stay."""
    return text if text.isascii() or _BEYOND_LATIN1_LETTER.search(text) else _DECODERS[encoding](text)


def plausibility(decoded: str) -> int:
    """Possible syllables less impossible ones, over the words that carry more than ASCII; stray signs count against."""
    score = 0
    for word in _WORD.findall(unicodedata.normalize("NFC", decoded).translate(_PUNCTUATION)):
        if not word.isascii():
            score += 1 if is_syllable(word) else -1
    return score - sum(1 for c in decoded if "\u00a1" <= c <= "\u00bf" or c in "×÷\u00ad")


@lru_cache(maxsize=65536)
def _verdict(text: str) -> tuple[str, bool]:
    """(the best encoding, whether another one explains the text just as well)."""
    if text.isascii() or _BEYOND_LATIN1_LETTER.search(text):
        return UNICODE, text.isascii()
    scores = {name: plausibility(decode(text)) for name, decode in _DECODERS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best, sum(score == scores[best] for score in scores.values()) > 1


def surely_unicode(text: str) -> bool:
    """Whether a text has a letter that no old font could hold."""
    return _BEYOND_LATIN1_LETTER.search(text) is not None


def is_in_old_font(text: str) -> bool:
    """Whether a text can only be one of the old encodings."""
    if text.isascii() or _BEYOND_LATIN1_LETTER.search(text):
        return False
    encoding, doubtful = _verdict(text)
    return encoding != UNICODE and not doubtful


def majority(texts: Iterable[str], otherwise: str = UNICODE) -> str:
    """The encoding of most cells that leave no doubt; `otherwise` when none speaks."""
    votes: Counter[str] = Counter()
    for text in texts:
        encoding, doubtful = _verdict(text)
        if not doubtful:
            votes[encoding] += max(1, len(text) // 8)
    return votes.most_common(1)[0][0] if votes else otherwise


def to_unicode(text: str, usual: str = UNICODE) -> tuple[str, str]:
    """(text in Unicode, its encoding); where the text alone leaves a doubt, `usual` (the sheet's majority) decides."""
    if text.isascii() or _BEYOND_LATIN1_LETTER.search(text):
        return text, UNICODE  # before the memory of verdicts, which long unique texts would fill
    encoding, doubtful = _verdict(text)
    if doubtful:
        encoding = usual
    return (text, UNICODE) if encoding == UNICODE else (_DECODERS[encoding](text), encoding)
