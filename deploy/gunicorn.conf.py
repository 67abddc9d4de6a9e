"""gunicorn: no control socket in the home folder, workers renewed now and then, wrong settings told before a worker starts."""

import os
import subprocess
import sys
from typing import Any

control_socket_disable = True
max_requests = 5000
max_requests_jitter = 500
timeout = 60
accesslog = None
port = os.environ.get("PORT", "").strip()
bind = f"0.0.0.0:{port}" if port.isdecimal() else "127.0.0.1:8000"  # as gunicorn does, which fails on an empty PORT


def on_starting(server: Any) -> None:
    """Read the settings in a process of its own: what the master imports, a reload would not read again."""
    if server.cfg.preload_app:
        return  # it has read them
    if code := subprocess.run([sys.executable, "-c", "import danvan.settings"], check=False).returncode:
        sys.exit(code)
