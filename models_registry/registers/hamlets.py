"""Hamlets: places within a commune, as registers, headings and searches name them."""

import re

from common.text import clean, compare_key, spell_hamlets

_KINDS = {"khu pho": "Khu phố", "to dan pho": "Tổ dân phố"}
_WORDS = re.compile(
    r"^\s*(thôn|khu phố|k\.?\s?p(?:hố)?\.?|ấp|bản|buôn|bon|tổ dân phố|tổ d\.?\s?p(?:hố)?\.?|t\.?\s?d\.?\s?p\.?|tổ|xóm|khu dân cư|khu vực|làng)"
    r"(?![^\W\d])\s*(.+?)\s*$",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{1,3}(?:\s?[A-ZĐ])?|[A-ZĐ]\d{0,2}|[IVX]{1,5}", re.IGNORECASE)


_ABOUT = re.compile(
    r"^(?:tên\s+|(?:mô hình\s+)?(?:(?:làm|đặt|thực hiện|triển khai|xây dựng)\s+)?(?:ở|tại|thuộc)\s+)|\s+nào$", re.IGNORECASE
)  # around the word in a heading


def hamlet_in(text: str) -> str:
    """'thôn  3 (xã Hàm Hiệp cũ)' -> 'Thôn 3', 'TDP 3/4' -> 'Tổ dân phố 3/4'; empty where no hamlet is named."""
    words = re.split(r"[,;(]|(?<!\d)/|/(?!\d)|\s[-–]\s", clean(text), maxsplit=1)[0]
    match = _WORDS.match(words)
    if not match:
        return ""
    spelled = spell_hamlets(compare_key(f"{match[1]} 1")).removesuffix(" 1")
    kind = _KINDS.get(spelled, match[1].capitalize())
    return f"{kind} {match[2]}"[:100]


def hamlet_number(hamlet: str) -> str:
    """'Khu phố 3' -> '3'; empty for hamlets with a name."""
    found = _WORDS.match(hamlet)
    return found[2] if found and _BARE.fullmatch(found[2]) else ""


def hamlet_spellings(name: str) -> set[str]:
    """What a hamlet that is asked for may be stored as: 'TDP 2' -> 'TDP 2', 'Tổ dân phố 2'."""
    return {name, hamlet_in(name) or name}


def hamlet_headed(label: str) -> str:
    """The one kind of hamlet that a heading names: 'Tên khu phố' -> 'khu phố'; empty for several: 'Thôn/TDP'."""
    words = _ABOUT.sub("", clean(label).strip(" :.?"))
    found = _WORDS.match(f"{words} 1")
    return words if found and found[2] == "1" else ""


def hamlet_of(kind: str, text: str) -> str:
    """A bare number or letter below such a heading with its kind: 'Khu phố', '3' -> 'Khu phố 3'; other words as they are."""
    return f"{kind} {text}" if _BARE.fullmatch(text) else text
