"""The demo's seasons through the ordinary services: opened, registers read unit by unit, outcomes. What is there is left alone."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from common.dates import today
from common.exceptions import DomainError
from models_registry.enums import Kind
from models_registry.models import RegisterImport, Season, Theme
from models_registry.services import ImportOptions, NewSeason, import_register, open_season
from models_registry.validators import read_period
from organisation.models import Unit
from portal.demo.files import DemoYear, Row, rows_of, years
from portal.demo.steps import again, last_done
from recognition.services import import_outcomes

HEADING = {  # column of `registers.csv` -> what a register calls it
    "title": "Tên mô hình",
    "subject": "Người thực hiện",
    "subject_kind": "Tập thể hay cá nhân",
    "place": "Địa bàn",
    "field": "Lĩnh vực",
    "kind": "Mới hay duy trì",
    "registered_on": "Ngày đăng ký",
    "content": "Nội dung, cách làm",
}
CONTENT = "{subject} vận động, hướng dẫn và cùng nhân dân thực hiện; theo dõi kết quả từng quý."
OUTCOMES = "outcomes"  # the step that brings a season up to the day
OUTCOME_DAYS = ("withdrawn_on", "district_on", "proposed_on", "province_on", "central_on")
LEFT_OUT = 3  # of a register that goes on into a year without data of its own, each third model is left to be copied by hand


def open_year(known: DemoYear) -> tuple[Season, bool]:
    """(the season, whether it was opened now). This year's has its cut-off ahead, whatever the day: it is the year's last."""
    is_now = known.year == today().year
    season, is_new = open_season(
        NewSeason.of_year(
            known.year,
            known.period,
            date(known.year, 12, 31) if is_now else known.cutoff_on,
            basis=known.basis,
            basis_source=known.basis_source,
            is_illustrative=True,
        )
    )
    if not season.period.themes.exists():
        themes = (Theme(period=season.period, plan=known.plan, position=n + 1) for n in range(known.plan_items))
        Theme.objects.bulk_create(themes)
    return season, is_new


def load_season(known: DemoYear) -> int:
    """A season with all its registers up to today, and what became of them; loaded before, what came since. Returns how much was
    new.
    """
    season, is_new = open_year(known)
    rows = [row for row in rows_of(known.folder / "registers.csv") if row["registered_on"] <= today().isoformat()]
    return is_new + _go_on(season, rows, _outcome_rows(known), before=today())


def _go_on(season: Season, rows: list[Row], outcomes: list[Row], *, before: date) -> int:
    """Registers and outcomes that were not there yet when the season was loaded last. `before`: the newest day of rows today."""
    loaded = last_done(OUTCOMES, season)
    if loaded:
        newest = (loaded - (today() - before)).isoformat()
        rows = [row for row in rows if row["registered_on"] > newest]
    return again(OUTCOMES, season, lambda: _load_registers(season, rows, loaded) + _load_outcomes(season, outcomes, loaded))


def begun(known: list[DemoYear], this_year: int) -> list[DemoYear]:
    """Those that the clock has come to: the newest season is never one of a year to come."""
    return [one for one in known if one.year <= this_year]


def load_later_seasons() -> int:
    """The seasons after the first; and where the clock is past the last, this year's and the one before it, into which two thirds
    of that go on.
    """
    last, this_year = years()[-1], today().year
    made = sum(load_season(known) for known in begun(years()[1:], this_year))
    further = range(max(last.year + 1, this_year - 1), this_year + 1)
    return made + sum(_load_further(last, year) for year in further)


def _load_further(last: DemoYear, year: int) -> int:
    """A season without data of its own: what goes on from the last one, and what became of that, as many years later."""
    cutoff_on = last.cutoff_on.replace(year=year)
    season, is_new = open_year(replace(last, year=year, period=period_of(last.period, year), cutoff_on=cutoff_on))
    rows = gone_on(rows_of(last.folder / "registers.csv"), year - last.year)
    there = {_named(row) for row in rows}
    outcomes = [_later(row, year - last.year) for row in rows_of(last.folder / "outcomes.csv") if _named(row) in there]
    return is_new + _go_on(season, rows, outcomes, before=today() - timedelta(days=1))


def _named(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("unit", "title", "subject", "place"))


def _later(row: Row, years_later: int) -> Row:
    """What became of a registration, as many years later."""
    return row | {name: _moved(row[name], years_later).isoformat() for name in OUTCOME_DAYS if row[name]}


def _moved(day: str, years_later: int) -> date:
    """The day as far into a later year."""
    then = date.fromisoformat(day)
    return date(then.year + years_later, 1, 1) + timedelta(days=min(then.timetuple().tm_yday, 365) - 1)


def load_file(path: Path, season: Season, unit: Unit, *, accept_valid: bool = False) -> int:
    """One unit's register, once: what was done to its rows since is not undone by reading it again."""
    if RegisterImport.objects.filter(season=season, unit=unit, file_name=path.name).exists():
        return 0
    options = ImportOptions(is_ours=True, accept_valid=accept_valid)
    report = import_register(path=path, season=season, unit=unit, actor=None, options=options)
    if not report.saved:
        raise DomainError(f"{path.name}: {len(report.rejected)} dòng bị từ chối, xem bằng import_register --dry-run.")
    return report.created + report.updated


def load_outcomes(season: Season, known: DemoYear) -> int:
    """What became of the models up to today."""
    return _load_outcomes(season, _outcome_rows(known))


def _outcome_rows(known: DemoYear) -> list[Row]:
    path = known.folder / "outcomes.csv"
    return rows_of(path) if path.exists() else []


def _load_outcomes(season: Season, rows: list[Row], loaded: date | None = None) -> int:
    """Those that came after the day of the last loading: what people did to a registration since stays, its row is left out."""
    newest, now = loaded.isoformat() if loaded else "", today().isoformat()
    come = [row for row in rows if newest < max(row[name] for name in OUTCOME_DAYS) <= now]
    if not come:
        return 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.csv"
        _write(path, list(come[0]), (row.values() for row in come))
        outcomes = import_outcomes(path=path, season=season, actor=None, accept_valid=loaded is not None)
    if not outcomes.saved:
        raise DomainError(f"{path.name}: {len(outcomes.rejected)} dòng bị từ chối.")
    return outcomes.created + outcomes.updated


def _write(path: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        writer.writerows(rows)


def _load_registers(season: Season, rows: Iterable[Row], loaded: date | None) -> int:
    by_unit: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_unit[row["unit"]].append(row | {"content": CONTENT.format(subject=row["subject"])})
    units = {unit.key: unit for unit in Unit.objects.filter(key__in=by_unit)}
    made, later = 0, f"-{today():%d-%m-%Y}" if loaded else ""
    with TemporaryDirectory() as folder:
        for key, own in by_unit.items():
            path = Path(folder) / f"so-dang-ky-{season.year}-{key.rpartition('/')[2]}{later}.csv"
            _write(path, HEADING.values(), ([row[column] for column in HEADING] for row in own))
            made += load_file(path, season, units[key], accept_valid=loaded is not None)
    return made


def period_of(period: str, year: int) -> str:
    """The period of a year: the given one, or one of its length after it."""
    first, last = read_period(period) or (year, year)
    length = last - first + 1
    begins = first + (year - first) // length * length
    return f"{begins}-{begins + length - 1}"


def gone_on(rows: Iterable[Row], years_later: int) -> list[Row]:
    """Registrations that go on, as maintained, dated as many days into the later year; those of days to come are not there yet."""
    going, found = [row for number, row in enumerate(rows) if number % LEFT_OUT], []
    for row in going:
        day = _moved(row["registered_on"], years_later)
        if day < today():
            found.append(row | {"kind": Kind.MAINTAINED.label, "registered_on": day.isoformat()})
    return found
