"""The kinds of periodic report, in small files, alike ones together. A new kind: a file, and its name here."""

from reports.kinds import nam, nhieu_thang, quy, thang, tong_hop_15_10  # noqa: F401  each declares its kind
from reports.kinds.base import Before, Facts, Named, ReportKind, Section, Span, Spread, UnitFacts, kind_of, kinds

__all__ = ["Before", "Facts", "Named", "ReportKind", "Section", "Span", "Spread", "UnitFacts", "kind_of", "kinds"]
