"""The tally's table as columns, once for the page's Excel file and for reports."""

from collections.abc import Callable
from functools import partial

from common.exports import Column
from models_registry.enums import Verdict
from organisation.grouping import told_apart
from organisation.naming import head_level_on
from reports.selectors import Tally, UnitTally


def tally_columns(found: Tally) -> list[Column]:
    """Those of every body, then what was judged, graded and praised where anything was; numbered in their order."""
    head, own = head_level_on(found.as_of), found.own_level.tier
    names = told_apart(line.unit for line in found.units)
    counted: list[tuple[str, int, Callable[[UnitTally], int]]] = [
        (f"{own} công nhận", 14, lambda line: line.district_recognised),
        (f"Đề nghị {head.place}", 12, lambda line: line.province_proposed),
        (f"{head.tier} công nhận", 12, lambda line: line.province_recognised),
    ]
    if found.judged:
        counted += [(str(verdict.label), 12, partial(_judged, verdict)) for verdict in Verdict]
    counted += [(f"{own} công nhận, {name}", 14, partial(_graded, name)) for name, *_ in found.grades]
    if found.praised:
        counted.append(("Đề nghị khen thưởng", 12, lambda line: line.praised))
    return [
        Column("Đơn vị", 44, lambda line: names[line.unit.unit_id]),
        Column("Đăng ký (1 = 2 + 3)", 12, lambda line: line.registered),
        Column("Mới (2)", 12, lambda line: line.new),
        Column("Duy trì, nhân rộng (3)", 14, lambda line: line.maintained),
        *(Column(f"{words} ({n})", width, of) for n, (words, width, of) in enumerate(counted, start=4)),
    ]


def _judged(verdict: Verdict, line: UnitTally) -> int:
    return int(getattr(line, verdict))


def _graded(name: str, line: UnitTally) -> int:
    return line.graded[name]
