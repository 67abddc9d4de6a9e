"""Whether templates are written as djangofmt writes them, and how long their lines and they themselves are."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
COLUMNS = 120
LINES = 150
LONG_AT_MOST = 4  # lines over 120 columns: an address or a sentence to translate, which cannot be parted


def is_written_in_style(path: Path) -> bool:
    formatter = Path(sys.executable).parent / "djangofmt"
    return subprocess.run([formatter, "--check", "--quiet", path], cwd=ROOT, capture_output=True, check=False).returncode == 0


def problems() -> list[str]:
    """What is wrong, a line each."""
    found, long = [], []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        lines = path.read_text().splitlines()
        if not is_written_in_style(path):
            found.append(f"{name}: not in style, run djangofmt on it")
        if len(lines) > LINES:
            found.append(f"{name}: {len(lines)} lines, at most {LINES}: make a component of a part")
        long += [f"{name}:{n}: {len(line)} columns" for n, line in enumerate(lines, 1) if len(line) > COLUMNS]
    if len(long) > LONG_AT_MOST:
        found += [f"{len(long)} lines of templates are over {COLUMNS} columns, at most {LONG_AT_MOST} may be:", *long]
    return found
