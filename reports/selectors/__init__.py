from reports.selectors.tally import Tally, UnitTally, honours, listed, registered_cube, tallies, tally, totals

__all__ = ["Tally", "UnitTally", "honours", "listed", "registered_cube", "tallies", "tally", "totals"]
