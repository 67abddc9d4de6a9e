"""Years and times that say whether a model is new: the season's year or the first time, against earlier years and later times."""

import re
from collections.abc import Iterable
from dataclasses import replace

from common.text import compare_key
from models_registry.enums import Kind
from models_registry.registers.guessing import ENOUGH, ByValue, by_values
from models_registry.registers.headings import BY_HAND, Heading, Role
from models_registry.registers.layouts import Layout, Values

_TIMES = re.compile(r"\blần\b|năm thứ", re.IGNORECASE)
_NTH = re.compile(r"(?:đăng ký )?(?:năm|lần)(?: thứ)? (?:(\d{1,2})|đầu(?: tiên)?|nhất)", re.IGNORECASE)
_LONGEST_LIFE = 15  # years that a model may have been carried on
_SINCE = re.compile(
    r"(?:(?:bắt đầu|thực hiện|duy trì|triển khai|xây dựng) )*(?:từ )?(?:năm )?((?:19|20)\d\d)(?: ?(?:[-–]|đến) ?nay)?",
    re.IGNORECASE,
)
_OF_A_YEAR = {Role.MARK, Role.KIND, Role.REGISTERED_ON, Role.COUNT}  # what is another year's is not the season's
_YEAR = re.compile(r"(?:19|20)\d\d")


def take_years(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Years in which the models began: the season's is new, an earlier one is carried on."""
    season = known.window[1].year
    new, old = str(Kind.NEW.label), str(Kind.MAINTAINED.label)
    boxes = [column.index for column in layout.boxes if column.box == "schedule" and values.get(column.index)]
    for index in [*layout.free(values), *boxes]:
        times = {text: found for text in values[index] if (found := _nth_in(text, labels.get(index, "")))}
        if set(times) == set(values[index]) and min(times.values()) == 1 < max(times.values()) <= _LONGEST_LIFE:
            layout.words[Role.KIND] = {compare_key(text): new if nth == 1 else old for text, nth in times.items()}
            layout.at[Role.KIND] = index
            layout.guesses.append(by_values(index, labels.get(index, ""), Role.KIND, ENOUGH))
            return
        years = {text: int(since[1]) for text in values[index] if (since := _SINCE.fullmatch(text))}
        is_year = (
            set(years) == set(values[index]) and season - _LONGEST_LIFE <= min(years.values()) and max(years.values()) == season
        )
        if is_year and (index not in boxes or len(set(years.values())) > 1) and _speak_of_years(labels.get(index, ""), years):
            layout.words[Role.KIND] = {compare_key(text): new if year == season else old for text, year in years.items()}
            layout.at[Role.KIND] = index
            layout.guesses.append(by_values(index, labels.get(index, ""), Role.KIND, ENOUGH))
            return


def _speak_of_years(label: str, years: Iterable[str]) -> bool:
    return "năm" in label.casefold() or all(re.search("năm|từ", text, re.IGNORECASE) for text in years)


def of_season(heading: Heading, season: int) -> Heading:
    """The heading without what stands under other years than the season's, where one of its groups is that of the season."""
    groups = {at: {int(year) for year in _YEAR.findall(" ".join(said[:-1]))} for at, said in heading.levels.items()}
    titles = [column for column in heading.columns if column.role == Role.TITLE]
    if len(titles) > 1:  # last year's name beside this year's
        groups |= {column.index: {int(year) for year in _YEAR.findall(column.label)} for column in titles}
    own = {at for at, years in groups.items() if years == {season}}
    roles = {column.role for column in heading.columns if column.index in own} | _OF_A_YEAR
    known = {column.index: column for column in heading.columns}
    others = {
        at
        for at, years in groups.items()
        if own and years and season not in years and (at not in known or known[at].role in roles) and at not in heading.barred
    }
    others -= {column.index for column in heading.columns if column.how in BY_HAND}
    columns = [column for column in heading.columns if column.index not in others]
    return replace(heading, columns=columns, barred=heading.barred | others, other_years=frozenset(others)) if others else heading


def kind_by_year(label: str, season: int) -> Kind | None:
    years = {int(year) for year in _YEAR.findall(label)}
    if not years:
        return None
    return Kind.NEW if years == {season} else Kind.MAINTAINED if season not in years and max(years) < season else None


def _nth_in(text: str, label: str) -> int:
    """Which year or time of a model it is: 'Năm đầu' -> 1, 'Năm thứ 2' -> 2, '3' under 'Đăng ký lần'; 0 for other words."""
    if text.isdecimal() and _TIMES.search(label):
        return int(text[:4])
    found = _NTH.fullmatch(text.strip())
    return (int(found[1]) if found[1] else 1) if found else 0
