"""A model told in a sentence, as reports and minutes do: 'Mô hình “Tuyến đường hoa” do Hội Phụ nữ đăng ký tại xã X, là mô hình mới'."""

import re
from dataclasses import dataclass

from common.text import compare_key
from models_registry.registers.doers import kind_of_doer

_VERB = r"(?:thực hiện|đăng ký|chủ trì|xây dựng)"
_DOER_FIRST = re.compile(  # 'Hội Nông dân xã X: đăng ký mới mô hình “Tuyến đường hoa” (tập thể)'
    rf"^(?P<doer>[^:“\"]{{5,150}}?)\s*(?:[:,–-]\s*|\s(?=(?:đã |sẽ )?(?:{_VERB}|tiếp tục|duy trì)\b))"
    rf"(?:(?:đã|sẽ|với|tiếp tục|{_VERB})\s+)*(?P<kind>(?:mới|duy trì|nhân rộng)\s+)?(?:mô hình\s*)?(?P<behind>(?:mới|duy trì|nhân rộng)\s+)?"
    r"[“\"](?P<title>[^”\"]+)[”\"](?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_DOER_WITHIN = re.compile(  # each beginning is tried: a name may have the word within
    rf"(?=(?P<all>\s+do\s+(?P<doer>.{{3,200}}?)\s+{_VERB}\b))", re.IGNORECASE | re.DOTALL
)
_OF_DOER = re.compile(
    r"^(?P<name>.*[”\"])\s*,?\s*của\s+(?P<doer>[^;(:]{3,200}?)(?=\s*[;(]|,\s+(?:là|thuộc|hình thức|đăng ký|duy trì|mới)\b|\.?$)",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(r"^(?:mô hình\s*)?(?:[“\"](.+)[”\"]|(.+))\s*,?$", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"\s*[;,()]\s*|\s+(?=(?:tại|ở|thuộc|vào|từ(?!\s+năm)|ngày|là|theo)\s)", re.IGNORECASE)
_SAYING = re.compile(r"^(?:(?:và|nay|đây|cũng|được|là|có|thuộc|theo|với|hình thức|loại hình|đối tượng)\s+)+", re.IGNORECASE)
_MOVEMENT = "dan van kheo"
_NOTHING = re.compile(rf"^(?:{_VERB}|triển khai|năm \d{{4}})?[\s.]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    title: str
    subject: str
    kind: str
    facts: tuple[str, ...]
    """What else it says, thing by thing."""
    is_sure: bool
    """Whether its words alone make it one; else it is one where the facts are known."""


def sentence_in(text: str) -> Sentence | None:
    """What a sentence says of one model; None for other words, and for what speaks of the movement that all models are of."""
    found = _sentence_in(text)
    return found if found and compare_key(found.title) != _MOVEMENT else None


def _sentence_in(text: str) -> Sentence | None:
    if (found := _DOER_FIRST.match(text)) and kind_of_doer(found["doer"]):
        kind = (found["kind"] or found["behind"] or "").strip()
        return Sentence(found["title"].strip(), _begun(found["doer"]), kind, _facts(found["rest"]), is_sure=True)
    if within := _doer_within(text):
        name, doer, rest = text[: within.start()], within["doer"], text[within.end("all") :]
    elif (of := _OF_DOER.match(text)) and kind_of_doer(of["doer"]):
        name, doer, rest = of["name"], of["doer"], text[of.end() :]
    else:
        return None
    named = _NAME.match(name)
    title = (named[1] or named[2]).strip(" ,;–-") if named else ""
    return Sentence(title, _begun(doer), "", _facts(rest), is_sure=False) if title else None


def doer_within(text: str) -> tuple[str, str, str] | None:
    """(what stands before, who does it, what stands behind) of 'Tuyến đường hoa do bà Lê Thị Hoa, hội viên phụ nữ thực hiện'."""
    found = _doer_within(text)
    return (text[: found.start()], _begun(found["doer"]), text[found.end("all") :]) if found else None


def _doer_within(text: str) -> re.Match[str] | None:
    return next((it for it in _DOER_WITHIN.finditer(text) if kind_of_doer(it["doer"])), None)


def without_saying(fact: str) -> str:
    """'là mô hình mới' -> 'mô hình mới', 'hình thức tập thể' -> 'tập thể'."""
    return _SAYING.sub("", fact)


def _facts(text: str) -> tuple[str, ...]:
    return tuple(fact for piece in _BETWEEN.split(text) if not _NOTHING.match(fact := piece.strip(" .–-")))


def _begun(doer: str) -> str:
    """With a capital, as it stands in a cell of its own."""
    return doer.strip()[:1].upper() + doer.strip()[1:]
