"""What a person does is written down: every service with an actor records it, itself or by one that it calls."""

import ast
from collections import defaultdict

from deploy.queries import APPS, ROOT

CHECKING = ("check_", "lock_")  # nothing is done yet
SILENT = {
    "confirm_import": "the job that it enqueues records what was stored",
    "keep_copied": "a part of beginning a registration, which records",
    "keep_marks": "notes of one who checks, told to nobody yet",
    "read_again": "called by those who changed what is read",
    "receive_basis": "a file that waits for its season, which records",
    "retry_photo": "the same photo made ready anew",
    "take_number": "called by whoever issues the paper",
    "use_keys": "how one's own keyboard works",
}
"""Services that write no entry, each with the reason."""


def functions() -> dict[str, list[ast.FunctionDef]]:
    """name -> the functions of all services that are called so."""
    found = defaultdict(list)
    for path in (path for app in APPS for path in [ROOT / app / "services.py", *(ROOT / app / "services").glob("*.py")]):
        if path.exists():
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    found[node.name].append(node)
    return found


def recording(named: dict[str, list[ast.FunctionDef]]) -> set[str]:
    """The names of those that record, by whatever they call or hand on."""
    uses = {
        name: {node.id for one in defined for node in ast.walk(one) if isinstance(node, ast.Name)}
        | {node.attr for one in defined for node in ast.walk(one) if isinstance(node, ast.Attribute)}
        for name, defined in named.items()
    }
    found = {"record"}
    while more := {name for name, used in uses.items() if name not in found and used & found}:
        found |= more
    return found


def test_every_service_with_an_actor_records() -> None:
    named = functions()
    acting = {
        name
        for name, defined in named.items()
        for one in defined
        if not name.startswith(("_", *CHECKING))
        and any(argument.arg == "actor" for argument in [*one.args.args, *one.args.kwonlyargs])
    }
    assert len(acting) > 150
    assert acting - recording(named) == SILENT.keys()
