"""Services and selectors build no address: they say which page they mean (`common.addresses.link_to`), and whoever shows the link
builds it.
"""

import ast
from pathlib import Path

from deploy.queries import APPS, ROOT

BELOW_VIEWS = ("services", "selectors", "permissions", "setting_up", "tasks", "tasks_waiting")
BUILDING = ("reverse", "reverse_lazy", "resolve_url")


def is_below_views(path: Path) -> bool:
    return path.relative_to(ROOT).parts[1].removesuffix(".py") in BELOW_VIEWS


def built_in(source: str) -> list[tuple[int, str]]:
    """(line, what builds an address there)"""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [(call.lineno, ast.unparse(call.func)) for call in calls if ast.unparse(call.func) in BUILDING]


def problems() -> list[str]:
    """What is wrong, a line each."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {what}(): link_to, and whoever shows it builds it"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if is_below_views(path)
        for line, what in built_in(path.read_text())
    ]


if __name__ == "__main__":
    print("\n".join(problems()))
