from reports.selectors.tallied import Tally, UnitTally
from reports.selectors.tally import listed, registered_cube, tallies, tally, totals

__all__ = ["Tally", "UnitTally", "listed", "registered_cube", "tallies", "tally", "totals"]
