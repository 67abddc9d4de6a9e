"""Reminders by an officer's hand: who is waited for, and the words as each gets them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from common.addresses import PageLink, absolute
from common.dates import VIETNAM, today, write_day
from common.exceptions import DomainError
from common.text import clean_lines
from organisation.models import User


@dataclass(frozen=True)
class Waiting:
    """One unit or person and what is not done yet."""

    key: str
    """“dv-12” for a unit, “tv-5” for a member; '' for who cannot be reminded from here."""
    name: str
    what: str
    number: int
    since: date | None = None
    until: date | None = None
    people: list[User] = field(default_factory=list)
    reminded: datetime | None = None
    href: PageLink | None = None
    """Where they go on."""
    see: PageLink | None = None
    """Where who reminds them looks at it."""

    @property
    def seen(self) -> datetime | None:
        """When one of them last logged in."""
        return max((one.last_login for one in self.people if one.last_login), default=None)

    @property
    def is_reminded_today(self) -> bool:
        return self.reminded is not None and timezone.localtime(self.reminded, VIETNAM).date() == today()


PLACES = ("{nơi nhận}", "{việc}", "{n}", "{hạn}", "{liên kết}")
WORDS_LIMIT = 2000
READ_THROUGH = 10
"""As many reminders stand open before they go; the others, of the same words, are folded."""


def words_for(words: str, one: Waiting) -> str:
    """A reminder as one unit or member gets it."""
    until = write_day(one.until) if one.until else ""
    filled = (one.name, one.what, str(one.number), until, absolute(one.href or ""))
    for place, text in zip(PLACES, filled, strict=True):
        words = words.replace(place, text)
    return words


def check_words(words: str) -> str:
    """The words as they may go out. Raises DomainError."""
    said = clean_lines(words)
    if not said:
        raise DomainError("Xin ghi lời nhắc.", field="words")
    if len(said) > WORDS_LIMIT:
        raise DomainError(f"Lời nhắc dài quá {WORDS_LIMIT} ký tự.", field="words")
    unknown = [place for place in re.findall(r"\{[^{}]*\}", said) if place not in PLACES]
    if unknown:
        raise DomainError(f"Cổng không biết điền gì vào {unknown[0]}; dùng được {', '.join(PLACES)}.", field="words")
    return said


def laid_out(lines: Sequence[Waiting], keys: Collection[str], words: str, *, is_looked_at: bool) -> dict[str, Any]:
    """What the page shows: whom a message reaches and whom none does, the chosen ones, what each of them will read."""
    marked, chosen = [(one, one.key in keys) for one in lines], [one for one in lines if one.key in keys]
    previews = [(one, words_for(words, one)) for one in chosen] if is_looked_at else []
    reached = sum(bool(one.people) for one in chosen)
    return {
        "lines": marked,
        "on_portal": [(one, is_chosen) for one, is_chosen in marked if one.people],
        "elsewhere": [(one, is_chosen) for one, is_chosen in marked if not one.people],
        "chosen": chosen,
        "reached": reached,
        "unreached": len(chosen) - reached,
        "previews": previews[:READ_THROUGH],
        "further": previews[READ_THROUGH:],
        "words": words,
    }


def check_chosen(lines: Sequence[Waiting], keys: Collection[str]) -> None:
    """Raises DomainError where nobody is chosen, or someone who was reminded today: a day has one message for each."""
    again = [one for one in lines if one.key in keys and one.is_reminded_today]
    if again:
        raise DomainError(f"Hôm nay đã nhắc {again[0].name}; mai nhắc lại được. Xin bỏ chọn.", field=again[0].key)
    if not any(one.key in keys for one in lines):
        first = sorted(lines, key=lambda one: not one.people)[:1]  # as they stand on the page
        raise DomainError("Chưa chọn ai để nhắc.", field=first[0].key if first else "")


def said_of(reached: Sequence[int], at: datetime) -> str:
    """What is said once they went: how many people each reached, and when."""
    there = sum(number > 0 for number in reached)
    said = [f"Đã nhắc {there} nơi lúc {timezone.localtime(at, VIETNAM):%H:%M}."] if there else []
    if left := len(reached) - there:
        said.append(f"{left} nơi chưa có ai nhận tin trên cổng: xin chép lời dưới đây gửi Zalo, thư.")
    return " ".join(said)
