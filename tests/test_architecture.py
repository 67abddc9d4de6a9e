"""The map of the house leads somewhere: every file that docs/architecture.md names is there, with the names that it says."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POINTER = re.compile(r"`([\w./*-]+(?:/|\.(?:py|js|toml|csv|md)))(?:: ([\w., ]+))?`")


def found(named: str, homes: list[Path]) -> list[Path]:
    """The files that a path means: of the root, else beside or above one that was named before in the same line."""
    places = [ROOT, *(above for home in reversed(homes) for above in (home, *home.parents) if above.is_relative_to(ROOT))]
    return next((files for place in places if (files := sorted(place.glob(named)))), [])


def test_every_pointer_of_the_map_leads_somewhere() -> None:
    lost = []
    for line in (ROOT / "docs" / "architecture.md").read_text().splitlines():
        if not line.startswith("|"):
            continue
        homes: list[Path] = []
        for named, names in POINTER.findall(line):
            files = found(named.rstrip("/"), homes)
            text = "".join(file.read_text() for file in files if file.is_file())
            lost += [] if files else [named]
            lost += [f"{named}: {name}" for name in names.split(", ") if name and name.rpartition(".")[2] not in text]
            homes += files[:1]
    assert lost == []
