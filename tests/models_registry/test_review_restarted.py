"""What is mended in the review of an upload outlives the server that took it: another process finds it, and mends on."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from tests import registers as made
from tests.databases import database_url
from tests.models_registry.test_review import Read, officer, page, read, states
from tests.reviewing import cell

assert officer and read
ROOT = Path(__file__).resolve().parent.parent.parent
ANOTHER = """
import sys, django
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
from models_registry.models import RegisterImport
from organisation.models import User
from tests.reviewing import cell
setup_test_environment()
login, pk = sys.argv[1:]
client, upload = Client(), RegisterImport.objects.get(pk=pk)
client.force_login(User.objects.get(username=login))
print("Trong tệp: Thể thao" in client.get(f"/lam-viec/nap-so/{pk}/").content.decode())
print(client.post(f"/lam-viec/nap-so/{pk}/sua/", {cell(upload, 3, "field"): "Kinh tế"}).status_code < 400)
"""


def in_another_process(code: str, *arguments: str) -> str:
    """Run in a process of its own on the test's database and files."""
    keep = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    keep |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}
    keep |= {"MEDIA_ROOT": str(configured.MEDIA_ROOT), "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=keep, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_was_mended_is_there_after_a_restart_and_two_tabs_go_on(transactional_db: None, read: Read, officer: Client) -> None:
    upload = read(made.row("Hai", field="Thể thao"), made.row("Ba", field="Thể thao"), made.row("Bốn", field="Thể thao"))
    officer.post(f"{page(upload)}sua/", {cell(upload, 2, "field"): "Kinh tế"})
    still_open: dict[str, Any] = {cell(upload, 4, "field"): "Kinh tế"}
    assert in_another_process(ANOTHER, "phanthiet.chuyenvien", str(upload.pk)).split() == ["True", "True"]
    officer.post(f"{page(upload)}sua/", still_open)
    upload.refresh_from_db()
    assert upload.mends == {f"Danh sách!{row}": {"field": "Kinh tế"} for row in (2, 3, 4)}
    assert states(upload) == [(2, "new"), (3, "new"), (4, "new")]
