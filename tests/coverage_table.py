"""Branch coverage by app and layer, from what `coverage json` wrote."""

import json
from collections import Counter
from pathlib import Path, PurePath

from tests.databases import APPS

LAYERS = ("services", "selectors", "permissions", "transitions", "validators", "figures", "registers", "views", "other")


def layer_of(path: str) -> tuple[str, str]:
    """Return `(app, layer)` of a source file: a layer is a module of the app or a package in it."""
    app, name = PurePath(path).parts[:2]
    name = name.removesuffix(".py")
    return app, name if name in LAYERS else "other"


def table(source: Path) -> str:
    """Return the table as text: percent of branches reached, then how many there are. Without branches: a dash."""
    branches: Counter[tuple[str, str]] = Counter()
    reached: Counter[tuple[str, str]] = Counter()
    for path, file in json.loads(source.read_text())["files"].items():
        app, layer = layer_of(path)
        for cell in {(app, layer), (app, "all"), ("all", layer), ("all", "all")}:
            branches[cell] += file["summary"]["num_branches"]
            reached[cell] += file["summary"]["covered_branches"]
    columns = (*LAYERS, "all")
    lines = ["".join([f"{'branches':<16}", *(f"{column:>13}" for column in columns)])]
    for app in (*APPS, "all"):
        cells = [_cell(reached[app, column], branches[app, column]) for column in columns]
        lines.append("".join([f"{app:<16}", *(f"{cell:>13}" for cell in cells)]))
    return "\n".join(lines)


def _cell(reached: int, branches: int) -> str:
    return f"{100 * reached / branches:.1f} ({branches})" if branches else "-"
