"""Settings of the test suite: the demo's, with fast password hashes and files of its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from govplatform.embedded.memory import throwaway_folder

from .base import *  # noqa: F403
from .base import DATABASES, VAR_DIR

SECRET_KEY = "only-for-the-test-suite"
DEBUG = False
START_PAGE_HOSTS = ["localhost"]
ARCHIVE_HOSTS = ["archive.localhost"]
PUBLIC_SCHEME = "http"
PUBLIC_PORT = "8000"
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECOND_FACTOR_REQUIRED = False
#: A test says itself which synonyms there are.
FIRST_DATA = []
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if not os.environ.get("TEST_MEDIA_ROOT") or os.environ.get("TEST_MEDIA_WORKER", "") != _worker:
    # Each process of a run has files of its own; processes that a test starts find those of their test.
    os.environ["TEST_MEDIA_ROOT"] = tempfile.mkdtemp(prefix=f"gov-test-media-{_worker}")
    os.environ["TEST_MEDIA_WORKER"] = _worker
    atexit.register(shutil.rmtree, os.environ["TEST_MEDIA_ROOT"], ignore_errors=True)
MEDIA_ROOT = Path(os.environ["TEST_MEDIA_ROOT"])
LIBRARY_ROOT = MEDIA_ROOT / "library"
ARCHIVE_ROOT = MEDIA_ROOT / "archives"
ARCHIVE_KEY_FILE = MEDIA_ROOT / "archive_key.pem"
CASES_KEY_FILE = MEDIA_ROOT / "cases_key"
DELIVERY_ROOT = Path(os.environ.get("DELIVERY_ROOT", MEDIA_ROOT / "delivery"))
DELIVERY_KEY_FILE = MEDIA_ROOT / "delivery_key.pem"
DELIVERY_PUBLIC_KEY_FILE = MEDIA_ROOT / "delivery_key.pub"
DELIVERY_VERIFIER_DIR = MEDIA_ROOT / "delivery_verifier"
PAPERS_ROOT = MEDIA_ROOT / "papers"
SITE_DUMPS_DIR = MEDIA_ROOT / "site_dumps"
BACKUP_ROOT = MEDIA_ROOT / "backups"
STORAGES = {
    "default": {"BACKEND": "django_tenants.files.storage.TenantFileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "library": {"BACKEND": "content_library.resources.blobs.LibraryStorage"},
    "papers": {"BACKEND": "govplatform.lifecycle.applications.storage.PaperStorage"},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Threads of a test wait for each other on a machine that may be busy.
LOCK_WAIT_SECONDS = int(os.environ.get("LOCK_WAIT_SECONDS", "60"))
if "EMBEDDED" in DATABASES["default"]:
    # A server apart from the demo's. A database that is thrown away need not survive a power cut.
    DATABASES["default"]["EMBEDDED"] = str(throwaway_folder(VAR_DIR / "test"))
    os.environ.setdefault("GOVPLATFORM_PG_FSYNC", "off")
HARVEST_LOCAL_HOSTS = ["localhost", "*.localhost", "127.0.0.1"]
# Whatever the shell says: tests with a cluster start their own.
SEARCH_URL = ""
# A machine that runs other things too is slow and not away.
SEARCH_ANSWER_SECONDS = 30.0
REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO_RECORDED_TIME = True
