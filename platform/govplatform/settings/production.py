"""A real installation. Everything local comes from the environment; missing is an error."""

import os

from .base import *  # noqa: F403
from .base import CACHES
from .operation import logging_settings

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
LOGGING = logging_settings(os.environ.get("LOG_FORMAT", "json"))
CONSOLE_PARENT_DOMAIN = os.environ["CONSOLE_PARENT_DOMAIN"]
SESSION_COOKIE_DOMAIN = CONSOLE_PARENT_DOMAIN
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECOND_FACTOR_REQUIRED = True
PUBLIC_SCHEME = "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Locks and limits go by the address of the client: a wrong number takes the proxy's, or what the client wrote, for it.
OUTWARD_PROXIES = int(os.environ["OUTWARD_PROXIES"])
SECURE_HSTS_SECONDS = 31_536_000
WAGTAILADMIN_BASE_URL = f"https://{CONSOLE_PARENT_DOMAIN}"

# --- limits of what strangers ask for -----------------------------------------------------
#: A folder in which all web processes count together how often an address asks; '': each process counts for itself.
LIMITS_DIR = os.environ.get("LIMITS_DIR", "")
if LIMITS_DIR:
    for _name in ("outward", "questions"):
        CACHES[_name] |= {
            "BACKEND": "govplatform.serving.shared_counts.SharedCounts",
            "LOCATION": os.path.join(LIMITS_DIR, _name),
            # Files of a page of memory each, where the folder lies in memory.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
