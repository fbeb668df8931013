"""The process of the verifier (deploy/systemd): no database, and no key but the public one of the publisher."""

import secrets

from .base import *  # noqa: F403

#: Django wants one; nothing is made with it.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
