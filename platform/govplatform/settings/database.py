"""Which PostgreSQL, and as whom.

``DATABASE_URL`` names the owner's login; ``APP_DATABASE_URL`` (optional) a login that may
only do what the application needs.  With no ``DATABASE_URL`` the embedded server is used;
it is started by the first connection, not by importing the settings.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: The role every session works under unless it provisions or migrates (decision 004).
APP_ROLE = os.environ.get("GOVPLATFORM_APP_ROLE", "govplatform_app")


def parse_database_url(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?host=/socket&sslmode=require`` to Django's keys.

    Raises ValueError when the scheme is not PostgreSQL's or no database is named.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def database_settings(var_dir: Path) -> dict[str, Any]:
    """The ``default`` entry of ``DATABASES``.

    ``GOVPLATFORM_LOGIN=app`` (set by ``serve`` for web and worker processes) takes the
    restricted login where there is one.
    """
    login = os.environ.get("GOVPLATFORM_LOGIN", "owner")
    url = os.environ.get("DATABASE_URL", "")
    if login == "app":
        # web nodes have this one alone: what they do not know, nobody learns from them
        url = os.environ.get("APP_DATABASE_URL") or url
    if url:
        settings = parse_database_url(url)
    else:
        settings = {
            "NAME": "govplatform",
            "USER": APP_ROLE if login == "app" else "govplatform_owner",
            "PASSWORD": "",
            "HOST": "",
            "PORT": "",
            "OPTIONS": {},
            # read by govplatform.tenancy.postgresql
            "EMBEDDED": str(var_dir),
        }
    settings["ENGINE"] = "govplatform.tenancy.postgresql"
    settings["CONN_MAX_AGE"] = int(os.environ.get("DATABASE_CONN_MAX_AGE", "600"))
    settings["CONN_HEALTH_CHECKS"] = True
    # A console request is one transaction: the act and its record are there both, or neither.
    # The public pages, which only read, are taken out in sites/urls.py.
    settings["ATOMIC_REQUESTS"] = True
    settings["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME") or None}
    return settings
