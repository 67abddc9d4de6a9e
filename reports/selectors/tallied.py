"""What a tally holds: the figures of a season as of a day, whole and by unit."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models_registry.enums import SubjectKind, Verdict
from models_registry.models import Season
from organisation.models import UnitVersion
from organisation.naming import LevelName
from organisation.selectors.names import level_of_most


@dataclass(kw_only=True)
class Counts:
    """How many registrations count as what."""

    registered: int = 0
    new: int = 0
    collective: int = 0
    district_recognised: int = 0
    province_proposed: int = 0
    province_recognised: int = 0
    province_collective: int = 0
    central_introduced: int = 0
    effective: int = 0
    strengthen: int = 0
    paused: int = 0
    ended: int = 0
    praised: int = 0
    """Of those that the units recognised: how many are proposed for an award."""

    @property
    def maintained(self) -> int:
        return self.registered - self.new

    @property
    def individual(self) -> int:
        return self.registered - self.collective

    @property
    def province_individual(self) -> int:
        return self.province_recognised - self.province_collective

    @property
    def judged(self) -> int:
        return self.effective + self.strengthen + self.paused + self.ended

    @property
    def verdicts(self) -> dict[str, int]:
        return {verdict.value: getattr(self, verdict) for verdict in Verdict}


@dataclass
class UnitTally(Counts):
    """One unit's line."""

    unit: UnitVersion
    reports: bool
    """False for a unit that no longer reports on the day but still holds registrations that count."""
    graded: Counter[str] = field(default_factory=Counter)
    """A grade -> how many of those that the units recognised have it."""
    by_field: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    """Of what is registered: the name of a unit that ended and whose it was -> how many."""


@dataclass
class Tally(Counts):
    """The figures of a season as of a day, for all units or one."""

    season: Season
    as_of: date
    by_field: dict[str, int] = field(default_factory=dict)
    graded: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(a grade, kind of subject) -> how many of those that the units recognised have it."""
    themes: list[tuple[int, str, int]] = field(default_factory=list)
    """(theme id, its label, registrations that serve it): only themes that an officer has named."""
    units: list[UnitTally] = field(default_factory=list)

    @property
    def own_level(self) -> LevelName:
        """What the units that report, most of them, and the honour that they give are called on the day."""
        return level_of_most([line.unit for line in self.reporting], self.as_of)

    @property
    def grades(self) -> list[tuple[str, int, int, int]]:
        """(grade, how many, of collectives, of individuals)."""
        found = []
        for name in sorted({name for name, _ in self.graded}):
            many, one = self.graded[name, SubjectKind.COLLECTIVE], self.graded[name, SubjectKind.INDIVIDUAL]
            found.append((name, many + one, many, one))
        return found

    @property
    def reporting(self) -> list[UnitTally]:
        return [line for line in self.units if line.reports]

    @property
    def recognising_units(self) -> int:
        return sum(1 for line in self.reporting if line.district_recognised)

    @property
    def not_recognising(self) -> list[UnitTally]:
        return [line for line in self.reporting if not line.district_recognised]

    @property
    def proposing_units(self) -> int:
        return sum(1 for line in self.reporting if line.province_proposed)

    @property
    def not_proposing(self) -> list[UnitTally]:
        return [line for line in self.reporting if not line.province_proposed]

    def as_dict(self) -> dict[str, Any]:
        judged = {"verdicts": self.verdicts} if self.judged else {}
        return (
            judged
            | {
                "as_of": self.as_of.isoformat(),
                "registered": {
                    "total": self.registered,
                    "new": self.new,
                    "maintained": self.maintained,
                    "collective": self.collective,
                    "individual": self.individual,
                },
                "by_field": self.by_field,
                "district_recognised": {"total": self.district_recognised, "units": self.recognising_units},
                "province_proposed": {
                    "total": self.province_proposed,
                    "units": self.proposing_units,
                    "missing": [line.unit.unit.key for line in self.not_proposing],
                },
                "province_recognised": {
                    "total": self.province_recognised,
                    "collective": self.province_collective,
                    "individual": self.province_individual,
                },
                "central_introduced": self.central_introduced,
                "by_unit": {
                    line.unit.unit.key: {
                        "registered": line.registered,
                        "new": line.new,
                        "district_recognised": line.district_recognised,
                        "province_proposed": line.province_proposed,
                        "province_recognised": line.province_recognised,
                    }
                    | ({"from": dict(line.origins)} if line.origins else {})
                    for line in self.units
                },
            }
            | self._graded_as_dict()
        )

    def _graded_as_dict(self) -> dict[str, Any]:
        """Where units give grades and propose awards."""
        named = {name: {"total": n, "collective": many, "individual": one} for name, n, many, one in self.grades}
        return ({"grades": named} if named else {}) | ({"praised": self.praised} if self.praised else {})
