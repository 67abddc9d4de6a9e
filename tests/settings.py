"""Settings of the tests: the house's own, on throw-away folders, with a fast password hash."""

import os
import tempfile
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from danvan.environment import env

# Each process of a run has its folder and its database of Redis: a worker that one of them starts takes no job of another's.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
folder = Path(env.text("VAR_DIR") or tempfile.mkdtemp(prefix="danvan-test-"))
os.environ["VAR_DIR"] = str(folder / worker if folder.name != worker else folder)
if worker and (redis := env.text("REDIS_URL")):
    os.environ["REDIS_URL"] = urlsplit(redis)._replace(path=f"/{int(worker[2:]) % 15 + 1}").geturl()
os.environ["SECRET_KEY"] = env.text("SECRET_KEY", "tests-only")

from danvan.settings import *  # noqa: E402, F403

# A test's server opens one connection for each of a browser's, and another where a test's end took that away. A file is copied over
# at a test's end: nobody may have it open then.
ON_SERVER = "postgresql" in DATABASES["default"]["ENGINE"]  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = None if ON_SERVER else 0  # noqa: F405
DATABASES["default"]["CONN_HEALTH_CHECKS"] = ON_SERVER  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
REMEMBER_SECONDS = 3600  # conftest.py forgets between tests
STATICFILES_DIRS = [*STATICFILES_DIRS, ("axe", files("axe_playwright_python"))]  # noqa: F405  pages ask for it as for their own scripts
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PUBLIC_CACHE_SECONDS = PUBLIC_RATE = USER_RATE = 0  # tests/portal/test_page_cache.py and test_limits.py turn them on
