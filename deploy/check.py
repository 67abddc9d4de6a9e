"""`make check`: lint, format, types, security, advisories, layers, migrations, translations, words of places, reads of request.POST, deployment settings. Every step runs; one failure fails all."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
BIN = Path(sys.executable).parent

from deploy import place_words, post_reads, template_style, translations  # noqa: E402

STATES = ROOT / "docs" / "registration-states.md"


def states_page() -> str:
    """The way of a registration, drawn from its table."""
    from models_registry.transitions import diagram

    head = "# The way of a registration\n\nDrawn from `models_registry/transitions.py` by `make diagrams`.\n\n"
    return f"{head}```mermaid\n{diagram()}\n```\n"


def main() -> int:
    production = {
        "HTTPS": "1",
        "SECRET_KEY": "check-" + "k3y9" * 16,
        "ALLOWED_HOSTS": "danvan.example",
        "SITE_ADDRESS": "https://danvan.example",
        "PROXY_COUNT": "1",
        "MFA_REQUIRED_ROLES": "quan-tri",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "VAR_DIR": tempfile.mkdtemp(prefix="danvan-check-"),
    }
    nobody_there = {"DATABASE_URL": "postgres://danvan@127.0.0.1:1/danvan", "REDIS_URL": "redis://127.0.0.1:1/0"}
    python = sys.executable
    steps: list[tuple[str, list[str]]] = [
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("types", [str(BIN / "mypy"), "."]),
        ("security", [str(BIN / "bandit"), "--quiet", "-ll", "-c", "pyproject.toml", "-r", "."]),
        ("advisories", [python, "deploy/advisories.py"]),
        ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
        ("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("deployment", [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    ]
    failed = []
    for name, command in steps:
        print(f"--- {name}", flush=True)
        variables = os.environ | production | (nobody_there if name == "deployment" else {})
        if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode:
            failed.append(name)
    print("--- template style", flush=True)
    if wrong := template_style.problems():
        print("\n".join(wrong))
        failed.append("template style")
    print("--- translations", flush=True)
    if wrong := translations.problems():
        print("\n".join(wrong))
        failed.append("translations")
    print("--- words of places", flush=True)
    if wrong := place_words.problems():
        print("\n".join(wrong))
        failed.append("words of places")
    print("--- reads of request.POST", flush=True)
    if wrong := post_reads.problems():
        print("\n".join(wrong))
        failed.append("reads of request.POST")
    print("--- diagrams", flush=True)
    if STATES.read_text() != states_page():
        print("docs/registration-states.md is stale: make diagrams")
        failed.append("diagrams")
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
