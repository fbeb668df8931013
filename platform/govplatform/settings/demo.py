"""One machine, embedded PostgreSQL, plain HTTP on *.localhost: what `make demo` runs."""

import json
import os
import secrets
from pathlib import Path

from .base import *  # noqa: F403
from .base import VAR_DIR


def _secret_key(path: Path) -> str:
    """A key made on first use and kept beside the data, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # another process may have created it a moment ago and not yet written
        for _attempt in range(100):
            if key := path.read_text().strip():
                return key
        path.unlink()
        return _secret_key(path)
    with os.fdopen(fd, "w") as stream:
        key = secrets.token_urlsafe(50)
        stream.write(key)
    return key


def _served_port(record: Path) -> str:
    """The port that ``serve`` or ``demo`` listens on now, so that verbs name working addresses."""
    try:
        return str(json.loads(record.read_text())["port"] or "")
    except (OSError, ValueError, KeyError, TypeError):
        return ""


SECRET_KEY = os.environ.get("SECRET_KEY") or _secret_key(VAR_DIR / "secret_key")
DEBUG = False
START_PAGE_HOSTS = ["localhost", "127.0.0.1"]
#: Whoever reads the start page has the password of all accounts before them: one click saves typing it.
DEMO_SIGN_IN = True
#: Its content has dates of its own.
DEMO_RECORDED_TIME = True
#: All its people have the same password.
PASSWORD_HASHERS = ["sites.demo.passwords.DemoPasswordHasher"]
ROOT_URLCONF = CONSOLE_URLCONF = "sites.demo.console_urls"
CONSOLE_OPEN_BESIDES = frozenset({"demo_sign_in"})
ARCHIVE_HOSTS = ["archive.localhost"]
PUBLIC_SCHEME = "http"
PUBLIC_PORT = os.environ.get("PORT") or _served_port(VAR_DIR / "run" / "serve.json") or "8000"
WAGTAILADMIN_BASE_URL = f"http://console.console.localhost:{PUBLIC_PORT}"
SECOND_FACTOR_REQUIRED = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
# The demo's other half may run on the same machine.
HARVEST_LOCAL_HOSTS = ["localhost", "*.localhost", "127.0.0.1"]

# That a page is gone is what some scenes of the demo are about, and nothing to report to whoever watches it start.
LOGGING["loggers"]["django.request"] = {"level": "ERROR"}  # type: ignore[index]  # noqa: F405
# Mail of the demo goes nowhere: each is a file to be looked at.
if not EMAIL_HOST:  # noqa: F405
    REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "outbox"
