from reports.selectors.tally import Tally, UnitTally, listed, registered_cube, tallies, tally

__all__ = ["Tally", "UnitTally", "listed", "registered_cube", "tallies", "tally"]
