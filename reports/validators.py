"""What an officer types into a report: words, never figures."""

import re
from collections.abc import Iterable, Mapping

from common.exceptions import DomainError

BRACE = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"(?<!\w)\d+(?:[./]\d+)*(?!\w)")
LIMIT = 8000


class TextRefused(DomainError):
    """The text cannot stand; the message says where."""


def check_text(text: str, first: str, known: Iterable[str], called: Mapping[str, str] | None = None) -> None:
    """Raises TextRefused: a brace that names nothing, a figure typed by hand where the portal counts one, a text too long.

    `first` is the first wording: its own numbers (days, years) may stay; where it is empty an officer may quote what he will.
    `called` says what the figure is called that reads as that number now.
    """
    if len(text) > LIMIT:
        raise TextRefused(f"Dài {len(text)} ký tự, nhiều nhất {LIMIT}.")
    names = set(known)
    for match in BRACE.finditer(text):
        if match[1] not in names:
            raise TextRefused(f"“{match[0]}” không phải số liệu nào của báo cáo. Dùng các tên ghi ở dưới ô, hoặc bỏ dấu ngoặc.")
    bare = BRACE.sub("", text)
    if "{" in bare or "}" in bare:
        raise TextRefused("Thừa hoặc thiếu một dấu ngoặc { }. Mỗi số liệu nằm trong một cặp ngoặc.")
    if first:
        allowed = set(NUMBER.findall(BRACE.sub("", first)))
        typed = [number for number in NUMBER.findall(bare) if number not in allowed]
        if typed:
            name = (called or {}).get(typed[0])
            which = f"số liệu “{name}”" if name else "một số liệu"
            raise TextRefused(
                f"Số “{typed[0]}” gõ tay trong phần cổng đếm. Xin xóa rồi chọn {which} ở dưới ô để cổng điền; số trích từ giấy tờ ghi ở phần đánh giá."
            )
