"""Numbers as Vietnamese offices type them: 1.234,5. A point groups thousands, a comma begins the fraction."""

import re
from decimal import Decimal

_WHOLE = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+")
_NUMBER = re.compile(rf"({_WHOLE.pattern})(?:,(\d+))?")


def read_number(text: str) -> Decimal | None:
    """1.500 -> 1500; 1,5 -> 1.5; 12 600 -> 12600. None for what is no such number: 1.5, 1,500 and 1,500.2 say two things at once."""
    match = _NUMBER.fullmatch(text.strip().replace("\u00a0", " "))
    if not match or len(match[2] or "") == 3:
        return None
    whole = match[1].replace(".", "").replace(" ", "")
    return Decimal(f"{whole}.{match[2]}" if match[2] else whole)


def write_number(value: Decimal | float | None) -> str:
    """1234.5 -> '1.234,5': as Vietnam writes numbers; nothing for None. Not for years."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        value = value.normalize()
    whole, _, part = f"{value:,f}".partition(".") if isinstance(value, Decimal | float) else (f"{value:,}", "", "")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")
