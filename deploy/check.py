"""`make check`: lint, format, types, security, advisories, layers, migrations, deployment settings, and what the modules beside this one
look for. Every step runs; one failure fails all."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent

from deploy import function_lengths, links, place_words, post_reads, queries, template_style, translations  # noqa: E402

STATES = ROOT / "docs" / "states.md"
NOBODY_THERE = {"DATABASE_URL": "postgres://danvan@127.0.0.1:1/danvan", "REDIS_URL": "redis://127.0.0.1:1/0"}
COMMANDS: tuple[tuple[str, list[str]], ...] = (
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("types", [str(BIN / "mypy"), "."]),
    ("security", [str(BIN / "bandit"), "--quiet", "-ll", "-c", "pyproject.toml", "-r", "."]),
    ("advisories", [sys.executable, "deploy/advisories.py"]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    ("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("deployment", [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
)


def states_page() -> str:
    """Each workflow, drawn from its table."""
    from common.transitions import Transition, diagram
    from models_registry.transitions import TRANSITIONS as REGISTRATION
    from recognition.transitions import NEXT_PHASE, PREVIOUS_PHASE
    from recognition.transitions import TRANSITIONS as DOSSIER
    from replication.transitions import TRANSITIONS as CAMPAIGN
    from replication.transitions import VISIT_TRANSITIONS as VISIT

    phases = [("next", NEXT_PHASE), ("back", PREVIOUS_PHASE)]
    steps = [(way, Transition(frozenset({one}), other)) for way, pairs in phases for one, other in pairs.items()]
    drawn = (
        ("A registration", "models_registry", diagram("draft", REGISTRATION.items())),
        ("A round", "recognition", diagram("preparing", steps)),
        ("A dossier, from the unit that proposes to the round", "recognition", diagram("preparing", DOSSIER.items())),
        ("A campaign", "replication", diagram("planned", CAMPAIGN.items())),
        ("A study visit", "replication", diagram("asked", VISIT.items())),
    )
    parts = [f"## {name}\n\n`{app}/transitions.py`\n\n```mermaid\n{drawing}\n```\n" for name, app, drawing in drawn]
    return "\n".join(
        ["# Workflows\n\nDrawn by `make diagrams`; who may do what stands in each app's `permissions.py`.\n", *parts]
    )


def stale_diagrams() -> list[str]:
    return [] if STATES.read_text() == states_page() else ["docs/states.md is stale: make diagrams"]


PROBLEMS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("template style", template_style.problems),
    ("translations", translations.problems),
    ("words of places", place_words.problems),
    ("reads of request.POST", post_reads.problems),
    ("queries in views", queries.problems),
    ("addresses below views", links.problems),
    ("lengths of functions", function_lengths.problems),
    ("diagrams", stale_diagrams),
)


def as_in_production() -> dict[str, str]:
    return {
        "HTTPS": "1",
        "SECRET_KEY": "check-" + "k3y9" * 16,
        "ALLOWED_HOSTS": "danvan.example",
        "SITE_ADDRESS": "https://danvan.example",
        "PROXY_COUNT": "1",
        "MFA_REQUIRED_ROLES": "quan-tri",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "VAR_DIR": tempfile.mkdtemp(prefix="danvan-check-"),
    }


def main() -> int:
    failed, production = [], as_in_production()
    for name, command in COMMANDS:
        print(f"--- {name}", flush=True)
        variables = os.environ | production | (NOBODY_THERE if name == "deployment" else {})
        if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode:
            failed.append(name)
    for name, problems in PROBLEMS:
        print(f"--- {name}", flush=True)
        if wrong := problems():
            print("\n".join(wrong))
            failed.append(name)
    print(f"check: {'FAILED: ' + ', '.join(failed) if failed else 'all good'}", flush=True)
    return bool(failed)


if __name__ == "__main__":
    if "--compile-messages" in sys.argv:
        translations.compile_all()
        sys.exit()
    if "--draw-diagrams" in sys.argv:
        STATES.write_text(states_page())
        sys.exit()
    sys.exit(main())
