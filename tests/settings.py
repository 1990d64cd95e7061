"""Annals' settings with what makes tests quick and independent of this machine's installation."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

# Each process has its own folder, so that test runs side by side never meet. One that was killed has left its own.
for _left in Path(tempfile.gettempdir()).glob("annals-tests-[0-9]*-*"):
    if not psutil.pid_exists(int(_left.name.split("-")[2])):
        shutil.rmtree(_left, ignore_errors=True)
_folder = tempfile.TemporaryDirectory(prefix=f"annals-tests-{os.getpid()}-")
os.environ |= {"ENV_FILE": "/dev/null", "VAR_DIR": _folder.name, "SECRET_KEY": "only-for-tests"}
for _variable in ("DEBUG", "SECURE", "ALLOWED_HOSTS", "SITE_URL", "LANGUAGE_CODE", "TRUSTED_PROXIES", "PORT"):
    os.environ.pop(_variable, None)

from timeline.settings import *  # noqa: E402, F403 -- the environment must be complete first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405 -- from the line above
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in production: threads that share one in-memory database fail on its table locks.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder.name}/tests.sqlite3"}  # noqa: F405
    # No test pulls the power cord, and waiting for the disk would take most of the time.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
