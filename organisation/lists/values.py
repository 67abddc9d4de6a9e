"""What a line of a list of units says by itself: its level, days and numbers, with every flaw in words. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from common.dates import no_such_day, read_day, write_day
from common.text import compare_key
from organisation.lists.known import KnownLevel, KnownVersion, PlannedLine

LONGEST = {"name": ("Tên đơn vị", 200), "place": ("Địa bàn", 200), "official_code": ("Mã hành chính", 10)}
DAYS = {"valid_from": "Từ ngày", "valid_to": "Đến trước ngày"}
NUMBERS = {"lat": ("Vĩ độ", 90), "lon": ("Kinh độ", 180)}


def read_values(one: PlannedLine, levels: Sequence[KnownLevel]) -> None:
    """Set what the line says, or refuse it with all that is wrong in it."""
    texts = one.line.texts
    level = _level(texts.get("kind", ""), levels)
    days = {name: read_day(texts[name]) if texts.get(name) else None for name in DAYS}
    numbers = {name: _number(texts.get(name, "")) for name in NUMBERS}
    flaws = [*_flaws_of_text(texts), *_flaws_of_days(texts, days), *_flaws_of_numbers(texts, numbers)]
    if level is None:
        flaws.append(f"Không có cấp “{texts['kind']}”." if texts.get("kind") else "Chưa ghi cấp.")
    if flaws or level is None:
        one.refuse(*flaws)
        return
    one.level_name = level.name
    one.read = KnownVersion(
        key="",
        name=texts["name"],
        place=texts.get("place", ""),
        level=level.key,
        parent="",
        official_code=texts.get("official_code", ""),
        lat=numbers["lat"],
        lon=numbers["lon"],
        valid_from=days["valid_from"],
        valid_to=days["valid_to"],
    )


def _level(text: str, levels: Sequence[KnownLevel]) -> KnownLevel | None:
    """The level of that key, else the one that is called so; none where several are."""
    by_key = [level for level in levels if text.lower() == level.key]
    found = by_key or [level for level in levels if compare_key(text) in level.words]
    return found[0] if len(found) == 1 else None


def _flaws_of_text(texts: dict[str, str]) -> list[str]:
    flaws = [] if texts.get("name") else ["Chưa ghi tên đơn vị."]
    return flaws + [
        f"{label}: dài quá {most} ký tự." for name, (label, most) in LONGEST.items() if len(texts.get(name, "")) > most
    ]


def _flaws_of_days(texts: dict[str, str], days: dict[str, date | None]) -> list[str]:
    flaws = [
        no_such_day(texts[name], label=label)
        for name, label in DAYS.items()
        if texts.get(name) and days[name] is None
    ]
    begins, ends = days["valid_from"], days["valid_to"]
    if begins and ends and ends <= begins:
        flaws.append(f"Kết thúc {write_day(ends)} không sau ngày bắt đầu {write_day(begins)}.")
    return flaws


def _flaws_of_numbers(texts: dict[str, str], numbers: dict[str, Decimal | None]) -> list[str]:
    return [
        f"{label}: “{texts[name]}” không phải tọa độ; viết như 10,93."
        for name, (label, most) in NUMBERS.items()
        if texts.get(name) and ((number := numbers[name]) is None or abs(number) > most)
    ]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".")) if text else None
        return number.quantize(Decimal("0.000001")) if number is not None else None
    except InvalidOperation:  # also for what is no finite number, or has too many digits
        return None
