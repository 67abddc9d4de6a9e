from reports.selectors.tally import Tally, UnitTally, listed, registered_cube, tally

__all__ = ["Tally", "UnitTally", "listed", "registered_cube", "tally"]
