"""No query is written in views or in the API: what they show is read by selectors, what they change by services.

A view may count and page what a selector gives, and take one row of it, or of what hangs on such a row, or answer 404
(`get_object_or_404(files_visible_to(user), pk=pk)`, `get_object_or_404(found.files, pk=pk)`).
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("notifications", "organisation", "papers", "models_registry", "recognition", "replication", "reports", "portal")
ASKING = {  # methods of managers and querysets that nothing else has
    "aggregate", "annotate", "dates", "distinct", "exclude", "filter", "first", "in_bulk", "last", "only",
    "order_by", "prefetch_related", "refresh_from_db", "select_for_update", "select_related", "values_list",
}  # fmt: skip


def is_view(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return parts[1] in ("views", "api.py") or parts[1].endswith("views.py")


def queries_in(source: str) -> list[tuple[int, str]]:
    """(line, what is asked there)"""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_asking = node.func.attr in ASKING or (node.func.attr in ("all", "exists") and not node.args)
            if is_asking or (node.func.attr in ("get", "values") and any(one.arg for one in node.keywords)):
                found.append((node.lineno, f".{node.func.attr}()"))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("get_object_or_404") and _is_bare(node.args[0]):
            found.append((node.lineno, f"get_object_or_404({ast.unparse(node.args[0])}, ...)"))
    return found


def _is_bare(given: ast.expr) -> bool:
    """Whether rows are looked for in a model, not in what a selector gives."""
    return ast.unparse(given).rpartition(".")[2][:1].isupper()


def problems() -> list[str]:
    """What is wrong, a line each."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {what}: a selector's work"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if is_view(path)
        for line, what in queries_in(path.read_text())
    ]


if __name__ == "__main__":
    print("\n".join(problems()))
