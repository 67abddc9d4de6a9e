"""How often code outside forms reads what a page sent. Forms parse and check it; a view may ask which button was pressed."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AT_MOST = {  # reads in an app: lowered with them, never raised
    "common": 1,
    "models_registry": 5,
    "notifications": 0,
    "organisation": 6,
    "papers": 0,
    "portal": 1,
    "recognition": 0,
    "replication": 1,
    "reports": 1,
}


def reads_in(source: str) -> list[int]:
    """The lines that use `request.POST` otherwise than as what a form is made of: `SomeForm(request.POST)`."""
    tree = ast.parse(source)
    given = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Form")
        for argument in call.args[:1]
        for part in ((argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,))
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "POST" and id(node) not in given
    ]


def reads() -> dict[str, list[str]]:
    """{app: where it reads}"""
    return {
        app: [
            f"{path.relative_to(ROOT)}:{line}"
            for path in sorted((ROOT / app).rglob("*.py"))
            for line in reads_in(path.read_text())
        ]
        for app in AT_MOST
    }


def problems() -> list[str]:
    """What is wrong, a line each."""
    found = []
    for app, places in reads().items():
        if len(places) > AT_MOST[app]:
            found.append(f"{app}: {len(places)} reads of request.POST outside forms, at most {AT_MOST[app]} may be:")
            found += places
    return found


if __name__ == "__main__":
    for name, number in Counter({app: len(places) for app, places in reads().items()}).items():
        print(name, number)
