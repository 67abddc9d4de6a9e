"""Whether templates are written as djangofmt writes them; those that are not yet stand in a list that may only shrink."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
NOT_YET = Path(__file__).parent / "templates-not-yet.txt"
AT_MOST = 34  # entries of the list: lowered with it, never raised
COLUMNS = 120
LONG_AT_MOST = 48  # longer lines in all other templates, which djangofmt passes over: lowered likewise


def is_written_in_style(path: Path) -> bool:
    formatter = Path(sys.executable).parent / "djangofmt"
    return subprocess.run([formatter, "--check", "--quiet", path], cwd=ROOT, capture_output=True, check=False).returncode == 0


def problems() -> list[str]:
    """What is wrong, a line each."""
    waiting = NOT_YET.read_text().split()
    found = [
        f"templates/{name}: written in style, take it off {NOT_YET.name}"
        for name in waiting
        if is_written_in_style(TEMPLATES / name)
    ]
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if name not in waiting and not is_written_in_style(path):
            found.append(f"templates/{name}: not in style, run djangofmt on it")
    found += [f"{NOT_YET.name}: {name} is not there" for name in waiting if not (TEMPLATES / name).exists()]
    if len(waiting) > AT_MOST:
        found.append(f"{NOT_YET.name} may only shrink: {len(waiting)} entries, at most {AT_MOST}")
    long = [
        f"templates/{name}:{number}: {len(line)} columns"
        for path in sorted(TEMPLATES.rglob("*.html"))
        if (name := path.relative_to(TEMPLATES).as_posix()) not in waiting
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > COLUMNS
    ]
    if len(long) > LONG_AT_MOST:
        found += [f"{len(long)} lines of templates are over {COLUMNS} columns, at most {LONG_AT_MOST} may be:", *long]
    return found
