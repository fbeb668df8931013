"""The process of the verifier (deploy/systemd): no database, and no key but the public one of the publisher."""

import os
import secrets

from .base import *  # noqa: F403
from .operation import logging_settings

#: Django wants one; nothing is made with it.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
LOGGING = logging_settings(os.environ.get("LOG_FORMAT", "json"))
