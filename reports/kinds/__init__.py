"""The kinds of periodic report, one small file each. A new kind: a file, and its name here."""

from reports.kinds import chin_thang, nam, quy, sau_thang, thang, tong_hop_15_10  # noqa: F401  each declares its kind
from reports.kinds.base import Before, Facts, Named, ReportKind, Section, Span, Spread, UnitFacts, kind_of, kinds

__all__ = ["Before", "Facts", "Named", "ReportKind", "Section", "Span", "Spread", "UnitFacts", "kind_of", "kinds"]
