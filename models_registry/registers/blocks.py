"""Tables below one another in one paper, each under a title of its own: what the title says of place, hamlet and day is of that table alone."""

import re
from collections.abc import Iterable

from common.text import clean, compare_key
from models_registry.enums import SubjectKind
from models_registry.registers.doers import is_doer, kind_of_doer
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.no_rows import SIGNATURE
from models_registry.registers.vocabulary import NOWHERE, Place, PlaceBook, bare_section, heads_kind, place_key, without_numbering
from organisation.models import PLACE_KINDS

LONGEST = 120  # letters of a line that names whose table follows
_NAMED = r"thôn|khu phố|kp\.?|ấp|buôn|bon|tổ dân phố|tdp\.?|xóm|khu dân cư"
_HAMLET = re.compile(rf"^(?:{_NAMED})\s+\S", re.IGNORECASE)
_LABEL = re.compile(rf"^({_NAMED})\s*:\s*", re.IGNORECASE)  # "Thôn: Đồi Cao"
_OF_BODY = re.compile(rf"\b({_NAMED}|bản|làng)\s+(\S[^,;:(*]*?)\s*(?:$|[,;:(*]|\s[-–]\s|\s(?:{PLACE_KINDS})\s)", re.IGNORECASE)
_OTHER_WORDS = re.compile(r"^(dang ki|tong hop|ke|danh sach|mo hinh|cam ket|khai|bao cao)\b")  # "BẢN ĐĂNG KÝ"
_DAY = re.compile(r"\bngay \d{1,2} (?:thang )?\d")
_DAY_BEHIND = re.compile(r"^(.+?)\s*(?:[(;:]|\s[-–]\s|,?\s+đăng ký\b).*\bngày\b", re.IGNORECASE)
_YEARS = re.compile(r"\bnam (20\d\d)\b")
_CARRIED_ON = re.compile(r"\b(duy tri|nhan rong|tiep tuc|tu nam|chuyen|cu|can cu|kem theo|theo)\b")
_COUNTED = re.compile(r"^(.+?)\s*[:(–-]\s*(?:có )?\d{1,4}\s*(?:mô hình|mh|đăng ký)\b.*$", re.IGNORECASE)
_LONGEST_DOER = 80  # letters; a sentence that begins with a body is longer
_NUMERAL = re.compile(r"[IVX]+|\w?\d+\w?", re.IGNORECASE)


def title_of_block(lines: list[str], places: PlaceBook, *, or_body: bool = False) -> int | None:
    """Which of the lines above a table begins its own title: the first behind who signed the table before that names a place below
    the unit, a hamlet, or (`or_body`) any body; None where none does.
    """
    signed = max((n for n, line in enumerate(lines) if _signs(line)), default=-1)
    behind = [(n, line) for n, line in enumerate(lines) if n > signed]
    found = next((n for n, line in behind if place_of_block(line, places) is not NOWHERE or hamlet_of_block(line)), None)
    if found is None and or_body:
        found = next((n for n, line in behind if _names_body(line)), None)
    return found


def _names_body(line: str) -> bool:
    """'CHI BỘ TRƯỜNG HỌC', '3. Hội Liên hiệp Phụ nữ xã: 03 mô hình'."""
    is_title = line.isupper() or without_numbering(line) != line
    return is_title and kind_of_doer(bare_section(line)[0]) == SubjectKind.COLLECTIVE


def _signs(line: str) -> bool:
    words = compare_key(line)
    return bool(SIGNATURE.match(words)) and not _DAY.search(words)


def _without_day(line: str) -> str:
    """'CHI BỘ THÔN 3 (đăng ký ngày 5/3/2024)' -> 'CHI BỘ THÔN 3'; nothing of a letterhead or of who is told of it."""
    words = clean(line)
    if not _DAY.search(compare_key(words)):
        return "" if words.startswith(("-", "–", "+")) else words
    found = _DAY_BEHIND.match(words)
    return found[1] if found else ""


def place_of_block(line: str, places: PlaceBook) -> Place:
    """The place below the unit that a title names: 'ĐẢNG ỦY XÃ ĐỒI CAO', '1. Xã Đồi Cao'; NOWHERE where it names none."""
    words, _ = bare_section(_without_day(line))
    if not words or len(words) > LONGEST:
        return NOWHERE
    is_named = places.is_name(place_key(words)) or kind_of_doer(words) == SubjectKind.COLLECTIVE
    return places.of_doer(words) if is_named else NOWHERE


def doer_of_block(line: str) -> str:
    """Who does what stands below: '3. Hội Liên hiệp Phụ nữ xã: 03 mô hình' -> 'Hội Liên hiệp Phụ nữ xã'; empty for words that name
    nobody, and for who signs.
    """
    words = _without_day(line)
    words = without_numbering(counted[1] if (counted := _COUNTED.match(words)) else words).strip(" :.-")
    if not words or len(words) > _LONGEST_DOER or line.rstrip().endswith(":") or SIGNATURE.match(compare_key(words)):
        return ""
    return words if is_doer(words) else ""


def is_counted_block(line: str) -> bool:
    """Whether a line is one of several that are numbered or say how many models stand below."""
    return without_numbering(line) != line or _COUNTED.match(line) is not None


def heads_block(line: str) -> bool:
    """Whether a line looks as those do that stand above what they speak of, not as more words of a name."""
    return is_counted_block(line) or line.isupper() or bool(hamlet_of_block(line) or doer_of_block(line))


def other_year(lines: Iterable[str], season: set[int]) -> int:
    """The year before the season whose models a table's title says that it has: 'KẾT QUẢ NĂM 2023'; 0 where the nearest line that
    names a year names the season's, or from when on models are carried on.
    """
    for line in reversed(list(lines)):
        words = compare_key(line)
        if _DAY.search(words) or not (years := {int(year) for year in _YEARS.findall(words)}):
            continue
        return 0 if years & season or max(years) > max(season) or heads_kind(words) or _CARRIED_ON.search(words) else max(years)
    return 0


def names_year(lines: Iterable[str]) -> bool:
    """Whether a title names a year; the year of a day is none."""
    return any(_YEARS.search(words) and not _DAY.search(words) for words in map(compare_key, lines))


def hamlet_of_block(line: str) -> str:
    """'CHI BỘ THÔN ĐỒI CAO' -> 'Thôn Đồi Cao'; empty where neither a hamlet nor a body of one is named."""
    words = _LABEL.sub(r"\1 ", without_numbering(_without_day(line)))
    if not words or len(words) > LONGEST or SIGNATURE.match(compare_key(words)):
        return ""
    found = _OF_BODY.search(words)
    if not found or not (_HAMLET.match(words) or kind_of_doer(words) == SubjectKind.COLLECTIVE):
        return ""
    name = found[2]
    if not all(word[0].isupper() or word[0].isdigit() for word in name.split()):  # "Thôn không rác" is a model
        return ""
    if _OTHER_WORDS.match(compare_key(name)):
        return ""
    name = " ".join(map(_spelled, name.split())) if name.isupper() else name
    return hamlet_in(f"{found[1]} {name}")


def _spelled(word: str) -> str:
    """'N'ĐƠR' -> 'N'Đơr'; numerals as they stand."""
    return word if _NUMERAL.fullmatch(word) else re.sub(r"\w+", lambda piece: piece[0].capitalize(), word)
