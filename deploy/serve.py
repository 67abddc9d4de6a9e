"""The web server in earnest: gunicorn, once the settings were read. Gunicorn's own words may follow (`--bind`, `--threads`).

By itself gunicorn ends in a traceback where WEB_CONCURRENCY is empty or no number, and serves nothing where it is 0.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from danvan import settings  # noqa: E402  a wrong variable is told here, before a worker starts

if __name__ == "__main__":
    variables = {name: value for name, value in os.environ.items() if value.strip()}  # gunicorn fails on an empty PORT as well
    variables["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    command = [gunicorn, "danvan.wsgi", "--config", "deploy/gunicorn.conf.py", *sys.argv[1:]]
    os.execve(gunicorn, command, variables)  # noqa: S606  # nosec
