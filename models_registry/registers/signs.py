"""Signs behind titles that a note explains: 'Tuyến đường hoa (*)', '(*) Mô hình duy trì từ năm trước'."""

import re
from dataclasses import dataclass

_BEHIND = re.compile(r"^(.{3,}?)\s*(?:\(([*†#]{1,3})\)|([*†#]{1,3}))\s*\.?$")


@dataclass(frozen=True)
class Signs:
    """What signs mean behind a title, and what a title without one is: the other one of a list of two, if but one has a sign."""

    meanings: dict[str, str]
    otherwise: str = ""

    def part(self, title: str) -> tuple[str, str]:
        """'Tuyến đường hoa (*)' -> ('Tuyến đường hoa', 'duy trì')."""
        found = _BEHIND.match(title)
        meaning = self.meanings.get(found[2] or found[3], "") if found else ""
        return (found[1], meaning) if found and meaning else (title, "")


def is_sign(text: str) -> bool:
    return bool(text) and not text.strip("*†#")


def signs_in(titles: list[str]) -> set[str]:
    """The signs behind some of the titles; one behind each of them tells none from the others."""
    found = [match[2] or match[3] for title in titles if (match := _BEHIND.match(title))]
    return {sign for sign in found if found.count(sign) < len(titles)}
