"""Many registers at once, from a folder or a zip: each file finds its unit and is an import of its own."""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.apart.parent import read_apart
from common.exceptions import DomainError
from models_registry import selectors
from models_registry.models import Season
from models_registry.registers import unzipping
from models_registry.registers.glance import glance
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.selectors.whose import UnitNames, Whose, whose_register
from models_registry.services.imports import ImportOptions, import_register

ARCHIVE_LIMIT = 200 * 1024 * 1024  # of a zip given to the command
_ASKS_FOR_UNIT = "Xin nạp riêng tệp này bằng import_register, với --unit là mã đơn vị đúng."


@dataclass(frozen=True)
class Sent:
    """A file out of a folder or a zip: its name there, and where it lies, or why it is not taken."""

    name: str
    path: Path | None = None
    error: str = ""


@dataclass
class FileOutcome:
    """What came of one file; as the command tells it."""

    file: str
    unit: str = ""
    how: str = ""
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""

    @property
    def is_well(self) -> bool:
        return not self.error and not self.rejected


def import_registers(
    *, source: Path, season: Season, accept_valid: bool = False, takes: Collection[str] = ()
) -> Iterator[FileOutcome]:
    """Import each register in a folder or a zip, each in a transaction of its own; one that fails stops none of the others. `takes`:
    as of `import_register`.

    Raises RegisterUnreadable where there is no folder and no zip to open.
    """
    if not source.exists():
        raise RegisterUnreadable(f"Không có thư mục hay tệp {source}.")
    names = UnitNames(season)
    with tempfile.TemporaryDirectory() as folder:
        for sent in files_in(source, Path(folder)):
            yield _import_one(sent, season, names, accept_valid, takes)


def _import_one(sent: Sent, season: Season, names: UnitNames, accept_valid: bool, takes: Collection[str]) -> FileOutcome:
    outcome = FileOutcome(sent.name, error=sent.error)
    if sent.path is None:
        return outcome
    try:
        found = whose_register(glance(sent.path, selectors.field_book()), sent.name, names)
        if not found.is_sure or found.unit is None:
            outcome.error = asked_for(found)
            return outcome
        outcome.unit, outcome.how = found.unit.unit.key, found.how
        file_name = Path(sent.name).name
        report = import_register(
            path=sent.path,
            season=season,
            unit=found.unit.unit,
            actor=None,
            options=ImportOptions(accept_valid=accept_valid, takes=takes, file_name=file_name),
        )
    except (DomainError, OSError) as error:
        outcome.error = str(error) if isinstance(error, DomainError) else "Không mở được tệp. Xin xem lại quyền đọc."
        return outcome
    outcome.rows, outcome.rejected = report.rows, report.rejected
    outcome.created, outcome.updated, outcome.unchanged = report.created, report.updated, report.unchanged
    if not report.saved:
        other = report.other_unit.get("words")
        outcome.error = f"{other}." if other else f"Có {len(report.rejected)} dòng sai nên chưa nạp dòng nào."
    return outcome


def asked_for(found: Whose) -> str:
    """Why a file is not imported where its unit is not sure."""
    listed = ", ".join(f"{version.name} ({version.unit.key})" for version in found.nearest[:5])
    return " ".join(part for part in (found.seen, f"Có thể là: {listed}." if listed else "", _ASKS_FOR_UNIT) if part)


def files_in(source: Path, folder: Path) -> Iterator[Sent]:
    """Every file of a folder, or of a zip, those of zips in a folder too, in the order of their names. Unpacked into `folder`."""
    if not source.is_dir():
        yield from _opened(source, source.name, folder, is_whole=True)
        return
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_symlink():
            yield Sent(name, error=unzipping.LINK)
        elif path.is_dir() or unzipping.is_of_system(name):
            continue
        elif not path.is_file():
            yield Sent(name, error="Không phải tệp.")
        else:
            yield from _opened(path, name, folder)


def _opened(path: Path, name: str, folder: Path, *, is_whole: bool = False) -> Iterator[Sent]:
    """The file itself; of a zip the files in it. Raises RegisterUnreadable where the zip `is_whole` that was asked for."""
    if path.suffix.lower() != ".zip":
        yield Sent(name, path)
        return
    count = 0
    try:
        if path.stat().st_size > ARCHIVE_LIMIT:
            raise RegisterUnreadable(f"Tệp nén lớn hơn {ARCHIVE_LIMIT // 1024 // 1024} MB. Xin chia thành nhiều tệp.")
        for sent in unpacked(path, folder):
            count += 1
            yield sent if is_whole else Sent(f"{name}/{sent.name}", sent.path, sent.error)
            if sent.path:
                sent.path.unlink(missing_ok=True)
    except (RegisterUnreadable, OSError) as error:
        if is_whole and not count:
            raise
        yield Sent(name, error=str(error) if isinstance(error, DomainError) else "Không mở được tệp. Xin xem lại quyền đọc.")
        return
    if not count:
        yield Sent(name, path)  # an Office file under another name


def unpacked(path: Path, folder: Path) -> Iterator[Sent]:
    """The files of a zip, one after the other, each under a number in `folder`. Raises RegisterUnreadable."""
    with path.open("rb") as file:
        name = ""
        for number, piece in enumerate(
            read_apart("models_registry.registers.unzipping:members", file, refused=RegisterUnreadable)
        ):
            if isinstance(piece, bytes):
                kept = folder / f"{number}{Path(name).suffix.lower()[:6]}"
                kept.write_bytes(piece)
                yield Sent(name, kept)
            elif piece["error"]:
                yield Sent(piece["name"], error=piece["error"])
            else:
                name = piece["name"]
