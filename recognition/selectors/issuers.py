"""Who issued a decision: read from the whole symbol of its number."""

from datetime import date

from organisation.models import UnitVersion
from organisation.naming import board_symbols, committee_symbols
from papers.models import Letterhead
from papers.selectors import letterheads_on


def issuer_named(number: str, body: UnitVersion, day: date) -> str:
    """The name of the body that has the symbol behind the stroke: one with a letterhead of the unit, its advising board, the
    committee itself. A symbol of the province that nobody wrote down is told as it stands.
    """
    symbol = number.rpartition("/")[2].strip().upper()
    head = next((head for head in letterheads_on(body.unit, day) if head.suffix.upper() == symbol), None)
    if head and head.valid_from <= day:
        return name_with_committee(head, body)
    for board in board_symbols(day):
        if symbol.startswith(board.prefix.upper()):
            return f"{board.board} {body.name}"
    of_committee = {known.upper() for known in committee_symbols()}
    if "/" in number and of_committee and body.level.gathers_registers and symbol not in of_committee:
        return f"Cơ quan có ký hiệu {symbol}, {body.name}"
    return body.name


def name_with_committee(head: Letterhead, body: UnitVersion) -> str:
    """The body that signs, with the committee behind it where it is that committee's own board."""
    return f"{head.body_name} {body.name}" if head.superior_name == body.name else head.body_name
