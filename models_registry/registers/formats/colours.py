"""Colours of cells, however a format tells them: three parts in hexadecimal, without white, which is none."""

import re
from itertools import chain

from PIL import ImageColor

WHITE = "FFFFFF"
_PARTS = re.compile(
    r"#?([0-9a-f]{6})\b|#([0-9a-f]{3})\b|rgba?\(\s*(\d{1,3})\D+(\d{1,3})\D+(\d{1,3})|([a-z]{3,12})\b", re.IGNORECASE
)
_OF_EXCEL = (  # [MS-XLS] 2.5.161, numbers 8 to 63; 0 to 7 are the same as 8 to 15
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080",
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF",
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696",
    "003366 339966 003300 333300 993300 993366 333399 333333",
)
PALETTE = [*_OF_EXCEL[0].split()[:8], *chain.from_iterable(row.split() for row in _OF_EXCEL)]


def colour_in(text: str) -> str:
    """The colour that a page or a style tells first: 'yellow', '#ffff00', 'rgb(255, 255, 0)' -> 'FFFF00'; empty for none."""
    found = _PARTS.match(text.strip())
    if found is None:
        return ""
    whole, short, red, green, blue, name = found.groups()
    if short:
        whole = "".join(digit * 2 for digit in short)
    elif red:
        whole = "".join(f"{min(int(part), 255):02X}" for part in (red, green, blue))
    elif name:
        whole = _named(name)
    return "" if whole.upper() == WHITE else whole.upper()


def _named(name: str) -> str:
    """The colour that web pages call so; empty for 'none', 'transparent' and the like."""
    try:
        red, green, blue = ImageColor.getrgb(name)[:3]
    except ValueError:
        return ""
    return f"{red:02X}{green:02X}{blue:02X}"


def of_palette(number: int, palette: list[str] = PALETTE) -> str:
    """The colour of a number in a workbook's palette; empty for what the system gives, and for white."""
    colour = palette[number] if number < len(palette) else ""
    return "" if colour == WHITE else colour
