"""A paper out of a form, a letterhead and values: Word in the layout of its day, by the office's own file where it has one."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from common.documents import Line
from organisation.models import Unit
from papers.enums import Layout, Spelling, Symbol
from papers.kinds import PaperForm
from papers.models import Letterhead
from papers.selectors import template_of
from papers.word.filling import fill
from papers.word.layouts import build, profile_on
from papers.word.templates import fill_own


def number_text(letterhead: Letterhead, symbol: str, number: int | None) -> str:
    """'05-QĐ/BDVTU', the State's '05/QĐ-UBND': two digits under ten; dots where there is no number yet."""
    written = f"{number:02d}" if number else "......"
    if letterhead.layout == Layout.STATE:
        return f"{written}/{symbol}-{letterhead.suffix}"
    return f"{written}-{symbol}/{letterhead.suffix}"


def place_and_day(letterhead: Letterhead, day: date | None) -> str:
    """'Địa danh, ngày 08 tháng 11 năm 2023': days and months under ten with a zero, months 1 and 2 alone in the State's."""
    if day is None:
        return f"{letterhead.place}, ngày ...... tháng ...... năm ......"
    month = f"{day.month:02d}" if letterhead.layout == Layout.PARTY or day.month < 3 else f"{day.month}"
    return f"{letterhead.place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def _recipients(letterhead: Letterhead, symbol: str) -> list[str]:
    """Who gets the paper; "Như Điều 3" only on what has articles."""
    lines = [line.strip(" -;.") for line in letterhead.recipients.splitlines()]
    return [line for line in lines if line and (symbol == Symbol.DECISION or not line.startswith("Như Điều"))]


def head_values(letterhead: Letterhead, symbol: str, number: int | None, day: date | None) -> dict[str, Any]:
    colon = ":" if letterhead.layout == Layout.STATE else ""
    return {
        "co_quan_cap_tren": letterhead.superior_name.upper(),
        "co_quan": letterhead.body_name.upper(),
        "so_ky_hieu": f"Số{colon} {number_text(letterhead, symbol, number)}" if symbol else "",
        "dia_danh_ngay": place_and_day(letterhead, day),
        "quyen_han": letterhead.authority,
        "chuc_vu_ky": letterhead.signer_title,
        "nguoi_ky": letterhead.signer_name,
        "noi_nhan": [{"ten": line} for line in _recipients(letterhead, symbol)],
    }


def list_lines(letterhead: Letterhead, day: date) -> tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...]]:
    """(left, right, signature) of a list that goes out under a letterhead: without a number of its own, day and place left open."""
    values, profile = head_values(letterhead, "", None, None), profile_on(letterhead.layout, day)
    left = [Line(values["co_quan_cap_tren"])] if values["co_quan_cap_tren"] else []
    left += [Line(values["co_quan"], is_bold=True), Line("*" if profile.has_star else "_______")]
    right = [Line(words, is_bold=True, is_underlined=profile.has_star) for words in profile.nation]
    right += [Line(""), Line(values["dia_danh_ngay"], is_italic=True)]
    signed = [Line(words, is_bold=True) for words in (values["quyen_han"], values["chuc_vu_ky"]) if words]
    signed += [*[Line("")] * 4, Line(values["nguoi_ky"], is_bold=True)]
    return tuple(left), tuple(right), tuple(signed)


_OLD, _NEW = re.compile(r"(?<!\w)([Uu])([ỷỶ])(?!\w)"), re.compile(r"(?<!\w)([Ủủ])([yY])(?!\w)")
_TONES = str.maketrans("UuỷỶỦủyY", "ỦủyYUuỷỶ")


def spelled(value: Any, spelling: str) -> Any:
    """The syllable “ủy” of tỉnh ủy, cấp ủy spelt the office's way, in lists and rows too; names like Thủy stay as they are."""
    if isinstance(value, str):
        pattern = _NEW if spelling == Spelling.UY_OLD else _OLD
        return pattern.sub(lambda found: found[0].translate(_TONES), value)
    if isinstance(value, Mapping):
        return {name: spelled(one, spelling) for name, one in value.items()}
    if isinstance(value, list):
        return [spelled(one, spelling) for one in value]
    return value


def filled_values(
    form: PaperForm, values: Mapping[str, Any], *, letterhead: Letterhead, day: date | None, number: int | None
) -> dict[str, Any]:
    """The head of the paper and its values, spelt the office's way: what its Word file is filled with."""
    found: dict[str, Any] = spelled(head_values(letterhead, form.symbol or "", number, day) | dict(values), letterhead.spelling)
    return found


def write_paper(
    form: PaperForm,
    values: Mapping[str, Any],
    *,
    letterhead: Letterhead,
    day: date | None,
    number: int | None = None,
    on: date,
    unit: Unit,
) -> bytes:
    """The paper as Word. `day` is its date, None while it has none yet; `on` the day whose layout it has."""
    filled = filled_values(form, values, letterhead=letterhead, day=day, number=number)
    own = template_of(unit, form.slug)
    if own:
        with own.file.open("rb") as template:
            return fill_own(template, filled)
    return fill(build(form, profile_on(letterhead.layout, on)), filled)
