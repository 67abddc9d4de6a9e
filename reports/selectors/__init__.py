from reports.selectors.tally import Tally, UnitTally, listed, registered_cube, tallies, tally, totals

__all__ = ["Tally", "UnitTally", "listed", "registered_cube", "tallies", "tally", "totals"]
