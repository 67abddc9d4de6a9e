"""How long functions are: at most 50 lines; in tests and in what measures, where a story is told from end to end, as many as it takes."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = 50
LEFT_OUT = {"tests", "benchmarks", "migrations", "var", ".venv"}


def too_long(source: str) -> list[tuple[str, int, int]]:
    """(name, first line, lines) of each function of more lines, its docstring and decorators not counted."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node, clean=False) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            if lines > LINES:
                found.append((node.name, node.lineno, lines))
    return found


def problems() -> list[str]:
    """What is wrong, a line each."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {name} has {lines} lines, at most {LINES}"
        for path in sorted(ROOT.rglob("*.py"))
        if not LEFT_OUT & set(path.relative_to(ROOT).parts)
        for name, line, lines in too_long(path.read_text())
    ]
