"""Is this machine ready to serve, and if not, which part is missing? In a few fixed words: no address, no key."""

import http.client
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection

from govplatform.delivery.release.entries import Faulty
from govplatform.delivery.release.signed import read_public_keys
from govplatform.refusals import Refused
from govplatform.serving.readiness import platform_is_current
from govplatform.signing_keys import signing_key_from

OK = "ok"
#: The web server has to answer within so many seconds; and so much has to be free where files are kept, in bytes: one
#: request of the largest size.
_ANSWERS_WITHIN = 5.0


def parts_ready() -> dict[str, str]:
    """``{part: "ok" or what is wrong}`` for every part; a part that fails keeps none of the others from being asked."""
    return {name: check() for name, check in CHECKS.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return OK


def _migrations() -> str:
    return OK if platform_is_current() else "not at this version"


def _storage() -> str:
    for folder in (settings.MEDIA_ROOT, settings.LIBRARY_ROOT):
        path = _nearest(Path(folder))
        if not os.access(path, os.W_OK | os.X_OK):
            return "not writable"
        if shutil.disk_usage(path).free < settings.LARGEST_REQUEST:
            return "full"
    released = Path(settings.DELIVERY_ROOT)
    return OK if not released.exists() or os.access(released, os.R_OK | os.X_OK) else "not readable"


def _nearest(path: Path) -> Path:
    """``path``, or the folder in which it will be made with the first file."""
    return next(one for one in (path, *path.parents) if one.exists())


def _key() -> str:
    if not settings.ARCHIVE_SIGNING_KEY and not os.access(settings.ARCHIVE_KEY_FILE, os.R_OK):
        return "archive key missing"
    try:
        signing_key_from(settings.ARCHIVE_SIGNING_KEY, "ARCHIVE_SIGNING_KEY", Path(settings.ARCHIVE_KEY_FILE))
    except (Refused, OSError):
        return "archive key unusable"
    try:
        read_public_keys(Path(settings.DELIVERY_PUBLIC_KEY_FILE).read_bytes())
    except (Faulty, OSError):
        return "public key of releases missing"
    return OK


def _web() -> str:
    if not settings.MONITOR_WEB:
        return OK
    parts = urlsplit(settings.MONITOR_WEB)
    asked = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_ANSWERS_WITHIN)
    try:
        # Whatever is said to a host that nobody has, is said by the application.
        asked.request("GET", "/", headers={"Host": "monitor.invalid", "Connection": "close"})
        return OK if asked.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR else "answers with errors"
    except (OSError, http.client.HTTPException):
        return "does not answer"
    finally:
        asked.close()


CHECKS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {"database": _database, "migrations": _migrations, "storage": _storage, "key": _key, "web": _web}
)
