"""Commands for a database that is not this process's own: several in one process, since each start costs a second.

Run as a module it reads the commands from its input, a list of words each, and prints what each wrote.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def commanded(url: str, folder: Path, *commands: list[str], settings: str = "danvan.settings") -> list[str]:
    """What each of the commands wrote, run one after another on the database at `url` with `folder` as VAR_DIR."""
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": settings}
    asked = [sys.executable, "-m", "tests.commands"]
    done = subprocess.run(
        asked, cwd=ROOT, env=environment, check=False, input=json.dumps(commands), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said: list[str] = json.loads(done.stdout)
    return said


def run_all() -> None:
    from contextlib import redirect_stdout

    from common.loading import nothing_collected

    with nothing_collected():
        import django

        django.setup()
    from django.core.management import execute_from_command_line

    said = []
    for command in json.loads(sys.stdin.read()):
        with redirect_stdout(io.StringIO()) as written:
            execute_from_command_line(["manage.py", *command])
        said.append(written.getvalue())
    print(json.dumps(said))


if __name__ == "__main__":
    run_all()
